"""All that the lessons show on one contact sheet: ``python -m benchmarks.gallery OUT.png``.

Each lesson runs in a real JupyterLab; every output is photographed and laid out in columns, so that
the style can be looked at as a whole.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))

import lab  # noqa: E402

COLUMN, GAP, COLUMNS = 640, 16, 3


def pictures(names: list[str]) -> list[Image.Image]:
    """Return one picture per output that shows something, over all named lessons."""
    home = Path(tempfile.mkdtemp(prefix="aml4d-gallery-"))
    folder = home / "notebooks"
    folder.mkdir()
    found = []
    with lab.jupyterlab(folder, home) as address, lab.browser_page(1180, 1000) as page:
        for name in names:
            notebook = lab.Notebook(page, address, lab.prepared(folder, name))
            notebook.run_all()
            for shot in notebook.photograph_outputs():
                found.append(Image.open(io.BytesIO(shot)).convert("RGB"))
    return found


def sheet(found: list[Image.Image]) -> Image.Image:
    """Lay pictures out in columns, each scaled to the column's width."""
    tiles = [p.resize((COLUMN, max(1, round(p.height * COLUMN / p.width)))) for p in found]
    heights = [0] * COLUMNS
    places = []
    for tile in tiles:
        column = heights.index(min(heights))
        places.append((column * (COLUMN + GAP), heights[column]))
        heights[column] += tile.height + GAP
    page = Image.new("RGB", (COLUMNS * (COLUMN + GAP) - GAP, max(heights)), "white")
    for tile, place in zip(tiles, places, strict=True):
        page.paste(tile, place)
    return page


def main() -> None:
    """Write the contact sheet of all lessons."""
    names = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    sheet(pictures(names)).save(sys.argv[1])


if __name__ == "__main__":
    main()
