"""A picture with a rectangle that the student moves and resizes: the pointer never waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import traitlets

from aml4d_utils.widgets import Picture
from aml4d_utils.widgets.scripts import joined

ONE_CELL = (" ",)


class RegionPicture(Picture):
    """An image with one rectangle on it, moved by pointer and keys.

    Drag inside the rectangle to move it, its lower right corner to resize it, and outside it to
    draw a new one. The arrow keys move it by a pixel, with Shift they resize it.

    Parameters
    ----------
    heading, display_width
        As for `Picture`.
    pattern : sequence of str
        The cells of the rectangle, row by row: ``+`` white, ``-`` black, a space clear. Its sides
        stay multiples of their number.
    corner_names : sequence of str
        Four letters at the top left, top right, bottom left and bottom right corner, or none.

    Examples
    --------
    >>> import numpy as np
    >>> picture = RegionPicture("Photo")
    >>> picture.show(np.zeros((20, 30)), "A black picture with a rectangle.")
    >>> picture.place(4, 6, 8, 9)
    >>> picture.region
    [4, 6, 8, 9]
    """

    _esm = joined(Path(__file__).parent / "region_picture.js")
    region = traitlets.List(traitlets.Int(), default_value=[0, 0, 1, 1]).tag(sync=True)
    pattern = traitlets.List(traitlets.Unicode(), default_value=list(ONE_CELL)).tag(sync=True)
    corner_names = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(
        self,
        heading: str = "",
        display_width: int = 300,
        pattern: Sequence[str] = ONE_CELL,
        corner_names: Sequence[str] = (),
    ):
        super().__init__(heading, display_width)
        self.pattern = list(pattern)
        self.corner_names = list(corner_names)
        self._on_region: Callable[[int, int, int, int], None] | None = None
        self.hear(region=self._hear_region)

    def place(
        self, row: int, col: int, height: int, width: int, pattern: Sequence[str] | None = None
    ) -> None:
        """Put the rectangle somewhere, in pixels of the picture; perhaps with other cells."""
        with self.hold_sync():
            self.region = [int(row), int(col), int(height), int(width)]
            if pattern is not None:
                self.pattern = list(pattern)

    def on_region(self, listener: Callable[[int, int, int, int], None]) -> None:
        """Call ``listener(row, col, height, width)`` when the student moves the rectangle."""
        self._on_region = listener

    def _hear_region(self, content: dict[str, Any], _buffers: Any) -> None:
        row, col, height, width = (int(value) for value in content["region"])
        inside = 0 <= row < row + height <= self.height and 0 <= col < col + width <= self.width
        if inside and self._on_region:
            self._on_region(row, col, height, width)
