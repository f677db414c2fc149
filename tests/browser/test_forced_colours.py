"""Colours chosen by the system: values keep their colours, words and lines stay readable."""

from __future__ import annotations

import numpy as np
import pytest

from aml4d_utils.topics.backprop.graph_stepper import graph_stepper
from aml4d_utils.topics.backprop.nudge_grid import nudge_grid
from aml4d_utils.topics.convolution.kernel_inspector import kernel_inspector
from aml4d_utils.topics.hog.hog_inspector import hog_inspector
from aml4d_utils.topics.neurons.digit_flow import DigitFlow
from aml4d_utils.topics.neurons.digit_network import load_digit_network
from aml4d_utils.topics.neurons.reading_digits import read
from aml4d_utils.widgets import Axis, Bar, Plot, Series
from aml4d_utils.widgets.widget import ProgressBar

pytestmark = pytest.mark.browser

# The contrast of every word with the nearest ground behind it, as the browser computes both. Behind
# words whose colours it forces, the browser lays a plate of the page's own ground.
_WORDS = r"""() => {
  const numbers = (text) => text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    if (!element) return [0, 0, 0];
    const [r, g, b, share = 1] = numbers(getComputedStyle(element).backgroundColor);
    if (share === 1) return [r, g, b];
    const below = ground(element.parentElement);
    return [r, g, b].map((value, k) => below[k] * (1 - share) + value * share);
  };
  const found = [];
  for (const element of document.querySelectorAll("#first *")) {
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
      || (element.tagName === "INPUT" && element.type === "text");
    if (!words || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const svg = element instanceof SVGElement;
    const behind = style.forcedColorAdjust === "auto" && !svg ? [0, 0, 0] : ground(element);
    const [one, two] = [light(numbers(svg ? style.fill : style.color)), light(behind)];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    found.push([Number(contrast.toFixed(2)), element.outerHTML.slice(0, 160)]);
  }
  return found.sort((a, b) => a[0] - b[0]);
}"""


def bars():
    plot = Plot("bars")
    plot.bars([Bar("one", 0.3), Bar("two", 0.7)], "Two bars: 30 % and 70 %.", high=1, percent=True)
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
    "bars": bars,
    "curve": curve,
    "progress": lambda: ProgressBar(label="Working", status="3 s", fraction=0.4),
}


@pytest.fixture(params=WIDGETS)
def opened(request, open_widget, screenshots):
    page = open_widget(WIDGETS[request.param](), color_scheme="dark", forced_colors="active").page
    page.wait_for_timeout(300)
    page.screenshot(path=str(screenshots / f"forced_{request.param}.png"), full_page=True)
    page.name = request.param
    return page


def test_every_word_can_be_read(opened):
    assert opened.evaluate("() => matchMedia('(forced-colors: active)').matches")
    words = opened.evaluate(_WORDS)
    assert len(words) >= 3
    assert words[0][0] >= 4.3, words[:5]
