"""The integral image: the sum over any rectangle from four numbers.

References
----------
.. [1] P. Viola and M. Jones, "Rapid object detection using a boosted cascade of simple features",
   CVPR 2001, doi:10.1109/CVPR.2001.990517.
.. [2] F. C. Crow, "Summed-area tables for texture mapping", SIGGRAPH 1984,
   doi:10.1145/800031.808600.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class BoxSum:
    """The sum over a rectangle, with all that is needed to follow it.

    Attributes
    ----------
    row, col, height, width : int
        The rectangle in pixels: its first row and column, and its sides.
    corners : tuple of float
        What the table holds at the top left, top right, bottom left and bottom right corner.
    total : float
        Bottom right − top right − bottom left + top left.
    """

    row: int
    col: int
    height: int
    width: int
    corners: tuple[float, float, float, float]
    total: float

    @property
    def additions(self) -> int:
        """Additions and subtractions of four corners: always 3."""
        return len(self.corners) - 1

    @property
    def additions_by_pixel(self) -> int:
        """Additions of adding pixel by pixel: one less than there are pixels."""
        return self.height * self.width - 1

    @property
    def mean(self) -> float:
        """The mean of the rectangle's pixels."""
        return self.total / (self.height * self.width)


def integral_image(image: np.ndarray) -> np.ndarray:
    """Return the table of the sums above and to the left of every corner between pixels.

    Parameters
    ----------
    image : ndarray (H, W), bool, whole numbers or float
        Any real numbers.

    Returns
    -------
    ndarray (H + 1, W + 1), int64 or float64
        Entry (row, col) is ``image[:row, :col].sum()``: its first row and column are 0, and so
        every rectangle has four corners. Whole numbers stay whole.

    Raises
    ------
    ValueError
        If the image is not two-dimensional or not of real numbers.

    Examples
    --------
    >>> integral_image(np.array([[1, 2], [3, 4]])).tolist()
    [[0, 0, 0], [0, 1, 3], [0, 4, 10]]
    """
    image = np.asarray(image)
    if image.ndim != 2:
        raise ValueError(f"An integral image is made of a grey image (H, W), not of {image.shape}.")
    if image.dtype.kind not in "biuf":
        raise ValueError(f"An integral image is made of real numbers, not of {image.dtype}.")
    kind = np.float64 if image.dtype.kind == "f" else np.int64
    table = np.zeros((image.shape[0] + 1, image.shape[1] + 1), dtype=kind)
    np.cumsum(image, axis=0, dtype=kind, out=table[1:, 1:])
    np.cumsum(table[1:, 1:], axis=1, out=table[1:, 1:])
    return table


def box_sum(table: np.ndarray, row: int, col: int, height: int, width: int) -> BoxSum:
    """Add up a rectangle from the four corners of an integral image.

    Parameters
    ----------
    table : ndarray (H + 1, W + 1)
        Made by `integral_image`.
    row, col : int
        The rectangle's first row and column.
    height, width : int
        Its sides in pixels, at least 1.

    Raises
    ------
    ValueError
        If the rectangle is empty or leaves the image.

    Examples
    --------
    >>> table = integral_image(np.arange(12).reshape(3, 4))
    >>> found = box_sum(table, 1, 1, 2, 2)
    >>> found.corners, found.total
    ((0.0, 3.0, 12.0, 45.0), 30.0)
    """
    high, wide = np.subtract(table.shape, 1)
    inside = 0 <= row <= row + height <= high and 0 <= col <= col + width <= wide
    if height < 1 or width < 1 or not inside:
        raise ValueError(
            f"Expected a rectangle inside {high} × {wide} pixels, but got rows {row} to "
            f"{row + height} and columns {col} to {col + width}."
        )
    corners = (
        float(table[row, col]),
        float(table[row, col + width]),
        float(table[row + height, col]),
        float(table[row + height, col + width]),
    )
    top_left, top_right, bottom_left, bottom_right = corners
    total = bottom_right - top_right - bottom_left + top_left
    return BoxSum(row, col, height, width, corners, total)
