"""What is special to lesson 14: lines and rings dragged, digits drawn, neurons opened."""

from __future__ import annotations

import lab
import pytest
from playwright.sync_api import expect
from stage import explorer, seen, sentence, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPLORERS = ("One neuron, by hand", "A layer that learns", "Six activation functions")
READER = "A network that reads"


def test_a_neuron_is_dragged_and_moved_by_keys_and_undone(lesson, album):
    found = lesson.page.locator(".aml4d-explorer").filter(has=lesson.page.locator(".aml4d-neuron"))
    found.scroll_into_view_if_needed()
    weight = found.get_by_role("slider", name="Weight w₀")
    output = found.locator("[data-role=caption]")
    expect(weight).to_have_attribute("aria-valuenow", "2")
    weight.focus()
    lesson.page.keyboard.press("ArrowUp")
    expect(output).to_contain_text("0.90 × 2.10")
    box = lab.box_of(weight)
    lesson.page.mouse.move(box["x"] + 20, box["y"] + 10)
    lesson.page.mouse.down()
    lesson.page.mouse.move(box["x"] + 20, box["y"] + 10 + 68, steps=4)
    lesson.page.mouse.up()
    expect(output).to_contain_text("0.90 × 0.10")
    for _ in range(10):
        if found.get_by_role("button", name="Undo").is_disabled():
            break
        found.get_by_role("button", name="Undo").click()
    expect(output).to_contain_text("0.90 × 2.00")
    album.keep(found, "14_one_neuron.png")


def test_the_ring_on_the_curve_is_dragged_and_maxout_bends(lesson, album):
    found = explorer(lesson, EXPLORERS[2])
    ring = found.get_by_role("slider", name="Place x")
    ring.focus()
    lesson.page.keyboard.press("Shift+ArrowLeft")
    expect(found.locator("[data-role=caption]")).to_contain_text("At x = 3.00")
    found.locator("select").select_option("maxout")
    end = found.get_by_role("slider", name="Line 1, right end")
    expect(end).to_be_visible()
    before = seen(found)
    box = lab.box_of(end)
    lesson.page.mouse.move(box["x"] + 11, box["y"] + 11)
    lesson.page.mouse.down()
    lesson.page.mouse.move(box["x"] + 11, box["y"] + 60, steps=4)
    lesson.page.mouse.up()
    wait_for_change(found, before)
    album.keep(found, "14_maxout.png")


def test_the_line_is_dragged_over_the_points(lesson):
    found = explorer(lesson, EXPLORERS[0])
    plane = found.locator("[role=application]")
    before, words = seen(found), sentence(found)
    plane.scroll_into_view_if_needed()
    box = lab.box_of(plane)
    lesson.page.mouse.move(box["x"] + 300, box["y"] + 300)
    lesson.page.mouse.down()
    lesson.page.mouse.move(box["x"] + 330, box["y"] + 330, steps=3)
    lesson.page.mouse.up()
    wait_for_change(found, before)
    expect(found.locator("[data-role=caption]")).not_to_have_text(words)


def draw(lesson: lab.Notebook, found, places) -> None:
    """Draw a line through places (row, column) of the pad."""
    pad = found.locator(".aml4d-pad-ground")
    pad.scroll_into_view_if_needed()
    box = lab.box_of(pad)
    mouse = lesson.page.mouse
    at = [(box["x"] + (c + 0.5) / 28 * box["width"], box["y"] + (r + 0.5) / 28 * box["height"])
          for r, c in places]  # fmt: skip
    mouse.move(*at[0])
    mouse.down()
    for place in at[1:]:
        mouse.move(*place, steps=8)
    mouse.up()


