"""Which keypoint of one photo is which of the other, and which of these answers are right.

References
----------
.. [1] D. G. Lowe, "Distinctive image features from scale-invariant keypoints", International
   Journal of Computer Vision 60, 2004, doi:10.1023/B:VISI.0000029664.99615.94.
.. [2] K. Mikolajczyk and C. Schmid, "A performance evaluation of local descriptors", IEEE
   Transactions on Pattern Analysis and Machine Intelligence 27, 2005, doi:10.1109/TPAMI.2005.188.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.features.transforms import move_points

_CHUNK = 1024


@dataclass(frozen=True)
class Matches:
    """Pairs of descriptors.

    Attributes
    ----------
    first, second : ndarray (M,), int
        Indices into the first and the second photo's descriptors; ``first`` grows.
    distance : ndarray (M,), float64
        Between the two descriptors.
    ratio : ndarray (M,), float64 in [0, 1]
        That distance over the distance to the next best; small means unmistakable.
    """

    first: np.ndarray
    second: np.ndarray
    distance: np.ndarray
    ratio: np.ndarray

    def __len__(self) -> int:
        return len(self.first)


def match_loops(first: np.ndarray, second: np.ndarray, ratio: float = 0.8) -> Matches:
    """Match with loops that say what happens: the best must be clearly better than the next.

    Parameters
    ----------
    first : ndarray (N, D), float
    second : ndarray (K, D), float
        Descriptors of the two photos.
    ratio : float in (0, 1]
        Keep a match if best < ratio × next best. Lowe's value is 0.8.

    Returns
    -------
    Matches
        None where ``second`` has fewer than two: there is nothing to compare with.

    Raises
    ------
    ValueError
        If the descriptors have different lengths or are not numbers, or ``ratio`` is out of range.

    Examples
    --------
    >>> found = match_loops(np.array([[0.0], [5.0]]), np.array([[0.5], [4.0], [6.0]]))
    >>> found.first.tolist(), found.second.tolist(), found.ratio.round(3).tolist()
    ([0], [0], [0.125])
    """
    first, second = _checked(first, second, ratio)
    pairs = []
    for index, descriptor in enumerate(first):
        best, nearest, next_best = np.inf, -1, np.inf
        for other, candidate in enumerate(second):
            distance = np.sqrt(((descriptor - candidate) ** 2).sum())
            if distance < best:
                best, nearest, next_best = distance, other, best
            elif distance < next_best:
                next_best = distance
        if np.isfinite(next_best) and best < ratio * next_best:
            pairs.append((index, nearest, best, best / next_best))
    columns = np.array(pairs, dtype=np.float64).reshape(-1, 4).T
    return Matches(columns[0].astype(np.intp), columns[1].astype(np.intp), columns[2], columns[3])


def match(first: np.ndarray, second: np.ndarray, ratio: float = 0.8) -> Matches:
    """Match fast, with whole arrays.

    Parameters
    ----------
    first, second, ratio
        As in `match_loops`.

    Returns
    -------
    Matches
        As `match_loops` finds them.

    Raises
    ------
    ValueError
        As `match_loops`.

    Examples
    --------
    >>> found = match(np.array([[0.0], [5.0]]), np.array([[0.5], [4.0], [6.0]]))
    >>> found.first.tolist(), found.second.tolist(), found.ratio.round(3).tolist()
    ([0], [0], [0.125])
    """
    first, second = _checked(first, second, ratio)
    if len(first) == 0 or len(second) < 2:
        none = np.zeros(0, dtype=np.intp)
        return Matches(none, none, np.zeros(0), np.zeros(0))
    nearest = np.concatenate(
        [_two_nearest(first[at : at + _CHUNK], second) for at in range(0, len(first), _CHUNK)]
    )
    distances = np.linalg.norm(first[:, None] - second[nearest], axis=2)
    order = np.argsort(distances, axis=1, kind="stable")
    nearest = np.take_along_axis(nearest, order, axis=1)
    best, next_best = np.take_along_axis(distances, order, axis=1).T
    kept = np.flatnonzero(best < ratio * next_best)
    return Matches(kept, nearest[kept, 0], best[kept], best[kept] / next_best[kept])


def correct_matches(
    matches: Matches,
    first: np.ndarray,
    second: np.ndarray,
    matrix: np.ndarray,
    tolerance: float = 3.0,
) -> np.ndarray:
    """Tell which matches are right, from the known transform between the two photos.

    Parameters
    ----------
    matches : Matches
    first : ndarray (N, 2), float
    second : ndarray (K, 2), float
        Positions of all keypoints as (row, col) in pixels.
    matrix : ndarray (3, 3), float
        Takes (row, col, 1) of the first photo to the second, as `transform_image` returns it.
    tolerance : float
        A match is right if the second keypoint is no farther from the true place, in pixels.

    Returns
    -------
    ndarray (M,), bool

    Examples
    --------
    >>> found = match(np.array([[0.0]]), np.array([[0.1], [9.0]]))
    >>> correct_matches(found, np.array([[5, 5]]), np.array([[5, 6], [0, 0]]), np.eye(3)).tolist()
    [True]
    """
    truth = move_points(np.asarray(first)[matches.first], matrix)
    return np.linalg.norm(truth - np.asarray(second)[matches.second], axis=1) <= tolerance


def repeatability(
    first: np.ndarray,
    second: np.ndarray,
    matrix: np.ndarray,
    shape: tuple[int, int],
    tolerance: float = 2.0,
) -> float:
    """Return the share of the first photo's points that are found again in the second.

    Parameters
    ----------
    first : ndarray (N, 2), float
    second : ndarray (K, 2), float
        Points as (row, col) in pixels, of any detector.
    matrix : ndarray (3, 3), float
        Takes (row, col, 1) of the first photo to the second.
    shape : tuple of int
        Height and width of the second photo; points that leave it do not count.
    tolerance : float
        In pixels of the second photo.

    Returns
    -------
    float in [0, 1]
        0 if no point stays inside.

    Examples
    --------
    >>> points = np.array([[1.0, 1], [5, 5], [90, 90]])
    >>> repeatability(points, points[:1], np.eye(3), (10, 10))
    0.5
    """
    from scipy.spatial import cKDTree

    truth = move_points(np.asarray(first, dtype=np.float64).reshape(-1, 2), matrix)
    truth = truth[((truth >= 0) & (truth <= np.subtract(shape[:2], 1))).all(axis=1)]
    if not len(truth) or not len(second):
        return 0.0
    nearest, _ = cKDTree(second).query(truth)
    return float((nearest <= tolerance).mean())


def _checked(first: np.ndarray, second: np.ndarray, ratio: float) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if first.ndim != 2 or second.ndim != 2 or first.shape[1] != second.shape[1]:
        raise ValueError(
            "Expected descriptors of shape (N, D) and (K, D), "
            f"but got {first.shape} and {second.shape}."
        )
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("Expected numbers only, but some descriptors contain NaN or infinity.")
    if not 0 < ratio <= 1:
        raise ValueError(f"Expected a ratio above 0 and up to 1, but got {ratio}.")
    return first, second


def _two_nearest(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the indices (N, 2) of the two nearest in ``second``, in no certain order."""
    # |a − b|² = |a|² − 2 a·b + |b|², and |a|² is the same for all b.
    squares = (second**2).sum(axis=1) - 2 * first @ second.T
    return np.argpartition(squares, 1, axis=1)[:, :2]
