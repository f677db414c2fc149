"""SqueezeNet 1.1 stage by stage: what each stage gives, and the geometry that leads there.

Conversion between images (H, W, 3) and the network's tensors happens in ``nets.preprocess``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import images
from aml4d_utils.nets.receptive_fields import Layer

NAME = "squeezenet1_1"
SIDE = 227


@dataclass(frozen=True)
class Stage:
    """A place in the network where one can look: its name and the module that it follows."""

    name: str
    index: int


STAGES = (
    Stage("conv1", 1),
    Stage("pool1", 2),
    Stage("fire2", 3),
    Stage("fire3", 4),
    Stage("pool3", 5),
    Stage("fire4", 6),
    Stage("fire5", 7),
    Stage("pool5", 8),
    Stage("fire6", 9),
    Stage("fire7", 10),
    Stage("fire8", 11),
    Stage("fire9", 12),
)


def stage_named(name: str) -> Stage:
    """Return a stage by name.

    Raises
    ------
    ValueError
        If there is no such stage.
    """
    for stage in STAGES:
        if stage.name == name:
            return stage
    raise ValueError(
        f"SqueezeNet has no stage {name!r}; it has {', '.join(s.name for s in STAGES)}."
    )


def feature_maps(net: nn.Module, pixels: torch.Tensor, stages: Sequence[str]) -> list[torch.Tensor]:
    """Return the feature maps after each named stage, in one pass.

    Parameters
    ----------
    net : nn.Module
        From ``nets.load("squeezenet1_1")``.
    pixels : Tensor (B, 3, H, W)
        From ``nets.preprocess``.
    stages : sequence of str
        Names from ``STAGES``.

    Returns
    -------
    list of Tensor (B, C, h, w)
        In the order asked for; values after ReLU.
    """
    wanted = {stage_named(name).index: name for name in stages}
    found, values = {}, pixels
    with torch.no_grad():
        for index, module in enumerate(net.features[: max(wanted) + 1]):
            values = module(values)
            if index in wanted:
                found[wanted[index]] = values
    return [found[name] for name in stages]


def geometry_up_to(net: nn.Module, stage: str) -> list[Layer]:
    """Return the layers between the photo and a stage that can mix neighbouring pixels."""
    layers = []
    for module in net.features[: stage_named(stage).index + 1]:
        if isinstance(module, (nn.Conv2d, nn.MaxPool2d)):
            layers.append(_layer(module))
        elif hasattr(module, "expand3x3"):
            layers.append(_layer(module.expand3x3))
    return layers


def _layer(module: nn.Module) -> Layer:
    first = {
        name: value[0] if isinstance(value, tuple) else value
        for name, value in (
            ("kernel", module.kernel_size),
            ("stride", module.stride),
            ("padding", module.padding),
            ("dilation", module.dilation),
        )
    }
    return Layer(**first)


def network_view(photo: np.ndarray) -> np.ndarray:
    """Return what the network sees of a photo: (227, 227, 3), float32 in [0, 1]."""
    return images.resize(images.centre_square(photo), SIDE, SIDE)
