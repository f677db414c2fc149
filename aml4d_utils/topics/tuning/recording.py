"""One instrument for any subject: show a stimulus, write the answer down, read the curve off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import torch
from torch import nn

from aml4d_utils.nets.preprocessing import normalise
from aml4d_utils.nets.receptive_fields import receptive_field
from aml4d_utils.nets.squeezenet_layers import NAME, feature_maps, geometry_up_to
from aml4d_utils.topics.dissection.units import Unit, unit_index
from aml4d_utils.topics.tuning.stimuli import (
    SIDE,
    Stimulus,
    crossing,
    empty_screen,
    film,
    on_screen,
)
from aml4d_utils.topics.tuning.tuning_measures import HALF_CIRCLE, half_width

SURVEYED = ("conv1", "fire2", "fire3", "fire4", "fire5")
"""Layers whose units see no more than the screen holds."""

_SEEN = 63
"""Side of the middle of the screen that units of fire5 see; those of lower layers see less."""


class Subject(Protocol):
    """Whoever looks at the screen: a simulated cell or a unit of a network.

    ``field`` is the side, in pixels, of the part of the screen that it can see, ``rest`` its
    answer to the empty screen, ``unit`` what its answers are counted in. It ``answers`` screens
    that stand still, and can ``follow`` a stimulus that crosses what it sees.
    """

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def field(self) -> int: ...
    @property
    def rest(self) -> float: ...
    def answers(self, screens: np.ndarray) -> np.ndarray: ...
    def follow(self, stimulus: Stimulus) -> np.ndarray: ...


class NetUnit:
    """The unit in the middle of a layer of SqueezeNet, as a subject.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    at : Unit
        In one of the layers `SURVEYED`.

    Raises
    ------
    ValueError
        If there is no such unit.
    """

    unit = ""

    def __init__(self, net: nn.Module, at: Unit):
        if at.layer not in SURVEYED:
            raise ValueError(f"Units of {', '.join(SURVEYED)} fit on the screen, not {at}.")
        unit_index(at)
        self._net, self._at = net, at
        self.name = f"unit {at}"
        self.field = receptive_field(geometry_up_to(net, at.layer))
        self.rest = float(self.answers(empty_screen()[None])[0])

    def answers(self, screens: np.ndarray) -> np.ndarray:
        """Return what the unit answers to each screen (N, 127, 127), after ReLU."""
        (found,) = middle_answers(self._net, screens, (self._at.layer,))
        return found[:, self._at.number]

    def follow(self, stimulus: Stimulus) -> np.ndarray:
        """Return what the unit answers at each step of a crossing: it has no memory."""
        return self.answers(film(stimulus, self.field))


def middle_answers(
    net: nn.Module, screens: np.ndarray, layers: Sequence[str] = SURVEYED
) -> list[np.ndarray]:
    """Return what the units in the middle of each layer answer to screens.

    Only the part of the screen that they can see goes through the network; the answers are those
    to the whole screen.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    screens : ndarray (N, 127, 127), float in [0, 1]
    layers : sequence of str
        Of `SURVEYED`.

    Returns
    -------
    list of ndarray (N, units), float32
    """
    edge = (SIDE - _SEEN) // 2
    part = np.ascontiguousarray(screens[:, edge : edge + _SEEN, edge : edge + _SEEN], np.float32)
    pixels = torch.from_numpy(part).to(next(net.parameters()).device)
    pixels = normalise(NAME, pixels[:, None].expand(-1, 3, -1, -1))
    maps = feature_maps(net, pixels, layers)
    # Copies: a view would keep the whole maps alive for as long as the answers are kept.
    return [m[:, :, m.shape[2] // 2, m.shape[3] // 2].cpu().numpy().copy() for m in maps]


@dataclass(frozen=True)
class Trial:
    """One stimulus and what the subject answered.

    Attributes
    ----------
    stimulus : Stimulus
    screen : ndarray (127, 127)
    answer : float
        To the stimulus where it is.
    shifts, passing : ndarray (16,)
        Where the stimulus was, in pixels from the middle, and what was answered, while it crossed
        the field.
    """

    stimulus: Stimulus
    screen: np.ndarray = field(repr=False)
    answer: float
    shifts: np.ndarray = field(repr=False)
    passing: np.ndarray = field(repr=False)

    @property
    def peak(self) -> float:
        """The strongest answer while the stimulus crossed the field."""
        return float(self.passing.max())


def record(subject: Subject, stimulus: Stimulus) -> Trial:
    """Show a stimulus where it is, let it cross the field, and write both down."""
    screen = on_screen(stimulus)
    (answer,) = subject.answers(screen[None])
    shifts, _ = crossing(stimulus, subject.field)
    return Trial(stimulus, screen, float(answer), shifts, subject.follow(stimulus))


@dataclass(frozen=True)
class TuningCurve:
    """What the trials of one subject with one kind of stimulus add up to.

    Attributes
    ----------
    orientations : ndarray (N,)
        Degrees, ascending, those that were tried.
    peaks : ndarray (N,)
        The strongest answer at each.
    rest : float
        Answer to the empty screen.
    """

    orientations: np.ndarray
    peaks: np.ndarray
    rest: float

    @property
    def width(self) -> float:
        """Full width at half height above rest, degrees; NaN where it cannot be read off yet."""
        return half_width(self.orientations, self.peaks - self.rest)

    @property
    def half_height(self) -> float:
        """The answer half-way between rest and the strongest one."""
        return self.rest + max(0.0, float(self.peaks.max()) - self.rest) / 2

    @property
    def preferred(self) -> float:
        """The orientation of the strongest answer."""
        return float(self.orientations[self.peaks.argmax()])


def curve_of(trials: Sequence[Trial], rest: float) -> TuningCurve:
    """Return the tuning curve that trials with bars or gratings give; at least one is needed."""
    peaks: dict[float, float] = {}
    for trial in trials:
        angle = trial.stimulus.orientation % HALF_CIRCLE
        peaks[angle] = max(trial.peak, peaks.get(angle, trial.peak))
    angles = sorted(peaks)
    return TuningCurve(np.array(angles), np.array([peaks[angle] for angle in angles]), rest)


def measure_curve(subject: Subject, stimulus: Stimulus, step: float = 5.0) -> TuningCurve:
    """Turn a stimulus through 180° in steps and return the tuning curve.

    Examples
    --------
    >>> from aml4d_utils.topics.tuning.gabor_cells import GaborCell
    >>> curve = measure_curve(GaborCell(orientation=60), Stimulus("grating", width=8))
    >>> curve.preferred, round(curve.width)
    (60.0, 41)
    """
    angles = np.arange(0, HALF_CIRCLE, step)
    trials = [record(subject, replace(stimulus, orientation=float(angle))) for angle in angles]
    return curve_of(trials, subject.rest)


_MOST_TRIALS = 400
_MOST_SPOTS = 60
_NEAR_REST = 0.1
"""Share of the largest change by a spot below which another change is nearly none."""
_UNSURE = 0.005


@dataclass(frozen=True)
class Session:
    """What was written down of one subject.

    Attributes
    ----------
    subject : Subject
    trials : tuple of Trial
        With bars or gratings of one kind, width, contrast and way.
    spots : tuple of Trial
    latest : Trial
    """

    subject: Subject
    trials: tuple[Trial, ...]
    spots: tuple[Trial, ...]
    latest: Trial

    @property
    def curve(self) -> TuningCurve | None:
        """The tuning curve so far; None before the first bar or grating."""
        return curve_of(self.trials, self.subject.rest) if self.trials else None

    @property
    def strongest(self) -> float:
        """The strongest answer so far."""
        return max(max(trial.peak, trial.answer) for trial in (*self.trials, *self.spots))

    def mark(self, trial: Trial) -> str:
        """Return ``+``, ``−`` or ``·``: more than at rest, less, or nearly the same."""
        change = trial.answer - self.subject.rest
        largest = max(abs(spot.answer - self.subject.rest) for spot in (*self.spots, trial))
        if abs(change) <= max(_NEAR_REST * largest, _UNSURE * self.strongest):
            return "·"
        return "+" if change > 0 else "−"


class Logbook:
    """Where trials are written down; what cannot be compared begins a new page.

    Another subject takes all away. Another kind, width, contrast or way of bar or grating begins a
    new curve; spots stay beside it.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._subject: Subject | None = None
        self._page: tuple | None = None
        self._trials: list[Trial] = []
        self._spots: list[Trial] = []

    def note(self, subject: Subject, trial: Trial) -> Session:
        """Write one trial down and return all that stand beside it."""
        if subject is not self._subject:
            self.forget()
            self._subject = subject
        shown = trial.stimulus
        if shown.is_spot:
            self._spots = [*self._spots, trial][-_MOST_SPOTS:]
        else:
            page = (shown.kind, shown.width, shown.contrast, shown.back)
            kept = self._trials if page == self._page else []
            self._page = page
            self._trials = [*kept, trial][-_MOST_TRIALS:]
        return Session(subject, tuple(self._trials), tuple(self._spots), trial)
