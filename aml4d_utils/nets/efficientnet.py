"""EfficientNet-Lite0 (Tan and Le 2019, in Google's version for phones), 4.7 million parameters.

Trained on ImageNet with TensorFlow, whose 'same' padding puts the odd pixel at the bottom and
right. It is EfficientNet-B0 without squeeze-and-excitation and with ReLU6 for swish.
"""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

# (expansion, kernel, stride, channels out, repeats) of each stage
_STAGES = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)


class SameConv2d(nn.Conv2d):
    """A convolution padded so that its output has ``ceil(side / stride)`` pixels a side."""

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Map (B, C_in, H, W) to (B, C_out, ceil(H / stride), ceil(W / stride))."""
        rows = self._missing(pixels.shape[2])
        columns = self._missing(pixels.shape[3])
        if rows == columns and rows % 2 == 0:
            return F.conv2d(
                pixels, self.weight, self.bias, self.stride, rows // 2, groups=self.groups
            )
        around = (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2)
        padded = F.pad(pixels, around)
        return F.conv2d(padded, self.weight, self.bias, self.stride, groups=self.groups)

    def _missing(self, side: int) -> int:
        kernel, stride = self.kernel_size[0], self.stride[0]
        steps = -(-side // stride)
        return max((steps - 1) * stride + kernel - side, 0)


class InvertedResidual(nn.Module):
    """Widen with 1 × 1, filter each channel by itself, narrow with 1 × 1; add the input if it fits.

    Parameters
    ----------
    wide_in, wide_out : int
        Channels of input and output.
    expansion : int
        How many times wider it is inside.
    kernel, stride : int
        Of the filter in the middle.
    """

    def __init__(self, wide_in: int, wide_out: int, expansion: int, kernel: int, stride: int):
        super().__init__()
        inside = wide_in * expansion
        widen = _conv_norm(wide_in, inside, 1) if expansion > 1 else nn.Sequential()
        self.layers = nn.Sequential(
            widen,
            _conv_norm(inside, inside, kernel, stride, groups=inside),
            _conv_norm(inside, wide_out, 1, activation=False),
        )
        self.shortcut = stride == 1 and wide_in == wide_out

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Map (B, C_in, H, W) to (B, C_out, ceil(H / stride), ceil(W / stride))."""
        result = self.layers(features)
        return features + result if self.shortcut else result


class EfficientNetLite0(nn.Module):
    """Sixteen inverted residual blocks between a stem and a linear classifier."""

    def __init__(self, classes: int = 1000):
        super().__init__()
        self.stem = _conv_norm(3, 32, 3, stride=2)
        blocks, width = [], 32
        for expansion, kernel, stride, out, repeats in _STAGES:
            for repeat in range(repeats):
                step = stride if repeat == 0 else 1
                blocks.append(InvertedResidual(width, out, expansion, kernel, step))
                width = out
        self.blocks = nn.Sequential(*blocks)
        self.head = _conv_norm(width, 1280, 1)
        self.classifier = nn.Linear(1280, classes)

    def features(self, pixels: torch.Tensor) -> torch.Tensor:
        """Map pictures (B, 3, H, W) to what the classifier sees of them, (B, 1280)."""
        return self.head(self.blocks(self.stem(pixels))).mean((2, 3))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Map pictures (B, 3, H, W) to logits (B, classes)."""
        return self.classifier(self.features(pixels))


def folded(net: EfficientNetLite0) -> EfficientNetLite0:
    """Fold each normalisation into the convolution before it: the same answers in less time.

    Changes the network in place, which must be in evaluation mode, and returns it. What a
    convolution answered is not kept.
    """
    for layers in net.modules():
        if isinstance(layers, nn.Sequential) and len(layers) > 1:
            convolution, norm, *activation = layers
            if isinstance(norm, nn.BatchNorm2d):
                layers[0], layers[1] = fuse_conv_bn_eval(convolution, norm), nn.Identity()
                for each in activation:
                    each.inplace = True
    return net.to(memory_format=torch.channels_last)


def _conv_norm(
    wide_in: int,
    wide_out: int,
    kernel: int,
    stride: int = 1,
    groups: int = 1,
    activation: bool = True,
) -> nn.Sequential:
    layers = [
        SameConv2d(wide_in, wide_out, kernel, stride, groups=groups, bias=False),
        nn.BatchNorm2d(wide_out, eps=1e-3),
    ]
    return nn.Sequential(*layers, nn.ReLU6()) if activation else nn.Sequential(*layers)
