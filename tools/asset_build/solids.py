"""Everyday things in 3-D, chosen and named by hand in solids.csv.

The table says for each model what it is called here, its kind, the ImageNet and COCO words that a
careful person would accept for it, and which original it was made from: models of one set, and
variants of one design, share one.
"""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image
from safetensors.numpy import save

from aml4d_utils import nets
from aml4d_utils.solids.mesh import COORDINATE_STEPS, POSITION_STEPS
from asset_build.manifest import Entry, forget, write_bytes
from asset_build.packages import BuildError, Package
from asset_build.tables import as_csv, slug
from asset_build.wavefront import Model, read_model

FURNITURE = Package(
    "sweethome3d-furniture",
    "1.8-1",
    "Debian",
    "sweethome3d-furniture_1.8-1_all.deb",
    "3ccb90c63f9525e887a767b9cd5c8b6933b8b6b2973a615a5359ee68a2118668",
)
TABLE = Path(__file__).with_name("solids.csv")
FOLDER = "solids"
LONGEST = 256
WEBP = {"quality": 85, "method": 6, "alpha_quality": 100}


@dataclass(frozen=True)
class Library:
    """One catalogue of the package: its archive's SHA-256, its licence, and whom to name."""

    sha256: str
    licence: str
    creator: str = ""  # empty: each model's own


LIBRARIES = {
    "BlendSwap-CC-0": Library(
        "7ef093fe70cedbb160bdb532d86a84580459635e34130c16777f549eba1993dc", "CC0-1.0"
    ),
    "BlendSwap-CC-BY": Library(
        "29ae78937b4d5dbe93db74067817a984fa411f017b007fd666bc40368bdb0c83", "CC-BY-3.0"
    ),
    "KatorLegaz": Library(
        "f512443b5d3a6903497573095f971f44334b3165ab32182133051fa9487764a6",
        "CC-BY-3.0-US",
        "Andrew Kator & Jennifer Legaz",
    ),
    "Reallusion": Library(
        "dd553207876ccec6372dde7aaea6b2dcf2d631997fcdb8a9856a639e0db9aa9b",
        "CC-BY-3.0-US",
        "Reallusion, http://www.reallusion.com",
    ),
    "Scopia": Library(
        "b4505451b1e8ab339c101c0afddfef4e1a07b95aa8c821c61ec41487afd43850",
        "CC-BY-3.0",
        "Emmanuel Puybaret / eTeks and Scopia Visual Interfaces Systems, s.l., "
        "http://www.scopia.es",
    ),
}
# What a model's own licence file must say.
RELEASED = {
    "CC0-1.0": "Creative Commons Zero",
    "CC-BY-3.0": "Creative Commons Attribution 3.0",
}
TITLE = r'downloading "(.+)" by|<title>\d+ - (.+) - Downloaded|<title>(.+) by .+ - Creative'
CHANGES = (
    "Triangles of all parts merged, moved to the middle, made as large as a ball of radius 1, "
    "corners rounded to 16 bits, textures made at most 256 pixels (WebP)."
)


def solids(cache: Path, data: Path) -> list[Entry]:
    """Things in 3-D, and an index of what they are."""
    imagenet = {word: index for index, word in enumerate(nets.labels("efficientnet_lite0"))}
    coco = {word: index for index, word in enumerate(nets.labels("nanodet_g"))}
    catalogues = {name: Catalogue(cache, name) for name in LIBRARIES}
    entries, index = [], []
    with TABLE.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    for row in rows:
        catalogue = catalogues[row["library"]]
        item = catalogue.items[row["model"]]
        creator = catalogue.creator(item)
        path = f"{FOLDER}/{slug(row['name'])}.safetensors"
        write_bytes(data / path, catalogue.packed(item))
        source = FURNITURE.source(
            f"{catalogue.file}, {item['model'].lstrip('/')}", catalogue.sha256
        )
        entries.append(Entry(path, source, catalogue.licence, CHANGES, creator))
        index.append(
            {
                "file": Path(path).name,
                "name": row["name"],
                "kind": row["kind"],
                "imagenet": _numbers(row["imagenet"], imagenet),
                "coco": _numbers(row["coco"], coco),
                "original": row["original"],
                "creator": creator,
                "licence": catalogue.licence,
            }
            | {side: f"{float(item[side]) / 100:.3f}" for side in ("width", "height", "depth")}
        )
    path = f"{FOLDER}/index.csv"
    write_bytes(data / path, as_csv(index))
    archive = FURNITURE.source(FURNITURE.archive, FURNITURE.sha256)
    entries.append(Entry(path, archive, "MIT", "Written for this course: what each thing is."))
    forget(data, FOLDER, keep={entry.path for entry in entries})
    return entries


