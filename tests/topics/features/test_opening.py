"""A keypoint opened up: every step against the scale space it comes from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter, rotate

from aml4d_utils import images
from aml4d_utils.topics.features.opened_keypoint import (
    found_again,
    look_in_sizes,
    moved_keypoint,
    neighbour,
    open_again,
    open_keypoint,
    open_result,
    open_scene,
    worth_opening,
)
from aml4d_utils.topics.features.transforms import View

SIDE = 170


@pytest.fixture(scope="module")
def photo():
    return images.fit(images.photo("chelsea"), 160)


@pytest.fixture(scope="module")
def plain(photo):
    return open_scene(photo, View(), SIDE)


@pytest.fixture(scope="module")
def chosen(plain, photo):
    return worth_opening(plain, photo.shape[:2])


def test_every_kept_keypoint_stands_out_from_all_26(plain, chosen):
    for index in chosen:
        extremum = open_keypoint(plain, plain.keypoints.one(int(index))).extremum
        assert extremum.beaten == 26
        assert extremum.contrast == abs(extremum.values[1, 1, 1])
        assert 1 <= extremum.edge_ratio < 10


def test_it_stands_out_at_its_own_size(plain, chosen):
    for index in chosen[:10]:
        one = plain.keypoints.one(int(index))
        sizes = look_in_sizes(plain.space, one)
        near = np.abs(np.log2(sizes.sigmas / one.sigma)) < 0.8
        strongest = sizes.sigmas[near][np.abs(sizes.differences[near]).argmax()]
        assert abs(np.log2(strongest / one.sigma)) < 0.35
        assert (np.diff(sizes.sigmas) > 0).all()
        assert sizes.tile_sigmas[0] < one.sigma < sizes.tile_sigmas[2]


def test_a_tile_is_the_blurred_photo(plain, chosen):
    one = plain.keypoints.one(int(chosen[2]))
    sizes = look_in_sizes(plain.space, one, side=11)
    grey = images.grey(plain.seen.image).astype(np.float64)
    blurred = gaussian_filter(grey, np.sqrt(sizes.tile_sigmas[1] ** 2 - 0.25))
    assert sizes.blurred[1, 5, 5] == pytest.approx(
        blurred[round(one.row), round(one.col)], abs=0.03
    )
    assert sizes.changes.shape == (3, 11, 11)


def test_the_patch_is_turned_with_the_keypoint(plain, chosen):
    opened = open_keypoint(plain, plain.keypoints.one(int(chosen[1])))
    inside = opened.inside
    half = round(6 * inside.keypoint.sigma / inside.spacing)
    pad = 2 * half + 2
    padded = np.pad(inside.blurred, pad, mode="edge").astype(np.float64)
    row, col = inside.row + pad, inside.col + pad
    around = padded[row - pad : row + pad + 1, col - pad : col + pad + 1]
    turned = rotate(around, inside.keypoint.angle, reshape=False, order=1, mode="nearest")
    middle = pad
    step = 6 * inside.keypoint.sigma / inside.spacing / 2
    for down, right in ((-1, -1), (0, 1), (1, 0), (1, 1)):
        place = 80 + 40 * np.array([down, right])
        ours = opened.patch[place[0] - 1 : place[0] + 1, place[1] - 1 : place[1] + 1].mean()
        at = np.rint(middle + step * np.array([down, right])).astype(int)
        assert ours == pytest.approx(turned[tuple(at)], abs=0.04)


@pytest.mark.parametrize("rotation", [0, 40, -90, 180])
def test_most_keypoints_are_found_again_where_they_should_be(photo, plain, chosen, rotation):
    scene = open_scene(photo, View(rotation=rotation), SIDE)
    again = [found_again(plain, int(index), scene) for index in chosen]
    held = [(int(i), k) for i, k in zip(chosen, again, strict=True) if k is not None]
    assert len(held) > 0.6 * len(chosen)
    for index, other in held:
        moved, one = moved_keypoint(plain, index, scene), scene.keypoints.one(other)
        assert np.hypot(moved.row - one.row, moved.col - one.col) <= max(1.5, moved.sigma)
        assert abs((moved.angle - one.angle + 180) % 360 - 180) <= 30


def test_the_plain_scene_finds_itself(plain, chosen):
    for index in chosen:
        assert found_again(plain, int(index), plain) == index


def test_a_descriptor_hardly_changes_when_the_photo_turns(photo, plain, chosen):
    scene = open_scene(photo, View(rotation=90), SIDE)
    results = [
        open_result(plain, scene, chosen, number + 1, "step", 5) for number in range(len(chosen))
    ]
    held = [r for r in results if r.opened is not None and r.opened.found]
    assert np.median([r.distance for r in held]) < 0.15
    assert np.median([r.nearest_other for r in held]) > 0.5


def test_what_is_lost_is_opened_at_its_true_place(photo, plain, chosen):
    dark = open_scene(photo, View(brightness=0.2), SIDE)
    lost = [i for i in map(int, chosen) if found_again(plain, i, dark) is None]
    assert lost
    opened = open_again(plain, lost[0], dark)
    assert not opened.found
    one = plain.keypoints.one(lost[0])
    assert (opened.inside.keypoint.row, opened.inside.keypoint.col) == pytest.approx(
        (one.row, one.col)
    )
    assert 0 <= opened.extremum.beaten <= 26
    result = open_result(plain, dark, chosen, list(chosen).index(lost[0]) + 1, "step", 0)
    assert result.distance < 0.3


def test_what_leaves_the_window_is_not_opened(photo, plain, chosen):
    scene = open_scene(photo, View(scale=4), SIDE)
    assert any(open_again(plain, int(index), scene) is None for index in chosen)


def test_chosen_keypoints_are_large_and_away_from_the_border(plain, chosen, photo):
    sigmas = plain.keypoints.sigmas[chosen]
    assert len(chosen) >= 8
    assert (np.diff(sigmas) <= 0).all() and sigmas.min() >= 1.8
    offset = (SIDE - np.array(photo.shape[:2])) / 2
    places = plain.keypoints.positions[chosen] - offset
    room = np.minimum(places, np.array(photo.shape[:2]) - 1 - places).min(axis=1)
    assert (room >= 4 * sigmas - 1).all()


def test_a_photo_of_one_colour_has_no_keypoint_to_open():
    card = np.full((60, 80, 3), 0.5, dtype=np.float32)
    scene = open_scene(card, View(), 90)
    chosen = worth_opening(scene, (60, 80))
    assert len(chosen) == 0
    result = open_result(scene, scene, chosen, 1, "step", 0)
    assert (result.opened, result.number, result.distance) == (None, 0, 0.0)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=12))
def test_an_arrow_goes_to_a_point_on_that_side(places):
    positions = np.array(places, dtype=float)
    for step in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        found = neighbour(positions, 0, step)
        way = positions[found] - positions[0]
        if found == 0:
            ahead = (positions - positions[0]) @ step
            length = np.linalg.norm(positions - positions[0], axis=1)
            assert not ((ahead > 0.51 * length) & (length > 0)).any()
        else:
            assert way @ step > 0


def test_back_and_forth_between_two_points():
    positions = np.array([[10.0, 10], [12, 30]])
    assert neighbour(positions, 0, (0, 1)) == 1
    assert neighbour(positions, 1, (0, -1)) == 0
    assert neighbour(positions, 1, (0, 1)) == 1
