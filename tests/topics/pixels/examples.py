"""What the walking tests are shown of the pixels room."""

from dataclasses import replace
from functools import cache

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.pixels.distances import (
    KINDS,
    Concentration,
    Distances,
    Measured,
    concentration,
)
from aml4d_utils.topics.pixels.moved_tests import FARTHEST, Moved
from aml4d_utils.topics.pixels.neighbours import Needed
from aml4d_utils.topics.pixels.permuting import (
    IN_ORDER,
    LEARNERS,
    MAKERS,
    PERMUTED,
    PermutationStep,
)
from aml4d_utils.topics.pixels.raw_linear import EXAMPLES, SIDES, Linear, Sweep
from aml4d_utils.topics.pixels.two_pixels import GRID, LINEAR, TwoPixels

NAMES = ("sandal", "bag", "coat")
PICTURES = np.random.default_rng(0).integers(0, 255, (2, 28, 28)).astype(np.uint8)
ROWS = PICTURES.reshape(2, -1)


def small_sweep():
    """Return an invented sweep over sizes and numbers of examples."""
    rng = np.random.default_rng(0)
    shape = (len(SIDES), len(EXAMPLES))
    models = {
        (side, count): Linear(rng.normal(size=(side * side, 10)), np.zeros(10))
        for side in SIDES
        for count in EXAMPLES
    }
    train, test = rng.uniform(0.8, 1, shape), rng.uniform(0.2, 0.8, shape)
    return Sweep(SIDES, EXAMPLES, train, test, models, 10000, 1.0)


def small_moved():
    """Return invented accuracies for every displacement."""
    accuracy = np.random.default_rng(1).uniform(0.1, 0.9, (3, 9, 9))
    return Moved(LEARNERS, np.arange(-FARTHEST, FARTHEST + 1), accuracy, 500, 1.0)


@cache
def small_measured():
    """Return distances between few points."""
    flat = images.fashion_mnist().train_images[:400].reshape(400, -1) / 255
    photo = images.photo("coffee")
    kinds = {
        kind: concentration(kind, flat, photo, rng=np.random.default_rng(0), count=60)
        for kind in KINDS
    }
    return Measured(kinds, 1.0)


def model(scale=1.0):
    """Return invented weights of three classes."""
    return Linear(np.random.default_rng(3).normal(size=(49, 3)) * scale, np.zeros(3))


def sweep(test=0.6):
    """Return a sweep over two sizes and two numbers of examples."""
    train = np.array([[0.7, 0.65], [1.0, 0.9]])
    return Sweep((4, 14), (100, 500), train, np.array([[test, 0.6], [0.5, 0.7]]), {}, 10000, 1.0)


def two_pixels(**changes):
    """Return a plane of invented points."""
    rng = np.random.default_rng(0)
    result = TwoPixels(
        names=("sneaker", "boot"),
        method=LINEAR,
        pixels=((1, 2), (3, 4)),
        points=rng.random((30, 2)),
        labels=rng.integers(0, 2, 30),
        regions=np.triu(np.ones((GRID, GRID), int)),
        accuracy=0.8123,
        low=0.79,
        high=0.83,
        tested=2000,
    )
    return replace(result, **changes)


def step(fall=0.05):
    """Return six trainings, of which the permuted ones are worse."""
    accuracy = {
        (learner, kind): np.array([0.1, 0.8 - fall * (kind == PERMUTED)])
        for learner in LEARNERS
        for kind in (IN_ORDER, PERMUTED)
    }
    nets = {key: MAKERS[key[0]]() for key in accuracy}
    return PermutationStep(1.0, 1280, 1000, np.array([64, 1280]), accuracy, nets)


def concentrated(nearest=0.4):
    """Return distances of two lengths of a row."""

    def distances(d, nearest):
        return Distances(d, np.full(48, 1 / 48), 0.3, nearest, 2.0)

    return Concentration(
        "garments",
        np.array([1, 2]),
        (distances(1, 0.1), distances(4, nearest)),
        (distances(1, 0.1), distances(4, 0.2)),
        np.array([1.0, 3.0]),
    )


def needed(last=0.8):
    """Return how many examples a nearest neighbour needs."""
    return Needed(
        examples=np.array([1, 10, 400]),
        d=np.array([4, 49, 784]),
        accuracy=np.array([[0.2, 0.3, 0.4], [0.4, 0.6, 0.75], [0.4, 0.6, last]]),
        noisy_d=np.array([49, 784]),
        noisy_accuracy=np.array([[0.4, 0.6, 0.75], [0.1, 0.2, 0.3]]),
        tested=1000,
        fraction=1.0,
    )


def moved(share=0.5):
    """Return accuracies that fall at once."""
    accuracy = np.full((3, 9, 9), share)
    accuracy[:, 4, 4] = 0.8
    return Moved(LEARNERS, np.arange(-4, 5), accuracy, 500, 1.0)


EXPLORERS = {
    "resolution_explorer": lambda: (small_sweep(),),
    "curse_explorer": lambda: (small_measured(),),
    "moved_explorer": lambda: ({name: MAKERS[name]() for name in LEARNERS}, small_moved()),
}

DESCRIPTIONS = {
    "describe_row": lambda: [(ROWS[0],), (ROWS[1],)],
    "describe_cuts": lambda: [(ROWS[0], (27, 28)), (ROWS[1], (28, 30))],
    "describe_weights": lambda: [(model(), NAMES), (model(0.3), NAMES)],
    "describe_resolution": lambda: [(sweep(), 4, 100), (sweep(0.61), 4, 100), (sweep(), 14, 100)],
    "describe_two_pixels": lambda: [
        (two_pixels(), 0.9),
        (two_pixels(accuracy=0.7), 0.9),
        (two_pixels(), 0.95),
    ],
    "describe_permuted": lambda: [
        (PICTURES, PICTURES[:, ::-1], ["bag", "coat"]),
        (PICTURES, PICTURES, ["bag", "coat"]),
    ],
    "describe_falls": lambda: [(step(),), (step(0.1),)],
    "describe_training": lambda: [(step(),), (step(0.2),)],
    "describe_concentration": lambda: [
        (concentrated(), 2),
        (concentrated(0.5), 2),
        (concentrated(), 1),
    ],
    "describe_needed": lambda: [(needed(), 0.7), (needed(0.9), 0.7), (needed(), 0.99)],
    "describe_moved": lambda: [(moved(),), (moved(0.3),)],
    "describe_move": lambda: [
        (moved(), 0, 0, ["bag"] * 3),
        (moved(), 1, -2, ["bag"] * 3),
        (moved(), -1, 2, ["bag", "bag", "coat"]),
    ],
    "describe_sums": lambda: [
        (np.array(sums), ("bag", "coat", "boot"), label)
        for sums, label in (([1.0, 2, 3], 0), ([1.5, 2, 3], 0), ([1.0, 2, 3], 2))
    ],
}
