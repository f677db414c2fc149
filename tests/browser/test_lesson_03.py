"""Lesson 03 in a real JupyterLab: open the detector, step through it, make scenes harder."""

from __future__ import annotations

import lab
import pytest
from playwright.sync_api import expect
from stage import explorer, seen, sentence, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_click_on_the_photo_asks_another_cell(lesson):
    found = explorer(lesson, "The detector opened")
    found.get_by_role("button", name="Reset").click()
    settled(found)
    before, words = seen(found), sentence(found)
    found.locator("canvas").last.scroll_into_view_if_needed()
    photo = found.locator("[data-role=picture], .aml4d-picture").first
    box = lab.box_of(photo)
    lesson.page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    wait_for_change(found, before)
    expect(found.locator("[data-role=caption]")).not_to_have_text(words)


def test_another_condition_is_measured_and_can_be_cancelled(lesson):
    found = explorer(lesson, "When does it fail?")
    found.locator("select[data-field=hardship]").select_option("rotation")
    found.get_by_role("button", name="Cancel").click(timeout=20_000)
    expect(found.locator("[data-role=caption]")).to_contain_text("Turned by", timeout=60_000)


def test_the_photo_stands_in_for_the_camera(lesson):
    found = explorer(lesson, "Your camera, in bad conditions")
    before, words = seen(found), sentence(found)
    found.locator("input[data-field=light]").focus()
    for _ in range(5):
        lesson.page.keyboard.press("ArrowLeft")
    wait_for_change(found, before)
    expect(found.locator("[data-role=caption]")).not_to_have_text(words)
    expect(found.locator("[data-role=caption]")).to_contain_text("of the light")
