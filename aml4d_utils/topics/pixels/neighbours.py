"""How many examples the nearest neighbour needs, with more real pixels and with random ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import FashionMNIST
from aml4d_utils.topics.pixels.distances import shrinking

SIDES = (2, 3, 4, 5, 7, 10, 14, 20, 28)
EXAMPLES = (1, 2, 5, 10, 20, 50, 100, 200, 400)
BASE = 7
"""Random numbers are added to pictures of 7 × 7 pixels."""


@dataclass(frozen=True)
class Needed:
    """Accuracy of the nearest neighbour for each d and each number of examples per class.

    Attributes
    ----------
    examples : ndarray (E,), int
        Per class.
    d, accuracy : ndarray (D,) and (D, E)
        Pictures with d real pixels.
    noisy_d, noisy_accuracy : ndarray (K,) and (K, E)
        Pictures of 7 × 7 pixels, filled up to d numbers with random ones.
    tested : int
        Held-out pictures.
    fraction : float
        Share of the work done.
    """

    examples: np.ndarray
    d: np.ndarray
    accuracy: np.ndarray
    noisy_d: np.ndarray
    noisy_accuracy: np.ndarray
    tested: int
    fraction: float

    def needed(self, goal: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the examples per class that reach ``goal``, for real and for noisy pictures.

        NaN where not even the most examples do.
        """
        return (
            examples_for(self.examples, self.accuracy, goal),
            examples_for(self.examples, self.noisy_accuracy, goal),
        )


def examples_for(examples: np.ndarray, accuracy: np.ndarray, goal: float) -> np.ndarray:
    """Return where each row of ``accuracy`` (D, E) first reaches ``goal``.

    Between two numbers of examples the accuracy is taken as straight over their logarithm. NaN
    where the row never gets there.

    Examples
    --------
    >>> examples_for(np.array([1, 100]), np.array([[0.4, 0.8], [0.2, 0.3]]), 0.6).tolist()
    [10.0, nan]
    """
    found = []
    for row in accuracy:
        best = np.maximum.accumulate(row)
        if best[-1] < goal:
            found.append(np.nan)
            continue
        k = int(np.argmax(best >= goal))
        if k == 0:
            found.append(float(examples[0]))
            continue
        part = (goal - best[k - 1]) / (best[k] - best[k - 1])
        low, high = np.log(examples[k - 1]), np.log(examples[k])
        found.append(round(float(np.exp(low + part * (high - low))), 6))
    return np.array(found)


def nearest_label(known: np.ndarray, labels: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """Give each unknown point the label of the known point that is nearest.

    Parameters
    ----------
    known : ndarray (N, d), float
    labels : ndarray (N,)
    unknown : ndarray (M, d), float

    Returns
    -------
    ndarray (M,), of the labels' dtype

    Examples
    --------
    >>> nearest_label(np.array([[0.0], [1.0]]), np.array([7, 8]), np.array([[0.9]])).tolist()
    [8]
    """
    # The unknown point's own length adds the same to all its distances and is left out.
    compared = (known**2).sum(axis=1) - 2 * unknown @ known.T
    return labels[compared.argmin(axis=1)]


def learn(data: FashionMNIST, *, rng: np.random.Generator, tested: int = 1000) -> Iterator[Needed]:
    """Let the nearest neighbour name garments, for each d and number of examples.

    Parameters
    ----------
    data : FashionMNIST
    rng : Generator
        Draws the random numbers.
    tested : int
        How many of the test pictures are named.

    Yields
    ------
    Needed
        After each d; the last holds everything.
    """
    most = max(EXAMPLES)
    per_class = [np.flatnonzero(data.train_labels == c)[:most] for c in range(10)]
    # In rounds over the classes, so that the first 10 n examples are n of each class.
    chosen = np.stack(per_class, axis=1).ravel()
    known = data.train_images[chosen].reshape(len(chosen), -1).astype(np.float32) / 255
    unknown = data.test_images[:tested].reshape(tested, -1).astype(np.float32) / 255
    labels, truth = data.train_labels[chosen], data.test_labels[:tested]

    def row(points: np.ndarray, others: np.ndarray) -> np.ndarray:
        return np.array(
            [
                (nearest_label(points[: 10 * n], labels[: 10 * n], others) == truth).mean()
                for n in EXAMPLES
            ]
        )

    added = [side for side in SIDES if side >= BASE]
    random = rng.random((len(chosen) + tested, max(SIDES) ** 2), dtype=np.float32)
    real, noisy = [], []
    total = len(SIDES) + len(added)
    for side in SIDES:
        small = shrinking(side).astype(np.float32)
        real.append(row(known @ small, unknown @ small))
        yield _needed(real, noisy, added, tested, total)
    small = shrinking(BASE).astype(np.float32)
    for side in added:
        extra = random[:, : side * side - BASE * BASE]
        noisy.append(
            row(
                np.hstack([known @ small, extra[: len(chosen)]]),
                np.hstack([unknown @ small, extra[len(chosen) :]]),
            )
        )
        yield _needed(real, noisy, added, tested, total)


def _needed(real: list, noisy: list, added: list[int], tested: int, total: int) -> Needed:
    shape = (-1, len(EXAMPLES))
    return Needed(
        examples=np.array(EXAMPLES),
        d=np.array(SIDES[: len(real)]) ** 2,
        accuracy=np.reshape(real, shape),
        noisy_d=np.array(added[: len(noisy)]) ** 2,
        noisy_accuracy=np.reshape(noisy, shape) if noisy else np.zeros((0, len(EXAMPLES))),
        tested=tested,
        fraction=(len(real) + len(noisy)) / total,
    )
