"""Vary small grey pictures by the batch: every picture gets a draw of its own.

What varies a training batch varies a test set too, once and for all, to ask what a network
forgives. torchvision draws once for a whole batch; here `affine_grid` and `grid_sample` of PyTorch
move every picture by its own numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


def moved(
    pictures: Tensor,
    *,
    turn: Tensor | float = 0.0,
    size: Tensor | float = 1.0,
    right: Tensor | float = 0.0,
    down: Tensor | float = 0.0,
    mirror: Tensor | bool = False,
) -> Tensor:
    """Turn, resize, shift and mirror each picture about its middle; black comes in at the edges.

    Parameters
    ----------
    pictures : Tensor (B, C, H, W), float32
    turn : Tensor (B,) or float
        Anticlockwise, in degrees.
    size : Tensor (B,) or float
        Of what is shown, 1 leaves it; more is larger.
    right, down : Tensor (B,) or float
        In pixels.
    mirror : Tensor (B,) of bool, or bool
        Left and right exchanged, before everything else.

    Returns
    -------
    Tensor (B, C, H, W), float32

    Examples
    --------
    >>> picture = torch.zeros(1, 1, 5, 5)
    >>> picture[0, 0, 2, 1] = 1
    >>> moved(picture, right=2, down=1)[0, 0].nonzero().tolist()
    [[3, 3]]
    """
    count, _, height, width = pictures.shape

    def each(value: Tensor | float | bool) -> Tensor:
        return torch.as_tensor(value, dtype=torch.float32).expand(count)

    angle = torch.deg2rad(each(turn))
    cosine, sine = angle.cos() / each(size), angle.sin() / each(size)
    ratio = height / width
    flip = 1 - 2 * each(mirror)
    x, y = 2 * each(right) / width, 2 * each(down) / height
    # From a place in the new picture to the place in the old one, both from -1 to 1.
    first = torch.stack((cosine, -sine * ratio, -cosine * x + sine * ratio * y), 1)
    second = torch.stack((sine / ratio, cosine, -sine / ratio * x - cosine * y), 1)
    matrices = torch.stack((flip[:, None] * first, second), 1)
    grid = functional.affine_grid(matrices, list(pictures.shape), align_corners=False)
    return functional.grid_sample(pictures, grid, align_corners=False)


@dataclass(frozen=True)
class Variation:
    """A way to vary a batch.

    Parameters
    ----------
    name : str
        In words, with its strength.
    vary : callable
        From a batch (B, 1, H, W) in [0, 1] and a generator to a varied batch.
    """

    name: str
    vary: Callable[[Tensor, torch.Generator], Tensor]


def _even(count: int, most: float, generator: torch.Generator) -> Tensor:
    return most * (2 * torch.rand(count, generator=generator) - 1)


def shifts(most: float = 3.0) -> Variation:
    """Shift each picture by up to so many pixels in both directions."""
    return Variation(
        f"shift up to {most:g} px",
        lambda batch, generator: moved(
            batch,
            right=_even(len(batch), most, generator),
            down=_even(len(batch), most, generator),
        ),
    )


def turns(most: float = 20.0) -> Variation:
    """Turn each picture by up to so many degrees."""
    return Variation(
        f"turn up to {most:g}°",
        lambda batch, generator: moved(batch, turn=_even(len(batch), most, generator)),
    )


def sizes(most: float = 0.2) -> Variation:
    """Make each picture's content smaller or larger by up to so much."""
    return Variation(
        f"size up to ±{100 * most:g} %",
        lambda batch, generator: moved(
            batch, size=torch.exp(_even(len(batch), math.log1p(most), generator))
        ),
    )


def mirrors(chance: float = 0.5) -> Variation:
    """Mirror each picture with this chance."""
    return Variation(
        "mirror" if chance == 1 else f"mirror, chance {chance:g}",
        lambda batch, generator: moved(
            batch, mirror=torch.rand(len(batch), generator=generator) < chance
        ),
    )


def noise(spread: float = 0.2) -> Variation:
    """Add noise of this spread to every pixel, kept within [0, 1]."""

    def vary(batch: Tensor, generator: torch.Generator) -> Tensor:
        grains = torch.randn(batch.shape, generator=generator)
        return (batch + spread * grains).clamp(0, 1)

    return Variation(f"noise {spread:g}", vary)


def hiding(side: int = 10) -> Variation:
    """Cover a grey square of this side in pixels somewhere in each picture."""

    def vary(batch: Tensor, generator: torch.Generator) -> Tensor:
        count, _, height, width = batch.shape
        top = torch.randint(height - side + 1, (count, 1, 1), generator=generator)
        left = torch.randint(width - side + 1, (count, 1, 1), generator=generator)
        rows, cols = torch.arange(height)[None, :, None], torch.arange(width)[None, None, :]
        hole = (rows >= top) & (rows < top + side) & (cols >= left) & (cols < left + side)
        return torch.where(hole[:, None], batch.new_tensor(0.5), batch)

    return Variation(f"{side} × {side} px hidden", vary)


def several(*parts: Variation) -> Variation:
    """Vary in several ways, one after the other."""

    def vary(batch: Tensor, generator: torch.Generator) -> Tensor:
        for part in parts:
            batch = part.vary(batch, generator)
        return batch

    return Variation(" + ".join(part.name for part in parts) or "nothing", vary)
