"""Look inside: which part of a photo carries the answer of a model of one's own?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.own_classes.model_bundle import OwnClassifier
from aml4d_utils.topics.own_classes.teaching import BODY
from aml4d_utils.topics.visualisation.occlusion import patch_starts, smooth

PATCH = 36
"""Side of the hidden square, in pixels of 128."""

POSITIONS = 7
"""Places of the square along each side."""


@dataclass(frozen=True)
class HiddenParts:
    """What hiding parts of one photo does to the probability of the answer.

    Attributes
    ----------
    picture : ndarray (S, S, 3), uint8
    answer : str
    whole : float
        The probability of the answer for the whole photo.
    drops : ndarray (POSITIONS, POSITIONS), float
        By how much it falls with the square at each place.
    starts : ndarray (POSITIONS,), int
        First row and column of each place.
    fraction : float
    """

    picture: np.ndarray
    answer: str
    whole: float
    drops: np.ndarray
    starts: np.ndarray
    fraction: float = 1.0

    @property
    def map(self) -> np.ndarray:
        """The drops, enlarged to the photo: (S, S)."""
        return smooth(self.drops, self.starts, PATCH, len(self.picture))

    @property
    def strongest(self) -> tuple[int, int, float]:
        """The centre of the place that counts most, row and column in pixels, and its drop."""
        row, col = np.unravel_index(self.drops.argmax(), self.drops.shape)
        centres = self.starts + PATCH // 2
        return int(centres[row]), int(centres[col]), float(self.drops[row, col])


def hide_parts(model: OwnClassifier, picture: np.ndarray) -> Iterator[HiddenParts]:
    """Hide each part of a photo in turn behind the photo's mean colour.

    Parameters
    ----------
    model : OwnClassifier
    picture : ndarray (S, S, 3), uint8

    Yields
    ------
    HiddenParts
        After each batch of squares; those not tried yet count as no drop.
    """
    side = len(picture)
    starts = patch_starts(PATCH, side, POSITIONS)
    colour = np.rint(picture.mean((0, 1))).astype(np.uint8)
    hidden = np.repeat(picture[None], POSITIONS**2, axis=0)
    for number, (row, col) in enumerate(np.ndindex(POSITIONS, POSITIONS)):
        top, left = starts[row], starts[col]
        hidden[number, top : top + PATCH, left : left + PATCH] = colour
    whole = model.chances(picture[None])[0]
    answer = int(whole.argmax())
    drops = np.zeros((POSITIONS, POSITIONS))
    for look in model.bodies.look(BODY, hidden):
        yield HiddenParts(
            picture, model.classes[answer], float(whole[answer]), drops, starts, look.fraction
        )
    drops = (whole[answer] - model.chances(hidden)[:, answer]).reshape(drops.shape)
    yield HiddenParts(picture, model.classes[answer], float(whole[answer]), drops, starts)
