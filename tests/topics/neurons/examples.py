"""What the walking tests are shown of the neurons room."""

import numpy as np

from aml4d_utils.topics.neurons.firing import fire
from aml4d_utils.topics.neurons.network import random_network
from aml4d_utils.topics.neurons.plane import points
from aml4d_utils.topics.neurons.reading_digits import Strangers, read
from aml4d_utils.topics.neurons.separating_points import one_neuron, separate
from aml4d_utils.topics.neurons.slopes import slope_at


def digit_reader(seed):
    """Return what a random network reads in noise."""
    rng = np.random.default_rng(seed)
    return read(random_network((784, 4, 10), rng), rng.random((28, 28)))


def empty_pad(seed):
    """Return what a random network reads where nothing is drawn."""
    return read(random_network((784, 4, 10), np.random.default_rng(seed)), np.zeros((28, 28)))


def strangers(strongest):
    """Return invented answers to twelve pictures that are no digits."""
    return Strangers(
        np.zeros((12, 28, 28)),
        tuple("abcdefghijkl"),
        np.arange(12) % 10,
        np.array(strongest),
        np.full(5, 0.95),
    )


PICTURES = np.random.default_rng(0).random((3, 28, 28))

DESCRIPTIONS = {
    "describe_firing": lambda: [
        (fire([0.5, 1.0], [-2.0, 3.0], -1.0),),
        (fire([0.5, 1.0], [-2.0, 3.0], 1.0),),
        (fire([1.0], [1.0], 0.0, "tanh"),),
    ],
    "describe_activations": lambda: [()],
    "describe_slope": lambda: [
        *((slope_at("sigmoid", x),) for x in (-6.0, -2.0, 0.0, 6.0)),
        (slope_at("ReLU", -1.0),),
    ],
    "describe_point": lambda: [
        *((points("0 or 1"), index) for index in (0, 1, 299)),
        (points("ring (made up)"), 0),
    ],
    "describe_separation": lambda: [
        (separate(points("0 or 1"), one_neuron(-2.0, 3.0, 0.0)),),
        (separate(points("0 or 1"), one_neuron(2.0, -3.0, 0.0)),),
        (separate(points("ring (made up)"), one_neuron(1.0, 0.0, 0.0)),),
    ],
    "describe_reading": lambda: [*((digit_reader(seed),) for seed in range(4)), (empty_pad(0),)],
    "describe_row": lambda: [
        ((digit_reader(0), digit_reader(1)),),
        ((digit_reader(0), empty_pad(0)),),
        ((empty_pad(0), empty_pad(0)),),
    ],
    "describe_neuron": lambda: [
        (digit_reader(seed), layer, 2) for seed in (0, 1) for layer in (1, 2)
    ],
    "describe_digits": lambda: [
        (PICTURES, ("a", "b", "c")),
        (0 * PICTURES, ("a", "b", "c")),
        (PICTURES[:2], ("a", "b")),
    ],
    "describe_weights": lambda: [
        (np.random.default_rng(0).normal(size=(16, 784)),),
        (np.eye(16, 784),),
    ],
    "describe_strangers": lambda: [
        (strangers([0.95] * 11 + [0.99]),),
        (strangers([0.2] * 12),),
    ],
}
