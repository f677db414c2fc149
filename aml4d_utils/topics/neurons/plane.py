"""Two measured numbers for each digit make it a point in a plane; some made-up points beside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from aml4d_utils import images

EACH = 150
"""Points of each class to learn from, and as many to be tested on."""
REACH = 3.0
"""The plane is shown from −3 to 3 in both directions."""


@dataclass(frozen=True)
class Points:
    """Points of two classes in a plane.

    Attributes
    ----------
    name : str
    axes : pair of str
        What the two numbers are.
    classes : pair of str
        What label 0 and label 1 mean.
    made_up : bool
        True where the points come from a formula and not from real digits.
    points, test_points : ndarray (N, 2), float64
        Standardised: mean 0 and spread 1 over the points to learn from.
    labels, test_labels : ndarray (N,), int64, 0 or 1
    pictures : ndarray (N, 28, 28), uint8
        The digit behind each point to learn from; none (0, 28, 28) for points that are made up.
    digits : ndarray (N,), int64
        Which digit it is, or none (0,).
    """

    name: str
    axes: tuple[str, str]
    classes: tuple[str, str]
    made_up: bool
    points: np.ndarray
    labels: np.ndarray
    test_points: np.ndarray
    test_labels: np.ndarray
    pictures: np.ndarray
    digits: np.ndarray

    def nearest(self, x: float, y: float) -> int:
        """Return the number of the point that lies nearest to a place; of equals, the first.

        Examples
        --------
        >>> found = points("0 or 1")
        >>> found.nearest(*found.points[7])
        7
        """
        return int(((self.points - [x, y]) ** 2).sum(axis=1).argmin())


def measure(pictures: np.ndarray) -> np.ndarray:
    """Measure two numbers of each digit: its ink, and the light in its middle.

    Parameters
    ----------
    pictures : ndarray (N, 28, 28), uint8

    Returns
    -------
    ndarray (N, 2), float64 in [0, 1]
        Mean of all pixels; mean of the 6 × 6 pixels in the middle.

    Examples
    --------
    >>> measure(np.full((1, 28, 28), 255, dtype=np.uint8)).tolist()
    [[1.0, 1.0]]
    """
    scaled = np.asarray(pictures) / 255
    return np.stack([scaled.mean(axis=(1, 2)), scaled[:, 11:17, 11:17].mean(axis=(1, 2))], axis=1)


_INK = ("ink in all", "light in the middle")


def _digits(name: str, first: tuple[int, ...], second: tuple[int, ...], words: tuple[str, str]):
    data = images.mnist()
    rng = np.random.default_rng(14)
    parts, shown = [], []
    for pictures, labels in (
        (data.train_images, data.train_labels),
        (data.test_images, data.test_labels),
    ):
        chosen = [
            rng.choice(np.flatnonzero(np.isin(labels, group)), EACH, replace=False)
            for group in (first, second)
        ]
        chosen = np.concatenate(chosen)
        parts += [measure(pictures[chosen]), np.repeat([0, 1], EACH)]
        shown += [pictures[chosen], labels[chosen].astype(np.int64)]
    return _standardised(name, _INK, words, False, *parts, *shown[:2])


def _corners(name: str) -> Points:
    rng = np.random.default_rng(15)

    def part():
        at = rng.choice([-1.0, 1.0], (2 * EACH, 2))
        return at + rng.normal(0, 0.35, at.shape), (at[:, 0] != at[:, 1]).astype(np.int64)

    words = ("same signs", "different signs")
    return _standardised(name, ("x", "y"), words, True, *part(), *part())


def _ring(name: str) -> Points:
    rng = np.random.default_rng(16)

    def part():
        labels = np.repeat([0, 1], EACH)
        radius = np.where(labels == 0, 0.35, 1.0) + rng.normal(0, 0.13, labels.shape)
        turn = rng.uniform(0, 2 * np.pi, labels.shape)
        return np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=1), labels

    return _standardised(name, ("x", "y"), ("inside", "ring"), True, *part(), *part())


_NO_PICTURES = np.zeros((0, 28, 28), dtype=np.uint8)
_NO_DIGITS = np.zeros(0, dtype=np.int64)


def _standardised(
    name, axes, classes, made_up, points, labels, test_points, test_labels,
    pictures=_NO_PICTURES, digits=_NO_DIGITS,
) -> Points:  # fmt: skip
    mean, spread = points.mean(axis=0), points.std(axis=0)
    return Points(
        name,
        axes,
        classes,
        made_up,
        (points - mean) / spread,
        labels.astype(np.int64),
        (test_points - mean) / spread,
        test_labels.astype(np.int64),
        pictures,
        digits,
    )


_MAKERS = {
    "0 or 1": lambda name: _digits(name, (0,), (1,), ("zero", "one")),
    "0 and 1, or others": lambda name: _digits(
        name, (0, 1), tuple(range(2, 10)), ("0 or 1", "2 to 9")
    ),
    "corners (made up)": _corners,
    "ring (made up)": _ring,
}
NAMES = tuple(_MAKERS)


@cache
def points(name: str) -> Points:
    """Return a set of points by its name, one of ``NAMES``; always the same ones.

    Raises
    ------
    ValueError
        If there is no such set.

    Examples
    --------
    >>> points("0 or 1").points.shape
    (300, 2)
    """
    if name not in _MAKERS:
        raise ValueError(f"There are no points {name!r}; choose: {', '.join(NAMES)}.")
    found = _MAKERS[name](name)
    for array in (found.points, found.labels, found.test_points, found.test_labels, found.pictures):
        array.flags.writeable = False
    return found
