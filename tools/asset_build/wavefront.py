"""Read 3-D models in the Wavefront format (.obj with its .mtl) as triangles with materials.

Only what such a model needs to be looked at is read: surfaces, texture coordinates, smoothing
and, of a material, its colour, texture, transparency and highlight.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

# Surfaces that meet in a steeper angle than this keep their edge even inside a smoothing group.
CREASE_COSINE = 0.5


@dataclass
class Material:
    """How a surface looks.

    Parameters
    ----------
    colour : tuple of 3 float in [0, 1]
        Of the surface without its texture.
    alpha : float in [0, 1]
        0 lets everything through, 1 nothing.
    highlight : float in [0, 1]
        How bright the highlight is.
    shininess : float
        How small it is: the exponent of Phong's model.
    texture : str
        File name of the texture; empty for none.
    """

    colour: tuple[float, float, float] = (0.8, 0.8, 0.8)
    alpha: float = 1.0
    highlight: float = 0.0
    shininess: float = 1.0
    texture: str = ""


@dataclass
class Model:
    """The surfaces of a model.

    Parameters
    ----------
    positions : ndarray (P, 3), float64
    triangles : ndarray (T, 3), int
        Rows of `positions`.
    coordinates : ndarray (U, 2), float64
        Texture coordinates, (0, 0) at the lower left of the texture.
    mapped : ndarray (T, 3), int
        Rows of `coordinates`; -1 where a corner has none.
    smoothing : ndarray (T, 3), int
        Corners at one position that show one number look round there; -1 means flat.
    material : ndarray (T,), int
        Rows of `materials`.
    materials : list of Material
    """

    positions: np.ndarray
    triangles: np.ndarray
    coordinates: np.ndarray
    mapped: np.ndarray
    smoothing: np.ndarray
    material: np.ndarray
    materials: list[Material]


@dataclass
class _Surfaces:
    positions: list[tuple[float, ...]] = field(default_factory=list)
    coordinates: list[tuple[float, ...]] = field(default_factory=list)
    normals: int = 0
    corners: list[tuple[tuple[int, int, int], ...]] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    libraries: list[str] = field(default_factory=list)


def read_model(name: str, read: Callable[[str], bytes]) -> Model:
    """Read a model.

    Parameters
    ----------
    name : str
        Of the .obj file.
    read : callable
        Returns the content of a file that lies beside it.
    """
    surfaces = _read_surfaces(_text(read(name)))
    table: dict[str, Material] = {}
    for library in surfaces.libraries:
        table |= read_materials(_text(read(library)))
    names = sorted(set(surfaces.used))
    rows = {used: row for row, used in enumerate(names)}
    positions = np.array(surfaces.positions, np.float64)
    place = np.unique(positions, axis=0, return_inverse=True)[1].reshape(-1)
    given: set[tuple] = set()
    faces: list[tuple] = []
    for corners, group, used in zip(surfaces.corners, surfaces.groups, surfaces.used, strict=True):
        at = [corner[0] for corner in corners]
        # A face that is given again, as some are for their other side, is kept once.
        face = tuple(sorted(place[at])), used
        if face not in given:
            given.add(face)
            faces += [
                (*(corners[i] for i in cut), group, rows[used])
                for cut in cut_polygon(positions[at])
            ]
    indices = np.array([face[:3] for face in faces])
    group = np.array([face[3] for face in faces])
    material = np.array([face[4] for face in faces])
    triangles = indices[..., 0]
    return Model(
        positions,
        triangles,
        np.array([pair[:2] for pair in surfaces.coordinates], np.float64).reshape(-1, 2),
        indices[..., 1],
        _smoothing(positions, triangles, indices[..., 2], group),
        material,
        [table.get(used, Material()) for used in names],
    )


def read_materials(text: str) -> dict[str, Material]:
    """Read the materials of a .mtl file by name."""
    table: dict[str, Material] = {}
    flat: set[str] = set()
    name = ""
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if word not in ("newmtl", "map_Kd"):
            rest = rest.split("#")[0].strip()
        if word == "newmtl":
            name = rest
            table[name] = Material()
        elif word == "Kd":
            table[name].colour = tuple(min(1.0, float(value)) for value in rest.split()[:3])
        elif word == "d":
            table[name].alpha = float(rest.split()[-1])
        elif word == "Tr":
            table[name].alpha = 1 - float(rest)
        elif word == "Ks":
            table[name].highlight = min(1.0, float(np.mean([float(v) for v in rest.split()[:3]])))
        elif word == "Ns":
            table[name].shininess = max(1.0, float(rest))
        elif word == "illum" and rest in ("0", "1"):
            flat.add(name)
        elif word == "map_Kd":
            table[name].texture = rest
    for name in flat:
        table[name].highlight = 0.0
    return table


def cut_polygon(places: np.ndarray) -> list[tuple[int, int, int]]:
    """Cut a flat polygon into triangles by clipping its ears.

    Parameters
    ----------
    places : ndarray (N, 3)
        Its corners in order; it may have dents.

    Returns
    -------
    list of tuple of 3 int
        Corners of each triangle, in the polygon's own sense; triangles without area are left out.
    """
    count = len(places)
    if count == 3:
        cuts = [(0, 1, 2)]
    else:
        normal = np.sum(np.cross(places, np.roll(places, -1, 0)), 0)
        axis = int(np.argmax(np.abs(normal)))
        flat = np.delete(places, axis, 1)
        if (normal[axis] < 0) != (axis == 1):
            flat = flat * (1, -1)
        cuts = _ears(flat.tolist())
    return [cut for cut in cuts if _area(places[list(cut)]) > 0]


def _ears(flat: list[list[float]]) -> list[tuple[int, int, int]]:
    ring = list(range(len(flat)))
    cuts = []
    while len(ring) > 3:
        for here in range(len(ring)):
            ear = ring[here - 1], ring[here], ring[(here + 1) % len(ring)]
            a, b, c = (flat[i] for i in ear)
            if _side(a, b, c) > 0 and not any(
                _inside(flat[i], a, b, c) for i in ring if i not in ear
            ):
                break
        else:
            here = 1  # A polygon that crosses itself: any cut is as good.
            ear = ring[0], ring[1], ring[2]
        cuts.append(ear)
        del ring[here]
    return [*cuts, tuple(ring)]


def _side(a, b, c) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _inside(p, a, b, c) -> bool:
    if p in (a, b, c):
        return False
    return _side(a, b, p) >= 0 and _side(b, c, p) >= 0 and _side(c, a, p) >= 0


def _area(corners: np.ndarray) -> float:
    return float(np.linalg.norm(np.cross(corners[1] - corners[0], corners[2] - corners[0])))


def _text(content: bytes) -> str:
    return content.decode("latin-1").replace("\\\r\n", " ").replace("\\\n", " ")


def _read_surfaces(text: str) -> _Surfaces:
    found = _Surfaces()
    group, used = 0, ""
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "v":
            found.positions.append(tuple(map(float, rest.split()[:3])))
        elif word == "vt":
            found.coordinates.append(tuple(map(float, rest.split()[:2])))
        elif word == "vn":
            found.normals += 1
        elif word == "f":
            counts = len(found.positions), len(found.coordinates), found.normals
            corners = tuple(_corner(corner, counts) for corner in rest.split())
            if len(corners) >= 3:
                found.corners.append(corners)
                found.groups.append(group)
                found.used.append(used)
        elif word == "s":
            group = 0 if rest.strip() in ("off", "") else int(rest)
        elif word == "usemtl":
            used = rest.strip()
        elif word == "mtllib":
            found.libraries.append(rest.strip())
    return found


def _corner(text: str, counts: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return the rows of position, texture coordinate and normal, -1 for one not given."""
    given = (text.split("/") + ["", ""])[:3]
    return tuple(
        -1 if not word else int(word) - 1 if int(word) > 0 else count + int(word)
        for word, count in zip(given, counts, strict=True)
    )


