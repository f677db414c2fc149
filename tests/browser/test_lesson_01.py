"""Lesson 01 in a real JupyterLab: record from a cell, from a unit, and look for face units."""

from __future__ import annotations

from pathlib import Path

import lab
import pytest
import stage
from playwright.sync_api import expect
from stage import explorer, seen, sentence, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPLORERS = (
    "Recording from a cell",
    "Recording from a unit",
    "Layer by layer",
    "Your photo, layer by layer",
    "Units that prefer faces",
)


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("01_how_we_see")
    notebook.run_all()
    return notebook


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []


def test_every_picture_says_what_it_shows(lesson):
    stage.check_every_picture_says_what_it_shows(lesson, least=20)


def test_every_input_has_a_name(lesson):
    stage.check_every_input_has_a_name(lesson)


@pytest.mark.parametrize("title", EXPLORERS)
def test_every_slider_answers_to_the_mouse_and_reset_goes_back(lesson, title):
    stage.check_every_slider_answers_to_the_mouse(lesson, title)


@pytest.mark.parametrize("title", EXPLORERS[2:])
def test_every_control_answers_to_keys(lesson, title, screenshots):
    stage.check_every_control_answers_to_keys(lesson, title, screenshots)
    explorer(lesson, title).get_by_role("button", name="Reset").click()


@pytest.mark.parametrize("title", EXPLORERS[:2])
def test_the_instrument_answers_to_keys(lesson, title, screenshots):
    """Each control from the first settings: a spot has no orientation, and contrast is highest."""
    found = explorer(lesson, title)
    controls = found.locator(".aml4d-controls input, .aml4d-controls select")
    for index in range(controls.count()):
        found.get_by_role("button", name="Reset").click()
        settled(found)
        before, words = seen(found), sentence(found)
        control = controls.nth(index)
        highest = control.get_attribute("data-field") == "contrast"
        is_list = control.evaluate("control => control.tagName === 'SELECT'")
        control.focus()
        lesson.page.keyboard.press(
            "ArrowDown" if is_list else "ArrowLeft" if highest else "ArrowRight"
        )
        wait_for_change(found, before)
        settled(found)
        expect(found.locator("[data-role=caption]")).not_to_have_text(words)
    found.screenshot(path=str(screenshots / f"01_{title.split()[-1]}.png"))
    found.get_by_role("button", name="Reset").click()
    assert lesson.trouble == []


def test_a_tuning_curve_draws_itself_while_the_slider_moves(lesson):
    found = explorer(lesson, "Recording from a cell")
    found.get_by_role("button", name="Reset").click()
    slider = found.locator("input[data-field=orientation]")
    slider.focus()
    for _ in range(35):
        slider.press("ArrowRight")
        lesson.page.wait_for_timeout(60)
    caption = found.locator("[data-role=caption]")
    expect(caption).to_contain_text("at 175°", timeout=20_000)
    expect(caption).to_contain_text("width at half height")


def test_the_bar_is_dragged_and_walked(lesson):
    found = explorer(lesson, "Recording from a unit")
    found.get_by_role("button", name="Reset").click()
    settled(found)
    screen = found.locator("canvas").first
    words = sentence(found)
    box = screen.bounding_box()
    before = seen(found)
    lesson.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    lesson.page.mouse.down()
    lesson.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.35, steps=6)
    lesson.page.mouse.up()
    wait_for_change(found, before)
    settled(found)
    expect(found.locator("[data-role=caption]")).not_to_have_text(words)
    before = seen(found)
    screen.focus()
    lesson.page.keyboard.press("ArrowDown")
    wait_for_change(found, before)
    assert lesson.trouble == []
