"""The contest: honest splits, a classifier that equals scikit-learn's, sober intervals."""

import numpy as np
import pytest
from sklearn.linear_model import RidgeClassifier

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.hog.contest import (
    CATEGORIES,
    COPIES,
    FASHION,
    FOLDS,
    PLAIN,
    REAL,
    RIDGE,
    FeatureAttempt,
    attempt,
    attempt_steps,
    compare,
    contest_pictures,
    feature_matrix,
    folds,
    predicted,
    similarities,
)


def an_attempt(right, groups=None, **changes):
    right = np.array(right, dtype=bool)
    groups = np.arange(len(right)) if groups is None else np.array(groups)
    given = {"dataset": REAL, "families": ("HOG",), "numbers": 7, **changes}
    return FeatureAttempt(**given, right=right, groups=groups)


# --- pictures and splits ---------------------------------------------------------------------


@pytest.mark.parametrize("dataset", [REAL, PLAIN, FASHION])
def test_no_original_is_on_both_sides(dataset):
    pictures = contest_pictures(dataset)
    tested = []
    for train, test in folds(pictures):
        assert not set(pictures.groups[train]) & set(pictures.groups[test])
        assert len(np.unique(pictures.labels[train])) == len(pictures.class_names)
        tested += test.tolist()
    assert sorted(tested) == list(range(len(pictures.labels)))
    assert len(folds(pictures)) == FOLDS


def test_originals_are_whole_and_of_one_kind():
    pictures = contest_pictures(REAL)
    assert (np.bincount(pictures.groups) == COPIES).all()
    for group in np.unique(pictures.groups):
        assert len(set(pictures.labels[pictures.groups == group])) == 1
    assert pictures.class_names == CATEGORIES
    assert pictures.pictures.dtype == np.float32


def test_the_same_cut_outs_lie_on_both_grounds():
    real, plain = contest_pictures(REAL), contest_pictures(PLAIN)
    np.testing.assert_array_equal(real.labels, plain.labels)
    ground = (plain.pictures == 0.5).all(axis=3)
    assert ground.mean() > 0.3
    inside = ~ground & (np.abs(real.pictures - plain.pictures).max(axis=3) < 1e-6)
    assert inside.any(axis=(1, 2)).all()
    differs = np.abs(real.pictures - plain.pictures).max(axis=3)[ground]
    assert (differs > 0.01).mean() > 0.9


def test_the_ground_tells_nothing():
    """A classifier that sees only the corners of the pictures is no better than guessing."""
    pictures = contest_pictures(REAL)
    corners = np.stack([pictures.pictures[:, :6, :6], pictures.pictures[:, -6:, -6:]], axis=1)
    right = np.zeros(len(pictures.labels), dtype=bool)
    for train, test in folds(pictures):
        pairs = similarities(corners.reshape(len(corners), -1), train, test)
        right[test] = predicted(*pairs, pictures.labels[train]) == pictures.labels[test]
    low, high = wilson(float(right.mean()), len(np.unique(pictures.groups)))
    assert low < 1 / len(CATEGORIES) + 0.05
    assert high < 0.35


def test_unknown_names():
    with pytest.raises(ValueError, match="no set 'cats'"):
        contest_pictures("cats")
    with pytest.raises(ValueError, match="no family 'smell'"):
        attempt(REAL, ["HOG", "smell"])
    with pytest.raises(ValueError, match="no family 'smell'"):
        feature_matrix(REAL, "smell")


# --- the classifier --------------------------------------------------------------------------


@pytest.mark.parametrize("classes", [2, 5])
def test_answers_are_those_of_ridge_regression(classes):
    rng = np.random.default_rng(3)
    features = rng.normal(size=(90, 40))
    labels = rng.integers(0, classes, 90)
    features[:, :classes] += 1.5 * np.eye(classes)[labels]
    train, test = np.arange(60), np.arange(60, 90)
    found = predicted(*similarities(features, train, test), labels[train])
    inside = features[train] - features[train].mean(axis=0)
    size = np.sqrt((inside**2).sum(axis=1).mean())
    peer = RidgeClassifier(alpha=RIDGE).fit(features[train] / size, labels[train])
    np.testing.assert_array_equal(found, peer.predict(features[test] / size))
    assert 1 / classes < (found == labels[test]).mean() < 1


def test_an_attempt_is_the_mean_of_its_families():
    pictures = contest_pictures(PLAIN)
    train, test = folds(pictures)[0]
    pairs = [similarities(feature_matrix(PLAIN, name), train, test) for name in ("LBP", "colours")]
    within, across = ((one + other) / 2 for one, other in zip(*pairs, strict=True))
    expected = predicted(within, across, pictures.labels[train]) == pictures.labels[test]
    np.testing.assert_array_equal(attempt(PLAIN, ["colours", "LBP"]).right[test], expected)


def test_a_constant_family_changes_no_answer():
    flat = np.ones((10, 3))
    within, across = similarities(flat, np.arange(6), np.arange(6, 10))
    assert np.isfinite(within).all()
    assert (across == 0).all()


def test_facts_of_the_lesson():
    """What the lesson builds on; a change of data or method must be noticed."""
    hog = attempt(REAL, ["HOG"])
    assert hog.accuracy > attempt(REAL, ["pixels"]).accuracy > attempt(REAL, []).accuracy
    assert attempt(REAL, ["HOG", "colours"]).accuracy > hog.accuracy
    gains = {
        name: attempt(PLAIN, [name]).accuracy - attempt(REAL, [name]).accuracy
        for name in ("HOG", "LBP", "colours", "pixels")
    }
    assert max(gains, key=gains.get) == "LBP"
    assert hog.numbers == feature_matrix(REAL, "HOG").shape[1] == 1764


def test_steps_tell_how_far_they_are():
    *steps, last = attempt_steps(PLAIN, ["edge density", "LBP"])
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions)
    assert all(step.attempt is None for step in steps)
    assert last.fraction == 1
    assert last.attempt.families == ("LBP", "edge density")
    assert last.attempt == attempt(PLAIN, ["LBP", "edge density"])


def test_no_features_is_the_most_common_class():
    pictures = contest_pictures(REAL)
    nothing = attempt(REAL, [])
    expected = np.zeros(len(pictures.labels), dtype=bool)
    for train, test in folds(pictures):
        common = np.bincount(pictures.labels[train]).argmax()
        expected[test] = pictures.labels[test] == common
    np.testing.assert_array_equal(nothing.right, expected)
    assert (nothing.numbers, nothing.name) == (0, "no features")


# --- comparisons ---------------------------------------------------------------


def test_the_interval_counts_originals_not_pictures():
    alone = an_attempt([1, 0, 1, 1])
    twins = an_attempt([1, 0, 1, 1] * 5, groups=[0, 1, 2, 3] * 5)
    assert twins.originals == 4
    assert twins.interval == alone.interval


def test_compare_counts_originals():
    first = an_attempt([1, 1, 0, 0, 0, 0], groups=[0, 0, 1, 1, 2, 2])
    second = an_attempt([1, 0, 1, 1, 0, 1], groups=[0, 0, 1, 1, 2, 2])
    found = compare(first, second)
    assert (found.won, found.lost) == (2, 1)
    assert found.chance == 1
    same = compare(first, first)
    assert (same.won, same.lost, same.chance) == (0, 0, 1.0)
    clear = compare(an_attempt([0] * 10), an_attempt([1] * 10))
    assert clear.chance == pytest.approx(2 / 2**10)
    with pytest.raises(ValueError, match="cannot be compared"):
        compare(first, an_attempt([1], dataset=FASHION))
