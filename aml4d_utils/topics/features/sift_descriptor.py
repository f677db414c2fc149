"""SIFT's last step: describe what is around a keypoint in 128 numbers.

References
----------
.. [1] D. G. Lowe, "Distinctive image features from scale-invariant keypoints", International
   Journal of Computer Vision 60, 2004, doi:10.1023/B:VISI.0000029664.99615.94.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.features.sift_keypoints import Patch, patch_around

GRID = 4
"""Cells along each side of the descriptor's grid."""
BINS = 8
"""Directions in each cell."""
CELL = 3.0
"""Side of a grid cell, in sigmas of the keypoint."""
CLIP = 0.2
"""No number of the unit vector may be larger."""


@dataclass(frozen=True)
class Description:
    """How a keypoint becomes 128 numbers.

    Attributes
    ----------
    patch : Patch
        Gradients around the keypoint, in pixels of its octave.
    grid_row, grid_col : ndarray (h, w), float64
        Place of each pixel in the turned grid, in cells: cell 0 is centred at 0, cell 3 at 3.
    weights : ndarray (h, w), float64
        A bell over the grid; 0 for pixels that touch no cell.
    turned : ndarray (h, w), float64 in [0, 360)
        Direction of each gradient as seen from the keypoint, in degrees.
    histograms : ndarray (4, 4, 8), float64, not negative
        Votes of each grid cell; bin i is centred at 45 i degrees.
    vector : ndarray (128,), float32 in [0, 1]
        The histograms in a row, of length 1, cut off at 0.2 and again of length 1; all zero
        where nothing changes.
    """

    patch: Patch
    grid_row: np.ndarray
    grid_col: np.ndarray
    weights: np.ndarray
    turned: np.ndarray
    histograms: np.ndarray
    vector: np.ndarray


def describe_keypoint(
    blurred: np.ndarray, row: int, col: int, sigma: float, angle: float
) -> Description:
    """Describe the surroundings of a keypoint, turned so that its direction points right.

    Parameters
    ----------
    blurred : ndarray (h, w), float
        The image of the octave nearest to the keypoint's size.
    row, col : int
        Its pixel there.
    sigma : float
        Its size, in pixels of the octave.
    angle : float
        Its direction in degrees.

    Returns
    -------
    Description
    """
    cell = CELL * sigma
    radius = round(cell * np.sqrt(2) * (GRID + 1) / 2)
    patch = patch_around(blurred, row, col, min(radius, int(np.hypot(*blurred.shape))))
    grid_row, grid_col = into_grid(patch, cell, angle)
    weights = bell(grid_row, grid_col)
    turned = (patch.direction - angle) % 360
    histograms = grid_histograms(grid_row, grid_col, turned, weights * patch.magnitude)
    vector = unit_clipped(histograms.ravel()).astype(np.float32)
    return Description(patch, grid_row, grid_col, weights, turned, histograms, vector)


def into_grid(patch: Patch, cell: float, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """Return where each pixel lies in the grid that is turned with the keypoint.

    Parameters
    ----------
    patch : Patch
    cell : float
        Side of a grid cell, in pixels.
    angle : float
        In degrees.

    Returns
    -------
    grid_row, grid_col : ndarray (h, w), float64
        In cells; (1.5, 1.5) is the keypoint.
    """
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    middle = (GRID - 1) / 2
    along = (patch.cols * cos + patch.rows * sin) / cell
    aside = (patch.rows * cos - patch.cols * sin) / cell
    return aside + middle, along + middle


def bell(grid_row: np.ndarray, grid_col: np.ndarray) -> np.ndarray:
    """Return a bell as wide as half the grid, 0 where a pixel touches no cell."""
    middle = (GRID - 1) / 2
    distance = (grid_row - middle) ** 2 + (grid_col - middle) ** 2
    touches = (np.minimum(grid_row, grid_col) > -1) & (np.maximum(grid_row, grid_col) < GRID)
    return np.where(touches, np.exp(-distance / (2 * (GRID / 2) ** 2)), 0)


def grid_histograms(
    grid_row: np.ndarray, grid_col: np.ndarray, turned: np.ndarray, votes: np.ndarray
) -> np.ndarray:
    """Share each pixel's vote among the 2 × 2 × 2 nearest cells and directions.

    A pixel halfway between two cells gives half of its vote to each, so that a small shift
    changes little.

    Parameters
    ----------
    grid_row, grid_col : ndarray, float
        In cells.
    turned : ndarray, float in [0, 360)
    votes : ndarray, float
        All four of the same shape.

    Returns
    -------
    ndarray (4, 4, 8), float64
        Row, column, direction; votes for cells outside the grid are lost.
    """
    counts = votes.ravel() > 0
    places = [
        coordinate.ravel()[counts] for coordinate in (grid_row, grid_col, turned * BINS / 360)
    ]
    votes = votes.ravel()[counts]
    lower = [np.floor(place).astype(int) for place in places]
    share = [place - floor for place, floor in zip(places, lower, strict=True)]
    padded = np.zeros((GRID + 2) ** 2 * BINS)
    for step in np.ndindex(2, 2, 2):
        row, col, turn = (floor + up for floor, up in zip(lower, step, strict=True))
        part = votes
        for fraction, up in zip(share, step, strict=True):
            part = part * (fraction if up else 1 - fraction)
        cell = ((row + 1) * (GRID + 2) + col + 1) * BINS + turn % BINS
        padded += np.bincount(cell, part, padded.size)
    return padded.reshape(GRID + 2, GRID + 2, BINS)[1:-1, 1:-1]


def unit_clipped(vector: np.ndarray) -> np.ndarray:
    """Scale to length 1, cut off at 0.2 so that no edge drowns the rest, scale again.

    Parameters
    ----------
    vector : ndarray (N,), float, not negative

    Returns
    -------
    ndarray (N,), float
        Zeros stay zeros.

    Examples
    --------
    >>> unit_clipped(np.array([3.0, 4.0])).round(3).tolist()
    [0.707, 0.707]
    >>> unit_clipped(np.zeros(2)).tolist()
    [0.0, 0.0]
    """
    return _unit(np.minimum(_unit(vector), CLIP))


def _unit(vector: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vector)
    return vector / length if length > 0 else vector
