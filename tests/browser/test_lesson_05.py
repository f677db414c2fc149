"""What is special to lesson 05: keypoints opened step by step, a curve completed behind."""

from __future__ import annotations

import lab
import pytest
from playwright.sync_api import expect
from stage import explorer, seen, sentence, settled, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIFT, MATCH = "SIFT opened up", "Match two views"


@pytest.fixture
def sift(lesson):
    """The explorer that opens keypoints, as it is at first."""
    found = explorer(lesson, SIFT)
    found.get_by_role("button", name="Reset").click()
    settled(found)
    return found


def choose_step(found, number: int) -> None:
    before = seen(found)
    found.locator("select[data-field=step]").select_option(index=number - 1)
    wait_for_change(found, before)
    settled(found)


def test_a_keypoint_is_clicked_and_reached_by_arrow_keys(lesson, sift):
    photo = sift.locator("[role=application]").first
    number = sift.locator("input[data-field=number]")
    first = number.input_value()
    box = lab.box_of(photo)
    photo.click(position={"x": 0.8 * box["width"], "y": 0.35 * box["height"]})
    expect(number).not_to_have_value(first)
    clicked = number.input_value()
    caption = sift.locator("[data-role=caption]")
    expect(caption).to_contain_text(f"Keypoint {clicked} of")
    photo.focus()
    lesson.page.keyboard.press("ArrowLeft")
    expect(number).not_to_have_value(clicked)
    expect(caption).to_contain_text(f"Keypoint {number.input_value()} of")


def test_the_five_steps_of_a_descriptor(lesson, sift, album):
    said = [sentence(sift)]
    for step in range(2, 6):
        choose_step(sift, step)
        said.append(sentence(sift))
        album.keep(sift, f"05_sift_step_{step}.png")
    assert len(set(said)) == 5
    for words, told in zip(
        ("blob", "26 neighbours", "points to", "longest arrow", "descriptor"), said, strict=True
    ):
        assert words in told


def test_a_cell_of_the_descriptor_is_clicked_and_reached_by_arrow_keys(lesson, sift):
    choose_step(sift, 4)
    expect(sift.locator("[data-role=caption]")).to_contain_text("Cell 6 of 16")
    detail = sift.locator("[role=application]").nth(1)
    box = lab.box_of(detail)
    detail.click(position={"x": 0.9 * box["width"], "y": 0.1 * box["height"]})
    expect(sift.locator("[data-role=caption]")).to_contain_text("Cell 4 of 16")
    detail.focus()
    lesson.page.keyboard.press("ArrowDown")
    expect(sift.locator("[data-role=caption]")).to_contain_text("Cell 8 of 16")


def test_the_curve_of_matches_is_completed_behind_the_slider(lesson):
    found = explorer(lesson, MATCH)
    found.get_by_role("button", name="Reset").click()
    settled(found)
    slider = found.locator("input[data-field=noise]")
    slider.focus()
    for _ in range(4):
        lesson.page.keyboard.press("ArrowRight")
    expect(found.locator("[data-role=caption]")).to_contain_text("noise 0.04", timeout=20_000)
    found.page.wait_for_function(
        "found => found.querySelector('polyline').getAttribute('points').split(' ').length >= 13",
        arg=found.element_handle(),
        timeout=20_000,
    )
    expect(found.locator(".aml4d-row", has_text="Cancel")).to_be_hidden(timeout=20_000)


def test_a_prediction_is_held_against_the_run(lesson):
    cell = lesson.cell("dusk = predict(")
    cell.scroll_into_view_if_needed()
    cell.get_by_text("Nearly all", exact=True).last.click()
    cell.get_by_role("button", name="Keep my guess").click()
    expect(cell.locator(".aml4d-feedback")).to_contain_text("Kept.")
    lesson.run_cell("dusk.compare(")
    result = lesson.cell("dusk.compare(").locator(".jp-OutputArea")
    expect(result).to_contain_text("You guessed “Nearly all”, but the run gave", timeout=20_000)


def test_the_quiz_says_why(lesson):
    cell = lesson.cell("quiz(QUESTIONS)")
    cell.scroll_into_view_if_needed()
    card = cell.locator(".aml4d-card").filter(has_text="ratio test with 0.8")
    card.get_by_text("It rejects the match").click()
    card.get_by_role("button", name="Answer").click()
    expect(card.locator(".aml4d-feedback")).to_contain_text("0.256")
