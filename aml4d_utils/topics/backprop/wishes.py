"""The three steps of backpropagation for one neuron, as wishes.

1. The neuron wishes a change of its bias and of its weights: in proportion to the previous
   activations. 2. It wishes a change of the previous activations: in proportion to its weights.
   Those of all neurons of the layer are added up, and the layer before wishes in turn. 3. All that
   is averaged over the examples.

A wish is minus the gradient: what makes the cost smaller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.backprop.backward import backward
from aml4d_utils.topics.neurons.network import Network


@dataclass(frozen=True)
class Wishes:
    """What one neuron wishes, for one example and on average.

    Attributes
    ----------
    layer, neuron : int
        Which neuron; layer 0 is the first layer of neurons.
    activation : float
        The neuron's activation for this example.
    wish : float
        −∂C/∂a of this neuron: how it should change, passed back from the layers after it.
    strength : float
        −∂C/∂z: the wish times the slope of the activation function; also the bias's change.
    previous : ndarray (n,)
        Activations of the layer before.
    weights : ndarray (n,)
        The neuron's weights.
    weight_changes : ndarray (n,)
        Step 1: strength × previous.
    passed_back : ndarray (n,)
        Step 2: strength × weights, this neuron's wish for the previous activations.
    all_passed_back : ndarray (n,)
        The same, added up over all neurons of the layer.
    mean_changes : ndarray (n,)
        Step 3: the weight changes averaged over all examples.
    """

    layer: int
    neuron: int
    activation: float
    wish: float
    strength: float
    previous: np.ndarray
    weights: np.ndarray
    weight_changes: np.ndarray
    passed_back: np.ndarray
    all_passed_back: np.ndarray
    mean_changes: np.ndarray


def strongest(values: np.ndarray) -> int:
    """Return the place of the largest value (n,), whatever its sign.

    Examples
    --------
    >>> strongest(np.array([1.0, -3.0, 2.0]))
    1
    """
    return int(np.abs(values).argmax())


def wishes(
    network: Network, x: np.ndarray, wanted: np.ndarray, example: int, layer: int, neuron: int
) -> Wishes:
    """Return what one neuron wishes.

    Parameters
    ----------
    network : Network
    x, wanted : ndarray (B, inputs), (B, outputs)
        The examples that step 3 averages over.
    example : int
        The one that steps 1 and 2 look at.
    layer, neuron : int

    Raises
    ------
    ValueError
        If there is no such example, layer or neuron.

    Examples
    --------
    >>> network = Network((np.array([[2.0, -1.0]]),), (np.array([0.0]),), output="ReLU")
    >>> one = wishes(network, np.array([[3.0, 1.0]]), np.array([[4.0]]), 0, 0, 0)
    >>> one.activation, one.wish
    (5.0, -2.0)
    >>> one.weight_changes, one.passed_back
    (array([-6., -2.]), array([-4.,  2.]))
    """
    if not 0 <= layer < network.layers or not 0 <= neuron < network.sizes[layer + 1]:
        raise ValueError(f"There is no neuron {neuron} in layer {layer}.")
    if not 0 <= example < len(x):
        raise ValueError(f"There is no example {example}.")
    result = backward(network, x, wanted)
    strengths = -result.sums[layer][:, neuron]
    previous = result.forward.activations[layer]
    return Wishes(
        layer=layer,
        neuron=neuron,
        activation=float(result.forward.activations[layer + 1][example, neuron]),
        wish=float(-result.activations[layer + 1][example, neuron]),
        strength=float(strengths[example]),
        previous=previous[example],
        weights=network.weights[layer][neuron],
        weight_changes=strengths[example] * previous[example],
        passed_back=strengths[example] * network.weights[layer][neuron],
        all_passed_back=-result.activations[layer][example],
        mean_changes=strengths @ previous / len(previous),
    )
