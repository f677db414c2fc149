"""Two views of one photo: geometry of the window, right matches, frames that move along."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aml4d_utils import images
from aml4d_utils.topics.features.sift import fast_sift
from aml4d_utils.topics.features.transforms import View, move_points, transform_image
from aml4d_utils.topics.features.two_views import (
    Frames,
    TwoViews,
    look_twice,
    measured_frames,
    through_window,
)


@pytest.fixture(scope="module")
def photo():
    return images.fit(images.photo("astronaut"), 200)


@given(
    st.integers(-180, 180), st.floats(0.4, 1.6), st.floats(-60, 60), st.sampled_from([90, 131, 200])
)
@settings(max_examples=25, deadline=None)
def test_every_point_goes_where_the_matrix_says(rotation, scale, tilt, side):
    rows, cols = np.mgrid[:60, :80]
    smooth = np.stack([rows / 59, cols / 79, np.zeros(rows.shape)], axis=2).astype(np.float32)
    seen = through_window(smooth, View(rotation=rotation, scale=scale, tilt=tilt), side)
    points = np.array([(row, col) for row in range(15, 50, 8) for col in range(15, 70, 9)])
    places = move_points(points, seen.matrix)
    inside = ((places > 1) & (places < side - 2)).all(axis=1)
    for (row, col), (y, x) in zip(points[inside], places[inside], strict=True):
        found = cv2.getRectSubPix(seen.image, (1, 1), (float(x), float(y)))[0, 0]
        np.testing.assert_allclose(found[:2], (row / 59, col / 79), atol=0.03)


def test_a_window_of_the_transform_s_own_size_is_the_transform(photo):
    view = View(rotation=30, brightness=0.7, contrast=1.2)
    whole = transform_image(photo[:, :200], view)
    seen = through_window(photo[:, :200], view, len(whole.image))
    np.testing.assert_allclose(seen.image, whole.image, atol=1e-5)
    np.testing.assert_allclose(seen.matrix, whole.matrix, atol=1e-9)


def test_light_and_noise_reach_the_margin_too(photo):
    seen = through_window(photo, View(brightness=0.4, noise=0.1), 320, np.random.default_rng(0))
    corner = seen.image[:40, :40]
    assert corner.mean() == pytest.approx(0.2, abs=0.02)
    assert corner.std() > 0.05


def test_the_same_view_finds_every_keypoint_again(photo):
    two = look_twice(photo, View(), 260)
    assert two.in_view == len(two.first)
    assert two.right[two.kept(0.8)].mean() > 0.98
    assert two.kept(0.8).mean() > 0.9


def test_right_means_where_opencv_s_own_homography_puts_it(photo):
    two = look_twice(photo, View(rotation=40, scale=0.8, noise=0.03), 260)
    kept = two.kept(0.8)
    before = two.first.positions[two.matches.first[kept]][:, ::-1]
    after = two.second.positions[two.matches.second[kept]][:, ::-1]
    matrix, inliers = cv2.findHomography(before, after, cv2.RANSAC, 3.0)
    swap = np.eye(3)[[1, 0, 2]]
    np.testing.assert_allclose(
        move_points(two.first.positions, swap @ matrix @ swap),
        move_points(two.first.positions, two.matrix),
        atol=1.5,
    )
    assert np.mean(inliers.ravel().astype(bool) == two.right[kept]) > 0.97


@pytest.mark.parametrize("rotation", [-170, -90, 0, 35, 120, 180])
@pytest.mark.parametrize("scale", [0.6, 1.0, 1.5])
def test_frames_turn_and_grow_with_the_photo(photo, rotation, scale):
    frames = measured_frames(look_twice(photo, View(rotation=rotation, scale=scale), 320), 0.8)
    apart = (frames.turn - rotation + 180) % 360 - 180
    assert abs(apart) < 2
    assert frames.growth == pytest.approx(scale, rel=0.04)
    assert frames.count > 20


def test_a_tighter_ratio_keeps_fewer_and_better_ones(photo):
    two = look_twice(photo, View(tilt=45, noise=0.05), 260)
    kept = [two.kept(ratio) for ratio in (1.0, 0.8, 0.6)]
    assert kept[0].sum() > kept[1].sum() > kept[2].sum() > 0
    assert two.right[kept[0]].mean() < two.right[kept[1]].mean() <= two.right[kept[2]].mean()


def test_keypoints_out_of_the_window_are_not_in_view(photo):
    two = look_twice(photo, View(scale=1.6), 120)
    assert 0 < two.in_view < len(two.first)
    assert two.again.shape == (120, 120, 3)


def test_known_keypoints_are_used(photo):
    first = fast_sift(photo).strongest(10)
    assert len(look_twice(photo, View(), 260, first).matches) <= 10


def test_the_noise_is_seeded(photo):
    views = [look_twice(photo, View(noise=0.1), 260, seed=seed).again for seed in (0, 0, 1)]
    np.testing.assert_array_equal(views[0], views[1])
    assert np.abs(views[0] - views[2]).max() > 0.1


@pytest.mark.parametrize("grey", [0.0, 0.5, 1.0])
def test_a_photo_of_one_colour_matches_nothing(grey):
    two = look_twice(np.full((50, 70), grey), View(rotation=20), 100)
    assert isinstance(two, TwoViews)
    assert len(two.matches) == len(two.right) == two.in_view == 0
    assert measured_frames(two) == Frames(0.0, 1.0, 0)


@pytest.mark.parametrize("shape", [(15, 80), (80, 15), (1, 1)])
def test_a_tiny_photo_is_refused(shape):
    with pytest.raises(ValueError, match="at least 16 × 16 pixels, but got"):
        look_twice(np.zeros(shape), View(), 100)


def test_no_image_is_refused():
    with pytest.raises(ValueError):
        look_twice(np.full((50, 50), np.nan), View(), 100)
