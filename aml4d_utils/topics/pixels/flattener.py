"""The flattener: a photo and its row of numbers side by side, all in the browser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import traitlets

from aml4d_utils import images
from aml4d_utils.topics.pixels.flattening import flatten, pixel_at, read_with_width
from aml4d_utils.widgets.scripts import joined
from aml4d_utils.widgets.widget import LessonWidget, styles

LONGEST = (8, 16, 24, 32)
"""Sides of the pictures one can choose from, in pixels."""

_HERE = Path(__file__).parent


class Flattener(LessonWidget):
    """A small photo, the same numbers in one row, and the same row cut at another length.

    Made by `flattener`. Every setting is a trait: reading it tells what the student chose, setting
    it changes the page.

    Attributes
    ----------
    longest : int, one of ``LONGEST``
        Which of the pictures is shown, by its longer side.
    colour : bool
        Whether a pixel is three numbers (red, green, blue) or one.
    row_length : int
        After how many pixels the row is cut; two fewer than the picture is wide, at first.
    place : int
        The number that is marked, counted from 0.
    """

    _esm = joined(_HERE / "flattener" / "index.js")
    _css = styles(_HERE / "flattener.css")
    pixels = traitlets.Bytes(b"").tag(sync=True)
    sizes = traitlets.List().tag(sync=True)
    grey_weights = traitlets.List(list(images.conversion.LUMINANCE)).tag(sync=True)
    longest = traitlets.Enum(LONGEST, 24).tag(sync=True)
    colour = traitlets.Bool(False).tag(sync=True)
    row_length = traitlets.Int(24, min=1).tag(sync=True)
    place = traitlets.Int(0, min=0).tag(sync=True)

    def __init__(self, photo: np.ndarray) -> None:
        frames = [images.as_uint8(images.fit(photo, longest)) for longest in LONGEST]
        first = frames[LONGEST.index(24)]
        height, width = first.shape[:2]
        super().__init__(
            pixels=b"".join(frame.tobytes() for frame in frames),
            sizes=[list(frame.shape[:2]) for frame in frames],
            row_length=max(1, width - 2),
            place=height // 2 * width + width // 2,
        )

    def picture(self) -> np.ndarray:
        """Return the picture that is shown.

        Returns
        -------
        ndarray (H, W) or (H, W, 3), uint8
        """
        which = LONGEST.index(self.longest)
        counts = [3 * height * width for height, width in self.sizes]
        start = sum(counts[:which])
        block = np.frombuffer(self.pixels[start : start + counts[which]], np.uint8)
        colour = block.reshape(*self.sizes[which], 3)
        return colour if self.colour else np.rint(images.grey(colour) * 255).astype(np.uint8)

    def numbers(self) -> np.ndarray:
        """Return the picture as one row of numbers, ndarray (d,), uint8."""
        return flatten(self.picture())

    def marked(self) -> tuple[int, int, int]:
        """Return (row, col, channel) of the marked number."""
        picture = self.picture()
        channels = 3 if self.colour else 1
        return pixel_at(min(self.place, picture.size - 1), picture.shape[1], channels)

    def cut(self) -> np.ndarray:
        """Return the row of numbers cut every ``row_length`` pixels, uint8."""
        picture = self.picture()
        return read_with_width(picture.reshape(-1, *picture.shape[2:]), self.row_length)


def flattener(photo: np.ndarray | None = None) -> Flattener:
    """Show a photo beside its row of numbers.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), optional
        By default the student's own photo.

    Examples
    --------
    >>> widget = flattener(np.zeros((30, 40, 3)))
    >>> widget.numbers().shape, widget.marked()
    ((432,), (9, 12, 0))
    """
    return Flattener(images.photo_or_own(photo))
