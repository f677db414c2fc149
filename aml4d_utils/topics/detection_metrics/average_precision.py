"""Precision and recall over all thresholds, and the one number that is made of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

EVERY_POINT, ELEVEN, COCO_101 = "every point", "11 points", "101 points (COCO)"
WAYS = (EVERY_POINT, ELEVEN, COCO_101)
"""Ways to average; the first is PASCAL VOC's since 2010, the second its way before."""
_GRIDS = {ELEVEN: 11, COCO_101: 101}


@dataclass(frozen=True)
class Averaged:
    """An average precision and the points that it is the mean of.

    Attributes
    ----------
    value : float in [0, 1]
    recall, precision : ndarray (K,), float in [0, 1]
        The places on the recall axis that were read, and the precision that was read there.
    """

    value: float
    recall: np.ndarray
    precision: np.ndarray


def precision_and_recall(hits: np.ndarray, truths: int) -> tuple[np.ndarray, np.ndarray]:
    """Return precision and recall as the threshold falls, one box after the other.

    Parameters
    ----------
    hits : ndarray (N,), bool
        Whether each box finds something, surest first.
    truths : int
        How many things there are to find.

    Returns
    -------
    precision, recall : ndarray (N,), float in [0, 1]
        Of the first 1, 2, … N boxes. Without anything to find, recall is 0.

    Raises
    ------
    ValueError
        If more is found than there is.

    Examples
    --------
    >>> precision, recall = precision_and_recall(np.array([True, False, True]), 4)
    >>> precision.round(2).tolist(), recall.tolist()
    ([1.0, 0.5, 0.67], [0.25, 0.25, 0.5])
    """
    found = np.cumsum(np.asarray(hits, dtype=bool))
    if len(found) and found[-1] > truths:
        raise ValueError(f"{found[-1]} boxes find something, but there are {truths} things.")
    return found / np.arange(1, len(found) + 1), found / max(1, truths)


def envelope(precision: np.ndarray) -> np.ndarray:
    """Return, at each place, the best precision from there on: the curve without its teeth.

    Parameters
    ----------
    precision : ndarray (N,), float

    Examples
    --------
    >>> envelope(np.array([1.0, 0.5, 0.67, 0.5])).tolist()
    [1.0, 0.67, 0.67, 0.5]
    """
    return np.maximum.accumulate(np.asarray(precision, dtype=float)[::-1])[::-1]


def average_precision(hits: np.ndarray, truths: int, way: str = EVERY_POINT) -> Averaged:
    """Return the average precision of judged boxes.

    The precision at a recall is the best precision at that recall or a higher one (the
    `envelope`), and 0 where the recall is never reached.

    Parameters
    ----------
    hits : ndarray (N,), bool
        Whether each box finds something, surest first.
    truths : int
        How many things there are to find; with none, the average is 0.
    way : str
        One of `WAYS`: the area under the envelope, or its mean at 11 or at 101 recalls.

    Raises
    ------
    ValueError
        If there is no such way, or more is found than there is.

    References
    ----------
    Everingham et al., "The Pascal visual object classes (VOC) challenge", IJCV 88, 2010. Lin et
    al., "Microsoft COCO: common objects in context", ECCV 2014.

    Examples
    --------
    >>> hits = np.array([True, False, True])
    >>> [round(average_precision(hits, 4, way).value, 3) for way in WAYS]
    [0.417, 0.455, 0.422]
    """
    if way not in WAYS:
        raise ValueError(f"Expected one of {', '.join(WAYS)} as way, but got {way!r}.")
    precision, recall = precision_and_recall(hits, truths)
    best = envelope(precision)
    if way == EVERY_POINT:
        found = np.flatnonzero(hits)
        read = best[found]
        return Averaged(float(read.sum() / max(1, truths)), recall[found], read)
    grid = np.linspace(0, 1, _GRIDS[way])
    at = np.searchsorted(recall, grid, side="left")
    read = np.append(best, 0.0)[at] if truths else np.zeros(len(grid))
    return Averaged(float(read.mean()), grid, read)
