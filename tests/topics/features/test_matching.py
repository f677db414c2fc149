"""Matching: loops, whole arrays, OpenCV's and scikit-image's ratio test agree."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.feature import match_descriptors

from aml4d_utils.topics.features.matching import correct_matches, match, match_loops, repeatability
from aml4d_utils.topics.features.sift import fast_sift
from aml4d_utils.topics.features.transforms import View, move_points, transform_image


@pytest.fixture(scope="module")
def pair(cat):
    seen = transform_image(cat, View(rotation=20, scale=0.8))
    return fast_sift(cat), fast_sift(seen.image), seen


def sets(most=7):
    return arrays(
        np.float64, st.tuples(st.integers(0, most), st.just(3)), elements=st.integers(0, 4)
    )


@settings(deadline=None)
@given(sets(), sets(), st.floats(0.1, 1))
def test_fast_equals_loops(first, second, ratio):
    slow, fast = match_loops(first, second, ratio), match(first, second, ratio)
    np.testing.assert_array_equal(fast.first, slow.first)
    np.testing.assert_array_equal(fast.second, slow.second)
    np.testing.assert_allclose(fast.distance, slow.distance, atol=1e-12)
    np.testing.assert_allclose(fast.ratio, slow.ratio, atol=1e-12)
    assert (fast.ratio < 1).all()
    assert (fast.distance >= 0).all()


@pytest.mark.parametrize("ratio", [0.6, 0.8, 0.95])
def test_real_descriptors(pair, ratio):
    first, second = pair[0].descriptors, pair[1].descriptors
    fast = match(first, second, ratio)
    found = list(zip(fast.first.tolist(), fast.second.tolist(), strict=True))
    assert len(found) > 100
    knn = cv2.BFMatcher(cv2.NORM_L2).knnMatch(first, second, k=2)
    kept = [(a.queryIdx, a.trainIdx) for a, b in knn if a.distance < ratio * b.distance]
    assert found == kept
    theirs = match_descriptors(first, second, max_ratio=ratio, cross_check=False)
    assert found == [tuple(row) for row in theirs.tolist()]


def test_loops_on_real_descriptors(pair):
    first, second = pair[0].descriptors[:40], pair[1].descriptors[:90]
    slow, fast = match_loops(first, second), match(first, second)
    np.testing.assert_array_equal(slow.second, fast.second)
    np.testing.assert_allclose(slow.ratio, fast.ratio, atol=1e-9)


def test_more_than_one_chunk():
    rng = np.random.default_rng(0)
    first, second = rng.random((2500, 4)), rng.random((60, 4))
    parts = [match(first[i : i + 500], second) for i in range(0, 2500, 500)]
    whole = match(first, second)
    np.testing.assert_array_equal(whole.second, np.concatenate([part.second for part in parts]))


def test_a_stricter_ratio_keeps_fewer_and_righter(pair):
    first, second, seen = pair
    kept, right = [], []
    for ratio in (0.6, 0.8, 1.0):
        found = match(first.descriptors, second.descriptors, ratio)
        correct = correct_matches(found, first.positions, second.positions, seen.matrix)
        kept.append(len(found))
        right.append(correct.mean())
    assert kept[0] < kept[1] < kept[2]
    assert right[0] > 0.97
    assert right[0] >= right[1] > right[2] + 0.1


def test_truth_comes_from_the_matrix(pair):
    first, second, seen = pair
    found = match(first.descriptors, second.descriptors)
    wrong = correct_matches(found, first.positions, second.positions, np.eye(3))
    assert wrong.mean() < 0.1
    exact = move_points(first.positions, seen.matrix)
    same = match(first.descriptors, first.descriptors, 1.0)
    assert correct_matches(same, first.positions, exact, seen.matrix, 1e-6).all()
    assert not correct_matches(same, first.positions, exact + 2, seen.matrix, 2.8).any()
    assert correct_matches(same, first.positions, exact + 2, seen.matrix, 2.9).all()


@pytest.mark.parametrize(("one", "other"), [(0, 5), (5, 0), (5, 1), (0, 0)])
def test_too_few_to_compare(one, other):
    for way in (match, match_loops):
        found = way(np.ones((one, 3)), np.ones((other, 3)))
        assert len(found) == 0
        assert correct_matches(found, np.ones((one, 2)), np.ones((other, 2)), np.eye(3)).shape == (
            0,
        )


@pytest.mark.parametrize("way", [match, match_loops])
def test_wrong_input(way):
    with pytest.raises(ValueError, match=r"\(N, D\) and \(K, D\), but got \(2, 3\) and \(2, 4\)"):
        way(np.ones((2, 3)), np.ones((2, 4)))
    with pytest.raises(ValueError, match="NaN"):
        way(np.full((2, 3), np.nan), np.ones((2, 3)))
    with pytest.raises(ValueError, match="ratio above 0 and up to 1, but got 0"):
        way(np.ones((2, 3)), np.ones((2, 3)), 0)


@settings(deadline=None)
@given(arrays(np.float64, (6, 2), elements=st.integers(0, 9)), st.integers(0, 6))
def test_repeatability_counts_what_is_found_again(points, count):
    share = repeatability(points, points[:count], np.eye(3), (10, 10), 0.0)
    expected = np.mean([any((p == q).all() for q in points[:count]) for p in points])
    assert share == pytest.approx(expected)


def test_repeatability_without_points():
    nothing = np.zeros((0, 2))
    assert repeatability(nothing, np.ones((3, 2)), np.eye(3), (5, 5)) == 0
    assert repeatability(np.ones((3, 2)), nothing, np.eye(3), (5, 5)) == 0
    assert repeatability(np.full((3, 2), 7.0), np.full((3, 2), 7.0), np.eye(3), (5, 5)) == 0
