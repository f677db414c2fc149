"""Bars of a plot in Chromium, without Jupyter: labels stay inside, however narrow the page."""

import pytest

from aml4d_utils.widgets import Bar, Plot

pytestmark = pytest.mark.browser


_OUTSIDE = """() => {
  const edge = document.querySelector('#first').getBoundingClientRect();
  return [...document.querySelectorAll('#first svg :is(text, rect, path)')].filter((part) => {
    const { left, right, top, bottom } = part.getBoundingClientRect();
    const [above, below] = [edge.top - 1, edge.bottom + 1];
    return left < edge.left - 1 || right > edge.right + 1 || top < above || bottom > below;
  }).map((part) => part.outerHTML);
}"""


@pytest.mark.parametrize("width", [320, 420, 700])
def test_bars_with_long_labels_and_intervals(open_widget, width):
    plot = Plot("attempts", display_width=664)
    bars = [Bar(f"HOG + colours + number {k}", k / 3, interval=(0.2, 0.9)) for k in range(4)]
    plot.bars(bars, "Four bars with intervals.", high=1, percent=True, label_room=250)
    page = open_widget(plot, width=width, height=700).page
    assert page.evaluate(_OUTSIDE) == []
    assert page.locator("#first svg path").count() == 8
    assert page.locator("#first svg text").count() == 8
    boxes = [text.bounding_box() for text in page.locator("#first svg text").all()]
    for label, number in zip(boxes[::2], boxes[1::2], strict=True):
        above = label["y"] + label["height"] <= number["y"] + 4
        assert above or label["x"] + label["width"] <= number["x"]
