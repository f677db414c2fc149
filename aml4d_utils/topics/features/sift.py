"""SIFT as a whole: step by step, fast, and opened up at one keypoint.

`sift_steps` shows every step, `sift` gives its keypoints and `fast_sift` gives OpenCV's, in the
same form. Where Lowe's paper leaves a choice, ours is OpenCV's, so that the two find the same.

References
----------
.. [1] D. G. Lowe, "Distinctive image features from scale-invariant keypoints", International
   Journal of Computer Vision 60, 2004, doi:10.1023/B:VISI.0000029664.99615.94.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.features.keypoints import Keypoint, Keypoints
from aml4d_utils.topics.features.scale_space import (
    ScaleSpace,
    SiftSettings,
    grey_levels,
    scale_space,
)
from aml4d_utils.topics.features.sift_descriptor import BINS, GRID, Description, describe_keypoint
from aml4d_utils.topics.features.sift_keypoints import (
    Candidates,
    Fate,
    Orientation,
    Refined,
    find_extrema,
    orientation,
    refine,
)


@dataclass(frozen=True)
class SiftSteps:
    """Everything on the way from a photo to its keypoints.

    Attributes
    ----------
    space : ScaleSpace
    candidates : Candidates
        All extrema.
    refined : Refined
        What became of each.
    keypoints : Keypoints
        One or more for each candidate that was kept.
    """

    space: ScaleSpace
    candidates: Candidates
    refined: Refined
    keypoints: Keypoints


@dataclass(frozen=True)
class OpenKeypoint:
    """One keypoint opened up.

    Attributes
    ----------
    keypoint : Keypoint
    octave, layer : int
        Where in the scale space it is described.
    spacing : float
        Distance of two pixels of that octave, in pixels of the photo.
    row, col : int
        The keypoint's pixel in that octave.
    blurred : ndarray (h, w), float32
        The image of that octave and layer.
    orientation : Orientation
    description : Description
    """

    keypoint: Keypoint
    octave: int
    layer: int
    spacing: float
    row: int
    col: int
    blurred: np.ndarray
    orientation: Orientation
    description: Description


def sift(image: np.ndarray, settings: SiftSettings | None = None) -> Keypoints:
    """Find and describe keypoints, with this room's own steps.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
        Turned into `grey_levels`.
    settings : SiftSettings, optional

    Returns
    -------
    Keypoints
        None for a photo that is all one colour or has fewer than about 6 × 6 pixels.

    Raises
    ------
    ValueError
        If it is not an image: wrong shape, NaN, out of range.

    Examples
    --------
    >>> len(sift(np.full((60, 80), 0.5)))
    0
    """
    return sift_steps(image, settings).keypoints


def sift_steps(image: np.ndarray, settings: SiftSettings | None = None) -> SiftSteps:
    """Find and describe keypoints and keep every step.

    Parameters
    ----------
    image, settings
        As in `sift`.

    Returns
    -------
    SiftSteps

    Raises
    ------
    ValueError
        As in `sift`.
    """
    space = scale_space(image, settings)
    candidates = find_extrema(space)
    refined = refine(space, candidates)
    return SiftSteps(space, candidates, refined, described(space, refined))


def described(space: ScaleSpace, refined: Refined) -> Keypoints:
    """Give every candidate that was kept its directions, and every direction its descriptor.

    Parameters
    ----------
    space : ScaleSpace
    refined : Refined

    Returns
    -------
    Keypoints
    """
    kept = _kept_once(refined)
    where, shift = refined.candidates, refined.offset
    rows: list[tuple[float, ...]] = []
    vectors: list[np.ndarray] = []
    for index in kept:
        octave, layer = int(where.octave[index]), int(where.layer[index])
        row, col = int(where.row[index]), int(where.col[index])
        blurred, spacing = space.octaves[octave].blurred[layer], space.octaves[octave].spacing
        size = space.blur(octave, layer + shift[index, 0])
        place = spacing * (row + shift[index, 1]), spacing * (col + shift[index, 2])
        for angle in orientation(blurred, row, col, size / spacing).angles:
            rows.append((*place, size, angle, abs(refined.contrast[index])))
            vectors.append(describe_keypoint(blurred, row, col, size / spacing, angle).vector)
    table = np.array(rows, dtype=np.float64).reshape(-1, 5)
    descriptors = np.array(vectors, dtype=np.float32).reshape(-1, GRID * GRID * BINS)
    return Keypoints(table[:, :2], *table[:, 2:].T, descriptors)


def sift_at(image: np.ndarray, keypoint: Keypoint, space: ScaleSpace | None = None) -> OpenKeypoint:
    """Open one keypoint: which pixels it looks at, how it turns, how it is described.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    keypoint : Keypoint
        From `sift`, from `fast_sift`, or made up.
    space : ScaleSpace, optional
        The photo's scale space, where it is known already.

    Returns
    -------
    OpenKeypoint

    Raises
    ------
    ValueError
        If it is not an image, is too small, or the keypoint lies outside.
    """
    space = scale_space(image) if space is None else space
    height, width = np.shape(image)[:2]
    if not (0 <= keypoint.row <= height - 1 and 0 <= keypoint.col <= width - 1):
        raise ValueError(
            f"The keypoint at row {keypoint.row:.1f}, column {keypoint.col:.1f} lies outside the "
            f"photo of {height} × {width} pixels."
        )
    octave, layer = space.level(keypoint.sigma)
    blurred, spacing = space.octaves[octave].blurred[layer], space.octaves[octave].spacing
    row = min(round(keypoint.row / spacing), blurred.shape[0] - 1)
    col = min(round(keypoint.col / spacing), blurred.shape[1] - 1)
    sigma = keypoint.sigma / spacing
    return OpenKeypoint(
        keypoint=keypoint,
        octave=octave,
        layer=layer,
        spacing=spacing,
        row=row,
        col=col,
        blurred=blurred,
        orientation=orientation(blurred, row, col, sigma),
        description=describe_keypoint(blurred, row, col, sigma, keypoint.angle),
    )


def fast_sift(image: np.ndarray, settings: SiftSettings | None = None, count: int = 0) -> Keypoints:
    """Find and describe keypoints with OpenCV, about ten times as fast as `sift`.

    OpenCV's conventions are turned into this room's here and nowhere else: its points are
    (x, y), its size is a diameter of two sigma, and its descriptors count directions the other
    way round, in whole numbers.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
        Turned into `grey_levels`.
    settings : SiftSettings, optional
    count : int
        Only so many, those of highest contrast; 0 for all.

    Returns
    -------
    Keypoints

    Raises
    ------
    ValueError
        If it is not an image: wrong shape, NaN, out of range.

    Examples
    --------
    >>> len(fast_sift(np.full((60, 80), 0.5)))
    0
    """
    import cv2

    settings = settings or SiftSettings()
    finder = cv2.SIFT_create(
        count,
        settings.layers,
        settings.contrast,
        settings.edge,
        settings.sigma,
        enable_precise_upscale=True,
    )
    found, numbers = finder.detectAndCompute(grey_levels(image), None)
    if not found:
        numbers = np.zeros((0, GRID * GRID * BINS))
    return Keypoints(
        positions=np.array([point.pt[::-1] for point in found], dtype=np.float64).reshape(-1, 2),
        sigmas=np.array([point.size / 2 for point in found], dtype=np.float64),
        angles=np.array([point.angle % 360 for point in found], dtype=np.float64),
        responses=np.array([point.response for point in found], dtype=np.float64),
        descriptors=_turned_back(numbers),
    )


def _turned_back(numbers: np.ndarray) -> np.ndarray:
    cells = numbers.astype(np.float32).reshape(-1, GRID * GRID, BINS)
    vectors = cells[:, :, -np.arange(BINS)].reshape(-1, GRID * GRID * BINS)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, np.finfo(np.float32).tiny)


def _kept_once(refined: Refined) -> np.ndarray:
    """Return the indices of the kept candidates; two that met at one pixel count once."""
    kept = np.flatnonzero(refined.fate == Fate.KEPT)
    where = refined.candidates
    places = np.stack([where.octave, where.layer, where.row, where.col], axis=1)[kept]
    return kept[np.sort(np.unique(places, axis=0, return_index=True)[1])]
