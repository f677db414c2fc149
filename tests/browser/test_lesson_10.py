"""Lesson 10 in a real JupyterLab: move by a pixel, vary, attack."""

from __future__ import annotations

from pathlib import Path

import lab
import pytest
import stage
from stage import explorer, sentence, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPLORERS = (
    "One pixel",
    "What it forgives",
    "Round the thing",
    "Augmentation bench",
    "Attack",
    "How hard may it get?",
)


@pytest.fixture(scope="module")
def lesson(open_notebook, screenshots: Path) -> lab.Notebook:
    notebook = open_notebook("10_invariance_and_augmentation")
    notebook.run_all()
    return notebook


def test_every_cell_runs(lesson):
    assert lesson.errors_in_cells() == []
    assert lesson.trouble == []


def test_every_picture_says_what_it_shows(lesson):
    stage.check_every_picture_says_what_it_shows(lesson, least=15)


def test_every_input_has_a_name(lesson):
    stage.check_every_input_has_a_name(lesson)


@pytest.mark.parametrize("title", EXPLORERS)
def test_every_control_answers_to_keys(lesson, title, screenshots):
    stage.check_every_control_answers_to_keys(lesson, title, screenshots)
    explorer(lesson, title).get_by_role("button", name="Reset").click()


def test_the_label_is_mixed_as_the_picture_is(lesson):
    found = explorer(lesson, "Augmentation bench")
    settled(found)
    assert "100 %" in sentence(found)
    found.get_by_label("Mix in a cup of coffee", exact=True).select_option("mixup")
    settled(found)
    assert "40 % espresso" in sentence(found)
    found.get_by_role("button", name="Reset").click()
    settled(found)


def test_an_attack_of_a_few_levels_changes_the_first_guess(lesson):
    found = explorer(lesson, "Attack")
    settled(found)
    found.get_by_label("Attack", exact=True).select_option("PGD, 10 steps")
    settled(found)
    before, _, after = sentence(found).partition("now it says")
    first = before.rpartition("The network said ")[2].partition(",")[0]
    assert first
    assert first not in after
    assert lesson.trouble == []
