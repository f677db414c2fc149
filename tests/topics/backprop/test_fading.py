"""Vanishing gradients: what is measured is what torch measures."""

import numpy as np
import pytest
import torch

from aml4d_utils.topics.backprop.backward import backward
from aml4d_utils.topics.backprop.fading import deep_network, measure_fading


def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU"])
def test_gradients_are_means_over_examples_and_reached_weights(batch, hidden):
    network = deep_network(3, hidden, 1.5, rng())
    result = measure_fading(network, *batch)
    for layer in range(4):
        every = np.abs(backward(network, *batch).weight_gradient(layer))
        reached = every[:, :, (batch[0] if layer == 0 else every.sum(1)).any(axis=0)]
        assert result.gradients[layer] == pytest.approx(reached.mean(), rel=0.02)
    assert len(result.slopes) == len(result.flat) == 4


def test_sigmoid_slopes_are_torchs(batch):
    network = deep_network(2, "sigmoid", 2.0, rng())
    result = measure_fading(network, *batch)
    z = torch.tensor(batch[0]) @ torch.tensor(network.weights[0]).T
    z.requires_grad_(True)
    torch.sigmoid(z).sum().backward()
    assert result.slopes[0] == pytest.approx(z.grad.mean().item())
    assert result.flat[0] == pytest.approx((z.grad < 0.05).double().mean().item())


def test_they_fade_with_sigmoid_and_with_depth_but_not_with_relu(batch):
    ratios = [
        measure_fading(deep_network(depth, "sigmoid", 1, rng()), *batch).ratio
        for depth in (1, 3, 6)
    ]
    assert ratios[0] < 20 < ratios[1] < 1000 < ratios[2]
    assert measure_fading(deep_network(6, "ReLU", 1, rng()), *batch).ratio < 20


def test_large_weights_saturate(batch):
    small, large = (
        measure_fading(deep_network(2, "tanh", scale, rng()), *batch).flat[0] for scale in (1, 6)
    )
    assert small < 0.05 < 0.15 < large


def test_a_black_picture_reaches_no_weight_of_the_first_layer():
    black = np.zeros((2, 784)), np.zeros((2, 10))
    result = measure_fading(deep_network(1, "sigmoid", 1, rng()), *black)
    assert result.gradients[0] == 0
    assert np.isfinite(result.ratio)


def test_no_hidden_layer():
    with pytest.raises(ValueError, match="at least one hidden layer"):
        deep_network(0, "tanh", 1, rng())
