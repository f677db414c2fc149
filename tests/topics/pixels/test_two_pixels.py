"""Two pixels: three classifiers against scikit-learn, and a plane that follows them."""

import numpy as np
import pytest
from sklearn.linear_model import RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

from aml4d_utils.topics.pixels.two_pixels import (
    GRID,
    LINEAR,
    METHODS,
    MLP,
    NEAREST,
    guess_from,
    guess_from_all,
    pair_of,
)

PIXELS = ((20, 24), (10, 20))


@pytest.fixture(scope="module")
def pair(data):
    return pair_of(data, 7, 9)


def points_of(pair, pixels=PIXELS):
    places = [row * 28 + col for row, col in pixels]
    return pair.train[:, places], pair.test[:, places]


def test_a_pair_holds_two_classes(pair, data):
    assert pair.names == ("sneaker", "ankle boot")
    assert pair.train.shape == (600, 784)
    assert pair.test.shape == (2000, 784)
    assert 0.4 < pair.train_labels.mean() < 0.6
    first = np.flatnonzero(data.test_labels == 9)[0]
    assert np.allclose(
        pair.test[np.flatnonzero(pair.test_labels == 1)[0]], data.test_images[first].ravel() / 255
    )


def test_linear_is_scikit_learns(pair):
    train, test = points_of(pair)
    expected = RidgeClassifier(1.0).fit(train, pair.train_labels).score(test, pair.test_labels)
    assert guess_from(pair, PIXELS, LINEAR).accuracy == pytest.approx(expected, abs=0.002)


def test_neighbours_are_scikit_learns(pair):
    train, test = points_of(pair)
    expected = KNeighborsClassifier(15).fit(train, pair.train_labels)
    found = guess_from(pair, PIXELS, NEAREST).accuracy
    assert found == pytest.approx(expected.score(test, pair.test_labels), abs=0.005)


def test_the_small_network_is_as_good_as_scikit_learns(pair):
    train, test = points_of(pair)
    other = MLPClassifier((12,), random_state=0, max_iter=600).fit(train, pair.train_labels)
    expected = other.score(test, pair.test_labels)
    assert guess_from(pair, PIXELS, MLP).accuracy > expected - 0.03


@pytest.mark.parametrize("method", METHODS)
def test_the_same_choice_gives_the_same_guess(pair, method):
    first, second = (guess_from(pair, PIXELS, method) for _ in range(2))
    assert first.accuracy == second.accuracy
    assert np.array_equal(first.regions, second.regions)


@pytest.mark.parametrize("method", METHODS)
def test_the_regions_are_what_the_classifier_says(pair, method):
    found = guess_from(pair, PIXELS, method)
    assert found.regions.shape == (GRID, GRID)
    assert found.low < found.accuracy < found.high
    at = np.rint(found.points * (GRID - 1)).astype(int)
    agree = found.regions[at[:, 1], at[:, 0]] == found.labels
    assert agree.mean() == pytest.approx(found.accuracy, abs=0.03)


@pytest.mark.parametrize("method", METHODS)
def test_black_corners_tell_nothing(pair, method):
    assert guess_from(pair, ((0, 0), (0, 27)), method).accuracy == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("method", METHODS)
def test_one_pixel_twice_is_allowed(pair, method):
    assert 0.4 < guess_from(pair, ((10, 10), (10, 10)), method).accuracy < 1


@pytest.mark.parametrize("method", METHODS)
def test_all_pixels_carry_farther(pair, method):
    assert guess_from_all(pair, method) > guess_from(pair, PIXELS, method).accuracy


def test_what_is_not_there_is_refused(pair, data):
    with pytest.raises(ValueError, match="two different garments"):
        pair_of(data, 3, 3)
    with pytest.raises(ValueError, match="Rows and columns go from 0 to 27"):
        guess_from(pair, ((0, 0), (28, 0)), LINEAR)
    with pytest.raises(ValueError, match="The methods are"):
        guess_from(pair, PIXELS, "magic")
