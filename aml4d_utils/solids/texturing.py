"""Textures at every size, so that a small one neither flickers nor aliases."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Textures:
    """Several textures, each at full size, half, quarter … down to one pixel.

    Parameters
    ----------
    channels : ndarray (4, N), float32 in [0, 1]
        Red, green, blue and opacity of the pixels of all of them, row by row.
    start, height, width : ndarray (L,), int64
        Of each size of each texture: its first texel and its sides.
    largest, sizes : ndarray (K,), int64
        Of each texture: the row of its full size among the sizes, and how many sizes it has.
    """

    channels: np.ndarray
    start: np.ndarray
    height: np.ndarray
    width: np.ndarray
    largest: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, pictures: Sequence[np.ndarray]) -> "Textures":
        """Return pictures (h, w, 4), whose sides are powers of two, at all their sizes."""
        shrunk = [_halved(picture) for picture in pictures]
        every = [level for levels in shrunk for level in levels]
        flat = [level.reshape(-1, 4) for level in every]
        areas = np.array([level.shape[0] * level.shape[1] for level in every], np.int64)
        sizes = np.array([len(levels) for levels in shrunk], np.int64)
        return cls(
            np.concatenate([np.zeros((0, 4), np.float32), *flat]).T.copy(),
            np.cumsum(areas) - areas,
            np.array([level.shape[0] for level in every], np.int64),
            np.array([level.shape[1] for level in every], np.int64),
            np.cumsum(sizes) - sizes,
            sizes,
        )

    def looked_up(
        self, texture: np.ndarray, u: np.ndarray, v: np.ndarray, texels_per_point: np.ndarray
    ) -> list[np.ndarray]:
        """Return the colour of textures at places on them, between pixels linearly.

        Parameters
        ----------
        texture : ndarray (N,), int64
            Number of the texture.
        u, v : ndarray (N,), float32
            (0, 0) is its lower left, (1, 1) its upper right; beyond that it is repeated.
        texels_per_point : ndarray (N,), float32
            How many pixels of the full texture one point of the picture covers: the size at
            which it covers about one is taken.

        Returns
        -------
        list of 4 ndarray (N,), float32 in [0, 1]
            Red, green, blue and opacity.
        """
        smaller = np.zeros(len(texture), np.int64)
        for step in range(int(self.sizes.max(initial=1)) - 1):
            smaller += texels_per_point > 2.0 * 4.0**step
        size = self.largest[texture] + np.minimum(smaller, self.sizes[texture] - 1)
        height, width = self.height[size], self.width[size]
        column, next_column, right = _between(u, width)
        row, next_row, down = _between(-v, height)
        upper, lower = (self.start[size] + each * width for each in (row, next_row))
        result = []
        for channel in self.channels:
            above = channel[upper + column]
            above += right * (channel[upper + next_column] - above)
            below = channel[lower + column]
            below += right * (channel[lower + next_column] - below)
            above += down * (below - above)
            result.append(above)
        return result


def _between(place: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pixels before and after a place on a repeated row, and how far it is between."""
    steps = (place - np.floor(place)) * count.astype(np.float32) - np.float32(0.5)
    before = np.floor(steps)
    share = steps - before
    before = before.astype(np.int64)
    after = before + 1
    return (
        np.where(before < 0, count - 1, before),
        np.where(after >= count, 0, after),
        share,
    )


def _halved(picture: np.ndarray) -> list[np.ndarray]:
    levels = [picture]
    while picture.shape[:2] != (1, 1):
        if picture.shape[0] > 1:
            picture = (picture[::2] + picture[1::2]) / 2
        if picture.shape[1] > 1:
            picture = (picture[:, ::2] + picture[:, 1::2]) / 2
        levels.append(picture)
    return levels
