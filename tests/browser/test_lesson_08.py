"""What is special to lesson 08: names, pictures pointed at, a drawing cancelled."""

from __future__ import annotations

import re

import lab
import pytest
from playwright.sync_api import expect
from stage import explorer, seen, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FAST = "Send an answer back"
SLOW = ("What do units like?", "What is the answer based on?", "Draw what a unit likes")


def test_the_classes_are_called_by_their_names(lesson):
    found = explorer(lesson, "What is the answer based on?")
    options = found.locator("select[data-field=guess] option")
    expect(options).to_have_count(5)
    expect(options.first).to_have_text("1. Egyptian cat")
    found.locator("select[data-field=picture]").select_option("hen and ferret")
    settled(found)
    expect(options.filter(has_text="ferret")).to_have_count(1)
    found.get_by_role("button", name="Reset").click()
    settled(found)
    expect(options.first).to_have_text("1. Egyptian cat")


def test_a_unit_takes_a_name(lesson):
    found = explorer(lesson, "What do units like?")
    name = found.get_by_label("Your name for it")
    name.fill("two dots")
    name.press("Enter")
    settled(found)
    expect(found.locator(".aml4d-picture-head").first).to_contain_text("“two dots”: unit 171")
    name.fill("")
    name.press("Enter")
    expect(found.locator(".aml4d-picture-head").first).to_have_text("nine favourite patches")


def test_the_photo_can_be_clicked_and_walked_over(lesson):
    found = explorer(lesson, FAST)
    picture = found.locator("[role=application]")
    box = lab.box_of(picture)
    before = seen(found)
    lesson.page.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.45)
    wait_for_change(found, before)
    column = found.locator("input[data-field=col]")
    expect(column).to_have_value(re.compile("18[0-3]"))
    start = int(column.input_value())
    picture.focus()
    lesson.page.keyboard.press("Shift+ArrowLeft")
    expect(column).to_have_value(str(start - 10))


def test_a_unit_is_chosen_on_the_sheet_by_mouse_and_keys(lesson):
    found = explorer(lesson, SLOW[0])
    settled(found)
    sheet = found.locator("[role=application]")
    sheet.scroll_into_view_if_needed()
    box = lab.box_of(sheet)
    lesson.page.mouse.click(box["x"] + box["width"] * 0.5 / 16, box["y"] + box["height"] * 0.5 / 4)
    tile = found.locator("input[data-field=tile]")
    expect(tile).to_have_value("1")
    settled(found)
    sheet.focus()
    lesson.page.keyboard.press("ArrowRight")
    expect(tile).to_have_value("2")
    lesson.page.keyboard.press("ArrowDown")
    expect(tile).to_have_value("18")
    settled(found)


def test_the_patch_is_moved_over_the_photo(lesson):
    found = explorer(lesson, SLOW[1])
    found.get_by_role("button", name="Reset").click()
    settled(found)
    settled(found)
    picture = found.locator("[role=application]")
    picture.scroll_into_view_if_needed()
    before, box = seen(found), lab.box_of(picture)
    lesson.page.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2)
    wait_for_change(found, before)
    expect(picture).to_have_attribute("aria-label", re.compile(r"patch at row (3|4)\d"))


def test_a_drawing_can_be_cancelled(lesson):
    found = explorer(lesson, SLOW[2])
    settled(found)
    found.locator("input[data-field=tile]").press("ArrowRight")  # what was drawn is remembered
    found.locator("input[data-field=steps]").focus()
    lesson.page.keyboard.press("End")
    found.get_by_role("button", name="Cancel").click(timeout=20_000)
    expect(found.locator(".aml4d-caption")).to_contain_text("Stopped", timeout=20_000)
    found.get_by_role("button", name="Reset").click()
    settled(found)
