"""SIFT as a whole: our steps find OpenCV's keypoints, and both follow the photo."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aml4d_utils import images
from aml4d_utils.topics.features.keypoints import Keypoint
from aml4d_utils.topics.features.scale_space import SiftSettings, grey_levels
from aml4d_utils.topics.features.sift import fast_sift, sift, sift_at, sift_steps
from aml4d_utils.topics.features.sift_keypoints import Fate
from aml4d_utils.topics.features.transforms import View, move_points, transform_image

NEAR = 2.0
"""Pixels between two keypoints that count as the same ..."""
ALIKE = 1.25
"""... and the largest factor between their sizes."""


def same_place(first, second):
    """Return which keypoint could be which: ndarray (N, K), bool."""
    apart = np.linalg.norm(first.positions[:, None] - second.positions[None], axis=2)
    factor = np.abs(np.log(first.sigmas[:, None] / second.sigmas[None]))
    return (apart <= NEAR) & (factor <= np.log(ALIKE))


def turned_by(first, second):
    return np.abs((first.angles[:, None] - second.angles[None] + 180) % 360 - 180)


def partners(first, second):
    """Return for each of the first its partner of most equal angle, among those that have one."""
    same = same_place(first, second)
    turn = np.where(same, turned_by(first, second), np.inf)
    have = np.flatnonzero(same.any(axis=1))
    return have, turn[have].argmin(axis=1), turn[have].min(axis=1)


# --- against OpenCV --------------------------------------------------------------------------


def test_opencvs_keypoints_are_ours_and_ours_are_opencvs(both):
    _, steps, theirs = both
    ours = steps.keypoints
    assert len(theirs) > 300
    same = same_place(ours, theirs)
    assert same.any(axis=0).mean() >= 0.9
    assert same.any(axis=1).mean() >= 0.9
    assert abs(len(ours) / len(theirs) - 1) <= 0.15


def test_angles_and_descriptors_are_opencvs(both):
    _, steps, theirs = both
    mine, other, turn = partners(steps.keypoints, theirs)
    assert (turn < 10).mean() > 0.97
    assert np.median(turn) < 0.2
    agreed = turn < 10
    cosine = (steps.keypoints.descriptors[mine[agreed]] * theirs.descriptors[other[agreed]]).sum(
        axis=1
    )
    assert np.median(cosine) > 0.999
    assert np.quantile(cosine, 0.05) > 0.98


def test_the_two_agree_almost_wholly(both):
    _, steps, theirs = both
    ours = steps.keypoints
    assert abs(len(ours) - len(theirs)) <= 0.01 * len(theirs)
    mine, other, _ = partners(ours, theirs)
    assert len(mine) >= 0.99 * len(ours)
    assert len(np.unique(other)) >= 0.99 * len(theirs)
    apart = np.linalg.norm(ours.positions[mine] - theirs.positions[other], axis=1)
    assert np.quantile(apart, 0.99) < 0.05
    np.testing.assert_allclose(ours.sigmas[mine], theirs.sigmas[other], rtol=0.02)
    np.testing.assert_allclose(ours.responses[mine], theirs.responses[other], atol=1e-3)


def test_other_settings_reach_both(cat):
    chosen = SiftSettings(layers=4, sigma=1.4, contrast=0.08, edge=6.0)
    ours, theirs = sift(cat, chosen), fast_sift(cat, chosen)
    assert len(theirs) > 50
    assert len(theirs) < 0.7 * len(fast_sift(cat))
    assert same_place(ours, theirs).any(axis=0).mean() >= 0.9
    assert same_place(ours, theirs).any(axis=1).mean() >= 0.9


# --- invariance ------------------------------------------------------------------------------


@pytest.mark.parametrize("find", [sift, fast_sift])
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_keypoints_turn_with_the_photo(cat, find, rotation):
    small = images.fit(cat, 220)
    seen = transform_image(small, View(rotation=rotation))
    before, after = find(small), find(seen.image)
    moved = type(before)(
        move_points(before.positions, seen.matrix),
        before.sigmas,
        (before.angles + rotation) % 360,
        before.responses,
        before.descriptors,
    )
    one, other, turn = partners(moved, after)
    assert len(one) >= 0.9 * len(before)
    assert np.median(turn) < 1
    cosine = (before.descriptors[one] * after.descriptors[other]).sum(axis=1)
    assert np.median(cosine) > 0.99


def test_twice_the_contrast_and_twice_the_limit_is_the_same(cat):
    levels = grey_levels(images.fit(cat, 160)) // 2
    before = sift(levels, SiftSettings(contrast=0.02))
    after = sift(2 * levels, SiftSettings(contrast=0.04))
    assert len(before) == len(after) > 50
    np.testing.assert_allclose(before.positions, after.positions, atol=1e-3)
    np.testing.assert_allclose(before.angles, after.angles, atol=1e-2)
    np.testing.assert_allclose(before.descriptors, after.descriptors, atol=1e-3)


def test_more_light_everywhere_changes_nothing(cat):
    levels = grey_levels(images.fit(cat, 160)) // 2
    before, after = sift(levels), sift(levels + np.uint8(70))
    one, other, turn = partners(before, after)
    assert len(one) == len(before) == len(after)
    assert np.median(turn) < 1e-3
    assert ((before.descriptors[one] * after.descriptors[other]).sum(axis=1) > 0.99).all()


@settings(max_examples=25, deadline=None)
@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.booleans(),
    st.sampled_from([0.0, 0.01, 0.04]),
    st.integers(0, 2**31),
)
def test_small_images_give_sound_keypoints(shape, colour, contrast, seed):
    rng = np.random.default_rng(seed)
    image = rng.random((*shape, 3) if colour else shape)
    for find in (sift, fast_sift):
        found = find(image, SiftSettings(contrast=contrast))
        count = len(found)
        assert found.positions.shape == (count, 2)
        assert found.descriptors.shape == (count, 128)
        assert ((found.positions >= 0) & (found.positions <= np.array(shape))).all()
        assert (found.sigmas > 0.8).all()
        assert ((found.angles >= 0) & (found.angles < 360)).all()
        assert (found.responses >= contrast / 3 - 1e-6).all()
        np.testing.assert_allclose(np.linalg.norm(found.descriptors, axis=1), 1, atol=1e-5)


# --- no keypoints ----------------------------------------------------------------------------


@pytest.mark.parametrize("find", [sift, fast_sift])
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 2), (5, 5, 3), (60, 80), (60, 80, 3)])
def test_nothing_to_find(find, shape):
    found = find(np.full(shape, 0.6))
    assert len(found) == 0
    assert found.positions.shape == (0, 2)
    assert found.descriptors.shape == (0, 128)
    with pytest.raises(ValueError, match="no keypoint in this photo"):
        found.nearest(0, 0)


@pytest.mark.parametrize("find", [sift, fast_sift])
@pytest.mark.parametrize(
    ("image", "sentence"),
    [(np.full((40, 40), np.nan), "NaN"), (np.zeros((40, 40, 2)), "shape"), (np.ones(4), "shape")],
)
def test_what_is_not_an_image_is_refused(find, image, sentence):
    with pytest.raises(ValueError, match=sentence):
        find(image)


# --- steps and one keypoint ------------------------------------------------------------------


def test_the_steps_belong_together(both):
    _, steps, _ = both
    kept = steps.refined.count(Fate.KEPT)
    assert len(steps.candidates) > kept
    assert kept <= len(steps.keypoints) <= 2 * kept
    places = np.unique(np.column_stack([steps.keypoints.positions, steps.keypoints.sigmas]), axis=0)
    assert 0.97 * kept <= len(places) <= kept


def test_opening_a_keypoint_gives_its_descriptor(both):
    name, steps, theirs = both
    image = images.fit(images.photo(name), 450)
    for index in range(0, len(steps.keypoints), 23):
        opened = sift_at(image, steps.keypoints.one(index), steps.space)
        np.testing.assert_allclose(
            opened.description.vector, steps.keypoints.descriptors[index], atol=1e-5
        )
        turn = np.abs(
            (np.array(opened.orientation.angles) - opened.keypoint.angle + 180) % 360 - 180
        )
        assert turn.min() < 1e-6
    cosine = [
        sift_at(image, theirs.one(index), steps.space).description.vector
        @ theirs.descriptors[index]
        for index in range(0, len(theirs), 23)
    ]
    assert np.median(cosine) > 0.999


def test_any_place_can_be_opened(cat):
    steps = sift_steps(images.fit(cat, 100))
    for place in ((0, 0), (65, 99), (30.4, 50.7)):
        for sigma in (0.5, 3.0, 500.0):
            opened = sift_at(images.fit(cat, 100), Keypoint(*place, sigma, 12.0), steps.space)
            assert np.isfinite(opened.description.vector).all()
    assert sift_at(images.fit(cat, 100), Keypoint(30, 50, 3.0, 0.0)).layer in (1, 2, 3)


def test_places_that_cannot_be_opened(cat):
    with pytest.raises(
        ValueError, match="row 300.0, column 0.0 lies outside the photo of 299 × 450"
    ):
        sift_at(cat, Keypoint(300, 0, 2.0, 0.0))
    with pytest.raises(ValueError, match="too small"):
        sift_at(np.zeros((1, 1)), Keypoint(0, 0, 2.0, 0.0))


def test_choosing_keypoints(cat):
    found = fast_sift(cat)
    strongest = found.strongest(10)
    assert len(strongest) == 10
    assert (np.diff(strongest.responses) <= 0).all()
    assert strongest.responses.min() >= np.sort(found.responses)[-10]
    assert len(fast_sift(cat, count=50)) == 50
    index = found.nearest(*(found.positions[7] + 0.01))
    np.testing.assert_array_equal(found.positions[index], found.positions[7])
