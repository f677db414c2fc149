"""What a bad camera, a bad light or a slow shutter does to a picture."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import as_uint8
from aml4d_utils.topics.viola_jones.conditions import darkened, turned


def blurred(image: np.ndarray, sigma: float) -> np.ndarray:
    """Blur a picture as a lens out of focus does.

    Parameters
    ----------
    image : ndarray (H, W, 3), float in [0, 1]
    sigma : float
        Standard deviation of the Gaussian in pixels; 0 leaves the picture as it is.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]

    Examples
    --------
    >>> dot = np.zeros((9, 9, 3)); dot[4, 4] = 1
    >>> round(float(blurred(dot, 1)[4, 4, 0]), 2)
    0.16
    """
    if sigma <= 0:
        return image.astype(np.float32)
    import cv2

    reach = 2 * math.ceil(4 * sigma) + 1
    smooth = cv2.GaussianBlur(
        image.astype(np.float32), (reach, reach), sigma, borderType=cv2.BORDER_REPLICATE
    )
    return np.clip(smooth, 0, 1)


def smeared(image: np.ndarray, length: float) -> np.ndarray:
    """Smear a picture sideways as a thing that moves while the shutter is open.

    Parameters
    ----------
    image : ndarray (H, W, 3), float in [0, 1]
    length : float
        How far it moves, in pixels; up to 1 leaves the picture as it is.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]
        Each pixel is the mean of ``length`` pixels of its row; the edge is repeated.

    Examples
    --------
    >>> line = np.zeros((3, 9, 3)); line[:, 4] = 1
    >>> [round(float(value), 2) for value in smeared(line, 3)[1, 2:7, 0]]
    [0.0, 0.33, 0.33, 0.33, 0.0]
    """
    if length <= 1:
        return image.astype(np.float32)
    import cv2

    # An odd number of weights, the outer two smaller, adds up to any length.
    reach = math.ceil((length - 1) / 2)
    weights = np.ones(2 * reach + 1, np.float32)
    weights[[0, -1]] = (length - (2 * reach - 1)) / 2
    kernel = (weights / weights.sum())[None]
    smooth = cv2.filter2D(image.astype(np.float32), -1, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.clip(smooth, 0, 1)


def noisy(image: np.ndarray, deviation: float, rng: np.random.Generator) -> np.ndarray:
    """Add the noise of a sensor that amplifies too little light.

    Parameters
    ----------
    image : ndarray (H, W, 3), float in [0, 1]
    deviation : float
        Standard deviation of the Gaussian noise in each colour of each pixel, of a full range of 1.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]
        Values beyond the range are cut off.
    """
    noise = rng.standard_normal(image.shape, dtype=np.float32)
    return np.clip(image + np.float32(deviation) * noise, 0, 1).astype(np.float32)


def compressed(image: np.ndarray, quality: int) -> np.ndarray:
    """Save a picture as JPEG and open it again.

    Parameters
    ----------
    image : ndarray (H, W, 3), float in [0, 1]
    quality : int
        From 1, the smallest file, to 95; 100 leaves the picture as it is.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]
    """
    if quality >= 100:
        return image.astype(np.float32)
    from PIL import Image

    memory = io.BytesIO()
    Image.fromarray(as_uint8(image)).save(memory, "JPEG", quality=int(quality))
    with Image.open(memory) as picture:
        return np.asarray(picture, dtype=np.float32) / np.float32(255)


def further_away(image: np.ndarray, share: float) -> np.ndarray:
    """Show a picture smaller on a grey ground of the same size, as if all of it were further away.

    Parameters
    ----------
    image : ndarray (H, W, 3), float in [0, 1]
    share : float in (0, 1]
        Of its width and height.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]
    """
    if share >= 1:
        return image.astype(np.float32)
    import cv2

    height, width = image.shape[:2]
    rows, columns = (max(1, round(share * side)) for side in (height, width))
    small = cv2.resize(image.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    ground = np.full(image.shape, 0.5, np.float32)
    top, left = (height - rows) // 2, (width - columns) // 2
    ground[top : top + rows, left : left + columns] = small
    return np.clip(ground, 0, 1)


@dataclass(frozen=True)
class Trouble:
    """Everything that may happen to a picture at once; as it is made, nothing happens.

    Attributes
    ----------
    share : float in (0, 1]
        Size of the picture, see `further_away`.
    turn : float
        Degrees anticlockwise.
    blur : float
        Pixels, see `blurred`.
    smear : float
        Pixels, see `smeared`.
    light : float in [0, 1]
        Share of the light that is left.
    noise : float
        See `noisy`.
    quality : int
        Of the JPEG, see `compressed`.
    """

    share: float = 1.0
    turn: float = 0.0
    blur: float = 0.0
    smear: float = 1.0
    light: float = 1.0
    noise: float = 0.0
    quality: int = 100


def degrade(image: np.ndarray, trouble: Trouble, rng: np.random.Generator) -> np.ndarray:
    """Let happen to a picture what happens on its way through a camera, in that order.

    First the scene (distance, tilt), then the lens (blur), the shutter (smear), the light, the
    sensor (noise), the file (JPEG).

    Parameters
    ----------
    image : ndarray (H, W, 3), float in [0, 1]
    trouble : Trouble
    rng : numpy.random.Generator
        For the noise.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]

    Examples
    --------
    >>> from aml4d_utils import images
    >>> cat = images.photo("chelsea")
    >>> bool((degrade(cat, Trouble(), np.random.default_rng(0)) == cat).all())
    True
    """
    image = further_away(image, trouble.share)
    image = turned(image, trouble.turn) if trouble.turn else image
    image = smeared(blurred(image, trouble.blur), trouble.smear)
    image = darkened(image, trouble.light) if trouble.light < 1 else image
    image = noisy(image, trouble.noise, rng) if trouble.noise > 0 else image
    return compressed(image, trouble.quality)
