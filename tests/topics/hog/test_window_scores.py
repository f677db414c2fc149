"""Window scores: sliding a linear classifier equals asking it at every window."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.svm import LinearSVC

from aml4d_utils.topics.hog.descriptor import HogSettings, hog
from aml4d_utils.topics.hog.window_scores import (
    window_box,
    window_scores,
    window_scores_loops,
    window_vectors,
)


@settings(deadline=None)
@given(
    st.tuples(*[st.integers(1, 4)] * 2),
    st.tuples(*[st.integers(0, 4)] * 2),
    st.tuples(*[st.integers(1, 3)] * 3),
    st.floats(-3, 3),
    st.integers(0, 2**31),
)
def test_fast_equals_loops(window, more, block, bias, seed):
    rng = np.random.default_rng(seed)
    blocks = rng.normal(size=(*np.add(window, more), *block))
    weights = rng.normal(size=(*window, *block))
    slow = window_scores_loops(blocks, weights, bias)
    assert slow.shape == tuple(np.add(more, 1))
    np.testing.assert_allclose(window_scores(blocks, weights, bias), slow, atol=1e-9)
    vectors = window_vectors(blocks, *window)
    np.testing.assert_allclose(vectors @ weights.ravel() + bias, slow, atol=1e-9)


def test_a_trained_svm_is_asked_at_every_window(cat):
    blocks = hog(cat).blocks
    vectors = window_vectors(blocks, 7, 7)
    answers = np.arange(vectors.shape[0] * vectors.shape[1]) % 3 == 0
    samples = vectors.reshape(-1, vectors.shape[2])[::37]
    svm = LinearSVC(random_state=0).fit(samples, answers[::37])
    weights = svm.coef_.reshape(7, 7, *blocks.shape[2:])
    scores = window_scores(blocks, weights, svm.intercept_[0])
    np.testing.assert_allclose(scores.ravel()[::37], svm.decision_function(samples), atol=1e-9)


def test_a_window_is_the_hog_of_its_box(cat):
    found = hog(cat)
    x0, y0, x1, y1 = window_box(5, 9, 6, 4, HogSettings())
    assert (x1 - x0, y1 - y0) == (40, 56)
    # One more cell around, since gradients at a border lack a neighbour.
    inner = hog(cat[y0 - 8 : y1 + 8, x0 - 8 : x1 + 8]).blocks[1:-1, 1:-1]
    np.testing.assert_allclose(found.blocks[5:11, 9:13], inner, atol=1e-12)


@pytest.mark.parametrize("way", [window_scores, window_scores_loops])
def test_wrong_windows(way):
    blocks = np.zeros((3, 4, 2, 2, 9))
    with pytest.raises(ValueError, match="window of 4 × 1 blocks does not fit into 3 × 4"):
        way(blocks, np.zeros((4, 1, 2, 2, 9)))
    with pytest.raises(ValueError, match="with equal blocks, but got"):
        way(blocks, np.zeros((1, 1, 2, 2, 8)))
    with pytest.raises(ValueError, match="does not fit"):
        window_vectors(blocks, 1, 5)
