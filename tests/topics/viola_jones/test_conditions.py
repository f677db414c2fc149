"""Faces under conditions, counted; and one feature among all."""

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.nets.detection import Detections
from aml4d_utils.topics.viola_jones.boosting import Stumps
from aml4d_utils.topics.viola_jones.conditions import (
    CONDITIONS,
    covered,
    darkened,
    in_margin,
    shrunken,
    sweep,
    turned,
)
from aml4d_utils.topics.viola_jones.detecting import find_faces_quickly
from aml4d_utils.topics.viola_jones.face_boosting import boost_faces, held_out_scores, intervals
from aml4d_utils.topics.viola_jones.faces import training_examples
from aml4d_utils.topics.viola_jones.haar import HaarFeature, all_features, feature_values
from aml4d_utils.topics.viola_jones.separating_faces import Contest

FACES = images.faces().test_faces[:12]


def found(count):
    return Detections(np.zeros((count, 4)), np.ones(count), np.full(count, "face"))


def test_a_real_detector_loses_tilted_dark_covered_and_small_faces():
    *_, last = sweep(FACES, find_faces_quickly)
    tilt, dark, mask, size = (last[name] for name in CONDITIONS)
    assert tilt.share_at(0) >= 0.75
    assert max(tilt.share_at(-45), tilt.share_at(60)) <= 0.25
    assert dark.found[0] == 0
    assert dark.found[-1] == mask.found[0] == tilt.share_at(0) * 12
    assert mask.found[-1] <= 2
    assert size.found[0] == 0
    assert size.found[-1] >= 9


def test_values_and_fractions_grow_one_by_one():
    records = list(sweep(FACES[:2], lambda picture: found(1), ["tilt", "size"]))
    assert len(records) == sum(len(CONDITIONS[name].values) for name in ("tilt", "size"))
    fractions = [record.fraction for record in records]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert list(records[0].done) == ["tilt"]
    assert records[-1]["tilt"].shares.tolist() == [1.0] * len(CONDITIONS["tilt"].values)


def test_limits_are_where_half_are_found():
    *_, last = sweep(FACES[:4], lambda p: found(int(p.mean() > 0.05)), ["darkness"])
    low, high = last["darkness"].limit()
    assert 0.05 <= low < high == 1
    *_, never = sweep(FACES[:2], lambda p: found(0), ["darkness"])
    assert np.isnan(never["darkness"].limit()).all()


def test_an_unknown_condition_is_refused():
    with pytest.raises(ValueError, match="choose tilt, darkness, mask, size"):
        next(sweep(FACES, find_faces_quickly, ["fog"]))


def test_what_is_done_to_a_face():
    face = in_margin(FACES[0])
    assert face.shape == (90, 90)
    np.testing.assert_allclose(turned(face, 0), face, atol=1e-6)
    np.testing.assert_allclose(turned(turned(face, 90), -90)[10:-10, 10:-10], face[10:-10, 10:-10],
                               atol=0.02)  # fmt: skip
    np.testing.assert_allclose(turned(face, 90)[1:-1, 1:-1], np.rot90(face)[1:-1, 1:-1], atol=0.02)
    assert set(np.unique(darkened(face, 0.02) * 255).round(3)) <= {0, 1, 2, 3, 4, 5}
    assert darkened(np.full((2, 2), 0.8), 2).max() == 1
    half = covered(face, 0.5)
    inside = half[20:-20, 20:-20]
    np.testing.assert_array_equal(half[:45], face[:45])
    assert np.ptp(inside[25:]) == 0
    np.testing.assert_array_equal(covered(face, 0), face)
    assert shrunken(face, 25).shape == (45, 45)


# --- one feature among all -------------------------------------------------------------------


@pytest.fixture(scope="module")
def contest():
    return Contest(*training_examples(images.faces()))


def test_the_rank_counts_the_features_with_fewer_mistakes(contest):
    bank = all_features(25, step=2, least=2)
    values = feature_values(bank, contest.pictures)
    weights = np.full(len(contest.is_face), 1 / len(contest.is_face))
    errors = Stumps(values, contest.is_face).smallest_errors(weights)
    for number in (0, 5000, int(errors.argmin())):
        result = contest.separate(bank[number])
        assert result.better == (errors < errors[number] - 1e-9).sum()
        assert len(result.mistakes) == round(errors[number] * len(weights))
        assert result.compared == len(bank)
    assert contest.separate(bank[int(errors.argmin())]).better == 0


def test_a_feature_that_never_differs_separates_nothing():
    contest = Contest(np.full((6, 25, 25), 0.5) + np.eye(25) * 0.1, np.arange(6) < 3)
    result = contest.separate(HaarFeature("left and right", 0, 0, 5, 5))
    assert result.best is None
    assert result.mistakes.tolist() == [3, 4, 5]


# --- boosting on faces -----------------------------------------------------------------------


def test_the_held_out_pictures_are_judged_by_the_chosen_features(boosting):
    last = boosting[-1]
    faces, others = held_out_scores(last, images.faces())
    wrong = (faces < 0).sum() + (others >= 0).sum()
    assert last.held_out == len(faces) + len(others)
    assert last.wrong == wrong
    assert last.held_out_wrong[-1] == pytest.approx(wrong / last.held_out)
    assert last.held_out_wrong[-1] < 0.25


def test_records_come_while_measuring_and_after_each_round(boosting):
    measuring = [state for state in boosting if state.round is None]
    assert len(measuring) >= 1
    assert measuring[-1].measured == boosting[-1].measured
    assert [len(s.features) for s in boosting[len(measuring) :]] == [1, 2, 3, 4, 5, 6]
    fractions = [state.fraction for state in boosting]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)


def test_the_hardest_examples_come_first(boosting):
    weights = boosting[-1].round.weights[boosting[-1].hardest]
    assert (np.diff(weights) <= 0).all()


def test_as_a_cascade_it_decides_the_same(boosting):
    from aml4d_utils.topics.viola_jones.cascade_training import judge_windows
    from aml4d_utils.topics.viola_jones.haar import FLAT, contrast

    data = images.faces()
    faces, _ = held_out_scores(boosting[-1], data)
    assert (contrast(data.test_faces) > FLAT).all()
    np.testing.assert_array_equal(
        judge_windows(boosting[-1].cascade(), data.test_faces), faces >= 0
    )


def test_what_was_stopped_before_its_first_round_says_so(boosting):
    assert boosting[0].round is None and boosting[-1].right == 1 - boosting[-1].held_out_wrong[-1]
    with pytest.raises(ValueError, match="run its cell again"):
        _ = boosting[0].right
    with pytest.raises(ValueError, match="before it chose one"):
        boosting[0].cascade()


def test_the_same_seedless_training_gives_the_same(boosting):
    *_, again = boost_faces(images.faces(), 6, step=3)
    assert again.features == boosting[-1].features


@pytest.mark.parametrize(("wrong", "count"), [(0, 80), (3, 80), (80, 80), (1, 5)])
def test_the_interval_is_wilsons(wrong, count):
    from scipy.stats import binomtest

    truth = binomtest(wrong, count).proportion_ci(0.95, method="wilson")
    (low,), (high,) = intervals(np.array([wrong / count]), count)
    assert (low, high) == pytest.approx((truth.low, truth.high), abs=1e-6)
