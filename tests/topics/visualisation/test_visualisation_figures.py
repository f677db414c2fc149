"""Figures draw without complaint; words follow the result and name a number."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aml4d_utils.lessons.visualisation import exercises
from aml4d_utils.lessons.visualisation.questions import QUESTIONS
from aml4d_utils.notebook import show
from aml4d_utils.topics.visualisation import figures, reading, sanity
from aml4d_utils.topics.visualisation.collection import collection
from aml4d_utils.topics.visualisation.evolution import Evolution, Snapshot
from aml4d_utils.topics.visualisation.maximisation import DrawingStep
from aml4d_utils.topics.visualisation.occlusion import Occlusion, patch_starts
from aml4d_utils.topics.visualisation.projection import Looking
from aml4d_utils.topics.visualisation.top_patches import favourite_patches


def step(seed, count=3):
    rng = np.random.default_rng(seed)
    return DrawingStep(
        count, 1.0, rng.random((32, 32, 3)).astype(np.float32), rng.random(count) * 99
    )


def evolution(seed):
    rng = np.random.default_rng(seed)
    snapshots = [
        Snapshot(
            n,
            0.1 + n / 100,
            *(rng.normal(size=s) for s in ((8, 5, 5), (16, 10, 10))),
            rng.random((16, 10, 10)),
        )
        for n in (0, 10, 40)
    ]
    return Evolution(tuple(snapshots), 1.0)


def destruction(seed):
    rng = np.random.default_rng(seed)
    rules = ("deconvnet", "guided", "gradient")
    return [
        sanity.SanityStep(
            sanity.TOP_DOWN[:k],
            k / 10,
            {rule: rng.normal(size=(227, 227, 3)) for rule in rules},
            {rule: rng.random(k + 1) for rule in rules},
            0.1,
        )
        for k in range(11)
    ]


def occlusion(seed):
    rng = np.random.default_rng(seed)
    view = rng.random((227, 227, 3)).astype(np.float32)
    chances = rng.random((13, 13, 2)).astype(np.float32)
    return Occlusion(view, 47, patch_starts(47), chances, rng.random(2).astype(np.float32), 169)


@pytest.fixture(scope="module")
def projections(net, photo):
    looking = Looking(net, photo)
    spots = looking.loudest_spot("fire7"), looking.strongest_spot("fire5", 87)
    return [[looking.project(s, rule) for rule in ("deconvnet", "gradient")] for s in spots]


@pytest.fixture(scope="module")
def tests_of_names(net):
    return [
        reading.try_reading(net, reading.eye_or_dot(), *reading.DOT_UNIT),
        reading.try_reading(net, reading.face_or_dots(), *reading.FACE_UNIT),
    ]


def check_pair(draw, describe, one, other):
    texts = [describe(*result) for result in (one, other)]
    assert texts[0] != texts[1]
    for text, result in zip(texts, (one, other), strict=True):
        assert re.search(r"\d", text) and "nan" not in text
        assert draw is None or "<img" in show(draw(*result), text).markup


def test_projections(projections):
    one, other = projections
    check_pair(figures.draw_projections, figures.describe_projections, (one,), (other,))
    check_pair(None, figures.describe_projection, (one[0], 1), (other[0], 2))


def test_a_silent_projection_says_so(projections):
    silent = replace(projections[0][0], spot=replace(projections[0][0].spot, value=0.0))
    words = figures.describe_projection(silent, 9, (4, 5))
    assert words == "At row 4, column 5, no unit of fire7 has rank 9: nothing goes back."
    lost = replace(projections[0][0], silent=True)
    assert "nothing gets back through the ReLUs" in figures.describe_projection(lost)


def test_drawings():
    results = [(step(k), step(k + 9), [(5 * k, 3.0), (4.0, k)]) for k in (1, 2)]
    check_pair(figures.draw_two_drawings, figures.describe_two_drawings, *results)
    check_pair(None, figures.describe_drawing, (step(1), "unit 3"), (step(2), "unit 3"))


def test_evolutions():
    results = [(evolution(k),) for k in (1, 2)]
    check_pair(figures.draw_evolution, figures.describe_evolution, *results)


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


def test_destructions():
    results = [(destruction(k),) for k in (1, 2)]
    check_pair(figures.draw_sanity, figures.describe_sanity, *results)


def test_names(tests_of_names):
    results = [(test,) for test in tests_of_names]
    check_pair(figures.draw_reading, figures.describe_reading, *results)


def test_claims():
    one = exercises.READINGS
    other = {"spots": (["small dot"], ["ring", "bars"])}
    check_pair(
        lambda claims: figures.draw_claims(claims, exercises.picture),
        figures.describe_claims,
        (one,),
        (other,),
    )


def test_the_lesson_says_how_many_pictures_there_are():
    text = (Path(__file__).parents[3] / "lessons/08_what_cnns_learn.py").read_text("utf-8")
    assert f"showed SqueezeNet {len(collection())} pictures" in " ".join(text.split())


def test_favourites(net):
    results = [(next(favourite_patches(net, "fire5", unit)),) for unit in (87, 171)]
    check_pair(None, figures.describe_favourites, *results)
    assert "You call it" not in figures.describe_favourites(*results[0])
    assert figures.describe_favourites(*results[0], "dots").endswith("You call it “dots”.")


def test_occlusions():
    one, other = occlusion(1), occlusion(2)
    check_pair(None, figures.describe_occlusion, (one, 0, "cat"), (other, 0, "cat"))
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
