"""The worst scenes of a test of a detector, by a rule, with their boxes drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils import images
from aml4d_utils.measuring.wording import counted
from aml4d_utils.nets.detection import Detections, box_iou
from aml4d_utils.topics.detection_metrics.judging_boxes import judge
from aml4d_utils.topics.detector.condition_sweep import LEAST
from aml4d_utils.topics.detector.known_scenes import KnownScene

RULE_OF_SCENES = (
    "the scenes with the thing whose best box, of its own word and half over it, scores lowest; "
    "of equal ones the earlier"
)

THERE, FOUND, FALSE = (255, 255, 255), (86, 180, 233), (230, 159, 0)
"""Colours of boxes: what is there, what finds something, what finds nothing."""


@dataclass(frozen=True)
class SceneCase:
    """One scene of the gallery.

    Attributes
    ----------
    place : int
        In the test.
    picture : ndarray (H, W, 3), uint8
        With boxes: white, what is there; blue, a box that finds it; orange and crossed out, a
        false alarm.
    things : tuple of (word, score)
        What is there, and the score of its best box; 0 where none is over it.
    missed : int
        Things that no box of the threshold finds.
    alarms : int
        Boxes that find nothing.
    """

    place: int
    picture: np.ndarray
    things: tuple[tuple[str, float], ...]
    missed: int
    alarms: int

    @property
    def in_words(self) -> str:
        """What is there and what becomes of it, as a sentence."""
        parts = [f"{word}, {f'score {s:.2f}' if s else 'no box'}" for word, s in self.things]
        return (
            f"Scene {self.place + 1}: {'; '.join(parts)}. {self.missed} of {len(self.things)} "
            f"missed, {counted(self.alarms, 'false alarm')}."
        )


def best_scores(found: Detections, truth: Detections) -> np.ndarray:
    """Return for each thing (N,) the score of the surest box of its word that is half over it.

    Examples
    --------
    >>> boxes = np.array([[0.0, 0, 8, 8], [40, 0, 48, 8]])
    >>> words = np.array(["cup", "cup"])
    >>> truth = Detections(boxes, np.ones(2), words)
    >>> best_scores(Detections(boxes[:1], np.array([0.4]), words[:1]), truth).tolist()
    [0.4, 0.0]
    """
    over = box_iou(truth.boxes, found.boxes) >= LEAST
    own = truth.labels[:, None] == found.labels[None]
    return np.where(over & own, found.scores[None], 0.0).max(1, initial=0.0)


def worst_scenes(scores: Sequence[np.ndarray], count: int) -> np.ndarray:
    """Return the places of the scenes with the lowest score, the worst first.

    Examples
    --------
    >>> worst_scenes([np.array([0.9, 0.4]), np.array([0.7]), np.array([0.0, 0.9])], 2).tolist()
    [2, 0]
    """
    lowest = np.array([each.min() for each in scores])
    return np.argsort(lowest, kind="stable")[: max(0, count)]


def scene_gallery(
    scenes: Sequence[KnownScene],
    found: Sequence[Detections],
    threshold: float,
    count: int,
) -> tuple[SceneCase, ...]:
    """Return the worst scenes of a test, the worst first.

    Parameters
    ----------
    scenes : sequence of KnownScene
    found : sequence of Detections
        The boxes of the words in each, also those of a low score.
    threshold : float
        From which on a box counts.
    count : int
    """
    scores = [best_scores(*pair) for pair in zip(found, (s.truth for s in scenes), strict=True)]
    cases = []
    for place in worst_scenes(scores, count):
        scene, boxes = scenes[place], found[place][found[place].scores >= threshold]
        judged = judge([boxes], [scene.truth], LEAST)
        hits = np.zeros(len(boxes), bool)
        hits[judged.boxes] = judged.hits
        things = zip(scene.truth.labels.tolist(), scores[place].tolist(), strict=True)
        cases.append(
            SceneCase(
                int(place), _with_boxes(scene, boxes, hits), tuple(things),
                len(scene.truth) - int(hits.sum()), int((~hits).sum()),
            )
        )  # fmt: skip
    return tuple(cases)


def _with_boxes(scene: KnownScene, boxes: Detections, hits: np.ndarray) -> np.ndarray:
    import cv2

    picture = np.ascontiguousarray(images.as_uint8(scene.image))

    def draw(corners: np.ndarray, colour: tuple[int, ...], crossed: bool = False) -> None:
        x0, y0, x1, y1 = (int(value) for value in np.rint(corners))
        for shade, wide in (((0, 0, 0), 5), (colour, 3)):  # A dark rim shows on every ground.
            cv2.rectangle(picture, (x0, y0), (x1, y1), shade, wide)
            if crossed:
                cv2.line(picture, (x0, y0), (x1, y1), shade, wide)

    for corners in scene.truth.boxes:
        draw(corners, THERE)
    for corners, hit in zip(boxes.boxes, hits, strict=True):
        draw(corners, FOUND if hit else FALSE, crossed=not hit)
    return picture
