"""Repeat, sort, and print the median and the 95th percentile."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Row:
    """One measured figure: what, its numbers, their unit, and the target if there is one."""

    what: str
    values: tuple[float, ...]
    unit: str
    target: float | None = None
    by: str = "median"

    @property
    def median(self) -> float:
        """The middle of the values."""
        return float(np.median(self.values))

    @property
    def p95(self) -> float:
        """The value that 95 % stay below."""
        return float(np.percentile(self.values, 95))

    def line(self) -> str:
        """The row as a line of a table."""
        verdict = ""
        if self.target is not None:
            reached = getattr(self, self.by) < self.target
            verdict = f"{'ok  ' if reached else 'OVER'} < {self.target:g} ({self.by})"
        return (
            f"{self.what:<58} {self.median:>9.2f} {self.p95:>9.2f} {self.unit:<5}"
            f" {len(self.values):>4} {verdict}"
        )


HEAD = f"{'':<58} {'median':>9} {'p95':>9} {'unit':<5} {'n':>4} target"


def repeat(work: Callable[[], object], times: int, warm_up: int = 1) -> tuple[float, ...]:
    """Return the seconds that each of ``times`` calls took, after ``warm_up`` calls."""
    for _ in range(warm_up):
        work()
    return tuple(_seconds(work) for _ in range(times))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def scaled(values: Sequence[float], factor: float) -> tuple[float, ...]:
    """Return the values in another unit."""
    return tuple(factor * value for value in values)
