"""Bars of a plot in Chromium, without Jupyter: labels stay inside, however narrow the page."""

import importlib.util
import sys
from pathlib import Path

import pytest

from aml4d_utils.widgets import Bar, Plot

playwright_api = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.browser


def _widget_page():
    path = Path(__file__).with_name("widget_page.py")
    spec = importlib.util.spec_from_file_location("widget_page", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


harness = _widget_page()

_OUTSIDE = """() => {
  const edge = document.querySelector('#first').getBoundingClientRect();
  return [...document.querySelectorAll('#first svg :is(text, rect, path)')].filter((part) => {
    const { left, right, top, bottom } = part.getBoundingClientRect();
    const [above, below] = [edge.top - 1, edge.bottom + 1];
    return left < edge.left - 1 || right > edge.right + 1 || top < above || bottom > below;
  }).map((part) => part.outerHTML);
}"""


@pytest.mark.parametrize("width", [320, 420, 700])
def test_bars_with_long_labels_and_intervals(width):
    path = harness.chromium_path()
    if path is None:
        pytest.skip("NO BROWSER: install Chromium.")
    plot = Plot("attempts", display_width=664)
    bars = [Bar(f"HOG + colours + number {k}", k / 3, interval=(0.2, 0.9)) for k in range(4)]
    plot.bars(bars, "Four bars with intervals.", high=1, percent=True, label_room=250)
    with playwright_api.sync_playwright() as play, harness.WidgetPage(plot) as site:
        browser = play.chromium.launch(executable_path=path, args=list(harness.CHROMIUM_ARGUMENTS))
        page = browser.new_page(viewport={"width": width, "height": 700})
        page.goto(site.url)
        page.wait_for_function("window.ready")
        assert page.evaluate(_OUTSIDE) == []
        assert page.locator("#first svg path").count() == 8
        assert page.locator("#first svg text").count() == 8
        boxes = [text.bounding_box() for text in page.locator("#first svg text").all()]
        for label, number in zip(boxes[::2], boxes[1::2], strict=True):
            above = label["y"] + label["height"] <= number["y"] + 4
            assert above or label["x"] + label["width"] <= number["x"]
        browser.close()
