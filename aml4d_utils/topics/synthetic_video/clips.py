"""Two ways to make a film without a camera: a generator that invents, a renderer that knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from aml4d_utils import solids
from aml4d_utils.topics.deepfakes.makers import face_walk, faces

THINGS = ("motor scooter", "forklift", "green armchair", "grand piano", "reflex camera")
_AT_ONCE = 12


@dataclass(frozen=True)
class Clip:
    """A film that runs in a circle: after the last picture comes the first.

    Attributes
    ----------
    about : str
    pictures : ndarray (N, H, W, 3), float32 in [0, 1]
        As many as are ready.
    fraction : float
        Share of the pictures done, 0 to 1.
    """

    about: str
    pictures: np.ndarray
    fraction: float

    @cached_property
    def step(self) -> float:
        """Return the mean absolute change of a colour from picture to picture."""
        return float(np.abs(np.diff(self.pictures, axis=0)).mean()) if len(self.pictures) > 1 else 0

    @cached_property
    def away(self) -> np.ndarray:
        """Return the mean absolute difference of each picture from the first, (N,)."""
        return np.abs(self.pictures - self.pictures[0]).mean((1, 2, 3))

    @property
    def farthest(self) -> float:
        """Return that difference where it is largest."""
        return float(self.away.max())


def walk_through_faces(seed: int, stops: int = 4, between: int = 12) -> Iterator[Clip]:
    """Walk through the generator's 100 numbers from face to face and back to the first.

    Parameters
    ----------
    seed : int
        Decides which faces are visited.
    stops : int
        How many.
    between : int
        Pictures from one to the next.
    """
    path = face_walk(stops, between, torch.Generator().manual_seed(seed))
    pictures = []
    for part in path.split(_AT_ONCE):
        pictures.append(faces(part))
        done = sum(map(len, pictures)) / len(path)
        yield Clip(f"a walk over {stops} faces of nobody", np.concatenate(pictures), done)


def flight(name: str, height: float = 20.0, pictures: int = 36, side: int = 192) -> Iterator[Clip]:
    """Fly a camera once around a thing.

    Parameters
    ----------
    name : str
        Of `solids.things`.
    height : float
        How high the camera stands, in degrees; it rises and sinks by a quarter of it.
    pictures : int
    side : int
        Height and width in pixels.
    """
    thing = solids.thing(name)
    film = np.empty((pictures, side, side, 3), np.float32)
    for number in range(pictures):
        turn = 360 * number / pictures
        pitch = height * (1 + 0.25 * np.sin(np.radians(turn)))
        viewpoint = solids.Viewpoint(yaw=turn, pitch=pitch)
        film[number] = solids.render(thing, viewpoint, background=0.8, size=side).picture
        ready = film[: number + 1]
        yield Clip(f"a flight around the {name}", ready, len(ready) / pictures)
