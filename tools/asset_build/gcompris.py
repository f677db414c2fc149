"""Pictures out of GCompris: whole paintings for the course, photos that a net learns from."""

import io
import re
from pathlib import Path

from PIL import Image

from asset_build.manifest import Entry, write_bytes
from asset_build.packages import Package, sha256
from asset_build.qt_resources import read_resources

GCOMPRIS = Package(
    "gcompris-qt-data",
    "3.1-2",
    "Debian",
    "gcompris-qt-data_3.1-2_all.deb",
    "e9cf06ab2105529068df73085784e835d2ff03f870d2a8091f09125d40abac9f",
)
_RCC = "usr/share/gcompris-qt/rcc"
_PAINTINGS = "gcompris/src/activities/details/resource/image"
PAINTINGS = {
    "night_cafe": ("Van_Gogh_The_Night_Cafe", "The Night Café, 1888"),
    "cafe_terrace": ("Gogh4", "Café Terrace at Night, 1888"),
    "church_at_auvers": ("Eglise_dAuvers-sur-Oise", "The Church at Auvers, 1890"),
    "pere_tanguy": ("PortraitOfPereTanguy", "Portrait of Père Tanguy, 1887"),
    "langlois_bridge": ("VincentVanGoghBridge", "The Langlois Bridge at Arles, 1888"),
    "harvest": ("VincentVanGogh0019", "The Harvest, 1888"),
    "painter_to_tarascon": ("VincentVanGogh0013", "The Painter on the Road to Tarascon, 1888"),
    "vestibule": ("VincentVanGogh0012", "Vestibule of the Asylum, 1889"),
}
"""Name in the course: name in the package, and title with year."""

_PHOTOS = ("erase", "explore_monuments", "explore_world_animals", "explore_farm_animals")
_FREE = re.compile(r"public domain|CC0|CC-BY(-SA)?[- ]\d", re.IGNORECASE)


def paintings(cache: Path, data: Path) -> list[Entry]:
    """Eight whole paintings by Vincent van Gogh, as GCompris has them."""
    file = f"{_RCC}/details.rcc"
    content = (GCOMPRIS.folder(cache) / file).read_bytes()
    files = read_resources(content)
    about = files[f"{_PAINTINGS}/README"].decode()
    entries = []
    for name, (original, title) in PAINTINGS.items():
        licence = _licence(about, f"{original}_background.webp")
        if licence.lower() != "public domain":
            raise ValueError(f"{original} is under {licence!r}, expected public domain.")
        path = f"paintings/{name}.webp"
        write_bytes(data / path, files[f"{_PAINTINGS}/{original}_background.webp"])
        entries.append(
            Entry(
                path,
                GCOMPRIS.source(f"{file}: {original}_background.webp", sha256(content)),
                "public domain",
                "Nothing.",
                f"Vincent van Gogh: {title}",
            )
        )
    return entries


def training_photos(cache: Path) -> list[Image.Image]:
    """Return the photos of four activities whose licence, one by one, allows to learn from them.

    None of them is in the course's data: they are only learned from.
    """
    photos = []
    for activity in _PHOTOS:
        files = read_resources((GCOMPRIS.folder(cache) / _RCC / f"{activity}.rcc").read_bytes())
        about = "\n\n".join(
            content.decode() for path, content in files.items() if path.endswith("README")
        )
        for path in sorted(path for path in files if path.endswith(".webp")):
            if _FREE.search(_licence(about, Path(path).name)):
                photos.append(Image.open(io.BytesIO(files[path])).convert("RGB"))
    return photos


def _licence(about: str, name: str) -> str:
    """Return what the list of authors says on the licence of a file, "" if nothing."""
    for paragraph in re.split(r"\n\s*\n", about):
        listed = [
            Path(line.strip().removeprefix("Files:").strip()).name
            for line in paragraph.splitlines()
        ]
        found = re.search(r"^License:\s*(.+)$", paragraph, re.MULTILINE)
        if name in listed and found:
            return found[1].strip()
    return ""
