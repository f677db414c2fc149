"""Gradients: central differences, the strongest channel, angles from right towards down."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aml4d_utils.topics.features.gradients import (
    channels,
    degrees,
    differences,
    gradients,
    strongest,
)

BYTES = st.integers(0, 255)


def plane(direction, size=9):
    """Return a grey ramp that gets lighter in a direction, in degrees."""
    rows, cols = np.mgrid[:size, :size]
    angle = np.deg2rad(direction)
    return 0.5 + 0.03 * ((rows - size // 2) * np.sin(angle) + (cols - size // 2) * np.cos(angle))


@pytest.mark.parametrize("direction", [0, 30, 90, 137, 180, 255, 270, 359])
def test_a_ramp_points_to_the_light(direction):
    found = gradients(plane(direction))
    inside = np.s_[1:-1, 1:-1]
    turn = (found.direction[inside] - direction + 180) % 360 - 180
    np.testing.assert_allclose(turn, 0, atol=1e-3)
    np.testing.assert_allclose(found.magnitude[inside], 0.06, atol=1e-6)
    unsigned = (found.orientation[inside] - direction + 90) % 180 - 90
    np.testing.assert_allclose(unsigned, 0, atol=1e-3)


@settings(deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 6), st.integers(1, 6), st.just(3)), elements=BYTES)
)
def test_the_channel_that_changes_most_wins(image):
    found = gradients(image)
    floats = image.astype(np.float64) / 255
    for row, col in np.ndindex(image.shape[:2]):
        lengths = []
        for channel in range(3):
            down = across = 0.0
            if 0 < row < image.shape[0] - 1:
                down = floats[row + 1, col, channel] - floats[row - 1, col, channel]
            if 0 < col < image.shape[1] - 1:
                across = floats[row, col + 1, channel] - floats[row, col - 1, channel]
            lengths.append(np.hypot(down, across))
        assert found.magnitude[row, col] == pytest.approx(max(lengths), abs=1e-6)
    assert ((found.orientation >= 0) & (found.orientation < 180)).all()
    assert ((found.direction >= 0) & (found.direction < 360)).all()
    same = np.minimum(d := np.abs(found.direction % 180 - found.orientation), 180 - d)
    assert (same < 1e-9).all()


def test_the_first_of_equal_channels_wins():
    rows, cols = np.array([[[1.0]], [[0.0]]]), np.array([[[0.0]], [[1.0]]])
    down, across = strongest(rows, cols)
    assert (down.item(), across.item()) == (1, 0)


def test_a_grey_image_has_one_channel():
    assert channels(np.zeros((4, 5))).shape == (1, 4, 5)
    assert channels(np.zeros((4, 5, 3), np.uint8)).shape == (3, 4, 5)
    grey = np.random.default_rng(0).random((6, 7))
    one, three = gradients(grey), gradients(np.repeat(grey[..., None], 3, axis=2))
    np.testing.assert_array_equal(one.magnitude, three.magnitude)
    np.testing.assert_array_equal(one.orientation, three.orientation)


def test_the_border_has_no_gradient_across_it():
    rows, cols = differences(np.random.default_rng(0).random((5, 6)))
    assert not rows[[0, -1]].any()
    assert not cols[:, [0, -1]].any()
    assert rows[1:-1].all()
    assert cols[:, 1:-1].all()


@settings(deadline=None)
@given(st.floats(-1, 1), st.floats(-1, 1), st.sampled_from([180, 360]))
def test_angles_stay_in_range(down, across, turn):
    angle = degrees(np.array([down]), np.array([across]), turn)[0]
    assert 0 <= angle < turn


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 1), (2, 2, 3)])
def test_too_small_for_neighbours(shape):
    found = gradients(np.random.default_rng(0).random(shape))
    assert not found.magnitude.any()
    assert not found.orientation.any()


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (np.full((4, 4), np.nan), "NaN"),
        (np.full((4, 4), 7.0), r"in \[0, 1\]"),
        (np.zeros((0, 4)), "shape"),
        (np.zeros((4, 4, 4)), "shape"),
        ("cat", "NumPy array"),
    ],
)
def test_what_is_not_an_image_is_refused(image, sentence):
    with pytest.raises(ValueError, match=sentence):
        gradients(image)
