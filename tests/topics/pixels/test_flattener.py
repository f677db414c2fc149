"""The flattener's kernel half: what the student chose can be read, and any photo will do."""

import numpy as np
import pytest
import traitlets

from aml4d_utils import images
from aml4d_utils.topics.pixels.flattener import LONGEST, flattener

PHOTO = images.photo("chelsea")


def test_it_begins_with_a_cut_that_is_off():
    widget = flattener(PHOTO)
    height, width = widget.picture().shape
    assert max(height, width) == 24
    assert widget.row_length == width - 2
    assert widget.marked() == (height // 2, width // 2, 0)


@pytest.mark.parametrize("longest", LONGEST)
def test_the_picture_is_the_shrunk_photo(longest):
    widget = flattener(PHOTO)
    widget.longest = longest
    widget.colour = True
    assert np.array_equal(widget.picture(), images.as_uint8(images.fit(PHOTO, longest)))
    widget.colour = False
    assert np.abs(widget.picture() / 255 - images.grey(images.fit(PHOTO, longest))).max() < 0.006


def test_the_row_and_the_mark_agree():
    widget = flattener(PHOTO)
    widget.colour = True
    widget.place = 500
    row, col, channel = widget.marked()
    assert widget.numbers()[500] == widget.picture()[row, col, channel]


def test_cut_at_its_own_width_the_row_is_the_picture():
    widget = flattener(PHOTO)
    widget.row_length = widget.picture().shape[1]
    assert np.array_equal(widget.cut(), widget.picture())
    widget.row_length = 7
    assert widget.cut().shape[1] == 7


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 40, 3), (40, 1, 3), (5, 9), (300, 2, 3)])
def test_any_photo_will_do(shape):
    widget = flattener(np.full(shape, 0.5))
    widget.place = 10**6
    assert widget.row_length >= 1
    assert widget.marked() < (64, 64, 3)
    assert widget.numbers().size == widget.picture().size


@pytest.mark.parametrize(
    ("name", "value"), [("longest", 17), ("row_length", 0), ("place", -1), ("colour", "red")]
)
def test_what_cannot_be_chosen_is_refused(name, value):
    widget = flattener(PHOTO)
    with pytest.raises(traitlets.TraitError):
        setattr(widget, name, value)


def test_nan_is_refused_in_words():
    with pytest.raises(ValueError, match="NaN"):
        flattener(np.full((4, 4, 3), np.nan))
