"""Lesson 12 in a real JupyterLab: a contest, its illnesses, faces and the game."""

from __future__ import annotations

import pytest
from stage import explorer, sentence, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_button_plays_one_round(lesson):
    found = explorer(lesson, "Two networks, one plane")
    settled(found)
    assert "Round 0" in sentence(found)
    found.get_by_role("button", name="One round").click()
    settled(found)
    assert "Round 1," in sentence(found)
    found.get_by_role("button", name="Reset").click()
    settled(found)
    assert "Round 0" in sentence(found)


def test_the_doctor_finds_the_collapse(lesson):
    found = explorer(lesson, "The doctor")
    settled(found)
    assert "healthy" in sentence(found)
    found.get_by_label("Patient", exact=True).select_option("hasty")
    settled(found)
    assert "collapse" in sentence(found)


def test_twenty_answers_give_a_score(lesson):
    found = explorer(lesson, "Which face is real?")
    settled(found)
    for number in range(20):
        assert f"{number} of 20 answered" in sentence(found)
        found.get_by_role("button", name="Real", exact=True).click()
        settled(found)
    assert "50 % of 20 right" in sentence(found)
