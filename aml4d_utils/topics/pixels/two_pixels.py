"""Guess a garment from two pixels only: a plane that can be drawn, with its decision boundary."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.spatial import KDTree
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from aml4d_utils.images import FashionMNIST
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.pixels.raw_linear import fit

SIDE = 28
GRID = 61
NEIGHBOURS = 15
LINEAR, NEAREST, MLP = "linear", "15 nearest neighbours", "small MLP"
METHODS = (LINEAR, NEAREST, MLP)


class Classifier(Protocol):
    """Gives each point (N, d) the class 0 or 1, ndarray (N,), int."""

    def __call__(self, points: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class Pair:
    """Pictures of two classes, flat, with labels 0 and 1.

    Attributes
    ----------
    names : tuple of two str
    train, test : ndarray (N, 784), float32 in [0, 1]
    train_labels, test_labels : ndarray (N,), int
    """

    names: tuple[str, str]
    train: np.ndarray
    train_labels: np.ndarray
    test: np.ndarray
    test_labels: np.ndarray


@dataclass(frozen=True)
class TwoPixels:
    """What two pixels tell about two classes.

    Attributes
    ----------
    names : tuple of two str
    method : str
    pixels : two pairs (row, col)
    points : ndarray (N, 2), float in [0, 1]
        The two brightnesses of held-out pictures, the first pixel's first.
    labels : ndarray (N,), int
    regions : ndarray (61, 61), int
        The class at each pair of brightnesses; rows: the second pixel from 0 to 1, columns: the
        first.
    accuracy : float
        On the held-out pictures.
    low, high : float
        Its 95 % interval.
    tested : int
    """

    names: tuple[str, str]
    method: str
    pixels: tuple[tuple[int, int], tuple[int, int]]
    points: np.ndarray
    labels: np.ndarray
    regions: np.ndarray
    accuracy: float
    low: float
    high: float
    tested: int


def pair_of(
    data: FashionMNIST, first: int, second: int, *, train: int = 600, test: int = 2000
) -> Pair:
    """Return pictures of two classes of garments.

    Parameters
    ----------
    data : FashionMNIST
    first, second : int
        Two different classes; they become labels 0 and 1.
    train, test : int
        How many pictures of both together, at most.

    Raises
    ------
    ValueError
        If both classes are the same.
    """
    if first == second:
        raise ValueError("Choose two different garments to tell apart.")
    parts = []
    for pictures, labels, count in (
        (data.train_images, data.train_labels, train),
        (data.test_images, data.test_labels, test),
    ):
        chosen = np.flatnonzero((labels == first) | (labels == second))[:count]
        parts += [
            pictures[chosen].reshape(len(chosen), -1).astype(np.float32) / 255,
            (labels[chosen] == second).astype(np.int64),
        ]
    return Pair((data.class_names[first], data.class_names[second]), *parts)


def learn_linear(points: np.ndarray, labels: np.ndarray) -> Classifier:
    """Fit a linear classifier by least squares."""
    return fit(points, labels, classes=2).classes


def learn_nearest(points: np.ndarray, labels: np.ndarray) -> Classifier:
    """Keep all points; a new one gets the class of most of its 15 nearest."""
    kept = KDTree(points)
    count = min(NEIGHBOURS, len(points))

    def classes(others: np.ndarray) -> np.ndarray:
        _, nearest = kept.query(others, range(1, count + 1))
        return (labels[nearest].mean(axis=1) > 0.5).astype(np.int64)

    return classes


def learn_mlp(points: np.ndarray, labels: np.ndarray) -> Classifier:
    """Train a network with 12 hidden neurons for at most 40 steps, always from the same start."""
    net = MLPClassifier(
        (12,), activation="tanh", solver="lbfgs", alpha=0.01, max_iter=40, random_state=0
    )
    with warnings.catch_warnings():
        # Forty steps draw the boundary; the last digits of the loss do not matter here.
        warnings.simplefilter("ignore", ConvergenceWarning)
        net.fit(points, labels)
    return net.predict


LEARN: dict[str, Callable[[np.ndarray, np.ndarray], Classifier]] = {
    LINEAR: learn_linear,
    NEAREST: learn_nearest,
    MLP: learn_mlp,
}


def guess_from(
    pair: Pair, pixels: tuple[tuple[int, int], tuple[int, int]], method: str
) -> TwoPixels:
    """Learn from two pixels and guess held-out pictures.

    Parameters
    ----------
    pair : Pair
    pixels : two pairs (row, col), each from 0 to 27
    method : str
        One of ``METHODS``.

    Raises
    ------
    ValueError
        If there is no such pixel or method.
    """
    if method not in LEARN:
        raise ValueError(f"The methods are {', '.join(METHODS)}, not {method!r}.")
    for pixel in pixels:
        if not all(0 <= at < SIDE for at in pixel):
            raise ValueError(f"Rows and columns go from 0 to {SIDE - 1}, not to {pixel}.")
    places = [row * SIDE + col for row, col in pixels]
    classify = LEARN[method](pair.train[:, places], pair.train_labels)
    axis = np.linspace(0, 1, GRID, dtype=np.float32)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    points = pair.test[:, places]
    accuracy = float((classify(points) == pair.test_labels).mean())
    return TwoPixels(
        names=pair.names,
        method=method,
        pixels=pixels,
        points=points,
        labels=pair.test_labels,
        regions=classify(grid).reshape(GRID, GRID),
        accuracy=accuracy,
        low=wilson(accuracy, len(points))[0],
        high=wilson(accuracy, len(points))[1],
        tested=len(points),
    )


def guess_from_all(pair: Pair, method: str) -> float:
    """Return the held-out accuracy of a method that gets all 784 pixels."""
    classify = LEARN[method](pair.train, pair.train_labels)
    return float((classify(pair.test) == pair.test_labels).mean())
