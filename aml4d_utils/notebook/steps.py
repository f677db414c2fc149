"""Long work in a cell that never freezes the page: ``result = await run(steps)``."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from IPython.display import display

from aml4d_utils.widgets.widget import ProgressBar

SLICE = 0.05
"""Seconds of work between two looks at the page."""


async def run(
    steps: Iterable[Any],
    *,
    total: int | None = None,
    budget: float | None = None,
    draw: Callable[[Any], None] | None = None,
    label: str = "Working",
    describe: Callable[[Any], str] | None = None,
    every: float = 0.25,
) -> Any:
    """Advance a step generator without freezing the page and return its last record.

    Parameters
    ----------
    steps : iterable
        Yields one record per step; what it returns, if anything, is the result.
    total : int, optional
        How many steps there are. Without it a record's ``fraction`` (0 to 1) moves the bar.
    budget : float, optional
        Seconds after which the work ends with what it has; the page says so.
    draw : callable, optional
        ``draw(record)`` shows a record; called at most once per ``every`` seconds, more rarely
        if drawing would take over a fifth of the time, and once at the end.
    label : str
        What is being done.
    describe : callable, optional
        ``describe(record) -> str`` for the line below the bar.
    every : float
        Least seconds between two drawings.

    Returns
    -------
    The last record, or the generator's return value.

    Raises
    ------
    ValueError
        If there is not a single step.
    Exception
        Whatever the work raises: the cell fails as any cell would.

    Notes
    -----
    Stop ends the work early and keeps the last record. Interrupting the kernel fails the cell.
    """
    steps = iter(steps)
    bar = ProgressBar(label=label)
    pace = _Pace(bar, total, budget, draw, describe, every)
    bar.hear(stop=lambda _content, _buffers: pace.stop())
    display(bar)
    ending = "Interrupted."
    try:
        result, ending = await pace.work(steps)
    except Exception as error:
        ending = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise
    finally:
        if inspect.isgenerator(steps):
            steps.close()
        with bar.hold_sync():
            bar.finished = True
            bar.status = ending
    return result


class _Pace:
    def __init__(
        self,
        bar: ProgressBar,
        total: int | None,
        budget: float | None,
        draw: Callable[[Any], None] | None,
        describe: Callable[[Any], str] | None,
        every: float,
    ):
        self.bar = bar
        self.total = total
        self.budget = budget
        self.draw = draw
        self.describe = describe
        self.every = every
        self.stopped = False
        self._drawn = -float("inf")
        self._pause = every

    def stop(self) -> None:
        self.stopped = True

    async def work(self, steps: Iterator[Any]) -> tuple[Any, str]:
        started = time.monotonic()
        record, count, result = None, 0, None
        reason = "Done"
        looked = started
        while True:
            try:
                record = next(steps)
            except StopIteration as end:
                result = end.value
                break
            count += 1
            now = time.monotonic()
            if now - looked >= SLICE:
                self._show(record, count, now - started)
                await asyncio.sleep(0.001)
                looked = time.monotonic()
            if self.stopped:
                reason = "Stopped by you"
                break
            if self.budget is not None and now - started >= self.budget:
                reason = f"Stopped after the {self.budget:g} s it was given"
                break
        if count == 0 and result is None:
            raise ValueError("There was nothing to do: the work has no steps.")
        if self.draw is not None and count:
            self.draw(record)
        elapsed = time.monotonic() - started
        self.bar.fraction = self._fraction(record, count) if reason != "Done" else 1.0
        ending = f"{reason}: {count} steps in {elapsed:.1f} s{self._words(record)}"
        return (record if result is None else result), ending

    def _show(self, record: Any, count: int, elapsed: float) -> None:
        now = time.monotonic()
        if now - self._drawn < self._pause:
            return
        if self.draw is not None:
            self.draw(record)
        with self.bar.hold_sync():
            self.bar.fraction = self._fraction(record, count)
            self.bar.status = f"{elapsed:.0f} s{self._words(record)}"
        self._drawn = time.monotonic()
        self._pause = max(self.every, 4 * (self._drawn - now))

    def _fraction(self, record: Any, count: int) -> float:
        if self.total:
            return min(1.0, count / self.total)
        return min(1.0, float(getattr(record, "fraction", 0.0)))

    def _words(self, record: Any) -> str:
        return f" · {self.describe(record)}" if self.describe and record is not None else ""