def _smoothing(
    positions: np.ndarray, triangles: np.ndarray, normals: np.ndarray, group: np.ndarray
) -> np.ndarray:
    """Number the corners that look round together."""
    given = normals >= 0
    result = np.where(given, normals, -1)
    round_ = (group > 0) & ~given.all(1)
    _, place = np.unique(positions, axis=0, return_inverse=True)
    place = place.reshape(-1)[triangles]
    a, b, c = (positions[triangles[:, i]] for i in range(3))
    facing = np.cross(b - a, c - a)
    facing /= np.maximum(np.linalg.norm(facing, axis=1, keepdims=True), 1e-300)
    around: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row in round_.nonzero()[0]:
        for corner in range(3):
            around.setdefault((int(place[row, corner]), int(group[row])), []).append((row, corner))
    number = int(result.max(initial=-1)) + 1
    for corners in around.values():
        for part in _parts(facing[[row for row, _ in corners]]):
            for i in part:
                result[corners[i]] = number
            number += 1
    return result


def _parts(facing: np.ndarray) -> list[list[int]]:
    """Divide directions into sets that hang together by angles below the crease."""
    close = facing @ facing.T > CREASE_COSINE
    left = set(range(len(facing)))
    parts = []
    while left:
        part, waiting = [], [min(left)]
        left.discard(waiting[0])
        while waiting:
            one = waiting.pop()
            part.append(one)
            new = [other for other in sorted(left) if close[one, other]]
            left.difference_update(new)
            waiting += new
        parts.append(sorted(part))
    return parts
