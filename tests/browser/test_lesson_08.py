"""Lesson 08 in a real JupyterLab: run all, move everything, look at what changed."""

from __future__ import annotations

import re
from pathlib import Path

import lab
import pytest
import stage
from playwright.sync_api import expect
from stage import explorer, seen, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FAST = "Send an answer back"
SLOW = ("What do units like?", "What is the answer based on?", "Draw what a unit likes")


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("08_what_cnns_learn")
    notebook.run_all()
    notebook.page.screenshot(path=str(screenshots / "08_after_run_all.png"))
    return notebook


def finished(found) -> None:
    """Wait until slow work has ended: its bar and its Cancel button are gone."""
    expect(found.get_by_role("button", name="Cancel")).to_be_hidden(timeout=60_000)


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []


def test_every_picture_says_what_it_shows(lesson):
    stage.check_every_picture_says_what_it_shows(lesson, least=18)


def test_every_input_has_a_name(lesson):
    stage.check_every_input_has_a_name(lesson)


def test_every_control_of_the_fast_explorer_answers_to_keys(lesson, screenshots):
    stage.check_every_control_answers_to_keys(lesson, FAST, screenshots)


def test_every_slider_of_the_fast_explorer_answers_to_the_mouse(lesson):
    stage.check_every_slider_answers_to_the_mouse(lesson, FAST)


def test_the_classes_are_called_by_their_names(lesson):
    found = explorer(lesson, "What is the answer based on?")
    options = found.locator("select[data-field=guess] option")
    expect(options).to_have_count(5)
    expect(options.first).to_have_text("1. Egyptian cat")
    found.locator("select[data-field=picture]").select_option("hen and ferret")
    finished(found)
    expect(options.filter(has_text="ferret")).to_have_count(1)
    found.get_by_role("button", name="Reset").click()
    finished(found)
    expect(options.first).to_have_text("1. Egyptian cat")


def test_a_unit_takes_a_name(lesson):
    found = explorer(lesson, "What do units like?")
    name = found.get_by_label("Your name for it")
    name.fill("two dots")
    name.press("Enter")
    finished(found)
    expect(found.locator(".aml4d-picture-head").first).to_contain_text("“two dots”: unit 171")
    name.fill("")
    name.press("Enter")
    expect(found.locator(".aml4d-picture-head").first).to_have_text("nine favourite patches")


def test_the_photo_can_be_clicked_and_walked_over(lesson):
    found = explorer(lesson, FAST)
    picture = found.locator("[role=application]")
    box = picture.bounding_box()
    before = seen(found)
    lesson.page.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.45)
    wait_for_change(found, before)
    column = found.locator("input[data-field=col]")
    expect(column).to_have_value(re.compile("18[0-3]"))
    start = int(column.input_value())
    picture.focus()
    lesson.page.keyboard.press("Shift+ArrowLeft")
    expect(column).to_have_value(str(start - 10))


@pytest.mark.parametrize("title", SLOW)
def test_every_control_of_a_slow_explorer_answers_to_keys(lesson, title, screenshots):
    found = explorer(lesson, title)
    controls = found.locator(".aml4d-controls input, .aml4d-controls select")
    for index in range(controls.count()):
        finished(found)
        before, control = seen(found), controls.nth(index)
        control.focus()
        kind = control.evaluate("c => c.tagName === 'SELECT' ? 'list' : c.type")
        keys = {"list": "ArrowDown", "checkbox": "Space"}
        lesson.page.keyboard.press(keys.get(kind, "ArrowLeft"))
        wait_for_change(found, before)
    finished(found)
    name = re.sub("[^a-z]+", "_", title.lower()).strip("_")
    found.screenshot(path=str(screenshots / f"08_{name}.png"))
    assert lesson.trouble == []


def test_a_unit_is_chosen_on_the_sheet_by_mouse_and_keys(lesson):
    found = explorer(lesson, SLOW[0])
    finished(found)
    sheet = found.locator("[role=application]")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    lesson.page.mouse.click(box["x"] + box["width"] * 0.5 / 16, box["y"] + box["height"] * 0.5 / 4)
    tile = found.locator("input[data-field=tile]")
    expect(tile).to_have_value("1")
    finished(found)
    sheet.focus()
    lesson.page.keyboard.press("ArrowRight")
    expect(tile).to_have_value("2")
    lesson.page.keyboard.press("ArrowDown")
    expect(tile).to_have_value("18")
    finished(found)


def test_the_patch_is_moved_over_the_photo(lesson):
    found = explorer(lesson, SLOW[1])
    found.get_by_role("button", name="Reset").click()
    finished(found)
    settled(found)
    picture = found.locator("[role=application]")
    picture.scroll_into_view_if_needed()
    before, box = seen(found), picture.bounding_box()
    lesson.page.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2)
    wait_for_change(found, before)
    expect(picture).to_have_attribute("aria-label", re.compile(r"patch at row (3|4)\d"))


def test_a_drawing_can_be_cancelled(lesson):
    found = explorer(lesson, SLOW[2])
    finished(found)
    found.locator("input[data-field=steps]").focus()
    lesson.page.keyboard.press("End")
    found.get_by_role("button", name="Cancel").click(timeout=20_000)
    expect(found.locator(".aml4d-caption")).to_contain_text("Stopped", timeout=20_000)
    found.get_by_role("button", name="Reset").click()
    finished(found)


def test_it_is_right_in_dark_and_on_a_narrow_page(lesson, screenshots):
    page = lesson.page
    theme = "JupyterLab Dark"
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
    )
    page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    for title, name in ((FAST, "send"), (SLOW[1], "evidence")):
        found = explorer(lesson, title)
        found.screenshot(path=str(screenshots / f"08_{name}_dark.png"))
        ink, paper = found.evaluate(
            """explorer => [
              getComputedStyle(explorer.querySelector('.aml4d-title')).color,
              getComputedStyle(explorer).backgroundColor,
            ].map(colour => Math.max(...colour.match(/[\\d.]+/g).slice(0, 3).map(Number)))"""
        )
        assert ink > 150 > paper
    page.set_viewport_size({"width": 620, "height": 900})
    for title, name in ((FAST, "send"), (SLOW[0], "units"), (SLOW[1], "evidence")):
        found = explorer(lesson, title)
        settled(found)
        found.screenshot(path=str(screenshots / f"08_{name}_narrow.png"))
        assert found.evaluate("explorer => explorer.scrollWidth <= explorer.clientWidth + 1")
    page.set_viewport_size({"width": 1280, "height": 900})
