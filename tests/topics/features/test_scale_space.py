"""The scale space: every blur is what it says, and octaves follow on each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aml4d_utils.topics.features.scale_space import (
    SiftSettings,
    doubled,
    gaussian_blur,
    grey_levels,
    halved,
    octave_count,
    scale_space,
)

EMPTY = scale_space(np.zeros((300, 450)))


@pytest.fixture(scope="module")
def space(cat):
    return scale_space(cat)


def spread(image):
    """Return the standard deviation of a spot, in pixels."""
    mass = image / image.sum()
    rows = np.arange(len(image)) @ mass.sum(axis=1)
    return float(np.sqrt((np.arange(len(image)) - rows) ** 2 @ mass.sum(axis=1)))


@pytest.mark.parametrize("sigma", [0.8, 1.6, 3.1])
def test_the_blur_is_a_gaussian(sigma):
    spot = np.zeros((61, 61))
    spot[30, 30] = 1
    blurred = gaussian_blur(spot, sigma)
    assert blurred.sum() == pytest.approx(1)
    assert spread(blurred) == pytest.approx(sigma, rel=0.01)


def test_a_spot_has_the_blur_that_is_written_on_it():
    # A photo's spot of the camera's own blur, so that the assumption about it holds.
    rows, cols = np.mgrid[:129, :129] - 64
    spot = grey_levels(np.exp(-(rows**2 + cols**2) / (2 * 0.5**2))) / 255
    space = scale_space(spot)
    for index, octave in enumerate(space.octaves[:3]):
        for layer in range(6):
            measured = spread(octave.blurred[layer].astype(np.float64)) * octave.spacing
            # Doubling with straight lines between the pixels blurs a little too.
            extra = spread(spot) ** 2 - 0.5**2 + 0.125
            expected = np.sqrt(space.blur(index, layer) ** 2 + extra)
            assert measured == pytest.approx(expected, rel=0.01)


def test_differences_are_of_neighbours(space):
    for octave in space.octaves:
        assert octave.blurred.shape[0], octave.differences.shape[0] == (6, 5)
        assert octave.blurred.dtype == octave.differences.dtype == np.float32
        for layer in range(5):
            np.testing.assert_array_equal(
                octave.differences[layer], octave.blurred[layer + 1] - octave.blurred[layer]
            )


def test_octaves_halve(space):
    assert len(space.octaves) == octave_count(598, 900) == 8
    assert [octave.spacing for octave in space.octaves[:4]] == [0.5, 1, 2, 4]
    for finer, coarser in zip(space.octaves, space.octaves[1:], strict=False):
        np.testing.assert_array_equal(coarser.blurred[0], halved(finer.blurred[3]))
    assert space.blur(1, 0) == pytest.approx(space.blur(0, 3))


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**31))
def test_doubling_keeps_every_pixel(height, width, seed):
    image = np.random.default_rng(seed).random((height, width))
    large = doubled(image)
    assert large.shape == (2 * height, 2 * width)
    np.testing.assert_array_equal(large[::2, ::2], image)
    np.testing.assert_array_equal(halved(large), image)
    np.testing.assert_allclose(large[1:-1:2, ::2], (image[:-1] + image[1:]) / 2)
    np.testing.assert_array_equal(large[-1], large[-2])


@settings(deadline=None)
@given(st.integers(0, 7), st.integers(1, 3), st.floats(-0.49, 0.49))
def test_the_level_of_a_blur_is_found_again(octave, layer, between):
    assert EMPTY.level(EMPTY.blur(octave, layer + between)) == (octave, layer)


@pytest.mark.parametrize(("blur", "level"), [(0.01, (0, 1)), (1e6, (3, 3))])
def test_blurs_beyond_both_ends(blur, level):
    assert scale_space(np.zeros((16, 16))).level(blur) == level


def test_one_pixel_has_no_octave():
    space = scale_space(np.full((1, 1), 0.5))
    assert space.octaves == ()
    with pytest.raises(ValueError, match="at least 2 × 2 pixels"):
        space.level(1.0)


def test_a_constant_photo_has_no_differences():
    for octave in scale_space(np.full((40, 50, 3), 0.7)).octaves:
        np.testing.assert_allclose(octave.differences, 0, atol=1e-6)


def test_other_numbers_of_layers():
    space = scale_space(np.random.default_rng(0).random((40, 40)), SiftSettings(layers=5))
    assert space.octaves[0].blurred.shape[0] == 8
    assert space.blur(1, 0) == pytest.approx(space.blur(0, 5))


@pytest.mark.parametrize("wrong", [{"layers": 0}, {"sigma": 1.0}, {"contrast": -1}, {"edge": 0}])
def test_impossible_settings(wrong):
    with pytest.raises(ValueError, match="Expected layers of at least 1"):
        SiftSettings(**wrong)


def test_nan_is_refused():
    with pytest.raises(ValueError, match="NaN"):
        scale_space(np.full((20, 20), np.nan))
