"""Lesson 05 in a real JupyterLab: run all, move everything, look at what changed."""

from __future__ import annotations

import re
from pathlib import Path

import lab
import pytest
import stage
from playwright.sync_api import expect
from stage import explorer, seen, sentence, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MEANS, DETECTORS = "From one to thousands", "What is a good feature?"
SIFT, MATCH = "SIFT opened up", "Match two views"
EXPLORERS = (MEANS, DETECTORS, SIFT, MATCH)


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("05_features_by_hand")
    notebook.run_all()
    notebook.page.screenshot(path=str(screenshots / "05_after_run_all.png"))
    # What is behind "More controls" must work as well.
    notebook.page.evaluate(
        "() => document.querySelectorAll('.aml4d-controls details').forEach(d => d.open = true)"
    )
    return notebook


@pytest.fixture
def sift(lesson):
    """The explorer that opens keypoints, as it is at first."""
    found = explorer(lesson, SIFT)
    found.get_by_role("button", name="Reset").click()
    settled(found)
    return found


def choose_step(found, number: int) -> None:
    before = seen(found)
    found.locator("select[data-field=step]").select_option(index=number - 1)
    wait_for_change(found, before)
    settled(found)


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []


def test_every_picture_says_what_it_shows(lesson):
    stage.check_every_picture_says_what_it_shows(lesson, least=20)


def test_every_input_has_a_name(lesson):
    stage.check_every_input_has_a_name(lesson)


@pytest.mark.parametrize("title", EXPLORERS)
def test_every_control_answers_to_keys(lesson, title, screenshots):
    stage.check_every_control_answers_to_keys(lesson, title, screenshots)


@pytest.mark.parametrize("title", EXPLORERS)
def test_every_slider_answers_to_the_mouse_and_reset_goes_back(lesson, title):
    stage.check_every_slider_answers_to_the_mouse(lesson, title)


def test_a_keypoint_is_clicked_and_reached_by_arrow_keys(lesson, sift):
    photo = sift.locator("[role=application]").first
    number = sift.locator("input[data-field=number]")
    first = number.input_value()
    box = photo.bounding_box()
    photo.click(position={"x": 0.8 * box["width"], "y": 0.35 * box["height"]})
    expect(number).not_to_have_value(first)
    clicked = number.input_value()
    caption = sift.locator("[data-role=caption]")
    expect(caption).to_contain_text(f"Keypoint {clicked} of")
    photo.focus()
    lesson.page.keyboard.press("ArrowLeft")
    expect(number).not_to_have_value(clicked)
    expect(caption).to_contain_text(f"Keypoint {number.input_value()} of")


def test_the_five_steps_of_a_descriptor(lesson, sift, screenshots):
    said = [sentence(sift)]
    for step in range(2, 6):
        choose_step(sift, step)
        said.append(sentence(sift))
        sift.screenshot(path=str(screenshots / f"05_sift_step_{step}.png"))
    assert len(set(said)) == 5
    for words, told in zip(
        ("blob", "26 neighbours", "points to", "longest arrow", "descriptor"), said, strict=True
    ):
        assert words in told


def test_a_cell_of_the_descriptor_is_clicked_and_reached_by_arrow_keys(lesson, sift):
    choose_step(sift, 4)
    expect(sift.locator("[data-role=caption]")).to_contain_text("Cell 6 of 16")
    detail = sift.locator("[role=application]").nth(1)
    box = detail.bounding_box()
    detail.click(position={"x": 0.9 * box["width"], "y": 0.1 * box["height"]})
    expect(sift.locator("[data-role=caption]")).to_contain_text("Cell 4 of 16")
    detail.focus()
    lesson.page.keyboard.press("ArrowDown")
    expect(sift.locator("[data-role=caption]")).to_contain_text("Cell 8 of 16")


def test_the_curve_of_matches_is_completed_behind_the_slider(lesson):
    found = explorer(lesson, MATCH)
    found.get_by_role("button", name="Reset").click()
    settled(found)
    slider = found.locator("input[data-field=noise]")
    slider.focus()
    for _ in range(4):
        lesson.page.keyboard.press("ArrowRight")
    expect(found.locator("[data-role=caption]")).to_contain_text("noise 0.04", timeout=20_000)
    found.page.wait_for_function(
        "found => found.querySelector('polyline').getAttribute('points').split(' ').length >= 13",
        arg=found.element_handle(),
        timeout=20_000,
    )
    expect(found.locator(".aml4d-row", has_text="Cancel")).to_be_hidden(timeout=20_000)
    assert lesson.trouble == []


def test_a_prediction_is_held_against_the_run(lesson):
    cell = lesson.cell("dusk = predict(")
    cell.scroll_into_view_if_needed()
    cell.get_by_text("Nearly all", exact=True).last.click()
    cell.get_by_role("button", name="Keep my guess").click()
    expect(cell.locator(".aml4d-feedback")).to_contain_text("Kept.")
    lesson.run_cell("dusk.compare(")
    result = lesson.cell("dusk.compare(").locator(".jp-OutputArea")
    expect(result).to_contain_text("You guessed “Nearly all”, but the run gave", timeout=20_000)


def test_the_quiz_says_why(lesson):
    cell = lesson.cell("quiz(QUESTIONS)")
    cell.scroll_into_view_if_needed()
    card = cell.locator(".aml4d-card").filter(has_text="ratio test with 0.8")
    card.get_by_text("It rejects the match").click()
    card.get_by_role("button", name="Answer").click()
    expect(card.locator(".aml4d-feedback")).to_contain_text("0.256")


def test_it_is_right_in_dark_and_on_a_narrow_page(lesson, screenshots):
    page = lesson.page
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
        "JupyterLab Dark",
    )
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    for title in EXPLORERS:
        found = explorer(lesson, title)
        ink, paper = found.evaluate(
            """explorer => [
              getComputedStyle(explorer.querySelector('.aml4d-title')).color,
              getComputedStyle(explorer).backgroundColor,
            ].map(colour => Math.max(...colour.match(/[\\d.]+/g).slice(0, 3).map(Number)))"""
        )
        assert ink > 150 > paper
        name = re.sub("[^a-z]+", "_", title.lower())
        found.screenshot(path=str(screenshots / f"05_dark_{name}.png"))
    page.set_viewport_size({"width": 620, "height": 900})
    try:
        for title in EXPLORERS:
            found = explorer(lesson, title)
            page.wait_for_function(
                "explorer => explorer.getBoundingClientRect().width < 620",
                arg=found.element_handle(),
            )
            name = re.sub("[^a-z]+", "_", title.lower())
            found.screenshot(path=str(screenshots / f"05_narrow_{name}.png"))
            assert found.evaluate("explorer => explorer.scrollWidth <= explorer.clientWidth + 1")
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})
