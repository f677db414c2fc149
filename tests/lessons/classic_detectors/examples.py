"""What the walking tests are shown of the comparison of detectors."""

import numpy as np

from aml4d_utils.lessons.classic_detectors.comparison import (
    PERSON,
    PUBLISHED,
    Detector,
    compare,
)
from aml4d_utils.lessons.classic_detectors.face_scenes import FaceScene
from aml4d_utils.nets import Detections


def found(boxes, scores=None):
    """Return faces that a detector found."""
    boxes = np.asarray(boxes, dtype=np.float32).reshape(-1, 4)
    scores = np.linspace(1, 0.1, len(boxes)) if scores is None else np.asarray(scores)
    return Detections(boxes, scores, np.full(len(boxes), "face"))


def scene(boxes, name="scene"):
    """Return a grey scene with faces at these places."""
    image = np.full((100, 120, 3), 0.5, dtype=np.float32)
    return FaceScene(name, image, np.asarray(boxes, dtype=np.float32).reshape(-1, 4))


SCENES = [
    scene([[10, 10, 50, 50], [60, 40, 100, 80]], "one"),
    scene([[0, 0, 40, 40]], "two"),
    scene([], "none"),
]


class Scripted:
    """A detector that answers scene by scene what it was told."""

    def __init__(self, answers):
        self.answers = {id(s.image): answer for s, answer in zip(SCENES, answers, strict=True)}

    def __call__(self, image):
        return self.answers.get(id(image), found([]))


ANSWERS = [
    found([[12, 12, 52, 52], [11, 11, 51, 51], [90, 0, 110, 20]], [0.5, 0.9, 0.7]),
    found([[10, 8, 50, 48]]),
    found([[5, 5, 25, 25], [50, 50, 70, 70]]),
]


def comparing():
    """Return every step of comparing two detectors of faces and one of persons."""
    pair = [
        Detector("good", Scripted([found(s.boxes) for s in SCENES])),
        Detector("loud", Scripted(ANSWERS)),
        Detector("body", Scripted([found([[0, 0, 120, 100]])] * 3), PERSON),
    ]
    return list(compare(pair, SCENES))


def looks_at(step, name):
    """Return what every detector made of one scene."""
    return [look for look in step.looks if look.scene.name == name]


DESCRIPTIONS = {
    "describe_progress": lambda: [(step,) for step in comparing()[::2]],
    "describe_comparison": lambda: [(step,) for step in comparing()[::2]],
    "describe_looks": lambda: [(looks_at(comparing()[-1], name),) for name in ("one", "two")],
    "describe_published": lambda: [(PUBLISHED,), (PUBLISHED[:1],)],
}
