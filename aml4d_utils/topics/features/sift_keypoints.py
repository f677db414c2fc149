"""SIFT's second and third step: find blobs in the scale space, keep the stable ones, turn them.

References
----------
.. [1] D. G. Lowe, "Distinctive image features from scale-invariant keypoints", International
   Journal of Computer Vision 60, 2004, doi:10.1023/B:VISI.0000029664.99615.94.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from aml4d_utils.topics.features.gradients import degrees
from aml4d_utils.topics.features.scale_space import Octave, ScaleSpace, SiftSettings

BORDER = 5
"""Nothing is looked for this close to the border, in pixels of an octave (as in OpenCV)."""
ORIENTATIONS = 36
"""Bins of the histogram of directions."""
SECOND_PEAK = 0.8
"""A direction this strong, against the strongest, makes another keypoint."""

_MOVES = 5


class Fate(IntEnum):
    """What became of a candidate."""

    KEPT = 0
    WANDERED = 1
    """No stable place was found nearby."""
    WEAK = 2
    """Too little contrast."""
    EDGE = 3
    """On an edge: it could slide along."""


@dataclass(frozen=True)
class Candidates:
    """Pixels of the scale space that stand out from all 26 neighbours.

    Attributes
    ----------
    octave, layer, row, col : ndarray (N,), int
        ``layer`` counts the octave's differences, from 1 to ``layers``.
    """

    octave: np.ndarray
    layer: np.ndarray
    row: np.ndarray
    col: np.ndarray

    def __len__(self) -> int:
        return len(self.octave)


@dataclass(frozen=True)
class Refined:
    """The candidates after a closer look.

    Attributes
    ----------
    candidates : Candidates
        Each at the pixel where its search ended.
    offset : ndarray (N, 3), float64
        From there to the top of the fitted parabola: in layers, rows, columns of the octave.
    contrast : ndarray (N,), float64
        The difference of blurs at that top, for images in [0, 1]; bright blobs are negative.
    edge_ratio : ndarray (N,), float64
        Larger curvature over smaller one, at least 1; infinite on a saddle.
    fate : ndarray (N,), int
        A `Fate` each.
    """

    candidates: Candidates
    offset: np.ndarray
    contrast: np.ndarray
    edge_ratio: np.ndarray
    fate: np.ndarray

    def count(self, fate: Fate) -> int:
        """Return how many candidates had this fate."""
        return int(np.count_nonzero(self.fate == fate))


@dataclass(frozen=True)
class Patch:
    """The gradients around a keypoint, in pixels of its octave.

    Attributes
    ----------
    rows, cols : ndarray (h, w), int
        Place of each pixel relative to the keypoint's pixel.
    magnitude : ndarray (h, w), float64
    direction : ndarray (h, w), float64 in [0, 360)
        In degrees, towards the light.
    """

    rows: np.ndarray
    cols: np.ndarray
    magnitude: np.ndarray
    direction: np.ndarray


@dataclass(frozen=True)
class Orientation:
    """How a keypoint finds its direction.

    Attributes
    ----------
    patch : Patch
    weights : ndarray (h, w), float64
        A bell that makes near pixels count more.
    votes : ndarray (36,), float64
        Magnitude times weight per 10 degrees; bin i is centred at 10 i degrees.
    histogram : ndarray (36,), float64
        The votes, smoothed.
    angles : tuple of float in [0, 360)
        One per peak of at least 0.8 times the highest, in degrees, the highest first.
    """

    patch: Patch
    weights: np.ndarray
    votes: np.ndarray
    histogram: np.ndarray
    angles: tuple[float, ...]


def find_extrema(space: ScaleSpace) -> Candidates:
    """Find every pixel that is above, or below, all its 26 neighbours in place and size.

    Parameters
    ----------
    space : ScaleSpace

    Returns
    -------
    Candidates
        Octave by octave.
    """
    found = [np.zeros((4, 0), dtype=np.intp)]
    for index, octave in enumerate(space.octaves):
        layer, row, col = np.nonzero(extrema_mask(octave.differences, space.settings))
        found.append(np.stack([np.full_like(layer, index), layer, row, col]))
    return Candidates(*np.concatenate(found, axis=1))


def extrema_mask(differences: np.ndarray, settings: SiftSettings) -> np.ndarray:
    """Mark the extrema of one octave.

    Parameters
    ----------
    differences : ndarray (layers + 2, h, w), float32
    settings : SiftSettings

    Returns
    -------
    ndarray (layers + 2, h, w), bool
        True where it is an extremum, not near the border, with at least half the contrast
        that is asked for in the end.
    """
    from scipy.ndimage import maximum_filter, minimum_filter

    inside = np.zeros(differences.shape, dtype=bool)
    inside[1:-1, BORDER:-BORDER, BORDER:-BORDER] = True
    least = 0.5 * settings.contrast / settings.layers
    high = (differences > least) & (differences == maximum_filter(differences, 3))
    low = (differences < -least) & (differences == minimum_filter(differences, 3))
    return inside & (high | low)


def refine(space: ScaleSpace, candidates: Candidates) -> Refined:
    """Fit a parabola at each candidate: find its top between the pixels, then test it.

    Parameters
    ----------
    space : ScaleSpace
    candidates : Candidates

    Returns
    -------
    Refined
        As many as candidates, in the same order.
    """
    parts = [
        _refine_octave(index, octave, _of_octave(candidates, index), space.settings)
        for index, octave in enumerate(space.octaves)
    ]
    if not parts:
        nothing = np.zeros(0)
        return Refined(candidates, np.zeros((0, 3)), nothing, nothing, nothing.astype(int))
    places = [
        np.concatenate([getattr(part.candidates, name) for part in parts])
        for name in ("octave", "layer", "row", "col")
    ]
    rest = [
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("offset", "contrast", "edge_ratio", "fate")
    ]
    return Refined(Candidates(*places), *rest)


def derivatives(values: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return slope and curvature of the differences of blurs, from neighbouring pixels.

    Parameters
    ----------
    values : ndarray (layers + 2, h, w), float
    place : ndarray (N, 3), int
        Layer, row, column; none on a border.

    Returns
    -------
    slope : ndarray (N, 3), float64
    curvature : ndarray (N, 3, 3), float64
        The Hessian matrix.
    """

    def at(*step: int) -> np.ndarray:
        layer, row, col = (place + step).T
        return values[layer, row, col].astype(np.float64)

    steps = np.eye(3, dtype=int)
    slope = np.stack([(at(*step) - at(*-step)) / 2 for step in steps], axis=1)
    curvature = np.empty((len(place), 3, 3))
    for i in range(3):
        curvature[:, i, i] = at(*steps[i]) - 2 * at(0, 0, 0) + at(*-steps[i])
        for j in range(i):
            same, other = steps[i] + steps[j], steps[i] - steps[j]
            mixed = (at(*same) + at(*-same) - at(*other) - at(*-other)) / 4
            curvature[:, i, j] = curvature[:, j, i] = mixed
    return slope, curvature


