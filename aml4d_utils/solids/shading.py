"""What colour a point on a thing has: its own colour or texture, in the light of a lamp."""

from dataclasses import dataclass

import numpy as np

from aml4d_utils.solids.mesh import Mesh
from aml4d_utils.solids.rasterising import Projected


@dataclass(frozen=True)
class Light:
    """Light as it falls on a thing, and from where it is looked at, in the thing's own axes.

    Parameters
    ----------
    direction : ndarray (3,), float64
        Towards the lamp, of length 1.
    strength, ambient : float
    rotation : ndarray (3, 3), float64
        From the thing's axes to the camera's.
    focal_length : float
        In points of the grid.
    centre : tuple of 2 float
        Column and row of the grid on the camera's axis.
    """

    direction: np.ndarray
    strength: float
    ambient: float
    rotation: np.ndarray
    focal_length: float
    centre: tuple[float, float]


def shade(
    mesh: Mesh,
    projected: Projected,
    light: Light,
    triangle: np.ndarray,
    column: np.ndarray,
    row: np.ndarray,
    nearness: np.ndarray,
) -> np.ndarray:
    """Return the colours of points on a thing.

    Parameters
    ----------
    mesh : Mesh
    projected : Projected
        Its vertices as the camera sees them.
    light : Light
    triangle : ndarray (N,), int64
        On which triangle each point lies.
    column, row : ndarray (N,), float32
        Where in the grid.
    nearness : ndarray (N,), float32

    Returns
    -------
    ndarray (4, N), float32
        Red, green and blue, already multiplied with the opacity that comes last; 0 and above,
        and above 1 where the light is too strong.
    """
    used = np.zeros(len(mesh.triangles), bool)
    used[triangle] = True
    rows = used.nonzero()[0]
    number = np.zeros(len(mesh.triangles), np.int64)
    number[rows] = np.arange(len(rows))
    which = number[triangle]

    seen = _Seen.of(projected, mesh.triangles[rows])
    weights = seen.weights(which, column, row, nearness)
    normal = _mixed(mesh.normals[rows] * seen.facing[:, None, None], which, weights)
    length = np.maximum(_length(normal), np.float32(1e-12))
    for part in normal:
        part /= length
    surface = mesh.surface[rows]
    result = np.empty((4, len(triangle)), np.float32)
    for i in range(3):
        result[i] = mesh.colours[surface, i][which]
    result[3] = mesh.opacities[surface][which]
    if (mesh.textures[surface] >= 0).any():
        _paint(result, mesh, rows, seen.area, which, weights)

    facing = np.maximum(_along(normal, light.direction), np.float32(0))
    result[:3] *= result[3] * (np.float32(light.ambient) + np.float32(light.strength) * facing)
    shiny = (mesh.highlights[surface] > 0)[which] & (facing > 0)
    if shiny.any():
        shiny = shiny.nonzero()[0]
        shine = np.float32(light.strength) * mesh.highlights[surface][which[shiny]]
        shine *= _highlight(
            light,
            column[shiny],
            row[shiny],
            [part[shiny] for part in normal],
            mesh.shininess[surface][which[shiny]],
        )
        result[:3, shiny] += shine
        # What glass mirrors hides what is behind it.
        result[3, shiny] += (1 - result[3, shiny]) * np.minimum(shine, 1)
    return result


