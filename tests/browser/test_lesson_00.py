"""Lesson 00 in a real JupyterLab."""

from __future__ import annotations

from pathlib import Path

import lab
import pytest
import stage
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("00_start_here")
    notebook.run_all()
    notebook.page.screenshot(path=str(screenshots / "00_after_run_all.png"))
    return notebook


def test_every_cell_runs_and_the_machine_is_fine(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []
    expect(lesson.cell("checkup.check_up()").locator("caption")).to_contain_text("You can begin.")


def test_every_picture_says_what_it_shows(lesson):
    stage.check_every_picture_says_what_it_shows(lesson, least=3)


def test_every_input_has_a_name(lesson):
    stage.check_every_input_has_a_name(lesson)


def test_the_explorer_answers_to_keys(lesson, screenshots):
    stage.check_every_control_answers_to_keys(lesson, "Light", screenshots)


def test_the_explorer_answers_to_the_mouse(lesson):
    stage.check_every_slider_answers_to_the_mouse(lesson, "Light")


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
