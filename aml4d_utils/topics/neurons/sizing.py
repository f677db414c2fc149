"""How large must a network be? Train small ones on small digits and measure."""

from __future__ import annotations

from functools import cache

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.neurons.digit_training import one_hot, train
from aml4d_utils.topics.neurons.network import random_network

SIDE = 14
LEARNED, TESTED = 2000, 1000
ROUNDS, BATCH, RATE = 8, 25, 0.01


def measure_network(hidden: tuple[int, ...], activation: str) -> tuple[float, int]:
    """Train a network on small digits and return its accuracy and its number of parameters.

    Parameters
    ----------
    hidden : tuple of int
        Neurons of each hidden layer; empty for none.
    activation : str
        Of the hidden neurons.

    Returns
    -------
    accuracy : float
        Share of 1,000 test digits that are read rightly, after 8 rounds over 2,000 others. The
        digits have 14 × 14 pixels.
    parameters : int

    Examples
    --------
    >>> measure_network((), "sigmoid")[1]
    1970
    """
    return _measured(tuple(int(count) for count in hidden), activation)


@cache
def _measured(hidden: tuple[int, ...], activation: str) -> tuple[float, int]:
    learn_from, targets, test, labels = _small_digits()
    rng = np.random.default_rng(14)
    network = random_network((SIDE * SIDE, *hidden, 10), rng, hidden=activation)
    steps = train(
        network,
        learn_from,
        targets,
        rng=rng,
        epochs=ROUNDS,
        batch_size=BATCH,
        learning_rate=RATE,
    )
    *_, last = steps
    right = last.network.predict(test) == labels
    return float(right.mean()), network.parameter_count


@cache
def _small_digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    data = images.mnist()
    parts = []
    for pictures in (data.train_images[:LEARNED], data.test_images[:TESTED]):
        small = pictures.reshape(-1, SIDE, 2, SIDE, 2).mean(axis=(2, 4)) / 255
        parts.append(small.reshape(-1, SIDE * SIDE))
    return (
        parts[0],
        one_hot(data.train_labels[:LEARNED], 10),
        parts[1],
        data.test_labels[:TESTED],
    )
