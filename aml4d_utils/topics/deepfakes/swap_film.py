"""A clip of one person who is nobody, and the same clip with another one's face."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from aml4d_utils.topics.deepfakes.likeness import likeness
from aml4d_utils.topics.deepfakes.makers import face_walk, faces, swapped

PERSONS = ("person A", "person B")
"""What the two are called here; neither was ever born."""

_STOPS, _AT_ONCE = 6, 12


@dataclass(frozen=True)
class SwapFilm:
    """Pictures of one person, painted again by both decoders.

    Attributes
    ----------
    person : int
        Who is in the clip, 0 or 1.
    original : ndarray (N, 64, 64, 3), float32 in [0, 1]
    own : ndarray (N, 64, 64, 3)
        Painted by the person's own decoder: what encoder and decoder lose.
    swap : ndarray (N, 64, 64, 3)
        Painted by the other's decoder.
    fraction : float
        Share of the pictures done, 0 to 1.
    """

    person: int
    original: np.ndarray
    own: np.ndarray
    swap: np.ndarray
    fraction: float

    @cached_property
    def lost(self) -> float:
        """Return the mean absolute error of the own decoder's colours."""
        return float(np.abs(self.own - self.original).mean())

    @cached_property
    def changed(self) -> float:
        """Return how far the swap's colours are from the original's, on average."""
        return float(np.abs(self.swap - self.original).mean())

    @cached_property
    def like_filmed(self) -> float:
        """Return how alike the swap and the person who is filmed are, as `likeness` says."""
        return likeness(self.swap, self.person)

    @cached_property
    def like_other(self) -> float:
        """Return how alike the swap and the other person are."""
        return likeness(self.swap, 1 - self.person)

    @cached_property
    def follows(self) -> float:
        """Return how well the swap moves as the original does, -1 to 1.

        The correlation of their changes from picture to picture, over all pixels.
        """
        steps = [np.diff(part.mean(3), axis=0).ravel() for part in (self.original, self.swap)]
        if len(self.original) < 2 or min(step.std() for step in steps) < 1e-9:
            return 0.0
        return float(np.corrcoef(*steps)[0, 1])


def swap_film(person: int, seed: int, pictures: int = 48) -> Iterator[SwapFilm]:
    """Film a person along a closed walk, and swap the face, part by part.

    Parameters
    ----------
    person : int
        0 or 1.
    seed : int
        Decides what the person does.
    pictures : int
        A multiple of 6.
    """
    generator = torch.Generator().manual_seed(seed)
    walk = face_walk(_STOPS, pictures // _STOPS, generator, person=person)
    original, own, swap = [], [], []
    for part in walk.split(_AT_ONCE):
        original.append(faces(part))
        own.append(swapped(original[-1], person, person))
        swap.append(swapped(original[-1], person, 1 - person))
        done = sum(map(len, original)) / len(walk)
        yield SwapFilm(person, *map(np.concatenate, (original, own, swap)), done)
