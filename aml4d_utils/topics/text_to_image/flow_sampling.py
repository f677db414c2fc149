"""From noise to a picture in a few steps, held to the words by classifier-free guidance."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from aml4d_utils.topics.text_to_image.flow_transformer import FlowTransformer
from aml4d_utils.topics.text_to_image.latents import CELLS, CHANNELS


@dataclass(frozen=True)
class FlowStep:
    """A moment on the way.

    Parameters
    ----------
    fraction : float in [0, 1]
        How much of the way is gone.
    latents : Tensor (B, 12, 8, 8)
        Where the way has come to.
    expected : Tensor (B, 12, 8, 8)
        Where it would end if it went straight on from here.
    """

    fraction: float
    latents: Tensor
    expected: Tensor


def follow(
    network: FlowTransformer,
    words: Tensor,
    *,
    generator: torch.Generator,
    guidance: float = 3.0,
    steps: int = 20,
    noise: Tensor | None = None,
) -> Iterator[FlowStep]:
    """Follow the flow from noise to pictures, one record a step.

    Parameters
    ----------
    network : FlowTransformer
    words : Tensor (B, 8), int64
    generator : torch.Generator
        Makes the noise; the same one gives the same pictures.
    guidance : float
        1 follows the words as they were learned; 0 does not listen; more exaggerates the difference
        that they make: v = v₀ + guidance (v_words - v₀) (Ho and Salimans 2022).
    steps : int
        Euler steps, at least 1.
    noise : Tensor (B, 12, 8, 8), optional
        To start from, instead of fresh noise.

    Yields
    ------
    FlowStep
    """
    if steps < 1:
        raise ValueError(f"Expected at least 1 step, got {steps}.")
    shape = (len(words), CHANNELS, CELLS, CELLS)
    x = torch.randn(shape, generator=generator) if noise is None else noise
    silence = torch.zeros_like(words)
    for step in range(steps):
        t = step / steps
        with torch.inference_mode():
            velocity = _guided(network, x, words, silence, t, guidance)
        expected = x + (1 - t) * velocity
        x = x + velocity / steps
        yield FlowStep((step + 1) / steps, x, expected)


def _guided(
    network: FlowTransformer,
    x: Tensor,
    words: Tensor,
    silence: Tensor,
    t: float,
    guidance: float,
) -> Tensor:
    """Return the direction with guidance; only what is needed is computed."""
    time = torch.full((len(x),), t)
    if guidance == 1:
        return network(x, words, time)
    if guidance == 0:
        return network(x, silence, time)
    both = network(torch.cat((x, x)), torch.cat((words, silence)), torch.cat((time, time)))
    told, free = both.chunk(2)
    return free + guidance * (told - free)
