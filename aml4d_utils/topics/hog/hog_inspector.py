"""The HOG inspector: a photo, its HOG, and every step between them for one cell, live."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import traitlets

from aml4d_utils import images
from aml4d_utils.topics.features.gradients import gradients
from aml4d_utils.topics.hog.descriptor import NORMS, Hog, HogSettings, hog
from aml4d_utils.widgets.scripts import joined
from aml4d_utils.widgets.widget import LessonWidget, styles

SMALLEST_CELL, LARGEST_CELL = 4, 32
MOST_BINS, LARGEST_BLOCK = 18, 4
LARGEST_PICTURE = 600

_HERE = Path(__file__).parent
_START = ("cell", "bins", "block", "norm", "drawn", "light")


class HogInspector(LessonWidget):
    """A photo beside its HOG; one cell is followed from its pixels to the descriptor.

    Made by `hog_inspector`. Every setting is a trait: reading it tells what the student chose,
    setting it changes the page.

    Attributes
    ----------
    cell : int, 4 to 32
        Side of a cell in pixels.
    bins : int, 2 to 18
    block : int, 1 to 4
        Side of a block in cells.
    norm : str
        One of ``descriptor.NORMS``.
    drawn : {'votes', 'normalised'}
        Whether the strokes show the histograms before or after normalisation. A cell lies in
        several blocks; its strokes after normalisation are the mean over them.
    light : int, 10 to 100
        Light on the left half of the photo, in per cent.
    cursor : tuple of two int
        Row and column of the cell that is followed, counted from 0.
    """

    _esm = joined(_HERE / "hog_inspector" / "index.js")
    _css = styles(_HERE / "hog_inspector.css")

    pixels = traitlets.Bytes().tag(sync=True)
    gradient_rows = traitlets.Bytes().tag(sync=True)
    gradient_cols = traitlets.Bytes().tag(sync=True)
    size = traitlets.Tuple(traitlets.Int(), traitlets.Int(), default_value=(0, 0)).tag(sync=True)
    revision = traitlets.Int(0).tag(sync=True)
    cell = traitlets.Int(8, min=SMALLEST_CELL, max=LARGEST_CELL).tag(sync=True)
    bins = traitlets.Int(9, min=2, max=MOST_BINS).tag(sync=True)
    block = traitlets.Int(2, min=1, max=LARGEST_BLOCK).tag(sync=True)
    norm = traitlets.Enum(NORMS, default_value="L2-Hys").tag(sync=True)
    drawn = traitlets.Enum(("votes", "normalised"), default_value="votes").tag(sync=True)
    light = traitlets.Int(100, min=10, max=100).tag(sync=True)
    cursor = traitlets.Tuple(traitlets.Int(min=0), traitlets.Int(min=0), default_value=(0, 0)).tag(
        sync=True
    )
    norms = traitlets.List(list(NORMS)).tag(sync=True)
    start = traitlets.Dict().tag(sync=True)

    def __init__(self, photo: np.ndarray) -> None:
        self._photo = photo
        super().__init__(size=photo.shape[:2])
        self._shine(self.light)
        self.cursor = self._liveliest()
        self.start = {name: getattr(self, name) for name in _START}

    @traitlets.observe("light")
    def _light_changed(self, change: dict) -> None:
        self._shine(change["new"])

    def _shine(self, light: int) -> None:
        """Dim the left half, measure the gradients anew and send both."""
        photo = self._photo.copy()
        half = photo.shape[1] // 2
        photo[:, :half] = np.rint(photo[:, :half] * (light / 100))
        found = gradients(photo)
        with self.hold_sync():
            self.pixels = photo.tobytes()
            self.gradient_rows = found.rows.astype("<f4").tobytes()
            self.gradient_cols = found.cols.astype("<f4").tobytes()
            self.revision += 1

    def _liveliest(self) -> tuple[int, int]:
        """Return the cell with the most votes, or the first one."""
        try:
            votes = self.hog().cells.sum(axis=2)
        except ValueError:
            return 0, 0
        row, col = np.unravel_index(votes.argmax(), votes.shape)
        return int(row), int(col)

    @property
    def settings(self) -> HogSettings:
        """What is chosen now, as `descriptor.hog` takes it."""
        return HogSettings(
            self.bins, (self.cell, self.cell), (self.block, self.block), block_norm=self.norm
        )

    def image(self) -> np.ndarray:
        """Return the photo as the page shows it.

        Returns
        -------
        ndarray (H, W, 3), uint8
        """
        return np.frombuffer(self.pixels, np.uint8).reshape(*self.size, 3)

    def hog(self) -> Hog:
        """Compute the HOG of the photo that is shown, with the settings that are chosen.

        Raises
        ------
        ValueError
            If the photo is smaller than one block.
        """
        return hog(self.image(), self.settings)

    def histogram(self) -> np.ndarray:
        """Return the votes of the cell that is followed: ndarray (bins,), float64.

        Raises
        ------
        ValueError
            If the photo is smaller than one block.
        """
        cells = self.hog().cells
        row, col = (min(at, n - 1) for at, n in zip(self.cursor, cells.shape[:2], strict=True))
        return cells[row, col]


def hog_inspector(photo: np.ndarray | None = None, *, longest: int = 450) -> HogInspector:
    """Show a photo beside its HOG and follow one cell through all the steps.

    Hover the photo, click to hold a cell, or move it with the arrow keys.

    Parameters
    ----------
    photo : ndarray (H, W), (H, W, 1) or (H, W, 3), optional
        Any photo, uint8, uint16 or float in [0, 1]. By default the student's own photo.
    longest : int, 1 to 600
        The photo is scaled down until its longest side has at most this many pixels.

    Returns
    -------
    HogInspector
        A widget; its traits are the settings, `hog` computes what it shows.

    Raises
    ------
    ValueError
        If `longest` is out of range or `photo` is no image.

    Notes
    -----
    Two experiments for a lesson:

    1. *Shadow.* Before: "Half of the photo lies in shadow. What happens to its strokes: nothing,
       they fade on that side, or they turn?" Move *Light on the left half* to 20 %: the strokes
       fade. Then draw them *normalised*: they are back. True answer, live: with ``inspector =
       hog_inspector()``, ``inspector.light = 20``, compare ``inspector.hog().cells`` of the left
       half (falls to a fifth) and ``.blocks`` (moves far less; what moves is rounding, since a
       dark photo has fewer grey levels) with those at 100. A new upright
       line stands in the middle: to HOG, the edge of a shadow is an edge.
    2. *Numbers.* Before: "Twice the cell size: how many numbers are left?" Half, a quarter, an
       eighth? True answer: ``hog(photo, HogSettings(pixels_per_cell=(16, 16))).vector.size`` over
       that of 8 px (about a quarter). Then find a cell on a clear edge, one in fur or leaves and
       one in plain ground, and compare the share of their strongest bins:
       ``inspector.histogram().max() / inspector.histogram().sum()``.

    Examples
    --------
    >>> inspector = hog_inspector(np.tile([0, 0, 1.0, 1.0], (32, 8)))
    >>> inspector.cell = 16
    >>> inspector.hog().blocks.shape, inspector.histogram().argmax()
    ((1, 1, 2, 2, 9), np.int64(0))
    """
    if not 1 <= longest <= LARGEST_PICTURE:
        raise ValueError(f"longest is between 1 and {LARGEST_PICTURE} pixels, but got {longest}.")
    photo = images.photo_or_own(photo)
    return HogInspector(images.as_uint8(images.fit(photo, longest)))
