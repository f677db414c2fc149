"""Simulated cortical cells: a simple one with a Gabor for a field, and a complex one from two.

References
----------
.. [1] J. G. Daugman, "Uncertainty relation for resolution in space, spatial frequency, and
   orientation optimized by two-dimensional visual cortical filters", Journal of the Optical
   Society of America A 2, 1985.
.. [2] E. H. Adelson and J. R. Bergen, "Spatiotemporal energy models for the perception of motion",
   Journal of the Optical Society of America A 2, 1985.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aml4d_utils.topics.tuning.stimuli import GROUND, SIDE, Stimulus, film

REST = 8.0
"""Spikes per second of a cell that looks at an empty screen."""

BEST = 60.0
"""Spikes per second that the best grating at full contrast adds."""


def gabor(
    side: int, orientation: float, period: float, phase: float, across: float, along: float
) -> np.ndarray:
    """Return a Gabor: a wave that fades away from the middle.

    Parameters
    ----------
    side : int
        Of the square, in pixels.
    orientation : float
        Of its stripes, in degrees, anticlockwise; 90 is upright.
    period : float
        Of the wave, in pixels.
    phase : float
        Degrees; 0 has a light stripe in the middle, 90 an edge.
    across, along : float
        Standard deviations of the Gaussian across and along the stripes, in pixels.

    Returns
    -------
    ndarray (side, side), float64
        1 at most.

    Examples
    --------
    >>> field = gabor(21, 90, 8, 0, 3, 5)
    >>> float(field.max()), field.shape
    (1.0, (21, 21))
    """
    rows, cols = np.mgrid[:side, :side] - (side - 1) / 2
    angle = np.deg2rad(orientation)
    u = -rows * np.cos(angle) - cols * np.sin(angle)
    v = -rows * np.sin(angle) + cols * np.cos(angle)
    fade = np.exp(-(u**2) / (2 * across**2) - v**2 / (2 * along**2))
    return fade * np.cos(2 * np.pi * u / period + np.deg2rad(phase))


@dataclass(frozen=True)
class GaborCell:
    """A simulated cell in the middle of the screen.

    A simple cell adds up the screen under its field, light parts where the field is positive and
    dark ones where it is negative, and fires no less than never. A complex cell adds the squares
    of two such sums, a quarter of a period apart, so that the place of the light does not matter.

    Parameters
    ----------
    kind : str
        ``simple`` or ``complex``.
    orientation, period, phase, across, along : float
        As of `gabor`.
    """

    kind: str = "simple"
    orientation: float = 60.0
    period: float = 16.0
    phase: float = 30.0
    across: float = 6.0
    along: float = 8.5

    unit = "spikes/s"
    rest = REST

    def __post_init__(self) -> None:
        if self.kind not in ("simple", "complex"):
            raise ValueError(f"A cell is simple or complex, not {self.kind!r}.")

    @property
    def name(self) -> str:
        """What the cell is called."""
        return f"the {self.kind} cell"

    @property
    def field(self) -> int:
        """Side in pixels of what it sees: three standard deviations to each side."""
        return round(6 * max(self.across, self.along))

    @cached_property
    def fields(self) -> tuple[np.ndarray, ...]:
        """One Gabor, or two a quarter of a period apart; ndarrays (127, 127)."""
        phases = (self.phase,) if self.kind == "simple" else (self.phase, self.phase + 90)
        return tuple(
            gabor(SIDE, self.orientation, self.period, phase, self.across, self.along)
            for phase in phases
        )

    def sums(self, screens: np.ndarray) -> np.ndarray:
        """Return what each field adds up of each screen (N, 127, 127): ndarray (fields, N)."""
        seen = (np.asarray(screens, np.float64) - GROUND) / GROUND
        return np.stack([np.einsum("nij,ij->n", seen, field) for field in self.fields])

    def follow(self, stimulus: Stimulus) -> np.ndarray:
        """Return the firing rate at each step of a crossing: it has no memory."""
        return self.answers(film(stimulus, self.field))

    def answers(self, screens: np.ndarray) -> np.ndarray:
        """Return the firing rate for each screen (N, 127, 127), in spikes per second."""
        sums = self.sums(screens)
        best = self.amplitude(self.orientation)
        if self.kind == "simple":
            return np.maximum(0.0, REST + BEST * sums[0] / best)
        return REST + BEST * (sums**2).sum(axis=0) / best**2

    def amplitude(self, orientation: float | np.ndarray, period: float | None = None) -> np.ndarray:
        """Return by formula how far a grating at full contrast moves the sum under the field.

        The closed form of the Gabor's Fourier transform, the small part at the opposite frequency
        left out; what is measured on the screen is held against it.

        Parameters
        ----------
        orientation : float or ndarray
            Of the grating, degrees.
        period : float, optional
            Of the grating, pixels; by default the cell's own.
        """
        turned = np.deg2rad(np.asarray(orientation, np.float64) - self.orientation)
        frequency, own = 1 / (period or self.period), 1 / self.period
        across = self.across * (frequency * np.cos(turned) - own)
        along = self.along * frequency * np.sin(turned)
        # A grating turned by more than a right angle is the same one seen from the other side.
        other = self.across * (frequency * np.cos(turned) + own)
        nearer = np.minimum(across**2, other**2) + along**2
        return np.pi * self.across * self.along * np.exp(-2 * np.pi**2 * nearer)


CELLS = {
    "simple cell": GaborCell("simple", 60.0),
    "complex cell": GaborCell("complex", 120.0, phase=0.0),
}
"""The two cells of the lesson."""
