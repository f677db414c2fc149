"""Flattening against NumPy's own order, and there and back again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aml4d_utils.topics.pixels.flattening import (
    flatten,
    pixel_at,
    place_of,
    read_with_width,
    unflatten,
)

PICTURES = st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3])).flatmap(
    lambda shape: arrays(np.uint8, shape if shape[2] == 3 else shape[:2])
)


@given(PICTURES)
def test_there_and_back(picture):
    flat = flatten(picture)
    assert np.array_equal(flat, np.ravel(picture, order="C"))
    assert np.array_equal(unflatten(flat, picture.shape), picture)


@given(PICTURES, st.data())
def test_a_place_names_its_pixel(picture, data):
    channels = picture.shape[2] if picture.ndim == 3 else 1
    width = picture.shape[1]
    place = data.draw(st.integers(0, picture.size - 1))
    row, col, channel = pixel_at(place, width, channels)
    at = (row, col, channel)[: picture.ndim]
    assert flatten(picture)[place] == picture[at]
    assert np.ravel_multi_index(at, picture.shape) == place
    assert place_of(row, col, width, channel, channels) == place


@given(st.integers(1, 40), st.integers(1, 50))
def test_a_cut_keeps_every_number_in_order(count, width):
    numbers = np.arange(1, count + 1)
    cut = read_with_width(numbers, width)
    assert cut.shape[1] == width
    assert cut.ravel()[:count].tolist() == numbers.tolist()
    assert (cut.ravel()[count:] == 0).all()


def test_a_cut_of_colours_keeps_them_together():
    numbers = np.arange(15).reshape(5, 3)
    assert read_with_width(numbers, 2)[1, 0].tolist() == [6, 7, 8]


def test_the_results_are_new_arrays():
    picture = np.zeros((2, 2))
    flatten(picture)[0] = 1
    unflatten(picture.ravel(), (2, 2))[0] = 1
    assert picture.sum() == 0


@pytest.mark.parametrize("bad", [np.zeros(3), np.zeros((2, 2, 3, 1)), np.zeros((0, 3))])
def test_what_is_no_picture_is_refused(bad):
    with pytest.raises(ValueError, match="A picture has the shape"):
        flatten(bad)


def test_a_wrong_shape_is_refused_with_both_counts():
    with pytest.raises(ValueError, match="needs 6 numbers in one row, but there are 5"):
        unflatten(np.zeros(5), (2, 3))
    with pytest.raises(ValueError, match="at least 1 pixel"):
        read_with_width(np.zeros(5), 0)
