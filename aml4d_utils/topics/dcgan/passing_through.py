"""A picture on its way: up through the generator, down through the discriminator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from aml4d_utils.topics.dcgan.networks import GarmentDiscriminator, GarmentGenerator

SEEN = 16
"""Feature maps that are shown of a layer: those that vary most."""


@dataclass(frozen=True)
class Journey:
    """What stands at each stage.

    Parameters
    ----------
    latent : ndarray (64,), float32 or None
        The numbers that the picture was made of; none for a real one.
    rising : tuple of (shape, maps)
        Of each layer of the generator, first to last: (channels, height, width), and its 16 most
        varied maps (16, height, width).
    picture : ndarray (28, 28), float32 in [0, 1]
    falling : tuple of (shape, maps)
        Likewise of the discriminator.
    chance : float
        The discriminator's probability that the picture is real.
    """

    latent: np.ndarray | None
    rising: tuple[tuple[tuple[int, ...], np.ndarray], ...]
    picture: np.ndarray
    falling: tuple[tuple[tuple[int, ...], np.ndarray], ...]
    chance: float


def through_both(
    generator: GarmentGenerator, discriminator: GarmentDiscriminator, latent: Tensor
) -> Journey:
    """Follow a latent vector (64,) up to a picture and down to a judgement."""
    values, rising = latent[None, :, None, None], []
    with torch.no_grad():
        for layer in generator.main:
            values = layer(values)
            if isinstance(layer, torch.nn.ReLU):
                rising.append(_layer(values[0]))
    return _judged(discriminator, values, latent.numpy(), tuple(rising))


def through_discriminator(discriminator: GarmentDiscriminator, picture: Tensor) -> Journey:
    """Follow a picture (1, 28, 28) in [-1, 1] down to a judgement."""
    return _judged(discriminator, picture[None], None, ())


def _judged(
    discriminator: GarmentDiscriminator, picture: Tensor, latent: np.ndarray | None, rising: tuple
) -> Journey:
    with torch.no_grad():
        first = functional.leaky_relu(discriminator.first(picture), 0.2)
        second = functional.leaky_relu(discriminator.second(first), 0.2)
        logit = discriminator.last(second)
    shown = ((picture[0, 0] + 1) / 2).clamp(0, 1).numpy()
    falling = _layer(first[0]), _layer(second[0])
    return Journey(latent, rising, shown, falling, float(torch.sigmoid(logit)))


def _layer(maps: Tensor) -> tuple[tuple[int, ...], np.ndarray]:
    order = maps.flatten(1).std(1).argsort(descending=True, stable=True)
    return tuple(maps.shape), maps[order[:SEEN]].numpy()
