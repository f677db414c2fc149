"""Lesson 03 in a real JupyterLab: open the detector, step through it, make scenes harder."""

from __future__ import annotations

from pathlib import Path

import lab
import pytest
import stage
from playwright.sync_api import expect
from stage import explorer, seen, sentence, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONTROLS = (
    ("The detector opened", "photo", "ArrowDown"),
    ("The detector opened", "shown", "ArrowDown"),
    ("The detector opened", "threshold", "Home"),
    ("The detector opened", "iou", "End"),
    ("The detector opened", "grid", "ArrowUp"),
    ("One box at a time", "number", "ArrowRight"),
    ("One box at a time", "limit", "End"),
    ("One box at a time", "threshold", "Home"),
    ("One box at a time", "photo", "ArrowDown"),
    ("Where to draw the line", "threshold", "End"),
    ("Where to draw the line", "least", "End"),
    ("Where to draw the line", "scene", "ArrowRight"),
    ("One example, several answers", "count", "End"),
    ("One example, several answers", "way", "ArrowDown"),
    ("One example, several answers", "edges", "ArrowDown"),
    ("One example, several answers", "tie", "ArrowDown"),
)


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("03_object_detection")
    notebook.run_all()
    return notebook


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []


def test_every_picture_says_what_it_shows(lesson):
    stage.check_every_picture_says_what_it_shows(lesson, least=14)


def test_every_input_has_a_name(lesson):
    stage.check_every_input_has_a_name(lesson)


@pytest.mark.parametrize(("title", "field", "key"), CONTROLS)
def test_every_control_answers_to_keys_and_reset_goes_back(lesson, title, field, key, screenshots):
    found = explorer(lesson, title)
    found.get_by_role("button", name="Reset").click()
    settled(found)
    before, words = seen(found), sentence(found)
    found.locator(f"[data-field={field}]").focus()
    lesson.page.keyboard.press(key)
    wait_for_change(found, before)
    expect(found.locator("[data-role=caption]")).not_to_have_text(words)
    found.screenshot(path=str(screenshots / f"03_{title[:12].replace(' ', '_')}_{field}.png"))
    found.get_by_role("button", name="Reset").click()
    expect(found.locator("[data-role=caption]")).to_have_text(words)
    assert lesson.trouble == []


def test_a_click_on_the_photo_asks_another_cell(lesson):
    found = explorer(lesson, "The detector opened")
    found.get_by_role("button", name="Reset").click()
    settled(found)
    before, words = seen(found), sentence(found)
    found.locator("canvas").last.scroll_into_view_if_needed()
    photo = found.locator("[data-role=picture], .aml4d-picture").first
    box = photo.bounding_box()
    lesson.page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    wait_for_change(found, before)
    expect(found.locator("[data-role=caption]")).not_to_have_text(words)


def test_another_condition_is_measured_and_can_be_cancelled(lesson):
    found = explorer(lesson, "When does it fail?")
    found.locator("select[data-field=hardship]").select_option("rotation")
    found.get_by_role("button", name="Cancel").click(timeout=20_000)
    expect(found.locator("[data-role=caption]")).to_contain_text("Turned by", timeout=60_000)
    assert lesson.trouble == []


def test_the_photo_stands_in_for_the_camera(lesson):
    found = explorer(lesson, "Your camera, in bad conditions")
    before, words = seen(found), sentence(found)
    found.locator("input[data-field=light]").focus()
    for _ in range(5):
        lesson.page.keyboard.press("ArrowLeft")
    wait_for_change(found, before)
    expect(found.locator("[data-role=caption]")).not_to_have_text(words)
    expect(found.locator("[data-role=caption]")).to_contain_text("of the light")
