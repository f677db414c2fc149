"""Lesson 02 in a real JupyterLab: turn a thing, watch its map fill, move every challenge."""

from __future__ import annotations

import re

import lab
import pytest
import stage
from playwright.sync_api import Locator, expect
from stage import explorer, seen, sentence, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def rested(lesson: lab.Notebook, title: str) -> Locator:
    """Return an explorer that was reset and whose background work is done."""
    found = explorer(lesson, title)
    stage.reset(found)
    expect(found.get_by_role("button", name="Cancel")).to_be_hidden(timeout=stage.SLOW)
    stage.settled(found)
    return found


def angles(words: str) -> tuple[int, int]:
    """Return yaw and pitch from the sentence of the pose explorer."""
    yaw, pitch = re.search(r"yaw ([−-]?\d+)°, pitch ([−-]?\d+)°", words).groups()
    return int(yaw.replace("−", "-")), int(pitch.replace("−", "-"))


def test_the_thing_is_dragged_and_turned_by_keys(lesson):
    found = rested(lesson, "Every pose")
    yaw, pitch = angles(sentence(found))
    canvas = found.locator("canvas.aml4d-frame").first
    box = lab.box_of(canvas)
    mouse, before = lesson.page.mouse, seen(found)
    mouse.move(box["x"] + 150, box["y"] + 150)
    mouse.down()
    mouse.move(box["x"] + 100, box["y"] + 180, steps=4)
    mouse.up()
    wait_for_change(found, before)
    expect(found.locator("[data-role=caption]")).not_to_contain_text(f"yaw {yaw}°")
    stage.settled(found)
    dragged = angles(sentence(found))
    assert dragged[0] > yaw and dragged[1] > pitch  # pulled to the left and down
    canvas.click(position={"x": 150, "y": 150})
    lesson.page.keyboard.press("ArrowRight")
    expect(found.locator("[data-role=caption]")).not_to_contain_text(f"yaw {dragged[0]}°")
    stage.settled(found)
    assert angles(sentence(found)) == (dragged[0] - 5, dragged[1])


def test_a_place_on_the_map_is_a_pose(lesson):
    found = rested(lesson, "Every pose")
    before = seen(found)
    places = found.locator("canvas.aml4d-frame")
    box = lab.box_of(places.last)
    places.last.click(position={"x": 2, "y": box["height"] / 2})
    wait_for_change(found, before)
    expect(found.locator("[data-role=caption]")).to_contain_text("yaw −180°, pitch 0°")
    lesson.page.keyboard.press("ArrowUp")
    expect(found.locator("[data-role=caption]")).to_contain_text("yaw −180°, pitch 15°")


def test_filling_the_map_can_be_cancelled(lesson):
    found = rested(lesson, "Every pose")
    found.locator("select[data-field=name]").select_option("forklift")
    found.get_by_role("button", name="Cancel").click(timeout=20_000)
    expect(found.locator(".aml4d-status")).to_contain_text("Stopped", timeout=20_000)
    before = seen(found)
    found.locator("input[data-field=yaw]").focus()
    lesson.page.keyboard.press("ArrowRight")
    wait_for_change(found, before)


def test_a_chair_on_the_wall_can_be_chosen(lesson):
    found = rested(lesson, "Wall of chairs")
    before = seen(found)
    found.locator("canvas.aml4d-frame").first.click(position={"x": 130, "y": 40})
    wait_for_change(found, before)
