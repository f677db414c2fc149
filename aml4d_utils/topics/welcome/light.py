"""Brightness, contrast, and how often each grey level occurs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils import images

LEVELS = 32


@dataclass(frozen=True)
class Relit:
    """A photo in other light.

    Attributes
    ----------
    brightness, contrast : float
    image : ndarray (H, W, 3), float32 in [0, 1]
    levels : ndarray (32,), float
        The middles of 32 equal steps of grey from 0 to 1.
    shares : ndarray (32,), float
        Share of the pixels in each step; they add up to 1.
    lost : float
        Share of the pixels that are now fully black or fully white in every channel and were not
        before.
    """

    brightness: float
    contrast: float
    image: np.ndarray
    levels: np.ndarray
    shares: np.ndarray
    lost: float

    @property
    def mean(self) -> float:
        """The mean of all values of the image, 0 to 1."""
        return float(self.image.mean())


def relight(image: np.ndarray, brightness: float = 0.0, contrast: float = 1.0) -> Relit:
    """Change the light of a photo: ``(value − 0.5) · contrast + 0.5 + brightness``, cut to [0, 1].

    Parameters
    ----------
    image : ndarray (H, W, 3), float in [0, 1]
    brightness : float
        Added to every value.
    contrast : float
        At least 0; 1 leaves the differences as they are.

    Raises
    ------
    ValueError
        If the contrast is below 0.

    Examples
    --------
    >>> relight(np.full((2, 2, 3), 0.25), brightness=0.25).mean
    0.5
    """
    if contrast < 0:
        raise ValueError(f"Contrast is at least 0, not {contrast}.")
    lit = (image - 0.5) * contrast + 0.5 + brightness
    result = np.clip(lit, 0, 1).astype(np.float32)
    counts, edges = np.histogram(images.grey(result), bins=LEVELS, range=(0, 1))
    return Relit(
        brightness=brightness,
        contrast=contrast,
        image=result,
        levels=(edges[:-1] + edges[1:]) / 2,
        shares=counts / counts.sum(),
        lost=float((_flat(result) & ~_flat(image)).mean()),
    )


def _flat(image: np.ndarray) -> np.ndarray:
    return (image <= 0).all(axis=2) | (image >= 1).all(axis=2)
