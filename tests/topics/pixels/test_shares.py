"""Intervals against SciPy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from aml4d_utils.topics.pixels.shares import half_width, interval


@given(st.integers(1, 3000), st.data())
def test_it_is_wilsons_interval(count, data):
    right = data.draw(st.integers(0, count))
    expected = binomtest(right, count).proportion_ci(method="wilson")
    assert interval(right / count, count) == pytest.approx(tuple(expected), abs=1e-9)
    assert half_width(right / count, count) == pytest.approx((expected.high - expected.low) / 2)


@pytest.mark.parametrize(("share", "count"), [(0.5, 0), (1.1, 10), (-0.1, 10)])
def test_what_is_no_share_is_refused(share, count):
    with pytest.raises(ValueError, match="has no interval"):
        interval(share, count)
