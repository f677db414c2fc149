"""The six activation functions against PyTorch and against finite differences."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from aml4d_utils.topics.neurons import activations
from aml4d_utils.topics.neurons.activations import ACTIVATIONS, LINES


def torch_maxout(x):
    (w1, b1), (w2, b2) = LINES
    return torch.maximum(w1 * x + b1, w2 * x + b2)


TORCH = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "ReLU": functional.relu,
    "leaky ReLU": lambda x: functional.leaky_relu(x, 0.1),
    "maxout": torch_maxout,
    "ELU": functional.elu,
}
KINK = -2 / 3  # where the lines of the default maxout meet
POINTS = np.concatenate([np.linspace(-8, 8, 161), [0.0, KINK, 1e-9, -1e-9, 30, -30]])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_value_and_derivative_are_those_of_torch(name):
    x = torch.tensor(POINTS, dtype=torch.float64, requires_grad=True)
    expected = TORCH[name](x)
    expected.sum().backward()
    np.testing.assert_allclose(
        ACTIVATIONS[name].value(POINTS), expected.detach().numpy(), rtol=1e-12, atol=1e-12
    )
    ours = ACTIVATIONS[name].derivative(POINTS)
    away = np.abs(POINTS - KINK) > 1e-9 if name == "maxout" else np.full(len(POINTS), True)
    np.testing.assert_allclose(ours[away], x.grad.numpy()[away], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_derivative_is_the_slope_of_the_value(name):
    kinks = [KINK] if name == "maxout" else [0.0]
    x = np.array([p for p in np.linspace(-6, 6, 97) if min(abs(p - k) for k in kinks) > 1e-3])
    step = 1e-6
    value = ACTIVATIONS[name].value
    slope = (value(x + step) - value(x - step)) / (2 * step)
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(x), slope, atol=1e-7)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(x=st.floats(-1e6, 1e6))
def test_every_finite_input_has_a_finite_answer(name, x):
    with np.errstate(all="raise", under="ignore"):
        value = ACTIVATIONS[name].value(x)
        slope = ACTIVATIONS[name].derivative(x)
    assert np.isfinite(value) and np.isfinite(slope)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_shapes_and_types(name):
    x = np.arange(-3, 3).reshape(2, 3)
    for function in (ACTIVATIONS[name].value, ACTIVATIONS[name].derivative):
        assert function(x).shape == (2, 3)
        assert function(x).dtype == np.float64
    assert (x == np.arange(-3, 3).reshape(2, 3)).all()


@given(x=st.floats(-700, 700))
def test_sigmoid_is_symmetric(x):
    assert activations.sigmoid(x) + activations.sigmoid(-x) == pytest.approx(1, abs=1e-12)
    assert activations.tanh(x) == pytest.approx(2 * activations.sigmoid(2 * x) - 1, abs=1e-12)


@given(x=st.floats(-50, 50), alpha=st.floats(0.1, 3))
def test_elu_stays_above_minus_alpha(x, alpha):
    expected = functional.elu(torch.tensor(x, dtype=torch.float64), alpha).item()
    assert activations.elu(x, alpha) == pytest.approx(expected, abs=1e-12)
    assert activations.elu(x, alpha) >= -alpha


@given(w1=st.floats(-3, 3), b1=st.floats(-3, 3), w2=st.floats(-3, 3), b2=st.floats(-3, 3))
def test_maxout_is_convex_and_touches_both_lines(w1, b1, w2, b2):
    x = np.linspace(-5, 5, 41)
    value = activations.maxout(x, ((w1, b1), (w2, b2)))
    assert (value >= w1 * x + b1).all() and (value >= w2 * x + b2).all()
    assert (np.diff(value, 2) > -1e-9).all()
    slope = activations.maxout_derivative(x, ((w1, b1), (w2, b2)))
    assert np.isin(slope, [w1, w2, (w1 + w2) / 2]).all()


def test_maxout_contains_relu_and_the_absolute_value():
    x = np.linspace(-4, 4, 33)
    np.testing.assert_array_equal(activations.maxout(x, ((1, 0), (0, 0))), activations.relu(x))
    np.testing.assert_array_equal(activations.maxout(x, ((1, 0), (-1, 0))), np.abs(x))
    assert activations.maxout_derivative(0.0, ((1, 0), (-1, 0))) == 0


def test_where_they_saturate():
    slopes = {name: ACTIVATIONS[name].derivative(np.array([-6.0, 6.0])) for name in ACTIVATIONS}
    flat = {name: activations.saturated(slope).tolist() for name, slope in slopes.items()}
    assert flat == {
        "sigmoid": [True, True],
        "tanh": [True, True],
        "ReLU": [True, False],
        "leaky ReLU": [False, False],
        "maxout": [False, False],
        "ELU": [True, False],
    }


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="no activation 'swish'; choose: sigmoid, tanh"):
        activations.activation("swish")
