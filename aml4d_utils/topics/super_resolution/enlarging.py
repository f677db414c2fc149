"""Make a picture four times larger by one of three methods, step by step.

References
----------
.. [1] C. Ledig et al., "Photo-realistic single image super-resolution using a generative
   adversarial network", CVPR 2017: a net trained on squared error, and the same as a GAN.
.. [2] X. Wang, L. Xie, C. Dong and Y. Shan, "Real-ESRGAN: training real-world blind
   super-resolution with pure synthetic data", ICCV workshops 2021.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.esrgan import RealESRGAN
from aml4d_utils.topics.super_resolution.shrinking import FACTOR, as_levels, enlarge_bicubic

BICUBIC, SMALL_NET, GAN = "bicubic", "small net, least error", "Real-ESRGAN"
METHODS = (BICUBIC, SMALL_NET, GAN)

TILE = 64
"""Height and width of what the large net works on at a time, in pixels of the small picture."""

EDGE = 10
"""How far a tile looks over its edge, so that no seam is seen."""


@dataclass(frozen=True)
class Enlarged:
    """How far the work is.

    Attributes
    ----------
    method : str
    picture : ndarray (4 h, 4 w, 3), float32 in [0, 1]
        Bicubic where the method has not been yet.
    fraction : float
        Share of the work done, 0 to 1.
    """

    method: str
    picture: np.ndarray
    fraction: float


def enlarge(method: str, small: np.ndarray) -> Iterator[Enlarged]:
    """Make a picture four times larger; the large net says after each of its blocks how far it is.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    small : ndarray (h, w, 3), float in [0, 1]

    Yields
    ------
    Enlarged
        The last one is the result.

    Raises
    ------
    ValueError
        If there is no such method.

    Examples
    --------
    >>> *_, last = enlarge("bicubic", np.full((3, 5, 3), 0.5, np.float32))
    >>> last.picture.shape, last.fraction
    ((12, 20, 3), 1.0)
    """
    if method not in METHODS:
        raise ValueError(f"There is no method {method!r}; choose one of: {', '.join(METHODS)}.")
    canvas = as_levels(enlarge_bicubic(small))
    if method == BICUBIC:
        yield Enlarged(method, canvas, 1.0)
    elif method == SMALL_NET:
        with torch.inference_mode():
            answer = _net("small_upscaler")(nets.as_tensor(small, "cpu"))
        yield Enlarged(method, as_levels(nets.as_image(answer.clamp(0, 1))), 1.0)
    else:
        yield from _by_tiles(small, canvas)


@lru_cache(maxsize=1)
def _net(name: str) -> nn.Module:
    """Return the net used last, or another one in its place: the large one takes 67 MB."""
    return nets.load(name, "cpu")


def _by_tiles(small: np.ndarray, canvas: np.ndarray) -> Iterator[Enlarged]:
    height, width = small.shape[:2]
    corners = [(top, left) for top in range(0, height, TILE) for left in range(0, width, TILE)]
    for number, (top, left) in enumerate(corners):
        rows = slice(max(0, top - EDGE), min(height, top + TILE + EDGE))
        cols = slice(max(0, left - EDGE), min(width, left + TILE + EDGE))
        for step in _in_blocks(_net("realesrgan_x4plus"), small[rows, cols]):
            yield Enlarged(GAN, canvas, (number + 0.99 * step.fraction) / len(corners))
        answer = step.picture
        inside = answer[
            FACTOR * (top - rows.start) : FACTOR * (min(height, top + TILE) - rows.start),
            FACTOR * (left - cols.start) : FACTOR * (min(width, left + TILE) - cols.start),
        ]
        canvas = canvas.copy()
        canvas[FACTOR * top : FACTOR * (top + TILE), FACTOR * left : FACTOR * (left + TILE)] = (
            inside
        )
        yield Enlarged(GAN, canvas, (number + 1) / len(corners))


def _in_blocks(net: RealESRGAN, small: np.ndarray) -> Iterator[Enlarged]:
    """Answer block by block, as ``net(pixels)`` does at once; the last record has the answer."""
    parts = len(net.blocks) + 1
    with torch.inference_mode():
        first = net.first(nets.as_tensor(small, "cpu"))
        features = first
    for number, block in enumerate(net.blocks):
        with torch.inference_mode():
            features = block(features)
        yield Enlarged(GAN, small, (number + 1) / parts)
    with torch.inference_mode():
        answer = net.paint(first + net.body(features))
    yield Enlarged(GAN, as_levels(nets.as_image(answer.clamp(0, 1))), 1.0)
