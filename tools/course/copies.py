"""The folder my_lessons: a working copy of every lesson, where students work.

``notebooks/`` is generated and belongs to the course; ``my_lessons/`` belongs to the student and
is not in git. Nothing in it is ever overwritten or deleted: a copy with answers in it keeps them
when its lesson is renewed, and the copy as it was stays beside the new one.
"""

from __future__ import annotations

import contextlib
import datetime
import re
from pathlib import Path

from course import CourseError, cells
from course.carrying import carry, is_touched

FOLDER = "my_lessons"
NOTEBOOKS = "notebooks"
LESSON = re.compile(r"\d\d_\w+\.ipynb")


def lessons_in(folder: Path) -> list[Path]:
    """Return the lessons of a folder, students' ones first, by their paths inside it.

    Notebooks with other names are somebody's own.
    """
    files = [*sorted(folder.glob("*.ipynb")), *sorted(folder.glob("solutions/*.ipynb"))]
    return [file.relative_to(folder) for file in files if LESSON.fullmatch(file.name)]


def refresh(root: Path) -> list[str]:
    """Make and renew every working copy; return what the student should know, a sentence each.

    Raises
    ------
    CourseError
        When nothing can be written there.
    """
    folder = root / NOTEBOOKS
    with writable(root):
        said = [
            renew(root / FOLDER / name, cells.read(folder / name)) for name in lessons_in(folder)
        ]
    return [sentence for sentence in said if sentence]


def renew(path: Path, new: dict) -> str:
    """Make or renew one working copy; return a sentence when the student should know."""
    version = cells.version_of(new)
    if not path.exists():
        cells.write(path, working_copy(new, version))
        return ""
    try:
        mine = cells.read(path)
    except cells.Unreadable:
        kept = set_aside(path, "unreadable")
        cells.write(path, working_copy(new, version))
        return f"{path.name} could not be read: it is kept as {kept.name}, and made anew."
    if not cells.marks_in(mine):
        kept = set_aside(path, "before")
        cells.write(path, working_copy(new, version))
        return f"{path.name} was no copy of this lesson: it is kept as {kept.name}."
    known = mine["metadata"][cells.KEY].get("version")
    if version in (known, cells.version_of(mine)):
        if known != version:  # rescued from notebooks/, and of this version as it turns out
            cells.write(path, working_copy(mine, version))
        return ""
    if not is_touched(mine):
        cells.write(path, working_copy(new, version))
        return ""
    carried, number = carry(mine, new)
    kept = set_aside(path, "before")
    cells.write(path, working_copy(carried, version))
    which = "1 cell of yours is" if number == 1 else f"{number} cells of yours are"
    return f"{path.name} has a new version: {which} in it, and the old one stays as {kept.name}."


def rescue(path: Path, root: Path) -> str:
    """Keep what somebody wrote into a generated notebook; the notebook itself stays as it is.

    Parameters
    ----------
    path : Path
        A notebook in ``notebooks/``.
    root : Path
        The course.

    Returns
    -------
    str
        A sentence that says where it is now; empty when nobody wrote into it.
    """
    target = root / FOLDER / path.relative_to(root / NOTEBOOKS)
    try:
        theirs = cells.read(path)
    except cells.Unreadable:
        if "\n<<<<<<< " in path.read_text("utf-8", "replace"):
            return ""  # an unfinished merge: git has both sides
        with writable(root):
            kept = set_aside(path, "unreadable", target)
        return f"{path.name} could not be read: it is kept in {FOLDER} as {kept.name}."
    if cells.is_unwritten(theirs):
        return ""
    with writable(root):
        if cells.marks_in(theirs) and is_free(target):
            # Its version is not known here: the next start brings it up to date.
            cells.write(target, working_copy(theirs, ""))
            kept = target
        else:
            kept = set_aside(path, "from_notebooks", target)
    inside = kept.relative_to(root).as_posix()
    return f"What you wrote in {path.relative_to(root).as_posix()} is now in {inside}."


def is_free(path: Path) -> bool:
    """Tell whether a working copy may be written anew, because nobody has written into it."""
    try:
        return not path.exists() or not is_touched(cells.read(path))
    except cells.Unreadable:
        return False


def working_copy(notebook: dict, version: str) -> dict:
    """Return a notebook that says which version of the lesson it was made from."""
    metadata = notebook["metadata"]
    own = {**metadata[cells.KEY], "version": version}
    return {**notebook, "metadata": {**metadata, cells.KEY: own}}


def set_aside(path: Path, why: str, target: Path | None = None) -> Path:
    """Copy a file beside a working copy, under a name that no file has yet."""
    target = target or path
    target.parent.mkdir(parents=True, exist_ok=True)
    for number in range(1, 10_000):
        again = "" if number == 1 else f"_{number}"
        # The difference comes first: JupyterLab's list of files cuts long names off.
        name = f"{why}_{datetime.date.today():%Y-%m-%d}{again}_{target.name}"
        with contextlib.suppress(FileExistsError), open(target.with_name(name), "xb") as file:
            file.write(path.read_bytes())
            return target.with_name(name)
    raise CourseError(f"{target.parent} holds too many copies of {path.name}: move some away.")


@contextlib.contextmanager
def writable(root: Path):
    """Say in one sentence when nothing can be written to the folder of working copies."""
    try:
        (root / FOLDER).mkdir(exist_ok=True)
        yield
    except OSError as error:
        raise CourseError(
            f"Your lessons belong in the folder {root / FOLDER}, but it cannot be written "
            f"({error.strerror}): copy the course into a folder of your own, or make room on the "
            "disk, and run this command again."
        ) from error
