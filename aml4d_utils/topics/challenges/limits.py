"""Equal difficulty: how far somebody can go with each challenge and still see the thing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.challenges.bench import Shown, challenge
from aml4d_utils.topics.challenges.subjects import Subject

SIX = ("viewpoint", "scale", "deformation", "occlusion", "illumination", "clutter")
"""The challenges that have a slider; the seventh, another of its kind, has none."""


@dataclass(frozen=True)
class BarelySeen:
    """One subject under six challenges, each as strong as somebody chose.

    Parameters
    ----------
    name : str
        Of the subject.
    limits : dict of str to float in [0, 1]
        Strength by name of challenge.
    shown : tuple of Shown
        In the same order.
    """

    name: str
    limits: dict[str, float]
    shown: tuple[Shown, ...]


def barely_seen(subject: Subject, limits: dict[str, float]) -> BarelySeen:
    """Show a subject under each challenge at its limit.

    Examples
    --------
    >>> from aml4d_utils.topics.challenges.subjects import subject
    >>> barely_seen(subject("zebra"), {"scale": 1.0}).shown[0].words
    'its side is 13 of 224 pixels'
    """
    shown = tuple(challenge(subject, name, strength) for name, strength in limits.items())
    return BarelySeen(subject.name, dict(limits), shown)


def tiles(seen: BarelySeen) -> np.ndarray:
    """Return the pictures as an array (N, 224, 224, 3), float32 in [0, 1]."""
    return np.stack([each.picture for each in seen.shown])
