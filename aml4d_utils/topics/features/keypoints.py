"""Keypoints with their descriptors, whoever found them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Keypoint:
    """One keypoint: a place, a size and a direction.

    Attributes
    ----------
    row, col : float
        In pixels of the photo; (0, 0) is the centre of the first pixel.
    sigma : float
        Blur at which it stands out most, in pixels of the photo. The blob's radius is about
        1.4 times as large.
    angle : float in [0, 360)
        Degrees from right towards down.
    """

    row: float
    col: float
    sigma: float
    angle: float


@dataclass(frozen=True)
class Keypoints:
    """The keypoints of a photo.

    Attributes
    ----------
    positions : ndarray (N, 2), float64
        Row and column in pixels of the photo.
    sigmas : ndarray (N,), float64
        Sizes, as in `Keypoint`.
    angles : ndarray (N,), float64 in [0, 360)
        Degrees from right towards down.
    responses : ndarray (N,), float64
        Contrast, the larger the more it stands out.
    descriptors : ndarray (N, 128), float32 in [0, 1]
        Each of length 1.
    """

    positions: np.ndarray
    sigmas: np.ndarray
    angles: np.ndarray
    responses: np.ndarray
    descriptors: np.ndarray

    def __len__(self) -> int:
        return len(self.sigmas)

    def one(self, index: int) -> Keypoint:
        """Return one keypoint without its descriptor."""
        row, col = self.positions[index]
        return Keypoint(
            float(row), float(col), float(self.sigmas[index]), float(self.angles[index])
        )

    def subset(self, chosen: np.ndarray) -> Keypoints:
        """Return the keypoints at these indices, or where this mask is true."""
        return Keypoints(
            self.positions[chosen],
            self.sigmas[chosen],
            self.angles[chosen],
            self.responses[chosen],
            self.descriptors[chosen],
        )

    def strongest(self, count: int) -> Keypoints:
        """Return the keypoints that stand out most, the strongest first."""
        return self.subset(np.argsort(-self.responses, kind="stable")[:count])

    def nearest(self, row: float, col: float) -> int:
        """Return the index of the keypoint nearest to a place.

        Raises
        ------
        ValueError
            If there is no keypoint.
        """
        if not len(self):
            raise ValueError("There is no keypoint in this photo to choose from.")
        return int(np.linalg.norm(self.positions - (row, col), axis=1).argmin())
