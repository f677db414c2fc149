"""Figures of HOG: they draw anything, and their words hold the measured numbers."""

from dataclasses import replace

import numpy as np
import pytest
from topics.hog.examples import (
    CHOSEN,
    FLAT,
    GOOD,
    HALF,
    MEMORY,
    PICTURES,
    TEMPLATE,
    UPRIGHT,
    VIEW,
    an_attempt,
)

from aml4d_utils import images
from aml4d_utils.topics.hog import figures
from aml4d_utils.topics.hog.descriptor import HogSettings, hog
from aml4d_utils.topics.hog.remembering import remember

# The describing function, its arguments, and what the words must hold.
SAID = {
    "hog": (
        figures.describe_hog,
        (UPRIGHT, hog(UPRIGHT)),
        ["64 × 64", "8 × 8", "9 strokes", "100 %", "0–20°", "upright"],
    ),
    "no gradients": (figures.describe_hog, (FLAT, hog(FLAT)), ["no gradients", "8 × 8"]),
    "cell": (
        figures.describe_cell,
        (UPRIGHT, hog(UPRIGHT), 1, 1),
        ["row 1, column 1", "0–20°", "100 %", "0.250", "one clear edge, upright"],
    ),
    "flat cell": (
        figures.describe_cell,
        (FLAT, hog(FLAT), 0, 3),
        ["row 0, column 3", "every bin has 0 votes"],
    ),
    "memory": (
        figures.describe_memory,
        (MEMORY,),
        [
            "became noisy",
            f"{100 * MEMORY.hog_changed:.0f} %",
            f"{MEMORY.found.vector.size:,}",
            f"{100 * MEMORY.alike:.0f} % like the photo",
            f"{MEMORY.edges_kept:.2f}",
        ],
    ),
    "nothing to remember": (figures.describe_memory, (remember(FLAT),), ["all 0", "cells of 8 px"]),
    "template": (
        figures.describe_template,
        (TEMPLATE,),
        ["8 × 8 cells", f"{TEMPLATE.examples} examples"],
    ),
    "window": (
        figures.describe_window,
        (VIEW,),
        ["48 px", f"{VIEW.above}", figures.signed(VIEW.score), "it is the best one"],
    ),
    "leaderboard": (
        figures.describe_leaderboard,
        ([HALF, GOOD],),
        ["40 pictures", "HOG + colours: 90 %", "HOG: 50 %", "1,828"],
    ),
    "attempt": (
        figures.describe_attempt,
        (GOOD, HALF),
        ["90 %", "77 to 96 %", "better on 18", "worse on 2", "more than chance"],
    ),
    "no features": (
        figures.describe_attempt,
        (an_attempt([1] + [0] * 9, ()),),
        ["10 %", "Choose at least one"],
    ),
    "examples": (
        figures.describe_examples,
        (PICTURES, CHOSEN, np.array([1, 0, 1, 1] * 3, dtype=bool)),
        ["4 of the 12", "9 of all", "birds right, birds wrong, coins right"],
    ),
}


def test_the_numbers_of_every_description_are_tested():
    every = {name for name in dir(figures) if name.startswith("describe_")}
    assert every == {describe.__name__ for describe, *_ in SAID.values()}


@pytest.mark.parametrize("case", SAID)
def test_words_hold_the_measured_numbers(case):
    describe, arguments, numbers = SAID[case]
    words = describe(*arguments)
    for number in numbers:
        assert number in words, words


def test_only_attempts_on_the_same_pictures_are_compared():
    alone = figures.describe_attempt(GOOD)
    assert figures.describe_attempt(GOOD, replace(HALF, dataset="Fashion-MNIST")) == alone
    assert figures.describe_attempt(GOOD, GOOD) == alone


def test_chance_is_named():
    words = figures.describe_attempt(an_attempt([1, 1, 0]), an_attempt([1, 0, 1], ("LBP",)))
    assert "may be chance" in words


# --- strokes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("bins", [2, 4, 9, 18])
def test_a_stroke_lies_across_its_gradient(bins):
    for number in range(bins):
        cells = np.zeros((1, 1, bins))
        cells[0, 0, number] = 1
        rows, cols = np.nonzero(figures.hog_picture(cells, 41) > 0.9)
        angle = np.deg2rad((number + 0.5) * 180 / bins)
        across = (cols - 20) * np.cos(angle) + (rows - 20) * np.sin(angle)
        along = (rows - 20) * np.cos(angle) - (cols - 20) * np.sin(angle)
        assert np.abs(across).max() < 4
        assert np.abs(along).max() > 16


def test_strokes_are_as_bright_as_votes():
    cells = np.zeros((1, 3, 9))
    cells[0, :, 4] = [1.0, 0.5, 0.0]
    drawn = figures.hog_picture(cells, 9, high=1.0).reshape(9, 3, 9).max(axis=(0, 2))
    np.testing.assert_allclose(drawn, [1, 0.5, 0])
    assert (figures.hog_picture(np.zeros((2, 2, 9))) == 0).all()


def test_edges_in_words_are_edges_of_pictures():
    """Draw an edge at each angle and let HOG and the words say how it runs."""
    down, right = np.mgrid[:32, :32] - 15.5
    for words, picture in {
        "upright": right > 0,
        "level": down > 0,
        "rising to the right": down + right > 0,
        "falling to the right": down - right > 0,
    }.items():
        found = hog(picture.astype(float), HogSettings(pixels_per_cell=(16, 16)))
        row, col = np.unravel_index(found.cells.sum(axis=2).argmax(), (2, 2))
        assert figures.cell_words(found, row, col).endswith(f"{words}.")


# --- the contest -----------------------------------------------------------------------------


def test_names_beside_bars_are_short():
    everything = ("HOG", "LBP", "colours", "edge density", "pixels")
    names = {
        everything: "all five · 3,662",
        everything[:4]: "all but pixels · 3,662",
        everything[1:]: "all but HOG · 3,662",
        everything[:2]: "HOG + LBP · 3,662",
        (): "no features · 3,662",
    }
    for families, name in names.items():
        assert figures.short_name(an_attempt([1], families, 3662)) == name


def test_equal_attempts_are_ranked_by_numbers():
    small, large = an_attempt([1, 0], ("LBP",), 90), an_attempt([0, 1], ("HOG",), 1764)
    assert figures.ranked([large, GOOD, small]) == [GOOD, small, large]


def test_examples_show_every_class_and_their_marks():
    chosen = figures.chosen_examples(PICTURES)
    assert set(PICTURES.labels[chosen]) == set(range(6))
    right = np.arange(12) % 2 == 0
    sheet, marks = figures.example_sheet(PICTURES, CHOSEN, right)
    assert sheet.shape[1] == 4 * 30 + 3
    assert [mark for _, mark in marks] == ["✓", "✗", "✓", "✗"]
    assert all(20 < row < 30 for (row, _), _ in marks)
    assert [col // 31 for (_, col), _ in marks] == [0, 1, 2, 3]
    np.testing.assert_array_equal(sheet[:, 31:61], images.as_uint8(PICTURES.pictures[1]))


@pytest.mark.parametrize(("values", "limit"), [([0], 0.05), ([0.05], 0.05), ([-0.26, 0.1], 0.3)])
def test_round_limits(values, limit):
    assert figures.round_limit(np.array(values)) == limit


def test_the_longest_name_gets_its_room():
    short, long = an_attempt([1], ("LBP",), 90), an_attempt([1], ("HOG", "edge density"), 1780)
    assert figures.label_room([short]) < figures.label_room([short, long]) <= 290
