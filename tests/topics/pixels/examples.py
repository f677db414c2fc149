"""What the walking tests are shown of the pixels room."""

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.pixels.distances import KINDS, Measured, concentration
from aml4d_utils.topics.pixels.moved_tests import FARTHEST, Moved
from aml4d_utils.topics.pixels.permuting import LEARNERS, MAKERS
from aml4d_utils.topics.pixels.raw_linear import EXAMPLES, SIDES, Linear, Sweep


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


def small_measured():
    """Return distances between few points."""
    flat = images.fashion_mnist().train_images[:400].reshape(400, -1) / 255
    photo = images.photo("coffee")
    kinds = {
        kind: concentration(kind, flat, photo, rng=np.random.default_rng(0), count=60)
        for kind in KINDS
    }
    return Measured(kinds, 1.0)


EXPLORERS = {
    "resolution_explorer": lambda: (small_sweep(),),
    "curse_explorer": lambda: (small_measured(),),
    "moved_explorer": lambda: ({name: MAKERS[name]() for name in LEARNERS}, small_moved()),
}
