"""Intervals against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from aml4d_utils.measuring.intervals import half_width, wilson


@given(st.integers(1, 3000), st.data())
def test_it_is_wilsons_interval(count, data):
    right = data.draw(st.integers(0, count))
    expected = binomtest(right, count).proportion_ci(method="wilson")
    assert wilson(right / count, count) == pytest.approx(tuple(expected), abs=1e-9)
    assert half_width(right / count, count) == pytest.approx((expected.high - expected.low) / 2)


@pytest.mark.parametrize(("share", "count"), [(0.5, 0), (1.1, 10), (-0.1, 10)])
def test_what_is_no_share_is_refused(share, count):
    with pytest.raises(ValueError, match="has no interval"):
        wilson(share, count)


@pytest.mark.parametrize(
    ("right", "tested", "low"),
    [(0, 10, 0.0), (10, 10, 0.7224672), (90, 100, 0.8256343), (1, 2, 0.0945312)],
)
def test_known_low_ends(right, tested, low):
    assert wilson(right / tested, tested)[0] == pytest.approx(low, abs=1e-6)


@given(st.integers(1, 200), st.data())
def test_wilson_ends_solve_the_score_equation(count, data):
    wins = data.draw(st.integers(0, count))
    share = wins / count
    low, high = wilson(share, count)
    assert 0 <= low <= share <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            z = abs(share - end) / np.sqrt(end * (1 - end) / count)
            assert z == pytest.approx(norm.ppf(0.975), rel=1e-4)
