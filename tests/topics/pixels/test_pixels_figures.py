"""Every figure draws, also from extreme input, and its words follow the numbers it shows."""

import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib.figure import Figure

from aml4d_utils.notebook import show
from aml4d_utils.topics.pixels import figures
from aml4d_utils.topics.pixels.distances import Concentration, Distances
from aml4d_utils.topics.pixels.moved_tests import Moved
from aml4d_utils.topics.pixels.neighbours import Needed
from aml4d_utils.topics.pixels.permuting import (
    IN_ORDER,
    LEARNERS,
    MAKERS,
    PERMUTED,
    PermutationStep,
)
from aml4d_utils.topics.pixels.raw_linear import Linear, Sweep
from aml4d_utils.topics.pixels.two_pixels import GRID, LINEAR, TwoPixels

RNG = np.random.default_rng(0)
NAMES = ("sandal", "bag", "coat")


def row(**_):
    return RNG.integers(0, 255, 784).astype(np.uint8)


def model(scale=1.0):
    return Linear(np.random.default_rng(3).normal(size=(49, 3)) * scale, np.zeros(3))


def sweep(test=0.6):
    train = np.array([[0.7, 0.65], [1.0, 0.9]])
    return Sweep((4, 14), (100, 500), train, np.array([[test, 0.6], [0.5, 0.7]]), {}, 10000, 1.0)


def two_pixels(**changes):
    result = TwoPixels(
        names=("sneaker", "boot"),
        method=LINEAR,
        pixels=((1, 2), (3, 4)),
        points=RNG.random((30, 2)),
        labels=RNG.integers(0, 2, 30),
        regions=np.triu(np.ones((GRID, GRID), int)),
        accuracy=0.8123,
        low=0.79,
        high=0.83,
        tested=2000,
    )
    return replace(result, **changes)


def step(fall=0.05):
    accuracy = {
        (learner, kind): np.array([0.1, 0.8 - fall * (kind == PERMUTED)])
        for learner in LEARNERS
        for kind in (IN_ORDER, PERMUTED)
    }
    nets = {key: MAKERS[key[0]]() for key in accuracy}
    return PermutationStep(1.0, 1280, 1000, np.array([64, 1280]), accuracy, nets)


def distances(d, nearest):
    return Distances(d, np.full(48, 1 / 48), 0.3, nearest, 2.0)


def concentration(nearest=0.4):
    return Concentration(
        "garments",
        np.array([1, 2]),
        (distances(1, 0.1), distances(4, nearest)),
        (distances(1, 0.1), distances(4, 0.2)),
        np.array([1.0, 3.0]),
    )


def needed(last=0.8):
    return Needed(
        examples=np.array([1, 10, 400]),
        d=np.array([4, 49, 784]),
        accuracy=np.array([[0.2, 0.3, 0.4], [0.4, 0.6, 0.75], [0.4, 0.6, last]]),
        noisy_d=np.array([49, 784]),
        noisy_accuracy=np.array([[0.4, 0.6, 0.75], [0.1, 0.2, 0.3]]),
        tested=1000,
        fraction=1.0,
    )


def moved(share=0.5):
    accuracy = np.full((3, 9, 9), share)
    accuracy[:, 4, 4] = 0.8
    return Moved(LEARNERS, np.arange(-4, 5), accuracy, 500, 1.0)


PICTURES = RNG.integers(0, 255, (2, 28, 28)).astype(np.uint8)

DRAWN = {
    "row": (figures.draw_row, figures.describe_row, [(row(),), (row(),)]),
    "cuts": (
        figures.draw_cuts,
        figures.describe_cuts,
        [(row(), (27, 28)), (row(), (28, 30))],
    ),
    "weights": (
        figures.draw_weights,
        figures.describe_weights,
        [(model(), NAMES), (model(0.3), NAMES)],
    ),
    "permuted": (
        figures.draw_permuted,
        figures.describe_permuted,
        [
            (PICTURES, PICTURES[:, ::-1], ["bag", "coat"]),
            (PICTURES, PICTURES, ["bag", "coat"]),
        ],
    ),
    "falls": (figures.draw_falls, figures.describe_falls, [(step(),), (step(0.1),)]),
    "needed": (
        figures.draw_needed,
        figures.describe_needed,
        [(needed(), 0.7), (needed(0.9), 0.7)],
    ),
    "moved": (figures.draw_moved, figures.describe_moved, [(moved(),), (moved(0.3),)]),
}


