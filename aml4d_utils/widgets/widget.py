"""The common ground of the course's own small widgets."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import anywidget
import traitlets

_HERE = Path(__file__).parent


class LessonWidget(anywidget.AnyWidget):
    """An anywidget that wears the course's style sheet.

    Parameters are traits. A subclass names its JavaScript file in ``_esm``.
    ``describes`` lists the traits that hold words for people who cannot see the widget.
    """

    _css = _HERE / "style.css"
    describes: ClassVar[tuple[str, ...]] = ()


def script(name: str) -> Path:
    """Return the path of a JavaScript file of this room, for ``_esm``."""
    return _HERE / name


def styles(*files: Path) -> str:
    """Return the course's style sheet followed by a widget's own, for ``_css``."""
    return "\n".join(file.read_text(encoding="utf-8") for file in (_HERE / "style.css", *files))


class Caption(LessonWidget):
    """The sentence below an explorer, its status line, progress and Cancel."""

    _esm = script("caption.js")
    text = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    failed = traitlets.Bool(False).tag(sync=True)
    fraction = traitlets.Float(-1.0).tag(sync=True)
    describes = ("text",)


class ProgressBar(LessonWidget):
    """A bar with elapsed seconds, a sentence and a Stop button, for long work in a cell."""

    _esm = script("progressbar.js")
    label = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    fraction = traitlets.Float(0.0).tag(sync=True)
    finished = traitlets.Bool(False).tag(sync=True)
    describes = ("label", "status")
