"""The cell that tells which way: by the closed form, in mirror image, and blind to what stands."""

import numpy as np
import pytest

from aml4d_utils.topics.tuning.gabor_cells import BEST, REST
from aml4d_utils.topics.tuning.motion_cell import MEMORY, RATE, MotionCell, time_filters
from aml4d_utils.topics.tuning.recording import record
from aml4d_utils.topics.tuning.stimuli import Stimulus, empty_screen, on_screen


def test_the_filters_in_time_have_the_transform_of_the_closed_form():
    """(kt)^n exp(-kt) / n! has (1 + iu)^-(n+1), with u = 1 here."""
    turns = np.exp(-1j * RATE * np.arange(MEMORY))
    closed = [((1 + 1j) ** -(n + 1) - (1 + 1j) ** -(n + 3)) / RATE for n in (3, 5)]
    found = time_filters() @ turns
    np.testing.assert_allclose(found, closed, rtol=1e-3)
    assert found[1] / found[0] == pytest.approx(-0.5j, abs=1e-3)  # half as strong, a quarter late


@pytest.mark.parametrize("orientation", [0, 40, 90, 135])
def test_a_grating_that_comes_back_is_a_ninth_of_it(orientation):
    cell = MotionCell(orientation=orientation)
    forth, back = (
        record(cell, Stimulus("grating", orientation, back=way)).passing - REST
        for way in (False, True)
    )
    np.testing.assert_allclose(forth, BEST, rtol=0.02)
    np.testing.assert_allclose(back, BEST / 9, rtol=0.02)  # (1 - 1/2)² over (1 + 1/2)²


@pytest.mark.parametrize("kind", ["light bar", "dark bar"])
def test_a_bar_is_told_by_its_way_not_by_its_light(kind):
    cell = MotionCell(orientation=60)
    forth, back = (record(cell, Stimulus(kind, 60, back=way)) for way in (False, True))
    assert forth.peak - REST > 5 * (back.peak - REST)
    other = record(cell, Stimulus("dark bar" if kind == "light bar" else "light bar", 60))
    assert forth.peak == pytest.approx(other.peak)
    np.testing.assert_allclose(forth.shifts, -back.shifts)


def test_what_stands_still_leaves_it_at_rest():
    cell = MotionCell(orientation=90)
    screens = np.stack([empty_screen(), on_screen(Stimulus("light bar", 90))])
    assert cell.answers(screens).tolist() == [REST, REST]


def test_a_grating_across_moves_it_little():
    assert record(MotionCell(orientation=90), Stimulus("grating", 0)).peak < REST + 1
