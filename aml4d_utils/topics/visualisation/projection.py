"""From one cell of one unit back to the photo: what in it made the cell fire?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.receptive_fields import receptive_field, receptive_interval
from aml4d_utils.nets.squeezenet_layers import NAME, SIDE, geometry_up_to, network_view
from aml4d_utils.topics.visualisation.passing import (
    ANSWER,
    RULES,
    Trace,
    one_cell,
    squeezenet_chain,
)

LAYERS = ("conv1", "fire3", "fire5", "fire7", "fire9")
"""Where the lesson looks: in the place of the five layers of Zeiler and Fergus' network."""

UNITS = {"conv1": 64, "fire3": 128, "fire5": 256, "fire7": 384, "fire9": 512}

_WINDOW = 0.7
_WHOLE = 40
_TOP = 99.5
"""Per cent of a projection's values that its scale covers; the few beyond are clipped."""


@dataclass(frozen=True)
class Spot:
    """One cell of one unit: where it looks and how strongly it fires.

    Attributes
    ----------
    layer : str
    unit, row, col : int
        The unit's number in its layer; the cell's place in the feature map.
    value : float
        The cell's answer after ReLU, 0 or more.
    box : (x0, y0, x1, y1)
        The pixels that the cell can see, not cut: it may reach beyond the photo.
    """

    layer: str
    unit: int
    row: int
    col: int
    value: float
    box: tuple[int, int, int, int]

    @property
    def window(self) -> tuple[int, int, int, int]:
        """The part of the box that is shown."""
        return window_of(self.box)


@dataclass(frozen=True)
class Projection:
    """What goes back from a spot to the photo.

    Attributes
    ----------
    spot : Spot
    rule : str
        A name from ``passing.RULES``.
    signal : ndarray (S, S, 3), float32
        Within the spot's window, in the order R, G, B; positive where more light would have
        made the cell fire more. 0 beyond the photo's edge.
    crop : ndarray (S, S, 3), float32 in [0, 1]
        The photo within the same window, mid-grey beyond its edge.
    silent : bool
        Whether nothing came back at all.
    focus : float
        Share of the crop's pixels that carry half of the signal; small means a few strokes,
        large means noise all over.
    """

    spot: Spot
    rule: str
    signal: np.ndarray
    crop: np.ndarray
    silent: bool
    focus: float


class Looking:
    """SqueezeNet's look at one photo, kept so that many units can be asked about it.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1 from ``nets.load``.
    photo : ndarray (H, W, 3)
        Its centred square is what the network sees.
    """

    def __init__(self, net: nn.Module, photo: np.ndarray):
        self.net = net
        self.view = network_view(photo)
        pixels = nets.preprocess(NAME, self.view, device=next(net.parameters()).device)
        self.trace = squeezenet_chain(net).forward(pixels)

    def maps(self, layer: str) -> torch.Tensor:
        """Return the feature maps (C, h, w) of a layer."""
        return self.trace.maps(layer)[0]

    def strongest_spot(self, layer: str, unit: int) -> Spot:
        """Return where in the photo a unit fires most."""
        maps = self.maps(layer)
        if not 0 <= unit < len(maps):
            raise ValueError(f"{layer} has the units 0 to {len(maps) - 1}; there is no {unit}.")
        row, col = divmod(int(maps[unit].argmax()), maps.shape[2])
        return spot_at(self.net, maps, layer, unit, row, col)

    def loudest_spot(self, layer: str) -> Spot:
        """Return where any unit of a layer fires most."""
        return self.strongest_spot(layer, int(self.maps(layer).amax((1, 2)).argmax()))

    def spots_at_pixel(self, layer: str, row: int, col: int, count: int = 9) -> list[Spot]:
        """Return the units that fire most in the cell that looks at a pixel, strongest first.

        Silent units are left out, so that there may be fewer than ``count``.
        """
        maps = self.maps(layer)
        cell = cell_at(self.net, layer, row, col, maps.shape[1:])
        column = maps[:, cell[0], cell[1]]
        order = column.argsort(descending=True, stable=True)[:count].tolist()
        return [spot_at(self.net, maps, layer, unit, *cell) for unit in order if column[unit] > 0]

    def silent_spot(self, layer: str, row: int, col: int) -> Spot:
        """Return the cell that looks at a pixel as a spot of no unit: its answer is 0."""
        shape = self.maps(layer).shape[1:]
        cell = cell_at(self.net, layer, row, col, shape)
        return Spot(layer, 0, *cell, 0.0, box_of(self.net, layer, *cell))

    def class_signal(
        self, index: int, relu: Callable[..., torch.Tensor], *arguments: object
    ) -> torch.Tensor:
        """Send a class's score back by a rule of your own.

        Parameters
        ----------
        index : int
            The class, 0 to 999.
        relu : callable, ``relu(signal, came_in, *arguments) -> Tensor``
            The way back through a ReLU.

        Returns
        -------
        Tensor (1, 3, 227, 227)
        """
        start = one_cell(self.trace.maps(ANSWER), index, 0, 0)
        return self.trace.back(start, ANSWER, lambda s, c: relu(s, c, *arguments))

    def project(self, spot: Spot, rule: str) -> Projection:
        """Send a spot's answer back to the photo by one of the three rules."""
        return project(self.trace, self.view, spot, rule)


