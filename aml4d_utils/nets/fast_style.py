"""Paint any photo in the style of any picture in one pass (Ghiasi et al. 2017).

A MobileNetV2 reads a style picture into 100 numbers. A second, small net paints the photo; these
numbers set the mean and the spread of each of its channels, and nothing else.
"""

import torch
import torch.nn.functional as F
from torch import nn

from aml4d_utils.nets.efficientnet import SameConv2d

STYLE_NUMBERS = 100
READER_SIDE = 256
"""Height and width of a style picture, in pixels."""

_EPSILON = 1e-5


class FastStyle(nn.Module):
    """The reader of styles and the painter."""

    def __init__(self):
        super().__init__()
        self.reader = StyleReader()
        self.painter = Painter()

    def forward(self, photos: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        """Paint photos (B, 3, H, W) in [0, 1] with style numbers (B, 100).

        H and W are multiples of 4; the answer has the same shape and range.
        """
        return self.painter(photos, style)


class StyleReader(nn.Module):
    """MobileNetV2 (Sandler et al. 2018) without its classifier, and 100 numbers at its end."""

    def __init__(self):
        super().__init__()
        self.first = SameConv2d(3, 32, 3, stride=2)
        blocks, width = [Inverted(32, 16, 1, 1)], 16
        for channels, repeats, stride in (
            (24, 2, 2),
            (32, 3, 2),
            (64, 4, 2),
            (96, 3, 1),
            (160, 3, 2),
            (320, 1, 1),
        ):
            for repeat in range(repeats):
                blocks.append(Inverted(width, channels, 6, 1 if repeat else stride))
                width = channels
        self.blocks = nn.Sequential(*blocks)
        self.last = nn.Conv2d(320, 1280, 1)
        self.numbers = nn.Conv2d(1280, STYLE_NUMBERS, 1)

    def forward(self, styles: torch.Tensor) -> torch.Tensor:
        """Map style pictures (B, 3, 256, 256) in [0, 1] to (B, 100)."""
        features = self.blocks(F.relu6(self.first(styles)))
        pooled = F.relu6(self.last(features)).mean((2, 3), keepdim=True)
        return self.numbers(pooled).flatten(1)


class Inverted(nn.Module):
    """Widen, look around in each channel by itself, narrow; with a way past where shapes agree."""

    def __init__(self, before: int, after: int, widen: int, stride: int):
        super().__init__()
        inside = before * widen
        self.expand = nn.Conv2d(before, inside, 1) if widen > 1 else None
        self.depthwise = SameConv2d(inside, inside, 3, stride=stride, groups=inside)
        self.project = nn.Conv2d(inside, after, 1)
        self.past = stride == 1 and before == after

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Map (B, C, H, W) to (B, C', H', W')."""
        inside = features if self.expand is None else F.relu6(self.expand(features))
        answer = self.project(F.relu6(self.depthwise(inside)))
        return features + answer if self.past else answer


class Painter(nn.Module):
    """Down to a quarter, five residual blocks, up again; a style sets all normalisations."""

    def __init__(self):
        super().__init__()
        self.contract = nn.ModuleList(
            [_mirrored(3, 8, 9), _mirrored(8, 16, 3, stride=2), _mirrored(16, 32, 3, stride=2)]
        )
        self.residual = nn.ModuleList(
            nn.ModuleList([Styled(32, 32, 3), Styled(32, 32, 3)]) for _ in range(5)
        )
        self.expand = nn.ModuleList([Styled(32, 16, 3), Styled(16, 8, 3), Styled(8, 3, 9)])

    def forward(self, photos: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        """Map photos (B, 3, H, W) in [0, 1] and styles (B, 100) to pictures of the same shape."""
        features = photos
        for conv in self.contract:
            features = F.relu(conv(features))
        for first, second in self.residual:
            features = features + second(F.relu(first(features, style)), style)
        for styled in self.expand[:-1]:
            doubled = F.interpolate(features, scale_factor=2, mode="nearest")
            features = F.relu(styled(doubled, style))
        return torch.sigmoid(self.expand[-1](features, style))


class Styled(nn.Module):
    """A convolution whose channels get the mean and the spread that a style asks for."""

    def __init__(self, before: int, after: int, kernel: int):
        super().__init__()
        self.conv = _mirrored(before, after, kernel)
        self.mean = nn.Linear(STYLE_NUMBERS, after)
        self.spread = nn.Linear(STYLE_NUMBERS, after)

    def forward(self, features: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        """Map (B, C, H, W) and (B, 100) to (B, C', H, W)."""
        normal = F.instance_norm(self.conv(features), eps=_EPSILON)
        return normal * self.spread(style)[..., None, None] + self.mean(style)[..., None, None]


def _mirrored(before: int, after: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(before, after, kernel, stride, kernel // 2, padding_mode="reflect")
