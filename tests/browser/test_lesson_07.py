"""What is special to lesson 07: pixels pointed at, a quiz, a training stopped and interrupted."""

from __future__ import annotations

import re

import lab
import pytest
from playwright.sync_api import expect
from stage import explorer, seen, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_pixel_can_be_dragged_and_moved_by_keys(lesson):
    found = explorer(lesson, "How far does one pixel reach?")
    found.get_by_role("button", name="Reset").click()
    settled(found)
    picture = found.locator("[role=application]")
    row = found.locator("input[data-field=row]")
    col = found.locator("input[data-field=col]")
    expect(col).to_have_value("70")
    start = 70
    picture.focus()
    lesson.page.keyboard.press("ArrowRight")
    expect(col).to_have_value(str(start + 1))
    lesson.page.keyboard.press("Shift+ArrowRight")
    expect(col).to_have_value(str(start + 11))
    picture.scroll_into_view_if_needed()
    box = lab.box_of(picture)
    lesson.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    lesson.page.mouse.down()
    lesson.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=8)
    lesson.page.mouse.up()
    expect(row).to_have_value(re.compile(r"11[234]"))
    expect(found.locator("[data-role=caption]")).to_contain_text("pixels, changes; ")


def test_a_receptive_field_grows_by_clicks_and_by_keys(lesson):
    found = explorer(lesson, "Grow a receptive field")
    found.get_by_role("button", name="Reset").click()
    settled(found)
    caption = found.locator("[data-role=caption]")
    expect(caption).to_contain_text("Open: 1 of 3. Together they see 3 pixels")
    picture = found.locator("[role=application]")
    picture.focus()
    lesson.page.keyboard.press("ArrowRight")
    expect(caption).to_contain_text("Open: 2 of 3. Together they see 4 pixels")
    box = lab.box_of(picture)
    lesson.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.02)
    settled(found)
    expect(caption).to_contain_text("Open: 2 of 3")
    third = (6 + 3.5) * 34 / 608
    lesson.page.mouse.click(box["x"] + box["width"] * third, box["y"] + box["height"] * 0.535)
    expect(caption).to_contain_text("3 + (3 − 1) · 1 = 5")
    found.get_by_role("button", name="Reset").click()


def test_a_prediction_is_kept_and_held_against_the_run(lesson):
    cell = lesson.cell("wall = predict(")
    cell.scroll_into_view_if_needed()
    cell.get_by_role("button", name="Keep my guess").click()
    expect(cell.locator(".aml4d-feedback")).to_have_text("Choose an answer first.")
    cell.get_by_text("0.5", exact=True).last.click()
    cell.get_by_role("button", name="Keep my guess").click()
    expect(cell.locator(".aml4d-feedback")).to_contain_text("Kept.")
    lesson.run_cell("wall.compare(")
    result = lesson.cell("wall.compare(").locator(".jp-OutputArea")
    expect(result).to_contain_text("You guessed “0.5”, but the run gave “0”.")


def test_the_quiz_says_why(lesson):
    cell = lesson.cell("quiz(QUESTIONS)")
    cell.scroll_into_view_if_needed()
    card = cell.locator(".aml4d-card").first
    card.get_by_text("Twice as many").click()
    card.get_by_role("button", name="Answer").click()
    expect(card.locator(".aml4d-feedback")).to_contain_text("Not this one.")
    card.get_by_text("None", exact=True).click()
    card.get_by_role("button", name="Answer").click()
    expect(card.locator(".aml4d-feedback")).to_contain_text("Right. One kernel is shared")


def test_stop_ends_the_training_and_the_lesson_goes_on(lesson):
    lesson.run_cell("steps = training.train(")
    training = lesson.cell("steps = training.train(")
    training.get_by_role("button", name="Stop").click(timeout=20_000)
    expect(training.locator(".aml4d-status")).to_contain_text("Stopped by you", timeout=20_000)
    lesson.wait_idle()
    assert lesson.errors_in_cells() == []
    found = explorer(lesson, "Parameter counter")
    before = seen(found)
    found.locator("input[data-field=side]").focus()
    lesson.page.keyboard.press("ArrowRight")
    wait_for_change(found, before)


def test_a_slider_moved_during_training_still_answers_afterwards(lesson):
    found = explorer(lesson, "Parameter counter")
    lesson.run_cell("steps = training.train(")
    lesson.page.wait_for_timeout(1500)
    found.scroll_into_view_if_needed()
    slider = found.locator("input[data-field=out_channels]")
    slider.focus()
    for _ in range(5):
        lesson.page.keyboard.press("ArrowRight")
    lesson.cell("steps = training.train(").get_by_role("button", name="Stop").click()
    lesson.wait_idle()
    settled(found)
    expect(found.locator("[data-role=caption]")).to_contain_text(
        f"× {slider.input_value()}:", timeout=20_000
    )


def test_interrupting_the_kernel_leaves_everything_usable(lesson):
    lesson.run_cell("steps = training.train(")
    lesson.page.wait_for_timeout(1500)
    lesson.page.evaluate("() => window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    lesson.wait_idle()
    training = lesson.cell("steps = training.train(")
    expect(training.locator(".aml4d-status")).to_contain_text("Interrupted", timeout=20_000)
    found = explorer(lesson, "Filter surgery")
    before = seen(found)
    found.locator("input[data-field=first]").focus()
    lesson.page.keyboard.press("ArrowRight")
    wait_for_change(found, before)
