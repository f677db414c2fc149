"""Blur before each stride: how a trained network is made steadier against small shifts [1]_.

A layer with stride 2 keeps every second value. What it keeps depends on where the picture happens
to lie on the grid, and details finer than the grid come back in another shape: aliasing. The repair
computes all values, mixes neighbours a little, and only then keeps every second one.

References
----------
.. [1] R. Zhang, "Making convolutional networks shift-invariant again", ICML 2019. There the
   networks are trained with the blur; here a finished network gets it, and learns nothing more.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional

from aml4d_utils.nets.efficientnet import SameConv2d


class BlurPool(nn.Module):
    """Mix each value with its neighbours, 1 : 2 : 1 along each axis, and keep every second one.

    Maps (B, C, H, W) to (B, C, ceil(H / 2), ceil(W / 2)); values beyond the edge repeat the edge.
    """

    def forward(self, values: Tensor) -> Tensor:
        """Blur and subsample; only what is kept is computed."""
        padded = functional.pad(values, (1, 1, 1, 1), mode="replicate")
        across = padded[..., :-2:2] + 2 * padded[..., 1:-1:2] + padded[..., 2::2]
        return (across[..., :-2:2, :] + 2 * across[..., 1:-1:2, :] + across[..., 2::2, :]) / 16


class _DenseSameConv2d(SameConv2d):
    """A convolution with stride 2 that computes every value, on the padding of the strided one."""

    def forward(self, pixels: Tensor) -> Tensor:
        rows, columns = self._missing(pixels.shape[2]), self._missing(pixels.shape[3])
        around = (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2)
        padded = functional.pad(pixels, around)
        return functional.conv2d(padded, self.weight, self.bias, groups=self.groups)


class _DenseMaxPool2d(nn.Module):
    """The largest of 3 × 3 values at every place where a pool with stride 2 has its first one.

    With an even side, the last window of SqueezeNet's pools hangs over the edge.
    """

    def forward(self, values: Tensor) -> Tensor:
        down, across = (1 - side % 2 for side in values.shape[2:])
        padded = functional.pad(values, (0, across, 0, down), value=-torch.inf)
        return functional.max_pool2d(padded, 3, stride=1)


def blur_before_strides(net: nn.Module) -> nn.Module:
    """Return a copy of a network in which a blur stands before each stride of 2.

    Parameters
    ----------
    net : nn.Module
        ``nets.load("squeezenet1_1")`` or ``nets.load("efficientnet_lite0")``.

    Returns
    -------
    nn.Module
        In evaluation mode; every feature map keeps its size. The given network stays as it is.

    Raises
    ------
    ValueError
        If the network is none of the two.
    """
    mended = copy.deepcopy(net)
    if hasattr(mended, "blocks"):
        for module in list(mended.modules()):
            if isinstance(module, nn.Sequential) and _strides(module):
                module[0].__class__ = _DenseSameConv2d
                module.append(BlurPool())
        return mended.eval()
    if not hasattr(mended, "features") or not isinstance(mended.features, nn.Sequential):
        raise ValueError(f"Expected SqueezeNet or EfficientNet-Lite0, got {type(net).__name__}.")
    for index, module in enumerate(mended.features):
        if isinstance(module, nn.Conv2d):
            module.stride = (1, 1)
            mended.features[index + 1] = nn.Sequential(nn.ReLU(), BlurPool())
        elif isinstance(module, nn.MaxPool2d):
            mended.features[index] = nn.Sequential(_DenseMaxPool2d(), BlurPool())
    return mended.eval()


def _strides(module: nn.Sequential) -> bool:
    """Tell whether this is a convolution with stride 2, its norm and its activation."""
    return len(module) > 1 and isinstance(module[0], SameConv2d) and module[0].stride == (2, 2)
