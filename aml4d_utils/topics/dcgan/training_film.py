"""A training as a film: the same latent vectors, painted again and again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from aml4d_utils.topics.dcgan.generated_garments import latents, paint, to_uint8
from aml4d_utils.topics.gan_2d.rivalry import PlayedRound, Rivalry

TILES = 40
"""Pictures of each moment."""


@dataclass(frozen=True)
class Moment:
    """What the generator painted after some rounds.

    Parameters
    ----------
    number : int
        Rounds so far.
    pictures : ndarray (40, 28, 28), uint8
    """

    number: int
    pictures: np.ndarray


class Film:
    """Pictures and losses of a contest as it goes on.

    Parameters
    ----------
    contest : Rivalry
        Looked at, not changed.
    seed : int
        Of the latent vectors, which stay the same throughout.
    """

    def __init__(self, contest: Rivalry, seed: int = 0) -> None:
        self.contest = contest
        self.vectors: Tensor = latents(TILES, seed)
        self.moments: list[Moment] = []
        self.rounds: list[PlayedRound] = []
        self.take()

    def take(self) -> Moment:
        """Paint the latent vectors as the averaged generator does now, and keep it."""
        pictures = to_uint8(paint(self.contest.average, self.vectors))
        self.moments.append(Moment(self.contest.number, pictures))
        return self.moments[-1]

    def note(self, result: PlayedRound) -> None:
        """Keep what a round measured."""
        if not result.broken:
            self.rounds.append(result)

    @property
    def losses(self) -> np.ndarray:
        """Discriminator's and generator's loss (rounds, 2), float."""
        pairs = [(one.discriminator_loss, one.generator_loss) for one in self.rounds]
        return np.array(pairs).reshape(-1, 2)
