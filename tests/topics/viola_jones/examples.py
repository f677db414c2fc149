"""What the walking tests are shown of the Viola-Jones room."""

import dataclasses
from functools import cache

import numpy as np

from aml4d_utils import images
from aml4d_utils.nets.detection import Detections
from aml4d_utils.topics.viola_jones.cascade import scan
from aml4d_utils.topics.viola_jones.cascade_training import TrainingStage
from aml4d_utils.topics.viola_jones.conditions import CONDITIONS, Sweep, Sweeps
from aml4d_utils.topics.viola_jones.face_boosting import boost_faces
from aml4d_utils.topics.viola_jones.faces import training_examples
from aml4d_utils.topics.viola_jones.haar import HaarFeature
from aml4d_utils.topics.viola_jones.integral import box_sum, integral_image
from aml4d_utils.topics.viola_jones.opencv_cascade import opencv_cascade
from aml4d_utils.topics.viola_jones.separating_faces import Contest


def detections(*boxes):
    """Return faces at these places."""
    count = len(boxes)
    return Detections(
        np.array(boxes, float).reshape(-1, 4), np.full(count, 0.5), np.full(count, "face")
    )


def sweep(name, found):
    """Return how many of 100 faces were found at the first values of a condition."""
    values = np.array(CONDITIONS[name].values[: len(found)], float)
    return Sweep(CONDITIONS[name], values, np.array(found), 100)


def astronaut():
    """Return the astronaut, 256 × 256."""
    return images.fit(images.photo("astronaut"), 256)


@cache
def boosting():
    """Return every record of boosting few features in six rounds."""
    return list(boost_faces(images.faces(), 6, step=3))


def boosted():
    """Return the records of the boosting after a round."""
    return [state for state in boosting() if state.round is not None]


@cache
def separations():
    """Return two features on all examples, and one on examples that are all alike."""
    pictures, is_face = training_examples(images.faces())
    contest = Contest(pictures, is_face, step=6)
    flat = Contest(np.zeros_like(pictures), is_face, step=6)
    features = (
        HaarFeature("top and bottom", 3, 3, 8, 12),
        HaarFeature("left and right", 5, 5, 8, 8),
    )
    return [*map(contest.separate, features), flat.separate(features[0])]


@cache
def scans():
    """Return the astronaut and a photo smaller than the window, seen by OpenCV's cascade."""
    cascade = opencv_cascade()
    return scan(astronaut(), cascade, factor=1.25), scan(np.zeros((8, 30)), cascade)


TILT = sweep("tilt", [0, 0, 0, 10, 60, 95, 98, 90, 30, 0, 0, 0, 0])
MASK = sweep("mask", [97, 80, 60, 20, 1, 0])
SWEEPS = [
    (Sweeps({"tilt": TILT, "mask": MASK}, 1.0),),
    (Sweeps({"tilt": TILT}, 0.5),),
    (Sweeps({"size": sweep("size", [0, 1, 2])}, 0.5),),
]
TABLE = integral_image(np.arange(100).reshape(10, 10))
TRAINING = TrainingStage(opencv_cascade(), 0.98, 0.01, np.zeros((1, 25, 25)), 1.0)
FACES = [detections([3, 4, 23, 24], [1, 1, 9, 9]), detections()]

EXPLORERS = {"detector_explorer": lambda: (TILT,)}

DESCRIPTIONS = {
    "describe_box_sum": lambda: [(box_sum(TABLE, 0, 0, 2, 2),), (box_sum(TABLE, 4, 4, 3, 5),)],
    "describe_separation": lambda: [
        (found, shown, is_face)
        for found in separations()
        for shown, is_face in ((0.25, True), (-0.5, False))
    ],
    "describe_mistakes": lambda: [(found, shown) for found in separations() for shown in (3, 5)],
    "describe_boosted": lambda: [(boosting()[0],), *((state,) for state in boosted())],
    "describe_chosen": lambda: [(state,) for state in boosted()],
    "describe_hardest": lambda: [(state, 10) for state in boosted()],
    "describe_cascade_training": lambda: [
        (TRAINING,),
        (dataclasses.replace(TRAINING, alarms_kept=0.0),),
        (dataclasses.replace(TRAINING, faces_kept=0.9),),
    ],
    "describe_scan": lambda: [
        *((scans()[0], stage) for stage in (0, 3, 25)),
        (scans()[1], 3),
    ],
    "describe_detections": lambda: [
        (["a", "b"], FACES),
        (["a", "b"], [FACES[0], FACES[0]]),
    ],
    "describe_found": lambda: [
        (FACES[0], "a photo"),
        (FACES[0], "its mirror"),
        (detections([3, 4, 23, 24]), "a photo"),
    ],
    "describe_sweep": lambda: [(TILT,), (MASK,), (sweep("size", [0, 1, 2]),)],
    "describe_sweeps": lambda: SWEEPS,
    "describe_last_sweep": lambda: SWEEPS,
}
