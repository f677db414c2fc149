"""How near an enlarged picture is to the true one, how sharp it is, and what it invented.

References
----------
.. [1] Y. Blau and T. Michaeli, "The perception-distortion tradeoff", CVPR 2018: no method is both
   nearest to the truth and most like a natural picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from aml4d_utils.images import grey
from aml4d_utils.topics.super_resolution.shrinking import enlarge_bicubic, shrink

_WINDOW = 1.5
"""Detail is compared within a blur of this many pixels: a shift by a hair invents nothing."""


def psnr(true: np.ndarray, other: np.ndarray) -> float:
    """Return the peak signal-to-noise ratio in decibels: 10 log10(1 / mean squared error).

    Parameters
    ----------
    true, other : ndarray of the same shape, in [0, 1]

    Returns
    -------
    float
        Infinite if both are equal. Ten decibels more is a tenth of the squared error.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> round(psnr(np.zeros((2, 2)), np.full((2, 2), 0.1)), 6)
    20.0
    """
    if np.shape(true) != np.shape(other):
        raise ValueError(f"Expected the same shape, but got {np.shape(true)}, {np.shape(other)}.")
    error = float(np.mean((np.asarray(true, float) - np.asarray(other, float)) ** 2))
    return float("inf") if error == 0 else -10 * float(np.log10(error))


def sharpness(true: np.ndarray, other: np.ndarray) -> float:
    """Return how strongly a picture changes from pixel to pixel, in units of the true one.

    Parameters
    ----------
    true, other : ndarray (H, W, 3), in [0, 1]

    Returns
    -------
    float
        1 is as sharp as the true picture, 0 is even. Where the true one is even itself, 1 if the
        other is too, else infinite.

    Examples
    --------
    >>> board = np.tile(np.eye(2), (4, 4))[..., None].repeat(3, 2)
    >>> round(sharpness(board, 0.5 * board), 2)
    0.5
    """
    strengths = [float(np.abs(np.diff(grey(picture), axis=1)).mean()) for picture in (true, other)]
    if strengths[0] < 1e-6:
        return 1.0 if strengths[1] < 1e-6 else float("inf")
    return strengths[1] / strengths[0]


@dataclass(frozen=True)
class Detail:
    """Fine detail of an enlarged picture, held against the true one, pixel by pixel.

    Attributes
    ----------
    kept, invented, missed : ndarray (H, W), float32, not below 0
        In grey levels from 0 to 1. What both pictures have; what only the enlarged one has; what
        only the true one has. Kept and invented add up to all detail that was painted, kept and
        missed to all true detail.
    """

    kept: np.ndarray
    invented: np.ndarray
    missed: np.ndarray

    @property
    def invented_share(self) -> float:
        """Return the share of the painted detail that the true picture does not have."""
        return _share(self.invented, self.kept)

    @property
    def found_share(self) -> float:
        """Return the share of the true detail that was painted."""
        return 1 - _share(self.missed, self.kept)


def detail(true: np.ndarray, other: np.ndarray) -> Detail:
    """Compare the fine detail of an enlarged picture with the true one's.

    Fine detail is what is lost by shrinking to a quarter and enlarging again: the small picture
    says nothing about it. Where both have detail of the same sign, the smaller amount is kept.

    Parameters
    ----------
    true, other : ndarray (H, W, 3), float in [0, 1]
        Sides are multiples of 4.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> true = np.random.default_rng(0).random((16, 16, 3)).astype(np.float32)
    >>> same = detail(true, true)
    >>> same.invented_share, same.found_share
    (0.0, 1.0)
    """
    if np.shape(true) != np.shape(other):
        raise ValueError(f"Expected the same shape, but got {np.shape(true)}, {np.shape(other)}.")
    truth, painted = (_fine(picture) for picture in (true, other))
    kept = np.where(truth * painted > 0, np.minimum(np.abs(truth), np.abs(painted)), 0)
    return Detail(
        *(
            cv2.GaussianBlur(amount.astype(np.float32), (0, 0), _WINDOW)
            for amount in (kept, np.abs(painted) - kept, np.abs(truth) - kept)
        )
    )


def _fine(picture: np.ndarray) -> np.ndarray:
    return grey(picture) - grey(enlarge_bicubic(shrink(picture, rounded=False)))


def _share(part: np.ndarray, rest: np.ndarray) -> float:
    total = float(part.sum() + rest.sum())
    return float(part.sum()) / total if total > 1e-6 else 0.0