class Catalogue:
    """One of the package's catalogues of models.

    Parameters
    ----------
    cache : pathlib.Path
        Where packages are kept.
    name : str
        One of `LIBRARIES`.
    """

    def __init__(self, cache: Path, name: str) -> None:
        self.file = f"usr/share/sweethome3d/furniture/{name}.sh3f"
        self.sha256 = LIBRARIES[name].sha256
        self.licence = LIBRARIES[name].licence
        self._creator = LIBRARIES[name].creator
        content = FURNITURE.read(cache, self.file, self.sha256)
        self._bundle = zipfile.ZipFile(io.BytesIO(content))
        self._names = {member.lower(): member for member in self._bundle.namelist()}
        properties = self._read("PluginFurnitureCatalog.properties").decode("latin-1")
        self.items = read_properties(properties)

    def creator(self, item: dict[str, str]) -> str:
        """Return whom to name for a model, after checking the licence in its folder."""
        if self._creator:
            return self._creator
        folder = str(PurePosixPath(item["model"].lstrip("/")).parent)
        files = [name for name in self._names if re.fullmatch(rf"{folder}/.*license.*", name, re.I)]
        text = self._read(files[0]).decode("utf-8", "replace") if files else ""
        plain = " ".join(re.sub("<[^>]+>", " ", text).split())
        if not re.search(rf"(Released under|following license:) {RELEASED[self.licence]}", plain):
            raise BuildError(f"No licence file in {folder} says that it is under {self.licence}.")
        title = re.search(TITLE, text)
        address = re.search(r"http://www\.blendswap\.com/blends/view/\d+", text)
        return f"{item['creator']}: {' '.join(title[title.lastindex].split())}, {address[0]}"

    def packed(self, item: dict[str, str]) -> bytes:
        """Return a model as `pack` does."""
        path = PurePosixPath(item["model"].lstrip("/"))
        model = read_model(path.name, lambda file: self._read(f"{path.parent}/{file}"))
        pictures = {
            material.texture: self._read(f"{path.parent}/{material.texture}")
            for material in model.materials
            if material.texture and f"{path.parent}/{material.texture}".lower() in self._names
        }
        turn = [float(value) for value in item.get("modelRotation", "1 0 0 0 1 0 0 0 1").split()]
        sides = [float(item[side]) for side in ("width", "height", "depth")]
        return pack(model, pictures, np.reshape(turn, (3, 3)), np.array(sides))

    def _read(self, name: str) -> bytes:
        return self._bundle.read(self._names[name.lower()])


def read_properties(text: str) -> dict[str, dict[str, str]]:
    """Return what a catalogue says of each model, by the name of the model's file."""
    items: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        found = re.match(r"(\w+)#(\d+)=(.*)", line)
        if found:
            items.setdefault(found[2], {})[found[1]] = found[3].strip()
    return {PurePosixPath(item["model"]).stem: item for item in items.values() if "model" in item}


