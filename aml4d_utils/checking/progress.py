"""What a student predicted, checked and solved: one small file per lesson, never lost.

Each lesson has its own JSON file below ``places.state_dir()``. A change is read, merged and
written under a lock and replaced in one step, so that a crash in mid-write leaves the old file
and two open notebooks keep both their entries. Nothing leaves the machine.
"""

from __future__ import annotations

import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import filelock

from aml4d_utils.places import state_dir

KINDS = ("predictions", "exercises", "quiz")
"""What is counted of each lesson."""

KEPT = (*KINDS, "exams")
"""What is kept."""

_WORDS = {
    "predictions": ("prediction", "predictions"),
    "exercises": ("exercise", "exercises"),
    "quiz": ("quiz question", "quiz questions"),
}
_memory: dict[str, dict[str, Any]] = {}
_trouble: dict[str, str] = {}
_LOCK_SECONDS = 5


def record(lesson: str, kind: str, name: str, **facts: Any) -> None:
    """Keep facts about one prediction, exercise or quiz question of a lesson.

    Parameters
    ----------
    lesson : str
        For example ``07_convolution``.
    kind : str
        One of ``predictions``, ``exercises``, ``quiz``, ``exams``.
    name : str
        The entry's name within the lesson.
    **facts
        JSON values; an entry that is solved stays solved.

    Notes
    -----
    Where the file cannot be written the facts are kept in memory and :func:`line` says so.
    """
    if kind not in KEPT:
        raise ValueError(f"Progress keeps {', '.join(KEPT)}, not {kind!r}.")
    change = {kind: {name: facts}}
    try:
        folder = _folder()
        with filelock.FileLock(folder / f".{lesson}.lock", timeout=_LOCK_SECONDS):
            kept = _read_or_set_aside(_file(lesson))
            _merge(kept, _memory.get(lesson, {}))
            _merge(kept, change)
            _write(_file(lesson), kept)
        _memory.pop(lesson, None)
        _trouble.pop(lesson, None)
    except (OSError, filelock.Timeout) as error:
        _merge(_memory.setdefault(lesson, {}), change)
        _trouble[lesson] = (
            f"Progress could not be saved ({_reason(error)}); "
            "it is kept until this notebook closes."
        )


def load(lesson: str) -> dict[str, dict[str, Any]]:
    """Return what is kept of a lesson: ``{kind: {name: facts}}``, never failing on a bad file."""
    kept: dict[str, Any] = {}
    try:
        kept = _read(_file(lesson))
    except (OSError, ValueError) as error:
        _trouble.setdefault(lesson, f"Earlier progress could not be read ({_reason(error)}).")
    else:
        if lesson not in _memory:
            _trouble.pop(lesson, None)
    _merge(kept, _memory.get(lesson, {}))
    return {kind: kept.get(kind, {}) for kind in KEPT}


def line(lesson: str) -> str:
    """Return one sentence of progress, for example ``2 of 4 predictions · 1 of 4 exercises``."""
    done = counts(lesson)
    parts = []
    for kind in KINDS:
        total = totals(lesson)[kind]
        parts.append(f"{min(done[kind], total)} of {total} {_WORDS[kind][total != 1]}")
    words = " · ".join(parts)
    return f"{words}. {_trouble[lesson]}" if lesson in _trouble else words


def counts(lesson: str) -> dict[str, int]:
    """Return how many predictions were made, exercises solved and questions answered rightly."""
    kept = load(lesson)
    return {
        "predictions": len(kept["predictions"]),
        "exercises": sum(bool(facts.get("solved")) for facts in kept["exercises"].values()),
        "quiz": sum(bool(facts.get("solved")) for facts in kept["quiz"].values()),
    }


def totals(lesson: str) -> dict[str, int]:
    """Return how many predictions, exercises and quiz questions a lesson has."""
    return dict(lessons().get(lesson, {}).get("totals", dict.fromkeys(KINDS, 0)))


@cache
def lessons() -> dict[str, dict[str, Any]]:
    """Return what the build wrote about every lesson: title and totals by lesson name."""
    return json.loads((Path(__file__).parent / "lessons.json").read_text(encoding="utf-8"))


def _folder() -> Path:
    folder = state_dir() / "progress"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _file(lesson: str) -> Path:
    return state_dir() / "progress" / f"{lesson}.json"


def _read(file: Path) -> dict[str, Any]:
    """Return what a file keeps, nothing where there is none; ValueError if it is damaged."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ValueError(f"{file.name} is damaged") from error
    if not _is_sound(kept):
        raise ValueError(f"{file.name} is damaged")
    return kept


def _is_sound(kept: Any) -> bool:
    if not isinstance(kept, dict):
        return False
    entries = [kept.get(kind, {}) for kind in KEPT]
    return all(
        isinstance(entry, dict) and all(isinstance(facts, dict) for facts in entry.values())
        for entry in entries
    )


def _read_or_set_aside(file: Path) -> dict[str, Any]:
    # Only under the lock: another notebook may be writing a sound file in its place.
    try:
        return _read(file)
    except ValueError:
        file.replace(file.with_suffix(".broken.json"))
        return {}


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).rstrip(".")


def _merge(kept: dict[str, Any], change: dict[str, Any]) -> None:
    for kind, entries in change.items():
        for name, facts in entries.items():
            before = kept.setdefault(kind, {}).get(name, {})
            merged = {**before, **facts}
            if before.get("solved"):
                merged["solved"] = True
            kept[kind][name] = merged


def _write(file: Path, kept: dict[str, Any]) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(kept, stream, indent=1, sort_keys=True)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
