"""Small grey pictures as a batch for a network, and how many of them it gets right."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn


def to_batch(images: np.ndarray) -> torch.Tensor:
    """Turn images (N, 28, 28) uint8 into a tensor (N, 1, 28, 28) float32 in [0, 1]."""
    return torch.from_numpy(np.asarray(images, dtype=np.float32) / 255)[:, None]


def accuracy(net: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the share of images (N, 1, 28, 28) whose largest logit is the label's."""
    with torch.no_grad():
        right = [
            (net(part).argmax(1) == truth).sum()
            for part, truth in zip(images.split(1000), labels.split(1000), strict=True)
        ]
    return float(torch.stack(right).sum()) / len(labels)
