"""Lesson 07 in a real JupyterLab: run all, move everything, look at what changed."""

from __future__ import annotations

import re
from pathlib import Path

import lab
import pytest
from playwright.sync_api import Locator, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPLORERS = (
    "Parameter counter",
    "Shift the photo",
    "How far does one pixel reach?",
    "Filter surgery",
)
# What the stage shows, as the page draws it: pixels of canvases, lines and numbers of plots.
_SEEN = """stage => [
  ...[...stage.querySelectorAll('canvas')].map(canvas => canvas.toDataURL()),
  ...[...stage.querySelectorAll('svg')].map(svg => svg.innerHTML),
].join('|')"""


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("07_convolution")
    notebook.run_all()
    notebook.page.screenshot(path=str(screenshots / "07_after_run_all.png"))
    return notebook


def explorer(lesson: lab.Notebook, title: str) -> Locator:
    found = lesson.explorer(title)
    found.scroll_into_view_if_needed()
    return found


def seen(found: Locator) -> str:
    return found.locator(".aml4d-stage").evaluate(_SEEN)


def sentence(found: Locator) -> str:
    return found.locator("[data-role=caption]").inner_text()


def wait_for_change(found: Locator, before: str) -> None:
    stage = found.locator(".aml4d-stage").element_handle()
    found.page.wait_for_function(
        f"([stage, before]) => ({_SEEN})(stage) !== before", arg=[stage, before], timeout=20_000
    )


def settled(found: Locator) -> None:
    """Wait until no message is under way and the page has drawn."""
    found.page.wait_for_timeout(400)


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []


def test_every_picture_says_what_it_shows(lesson):
    page = lesson.page
    cells = page.locator(".jp-CodeCell")
    pictures = 0
    for index in range(cells.count()):
        cells.nth(index).scroll_into_view_if_needed()
        page.wait_for_timeout(60)
        unlabelled = cells.nth(index).evaluate(
            """cell => {
              const output = cell.querySelector('.jp-Cell-outputArea');
              if (!output) return [0, []];
              const words = element => {
                const holder = element.closest('[aria-label]') ?? element;
                const text = element.getAttribute('alt') ?? holder.getAttribute('aria-label');
                return (text ?? '').trim();
              };
              const pictures = [...output.querySelectorAll('img, canvas, svg')]
                .filter(e => !e.closest('[aria-hidden=true]') || e.closest('[role=img]'));
              return [pictures.length, pictures.filter(e => words(e).length < 20)
                .map(e => e.outerHTML.slice(0, 120))];
            }"""
        )
        pictures += unlabelled[0]
        assert unlabelled[1] == []
    assert pictures >= 15


def test_every_input_has_a_name(lesson):
    nameless = lesson.page.evaluate(
        """() => [...document.querySelectorAll('.aml4d input, .aml4d select, .aml4d button')]
          .filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim()))
          .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert nameless == []


@pytest.mark.parametrize("title", EXPLORERS)
def test_every_control_answers_to_keys(lesson, title, screenshots):
    found = explorer(lesson, title)
    controls = found.locator(".aml4d-controls input, .aml4d-controls select")
    for index in range(controls.count()):
        before, words = seen(found), sentence(found)
        controls.nth(index).focus()
        for _ in range(3):
            lesson.page.keyboard.press(
                "ArrowDown" if _is_list(controls.nth(index)) else "ArrowRight"
            )
        wait_for_change(found, before)
        settled(found)
        assert sentence(found) != words, f"control {index}"
    found.screenshot(path=str(screenshots / f"07_{re.sub('[^a-z]+', '_', title.lower())}.png"))
    assert lesson.trouble == []


@pytest.mark.parametrize("title", EXPLORERS)
def test_every_slider_answers_to_the_mouse_and_reset_goes_back(lesson, title):
    found = explorer(lesson, title)
    found.get_by_role("button", name="Reset").click()
    settled(found)
    first, words = seen(found), sentence(found)
    sliders = found.locator("input[type=range]")
    for index in range(sliders.count()):
        before = seen(found)
        box = sliders.nth(index).bounding_box()
        lesson.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        lesson.page.mouse.down()
        lesson.page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=5)
        lesson.page.mouse.up()
        wait_for_change(found, before)
        settled(found)
    found.get_by_role("button", name="Reset").click()
    found.page.wait_for_function(
        f"([stage, first]) => ({_SEEN})(stage) === first",
        arg=[found.locator(".aml4d-stage").element_handle(), first],
        timeout=20_000,
    )
    assert sentence(found) == words


def _is_list(control: Locator) -> bool:
    return control.evaluate("control => control.tagName === 'SELECT'")


def test_the_pixel_can_be_dragged_and_moved_by_keys(lesson):
    found = explorer(lesson, "How far does one pixel reach?")
    found.get_by_role("button", name="Reset").click()
    settled(found)
    picture = found.locator("[role=application]")
    row = found.locator("input[data-field=row]")
    col = found.locator("input[data-field=col]")
    picture.focus()
    start = int(col.input_value())
    lesson.page.keyboard.press("ArrowRight")
    expect(col).to_have_value(str(start + 1))
    lesson.page.keyboard.press("Shift+ArrowRight")
    expect(col).to_have_value(str(start + 11))
    box = picture.bounding_box()
    lesson.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    lesson.page.mouse.down()
    lesson.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=8)
    lesson.page.mouse.up()
    expect(row).to_have_value(re.compile(r"11[234]"))
    expect(found.locator("[data-role=caption]")).to_contain_text("middle cell")
    assert "changes; " in sentence(found)


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


def test_it_is_right_in_dark_and_on_a_narrow_page(lesson, screenshots):
    page = lesson.page
    theme = "JupyterLab Dark"
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
    )
    page.wait_for_timeout(1500)
    found = explorer(lesson, "Shift the photo")
    found.screenshot(path=str(screenshots / "07_shift_dark.png"))
    ink, paper = found.evaluate(
        """explorer => [
          getComputedStyle(explorer.querySelector('.aml4d-title')).color,
          getComputedStyle(explorer).backgroundColor,
        ].map(colour => Math.max(...colour.match(/[\\d.]+/g).slice(0, 3).map(Number)))"""
    )
    assert ink > 150 > paper
    page.set_viewport_size({"width": 620, "height": 900})
    page.wait_for_timeout(800)
    found.scroll_into_view_if_needed()
    found.screenshot(path=str(screenshots / "07_shift_narrow.png"))
    inside = found.evaluate("explorer => explorer.scrollWidth <= explorer.clientWidth + 1")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert inside
