"""What guidance gives and what it costs: prompts obeyed against variety."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from aml4d_utils.topics.text_to_image.captions import Caption
from aml4d_utils.topics.text_to_image.judging import Tally, look, tally
from aml4d_utils.topics.text_to_image.painting import paint_captions
from aml4d_utils.topics.text_to_image.workshop import Workshop


@dataclass(frozen=True)
class CurvePoint:
    """What one guidance does: how much of the captions is right, and how unlike the pictures are.

    Parameters
    ----------
    guidance : float
    obeyed : Tally
    variety : float
        See `variety`.
    """

    guidance: float
    obeyed: Tally
    variety: float


def variety(pictures: np.ndarray) -> float:
    """Return how unlike pictures of the same prompt are.

    Parameters
    ----------
    pictures : ndarray (prompts, N, H, W, 3), float in [0, 1]
        N pictures of each prompt, N at least 2.

    Returns
    -------
    float
        Root of the mean squared difference of two pictures of one prompt, over all pairs; 0 when
        all pictures of a prompt are the same.

    Raises
    ------
    ValueError
        If there are fewer than two pictures of a prompt.

    Examples
    --------
    >>> black, white = np.zeros((4, 4, 3)), np.ones((4, 4, 3))
    >>> variety(np.stack([[black, white]])), variety(np.stack([[black, black]]))
    (1.0, 0.0)
    """
    count = pictures.shape[1]
    if count < 2:
        raise ValueError(f"Expected at least 2 pictures of a prompt, got {count}.")
    # Over all pairs of N, the mean squared difference is 2 N / (N - 1) times the variance.
    spread = pictures.var(axis=1, dtype=np.float64).mean() * 2 * count / (count - 1)
    return float(np.sqrt(spread))


def measure_point(
    workshop: Workshop,
    captions: Sequence[Caption],
    guidance: float,
    *,
    each: int,
    generator: torch.Generator,
    steps: int = 10,
) -> CurvePoint:
    """Paint every caption several times with one guidance, and measure.

    Parameters
    ----------
    workshop : Workshop
    captions : sequence of Caption
    guidance : float
    each : int
        Pictures of each caption, at least 2.
    generator : torch.Generator
        Start every guidance from the same one, so that they get the same noise.
    steps : int
    """
    repeated = [caption for caption in captions for _ in range(each)]
    pictures = paint_captions(
        workshop, repeated, generator=generator, guidance=guidance, steps=steps
    )
    grouped = pictures.reshape(len(captions), each, *pictures.shape[1:])
    return CurvePoint(guidance, tally(look(workshop.judge, pictures), repeated), variety(grouped))
