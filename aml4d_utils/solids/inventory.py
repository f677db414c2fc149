"""The everyday things in 3-D: what there is, and what each may be called."""

import csv
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aml4d_utils.assets import verified_path
from aml4d_utils.images import split_by_original
from aml4d_utils.solids.mesh import Mesh, unpack

_FOLDER = "solids"


@dataclass(frozen=True)
class Thing:
    """One thing in 3-D.

    Parameters
    ----------
    name : str
        What it is; every thing has a name of its own.
    kind : str
        One of `kinds`.
    imagenet : tuple of int
        The ImageNet classes that a careful person would accept for it; empty where none fits, as
        for most chairs.
    coco : tuple of int
        The COCO classes that a careful person would accept for it; may be empty.
    original : str
        The design it belongs to: pieces of one set, and variants of one design, share it.
    creator : str
        Who made the model, and where it was published.
    licence : str
        ``"CC0-1.0"``, ``"CC-BY-3.0"`` or ``"CC-BY-3.0-US"``.
    size : tuple of 3 float
        Width, height and depth in metres.
    file : str
        Its file in the data folder.
    """

    name: str
    kind: str
    imagenet: tuple[int, ...]
    coco: tuple[int, ...]
    original: str
    creator: str
    licence: str
    size: tuple[float, float, float]
    file: str

    @property
    def mesh(self) -> Mesh:
        """Its surfaces, kept in memory for the things used last."""
        return _read_mesh(verified_path(self.file))


def things(kind: str | None = None) -> tuple[Thing, ...]:
    """Return the things of a kind, or all of them.

    Parameters
    ----------
    kind : str or None
        One of `kinds`; ``None`` for all.

    Returns
    -------
    tuple of Thing

    Raises
    ------
    ValueError
        If there is no such kind.
    AssetError
        If the index is missing or damaged.

    Examples
    --------
    >>> [bench.name for bench in things("bench")]
    ['green metal bench', 'concrete park bench', 'white park bench', 'plank bench']
    """
    if kind is None:
        return _index()
    if kind not in kinds():
        raise ValueError(f"There is no kind {kind!r}; choose one of: {', '.join(kinds())}.")
    return tuple(each for each in _index() if each.kind == kind)


def kinds() -> tuple[str, ...]:
    """Return the kinds of things, in alphabetical order.

    Examples
    --------
    >>> "chair" in kinds()
    True
    """
    return tuple(sorted({each.kind for each in _index()}))


def thing(name: str) -> Thing:
    """Return the thing with a name.

    Parameters
    ----------
    name : str
        Of one of `things`.

    Raises
    ------
    ValueError
        If there is none; the message names those that come closest.

    Examples
    --------
    >>> thing("forklift").kind
    'vehicle'
    """
    by_name = {each.name: each for each in _index()}
    if isinstance(name, str) and name in by_name:
        return by_name[name]
    close = _closest(str(name), list(by_name))
    raise ValueError(
        f"There is no thing called {name!r}. "
        + (f"Did you mean {' or '.join(map(repr, close))}?" if close else "`things()` lists all.")
    )


def split_things(
    chosen: Sequence[Thing], test_share: float = 0.25, seed: int = 0
) -> tuple[tuple[Thing, ...], tuple[Thing, ...]]:
    """Divide things into training and test, so that no design is in both.

    Each kind gives its own share; the same call always gives the same answer.

    Parameters
    ----------
    chosen : sequence of Thing
        From `things`.
    test_share : float in [0, 1]
        Share of the designs of each kind that goes to the test part, rounded.
    seed : int
        Another seed gives another division.

    Returns
    -------
    train, test : tuple of Thing
        Both in the order of `chosen`.

    Raises
    ------
    ValueError
        If `test_share` is out of range.

    Examples
    --------
    >>> train, test = split_things(things("lamp"))
    >>> len(train), len(test)
    (9, 3)
    """
    return split_by_original(chosen, lambda each: each.kind, test_share, seed)


def _closest(name: str, names: list[str]) -> list[str]:
    """Return up to three names that share a word with this one, or are spelt like it."""
    words = set(name.lower().split())
    sharing = [each for each in names if words & set(each.lower().split())]
    spelt = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)
    return list(dict.fromkeys(sharing + spelt))[:3]


def _index() -> tuple[Thing, ...]:
    return _read_index(verified_path(f"{_FOLDER}/index.csv"))


@lru_cache(maxsize=2)
def _read_index(path: Path) -> tuple[Thing, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Thing(
                name=row["name"],
                kind=row["kind"],
                imagenet=tuple(int(index) for index in row["imagenet"].split()),
                coco=tuple(int(index) for index in row["coco"].split()),
                original=row["original"],
                creator=row["creator"],
                licence=row["licence"],
                size=(float(row["width"]), float(row["height"]), float(row["depth"])),
                file=f"{_FOLDER}/{row['file']}",
            )
            for row in csv.DictReader(file)
        )


@lru_cache(maxsize=8)
def _read_mesh(path: Path) -> Mesh:
    from safetensors.numpy import load_file

    return unpack(load_file(path))
