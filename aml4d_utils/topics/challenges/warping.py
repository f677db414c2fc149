"""Deformation: a smooth warp that bends a thing as if it were made of rubber."""

from __future__ import annotations

import numpy as np

WAVES = 3
LARGEST = 0.16
"""Largest shift of a full warp, as a share of the side."""


def warp_field(height: int, width: int, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Return a smooth field of shifts: where each pixel of the warped picture comes from.

    A sum of a few sine waves with random directions and phases. It scales with `amount`, so that
    a stronger warp is the same warp, further.

    Parameters
    ----------
    height, width : int
        In pixels.
    amount : float in [0, 1]
        1 shifts the pixels that move most by `LARGEST` of the shorter side.
    rng : numpy.random.Generator
        Chooses the waves.

    Returns
    -------
    ndarray (2, height, width), float64
        Rows and columns to add, in pixels.

    Examples
    --------
    >>> field = warp_field(50, 60, 0.5, np.random.default_rng(0))
    >>> field.shape, round(float(np.abs(field).max()), 6)
    ((2, 50, 60), 4.0)
    """
    rows, columns = np.mgrid[:height, :width] / min(height, width)
    field = np.zeros((2, height, width))
    for axis in range(2):
        for _ in range(WAVES):
            angle, phase = rng.uniform(0, 2 * np.pi, 2)
            cycles, weight = rng.uniform(0.7, 1.6), rng.uniform(0.5, 1)
            along = np.cos(angle) * rows + np.sin(angle) * columns
            field[axis] += weight * np.sin(2 * np.pi * cycles * along + phase)
    return field * (amount * LARGEST * min(height, width) / np.abs(field).max())


def warp(picture: np.ndarray, field: np.ndarray) -> np.ndarray:
    """Bend a picture: each pixel is read, between pixels linearly, where the field says.

    Parameters
    ----------
    picture : ndarray (H, W, C), float
    field : ndarray (2, H, W)
        From `warp_field`.

    Returns
    -------
    ndarray (H, W, C), float32
        What comes from outside is the nearest pixel of the border.

    Examples
    --------
    >>> warp(np.eye(3)[..., None], np.zeros((2, 3, 3)))[..., 0].tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    import cv2

    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]] + field
    warped = cv2.remap(
        picture.astype(np.float32),
        columns.astype(np.float32),
        rows.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return warped.reshape(picture.shape)
