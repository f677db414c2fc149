"""Small random changes before each look, so that only what survives them is drawn.

Each function returns a change: a function from pictures (B, 3, H, W) to pictures. Changes are
put one after the other with :func:`in_turn`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch.nn.functional import affine_grid, grid_sample

Change = Callable[[torch.Tensor, torch.Generator], torch.Tensor]


def shift(most: int) -> Change:
    """Move the picture by up to ``most`` pixels each way; what leaves comes in again opposite."""

    def change(pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        rows, cols = torch.randint(-most, most + 1, (2,), generator=generator).tolist()
        return pictures.roll((rows, cols), (2, 3))

    return change


def turn_and_scale(degrees: float, share: float) -> Change:
    """Turn by up to so many degrees and enlarge or shrink by up to a share, both at random."""

    def change(pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        angle, size = (2 * torch.rand(2, generator=generator) - 1).tolist()
        turn = torch.deg2rad(torch.tensor(angle * degrees))
        cos, sin = (1 + size * share) * turn.cos(), (1 + size * share) * turn.sin()
        zero = torch.zeros(())
        matrix = torch.stack([torch.stack([cos, -sin, zero]), torch.stack([sin, cos, zero])])
        grid = affine_grid(matrix[None].to(pictures), pictures.shape, align_corners=False)
        return grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)

    return change


def in_turn(changes: Sequence[Change]) -> Change:
    """Return the change that does one after the other; without any, the picture stays."""

    def change(pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        for one in changes:
            pictures = one(pictures, generator)
        return pictures

    return change


ROBUST = (shift(8), turn_and_scale(8, 0.1), shift(4))
"""What the lesson shakes with."""
