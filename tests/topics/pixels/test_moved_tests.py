"""Moving pictures against SciPy, and accuracy for every move."""

import numpy as np
import pytest
import scipy.ndimage
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aml4d_utils.topics.pixels.moved_tests import FARTHEST, Moved, guesses, move, move_tests


class Brightest(nn.Module):
    """Says the column group in which the brightest pixel of the top row stands."""

    def forward(self, batch):
        return batch[:, 0, 0, :10]


@given(st.integers(1, 6), st.integers(1, 6), st.integers(-7, 7), st.integers(-7, 7))
def test_moving_is_scipys_shift(height, width, down, right):
    picture = np.arange(1.0, height * width + 1).reshape(height, width)
    expected = scipy.ndimage.shift(picture, (down, right), order=0, cval=0)
    assert np.array_equal(move(picture, down, right), expected)
    assert np.array_equal(move(picture[None], down, right)[0], expected)


def one_bright(count=20):
    pictures = np.zeros((count, 28, 28), np.uint8)
    labels = np.arange(count) % 10
    pictures[np.arange(count), 0, labels] = 255
    return pictures, labels


def test_every_move_is_measured():
    pictures, labels = one_bright()
    steps = list(move_tests({"a": Brightest(), "b": Brightest()}, pictures, labels))
    last = steps[-1]
    assert len(steps) == 81
    assert last.fraction == 1
    assert not np.isnan(last.accuracy).any()
    assert np.isnan(steps[0].accuracy).sum() == 2 * 80
    assert last.at(0, 0).tolist() == [1, 1]
    # Moved right by one, every answer is one too high; the last has left the columns looked at.
    assert last.at(0, 1).tolist() == [0, 0]
    assert last.tested == 20
    assert last.by_distance()[0, 0] == 1
    assert last.by_distance().shape == (2, FARTHEST + 1)


def test_a_distance_is_the_mean_of_eight_directions():
    accuracy = np.zeros((1, 9, 9))
    accuracy[0, 4 + 2, 4] = 0.8
    moved = Moved(("a",), np.arange(-4, 5), accuracy, 10, 1.0)
    assert moved.by_distance()[0].tolist() == [0, 0, pytest.approx(0.1), 0, 0]
    assert moved.uncertainty(0.5) == pytest.approx(0.26, abs=0.01)


def test_guesses_are_probabilities():
    pictures, labels = one_bright()
    found = guesses(Brightest(), pictures[3])
    assert found.sum() == pytest.approx(1)
    assert found.argmax() == labels[3]
    assert not torch.is_grad_enabled() or found.dtype == np.float32


@pytest.mark.parametrize("count", [0, 3])
def test_pictures_without_labels_are_refused(count):
    with pytest.raises(ValueError, match="labels to test"):
        next(move_tests({}, np.zeros((count, 28, 28)), np.zeros(2 * count)))
