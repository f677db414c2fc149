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
from aml4d_utils.convolution.locality import network_view
from aml4d_utils.convolution.squeezenet_layers import NAME, SIDE

POSITIONS = 13
"""Places of the patch along each side."""

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
    for index, top in enumerate(starts):
        # Neighbours in memory are the channels of one pixel: convolutions like that better.
        batch = pixels.repeat(positions, 1, 1, 1).contiguous(memory_format=torch.channels_last)
        for number, left in enumerate(starts):
            batch[number, :, top : top + patch, left : left + patch] = hidden
        with torch.no_grad():
            chances[index] = net(batch).softmax(1)[:, wanted].cpu().numpy()
        yield Occlusion(view, patch, starts, chances.copy(), whole, (index + 1) * positions)


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
