"""Good features judged: bounds, known cases, and each criterion against another way to it."""

import cv2
import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.features.criteria import (
    CHANGES,
    TOLERANCE,
    LookAlikes,
    judge,
    points_of,
    view_of,
)
from aml4d_utils.topics.features.detectors import DETECTORS
from aml4d_utils.topics.features.matching import repeatability
from aml4d_utils.topics.features.transforms import View, move_points
from aml4d_utils.topics.features.two_views import through_window


@pytest.fixture(scope="module")
def photo():
    return images.fit(images.photo("coffee"), 150)


@pytest.mark.parametrize("change", CHANGES)
def test_without_a_change_everything_is_found_again(photo, change):
    judged = judge(photo, change, 0.0, count=40)
    assert judged.view == View()
    for name, found in judged.by.items():
        assert found.in_view.all()
        # A blob at the border of the photo may look different beside the grey window.
        assert found.repeatable >= (0.85 if name == "blobs" else 0.97)
        assert found.distinct >= 0.9
        assert found.trackable == 1


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("amount", [0.3, 1.0])
def test_shares_and_masks_agree(photo, change, amount):
    judged = judge(photo, change, amount, count=30)
    assert list(judged.by) == list(DETECTORS)
    for found in judged.by.values():
        assert len(found.before) == len(found.truth) == len(found.in_view) <= 30
        for share in (found.repeatable, found.distinct, found.trackable):
            assert 0 <= share <= 1
        assert (found.found <= found.in_view).all()
        assert (found.told_apart <= found.found).all()
        assert (found.followed <= found.in_view).all()
        assert found.repeatable == pytest.approx(found.found.sum() / max(1, found.in_view.sum()))


def test_repeatability_is_the_room_s_own(photo):
    judged = judge(photo, "turn", 0.5, count=60)
    matrix = through_window(photo, judged.view, 150).matrix
    for found in judged.by.values():
        seen = found.before[found.in_view]
        expected = repeatability(seen, found.after, matrix, (150, 150), TOLERANCE)
        assert found.repeatable == pytest.approx(expected)


def test_truth_is_where_the_transform_puts_it(photo):
    judged = judge(photo, "viewpoint", 0.7, count=20)
    matrix = through_window(photo, judged.view, 150).matrix
    for found in judged.by.values():
        np.testing.assert_allclose(found.truth, move_points(found.before, matrix))


def test_what_is_cut_away_is_not_judged(photo):
    judged = judge(photo, "crop", 1.0, count=60)
    for found in judged.by.values():
        assert 0 < found.in_view.sum() < len(found.before)
        assert found.repeatable > 0.85


def test_noise_costs_repeatability(photo):
    little, much = (judge(photo, "noise", amount, count=60) for amount in (0.05, 1.0))
    for name in DETECTORS:
        assert much.by[name].repeatable < little.by[name].repeatable
        assert much.by[name].distinct < little.by[name].distinct


def test_fewer_points_are_the_strongest_ones(photo):
    few, many = (points_of(photo, count) for count in (10, 40))
    for name in DETECTORS:
        np.testing.assert_array_equal(few[name], many[name][:10])
    np.testing.assert_array_equal(
        judge(photo, "turn", 0.4, count=10, known=many).by["corners"].before, few["corners"]
    )


def test_corners_are_followed_more_easily_than_the_middle_of_an_edge():
    image = np.full((120, 120, 3), 0.2, dtype=np.float32)
    image[40:80, 20:100] = 0.8
    judged = judge(cv2.GaussianBlur(image, (0, 0), 1), "turn", 0.35, count=40)
    assert judged.by["corners"].trackable > judged.by["edges"].trackable + 0.2


def test_a_look_alike_is_told_by_template_matching(photo):
    view = View(rotation=20, noise=0.15)
    seen = through_window(photo, view, 150, np.random.default_rng(0))
    before = points_of(photo, 40)["corners"]
    after = np.rint(move_points(before, seen.matrix)).astype(int)
    inside = ((after >= 0) & (after < 150)).all(axis=1)
    before, after = before[inside], after[inside]
    ours = LookAlikes(photo, seen.image, seen.matrix).told_apart(before, after)
    swap = np.eye(3)[[1, 0, 2]]
    back = cv2.warpPerspective(
        images.grey(seen.image),
        swap @ np.linalg.inv(seen.matrix) @ swap,
        photo.shape[1::-1],
        borderValue=0.5,
    )
    theirs = []
    for row, col in before:
        template = np.ascontiguousarray(images.grey(photo)[row - 5 : row + 6, col - 5 : col + 6])
        scores = cv2.matchTemplate(back, template, cv2.TM_CCOEFF_NORMED)
        place = np.array(np.unravel_index(scores.argmax(), scores.shape)) + 5
        theirs.append(np.linalg.norm(place - (row, col)) < 5)
    assert 0.1 < np.mean(theirs) < 1
    assert np.mean(ours == np.array(theirs)) > 0.8


def test_a_repeated_pattern_cannot_be_told_apart():
    cell = np.kron(np.array([[0, 1], [1, 0]]), np.ones((10, 10)))
    board = np.repeat(np.tile(cell, (5, 7))[..., None], 3, axis=2).astype(np.float32)
    assert judge(board, "noise", 0.1, count=40).by["corners"].distinct < 0.3


def test_view_of_goes_from_nothing_to_all():
    for change, (field, none, whole) in CHANGES.items():
        assert view_of(change, 0) == View()
        assert getattr(view_of(change, 0), field) == none
        assert getattr(view_of(change, 1), field) == whole
    with pytest.raises(ValueError, match="but got 'blur'"):
        view_of("blur", 0.5)


def test_a_photo_of_one_colour_has_nothing_to_judge():
    judged = judge(np.full((60, 60), 0.3), "turn", 0.5)
    for found in judged.by.values():
        assert len(found.before) == 0
        assert (found.repeatable, found.distinct, found.trackable) == (0, 0, 0)


@pytest.mark.parametrize("shape", [(39, 80), (80, 39), (1, 1)])
def test_a_tiny_photo_is_refused(shape):
    with pytest.raises(ValueError, match="at least 40 × 40 pixels, but got"):
        judge(np.zeros(shape), "turn", 0.5)
