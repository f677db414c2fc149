"""NanoDet-g, a detector of 80 kinds of things (COCO) with 3.8 million parameters.

34 plain convolutions in three parts: a backbone that shrinks the picture (cross-stage partial
blocks, Wang et al. 2020), a neck that mixes three scales, and a small head for each scale. The
box sides are answered as distributions (generalised focal loss, Li et al. 2020).
"""

import torch
import torch.nn.functional as F
from torch import nn

CLASSES = 80
# Each side of a box is a distribution over this many steps.
STEPS = 11
STRIDES = (8, 16, 32)
_SLOPE = 0.1
_NECK = 128


class Block(nn.Module):
    """Two convolutions whose answers are both passed on."""

    def __init__(self, width: int):
        super().__init__()
        self.first = _conv(width, width // 2)
        self.second = _conv(width // 2, width // 2)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Map (B, C, H, W) to (B, C, H, W)."""
        first = self.first(features)
        return torch.cat([self.second(first), first], dim=1)


class BackboneStage(nn.Module):
    """A convolution, some blocks, and a way past the blocks.

    Parameters
    ----------
    width : int
        Channels of the input; the output has twice as many.
    blocks : int
        How many blocks.
    stride : int
        Of the first convolution.
    """

    def __init__(self, width: int, blocks: int, stride: int):
        super().__init__()
        self.enter = _conv(width, width, stride=stride)
        self.blocks = nn.Sequential(*(Block(width) for _ in range(blocks)))
        self.leave = _conv(width, width)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Map (B, C, H, W) to (B, 2 C, H / stride, W / stride)."""
        entered = self.enter(features)
        return torch.cat([self.leave(self.blocks(entered)), entered], dim=1)


class Neck(nn.Module):
    """Bring three scales to one width and add them to each other, downwards and upwards."""

    def __init__(self):
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(width, _NECK, 1) for width in (128, 256, 512))

    def forward(self, scales: list[torch.Tensor]) -> list[torch.Tensor]:
        """Map three feature maps, finest first, to three of 128 channels and the same sides."""
        fine, middle, coarse = (
            layer(features) for layer, features in zip(self.lateral, scales, strict=True)
        )
        middle = middle + _resized(coarse, middle)
        fine = fine + _resized(middle, fine)
        middle = middle + _resized(fine, middle)
        coarse = coarse + _resized(middle, coarse)
        return [fine, middle, coarse]


class NanoDetG(nn.Module):
    """The whole detector."""

    def __init__(self):
        super().__init__()
        self.stem = _conv(3, 32, stride=2)
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.stages = nn.ModuleList(
            BackboneStage(*sizes)
            for sizes in ((32, 1, 1), (64, 2, 2), (128, 2, 2), (256, 3, 2))
        )
        self.neck = Neck()
        self.heads = nn.ModuleList(
            nn.Sequential(_conv(_NECK, _NECK), nn.Conv2d(_NECK, CLASSES + 4 * STEPS, 1))
            for _ in STRIDES
        )

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Answer for every cell of three grids at once.

        Parameters
        ----------
        pixels : Tensor (B, 3, H, W)
            Both sides multiples of 32.

        Returns
        -------
        scores : Tensor (B, N, 80), in [0, 1]
            For each cell and class; cells row by row, the finest grid first.
        regression : Tensor (B, N, 44)
            Logits of the distances from the cell's centre to the left, top, right and bottom
            side of the box, 11 for each.
        """
        features = self.pool(self.stem(pixels))
        scales = []
        for stage in self.stages:
            features = stage(features)
            scales.append(features)
        answers = [
            head(features).flatten(2).transpose(1, 2)
            for head, features in zip(self.heads, self.neck(scales[1:]), strict=True)
        ]
        cells = torch.cat(answers, dim=1)
        return cells[..., :CLASSES].sigmoid(), cells[..., CLASSES:]


def _conv(wide_in: int, wide_out: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(wide_in, wide_out, 3, stride, padding=1), nn.LeakyReLU(_SLOPE))


def _resized(features: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    return F.interpolate(features, size=like.shape[2:], mode="bilinear", align_corners=False)
