"""One neuron: products, weighted sum, activation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.neurons.activations import activation


@dataclass(frozen=True)
class Firing:
    """What one neuron makes of its inputs.

    Attributes
    ----------
    inputs, weights : ndarray (n,), float64
    bias : float
    products : ndarray (n,), float64
        Each input times its weight.
    total : float
        All products and the bias, added up.
    output : float
        The activation function of ``total``.
    activation : str
        Its name.
    """

    inputs: np.ndarray
    weights: np.ndarray
    bias: float
    products: np.ndarray
    total: float
    output: float
    activation: str


def fire(
    inputs: Sequence[float], weights: Sequence[float], bias: float, name: str = "sigmoid"
) -> Firing:
    """Return σ(w₀a₀ + w₁a₁ + … + b) and every step on the way.

    Parameters
    ----------
    inputs, weights : sequence of float, of the same length
    bias : float
    name : str
        The activation function.

    Raises
    ------
    ValueError
        If there are more inputs than weights or fewer, or a number is not finite.

    Examples
    --------
    >>> firing = fire([1.0, 0.5], [2.0, -2.0], bias=-1.0)
    >>> firing.products.tolist(), firing.total, firing.output
    ([2.0, -1.0], 0.0, 0.5)
    """
    inputs = np.asarray(inputs, dtype=np.float64)
    weights = np.asarray(weights, dtype=np.float64)
    if inputs.ndim != 1 or inputs.shape != weights.shape:
        raise ValueError(
            f"Each input needs one weight: got inputs {inputs.shape} and weights {weights.shape}."
        )
    if not np.isfinite([*inputs, *weights, bias]).all():
        raise ValueError("Inputs, weights and bias are finite numbers.")
    products = inputs * weights
    total = float(products.sum() + bias)
    output = float(activation(name).value(total))
    return Firing(inputs, weights, float(bias), products, total, output, name)
