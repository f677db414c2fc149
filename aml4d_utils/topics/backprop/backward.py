"""Backpropagation through a whole network, for many examples at once, with every step kept.

Layer by layer, from the end to the beginning [1]_ [2]_:

1. each weighted sum: the gradient of the activation, times the activation's slope;
2. weights and bias: that, times the previous activation; the bias alone;
3. the previous activations: that, times the weights, added up over all neurons. Repeat.

References
----------
.. [1] D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
   back-propagating errors", Nature 323, 1986.
.. [2] M. Nielsen, "Neural networks and deep learning", chapter 2, 2015.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.neurons.activations import activation
from aml4d_utils.topics.neurons.network import Forward, Network


@dataclass(frozen=True)
class Backward:
    """All that backpropagation computes, for each example by itself.

    Attributes
    ----------
    forward : Forward
        The forward pass that it started from.
    sums : tuple of ndarray (B, n_k)
        ∂C/∂z: gradient with respect to each neuron's weighted sum; ``sums[0]`` belongs to the
        first layer of neurons.
    activations : tuple of ndarray (B, n_k)
        ∂C/∂a: gradient with respect to each activation; ``activations[0]`` belongs to the inputs.
    costs : ndarray (B,)
        The cost of each example.
    """

    forward: Forward
    sums: tuple[np.ndarray, ...]
    activations: tuple[np.ndarray, ...]
    costs: np.ndarray

    def weight_gradient(self, layer: int) -> np.ndarray:
        """Return ∂C/∂W of a layer for each example, (B, neurons, inputs)."""
        return self.sums[layer][:, :, None] * self.forward.activations[layer][:, None, :]

    def per_example(self) -> np.ndarray:
        """Return the gradient of each example's cost, (B, P), in the order of ``parameters``."""
        parts = []
        for layer, delta in enumerate(self.sums):
            parts += [self.weight_gradient(layer).reshape(len(delta), -1), delta]
        return np.concatenate(parts, axis=1)

    def mean(self) -> np.ndarray:
        """Return the gradient of the mean cost, (P,), without making one for each example."""
        parts = []
        for layer, delta in enumerate(self.sums):
            weights = delta.T @ self.forward.activations[layer]
            parts += [weights.ravel(), delta.sum(axis=0)]
        return np.concatenate(parts) / len(self.costs)


def costs(outputs: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the cost of each example: the sum of squared differences.

    Parameters
    ----------
    outputs, wanted : ndarray (B, n)

    Returns
    -------
    ndarray (B,)

    Examples
    --------
    >>> costs(np.array([[0.5, 0.0, 1.0]]), np.array([[1.0, 0.0, 0.0]]))
    array([1.25])
    """
    return ((outputs - wanted) ** 2).sum(axis=1)


def backward(network: Network, x: np.ndarray, wanted: np.ndarray) -> Backward:
    """Propagate the cost of each example back to every neuron.

    Parameters
    ----------
    network : Network
    x : ndarray (B, n_0), float
        Inputs.
    wanted : ndarray (B, n_last), float
        What the outputs should be.

    Raises
    ------
    ValueError
        If inputs and wanted outputs do not fit the network or each other, or there are none.

    Examples
    --------
    >>> network = Network((np.array([[2.0]]),), (np.array([0.0]),), output="ReLU")
    >>> result = backward(network, np.array([[1.0]]), np.array([[5.0]]))
    >>> result.costs, result.mean()
    (array([9.]), array([-6., -6.]))
    """
    forward = network.forward(x)
    wanted = np.atleast_2d(np.asarray(wanted, dtype=np.float64))
    if wanted.shape != forward.output.shape or len(wanted) == 0:
        raise ValueError(
            f"The outputs have the shape {forward.output.shape}, but the wanted ones "
            f"{wanted.shape}; there must be at least one."
        )
    gradient = 2 * (forward.output - wanted)
    sums, activations = [], [gradient]
    names = network.activation_names()
    for layer in reversed(range(network.layers)):
        slope = activation(names[layer]).derivative(forward.sums[layer])
        delta = gradient * slope
        gradient = delta @ network.weights[layer]
        sums.append(delta)
        activations.append(gradient)
    return Backward(
        forward, tuple(sums[::-1]), tuple(activations[::-1]), costs(forward.output, wanted)
    )


def mean_cost(network: Network, x: np.ndarray, wanted: np.ndarray) -> float:
    """Return the mean cost of a batch: the number that learning makes smaller."""
    return float(costs(network.forward(x).output, wanted).mean())


def numeric_gradient(network: Network, x: np.ndarray, wanted: np.ndarray, step: float = 1e-5):
    """Return the gradient (P,) of the mean cost by central differences: slow, and needs no theory.

    Each parameter in turn is moved a little up and a little down.
    """
    start = network.parameters()
    gradient = np.empty_like(start)
    for index in range(len(start)):
        ends = []
        for sign in (1, -1):
            moved = start.copy()
            moved[index] += sign * step
            ends.append(mean_cost(network.with_parameters(moved), x, wanted))
        gradient[index] = (ends[0] - ends[1]) / (2 * step)
    return gradient
