"""The trainer learns, repeats itself, and leaves the network that it was given."""

import numpy as np
import pytest
import torch

from aml4d_utils.topics.neurons.digit_training import one_hot, train
from aml4d_utils.topics.neurons.network import random_network

CORNERS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
EITHER = np.array([[0.0], [1], [1], [0]])


def trained(seed=0, hidden="tanh", **options):
    rng = np.random.default_rng(seed)
    network = random_network((2, 4, 1), rng, hidden=hidden)
    defaults = {"epochs": 400, "batch_size": 4, "learning_rate": 0.05}
    return network, list(train(network, CORNERS, EITHER, rng=rng, **(defaults | options)))


def test_it_learns_either_or_which_no_single_neuron_can():
    _, steps = trained()
    answers = steps[-1].network.forward(CORNERS).output
    np.testing.assert_allclose(answers, EITHER, atol=0.2)
    assert steps[-1].cost < 0.1 < steps[0].cost
    assert [step.step for step in steps] == list(range(1, 401))
    assert steps[-1].fraction == 1


def test_the_same_seed_learns_the_same():
    runs = [trained(seed, epochs=5)[1][-1].network.parameters() for seed in (1, 1, 2)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert (runs[0] != runs[2]).any()


def test_the_network_given_and_the_records_stay_as_they_are():
    network, steps = trained(epochs=3)
    assert (network.parameters() != steps[0].network.parameters()).any()
    assert (steps[0].network.parameters() != steps[2].network.parameters()).any()


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU"])
def test_the_cost_is_that_of_the_network_before_the_step(hidden):
    network, steps = trained(hidden=hidden, epochs=2)
    for before, step in ((network, steps[0]), (steps[0].network, steps[1])):
        expected = ((before.forward(CORNERS).output - EITHER) ** 2).sum(1).mean()
        assert step.cost == pytest.approx(expected, rel=1e-9)


def test_without_decay_the_first_step_goes_against_the_gradient():
    network, steps = trained(epochs=1)
    step = steps[0].network.parameters() - network.parameters()
    gradient = np.zeros_like(step)
    for index in range(len(gradient)):
        for sign in (1, -1):
            moved = network.parameters()
            moved[index] += sign * 1e-5
            answers = network.with_parameters(moved).forward(CORNERS).output
            gradient[index] += sign * ((answers - EITHER) ** 2).sum(1).mean() / 2e-5
    strong = np.abs(gradient) > 1e-4
    assert strong.sum() > 10
    assert (np.sign(step[strong]) == -np.sign(gradient[strong])).all()


def test_batches_can_be_varied_and_sum_up_to_all_examples():
    seen = []

    def vary(batch, rng):
        seen.append(batch.copy())
        return batch + 0.01 * rng.normal(size=batch.shape)

    _, steps = trained(epochs=2, batch_size=3, vary=vary)
    assert [len(batch) for batch in seen] == [3, 1, 3, 1]
    assert len(steps) == 4
    first = np.concatenate(seen[:2])
    assert sorted(first.tolist()) == CORNERS.tolist()


def test_decay_pulls_weights_towards_zero():
    plain, pulled = (
        np.abs(trained(weight_decay=decay, epochs=50)[1][-1].network.parameters()).mean()
        for decay in (0.0, 1.0)
    )
    assert pulled < plain


def test_one_hot_is_that_of_torch():
    labels = np.array([3, 0, 9, 3])
    expected = torch.nn.functional.one_hot(torch.tensor(labels), 10).numpy()
    np.testing.assert_array_equal(one_hot(labels, 10), expected)


@pytest.mark.parametrize(
    ("inputs", "targets", "words"),
    [
        (np.ones((3, 1)), np.ones((3, 1)), r"inputs \(N, 2\)"),
        (np.ones((3, 2)), np.ones((2, 1)), r"not \(3, 2\) and \(2, 1\)"),
        (np.ones((0, 2)), np.ones((0, 1)), r"inputs \(N, 2\)"),
        (np.full((1, 2), np.nan), np.ones((1, 1)), "NaN or infinite"),
    ],
)
def test_examples_that_do_not_fit_are_refused(inputs, targets, words):
    network = random_network((2, 1), np.random.default_rng(0))
    with pytest.raises(ValueError, match=words):
        next(train(network, inputs, targets, rng=np.random.default_rng(0)))
