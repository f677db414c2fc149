"""All that the lessons show on one contact sheet.

``python -m benchmarks.gallery OUT.png [LESSON…]``: each lesson runs in a real JupyterLab; every
output is photographed and laid out in columns, so that the style can be looked at as a whole. With
``--explorers`` only the explorers are, in a page of a laptop's size with the file browser open; a
line marks the end of the first screen, and a table says what does not fit.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))

import lab  # noqa: E402
import layout  # noqa: E402

COLUMN, GAP, COLUMNS = 640, 16, 3
FOLD = (213, 94, 0)


def outputs(names: list[str]) -> Iterator[Image.Image]:
    """Give one picture per output that shows something, over all named lessons."""
    for notebook in opened(names, (1180, 1000)):
        for shot in notebook.photograph_outputs():
            yield as_image(shot)


def explorers(names: list[str]) -> Iterator[tuple[layout.Measured, Image.Image]]:
    """Give each explorer's measurements and its picture, with a line where the screen ends."""
    for notebook in opened(names, layout.LAPTOP, file_browser=True):
        for found in layout.explorers(notebook):
            measured = layout.measure(notebook, found)
            width, height = layout.LAPTOP
            notebook.page.set_viewport_size({"width": width, "height": height + measured.height})
            found.scroll_into_view_if_needed()
            picture = as_image(found.screenshot())
            notebook.page.set_viewport_size({"width": width, "height": height})
            fold = measured.room
            if fold < picture.height:
                ends = [(0, fold), (picture.width, fold)]
                ImageDraw.Draw(picture).line(ends, fill=FOLD, width=3)
            yield measured, picture


def opened(names: list[str], size: tuple[int, int], **options: bool) -> Iterator[lab.Notebook]:
    """Give each named lesson after all its cells have run."""
    home = Path(tempfile.mkdtemp(prefix="aml4d-gallery-"))
    folder = home / "notebooks"
    folder.mkdir()
    with lab.jupyterlab(folder, home) as address, lab.browser_page(*size) as page:
        for name in names:
            notebook = lab.Notebook(page, address, lab.prepared(folder, name), **options)
            notebook.run_all()
            yield notebook


def as_image(shot: bytes) -> Image.Image:
    """Return a screenshot as a picture."""
    return Image.open(io.BytesIO(shot)).convert("RGB")


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
    """Write the contact sheet of all lessons or of some."""
    parser = argparse.ArgumentParser(prog="benchmarks.gallery", description=__doc__.split("\n")[0])
    parser.add_argument("out", help="where the sheet goes")
    parser.add_argument("lessons", nargs="*", help="names of notebooks; all when left out")
    parser.add_argument("--explorers", action="store_true", help="only explorers, measured")
    options = parser.parse_args()
    names = options.lessons or sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb"))
    found = []
    if options.explorers:
        print(layout.HEADING)
        for measured, picture in explorers(names):
            print(layout.line(measured), flush=True)
            found.append(picture)
    else:
        found.extend(outputs(names))
    sheet(found).save(options.out)


if __name__ == "__main__":
    main()
