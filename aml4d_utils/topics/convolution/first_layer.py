"""SqueezeNet with other weights in its first layer, and what it then makes of a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn


@dataclass(frozen=True)
class ForwardPass:
    """What the network makes of one picture.

    Attributes
    ----------
    maps : Tensor (64, 113, 113)
        conv1's answers, after ReLU.
    logits : Tensor (1000,)
    """

    maps: torch.Tensor
    logits: torch.Tensor

    @property
    def chances(self) -> np.ndarray:
        """The probabilities (1000,), float32."""
        return self.logits.softmax(0).cpu().numpy()


def forward_pass(
    net: nn.Module,
    pixels: torch.Tensor,
    weight: torch.Tensor | None = None,
    bias: torch.Tensor | None = None,
) -> ForwardPass:
    """Take one picture through SqueezeNet; ``weight`` and ``bias`` may stand in for conv1's own.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1; not changed.
    pixels : Tensor (1, 3, H, W)
        From ``nets.preprocess``.
    weight : Tensor (64, 3, 3, 3), optional
    bias : Tensor (64,), optional
    """
    conv = net.features[0]
    weight, bias = (
        (conv.weight if weight is None else weight),
        (conv.bias if bias is None else bias),
    )
    with torch.no_grad():
        maps = torch.relu(nn.functional.conv2d(pixels, weight, bias, stride=conv.stride))
        logits = net.classifier(net.features[2:](maps)).flatten(1)
    return ForwardPass(maps[0], logits[0])
