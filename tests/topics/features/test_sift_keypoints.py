"""Finding, refining and turning keypoints, each held against a slow or an exact answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aml4d_utils.topics.features.scale_space import SiftSettings, scale_space
from aml4d_utils.topics.features.sift_keypoints import (
    BORDER,
    Fate,
    derivatives,
    edge_ratio,
    extrema_mask,
    find_extrema,
    orientation,
    patch_around,
    peaks,
    refine,
    smoothed,
)


def blob(row, col, sigma, size=96, ratio=1.0, depth=0.7):
    rows, cols = np.mgrid[:size, :size]
    far = ((rows - row) / ratio) ** 2 + (cols - col) ** 2
    return 0.1 + depth * np.exp(-far / (2 * sigma**2))


# --- extrema ---------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**31))
def test_extrema_are_above_or_below_all_26(seed):
    # Few levels make ties, which count as extrema.
    values = np.random.default_rng(seed).integers(-4, 5, (5, 14, 15)).astype(np.float32)
    found = extrema_mask(values, SiftSettings(contrast=6.0))
    for layer, row, col in np.ndindex(values.shape):
        value = values[layer, row, col]
        inside = 1 <= layer <= 3 and BORDER <= row < 14 - BORDER and BORDER <= col < 15 - BORDER
        expected = False
        if inside and abs(value) > 1:
            around = values[layer - 1 : layer + 2, row - 1 : row + 2, col - 1 : col + 2]
            expected = value == around.max() if value > 0 else value == around.min()
        assert found[layer, row, col] == expected


def test_nothing_in_a_constant_photo():
    space = scale_space(np.full((60, 60), 0.4))
    candidates = find_extrema(space)
    assert len(candidates) == 0
    refined = refine(space, candidates)
    assert len(refined.fate) == 0
    assert refined.offset.shape == (0, 3)


# --- refinement ------------------------------------------------------------------------------


@settings(deadline=None)
@given(arrays(np.float64, 10, elements=st.floats(-2, 2)))
def test_derivatives_of_a_parabola_are_exact(numbers):
    slope, upper = numbers[:3], np.zeros((3, 3))
    upper[np.triu_indices(3)] = numbers[3:9]
    curvature = upper + upper.T
    steps = np.stack(np.mgrid[:3, :3, :3], axis=-1) - 1.0
    values = numbers[9] + steps @ slope + 0.5 * np.einsum("...i,ij,...j", steps, curvature, steps)
    found_slope, found_curvature = derivatives(values, np.array([[1, 1, 1]]))
    np.testing.assert_allclose(found_slope[0], slope, atol=1e-9)
    np.testing.assert_allclose(found_curvature[0], curvature, atol=1e-9)


@settings(deadline=None)
@given(arrays(np.float64, 3, elements=st.floats(-9, 9)), st.floats(1, 20))
def test_the_edge_test_is_lowes(numbers, limit):
    first, second, mixed = numbers
    curvature = np.zeros((1, 3, 3))
    curvature[0, 1:, 1:] = [[first, mixed], [mixed, second]]
    ratio = edge_ratio(curvature)[0]
    trace, determinant = first + second, first * second - mixed**2
    score = trace**2 * limit - (limit + 1) ** 2 * determinant
    if abs(score) > 1e-6 and abs(determinant) > 1e-6:
        assert (ratio < limit) == (determinant > 0 and score < 0)
    assert ratio >= 1


@pytest.mark.parametrize("place", [(48.0, 48.0), (47.3, 50.6), (40.5, 51.25)])
@pytest.mark.parametrize("sigma", [2.0, 4.5, 8.0])
@pytest.mark.parametrize("depth", [0.7, -0.09])
def test_a_blob_is_found_between_the_pixels(place, sigma, depth):
    space = scale_space(blob(*place, sigma, depth=depth), SiftSettings(contrast=0.01))
    refined = refine(space, find_extrema(space))
    best = np.abs(refined.contrast * (refined.fate == Fate.KEPT)).argmax()
    where = refined.candidates
    octave = int(where.octave[best])
    spacing = space.octaves[octave].spacing
    row = spacing * (where.row[best] + refined.offset[best, 1])
    col = spacing * (where.col[best] + refined.offset[best, 2])
    np.testing.assert_allclose((row, col), place, atol=0.15)
    # The difference of blurs s and 2^(1/3) s answers most to a blob of sigma 2^(1/6) s.
    blur = space.blur(octave, where.layer[best] + refined.offset[best, 0])
    assert blur * 2 ** (1 / 6) == pytest.approx(sigma, rel=0.08)
    assert np.sign(refined.contrast[best]) == -np.sign(depth)
    assert (np.abs(refined.offset[refined.fate == Fate.KEPT]) < 0.5).all()


def test_each_fate_has_its_reason(cat):
    space = scale_space(cat)
    candidates = find_extrema(space)
    refined = refine(space, candidates)
    assert len(refined.fate) == len(candidates) == sum(refined.count(fate) for fate in Fate)
    assert all(refined.count(fate) > 20 for fate in Fate)
    weak = np.abs(refined.contrast) < 0.04 / 3
    assert weak[refined.fate == Fate.WEAK].all()
    assert not weak[np.isin(refined.fate, (Fate.KEPT, Fate.EDGE))].any()
    assert (refined.edge_ratio[refined.fate == Fate.EDGE] >= 10).all()
    assert (refined.edge_ratio[refined.fate == Fate.KEPT] < 10).all()


def test_a_long_bar_is_an_edge():
    bar = scale_space(blob(48, 48, 3.0, ratio=9.0))
    refined = refine(bar, find_extrema(bar))
    middle = np.abs(refined.candidates.row * 2.0 ** (refined.candidates.octave - 1) - 48) < 12
    assert (refined.fate[middle] == Fate.EDGE).any()
    assert not (refined.fate[middle] == Fate.KEPT).any()


def test_flat_places_have_no_top():
    values = np.zeros((5, 20, 20), np.float32)
    values[2, 10, 10] = 1
    slope, curvature = derivatives(values, np.array([[2, 4, 4]]))
    assert not slope.any()
    assert edge_ratio(curvature)[0] == np.inf


# --- directions ------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", [0, 10, 47, 123, 200, 355])
def test_a_ramp_gives_its_direction(direction):
    rows, cols = np.mgrid[:61, :61] - 30
    angle = np.deg2rad(direction)
    found = orientation(0.5 + 0.01 * (rows * np.sin(angle) + cols * np.cos(angle)), 30, 30, 2.0)
    assert len(found.angles) == 1
    # A ramp votes for one bin only, so its angle is known to half a bin.
    assert abs((found.angles[0] - direction + 180) % 360 - 180) <= 5
    assert found.votes.sum() == pytest.approx((found.weights * found.patch.magnitude).sum())
    assert found.histogram.sum() == pytest.approx(found.votes.sum())


def test_a_ridge_has_two_directions():
    found = orientation(blob(30, 30, 3.0, size=61, ratio=40.0), 30, 30, 2.0)
    np.testing.assert_allclose(sorted(found.angles), [0, 180], atol=0.5)


@settings(deadline=None)
@given(arrays(np.float64, 36, elements=st.floats(0, 9)), st.integers(0, 35))
def test_turning_the_histogram_turns_its_peaks(histogram, turn):
    before = peaks(smoothed(histogram))
    after = peaks(smoothed(np.roll(histogram, turn)))
    assert len(before) == len(after)
    assert all(0 <= angle < 360 for angle in before)
    turned = np.sort((np.array(before) + 10 * turn) % 360)
    gap = (turned - np.sort(after) + 180) % 360 - 180
    if not np.isclose(np.abs(turned - 360), 0, atol=1e-6).any():
        np.testing.assert_allclose(gap, 0, atol=1e-6)


def test_peaks_between_bins():
    angles = np.arange(36) * 10.0
    rounded = 9 - ((angles - 93) / 30) ** 2
    assert peaks(np.maximum(rounded, 0)) == [pytest.approx(93)]


@pytest.mark.parametrize("place", [(0, 0), (0, 11), (19, 5), (10, 6)])
def test_patches_end_at_the_border(place):
    image = np.random.default_rng(0).random((20, 12))
    patch = patch_around(image, *place, 8)
    rows, cols = patch.rows + place[0], patch.cols + place[1]
    assert rows.min() >= 1 and rows.max() <= 18 and cols.min() >= 1 and cols.max() <= 10
    assert patch.magnitude.shape == patch.direction.shape == rows.shape
    down = image[rows + 1, cols] - image[rows - 1, cols]
    np.testing.assert_allclose(
        patch.magnitude * np.sin(np.deg2rad(patch.direction)), down, atol=1e-9
    )


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 1)])
def test_patches_of_tiny_images_are_empty(shape):
    assert patch_around(np.ones(shape), 0, 0, 5).magnitude.sum() == 0
    assert orientation(np.ones(shape), 0, 0, 2.0).angles == ()
