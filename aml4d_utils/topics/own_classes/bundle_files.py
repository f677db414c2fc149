"""Choose the two files of a saved network; they reach Python as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aml4d_utils.widgets.scripts import joined
from aml4d_utils.widgets.widget import LessonWidget

_MOST_FILES = 2


class BundleFiles(LessonWidget):
    """A button for the files that *Save what it learned* wrote.

    Parameters
    ----------
    on_files : callable, ``on_files(labels, numbers)``
        Called once for each choice, with the bytes of the file that ends in ``.json`` and of the
        one that ends in ``.safetensors``; None where there is none. Nothing is checked yet.

    Examples
    --------
    >>> files = BundleFiles(lambda labels, numbers: print(labels, numbers))
    >>> files.receive([("labels (1).json", b"{}")])
    b'{}' None
    """

    _esm = joined(Path(__file__).parent / "bundle_files" / "index.js")

    def __init__(self, on_files: Callable[[bytes | None, bytes | None], None]):
        super().__init__()
        self._on_files = on_files
        self._files: list[tuple[str, bytes]] = []
        self.hear(file=self._hear_file, end=self._hear_end)

    def receive(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Pass files on, as if they had been chosen in the page."""
        by_ending = {Path(name).suffix.lower(): content for name, content in files}
        self._on_files(by_ending.get(".json"), by_ending.get(".safetensors"))

    def _hear_file(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        if len(self._files) < _MOST_FILES:
            self._files.append((str(content.get("name", "")), b"".join(buffers)))

    def _hear_end(self, _content: dict[str, Any], _buffers: Any) -> None:
        files, self._files = self._files, []
        self.receive(files)
