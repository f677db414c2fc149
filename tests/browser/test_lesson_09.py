"""Lesson 09 in a real JupyterLab: dissect, move everything, switch units off."""

from __future__ import annotations

from pathlib import Path

import lab
import pytest
import stage
from playwright.sync_api import expect
from stage import explorer, seen, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPLORERS = ("Unit browser", "Detectors, layer by layer", "Switch units off")


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("09_network_dissection")
    notebook.run_all()
    return notebook


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []


def test_every_picture_says_what_it_shows(lesson):
    stage.check_every_picture_says_what_it_shows(lesson, least=12)


def test_every_input_has_a_name(lesson):
    stage.check_every_input_has_a_name(lesson)


@pytest.mark.parametrize("title", EXPLORERS)
def test_every_control_answers_to_keys(lesson, title, screenshots):
    stage.check_every_control_answers_to_keys(lesson, title, screenshots)


@pytest.mark.parametrize("title", EXPLORERS)
def test_every_slider_answers_to_the_mouse_and_reset_goes_back(lesson, title):
    stage.check_every_slider_answers_to_the_mouse(lesson, title)


def test_stop_ends_the_dissection_and_the_lesson_goes_on(lesson):
    lesson.run_cell("untrained = await run(")
    cell = lesson.cell("untrained = await run(")
    cell.get_by_role("button", name="Stop").click(timeout=20_000)
    expect(cell.locator(".aml4d-status")).to_contain_text("Stopped by you", timeout=20_000)
    lesson.wait_idle()
    found = explorer(lesson, "Switch units off")
    before = seen(found)
    found.locator("input[data-field=count]").focus()
    lesson.page.keyboard.press("ArrowRight")
    wait_for_change(found, before)


def test_it_is_right_in_dark_and_on_a_narrow_page(lesson, screenshots):
    page = lesson.page
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
        "JupyterLab Dark",
    )
    page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
    page.set_viewport_size({"width": 620, "height": 900})
    for title in EXPLORERS:
        found = explorer(lesson, title)
        settled(found)
        found.screenshot(path=str(screenshots / f"09_{title.split()[0].lower()}_dark_narrow.png"))
        assert found.evaluate("explorer => explorer.scrollWidth <= explorer.clientWidth + 1")
    page.set_viewport_size({"width": 1280, "height": 900})
