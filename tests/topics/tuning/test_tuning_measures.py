"""Widths, variances and modulations against closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import i0, i1
from scipy.stats import circvar

from aml4d_utils.topics.tuning.tuning_measures import circular_variance, half_width, modulation

ANGLES = np.arange(0, 180, 0.5)


def von_mises(sharpness, at=0.0):
    return np.exp(sharpness * (np.cos(2 * np.deg2rad(ANGLES - at)) - 1))


@pytest.mark.parametrize("sharpness", [1, 3, 10, 40])
@pytest.mark.parametrize("at", [0, 61, 178])
def test_width_of_a_von_mises_curve(sharpness, at):
    closed = np.degrees(np.arccos(1 - np.log(2) / sharpness))
    assert half_width(ANGLES, 7 * von_mises(sharpness, at)) == pytest.approx(closed, abs=0.05)


@given(st.integers(0, 23), st.floats(0.1, 100))
def test_width_does_not_depend_on_where_and_how_high(turn, height):
    angles = np.arange(24) * 7.5
    curve = np.array([1, 4, 9, 3, 2, *[0.5] * 19])
    rolled = height * np.roll(curve, turn)
    assert half_width(angles, rolled) == pytest.approx(half_width(angles, curve))


def test_width_of_uneven_orientations():
    angles = np.array([10, 20, 50, 55, 90, 120, 150])
    # From 8 at 50° straight down to 0 at 90° by way of 7 at 55°, and to 2 at 20°.
    heights = np.array([0, 2, 8, 7, 0, 0, 0])
    assert half_width(angles, heights) == pytest.approx((5 + 35 * 3 / 7) + 30 * 4 / 6)


@pytest.mark.parametrize(
    ("angles", "heights"),
    [
        (np.arange(0, 150, 30), [0, 0, 1, 0, 0]),
        (np.arange(0, 180, 30), np.zeros(6)),
        (np.arange(0, 180, 30), -np.ones(6)),
        (np.arange(0, 180, 30), [5, 6, 5, 4, 4, 4]),
        (np.array([60, 65, 70, 75, 80, 85]), [2, 2, 3, 3, 2, 2]),
    ],
    ids=["few", "silent", "below rest", "never at half", "a gap"],
)
def test_what_cannot_be_read_off(angles, heights):
    assert np.isnan(half_width(angles, heights))


@pytest.mark.parametrize("angles", [[0, 0, 1], [3, 2, 1], [0, 90, 180], [-1, 0, 1]])
def test_orientations_out_of_order_are_refused(angles):
    with pytest.raises(ValueError, match="ascending"):
        half_width(np.array(angles), np.ones(3))


def test_unequal_rows_are_refused():
    with pytest.raises(ValueError, match="equal length"):
        half_width(np.arange(6), np.ones(5))


@pytest.mark.parametrize("sharpness", [0.1, 1, 5])
def test_circular_variance_of_a_von_mises_curve(sharpness):
    curve = von_mises(sharpness, at=33)
    assert circular_variance(ANGLES, curve) == pytest.approx(1 - i1(sharpness) / i0(sharpness))


def test_circular_variance_as_scipy_computes_it():
    counts = np.array([3, 0, 5, 1, 2, 7])
    angles = np.arange(6) * 30.0
    sample = np.repeat(angles, counts)
    assert circular_variance(angles, counts) == pytest.approx(circvar(sample, high=180))
    both = circular_variance(angles, np.stack([counts, counts[::-1]], axis=1))
    assert both.shape == (2,)


def test_without_answers_variance_is_one():
    assert circular_variance(np.arange(4) * 45.0, np.zeros(4)) == 1


@pytest.mark.parametrize(("mean", "swing", "rest"), [(5, 2, 1), (1, 3, 0), (4, 0, 1)])
@pytest.mark.parametrize("begin", [0, 0.7])
def test_modulation_of_a_sine(mean, swing, rest, begin):
    phases = 2 * np.pi * np.arange(8) / 8 + begin
    answers = mean + swing * np.cos(phases) + 0.3 * np.cos(2 * phases)
    assert modulation(answers, rest) == pytest.approx(swing / (mean - rest), abs=1e-12)


def test_modulation_of_a_rectified_sine():
    answers = np.maximum(0, np.cos(2 * np.pi * np.arange(64) / 64))
    assert modulation(answers, 0.0) == pytest.approx(np.pi / 2, rel=1e-3)


def test_modulation_of_nothing_and_of_swings_about_rest():
    assert modulation(np.zeros((2, 8)), np.zeros(2)).tolist() == [0, 0]
    assert modulation(1 + np.cos(2 * np.pi * np.arange(8) / 8), 1.0) > 1e6
