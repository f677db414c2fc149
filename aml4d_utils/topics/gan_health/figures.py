"""Pictures of a diagnosis, each with the words that describe it."""

from __future__ import annotations

import math

import numpy as np

from aml4d_utils.measuring.wording import percent
from aml4d_utils.topics.gan_2d.rivalry import BALANCE
from aml4d_utils.topics.gan_health.diagnosis import (
    COLLAPSED,
    COPIES,
    EARLY,
    HEALTHY,
    WINS,
    Diagnosis,
)
from aml4d_utils.widgets.colours import mosaic

_MEANS = {
    HEALTHY: "varied pictures close to real ones, and neither side has won",
    WINS: "it is nearly always right, so its slope tells the generator little",
    COLLAPSED: "the generator paints nearly the same again and again",
    COPIES: "many pictures are nearer to a training picture than real new ones are",
    EARLY: "varied, but still far from real pictures",
}

COLUMNS = 12


def sheet(pictures: np.ndarray) -> np.ndarray:
    """Lay out pictures (N, 28, 28) uint8 in rows of twelve."""
    return mosaic(np.repeat(pictures[..., None], 3, 3), COLUMNS, ground=90)


def describe_diagnosis(found: Diagnosis) -> str:
    """Say the verdict and the numbers that it rests on."""
    if found.fraction < 1:
        return f"{found.name}: {percent(found.fraction)} of the examination is done."
    return (
        f"{found.name}: {found.verdict}; {_MEANS[found.verdict]}. Fréchet distance "
        f"{found.distance:.2f} from {found.count:,} pictures (other real ones {found.floor:.2f}, "
        f"blurred ones {found.ceiling:.2f}). Diversity {percent(found.diversity)} of real, "
        f"{found.classes} of 10 classes. The discriminator calls {percent(found.real)} of held-out "
        f"real and {percent(found.generated)} of generated pictures rightly. "
        f"{percent(found.copied)} are suspiciously near to a training picture."
    )


def describe_nearest(found: Diagnosis) -> str:
    """Say what the nearest training pictures show."""
    if math.isnan(found.copied):
        return f"The search for copies has not begun: {percent(found.fraction)} are done."
    return (
        f"Below each generated picture the nearest of 20,000 training pictures: "
        f"{percent(found.copied)} of 300 are nearer than 95 % of real new ones would be."
    )


def describe_losses(losses: np.ndarray) -> str:
    """Say where both losses stand against the balance."""
    if not len(losses):
        return f"No losses were kept of this contest; the line at {BALANCE:.2f} is the balance."
    discriminator, generator = losses[-20:].mean(0)
    return (
        f"Over the last rounds of {len(losses)}: discriminator {discriminator:.2f} nats, generator "
        f"{generator:.2f}. At {BALANCE:.2f} the discriminator tosses a coin."
    )