def spot_at(net: nn.Module, maps: torch.Tensor, layer: str, unit: int, row: int, col: int) -> Spot:
    """Return a spot from the maps (C, h, w) of its layer."""
    return Spot(layer, unit, row, col, float(maps[unit, row, col]), box_of(net, layer, row, col))


def box_of(net: nn.Module, layer: str, row: int, col: int) -> tuple[int, int, int, int]:
    """Return the pixels (x0, y0, x1, y1) that a cell of a layer can see; not cut at the edges."""
    geometry = geometry_up_to(net, layer)
    (y0, y1), (x0, x1) = (receptive_interval(geometry, place) for place in (row, col))
    return x0, y0, x1, y1


def field_side(net: nn.Module, layer: str) -> int:
    """Return the side, in pixels, of what a cell of a layer can see."""
    return receptive_field(geometry_up_to(net, layer))


def cell_at(
    net: nn.Module, layer: str, row: int, col: int, shape: tuple[int, int]
) -> tuple[int, int]:
    """Return the cell of a map of this shape whose receptive field is centred nearest a pixel."""
    geometry = geometry_up_to(net, layer)
    first, end = receptive_interval(geometry, 0)
    jump = int(np.prod([step.stride for step in geometry]))
    middle = (first + end - 1) / 2
    return tuple(
        int(np.clip(round((pixel - middle) / jump), 0, size - 1))
        for pixel, size in zip((row, col), shape, strict=True)
    )


def project(trace: Trace, view: np.ndarray, spot: Spot, rule: str, picture: int = 0) -> Projection:
    """Walk back from a spot and cut out what it can see.

    Parameters
    ----------
    trace : Trace
        The way of a batch through SqueezeNet.
    view : ndarray (227, 227, 3)
        What the network saw.
    spot : Spot
    rule : str
        A name from ``passing.RULES``.
    picture : int
        Which picture of the batch it is.

    Raises
    ------
    ValueError
        If there is no such rule.
    """
    if rule not in RULES:
        raise ValueError(f"The ways back are {', '.join(RULES)}; not {rule!r}.")
    start = one_cell(trace.maps(spot.layer), spot.unit, spot.row, spot.col, picture)
    back = trace.back(start, spot.layer, RULES[rule])[picture] if spot.value > 0 else None
    whole = (
        np.zeros((SIDE, SIDE, 3), np.float32)
        if back is None
        else back.flip(0).permute(1, 2, 0).cpu().numpy()
    )
    signal = cut(whole, spot.window, 0.0)
    return Projection(
        spot=spot,
        rule=rule,
        signal=signal,
        crop=cut(view, spot.window, 0.5),
        silent=not signal.any(),
        focus=_focus(signal),
    )


def window_of(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Return the middle of a large box: 0.7 of its sides. What a unit goes by lies there.

    Over the units of fire5, fire7 and fire9, 97 to 99 % of what guided backpropagation sends
    back lies within it. Boxes of up to 40 pixels are kept whole.

    Examples
    --------
    >>> window_of((0, 0, 100, 100)), window_of((0, 0, 23, 23))
    ((15, 15, 85, 85), (0, 0, 23, 23))
    """
    x0, y0, x1, y1 = box
    margin = round((x1 - x0) * (1 - _WINDOW) / 2) if x1 - x0 > _WHOLE else 0
    return x0 + margin, y0 + margin, x1 - margin, y1 - margin


def cut(image: np.ndarray, box: tuple[int, int, int, int], beyond: float) -> np.ndarray:
    """Cut a box out of an image (H, W, 3); places beyond its edge get the value ``beyond``."""
    x0, y0, x1, y1 = box
    height, width = image.shape[:2]
    result = np.full((y1 - y0, x1 - x0, 3), beyond, np.float32)
    top, left, bottom, right = max(y0, 0), max(x0, 0), min(y1, height), min(x1, width)
    result[top - y0 : bottom - y0, left - x0 : right - x0] = image[top:bottom, left:right]
    return result


def as_picture(signal: np.ndarray) -> np.ndarray:
    """Return a signed signal (H, W, 3) as a picture in [0, 1]: mid-grey is zero.

    Each picture has its own scale: the magnitude that 99.5 % of its values stay below becomes
    fully dark or fully light; what is beyond is clipped.

    Examples
    --------
    >>> as_picture(np.array([[[-2.0, 0.0, 2.0]]])).tolist()
    [[[0.0, 0.5, 1.0]]]
    """
    limit = float(np.percentile(np.abs(signal), _TOP)) or float(np.abs(signal).max()) or 1.0
    return np.clip(0.5 + 0.5 * signal / limit, 0, 1)


def _focus(signal: np.ndarray) -> float:
    strength = np.sort(np.abs(signal).sum(2).ravel())[::-1]
    total = float(strength.sum())
    if not total:
        return 0.0
    return float((np.searchsorted(strength.cumsum(), total / 2) + 1) / strength.size)
