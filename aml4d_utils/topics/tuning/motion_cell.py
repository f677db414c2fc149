"""A simulated cell that answers to movement, and tells which way a thing moves.

It compares what it sees with what it saw a moment ago. Two fields a quarter of a wave apart are
each followed by two filters in time, one quicker than the other. Where space and time fit together
the parts add up; where the thing moves the other way they cancel.

References
----------
.. [1] E. H. Adelson and J. R. Bergen, "Spatiotemporal energy models for the perception of motion",
   Journal of the Optical Society of America A 2, 1985.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import factorial

import numpy as np

from aml4d_utils.topics.tuning.gabor_cells import BEST, REST, GaborCell
from aml4d_utils.topics.tuning.stimuli import STEPS, Stimulus, film

RATE = 2 * np.pi / STEPS
"""Of the filters in time, per picture: they are in step with a grating that crosses."""

MEMORY = 4 * STEPS
"""How many pictures the filters reach back."""


_FINER = 4
"""How many pictures of a bar make one step: it moves about a pixel from picture to picture."""


@cache
def time_filters() -> np.ndarray:
    """Return the quicker and the slower filter in time.

    Both first answer with, then against what appears, and forget what stays. At the rate of the
    grating the slower one comes a quarter of a period later and half as strong.

    Returns
    -------
    ndarray (2, MEMORY), float64
        Weight of the picture now, of the one before, and so on.

    Examples
    --------
    >>> time_filters().shape, bool(np.abs(time_filters().sum(axis=1)).max() < 1e-3)
    ((2, 64), True)
    """
    passed = RATE * np.arange(MEMORY)
    filters = np.stack(
        [
            passed**n * np.exp(-passed) * (1 / factorial(n) - passed**2 / factorial(n + 2))
            for n in (3, 5)
        ]
    )
    filters.flags.writeable = False
    return filters


@dataclass(frozen=True)
class MotionCell(GaborCell):
    """A complex cell with a direction: it prefers what moves towards ``orientation`` + 90°.

    Examples
    --------
    >>> from aml4d_utils.topics.tuning.recording import record
    >>> from aml4d_utils.topics.tuning.stimuli import Stimulus
    >>> cell = MotionCell(orientation=30)
    >>> [round(record(cell, Stimulus("grating", 30, back=back)).peak) for back in (False, True)]
    [68, 15]
    """

    kind: str = "complex"
    phase: float = 0.0

    @property
    def name(self) -> str:
        """What the cell is called."""
        return "the direction cell"

    def answers(self, screens: np.ndarray) -> np.ndarray:
        """Return the firing rate for each screen that stands still: that at rest."""
        return np.full(len(screens), REST)

    def follow(self, stimulus: Stimulus) -> np.ndarray:
        """Return the firing rate at each step of a crossing.

        A grating has drifted before; a bar enters an empty screen, at about the speed of a grating
        of the cell's own period.
        """
        drifts = stimulus.kind == "grating"
        each = 1 if drifts else _FINER
        sums = self.sums(film(stimulus, self.field, each * STEPS))
        before = np.tile(sums, MEMORY // STEPS) if drifts else np.zeros((2, MEMORY))
        seen = np.concatenate([before, sums], axis=1)
        (even_quick, even_slow), (odd_quick, odd_slow) = (
            [np.convolve(one, inside)[MEMORY : seen.shape[1]] for inside in time_filters()]
            for one in seen
        )
        energy = (even_quick + odd_slow) ** 2 + (odd_quick - even_slow) ** 2
        turns = np.exp(-1j * RATE * np.arange(MEMORY))
        best = self.amplitude(self.orientation) * np.abs(time_filters() @ turns).sum()
        return REST + BEST * energy[each - 1 :: each] / best**2
