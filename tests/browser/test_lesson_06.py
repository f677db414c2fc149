"""Lesson 06 in a real JupyterLab: run all, move everything, drag the rectangles."""

from __future__ import annotations

from pathlib import Path

import lab
import pytest
import stage
from playwright.sync_api import Locator, expect
from stage import explorer, seen, sentence, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPLORERS = (
    "Four corners",
    "Find a feature that separates",
    "Rejected at stage",
    "A trained face detector",
)


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("06_classic_detectors")
    notebook.run_all()
    notebook.page.screenshot(path=str(screenshots / "06_after_run_all.png"))
    return notebook


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []
    last = lesson.cell("quiz(QUESTIONS)")
    last.scroll_into_view_if_needed()
    expect(last.locator(".aml4d-card").first).to_be_visible()


def test_every_picture_says_what_it_shows(lesson):
    stage.check_every_picture_says_what_it_shows(lesson, least=18)


def test_every_input_has_a_name(lesson):
    stage.check_every_input_has_a_name(lesson)


@pytest.mark.parametrize("title", EXPLORERS[:3])
def test_every_control_answers_to_keys(lesson, title, screenshots):
    stage.check_every_control_answers_to_keys(lesson, title, screenshots)


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("photo", "ArrowDown"),
        ("tilt", "ArrowRight"),
        ("light", "ArrowLeft"),
        ("longest", "ArrowLeft"),
        ("neighbours", "Home"),
    ],
)
def test_every_control_of_the_detector_answers_to_keys(lesson, field, key, screenshots):
    found = explorer(lesson, "A trained face detector")
    found.get_by_role("button", name="Reset").click()
    settled(found)
    before, words = seen(found), sentence(found)
    found.locator(f"[data-field={field}]").focus()
    lesson.page.keyboard.press(key)
    wait_for_change(found, before)
    expect(found.locator("[data-role=caption]")).not_to_have_text(words)
    found.screenshot(path=str(screenshots / f"06_detector_{field}.png"))
    assert lesson.trouble == []


@pytest.mark.parametrize("title", EXPLORERS[:3])
def test_every_slider_answers_to_the_mouse_and_reset_goes_back(lesson, title):
    stage.check_every_slider_answers_to_the_mouse(lesson, title)


def rectangle(found: Locator) -> Locator:
    return found.locator("[data-region]")


def region(found: Locator) -> list[int]:
    return [int(n) for n in rectangle(found).get_attribute("data-region").split(",")]


def expect_sliders(found: Locator, **values: int) -> None:
    for field, value in values.items():
        expect(found.locator(f"input[data-field={field}]")).to_have_value(str(value))


def reset(lesson: lab.Notebook, title: str) -> Locator:
    found = explorer(lesson, title)
    found.get_by_role("button", name="Reset").click()
    settled(found)
    rectangle(found).scroll_into_view_if_needed()
    return found


def test_the_rectangle_is_moved_resized_and_drawn_with_the_mouse(lesson):
    found = reset(lesson, "Four corners")
    mouse, box = lesson.page.mouse, rectangle(found).bounding_box()
    unit = box["width"] / 200
    row, col, height, width = region(found)

    def at(r: float, c: float) -> tuple[float, float]:
        return box["x"] + c * unit, box["y"] + r * unit

    mouse.move(*at(row + height / 2, col + width / 2))
    mouse.down()
    mouse.move(*at(row + height / 2 + 10, col + width / 2 + 20), steps=6)
    assert region(found) == [row + 10, col + 20, height, width]
    mouse.up()
    expect_sliders(found, row=row + 10, col=col + 20, height=height, width=width)
    mouse.move(*at(row + 10 + height, col + 20 + width))
    mouse.down()
    mouse.move(*at(row + 10 + height + 15, col + 20 + width + 5), steps=6)
    mouse.up()
    expect_sliders(found, height=height + 15, width=width + 5)
    mouse.move(*at(5, 5))
    mouse.down()
    mouse.move(*at(45, 35), steps=6)
    mouse.up()
    expect_sliders(found, row=5, col=5, height=40, width=30)
    expect(found.locator("[data-role=caption]")).to_contain_text("40 × 30 pixels")
    mouse.move(*at(25, 20))
    mouse.down()
    mouse.move(*at(-80, 400), steps=6)
    mouse.up()
    expect_sliders(found, row=0, col=170, height=40, width=30)
    assert lesson.trouble == []


def test_the_feature_moves_by_keys_in_whole_cells(lesson):
    found = reset(lesson, "Find a feature that separates")
    found.locator("select[data-field=kind]").select_option("three columns")
    settled(found)
    row, col, height, width = region(found)
    assert width % 3 == 0
    rectangle(found).focus()
    before = seen(found)
    lesson.page.keyboard.press("ArrowDown")
    wait_for_change(found, before)
    expect_sliders(found, row=row + 1, col=col)
    lesson.page.keyboard.press("Shift+ArrowLeft")
    expect_sliders(found, width=width // 3 - 1)
    assert region(found) == [row + 1, col, height, width - 3]
    for _ in range(40):
        lesson.page.keyboard.press("ArrowRight")
    assert region(found)[1] == 25 - (width - 3)
    settled(found)
    expect_sliders(found, col=25 - (width - 3))
    assert lesson.trouble == []


def test_it_is_right_in_dark_and_on_a_narrow_page(lesson, screenshots):
    page = lesson.page
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
        "JupyterLab Dark",
    )
    page.wait_for_function(
        "() => getComputedStyle(document.body).getPropertyValue('--jp-layout-color1').trim() "
        "!== 'white'"
    )
    for title in EXPLORERS:
        found = explorer(lesson, title)
        settled(found)
        found.screenshot(path=str(screenshots / f"06_{title[:8].strip().lower()}_dark.png"))
        ink, paper = found.evaluate(
            """explorer => [
              getComputedStyle(explorer.querySelector('.aml4d-title')).color,
              getComputedStyle(explorer).backgroundColor,
            ].map(colour => Math.max(...colour.match(/[\\d.]+/g).slice(0, 3).map(Number)))"""
        )
        assert ink > 150 > paper
    page.set_viewport_size({"width": 620, "height": 900})
    try:
        for title in EXPLORERS:
            found = explorer(lesson, title)
            settled(found)
            found.screenshot(path=str(screenshots / f"06_{title[:8].strip().lower()}_narrow.png"))
            assert found.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), title
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})
