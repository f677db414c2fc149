"""*Save this picture* on the widgets that are no explorer: by keyboard, beside Reset, as a file."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from aml4d_utils.topics.backprop.graph_stepper import graph_stepper
from aml4d_utils.topics.backprop.nudge_grid import nudge_grid
from aml4d_utils.topics.convolution.kernel_inspector import kernel_inspector
from aml4d_utils.topics.hog.hog_inspector import hog_inspector
from aml4d_utils.topics.pixels.flattener import flattener

pytestmark = pytest.mark.browser

# The widget, something that is saved of it, and the file.
SAVED = {
    "kernel": (kernel_inspector, ".aml4d-ki-figure", "kernel-inspector.png"),
    "hog": (hog_inspector, ".aml4d-hi-pictures", "hog-inspector.png"),
    "nudges": (nudge_grid, ".aml4d-nt-head", "the-nudges-table.png"),
    "graph": (graph_stepper, ".aml4d-gs-room svg", "the-chain-rule-edge-by-edge.png"),
    "row": (flattener, ".aml4d-flat-pictures", "one-picture-one-row-of-numbers.png"),
}


@pytest.mark.parametrize("name", SAVED)
def test_a_picture_is_saved_by_keyboard(name, open_widget, album, tmp_path):
    make, part, file = SAVED[name]
    opened = open_widget(make())
    page = opened.page
    save = page.get_by_role("button", name="Save this picture")
    page.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Tab")
    expect(save).to_be_focused()
    album.keep(page, f"saving_{name}.png", full_page=True)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == file
    said = opened.find(".aml4d-saved")
    expect(said).to_have_text(f"Saved as {file} in your downloads.")
    assert said.get_attribute("role") == "status"
    expect(save).to_be_focused()
    saved, shown = tmp_path / f"saved_{name}.png", tmp_path / f"part_{name}.png"
    download.value.save_as(saved)
    opened.find(part).screenshot(path=str(shown))
    stands_between_words(cv2.imread(str(saved), 0), cv2.imread(str(shown), 0))


def stands_between_words(saved: np.ndarray, part: np.ndarray) -> None:
    """The part of the page is in what was saved, twice as fine, with words above and beneath."""
    halved = cv2.resize(saved, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    halved, soft = (cv2.GaussianBlur(picture, (0, 0), 2) for picture in (halved, part))
    likeness = cv2.matchTemplate(halved, soft, cv2.TM_CCOEFF_NORMED)
    top = int(np.argmax(likeness.max(axis=1)))
    assert likeness.max() > 0.9
    above, below = saved[: 2 * top], saved[2 * (top + len(part)) :]
    assert (above < 110).any() and (below < 110).any()
