"""What a neuron, and what a layer of neurons, can tell apart in a plane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.neurons.digit_training import train
from aml4d_utils.topics.neurons.network import Network, random_network
from aml4d_utils.topics.neurons.plane import REACH, Points

GRID = 140
"""The answer is computed at 140 × 140 places of the plane."""
EPOCHS = 60


@dataclass(frozen=True)
class Separation:
    """A network over a plane of points.

    Attributes
    ----------
    points : Points
    network : Network
        Two inputs, one output between 0 and 1.
    surface : ndarray (140, 140), float64 in [0, 1]
        Its output; row 0 is the top of the plane, where the second number is largest.
    lines : ndarray (h, 3), float64
        For each neuron of the first layer w₁, w₂ and b: its sum is zero along w₁x + w₂y + b = 0.
    accuracy, test_accuracy : float
        Share of points on the right side of 0.5, of those learned from and of the others.
    fraction : float
        How much of the training is done, 0 to 1.
    taught : str
        Of a network that learned: its activation function and its start, in words.
    """

    points: Points
    network: Network
    surface: np.ndarray
    lines: np.ndarray
    accuracy: float
    test_accuracy: float
    fraction: float
    taught: str = ""

    @property
    def hidden(self) -> int:
        """How many hidden neurons there are."""
        return self.network.sizes[1] if self.network.layers > 1 else 0


def one_neuron(w1: float, w2: float, bias: float) -> Network:
    """Return a network of a single sigmoid neuron with two inputs."""
    return Network((np.array([[w1, w2]]),), (np.array([bias]),))


def separate(
    points: Points, network: Network, fraction: float = 1.0, taught: str = ""
) -> Separation:
    """Return what a network with two inputs and one output makes of the plane.

    Examples
    --------
    >>> from aml4d_utils.topics.neurons.plane import points
    >>> round(separate(points("0 or 1"), one_neuron(-2.0, 3.0, 0.0)).accuracy, 2)
    0.97
    """
    surface = network.forward(_PLACES).output[:, 0].reshape(GRID, GRID)
    return Separation(
        points,
        network,
        surface,
        np.column_stack([network.weights[0], network.biases[0]]),
        _accuracy(network, points.points, points.labels),
        _accuracy(network, points.test_points, points.test_labels),
        fraction,
        taught,
    )


def learn(
    points: Points, hidden: int, activation: str, seed: int, *, look_every: int = 15
) -> Iterator[Separation]:
    """Train a network on the points and yield what it makes of the plane, again and again.

    Parameters
    ----------
    points : Points
    hidden : int
        Neurons in the hidden layer; 0 for a single neuron without one.
    activation : str
        Of the hidden neurons; the output is always a sigmoid.
    seed : int
        Decides the weights at the start and the order of the points.
    look_every : int
        Batches between two records.

    Raises
    ------
    ValueError
        If ``hidden`` is negative.
    """
    if hidden < 0:
        raise ValueError(f"A layer cannot have {hidden} neurons.")
    rng = np.random.default_rng(seed)
    sizes = (2, hidden, 1) if hidden else (2, 1)
    network = random_network(sizes, rng, hidden=activation)
    taught = f"{activation} from start {seed}" if hidden else f"start {seed}"
    yield separate(points, network, 0.0, taught)
    steps = train(
        network,
        points.points,
        points.labels[:, None],
        rng=rng,
        epochs=EPOCHS,
        batch_size=20,
        learning_rate=0.08,
    )
    for step in steps:
        if step.step % look_every == 0 or step.fraction == 1:
            yield separate(points, step.network, step.fraction, taught)


def _accuracy(network: Network, points: np.ndarray, labels: np.ndarray) -> float:
    return float(((network.forward(points).output[:, 0] > 0.5) == labels).mean())


_AXIS = np.linspace(-REACH, REACH, GRID)
_PLACES = np.stack(np.meshgrid(_AXIS, -_AXIS), axis=-1).reshape(-1, 2)
