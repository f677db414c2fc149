"""Activation maximisation: start with noise and draw what a unit likes.

Three ideas that compose, after Lucid and Lucent [1]_: an *objective* (what is to be large), a
*parameterisation* (what numbers the picture is made of) and *robustness* (small random changes
before each look).

References
----------
.. [1] C. Olah, A. Mordvintsev and L. Schubert, "Feature visualization", Distill, 2017,
   doi:10.23915/distill.00007.
.. [2] D. Erhan, Y. Bengio, A. Courville and P. Vincent, "Visualizing higher-layer features of a
   deep network", Université de Montréal, technical report 1341, 2009.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.squeezenet_layers import NAME, stage_named
from aml4d_utils.topics.visualisation.image_parameters import Parameterisation
from aml4d_utils.topics.visualisation.passing import ANSWER
from aml4d_utils.topics.visualisation.shaking import Change

STEPS = 128
SIDE = 128
RATE = 0.05

Objective = Callable[[torch.Tensor], torch.Tensor]
"""From pictures (B, 3, H, W) in [0, 1] to the number that is to be large."""


@dataclass(frozen=True)
class DrawingStep:
    """How far the drawing is.

    Attributes
    ----------
    step : int
        Steps so far.
    fraction : float
        Share of all steps, 0 to 1.
    picture : ndarray (S, S, 3), float32 in [0, 1]
    scores : ndarray (step,), float64
        The objective after each step, for the shaken picture.
    """

    step: int
    fraction: float
    picture: np.ndarray
    scores: np.ndarray


def unit_objective(net: nn.Module, layer: str, unit: int) -> Objective:
    """Return the mean of a unit's map over all its cells, or a class's score.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    layer : str
        A stage of SqueezeNet, or ``answer`` for one of the 1000 classes.
    unit : int

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    part, number = _up_to_unit(net, layer, unit)

    def objective(pictures: torch.Tensor) -> torch.Tensor:
        pixels = nets.normalise(NAME, pictures).contiguous(memory_format=torch.channels_last)
        return part(pixels)[:, number].mean()

    return objective


def _up_to_unit(net: nn.Module, layer: str, unit: int) -> tuple[nn.Module, int]:
    """Return the network up to a unit, without its ReLU, and the unit's number in what comes out.

    Before the ReLU, a unit that is silent still says in which direction it would wake up.
    """
    if layer == ANSWER:
        return nn.Sequential(*net.features, net.classifier[1]), unit
    modules = list(net.features[: stage_named(layer).index + 1])
    last = modules.pop()
    if not hasattr(last, "squeeze"):
        return nn.Sequential(*modules), unit
    before = (*modules, last.squeeze, nn.ReLU())
    small = last.expand1x1.out_channels
    if unit < small:
        return nn.Sequential(*before, last.expand1x1), unit
    return nn.Sequential(*before, last.expand3x3), unit - small


def draw(
    objective: Objective,
    parameters: Parameterisation,
    shake: Change,
    *,
    generator: torch.Generator,
    steps: int = STEPS,
    rate: float = RATE,
) -> Iterator[DrawingStep]:
    """Change the picture step by step so that the objective grows; yield after each step.

    Parameters
    ----------
    objective : Objective
    parameters : Parameterisation
        Its numbers are changed in place.
    shake : Change
        Applied to the picture before each look.
    generator : torch.Generator
        Decides how the picture is shaken.
    steps : int
    rate : float
        How large Adam's steps are.
    """
    optimiser = torch.optim.Adam([parameters.numbers], lr=rate)
    scores: list[float] = []
    with torch.enable_grad():
        picture = parameters.picture()
    for step in range(1, steps + 1):
        with torch.enable_grad():
            score = objective(shake(picture, generator))
            optimiser.zero_grad()
            (-score).backward()
        optimiser.step()
        scores.append(score.item())
        with torch.enable_grad():
            picture = parameters.picture()
        yield DrawingStep(step, step / steps, nets.as_image(picture.detach()), np.array(scores))


def answer_to(objective: Objective, picture: np.ndarray, shift: int = 0) -> float:
    """Return the objective for a picture (S, S, 3), moved by ``shift`` pixels each way."""
    with torch.no_grad():
        pixels = nets.as_tensor(picture, "cpu")
        return float(objective(pixels.roll((shift, shift), (2, 3))))


def fine_detail(picture: np.ndarray) -> float:
    """Return the share of a picture's variation in waves shorter than 4 pixels, 0 to 1.

    Photos have little of it; noise of independent pixels has most of its variation there.

    Examples
    --------
    >>> board = np.indices((8, 8)).sum(0) % 2
    >>> fine_detail(np.repeat(board[..., None], 3, 2).astype(float))
    1.0
    """
    grey = picture.mean(2)
    power = np.abs(np.fft.fft2(grey - grey.mean())) ** 2
    down, across = (np.fft.fftfreq(side) for side in grey.shape)
    short = np.hypot(down[:, None], across[None]) > 0.25
    total = float(power.sum())
    return float(power[short].sum()) / total if total else 0.0
