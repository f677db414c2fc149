"""A pad of 28 × 28 pixels on which a student draws a digit, by pointer, touch or keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets

from aml4d_utils.images import centre_digit
from aml4d_utils.widgets.widget import LessonWidget, error_in_words, script

SIDE = 28
_MOST_SOURCES = 4


class DrawingPad(LessonWidget):
    """A drawing pad; each change reaches Python at once, at most about 30 times a second.

    Below the pad stands what a network trained on MNIST gets: the drawing scaled to 20 pixels and
    centred by mass (``images.centre_digit``).

    Parameters
    ----------
    heading : str
        A few words above the pad.
    display_width : int
        Width of the pad in CSS pixels.
    sources : sequence of str
        Names of up to four more buttons, for example ``("A test digit",)``; a click calls the
        function given to :meth:`on_source`, which may then :meth:`show` a picture.
    cells : int
        How many digits side by side the pad is cut into, one by default; the network gets each cell
        scaled and centred by itself. All pictures are then 28 × (28 · cells) pixels.

    Examples
    --------
    >>> pad = DrawingPad()
    >>> pad.on_drawing(lambda pixels: print(pixels.shape, pixels.dtype))
    >>> pad.show(np.eye(28))
    (28, 28) float64
    >>> pad.alt
    'A drawing of 28 by 28 pixels: ink covers 4 % of it, rows 0 to 27, columns 0 to 27.'
    """

    _esm = script("drawing_pad.js")
    frame = traitlets.Bytes(bytes(SIDE * SIDE)).tag(sync=True)
    as_is = traitlets.Bool(False).tag(sync=True)
    sample = traitlets.Bool(False).tag(sync=True)
    prepared_frame = traitlets.Bytes(bytes(SIDE * SIDE)).tag(sync=True)
    revision = traitlets.Int(0).tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    heading = traitlets.Unicode("").tag(sync=True)
    display_width = traitlets.Int(224).tag(sync=True)
    cells = traitlets.Int(1, min=1).tag(sync=True)
    sources = traitlets.List(traitlets.Unicode()).tag(sync=True)
    describes = ("alt",)

    def __init__(
        self,
        heading: str = "Draw a digit",
        display_width: int = 224,
        sources: Sequence[str] = (),
        cells: int = 1,
    ):
        if len(sources) > _MOST_SOURCES:
            raise ValueError(f"A pad has at most {_MOST_SOURCES} sources, not {len(sources)}.")
        blank = bytes(SIDE * SIDE * cells)
        super().__init__(
            heading=heading,
            display_width=display_width,
            sources=list(sources),
            cells=cells,
            frame=blank,
            prepared_frame=blank,
        )
        self._listener: Callable[[np.ndarray], None] | None = None
        self._source: Callable[[str], None] | None = None
        self._prepared = np.zeros((SIDE, SIDE * cells))
        self.alt = describe_drawing(self.drawing)
        self.hear(drawing=self._hear, source=self._hear)

    @property
    def drawing(self) -> np.ndarray:
        """What is on the pad: (28, 28 · cells), float64 in [0, 1]; 1 is full ink."""
        return _pixels(self.frame)

    @property
    def prepared(self) -> np.ndarray:
        """The drawing as a network gets it: (28, 28 · cells), float64 in [0, 1]."""
        return self._prepared.copy()

    def on_drawing(self, listener: Callable[[np.ndarray], None]) -> None:
        """Call ``listener(pixels)`` after each change, with what :attr:`prepared` holds."""
        self._listener = listener

    def on_source(self, listener: Callable[[str], None]) -> None:
        """Call ``listener(name)`` when one of the ``sources`` is clicked."""
        self._source = listener

    def show(self, picture: np.ndarray, *, as_is: bool = False, sample: bool = False) -> None:
        """Put a picture on the pad, as if it had been drawn; Undo takes it away again.

        Parameters
        ----------
        picture : ndarray (28, 28 · cells), uint8, or float in [0, 1]
        as_is : bool
            Whether the network gets it as it is: neither scaled nor centred.
        sample : bool
            Whether the student's first stroke takes it away.

        Raises
        ------
        ValueError
            If the picture has another shape or range.
        """
        frame = _as_frame(picture, self.cells)
        with self.hold_sync():
            self.as_is = as_is
            self.sample = sample
            self.frame = frame
            self.revision += 1
        self._take()

    def clear(self) -> None:
        """Take everything off the pad."""
        self.show(np.zeros((SIDE, SIDE * self.cells)))

    def _take(self) -> None:
        drawing = self.drawing
        parts = np.split(drawing, self.cells, axis=1)
        self._prepared = (
            drawing if self.as_is else np.hstack([centre_digit(part) for part in parts])
        )
        with self.hold_sync():
            self.prepared_frame = _as_frame(self._prepared, self.cells)
            self.alt = describe_drawing(drawing)
            self.status = ""
        if self._listener is not None:
            self._listener(self.prepared)

    def _hear(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        try:
            if content["kind"] == "drawing":
                self._draw(b"".join(bytes(part) for part in buffers), bool(content.get("as_is")))
            elif content["name"] in self.sources and self._source is not None:
                self._source(content["name"])
        except Exception as error:
            self.status = error_in_words(error)
            raise

    def _draw(self, frame: bytes, as_is: bool) -> None:
        if len(frame) != len(self.frame):
            raise ValueError(f"A drawing has {len(self.frame)} pixels; {len(frame)} arrived.")
        with self.hold_sync():
            self.as_is = as_is
            self.frame = frame
        self._take()


def describe_drawing(drawing: np.ndarray) -> str:
    """Say how much of a drawing (28, 28 · cells) in [0, 1] is ink, and how far it reaches."""
    size = "{} by {} pixels".format(*drawing.shape)
    rows, cols = np.flatnonzero(drawing.any(axis=1)), np.flatnonzero(drawing.any(axis=0))
    if len(rows) == 0:
        return f"An empty pad of {size}: ink covers 0 % of it."
    return (
        f"A drawing of {size}: ink covers {100 * drawing.mean():.0f} % of it, "
        f"rows {rows[0]} to {rows[-1]}, columns {cols[0]} to {cols[-1]}."
    )


def _pixels(frame: bytes) -> np.ndarray:
    return np.frombuffer(frame, dtype=np.uint8).reshape(SIDE, -1) / 255


def _as_frame(picture: np.ndarray, cells: int) -> bytes:
    picture = np.asarray(picture)
    if picture.shape != (SIDE, SIDE * cells):
        raise ValueError(
            f"The pad has 28 × {SIDE * cells} pixels; the picture's shape is {picture.shape}."
        )
    if picture.dtype != np.uint8:
        picture = picture.astype(np.float64)
        if not ((picture >= 0) & (picture <= 1)).all():
            raise ValueError("Pixels are uint8, or floats from 0 to 1.")
        picture = np.rint(255 * picture).astype(np.uint8)
    return picture.tobytes()
