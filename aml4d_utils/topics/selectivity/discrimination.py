"""How well an answer tells two groups apart: d′, the selectivity index, and how sure they are.

References
----------
.. [1] D. M. Green and J. A. Swets, "Signal detection theory and psychophysics", Wiley, 1966.
.. [2] B. Efron and R. J. Tibshirani, "An introduction to the bootstrap", Chapman and Hall, 1993.
"""

from __future__ import annotations

import numpy as np

CRITERION = 1 / 3
"""Selectivity index of an answer twice as strong to one group as to the others."""

DRAWS = 1000


def d_prime(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return d′: the distance of two means in standard deviations.

    Parameters
    ----------
    one, other : ndarray (N, ...), (M, ...)
        Answers to the pictures of two groups, at least two each.

    Returns
    -------
    ndarray (...)
        Positive where the first group is answered more; 0 where nothing varies and nothing
        differs, infinite where the means differ and nothing varies. The variance is the mean of
        the variances of both groups, each over N − 1.

    Raises
    ------
    ValueError
        If a group has fewer than two answers.

    Examples
    --------
    >>> float(d_prime(np.array([3.0, 4, 5]), np.array([1.0, 2, 3])))
    2.0
    """
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if min(len(one), len(other)) < 2:
        raise ValueError(f"d′ needs two answers in each group, got {len(one)} and {len(other)}.")
    apart = one.mean(axis=0) - other.mean(axis=0)
    spread = np.sqrt((one.var(axis=0, ddof=1) + other.var(axis=0, ddof=1)) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(apart == 0, 0.0, apart / spread)


def selectivity_index(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return (mean of one − mean of other) / (mean of one + mean of other).

    Parameters
    ----------
    one, other : ndarray (N, ...), (M, ...)
        Answers, none below 0.

    Returns
    -------
    ndarray (...), in [-1, 1]
        1/3 where the first group is answered twice as strongly; 0 where nobody answers.

    Examples
    --------
    >>> float(selectivity_index(np.array([2.0, 2]), np.array([1.0, 1])).round(3))
    0.333
    """
    first, second = np.asarray(one).mean(axis=0), np.asarray(other).mean(axis=0)
    total = first + second
    return np.where(total > 0, (first - second) / np.where(total > 0, total, 1), 0.0)


def d_prime_interval(
    one: np.ndarray, other: np.ndarray, rng: np.random.Generator, draws: int = DRAWS
) -> tuple[float, float]:
    """Return the 95 % interval of d′ by drawing pictures of both groups again, with replacement.

    Parameters
    ----------
    one, other : ndarray (N,), (M,)
    rng : numpy.random.Generator
    draws : int

    Returns
    -------
    low, high : float

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> low, high = d_prime_interval(rng.normal(2, 1, 50), rng.normal(0, 1, 50), rng)
    >>> low < 2 < high
    True
    """
    again = [
        np.asarray(group)[rng.integers(0, len(group), (len(group), draws))]
        for group in (one, other)
    ]
    low, high = np.percentile(d_prime(*again), [2.5, 97.5])
    return float(low), float(high)
