"""Test what you believe about a unit: pictures that fit the reading against pictures that do not.

The test pictures are drawn, so that nothing but what the reading names is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.squeezenet_layers import NAME, SIDE, feature_maps
from aml4d_utils.topics.visualisation.top_patches import favourite_patches

DOT_UNIT = ("fire5", 87)
"""A unit that one would call an eye detector by its favourite patches."""

FACE_UNIT = ("fire5", 171)
"""A unit whose favourite patches are faces."""


@dataclass(frozen=True)
class ReadingTest:
    """What a unit answers to drawn pictures, beside its favourites among photographs.

    Attributes
    ----------
    layer : str
    unit : int
    names : tuple of str
        What each drawn picture is.
    pictures : tuple of ndarray (227, 227, 3), float32 in [0, 1]
    answers : ndarray (N,), float32
        The unit's strongest answer to each.
    favourites : ndarray (N,), float32
        Its strongest answers in the collection of photographs, one per original; at most nine.
    patches : tuple of ndarray (S, S, 3), float32 in [0, 1]
        What it looked at there.
    """

    layer: str
    unit: int
    names: tuple[str, ...]
    pictures: tuple[np.ndarray, ...]
    answers: np.ndarray
    favourites: np.ndarray
    patches: tuple[np.ndarray, ...]


def dots(
    places: Sequence[tuple[float, float]], radius: float, ink: float = 0.0, paper: float = 1.0
) -> np.ndarray:
    """Draw dots on plain paper.

    Parameters
    ----------
    places : sequence of (row, col)
        The centres, in pixels.
    radius : float
        In pixels; the edge is soft over one pixel.
    ink, paper : float in [0, 1]
        Grey levels.

    Returns
    -------
    ndarray (227, 227, 3), float32 in [0, 1]
    """
    rows, cols = np.mgrid[:SIDE, :SIDE]
    cover = np.zeros((SIDE, SIDE))
    for row, col in places:
        distance = np.hypot(rows - row, cols - col)
        cover = np.maximum(cover, np.clip(radius + 0.5 - distance, 0, 1))
    grey = paper + (ink - paper) * cover
    return np.repeat(grey[..., None], 3, axis=2).astype(np.float32)


def face_of_dots(distance: float = 8.0, radius: float = 5.0, upright: bool = True) -> np.ndarray:
    """Draw two dots above one: eyes and a nose; ``upright=False`` turns them upside down."""
    middle = SIDE // 2
    down = 1.4 * distance * (1 if upright else -1)
    places = [
        (middle - down / 2, middle - distance),
        (middle - down / 2, middle + distance),
        (middle + down / 2, middle),
    ]
    return dots(places, radius, paper=0.8)


def strongest_answers(
    net: nn.Module, pictures: Sequence[np.ndarray], layer: str, unit: int
) -> np.ndarray:
    """Return a unit's strongest answer in each picture: ndarray (N,), float32, 0 or more.

    Raises
    ------
    ValueError
        If there is no such layer or unit.
    """
    device = next(net.parameters()).device
    answers = []
    for picture in pictures:
        pixels = nets.preprocess(NAME, picture, device=device)
        (maps,) = feature_maps(net, pixels, [layer])
        if not 0 <= unit < maps.shape[1]:
            raise ValueError(f"{layer} has the units 0 to {maps.shape[1] - 1}; not {unit}.")
        answers.append(maps[0, unit].max())
    return torch.stack(answers).cpu().numpy()


def try_reading(
    net: nn.Module, pictures: dict[str, np.ndarray], layer: str, unit: int
) -> ReadingTest:
    """Show a unit drawn pictures, by name, and compare with its favourites."""
    shown, best = tuple(pictures.values()), next(favourite_patches(net, layer, unit))
    return ReadingTest(
        layer=layer,
        unit=unit,
        names=tuple(pictures),
        pictures=shown,
        answers=strongest_answers(net, shown, layer, unit),
        favourites=best.values,
        patches=best.patches,
    )


def eye_or_dot() -> dict[str, np.ndarray]:
    """Return drawn pictures that tell an eye detector from a dot detector."""
    middle = [(SIDE / 2, SIDE / 2)]
    return {
        "one black dot": dots(middle, 4.5),
        "a larger dot": dots(middle, 12),
        "white on black": dots(middle, 4.5, ink=1.0, paper=0.0),
        "nothing": dots([], 1),
    }


def face_or_dots() -> dict[str, np.ndarray]:
    """Return drawn pictures that tell a face detector from a detector of dots."""
    return {
        "two above one": face_of_dots(),
        "upside down": face_of_dots(upright=False),
        "one dot": dots([(SIDE / 2, SIDE / 2)], 5, paper=0.8),
        "nothing": dots([], 1, paper=0.8),
    }


def _ring() -> np.ndarray:
    return np.maximum(dots([(SIDE / 2, SIDE / 2)], 40), 1 - dots([(SIDE / 2, SIDE / 2)], 34))


def _bars() -> np.ndarray:
    grey = (np.arange(SIDE) // 12 % 2).astype(np.float32)
    return np.broadcast_to(grey[None, :, None], (SIDE, SIDE, 3)).copy()


_ROW_OF_DOTS = [(SIDE / 2, SIDE / 2 + shift) for shift in (-48, 0, 48)]

DRAWN: dict[str, Callable[[], np.ndarray]] = {
    "small dot": lambda: dots([(SIDE / 2, SIDE / 2)], 4.5),
    "dot on grey": lambda: dots([(SIDE / 2, SIDE / 2)], 4.5, paper=0.6),
    "black dots": lambda: dots(_ROW_OF_DOTS, 5),
    "white dots": lambda: dots(_ROW_OF_DOTS, 5, ink=1.0, paper=0.0),
    "large dot": lambda: dots([(SIDE / 2, SIDE / 2)], 40),
    "ring": _ring,
    "bars": _bars,
}
"""Drawn test pictures by name."""


def separation(fitting: Sequence[float], other: Sequence[float]) -> float:
    """Return how well a reading tells pictures apart: the share of pairs in the right order.

    Each picture that fits is paired with each that does not; a pair counts 1 where the fitting
    one is answered more strongly, ½ where both are answered alike. 1 is perfect, 0.5 is chance.
    (It is the area under the ROC curve.)

    Examples
    --------
    >>> separation([3, 2], [1, 2])
    0.875
    """
    difference = np.subtract.outer(np.asarray(fitting, float), np.asarray(other, float))
    return float(np.mean((difference > 0) + 0.5 * (difference == 0)))
