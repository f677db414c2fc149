"""Two ways of writing a picture as numbers that can be optimised: pixels, or waves.

References
----------
.. [1] C. Olah, A. Mordvintsev and L. Schubert, "Feature visualization", Distill, 2017,
   doi:10.23915/distill.00007: optimising decorrelated waves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch

from aml4d_utils import images

COLOUR_PHOTOS = ("astronaut", "chelsea", "china", "coffee", "flower", "motorcycle", "rocket")
_SPREAD = 0.01
_CONTRAST = 0.25


@dataclass(frozen=True)
class Parameterisation:
    """Numbers to optimise, and how they become a picture.

    Attributes
    ----------
    numbers : Tensor
        What the optimiser changes.
    picture : callable, ``picture() -> Tensor (1, 3, S, S)`` in [0, 1], RGB
    """

    numbers: torch.Tensor
    picture: Callable[[], torch.Tensor]


def parameterise(
    side: int,
    *,
    waves: bool,
    natural_colours: bool,
    generator: torch.Generator,
    device: torch.device | str = "cpu",
) -> Parameterisation:
    """Return a nearly grey picture of ``side`` × ``side`` pixels, ready to be optimised.

    Parameters
    ----------
    side : int
    waves : bool
        The numbers are the strengths of waves (the Fourier transform), the long ones scaled up
        as they are in photos, so that one step changes a whole area; else they are pixels.
    natural_colours : bool
        The three numbers of a pixel are mixed as colours hang together in photos, so that
        light and dark come easily and garish colours do not.
    generator : torch.Generator
        On the processor; decides the noise that the drawing starts from.
    device : torch.device or str
        Where the network computes.
    """
    shape = (1, 3, side, side // 2 + 1, 2) if waves else (1, 3, side, side)
    noise = _SPREAD * torch.randn(shape, generator=generator)
    numbers = noise.to(device).requires_grad_(True)
    scale = _wave_scale(side).to(device)
    mixing = torch.from_numpy(colour_mixing()).to(device) if natural_colours else None

    def picture() -> torch.Tensor:
        values = numbers
        if waves:
            spectrum = torch.view_as_complex(numbers) * scale
            values = torch.fft.irfft2(spectrum, s=(side, side), norm="ortho") * _CONTRAST
        if mixing is not None:
            values = torch.einsum("dc,bchw->bdhw", mixing, values)
        return torch.sigmoid(values)

    return Parameterisation(numbers, picture)


def _wave_scale(side: int) -> torch.Tensor:
    down = torch.fft.fftfreq(side)[:, None]
    across = torch.fft.rfftfreq(side)[None]
    frequency = (down**2 + across**2).sqrt().clamp(min=1 / side)
    return 1 / frequency


@cache
def colour_mixing() -> np.ndarray:
    """Return (3, 3), float32: turns three independent numbers into a pixel as photos have them.

    It is the matrix square root of the colours' covariance in the bundled colour photos, scaled
    so that its largest column has length 1.
    """
    pixels = np.concatenate(
        [images.fit(images.photo(name), 96).reshape(-1, 3) for name in COLOUR_PHOTOS]
    ).astype(np.float64)
    sizes, axes = np.linalg.eigh(np.cov(pixels.T))
    root = axes * np.sqrt(sizes)
    root *= np.sign(root.sum(0))
    return (root / np.linalg.norm(root, axis=0).max()).astype(np.float32)[:, ::-1].copy()
