"""Which triangle is seen at which point of a picture: exact, without holes.

Each triangle is cut into rows of points. Two triangles that share an edge compute the place
where it crosses a row from the same numbers in the same order, and a row belongs to a triangle
from its left crossing up to, not including, its right one: so every point between them belongs
to exactly one of the two.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Projected:
    """The corners of a thing as a camera sees them.

    Parameters
    ----------
    x, y : ndarray (V,), float64
        Column and row in points of the grid; the point in row r and column c lies at
        (c + 0.5, r + 0.5).
    nearness : ndarray (V,), float64
        One over the distance along the camera's axis.
    """

    x: np.ndarray
    y: np.ndarray
    nearness: np.ndarray


@dataclass(frozen=True)
class Fragments:
    """Points of a grid that lie inside a triangle, in no special order.

    Parameters
    ----------
    point : ndarray (F,), int64
        Row × width + column.
    nearness : ndarray (F,), float32
        Of the triangle at the point.
    triangle : ndarray (F,), int64
    """

    point: np.ndarray
    nearness: np.ndarray
    triangle: np.ndarray

    def at(self, point: np.ndarray) -> "Fragments":
        """Return the same with the points numbered in another way."""
        return Fragments(point, self.nearness, self.triangle)

    def kept(self, which: np.ndarray) -> "Fragments":
        """Return some of them: those where `which`, (F,) bool, is true."""
        return Fragments(self.point[which], self.nearness[which], self.triangle[which])


def fragments(
    projected: Projected, triangles: np.ndarray, chosen: np.ndarray, height: int, width: int
) -> Fragments:
    """Return all points of a grid that lie in the chosen triangles.

    Parameters
    ----------
    projected : Projected
    triangles : ndarray (T, 3), int
        Rows of `projected`.
    chosen : ndarray (C,), int
        Rows of `triangles`.
    height, width : int
        Of the grid, in points.
    """
    corners = triangles[chosen]
    x, y = projected.x[corners], projected.y[corners]
    order = np.argsort(y, axis=1, kind="stable")
    x, y = np.take_along_axis(x, order, 1), np.take_along_axis(y, order, 1)
    first = np.clip(np.ceil(y[:, 0] - 0.5), 0, height).astype(np.int64)
    count = np.clip(np.ceil(y[:, 2] - 0.5), 0, height).astype(np.int64) - first
    kept = (count > 0).nonzero()[0]
    x, y, first, count = x[kept], y[kept], first[kept], count[kept]
    row, inside = _counted(first, count)
    left, right = _crossings(x, y, row + 0.5, inside)
    start = np.clip(np.ceil(left - 0.5), 0, width).astype(np.int64)
    length = np.clip(np.ceil(right - 0.5), 0, width).astype(np.int64) - start
    filled = (length > 0).nonzero()[0]
    row, inside, start, length = row[filled], inside[filled], start[filled], length[filled]
    plane = _nearness_planes(projected, triangles[chosen[kept]])
    # A running number r over all fragments: its column is r + shift of its row of points.
    shift = start - (np.cumsum(length) - length)
    across = plane[0][inside]
    base = plane[1][inside] * (row + 0.5) + plane[2][inside] + across * (shift + 0.5)
    piece = np.repeat(np.arange(len(length)), length)
    running = np.arange(len(piece))
    nearness = across.take(piece)
    nearness *= running
    nearness += base.take(piece)
    return Fragments(
        running + (row * width + shift).take(piece),
        nearness.astype(np.float32),
        chosen[kept][inside].take(piece),
    )


def nearest(found: Fragments, points: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest triangle at each point and its nearness.

    Parameters
    ----------
    found : Fragments
    points : int
        Number of points of the grid.

    Returns
    -------
    triangle : ndarray (points,), int64
        -1 where there is none; of two equally near ones the one with the greater number.
    nearness : ndarray (points,), float32
        0 where there is none.
    """
    # The bits of positive floats are ordered as the floats are.
    key = (found.nearness.view(np.int32).astype(np.int64) << 32) | found.triangle
    best = np.full(points, -1, np.int64)
    np.maximum.at(best, found.point, key)
    nearness = np.where(best < 0, 0, best >> 32).astype(np.int32).view(np.float32)
    return np.where(best < 0, -1, best & 0xFFFFFFFF), nearness


def _counted(first: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all numbers first[i] … first[i] + count[i] - 1, and the i of each."""
    shift = first - (np.cumsum(count) - count)
    which = np.repeat(np.arange(len(count)), count)
    return np.arange(len(which)) + shift[which], which


def _crossings(
    x: np.ndarray, y: np.ndarray, at: np.ndarray, which: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return where the two sides of each triangle cross its rows, left one first.

    Corners are sorted downwards. Each side is followed from its upper corner on, as the
    neighbouring triangle follows it.
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # A level side crosses no row.
        long, upper, lower = (
            (x[:, j] - x[:, i]) / (y[:, j] - y[:, i]) for i, j in ((0, 2), (0, 1), (1, 2))
        )
        one = x[which, 0] + (at - y[which, 0]) * long[which]
        two = np.where(
            at < y[which, 1],
            x[which, 0] + (at - y[which, 0]) * upper[which],
            x[which, 1] + (at - y[which, 1]) * lower[which],
        )
    return np.minimum(one, two), np.maximum(one, two)


def _nearness_planes(
    projected: Projected, corners: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a, b, c of nearness = a · x + b · y + c over each triangle."""
    x, y, near = (values[corners] for values in (projected.x, projected.y, projected.nearness))
    x1, x2, y1, y2, n1, n2 = (
        values[:, i] - values[:, 0] for values in (x, y, near) for i in (1, 2)
    )
    double_area = x1 * y2 - x2 * y1
    with np.errstate(divide="ignore", invalid="ignore"):
        a = (n1 * y2 - n2 * y1) / double_area
        b = (n2 * x1 - n1 * x2) / double_area
    # A triangle seen from its edge has no slope that can be computed.
    thin = np.abs(double_area) < 1e-9
    a, b = np.where(thin, 0, a), np.where(thin, 0, b)
    return a, b, near[:, 0] - a * x[:, 0] - b * y[:, 0]
