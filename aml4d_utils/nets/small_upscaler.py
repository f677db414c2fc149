"""A small net that makes a picture four times larger; it learned to be least wrong on average.

A short SRResNet (Ledig et al. 2017): a few residual blocks at the small size, then 48 channels
that are laid out as 4 × 4 colours. What it adds goes on top of bicubic enlargement.
"""

import torch
import torch.nn.functional as F
from torch import nn

FACTOR = 4


class SmallUpscaler(nn.Module):
    """About 70,000 parameters.

    Parameters
    ----------
    width : int
        Channels of every layer but the last.
    blocks : int
        How many residual blocks of two convolutions.
    """

    def __init__(self, width: int = 32, blocks: int = 3):
        super().__init__()
        self.first = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(width, width, 3, padding=1),
                nn.ReLU(),
                nn.Conv2d(width, width, 3, padding=1),
            )
            for _ in range(blocks)
        )
        self.last = nn.Conv2d(width, 3 * FACTOR**2, 3, padding=1)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Map RGB pictures (B, 3, H, W) in [0, 1] to (B, 3, 4 H, 4 W), not clipped to [0, 1]."""
        features = F.relu(self.first(pictures))
        for block in self.blocks:
            features = features + block(features)
        added = F.pixel_shuffle(self.last(features), FACTOR)
        return added + F.interpolate(pictures, scale_factor=FACTOR, mode="bicubic")
