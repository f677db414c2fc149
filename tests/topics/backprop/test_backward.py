"""Backpropagation through networks against torch autograd and finite differences."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aml4d_utils.topics.backprop.backward import backward, costs, mean_cost, numeric_gradient
from aml4d_utils.topics.neurons.network import Network, random_network

TORCH = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "ReLU": torch.relu,
    "leaky ReLU": lambda x: torch.nn.functional.leaky_relu(x, 0.1),
    "ELU": torch.nn.functional.elu,
}
names = st.sampled_from(list(TORCH))


@st.composite
def problems(draw):
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=5))
    hidden, output = draw(names), draw(names)
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    network = random_network(sizes, rng, hidden=hidden, output=output)
    network = network.with_parameters(
        network.parameters() * draw(st.floats(0.2, 3)) + rng.normal(0, 0.1, network.parameter_count)
    )
    count = draw(st.integers(1, 5))
    return network, rng.normal(size=(count, sizes[0])), rng.normal(size=(count, sizes[-1]))


def by_autograd(network, x, wanted):
    """Return costs (B,), per-example gradients (B, P), and ∂C/∂x."""
    gradients, found, inputs = [], [], []
    for one, want in zip(x, wanted, strict=True):
        parts = []
        a = torch.tensor(one, requires_grad=True)
        first = a
        for w, b, name in zip(
            network.weights, network.biases, network.activation_names(), strict=True
        ):
            w = torch.tensor(w, requires_grad=True)
            b = torch.tensor(b, requires_grad=True)
            parts += [w, b]
            a = TORCH[name](w @ a + b)
        cost = ((a - torch.tensor(want)) ** 2).sum()
        cost.backward()
        gradients.append(np.concatenate([part.grad.numpy().ravel() for part in parts]))
        found.append(cost.item())
        inputs.append(first.grad.numpy())
    return np.array(found), np.array(gradients), np.array(inputs)


@given(problems())
def test_every_gradient_is_torchs(problem):
    network, x, wanted = problem
    result = backward(network, x, wanted)
    found, gradients, inputs = by_autograd(network, x, wanted)
    np.testing.assert_allclose(result.costs, found, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(result.per_example(), gradients, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(result.activations[0], inputs, rtol=1e-6, atol=1e-9)


@given(problems())
def test_the_mean_is_the_mean_of_the_examples(problem):
    network, x, wanted = problem
    result = backward(network, x, wanted)
    np.testing.assert_allclose(result.mean(), result.per_example().mean(0), rtol=1e-13, atol=1e-12)
    assert mean_cost(network, x, wanted) == pytest.approx(result.costs.mean())


@settings(max_examples=30)
@given(problems())
def test_finite_differences_agree(problem):
    network, x, wanted = problem
    if "ReLU" in network.hidden + network.output:
        sums = network.forward(x).sums
        if min(float(np.abs(s).min()) for s in sums) < 1e-3:
            return  # A kink within reach of the step.
    gradient = backward(network, x, wanted).mean()
    numeric = numeric_gradient(network, x, wanted)
    scale = 1 + float(np.abs(gradient).max())
    np.testing.assert_allclose(gradient, numeric, rtol=1e-4, atol=1e-5 * scale)


def test_the_digit_network_too(network, batch):
    x, wanted = batch
    result = backward(network, x, wanted)
    found, gradients, _ = by_autograd(network, x[:4], wanted[:4])
    np.testing.assert_allclose(result.costs[:4], found, rtol=1e-12)
    np.testing.assert_allclose(result.per_example()[:4], gradients, rtol=1e-6, atol=1e-12)
    assert result.per_example().shape == (16, 13002)


def test_a_step_downhill_lowers_the_cost(network, batch):
    x, wanted = batch
    gradient = backward(network, x, wanted).mean()
    stepped = network.with_parameters(network.parameters() - 0.1 * gradient)
    assert mean_cost(stepped, x, wanted) < mean_cost(network, x, wanted)


def test_the_cost_is_the_sum_of_squares():
    assert costs(np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]])).tolist() == [5.0]


@pytest.mark.parametrize(
    ("x", "wanted", "says"),
    [
        (np.zeros((2, 3)), np.zeros((2, 2)), "inputs of the shape"),
        (np.zeros((2, 2)), np.zeros((1, 1)), "The outputs have the shape"),
        (np.zeros((2, 2)), np.zeros((2, 3)), "The outputs have the shape"),
        (np.zeros((0, 2)), np.zeros((0, 1)), "at least one"),
        (np.full((1, 2), np.nan), np.zeros((1, 1)), "NaN"),
    ],
)
def test_what_does_not_fit_is_refused(x, wanted, says):
    network = Network((np.ones((1, 2)),), (np.zeros(1),))
    with pytest.raises(ValueError, match=says):
        backward(network, x, wanted)
