"""Colour maps: zero in the middle, both signs alike, order kept for everybody's eyes."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from matplotlib import colormaps
from skimage.color import rgb2lab

from aml4d_utils.widgets.colours import (
    MAGNITUDE,
    OKABE_ITO,
    SIGNED,
    colour_table,
    hex_ramp,
    magnitude_to_rgb,
    mosaic,
    signed_map,
    signed_to_rgb,
)

MAPS = arrays.arrays(
    np.float64, arrays.array_shapes(min_dims=2, max_dims=2, max_side=5), elements=st.floats(-9, 9)
)


def lightness(table):
    return rgb2lab(table[None] / 255)[0, :, 0]


def test_magnitude_is_matplotlibs():
    table = colour_table(MAGNITUDE)
    assert (table.shape, table.dtype) == ((256, 3), np.uint8)
    truth = colormaps["viridis"](np.arange(256))[:, :3] * 255
    assert np.abs(table - truth).max() <= 0.5


def test_magnitude_grows_lighter_all_the_way():
    assert (np.diff(lightness(colour_table(MAGNITUDE))[::5]) > 0).all()


def test_signed_is_lightest_at_zero_and_darker_both_ways():
    light = lightness(colour_table(SIGNED))
    assert light[127:129].min() > 95
    assert (np.diff(light[:128]) > 0).all()
    assert (np.diff(light[128:]) < 0).all()
    # Both signs alike: neither looks stronger.
    assert np.abs(light - light[::-1]).max() < 12


def test_the_still_figures_have_the_same_map():
    np.testing.assert_array_equal(
        signed_map()(np.arange(256), bytes=True)[:, :3], colour_table(SIGNED)
    )


# How red-green and blue-yellow blindness see linear RGB (Machado, Oliveira and Fernandes, 2009).
BLINDNESS = {
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def seen_with(table, matrix):
    linear = np.where(table <= 10, table / 255 / 12.92, ((table / 255 + 0.055) / 1.055) ** 2.4)
    changed = np.clip(linear @ np.array(matrix).T, 0, 1)
    return np.where(changed <= 0.0031308, changed * 12.92, 1.055 * changed ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("kind", BLINDNESS)
def test_signs_differ_for_everybody(kind):
    lab = rgb2lab(seen_with(colour_table(SIGNED).astype(float), BLINDNESS[kind])[None])[0]
    quarter = np.linalg.norm(lab[64] - lab[191])
    assert quarter > 25


@pytest.mark.parametrize("kind", BLINDNESS)
def test_categories_differ_for_everybody(kind):
    table = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in OKABE_ITO], dtype=float)
    lab = rgb2lab(seen_with(table, BLINDNESS[kind])[None])[0]
    for a, b in itertools.combinations(range(len(table)), 2):
        assert np.linalg.norm(lab[a] - lab[b]) > 8


def test_hex_ramp_runs_through_the_middle():
    ramp = hex_ramp(SIGNED)
    assert len(ramp) == 17
    assert ramp[0] == "#{:02x}{:02x}{:02x}".format(*colour_table(SIGNED)[0])
    middle = [int(ramp[8][i : i + 2], 16) for i in (1, 3, 5)]
    assert min(middle) > 240


@given(MAPS)
def test_zero_is_the_middle_colour(values):
    values[0, 0] = 0
    rgb, _ = signed_to_rgb(values)
    assert rgb.dtype == np.uint8
    assert rgb.shape == (*values.shape, 3)
    np.testing.assert_array_equal(rgb[0, 0], colour_table(SIGNED)[128])
    assert rgb[0, 0].min() > 240


@given(MAPS)
def test_the_limit_is_the_largest_magnitude(values):
    _, limit = signed_to_rgb(values)
    assert limit == (np.abs(values).max() or 1.0)
    assert signed_to_rgb(-values)[1] == limit


@given(MAPS, st.floats(0.5, 5))
def test_a_given_limit_cuts_off(values, limit):
    rgb, used = signed_to_rgb(values, limit)
    assert used == limit
    np.testing.assert_array_equal(rgb, signed_to_rgb(np.clip(values, -limit, limit), limit)[0])


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.float32])
def test_any_real_type(dtype):
    values = np.array([[-128, 0, 100]]).astype(dtype)
    rgb, limit = signed_to_rgb(values)
    assert limit == np.abs(values.astype(float)).max()
    np.testing.assert_array_equal(rgb, signed_to_rgb(values.astype(float))[0])


@given(MAPS)
def test_magnitudes_use_the_whole_map(values):
    rgb, low, high = magnitude_to_rgb(values)
    assert (low, high) == (values.min(), values.max())
    table = colour_table(MAGNITUDE)
    if high > low:
        np.testing.assert_array_equal(
            rgb[np.unravel_index(values.argmin(), values.shape)], table[0]
        )
        np.testing.assert_array_equal(
            rgb[np.unravel_index(values.argmax(), values.shape)], table[255]
        )


def test_magnitudes_outside_the_ends_are_cut_off():
    rgb, low, high = magnitude_to_rgb(np.array([[-5.0, 0, 1, 7]]), 0, 1)
    assert (low, high) == (0, 1)
    np.testing.assert_array_equal(rgb[0, 0], rgb[0, 1])
    np.testing.assert_array_equal(rgb[0, 2], rgb[0, 3])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_has_no_colour(bad):
    for to_rgb in (signed_to_rgb, magnitude_to_rgb):
        with pytest.raises(ValueError, match="have no colour"):
            to_rgb(np.array([[0, bad]]))


@given(st.integers(1, 9), st.integers(1, 5), st.integers(0, 3))
def test_mosaic(count, columns, gap):
    tiles = np.stack([np.full((2, 3, 3), 10 + i, dtype=np.uint8) for i in range(count)])
    sheet = mosaic(tiles, columns, gap, ground=255)
    rows = -(-count // columns)
    assert sheet.shape == (rows * (2 + gap) - gap, columns * (3 + gap) - gap, 3)
    for index in range(count):
        top, left = index // columns * (2 + gap), index % columns * (3 + gap)
        assert (sheet[top : top + 2, left : left + 3] == 10 + index).all()
    assert (sheet == 255).sum() == sheet.size - tiles.size
