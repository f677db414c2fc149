"""Every widget on a page of its own: words that can be read, and nothing that axe-core finds.

In light, in dark, and in colours that the system chooses. Inside JupyterLab axe-core calls a
widget's elements hidden and passes them.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

import aml4d_utils
from aml4d_utils.checking import Illustration
from aml4d_utils.topics.backprop.descent_map import DescentMap
from aml4d_utils.topics.backprop.graph_stepper import graph_stepper
from aml4d_utils.topics.backprop.landscape import Path
from aml4d_utils.topics.backprop.nudge_grid import nudge_grid
from aml4d_utils.topics.convolution.kernel_inspector import kernel_inspector
from aml4d_utils.topics.hog.hog_inspector import hog_inspector
from aml4d_utils.topics.model_card.folder_files import FolderFiles
from aml4d_utils.topics.neurons.digit_flow import DigitFlow
from aml4d_utils.topics.neurons.digit_network import load_digit_network
from aml4d_utils.topics.neurons.firing import fire
from aml4d_utils.topics.neurons.neuron_view import NeuronView
from aml4d_utils.topics.neurons.reading_digits import read
from aml4d_utils.topics.own_classes.bundle_files import BundleFiles
from aml4d_utils.topics.own_classes.photo_files import PhotoFiles
from aml4d_utils.topics.pixels.flattener import flattener
from aml4d_utils.topics.viola_jones.region_picture import RegionPicture
from aml4d_utils.widgets import (
    Axis,
    Bar,
    Camera,
    DrawingPad,
    Explorer,
    Film,
    Picture,
    Plot,
    Series,
    choice,
    slider,
    toggle,
    typed,
)
from aml4d_utils.widgets.answering import Question
from aml4d_utils.widgets.exam_sheet import ExamSheet
from aml4d_utils.widgets.explorer import Caption
from aml4d_utils.widgets.photo_chooser import PhotoChooser
from aml4d_utils.widgets.widget import LessonWidget, ProgressBar

pytestmark = pytest.mark.browser

# The contrast of every word with the nearest ground behind it, as the browser computes both. Behind
# words whose colours it forces, the browser lays a plate of the page's own ground.
# Words of what is switched off need no contrast; WCAG 2.2 exempts them.
_WORDS = r"""(forced) => {
  const numbers = (text) => {
    const found = (text.match(/[\d.]+(?:e-?\d+)?/g) ?? [0, 0, 0, 0]).map(Number);
    const scale = text.startsWith("color(") ? 255 : 1;
    return [...found.slice(0, 3).map((value) => scale * value), found[3] ?? 1];
  };
  const over = (below, ink) =>
    below.map((value, k) => value * (1 - ink[3]) + ink[k] * ink[3]);
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    if (!element) return forced ? [0, 0, 0] : [255, 255, 255];
    return over(ground(element.parentElement), numbers(getComputedStyle(element).backgroundColor));
  };
  const under = (text) => { // the shape of a drawing that a word stands on
    const box = text.getBoundingClientRect();
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    return [...text.ownerSVGElement.querySelectorAll("circle, rect")].findLast((shape) => {
      const { left, right, top, bottom } = shape.getBoundingClientRect();
      const before = text.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_PRECEDING;
      const painted = getComputedStyle(shape).fill !== "none";
      return before && painted && left <= x && x <= right && top <= y && y <= bottom;
    });
  };
  const found = [];
  for (const element of document.querySelectorAll("#first *")) {
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
      || (element.tagName === "INPUT" && element.type === "text");
    if (!words || !element.getClientRects().length || (!forced && element.disabled)) continue;
    const style = getComputedStyle(element);
    const svg = element instanceof SVGElement;
    const plate = forced && style.forcedColorAdjust === "auto" && !svg;
    const shape = svg ? under(element) : null;
    const page = plate ? [0, 0, 0] : ground(element);
    const behind = shape ? over(page, numbers(getComputedStyle(shape).fill)) : page;
    const ink = over(behind, numbers(svg ? style.fill : style.color));
    const [one, two] = [light(ink), light(behind)];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    found.push([Number(contrast.toFixed(2)), element.outerHTML.slice(0, 160)]);
  }
  return found.sort((a, b) => a[0] - b[0]);
}"""


def bars():
    plot = Plot("bars")
    plot.bars([Bar("one", 0.3), Bar("two", 0.7)], "Two bars: 30 % and 70 %.", high=1, percent=True)
    return plot


def curves():
    """As many labelled curves as there are colours."""
    plot = Plot("curves")
    lines = [Series([0.0, 1.0], [k, k + 1.0], label=f"curve {k}") for k in range(6)]
    plot.curves(lines, Axis("step", 0, 1), Axis("cost", 0, 7), "Six lines that rise by 1.")
    return plot


def curve():
    plot = Plot("curve")
    line = Series([0.0, 1.0, 2.0], [3.0, 1.0, 2.0], label="cost")
    plot.curves([line], Axis("step", 0, 2), Axis("cost", 0, 3), "A cost that falls from 3 to 1.")
    return plot


def graph():
    stepper = graph_stepper()
    stepper.position = len(stepper.graph["moves"]) - 1
    return stepper


def descents():
    costs = np.array([[3.0, 2.0], [1.0, 4.0]])
    view = DescentMap(costs, (0, 10, -5, 5), ("one weight", "another"))
    path = Path(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, 0.25]), np.array([0, 7]))
    names = dict.fromkeys(("one", "mini-batch", "all"), "a way down")
    view.show(dict.fromkeys(names, path), names, "A map with three descents to a cost of 0.25.")
    return view


def flow():
    network = load_digit_network()
    shown = DigitFlow(network)
    reading = read(network, np.eye(28))
    shown.show(reading, "A slanted line goes through the network.", lines=40, selected=(1, 3))
    return shown


def neuron():
    view = NeuronView()
    view.show(fire([0.9, 0.2, 0.5], [2, -1, 0.5], -1, "sigmoid"), "A neuron that says 0.70.")
    return view


def film():
    shown = Film("A clip")
    shown.show_frames(np.zeros((5, 40, 60, 3), np.uint8), "Five black pictures, 40 pixels high.")
    return shown


def picture():
    shown = Picture("A photo", interactive=True)
    shown.show(np.full((40, 60), 0.5), "A grey picture, 40 pixels high.")
    return shown


def region():
    shown = RegionPicture("A photo", corner_names="ABCD")
    shown.show(np.full((40, 60), 0.5), "A grey picture with a rectangle of 8 × 9 pixels.")
    shown.place(4, 6, 8, 9)
    return shown


@dataclasses.dataclass
class Kinds:
    """A control of each kind."""

    level: int = slider(3, low=0, high=10, label="Level", unit="%")
    way: str = choice("one", ["one", "other"], label="Way")
    loud: bool = toggle(True, label="Loud")
    words: str = typed("a red cup", label="Prompt", advanced=True)


def controls():
    explorer = Explorer(
        Kinds(),
        lambda state: state.level,
        lambda level: None,
        title="Levels",
        purpose="Move the level.",
        stage=[],
        describe=lambda level: f"The level is {level}.",
    )
    return explorer.widget.children[0].children[0]


def question():
    return Question("What is this?", ["A wall", "A cat"], action="Answer", on_answer=print)


class Nobody:
    """An invigilator who is told nothing."""


def exam(stage="running"):
    sheet = ExamSheet(Nobody())
    sheet.words = "An exam has 3 questions."
    sheet.seconds, sheet.answered = 180, [0, 1, 0]
    shown = Illustration(np.full((4, 6), 120, np.uint8), "A grey wall of 4 × 6 pixels.")
    sheet.ask(1, "What is this?", ["A wall", "A cat", "A dog"], 1, shown)
    sheet.stage = stage
    return sheet


WIDGETS = {
    "kernel": kernel_inspector,
    "hog": hog_inspector,
    "nudges": nudge_grid,
    "flow": flow,
    "graph": graph,
    "descents": descents,
    "bars": bars,
    "curve": curve,
    "curves": curves,
    "pad": DrawingPad,
    "row": flattener,
    "failed": lambda: Caption(text="Nothing is shown.", status="Stopped: no data.", failed=True),
    "progress": lambda: ProgressBar(label="Working", status="3 s", fraction=0.4),
    "neuron": neuron,
    "film": film,
    "picture": picture,
    "region": region,
    "controls": controls,
    "question": question,
    "exam begins": lambda: exam("start"),
    "exam": exam,
    "photos": PhotoChooser,
    "files": lambda: PhotoFiles(print),
    "networks": lambda: BundleFiles(print),
    "folder": lambda: FolderFiles("Load it …", "Its folder", ["study.json"], print),
    "camera": lambda: Camera(on_frame=np.mean),
}


OF_FEW_WORDS = ("picture", "region", "files", "networks", "folder")
LOOKS = {
    "light": {},
    "dark": {"dark": True},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}


def kinds_of(base: type) -> Iterator[type]:
    """Every widget class of the package, however deep below its base."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("aml4d_utils."):
            yield kind
        yield from kinds_of(kind)


def test_every_widget_is_met():
    for module in pkgutil.walk_packages(aml4d_utils.__path__, "aml4d_utils."):
        importlib.import_module(module.name)
    met = {type(make()).__name__ for make in WIDGETS.values()}
    assert met == {kind.__name__ for kind in kinds_of(LessonWidget)}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", WIDGETS)
def test_every_word_can_be_read_and_axe_finds_nothing(name, look, open_widget, album):
    page = open_widget(WIDGETS[name](), **LOOKS[look]).page
    forced = look == "forced"
    assert page.evaluate("() => matchMedia('(forced-colors: active)').matches") == forced
    file = f"{look}_{name.replace(' ', '_')}.png"
    album.keep(page, file, full_page=True)
    words = page.evaluate(_WORDS, forced)
    assert len(words) >= (1 if name in OF_FEW_WORDS else 2)
    assert words[0][0] >= (4.3 if forced else 4.5), words[:5]
    # Of forced colours axe-core knows nothing.
    rules = {"color-contrast": {"enabled": not forced}}
    found = Axe().run(page, "#first", {"resultTypes": ["violations"], "rules": rules})
    assert found.violations_count == 0, found.generate_report()
