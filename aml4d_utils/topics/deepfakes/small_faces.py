"""Bring generated faces to the form of the real ones, so that the form gives nothing away.

The real faces are 25 × 25 pixels, grey and cut close. A detector that sees them beside pictures of
another sharpness, another crop or other colours would learn the form, and nothing about fakes.
"""

from __future__ import annotations

import cv2
import numpy as np

from aml4d_utils.images.face_pictures import SIDE

_TOP, _LEFT, _CUT = 5, 4, 56
"""Where a generated face of 64 × 64 pixels is cut as the real ones are."""

_SHARPEN, _BLUR = 0.4, 0.7
"""The real ones are a little sharper. At 0.4 a face's steps from pixel to pixel are as strong."""


def as_small_faces(faces: np.ndarray) -> np.ndarray:
    """Return faces as they are in scikit-image's set: cut, grey, small, whole grey levels.

    Parameters
    ----------
    faces : ndarray (N, 64, 64, 3), float in [0, 1]
        As the generator of faces and the face swap make them.

    Returns
    -------
    ndarray (N, 25, 25), float32 in [0, 1]

    Raises
    ------
    ValueError
        If the shape is another one.

    Examples
    --------
    >>> as_small_faces(np.full((2, 64, 64, 3), 0.5)).shape
    (2, 25, 25)
    """
    faces = np.asarray(faces, np.float32)
    if faces.ndim != 4 or faces.shape[1:] != (64, 64, 3):
        raise ValueError(f"Expected faces of the shape (N, 64, 64, 3), but got {faces.shape}.")
    cut = faces[:, _TOP : _TOP + _CUT, _LEFT : _LEFT + _CUT]
    grey = cut @ np.array((0.299, 0.587, 0.114), np.float32)
    small = [cv2.resize(face, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for face in grey]
    sharp = [face + _SHARPEN * (face - cv2.GaussianBlur(face, (0, 0), _BLUR)) for face in small]
    levels = np.rint(np.clip(np.array(sharp).reshape(-1, SIDE, SIDE), 0, 1) * 255)
    return (levels / 255).astype(np.float32)


def compressed(faces: np.ndarray, quality: int) -> np.ndarray:
    """Return small faces after saving them as JPEG and opening them again.

    Parameters
    ----------
    faces : ndarray (N, H, W), float in [0, 1]
    quality : int
        1 to 100; what a phone or a website saves with is often between 60 and 90.

    Returns
    -------
    ndarray (N, H, W), float32 in [0, 1]

    Raises
    ------
    ValueError
        If the quality is no whole number from 1 to 100.

    Examples
    --------
    >>> compressed(np.full((1, 8, 8), 0.5), 50).round(2)[0, 0, 0].item()
    0.5
    """
    if isinstance(quality, bool) or quality != int(quality) or not 1 <= quality <= 100:
        raise ValueError(f"Expected a quality from 1 to 100, but got {quality}.")
    levels = np.rint(np.clip(faces, 0, 1) * 255).astype(np.uint8)
    option = [cv2.IMWRITE_JPEG_QUALITY, int(quality)]
    again = [
        cv2.imdecode(cv2.imencode(".jpg", face, option)[1], cv2.IMREAD_GRAYSCALE) for face in levels
    ]
    return (np.array(again).reshape(levels.shape) / 255).astype(np.float32)


def halved(faces: np.ndarray) -> np.ndarray:
    """Return faces (N, H, W) shrunk to half and enlarged again, as a preview does it."""
    height, width = faces.shape[1:]
    small = [
        cv2.resize(f, (width // 2 + 1, height // 2 + 1), interpolation=cv2.INTER_AREA)
        for f in np.asarray(faces, np.float32)
    ]
    again = [cv2.resize(face, (width, height), interpolation=cv2.INTER_CUBIC) for face in small]
    return np.clip(np.array(again).reshape(faces.shape), 0, 1)


def sharpened(faces: np.ndarray) -> np.ndarray:
    """Return faces (N, H, W) sharpened by 0.6 times what a small blur takes away."""
    faces = np.asarray(faces, np.float32)
    soft = np.array([cv2.GaussianBlur(face, (0, 0), 0.8) for face in faces])
    return np.clip(faces + 0.6 * (faces - soft.reshape(faces.shape)), 0, 1)


WAYS = {
    "nothing": lambda faces: faces,
    "JPEG of quality 50": lambda faces: compressed(faces, 50),
    "JPEG of quality 10": lambda faces: compressed(faces, 10),
    "halved, enlarged again": halved,
    "sharpened by an app": sharpened,
}
"""What may happen to a picture between its maker and the detector."""


def form(faces: np.ndarray) -> np.ndarray:
    """Return four numbers of each face that tell its form only: how strongly it changes.

    Parameters
    ----------
    faces : ndarray (N, H, W)

    Returns
    -------
    ndarray (N, 4), float64
        Logarithms of the variance of steps from pixel to pixel, and of steps between these steps,
        down and across, in units of the face's own contrast.
    """
    even = normalised(faces)
    steps = [np.diff(even, times, axis) for times in (1, 2) for axis in (1, 2)]
    return np.log(np.stack([step.var((1, 2)) for step in steps], 1) + 1e-9)


def normalised(faces: np.ndarray) -> np.ndarray:
    """Return faces (N, H, W) each with mean 0 and deviation 1; an even one becomes 0."""
    faces = np.asarray(faces, np.float64)
    centred = faces - faces.mean((1, 2), keepdims=True)
    spread = centred.std((1, 2), keepdims=True)
    return centred / np.where(spread > 1e-6, spread, 1)
