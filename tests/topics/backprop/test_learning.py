"""Stochastic gradient descent: batches, one step by hand, real learning, and the two notes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.backprop.backward import numeric_gradient
from aml4d_utils.topics.backprop.learning import (
    Digits,
    accuracy,
    batches,
    learn,
    noise_curve,
    size_curve,
    with_wrong_labels,
)
from aml4d_utils.topics.neurons.digit_training import one_hot
from aml4d_utils.topics.neurons.network import random_network


@given(st.integers(1, 60), st.integers(1, 70), st.booleans())
def test_batches_hold_every_example_once(count, size, shuffle):
    rng = np.random.default_rng(0) if shuffle else None
    cut = batches(count, size, rng)
    assert sorted(np.concatenate(cut).tolist()) == list(range(count))
    assert all(len(batch) == size for batch in cut[:-1])
    assert 1 <= len(cut[-1]) <= size
    if not shuffle:
        assert np.concatenate(cut).tolist() == list(range(count))


def small(count=20):
    rng = np.random.default_rng(1)
    inputs = rng.random((count, 4))
    labels = (inputs[:, 0] > 0.5).astype(int)
    return Digits(inputs, labels, inputs[:5], labels[:5])


def test_a_step_is_minus_the_rate_times_the_gradient():
    data = small()
    start = random_network((4, 3, 2), np.random.default_rng(0))
    first = next(learn(start, data, rng=None, batch_size=8, rate=0.5))
    gradient = numeric_gradient(start, data.inputs[:8], one_hot(data.labels[:8], 2))
    np.testing.assert_allclose(
        first.network.parameters(), start.parameters() - 0.5 * gradient, atol=1e-8
    )


def test_records_and_their_history():
    data = small()
    start = random_network((4, 3, 2), np.random.default_rng(0))
    before = start.parameters()
    steps = list(
        learn(start, data, rng=np.random.default_rng(0), epochs=3, batch_size=8, look_every=2)
    )
    assert [step.step for step in steps] == list(range(1, 10))
    assert steps[-1].fraction == 1 and steps[-1].seen == 60
    assert steps[-1].history[:, 0].tolist() == [8, 16, 28, 40, 56, 60]
    assert steps[-1].accuracy == accuracy(steps[-1].network, data.test_inputs, data.test_labels)
    np.testing.assert_array_equal(start.parameters(), before)


def test_seeds_reproduce():
    ends = [
        list(
            learn(
                random_network((4, 3, 2), np.random.default_rng(2)),
                small(),
                rng=np.random.default_rng(seed),
                epochs=2,
                batch_size=4,
            )
        )[-1].network.parameters()
        for seed in (0, 0, 1)
    ]
    np.testing.assert_array_equal(ends[0], ends[1])
    assert not np.array_equal(ends[0], ends[2])


def test_it_learns_real_digits(network, digits):
    steps = learn(network, digits, rng=np.random.default_rng(0), epochs=4, look_every=10**6)
    *_, last = steps
    assert last.accuracy > 0.85
    assert last.history[0, 2] < 0.3


@pytest.mark.parametrize(
    "wrong", [dict(epochs=0), dict(batch_size=0), dict(rate=0), dict(rate=np.nan)]
)
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(ValueError, match="above 0"):
        next(learn(random_network((4, 2), np.random.default_rng(0)), small(), rng=None, **wrong))


def test_nothing_to_learn_from():
    empty = Digits(np.zeros((0, 4)), np.zeros(0, int), np.zeros((1, 4)), np.zeros(1, int))
    with pytest.raises(ValueError, match="must be examples"):
        next(learn(random_network((4, 2), np.random.default_rng(0)), empty, rng=None))


@given(st.floats(0, 1), st.integers(0, 100))
def test_so_many_labels_are_wrong(share, seed):
    labels = np.random.default_rng(seed).integers(0, 10, 200)
    before = labels.copy()
    wrong = with_wrong_labels(labels, share, np.random.default_rng(seed))
    assert (wrong != labels).sum() == round(share * 200)
    assert set(wrong.tolist()) <= set(range(10))
    np.testing.assert_array_equal(labels, before)


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_a_share_lies_between_0_and_1(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        with_wrong_labels(np.zeros(5, int), share, np.random.default_rng(0))


def test_more_data_help_and_wrong_labels_harm(digits):
    *_, size = size_curve(digits, [30, 1000], seen=8000)
    assert [point.value for point in size.points] == [30, 1000]
    assert size.points[1].low > size.points[0].high
    assert size.points[0].train > 0.85
    *_, noise = noise_curve(digits, [0, 1], seen=16000)
    assert noise.points[0].test > 0.75 > 0.1 > noise.points[1].test
    assert noise.fraction == 1 and noise.kind == "noise"


def test_a_curve_tells_how_far_it_is(digits):
    fractions = [curve.fraction for curve in size_curve(digits, [50, 100], seen=3200)]
    assert fractions == sorted(fractions) and fractions[-1] == 1
    assert len(fractions) > 3
