"""Occlusion sensitivity: hide one part of a photo after the other and ask again.

References
----------
.. [1] M. D. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks",
   ECCV 2014, section 4.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.receptive_fields import receptive_interval
from aml4d_utils.nets.squeezenet_layers import NAME, SIDE, geometry_up_to, network_view

POSITIONS = 13
"""Places of the patch along each side."""

_EARLY = 6
_JUMP = 8
"""Modules up to pool3, and pixels between neighbouring cells there."""

FILLS = ("mid-grey", "the photo's mean colour", "black")


@dataclass(frozen=True)
class Occlusion:
    """What hiding parts of a photo did to the answer, so far.

    Attributes
    ----------
    view : ndarray (227, 227, 3), float32 in [0, 1]
    patch : int
        Side of the hidden square in pixels.
    starts : ndarray (P,), int
        First row (and first column) of each place of the patch.
    chances : ndarray (P, P, C), float32
        Probability of each of C classes with the patch there; NaN where it has not been yet.
    whole : ndarray (C,), float32
        Their probabilities for the whole photo.
    done : int
        How many places are done.
    """

    view: np.ndarray
    patch: int
    starts: np.ndarray
    chances: np.ndarray
    whole: np.ndarray
    done: int

    @property
    def fraction(self) -> float:
        """Share of all places that are done."""
        return self.done / len(self.starts) ** 2

    def drops(self, index: int) -> np.ndarray:
        """Return (P, P): how much the probability of class ``index`` falls at each place."""
        return self.whole[index] - self.chances[..., index]

    def worst_place(self, index: int) -> tuple[int, int]:
        """Return the place, of those done, where the probability of a class falls most."""
        drops = self.drops(index)
        row, col = np.unravel_index(np.nanargmax(drops), drops.shape)
        return int(row), int(col)

    def place_at(self, row: int, col: int) -> tuple[int, int]:
        """Return the place of the patch whose centre is nearest to a pixel."""
        centres = self.starts + self.patch / 2
        nearest = (np.abs(centres - pixel).argmin() for pixel in (row, col))
        return tuple(int(place) for place in nearest)


def patch_starts(patch: int, side: int = SIDE, positions: int = POSITIONS) -> np.ndarray:
    """Return where the patch starts so that it moves evenly from edge to edge.

    Raises
    ------
    ValueError
        If the patch is not between 1 pixel and the whole side.

    Examples
    --------
    >>> patch_starts(47)[:3].tolist(), int(patch_starts(47)[-1]) + 47
    ([0, 15, 30], 227)
    """
    if not 1 <= patch <= side:
        raise ValueError(f"A patch has 1 to {side} pixels a side, not {patch}.")
    return np.rint(np.linspace(0, side - patch, positions)).astype(int)


def fill_colour(view: np.ndarray, fill: str) -> np.ndarray:
    """Return the colour (3,) in [0, 1] that hides.

    Raises
    ------
    ValueError
        If there is no such fill.
    """
    if fill not in FILLS:
        raise ValueError(f"A patch is filled with {', '.join(FILLS)}; not {fill!r}.")
    if fill == FILLS[1]:
        return view.mean((0, 1))
    return np.full(3, 0.5 if fill == FILLS[0] else 0.0, np.float32)


def occlude(
    net: nn.Module,
    photo: np.ndarray,
    classes: np.ndarray,
    patch: int = 47,
    fill: str = FILLS[0],
    positions: int = POSITIONS,
) -> Iterator[Occlusion]:
    """Hide each of ``positions`` × ``positions`` squares in turn; yield after each row of them.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    photo : ndarray (H, W, 3)
    classes : ndarray (C,), int
        Whose probabilities are kept.
    patch : int
        Side of the square in pixels of the network's view.
    fill : str
        One of ``FILLS``.
    positions : int
        Places along each side.

    Yields
    ------
    Occlusion
        The same record, a row further each time.
    """
    view = network_view(photo)
    device = next(net.parameters()).device
    starts = patch_starts(patch, positions=positions)
    pixels = nets.preprocess(NAME, view, device=device)
    colour = fill_colour(view, fill)
    hidden = nets.preprocess(NAME, np.broadcast_to(colour, view.shape), device=device)[0, :, :1, :1]
    wanted = torch.as_tensor(np.asarray(classes), device=device)
    with torch.no_grad():
        whole = net(pixels)[0].softmax(0)[wanted].cpu().numpy()
    chances = np.full((positions, positions, len(classes)), np.nan, np.float32)
    early = _EarlyLayers(net, pixels)
    for index, top in enumerate(starts):
        maps = early.with_patches([(int(top), int(left)) for left in starts], patch, hidden)
        with torch.no_grad():
            answers = net.classifier(net.features[_EARLY:](maps)).flatten(1)
        chances[index] = answers.softmax(1)[:, wanted].cpu().numpy()
        yield Occlusion(view, patch, starts, chances.copy(), whole, (index + 1) * positions)


class _EarlyLayers:
    """The layers up to pool3, which are computed anew only where the patch can reach.

    A cell whose receptive field does not touch the patch keeps its value (lesson 07).
    """

    def __init__(self, net: nn.Module, pixels: torch.Tensor):
        self.layers = net.features[:_EARLY]
        self.pixels = pixels.contiguous(memory_format=torch.channels_last)
        with torch.no_grad():
            self.maps = self.layers(self.pixels)
        self.geometry = geometry_up_to(net, "pool3")

    def with_patches(
        self, places: list[tuple[int, int]], patch: int, colour: torch.Tensor
    ) -> torch.Tensor:
        """Return the maps (N, C, h, w) with one hidden square each, at (top, left)."""
        result = self.maps.repeat(len(places), 1, 1, 1)
        result = result.contiguous(memory_format=torch.channels_last)
        alike: dict[tuple[int, int], list[tuple[int, _Reach, _Reach]]] = {}
        for number, (top, left) in enumerate(places):
            down, across = self._reach(top, patch), self._reach(left, patch)
            alike.setdefault((down.size, across.size), []).append((number, down, across))
        for group in alike.values():
            crops = torch.cat(
                [
                    self.pixels[..., down.first : down.end, across.first : across.end]
                    for _, down, across in group
                ]
            ).contiguous(memory_format=torch.channels_last)
            for crop, (number, down, across) in zip(crops, group, strict=True):
                top, left = places[number][0] - down.first, places[number][1] - across.first
                crop[:, top : top + patch, left : left + patch] = colour
            with torch.no_grad():
                crops = self.layers(crops)
            for crop, (number, down, across) in zip(crops, group, strict=True):
                rows, cols = (slice(r.low - r.skipped, r.high - r.skipped) for r in (down, across))
                window = crop[:, rows, cols]
                result[number, :, down.low : down.high, across.low : across.high] = window
        return result

    def _reach(self, start: int, patch: int) -> _Reach:
        """Return which cells, along one side, the patch reaches, and the pixels they need."""
        cells, pixels = self.maps.shape[2], self.pixels.shape[2]
        intervals = [receptive_interval(self.geometry, cell) for cell in range(cells)]
        reached = [c for c, (a, b) in enumerate(intervals) if a < start + patch and b > start]
        low, high = reached[0], reached[-1] + 1
        # One cell more on each side, so that none has seen the zeros at the edge of the crop.
        skipped = max(0, low - 1)
        end = min(pixels, intervals[high - 1][1] + 2 * _JUMP)
        return _Reach(low, high, skipped, skipped * _JUMP, end)


@dataclass(frozen=True)
class _Reach:
    """Cells ``low`` to ``high`` of pool3, from pixels ``first`` to ``end``.

    ``skipped`` cells lie before the first of the crop's own cells.
    """

    low: int
    high: int
    skipped: int
    first: int
    end: int

    @property
    def size(self) -> int:
        """How many pixels are needed."""
        return self.end - self.first


def smooth(values: np.ndarray, starts: np.ndarray, patch: int, side: int = SIDE) -> np.ndarray:
    """Return a map (side, side): each pixel's value is that of the patch centred there.

    Between the centres of the patches it is interpolated; beyond the last it stays the same.

    Parameters
    ----------
    values : ndarray (P, P)
        One number for each place of the patch.
    starts : ndarray (P,), int
    patch : int
    """
    centres, pixels = starts + (patch - 1) / 2, np.arange(side)
    rows = np.stack([np.interp(pixels, centres, row) for row in values])
    return np.stack([np.interp(pixels, centres, col) for col in rows.T], axis=1)
