"""A linear classifier looks at every window of a HOG map.

References
----------
.. [1] N. Dalal and B. Triggs, "Histograms of oriented gradients for human detection", CVPR 2005,
   doi:10.1109/CVPR.2005.177.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from aml4d_utils.topics.hog.descriptor import HogSettings


def window_scores_loops(blocks: np.ndarray, weights: np.ndarray, bias: float = 0.0) -> np.ndarray:
    """Score every window with loops: lay the weights on, multiply, add up, move one block on.

    Parameters
    ----------
    blocks : ndarray (R', C', block height, block width, orientations), float
        ``Hog.blocks`` of the photo.
    weights : ndarray (h, w, block height, block width, orientations), float
        One weight for each number of a window of h × w blocks.
    bias : float

    Returns
    -------
    ndarray (R' − h + 1, C' − w + 1), float64
        Positive where a linear classifier says yes.

    Raises
    ------
    ValueError
        If the blocks have different forms or the window does not fit.

    Examples
    --------
    >>> blocks = np.arange(3.0).reshape(1, 3, 1, 1, 1)
    >>> window_scores_loops(blocks, np.ones((1, 2, 1, 1, 1)), bias=-2).tolist()
    [[-1.0, 1.0]]
    """
    rows, cols = _windows(blocks, weights)
    high, wide = weights.shape[:2]
    scores = np.zeros((rows, cols))
    for row in range(rows):
        for col in range(cols):
            window = blocks[row : row + high, col : col + wide]
            scores[row, col] = (window * weights).sum() + bias
    return scores


def window_scores(blocks: np.ndarray, weights: np.ndarray, bias: float = 0.0) -> np.ndarray:
    """Score every window fast: each block meets all weights once, the answers are added up.

    Parameters
    ----------
    blocks, weights, bias
        As in `window_scores_loops`.

    Returns
    -------
    ndarray (R' − h + 1, C' − w + 1), float64
        As `window_scores_loops` finds them.

    Raises
    ------
    ValueError
        As `window_scores_loops`.

    Examples
    --------
    >>> blocks = np.arange(3.0).reshape(1, 3, 1, 1, 1)
    >>> window_scores(blocks, np.ones((1, 2, 1, 1, 1)), bias=-2).tolist()
    [[-1.0, 1.0]]
    """
    rows, cols = _windows(blocks, weights)
    high, wide = weights.shape[:2]
    features = blocks.reshape(*blocks.shape[:2], -1)
    answers = features @ weights.reshape(high * wide, -1).T
    scores = np.full((rows, cols), float(bias))
    for place in range(high * wide):
        row, col = divmod(place, wide)
        scores += answers[row : row + rows, col : col + cols, place]
    return scores


def window_vectors(blocks: np.ndarray, high: int, wide: int) -> np.ndarray:
    """Return the feature vector of every window: what a classifier is trained on.

    Parameters
    ----------
    blocks : ndarray (R', C', block height, block width, orientations), float
    high, wide : int
        Size of a window in blocks.

    Returns
    -------
    ndarray (R' − high + 1, C' − wide + 1, N), float
        N numbers a window, in the order of ``weights.ravel()``.

    Raises
    ------
    ValueError
        If the window does not fit.
    """
    windows = all_windows(blocks, high, wide)
    return windows.reshape(*windows.shape[:2], -1)


def all_windows(blocks: np.ndarray, high: int, wide: int) -> np.ndarray:
    """Return a view of the blocks of every window: nothing is copied.

    Parameters
    ----------
    blocks, high, wide
        As in `window_vectors`.

    Returns
    -------
    ndarray (R' − high + 1, C' − wide + 1, high, wide, block height, block width, orientations)

    Raises
    ------
    ValueError
        As `window_vectors`.
    """
    _windows(blocks, np.empty((high, wide, *blocks.shape[2:])))
    views = sliding_window_view(blocks, (high, wide), axis=(0, 1))
    return views.transpose(0, 1, 5, 6, 2, 3, 4)


def window_box(
    row: int, col: int, high: int, wide: int, settings: HogSettings
) -> tuple[int, int, int, int]:
    """Return the pixels that a window covers, as a box.

    Parameters
    ----------
    row, col : int
        Place of the window in the map of scores.
    high, wide : int
        Its size in blocks.
    settings : HogSettings

    Returns
    -------
    tuple of int
        x0, y0, x1, y1 in pixels of the photo.

    Examples
    --------
    >>> window_box(1, 2, 15, 7, HogSettings())
    (16, 8, 80, 136)
    """
    cell_high, cell_wide = settings.pixels_per_cell
    block_high, block_wide = settings.cells_per_block
    bottom, right = row + high + block_high - 1, col + wide + block_wide - 1
    return col * cell_wide, row * cell_high, right * cell_wide, bottom * cell_high


def _windows(blocks: np.ndarray, weights: np.ndarray) -> tuple[int, int]:
    if blocks.ndim != 5 or blocks.shape[2:] != weights.shape[2:]:
        raise ValueError(
            "Expected blocks and weights as (rows, columns, block height, block width, "
            f"orientations) with equal blocks, but got {blocks.shape} and {weights.shape}."
        )
    rows, cols = blocks.shape[0] - weights.shape[0] + 1, blocks.shape[1] - weights.shape[1] + 1
    if rows < 1 or cols < 1:
        raise ValueError(
            f"A window of {weights.shape[0]} × {weights.shape[1]} blocks does not fit into "
            f"{blocks.shape[0]} × {blocks.shape[1]} blocks."
        )
    return rows, cols
