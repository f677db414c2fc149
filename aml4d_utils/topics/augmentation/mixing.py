"""Make new examples from two: mixup and CutMix; and hide a part: random erasing.

Where two pictures share an example, they share its label too: a *soft label* says how much of it
belongs to each class.

References
----------
.. [1] H. Zhang, M. Cisse, Y. N. Dauphin and D. Lopez-Paz, "mixup: beyond empirical risk
   minimization", ICLR 2018.
.. [2] S. Yun, D. Han, S. J. Oh, S. Chun, J. Choe and Y. Yoo, "CutMix: regularization strategy to
   train strong classifiers with localizable features", ICCV 2019.
.. [3] Z. Zhong, L. Zheng, G. Kang, S. Li and Y. Yang, "Random erasing data augmentation",
   AAAI 2020.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Mixed:
    """An example made of two.

    Parameters
    ----------
    picture : ndarray (H, W) or (H, W, C), float32 in [0, 1]
    share : float in [0, 1]
        How much of the label is the first picture's; the rest is the second's.
    """

    picture: np.ndarray
    share: float


def mixup(first: np.ndarray, second: np.ndarray, share: float) -> Mixed:
    """Lay one picture over the other like two slides [1]_.

    share · first + (1 - share) · second, and the label likewise.

    Parameters
    ----------
    first, second : ndarray of one shape, float in [0, 1]
    share : float in [0, 1]

    Returns
    -------
    Mixed

    Raises
    ------
    ValueError
        If the shapes differ or the share is not in [0, 1].

    Examples
    --------
    >>> mixed = mixup(np.zeros((2, 2)), np.ones((2, 2)), 0.75)
    >>> mixed.picture[0].tolist(), mixed.share
    ([0.25, 0.25], 0.75)
    """
    _check_pair(first, second, share)
    picture = share * np.asarray(first) + (1 - share) * np.asarray(second)
    return Mixed(picture.astype(np.float32), float(share))


def cutmix(first: np.ndarray, second: np.ndarray, share: float, rng: np.random.Generator) -> Mixed:
    """Paste a rectangle of the second picture into the first [2]_.

    The rectangle has the picture's own proportions and covers 1 - share of it, unless it reaches
    over the edge; the label follows what is really covered.

    Parameters
    ----------
    first, second : ndarray of one shape, float in [0, 1]
    share : float in [0, 1]
        How much of the first is to stay.
    rng : numpy.random.Generator
        Chooses where the middle of the rectangle lies.

    Returns
    -------
    Mixed

    Raises
    ------
    ValueError
        If the shapes differ or the share is not in [0, 1].
    """
    _check_pair(first, second, share)
    height, width = np.shape(first)[:2]
    side = math.sqrt(1 - share)
    row, col = rng.uniform(0, height), rng.uniform(0, width)
    rows, cols = (
        slice(
            max(0, round(middle - side * whole / 2)), min(whole, round(middle + side * whole / 2))
        )
        for middle, whole in ((row, height), (col, width))
    )
    picture = np.array(first, dtype=np.float32)
    picture[rows, cols] = np.asarray(second)[rows, cols]
    covered = (rows.stop - rows.start) * (cols.stop - cols.start)
    return Mixed(picture, 1 - covered / (height * width))


def random_erasing(
    picture: np.ndarray,
    area: float,
    rng: np.random.Generator,
    *,
    flattest: float = 0.3,
    fill: float | None = None,
) -> np.ndarray:
    """Cover a rectangle somewhere in the picture with noise, or with one grey [3]_.

    Parameters
    ----------
    picture : ndarray (H, W) or (H, W, C), float in [0, 1]
    area : float in [0, 1)
        Share of the picture to cover; as near to it as whole pixels come.
    rng : numpy.random.Generator
        Chooses proportions, place and noise.
    flattest : float in (0, 1]
        The rectangle's height over its width lies between this and its inverse, as far as it fits.
    fill : float in [0, 1], optional
        A grey instead of noise.

    Returns
    -------
    ndarray of the same shape, float32
        A new array.

    Raises
    ------
    ValueError
        If `area` or `flattest` is out of range.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> erased = random_erasing(np.ones((20, 20)), 0.25, rng, fill=0)
    >>> float((erased == 0).mean().round(1))
    0.2
    """
    if not 0 <= area < 1:
        raise ValueError(f"Expected an area from 0 to below 1, got {area}.")
    if not 0 < flattest <= 1:
        raise ValueError(f"Expected the flattest proportion above 0 and at most 1, got {flattest}.")
    erased = np.array(picture, dtype=np.float32)
    height, width = erased.shape[:2]
    # Proportions at which a rectangle of this area still fits into the picture.
    narrowest, widest = area * height / width, height / (max(area, 1e-9) * width)
    low, high = np.clip((flattest, 1 / flattest), narrowest, widest)
    proportion = math.exp(rng.uniform(math.log(low), math.log(high)))
    rows = min(height, round(math.sqrt(area * height * width * proportion)))
    cols = min(width, round(math.sqrt(area * height * width / proportion)))
    top = int(rng.integers(height - rows + 1))
    left = int(rng.integers(width - cols + 1))
    hole = erased[top : top + rows, left : left + cols]
    hole[...] = rng.random(hole.shape, np.float32) if fill is None else fill
    return erased


def soft_label(share: float, first: int, second: int, classes: int) -> np.ndarray:
    """Return the label of an example made of two: (classes,), float64, adding up to 1.

    Examples
    --------
    >>> soft_label(0.75, 2, 0, 4).tolist()
    [0.25, 0.0, 0.75, 0.0]
    """
    label = np.zeros(classes)
    label[first] += share
    label[second] += 1 - share
    return label


def _check_pair(first: np.ndarray, second: np.ndarray, share: float) -> None:
    if np.shape(first) != np.shape(second):
        raise ValueError(
            f"Expected two pictures of one shape, got {np.shape(first)} and {np.shape(second)}."
        )
    if not 0 <= share <= 1:
        raise ValueError(f"Expected a share from 0 to 1, got {share}.")
