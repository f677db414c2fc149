"""Teach a network by examples; lesson 15 opens up what happens in here.

The cost is the squared distance between answer and target, added up over the outputs and averaged
over the examples. PyTorch computes its gradient; Adam [1]_ takes the steps.

References
----------
.. [1] D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from aml4d_utils.nets.one_thread import on_one_thread
from aml4d_utils.topics.neurons.network import Network

_TORCH = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "ReLU": functional.relu,
    "leaky ReLU": lambda x: functional.leaky_relu(x, 0.1),
    "ELU": functional.elu,
}


@dataclass(frozen=True)
class TrainingStep:
    """What there is to see after one batch.

    Attributes
    ----------
    step : int
        Batches so far.
    fraction : float
        Share of all batches, 0 to 1.
    cost : float
        Mean cost of this batch, before the step.
    network : Network
        As it is now.
    """

    step: int
    fraction: float
    cost: float
    network: Network


@on_one_thread
def train(
    network: Network,
    inputs: np.ndarray,
    targets: np.ndarray,
    *,
    rng: np.random.Generator,
    epochs: int = 40,
    batch_size: int = 100,
    learning_rate: float = 0.01,
    weight_decay: float = 0.0,
    vary: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None,
) -> Iterator[TrainingStep]:
    """Train and yield a record after every batch; the network given stays as it is.

    Parameters
    ----------
    network : Network
        Where to begin.
    inputs : ndarray (N, n), real
    targets : ndarray (N, m), real
        The answers wished for.
    rng : numpy.random.Generator
        Decides the order of the examples.
    epochs, batch_size
        How often each example is seen, and how many at once.
    learning_rate : float
        Size of the steps at the start; it falls to zero along half a cosine.
    weight_decay : float
        How strongly weights are pulled towards 0.
    vary : callable, optional
        ``vary(batch, rng)`` changes the inputs (b, n) of a batch a little before they are used.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no examples, or a number is not finite.
    """
    inputs, targets = _examples(network, inputs, targets)
    tensors = [torch.tensor(p) for p in (*network.weights, *network.biases)]
    for tensor in tensors:
        tensor.requires_grad_(True)
    optimiser = torch.optim.AdamW(tensors, lr=learning_rate, weight_decay=weight_decay)
    total = epochs * -(-len(inputs) // batch_size)
    fall = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, total)
    step = 0
    for _ in range(epochs):
        order = rng.permutation(len(inputs))
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            batch = inputs[chosen] if vary is None else vary(inputs[chosen], rng)
            answers = _forward(network, tensors, torch.from_numpy(batch))
            cost = ((answers - torch.from_numpy(targets[chosen])) ** 2).sum(1).mean()
            optimiser.zero_grad()
            cost.backward()
            optimiser.step()
            fall.step()
            step += 1
            yield TrainingStep(step, step / total, cost.item(), _taught(network, tensors))


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    """Return targets (N, classes), float64: 1 at the label, 0 elsewhere.

    Examples
    --------
    >>> one_hot(np.array([2, 0]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    return np.eye(classes)[np.asarray(labels)]


def _forward(network: Network, tensors: list[torch.Tensor], current: torch.Tensor) -> torch.Tensor:
    layers = network.layers
    for w, b, name in zip(
        tensors[:layers], tensors[layers:], network.activation_names(), strict=True
    ):
        current = _TORCH[name](functional.linear(current, w, b))
    return current


def _taught(network: Network, tensors: list[torch.Tensor]) -> Network:
    arrays = [tensor.detach().numpy() for tensor in tensors]
    layers = network.layers
    return Network(tuple(arrays[:layers]), tuple(arrays[layers:]), network.hidden, network.output)


def _examples(
    network: Network, inputs: np.ndarray, targets: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    inputs = np.asarray(inputs, dtype=np.float64)
    targets = np.asarray(targets, dtype=np.float64)
    first, last = network.sizes[0], network.sizes[-1]
    count = len(inputs)
    if count == 0 or inputs.shape != (count, first) or targets.shape != (count, last):
        raise ValueError(
            f"This network learns from inputs (N, {first}) and targets (N, {last}), "
            f"not {inputs.shape} and {targets.shape}."
        )
    if not (np.isfinite(inputs).all() and np.isfinite(targets).all()):
        raise ValueError("The examples contain NaN or infinite values.")
    return inputs, targets
