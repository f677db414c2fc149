"""Activation functions: what a neuron makes of its weighted sum, and how steep it is there.

The six of the lecture. All work number by number on arrays of any shape, in float64, and stay
finite for every finite input.

References
----------
Leaky ReLU: Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic
models", ICML workshop 2013. Maxout: Goodfellow, Warde-Farley, Mirza, Courville and Bengio, "Maxout
networks", ICML 2013. ELU: Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network
learning by exponential linear units (ELUs)", ICLR 2016.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

LEAK = 0.1
"""Slope of the leaky ReLU below zero, as in the lecture: max(0.1x, x)."""
LINES = ((1.0, 0.0), (-0.5, -1.0))
"""Weight and bias of maxout's two lines, where none are given."""
FLAT = 0.05
"""A slope of a smaller magnitude counts as saturated: learning hardly moves the neuron."""

Line = tuple[float, float]


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + e⁻ˣ), between 0 and 1.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 2.0])).round(3)
    array([0.   , 0.5  , 0.881])
    """
    # The same as 1 / (1 + exp(-x)), without an overflow where x is far below zero.
    return np.exp(-np.logaddexp(0.0, -_as_float(x)))


def sigmoid_derivative(x: np.ndarray) -> np.ndarray:
    """Return σ(x) · (1 − σ(x)): at most 0.25, at x = 0.

    Examples
    --------
    >>> sigmoid_derivative(np.array([0.0, 5.0])).round(4)
    array([0.25  , 0.0066])
    """
    return sigmoid(x) * sigmoid(-_as_float(x))


def tanh(x: np.ndarray) -> np.ndarray:
    """Return the hyperbolic tangent, between −1 and 1.

    Examples
    --------
    >>> tanh(np.array([0.0, 1.0])).round(3)
    array([0.   , 0.762])
    """
    return np.tanh(_as_float(x))


def tanh_derivative(x: np.ndarray) -> np.ndarray:
    """Return 1 − tanh²(x): at most 1, at x = 0.

    Examples
    --------
    >>> tanh_derivative(np.array([0.0, 1.0])).round(3)
    array([1.  , 0.42])
    """
    # 1 - tanh(x)² = 4 σ(2x) σ(-2x), which keeps its digits where tanh is nearly 1.
    return 4 * sigmoid_derivative(2 * _as_float(x))


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(0, x).

    Examples
    --------
    >>> relu(np.array([-2.0, 3.0]))
    array([0., 3.])
    """
    return np.maximum(0.0, _as_float(x))


def relu_derivative(x: np.ndarray) -> np.ndarray:
    """Return 1 above zero, else 0; at the kink itself 0, as PyTorch takes it.

    Examples
    --------
    >>> relu_derivative(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 1.])
    """
    return (_as_float(x) > 0).astype(np.float64)


def leaky_relu(x: np.ndarray, leak: float = LEAK) -> np.ndarray:
    """Return max(leak · x, x), for a leak from 0 to 1.

    Examples
    --------
    >>> leaky_relu(np.array([-2.0, 3.0]))
    array([-0.2,  3. ])
    """
    x = _as_float(x)
    return np.maximum(leak * x, x)


def leaky_relu_derivative(x: np.ndarray, leak: float = LEAK) -> np.ndarray:
    """Return 1 above zero, else ``leak``; at the kink itself ``leak``, as PyTorch takes it.

    Examples
    --------
    >>> leaky_relu_derivative(np.array([-2.0, 3.0]))
    array([0.1, 1. ])
    """
    return np.where(_as_float(x) > 0, 1.0, leak)


def maxout(x: np.ndarray, lines: tuple[Line, Line] = LINES) -> np.ndarray:
    """Return max(w₁x + b₁, w₂x + b₂) for a single input x.

    Parameters
    ----------
    x : ndarray, any shape
    lines : pair of (w, b)
        Weight and bias of both lines. They are learned, so a maxout neuron shapes its own
        activation function.

    Notes
    -----
    With many inputs, w · x is a sum of products; :func:`maxout_of_sums` takes the two sums.

    Examples
    --------
    >>> maxout(np.array([-2.0, 3.0]), ((1.0, 0.0), (-1.0, 0.0)))
    array([2., 3.])
    """
    x = _as_float(x)
    (w1, b1), (w2, b2) = lines
    return maxout_of_sums(w1 * x + b1, w2 * x + b2)


def maxout_derivative(x: np.ndarray, lines: tuple[Line, Line] = LINES) -> np.ndarray:
    """Return the weight of the line that is higher at x; where both meet, their mean, as PyTorch.

    Examples
    --------
    >>> maxout_derivative(np.array([-2.0, 0.0, 3.0]), ((1.0, 0.0), (-1.0, 0.0)))
    array([-1.,  0.,  1.])
    """
    x = _as_float(x)
    (w1, b1), (w2, b2) = lines
    first, second = w1 * x + b1, w2 * x + b2
    return np.select([first > second, first < second], [w1, w2], (w1 + w2) / 2)


def maxout_of_sums(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the larger of two weighted sums, place by place."""
    return np.maximum(_as_float(first), _as_float(second))


def elu(x: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    """Return x from zero on, and α(eˣ − 1) below: never under −α.

    Examples
    --------
    >>> elu(np.array([-1.0, 3.0])).round(3)
    array([-0.632,  3.   ])
    """
    x = _as_float(x)
    return np.where(x >= 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


def elu_derivative(x: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    """Return 1 above zero, else αeˣ; at zero α, as PyTorch takes it.

    Examples
    --------
    >>> elu_derivative(np.array([-1.0, 3.0])).round(3)
    array([0.368, 1.   ])
    """
    x = _as_float(x)
    return np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0.0)))


def saturated(slope: np.ndarray) -> np.ndarray:
    """Return where a slope is so small (magnitude under 0.05) that learning hardly moves on.

    Examples
    --------
    >>> saturated(sigmoid_derivative(np.array([0.0, 6.0])))
    array([False,  True])
    """
    return np.abs(_as_float(slope)) < FLAT


@dataclass(frozen=True)
class Activation:
    """An activation function by name.

    Attributes
    ----------
    name : str
    formula : str
        As in the lecture.
    value, derivative : callable
        From an array to an array of the same shape.
    """

    name: str
    formula: str
    value: Callable[[np.ndarray], np.ndarray]
    derivative: Callable[[np.ndarray], np.ndarray]


SIGMOID = Activation("sigmoid", "1 / (1 + e⁻ˣ)", sigmoid, sigmoid_derivative)
TANH = Activation("tanh", "tanh(x)", tanh, tanh_derivative)
RELU = Activation("ReLU", "max(0, x)", relu, relu_derivative)
LEAKY_RELU = Activation("leaky ReLU", "max(0.1x, x)", leaky_relu, leaky_relu_derivative)
MAXOUT = Activation("maxout", "max(w₁x + b₁, w₂x + b₂)", maxout, maxout_derivative)
ELU = Activation("ELU", "x, or α(eˣ − 1) below 0", elu, elu_derivative)

ACTIVATIONS = {a.name: a for a in (SIGMOID, TANH, RELU, LEAKY_RELU, MAXOUT, ELU)}
"""The six of the lecture by name, in its order of use here."""


def activation(name: str) -> Activation:
    """Return the activation function of that name.

    Raises
    ------
    ValueError
        If there is none; the message lists the names.
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"There is no activation {name!r}; choose: {', '.join(ACTIVATIONS)}.")
    return ACTIVATIONS[name]


def _as_float(x: np.ndarray) -> np.ndarray:
    return np.asarray(x, dtype=np.float64)
