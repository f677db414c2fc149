"""When does a detector fail? Scenes with known things, made harder step by step."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.nets.detection import Detections, detect
from aml4d_utils.topics.detection_metrics.judging_boxes import judge
from aml4d_utils.topics.detector.degrading import Trouble, degrade
from aml4d_utils.topics.detector.known_scenes import KnownScene, ScenePlan

LEAST = 0.5
"""A box counts from this intersection over union on."""


@dataclass(frozen=True)
class Hardship:
    """Something that makes a scene harder, in five steps.

    Attributes
    ----------
    name : str
    axis : str
        What its values are, in words.
    values : tuple of float
        From easy to hard.
    change : str
        What it changes: an argument of `ScenePlan.scene`, or a field of `Trouble`.
    in_picture : bool
        Whether it happens to the finished picture.
    """

    name: str
    axis: str
    values: tuple[float, ...]
    change: str
    in_picture: bool = True


HARDSHIPS: dict[str, Hardship] = {
    one.name: one
    for one in (
        Hardship("size", "longer side of a thing, pixels", (150, 96, 60, 36, 20), "length", False),
        Hardship("blur", "blur, pixels", (0, 1.5, 3, 5, 8), "blur"),
        Hardship("motion blur", "movement, pixels", (1, 9, 19, 35, 61), "smear"),
        Hardship("darkness", "light left", (1, 0.3, 0.12, 0.06, 0.03), "light"),
        Hardship("noise", "noise, of a range of 1", (0, 0.1, 0.2, 0.35, 0.5), "noise"),
        Hardship("JPEG", "quality of the JPEG", (90, 30, 12, 6, 2), "quality"),
        Hardship("clutter", "other things behind", (0, 5, 12, 24, 40), "clutter", False),
        Hardship("rotation", "turned by, degrees", (0, 30, 60, 90, 180), "angle", False),
        Hardship("viewpoint", "camera above, degrees", (0, 25, 50, 70, 90), "pitch", False),
    )
}
"""Everything that is tried; the viewpoint changes things in 3-D only."""


def hardened(scene: ScenePlan | KnownScene, hardship: Hardship, value: float) -> KnownScene:
    """Return a scene under one condition.

    Parameters
    ----------
    scene : ScenePlan or KnownScene
        A finished scene takes conditions of the picture only.
    hardship : Hardship
    value : float

    Raises
    ------
    ValueError
        If a finished scene is to be composed differently.
    """
    if not hardship.in_picture:
        if isinstance(scene, KnownScene):
            raise ValueError(f"A finished picture cannot be changed in {hardship.name}.")
        whole = isinstance(value, (int, np.integer))
        return scene.scene(**{hardship.change: int(value) if whole else float(value)})
    scene = scene if isinstance(scene, KnownScene) else scene.scene()
    number = int(value) if hardship.change == "quality" else float(value)
    trouble = Trouble(**{hardship.change: number})
    return replace(scene, image=degrade(scene.image, trouble, np.random.default_rng(3)))


@dataclass(frozen=True)
class RecallCurve:
    """How much a detector finds under one condition, from easy to hard.

    Attributes
    ----------
    hardship : Hardship
    found : ndarray (K,), int64
        Things found at each of its values.
    alarms : ndarray (K,), int64
        Boxes that find nothing.
    shown : int
        Things in the scenes so far.
    fraction : float in [0, 1]
        How much of the work is done.
    """

    hardship: Hardship
    found: np.ndarray
    alarms: np.ndarray
    shown: int
    fraction: float

    @property
    def recall(self) -> np.ndarray:
        """Found things as a share of all: ndarray (K,), float in [0, 1]."""
        return self.found / max(1, self.shown)

    @property
    def intervals(self) -> np.ndarray:
        """The 95 % interval of each recall: ndarray (K, 2), float in [0, 1]."""
        if not self.shown:
            return np.tile([0.0, 1.0], (len(self.found), 1))
        return np.array([wilson(share, self.shown) for share in self.recall])

    @property
    def precision(self) -> np.ndarray:
        """Boxes that find something as a share of all boxes; 1 where there is no box."""
        boxes = self.found + self.alarms
        return np.divide(self.found, boxes, out=np.ones(len(boxes)), where=boxes > 0)

    @property
    def lost(self) -> float:
        """How much of the recall is lost from the easiest to the hardest value."""
        return float(self.recall[0] - self.recall[-1])


@dataclass(frozen=True)
class FailureReport:
    """The curves of several conditions over the scenes so far.

    Attributes
    ----------
    curves : dict of str to RecallCurve
    fraction : float in [0, 1]
    """

    curves: dict[str, RecallCurve]
    fraction: float

    def __getitem__(self, name: str) -> RecallCurve:
        return self.curves[name]


def sweep_conditions(
    scenes: Sequence[ScenePlan | KnownScene],
    names: Sequence[str],
    finder: Callable[[np.ndarray], Detections] = detect,
) -> Iterator[FailureReport]:
    """Make scenes harder in every way, step by step, and count what a detector still finds.

    One scene goes through all conditions before the next comes: wherever the work is stopped, all
    curves rest on the same scenes.

    Parameters
    ----------
    scenes : sequence of ScenePlan or KnownScene
    names : sequence of str
        Of `HARDSHIPS`.
    finder : callable
        Takes a picture (H, W, 3), float in [0, 1]; by default NanoDet with its usual threshold.

    Yields
    ------
    FailureReport
        After each picture; the counts are those of the scenes that are finished.

    Raises
    ------
    ValueError
        If there is no such condition.
    """
    unknown = [name for name in names if name not in HARDSHIPS]
    if unknown:
        raise ValueError(f"There is no condition {unknown[0]!r}; choose {', '.join(HARDSHIPS)}.")
    pictures = [(name, value) for name in names for value in HARDSHIPS[name].values]
    counts = np.zeros((len(pictures), 2), np.int64)
    shown = 0
    for number, scene in enumerate(scenes):
        ahead = counts.copy()
        # Where the picture alone changes, the scene is made once; and several conditions begin
        # with the same picture.
        finished = scene if isinstance(scene, KnownScene) else scene.scene()
        found: dict[bytes, Detections] = {}
        for place, (name, value) in enumerate(pictures):
            hardship = HARDSHIPS[name]
            made = hardened(finished if hardship.in_picture else scene, hardship, value)
            picture = hashlib.sha256(made.image.tobytes()).digest()
            if picture not in found:
                found[picture] = finder(made.image)
            hits = judge([found[picture]], [made.truth], LEAST).hits
            ahead[place] += (hits.sum(), (~hits).sum())
            if place == len(pictures) - 1:
                counts, shown = ahead, shown + len(made.truth)
            done = (number + (place + 1) / len(pictures)) / len(scenes)
            yield _report(names, counts, shown, done)


def _report(names: Sequence[str], counts: np.ndarray, shown: int, fraction: float) -> FailureReport:
    curves, start = {}, 0
    for name in names:
        rows = counts[start : start + len(HARDSHIPS[name].values)]
        start += len(rows)
        curves[name] = RecallCurve(HARDSHIPS[name], *rows.T, shown, fraction)
    return FailureReport(curves, fraction)


def recall_curve(
    scenes: Sequence[ScenePlan | KnownScene],
    name: str,
    finder: Callable[[np.ndarray], Detections] = detect,
) -> Iterator[RecallCurve]:
    """Make scenes harder in one way: `sweep_conditions` with a single condition.

    Examples
    --------
    >>> from aml4d_utils.topics.detector.known_scenes import plan_scenes
    >>> last = list(recall_curve(plan_scenes(np.random.default_rng(0), 2), "blur"))[-1]
    >>> last.shown, last.recall.shape, last.fraction
    (4, (5,), 1.0)
    """
    for report in sweep_conditions(scenes, [name], finder):
        yield report[name]


def agreement_scenes(photos: Sequence[np.ndarray]) -> list[KnownScene]:
    """Take what the detector finds in whole photos for the truth: nobody has drawn their boxes.

    A curve over them says how far the answer stays the same, not how right it is.

    Parameters
    ----------
    photos : sequence of ndarray (H, W, 3), float in [0, 1]

    Returns
    -------
    list of KnownScene
        Photos in which nothing is found are left out.
    """
    known = [KnownScene(photo, detect(photo)) for photo in photos]
    return [scene for scene in known if len(scene.truth)]
