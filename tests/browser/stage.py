"""What every lesson's page must do, and how to look at it."""

from __future__ import annotations

import re
from pathlib import Path

import lab
from playwright.sync_api import Locator, expect

# What the stage shows, as the page draws it: pixels of canvases, lines and numbers of plots.
_SEEN = """stage => [
  ...[...stage.querySelectorAll('canvas')].map(canvas => canvas.toDataURL()),
  ...[...stage.querySelectorAll('svg')].map(svg => svg.innerHTML),
].join('|')"""

_QUIET = """found => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel;
  const work = found.querySelector('.aml4d-caption .aml4d-row');
  return kernel?.status === 'idle' && (!work || work.hidden) && !found.querySelector('[data-busy]');
}"""
SLOW = 240_000
"""How long slow work may take, ms."""


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
    """Wait until Python owes no answer, no work goes on and the page has drawn."""
    lab.drawn(found.page)
    found.page.wait_for_function(_QUIET, arg=found.element_handle(), timeout=SLOW)
    lab.drawn(found.page)


def _is_list(control: Locator) -> bool:
    return control.evaluate("control => control.tagName === 'SELECT'")


def check_every_picture_says_what_it_shows(lesson: lab.Notebook, least: int) -> None:
    """Every image, canvas and drawing on the page has words of 20 letters or more."""
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
    assert pictures >= least


def check_every_input_has_a_name(lesson: lab.Notebook) -> None:
    """Every control of the course says what it is."""
    nameless = lesson.page.evaluate(
        """() => [...document.querySelectorAll('.aml4d input, .aml4d select, .aml4d button')]
          .filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim()))
          .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert nameless == []


def check_every_control_answers_to_keys(
    lesson: lab.Notebook, title: str, screenshots: Path
) -> None:
    """Each control moved by keys changes the stage and the sentence; a picture is kept."""
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
        expect(found.locator("[data-role=caption]")).not_to_have_text(words)
    found.screenshot(
        path=str(screenshots / f"{lesson.name[:2]}_{re.sub('[^a-z]+', '_', title.lower())}.png")
    )
    assert lesson.trouble == []


def check_every_slider_answers_to_the_mouse(lesson: lab.Notebook, title: str) -> None:
    """Each slider dragged changes the stage; Reset then brings back the first one."""
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
    expect(found.locator("[data-role=caption]")).to_have_text(words)
