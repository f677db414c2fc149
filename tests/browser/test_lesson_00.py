"""What is special to lesson 00: the check-up, a number predicted, an exercise that counts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_machine_is_fine(lesson):
    expect(lesson.cell("checkup.check_up()").locator("caption")).to_contain_text("You can begin.")


def test_a_number_is_predicted_by_keys_alone(lesson):
    cell = lesson.cell("numbers = predict(")
    cell.scroll_into_view_if_needed()
    cell.locator("input[type=number]").focus()
    lesson.page.keyboard.type("20100")
    lesson.page.keyboard.press("Enter")
    expect(cell.locator(".aml4d-feedback")).to_contain_text("Kept.")
    lesson.run_cell("numbers.compare(")
    result = lesson.cell("numbers.compare(").locator(".jp-OutputArea")
    expect(result).to_contain_text("You guessed 20,100 numbers; the run gave 20,100 numbers.")


def test_an_exercise_is_solved_and_counts(lesson):
    page = lesson.page
    cell = lesson.cell("def brightness(image)")
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("def brightness(image):\n    return image.mean()")
    page.keyboard.press("Control+Enter")
    lesson.run_cell("exercises.brightness.check(")
    result = lesson.cell("exercises.brightness.check(").locator(".jp-OutputArea")
    expect(result).to_contain_text("Correct.")
    lesson.run_cell("show_progress()")
    table = lesson.cell("show_progress()").locator(".jp-OutputArea")
    expect(table).to_contain_text("1 of 1 prediction · 1 of 1 exercise")


# --- the mock exam -----------------------------------------------------------------------------

EXAM = "mock_exam(question_bank"


def sheet_of(lesson):
    return lesson.cell(EXAM).locator(".aml4d-exam")


def test_an_exam_goes_on_after_a_restart(lesson, album):
    page, sheet = lesson.page, sheet_of(lesson)
    sheet.scroll_into_view_if_needed()
    expect(sheet).to_contain_text("one for each topic of the lecture")
    sheet.get_by_role("button", name="Begin the exam").press("Enter")
    heading = sheet.get_by_role("heading")
    expect(heading).to_contain_text("Question 1 of")
    sheet.get_by_role("radio").nth(1).check()
    expect(sheet.get_by_label("Question 1, answered")).to_be_visible()
    sheet.get_by_role("button", name="Next").press("Enter")
    expect(heading).to_contain_text("Question 2 of")
    words = sheet.locator("legend").inner_text()
    album.keep(page, "00_exam.png")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    lesson.wait_idle()
    lesson.run_cell(EXAM)
    lesson.wait_idle()
    expect(heading).to_contain_text("Question 2 of")
    expect(sheet.locator("legend")).to_have_text(words)
    expect(sheet.get_by_label("Question 1, answered")).to_be_visible()


def test_what_was_wrong_leads_to_the_lesson(lesson, album):
    page, sheet = lesson.page, sheet_of(lesson)
    sheet.get_by_role("button", name="Hand in", exact=True).press("Enter")
    sheet.get_by_role("button", name="Hand in all the same").press("Enter")
    expect(sheet).to_contain_text(re.compile(r"Exam 1: [01] of \d\d right"))
    review = lesson.cell(EXAM).locator(".jp-OutputArea-output", has_text="To read up").last
    expect(review).to_contain_text("You left it open.")
    album.keep(page, "00_review.png")
    link = review.get_by_role("link").last
    name, heading = link.inner_text().split(": ", 1)
    link.click()
    where = page.get_by_role("heading", name=heading).first
    expect(where).to_be_in_viewport(timeout=60_000)
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path").startswith(
        name.split(" · ")[0]
    )
    album.keep(page, "00_read_up.png")
