"""A small CNN that says how fake a small grey face looks."""

import torch
from torch import nn


class FakeDetector(nn.Module):
    """Three convolutions and one number; about 24,000 parameters."""

    def __init__(self, width: int = 24):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, width, 3, padding=1),
            nn.LeakyReLU(0.1),
            nn.Conv2d(width, 2 * width, 3, padding=1, stride=2),
            nn.LeakyReLU(0.1),
            nn.Conv2d(2 * width, 2 * width, 3, padding=1, stride=2),
            nn.LeakyReLU(0.1),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Dropout(0.3),
        )
        self.last = nn.Linear(2 * width, 1)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Map grey faces (B, 1, 25, 25), each of mean 0 and deviation 1, to logits (B,)."""
        return self.last(self.features(faces))[:, 0]
