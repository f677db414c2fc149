"""How many things a test needs before a share may be promised."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aml4d_utils.measuring.intervals import Z_95, wilson

MOST = 2000
SIZES = np.unique(np.geomspace(5, 400, 40).astype(int))
"""Numbers of things at which the interval is drawn."""


@dataclass(frozen=True)
class DataPlan:
    """What a test of so many things would say.

    Attributes
    ----------
    things : int
        How many are tested.
    right : int
        How many of them are right.
    interval : tuple of 2 float
        The 95 % interval of the share.
    careless : tuple of 2 float
        The same if every photo were counted as a thing of its own.
    photos : int
        Things times photos of each.
    goal : float
    needed : int or None
        Things from which on the same share would be promised; None where no number is enough.
    """

    things: int
    right: int
    interval: tuple[float, float]
    careless: tuple[float, float]
    photos: int
    goal: float
    needed: int | None

    @property
    def share(self) -> float:
        """The share of right answers."""
        return self.right / self.things

    @property
    def promised(self) -> bool:
        """Whether the whole interval reaches the goal."""
        return self.interval[0] >= self.goal


def plan_test(things: int, share: float, frames: int, goal: float) -> DataPlan:
    """Plan a test.

    Parameters
    ----------
    things : int
        At least 1.
    share : float in [0, 1]
        Of right answers that is expected; the nearest whole number of things counts.
    frames : int
        Photos of each thing.
    goal : float in (0, 1)

    Examples
    --------
    >>> plan = plan_test(30, 0.9, 10, 0.8)
    >>> plan.right, plan.promised, plan.needed
    (27, False, 62)
    """
    right = int(things * share + 0.5)
    exact = right / things
    return DataPlan(
        things, right, wilson(exact, things), wilson(exact, things * frames), things * frames,
        goal, things_needed(exact, goal),
    )  # fmt: skip


def ends_by_size(share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and the upper ends of a share's interval, for each of `SIZES`."""
    ends = np.array([wilson(share, int(size)) for size in SIZES])
    return ends[:, 0], ends[:, 1]


def things_needed(share: float, goal: float, most: int = MOST) -> int | None:
    """Return from how many things on the interval of a share lies above a goal.

    Wilson's interval ends where the share is `Z_95` standard deviations of the goal away from it.

    Examples
    --------
    >>> things_needed(1.0, 0.8), things_needed(0.8, 0.8)
    (16, None)
    """
    if share <= goal:
        return None
    exact = goal * (1 - goal) * (Z_95 / (share - goal)) ** 2
    needed = math.ceil(exact)
    return needed if needed <= most else None
