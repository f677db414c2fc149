"""Lesson 10 in a real JupyterLab: move by a pixel, vary, attack."""

from __future__ import annotations

import pytest
from stage import explorer, sentence, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
