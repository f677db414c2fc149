"""Bodies whose pictures have a closed form, and rays cast at triangles one by one."""

from dataclasses import dataclass

import numpy as np
import pytest

from aml4d_utils.solids.mesh import POSITION_STEPS, unpack

CUBE_HALF = 16383 / POSITION_STEPS  # its corners then lie inside a ball of radius 1


def body(vertices, triangles, flat=True, colour=(1, 1, 1), opacity=1.0):
    """A mesh of one colour from corners in steps and triangles."""
    return unpack(
        {
            "vertices": np.asarray(vertices, np.int16),
            "triangles": np.asarray(triangles, np.uint16),
            "flat": np.full(len(triangles), flat, np.uint8),
            "surface": np.zeros(len(triangles), np.uint8),
            "surfaces": np.array([[*colour, opacity, 0, 1]], np.float32),
            "textures": np.array([-1], np.int8),
            "range": np.zeros((2, 2), np.float32),
            "coordinates": np.zeros((0, 2), np.uint16),
            "mapped": np.zeros((0, 3), np.uint16),
        }
    )


@pytest.fixture(scope="session")
def make_body():
    return body


@pytest.fixture(scope="session")
def cube():
    """Corners at ±CUBE_HALF, each side two triangles that turn the same way."""
    signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    triangles = []
    for axis in range(3):
        for sign in (-1, 1):
            side = [i for i in range(8) if signs[i, axis] == sign]
            a, b, c, d = side[0], side[1], side[3], side[2]
            for corners in ((a, b, c), (a, c, d)):
                p, q, r = signs[list(corners)]
                out = np.cross(q - p, r - p)[axis] * sign > 0
                triangles.append(corners if out else corners[::-1])
    return body(signs * 16383, triangles)


@pytest.fixture(scope="session")
def ball():
    """A ball of radius 1, 96 × 48 cells."""
    around, down = 96, 48
    angle = np.arange(around) * 2 * np.pi / around
    height = np.arange(1, down) * np.pi / down
    rings = np.stack(
        [
            np.outer(np.sin(height), np.sin(angle)),
            np.outer(np.cos(height), np.ones(around)),
            np.outer(np.sin(height), np.cos(angle)),
        ],
        -1,
    ).reshape(-1, 3)
    vertices = np.concatenate([[(0, 1, 0)], rings, [(0, -1, 0)]])
    triangles = []
    for i in range(around):
        j = (i + 1) % around
        triangles.append((0, 1 + i, 1 + j))
        for ring in range(down - 2):
            a, b = 1 + ring * around + i, 1 + ring * around + j
            triangles += [(a, a + around, b + around), (a, b + around, b)]
        last = 1 + (down - 2) * around
        triangles.append((last + j, last + i, len(vertices) - 1))
    return body(np.round(vertices * POSITION_STEPS), triangles, flat=False)


@dataclass(frozen=True)
class Hits:
    """What rays hit: surely, possibly (an edge within rounding), and how far along the axis."""

    surely: np.ndarray
    possibly: np.ndarray
    depth: np.ndarray


def rays(camera, height, width, points=1):
    """Start (3,) and directions (height · points, width · points, 3) of depth 1 along the axis."""
    yaw, pitch, roll = np.radians([camera.yaw, camera.pitch, camera.roll])
    back = np.array([np.cos(pitch) * np.sin(yaw), np.sin(pitch), np.cos(pitch) * np.cos(yaw)])
    level = np.array([np.cos(yaw), 0, -np.sin(yaw)])
    upright = np.cross(back, level)
    # The picture turns anticlockwise when the camera turns clockwise.
    right = np.cos(roll) * level - np.sin(roll) * upright
    up = np.sin(roll) * level + np.cos(roll) * upright
    scale = 2 * np.tan(np.radians(camera.field_of_view / 2)) / min(height, width)
    across = ((np.arange(width * points) + 0.5) / points - width / 2) * scale
    upwards = (height / 2 - (np.arange(height * points) + 0.5) / points) * scale
    directions = across[None, :, None] * right + upwards[:, None, None] * up - back
    return camera.distance * back, directions


@pytest.fixture(scope="session")
def cast():
    """Cast rays at every triangle of a mesh (Möller and Trumbore 1997), one by one."""

    def cast_all(mesh, camera, height, width, points=1):
        start, directions = rays(camera, height, width, points)
        flat = directions.reshape(-1, 3)
        surely = np.zeros(len(flat), bool)
        possibly = np.zeros(len(flat), bool)
        depth = np.full(len(flat), np.inf)
        for a, b, c in mesh.vertices[mesh.triangles]:
            one, two = b - a, c - a
            cross = np.cross(flat, two)
            with np.errstate(divide="ignore", invalid="ignore"):
                scale = 1 / (cross @ one)
                u = (cross @ (start - a)) * scale
                turned = np.cross(start - a, one)
                v = (flat @ turned) * scale
                t = (two @ turned) * scale
            least = np.minimum(np.minimum(u, v), 1 - u - v)
            surely |= least > 1e-9
            possibly |= least > -1e-9
            depth = np.where((least > 0) & (t < depth), t, depth)
        shape = directions.shape[:2]
        return Hits(surely.reshape(shape), possibly.reshape(shape), depth.reshape(shape))

    return cast_all


@pytest.fixture(scope="session")
def cast_rays():
    return rays
