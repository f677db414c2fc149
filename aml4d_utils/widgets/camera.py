"""Live frames from the browser's camera, one at a time, so that a queue never grows."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets

from aml4d_utils.widgets.widget import LessonWidget, error_in_words, script

_SMALLEST, _LARGEST = 32, 640


class Camera(LessonWidget):
    """The student's camera, with Start and Stop; each frame goes to a function.

    The browser sends the next frame only when the function has returned, so a slow function
    makes the film slower, never late.

    Parameters
    ----------
    size : int, 32 to 640
        Longest side of a frame in pixels.
    on_frame : callable, ``on_frame(frame) -> result``
        ``frame`` is an ndarray (H, W, 3), uint8 RGB, a new one each time, not mirrored. It runs
        on the main thread. An exception stops the camera, is shown in one line, and is raised.
    kept : str
        What becomes of the frames, in a sentence, for whoever stands before the camera. Whoever
        keeps some sets it anew.

    Examples
    --------
    >>> camera = Camera(size=320, on_frame=lambda frame: frame.mean())
    >>> camera.frames, camera.result
    (0, None)
    """

    _esm = script("camera.js")
    size = traitlets.Int(320).tag(sync=True)
    kept = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    describes = ("status",)

    def __init__(
        self,
        size: int = 320,
        *,
        on_frame: Callable[[np.ndarray], Any],
        kept: str = "None is kept.",
    ):
        if isinstance(size, bool) or not isinstance(size, int):
            raise ValueError(f"size is a whole number of pixels, not {size!r}.")
        if not _SMALLEST <= size <= _LARGEST:
            raise ValueError(f"size goes from {_SMALLEST} to {_LARGEST} pixels, not {size}.")
        if not callable(on_frame):
            raise ValueError(f"on_frame is a function that takes a frame, not {on_frame!r}.")
        super().__init__(size=size, kept=kept)
        self._on_frame = on_frame
        self._result: Any = None
        self._error: Exception | None = None
        self._frames = 0
        self.hear(frame=self._hear_frame)

    @property
    def frames(self) -> int:
        """How many frames the function has worked through."""
        return self._frames

    @property
    def result(self) -> Any:
        """What the function returned for the last frame; its error is raised here."""
        if self._error is not None:
            raise self._error
        return self._result

    def stop(self) -> None:
        """Stop the camera, as its button does."""
        self.send({"kind": "stop"})

    def _hear_frame(self, _content: dict[str, Any], buffers: Sequence[Any]) -> None:
        try:
            frame = self._frame(buffers)
            self._error, self.status = None, ""
            self._result = self._on_frame(frame)
            self._frames += 1
        except Exception as error:
            self._error = error
            self.status = error_in_words(error)
            raise

    def _frame(self, buffers: Sequence[Any]) -> np.ndarray:
        from PIL import Image

        try:
            with Image.open(io.BytesIO(b"".join(buffers)), formats=["JPEG"]) as picture:
                width, height = picture.size
                if max(width, height) <= self.size:
                    return np.array(picture.convert("RGB"))
        except (OSError, SyntaxError) as error:
            raise ValueError("A frame arrived damaged: start the camera again.") from error
        raise ValueError(
            f"A frame has at most {self.size} pixels on each side, not {width} × {height}."
        )
