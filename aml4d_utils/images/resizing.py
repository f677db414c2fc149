"""Make images smaller without aliasing, and cut squares out of them."""

import numpy as np

from aml4d_utils.images.conversion import as_float, checked


def fit(image: np.ndarray, longest: int) -> np.ndarray:
    """Shrink an image so that its longer side has at most `longest` pixels.

    Each new pixel is the mean of the area it covers (area averaging), so that fine patterns
    blur instead of aliasing and the mean brightness stays. An image that fits already is not
    enlarged. Pictures in uint8 or uint16 are averaged in that type, which rounds the mean to
    the nearest of its steps.

    Parameters
    ----------
    image : ndarray
        Anything that `as_float` accepts, from 1 × 1 pixel up.
    longest : int
        At least 1, in pixels.

    Returns
    -------
    ndarray (h, w, 3), float32 in [0, 1]
        ``max(h, w) <= longest``; both sides keep their ratio up to rounding and are at least 1.

    Raises
    ------
    ValueError
        If `longest` is not a whole number of at least 1, or as `as_float`.

    Examples
    --------
    >>> fit(np.zeros((300, 450, 3)), 150).shape
    (100, 150, 3)
    >>> fit(np.zeros((3, 2, 3)), 150).shape
    (3, 2, 3)
    """
    if isinstance(longest, bool) or not isinstance(longest, (int, np.integer)) or longest < 1:
        raise ValueError(f"Expected `longest` as a whole number of at least 1, but got {longest}.")
    pixels = checked(image)
    height, width = pixels.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return as_float(pixels)
    return resize(pixels, max(1, round(height * scale)), max(1, round(width * scale)))


def resize(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return an image with exactly `height` × `width` pixels.

    Shrinking averages areas, as `fit` does; enlarging in either direction interpolates
    linearly. The ratio of the sides may change.

    Parameters
    ----------
    image : ndarray
        Anything that `as_float` accepts.
    height, width : int
        At least 1, in pixels.

    Returns
    -------
    ndarray (height, width, 3), float32 in [0, 1]
        A new array.

    Raises
    ------
    ValueError
        If a side is less than 1, or as `as_float`.

    Examples
    --------
    >>> resize(np.eye(2), 1, 1)[0, 0].tolist()
    [0.5, 0.5, 0.5]
    """
    if height < 1 or width < 1:
        raise ValueError(f"Expected sides of at least 1 pixel, but got {height} × {width}.")
    import cv2

    pixels = checked(image)
    if pixels.dtype not in (np.uint8, np.uint16):
        pixels = pixels.astype(np.float32, copy=False)
    shrinks = height <= pixels.shape[0] and width <= pixels.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return as_float(cv2.resize(pixels, (width, height), interpolation=how))


def centre_square(image: np.ndarray) -> np.ndarray:
    """Cut the largest centred square out of an image: what a classifier gets to see of it.

    Parameters
    ----------
    image : ndarray
        Anything that `as_float` accepts.

    Returns
    -------
    ndarray (S, S, 3), float32 in [0, 1]
        S is the shorter side. An odd remainder is cut off at the bottom or right.

    Raises
    ------
    ValueError
        As `as_float`.

    Examples
    --------
    >>> centre_square(np.zeros((300, 451, 3))).shape
    (300, 300, 3)
    """
    height, width = checked(image).shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return as_float(image[top : top + side, left : left + side])
