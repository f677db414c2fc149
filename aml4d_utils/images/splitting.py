"""Divide pictures into training and test so that nothing is in both."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar


class Derived(Protocol):
    """Something that was made from an original, which it may share with others."""

    original: str


Item = TypeVar("Item", bound=Derived)


def split_by_original(
    chosen: Sequence[Item], group: Callable[[Item], str], test_share: float = 0.25, seed: int = 0
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Divide items into training and test so that what shares an original stays together.

    The same call always gives the same answer: the originals are ordered by a hash of their
    name and of the seed.

    Parameters
    ----------
    chosen : sequence
        Items with an ``original``.
    group : callable
        Returns the group of an item; each group gives its own share.
    test_share : float in [0, 1]
        Share of the originals of each group that goes to the test part, rounded.
    seed : int
        Another seed gives another division.

    Returns
    -------
    train, test : tuple
        Both in the order of `chosen`.

    Raises
    ------
    ValueError
        If `test_share` is out of range.
    """
    if not 0 <= test_share <= 1:
        raise ValueError(f"Expected `test_share` between 0 and 1, but got {test_share!r}.")
    held_out = set()
    for name in {group(item) for item in chosen}:
        originals = {item.original for item in chosen if group(item) == name}
        ordered = sorted(originals, key=lambda original: _hash(f"{seed} {original}"))
        held_out.update(ordered[: round(test_share * len(ordered))])
    return (
        tuple(item for item in chosen if item.original not in held_out),
        tuple(item for item in chosen if item.original in held_out),
    )


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