def pack(model: Model, pictures: dict[str, bytes], turn: np.ndarray, sides: np.ndarray) -> bytes:
    """Return a model as the tensors that `aml4d_utils.solids.mesh.unpack` describes.

    Parameters
    ----------
    model : Model
    pictures : dict of str to bytes
        Its textures by name; a texture that is not there is left out.
    turn : ndarray (3, 3)
        Rotation that makes it stand upright and show its front to +z.
    sides : ndarray (3,)
        Width, height and depth it shall then have, in any unit.
    """
    used = np.unique(model.triangles)
    positions = model.positions[used] @ turn.T
    extent = np.ptp(positions, axis=0)
    positions -= (positions.min(0) + positions.max(0)) / 2
    positions *= sides / np.maximum(extent, 1e-9)
    positions /= np.sqrt((positions**2).sum(1).max())
    steps = np.floor(positions * POSITION_STEPS + 0.5).astype(np.int64)
    triangles = np.searchsorted(used, model.triangles)

    names = sorted({m.texture for m in model.materials if m.texture in pictures})
    textures = np.array(
        [names.index(m.texture) if m.texture in names else -1 for m in model.materials], np.int8
    )
    mapped = (model.mapped >= 0).all(1)
    textures[np.setdiff1d(np.arange(len(textures)), model.material[mapped])] = -1
    textured = mapped & (textures[model.material] >= 0)
    order = np.argsort(~textured, kind="stable")
    corners = steps[triangles[order]]
    area = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    opacity = np.array([material.alpha for material in model.materials])
    order = order[(area != 0).any(1) & (opacity[model.material[order]] > 0)]
    triangles, smoothing, surface, textured = (
        values[order] for values in (triangles, model.smoothing, model.material, textured)
    )

    flat = (smoothing < 0).any(1)
    smoothing = np.where(flat[:, None], -1, smoothing)
    vertices, vertex = _numbered(
        np.concatenate((steps[triangles].reshape(-1, 3), smoothing.reshape(-1, 1)), 1)
    )
    coordinates = model.coordinates[model.mapped[order[textured]]].reshape(-1, 2)
    low, high = (coordinates.min(0), coordinates.max(0)) if len(coordinates) else np.zeros((2, 2))
    shares = (coordinates - low) / np.maximum(high - low, 1e-9)
    pairs, pair = _numbered(np.floor(shares * COORDINATE_STEPS + 0.5).astype(np.int64))
    looks = [
        (*((1, 1, 1) if texture >= 0 else m.colour), m.alpha, m.highlight, m.shininess)
        for m, texture in zip(model.materials, textures, strict=True)
    ]
    tensors = {
        "vertices": vertices[:, :3].astype(np.int16),
        "triangles": _narrow(vertex.reshape(-1, 3)),
        "flat": flat.astype(np.uint8),
        "surface": surface.astype(np.uint8),
        "surfaces": np.array(looks, np.float32),
        "textures": textures,
        "range": np.array((low, high), np.float32),
        "coordinates": pairs.astype(np.uint16),
        "mapped": _narrow(pair.reshape(-1, 3)),
    }
    for number, name in enumerate(names):
        tensors[f"texture_{number}"] = np.frombuffer(shrunk(pictures[name]), np.uint8)
    return save(tensors)


def shrunk(content: bytes) -> bytes:
    """Return a texture as WebP, its sides powers of two, at most `LONGEST`."""
    with Image.open(io.BytesIO(content)) as picture:
        clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        picture = picture.convert("RGBA" if clear else "RGB")
    sides = [min(LONGEST, 1 << (side.bit_length() - 1)) for side in picture.size]
    buffer = io.BytesIO()
    picture.resize(sides, Image.Resampling.BOX).save(buffer, "WEBP", **WEBP)
    return buffer.getvalue()


def _numbers(words: str, known: dict[str, int]) -> str:
    return " ".join(str(known[word]) for word in words.split("|") if word)


def _numbered(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different rows in the order of their first use, and the number of each."""
    different, first, number = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return different[order], rank[number.reshape(-1)]


def _narrow(indices: np.ndarray) -> np.ndarray:
    return indices.astype(np.uint16 if indices.max(initial=0) < 65536 else np.uint32)
