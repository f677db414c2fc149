"""The words and the pictures say what was measured, also of nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from topics.visualisation.examples import evolution, favourites, occlusion, projections

from aml4d_utils.lessons.visualisation import exercises
from aml4d_utils.lessons.visualisation.questions import QUESTIONS
from aml4d_utils.notebook import show
from aml4d_utils.topics.visualisation import figures
from aml4d_utils.topics.visualisation.collection import collection
from aml4d_utils.topics.visualisation.evolution import Evolution


def test_a_silent_projection_says_so():
    one = projections()[0][0]
    silent = replace(one, spot=replace(one.spot, value=0.0))
    words = figures.describe_projection(silent, 9, (4, 5))
    assert words == "At row 4, column 5, no unit of fire7 has rank 9: nothing goes back."
    lost = replace(one, silent=True)
    assert "nothing gets back through the ReLUs" in figures.describe_projection(lost)


def test_neither_tiles_nor_likeness_ask_how_strong_a_pattern_is():
    strong = evolution(1)
    fading = [
        replace(snapshot, kernels=snapshot.kernels * np.linspace(1, 0.1, 8).reshape(8, 1, 1))
        for snapshot in strong.snapshots
    ]
    faded = Evolution(tuple(fading), 1.0)
    np.testing.assert_allclose(figures.settled(faded), figures.settled(strong))
    sheets = [figures.draw_evolution(e).axes[0].images[0].get_array() for e in (strong, faded)]
    np.testing.assert_array_equal(*sheets)


def test_claims_are_drawn_from_the_lessons_pictures():
    words = figures.describe_claims(exercises.READINGS)
    assert show(figures.draw_claims(exercises.READINGS, exercises.picture), words).markup


def test_the_lesson_says_how_many_pictures_there_are():
    text = (Path(__file__).parents[3] / "lessons/08_what_cnns_learn.py").read_text("utf-8")
    assert f"showed SqueezeNet {len(collection())} pictures" in " ".join(text.split())


def test_favourites_bear_the_students_name():
    one = favourites()[0]
    assert "You call it" not in figures.describe_favourites(one)
    assert figures.describe_favourites(one, "dots").endswith("You call it “dots”.")


def test_occlusions():
    one = occlusion(1)
    worst = one.worst_place(0)
    assert "Nowhere is it lower" in figures.describe_occlusion(one, 0, "cat", worst)
    other_place = (worst[0], (worst[1] + 1) % 13)
    now = figures.percent(one.chances[(*other_place, 0)], 1)
    assert f"{now}. It is lowest" in figures.describe_occlusion(one, 0, "cat", other_place)
    picture, limit = figures.occlusion_picture(one, 1)
    assert picture.shape == (227, 227, 3) and 0 <= picture.min() <= picture.max() <= 1
    assert limit == pytest.approx(np.abs(one.drops(1)).max(), rel=0.02)
    nothing = replace(one, chances=np.full_like(one.chances, np.nan))
    assert "nothing has been hidden yet" in figures.describe_occlusion(nothing, 0, "cat")
    assert figures.occlusion_picture(nothing, 0)[1] == 1.0


def test_a_class_map_of_nothing_is_dark_everywhere():
    view = np.full((227, 227, 3), 0.5, np.float32)
    assert np.ptp(figures.class_map_picture(view, np.zeros((227, 227)))[..., 0]) == 0


@pytest.mark.parametrize("side", [1, 3, 23, 120, 200])
def test_enlarged_pixels_stay_squares(side):
    picture = np.random.default_rng(side).random((side, side, 3))
    large = figures.enlarged(picture, 120)
    assert large.shape == (120, 120, 3)
    if side in (1, 3):
        block = 120 // side
        np.testing.assert_array_equal(large, np.kron(picture, np.ones((block, block, 1))))


def test_missing_tiles_are_grey():
    sheet = figures.patch_sheet([np.ones((4, 4, 3))], 4, 2, 10, gap=0)
    assert sheet.shape == (20, 20, 3)
    assert (sheet[:10, :10] == 255).all() and (sheet[10:] == 128).all()


def test_every_question_has_one_right_answer_and_says_why():
    assert 4 <= len(QUESTIONS) <= 6
    for question in QUESTIONS:
        assert sum(answer.right for answer in question.answers) == 1
        assert all(len(answer.why) > 20 for answer in question.answers)
