"""What the walking tests are shown of the metrics' room."""

import numpy as np

from aml4d_utils.nets.detection import Detections
from aml4d_utils.topics.detection_metrics.average_precision import EVERY_POINT, WAYS
from aml4d_utils.topics.detection_metrics.figures import short
from aml4d_utils.topics.detection_metrics.judging_boxes import judge
from aml4d_utils.topics.detection_metrics.padilla import solve


def judged_scenes():
    """Three grey pictures with boxes on, beside and off what is there."""
    cat, dog = np.array([[5.0, 5, 45, 45]]), np.array([[50.0, 10, 90, 60]])
    truth = [
        Detections(np.concatenate([cat, dog]), np.ones(2), np.array(["cat", "dog"])),
        Detections(cat, np.ones(1), np.array(["cat"])),
        Detections(dog, np.ones(1), np.array(["dog"])),
    ]
    found = [
        Detections(
            np.concatenate([cat + 2, dog, dog + 9]),
            np.array([0.9, 0.6, 0.4]),
            np.array(["cat", "dog", "dog"]),
        ),
        Detections(cat + 12, np.array([0.7]), np.array(["cat"])),
        Detections(dog, np.array([0.2]), np.array(["cat"])),
    ]
    return [np.full((70, 100, 3), grey) for grey in (0.2, 0.5, 0.8)], found, truth


EXPLORERS = {"threshold_explorer": judged_scenes}


def judged():
    """The boxes of these pictures, judged."""
    return judge(*judged_scenes()[1:])


def first_scene(count):
    """The first picture's boxes, its truth, and what they find; so many of its boxes."""
    _, found, truth = judged_scenes()
    everything = judged()
    hits = everything.hits[everything.pictures == 0]
    return found[0][:count], truth[0], hits[:count]


DESCRIPTIONS = {
    "describe_precision_recall": lambda: [(judged(),), (solve(EVERY_POINT).judged,)],
    "describe_threshold": lambda: [(judged(), threshold) for threshold in (0.3, 0.65, 0.95)],
    "describe_judged_scene": lambda: [first_scene(3), first_scene(1)],
    "describe_example": lambda: [
        (solve(way), short(way), count) for way in WAYS for count in (1, 24)
    ],
    "describe_answers": lambda: [()],
}
