"""Style transfer by Gatys: change the pixels until a network's features agree with two pictures.

The *content* is compared place by place, in one layer. The *style* is compared by Gram matrices,
in several layers, which forget all places. The network is SqueezeNet, which learned to name photos
and nothing about painting; its weights stay as they are.

References
----------
.. [1] L. A. Gatys, A. S. Ecker and M. Bethge, "Image style transfer using convolutional neural
   networks", CVPR 2016. They took VGG-19 and L-BFGS; here are SqueezeNet and Adam, and each loss is
   divided by its target's size, so that layers can be weighed against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import images, nets
from aml4d_utils.nets.squeezenet_layers import NAME, stage_named
from aml4d_utils.topics.style_transfer.gram import gram

STYLE_LAYERS = ("conv1", "fire2", "fire4", "fire6", "fire8")
CONTENT_LAYER = "fire4"
SIDE = 256
STEPS = 100
RATE = 0.03
_SMOOTH = 3.0
_SHORTEST = 32


@dataclass(frozen=True)
class StyleStep:
    """How far the painting is.

    Attributes
    ----------
    step : int
        Steps so far.
    fraction : float
        Share of all steps, 0 to 1.
    picture : ndarray (H, W, 3), float32 in [0, 1]
    content : ndarray (step + 1,), float64
        How far the photo's features are missed, in units of their own size: 0 at the start.
    style : dict of str to ndarray (step + 1,), float64
        Layer by layer, how far the painting's Gram matrix is missed: 0 is the same.
    """

    step: int
    fraction: float
    picture: np.ndarray
    content: np.ndarray
    style: dict[str, np.ndarray]

    @property
    def style_missed(self) -> float:
        """Return the mean over the layers of how far the style is missed now."""
        return float(np.mean([losses[-1] for losses in self.style.values()]))


def sized(picture: np.ndarray, longest: int = SIDE) -> np.ndarray:
    """Return a picture whose longer side has at most that many pixels, each side at least 32."""
    small = images.fit(picture, longest)
    height, width = (max(side, _SHORTEST) for side in small.shape[:2])
    return images.resize(small, height, width)


def features_at(
    net: nn.Module, pictures: torch.Tensor, layers: Sequence[str]
) -> dict[str, torch.Tensor]:
    """Return SqueezeNet's feature maps of pictures (B, 3, H, W) in [0, 1]; gradients pass."""
    wanted = {stage_named(name).index: name for name in layers}
    found, values = {}, nets.normalise(NAME, pictures)
    for index, module in enumerate(net.features[: max(wanted) + 1]):
        values = module(values)
        if index in wanted:
            found[wanted[index]] = values
    return found


def relative_error(found: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the mean squared difference, divided by the target's mean square."""
    return (found - target).square().mean() / target.square().mean().clamp(min=1e-8)


def paint_by_features(
    net: nn.Module,
    photo: np.ndarray,
    style: np.ndarray,
    *,
    layers: Sequence[str] = STYLE_LAYERS[:4],
    style_weight: float = 10.0,
    steps: int = STEPS,
    longest: int = SIDE,
) -> Iterator[StyleStep]:
    """Change a photo's pixels step by step; yield before the first and after each.

    Parameters
    ----------
    net : nn.Module
        ``nets.load("squeezenet1_1")``.
    photo, style : ndarray (H, W, 3)
        Anything that `images.as_float` accepts, of any size.
    layers : sequence of str
        Where the style is compared; at least one of SqueezeNet's stages.
    style_weight : float
        How much a missed style counts against missed content.
    steps : int
    longest : int
        Of the painting's sides, in pixels.

    Yields
    ------
    StyleStep

    Raises
    ------
    ValueError
        If no layer is named, or one that SqueezeNet does not have.
    """
    if not layers:
        raise ValueError("Style is compared in layers: name at least one.")
    device = next(net.parameters()).device
    start = nets.as_tensor(sized(photo, longest), device)
    with torch.no_grad():
        wished = features_at(net, start, (CONTENT_LAYER,))[CONTENT_LAYER]
        manner = nets.as_tensor(sized(style, longest), device)
        grams = {name: gram(maps) for name, maps in features_at(net, manner, layers).items()}
    pixels = start.clone().requires_grad_()
    optimiser = torch.optim.Adam([pixels], lr=RATE)
    content: list[float] = []
    missed: dict[str, list[float]] = {name: [] for name in layers}
    for step in range(steps + 1):
        with torch.enable_grad():
            found = features_at(net, pixels, (*layers, CONTENT_LAYER))
            content_loss = relative_error(found[CONTENT_LAYER], wished)
            losses = {name: relative_error(gram(found[name]), grams[name]) for name in layers}
            roughness = sum(pixels.diff(dim=axis).square().mean() for axis in (2, 3))
            style_loss = sum(losses.values()) / len(losses)
            total = content_loss + style_weight * style_loss + _SMOOTH * roughness
            optimiser.zero_grad()
            total.backward()
        content.append(content_loss.item())
        for name, loss in losses.items():
            missed[name].append(loss.item())
        yield StyleStep(
            step,
            step / steps if steps else 1.0,
            nets.as_image(pixels.detach()),
            np.array(content),
            {name: np.array(values) for name, values in missed.items()},
        )
        if step < steps:
            optimiser.step()
            with torch.no_grad():
                pixels.clamp_(0, 1)
