"""Change a photo in a known way, so that it is known where every point went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import as_float

OUTSIDE = 0.5
"""Grey of what the photo does not cover."""


@dataclass(frozen=True)
class View:
    """How to look at a photo again.

    Attributes
    ----------
    rotation : float
        Degrees, clockwise on the screen.
    scale : float
        Above 1 enlarges.
    tilt : float in [-70, 70]
        Degrees by which the photo is turned about its vertical middle line, as a board would
        be; seen from a distance of twice its longer side.
    crop : float in [0, 1)
        Share of each side that is cut away, half at each end.
    brightness : float
        Factor on all pixels; what gets too bright is cut off at white.
    contrast : float
        Factor on the distance from middle grey.
    noise : float
        Standard deviation of the noise on each pixel and channel.
    """

    rotation: float = 0.0
    scale: float = 1.0
    tilt: float = 0.0
    crop: float = 0.0
    brightness: float = 1.0
    contrast: float = 1.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises
        ------
        ValueError
            If one is out of range.
        """
        fine = (
            np.isfinite(list(vars(self).values())).all()
            and self.scale > 0
            and abs(self.tilt) <= 70
            and 0 <= self.crop < 1
            and min(self.brightness, self.contrast, self.noise) >= 0
        )
        if not fine:
            raise ValueError(
                "Expected scale above 0, tilt between -70 and 70, crop in [0, 1) and brightness, "
                f"contrast and noise of at least 0, but got {self}."
            )


@dataclass(frozen=True)
class Transformed:
    """A photo seen again.

    Attributes
    ----------
    image : ndarray (H', W', 3), float32 in [0, 1]
        Large enough for all of it; grey where it does not reach.
    matrix : ndarray (3, 3), float64
        Takes (row, col, 1) of the old photo to the new one, up to a factor.
    """

    image: np.ndarray
    matrix: np.ndarray


def transform_image(
    image: np.ndarray, view: View, rng: np.random.Generator | None = None
) -> Transformed:
    """Crop, tilt, turn and scale a photo, then change its light.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    view : View
    rng : numpy.random.Generator, optional
        Makes the noise; needed only if there is some.

    Returns
    -------
    Transformed

    Raises
    ------
    ValueError
        If it is not an image, nothing is left of it, or noise is asked for without ``rng``.

    Examples
    --------
    >>> turned = transform_image(np.zeros((30, 50)), View(rotation=90))
    >>> turned.image.shape
    (50, 30, 3)
    >>> move_points(np.array([[0, 0]]), turned.matrix).round(6).tolist()
    [[0.0, 29.0]]
    """
    pixels = as_float(image)
    cut, corner = _cropped(pixels, view.crop)
    matrix, shape = placement(cut.shape[:2], view)
    seen = _relit(_warped(cut, matrix, shape, view.scale), view, rng)
    return Transformed(seen, matrix @ _shift(-corner))


def placement(shape: tuple[int, int], view: View) -> tuple[np.ndarray, tuple[int, int]]:
    """Return the matrix of tilt, turn and scale, and the size of the picture that holds it all.

    Parameters
    ----------
    shape : tuple of int
        Height and width.
    view : View

    Returns
    -------
    matrix : ndarray (3, 3), float64
        Takes (row, col, 1) to the new picture, up to a factor.
    shape : tuple of int
        Its height and width.
    """
    height, width = shape
    about_centre = turning(view.rotation, view.scale) @ tilting(view.tilt, 2 * max(shape))
    matrix = about_centre @ _shift(-np.array([height - 1, width - 1]) / 2)
    corners = np.array([(row, col) for row in (0, height) for col in (0, width)]) - 0.5
    moved = move_points(corners, matrix)
    low, high = moved.min(axis=0), moved.max(axis=0)
    # Without the small number, rounding errors would add a line to a photo turned by 90 degrees.
    size = np.maximum(1, np.ceil(high - low - 1e-6))
    return _shift((size - 1) / 2 - (low + high) / 2) @ matrix, (int(size[0]), int(size[1]))


def turning(rotation: float, scale: float) -> np.ndarray:
    """Return the matrix (3, 3) that turns (row, col) about (0, 0), clockwise, and scales.

    Examples
    --------
    >>> move_points(np.array([[0, 1]]), turning(90, 2)).round(6).tolist()
    [[2.0, 0.0]]
    """
    cos, sin = scale * np.cos(np.deg2rad(rotation)), scale * np.sin(np.deg2rad(rotation))
    return np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])


def tilting(tilt: float, distance: float) -> np.ndarray:
    """Return the matrix (3, 3) of a board turned about its vertical middle line.

    Parameters
    ----------
    tilt : float
        In degrees; the right side goes away if it is positive.
    distance : float
        Of the eye, in pixels.
    """
    cos, sin = np.cos(np.deg2rad(tilt)), np.sin(np.deg2rad(tilt))
    return np.array([[1, 0, 0], [0, cos, 0], [0, sin / distance, 1]])


def move_points(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return where points go.

    Parameters
    ----------
    points : ndarray (N, 2), float
        As (row, col).
    matrix : ndarray (3, 3), float

    Returns
    -------
    ndarray (N, 2), float64

    Examples
    --------
    >>> move_points(np.array([[1, 2]]), np.eye(3)).tolist()
    [[1.0, 2.0]]
    """
    moved = np.column_stack([points, np.ones(len(points))]) @ np.asarray(matrix).T
    return moved[:, :2] / moved[:, 2:]


def _shift(by: np.ndarray) -> np.ndarray:
    matrix = np.eye(3)
    matrix[:2, 2] = by
    return matrix


def _cropped(pixels: np.ndarray, crop: float) -> tuple[np.ndarray, np.ndarray]:
    height, width = pixels.shape[:2]
    top, left = round(height * crop / 2), round(width * crop / 2)
    cut = pixels[top : height - top, left : width - left]
    if cut.size == 0:
        raise ValueError(
            f"Nothing is left of a photo of {height} × {width} pixels after a crop of {crop:.0%}."
        )
    return cut, np.array([top, left])


def _warped(
    pixels: np.ndarray, matrix: np.ndarray, shape: tuple[int, int], scale: float
) -> np.ndarray:
    import cv2

    if scale < 1:
        # What is finer than the new pixels must go, or it would alias.
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.5 * np.sqrt(scale**-2 - 1))
    swap = np.eye(3)[[1, 0, 2]]  # OpenCV's points are (x, y)
    return cv2.warpPerspective(
        pixels,
        swap @ matrix @ swap,
        (shape[1], shape[0]),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(OUTSIDE,) * 3,
    )


def _relit(pixels: np.ndarray, view: View, rng: np.random.Generator | None) -> np.ndarray:
    pixels = (pixels * view.brightness - 0.5) * view.contrast + 0.5
    if view.noise:
        if rng is None:
            raise ValueError(
                "Noise needs a random generator: give `rng`, such as numpy.random.default_rng(0)."
            )
        pixels = pixels + view.noise * rng.standard_normal(pixels.shape, dtype=np.float32)
    return np.clip(pixels, 0, 1).astype(np.float32)
