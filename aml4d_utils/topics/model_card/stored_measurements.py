"""Measurements that remember where they come from, and notice when they are out of date."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.measuring.wording import percent
from aml4d_utils.topics.model_card.fingerprints import code_fingerprint, short

_MOST = 1_000_000
_LONGEST = 200
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Origin:
    """Where numbers come from: they hold for this model on these pictures, and no other.

    Attributes
    ----------
    split : str
        Which pictures were counted, in words.
    date : str
        The day, as ``2026-11-29``.
    model, pictures, code : str
        Fingerprints of the model, of the pictures and of the code that measured.
    """

    split: str
    date: str
    model: str
    pictures: str
    code: str

    def measured(self, name: str, count: int, total: int | None = None) -> Measurement:
        """Return a measurement from here."""
        return Measurement(name, int(count), None if total is None else int(total), self)


@dataclass(frozen=True)
class Measurement:
    """A count, or a share of a total, and where it comes from.

    Attributes
    ----------
    name : str
        Its name in the store.
    count : int
    total : int or None
        What it is a share of; None where something was only counted, which has no interval.
    origin : Origin
    """

    name: str
    count: int
    total: int | None
    origin: Origin

    @property
    def share(self) -> float:
        """The count as a share of the total.

        Raises
        ------
        ValueError
            If it has no total.
        """
        if not self.total:
            raise ValueError(f"{self.name!r} was counted; it is no share of anything.")
        return self.count / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share, by Wilson."""
        return wilson(self.share, self.total)

    @property
    def in_words(self) -> str:
        """The number in words, with its interval where it has one.

        Examples
        --------
        >>> here = Origin("the sealed test", "2026-11-29", "a" * 64, "b" * 64, "c" * 64)
        >>> here.measured("right", 26, 30).in_words
        '26 of 30, 87 % (70 % to 95 %)'
        >>> here.measured("photos", 60).in_words
        '60'
        """
        if self.total is None:
            return f"{self.count:,}"
        low, high = self.interval
        return (
            f"{self.count} of {self.total}, {percent(self.share)} "
            f"({percent(low)} to {percent(high)})"
        )

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        number = "" if self.total is None else f"n = {self.total}, "
        here = self.origin
        return (
            f"{number}{here.split}, {here.date}, model {short(here.model)}, "
            f"pictures {short(here.pictures)}, code {short(here.code)}"
        )

    def is_stale(self, model: str, pictures: Iterable[str]) -> bool:
        """Tell whether the number is out of date.

        Parameters
        ----------
        model : str
            The fingerprint of the model as it is now.
        pictures : iterable of str
            The fingerprints of the pictures as they are now; the number's own must be among them.
        """
        return self.origin.model != model or self.origin.pictures not in set(pictures)

    def as_data(self) -> dict[str, Any]:
        """Return the measurement as JSON takes it."""
        return asdict(self)


class Measurements(Mapping[str, Measurement]):
    """All that was measured, by name; a new one in the place of an old one makes a new store.

    Parameters
    ----------
    measured : iterable of Measurement
        Of two with one name the later one counts.

    Examples
    --------
    >>> here = Origin("the sealed test", "2026-11-29", "a" * 64, "b" * 64, "c" * 64)
    >>> store = Measurements([here.measured("right", 26, 30)])
    >>> store.with_all([here.measured("right", 27, 30)])["right"].count, store["right"].count
    (27, 26)
    """

    def __init__(self, measured: Iterable[Measurement] = ()):
        self._by_name = {one.name: one for one in measured}

    def __getitem__(self, name: str) -> Measurement:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def with_all(self, measured: Iterable[Measurement]) -> Measurements:
        """Return a store with further measurements."""
        return Measurements([*self.values(), *measured])

    def as_data(self) -> list[dict[str, Any]]:
        """Return all measurements as JSON takes them."""
        return [one.as_data() for one in self.values()]


def origin_now(split: str, date: str, model: str, pictures: str) -> Origin:
    """Return an origin with the code as it is now.

    Raises
    ------
    ValueError
        If the date is none.
    """
    datetime.date.fromisoformat(date)
    return Origin(split, date, model, pictures, code_fingerprint())


def measurements_from(data: Any) -> Measurements:
    """Return a store from what JSON gave, trusting nothing.

    Raises
    ------
    ValueError
        With a sentence, if something is missing, of another kind, or cannot be.

    Examples
    --------
    >>> measurements_from([{"name": "right", "count": 31, "total": 30, "origin": None}])
    Traceback (most recent call last):
    ...
    ValueError: A measurement of this bundle is damaged: 31 of 30 cannot be.
    """
    if not isinstance(data, list) or len(data) > 1000:
        raise ValueError("The measurements of this bundle are damaged: they are no list.")
    return Measurements([_measurement(each) for each in data])


def _measurement(data: Any) -> Measurement:
    if not isinstance(data, Mapping) or set(data) != {f.name for f in fields(Measurement)}:
        raise ValueError("A measurement of this bundle is damaged: it has other parts.")
    name, count, total = data["name"], data["count"], data["total"]
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST:
        raise ValueError("A measurement of this bundle is damaged: it has no name.")
    whole = all(isinstance(n, int) and not isinstance(n, bool) for n in (count, total or 0))
    if not whole or not 0 <= count <= (_MOST if total is None else total) or total == 0:
        raise ValueError(
            f"A measurement of this bundle is damaged: {str(count):.20} of {str(total):.20} "
            "cannot be."
        )
    return Measurement(name, count, total, _origin(data["origin"]))


def _origin(data: Any) -> Origin:
    names = [field.name for field in fields(Origin)]
    if not isinstance(data, Mapping) or set(data) != set(names):
        raise ValueError("A measurement of this bundle does not say where it comes from.")
    if not all(isinstance(data[n], str) and len(data[n]) <= _LONGEST for n in names):
        raise ValueError("A measurement of this bundle does not say where it comes from.")
    if not all(_FINGERPRINT.fullmatch(data[n]) for n in ("model", "pictures", "code")):
        raise ValueError("A measurement of this bundle bears a fingerprint that is none.")
    try:
        datetime.date.fromisoformat(data["date"])
    except ValueError:
        raise ValueError("A measurement of this bundle bears a date that is none.") from None
    return Origin(**data)
