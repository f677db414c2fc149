"""A photo on its way through a network: the strongest maps, and which orientation rules where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.squeezenet_layers import NAME, feature_maps, network_view
from aml4d_utils.topics.tuning.unit_survey import LayerTuning

SHOWN = ("conv1", "fire3", "fire5", "fire9")
"""Layers to look at: two low ones, a middle one, the last."""

NAMED = {"lying": 0.0, "rising": 45.0, "upright": 90.0, "falling": 135.0}
"""Words for orientations and the degrees that they stand for."""

_PARTS = 16
"""Rows and columns of the parts of a photo whose orientation is told."""
_CLEAR = 0.1
"""Length of the mean vote from which on an orientation rules."""
_FULL = 0.4
"""Length of the mean vote whose stroke fills its part."""


@dataclass(frozen=True)
class PhotoLayer:
    """What one layer makes of a photo.

    Attributes
    ----------
    layer : str
    view : ndarray (227, 227, 3), float32
        What the network sees.
    units : ndarray (U,), int
        All units of the layer, the one with the strongest mean answer first.
    maps : ndarray (U, h, w), float32
        Their answers, in this order.
    orientation : ndarray (16, 16), complex, or None
        Of 16 × 16 parts of the photo. Its angle is twice the orientation that rules there, its
        length says how clearly (0 to 1); None where the layer's units were not surveyed.
    guesses : tuple of (str, float)
        The three classes that the whole network finds most likely.
    """

    layer: str
    view: np.ndarray
    units: np.ndarray
    maps: np.ndarray
    orientation: np.ndarray | None
    guesses: tuple[tuple[str, float], ...]

    @property
    def silent(self) -> float:
        """Share of the units that answer nowhere."""
        return float((self.maps.max(axis=(1, 2)) <= 0).mean())

    @property
    def shares(self) -> dict[str, float]:
        """Share of the places where each of four orientations rules, by its word."""
        if self.orientation is None:
            return {}
        angles = np.rad2deg(np.angle(self.orientation)) / 2 % 180
        sector = np.round(angles / 45).astype(int) % 4
        clear = np.abs(self.orientation) > _CLEAR
        return {word: float((clear & (sector == k)).mean()) for k, word in enumerate(NAMED)}

    @property
    def strokes(self) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        """Lines from (row, col) to (row, col) on the view: where they lie and how they stand."""
        if self.orientation is None:
            return []
        size = len(self.view) / _PARTS
        found = []
        for row, col in np.argwhere(np.abs(self.orientation) > _CLEAR):
            vote = self.orientation[row, col]
            angle, half = np.angle(vote) / 2, min(1.0, np.abs(vote) / _FULL) * size / 2
            middle = np.array([row + 0.5, col + 0.5]) * size
            away = half * np.array([-np.sin(angle), np.cos(angle)])
            found.append((tuple(middle - away), tuple(middle + away)))
        return found


def look(
    net: nn.Module, photo: np.ndarray, layer: str, tuning: LayerTuning | None = None
) -> PhotoLayer:
    """Send a photo through a network and stop at one layer.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    photo : ndarray (H, W, 3), float in [0, 1]
    layer : str
    tuning : LayerTuning, optional
        Of this layer, from the survey; without it there is no map of orientations.

    Returns
    -------
    PhotoLayer
        In each part of the photo the surveyed units vote for their own orientation.
    """
    pixels = nets.preprocess(NAME, photo).to(next(net.parameters()).device)
    (found,) = feature_maps(net, pixels, [layer])
    maps = found[0].cpu().numpy()
    order = np.argsort(-maps.mean(axis=(1, 2)), kind="stable")
    best = nets.classify(NAME, photo, k=3, net=net)
    return PhotoLayer(
        layer,
        network_view(photo),
        order,
        maps[order],
        None if tuning is None else _votes(maps, tuning),
        tuple((one.label, one.probability) for one in best),
    )


def _votes(maps: np.ndarray, tuning: LayerTuning) -> np.ndarray:
    """Let units vote in each part of the photo; a vote is what exceeds the unit's usual answer."""
    usual = np.median(maps, axis=(1, 2), keepdims=True)
    votes = np.where(tuning.heard[:, None, None], np.maximum(0, maps - usual), 0)
    largest = votes.max(axis=(1, 2), keepdims=True)
    votes = votes / np.where(largest > 0, largest, 1)
    pointing = np.einsum("u,uhw->hw", tuning.direction, votes)
    total = votes.sum(axis=0)
    pointing, total = _in_parts(pointing), _in_parts(total)
    return pointing / np.where(total > 0, total, 1)


def _in_parts(values: np.ndarray) -> np.ndarray:
    """Add up values (h, w) in 16 × 16 parts; a map that is coarser gives its nearest value."""
    height, width = values.shape
    rows, cols = ((np.arange(_PARTS + 1) * side) // _PARTS for side in (height, width))
    return np.array(
        [
            [
                values[r0 : max(r1, r0 + 1), c0 : max(c1, c0 + 1)].sum()
                for c0, c1 in zip(cols[:-1], cols[1:], strict=True)
            ]
            for r0, r1 in zip(rows[:-1], rows[1:], strict=True)
        ]
    )
