"""Chance for a student's function: an rng that a check hands over and can hand over again."""

from __future__ import annotations

import numpy as np


class Chance(np.random.Generator):
    """A generator that drawing does not count as changing."""

    def __deepcopy__(self, memo: dict) -> Chance:
        return self


def chance(seed: int) -> Chance:
    """Return a fresh generator; the same seed gives the same numbers again.

    Examples
    --------
    >>> bool(chance(3).integers(10) == np.random.default_rng(3).integers(10))
    True
    """
    return Chance(np.random.PCG64(seed))
