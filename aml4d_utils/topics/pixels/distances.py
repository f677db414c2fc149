"""What happens to distances when pictures have many pixels, and when points are random.

Distances *concentrate* when all points are nearly equally far from each other [1]_: then the
nearest neighbour is hardly nearer than the farthest. How much they do is told by their relative
spread, standard deviation over mean, which for points with d independent coordinates falls like
1/√d. Read backwards, the relative spread of pictures says how many independent random numbers
would be spread as much, in the sense of [2]_.

References
----------
.. [1] K. Beyer, J. Goldstein, R. Ramakrishnan and U. Shaft, "When is 'nearest neighbor'
   meaningful?", ICDT 1999.
.. [2] E. Chávez, G. Navarro, R. Baeza-Yates and J. L. Marroquín, "Searching in metric spaces",
   ACM Computing Surveys 33(3), 2001.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from aml4d_utils import images

SIDE = 28
BINS = 48
WIDEST = 2.4
"""Where the histogram of distances ends, in mean distances; farther ones count in the last bin."""

GARMENTS, PATCHES = "garments", "patches of my photo"
SHUFFLED, PRINCIPAL = "garments, dealt out", "garments, components"
KINDS = (GARMENTS, PATCHES, PRINCIPAL, SHUFFLED)


@dataclass(frozen=True)
class Distances:
    """All distances between points of d numbers.

    Attributes
    ----------
    d : int
    histogram : ndarray (48,), float
        Share of the pairs in bins of distance over mean distance, from 0 to 2.4.
    spread : float
        Standard deviation of the distances over their mean.
    nearest : float
        Mean distance to the nearest neighbour over the mean distance; 1 means that the nearest is
        as far as any.
    contrast : float
        Median over all points of (farthest − nearest) / nearest.
    """

    d: int
    histogram: np.ndarray
    spread: float
    nearest: float
    contrast: float


@dataclass(frozen=True)
class Concentration:
    """Distances of one kind of points, and of random points, for each side of the picture.

    Attributes
    ----------
    kind : str
    sides : ndarray (28,), int
    points, uniform : tuple of Distances
        One for each side; ``uniform`` are points with d random numbers from 0 to 1.
    alike : ndarray (28,), float
        How many uniform random numbers are spread as much as these points.
    """

    kind: str
    sides: np.ndarray
    points: tuple[Distances, ...]
    uniform: tuple[Distances, ...]
    alike: np.ndarray


def pairwise(points: np.ndarray) -> np.ndarray:
    """Return the Euclidean distance of every point to every other.

    Parameters
    ----------
    points : ndarray (N, d), float

    Returns
    -------
    ndarray (N, N), float64
        Zeros on the diagonal.

    Examples
    --------
    >>> pairwise(np.array([[0.0, 0.0], [3.0, 4.0]])).tolist()
    [[0.0, 5.0], [5.0, 0.0]]
    """
    points = np.asarray(points, dtype=np.float64)
    points = points - points.mean(axis=0)
    lengths = (points**2).sum(axis=1)
    squares = lengths[:, None] + lengths[None, :] - 2 * points @ points.T
    np.fill_diagonal(squares, 0)
    return np.sqrt(np.maximum(squares, 0))


def measure(points: np.ndarray) -> Distances:
    """Measure how much the distances between points concentrate.

    Parameters
    ----------
    points : ndarray (N, d), float
        At least 3 points that are not all the same.

    Raises
    ------
    ValueError
        If there are fewer points, or all are the same.
    """
    count, d = points.shape
    table = pairwise(points)
    each = table[np.triu_indices(count, 1)]
    mean = float(each.mean()) if count > 2 else 0.0
    if mean == 0:
        raise ValueError("All points are the same: there are no distances to compare.")
    farthest = table.max(axis=1)
    np.fill_diagonal(table, np.inf)
    nearest = table.min(axis=1)
    # Two equal pictures would divide by zero; a hundred-thousandth of the mean stands for nothing.
    floor = np.maximum(nearest, 1e-5 * mean)
    counts, _ = np.histogram(np.minimum(each / mean, WIDEST - 1e-9), BINS, (0, WIDEST))
    return Distances(
        d=d,
        histogram=counts / len(each),
        spread=float(each.std()) / mean,
        nearest=float(nearest.mean()) / mean,
        contrast=float(np.median((farthest - floor) / floor)),
    )


def averaging(side: int, whole: int = SIDE) -> np.ndarray:
    """Return the matrix (side, whole) that averages a column of ``whole`` pixels to ``side``.

    Examples
    --------
    >>> averaging(1, 2).tolist()
    [[0.5, 0.5]]
    """
    # A new pixel averages `whole / side` old ones along each axis, the outer ones in part.
    edges = np.arange(side + 1) * whole / side
    start, end = edges[:-1, None], edges[1:, None]
    old = np.arange(whole)[None, :]
    covered = np.clip(np.minimum(end, old + 1) - np.maximum(start, old), 0, None)
    return covered / covered.sum(axis=1, keepdims=True)


@cache
def shrinking(side: int, whole: int = SIDE) -> np.ndarray:
    """Return the matrix that shrinks flat pictures by averaging areas.

    Parameters
    ----------
    side, whole : int
        Sides of the small and the whole picture, ``side <= whole``.

    Returns
    -------
    ndarray (whole ** 2, side ** 2), float64
        ``flat @ shrinking(side)`` is the small picture, flat. Must not be changed.
    """
    along = averaging(side, whole)
    matrix = np.kron(along, along).T
    matrix.flags.writeable = False
    return matrix


def patches(photo: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Cut squares of 28 × 28 pixels out of a photo at random places.

    Parameters
    ----------
    photo : ndarray (H, W, 3)
        A smaller photo than 56 × 56 is enlarged first.
    count : int

    Returns
    -------
    ndarray (count, 784), float64 in [0, 1]
        Grey.
    """
    height, width = photo.shape[:2]
    scale = max(1.0, 2 * SIDE / min(height, width))
    if scale > 1:
        photo = images.resize(photo, round(height * scale), round(width * scale))
    grey = images.grey(photo)
    rows = rng.integers(0, grey.shape[0] - SIDE + 1, count)
    cols = rng.integers(0, grey.shape[1] - SIDE + 1, count)
    cut = [grey[r : r + SIDE, c : c + SIDE].ravel() for r, c in zip(rows, cols, strict=True)]
    return np.array(cut, dtype=np.float64)


