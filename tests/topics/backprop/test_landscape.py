"""The neuron with two weights: its cost, its gradient, and the ways down."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.backprop.landscape import (
    EACH,
    TwoWeights,
    descend,
    six_or_nine,
    three_descents,
)

START = np.array([-2.0, 2.0])
weights = st.tuples(st.floats(-8, 8), st.floats(-8, 8)).map(np.array)


@given(weights, st.lists(st.integers(0, 2 * EACH - 1), min_size=1, max_size=20))
def test_the_gradient_is_torchs(at, chosen):
    problem = six_or_nine()
    w = torch.tensor(at, requires_grad=True)
    answers = torch.sigmoid(torch.tensor(problem.features[chosen]) @ w)
    cost = ((answers - torch.tensor(problem.wanted[chosen])) ** 2).mean()
    cost.backward()
    np.testing.assert_allclose(problem.gradient(at, np.array(chosen)), w.grad, atol=1e-12)


@given(weights)
def test_the_surface_is_the_cost(at):
    problem = six_or_nine()
    surface = problem.surface(np.array([at[0], 1.0]), np.array([0.5, at[1], 2.0]))
    assert surface.shape == (3, 2)
    assert surface[1, 0] == pytest.approx(float(problem.cost(at)))


def test_the_digits_are_real_and_half_and_half():
    problem = six_or_nine()
    assert problem.features.shape == (400, 2)
    assert problem.wanted.sum() == EACH
    np.testing.assert_allclose(problem.features.mean(axis=0), 0, atol=1e-12)
    nine, six = problem.features[problem.wanted == 1], problem.features[problem.wanted == 0]
    assert nine[:, 0].mean() > six[:, 0].mean() and nine[:, 1].mean() < six[:, 1].mean()


def test_all_at_once_goes_down_all_the_way():
    path = descend(six_or_nine(), START, rate=1, batch_size=400, updates=60, rng=None)
    assert (np.diff(path.costs) < 0).all()
    assert path.seen.tolist() == list(range(0, 60 * 400 + 1, 400))
    np.testing.assert_array_equal(path.weights[0], START)


def test_each_update_follows_its_batch():
    problem = six_or_nine()
    path = descend(problem, START, rate=2, batch_size=150, updates=4, rng=None)
    where = START
    for k, chosen in enumerate([range(150), range(150, 300), range(300, 400), range(150)]):
        where = where - 2 * problem.gradient(where, np.array(chosen))
        np.testing.assert_allclose(path.weights[k + 1], where, atol=1e-12)
    assert path.seen.tolist() == [0, 150, 300, 400, 550]


def test_seeds_reproduce_and_shuffling_matters():
    settings = dict(rate=4, mini_batch=20, updates=50)
    one = three_descents(six_or_nine(), START, shuffle=True, **settings)
    again = three_descents(six_or_nine(), START, shuffle=True, **settings)
    plain = three_descents(six_or_nine(), START, shuffle=False, **settings)
    other = three_descents(six_or_nine(), START, shuffle=True, seed=1, **settings)
    for name in ("one", "mini-batch", "all"):
        np.testing.assert_array_equal(one[name].weights, again[name].weights)
    for path in (plain, other):
        assert not np.array_equal(one["one"].weights, path["one"].weights)
        np.testing.assert_allclose(one["all"].weights, path["all"].weights, atol=1e-9)


def test_one_at_a_time_shakes_more_than_batches_and_these_more_than_all():
    paths = three_descents(six_or_nine(), START, rate=4, mini_batch=20, updates=300, shuffle=True)
    shaky = [paths[name].costs[-60:].std() for name in ("one", "mini-batch", "all")]
    assert shaky[0] > shaky[1] > shaky[2]


@pytest.mark.parametrize(
    "wrong",
    [dict(rate=0), dict(rate=np.nan), dict(batch_size=0), dict(updates=0), dict(start=[np.inf, 0])],
)
def test_numbers_that_make_no_descent_are_refused(wrong):
    right = dict(start=START, rate=1, batch_size=2, updates=3, rng=None)
    with pytest.raises(ValueError, match="above 0"):
        descend(TwoWeights(np.ones((4, 2)), np.ones(4)), **{**right, **wrong})
