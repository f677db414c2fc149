"""The detectors side by side: what each finds, what it makes up, how long it takes.

All see the same scenes. A face counts as found when a box overlaps its known box with an
intersection over union of at least 0.5; each box can find one face, the surest box first, and
every other box is a false alarm. Detectors draw a face's box differently, some as tight as chin
and brows, some with hair. So each detector's boxes are first moved and resized by what fits the
training faces best (their median), the same for all sizes and scenes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils import images
from aml4d_utils.lessons.classic_detectors.face_scenes import (
    FaceScene,
    astronaut_scene,
    face_scenes,
    plain_scenes,
)
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.measuring.pairing import match
from aml4d_utils.nets import Detections, box_iou, detect
from aml4d_utils.topics.part_models.part_search import find_faces
from aml4d_utils.topics.part_models.part_training import TrainingStep
from aml4d_utils.topics.viola_jones import detecting
from aml4d_utils.topics.viola_jones.cascade import Cascade

OVERLAP = 0.5
"""Least intersection over union of a box that finds a face."""
FACE, PERSON = "face", "person"


@dataclass(frozen=True)
class Habit:
    """How a detector draws a face's box, against the known one.

    Attributes
    ----------
    right, down : float
        How far its centre lies right and down, in sides of the known box.
    size : float
        Its side over the known one.
    """

    right: float = 0.0
    down: float = 0.0
    size: float = 1.0

    def undone(self, boxes: np.ndarray) -> np.ndarray:
        """Return boxes (N, 4) as the known ones are drawn.

        Examples
        --------
        >>> Habit(right=0.1, size=2.0).undone(np.array([[10.0, 10, 30, 30]])).tolist()
        [[14.0, 15.0, 24.0, 25.0]]
        """
        boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
        sides = (boxes[:, 2:] - boxes[:, :2]) / self.size
        centres = (boxes[:, :2] + boxes[:, 2:]) / 2 - sides * [self.right, self.down]
        return np.concatenate([centres - sides / 2, centres + sides / 2], axis=1)


@dataclass(frozen=True)
class Detector:
    """A detector that takes part.

    Attributes
    ----------
    name : str
    find : callable, ``find(image) -> Detections``
    task : str
        ``face``, or ``person``: a box around a whole person finds a face when the face's centre
        lies in it. That is another and easier match, so its row stands apart.
    """

    name: str
    find: Callable[[np.ndarray], Detections]
    task: str = FACE


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    name, task : str
        Of the detector.
    faces, found : int
        How many faces there were, and how many of them it found.
    alarms : int
        Boxes that found no face.
    milliseconds : tuple of float
        For each image.
    """

    name: str
    task: str
    faces: int = 0
    found: int = 0
    alarms: int = 0
    milliseconds: tuple[float, ...] = ()

    @property
    def scenes(self) -> int:
        """How many images it has seen."""
        return len(self.milliseconds)

    @property
    def recall(self) -> float:
        """Share of the faces that it found; 0 while there is none."""
        return self.found / self.faces if self.faces else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the recall lies with 95 % confidence (Wilson)."""
        return wilson(self.recall, self.faces) if self.faces else (0.0, 1.0)

    @property
    def alarms_per_scene(self) -> float:
        """False alarms an image."""
        return self.alarms / self.scenes if self.scenes else 0.0

    @property
    def median(self) -> float:
        """Median time an image, in milliseconds."""
        return float(np.median(self.milliseconds)) if self.milliseconds else 0.0


@dataclass(frozen=True)
class JudgedScene:
    """What one detector made of one scene.

    Attributes
    ----------
    detector : str
    scene : FaceScene
    boxes : ndarray (N, 4), float64
        As the known ones are drawn, surest first.
    hits : ndarray (N,), int64
        The face that each box found, −1 for a false alarm.
    """

    detector: str
    scene: FaceScene
    boxes: np.ndarray
    hits: np.ndarray


@dataclass(frozen=True)
class ComparisonStep:
    """The state of the comparison after one look.

    Attributes
    ----------
    rows : tuple of Row
        One for each detector, in their order.
    looks : tuple of JudgedScene
        All so far.
    fraction : float
        How much is done, 0 to 1.
    """

    rows: tuple[Row, ...]
    looks: tuple[JudgedScene, ...]
    fraction: float


@dataclass(frozen=True)
class Published:
    """A result that somebody else measured and printed.

    Attributes
    ----------
    name : str
    year : int
        In which the detector was published.
    average : float
        Mean average precision on the test photos of PASCAL VOC 2007, in per cent.
    source : str
        Where the number stands.
    """

    name: str
    year: int
    average: float
    source: str


_RCNN = "Girshick, Donahue, Darrell and Malik (2014), CVPR, table 2"
PUBLISHED = (
    Published("DPM, release 5", 2012, 33.7, f"as given by {_RCNN}"),
    Published("R-CNN (AlexNet)", 2014, 58.5, _RCNN),
    Published("Fast R-CNN (VGG-16)", 2015, 66.9, "Girshick (2015), ICCV, table 1"),
    Published(
        "Faster R-CNN (VGG-16)", 2015, 69.9, "Ren, He, Girshick and Sun (2015), NIPS, table 3"
    ),
)
"""Detectors of 20 kinds of things, all trained for detection on PASCAL VOC 2007 trainval; the
networks had seen ImageNet before. Published, not measured here."""


def detectors(trained: TrainingStep, cascade: Cascade | None = None) -> tuple[Detector, ...]:
    """Return the detectors of the lesson.

    Parameters
    ----------
    trained : TrainingStep
        From `part_models.part_training`: HOG alone, and the part model.
    cascade : Cascade, optional
        One that was boosted in the lesson.

    Notes
    -----
    The comparison is not fair, and cannot be. OpenCV's cascade has learned from thousands of
    faces, those of the course from 60. And the faces of Labeled Faces in the Wild were collected
    with a Viola–Jones detector, so faces that such a detector misses are not among them.
    """
    found = [Detector("Viola–Jones (OpenCV)", detecting.find_faces_with_opencv)]
    if cascade is not None:
        found.append(
            Detector("Viola–Jones (your own)", lambda image: detecting.find_faces(image, cascade))
        )
    return (
        *found,
        Detector("HOG + linear SVM", lambda image: find_faces(trained.root_only, image).faces),
        Detector("part model (DPM)", lambda image: find_faces(trained.model, image).faces),
        Detector("NanoDet: person", _persons, PERSON),
    )


def _persons(image: np.ndarray) -> Detections:
    found = detect(image)
    return found[found.labels == "person"]


def held_out_scenes(rng: np.random.Generator) -> list[FaceScene]:
    """Return ten scenes with the forty held-out faces, and the astronaut."""
    return [*face_scenes(images.faces().test_faces, rng), astronaut_scene()]


def compare(
    taking_part: Sequence[Detector], scenes: Sequence[FaceScene]
) -> Iterator[ComparisonStep]:
    """Show every scene to every detector.

    Parameters
    ----------
    taking_part : sequence of Detector
    scenes : sequence of FaceScene

    Yields
    ------
    ComparisonStep
        After each scene, so that all detectors have always seen the same faces.

    Notes
    -----
    For a lesson: ``step = await run(compare(detectors(trained), held_out_scenes(rng)), …)``. A
    prediction that fits: which one finds most faces, which one is fastest, which one raises most
    false alarms; the answer is in ``step.rows``. Each detector sees plain scenes with training
    faces first, which also warms it up; that time is not counted.
    """
    habits = [habit_of(detector) for detector in taking_part]
    rows = [Row(detector.name, detector.task) for detector in taking_part]
    looks: list[JudgedScene] = []
    for scene in scenes:
        for number, detector in enumerate(taking_part):
            started = time.perf_counter()
            found = detector.find(scene.image)
            took = 1000 * (time.perf_counter() - started)
            look = judged(detector, habits[number], scene, found)
            looks.append(look)
            row = rows[number]
            hits = int((look.hits >= 0).sum())
            rows[number] = replace(
                row,
                faces=row.faces + len(scene.boxes),
                found=row.found + hits,
                alarms=row.alarms + len(look.hits) - hits,
                milliseconds=(*row.milliseconds, took),
            )
        done = len(looks) / (len(scenes) * len(taking_part))
        yield ComparisonStep(tuple(rows), tuple(looks), done)


def judged(detector: Detector, habit: Habit, scene: FaceScene, found: Detections) -> JudgedScene:
    """Say which face each box of a detector finds.

    Parameters
    ----------
    detector : Detector
    habit : Habit
        How it draws its boxes; taken back before boxes are compared.
    scene : FaceScene
    found : Detections
        Surest first.
    """
    order = np.argsort(-np.asarray(found.scores), kind="stable")
    boxes = habit.undone(found.boxes[order])
    worth = _contains_centre if detector.task == PERSON else _overlaps
    return JudgedScene(detector.name, scene, boxes, match(worth(boxes, scene.boxes)))


def _overlaps(boxes: np.ndarray, faces: np.ndarray) -> np.ndarray:
    overlap = box_iou(boxes, faces)
    return np.where(overlap >= OVERLAP, overlap, 0)


def _contains_centre(boxes: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Return how near each face's centre is to a box's, for the centres inside the box."""
    centres = (faces[:, :2] + faces[:, 2:]) / 2
    inside = (boxes[:, None, :2] <= centres) & (centres <= boxes[:, None, 2:])
    distance = np.linalg.norm((boxes[:, None, :2] + boxes[:, None, 2:]) / 2 - centres, axis=2)
    return np.where(inside.all(axis=2), 1 / (1 + distance), 0)


def habit_of(detector: Detector) -> Habit:
    """Measure how a detector draws the boxes of training faces on plain ground.

    Parameters
    ----------
    detector : Detector
        One for persons has no habit.

    Returns
    -------
    Habit
        The median over the faces that it finds; none where it finds fewer than five.
    """
    scenes = plain_scenes(images.faces().train_faces)
    if detector.task == PERSON:
        detector.find(scenes[0].image)
        return Habit()
    drawn = []
    for scene in scenes:
        boxes = np.asarray(detector.find(scene.image).boxes, dtype=np.float64).reshape(-1, 4)
        for face in scene.boxes.astype(np.float64):
            side = face[2] - face[0]
            apart = (boxes[:, :2] + boxes[:, 2:] - face[:2] - face[2:]) / 2 / side
            near = np.abs(apart).max(axis=1, initial=0) < 0.4
            if near.any():
                first = int(np.flatnonzero(near)[0])
                drawn.append((*apart[first], (boxes[first, 2] - boxes[first, 0]) / side))
    if len(drawn) < 5:
        return Habit()
    return Habit(*(float(value) for value in np.median(drawn, axis=0)))