def edge_ratio(curvature: np.ndarray) -> np.ndarray:
    """Return the larger curvature in the image plane over the smaller one.

    Parameters
    ----------
    curvature : ndarray (N, 3, 3), float
        From `derivatives`.

    Returns
    -------
    ndarray (N,), float64
        1 for a round blob, large for an edge, infinite for a saddle.

    Examples
    --------
    >>> edge_ratio(np.diag([9.0, 2.0, 1.0])[None]).round(6).tolist()
    [2.0]
    """
    plane = np.linalg.eigvalsh(curvature[:, 1:, 1:])
    small, large = np.sort(np.abs(plane), axis=1).T
    bowl = (plane[:, 0] > 0) == (plane[:, 1] > 0)
    round_enough = bowl & (small > 1e-12 * large)
    return np.divide(large, small, out=np.full(len(plane), np.inf), where=round_enough)


def patch_around(blurred: np.ndarray, row: int, col: int, radius: int) -> Patch:
    """Return the gradients in a square around a pixel, cut off at the image's border.

    Parameters
    ----------
    blurred : ndarray (h, w), float
    row, col : int
    radius : int
        In pixels.

    Returns
    -------
    Patch
    """
    height, width = blurred.shape
    top, left = max(1, row - radius), max(1, col - radius)
    bottom = max(top, min(height - 1, row + radius + 1))
    right = max(left, min(width - 1, col + radius + 1))
    down = blurred[top + 1 : bottom + 1, left:right] - blurred[top - 1 : bottom - 1, left:right]
    across = blurred[top:bottom, left + 1 : right + 1] - blurred[top:bottom, left - 1 : right - 1]
    rows, cols = np.mgrid[top - row : bottom - row, left - col : right - col]
    magnitude = np.hypot(down, across, dtype=np.float64)
    return Patch(rows, cols, magnitude, degrees(down, across, 360))


