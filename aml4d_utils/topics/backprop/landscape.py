"""A cost that can be seen whole: one neuron with two weights, on real digits.

The neuron tells 9 from 6 by two numbers: how much ink is in the upper half of the picture, and
how much in the lower half. With two weights and no bias, its mean squared error is a landscape
over a plane, and gradient descent is a path in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import expit

from aml4d_utils import images
from aml4d_utils.topics.backprop.learning import batches

SIX, NINE = 6, 9
EACH = 200
"""How many digits of each kind."""


@dataclass(frozen=True)
class TwoWeights:
    """A neuron of two inputs that is to answer 0 or 1.

    Parameters
    ----------
    features : ndarray (N, 2), float64
    wanted : ndarray (N,), float64, 0 or 1
    """

    features: np.ndarray
    wanted: np.ndarray

    def cost(self, weights: np.ndarray) -> np.ndarray:
        """Return the mean squared error (…) at weights (…, 2)."""
        answers = expit(np.asarray(weights) @ self.features.T)
        return ((answers - self.wanted) ** 2).mean(axis=-1)

    def gradient(self, weights: np.ndarray, chosen: np.ndarray | None = None) -> np.ndarray:
        """Return the gradient (2,) of the mean cost of the chosen examples, by default of all."""
        features = self.features if chosen is None else self.features[chosen]
        wanted = self.wanted if chosen is None else self.wanted[chosen]
        answers = expit(features @ weights)
        slopes = answers * (1 - answers)
        return (2 * (answers - wanted) * slopes) @ features / len(features)

    def surface(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return the cost (rows, columns): ``second`` along rows, ``first`` along columns."""
        grid = np.stack(np.meshgrid(first, second), axis=-1)
        return self.cost(grid)


@dataclass(frozen=True)
class Path:
    """A descent.

    Attributes
    ----------
    weights : ndarray (updates + 1, 2)
        Where it was, the start included.
    costs : ndarray (updates + 1,)
        The cost of all examples there.
    seen : ndarray (updates + 1,), int
        How many examples had been looked at by then.
    """

    weights: np.ndarray
    costs: np.ndarray
    seen: np.ndarray


@cache
def six_or_nine(each: int = EACH) -> TwoWeights:
    """Return the neuron on ``each`` sixes, then as many nines, of MNIST's training data.

    Features: ink in the upper and in the lower half, each with mean 0 and deviation 1.
    """
    data = images.mnist()
    chosen = [np.flatnonzero(data.train_labels == digit)[:each] for digit in (SIX, NINE)]
    pictures = data.train_images[np.concatenate(chosen)] / 255
    ink = np.stack([pictures[:, :14].mean((1, 2)), pictures[:, 14:].mean((1, 2))], axis=1)
    features = (ink - ink.mean(axis=0)) / ink.std(axis=0)
    return TwoWeights(features, np.repeat([0.0, 1.0], [len(part) for part in chosen]))


def descend(
    problem: TwoWeights,
    start: np.ndarray,
    *,
    rate: float,
    batch_size: int,
    updates: int,
    rng: np.random.Generator | None,
) -> Path:
    """Go down from a start, one step for each batch.

    Parameters
    ----------
    problem : TwoWeights
    start : ndarray (2,)
    rate : float
        Learning rate.
    batch_size : int
        Examples for each step; all of them make plain gradient descent.
    updates : int
        How many steps.
    rng : numpy.random.Generator or None
        Shuffles the examples before each round; None leaves them in their order.

    Raises
    ------
    ValueError
        If a number is not positive or not finite.
    """
    start = np.asarray(start, dtype=np.float64)
    if not (rate > 0 and batch_size >= 1 and updates >= 1 and np.isfinite(start).all()):
        raise ValueError("Learning rate, batch size and updates must be above 0.")
    weights, where, seen = start, [start], [0]
    waiting: list[np.ndarray] = []
    for _ in range(updates):
        if not waiting:
            waiting = batches(len(problem.wanted), batch_size, rng)[::-1]
        chosen = waiting.pop()
        weights = weights - rate * problem.gradient(weights, chosen)
        where.append(weights)
        seen.append(seen[-1] + len(chosen))
    points = np.array(where)
    return Path(points, problem.cost(points), np.array(seen))


def three_descents(
    problem: TwoWeights,
    start: np.ndarray,
    *,
    rate: float,
    mini_batch: int,
    updates: int,
    shuffle: bool,
    seed: int = 0,
) -> dict[str, Path]:
    """Go down three times from the same start: by one example, a mini-batch, and all at once."""
    paths = {}
    sizes = {"one": 1, "mini-batch": mini_batch, "all": len(problem.wanted)}
    for name, size in sizes.items():
        rng = np.random.default_rng(seed) if shuffle else None
        paths[name] = descend(problem, start, rate=rate, batch_size=size, updates=updates, rng=rng)
    return paths
