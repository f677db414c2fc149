"""What the walking tests are shown of the room of own classes."""

import numpy as np

from aml4d_utils.topics.own_classes.background_trap import WAYS, TrapResult
from aml4d_utils.topics.own_classes.photo_collection import OwnPhoto, PhotoCollection
from aml4d_utils.topics.own_classes.teaching import Taught
from aml4d_utils.topics.transfer.linear_heads import LinearHead
from aml4d_utils.topics.transfer.tasks import SIDE
from aml4d_utils.topics.transfer.trained_bodies import Bodies


def picture(seed, hue):
    """A noisy picture of one colour."""
    rng = np.random.default_rng(seed)
    base = np.eye(3)[hue % 3] * 120 + 60
    return (base + rng.integers(0, 60, (SIDE, SIDE, 3))).astype(np.uint8)


def collection(bursts=3, frames=2, classes=("red", "green"), misfiled=()):
    """Bursts of each colour; those that are named are filed under the next class."""
    made, number = PhotoCollection(tuple(classes)), 0
    for label in range(len(classes)):
        for burst in range(bursts):
            name = f"{classes[label]} {burst}"
            photos = []
            for frame in range(frames):
                number += 1
                photos.append(OwnPhoto(picture(number, label), f"{name}, {frame}", name))
            filed = (label + 1) % len(classes) if name in misfiled else label
            made, _ = made.added(photos, filed)
    return made


def taught(chances, honest=0.8, careless=0.9, problem=""):
    """An invented result for two photos of each of two classes."""
    made = collection(bursts=1)
    features = np.random.default_rng(0).random((4, 6)).astype(np.float32)
    head = LinearHead(np.arange(12.0).reshape(6, 2), np.zeros(2))
    return Taught(made, head, None, np.array(chances), features, honest, careless, None, problem)


RIGHT = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.1, 0.9]]
ONE_WRONG = [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9]]


def trap(right):
    """An invented background test."""
    return TrapResult(
        ("mug", "pen"), ("grass", "brick"), WAYS, np.array(right), 20, 8,
        np.zeros((4, SIDE, SIDE, 3), np.uint8),
    )  # fmt: skip


DESCRIPTIONS = {
    "describe_taught": lambda: [
        (taught(RIGHT),),
        (taught(ONE_WRONG, 0.75, None),),
        (taught(RIGHT, None, None, "There is no honest test."),),
    ],
    "describe_photo_of": lambda: [(taught(RIGHT), 0), (taught(ONE_WRONG), 1)],
    "describe_weights": lambda: [
        (np.array([[1.0, -2.0], [0.5, 0.0]]), ("mug", "pen")),
        (np.array([[1.0, 2.0], [3.5, 0.0]]), ("mug", "pen")),
    ],
    "describe_trap": lambda: [(trap([[19, 3], [17, 16]]),), (trap([[18, 4], [16, 16]]),)],
}

EXPLORERS = {"teach_explorer": lambda: (collection(misfiled=("red 1",)), Bodies())}
