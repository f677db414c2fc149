"""Which cell of a lesson must run before a name has a value."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path


def run_first(lesson: str, name: str) -> str | None:
    """Return in words which cell gives a name its value; None where no cell of the lesson does.

    Parameters
    ----------
    lesson : str
        For example ``07_convolution``.
    name : str
        A name that a cell needs and that is not defined yet.

    Examples
    --------
    >>> print(run_first("00_start_here", "photo"))
    “photo” is not there yet, because another cell has not run. Under “Predict, run, explain”, run \
the cell with the line “photo = images.fit(images.own_photo(), 100)”.
    >>> run_first("00_start_here", "foto") is None
    True
    """
    place = _places().get(lesson, {}).get(name)
    if place is None:
        return None
    return (
        f"“{name}” is not there yet, because another cell has not run. Under “{place['heading']}”, "
        f"run the cell with the line “{place['line']}”."
    )


@cache
def _places() -> dict[str, dict[str, dict[str, str]]]:
    """Return what the build wrote: by lesson and name, the first line that defines the name."""
    return json.loads((Path(__file__).parent / "cells.json").read_text(encoding="utf-8"))
