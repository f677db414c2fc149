"""What is special to lesson 06: the rectangles are dragged and moved by keys."""

from __future__ import annotations

import lab
import pytest
from playwright.sync_api import Locator, expect
from stage import explorer, seen, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
    mouse, box = lesson.page.mouse, lab.box_of(rectangle(found))
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
