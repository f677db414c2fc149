"""Lesson 13 in a real JupyterLab: enlarge, paint, play a film, choose a threshold."""

from __future__ import annotations

import re

import pytest
from stage import explorer, sentence, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_film_plays_stops_and_steps(lesson):
    found = explorer(lesson, "A walk through faces")
    settled(found)
    count = found.locator(".aml4d-film-count")
    assert count.inner_text() == "1 of 48"
    found.get_by_role("button", name="One picture on").click()
    assert count.inner_text() == "2 of 48"
    found.get_by_role("button", name="One picture back").click()
    found.get_by_role("button", name="One picture back").click()
    assert count.inner_text() == "48 of 48"
    found.get_by_role("button", name="Play", exact=True).click()
    stop = found.get_by_role("button", name="Pause")
    stop.wait_for()
    lesson.page.wait_for_function(
        "words => words.textContent !== '48 of 48'", arg=count.element_handle()
    )
    stop.click()
    stopped = count.inner_text()
    lesson.page.wait_for_timeout(400)
    assert count.inner_text() == stopped
    found.get_by_label("Picture", exact=True).press("Home")
    assert count.inner_text() == "1 of 48"


def test_slow_painting_can_be_cancelled(lesson):
    found = explorer(lesson, "Step by step")
    settled(found)
    found.get_by_label("fire2", exact=True).press("Space")  # what was painted once is remembered
    found.get_by_label("Steps", exact=True).press("End")
    found.get_by_role("button", name="Cancel").click()
    settled(found)
    assert "After " in sentence(found)
    found.get_by_role("button", name="Reset").click()
    settled(found)


def test_a_layer_is_ticked_off_by_key(lesson, album):
    found = explorer(lesson, "Step by step")
    settled(found)
    assert "fire4" in sentence(found)
    found.get_by_label("fire4", exact=True).press("Space")
    settled(found)
    assert "fire4" not in sentence(found)
    album.keep(found, "13_step_by_step.png")


def test_a_lower_threshold_finds_more_and_accuses_more(lesson):
    found = explorer(lesson, "Fake or real?")
    settled(found)
    counted = [[int(n) for n in re.findall(r"(\d+) of \d+ ", sentence(found))]]
    found.get_by_label("Threshold", exact=True).press("Home")
    settled(found)
    counted.append([int(n) for n in re.findall(r"(\d+) of \d+ ", sentence(found))])
    (found_before, accused_before), (found_after, accused_after) = counted
    assert found_after > found_before and accused_after > accused_before
    found.get_by_role("button", name="Reset").click()
    settled(found)


def painted(lesson):
    """Return the explorer that paints, as it was at first."""
    found = explorer(lesson, "Paint from words")
    found.get_by_role("button", name="Reset").click()
    settled(found)
    return found


def test_a_prompt_is_typed_painted_and_compared_with_the_one_before(lesson):
    found = painted(lesson)
    assert "small green armchair" in sentence(found)
    line = found.get_by_label("Prompt (Enter paints it)")
    line.fill("a big red cup")
    line.press("Enter")
    settled(found)
    assert "big red cup" in sentence(found)
    assert found.get_by_text("before: small green armchair left").count() == 1
    line.fill("a purple avocado, please")
    line.press("Enter")
    settled(found)
    assert "Unknown, so left out: avocado, please." in sentence(found)


@pytest.mark.parametrize("prompt", ["", "cup " * 5000])
def test_an_empty_prompt_and_a_very_long_one_are_painted_too(lesson, prompt):
    found = painted(lesson)
    line = found.get_by_label("Prompt (Enter paints it)")
    line.fill(prompt)
    line.press("Enter")
    settled(found)
    expected = "4,987 more" if prompt else "0 of 8 places for words are used: no word."
    assert expected in sentence(found)


def test_the_whole_avocado_test_can_be_stopped(lesson):
    found = explorer(lesson, "The avocado test")
    settled(found)
    found.get_by_label("Prompts").select_option("all 432 and 144")
    found.get_by_role("button", name="Cancel").click(timeout=20_000)
    settled(found)
    assert "Stopped" in found.locator(".aml4d-status").inner_text()
    found.get_by_role("button", name="Reset").click()
    settled(found)
    assert "of 24; interval" in sentence(found)
