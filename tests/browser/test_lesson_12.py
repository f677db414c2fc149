"""Lesson 12 in a real JupyterLab: a contest, its illnesses, faces and the game."""

from __future__ import annotations

from pathlib import Path

import lab
import pytest
import stage
from stage import explorer, sentence, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPLORERS = (
    "Two networks, one plane",
    "Up and down again",
    "Film",
    "The doctor",
    "A face in 100 numbers",
    "From face to face",
    "Arithmetic with faces",
    "Which face is real?",
)


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("12_gans")
    notebook.run_all()
    return notebook


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []


def test_every_picture_says_what_it_shows(lesson):
    stage.check_every_picture_says_what_it_shows(lesson, least=20)


def test_every_input_has_a_name(lesson):
    stage.check_every_input_has_a_name(lesson)


@pytest.mark.parametrize("title", EXPLORERS[1:])
def test_every_control_answers_to_keys(lesson, title, screenshots):
    stage.check_every_control_answers_to_keys(lesson, title, screenshots)
    explorer(lesson, title).get_by_role("button", name="Reset").click()


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
    assert lesson.trouble == []
