"""Distributions of points in the plane whose density is known everywhere: mixtures of bells.

Also the grid on which densities are compared, and what is measured there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

REACH = 3.0
"""The plane that is shown goes from -3 to 3 in both directions."""

CELLS = 66
"""Cells of the grid along a side."""

CELL = 2 * REACH / CELLS

BLUR = 1.5 * CELL
"""Standard deviation of the bell through which both densities are looked at."""

LEAST = 1e-6
"""Where a density is smaller, the divergence takes this, so that it stays finite."""


@dataclass(frozen=True)
class Bells:
    """A mixture of round normal distributions, all of one width.

    Parameters
    ----------
    centres : ndarray (K, 2), float
        Each x and y.
    width : float
        Standard deviation.
    """

    centres: np.ndarray
    width: float

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Return points (count, 2)."""
        chosen = self.centres[rng.integers(len(self.centres), size=count)]
        return chosen + rng.normal(0, self.width, (count, 2))

    def density(self, places: np.ndarray, blur: float = 0.0) -> np.ndarray:
        """Return the density at places (N, 2), exactly.

        Parameters
        ----------
        places : ndarray (N, 2)
        blur : float
            Standard deviation of a bell that everything is blurred with first; the result is
            exact too, since a blurred bell is a wider one.
        """
        variance = self.width**2 + blur**2
        squares = ((places[:, None] - self.centres[None]) ** 2).sum(-1)
        return np.exp(-squares / (2 * variance)).mean(1) / (2 * np.pi * variance)


def _ring(count: int, radius: float) -> np.ndarray:
    angles = 2 * np.pi * np.arange(count) / count
    return radius * np.stack([np.cos(angles), np.sin(angles)], 1)


def _moons() -> np.ndarray:
    turn = np.linspace(0, np.pi, 24)
    upper = np.stack([np.cos(turn) - 0.5, np.sin(turn) - 0.25], 1)
    return 1.5 * np.concatenate([upper, -upper])


SHAPES = {
    "eight islands": Bells(_ring(8, 2.0), 0.15),
    "two islands": Bells(np.array([[-1.4, -0.8], [1.4, 0.8]]), 0.35),
    "two moons": Bells(_moons(), 0.15),
    "one island": Bells(np.array([[0.8, -0.6]]), 0.5),
}
"""Distributions to choose from."""


# --- the grid --------------------------------------------------------------------------------


def grid() -> np.ndarray:
    """Return the centres (4356, 2) of the grid's cells, row by row from the top left."""
    middle = (np.arange(CELLS) + 0.5) * CELL - REACH
    x, y = np.meshgrid(middle, middle[::-1])
    return np.stack([x.ravel(), y.ravel()], 1)


def density_on_grid(bells: Bells) -> np.ndarray:
    """Return a known density on the grid (66, 66), looked at through `BLUR`."""
    return bells.density(grid(), BLUR).reshape(CELLS, CELLS)


def estimate_on_grid(points: np.ndarray) -> np.ndarray:
    """Estimate a density on the grid (66, 66) from points (N, 2), through the same `BLUR`.

    Points outside the plane count for the whole, but are not seen. This is an estimate by a
    kernel (a bell on each point, on the grid's places): the known density is blurred alike, so
    that both can be compared.
    """
    ends = [[-REACH, REACH]] * 2
    counts, _, _ = np.histogram2d(points[:, 1], points[:, 0], bins=CELLS, range=ends)
    # A cell spreads its points over its own width already: variance 1/12 of a cell.
    bell = np.sqrt((BLUR / CELL) ** 2 - 1 / 12)
    return gaussian_filter(counts[::-1], bell, mode="constant") / (len(points) * CELL**2)


def best_discriminator(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return D* = p / (p + q), and one half where both are as good as nothing.

    Examples
    --------
    >>> best_discriminator(np.array([3.0, 1.0, 0.0]), np.array([1.0, 1.0, 0.0])).tolist()
    [0.75, 0.5, 0.5]
    """
    return (p + LEAST**2) / (p + q + 2 * LEAST**2)


def divergence(p: np.ndarray, q: np.ndarray) -> float:
    """Return KL(p ‖ q) in nats of two densities on the grid.

    Where q is below `LEAST` it counts as that, so a generator that never goes where real points
    are gets a large number and not infinity.
    """
    seen = p > LEAST
    return float((p[seen] * np.log(p[seen] / np.maximum(q[seen], LEAST))).sum() * CELL**2)


def js_divergence(p: np.ndarray, q: np.ndarray) -> float:
    """Return the Jensen-Shannon divergence in nats, from 0 (equal) to ln 2 (nothing shared)."""
    return (_against_mean(p, q) + _against_mean(q, p)) / 2


def _against_mean(p: np.ndarray, q: np.ndarray) -> float:
    seen = p > 0
    return float((p[seen] * np.log(2 * p[seen] / (p[seen] + q[seen]))).sum() * CELL**2)


def covered(p: np.ndarray, q: np.ndarray) -> float:
    """Return the share of the real points that lie where q reaches a tenth of p."""
    return float((p * (q > p / 10)).sum() / p.sum())
