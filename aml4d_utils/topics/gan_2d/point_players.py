"""The two players of the plane: small networks of two hidden layers."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

HIDDEN = 48
LATENT = 2


class PointGenerator(nn.Module):
    """2 numbers → 48 → 48 → a point (x, y)."""

    def __init__(self) -> None:
        super().__init__()
        self.latent = LATENT
        self.main = nn.Sequential(
            nn.Linear(LATENT, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(),
            nn.Linear(HIDDEN, 2),
        )  # fmt: skip

    def forward(self, latent: Tensor) -> Tensor:
        """Map latent vectors (B, 2) to points (B, 2)."""
        return self.main(latent)


class PointDiscriminator(nn.Module):
    """A point (x, y) → 48 → 48 → one number."""

    def __init__(self) -> None:
        super().__init__()
        self.main = nn.Sequential(
            nn.Linear(2, HIDDEN), nn.LeakyReLU(0.2), nn.Linear(HIDDEN, HIDDEN), nn.LeakyReLU(0.2),
            nn.Linear(HIDDEN, 1),
        )  # fmt: skip

    def forward(self, points: Tensor, dropping: torch.Generator | None = None) -> Tensor:
        """Return logits (B,) for points (B, 2): above 0 means "real". Nothing is dropped."""
        return self.main(points).flatten()


def fresh_players(seed: int) -> tuple[PointGenerator, PointDiscriminator]:
    """Return both with random weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return PointGenerator(), PointDiscriminator()


def even_latents(side: int) -> np.ndarray:
    """Return side² latent vectors that fill the normal distribution evenly, row by row.

    Examples
    --------
    >>> even_latents(3).shape
    (9, 2)
    """
    from scipy.special import ndtri

    levels = ndtri((np.arange(side) + 0.5) / side)
    across, up = np.meshgrid(levels, levels[::-1])
    return np.stack([across.ravel(), up.ravel()], 1).astype(np.float32)
