"""The surfaces of a thing: triangles, and how each of them looks."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aml4d_utils.solids.texturing import Textures

POSITION_STEPS = 32767
COORDINATE_STEPS = 65535


@dataclass(frozen=True)
class Mesh:
    """Triangles with everything that is needed to draw them.

    Parameters
    ----------
    vertices : ndarray (V, 3), float64
        x to the thing's left hand, y up, z out of its front; none is farther than 1 from (0, 0, 0).
    triangles : ndarray (T, 3), int64
        Rows of `vertices`.
    normals : ndarray (T, 3, 3), float32
        At each corner, of length 1, on the triangle's own side.
    coordinates : ndarray (T, 3, 2), float32
        Place on the texture at each corner: (0, 0) is its lower left, (1, 1) its upper right, and
        beyond that it is repeated. Zeros where there is no texture.
    surface : ndarray (T,), int64
        Rows of the following.
    colours : ndarray (S, 3), float32 in [0, 1]
        Multiplied with the texture.
    opacities : ndarray (S,), float32 in [0, 1]
    highlights : ndarray (S,), float32 in [0, 1]
    shininess : ndarray (S,), float32
        Exponent of the highlight.
    textures : ndarray (S,), int64
        Number of the texture, -1 for none.
    pictures : Textures
    see_through : ndarray (T,), bool
        Triangles through which something behind them may be seen.
    """

    vertices: np.ndarray
    triangles: np.ndarray
    normals: np.ndarray
    coordinates: np.ndarray
    surface: np.ndarray
    colours: np.ndarray
    opacities: np.ndarray
    highlights: np.ndarray
    shininess: np.ndarray
    textures: np.ndarray
    pictures: Textures
    see_through: np.ndarray


def unpack(tensors: Mapping[str, np.ndarray]) -> Mesh:
    """Return the mesh that the tensors of a file under ``solids/`` describe.

    Parameters
    ----------
    tensors : mapping of str to ndarray
        ``vertices`` (V, 3) int16 in steps of 1/32767; ``triangles`` (T, 3) uint16 or uint32, those
        with a texture first; ``flat`` (T,) uint8, 1 for a triangle that keeps its edges;
        ``surface`` (T,) uint8; ``surfaces`` (S, 6) float32: red, green, blue, opacity, highlight,
        shininess; ``textures`` (S,) int8; ``coordinates`` (U, 2) uint16 with their ``range`` (2, 2)
        float32, lowest and highest; ``mapped`` (M, 3) uint16 or uint32; ``texture_0`` … uint8,
        pictures in WebP.
    """
    vertices = tensors["vertices"].astype(np.float64) / POSITION_STEPS
    triangles = tensors["triangles"].astype(np.int64)
    surface = tensors["surface"].astype(np.int64)
    surfaces, textures = tensors["surfaces"], tensors["textures"].astype(np.int64)
    low, high = tensors["range"].astype(np.float64)
    steps = tensors["coordinates"].astype(np.float64) / COORDINATE_STEPS
    coordinates = np.zeros((len(triangles), 3, 2), np.float32)
    mapped = tensors["mapped"].astype(np.int64)
    coordinates[: len(mapped)] = (low + steps * (high - low))[mapped]
    pictures = [_decoded(tensors[f"texture_{number}"]) for number in range(textures.max() + 1)]
    clear = surfaces[:, 3] < 1
    for row, number in enumerate(textures):
        clear[row] |= number >= 0 and bool((pictures[number][..., 3] < 1).any())
    return Mesh(
        vertices,
        triangles,
        corner_normals(vertices, triangles, tensors["flat"].astype(bool)),
        coordinates,
        surface,
        surfaces[:, :3],
        surfaces[:, 3],
        surfaces[:, 4],
        surfaces[:, 5],
        textures,
        Textures.of(pictures),
        clear[surface],
    )


def corner_normals(vertices: np.ndarray, triangles: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Return the normals at the corners of triangles.

    Parameters
    ----------
    vertices : ndarray (V, 3), float64
    triangles : ndarray (T, 3), int64
    flat : ndarray (T,), bool
        These take their own normal; at the corners of the others it is the mean over the round
        triangles that share the vertex, weighted by their area.

    Returns
    -------
    ndarray (T, 3, 3), float32
        Of length 1.
    """
    corners = vertices[triangles]
    own = _cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    round_ = np.repeat(~flat, 3)
    of_vertex = np.stack(
        [
            np.bincount(
                triangles.ravel()[round_], np.repeat(own[:, i], 3)[round_], minlength=len(vertices)
            )
            for i in range(3)
        ],
        1,
    )
    normals = np.where(flat[:, None, None], own[:, None], of_vertex[triangles])
    # Where the triangles around a vertex do not agree which side is out, keep to this triangle's.
    along = _dot(normals, own[:, None])
    normals = np.where(along[..., None] < 0, -normals, normals)
    return _unit(normals).astype(np.float32)


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.stack(
        [a[:, i - 2] * b[:, i - 1] - a[:, i - 1] * b[:, i - 2] for i in range(3)], axis=1
    )


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2]


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.sqrt(_dot(vectors, vectors)), 1e-30)[..., None]


def _decoded(webp: np.ndarray) -> np.ndarray:
    from PIL import Image

    with Image.open(io.BytesIO(webp.tobytes())) as picture:
        return np.asarray(picture.convert("RGBA"), np.float32) / np.float32(255)
