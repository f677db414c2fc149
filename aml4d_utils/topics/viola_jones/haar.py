"""Haar features: is one part of the window lighter than its neighbour?

References
----------
.. [1] P. Viola and M. Jones, "Robust real-time face detection", International Journal of Computer
   Vision 57, 2004, doi:10.1023/B:VISI.0000013087.49260.fb.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

KINDS: dict[str, tuple[str, ...]] = {
    "left and right": ("+-",),
    "top and bottom": ("+", "-"),
    "three columns": ("+-+",),
    "three rows": ("+", "-", "+"),
    "four squares": ("+-", "-+"),
}
"""Each kind as rows of cells: ``+`` is the white part, ``-`` the black one."""


@dataclass(frozen=True)
class Rectangle:
    """A rectangle inside the window; its pixels count ``weight`` times."""

    row: int
    col: int
    height: int
    width: int
    weight: float


@dataclass(frozen=True)
class HaarFeature:
    """One feature: a kind, and the place and size of its cells in the window.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    row, col : int
        Top left corner in pixels of the window.
    height, width : int
        Sides of *one* cell in pixels.
    """

    kind: str
    row: int
    col: int
    height: int
    width: int

    @property
    def cells(self) -> tuple[int, int]:
        """How many cells stand below and beside each other."""
        return len(KINDS[self.kind]), len(KINDS[self.kind][0])

    @property
    def box(self) -> tuple[int, int, int, int]:
        """All cells together: x0, y0, x1, y1 in pixels of the window."""
        down, across = self.cells
        return (
            self.col,
            self.row,
            self.col + across * self.width,
            self.row + down * self.height,
        )

    @property
    def rectangles(self) -> tuple[Rectangle, ...]:
        """The cells with weights that make the value *mean of white − mean of black*."""
        signs = "".join(KINDS[self.kind])
        area = self.height * self.width
        share = {sign: 1 / (signs.count(sign) * area) for sign in "+-"}
        return tuple(
            Rectangle(
                self.row + down * self.height,
                self.col + across * self.width,
                self.height,
                self.width,
                share["+"] if sign == "+" else -share["-"],
            )
            for down, signs in enumerate(KINDS[self.kind])
            for across, sign in enumerate(signs)
        )

    def fits(self, side: int) -> bool:
        """Whether the feature lies inside a window of ``side`` × ``side`` pixels."""
        x0, y0, x1, y1 = self.box
        whole = self.height >= 1 and self.width >= 1
        return whole and x0 >= 0 and y0 >= 0 and x1 <= side and y1 <= side


def all_features(side: int, step: int = 1, least: int = 1) -> list[HaarFeature]:
    """Return every feature that fits into a window.

    Parameters
    ----------
    side : int
        Side of the window in pixels.
    step : int
        Pixels from one place, and from one size of a cell, to the next.
    least : int
        Smallest side of a cell in pixels.

    Examples
    --------
    >>> len(all_features(24))
    162336
    >>> len(all_features(25, step=2, least=2))
    10344
    """
    return list(_features(side, step, least))


def _features(side: int, step: int, least: int) -> Iterator[HaarFeature]:
    for kind, cells in KINDS.items():
        for height in range(least, side // len(cells) + 1, step):
            for width in range(least, side // len(cells[0]) + 1, step):
                for row in range(0, side - height * len(cells) + 1, step):
                    for col in range(0, side - width * len(cells[0]) + 1, step):
                        yield HaarFeature(kind, row, col, height, width)


FLAT = 10 / 255
"""Windows whose contrast is below this show nothing; OpenCV leaves them out too."""


def contrast(windows: np.ndarray) -> np.ndarray:
    """Return the standard deviation of each window's pixels without its outermost ring.

    Parameters
    ----------
    windows : ndarray (N, S, S), float

    Returns
    -------
    ndarray (N,), float64
        At least `FLAT`: a flat window divides nothing by zero.
    """
    inner = np.asarray(windows, dtype=np.float64)[:, 1:-1, 1:-1]
    return np.maximum(inner.std(axis=(1, 2)), FLAT)


def feature_values(features: Sequence[HaarFeature], windows: np.ndarray) -> np.ndarray:
    """Measure every feature in every window.

    A value is *mean of the white part − mean of the black part*, divided by the window's
    contrast, so that it stays the same when the light changes.

    Parameters
    ----------
    features : sequence of HaarFeature
        Each inside the window.
    windows : ndarray (N, S, S), float in [0, 1]

    Returns
    -------
    ndarray (F, N), float32

    Raises
    ------
    ValueError
        If a feature leaves the window.

    Notes
    -----
    Each feature is a handful of corners of the integral image. Written as a row of numbers, most
    of them 0, all features are one sparse matrix, and one product measures them all.

    Examples
    --------
    >>> half = np.repeat([[0.0, 1.0]], [2, 2], axis=1) * np.ones((4, 1))
    >>> feature_values([HaarFeature("left and right", 0, 0, 4, 2)], half[None]).round(3).tolist()
    [[-2.0]]
    """
    windows = np.asarray(windows, dtype=np.float64)
    side = windows.shape[1]
    tables = np.zeros((len(windows), side + 1, side + 1))
    tables[:, 1:, 1:] = windows.cumsum(axis=1).cumsum(axis=2)
    tables = tables.reshape(len(windows), -1).T / contrast(windows)
    corners = corner_matrix(features, side)
    values = np.empty((len(features), len(windows)), dtype=np.float32)
    for first in range(0, len(features), 8192):
        values[first : first + 8192] = corners[first : first + 8192] @ tables
    return values


def corner_matrix(features: Sequence[HaarFeature], side: int):
    """Return the corners of all features as a sparse matrix (F, (side + 1)²).

    Row f times an integral image, read row by row, is feature f's mean difference.

    Raises
    ------
    ValueError
        If a feature leaves the window.
    """
    from scipy.sparse import csr_array

    numbers, places, weights = [], [], []
    for kind in KINDS:
        which = np.array([n for n, f in enumerate(features) if f.kind == kind], dtype=np.int64)
        if not len(which):
            continue
        chosen = [features[n] for n in which]
        row, col, height, width = np.array([(f.row, f.col, f.height, f.width) for f in chosen]).T
        high, wide = chosen[0].cells
        fits = (np.minimum(height, width) >= 1) & (np.minimum(row, col) >= 0)
        fits &= (row + high * height <= side) & (col + wide * width <= side)
        if not fits.all():
            misfit = next(feature for feature in features if not feature.fits(side))
            raise ValueError(f"{misfit} does not fit into a window of {side} × {side} pixels.")
        for part in HaarFeature(kind, 0, 0, 1, 1).rectangles:
            top, left = row + part.row * height, col + part.col * width
            weight = part.weight / (height * width)
            for down, across, sign in ((0, 0, 1), (1, 1, 1), (0, 1, -1), (1, 0, -1)):
                numbers.append(which)
                places.append((top + down * height) * (side + 1) + left + across * width)
                weights.append(sign * weight)
    shape = (len(features), (side + 1) ** 2)
    corners = tuple(map(np.concatenate, (numbers, places)))
    return csr_array((np.concatenate(weights), corners), shape=shape)
