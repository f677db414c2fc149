"""What the walking tests are shown of the transfer room."""

import numpy as np

from aml4d_utils.topics.transfer.curve_library import CurveLibrary
from aml4d_utils.topics.transfer.frozen_or_not import Moved
from aml4d_utils.topics.transfer.label_curves import (
    ALL,
    FROZEN,
    PIXELS,
    SCRATCH,
    SQUEEZE,
    LabelCurves,
)
from aml4d_utils.topics.transfer.task_distance import Crossing, Slope, labels_for
from aml4d_utils.topics.transfer.tasks import SIDE, Task
from aml4d_utils.topics.transfer.trained_bodies import Bodies
from aml4d_utils.topics.transfer.two_bodies import TwoBodies


def task(name="photos", originals=42, classes=2):
    """An invented task: grey pictures, a little lighter from one to the next."""
    count = originals * classes
    levels = np.arange(count, dtype=np.uint8)
    pictures = np.full((count, SIDE, SIDE, 3), levels[:, None, None, None], np.uint8)
    labels = np.repeat(np.arange(classes), originals)
    names = tuple(f"{name} {k}" for k in range(count))
    return Task(name, tuple("abcdef"[:classes]), pictures, labels, names)


def curves(ways, labels, splits, name="photos", lift=0.0):
    """Invented accuracies that differ from way to way, number to number and split to split."""
    shares = np.empty((len(ways), len(labels), splits))
    for w, way in enumerate(ways):
        for k, count in enumerate(labels):
            base = 0.2 + 0.02 * len(way) + 0.015 * count + lift
            shares[w, k] = np.clip(base + 0.01 * np.arange(splits), 0, 1)
    return LabelCurves(name, 2, tuple(ways), tuple(labels), shares)


class InventedLibrary(CurveLibrary):
    """Answers at once, with invented numbers."""

    def task(self, name):
        return task(name)

    def curves(self, name, ways, splits):
        found = curves(ways, labels_for(name, self.labels), splits, name, lift=0.01 * len(name))
        if ALL in ways:
            found.shares[list(ways).index(ALL), 1:] = np.nan
        yield found


def slope(high):
    """An invented slope of two stations."""
    two = tuple(curves((FROZEN, PIXELS), (5,), 3, name, high) for name in ("photos", "scrambled"))
    return Slope(("photos", "scrambled"), two, (np.zeros((4, 4, 3), np.uint8),) * 2, 1.0)


def crossing(lost):
    """An invented crossing with two handfuls."""
    alone = np.array([[np.nan, np.nan], [0.7, 0.75]])
    return Crossing(
        ("cup", "car"),
        (0, 2),
        np.array([[0.6, 0.7], [0.9, 0.8]]) - lost,
        alone,
        np.array([0.9, 0.95]),
    )


DESCRIPTIONS = {
    "describe_task": lambda: [(task("photos", 5, 2), 5), (task("garments", 7, 3), 4)],
    "describe_label_curves": lambda: [
        (curves((FROZEN, SCRATCH), (1, 5), 3),),
        (curves((FROZEN,), (1, 5), 4, "rendered"),),
    ],
    "describe_at": lambda: [
        (curves((FROZEN, SCRATCH), (1, 5), 3), 5),
        (curves((FROZEN, SCRATCH), (1, 5), 3), 1),
        (curves((FROZEN,), (1, 5), 1), 1),
    ],
    "describe_lead": lambda: [
        (curves((FROZEN, SCRATCH), (1, 5), 3), 5, SCRATCH, FROZEN),
        (curves((FROZEN, SQUEEZE), (1, 5), 3), 1, SQUEEZE, FROZEN),
    ],
    "describe_slope": lambda: [(slope(0.0),), (slope(0.1),)],
    "describe_crossing": lambda: [([("Lite0", crossing(0.0))],), ([("pixels", crossing(0.2))],)],
    "describe_moved": lambda: [
        (Moved("train", 9, 6, 0, 6, 30.0, 7, 24),),
        (Moved("eval", 9, 6, 0, 0, 0.0, 0, 24),),
    ],
    "describe_two_bodies": lambda: [
        (TwoBodies(("SqueezeNet", "Lite0"), (50, 70), 100, curves((SQUEEZE, FROZEN), (1, 5), 3)),),
        (TwoBodies(("SqueezeNet", "Lite0"), (70, 50), 90, curves((SQUEEZE, FROZEN), (1,), 3)),),
    ],
}

EXPLORERS = {"label_explorer": lambda: (InventedLibrary(Bodies()),)}
