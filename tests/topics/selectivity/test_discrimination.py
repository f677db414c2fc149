"""d′ and its interval against closed forms and SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from aml4d_utils.topics.selectivity.discrimination import (
    CRITERION,
    d_prime,
    d_prime_interval,
    selectivity_index,
)


def test_d_prime_of_normal_answers_is_the_distance_of_their_means():
    rng = np.random.default_rng(0)
    one, other = rng.normal(5, 2, (200_000, 2)), rng.normal(2, 2, (200_000, 2))
    np.testing.assert_allclose(d_prime(one, other), 1.5, atol=0.02)


def test_unequal_spreads_are_averaged_as_variances():
    rng = np.random.default_rng(1)
    one, other = rng.normal(4, 1, 200_000), rng.normal(0, 3, 100_000)
    assert d_prime(one, other) == pytest.approx(4 / np.sqrt(5), abs=0.02)


def test_with_equal_counts_it_is_the_t_statistic_rescaled():
    rng = np.random.default_rng(2)
    one, other = rng.normal(1, 1, 30), rng.normal(0, 2, 30)
    t = ttest_ind(one, other, equal_var=False).statistic
    assert d_prime(one, other) == pytest.approx(t * np.sqrt(2 / 30))


@given(st.floats(0.1, 50), st.floats(-20, 20))
def test_d_prime_knows_no_unit(scale, shift):
    one, other = np.array([1.0, 2, 4]), np.array([0.0, 1, 1, 3])
    moved = d_prime(scale * one + shift, scale * other + shift)
    assert moved == pytest.approx(float(d_prime(one, other)), rel=1e-6)
    assert d_prime(other, one) == -d_prime(one, other)


def test_what_does_not_vary():
    assert d_prime(np.ones(3), np.ones(4)) == 0
    assert d_prime(np.ones(3), np.zeros(4)) == np.inf
    with pytest.raises(ValueError, match="two answers"):
        d_prime(np.ones(1), np.ones(3))


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        one, other = rng.normal(1.5, 1, 40), rng.normal(0, 1, 120)
        low, high = d_prime_interval(one, other, rng, draws=300)
        assert low < high
        held += low <= 1.5 <= high
    assert 0.88 <= held / 200 <= 0.99


def test_the_interval_narrows_with_more_pictures():
    rng = np.random.default_rng(4)
    widths = []
    for count in (20, 80, 320):
        low, high = d_prime_interval(rng.normal(2, 1, count), rng.normal(0, 1, count), rng)
        widths.append(high - low)
    assert widths[0] > widths[1] > widths[2]
    assert widths[0] / widths[2] == pytest.approx(4, rel=0.4)


def test_twice_the_answer_is_the_criterion():
    assert selectivity_index(np.array([4.0, 2]), np.array([1.5])) == pytest.approx(CRITERION)
    assert selectivity_index(np.zeros(3), np.zeros(2)) == 0
    assert selectivity_index(np.zeros(2), np.ones(2)) == -1
    found = selectivity_index(np.array([[2.0, 0], [2, 0]]), np.array([[1.0, 0]]))
    np.testing.assert_allclose(found, [1 / 3, 0])
