"""A short memory for what takes long to compute."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Recent(dict[_Key, _Value]):
    """A dictionary of the last few things put into it; the oldest makes room for the next.

    Parameters
    ----------
    most : int
        How many are kept.

    Examples
    --------
    >>> squares = Recent(most=2)
    >>> for number in (1, 2, 1, 3):
    ...     squares[number] = number**2
    >>> squares
    {1: 1, 3: 9}
    """

    def __init__(self, most: int = 8):
        super().__init__()
        self._most = most

    def __setitem__(self, key: _Key, value: _Value) -> None:
        self.pop(key, None)
        super().__setitem__(key, value)
        if len(self) > self._most:
            del self[next(iter(self))]
