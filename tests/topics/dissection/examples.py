"""What the walking tests are shown of the dissection room."""

from functools import cache

import numpy as np

from aml4d_utils import nets
from aml4d_utils.topics.dissection import concepts, dissect
from aml4d_utils.topics.dissection.ablation import CLASSES, Laboratory, train_readout
from aml4d_utils.topics.dissection.concepts import CONCEPTS


def last_of(steps):
    """Return what a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@cache
def dissected():
    """The network, ten scenes, and the network dissected on them."""
    net = nets.load("squeezenet1_1", "cpu")
    sets = last_of(concepts.scene_sets(10, 8, seed=3))
    return net, last_of(dissect.dissect(net, *sets)), sets[0]


def laboratory():
    """Invented activations in which each class has a unit of its own, and many that help."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(len(CLASSES)), 5)
    learned, held_out = (
        rng.random((len(labels), 512)) + 2 * np.eye(len(CLASSES), 512)[labels] for _ in range(2)
    )
    readout = train_readout(learned, labels)
    overlaps = rng.random((512, len(CONCEPTS)))
    return Laboratory(readout, (learned, labels), (held_out, labels), held_out[0], overlaps)


EXPLORERS = {
    "unit_browser": dissected,
    "census_explorer": lambda: (dissected()[1], dissected()[1]),
    "ablation_explorer": lambda: (laboratory(),),
}
