"""Transforms: the matrix says exactly where every point of the photo went."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aml4d_utils.topics.features.transforms import View, move_points, placement, transform_image

VIEWS = st.builds(
    View,
    rotation=st.floats(-180, 180),
    scale=st.floats(0.5, 2),
    tilt=st.floats(-60, 60),
    crop=st.floats(0, 0.3),
)


@settings(max_examples=60, deadline=None)
@given(VIEWS, st.integers(20, 39), st.integers(25, 44))
def test_a_spot_lands_where_the_matrix_says(view, row, col):
    rows, cols = np.mgrid[:60, :70]
    spot = np.exp(-((rows - row) ** 2 + (cols - col) ** 2) / (2 * 2.5**2))
    seen = transform_image(0.5 + 0.5 * spot, view)
    light = np.clip(seen.image[..., 0].astype(np.float64) - 0.52, 0, None)
    places = np.mgrid[: light.shape[0], : light.shape[1]]
    centre = (places * light).sum(axis=(1, 2)) / light.sum()
    np.testing.assert_allclose(
        centre, move_points(np.array([[row, col]]), seen.matrix)[0], atol=0.2
    )


@pytest.mark.parametrize(("rotation", "turns"), [(0, 0), (90, -1), (180, 2), (-90, 1), (360, 0)])
def test_quarter_turns_are_exact_and_clockwise(cat, rotation, turns):
    seen = transform_image(cat, View(rotation=rotation))
    np.testing.assert_allclose(seen.image, np.rot90(cat, turns), atol=1e-6)
    assert seen.image.dtype == np.float32
    value = seen.image[
        tuple(move_points(np.array([[20, 300]]), seen.matrix)[0].round().astype(int))
    ]
    np.testing.assert_allclose(value, cat[20, 300], atol=1e-6)


@settings(deadline=None)
@given(VIEWS, st.integers(1, 50), st.integers(1, 50))
def test_the_whole_photo_stays_in_view(view, height, width):
    matrix, shape = placement((height, width), view)
    corners = np.array([(r, c) for r in (0, height - 1) for c in (0, width - 1)])
    moved = move_points(corners, matrix)
    assert (moved >= -0.5 - 1e-6).all()
    assert (moved <= np.array(shape) - 0.5 + 1e-6).all()
    assert np.isfinite(np.linalg.inv(matrix)).all()


def test_crop_keeps_the_middle(cat):
    seen = transform_image(cat, View(crop=0.5))
    assert seen.image.shape == (149, 226, 3)
    np.testing.assert_allclose(seen.image, cat[75:-75, 112:-112], atol=1e-6)
    np.testing.assert_allclose(move_points(np.array([[75, 112]]), seen.matrix), 0, atol=1e-9)


def test_tilt_makes_the_far_side_smaller():
    matrix, _ = placement((100, 200), View(tilt=50))
    top_left, top_right, low_left, low_right = move_points(
        np.array([[0, 0], [0, 199], [99, 0], [99, 199]]), matrix
    )
    assert low_right[0] - top_right[0] < 99 < low_left[0] - top_left[0]


def test_light(cat):
    dark = transform_image(cat, View(brightness=0.5)).image
    np.testing.assert_allclose(dark, 0.5 * cat, atol=1e-6)
    flat = transform_image(cat, View(contrast=0.2)).image
    np.testing.assert_allclose(flat, 0.5 + 0.2 * (cat - 0.5), atol=1e-6)
    assert transform_image(cat, View(brightness=3)).image.max() == 1


def test_noise_comes_from_the_generator():
    grey = np.full((80, 80, 3), 0.5)
    one, again, other = (
        transform_image(grey, View(noise=0.1), np.random.default_rng(s)).image for s in (0, 0, 1)
    )
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()
    assert one.std() == pytest.approx(0.1, abs=0.003)
    with pytest.raises(ValueError, match="needs a random generator"):
        transform_image(grey, View(noise=0.1))


def test_fine_stripes_do_not_alias():
    stripes = np.tile([0.0, 1.0], (64, 32))
    small = transform_image(stripes, View(scale=0.3)).image[3:-3, 3:-3]
    assert small.std() < 0.1


def test_the_photo_is_not_changed(cat):
    before = cat.copy()
    transform_image(cat, View(30, 0.7, 20, 0.1, 1.2, 0.8, 0.05), np.random.default_rng(0))
    np.testing.assert_array_equal(cat, before)


def test_one_pixel():
    seen = transform_image(np.full((1, 1), 0.25), View(rotation=90))
    np.testing.assert_allclose(seen.image, 0.25, atol=1e-6)
    with pytest.raises(ValueError, match="Nothing is left of a photo of 2 × 2"):
        transform_image(np.zeros((2, 2)), View(crop=0.99))


@pytest.mark.parametrize(
    "wrong",
    [{"scale": 0}, {"tilt": 90}, {"crop": 1}, {"brightness": -1}, {"noise": float("nan")}],
)
def test_impossible_views(wrong):
    with pytest.raises(ValueError, match="Expected scale above 0, tilt between -70 and 70"):
        View(**wrong)
