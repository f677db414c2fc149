"""One neuron against PyTorch; the tangent of an activation function against its curve."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.neurons.activations import ACTIVATIONS
from aml4d_utils.topics.neurons.firing import fire
from aml4d_utils.topics.neurons.slopes import slope_at

NUMBERS = st.floats(-4, 4)


@given(pairs=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6), bias=NUMBERS)
def test_a_neuron_is_a_linear_layer_and_a_sigmoid(pairs, bias):
    inputs, weights = map(list, zip(*pairs, strict=True))
    firing = fire(inputs, weights, bias)
    total = torch.tensor(inputs, dtype=torch.double) @ torch.tensor(weights, dtype=torch.double)
    assert firing.total == pytest.approx(total.item() + bias, abs=1e-9)
    assert firing.output == pytest.approx(torch.sigmoid(total + bias).item(), abs=1e-9)
    np.testing.assert_allclose(firing.products, np.array(inputs) * weights)


def test_other_activations():
    assert fire([1.0], [-2.0], 0.5, "ReLU").output == 0
    assert fire([1.0], [-2.0], 0.5, "leaky ReLU").output == pytest.approx(-0.15)


@pytest.mark.parametrize(
    ("inputs", "weights", "bias", "words"),
    [
        ([1, 2], [1], 0, "one weight"),
        ([[1]], [[1]], 0, "one weight"),
        ([1], [1], np.nan, "finite"),
        ([np.inf], [1], 0, "finite"),
    ],
)
def test_neurons_that_cannot_be(inputs, weights, bias, words):
    with pytest.raises(ValueError, match=words):
        fire(inputs, weights, bias)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(x=st.floats(-5.9, 5.9))
def test_the_tangent_touches_the_curve(name, x):
    at = slope_at(name, x)
    (x0, x1), (y0, y1) = at.tangent()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(at.slope, abs=1e-9)
    assert np.interp(x, [x0, x1], [y0, y1]) == pytest.approx(at.value, abs=1e-9)
    assert np.interp(x, at.places, at.values) == pytest.approx(at.value, abs=2e-2)
    assert len(at.places) == len(at.values) == len(at.slopes) == 241


def test_alpha_and_lines_reach_their_function_only():
    assert slope_at("ELU", -6.0, alpha=2.0).value == pytest.approx(2 * np.expm1(-6))
    assert slope_at("maxout", 1.0, lines=((0.0, 3.0), (1.0, 0.0))).value == 3
    assert slope_at("tanh", 1.0, alpha=2.0).value == slope_at("tanh", 1.0).value


def test_saturation():
    assert slope_at("sigmoid", 5.0).saturated and not slope_at("sigmoid", 1.0).saturated
    assert slope_at("ReLU", -1.0).saturated and not slope_at("leaky ReLU", -5.0).saturated
    with pytest.raises(ValueError, match="finite"):
        slope_at("tanh", np.nan)
