"""Which known thing each answer finds; nothing is found twice."""

from __future__ import annotations

import numpy as np


def match(worth: np.ndarray) -> np.ndarray:
    """Let each answer, in turn, find the best of the known things that are still free.

    Parameters
    ----------
    worth : ndarray (N, M), float
        How well each of N answers fits each of M things; 0 where it does not find it. The surest
        answer stands first.

    Returns
    -------
    ndarray (N,), int64
        The thing that each answer found, −1 for none. Of equally good things the first is taken.

    Examples
    --------
    >>> match(np.array([[0.9, 0.6], [0.8, 0.0], [0.0, 0.7]])).tolist()
    [0, -1, 1]
    """
    free = np.ones(worth.shape[1], dtype=bool)
    hits = np.full(len(worth), -1, dtype=np.int64)
    for number, row in enumerate(worth):
        open_worth = np.where(free, row, 0)
        if open_worth.size and open_worth.max() > 0:
            hits[number] = int(open_worth.argmax())
            free[hits[number]] = False
    return hits
