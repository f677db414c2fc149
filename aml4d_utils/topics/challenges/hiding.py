"""Occlusion: something stands before the thing."""

from __future__ import annotations

import numpy as np

BOARD = 0.25
"""Grey of the board that hides things."""


def hidden_columns(mask: np.ndarray, share: float) -> int:
    """Return how many columns from the left a board must cover to hide a share of a thing.

    Parameters
    ----------
    mask : ndarray (H, W), float in [0, 1]
        How much of each pixel the thing covers.
    share : float in [0, 1]
        Of the thing's pixels.

    Returns
    -------
    int
        The fewest columns that hide at least this share; all of them where nothing is there.

    Raises
    ------
    ValueError
        If the share is out of range.

    Examples
    --------
    >>> hidden_columns(np.array([[0.0, 1.0, 1.0, 0.0]]), 0.5)
    2
    """
    if not 0 <= share <= 1:
        raise ValueError(f"Expected `share` between 0 and 1, but got {share}.")
    if share == 0:
        return 0
    covered = np.concatenate([[0.0], np.cumsum(mask.sum(axis=0, dtype=np.float64))])
    if not covered[-1]:
        return mask.shape[1]
    return int(np.searchsorted(covered, share * covered[-1] - 1e-9))


def occlude(
    picture: np.ndarray, mask: np.ndarray, share: float, board: float = BOARD
) -> np.ndarray:
    """Put a board before a thing that hides a share of it, from the left.

    Parameters
    ----------
    picture : ndarray (H, W, 3), float in [0, 1]
    mask : ndarray (H, W), float in [0, 1]
        Where the thing is.
    share : float in [0, 1]
    board : float in [0, 1]
        Its grey.

    Returns
    -------
    ndarray (H, W, 3), the type of `picture`
        A new array.

    Raises
    ------
    ValueError
        If the share is out of range.

    Examples
    --------
    >>> occlude(np.ones((1, 4, 3)), np.ones((1, 4)), 0.5)[0, :, 0].tolist()
    [0.25, 0.25, 1.0, 1.0]
    """
    result = picture.copy()
    result[:, : hidden_columns(mask, share)] = board
    return result
