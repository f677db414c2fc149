"""One photo seen twice: SIFT in both views, their matches, and which of these are right.

References
----------
.. [1] D. G. Lowe, "Distinctive image features from scale-invariant keypoints", International
   Journal of Computer Vision 60, 2004, doi:10.1023/B:VISI.0000029664.99615.94.
.. [2] K. Mikolajczyk et al., "A comparison of affine region detectors", International Journal of
   Computer Vision 65, 2005, doi:10.1007/s11263-005-3848-x.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils.images import as_float, fit, grey, resize
from aml4d_utils.topics.features.keypoints import Keypoints
from aml4d_utils.topics.features.matching import Matches, correct_matches, match
from aml4d_utils.topics.features.sift import fast_sift
from aml4d_utils.topics.features.transforms import (
    OUTSIDE,
    Transformed,
    View,
    move_points,
    transform_image,
)

SMALLEST = 16
"""Least height and width of a photo that is matched, in pixels."""


@dataclass(frozen=True)
class TwoViews:
    """A photo, the same photo seen again, and all matches between the two.

    Attributes
    ----------
    photo : ndarray (H, W, 3), float32 in [0, 1]
    again : ndarray (S, S, 3), float32 in [0, 1]
        Through a square window; grey where the photo does not reach.
    matrix : ndarray (3, 3), float64
        Takes (row, col, 1) of the photo to the window, up to a factor.
    first, second : Keypoints
        Of the photo and of the window.
    matches : Matches
        One for each keypoint of the photo, whatever its ratio.
    right : ndarray (M,), bool
        Which of them lead to the true place.
    in_view : int
        How many of the photo's keypoints the window still shows.
    """

    photo: np.ndarray
    again: np.ndarray
    matrix: np.ndarray
    first: Keypoints
    second: Keypoints
    matches: Matches
    right: np.ndarray
    in_view: int

    def kept(self, ratio: float) -> np.ndarray:
        """Return which matches pass the ratio test: ndarray (M,), bool."""
        return self.matches.ratio < ratio


@dataclass(frozen=True)
class Frames:
    """How much SIFT's frames turned and grew from the photo to the window, measured.

    Attributes
    ----------
    turn : float in [-180, 180)
        Degrees, clockwise on the screen; the middle one of all right matches.
    growth : float
        Factor; the middle one as well.
    count : int
        Of right matches; with 0 the other two are 0 and 1.
    """

    turn: float
    growth: float
    count: int


def look_twice(
    photo: np.ndarray,
    view: View,
    side: int,
    first: Keypoints | None = None,
    seed: int = 0,
) -> TwoViews:
    """Match a photo with itself, seen again.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
        At least 16 × 16 pixels.
    view : View
    side : int
        Of the window in pixels.
    first : Keypoints, optional
        ``fast_sift(photo)``, where it is known already.
    seed : int
        Of the noise.

    Returns
    -------
    TwoViews

    Raises
    ------
    ValueError
        If it is not an image, or a smaller one.

    Examples
    --------
    >>> look_twice(np.full((60, 80), 0.5), View(rotation=30), 100).right.tolist()
    []
    """
    photo = as_float(photo)
    if min(photo.shape[:2]) < SMALLEST:
        raise ValueError(
            f"Expected a photo of at least {SMALLEST} × {SMALLEST} pixels, but got "
            f"{photo.shape[0]} × {photo.shape[1]}."
        )
    first = fast_sift(photo) if first is None else first
    seen = through_window(photo, view, side, np.random.default_rng(seed))
    second = fast_sift(seen.image)
    matches = match(first.descriptors, second.descriptors, 1.0)
    tolerance = 3.0 * max(1.0, view.scale)
    right = correct_matches(matches, first.positions, second.positions, seen.matrix, tolerance)
    places = move_points(first.positions, seen.matrix)
    in_view = int(((places >= 0) & (places <= side - 1)).all(axis=1).sum())
    return TwoViews(photo, seen.image, seen.matrix, first, second, matches, right, in_view)


def workable(photo: np.ndarray, longest: int = 280) -> np.ndarray:
    """Return a photo that features can be looked for in: a large one shrunk, a tiny one stretched.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    longest : int
        Of its sides, in pixels.

    Returns
    -------
    ndarray (H', W', 3), float32 in [0, 1]
        Each side has at least 48 pixels.

    Examples
    --------
    >>> workable(np.zeros((600, 900))).shape, workable(np.zeros((2, 90))).shape
    ((187, 280, 3), (48, 90, 3))
    """
    pixels = fit(as_float(photo), longest)
    height, width = (max(48, length) for length in pixels.shape[:2])
    return pixels if (height, width) == pixels.shape[:2] else resize(pixels, height, width)


def through_window(
    photo: np.ndarray, view: View, side: int, rng: np.random.Generator | None = None
) -> Transformed:
    """See a photo again through a square window that keeps its size.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    view : View
    side : int
        Of the window in pixels; the photo's middle is in its middle.
    rng : numpy.random.Generator, optional
        Makes the noise.

    Returns
    -------
    Transformed

    Examples
    --------
    >>> seen = through_window(np.zeros((20, 30)), View(rotation=90), 40)
    >>> seen.image.shape, move_points(np.array([[9.5, 14.5]]), seen.matrix).round(6).tolist()
    ((40, 40, 3), [[19.5, 19.5]])
    """
    placed = transform_image(photo, replace(view, brightness=1.0, contrast=1.0, noise=0.0))
    window = np.full((side, side, 3), OUTSIDE, dtype=np.float32)
    offset = [(side - length) // 2 for length in placed.image.shape[:2]]
    into, out_of = zip(
        *(
            _overlap(gap, side, length)
            for gap, length in zip(offset, placed.image.shape[:2], strict=True)
        ),
        strict=True,
    )
    window[into] = placed.image[out_of]
    shift = np.eye(3)
    shift[:2, 2] = offset
    light = View(brightness=view.brightness, contrast=view.contrast, noise=view.noise)
    return Transformed(transform_image(window, light, rng).image, shift @ placed.matrix)


def pixel_likeness(two: TwoViews) -> float:
    """Return how well the pixels of the two views agree where they lie on each other.

    Parameters
    ----------
    two : TwoViews

    Returns
    -------
    float in [-1, 1]
        The correlation of their greys, in the photo's place in the middle of the window; 0 where
        one of them is all one colour.
    """
    plain = through_window(two.photo, View(), len(two.again)).matrix
    height, width = two.photo.shape[:2]
    places = np.argwhere(np.ones((height, width), dtype=bool))
    there = np.rint(move_points(places, plain)).astype(int)
    inside = ((there >= 0) & (there < len(two.again))).all(axis=1)
    first = grey(two.photo).ravel()[inside]
    second = grey(two.again)[tuple(there[inside].T)]
    if first.std() < 1e-6 or second.std() < 1e-6:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def measured_frames(two: TwoViews, ratio: float = 1.0) -> Frames:
    """Measure how much the frames of right matches turned and grew.

    Parameters
    ----------
    two : TwoViews
    ratio : float
        Of the ratio test.

    Returns
    -------
    Frames
    """
    chosen = two.right & two.kept(ratio)
    if not chosen.any():
        return Frames(0.0, 1.0, 0)
    before, after = two.matches.first[chosen], two.matches.second[chosen]
    turns = np.deg2rad(two.second.angles[after] - two.first.angles[before])
    main = np.angle(np.exp(1j * turns).mean())
    apart = np.angle(np.exp(1j * (turns - main)))
    turn = (np.rad2deg(main + np.median(apart)) + 180) % 360 - 180
    growth = np.median(two.second.sigmas[after] / two.first.sigmas[before])
    return Frames(float(turn), float(growth), int(chosen.sum()))


def _overlap(gap: int, side: int, length: int) -> tuple[slice, slice]:
    """Return where in the window, and which part of a picture, if it starts at ``gap``."""
    start, end = max(0, gap), min(side, gap + length)
    return slice(start, end), slice(start - gap, end - gap)
