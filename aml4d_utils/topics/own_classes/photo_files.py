"""Choose many photo files at once; each is made small in the browser and opened in Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import traitlets

from aml4d_utils.topics.own_classes.photo_collection import MOST_PHOTOS, Opened, open_photos
from aml4d_utils.widgets.scripts import joined
from aml4d_utils.widgets.widget import LessonWidget

_LONGEST_NAME = 80


class PhotoFiles(LessonWidget):
    """A button for files, and whether they were taken in one go, or on another table.

    Parameters
    ----------
    on_photos : callable, ``on_photos(opened)``
        Called once for all files of one choice, with `Opened`.

    Examples
    --------
    >>> files = PhotoFiles(lambda opened: print(opened.unread[0]))
    >>> files.receive([("notes.txt", b"no photo at all")])
    notes.txt is skipped: is not a photo: choose a JPEG or PNG file.
    """

    _esm = joined(Path(__file__).parent / "photo_files" / "index.js")
    one_burst = traitlets.Bool(False).tag(sync=True)
    elsewhere = traitlets.Bool(False).tag(sync=True)
    most = traitlets.Int(MOST_PHOTOS).tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    describes = ("status",)

    def __init__(self, on_photos: Callable[[Opened], None]):
        super().__init__()
        self._on_photos = on_photos
        self._files: list[tuple[str, bytes]] = []
        self._skipped: list[str] = []
        self.hear(photo=self._hear_photo, skipped=self._hear_skipped, end=self._hear_end)

    def receive(self, files: Sequence[tuple[str, bytes]], skipped: Sequence[str] = ()) -> None:
        """Open files, as if they had been chosen in the page."""
        steps = open_photos(files, one_burst=self.one_burst, elsewhere=self.elsewhere)
        opened = [Opened((), (), 1.0), *steps][-1]
        unread = (*skipped, *opened.unread)
        self.status = " ".join([f"{len(opened.photos)} photos opened.", *unread])
        self._on_photos(Opened(opened.photos, unread, 1.0))

    def _hear_photo(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        if len(self._files) < MOST_PHOTOS:
            self._files.append((_name(content), b"".join(buffers)))

    def _hear_skipped(self, content: dict[str, Any], _buffers: Any) -> None:
        if len(self._skipped) < MOST_PHOTOS:
            self._skipped.append(" ".join(str(content.get("words", "")).split())[:300])

    def _hear_end(self, _content: dict[str, Any], _buffers: Any) -> None:
        files, skipped = self._files, self._skipped
        self._files, self._skipped = [], []
        self.receive(files, skipped)


def _name(content: dict[str, Any]) -> str:
    return " ".join(str(content.get("name", "")).split())[:_LONGEST_NAME] or "a photo"
