"""Ways to make a photo less like those that the networks learned from.

Each takes and returns a picture (SIDE, SIDE, 3), uint8, and always gives the same result.
"""

from __future__ import annotations

import cv2
import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.detector.degrading import blurred, compressed
from aml4d_utils.topics.transfer.tasks import SIDE

CAST = (1.1, 0.97, 0.72)
"""What a warm filter multiplies red, green and blue by."""

BLUR = 1.2
"""Standard deviation of the blur, in pixels."""

QUALITY = 12
"""Of the JPEG file, from 1 to 95."""

TILES = 32
"""Along each side: scrambling moves squares of ``SIDE / TILES`` pixels, each of one colour."""


def social(picture: np.ndarray) -> np.ndarray:
    """Return a photo as it comes out of a social-media app: blurred, tinted, packed hard.

    Examples
    --------
    >>> social(np.full((SIDE, SIDE, 3), 200, np.uint8))[0, 0].argmin()
    np.int64(2)
    """
    tinted = np.clip(blurred(images.as_float(picture), BLUR) * np.float32(CAST), 0, 1)
    return images.as_uint8(compressed(tinted, QUALITY))


def drawing(picture: np.ndarray) -> np.ndarray:
    """Return a photo as a pencil drawing: grey lines where brightness changes, white elsewhere.

    The grey photo is divided by a blurred copy of itself, an old darkroom trick.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) + 1
    lines = np.clip(grey / cv2.GaussianBlur(grey, (0, 0), 4), 0, 1) ** 3
    return images.as_uint8(np.repeat(lines[..., None], 3, axis=2))


def scrambled(picture: np.ndarray) -> np.ndarray:
    """Return a photo in small squares of one colour each, always in the same wrong order.

    No colour is lost: a rule that looks at single pixels can do what it did before.
    """
    small = images.as_uint8(images.resize(images.as_float(picture), TILES, TILES))
    order = np.random.default_rng(11).permutation(TILES * TILES)
    mixed = small.reshape(-1, 3)[order].reshape(TILES, TILES, 3)
    return mixed.repeat(SIDE // TILES, axis=0).repeat(SIDE // TILES, axis=1)
