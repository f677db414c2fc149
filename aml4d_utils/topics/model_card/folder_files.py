"""Choose a folder; those of its files that are known reach Python as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import traitlets

from aml4d_utils.widgets.scripts import joined
from aml4d_utils.widgets.widget import LessonWidget


class FolderFiles(LessonWidget):
    """A button for a folder.

    Parameters
    ----------
    words : str
        What stands on the button.
    label : str
        What a screen reader calls the choice of the folder.
    names : sequence of str
        The files that are taken; all others stay where they are.
    on_files : callable, ``on_files({name: content})``
        Called once for each choice, with the bytes of the files that there are. Nothing is
        checked yet.

    Examples
    --------
    >>> files = FolderFiles("Load it …", "Its folder", ["a.json"], lambda files: print(files))
    >>> files.receive({"a.json": b"{}", "b.json": b"{}"})
    {'a.json': b'{}'}
    """

    _esm = joined(Path(__file__).parent / "folder_files" / "index.js")
    words = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(
        self,
        words: str,
        label: str,
        names: Sequence[str],
        on_files: Callable[[Mapping[str, bytes]], None],
    ):
        super().__init__(words=words, label=label, names=list(names))
        self._on_files = on_files
        self._files: dict[str, bytes] = {}
        self.hear(file=self._hear_file, end=self._hear_end)

    def receive(self, files: Mapping[str, bytes]) -> None:
        """Pass files on, as if their folder had been chosen in the page."""
        self._on_files({name: files[name] for name in self.names if name in files})

    def _hear_file(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        name = content.get("name")
        if name in self.names:
            self._files[name] = b"".join(buffers)

    def _hear_end(self, _content: dict[str, Any], _buffers: Any) -> None:
        files, self._files = self._files, {}
        self.receive(files)