def principal_components(points: np.ndarray) -> np.ndarray:
    """Turn points (N, d) so that the first coordinates hold the most variance.

    Returns
    -------
    ndarray (N, min(N, d)), float64
        All distances stay when every coordinate is kept.
    """
    centred = points - points.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    return centred @ directions.T


def concentration(
    kind: str,
    pictures: np.ndarray,
    photo: np.ndarray,
    *,
    rng: np.random.Generator,
    count: int = 400,
    sides: tuple[int, ...] = tuple(range(1, SIDE + 1)),
    uniform: tuple[Distances, ...] | None = None,
) -> Concentration:
    """Measure distances of one kind of points for each number d of coordinates, side × side.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    pictures : ndarray (N, 784), float in [0, 1]
        Flat garments, N ≥ ``count``.
    photo : ndarray (H, W, 3)
        Where patches are cut from.
    rng : Generator
        Chooses pictures and patches, deals pixels out and draws the random points.
    count : int
        How many points.
    sides : tuple of int
        Each from 1 to 28.
    uniform : tuple of Distances, optional
        What :func:`uniform_distances` gave for the same sides; drawn anew without it.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"There are points of the kinds {', '.join(KINDS)}, not {kind!r}.")
    pool = np.asarray(pictures[rng.permutation(len(pictures))[: 2 * count]], dtype=np.float64)
    whole = pool[:count]
    if kind == PATCHES:
        whole = patches(photo, count, rng)
    elif kind == SHUFFLED:
        whole = rng.permuted(whole, axis=0)
    elif kind == PRINCIPAL:
        whole = principal_components(pool)[:count]
    points = []
    for side in sides:
        small = whole[:, : side * side] if kind == PRINCIPAL else whole @ shrinking(side)
        points.append(measure(small))
    if uniform is None:
        uniform = uniform_distances(count, sides, rng)
    alike = [random_numbers_spread_like(each.spread) for each in points]
    return Concentration(kind, np.array(sides), tuple(points), uniform, np.array(alike))


def uniform_distances(
    count: int, sides: tuple[int, ...], rng: np.random.Generator
) -> tuple[Distances, ...]:
    """Measure distances between random points of side × side numbers from 0 to 1."""
    random = rng.random((count, max(sides) ** 2))
    return tuple(measure(random[:, : side * side]) for side in sides)


@dataclass(frozen=True)
class Measured:
    """Concentrations of the kinds of points measured so far; ``fraction`` is the share done."""

    kinds: dict[str, Concentration]
    fraction: float


def measure_kinds(
    pictures: np.ndarray, photo: np.ndarray, *, seed: int = 0, count: int = 400
) -> Iterator[Measured]:
    """Measure every kind of points; see :func:`concentration`.

    Yields
    ------
    Measured
        After each kind; the last holds all of them, but no patches of a photo that is the same
        everywhere.
    """
    kinds: dict[str, Concentration] = {}
    sides = tuple(range(1, SIDE + 1))
    uniform = uniform_distances(count, sides, np.random.default_rng(seed))
    for done, kind in enumerate(KINDS):
        # The same seed each time: all kinds of garments are made of the same garments.
        rng = np.random.default_rng(seed)
        if kind != PATCHES or len(np.unique(images.grey(photo))) > 1:
            kinds[kind] = concentration(
                kind, pictures, photo, rng=rng, count=count, sides=sides, uniform=uniform
            )
        yield Measured(dict(kinds), (done + 1) / len(KINDS))


@cache
def _spreads_of_random_points() -> tuple[np.ndarray, np.ndarray]:
    """Return numbers of coordinates, and the relative spread of uniform points with as many."""
    rng = np.random.default_rng(2024)
    d = np.unique(np.geomspace(1, 1200, 40).round().astype(int))
    random = rng.random((500, int(d[-1])))
    spreads = [measure(random[:, :each]).spread for each in d]
    return d, np.minimum.accumulate(spreads)


def random_numbers_spread_like(spread: float) -> float:
    """Return how many uniform random numbers make points of this relative spread.

    Parameters
    ----------
    spread : float
        Standard deviation of the distances over their mean.

    Returns
    -------
    float
        From 1 to 1200, read off measured spreads of random points.

    Examples
    --------
    >>> 5 < random_numbers_spread_like(0.25) < 8
    True
    """
    d, spreads = _spreads_of_random_points()
    at = np.interp(-np.log(spread), -np.log(spreads), np.log(d))
    return float(np.exp(at))
