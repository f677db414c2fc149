"""The common ground of the course's own small widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from aml4d_utils.widgets.scripts import joined

Hears = Callable[[dict[str, Any], Sequence[Any]], None]
"""What a message from the browser does: called with its content and its buffers."""

_HERE = Path(__file__).parent


class LessonWidget(anywidget.AnyWidget):
    """An anywidget that wears the course's style sheet.

    Parameters are traits. A subclass gives its JavaScript in ``_esm``, by :func:`script` or
    :func:`~aml4d_utils.widgets.scripts.joined`. ``describes`` lists the traits that hold words
    for people who cannot see the widget.
    """

    _css = _HERE / "style.css"
    describes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **traits: Any):
        super().__init__(**traits)
        self._hears: dict[str, Hears] = {}
        self.on_msg(self._on_message)

    def hear(self, **actions: Hears) -> None:
        """Name what each kind of message from the browser does.

        The browser has one message under way at a time (``js/outbox.js``): it learns here that an
        action has ended, well or not, and sends the next one then.
        """
        self._hears.update(actions)

    def _on_message(self, _widget: Any, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        action = self._hears.get(content.get("kind", ""))
        if action is None:
            return
        try:
            action(content, buffers)
        finally:
            self.send({"kind": "done", "sequence": content.get("sequence")})


def error_in_words(error: BaseException) -> str:
    """Return an error as one readable line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def script(name: str) -> str:
    """Return a JavaScript file of this room with all that it imports, for ``_esm``."""
    return joined(_HERE / name)


def styles(*files: Path) -> str:
    """Return the course's style sheet followed by a widget's own, for ``_css``.

    Every widget on a page brings the course's sheet once more. Inside ``html`` a widget's own
    rules still come before those of a copy that was added later.
    """
    shared, *own = (file.read_text(encoding="utf-8") for file in (_HERE / "style.css", *files))
    return "\n".join([shared, *(f"html {{\n{rules}\n}}" for rules in own)])


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
