import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aml4d_utils.measuring.pairing import match


@given(
    arrays(np.float64, st.tuples(st.integers(0, 6), st.integers(0, 5)), elements=st.floats(0, 1))
)
def test_nothing_is_found_twice_and_nothing_without_worth(worth):
    hits = match(worth)
    taken = hits[hits >= 0]
    assert len(set(taken.tolist())) == len(taken)
    assert all(worth[answer, thing] > 0 for answer, thing in enumerate(hits) if thing >= 0)
    for answer in np.flatnonzero(hits < 0):
        free = set(range(worth.shape[1])) - set(hits[:answer].tolist())
        assert all(worth[answer, thing] == 0 for thing in free)
