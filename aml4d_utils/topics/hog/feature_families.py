"""Five families of hand-made features: each turns a picture into a row of numbers.

References
----------
.. [1] N. Dalal and B. Triggs, "Histograms of oriented gradients for human detection", CVPR 2005,
   doi:10.1109/CVPR.2005.177.
.. [2] T. Ojala, M. Pietikäinen and T. Mäenpää, "Multiresolution gray-scale and rotation invariant
   texture classification with local binary patterns", IEEE PAMI 24(7), 2002,
   doi:10.1109/TPAMI.2002.1017623.
.. [3] M. J. Swain and D. H. Ballard, "Color indexing", IJCV 7(1), 1991, doi:10.1007/BF00130487.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import as_float, grey, resize
from aml4d_utils.topics.features.gradients import gradients
from aml4d_utils.topics.hog.descriptor import HogSettings, hog

COLOUR_LEVELS = 4
"""Steps of red, of green and of blue; a colour histogram has this number cubed of bins."""
LBP_GRID, DENSITY_GRID = 3, 4
"""The picture is divided into this many rows and columns; each part is counted on its own."""
EDGE = 0.15
"""A pixel lies on an edge if its neighbours differ by more than this share of the full range."""
LONGEST_RAW = 24

_LBP_POINTS = 8


@dataclass(frozen=True)
class Family:
    """A kind of feature.

    Attributes
    ----------
    name : str
    what : str
        What it measures, in a few words.
    compute : callable
        ``compute(picture) -> ndarray (N,)``, float.
    """

    name: str
    what: str
    compute: Callable[[np.ndarray], np.ndarray]


def hog_features(picture: np.ndarray) -> np.ndarray:
    """Return the HOG of a picture with about eight cells along its shorter side.

    Parameters
    ----------
    picture : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
        At least 16 pixels on each side.

    Returns
    -------
    ndarray (N,), float64

    Examples
    --------
    >>> hog_features(np.eye(96)).shape
    (1764,)
    """
    cell = max(1, round(min(picture.shape[:2]) / 8))
    return hog(picture, HogSettings(pixels_per_cell=(cell, cell))).vector


def lbp_features(picture: np.ndarray) -> np.ndarray:
    """Return histograms of local binary patterns: which neighbours are lighter than a pixel.

    Parameters
    ----------
    picture : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8

    Returns
    -------
    ndarray (90,), float64
        For each part of a 3 × 3 grid the shares of the ten uniform patterns.

    Examples
    --------
    >>> lbp_features(np.eye(96)).shape
    (90,)
    """
    from skimage.feature import local_binary_pattern

    whole = np.rint(grey(picture) * 255).astype(np.uint8)
    patterns = local_binary_pattern(whole, _LBP_POINTS, 1, "uniform").astype(np.intp)
    return _histograms(patterns, LBP_GRID, _LBP_POINTS + 2)


def colour_features(picture: np.ndarray) -> np.ndarray:
    """Return how much of a picture has each of 4 × 4 × 4 colours, wherever they are.

    Parameters
    ----------
    picture : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8

    Returns
    -------
    ndarray (64,), float64
        Shares that add up to 1.

    Examples
    --------
    >>> red = np.zeros((2, 2, 3))
    >>> red[..., 0] = 1
    >>> int(colour_features(red).argmax())
    48
    """
    levels = np.minimum((as_float(picture) * COLOUR_LEVELS).astype(np.intp), COLOUR_LEVELS - 1)
    number = levels @ np.array([COLOUR_LEVELS**2, COLOUR_LEVELS, 1])
    return _histograms(number, 1, COLOUR_LEVELS**3)


def edge_density_features(picture: np.ndarray) -> np.ndarray:
    """Return which share of the pixels lies on an edge, in each part of a 4 × 4 grid.

    Parameters
    ----------
    picture : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8

    Returns
    -------
    ndarray (16,), float64 in [0, 1]

    Examples
    --------
    >>> edge_density_features(np.full((8, 8), 0.5)).sum()
    np.float64(0.0)
    """
    edges = gradients(picture).magnitude > EDGE
    parts = [part for row in np.array_split(edges, DENSITY_GRID) for part in _columns(row)]
    return np.array([part.mean() for part in parts])


def pixel_features(picture: np.ndarray) -> np.ndarray:
    """Return the pixels themselves, after shrinking to at most 24 × 24: no feature at all.

    Parameters
    ----------
    picture : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8

    Returns
    -------
    ndarray (N,), float32 in [0, 1]

    Examples
    --------
    >>> pixel_features(np.zeros((96, 96, 3))).shape
    (1728,)
    """
    small = resize(picture, *(min(LONGEST_RAW, side) for side in picture.shape[:2]))
    return (small[..., 0] if np.ndim(picture) == 2 else small).ravel()


FAMILIES = {
    family.name: family
    for family in (
        Family("HOG", "where edges run in which direction", hog_features),
        Family("LBP", "fine texture", lbp_features),
        Family("colours", "how much of each colour", colour_features),
        Family("edge density", "where there are many edges", edge_density_features),
        Family("pixels", "the picture itself, small", pixel_features),
    )
}
"""The families by name, in the order of the contest's switches."""


def _histograms(numbers: np.ndarray, grid: int, bins: int) -> np.ndarray:
    parts = [part for row in np.array_split(numbers, grid) for part in _columns(row, grid)]
    return np.concatenate([np.bincount(part.ravel(), minlength=bins) / part.size for part in parts])


def _columns(row: np.ndarray, grid: int = DENSITY_GRID) -> list[np.ndarray]:
    return np.array_split(row, grid, axis=1)
