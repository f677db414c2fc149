"""Every unit of five layers over gratings of all orientations, stripe widths and phases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from torch import nn

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.tuning.recording import SURVEYED, middle_answers
from aml4d_utils.topics.tuning.stimuli import MIDDLE, Stimulus, empty_screen, on_screen
from aml4d_utils.topics.tuning.tuning_measures import (
    circular_variance,
    half_width,
    mean_direction,
    modulation,
)

ORIENTATIONS = np.arange(24) * 7.5
"""Degrees."""

STRIPES = (2.0, 3.2, 5.12, 8.192, 13.1072)
"""Widths of one stripe in pixels, each 1.6 times the one before."""

PHASES = 8
CONTRAST = 0.8
QUIET = 1e-3
"""A unit takes part when its best answer is above this share of the best in its layer."""


@dataclass(frozen=True)
class LayerTuning:
    """How the units of one layer are tuned.

    Attributes
    ----------
    layer : str
    width : ndarray (U,)
        Full width at half height at the best stripe width, degrees; NaN for a unit that is not
        tuned.
    variance : ndarray (U,)
        Circular variance, 0 to 1.
    modulation : ndarray (U,)
        F1/F0 at the best orientation and stripe width.
    direction : ndarray (U,), complex
        Its angle is twice the mean orientation, its length 1 − variance.
    heard : ndarray (U,), bool
        Whether the unit answers gratings at all; only these are counted below.
    curves : ndarray (24, U)
        The strongest answers above rest, by orientation.
    """

    layer: str
    width: np.ndarray
    variance: np.ndarray
    modulation: np.ndarray
    direction: np.ndarray
    heard: np.ndarray
    curves: np.ndarray

    @property
    def count(self) -> int:
        """How many units answer."""
        return int(self.heard.sum())

    @property
    def widths(self) -> np.ndarray:
        """Widths of the tuned units that answer."""
        found = self.width[self.heard]
        return found[np.isfinite(found)]

    @property
    def tuned(self) -> float:
        """Share of the units whose curve falls to half its height."""
        return len(self.widths) / max(1, self.count)

    @property
    def median_width(self) -> float:
        """Median width of the tuned units, degrees; NaN without any."""
        return float(np.median(self.widths)) if len(self.widths) else float("nan")

    @property
    def typical(self) -> int:
        """Number of the unit that answers and whose width is nearest to the median."""
        away = np.abs(np.where(self.heard, self.width, np.nan) - self.median_width)
        return int(np.where(np.isfinite(away), away, np.inf).argmin())

    @property
    def simple(self) -> float:
        """Share of the units whose F1/F0 is above 1."""
        return float((self.modulation[self.heard] > 1).mean()) if self.count else 0.0

    @property
    def median_variance(self) -> float:
        """Median circular variance; 1 where no unit answers."""
        return float(np.median(self.variance[self.heard])) if self.count else 1.0

    def interval(self, share: float) -> tuple[float, float]:
        """Return the 95 % interval of a share of this layer's units."""
        return wilson(share, max(1, self.count))


@dataclass(frozen=True)
class Survey:
    """What the units in the middle of each layer answered.

    Attributes
    ----------
    answers : dict of ndarray (orientations, stripes, phases, units), float32
        By layer; orientations that were not shown yet are missing.
    rest : dict of ndarray (units,)
        Answers to the empty screen.
    """

    answers: dict[str, np.ndarray]
    rest: dict[str, np.ndarray]

    @property
    def fraction(self) -> float:
        """How much of the survey is done."""
        return len(next(iter(self.answers.values()))) / len(ORIENTATIONS)

    @cached_property
    def layers(self) -> dict[str, LayerTuning]:
        """The tuning of each layer, by its name."""
        return {
            layer: tuning_of(layer, answers, self.rest[layer])
            for layer, answers in self.answers.items()
        }


def survey(net: nn.Module) -> Iterator[Survey]:
    """Show 960 gratings to a network: a record after each of 24 orientations.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1, trained or not.

    Yields
    ------
    Survey
        The last one is whole.
    """
    rest = middle_answers(net, empty_screen()[None])
    parts: list[list[np.ndarray]] = [[] for _ in SURVEYED]
    for orientation in ORIENTATIONS:
        screens = np.stack([on_screen(one) for one in _gratings(float(orientation))])
        for layer, found in enumerate(middle_answers(net, screens)):
            parts[layer].append(found.reshape(len(STRIPES), PHASES, -1))
        yield Survey(
            {layer: np.stack(part) for layer, part in zip(SURVEYED, parts, strict=True)},
            {layer: one[0] for layer, one in zip(SURVEYED, rest, strict=True)},
        )


def _gratings(orientation: float) -> list[Stimulus]:
    angle = np.deg2rad(orientation)
    found = []
    for stripe in STRIPES:
        grating = Stimulus("grating", orientation, stripe, CONTRAST)
        for phase in range(PHASES):
            shift = 2 * stripe * phase / PHASES
            row, col = MIDDLE - np.cos(angle) * shift, MIDDLE - np.sin(angle) * shift
            found.append(replace(grating, row=float(row), col=float(col)))
    return found


def tuning_of(layer: str, answers: np.ndarray, rest: np.ndarray) -> LayerTuning:
    """Read tuning off the answers of a layer's units.

    Parameters
    ----------
    layer : str
    answers : ndarray (orientations, stripes, phases, units)
    rest : ndarray (units,)

    Returns
    -------
    LayerTuning
        Each unit at the stripe width of its strongest answer.
    """
    answers = np.asarray(answers, np.float64)
    units = np.arange(answers.shape[-1])
    angles = ORIENTATIONS[: len(answers)]
    peaks = answers.max(axis=2) - rest
    stripe = peaks.max(axis=0).argmax(axis=0)
    curves = np.maximum(0, peaks[:, stripe, units])
    best = curves.argmax(axis=0)
    heights = curves.max(axis=0)
    direction = mean_direction(angles, curves)
    return LayerTuning(
        layer,
        np.array([half_width(angles, curve) for curve in curves.T]),
        circular_variance(angles, curves),
        modulation(answers[best, stripe, :, units], rest),
        direction,
        heights > QUIET * heights.max(),
        curves,
    )
