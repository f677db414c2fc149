"""Say of every box that a detector draws whether it finds something, and what it missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils.measuring.pairing import match
from aml4d_utils.nets.detection import Detections, box_iou

COCO_RULE, VOC_RULE = "best free thing", "best thing"


@dataclass(frozen=True)
class Judged:
    """The boxes of some pictures, surest first, and whether each finds something.

    Attributes
    ----------
    scores : ndarray (N,), float in [0, 1]
        How sure the detector is, from the highest to the lowest.
    hits : ndarray (N,), bool
        Which boxes find a thing: true positives. The others are false positives.
    pictures : ndarray (N,), int64
        In which picture each box lies.
    boxes : ndarray (N,), int64
        Which box of its picture it is.
    overlaps : ndarray (N,), float in [0, 1]
        How much each overlaps the thing of its label that it overlaps most.
    truths : int
        How many things there are in all pictures.
    """

    scores: np.ndarray
    hits: np.ndarray
    pictures: np.ndarray
    boxes: np.ndarray
    overlaps: np.ndarray
    truths: int

    def __len__(self) -> int:
        return len(self.scores)

    def counts(self, threshold: float) -> tuple[int, int, int]:
        """Return what is found, falsely reported and missed with boxes of at least this score."""
        kept = self.scores >= threshold
        found = int(self.hits[kept].sum())
        return found, int(kept.sum()) - found, self.truths - found


def judge(
    found: Sequence[Detections],
    truth: Sequence[Detections],
    least: float = 0.5,
    *,
    whole_pixels: bool = False,
    rule: str = COCO_RULE,
) -> Judged:
    """Hold the boxes of each picture against the things that are known to be in it.

    A box finds a thing when both have the same label and overlap by at least ``least``. Every
    thing is found once: a second box on it is a false alarm.

    Parameters
    ----------
    found : sequence of Detections
        One for each picture.
    truth : sequence of Detections
        What is in each picture; its scores do not matter.
    least : float in (0, 1]
        Intersection over union from which on a box counts.
    whole_pixels : bool
        Whether boxes are counted in whole pixels, x1 − x0 + 1 wide, as PASCAL VOC did; otherwise
        edges are places between pixels.
    rule : str
        ``COCO_RULE``: a box takes the best thing that no surer box has taken. ``VOC_RULE``: it
        takes its best thing, and is a false alarm when a surer box has taken that.

    Returns
    -------
    Judged
        Boxes of equal score stay in the order of the pictures, and within a picture in the order
        given: another order may give another average precision.

    Raises
    ------
    ValueError
        If the numbers of pictures differ, `least` is out of range or the rule is unknown.

    Examples
    --------
    >>> cat = Detections(np.array([[0, 0, 10, 10]]), np.ones(1), np.array(["cat"]))
    >>> twice = Detections(np.array([[0, 0, 10, 9], [0, 0, 10, 10]]), np.array([0.8, 0.9]),
    ...                    np.array(["cat", "cat"]))
    >>> judge([twice], [cat]).hits.tolist()
    [True, False]
    """
    if len(found) != len(truth):
        raise ValueError(f"There are boxes of {len(found)} pictures, but truth of {len(truth)}.")
    if not 0 < least <= 1:
        raise ValueError(f"Expected `least` above 0 and up to 1, but got {least}.")
    if rule not in (COCO_RULE, VOC_RULE):
        raise ValueError(f"Expected {COCO_RULE!r} or {VOC_RULE!r} as rule, but got {rule!r}.")
    rows: list[tuple[np.ndarray, ...]] = []
    for number, (boxes, things) in enumerate(zip(found, truth, strict=True)):
        order = np.argsort(-boxes.scores, kind="stable")
        boxes = boxes[order]
        overlaps = _overlaps(boxes, things, whole_pixels)
        rows.append(
            (
                boxes.scores,
                _hits(overlaps, least, rule),
                np.full(len(boxes), number),
                order,
                overlaps.max(axis=1, initial=0.0),
            )
        )
    columns = [np.concatenate(column) for column in zip(*rows, strict=True)] if rows else _NOTHING
    surest = np.argsort(-columns[0], kind="stable")
    return Judged(*(column[surest] for column in columns), sum(map(len, truth)))


_NOTHING = [
    np.zeros(0),
    np.zeros(0, dtype=bool),
    np.zeros(0, dtype=np.int64),
    np.zeros(0, dtype=np.int64),
    np.zeros(0),
]


def _overlaps(boxes: Detections, things: Detections, whole_pixels: bool) -> np.ndarray:
    """Return the IoU of each box with each thing, 0 where the labels differ."""
    one = np.array([0.0, 0.0, 1.0, 1.0]) * whole_pixels
    overlaps = box_iou(boxes.boxes.reshape(-1, 4) + one, things.boxes.reshape(-1, 4) + one)
    return np.where(boxes.labels[:, None] == things.labels[None], overlaps, 0.0)


def _hits(overlaps: np.ndarray, least: float, rule: str) -> np.ndarray:
    worth = np.where(overlaps >= least, overlaps, 0.0)
    if rule == VOC_RULE and worth.size:
        best = worth.argmax(axis=1)
        worth = np.where(np.arange(worth.shape[1]) == best[:, None], worth, 0.0)
    return match(worth) >= 0
