"""Histograms of oriented gradients: once as it is explained, once as it is computed.

`hog_steps` counts with loops, `hog` does the same with whole arrays. Both give the same numbers
as ``skimage.feature.hog`` with the same settings. Like it, and unlike the paper, they give each
pixel's vote to one cell and one bin only, and do not weight the pixels of a block.

References
----------
.. [1] N. Dalal and B. Triggs, "Histograms of oriented gradients for human detection", CVPR 2005,
   doi:10.1109/CVPR.2005.177.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from aml4d_utils.images import as_float
from aml4d_utils.topics.features.gradients import Gradients, gradients

NORMS = ("L1", "L1-sqrt", "L2", "L2-Hys")
CLIP = 0.2
"""Where L2-Hys cuts off what one bin may say."""

_EPS = 1e-5


@dataclass(frozen=True)
class HogSettings:
    """What can be chosen about HOG; the names are scikit-image's.

    Attributes
    ----------
    orientations : int
        Bins of a histogram over 180 degrees.
    pixels_per_cell : tuple of int
        Height and width of a cell in pixels.
    cells_per_block : tuple of int
        Height and width of a block in cells.
    block_norm : str
        One of ``NORMS``.
    transform_sqrt : bool
        Take the square root of the pixels first, which lifts the shadows.
    """

    orientations: int = 9
    pixels_per_cell: tuple[int, int] = (8, 8)
    cells_per_block: tuple[int, int] = (2, 2)
    block_norm: str = "L2-Hys"
    transform_sqrt: bool = False

    def __post_init__(self) -> None:
        """Check the settings.

        Raises
        ------
        ValueError
            If a number is not a whole one of at least 1, or there is no such norm.
        """
        for number in (self.orientations, *self.pixels_per_cell, *self.cells_per_block):
            if not isinstance(number, (int, np.integer)) or number < 1:
                raise ValueError(
                    "Expected orientations, cells and blocks as whole numbers of at least 1, "
                    f"but got {number!r}."
                )
        if self.block_norm not in NORMS:
            raise ValueError(
                f"There is no norm {self.block_norm!r}; choose one of: {', '.join(NORMS)}."
            )

    def grid(self, height: int, width: int) -> tuple[int, int]:
        """Return how many whole cells fit, in rows and columns.

        Raises
        ------
        ValueError
            If not even one block fits.

        Examples
        --------
        >>> HogSettings().grid(300, 451)
        (37, 56)
        """
        cells = height // self.pixels_per_cell[0], width // self.pixels_per_cell[1]
        least = np.multiply(self.pixels_per_cell, self.cells_per_block)
        if height < least[0] or width < least[1]:
            raise ValueError(
                f"One block needs at least {least[0]} × {least[1]} pixels, "
                f"but the image has {height} × {width}."
            )
        return cells


@dataclass(frozen=True)
class Hog:
    """An image as histograms, with everything on the way.

    R and C are the numbers of cells, R' = R − block height + 1 and C' likewise.

    Attributes
    ----------
    settings : HogSettings
    gradients : Gradients
    cells : ndarray (R, C, orientations), float64, not negative
        Per cell and bin: the magnitudes of the pixels in it, added up, over the cell's area.
    blocks : ndarray (R', C', block height, block width, orientations), float64, not negative
        The cells of each block, normalised together.
    """

    settings: HogSettings
    gradients: Gradients
    cells: np.ndarray
    blocks: np.ndarray

    @property
    def vector(self) -> np.ndarray:
        """All blocks in one row, ndarray (N,): the feature vector that a classifier sees."""
        return self.blocks.ravel()


def hog_steps(image: np.ndarray, settings: HogSettings | None = None) -> Hog:
    """Compute HOG with loops that say what happens: every pixel votes, every block is evened out.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    settings : HogSettings, optional

    Returns
    -------
    Hog

    Raises
    ------
    ValueError
        If it is not an image, or smaller than one block.

    Examples
    --------
    >>> stripes = np.tile([0, 0, 1.0, 1.0], (16, 4))
    >>> hog_steps(stripes).cells[0, 0].round(2).tolist()
    [0.88, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    settings = settings or HogSettings()
    found = _gradients(image, settings)
    rows, cols = settings.grid(*found.magnitude.shape)
    high, wide = settings.pixels_per_cell
    cells = np.zeros((rows, cols, settings.orientations))
    for row in range(rows):
        for col in range(cols):
            part = np.s_[row * high : (row + 1) * high, col * wide : (col + 1) * wide]
            cells[row, col] = cell_histogram(
                found.magnitude[part], found.orientation[part], settings.orientations
            )
    tall, broad = settings.cells_per_block
    blocks = np.zeros((rows - tall + 1, cols - broad + 1, tall, broad, settings.orientations))
    for row in range(blocks.shape[0]):
        for col in range(blocks.shape[1]):
            block = cells[row : row + tall, col : col + broad]
            blocks[row, col] = normalised_block(block, settings.block_norm)
    return Hog(settings, found, cells, blocks)


def cell_histogram(
    magnitude: np.ndarray, orientation: np.ndarray, orientations: int = 9
) -> np.ndarray:
    """Let each pixel of a cell vote for its orientation, with its magnitude.

    Parameters
    ----------
    magnitude : ndarray (h, w), float
    orientation : ndarray (h, w), float in [0, 180), in degrees
    orientations : int
        Number of bins.

    Returns
    -------
    ndarray (orientations,), float64
        The votes over the number of pixels.

    Examples
    --------
    >>> cell_histogram(np.array([[2.0, 4.0]]), np.array([[10.0, 95.0]]), 2).tolist()
    [1.0, 2.0]
    """
    histogram = np.zeros(orientations)
    for strength, angle in zip(magnitude.ravel(), orientation.ravel(), strict=True):
        histogram[orientation_bin(angle, orientations)] += strength
    return histogram / magnitude.size


def orientation_bin(orientation: float, orientations: int = 9) -> int:
    """Return the bin that an orientation falls into.

    Examples
    --------
    >>> orientation_bin(0.0), orientation_bin(19.9), orientation_bin(20.0), orientation_bin(179.9)
    (0, 0, 1, 8)
    """
    return min(int(orientation * orientations / 180), orientations - 1)


def normalised_block(block: np.ndarray, norm: str = "L2-Hys") -> np.ndarray:
    """Even out one block, so that light and contrast matter less.

    Parameters
    ----------
    block : ndarray, float, not negative
    norm : str
        One of ``NORMS``.

    Returns
    -------
    ndarray of the same shape
        Nothing but zeros stays nothing but zeros.

    Examples
    --------
    >>> normalised_block(np.array([3.0, 4.0]), "L2").round(3).tolist()
    [0.6, 0.8]
    >>> normalised_block(np.array([3.0, 4.0]), "L1").round(3).tolist()
    [0.429, 0.571]
    """
    if norm == "L1":
        return block / (block.sum() + _EPS)
    if norm == "L1-sqrt":
        return np.sqrt(block / (block.sum() + _EPS))
    block = block / np.sqrt((block**2).sum() + _EPS**2)
    if norm == "L2-Hys":
        block = np.minimum(block, CLIP)
        block = block / np.sqrt((block**2).sum() + _EPS**2)
    return block


def hog(image: np.ndarray, settings: HogSettings | None = None) -> Hog:
    """Compute HOG fast, with whole arrays.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    settings : HogSettings, optional

    Returns
    -------
    Hog
        Equal to `hog_steps`.

    Raises
    ------
    ValueError
        If it is not an image, or smaller than one block.

    Examples
    --------
    >>> from aml4d_utils.images import photo
    >>> hog(photo("chelsea")).blocks.shape
    (36, 55, 2, 2, 9)
    """
    settings = settings or HogSettings()
    found = _gradients(image, settings)
    cells = _all_cells(found, settings)
    windows = sliding_window_view(cells, settings.cells_per_block, axis=(0, 1))
    blocks = _all_blocks(windows.transpose(0, 1, 3, 4, 2), settings.block_norm)
    return Hog(settings, found, cells, blocks)


def _gradients(image: np.ndarray, settings: HogSettings) -> Gradients:
    if not settings.transform_sqrt:
        return gradients(image)
    pixels = np.sqrt(as_float(image))
    return gradients(pixels[..., 0] if np.ndim(image) == 2 else pixels)


def _all_cells(found: Gradients, settings: HogSettings) -> np.ndarray:
    rows, cols = settings.grid(*found.magnitude.shape)
    high, wide = settings.pixels_per_cell
    count = settings.orientations
    inside = np.s_[: rows * high, : cols * wide]
    bins = (found.orientation[inside] * count / 180).astype(np.intp)
    np.minimum(bins, count - 1, out=bins)
    bins += np.arange(rows * high)[:, None] // high * (cols * count)
    bins += np.arange(cols * wide) // wide * count
    votes = np.bincount(bins.ravel(), found.magnitude[inside].ravel(), rows * cols * count)
    return votes.reshape(rows, cols, count) / (high * wide)


def _all_blocks(blocks: np.ndarray, norm: str) -> np.ndarray:
    if norm in ("L1", "L1-sqrt"):
        blocks = blocks / (_totals(blocks) + _EPS)
        return np.sqrt(blocks) if norm == "L1-sqrt" else blocks
    blocks = blocks / np.sqrt(_totals(blocks**2) + _EPS**2)
    if norm == "L2-Hys":
        blocks = np.minimum(blocks, CLIP)
        blocks /= np.sqrt(_totals(blocks**2) + _EPS**2)
    return blocks


def _totals(blocks: np.ndarray) -> np.ndarray:
    return blocks.sum(axis=(2, 3, 4), keepdims=True)
