"""Data files and weights: found, and checked before they are used.

Every file under the data folder is listed in ``data/MANIFEST.json`` with its size and SHA-256.
Only the standard library is imported here, so that the check also runs where nothing else is
installed.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from aml4d_utils.places import data_dir

MANIFEST_NAME = "MANIFEST.json"
MEND = "run `python3 course.py assets` to mend it"

_checked: set[tuple[str, int, int]] = set()


class AssetError(RuntimeError):
    """A data file is missing, cut short or altered."""


def verified_path(relative: str) -> Path:
    """Return the path of a data file after checking its size and SHA-256.

    A file that was checked is read again only when its size or its time of change differ, so
    that asking for it a second time costs nothing.

    Parameters
    ----------
    relative : str
        Path inside the data folder with forward slashes, for example
        ``"weights/squeezenet1_1.safetensors"``.

    Returns
    -------
    pathlib.Path
        The file, known to be whole.

    Raises
    ------
    AssetError
        If the file is not listed in the manifest, missing, cut short or altered.

    Examples
    --------
    >>> verified_path("weights/squeezenet1_1.safetensors").name
    'squeezenet1_1.safetensors'
    """
    root = _root()
    entries = _entries(root)
    if relative not in entries:
        raise AssetError(
            f"{relative} is not listed in {root / MANIFEST_NAME}: check the name, or {MEND}."
        )
    path = root / relative
    problem = _problem(path, entries[relative])
    if problem:
        raise AssetError(problem)
    return path


def verify() -> list[str]:
    """Check every listed file anew.

    Returns
    -------
    list of str
        One sentence for each file that is missing, cut short or altered; empty when all is well.

    Examples
    --------
    >>> verify()
    []
    """
    _checked.clear()
    try:
        root = _root()
        entries = _entries(root)
    except AssetError as error:
        return [str(error)]
    problems = (_problem(root / name, entry) for name, entry in sorted(entries.items()))
    return [problem for problem in problems if problem]


def _root() -> Path:
    try:
        return data_dir()
    except FileNotFoundError as error:
        raise AssetError(str(error)) from None


def _entries(root: Path) -> dict[str, dict]:
    path = root / MANIFEST_NAME
    try:
        return _read_manifest(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise AssetError(f"{path} is missing, so no data file can be checked: {MEND}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise AssetError(f"{path} cannot be read as the list of data files: {MEND}.") from error


@lru_cache(maxsize=4)
def _read_manifest(path: Path, changed_ns: int) -> dict[str, dict]:
    listed = json.loads(path.read_text(encoding="utf-8"))["files"]
    return {
        entry["path"]: {"bytes": int(entry["bytes"]), "sha256": str(entry["sha256"])}
        for entry in listed
    }


def _problem(path: Path, entry: dict) -> str | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return f"{path} is missing: {MEND}."
    if found.st_size != entry["bytes"]:
        difference = "cut short" if found.st_size < entry["bytes"] else "too long"
        return (
            f"{path} is {difference} ({found.st_size:,} bytes where {entry['bytes']:,} "
            f"were expected): {MEND}."
        )
    mark = (str(path), found.st_size, found.st_mtime_ns)
    if mark in _checked:
        return None
    if _sha256(path) != entry["sha256"]:
        return f"{path} was altered (its SHA-256 is not the listed one): {MEND}."
    _checked.add(mark)
    return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
