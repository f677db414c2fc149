"""A linear classifier on raw pixels: one weight for every pixel and class.

Each class gets a linear regression that says 1 for its own pictures and 0 for the others; the
class that says most wins. Least squares with a small penalty on the weights has a solution in
closed form [1]_, so that all resolutions and numbers of examples can be tried in seconds.

References
----------
.. [1] A. E. Hoerl and R. W. Kennard, "Ridge regression: biased estimation for nonorthogonal
   problems", Technometrics 12(1), 1970.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from aml4d_utils.images import FashionMNIST
from aml4d_utils.measuring.intervals import half_width
from aml4d_utils.topics.pixels.distances import averaging

SIDES = (1, 4, 7, 10, 13, 16, 19, 22, 25, 28)
EXAMPLES = (50, 100, 200, 500, 1000, 2000, 5000, 20000)
PENALTY = 1.0
CLASSES = 10


@dataclass(frozen=True)
class Linear:
    """Weights and biases of one linear classifier.

    Attributes
    ----------
    weights : ndarray (d, K), float64
    biases : ndarray (K,), float64
    """

    weights: np.ndarray
    biases: np.ndarray

    @property
    def parameters(self) -> int:
        """How many numbers were learned."""
        return self.weights.size + self.biases.size

    def classes(self, flat: np.ndarray) -> np.ndarray:
        """Return the class with the largest sum for pictures (N, d), ndarray (N,), int."""
        return (flat @ self.weights + self.biases).argmax(axis=1)

    def accuracy(self, flat: np.ndarray, labels: np.ndarray) -> float:
        """Return the share of pictures (N, d) that get their own label."""
        return float((self.classes(flat) == labels).mean())


@dataclass(frozen=True)
class Sweep:
    """Linear classifiers for every resolution and number of training pictures.

    Attributes
    ----------
    sides : tuple of int
    examples : tuple of int
    train, test : ndarray (S, E), float
        Accuracy on the pictures learned from, and on held-out ones.
    models : dict of (side, examples) → Linear
    tested : int
    fraction : float
        Share of the work done.
    """

    sides: tuple[int, ...]
    examples: tuple[int, ...]
    train: np.ndarray
    test: np.ndarray
    models: dict[tuple[int, int], Linear]
    tested: int
    fraction: float

    def at(self, side: int, examples: int) -> tuple[float, float]:
        """Return accuracy on training and on held-out pictures."""
        row, col = self.sides.index(side), self.examples.index(examples)
        return float(self.train[row, col]), float(self.test[row, col])

    def uncertainty(self, side: int, examples: int) -> float:
        """Return how far the held-out accuracy may be off either way, by 95 % interval."""
        return half_width(self.at(side, examples)[1], self.tested)


def parameters(d: int, classes: int = CLASSES) -> int:
    """Return how many numbers a linear classifier of d pixels learns.

    Examples
    --------
    >>> parameters(784)
    7850
    """
    return d * classes + classes


def solve(
    gram: np.ndarray, sums: np.ndarray, targets: np.ndarray, mean: np.ndarray, share: np.ndarray
) -> Linear:
    """Return the classifier of least squared error from sums over its training pictures.

    Parameters
    ----------
    gram : ndarray (d, d)
        Sum over the pictures of pixel i times pixel j.
    sums : int
        How many pictures.
    targets : ndarray (d, K)
        Sum of pixel i over the pictures of each class.
    mean : ndarray (d,)
        Mean picture.
    share : ndarray (K,)
        Share of each class.
    """
    centred = gram - sums * np.outer(mean, mean)
    wanted = targets - sums * np.outer(mean, share)
    matrix = centred + PENALTY * np.eye(len(mean))
    weights = linalg.solve(matrix, wanted, assume_a="pos")
    return Linear(weights, share - mean @ weights)


def fit(flat: np.ndarray, labels: np.ndarray, classes: int = CLASSES) -> Linear:
    """Fit a linear classifier to pictures.

    Parameters
    ----------
    flat : ndarray (N, d), float in [0, 1]
    labels : ndarray (N,), int in 0 … classes − 1

    Raises
    ------
    ValueError
        If there are no pictures, or not one label for each.
    """
    if len(flat) == 0 or len(flat) != len(labels):
        raise ValueError(f"There are {len(flat)} pictures and {len(labels)} labels to learn from.")
    flat = np.asarray(flat, dtype=np.float64)
    own = np.eye(classes)[labels]
    return solve(flat.T @ flat, len(flat), flat.T @ own, flat.mean(axis=0), own.mean(axis=0))


def sweep(
    data: FashionMNIST,
    *,
    sides: tuple[int, ...] = SIDES,
    examples: tuple[int, ...] = EXAMPLES,
) -> Iterator[Sweep]:
    """Fit a classifier for every resolution and number of training pictures.

    The sums that least squares needs are made once for whole pictures; a smaller picture is a
    linear function of the whole one, so that its sums follow from them.

    Yields
    ------
    Sweep
        After each classifier; places not yet tried hold NaN.
    """
    side_of_all = data.train_images.shape[1]
    pictures = data.train_images.astype(np.float32) / 255
    held_out = data.test_images.astype(np.float32) / 255
    whole = pictures.reshape(len(pictures), -1)
    own = np.eye(CLASSES, dtype=np.float32)[data.train_labels]
    sums = list(_growing_sums(whole, own, examples))
    train = np.full((len(sides), len(examples)), np.nan)
    test = train.copy()
    models: dict[tuple[int, int], Linear] = {}
    for row, side in enumerate(sides):
        along = averaging(side, side_of_all)
        light = along.astype(np.float32)
        known = (light @ pictures @ light.T).reshape(len(pictures), -1)
        unknown = (light @ held_out @ light.T).reshape(len(held_out), -1)
        for col, (count, (gram, targets)) in enumerate(zip(examples, sums, strict=True)):
            model = solve(
                _shrunk(gram, along, 4),
                count,
                _shrunk(targets, along, 2),
                known[:count].mean(axis=0, dtype=np.float64),
                own[:count].mean(axis=0, dtype=np.float64),
            )
            models[side, count] = model
            fast = Linear(model.weights.astype(np.float32), model.biases.astype(np.float32))
            train[row, col] = fast.accuracy(known[:count], data.train_labels[:count])
            test[row, col] = fast.accuracy(unknown, data.test_labels)
            yield Sweep(
                tuple(sides),
                tuple(examples),
                train.copy(),
                test.copy(),
                models,
                len(held_out),
                (row * len(examples) + col + 1) / (len(sides) * len(examples)),
            )


def _growing_sums(
    whole: np.ndarray, own: np.ndarray, examples: tuple[int, ...]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield pixel × pixel and pixel × class, summed over more and more pictures."""
    gram = np.zeros((whole.shape[1],) * 2)
    targets = np.zeros((whole.shape[1], own.shape[1]))
    done = 0
    for count in examples:
        new = whole[done:count]
        gram = gram + new.T @ new
        targets = targets + new.T @ own[done:count]
        done = count
        yield gram, targets


def _shrunk(sums: np.ndarray, along: np.ndarray, axes: int) -> np.ndarray:
    """Shrink sums over whole pictures (W², …): average along each axis of the picture in turn."""
    side, whole = along.shape
    rest = () if axes == 4 else sums.shape[1:]
    grid = sums.reshape((whole,) * axes + rest)
    for axis in range(axes):
        grid = np.moveaxis(np.tensordot(along, grid, (1, axis)), 0, axis)
    return grid.reshape((side * side, -1))
