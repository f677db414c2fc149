"""Numbers that describe a tuning curve: width, circular variance, simple or complex.

References
----------
.. [1] R. L. De Valois, E. W. Yund and N. Hepler, "The orientation and direction selectivity of
   cells in macaque visual cortex", Vision Research 22, 1982.
.. [2] D. L. Ringach, R. M. Shapley and M. J. Hawken, "Orientation selectivity in macaque V1:
   diversity and laminar dependence", Journal of Neuroscience 22, 2002.
.. [3] B. C. Skottun, R. L. De Valois, D. H. Grosof, J. A. Movshon, D. G. Albrecht and
   A. B. Bonds, "Classifying simple and complex cells on the basis of response modulation",
   Vision Research 31, 1991.
"""

from __future__ import annotations

import numpy as np

HALF_CIRCLE = 180.0
"""Degrees after which an orientation is the same again."""

FEWEST = 6
"""Orientations that a tuning curve needs before its width is read off."""

WIDEST_GAP = 45.0
"""Degrees between two measured orientations that may be bridged by a straight line."""


def half_width(orientations: np.ndarray, heights: np.ndarray) -> float:
    """Return the full width of a tuning curve at half of its height, in degrees.

    Between measured orientations the curve is a straight line; after 180° it begins anew.

    Parameters
    ----------
    orientations : ndarray (N,)
        Degrees, from 0 to below 180, ascending, each once.
    heights : ndarray (N,)
        Answers above rest; those below rest count as 0.

    Returns
    -------
    float
        NaN where it cannot be read off: fewer than 6 orientations, a gap of more than 45° beside
        a point that is needed, no answer above rest, or a curve that never falls to half.

    Raises
    ------
    ValueError
        If the orientations are not ascending from 0 to below 180, or the shapes differ.

    Examples
    --------
    >>> half_width(np.arange(0, 180, 30), np.array([0, 0, 0, 10, 0, 0]))
    30.0
    """
    angles, heights = np.asarray(orientations, float), np.maximum(0, np.asarray(heights, float))
    if angles.shape != heights.shape or angles.ndim != 1:
        raise ValueError(f"Expected two rows of equal length, got {angles.shape}, {heights.shape}.")
    if len(angles) and not (
        (np.diff(angles) > 0).all() and angles[0] >= 0 and angles[-1] < HALF_CIRCLE
    ):
        raise ValueError("Expected orientations in ascending order, from 0 to below 180.")
    if len(angles) < FEWEST or heights.max() <= 0:
        return float("nan")
    top = int(heights.argmax())
    sides = [_to_half(angles, heights, top, step) for step in (1, -1)]
    width = sum(sides)
    return float(width) if width <= HALF_CIRCLE else float("nan")


def _to_half(angles: np.ndarray, heights: np.ndarray, top: int, step: int) -> float:
    """Return how far the curve is from its top to half its height, in one direction."""
    count, half, gone = len(angles), heights[top] / 2, 0.0
    for number in range(1, count):
        one, other = (top + step * (number - 1)) % count, (top + step * number) % count
        gap = (step * (angles[other] - angles[one])) % HALF_CIRCLE
        if gap > WIDEST_GAP:
            break
        if heights[other] <= half:
            return gone + gap * (heights[one] - half) / (heights[one] - heights[other])
        gone += gap
    return float("nan")


def circular_variance(orientations: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Return 1 − |Σ r·exp(2iθ)| / Σ r: 0 for one orientation only, 1 for all alike.

    Parameters
    ----------
    orientations : ndarray (N,)
        Degrees, evenly spaced over 180.
    heights : ndarray (N, ...)
        Answers above rest; those below rest count as 0.

    Returns
    -------
    ndarray (...), in [0, 1]
        1 where there is no answer at all.

    Examples
    --------
    >>> float(circular_variance(np.arange(0, 180, 45), np.array([0, 3, 0, 0])).round(6))
    0.0
    """
    heights = np.maximum(0, np.asarray(heights, np.float64))
    return 1 - np.abs(mean_direction(orientations, heights))


def mean_direction(orientations: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Return Σ r·exp(2iθ) / Σ r, complex; 0 where there is no answer."""
    turns = np.exp(2j * np.deg2rad(np.asarray(orientations, np.float64)))
    total = heights.sum(axis=0)
    return np.einsum("n,n...->...", turns, heights) / np.where(total > 0, total, 1.0)


def modulation(answers: np.ndarray, rest: np.ndarray | float) -> np.ndarray:
    """Return F1/F0: how far answers swing while a grating drifts past, over their mean.

    By convention a cell is called *simple* above 1 and *complex* below.

    Parameters
    ----------
    answers : ndarray (..., P)
        To P phases, evenly spaced over one period.
    rest : ndarray (...) or float
        Answer to the empty screen; the mean counts from there.

    Returns
    -------
    ndarray (...)
        Infinite where the mean equals rest and something swings, 0 where nothing does.

    Examples
    --------
    >>> phases = 2 * np.pi * np.arange(8) / 8
    >>> float(modulation(3 + np.cos(phases), rest=1).round(6))
    0.5
    """
    answers = np.asarray(answers, np.float64)
    count = answers.shape[-1]
    turns = np.exp(-2j * np.pi * np.arange(count) / count)
    swing = 2 * np.abs(answers @ turns) / count
    mean = np.abs(answers.mean(axis=-1) - rest)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(swing > 0, swing / mean, 0.0)