def test_a_drawn_digit_is_read(lesson, album):
    found = explorer(lesson, READER)
    found.get_by_role("button", name="Clear").click()
    expect(found.locator("[data-role=caption]")).to_contain_text("The pad is empty")
    draw(lesson, found, [(5, 6), (5, 20), (23, 11)])
    caption = found.locator("[data-role=caption]")
    expect(caption).to_contain_text("The network reads 7")
    # The last answers to the strokes are still on their way: both follow the same one in the end.
    found.page.wait_for_function(
        "root => root.querySelector('.aml4d-flow-net').getAttribute('aria-label')"
        " === root.querySelector('[data-role=caption]').innerText",
        arg=found.element_handle(),
    )
    album.keep(found, "14_drawn_seven.png")


def test_a_code_is_written_on_the_pad_of_four_cells(lesson, album):
    found = explorer(lesson, "Write your code")
    caption = found.locator("[data-role=caption]")
    expect(caption).to_contain_text("The writers meant 3 9 8 3")
    found.get_by_role("button", name="Clear").click()
    expect(caption).to_contain_text("Nothing is written yet: 4 empty cells")
    pad = found.locator(".aml4d-pad-ground")
    pad.scroll_into_view_if_needed()
    lab.stand_still(pad)
    box = lab.box_of(pad)
    assert abs(box["width"] / box["height"] - 4) < 0.05
    for column in (14, 98):
        for row, act in ((5, "down"), (23, "up")):
            x = box["x"] + (column + 0.5) / 112 * box["width"]
            lesson.page.mouse.move(x, box["y"] + (row + 0.5) / 28 * box["height"], steps=6)
            getattr(lesson.page.mouse, act)()
    expect(caption).to_contain_text("The network reads 1 – – 1")
    album.keep(found, "14_code.png")


def test_pointing_at_the_plane_shows_the_digit(lesson):
    found = explorer(lesson, EXPLORERS[0])
    plane = found.locator("[role=application]")
    head = found.locator(".aml4d-picture-head").nth(1)
    plane.hover(position={"x": 230, "y": 40})  # waits until the plane stands still
    expect(head).to_have_text("the ringed point: a 1")
    words = sentence(found)
    assert "of 300 points" in words
    plane.hover(position={"x": 300, "y": 330})
    expect(head).to_have_text("the ringed point: a 0")
    assert sentence(found) == words


def test_a_digit_is_drawn_by_keys(lesson):
    found = explorer(lesson, READER)
    found.get_by_role("button", name="Clear").click()
    found.locator(".aml4d-pad-ground").focus()
    lesson.page.keyboard.press("Space")
    for _ in range(16):
        lesson.page.keyboard.press("ArrowDown")
    lesson.page.keyboard.press("Space")
    expect(found.locator("[data-role=caption]")).to_contain_text("The network reads 1")


def test_neurons_are_opened_by_mouse_and_keys(lesson, album):
    found = explorer(lesson, READER)
    panel = found.locator(".aml4d-flow-panel")
    found.locator("[data-neuron='3,1']").click()
    expect(panel).to_contain_text("Output for 1")
    expect(panel.locator("li")).to_have_count(16)
    lesson.page.keyboard.press("ArrowLeft")
    expect(panel).to_contain_text("Hidden layer 2, neuron 2")
    lesson.page.keyboard.press("ArrowLeft")
    lesson.page.keyboard.press("ArrowDown")
    expect(panel).to_contain_text("Hidden layer 1, neuron 3")
    expect(found.locator("[data-role=caption]")).to_contain_text("Neuron 3 of hidden layer 1")
    tile = panel.locator("[role=application]")
    tile.focus()
    lesson.page.keyboard.press("ArrowDown")
    expect(panel).to_contain_text("Row 14, column 13")
    album.keep(found, "14_opened_neuron.png")


def test_the_photo_and_a_test_digit_come_onto_the_pad(lesson):
    found = explorer(lesson, READER)
    caption = found.locator("[data-role=caption]")
    found.get_by_role("button", name="Your photo").click()
    expect(caption).to_contain_text("no digit at all")
    found.get_by_role("button", name="A test digit").click()
    expect(caption).to_contain_text("Whoever wrote it meant")
    found.get_by_role("button", name="Reset").click()
    expect(caption).to_contain_text("The network reads 3")
