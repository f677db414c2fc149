"""A picture that moves fast: raw frames from Python on a canvas in the browser."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets

from aml4d_utils.widgets.colours import MAGNITUDE, SIGNED, hex_ramp, magnitude_to_rgb, signed_to_rgb
from aml4d_utils.widgets.widget import LessonWidget, script

_LONGEST = 1024
_TOLERANCE = 1e-3
"""Sums of rounded numbers may end a little outside 0 to 1."""


def box(x0: float, y0: float, x1: float, y1: float, colour: int = 3) -> dict[str, Any]:
    """Return an overlay: a rectangle in pixels of the picture."""
    return {"kind": "box", "box": [float(x0), float(y0), float(x1), float(y1)], "colour": colour}


def point(row: float, col: float, colour: int = 3, radius: float = 6) -> dict[str, Any]:
    """Return an overlay: a ring of ``radius`` screen pixels around one pixel of the picture."""
    return {"kind": "point", "at": [float(row), float(col)], "colour": colour, "radius": radius}


def line(
    start: Sequence[float],
    end: Sequence[float],
    colour: int = 3,
    *,
    dashed: bool = False,
    arrow: bool = False,
    width: float = 2,
) -> dict[str, Any]:
    """Return an overlay: a line between two places (row, col), ``width`` screen pixels wide.

    Places are in pixels of the picture and may lie between them; (0, 0) is the centre of the
    first one. ``arrow`` puts a head on the end.
    """
    return {
        "kind": "line",
        "start": [float(value) for value in start],
        "end": [float(value) for value in end],
        "colour": colour,
        "dashed": bool(dashed),
        "arrow": bool(arrow),
        "width": float(width),
    }


def circle(
    row: float,
    col: float,
    radius: float,
    colour: int = 3,
    *,
    angle: float | None = None,
    dashed: bool = False,
    width: float = 2,
) -> dict[str, Any]:
    """Return an overlay: a circle whose ``radius`` is in pixels of the picture.

    ``angle`` adds a line from its centre, in degrees from right towards down.
    """
    return {
        "kind": "circle",
        "at": [float(row), float(col)],
        "radius": float(radius),
        "angle": None if angle is None else float(angle),
        "colour": colour,
        "dashed": bool(dashed),
        "width": float(width),
    }


def text(row: float, col: float, words: str, colour: int = 3) -> dict[str, Any]:
    """Return an overlay: words whose base line starts at a pixel of the picture."""
    return {"kind": "text", "at": [float(row), float(col)], "text": words, "colour": colour}


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


class Picture(LessonWidget):
    """An image in the page that can change many times a second.

    Parameters
    ----------
    heading : str
        A few words above the picture.
    display_width : int
        Width on the page in CSS pixels; small images are enlarged with square pixels.
    interactive : bool
        Whether the pointer and the arrow keys move a point over the picture; each move calls
        the function given to :meth:`on_cursor`.
    step : int
        How many pixels an arrow key moves the point; with Shift it moves ten times as far.
    hover : bool
        Whether the point also follows a pointer that presses no button.

    Examples
    --------
    >>> picture = Picture(heading="Photo", display_width=300)
    >>> picture.show(np.zeros((4, 6, 3), dtype=np.uint8), alt="A black picture.")
    >>> picture.height, picture.width, picture.alt
    (4, 6, 'A black picture.')
    """

    _esm = script("picture.js")
    frame = traitlets.Bytes(b"").tag(sync=True)
    height = traitlets.Int(0).tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)
    revision = traitlets.Int(0).tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    heading = traitlets.Unicode("").tag(sync=True)
    display_width = traitlets.Int(300).tag(sync=True)
    overlays = traitlets.List(traitlets.Dict()).tag(sync=True)
    colour_bar = traitlets.Dict().tag(sync=True)
    interactive = traitlets.Bool(False).tag(sync=True)
    step = traitlets.Int(1).tag(sync=True)
    hover = traitlets.Bool(False).tag(sync=True)
    cursor = traitlets.List(traitlets.Int(), default_value=[0, 0]).tag(sync=True)
    describes = ("alt",)

    def __init__(
        self,
        heading: str = "",
        display_width: int = 300,
        interactive: bool = False,
        step: int = 1,
        hover: bool = False,
    ):
        super().__init__(
            heading=heading,
            display_width=display_width,
            interactive=interactive,
            step=step,
            hover=hover,
        )
        self._listener: Callable[[int, int], None] | None = None
        self.action = ""
        self.hear(cursor=self._hear_cursor)

    def show(
        self,
        image: np.ndarray,
        alt: str,
        *,
        overlays: Sequence[dict[str, Any]] = (),
        colour_bar: dict[str, Any] | None = None,
    ) -> None:
        """Show an image.

        Parameters
        ----------
        image : ndarray (H, W) or (H, W, 3), uint8, or float in [0, 1]
            At most 1024 pixels on the longest side; shrink larger ones with ``images.fit``.
        alt : str
            What the picture shows, for people who cannot see it; never empty.
        overlays : sequence of dict
            Made by :func:`box`, :func:`point`, :func:`line`, :func:`circle` and :func:`text`.
        colour_bar : dict, optional
            Filled by :meth:`show_signed` and :meth:`show_magnitude`.

        Raises
        ------
        ValueError
            If the image has another shape, type or range, or is too large, or ``alt`` is empty.
        """
        if not alt.strip():
            raise ValueError("Every picture needs a description: alt is empty.")
        frame = as_frame(image)
        with self.hold_sync():
            self.height, self.width = frame.shape[:2]
            self.frame = frame.tobytes()
            self.alt = alt
            self.overlays = list(overlays)
            self.colour_bar = colour_bar or {}
            self.revision += 1

    def show_signed(
        self, values: np.ndarray, alt: str, *, limit: float | None = None, overlays: Sequence = ()
    ) -> None:
        """Show signed numbers (H, W) on a diverging map centred at 0, with its colour bar."""
        rgb, limit = signed_to_rgb(values, limit)
        bar = {
            "colours": hex_ramp(SIGNED),
            "low": _short(-limit),
            "high": "+" + _short(limit),
            "signed": True,
        }
        self.show(rgb, alt, overlays=overlays, colour_bar=bar)

    def show_magnitude(
        self,
        values: np.ndarray,
        alt: str,
        *,
        low: float | None = None,
        high: float | None = None,
        overlays: Sequence = (),
    ) -> None:
        """Show numbers (H, W) on viridis from ``low`` to ``high``, with its colour bar."""
        rgb, low, high = magnitude_to_rgb(values, low, high)
        bar = {"colours": hex_ramp(MAGNITUDE), "low": _short(low), "high": _short(high)}
        self.show(rgb, alt, overlays=overlays, colour_bar=bar)

    def on_cursor(self, listener: Callable[[int, int], None]) -> None:
        """Call ``listener(row, col)`` when the student moves the point over the picture.

        While it is called, ``action`` says how the point was moved (``press``, ``drag``, ``key``
        or, with ``hover``, ``point``).
        """
        self._listener = listener

    def _hear_cursor(self, content: dict[str, Any], _buffers: Any) -> None:
        row, col = int(content["row"]), int(content["col"])
        self.action = str(content.get("action", ""))
        if self._listener and 0 <= row < self.height and 0 <= col < self.width:
            self.cursor = [row, col]
            self._listener(row, col)


def as_frame(image: np.ndarray) -> np.ndarray:
    """Return an image as a picture sends it, (H, W, 3) uint8; ValueError says why not."""
    image = np.asarray(image)
    if image.ndim == 2:
        image = np.repeat(image[:, :, None], 3, axis=2)
    if image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise ValueError(
            f"A picture has the shape (height, width, 3) or (height, width), not {image.shape}."
        )
    if max(image.shape[:2]) > _LONGEST:
        raise ValueError(
            f"A picture has at most {_LONGEST} pixels on its longest side, not {image.shape[:2]}; "
            "shrink it with images.fit."
        )
    return np.ascontiguousarray(image if image.dtype == np.uint8 else _as_bytes(image))


def _as_bytes(image: np.ndarray) -> np.ndarray:
    if not np.issubdtype(image.dtype, np.floating):
        raise ValueError(f"A picture holds uint8 or floats from 0 to 1, not {image.dtype}.")
    low, high = float(image.min()), float(image.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("The picture contains NaN or infinite values.")
    if low < -_TOLERANCE or high > 1 + _TOLERANCE:
        raise ValueError(f"A picture of floats goes from 0 to 1, not from {low:.4g} to {high:.4g}.")
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)
