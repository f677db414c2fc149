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
from aml4d_utils.pixels.distances import shrinking
from aml4d_utils.pixels.shares import half_width

SIDES = (1, 2, 3, 4, 5, 7, 10, 14, 20, 28)
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
        After each number of examples; places not yet tried hold NaN.
    """
    whole_side = data.train_images.shape[1]
    whole = data.train_images.reshape(len(data.train_images), -1).astype(np.float32) / 255
    held_out = data.test_images.reshape(len(data.test_images), -1).astype(np.float32) / 255
    small = {side: shrinking(side).astype(np.float32) for side in sides}
    known = {side: whole @ small[side] for side in sides}
    unknown = {side: held_out @ small[side] for side in sides}
    own = np.eye(CLASSES, dtype=np.float32)[data.train_labels]
    train = np.full((len(sides), len(examples)), np.nan)
    test = train.copy()
    models: dict[tuple[int, int], Linear] = {}
    gram = np.zeros((whole.shape[1],) * 2)
    targets = np.zeros((whole.shape[1], CLASSES))
    done = 0
    for col, count in enumerate(examples):
        new = whole[done:count]
        gram += new.T @ new
        targets += new.T @ own[done:count]
        done = count
        mean, share = whole[:count].mean(axis=0), own[:count].mean(axis=0)
        for row, side in enumerate(sides):
            # Shrinking to its own size changes nothing, and would be most of the work.
            matrix = shrinking(side) if side < whole_side else None
            if matrix is None:
                model = solve(gram, count, targets, mean, share)
            else:
                model = solve(
                    matrix.T @ (gram @ matrix), count, matrix.T @ targets, mean @ matrix, share
                )
            models[side, count] = model
            light = Linear(model.weights.astype(np.float32), model.biases.astype(np.float32))
            train[row, col] = light.accuracy(known[side][:count], data.train_labels[:count])
            test[row, col] = light.accuracy(unknown[side], data.test_labels)
            yield Sweep(
                tuple(sides),
                tuple(examples),
                train.copy(),
                test.copy(),
                models,
                len(held_out),
                (col * len(sides) + row + 1) / (len(sides) * len(examples)),
            )
