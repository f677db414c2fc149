"""A keypoint opened up: what each step of SIFT sees there, and the same keypoint found again.

References
----------
.. [1] D. G. Lowe, "Distinctive image features from scale-invariant keypoints", International
   Journal of Computer Vision 60, 2004, doi:10.1023/B:VISI.0000029664.99615.94.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from aml4d_utils.topics.features.keypoints import Keypoint, Keypoints
from aml4d_utils.topics.features.scale_space import ScaleSpace, scale_space
from aml4d_utils.topics.features.sift import OpenKeypoint, fast_sift, sift_at
from aml4d_utils.topics.features.sift_descriptor import CELL, GRID
from aml4d_utils.topics.features.sift_keypoints import (
    Candidates,
    Fate,
    Refined,
    derivatives,
    edge_ratio,
    find_extrema,
    refine,
)
from aml4d_utils.topics.features.transforms import Transformed, View, move_points
from aml4d_utils.topics.features.two_views import through_window

REACH = 5.0
"""How far around a keypoint its tiles show, in sigmas."""


@dataclass(frozen=True)
class OpenScene:
    """A photo in one view, with everything SIFT finds there.

    Attributes
    ----------
    view : View
    seen : Transformed
    space : ScaleSpace
    keypoints : Keypoints
    """

    view: View
    seen: Transformed
    space: ScaleSpace
    keypoints: Keypoints

    @cached_property
    def candidates(self) -> Candidates:
        """All extrema; computed when first asked for."""
        return find_extrema(self.space)

    @cached_property
    def refined(self) -> Refined:
        """What became of every extremum, in the same order."""
        return refine(self.space, self.candidates)


@dataclass(frozen=True)
class Sizes:
    """One place of the photo, looked at in more and more blur.

    Attributes
    ----------
    sigmas : ndarray (K,), float64
        Blurs in pixels of the photo, growing.
    differences : ndarray (K,), float64
        Difference of two neighbouring blurs there.
    tile_sigmas : ndarray (T,), float64
        Blurs of the tiles: finer, as the keypoint, coarser.
    blurred, changes : ndarray (T, S, S), float64
        The surroundings in each of these blurs, and their differences.
    """

    sigmas: np.ndarray
    differences: np.ndarray
    tile_sigmas: np.ndarray
    blurred: np.ndarray
    changes: np.ndarray


@dataclass(frozen=True)
class Extremum:
    """A keypoint's pixel among its 26 neighbours in place and size.

    Attributes
    ----------
    values : ndarray (3, 3, 3), float64
        Differences of blurs: finer, its own size, coarser; rows; columns.
    beaten : int
        How many of the 26 neighbours it stands out from.
    contrast : float
        Magnitude of the middle value.
    edge_ratio : float
        Larger curvature of the image plane over the smaller one, at the top of the fitted
        parabola where there is one; infinite on a saddle.
    """

    values: np.ndarray
    beaten: int
    contrast: float
    edge_ratio: float


@dataclass(frozen=True)
class Opened:
    """One keypoint, step by step.

    Attributes
    ----------
    scene : OpenScene
    found : bool
        Whether SIFT finds it in this scene; if not, it is opened where it should be.
    sizes : Sizes
    inside : OpenKeypoint
        With its orientation and its description.
    patch : ndarray (S, S), float64
        The photo under the descriptor's grid, turned so that the keypoint's direction points
        right.
    """

    scene: OpenScene
    found: bool
    sizes: Sizes
    inside: OpenKeypoint
    patch: np.ndarray

    @cached_property
    def extremum(self) -> Extremum:
        """The pixel of the scale space that it comes from; computed when first asked for."""
        if self.found:
            return extremum_of(self.scene, self.inside.keypoint)
        return pixel_of(self.scene.space, self.inside)


@dataclass(frozen=True)
class OpenResult:
    """A keypoint of the photo opened in some view of it.

    Attributes
    ----------
    step : str
        Which step of SIFT is looked at.
    plain, scene : OpenScene
        The photo as it is, and the view.
    chosen : ndarray (N,), int
        The plain scene's keypoints that can be opened.
    number : int
        Which of these it is, counted from 1; 0 if there is none.
    opened : Opened or None
        None if there is no keypoint, or it left the view.
    cell : int
        The cell of the descriptor that is looked at, 0 to 15.
    distance, nearest_other : float
        From the descriptor to the same keypoint's in the photo as it is, and to the most similar
        one of another place there; 0 and 0 where there is none.
    """

    step: str
    plain: OpenScene
    scene: OpenScene
    chosen: np.ndarray
    number: int
    opened: Opened | None
    cell: int
    distance: float
    nearest_other: float


def open_scene(photo: np.ndarray, view: View, side: int) -> OpenScene:
    """Look at a photo through a square window and run SIFT on it.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    view : View
    side : int
        Of the window in pixels.

    Returns
    -------
    OpenScene
    """
    seen = through_window(photo, view, side, np.random.default_rng(0))
    return OpenScene(view, seen, scale_space(seen.image), fast_sift(seen.image))


def open_keypoint(scene: OpenScene, keypoint: Keypoint, found: bool = True) -> Opened:
    """Open one keypoint of a scene.

    Parameters
    ----------
    scene : OpenScene
    keypoint : Keypoint
    found : bool
        Whether SIFT found it there.

    Returns
    -------
    Opened

    Raises
    ------
    ValueError
        If the keypoint lies outside.
    """
    inside = sift_at(scene.seen.image, keypoint, scene.space)
    sizes = look_in_sizes(scene.space, keypoint)
    return Opened(scene, found, sizes, inside, turned_patch(inside))


def open_again(plain: OpenScene, index: int, scene: OpenScene) -> Opened | None:
    """Open a keypoint of the photo in another view of it.

    Parameters
    ----------
    plain : OpenScene
        The photo as it is, without rotation and scale.
    index : int
        Of its keypoints.
    scene : OpenScene
        The same photo in some view.

    Returns
    -------
    Opened or None
        Where SIFT lost it, it is opened at its true place; None if that is out of the window.
    """
    again = found_again(plain, index, scene)
    if again is not None:
        return open_keypoint(scene, scene.keypoints.one(again))
    moved = moved_keypoint(plain, index, scene)
    height, width = scene.seen.image.shape[:2]
    if not (0 <= moved.row <= height - 1 and 0 <= moved.col <= width - 1):
        return None
    return open_keypoint(scene, moved, found=False)


def open_result(
    plain: OpenScene, scene: OpenScene, chosen: np.ndarray, number: int, step: str, cell: int
) -> OpenResult:
    """Open one of the chosen keypoints in a view, and compare its descriptor with those before.

    Parameters
    ----------
    plain, scene : OpenScene
        The photo as it is, and the view.
    chosen : ndarray (N,), int
        From `worth_opening`.
    number : int
        Which of these, counted from 1.
    step : str
    cell : int
        0 to 15.

    Returns
    -------
    OpenResult
    """
    if not len(chosen):
        return OpenResult(step, plain, scene, chosen, 0, None, cell, 0.0, 0.0)
    index = int(chosen[number - 1])
    opened = open_again(plain, index, scene)
    distance = other = 0.0
    if opened is not None:
        points = plain.keypoints
        apart = np.linalg.norm(points.descriptors - opened.inside.description.vector, axis=1)
        away = np.linalg.norm(points.positions - points.positions[index], axis=1) > 3
        distance = float(apart[index])
        other = float(apart[away].min()) if away.any() else 0.0
    return OpenResult(step, plain, scene, chosen, number, opened, cell, distance, other)


def moved_keypoint(plain: OpenScene, index: int, scene: OpenScene) -> Keypoint:
    """Return where a keypoint of the photo should be in another view of it.

    Parameters
    ----------
    plain, index, scene
        As in `open_again`.

    Returns
    -------
    Keypoint
    """
    one = plain.keypoints.one(index)
    way = scene.seen.matrix @ np.linalg.inv(plain.seen.matrix)
    row, col = move_points(np.array([[one.row, one.col]]), way)[0]
    turned = (one.angle + scene.view.rotation) % 360
    return Keypoint(float(row), float(col), one.sigma * scene.view.scale, turned)


def look_in_sizes(space: ScaleSpace, keypoint: Keypoint, side: int = 96) -> Sizes:
    """Look at a keypoint's place in all blurs of the scale space.

    Parameters
    ----------
    space : ScaleSpace
    keypoint : Keypoint
    side : int
        Of a tile, in pixels.

    Returns
    -------
    Sizes
    """
    layers = space.settings.layers
    here = np.array([[keypoint.row, keypoint.col]])
    levels = [(o, k) for o in range(len(space.octaves)) for k in range(1, layers + 1)]
    levels = [(0, 0), *levels, (len(space.octaves) - 1, layers + 1)]
    blurs = np.array([space.blur(octave, layer) for octave, layer in levels])
    values = [_sample(space, o, space.octaves[o].differences[k], here)[0] for o, k in levels]
    own = int(np.abs(np.log(blurs / keypoint.sigma)).argmin())
    chosen = np.clip([own - 2, own, own + 2], 0, len(levels) - 1)
    steps = (np.arange(side) + 0.5) / side * 2 - 1
    window = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1).reshape(-1, 2)
    places = window * REACH * keypoint.sigma + here

    def tiles(name: str) -> np.ndarray:
        found = []
        for octave, layer in (levels[k] for k in chosen):
            plane = getattr(space.octaves[octave], name)[layer]
            found.append(_sample(space, octave, plane, places).reshape(side, side))
        return np.stack(found)

    return Sizes(blurs, np.array(values), blurs[chosen], tiles("blurred"), tiles("differences"))


def extremum_of(scene: OpenScene, keypoint: Keypoint) -> Extremum:
    """Find the extremum that a keypoint comes from.

    Parameters
    ----------
    scene : OpenScene
    keypoint : Keypoint
        One that SIFT found there.

    Returns
    -------
    Extremum
    """
    refined, space = scene.refined, scene.space
    kept = np.flatnonzero(refined.fate == Fate.KEPT)  # others may lie anywhere, also far too far
    octave, layer, row, col = (
        getattr(refined.candidates, name)[kept] for name in ("octave", "layer", "row", "col")
    )
    spacing = np.array([octave.spacing for octave in space.octaves])[octave]
    rows = spacing * (row + refined.offset[kept, 1])
    cols = spacing * (col + refined.offset[kept, 2])
    blur = spacing * space.settings.sigma
    sigmas = blur * 2 ** ((layer + refined.offset[kept, 0]) / space.settings.layers)
    apart = np.hypot(rows - keypoint.row, cols - keypoint.col) / keypoint.sigma
    index = int(kept[(apart + np.abs(np.log2(sigmas / keypoint.sigma))).argmin()])
    start = scene.candidates
    at = start.octave[index], start.layer[index], start.row[index], start.col[index]
    return replace(_cube(space, *at), edge_ratio=float(refined.edge_ratio[index]))


def pixel_of(space: ScaleSpace, inside: OpenKeypoint) -> Extremum:
    """Look at the pixel where a keypoint should be, whether it is an extremum or not.

    Parameters
    ----------
    space : ScaleSpace
    inside : OpenKeypoint

    Returns
    -------
    Extremum
    """
    height, width = inside.blurred.shape
    row, col = min(max(1, inside.row), height - 2), min(max(1, inside.col), width - 2)
    return _cube(space, inside.octave, inside.layer, row, col)


def _cube(space: ScaleSpace, octave: int, layer: int, row: int, col: int) -> Extremum:
    values = space.octaves[octave].differences
    cube = values[layer - 1 : layer + 2, row - 1 : row + 2, col - 1 : col + 2].astype(np.float64)
    middle = cube[1, 1, 1]
    beaten = int((cube < middle).sum() if middle > 0 else (cube > middle).sum())
    _, curvature = derivatives(values, np.array([[layer, row, col]]))
    return Extremum(cube, beaten, float(abs(middle)), float(edge_ratio(curvature)[0]))


def turned_patch(inside: OpenKeypoint, side: int = 160) -> np.ndarray:
    """Return the pixels under the descriptor's 4 × 4 cells, turned with the keypoint.

    Parameters
    ----------
    inside : OpenKeypoint
    side : int
        Of the patch, in pixels.

    Returns
    -------
    ndarray (S, S), float64
        The keypoint's direction points right.
    """
    from scipy.ndimage import map_coordinates

    cell = CELL * inside.keypoint.sigma / inside.spacing
    steps = ((np.arange(side) + 0.5) / side - 0.5) * GRID * cell
    down, right = np.meshgrid(steps, steps, indexing="ij")
    turn = np.deg2rad(inside.keypoint.angle)
    rows = inside.row + right * np.sin(turn) + down * np.cos(turn)
    cols = inside.col + right * np.cos(turn) - down * np.sin(turn)
    return map_coordinates(inside.blurred, [rows, cols], order=1, mode="nearest")


def found_again(plain: OpenScene, index: int, scene: OpenScene) -> int | None:
    """Return which keypoint of a scene is the same as one of the photo as it is.

    Parameters
    ----------
    plain : OpenScene
        The photo as it is, without rotation and scale.
    index : int
        Of its keypoints.
    scene : OpenScene
        The same photo in some view.

    Returns
    -------
    int or None
        The nearest one within one sigma, a quarter of an octave and 30 degrees; None where SIFT
        lost it.
    """
    if not len(scene.keypoints):
        return None
    moved = moved_keypoint(plain, index, scene)
    points = scene.keypoints
    apart = np.linalg.norm(points.positions - (moved.row, moved.col), axis=1)
    sizes = np.abs(np.log2(points.sigmas / moved.sigma))
    turns = np.abs((points.angles - moved.angle + 180) % 360 - 180)
    sigma = moved.sigma
    same = (apart <= max(1.5, sigma)) & (sizes <= 0.25) & (turns <= 30)
    if not same.any():
        return None
    return int(np.where(same, apart / sigma + turns / 30, np.inf).argmin())


def worth_opening(scene: OpenScene, shape: tuple[int, int], most: int = 48) -> np.ndarray:
    """Choose keypoints to open: strong ones, not too small, away from the photo's border.

    Parameters
    ----------
    scene : OpenScene
    shape : tuple of int
        Height and width of the photo.
    most : int

    Returns
    -------
    ndarray (N,), int
        Indices of the scene's keypoints, the largest first; smaller ones and ones near the
        border only where there are few others.
    """
    points = scene.keypoints
    places = move_points(points.positions, np.linalg.inv(scene.seen.matrix))
    room = np.minimum(places, np.array(shape) - 1 - places).min(axis=1) - 4 * points.sigmas
    _, first = np.unique(np.c_[points.positions, points.sigmas], axis=0, return_index=True)
    good = first[(points.sigmas[first] >= 1.8) & (room[first] >= 0)]
    chosen = good if len(good) >= min(8, len(first)) else first
    strong = chosen[np.argsort(-points.responses[chosen], kind="stable")][:most]
    return strong[np.argsort(-points.sigmas[strong], kind="stable")]


def largest_strong(scene: OpenScene, chosen: np.ndarray) -> int:
    """Return the place in ``chosen`` (from :func:`worth_opening`) of a good one to begin with.

    It has the strongest answer among the larger half.
    """
    strong = scene.keypoints.responses[chosen[: max(1, len(chosen) // 2)]]
    return int(strong.argmax()) if len(strong) else 0


def nearest(positions: np.ndarray, place: tuple[float, float]) -> int:
    """Return the position (N, 2) that lies nearest to a place, both as (row, col).

    Examples
    --------
    >>> nearest(np.array([[0, 0], [0, 5]]), (1, 4))
    1
    """
    return int(np.linalg.norm(positions - np.asarray(place), axis=1).argmin())


def neighbour(positions: np.ndarray, current: int, step: tuple[int, int]) -> int:
    """Return the point that lies next in a direction, or the current one where none does.

    Parameters
    ----------
    positions : ndarray (N, 2), float
        As (row, col).
    current : int
    step : tuple of int
        The direction, as (rows, cols).

    Returns
    -------
    int
        The nearest one within 60 degrees of the direction.

    Examples
    --------
    >>> neighbour(np.array([[0, 0], [0, 5], [9, 0]]), 0, (0, 1))
    1
    """
    way = positions - positions[current]
    along = way @ np.asarray(step, dtype=np.float64) / np.hypot(*step)
    length = np.linalg.norm(way, axis=1)
    ahead = (along > 0.5 * length) & (length > 0)
    if not ahead.any():
        return current
    aside = np.sqrt(np.maximum(0, length**2 - along**2))
    return int(np.where(ahead, along + 2 * aside, np.inf).argmin())


def _sample(space: ScaleSpace, octave: int, plane: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return a plane of an octave at places (N, 2) given in pixels of the photo."""
    from scipy.ndimage import map_coordinates

    where = places.T / space.octaves[octave].spacing
    return map_coordinates(plane, where, order=1, mode="nearest").astype(np.float64)
