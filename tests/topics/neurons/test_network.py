"""The forward pass against PyTorch, the parameter vector, and what a network refuses."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.neurons.network import (
    Network,
    parameter_count,
    parameter_name,
    random_network,
)

TORCH = {
    "sigmoid": torch.nn.Sigmoid,
    "tanh": torch.nn.Tanh,
    "ReLU": torch.nn.ReLU,
    "leaky ReLU": lambda: torch.nn.LeakyReLU(0.1),
    "ELU": torch.nn.ELU,
}
SIZES = st.lists(st.integers(1, 6), min_size=2, max_size=5)


def as_torch(network):
    layers = []
    for w, b, name in zip(network.weights, network.biases, network.activation_names(), strict=True):
        linear = torch.nn.Linear(w.shape[1], w.shape[0], dtype=torch.float64)
        linear.weight.data, linear.bias.data = torch.tensor(w), torch.tensor(b)
        layers += [linear, TORCH[name]()]
    return torch.nn.Sequential(*layers)


def shaken(sizes, seed, **names):
    """A random network whose biases are not zero."""
    rng = np.random.default_rng(seed)
    network = random_network(sizes, rng, **names)
    return network.with_parameters(rng.normal(size=network.parameter_count))


@given(sizes=SIZES, hidden=st.sampled_from(list(TORCH)), output=st.sampled_from(list(TORCH)))
def test_the_forward_pass_is_that_of_torch(sizes, hidden, output):
    network = shaken(sizes, 1, hidden=hidden, output=output)
    x = np.random.default_rng(2).normal(size=(4, sizes[0]))
    forward = network.forward(x)
    expected = as_torch(network)(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(forward.output, expected, atol=1e-12)
    assert [a.shape for a in forward.activations] == [(4, size) for size in sizes]
    assert [s.shape for s in forward.sums] == [(4, size) for size in sizes[1:]]
    np.testing.assert_array_equal(forward.activations[0], x)


def test_one_neuron_by_hand():
    network = Network((np.array([[2.0, -1.0]]),), (np.array([0.5]),))
    forward = network.forward(np.array([1.0, 3.0]))
    assert forward.sums[0].tolist() == [[-0.5]]
    assert forward.output[0, 0] == pytest.approx(1 / (1 + np.exp(0.5)))


@given(sizes=SIZES)
def test_the_parameter_vector_goes_there_and_back(sizes):
    network = shaken(sizes, 3)
    vector = network.parameters()
    assert vector.shape == (network.parameter_count,) == (parameter_count(sizes),)
    again = network.with_parameters(vector)
    for one, other in zip(network.weights + network.biases, again.weights + again.biases,
                          strict=True):  # fmt: skip
        np.testing.assert_array_equal(one, other)


def test_the_order_of_the_parameters():
    network = shaken((3, 2, 2), 4)
    vector = network.parameters()
    assert vector[1] == network.weights[0][0, 1]
    assert vector[3] == network.weights[0][1, 0]
    assert vector[7] == network.biases[0][1]
    assert vector[8] == network.weights[1][0, 0]
    assert vector[-1] == network.biases[1][1]
    assert parameter_name((3, 2, 2), 3) == "layer 1, neuron 1, weight 0"
    assert parameter_name((3, 2, 2), 7) == "layer 1, neuron 1, bias"
    names = {parameter_name((3, 2, 2), i) for i in range(14)}
    assert len(names) == 14
    for index in (-1, 14):
        with pytest.raises(ValueError, match="There are 14 parameters"):
            parameter_name((3, 2, 2), index)


def test_the_same_seed_gives_the_same_network():
    one, same, other = (
        random_network((5, 4, 2), np.random.default_rng(seed)).parameters() for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_the_spread_of_fresh_weights_follows_the_number_of_inputs():
    network = random_network((400, 300, 200), np.random.default_rng(0), hidden="ReLU")
    assert network.weights[0].std() == pytest.approx(np.sqrt(1 / 400), rel=0.02)
    assert network.weights[1].std() == pytest.approx(np.sqrt(2 / 300), rel=0.02)
    assert not np.concatenate(network.biases).any()


def test_a_network_cannot_be_changed_by_accident():
    weights = np.ones((1, 2))
    network = Network((weights,), (np.zeros(1),))
    weights[0, 0] = 7
    assert network.weights[0][0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        network.weights[0][0, 0] = 2


@pytest.mark.parametrize(
    ("weights", "biases", "words"),
    [
        ((), (), "0 weight matrices"),
        ((np.ones((2, 3)),), (), "1 weight matrices and 0 bias"),
        ((np.ones(3),), (np.ones(1),), "(neurons, inputs), not (3,)"),
        ((np.ones((2, 3)),), (np.ones(3),), "2 neurons need 2 biases"),
        ((np.ones((2, 3)), np.ones((1, 4))), (np.ones(2), np.ones(1)), "takes 4 inputs"),
        ((np.full((1, 1), np.nan),), (np.ones(1),), "NaN or infinite"),
    ],
)
def test_layers_that_do_not_fit_are_refused(weights, biases, words):
    with pytest.raises(ValueError) as caught:
        Network(weights, biases)
    assert words in str(caught.value)


def test_inputs_that_do_not_fit_are_refused():
    network = shaken((3, 2), 5)
    for x in (np.ones((2, 4)), np.ones(2), np.ones((1, 1, 3))):
        with pytest.raises(ValueError, match=r"shape \(B, 3\)"):
            network.forward(x)
    with pytest.raises(ValueError, match="NaN or infinite"):
        network.forward(np.array([[1.0, np.inf, 0.0]]))
    with pytest.raises(ValueError, match="6 parameters|8 parameters"):
        network.with_parameters(np.ones(5))
    with pytest.raises(ValueError, match="two weighted sums"):
        Network((np.ones((1, 1)),), (np.ones(1),), hidden="maxout")
    with pytest.raises(ValueError, match="no activation"):
        Network((np.ones((1, 1)),), (np.ones(1),), output="step")
    with pytest.raises(ValueError, match="at least one layer"):
        random_network((3,), np.random.default_rng(0))
