"""What is special to lesson 04: the flattener, pixels pointed at, trainings stopped."""

from __future__ import annotations

import lab
import pytest
from playwright.sync_api import expect
from stage import explorer, seen, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FLATTENER = "One picture, one row of numbers"


def place(found) -> int:
    return int(found.get_attribute("data-place"))


def test_the_flattener_follows_pointer_and_keys(lesson, album):
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
    box = lab.box_of(picture)
    lesson.page.mouse.click(box["x"] + box["width"] * 2.5 / width, box["y"] + 2)
    at(2)
    box = lab.box_of(strip)
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
    album.keep(found, "04_flattener_colour.png")
    found.get_by_role("button", name="Reset").click()
    at(start)


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


def test_a_click_on_a_garment_moves_a_pixel(lesson, album):
    found = explorer(lesson, "Two pixels, two garments")
    found.get_by_role("button", name="Reset").click()
    settled(found)
    caption = found.locator("[data-role=caption]")
    garment = found.locator("[role=application]").first
    garment.scroll_into_view_if_needed()
    box = lab.box_of(garment)
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
    album.keep(found, "04_two_pixels.png")


def test_stop_ends_the_trainings_and_the_lesson_goes_on(lesson):
    lesson.run_cell("permuting.experiment(data")
    training = lesson.cell("permuting.experiment(data")
    training.get_by_role("button", name="Stop").click(timeout=20_000)
    expect(training.locator(".aml4d-status")).to_contain_text("Stopped by you", timeout=20_000)
    lesson.wait_idle()
    lesson.run_cell("figures.draw_falls(step)")
    lesson.wait_idle()
    assert lesson.errors_in_cells() == []
