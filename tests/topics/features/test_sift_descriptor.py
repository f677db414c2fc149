"""The descriptor: 4 × 4 × 8 shared votes, held against loops over pixels, cells and bins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aml4d_utils.topics.features.sift_descriptor import (
    describe_keypoint,
    grid_histograms,
    unit_clipped,
)


def texture(seed=0, size=64):
    from scipy.ndimage import gaussian_filter

    noise = np.random.default_rng(seed).random((size, size))
    return 0.5 + 4 * (gaussian_filter(noise, 2.5) - 0.5)


def slow_histograms(rows, cols, turned, votes):
    """Give each vote to every cell and bin, less the farther it is: nothing at distance 1."""
    result = np.zeros((4, 4, 8))
    for row, col, angle, vote in zip(rows, cols, turned, votes, strict=True):
        for i, j, k in np.ndindex(4, 4, 8):
            turn = abs(angle / 45 - k) % 8
            near = [1 - abs(row - i), 1 - abs(col - j), 1 - min(turn, 8 - turn)]
            result[i, j, k] += vote * np.prod(np.maximum(near, 0))
    return result


@settings(deadline=None)
@given(st.integers(0, 12), st.integers(0, 2**31))
def test_votes_are_shared_by_distance(count, seed):
    rng = np.random.default_rng(seed)
    rows, cols = rng.uniform(-0.999, 4, (2, count))
    turned, votes = rng.uniform(0, 360, count), rng.random(count)
    np.testing.assert_allclose(
        grid_histograms(rows, cols, turned, votes),
        slow_histograms(rows, cols, turned, votes),
        atol=1e-9,
    )


def test_a_pixel_in_the_middle_of_a_cell_votes_once():
    found = grid_histograms(*(np.array([value]) for value in (2.0, 1.0, 90.0, 5.0)))
    assert found[2, 1, 2] == 5
    assert found.sum() == 5


@settings(deadline=None)
@given(st.integers(0, 99), st.floats(1, 4), st.floats(0, 360, exclude_max=True))
def test_a_unit_vector_without_loud_numbers(seed, sigma, angle):
    found = describe_keypoint(texture(seed), 30, 33, sigma, angle)
    assert found.vector.shape == (128,)
    assert found.vector.dtype == np.float32
    assert np.linalg.norm(found.vector) == pytest.approx(1, abs=1e-5)
    assert found.vector.min() >= 0
    # The second scaling lifts the cut-off a little above 0.2.
    assert found.vector.max() < 0.4
    assert ((found.turned >= 0) & (found.turned < 360)).all()
    assert found.histograms.sum() <= (found.weights * found.patch.magnitude).sum() + 1e-9


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turning_photo_and_keypoint_changes_nothing(turns):
    image = texture(size=65)
    straight = describe_keypoint(image, 32, 32, 2.0, 25.0)
    turned = describe_keypoint(np.rot90(image, -turns), 32, 32, 2.0, (25.0 + 90 * turns) % 360)
    np.testing.assert_allclose(straight.vector, turned.vector, atol=1e-5)
    np.testing.assert_allclose(straight.histograms, turned.histograms, atol=1e-9)


def test_light_and_contrast_change_nothing():
    image = texture()
    straight = describe_keypoint(image, 30, 30, 2.0, 0.0).vector
    np.testing.assert_allclose(
        describe_keypoint(0.3 * image + 0.4, 30, 30, 2.0, 0.0).vector, straight, atol=1e-6
    )


def test_a_ramp_votes_for_one_direction():
    rows, cols = np.mgrid[:64, :64]
    found = describe_keypoint(0.01 * rows + 0.0 * cols, 32, 32, 2.0, 90.0)
    votes = found.histograms.sum(axis=(0, 1))
    assert votes[0] > 0
    assert votes[1:].sum() < 1e-9 * votes[0]


def test_where_nothing_changes_the_vector_is_zero():
    found = describe_keypoint(np.full((40, 40), 0.5), 20, 20, 2.0, 0.0)
    assert not found.vector.any()


@pytest.mark.parametrize("place", [(0, 0), (5, 63), (63, 30)])
def test_at_the_border_only_what_is_there_counts(place):
    found = describe_keypoint(texture(), *place, 2.0, 10.0)
    assert np.isfinite(found.vector).all()
    assert np.linalg.norm(found.vector) == pytest.approx(1, abs=1e-5)


@settings(deadline=None)
@given(arrays(np.float64, 128, elements=st.integers(0, 10**6)))
def test_clipping_bounds_the_influence(vector):
    clipped = unit_clipped(vector)
    assert np.isfinite(clipped).all()
    assert np.linalg.norm(clipped) == pytest.approx(1 if vector.any() else 0, abs=1e-6)
    assert (np.diff(clipped[np.argsort(vector)]) >= -1e-12).all()