def orientation(blurred: np.ndarray, row: int, col: int, sigma: float) -> Orientation:
    """Let the gradients around a pixel vote for the directions that it gets.

    Parameters
    ----------
    blurred : ndarray (h, w), float
        The image of the octave nearest to the keypoint's size.
    row, col : int
        Its pixel there.
    sigma : float
        Its size, in pixels of the octave.

    Returns
    -------
    Orientation
    """
    patch = patch_around(blurred, row, col, round(4.5 * sigma))
    reach = 1.5 * sigma
    weights = np.exp(-(patch.rows**2 + patch.cols**2) / (2 * reach**2))
    bins = np.rint(patch.direction * ORIENTATIONS / 360).astype(int) % ORIENTATIONS
    votes = np.bincount(bins.ravel(), (weights * patch.magnitude).ravel(), ORIENTATIONS)
    histogram = smoothed(votes)
    return Orientation(patch, weights, votes, histogram, tuple(peaks(histogram)))


def smoothed(votes: np.ndarray) -> np.ndarray:
    """Average each bin with its neighbours around the circle, with weights 1 4 6 4 1 over 16.

    Examples
    --------
    >>> smoothed(np.array([16.0, 0, 0, 0, 0, 0])).tolist()
    [6.0, 4.0, 1.0, 0.0, 1.0, 4.0]
    """
    near = np.roll(votes, 1) + np.roll(votes, -1)
    far = np.roll(votes, 2) + np.roll(votes, -2)
    return (6 * votes + 4 * near + far) / 16


def peaks(histogram: np.ndarray) -> list[float]:
    """Return the angles of the peaks of at least 0.8 times the highest one, the highest first.

    Parameters
    ----------
    histogram : ndarray (N,), float
        Around the circle.

    Returns
    -------
    list of float in [0, 360)
        In degrees, each at the top of the parabola through a bin and its two neighbours.

    Examples
    --------
    >>> peaks(np.array([0.0, 5, 9, 5, 0, 0, 8, 0]))
    [90.0, 270.0]
    >>> peaks(np.zeros(36))
    []
    """
    before, after = np.roll(histogram, 1), np.roll(histogram, -1)
    high = (histogram > before) & (histogram > after)
    high &= histogram >= SECOND_PEAK * histogram.max()
    chosen = np.flatnonzero(high)
    chosen = chosen[np.argsort(-histogram[chosen], kind="stable")]
    left, top, right = before[chosen], histogram[chosen], after[chosen]
    place = chosen + 0.5 * (left - right) / (left - 2 * top + right)
    return [float(angle) for angle in place * 360 / len(histogram) % 360]


def _of_octave(candidates: Candidates, index: int) -> np.ndarray:
    chosen = candidates.octave == index
    return np.stack([candidates.layer, candidates.row, candidates.col], axis=1)[chosen]


def _refine_octave(index: int, octave: Octave, place: np.ndarray, chosen: SiftSettings) -> Refined:
    values = octave.differences
    place, offset, settled = _walk(values, place)
    slope, curvature = derivatives(values, place)
    contrast = values[tuple(place.T)] + 0.5 * (slope * offset).sum(axis=1)
    ratio = edge_ratio(curvature)
    fate = np.select(
        [~settled, np.abs(contrast) < chosen.contrast / chosen.layers, ratio >= chosen.edge],
        [Fate.WANDERED, Fate.WEAK, Fate.EDGE],
        Fate.KEPT,
    )
    where = Candidates(np.full(len(place), index), *place.T)
    return Refined(where, offset, contrast, ratio, fate)


def _walk(values: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Move each candidate to the pixel nearest to its top, at most five times."""
    place = place.copy()
    offset = np.zeros(place.shape)
    settled = np.zeros(len(place), dtype=bool)
    moving = np.arange(len(place))
    for _ in range(_MOVES):
        offset[moving] = _top(*derivatives(values, place[moving]))
        near = (np.abs(offset[moving]) < 0.5).all(axis=1)
        settled[moving[near]] = True
        moving = moving[~near]
        goal = place[moving] + np.rint(np.clip(offset[moving], -1e6, 1e6)).astype(np.intp)
        moving, goal = moving[(stays := _inside(goal, values.shape))], goal[stays]
        place[moving] = goal
    return place, offset, settled


def _top(slope: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """Return where the fitted parabola is level; very far away where it has no top."""
    flat = np.linalg.det(curvature) == 0
    solvable = np.where(flat[:, None, None], np.eye(3), curvature)
    top = -np.linalg.solve(solvable, slope[..., None])[..., 0]
    return np.where(flat[:, None], 1e6, top)


def _inside(place: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    least = np.array([1, BORDER, BORDER])
    return ((place >= least) & (place < np.array(shape) - least)).all(axis=1)
