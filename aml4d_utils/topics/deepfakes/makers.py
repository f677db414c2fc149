"""Who makes the fakes: a generator of faces, and a face swap between two of its inventions.

All faces here are nobody's. The generator was trained on rendered people; a *person* of the face
swap is a place among its 100 numbers, and what lies close around it.

References
----------
.. [1] G. Bae et al., "DigiFace-1M: 1 million digital face images for face recognition", WACV 2023.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets

SPREAD = 0.35
"""How far the pictures of one person lie around the anchor; further out, hats come and go."""

_AT_ONCE = 50


@cache
def maker() -> nn.Module:
    """Return the generator of faces, on the processor, so that a seed gives the same everywhere."""
    return nets.load("dcgan_faces", "cpu")


@cache
def swapper() -> nn.Module:
    """Return the face swap."""
    return nets.load("face_swap", "cpu")


def faces(latents: torch.Tensor) -> np.ndarray:
    """Return what the generator makes of its numbers.

    Parameters
    ----------
    latents : Tensor (N, 100), float32

    Returns
    -------
    ndarray (N, 64, 64, 3), float32 in [0, 1]
    """
    with torch.inference_mode():
        made = [maker()(part[:, :, None, None]) for part in latents.split(_AT_ONCE)]
    return ((torch.cat(made).permute(0, 2, 3, 1).numpy() + 1) / 2).clip(0, 1)


def invented(count: int, generator: torch.Generator) -> np.ndarray:
    """Return that many new faces of nobody, (N, 64, 64, 3)."""
    return faces(torch.randn(count, 100, generator=generator))


def pictures_of(person: int, count: int, generator: torch.Generator) -> np.ndarray:
    """Return pictures of person 0 or 1 of the face swap, (N, 64, 64, 3)."""
    noise = torch.randn(count, 100, generator=generator)
    return faces(swapper().anchors[person] + SPREAD * noise)


def swapped(pictures: np.ndarray, filmed: int, painter: int) -> np.ndarray:
    """Paint what person 0 or 1 does in pictures, as the same or the other person.

    The encoder keeps both persons' numbers in two places, and a decoder knows only its own: from
    the other place it paints ghosts. So the numbers are first moved by the way from the mean of the
    one to the mean of the other.

    Parameters
    ----------
    pictures : ndarray (N, 64, 64, 3), float in [0, 1]
    filmed : int
        Who is in the pictures.
    painter : int
        Whose decoder paints.

    Returns
    -------
    ndarray (N, 64, 64, 3), float32 in [0, 1]
    """
    way = _middle(painter) - _middle(filmed)
    with torch.inference_mode():
        painted = [swapper().decoders[painter](codes + way) for codes in _codes(pictures)]
    return torch.cat(painted).permute(0, 2, 3, 1).numpy()


def _codes(pictures: np.ndarray) -> list[torch.Tensor]:
    """Read pictures into the encoder's numbers, some at once."""
    pixels = torch.from_numpy(np.ascontiguousarray(pictures, np.float32)).permute(0, 3, 1, 2)
    with torch.inference_mode():
        return [swapper().encoder(part) for part in pixels.split(_AT_ONCE)]


@cache
def _middle(person: int) -> torch.Tensor:
    """Return the mean of the encoder's numbers over pictures of a person."""
    pictures = pictures_of(person, _AT_ONCE, torch.Generator().manual_seed(person))
    return torch.cat(_codes(pictures)).mean(0)


def swaps(count: int, generator: torch.Generator) -> np.ndarray:
    """Return that many swaps, half of them of each person painted as the other."""
    half = count // 2
    parts = [
        swapped(pictures_of(person, number, generator), person, 1 - person)
        for person, number in ((0, half), (1, count - half))
    ]
    return np.concatenate(parts)


def face_walk(stops: int, between: int, generator: torch.Generator, *, person: int | None = None):
    """Return the generator's numbers along a closed walk from face to face.

    Parameters
    ----------
    stops : int
        How many random places are visited; the last leads back to the first.
    between : int
        Pictures from one stop to the next.
    generator : torch.Generator
    person : int, optional
        Stay with person 0 or 1; otherwise walk anywhere.

    Returns
    -------
    Tensor (stops · between, 100), float32
        On the way the length of the vector stays as at the stops (spherical interpolation):
        shorter ones give greyer, more average faces.
    """
    places = torch.randn(stops, 100, generator=generator)
    steps = torch.arange(between) / between
    path = []
    for start, end in zip(places, places.roll(-1, 0), strict=True):
        angle = torch.acos(torch.nn.functional.cosine_similarity(start, end, dim=0))
        weights = torch.sin((1 - steps) * angle), torch.sin(steps * angle)
        path.append((weights[0][:, None] * start + weights[1][:, None] * end) / torch.sin(angle))
    walk = torch.cat(path)
    return walk if person is None else swapper().anchors[person] + SPREAD * walk
