"""Where learning gets stuck: gradients that fade on their way back through many layers.

On its way back, a gradient is multiplied by each neuron's slope. A sigmoid's slope is at most
0.25, and almost 0 where the neuron is saturated; so what arrives at the first layers is a product
of many small numbers [1]_ [2]_.

References
----------
.. [1] S. Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen", diploma thesis, Technische
   Universität München, 1991.
.. [2] X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
   networks", AISTATS 2010.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.backprop.backward import backward
from aml4d_utils.topics.neurons.activations import FLAT, activation
from aml4d_utils.topics.neurons.network import Network, random_network

WIDTH = 16


@dataclass(frozen=True)
class Fading:
    """How much of the gradient reaches each layer.

    Attributes
    ----------
    hidden : str
        The activation function of the hidden layers.
    gradients : ndarray (layers,)
        Mean magnitude of ∂C/∂w over the weights of each layer that any example reaches, and over
        the examples; the layer next to the pixels first.
    slopes : ndarray (layers,)
        Mean magnitude of the activation's slope in each layer.
    flat : ndarray (layers,)
        Share of the neurons that are saturated (slope below 0.05).
    """

    hidden: str
    gradients: np.ndarray
    slopes: np.ndarray
    flat: np.ndarray

    @property
    def ratio(self) -> float:
        """How many times smaller the first layer's gradient is than the last layer's."""
        return float(self.gradients[-1] / max(self.gradients[0], 1e-300))


def measure_fading(network: Network, x: np.ndarray, wanted: np.ndarray) -> Fading:
    """Measure how much of the gradient reaches each layer of a network.

    Parameters
    ----------
    network : Network
    x : ndarray (B, inputs)
    wanted : ndarray (B, outputs)
    """
    result = backward(network, x, wanted)
    gradients, slopes, flat = [], [], []
    for layer, name in enumerate(network.activation_names()):
        sizes = np.abs(result.sums[layer])[:, :, None] * np.abs(
            result.forward.activations[layer][:, None, :]
        )
        reached = result.forward.activations[layer].any(axis=0)
        gradients.append(sizes[:, :, reached].mean() if reached.any() else 0.0)
        slope = np.abs(activation(name).derivative(result.forward.sums[layer]))
        slopes.append(slope.mean())
        flat.append((slope < FLAT).mean())
    return Fading(network.hidden, np.array(gradients), np.array(slopes), np.array(flat))


def deep_network(depth: int, hidden: str, scale: float, rng: np.random.Generator) -> Network:
    """Return an untrained digit network with ``depth`` hidden layers of 16 neurons.

    Parameters
    ----------
    depth : int
        Hidden layers, at least 1.
    hidden : str
        Their activation function.
    scale : float
        Factor on all weights; large weights saturate sigmoid and tanh.
    rng : numpy.random.Generator
    """
    if depth < 1:
        raise ValueError(f"There must be at least one hidden layer, not {depth}.")
    network = random_network((784, *[WIDTH] * depth, 10), rng, hidden=hidden)
    return Network(
        tuple(scale * w for w in network.weights), network.biases, network.hidden, network.output
    )
