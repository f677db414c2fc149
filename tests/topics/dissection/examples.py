"""What the walking tests are shown of the dissection room."""

from functools import cache

import numpy as np

from aml4d_utils import nets
from aml4d_utils.topics.dissection import census, concepts, dissect, figures
from aml4d_utils.topics.dissection.ablation import (
    CLASSES,
    ClassAccuracy,
    LabelledOrNeeded,
    Laboratory,
    train_readout,
)
from aml4d_utils.topics.dissection.concepts import CONCEPTS
from aml4d_utils.topics.dissection.lighting import light_up
from aml4d_utils.topics.dissection.units import Unit, unit_at


def last_of(steps):
    """Return what a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@cache
def both_sets():
    """Ten scenes to measure on and eight to find thresholds on."""
    return last_of(concepts.scene_sets(10, 8, seed=3))


@cache
def dissected():
    """The network, ten scenes, and the network dissected on them."""
    net = nets.load("squeezenet1_1", "cpu")
    return net, last_of(dissect.dissect(net, *both_sets())), both_sets()[0]


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


@cache
def views():
    """Four scenes lit, for each of two units."""
    net, found, scenes = dissected()
    pictures = [scene.image for scene in scenes[:4]]
    return [
        light_up(net, pictures, unit_at(number), float(found.thresholds[number, 0]))
        for number in (40, 2200)
    ]


def overlaps():
    """The first concept of a scene beside the places that two units light up."""
    scene = both_sets()[0][0]
    concept = figures.concepts_in(scene)[0]
    return [(view[0], scene, concept, Unit("conv1", 40)) for view in views()]


def censuses():
    """The detectors counted above a low limit and above a high one."""
    return [census.count_detectors(dissected()[1], least=least) for least in (0.04, 0.15)]


def confused():
    """Two units of the first layer, each with its kernel and its overlaps."""
    net, found, _ = dissected()
    weights = net.features[0].weight.numpy()
    units = [(number, Unit("conv1", number)) for number in (40, 50)]
    return [
        (view, found.iou()[number], unit, figures.kernel_of(weights, unit))
        for view, (number, unit) in zip(views(), units, strict=True)
    ]


def counts(right):
    """So many of ten are right in every class."""
    return ClassAccuracy(np.full(len(CLASSES), right), np.full(len(CLASSES), 10))


def needed(right):
    """So many are right without the units that a class needs most."""
    common = np.full(len(CLASSES), 3)
    return LabelledOrNeeded(10, counts(8), counts(7), counts(right), common)


def overlap_of(value):
    """One concept overlaps by so much, the others not at all."""
    iou = np.zeros(len(CONCEPTS))
    iou[4] = value
    return iou


EXPLORERS = {
    "unit_browser": dissected,
    "census_explorer": lambda: (dissected()[1], dissected()[1]),
    "ablation_explorer": lambda: (laboratory(),),
}

DESCRIPTIONS = {
    "describe_lit": lambda: [
        *((view,) for view in views()),
        *((view, both_sets()[0][:4]) for view in views()),
    ],
    "describe_scenes": lambda: [(both_sets()[0][:3],), (both_sets()[0][3:5],)],
    "describe_concepts": lambda: [(scene,) for scene in both_sets()[0][:2]],
    "describe_overlap": overlaps,
    "describe_unit": lambda: [
        (Unit("fire5", 1), overlap_of(0.3), 0.005, 0.04),
        (Unit("fire5", 1), overlap_of(0.2), 0.005, 0.04),
        (Unit("fire5", 1), overlap_of(0.3), 0.005, 0.4),
    ],
    "describe_census": lambda: [tuple(censuses()), tuple(censuses()[::-1])],
    "describe_shares": lambda: [(one, "trained") for one in censuses()],
    "describe_confused_unit": confused,
    "describe_accuracy": lambda: [(counts(8),), (counts(5),), (counts(8), counts(2), 20)],
    "describe_ablation": lambda: [
        ("birds", counts(8), counts(2), 1),
        ("birds", counts(8), counts(3), 1),
        ("birds", counts(8), counts(2), 20),
    ],
    "describe_labelled_or_needed": lambda: [(needed(4),), (needed(2),)],
}
