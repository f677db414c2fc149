"""The words of a figure hold the numbers that it shows, also for extreme input."""

import numpy as np
from matplotlib.figure import Figure
from topics.pixels.examples import moved, needed, step, sweep, two_pixels

from aml4d_utils.topics.pixels import figures
from aml4d_utils.topics.pixels.two_pixels import GRID


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
