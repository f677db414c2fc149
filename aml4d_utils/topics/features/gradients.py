"""How an image changes from pixel to pixel: the raw material of HOG and SIFT.

References
----------
.. [1] N. Dalal and B. Triggs, "Histograms of oriented gradients for human detection", CVPR 2005,
   doi:10.1109/CVPR.2005.177.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import as_float


@dataclass(frozen=True)
class Gradients:
    """The change of an image at every pixel.

    Attributes
    ----------
    rows, cols : ndarray (H, W), float32
        Pixel below minus pixel above, and pixel to the right minus pixel to the left. Zero on
        the first and last row (``rows``) and column (``cols``), where a neighbour is missing.
    magnitude : ndarray (H, W), float64, not negative
        Length of the arrow (rows, cols).
    orientation : ndarray (H, W), float64 in [0, 180)
        Its angle without its sign, in degrees: dark-to-light and light-to-dark are the same. 0
        is a change along the columns (a vertical edge), 90 a change along the rows.
    """

    rows: np.ndarray
    cols: np.ndarray
    magnitude: np.ndarray
    orientation: np.ndarray

    @property
    def direction(self) -> np.ndarray:
        """The angle with its sign, towards the light: ndarray (H, W) in [0, 360), in degrees."""
        return degrees(self.rows, self.cols, 360)


def gradients(image: np.ndarray) -> Gradients:
    """Measure the change at every pixel; in colour, that of the channel that changes most.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8

    Returns
    -------
    Gradients

    Raises
    ------
    ValueError
        If it is not an image: wrong shape, NaN, out of range.

    Examples
    --------
    >>> found = gradients(np.tile([0, 0, 1.0, 1.0], (3, 1)))
    >>> found.magnitude[1].tolist(), found.orientation[1].tolist()
    ([0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0])
    """
    rows, cols = strongest(*differences(channels(image)))
    return Gradients(
        rows=rows,
        cols=cols,
        magnitude=np.sqrt(np.square(rows, dtype=np.float64) + np.square(cols, dtype=np.float64)),
        orientation=degrees(rows, cols, 180),
    )


def channels(image: np.ndarray) -> np.ndarray:
    """Return an image as (C, H, W), float32 in [0, 1]; a grey one has one channel.

    Raises
    ------
    ValueError
        If it is not an image.
    """
    pixels = as_float(image)
    if np.ndim(image) == 2:
        pixels = pixels[..., :1]
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


def differences(planes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Subtract each pixel's neighbour before from its neighbour after, down and to the right.

    Parameters
    ----------
    planes : ndarray (..., H, W), float

    Returns
    -------
    rows, cols : ndarray (..., H, W), float
        Zero where a neighbour is missing.

    Examples
    --------
    >>> differences(np.array([[1.0, 2, 4]]))[1]
    array([[0., 3., 0.]])
    """
    rows, cols = np.zeros_like(planes), np.zeros_like(planes)
    rows[..., 1:-1, :] = planes[..., 2:, :] - planes[..., :-2, :]
    cols[..., :, 1:-1] = planes[..., :, 2:] - planes[..., :, :-2]
    return rows, cols


def strongest(rows: np.ndarray, cols: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Choose at each pixel the channel with the longest gradient, the first one of equals.

    Parameters
    ----------
    rows, cols : ndarray (C, H, W), float

    Returns
    -------
    rows, cols : ndarray (H, W), float
    """
    best_rows, best_cols = rows[0], cols[0]
    best = np.hypot(best_rows, best_cols)
    for next_rows, next_cols in zip(rows[1:], cols[1:], strict=True):
        length = np.hypot(next_rows, next_cols)
        longer = length > best
        best = np.where(longer, length, best)
        best_rows = np.where(longer, next_rows, best_rows)
        best_cols = np.where(longer, next_cols, best_cols)
    return best_rows, best_cols


def degrees(rows: np.ndarray, cols: np.ndarray, turn: int) -> np.ndarray:
    """Return the angle of the arrow (rows, cols), from right towards down, in [0, turn).

    Parameters
    ----------
    rows, cols : ndarray, float
    turn : int
        360 for directions, 180 for orientations.

    Examples
    --------
    >>> degrees(np.array([1.0, -1.0]), np.array([0.0, 0.0]), 360).tolist()
    [90.0, 270.0]
    >>> degrees(np.array([1.0, -1.0]), np.array([0.0, 0.0]), 180).tolist()
    [90.0, 90.0]
    """
    angle = np.rad2deg(np.arctan2(rows, cols, dtype=np.float64))
    angle += turn * (angle < 0)
    # A negative angle of almost nothing rounds up to a full turn.
    angle -= turn * (angle >= turn)
    return angle