@pytest.mark.parametrize("name", DRAWN)
def test_it_draws_and_says_what_it_shows(name):
    draw, describe, results = DRAWN[name]
    words = [describe(*result) for result in results]
    assert len(set(words)) == len(words)
    for result, text in zip(results, words, strict=True):
        assert re.search(r"\d", text)
        assert "nan" not in text
        figure = draw(*result)
        assert isinstance(figure, Figure)
        assert "<img alt=" in show(figure, text).markup
    assert not Gcf.figs


SAID = {
    "resolution": [
        figures.describe_resolution(sweep(), 4, 100),
        figures.describe_resolution(sweep(0.61), 4, 100),
        figures.describe_resolution(sweep(), 14, 100),
    ],
    "two pixels": [
        figures.describe_two_pixels(two_pixels(), 0.9),
        figures.describe_two_pixels(two_pixels(accuracy=0.7), 0.9),
        figures.describe_two_pixels(two_pixels(), 0.95),
    ],
    "training": [figures.describe_training(step()), figures.describe_training(step(0.2))],
    "concentration": [
        figures.describe_concentration(concentration(), 2),
        figures.describe_concentration(concentration(0.5), 2),
        figures.describe_concentration(concentration(), 1),
    ],
    "move": [
        figures.describe_move(moved(), 0, 0, ["bag"] * 3),
        figures.describe_move(moved(), 1, -2, ["bag"] * 3),
        figures.describe_move(moved(), -1, 2, ["bag", "bag", "coat"]),
    ],
    "sums": [
        figures.describe_sums(np.array(sums), ("bag", "coat", "boot"), label)
        for sums, label in (([1.0, 2, 3], 0), ([1.5, 2, 3], 0), ([1.0, 2, 3], 2))
    ],
}


@pytest.mark.parametrize("name", SAID)
def test_different_results_are_said_differently(name):
    assert len(set(SAID[name])) == len(SAID[name])
    assert all(re.search(r"\d", words) and "nan" not in words for words in SAID[name])


def test_the_numbers_said_are_those_shown():
    assert "40 % in order" not in figures.describe_falls(step())
    assert "CNN 80.0 % in order and 75.0 % permuted" in figures.describe_falls(step())
    words = figures.describe_resolution(sweep(), 14, 100)
    assert "1,970 parameters" in words
    assert "100 % of these" in words and "50.0 %" in words
    assert "The gap is 50 points." in words
    assert figures.best_side(sweep(), 100) == 4
    assert figures.best_side(sweep(), 500) == 14
    sums = figures.describe_sums(np.array([3.0, -1.04, 2.5]), ("bag", "coat", "boot"), 0)
    assert "for bag is +3.0; the largest of the others is +2.5, for boot." in sums
    assert "1 px up and 2 px right" in figures.describe_move(moved(), -1, 2, ["bag"] * 3)
    assert "CNN from 80 % to 50 % at 2 pixels" in figures.describe_moved(moved())


def test_goals_that_nobody_reaches_are_said_and_drawn():
    words = figures.describe_needed(needed(), 0.99)
    assert "never reached with real pixels" in words
    assert isinstance(figures.draw_needed(needed(), 0.99), Figure)


def test_the_darkest_pixels_are_pointed_out():
    dark = figures.describe_two_pixels(two_pixels(points=np.zeros((30, 2))), 0.9)
    assert "Pixel A and pixel B is black" not in dark
    assert "A and B are black in nearly all of them" in dark


def test_the_plane_shows_both_classes_in_place():
    points = np.array([[0.0, 0.0], [1.0, 1.0]])
    result = two_pixels(points=points, labels=np.array([0, 1]), regions=np.zeros((GRID, GRID), int))
    plane = figures.plane_picture(result)
    assert plane.shape == (4 * GRID, 4 * GRID, 3)
    # Both dark: bottom left. Both light: top right.
    blue, orange = (plane == np.array(c, np.uint8) for c in figures._DOTS)
    rows, cols = np.nonzero(blue.all(axis=2))
    assert rows.min() > 4 * GRID - 12 and cols.max() < 12
    rows, cols = np.nonzero(orange.all(axis=2))
    assert rows.max() < 12 and cols.min() > 4 * GRID - 12


def test_labels_are_moved_apart():
    apart = figures._apart(np.array([0.5, 0.51, 0.2]), 0.1)
    assert apart.tolist() == [0.5, 0.6, 0.2]
