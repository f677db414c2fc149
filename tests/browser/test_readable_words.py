"""Words can be read: in light, in dark, and in colours that the system chooses."""

from __future__ import annotations

import numpy as np
import pytest

from aml4d_utils.topics.backprop.descent_map import DescentMap
from aml4d_utils.topics.backprop.graph_stepper import graph_stepper
from aml4d_utils.topics.backprop.landscape import Path
from aml4d_utils.topics.backprop.nudge_grid import nudge_grid
from aml4d_utils.topics.convolution.kernel_inspector import kernel_inspector
from aml4d_utils.topics.hog.hog_inspector import hog_inspector
from aml4d_utils.topics.neurons.digit_flow import DigitFlow
from aml4d_utils.topics.neurons.digit_network import load_digit_network
from aml4d_utils.topics.neurons.reading_digits import read
from aml4d_utils.topics.pixels.flattener import flattener
from aml4d_utils.widgets import Axis, Bar, DrawingPad, Plot, Series
from aml4d_utils.widgets.explorer import Caption
from aml4d_utils.widgets.widget import ProgressBar

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
  const found = [];
  for (const element of document.querySelectorAll("#first *")) {
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
      || (element.tagName === "INPUT" && element.type === "text");
    if (!words || !element.getClientRects().length || (!forced && element.disabled)) continue;
    const style = getComputedStyle(element);
    const svg = element instanceof SVGElement;
    const plate = forced && style.forcedColorAdjust === "auto" && !svg;
    const behind = plate ? [0, 0, 0] : ground(element);
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
}


@pytest.mark.parametrize("name", WIDGETS)
def test_every_word_can_be_read_in_forced_colours(name, open_widget, screenshots):
    page = open_widget(WIDGETS[name](), color_scheme="dark", forced_colors="active").page
    assert page.evaluate("() => matchMedia('(forced-colors: active)').matches")
    page.wait_for_timeout(300)
    page.screenshot(path=str(screenshots / f"forced_{name}.png"), full_page=True)
    words = page.evaluate(_WORDS, True)
    assert len(words) >= 2
    assert words[0][0] >= 4.3, words[:5]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", WIDGETS)
def test_every_word_can_be_read_in_light_and_dark(name, dark, open_widget, screenshots):
    page = open_widget(WIDGETS[name](), dark=dark).page
    page.wait_for_timeout(300)
    scheme = "dark" if dark else "light"
    page.screenshot(path=str(screenshots / f"{scheme}_{name}.png"), full_page=True)
    words = page.evaluate(_WORDS, False)
    assert len(words) >= 2
    assert words[0][0] >= 4.5, words[:5]
