"""A published worked example of average precision: 7 pictures, 15 things, 24 boxes.

References
----------
R. Padilla, S. L. Netto and E. A. B. da Silva, "A survey on performance metrics for
object-detection algorithms", IWSSIP 2020, and the repository that goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.nets.detection import Detections
from aml4d_utils.topics.detection_metrics.average_precision import Averaged, average_precision
from aml4d_utils.topics.detection_metrics.judging_boxes import VOC_RULE, Judged, judge

LEAST = 0.3
"""Intersection over union from which on a box counts in the example."""
SIDE = 200
"""The pictures themselves are not published with it; all boxes lie in a square of this side."""
TIES = ("R before Y", "Y before R")
"""Two boxes have the score 0.95: which of them stands first is nobody's decision but ours."""

# x, y, width, height; for the boxes also their letter and their score
_TRUTH = (
    ((25, 16, 38, 56), (129, 123, 41, 62)),
    ((123, 11, 43, 55), (38, 132, 59, 45)),
    ((16, 14, 35, 48), (123, 30, 49, 44), (99, 139, 47, 47)),
    ((53, 42, 40, 52), (154, 43, 31, 34)),
    ((59, 31, 44, 51), (48, 128, 34, 52)),
    ((36, 89, 52, 76), (62, 58, 44, 67)),
    ((28, 31, 55, 63), (58, 67, 50, 58)),
)
_FOUND = (
    (("A", 0.88, 5, 67, 31, 48), ("B", 0.70, 119, 111, 40, 67), ("C", 0.80, 124, 9, 49, 67)),
    (("D", 0.71, 64, 111, 64, 58), ("E", 0.54, 26, 140, 60, 47), ("F", 0.74, 19, 18, 43, 35)),
    (
        ("G", 0.18, 109, 15, 77, 39),
        ("H", 0.67, 86, 63, 46, 45),
        ("I", 0.38, 160, 62, 36, 53),
        ("J", 0.91, 105, 131, 47, 47),
        ("K", 0.44, 18, 148, 40, 44),
    ),
    (
        ("L", 0.35, 83, 28, 28, 26),
        ("M", 0.78, 28, 68, 42, 67),
        ("N", 0.45, 87, 89, 25, 39),
        ("O", 0.14, 10, 155, 60, 26),
    ),
    (
        ("P", 0.62, 50, 38, 28, 46),
        ("Q", 0.44, 95, 11, 53, 28),
        ("R", 0.95, 29, 131, 72, 29),
        ("S", 0.23, 29, 163, 72, 29),
    ),
    (("T", 0.45, 43, 48, 74, 38), ("U", 0.84, 17, 155, 29, 35), ("V", 0.43, 95, 110, 25, 42)),
    (("X", 0.48, 16, 20, 101, 88), ("Y", 0.95, 33, 116, 37, 49)),
)


@dataclass(frozen=True)
class WorkedExample:
    """The example under one set of conventions.

    Attributes
    ----------
    letters : tuple of str
        The names of the boxes, surest first.
    judged : Judged
    averaged : Averaged
    """

    letters: tuple[str, ...]
    judged: Judged
    averaged: Averaged


def pictures() -> tuple[list[Detections], list[Detections]]:
    """Return the boxes and the known things of the seven pictures.

    Examples
    --------
    >>> found, truth = pictures()
    >>> sum(map(len, found)), sum(map(len, truth))
    (24, 15)
    """
    found, truth = [], []
    for boxes, things in zip(_FOUND, _TRUTH, strict=True):
        found.append(_detections([b[2:] for b in boxes], [b[1] for b in boxes]))
        truth.append(_detections(things, np.ones(len(things))))
    return found, truth


def letters(number: int) -> tuple[str, ...]:
    """Return the names of the boxes in picture ``number``, 0 to 6."""
    return tuple(box[0] for box in _FOUND[number])


def solve(way: str, whole_pixels: bool = False, tie: str = TIES[0]) -> WorkedExample:
    """Work the example out.

    Parameters
    ----------
    way : str
        How precision is averaged: one of `average_precision.WAYS`.
    whole_pixels : bool
        Whether a box from 0 to 9 is 10 pixels wide (PASCAL VOC) or 9.
    tie : str
        Which of the two boxes with the score 0.95 stands first: one of `TIES`.

    Raises
    ------
    ValueError
        If there is no such way or tie.

    Examples
    --------
    >>> from aml4d_utils.topics.detection_metrics.average_precision import EVERY_POINT
    >>> round(100 * solve(EVERY_POINT, whole_pixels=True).averaged.value, 2)
    24.57
    >>> round(100 * solve(EVERY_POINT).averaged.value, 2)
    22.54
    """
    if tie not in TIES:
        raise ValueError(f"Expected one of {', '.join(TIES)} as tie, but got {tie!r}.")
    found, truth = pictures()
    order = list(range(len(found)))
    if tie == TIES[1]:
        order.reverse()
    judged = judge(
        [found[k] for k in order],
        [truth[k] for k in order],
        LEAST,
        whole_pixels=whole_pixels,
        rule=VOC_RULE,
    )
    judged = Judged(
        judged.scores,
        judged.hits,
        np.array(order)[judged.pictures],
        judged.boxes,
        judged.overlaps,
        judged.truths,
    )
    names = (letters(p)[b] for p, b in zip(judged.pictures, judged.boxes, strict=True))
    return WorkedExample(tuple(names), judged, average_precision(judged.hits, judged.truths, way))


def _detections(corners: object, scores: object) -> Detections:
    boxes = np.array(corners, dtype=np.float64)
    boxes[:, 2:] += boxes[:, :2]
    return Detections(boxes, np.array(scores, dtype=np.float64), np.full(len(boxes), "object"))
