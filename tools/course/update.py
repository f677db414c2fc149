"""A newer course, and the student's lessons brought along."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from course import CourseError, cells, copies
from course.folders import ROOT
from course.interpreter import call_tool

DOWNLOADED = (
    "This course was downloaded, not cloned with git. To update it, download it again and unpack "
    f"it into a new folder, move your folder {copies.FOLDER} from here to there, and run this "
    "command in the new folder."
)
REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")  # a git that runs this sets them


def fetch_newer_course() -> str:
    """Take the newest version through git; return a sentence on how it went.

    Raises
    ------
    CourseError
        When git cannot; everything is then as before, and no answer is lost.
    """
    if not (ROOT / ".git").exists():
        return DOWNLOADED
    if not shutil.which("git"):
        raise CourseError("The course was cloned with git, but git is not found: install it.")
    before = git("rev-parse", "HEAD").strip()
    clear_notebooks()
    try:
        git("fetch")
    except CourseError as error:
        raise CourseError(f"The newest version could not be fetched. {error}") from None
    try:
        git("merge", "--ff-only", "@{upstream}")
    except CourseError as error:
        changed = git("diff", "--name-only", "HEAD").split()
        if changed:
            raise CourseError(
                f"Files of the course were changed here ({', '.join(changed[:3])}), so that git "
                "cannot replace them: put them aside with `git stash` and run this command again."
            ) from None
        raise CourseError(
            "This clone cannot be moved on to the newest version, so clone the course anew and "
            f"move your folder {copies.FOLDER} there. {error}"
        ) from None
    if git("rev-parse", "HEAD").strip() == before:
        return "The course is up to date."
    return "The course has been updated."


def clear_notebooks() -> None:
    """Bring what was written into notebooks/ to safety; git then finds them as it left them."""
    listed = git("diff", "--name-only", "--no-renames", "-z", "HEAD", "--", copies.NOTEBOOKS)
    changed = [ROOT / name for name in listed.split("\0") if name]
    for path in (path for path in changed if path.suffix == ".ipynb" and path.exists()):
        tell(copies.rescue(path, ROOT))
    if changed:
        git("checkout", "HEAD", "--", *(str(path.relative_to(ROOT)) for path in changed))


def git(*arguments: str) -> str:
    """Run git on the course and return what it prints; raise CourseError when it fails."""
    env = {name: value for name, value in os.environ.items() if name not in REPOSITORY}
    done = subprocess.run(
        ["git", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise CourseError(f"git says: {' '.join(lines[:3]) or 'nothing'}")
    return done.stdout


def bring_lessons() -> None:
    """Make and renew the working copies; tell what has happened to them.

    Raises
    ------
    CourseError
        When the folder for them cannot be written.
    """
    if not all(map(is_unused, copies.lessons_in(ROOT / copies.NOTEBOOKS))):
        if call_tool("build_notebooks.py", []):
            raise CourseError("The notebooks could not be built from their lessons.")
    for sentence in copies.refresh(ROOT):
        tell(sentence)


def is_unused(name) -> bool:
    """Tell whether a notebook in notebooks/ is as it came."""
    try:
        return cells.is_unused(cells.read(ROOT / copies.NOTEBOOKS / name))
    except cells.Unreadable:
        return False


def tell(sentence: str) -> None:
    """Print a sentence, if there is one, whatever the console can write."""
    if sentence:
        coding = sys.stdout.encoding or "utf-8"
        print(sentence.encode(coding, "replace").decode(coding), flush=True)
