"""Every lesson in a real JupyterLab: it runs, every picture speaks, every explorer answers, fits.

The lessons are found by walking ``lessons/``, their explorers by looking at the page.
"""

from __future__ import annotations

import lab
import layout
import pytest
import stage
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# How many pictures stand below the cells, how many figures the cells show, and what has no words.
_PICTURES = """() => {
  const words = element => {
    const holder = element.closest('[aria-label]') ?? element;
    return (element.getAttribute('alt') ?? holder.getAttribute('aria-label') ?? '').trim();
  };
  const pictures = [...document.querySelectorAll('.jp-CodeCell .jp-Cell-outputArea')]
    .flatMap(output => [...output.querySelectorAll('img, canvas, svg')])
    .filter(e => !e.closest('[aria-hidden=true]') || e.closest('[role=img]'));
  const shown = window.jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code')
    .filter(cell => cell.model.sharedModel.getSource().includes('show('));
  return [pictures.length, shown.length, pictures.filter(e => words(e).length < 20)
    .map(e => e.outerHTML.slice(0, 120))];
}"""
_NAMELESS = """() => [...document.querySelectorAll('.aml4d input, .aml4d select, .aml4d button')]
  .filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim()))
  .map(e => e.outerHTML.slice(0, 120))"""
_BRIGHTNESS = """explorer => [
  getComputedStyle(explorer.querySelector('[class*=-title], h3, h4')).color,
  getComputedStyle(explorer).backgroundColor,
].map(colour => Math.max(...colour.match(/[\\d.]+/g).slice(0, 3).map(Number)))"""


@pytest.fixture
def explorers(lesson):
    """Return a function that gives every explorer of the lesson and its title."""

    def walk():
        met = 0
        for found in layout.explorers(lesson):
            met += 1
            yield found, layout.title_of(found)
        assert met > 0

    return walk


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    last = lesson.page.locator(".jp-CodeCell").last
    last.scroll_into_view_if_needed()
    assert last.locator(".jp-OutputArea-output").count() > 0
    quiz = lesson.cell("quiz(QUESTIONS)")
    quiz.scroll_into_view_if_needed()
    expect(quiz.locator(".aml4d-card").first).to_be_visible()


def test_every_explorer_fits_a_laptop(lesson, explorers, subtests):
    lab.resize(lesson.page, *layout.LAPTOP)
    for found, title in explorers():
        with subtests.test(title):
            measured = layout.measure(lesson, found)
            assert measured.faults == [], layout.line(measured)
    lab.resize(lesson.page, *layout.ROOMY)


def test_every_picture_says_what_it_shows(lesson, explorers):
    pictures, shown, wordless = lesson.page.evaluate(_PICTURES)
    assert wordless == []
    assert pictures >= shown + len(list(explorers()))


def test_every_input_has_a_name(lesson):
    assert lesson.page.evaluate(_NAMELESS) == []


def test_every_control_answers_to_keys_and_mouse(lesson, explorers, album, subtests):
    for found, title in explorers():
        if found.locator(".aml4d-controls").count():  # others have tests of their own
            with subtests.test(title):
                stage.check_every_control(found)
        album.keep(found, f"{lesson.name[:2]}_{stage.file_name(title)}.png")


def test_it_is_right_in_dark_and_on_a_narrow_page(lesson, explorers, album, subtests):
    lesson.wear("Dark")
    lab.resize(lesson.page, *layout.NARROW)
    lesson.toggle_file_browser()
    for found, title in explorers():
        with subtests.test(title):
            lesson.page.wait_for_function(
                "found => found.getBoundingClientRect().right <= innerWidth + 1",
                arg=found.element_handle(),
            )
            name = f"{lesson.name[:2]}_{stage.file_name(title)}_dark_narrow.png"
            album.keep(found, name)
            ink, paper = found.evaluate(_BRIGHTNESS)
            assert ink > 150 > paper
            assert layout.measure(lesson, found).cut == ()
    lesson.toggle_file_browser()
    lab.resize(lesson.page, *layout.ROOMY)
    lesson.wear("Light")
