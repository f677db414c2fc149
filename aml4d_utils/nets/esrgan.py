"""Real-ESRGAN x4plus (Wang et al. 2021) makes a picture four times larger; 16.7 million parameters.

Its architecture is ESRGAN's residual-in-residual dense blocks (Wang et al. 2018). It was trained
as a GAN on pictures that were blurred, shrunk, made noisy and compressed at random.
"""

import torch
import torch.nn.functional as F
from torch import nn

_SLOPE = 0.2
_SHARE = 0.2


class DenseBlock(nn.Module):
    """Five convolutions, each seeing the answers of all before it."""

    def __init__(self, width: int, growth: int):
        super().__init__()
        outputs = (growth, growth, growth, growth, width)
        self.convs = nn.ModuleList(
            nn.Conv2d(width + i * growth, out, 3, padding=1) for i, out in enumerate(outputs)
        )

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Map (B, C, H, W) to (B, C, H, W)."""
        seen = features
        for conv in self.convs[:-1]:
            seen = torch.cat([seen, F.leaky_relu(conv(seen), _SLOPE)], dim=1)
        return features + _SHARE * self.convs[-1](seen)


class ResidualBlock(nn.Module):
    """Three dense blocks with a way past them."""

    def __init__(self, width: int, growth: int):
        super().__init__()
        self.dense = nn.Sequential(*(DenseBlock(width, growth) for _ in range(3)))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Map (B, C, H, W) to (B, C, H, W)."""
        return features + _SHARE * self.dense(features)


class RealESRGAN(nn.Module):
    """The generator.

    Parameters
    ----------
    width, growth : int
        Channels of the body, and of each convolution inside a dense block.
    blocks : int
        How many residual blocks.
    """

    def __init__(self, width: int = 64, growth: int = 32, blocks: int = 23):
        super().__init__()
        self.first = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.Sequential(*(ResidualBlock(width, growth) for _ in range(blocks)))
        self.body = nn.Conv2d(width, width, 3, padding=1)
        self.enlarge = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(2))
        self.refine = nn.Conv2d(width, width, 3, padding=1)
        self.last = nn.Conv2d(width, 3, 3, padding=1)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Map RGB pictures (B, 3, H, W) in [0, 1] to (B, 3, 4 H, 4 W), not clipped to [0, 1]."""
        features = self.first(pictures)
        return self.paint(features + self.body(self.blocks(features)))

    def paint(self, features: torch.Tensor) -> torch.Tensor:
        """Map features (B, C, H, W) after the blocks to pictures (B, 3, 4 H, 4 W)."""
        for conv in self.enlarge:
            doubled = F.interpolate(features, scale_factor=2, mode="nearest")
            features = F.leaky_relu(conv(doubled), _SLOPE)
        return self.last(F.leaky_relu(self.refine(features), _SLOPE))
