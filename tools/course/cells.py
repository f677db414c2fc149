"""Notebook files and their cells, read and written with nothing but JSON.

Every generated cell bears a mark in its metadata, a digest of its kind and text. So a notebook
alone tells what in it is somebody's own, without git and without its lesson: the cells that no
longer fit their mark, and those that bear none. JupyterLab keeps the marks when it saves.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

FACT = "# NBVAL_CHECK_OUTPUT"  # the first line of a cell whose output its author wrote
KEY = "aml4d"  # what the course keeps in the metadata of notebooks and cells


class Unreadable(Exception):
    """A file that is no notebook, for example cut short when the disk was full."""


def read(path: Path) -> dict:
    """Read a notebook.

    Raises
    ------
    Unreadable
        When the file is none.
    """
    try:
        return parse(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)) from None


def parse(text: str) -> dict:
    """Return a notebook from its text.

    Raises
    ------
    Unreadable
        When the text is none.
    """
    try:
        notebook = json.loads(text)
        marks = [(is_written(cell), mark_in(cell)) for cell in notebook["cells"]]
        hash((*marks, notebook.setdefault("metadata", {}).setdefault(KEY, {}).get("version")))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    return notebook


def write(path: Path, notebook: dict) -> None:
    """Write a notebook in one step: a crash leaves the old file whole."""
    text = json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(name, 0o666 & ~current_umask())  # a temporary file is for its owner alone
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def current_umask() -> int:
    """Return which permissions new files are not given."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def source_of(cell: dict) -> str:
    """Return a cell's source, which a file may keep as one text or as lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def mark_of(kind: str, source: str) -> str:
    """Return the mark of a cell of this kind with this source."""
    return hashlib.sha256(f"{kind}\n{source}".encode()).hexdigest()[:12]


def mark_in(cell: dict) -> str | None:
    """Return the mark that a cell bears; an added cell has none."""
    return cell.get("metadata", {}).get(KEY)


def is_written(cell: dict) -> bool:
    """Tell whether a cell holds something that the course did not write.

    JupyterLab adds an empty cell when the last one is run: that is nobody's.
    """
    mark = mark_of(cell["cell_type"], source_of(cell))
    return mark_in(cell) != mark and bool(mark_in(cell) or source_of(cell).strip())


def marks_in(notebook: dict) -> list[str]:
    """Return the marks of a notebook's cells in their order."""
    return [mark for cell in notebook["cells"] if (mark := mark_in(cell)) is not None]


def version_of(notebook: dict) -> str:
    """Return a digest of all marks, which differs from version to version of a lesson."""
    return hashlib.sha256("\n".join(marks_in(notebook)).encode()).hexdigest()[:12]


def is_unwritten(notebook: dict) -> bool:
    """Tell whether nobody has written into a generated notebook; running it is not writing."""
    return not any(map(is_written, notebook["cells"]))


def is_unused(notebook: dict) -> bool:
    """Tell whether a generated notebook is as it came: not written into, not run, not saved."""
    run = any(cell.get("outputs") and FACT not in source_of(cell) for cell in notebook["cells"])
    # JupyterLab notes the version of Python when it opens a notebook with its kernel.
    opened = "version" in notebook["metadata"].get("language_info", {})
    return is_unwritten(notebook) and not run and not opened
