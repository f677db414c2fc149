"""Lesson 02 in a real JupyterLab: turn a thing, watch its map fill, move every challenge."""

from __future__ import annotations

import re
from pathlib import Path

import lab
import pytest
import stage
from playwright.sync_api import Locator, expect
from stage import explorer, seen, sentence, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPLORERS = (
    "Every pose",
    "Challenge bench",
    "Wall of chairs",
    "Texture against shape",
    "I can just still see it",
)


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("02_why_vision_is_hard")
    notebook.run_all()
    return notebook


def rested(lesson: lab.Notebook, title: str) -> Locator:
    """Return an explorer that was reset and whose background work is done."""
    found = explorer(lesson, title)
    found.get_by_role("button", name="Reset").click()
    for _ in range(80):
        before = seen(found)
        lesson.page.wait_for_timeout(3000)
        if seen(found) == before and found.get_by_role("button", name="Cancel").is_hidden():
            return found
    raise AssertionError(f"{title} does not come to rest")


def angles(words: str) -> tuple[int, int]:
    """Return yaw and pitch from the sentence of the pose explorer."""
    yaw, pitch = re.search(r"yaw ([−-]?\d+)°, pitch ([−-]?\d+)°", words).groups()
    return int(yaw.replace("−", "-")), int(pitch.replace("−", "-"))


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []


def test_every_picture_says_what_it_shows(lesson):
    stage.check_every_picture_says_what_it_shows(lesson, least=18)


def test_every_input_has_a_name(lesson):
    stage.check_every_input_has_a_name(lesson)


@pytest.mark.parametrize("title", EXPLORERS)
def test_every_control_answers_to_keys(lesson, title, screenshots):
    stage.check_every_control_answers_to_keys(lesson, title, screenshots)


@pytest.mark.parametrize("title", EXPLORERS)
def test_every_slider_answers_to_the_mouse_and_reset_goes_back(lesson, title):
    rested(lesson, title)
    stage.check_every_slider_answers_to_the_mouse(lesson, title)


def test_the_thing_is_dragged_and_turned_by_keys(lesson):
    found = rested(lesson, "Every pose")
    yaw, pitch = angles(sentence(found))
    canvas = found.locator("canvas.aml4d-frame").first
    box = canvas.bounding_box()
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
    box = places.last.bounding_box()
    places.last.click(position={"x": 2, "y": box["height"] / 2})
    wait_for_change(found, before)
    expect(found.locator("[data-role=caption]")).to_contain_text("yaw -180°, pitch 0°")
    lesson.page.keyboard.press("ArrowUp")
    expect(found.locator("[data-role=caption]")).to_contain_text("yaw -180°, pitch 15°")


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


def test_it_is_right_in_dark_and_on_a_narrow_page(lesson, screenshots):
    lesson.wear("Dark")
    lab.resize(lesson.page, 620, 900)
    for title in EXPLORERS:
        found = explorer(lesson, title)
        stage.settled(found)
        found.screenshot(path=str(screenshots / f"02_{title.split()[-1].lower()}_dark_narrow.png"))
        assert found.evaluate("explorer => explorer.scrollWidth <= explorer.clientWidth + 1")
