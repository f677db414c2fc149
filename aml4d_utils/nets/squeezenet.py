"""SqueezeNet 1.1 (Iandola et al. 2016), 1.2 million parameters, trained on ImageNet.

torchvision has it too, layer by layer under the same names, but torchvision's networks take more
than a second to import, and every lesson would wait for them. Here, ReLUs also leave their input
as it was: a hook that keeps what a convolution answered sees its negative values.
"""

import torch
from torch import nn


class Fire(nn.Module):
    """Squeeze to few channels, then expand with 1 × 1 and with 3 × 3 filters side by side.

    Parameters
    ----------
    wide_in, squeezed : int
        Channels of the input, and between the two steps.
    expanded : int
        Channels that each kind of filter gives.
    """

    def __init__(self, wide_in: int, squeezed: int, expanded: int):
        super().__init__()
        self.squeeze = nn.Conv2d(wide_in, squeezed, 1)
        self.squeeze_activation = nn.ReLU()
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand1x1_activation = nn.ReLU()
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)
        self.expand3x3_activation = nn.ReLU()

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Map (B, wide_in, H, W) to (B, 2 expanded, H, W)."""
        squeezed = self.squeeze_activation(self.squeeze(features))
        small = self.expand1x1_activation(self.expand1x1(squeezed))
        large = self.expand3x3_activation(self.expand3x3(squeezed))
        return torch.cat([small, large], dim=1)


class SqueezeNet(nn.Module):
    """A convolution, eight fire modules with pooling between them, and a mean for each class."""

    def __init__(self, classes: int = 1000):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 3, stride=2),
            nn.ReLU(),
            _pool(),
            Fire(64, 16, 64),
            Fire(128, 16, 64),
            _pool(),
            Fire(128, 32, 128),
            Fire(256, 32, 128),
            _pool(),
            Fire(256, 48, 192),
            Fire(384, 48, 192),
            Fire(384, 64, 256),
            Fire(512, 64, 256),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(0.5), nn.Conv2d(512, classes, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1)
        )

    def begin_at_random(self) -> "SqueezeNet":
        """Draw the weights anew as torchvision does it, number by number; return the network."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                if module is self.classifier[1]:
                    nn.init.normal_(module.weight, std=0.01)
                else:
                    nn.init.kaiming_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        return self

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Map pictures (B, 3, H, W) to logits (B, classes)."""
        return self.classifier(self.features(pixels)).flatten(1)


def _pool() -> nn.MaxPool2d:
    return nn.MaxPool2d(3, stride=2, ceil_mode=True)
