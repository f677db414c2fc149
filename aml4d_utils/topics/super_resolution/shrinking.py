"""Shrink a picture to a quarter, and enlarge it again without any learning."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from aml4d_utils import images, nets

FACTOR = 4


def shrink(picture: np.ndarray, *, rounded: bool = True) -> np.ndarray:
    """Return a picture with a quarter of the height and width: bicubic, without aliasing.

    This is how the small net's examples were made. The largest crop whose sides are multiples of
    4 is taken, from the top left.

    Parameters
    ----------
    picture : ndarray (H, W, 3), float in [0, 1]
        At least 4 × 4 pixels.
    rounded : bool
        To the 256 levels that a file can hold.

    Returns
    -------
    ndarray (H // 4, W // 4, 3), float32 in [0, 1]

    Raises
    ------
    ValueError
        If a side is shorter than 4 pixels, or as `images.as_float`.

    Examples
    --------
    >>> shrink(np.full((9, 8, 3), 0.2)).shape
    (2, 2, 3)
    """
    picture = images.as_float(picture)
    height, width = (side // FACTOR * FACTOR for side in picture.shape[:2])
    if not height or not width:
        raise ValueError(f"Expected at least 4 × 4 pixels, but got {picture.shape[:2]}.")
    small = _resized(picture[:height, :width], 1 / FACTOR)
    return as_levels(small) if rounded else small


def enlarge_bicubic(small: np.ndarray) -> np.ndarray:
    """Return a picture (h, w, 3) four times larger: each new pixel from 16 around it.

    Returns
    -------
    ndarray (4 h, 4 w, 3), float32 in [0, 1]

    Examples
    --------
    >>> enlarge_bicubic(np.full((2, 3, 3), 0.2, np.float32)).shape
    (8, 12, 3)
    """
    return _resized(images.as_float(small), FACTOR)


def as_levels(picture: np.ndarray) -> np.ndarray:
    """Return a picture rounded to the 256 levels of a file, still in [0, 1]."""
    return (np.rint(np.clip(picture, 0, 1) * 255) / 255).astype(np.float32)


def _resized(picture: np.ndarray, factor: float) -> np.ndarray:
    pixels = nets.as_tensor(picture, "cpu")
    sides = [round(side * factor) for side in picture.shape[:2]]
    resized = F.interpolate(pixels, size=sides, mode="bicubic", antialias=factor < 1)
    with torch.no_grad():
        return nets.as_image(resized.clamp(0, 1))
