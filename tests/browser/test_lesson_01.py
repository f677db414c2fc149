"""Lesson 01 in a real JupyterLab: record from a cell, from a unit, and look for face units."""

from __future__ import annotations

import lab
import pytest
from playwright.sync_api import expect
from stage import explorer, seen, sentence, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_tuning_curve_draws_itself_while_the_slider_moves(lesson):
    found = explorer(lesson, "Recording from a cell")
    found.get_by_role("button", name="Reset").click()
    slider = found.locator("input[data-field=orientation]")
    slider.focus()
    for _ in range(35):
        slider.press("ArrowRight")
        lesson.page.wait_for_timeout(60)
    caption = found.locator("[data-role=caption]")
    expect(caption).to_contain_text("at 175°", timeout=20_000)
    expect(caption).to_contain_text("width at half height")


def test_the_bar_is_dragged_and_walked(lesson):
    found = explorer(lesson, "Recording from a unit")
    found.get_by_role("button", name="Reset").click()
    settled(found)
    screen = found.locator("canvas").first
    words = sentence(found)
    box = lab.box_of(screen)
    before = seen(found)
    lesson.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    lesson.page.mouse.down()
    lesson.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.35, steps=6)
    lesson.page.mouse.up()
    wait_for_change(found, before)
    settled(found)
    expect(found.locator("[data-role=caption]")).not_to_have_text(words)
    before = seen(found)
    screen.focus()
    lesson.page.keyboard.press("ArrowDown")
    wait_for_change(found, before)