@dataclass(frozen=True)
class _Seen:
    """Triangles in the grid: what is needed to say where in one of them a point lies."""

    corner: np.ndarray  # (2, K) float32: column and row of the first corner
    slopes: np.ndarray  # (4, K) float32
    area: np.ndarray  # (K,) float64, in points
    facing: np.ndarray  # (K,) float32: 1 where the triangle's own side is seen, else -1

    @classmethod
    def of(cls, projected: Projected, corners: np.ndarray) -> "_Seen":
        x, y = projected.x[corners], projected.y[corners]
        near = projected.nearness[corners]
        x1, x2 = x[:, 1] - x[:, 0], x[:, 2] - x[:, 0]
        y1, y2 = y[:, 1] - y[:, 0], y[:, 2] - y[:, 0]
        double_area = x1 * y2 - x2 * y1
        safe = np.where(np.abs(double_area) < 1e-9, np.inf, double_area)
        first, second = near[:, 1] / safe, near[:, 2] / safe
        slopes = np.stack((y2 * first, -x2 * first, -y1 * second, x1 * second))
        return cls(
            np.stack((x[:, 0], y[:, 0])).astype(np.float32),
            slopes.astype(np.float32),
            np.abs(double_area) / 2,
            np.where(double_area < 0, np.float32(1), np.float32(-1)),
        )

    def weights(
        self, which: np.ndarray, column: np.ndarray, row: np.ndarray, nearness: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return how much the second and the third corner count at points, each (N,) float32."""
        across = column - self.corner[0][which]
        across /= nearness
        down = row - self.corner[1][which]
        down /= nearness
        second, third = (
            self.slopes[i][which] * across + self.slopes[i + 1][which] * down for i in (0, 2)
        )
        return np.clip(second, 0, 1, out=second), np.clip(third, 0, 1, out=third)


def _mixed(
    corners: np.ndarray, which: np.ndarray, weights: tuple[np.ndarray, np.ndarray]
) -> list[np.ndarray]:
    """Return values given at the corners, (K, 3, n), at points in between: n of (N,)."""
    result = []
    for i in range(corners.shape[2]):
        first = corners[:, 0, i]
        mixed = weights[0] * (corners[:, 1, i] - first)[which]
        mixed += weights[1] * (corners[:, 2, i] - first)[which]
        mixed += first[which]
        result.append(mixed)
    return result


def _paint(
    result: np.ndarray,
    mesh: Mesh,
    rows: np.ndarray,
    area: np.ndarray,
    which: np.ndarray,
    weights: tuple[np.ndarray, np.ndarray],
) -> None:
    """Multiply the points on textured triangles with the texture, in place."""
    texture = mesh.textures[mesh.surface[rows]]
    coordinates = mesh.coordinates[rows]
    u, v = (coordinates[:, 1:, i] - coordinates[:, :1, i] for i in (0, 1))
    share = np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]) / 2
    largest = mesh.pictures.largest[texture]
    texels = share * (mesh.pictures.height[largest] * mesh.pictures.width[largest])
    density = (texels / np.maximum(area, 1e-9)).astype(np.float32)
    points = (texture >= 0)[which].nonzero()[0]
    of = which[points]
    across, up = _mixed(coordinates, of, (weights[0][points], weights[1][points]))
    for i, channel in enumerate(mesh.pictures.looked_up(texture[of], across, up, density[of])):
        result[i, points] *= channel


def _highlight(
    light: Light,
    column: np.ndarray,
    row: np.ndarray,
    normal: list[np.ndarray],
    exponent: np.ndarray,
) -> np.ndarray:
    """Return Blinn's highlight with Schlick's quotient in place of the power, (N,) in [0, 1]."""
    focal_length = np.float32(light.focal_length)
    across = (column - np.float32(light.centre[0])) / focal_length
    down = (row - np.float32(light.centre[1])) / focal_length
    distance = np.sqrt(1 + across * across + down * down)
    half = [
        (np.float32(back) - across * np.float32(right) + down * np.float32(up)) / distance
        + np.float32(lamp)
        for right, up, back, lamp in zip(*light.rotation, light.direction, strict=True)
    ]
    cosine = normal[0] * half[0] + normal[1] * half[1] + normal[2] * half[2]
    cosine /= np.maximum(_length(half), np.float32(1e-12))
    np.clip(cosine, 0, 1, out=cosine)
    return cosine / (exponent - exponent * cosine + cosine)


def _length(vector: list[np.ndarray]) -> np.ndarray:
    x, y, z = vector
    return np.sqrt(x * x + y * y + z * z)


def _along(vector: list[np.ndarray], direction: np.ndarray) -> np.ndarray:
    x, y, z = (part * np.float32(along) for part, along in zip(vector, direction, strict=True))
    return x + y + z
