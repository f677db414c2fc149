"""Photographs cut out of their backgrounds, chosen and named by hand in cutouts.csv.

The table says for each file what it shows, its category, the ImageNet words that a careful
person would accept for it, its COCO word, and which original it was made from: mirrored or
recoloured twins share one.
"""

import csv
import io
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from aml4d_utils import nets
from asset_build.manifest import Entry, forget, write_bytes
from asset_build.packages import Package, sha256
from asset_build.tables import as_csv, slug

TUXPAINT = Package(
    "tuxpaint-stamps-default",
    "2022.06.04-1",
    "Debian",
    "tuxpaint-stamps-default_2022.06.04-1_all.deb",
    "6db6c1bfc870a47f1499d6203b083522eacb57c5f9c87d468f2e92eb6d9d5f34",
)
TABLE = Path(__file__).with_name("cutouts.csv")
FOLDER = "cutouts"
LONGEST = 256
# Lossy colours at a quality where no difference shows; the mask is kept without loss.
WEBP = {"quality": 92, "method": 4, "alpha_quality": 100}


def cutouts(cache: Path, data: Path) -> list[Entry]:
    """Cut-outs with transparent ground, and an index of what they show."""
    stamps = TUXPAINT.folder(cache) / "usr/share/tuxpaint/stamps"
    imagenet = {word: index for index, word in enumerate(_imagenet_words())}
    coco = {word: index for index, word in enumerate(nets.labels("nanodet_g"))}
    entries, index = [], []
    with TABLE.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    for row in rows:
        content = (stamps / row["file"]).read_bytes()
        path = f"{FOLDER}/{slug(row['name'])}.webp"
        write_bytes(data / path, _shrunk(content))
        source = TUXPAINT.source(f"usr/share/tuxpaint/stamps/{row['file']}", sha256(content))
        changes = f"Transparent border removed, longest side at most {LONGEST} pixels, WebP."
        entries.append(Entry(path, source, "GPL-2.0", changes))
        index.append(
            {
                "file": Path(path).name,
                "name": row["name"],
                "category": row["category"],
                "imagenet": " ".join(
                    str(imagenet[word]) for word in row["imagenet"].split("|") if word
                ),
                "coco": coco[row["coco"]] if row["coco"] else "",
                "original": row["original"],
            }
        )
    path = f"{FOLDER}/index.csv"
    write_bytes(data / path, as_csv(index))
    archive = TUXPAINT.source(TUXPAINT.archive, TUXPAINT.sha256)
    entries.append(Entry(path, archive, "MIT", "Written for this course: what each picture shows."))
    forget(data, FOLDER, keep={entry.path for entry in entries})
    return entries


def _shrunk(png: bytes) -> bytes:
    with Image.open(io.BytesIO(png)) as picture:
        rgba = np.asarray(picture.convert("RGBA"))
    opaque = rgba[..., 3] > 0
    rows, columns = opaque.any(1).nonzero()[0], opaque.any(0).nonzero()[0]
    rgba = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32) / 255
    scale = LONGEST / max(rgba.shape[:2])
    if scale < 1:
        # Averaging with the alpha as weight keeps the invisible colours out of the edges.
        rgba[..., :3] *= rgba[..., 3:]
        height, width = (max(1, round(side * scale)) for side in rgba.shape[:2])
        rgba = cv2.resize(rgba, (width, height), interpolation=cv2.INTER_AREA)
        rgba[..., :3] /= np.maximum(rgba[..., 3:], 1e-6)
    pixels = np.floor(np.clip(rgba, 0, 1) * 255 + 0.5).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", **WEBP)
    return buffer.getvalue()


def _imagenet_words() -> list[str]:
    from torchvision.models import SqueezeNet1_1_Weights

    return SqueezeNet1_1_Weights.IMAGENET1K_V1.meta["categories"]
