"""Where a unit lights up: in the scenes that move it most, and in any photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import images
from aml4d_utils.topics.dissection.concepts import MAP_SIDE, SIDE, ConceptScene
from aml4d_utils.topics.dissection.dissect import enlarge
from aml4d_utils.topics.dissection.units import Unit, answers

_BATCH = 8


@dataclass(frozen=True)
class Lit:
    """One picture and the places where a unit exceeds its threshold.

    Attributes
    ----------
    image : ndarray (227, 227, 3), uint8
    places : ndarray (56, 56), bool
    pixels : ndarray (227, 227), bool
        The same, on the pixels of the picture.
    strongest : float
        The unit's strongest answer.
    """

    image: np.ndarray
    places: np.ndarray
    pixels: np.ndarray
    strongest: float

    @property
    def share(self) -> float:
        """Share of the places that are lit."""
        return float(self.places.mean())


def light_up(
    net: nn.Module, pictures: Sequence[np.ndarray], unit: Unit, threshold: float
) -> list[Lit]:
    """Find the places where a unit exceeds a threshold.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    pictures : sequence of ndarray (H, W, 3), uint8 or float in [0, 1]
        The network sees the square in the middle, 227 × 227 pixels.
    unit : Unit
    threshold : float

    Returns
    -------
    list of Lit
    """
    lit: list[Lit] = []
    for start in range(0, len(pictures), _BATCH):
        squares = [_square(picture) for picture in pictures[start : start + _BATCH]]
        (maps,) = answers(net, squares, [unit.layer])
        lit += _lit(squares, maps[:, unit.number : unit.number + 1], threshold)
    return lit


def _lit(squares: Sequence[np.ndarray], maps: torch.Tensor, threshold: float) -> list[Lit]:
    """Compare one unit's maps (B, 1, h, w) with its threshold, on the grid and on the pixels."""
    places = (enlarge(maps)[:, 0] > threshold).cpu().numpy()
    fine = nn.functional.interpolate(maps, (SIDE, SIDE), mode="bilinear", align_corners=False)
    pixels = (fine[:, 0] > threshold).cpu().numpy()
    strongest = maps.amax(dim=(1, 2, 3)).cpu().numpy()
    return [
        Lit(square, place, pixel, float(value))
        for square, place, pixel, value in zip(squares, places, pixels, strongest, strict=True)
    ]


def strongest_scenes(
    net: nn.Module, scenes: Sequence[ConceptScene], unit: Unit, count: int = 6
) -> list[int]:
    """Return the numbers of the scenes to which a unit answers most strongly, strongest first."""
    values = []
    for start in range(0, len(scenes), _BATCH):
        (maps,) = answers(net, [s.image for s in scenes[start : start + _BATCH]], [unit.layer])
        values.append(maps[:, unit.number].amax(dim=(1, 2)))
    return torch.cat(values).argsort(descending=True)[:count].tolist()


def intersection_over_union(lit: np.ndarray, mask: np.ndarray) -> float:
    """Return in how many places both are, over in how many at least one is.

    Parameters
    ----------
    lit, mask : ndarray of the same shape, bool

    Returns
    -------
    float in [0, 1]
        0 where both are empty.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> intersection_over_union(np.array([True, True]), np.array([False, True]))
    0.5
    """
    lit, mask = np.asarray(lit, dtype=bool), np.asarray(mask, dtype=bool)
    if lit.shape != mask.shape:
        raise ValueError(f"Expected two masks of one shape, but got {lit.shape} and {mask.shape}.")
    either = np.count_nonzero(lit | mask)
    return float(np.count_nonzero(lit & mask) / either) if either else 0.0


def _square(picture: np.ndarray) -> np.ndarray:
    if picture.shape[:2] == (SIDE, SIDE):
        return images.as_uint8(picture)
    return images.as_uint8(images.resize(images.centre_square(picture), SIDE, SIDE))


def on_pixels(places: np.ndarray) -> np.ndarray:
    """Bring a mask (56, 56) onto the pixels (227, 227) of a scene."""
    index = np.minimum((np.arange(SIDE) + 0.5) * MAP_SIDE / SIDE, MAP_SIDE - 1).astype(np.intp)
    return places[np.ix_(index, index)]
