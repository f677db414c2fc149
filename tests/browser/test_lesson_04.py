"""Lesson 04 in a real JupyterLab: run all, move everything, look at what changed."""

from __future__ import annotations

from pathlib import Path

import lab
import pytest
import stage
from playwright.sync_api import expect
from stage import explorer, seen, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPLORERS = (
    "How many pixels does it take?",
    "Two pixels, two garments",
    "The curse, on real pictures",
    "Move the test pictures",
)
FLATTENER = "One picture, one row of numbers"
# The key that moves a control from where it stands.
KEY = """control => {
  if (control.tagName === 'SELECT') return control.selectedIndex > 0 ? 'ArrowUp' : 'ArrowDown';
  if (control.type === 'checkbox') return 'Space';
  return Number(control.value) < Number(control.max) ? 'ArrowRight' : 'ArrowLeft';
}"""


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("04_pixels_and_dimensions")
    notebook.run_all()
    notebook.page.screenshot(path=str(screenshots / "04_after_run_all.png"))
    return notebook


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []


def test_every_picture_says_what_it_shows(lesson):
    stage.check_every_picture_says_what_it_shows(lesson, least=20)


def test_every_input_has_a_name(lesson):
    stage.check_every_input_has_a_name(lesson)


@pytest.mark.parametrize("title", (*EXPLORERS, FLATTENER))
def test_every_slider_answers_to_the_mouse_and_reset_goes_back(lesson, title):
    stage.check_every_slider_answers_to_the_mouse(lesson, title)


@pytest.mark.parametrize("title", (FLATTENER, EXPLORERS[0], *EXPLORERS[2:]))
def test_every_control_answers_to_keys(lesson, title, screenshots):
    found = explorer(lesson, title)
    controls = found.locator(".aml4d-controls input, .aml4d-controls select")
    for index in range(controls.count()):
        before = seen(found)
        controls.nth(index).focus()
        lesson.page.keyboard.press(controls.nth(index).evaluate(KEY))
        wait_for_change(found, before)
    settled(found)
    found.screenshot(path=str(screenshots / f"04_{title.split()[1].lower()}.png"))
    assert lesson.trouble == []


def place(found) -> int:
    return int(found.get_attribute("data-place"))


def test_the_flattener_follows_pointer_and_keys(lesson, screenshots):
    found = explorer(lesson, FLATTENER)
    found.get_by_role("button", name="Reset").click()
    picture, strip = (found.locator(f"[data-part={part}]") for part in ("picture", "strip"))
    caption = found.locator("[data-role=caption]")
    start = place(found)
    width = 24

    def at(number: int) -> None:
        expect(found).to_have_attribute("data-place", str(number))
        expect(caption).to_contain_text(f"Number {number} of the")

    picture.focus()
    lesson.page.keyboard.press("ArrowRight")
    at(start + 1)
    lesson.page.keyboard.press("ArrowDown")
    at(start + 1 + width)
    strip.focus()
    lesson.page.keyboard.press("ArrowLeft")
    at(start + width)
    lesson.page.keyboard.press("Home")
    at(0)
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    lesson.page.mouse.click(box["x"] + box["width"] * 2.5 / width, box["y"] + 2)
    at(2)
    box = strip.bounding_box()
    lesson.page.mouse.move(box["x"] + 2, box["y"] + 20)
    lesson.page.mouse.down()
    lesson.page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 20, steps=4)
    lesson.page.mouse.up()
    last = int(caption.inner_text().split(" = ")[1].split(" ")[0]) - 1
    at(last)
    before = seen(found)
    found.get_by_label("In colour").check()
    wait_for_change(found, before)
    expect(caption).to_contain_text("× 3 =")
    expect(found.locator(".aml4d-flat-formula")).to_contain_text("channel")
    found.get_by_label("Size of the picture").select_option("8")
    expect(caption).to_contain_text("× 8 × 3 =")
    found.screenshot(path=str(screenshots / "04_flattener_colour.png"))
    found.get_by_role("button", name="Reset").click()
    at(start)
    assert lesson.trouble == []


def test_the_right_cut_gives_the_picture_back(lesson):
    found = explorer(lesson, FLATTENER)
    found.get_by_role("button", name="Reset").click()
    same = """explorer => {
      const [one, other] = ['picture', 'cut'].map(part => {
        const canvas = explorer.querySelector(`[data-part=${part}] canvas`);
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, 40).data;
        return pixels.join();
      });
      return one === other;
    }"""
    assert not found.evaluate(same)
    found.locator("input[data-field=row_length]").focus()
    lesson.page.keyboard.press("ArrowRight")
    lesson.page.keyboard.press("ArrowRight")
    expect(found.locator("[data-role=caption]")).to_contain_text("gives the picture back")
    assert found.evaluate(same)


def test_a_click_on_a_garment_moves_a_pixel(lesson, screenshots):
    found = explorer(lesson, "Two pixels, two garments")
    found.get_by_role("button", name="Reset").click()
    settled(found)
    caption = found.locator("[data-role=caption]")
    garment = found.locator("[role=application]").first
    garment.scroll_into_view_if_needed()
    box = garment.bounding_box()
    lesson.page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.5)
    expect(caption).to_contain_text("A (row 14, column 25)")
    garment.focus()
    lesson.page.keyboard.press("ArrowUp")
    expect(caption).to_contain_text("A (row 13, column 25)")
    for field, word in (("method", "nearest"), ("moving", "nearest"), ("garments", "Trouser")):
        found.locator(f"select[data-field={field}]").focus()
        lesson.page.keyboard.press("ArrowDown")
        expect(caption).to_contain_text(word)
    garment.focus()
    lesson.page.keyboard.press("ArrowLeft")
    expect(caption).to_contain_text("B (row 20, column 5)")
    found.screenshot(path=str(screenshots / "04_two_pixels.png"))
    assert lesson.trouble == []


def test_stop_ends_the_trainings_and_the_lesson_goes_on(lesson):
    lesson.run_cell("permuting.experiment(data")
    training = lesson.cell("permuting.experiment(data")
    training.get_by_role("button", name="Stop").click(timeout=20_000)
    expect(training.locator(".aml4d-status")).to_contain_text("Stopped by you", timeout=20_000)
    lesson.wait_idle()
    lesson.run_cell("figures.draw_falls(step)")
    lesson.wait_idle()
    assert lesson.errors_in_cells() == []


def test_it_is_right_in_dark_and_on_a_narrow_page(lesson, screenshots):
    page = lesson.page
    theme = "JupyterLab Dark"
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
    )
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    for title, name in ((FLATTENER, "flattener"), (EXPLORERS[2], "curse")):
        found = explorer(lesson, title)
        settled(found)
        found.screenshot(path=str(screenshots / f"04_{name}_dark.png"))
        ink, paper = found.evaluate(
            """explorer => [
              getComputedStyle(explorer.querySelector('.aml4d-title')).color,
              getComputedStyle(explorer).backgroundColor,
            ].map(colour => Math.max(...colour.match(/[\\d.]+/g).slice(0, 3).map(Number)))"""
        )
        assert ink > 150 > paper
    page.set_viewport_size({"width": 620, "height": 900})
    for title, name in (
        (FLATTENER, "flattener"),
        *((title, title.split()[1].lower()) for title in EXPLORERS),
    ):
        found = explorer(lesson, title)
        settled(found)
        found.screenshot(path=str(screenshots / f"04_{name}_narrow.png"))
        assert found.evaluate("explorer => explorer.scrollWidth <= explorer.clientWidth + 1")
    page.set_viewport_size({"width": 1280, "height": 900})
