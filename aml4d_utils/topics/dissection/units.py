"""The units of SqueezeNet 1.1: its layers, their answers, and a network that never learned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.squeezenet import SqueezeNet
from aml4d_utils.nets.squeezenet_layers import NAME, feature_maps, stage_named

LAYERS = {
    "conv1": 64,
    "fire2": 128,
    "fire3": 128,
    "fire4": 256,
    "fire5": 256,
    "fire6": 384,
    "fire7": 384,
    "fire8": 512,
    "fire9": 512,
}
"""Layers that are dissected and how many units each has: conv1's filters, the expand channels."""

UNITS = sum(LAYERS.values())


@dataclass(frozen=True)
class Unit:
    """One channel of one layer; it prints as ``fire5/12``."""

    layer: str
    number: int

    def __str__(self) -> str:
        return f"{self.layer}/{self.number}"


def first_unit(layer: str) -> int:
    """Return how many units the layers before this one have.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    if layer not in LAYERS:
        raise ValueError(f"There is no layer {layer!r}; there are {', '.join(LAYERS)}.")
    names = list(LAYERS)
    return sum(LAYERS[name] for name in names[: names.index(layer)])


def unit_at(index: int) -> Unit:
    """Return the unit with this number among all ``UNITS``.

    Examples
    --------
    >>> str(unit_at(64)), str(unit_at(63))
    ('fire2/0', 'conv1/63')
    """
    if not 0 <= index < UNITS:
        raise ValueError(f"Units are numbered from 0 to {UNITS - 1}, but got {index}.")
    for layer, count in LAYERS.items():
        if index < count:
            return Unit(layer, int(index))
        index -= count
    raise AssertionError("the layers have fewer units than they say")


def unit_index(unit: Unit) -> int:
    """Return a unit's number among all ``UNITS``."""
    if unit.layer not in LAYERS or not 0 <= unit.number < LAYERS[unit.layer]:
        raise ValueError(f"SqueezeNet has no unit {unit}.")
    return first_unit(unit.layer) + unit.number


def answers(
    net: nn.Module, pictures: Sequence[np.ndarray], layers: Sequence[str] = tuple(LAYERS)
) -> list[torch.Tensor]:
    """Return what the units of each layer answer to pictures, after ReLU.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    pictures : sequence of ndarray (H, W, 3), float in [0, 1]
    layers : sequence of str
        Names from `LAYERS`.

    Returns
    -------
    list of Tensor (B, units, h, w), float32
    """
    return feature_maps(net, to_input(net, pictures), layers)


def to_input(net: nn.Module, pictures: Sequence[np.ndarray]) -> torch.Tensor:
    """Turn pictures (H, W, 3) into the network's input (B, 3, 227, 227)."""
    pixels = torch.cat([nets.preprocess(NAME, picture) for picture in pictures])
    return pixels.to(next(net.parameters()).device)


def untrained_net(seed: int = 0) -> nn.Module:
    """Return SqueezeNet as it was before it saw its first photo: weights at random.

    Parameters
    ----------
    seed : int

    Returns
    -------
    nn.Module
        Initialised as torchvision does it; in evaluation mode. The global random state of torch
        is left as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = SqueezeNet().begin_at_random()
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)


@contextmanager
def switched_off(net: nn.Module, units: Sequence[Unit]) -> Iterator[None]:
    """Make units answer 0 everywhere while the block runs: this is called ablation.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1; unchanged afterwards, also after an error.
    units : sequence of Unit

    Raises
    ------
    ValueError
        If there is no such unit.
    """
    numbers: dict[str, list[int]] = {}
    for unit in units:
        unit_index(unit)
        numbers.setdefault(unit.layer, []).append(unit.number)
    handles = [
        net.features[stage_named(layer).index].register_forward_hook(_silence(chosen))
        for layer, chosen in numbers.items()
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _silence(numbers: Sequence[int]):
    def hook(_module: nn.Module, _inputs: object, output: torch.Tensor) -> torch.Tensor:
        output = output.clone()
        output[:, list(numbers)] = 0
        return output

    return hook
