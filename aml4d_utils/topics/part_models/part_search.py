"""Look for faces of any size in a photo, and show a face to the model with some margin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import fit, grey
from aml4d_utils.nets import Detections, suppress
from aml4d_utils.topics.part_models.part_model import (
    CELL,
    ROOT_CELLS,
    Levels,
    PartModel,
    ScoreMaps,
    best_places_of,
    best_root,
    resized,
    score_maps,
    two_levels,
)

SMALLEST = 40.0
"""Side of the smallest face looked for, in pixels."""
STEP = 1.15
"""How much larger each size is than the one before."""
OVERLAP = 0.3
"""Of two boxes with a larger intersection over union, the less sure one is dropped."""

_SIDE = CELL * ROOT_CELLS


@dataclass(frozen=True)
class FoundFaces:
    """Faces in a photo, surest first.

    Attributes
    ----------
    faces : Detections
        A box around each root; the score is above the threshold and has no upper limit.
    parts : ndarray (N, P, 4), float32
        The boxes of the P parts of each face.
    """

    faces: Detections
    parts: np.ndarray


@dataclass(frozen=True)
class FaceView:
    """A face, or what looks most like one, as the model sees it.

    Attributes
    ----------
    name : str
        Where it comes from, in a few words.
    picture : ndarray (2 · 5 R, 2 · 5 C), float32 in [0, 1]
        Grey, in pixels of the fine level.
    levels : Levels
    root : tuple of int
        Row and column of the root, in cells of the coarse level.
    """

    name: str
    picture: np.ndarray
    levels: Levels
    root: tuple[int, int]


def find_faces(
    model: PartModel,
    photo: np.ndarray,
    threshold: float = 0.0,
    smallest: float = SMALLEST,
) -> FoundFaces:
    """Find faces of all sizes.

    Parameters
    ----------
    model : PartModel
        With or without parts.
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    threshold : float
        Scores above it count; the model was trained for 0.
    smallest : float
        Side of the smallest face in pixels, at least 8.

    Returns
    -------
    FoundFaces
        Nothing where nothing is found, or where the photo is smaller than the smallest face.

    Raises
    ------
    ValueError
        If the photo is no image, or a number is out of range.

    Notes
    -----
    Both maps are made anew for each size. The papers share a pyramid, in which the fine level of
    one size is the coarse level of another, an octave away.
    """
    boxes, parts, scores = [], [], []
    for scale, maps in pyramid(model, photo, smallest):
        rows, cols = np.nonzero(maps.total > threshold)
        for row, col in zip(rows.tolist(), cols.tolist(), strict=True):
            boxes.append(root_box((row, col)) / scale)
            places = best_places_of(maps, (row, col))
            parts.append(
                [part_box(m.part.size, p) / scale for m, p in zip(maps.parts, places, strict=True)]
            )
            scores.append(maps.total[row, col])
    count = len(scores)
    every = Detections(
        np.array(boxes, dtype=np.float32).reshape(-1, 4),
        np.array(scores, dtype=np.float32),
        np.arange(count),
    )
    kept = suppress(every, OVERLAP)
    chosen = np.array(parts, dtype=np.float32).reshape(count, len(model.parts), 4)[kept.labels]
    labels = np.full(len(kept), "face")
    return FoundFaces(Detections(kept.boxes, kept.scores, labels), chosen)


def pyramid(
    model: PartModel, photo: np.ndarray, smallest: float = SMALLEST
) -> Iterator[tuple[float, ScoreMaps]]:
    """Yield the scale and the score maps of each size, the smallest faces first.

    A root at (row, col) covers ``root_box((row, col)) / scale`` in the photo.

    Raises
    ------
    ValueError
        As `find_faces`.
    """
    if not smallest >= 8:
        raise ValueError(f"The smallest face has a side of at least 8 pixels, not {smallest}.")
    picture = grey(photo)
    side = float(smallest)
    while side <= min(picture.shape):
        scale = _SIDE / side
        rows, cols = (int(length * scale) // CELL for length in picture.shape)
        if min(rows, cols) < ROOT_CELLS:
            return
        # Only whole cells: the rest at the right and at the bottom is left out.
        high, wide = (round(count * CELL / scale) for count in (rows, cols))
        yield scale, score_maps(model, two_levels(picture[:high, :wide], rows, cols))
        side *= STEP


def root_box(root: tuple[int, int]) -> np.ndarray:
    """Return the box x0, y0, x1, y1 of a root, in pixels of the coarse level."""
    row, col = root
    return np.array([col, row, col + ROOT_CELLS, row + ROOT_CELLS], dtype=np.float64) * CELL


def part_box(size: tuple[int, int], place: tuple[int, int]) -> np.ndarray:
    """Return the box x0, y0, x1, y1 of a part, in pixels of the coarse level."""
    (high, wide), (row, col) = size, place
    return np.array([col, row, col + wide, row + high], dtype=np.float64) * CELL / 2


def best_face(model: PartModel, photo: np.ndarray) -> FoundFaces:
    """Return the one window of a photo that looks most like a face, whatever its score.

    Parameters
    ----------
    model : PartModel
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
        With at least `SMALLEST` pixels a side.

    Returns
    -------
    FoundFaces
        One face; its score may be below 0.

    Raises
    ------
    ValueError
        If the photo is no image, or smaller than a face.
    """
    best = None
    for scale, maps in pyramid(model, photo):
        root = best_root(maps)
        if best is None or maps.total[root] > best[0]:
            places = zip(maps.parts, best_places_of(maps, root), strict=True)
            parts = [part_box(found.part.size, place) / scale for found, place in places]
            best = float(maps.total[root]), root_box(root) / scale, parts
    if best is None:
        raise ValueError(f"A face has at least {SMALLEST:.0f} pixels a side, more than the photo.")
    score, box, parts = best
    faces = Detections(
        np.array([box], dtype=np.float32),
        np.array([score], dtype=np.float32),
        np.array(["face"]),
    )
    return FoundFaces(faces, np.array(parts, dtype=np.float32).reshape(1, -1, 4))


def view_of_patch(patch: np.ndarray, name: str) -> FaceView:
    """Show a picture cut close around a face, as large as the root.

    Parameters
    ----------
    patch : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    name : str
    """
    picture = resized(grey(patch), 2 * _SIDE, 2 * _SIDE)
    return FaceView(name, picture, two_levels(patch), (0, 0))


def view_in_photo(model: PartModel, photo: np.ndarray, name: str, margin: int = 2) -> FaceView:
    """Show what looks most like a face in a photo, with some of its surroundings.

    Parameters
    ----------
    model : PartModel
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
        Shrunk to at most 320 pixels; enlarged where it is smaller than a face.
    name : str
    margin : int
        Cells of the coarse level on each side of the root. Beyond the photo's edge, its last
        pixels are repeated.
    """
    picture = grey(fit(photo, 320))
    shorter = min(picture.shape)
    if shorter < 1.5 * SMALLEST:
        grow = 1.5 * SMALLEST / shorter
        high, wide = (max(1, round(length * grow)) for length in picture.shape)
        picture = resized(picture, high, wide)
    box = best_face(model, picture).faces.boxes[0]
    cells = ROOT_CELLS + 2 * margin
    side = (box[2] - box[0]) * cells / ROOT_CELLS
    top, left = (centre - side / 2 for centre in ((box[1] + box[3]) / 2, (box[0] + box[2]) / 2))
    fine = _cut(picture, top, left, side, 2 * CELL * cells)
    return FaceView(name, fine, two_levels(fine, cells, cells), (margin, margin))


def _cut(picture: np.ndarray, top: float, left: float, side: float, pixels: int) -> np.ndarray:
    """Return a square of a picture, resampled; beyond its edge the last pixels are repeated."""
    reach = int(np.ceil(side))
    wide = np.pad(picture, reach, mode="edge")
    row, col = round(top) + reach, round(left) + reach
    row, col = (
        max(0, min(at, end - reach)) for at, end in zip((row, col), wide.shape, strict=True)
    )
    return np.clip(resized(wide[row : row + reach, col : col + reach], pixels, pixels), 0, 1)
