"""Network dissection: for each unit, which concept lies where it answers most strongly.

In three steps, after [1]_: find for each unit the value that it exceeds in only a small share of
all places; light up the places where it exceeds it; compare these places with each concept by
intersection over union (IoU). A unit whose best IoU is above 0.04 is called a detector of that
concept.

Departures from the paper: the concepts are composed (see `concepts`), masks and units are
compared on a grid of 56 × 56 places, and the threshold is estimated on other scenes than those
on which the IoU is measured.

References
----------
.. [1] D. Bau, B. Zhou, A. Khosla, A. Oliva and A. Torralba, "Network dissection: quantifying
   interpretability of deep visual representations", CVPR 2017, doi:10.1109/CVPR.2017.354.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import nn

from aml4d_utils.topics.dissection.concepts import CONCEPTS, MAP_SIDE, ConceptScene, Progress
from aml4d_utils.topics.dissection.units import LAYERS, UNITS, answers, first_unit

SHARES = (0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
"""Shares of all places that a unit may light up; the paper takes 0.005."""

PAPER_SHARE = 0.005
PAPER_IOU = 0.04

_BATCH = 8


@dataclass(frozen=True)
class Dissection:
    """The overlap of every unit with every concept, at several thresholds.

    Attributes
    ----------
    thresholds : ndarray (UNITS, S), float32
        The value that a unit exceeds in `SHARES` of all places; grows along the second axis.
    lit : ndarray (UNITS, S), int64
        In how many places of all scenes each unit exceeds each threshold.
    overlap : ndarray (UNITS, S, K), int64
        In how many of them each of the K concepts lies.
    area : ndarray (K,), int64
        In how many places each concept lies.
    strongest : ndarray (UNITS, scenes), float32
        Each unit's strongest answer in each scene.
    """

    thresholds: np.ndarray
    lit: np.ndarray
    overlap: np.ndarray
    area: np.ndarray
    strongest: np.ndarray

    def iou(self, share: float = PAPER_SHARE) -> np.ndarray:
        """Return intersection over union of every unit with every concept.

        Parameters
        ----------
        share : float
            One of `SHARES`.

        Returns
        -------
        ndarray (UNITS, K), float64 in [0, 1]
            0 where the union is empty.
        """
        level = level_of(share)
        both = self.overlap[:, level]
        either = self.lit[:, level, None] + self.area[None] - both
        return both / np.maximum(either, 1)

    def best_scenes(self, index: int, count: int) -> list[int]:
        """Return the scenes that move a unit most, the strongest answer first."""
        order = np.argsort(-self.strongest[index], kind="stable")
        return [int(scene) for scene in order[:count]]


def best_concepts(iou: np.ndarray, count: int = 5) -> list[int]:
    """Return the concepts (K,) that a unit's places overlap most, the largest overlap first.

    Examples
    --------
    >>> best_concepts(np.array([0.1, 0.3, 0.2]), 2)
    [1, 2]
    """
    return [int(concept) for concept in np.argsort(-iou, kind="stable")[:count]]


def level_of(share: float) -> int:
    """Return the place of a share in `SHARES`.

    Raises
    ------
    ValueError
        If it is none of them.
    """
    for level, known in enumerate(SHARES):
        if np.isclose(share, known):
            return level
    raise ValueError(f"The share is one of {', '.join(f'{s:g}' for s in SHARES)}, not {share!r}.")


def find_thresholds(
    net: nn.Module, scenes: Sequence[ConceptScene]
) -> Iterator[Progress | np.ndarray]:
    """Find the values that each unit exceeds in small shares of all places.

    Only the largest answers so far are kept, so the memory does not grow with the scenes.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    scenes : sequence of ConceptScene
        Their concepts are not looked at.

    Yields
    ------
    Progress
        After each batch; the generator returns an ndarray (UNITS, len(SHARES)), float32.
        For a share s of n places ⌊s·n⌋ answers are above the threshold, fewer where several
        answers are equal.
    """
    largest: dict[str, torch.Tensor] = {}
    places: dict[str, int] = {}
    for start in range(0, len(scenes), _BATCH):
        batch = [scene.image for scene in scenes[start : start + _BATCH]]
        for layer, maps in zip(LAYERS, answers(net, batch), strict=True):
            values = maps.permute(1, 0, 2, 3).flatten(1)
            per_scene = values.shape[1] // len(batch)
            places[layer] = per_scene * len(scenes)
            keep = _allowed(SHARES[0], places[layer]) + 1
            if layer in largest:
                values = torch.cat([largest[layer], values], dim=1)
            largest[layer] = values.topk(min(keep, values.shape[1]), dim=1, sorted=False).values
        yield Progress(min(start + _BATCH, len(scenes)), len(scenes))
    rows = []
    for layer in LAYERS:
        ordered = largest[layer].sort(dim=1, descending=True).values
        ranks = [_allowed(share, places[layer]) for share in SHARES]
        rows.append(ordered[:, ranks].cpu().numpy())
    return np.concatenate(rows)


def measure_overlaps(
    net: nn.Module, scenes: Sequence[ConceptScene], thresholds: np.ndarray
) -> Iterator[Progress | Dissection]:
    """Count for every unit where it is lit and which concepts lie there.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    scenes : sequence of ConceptScene
        Others than those that gave the thresholds.
    thresholds : ndarray (UNITS, len(SHARES)), float32
        From `find_thresholds`.

    Yields
    ------
    Progress
        After each batch; the generator returns a `Dissection`.
    """
    concepts = len(CONCEPTS)
    counts = np.zeros((UNITS, len(SHARES), concepts + 1), dtype=np.int64)
    lit = np.zeros((UNITS, len(SHARES)), dtype=np.int64)
    strongest = np.zeros((UNITS, len(scenes)), dtype=np.float32)
    area = np.zeros(concepts + 1, dtype=np.int64)
    for start in range(0, len(scenes), _BATCH):
        batch = scenes[start : start + _BATCH]
        # (3, B·56·56); what has no concept of a kind counts in a column of its own.
        labels = np.stack([scene.labels for scene in batch], axis=1).reshape(3, -1)
        labels = np.where(labels < 0, concepts, labels).astype(np.int64)
        area += np.bincount(labels.ravel(), minlength=concepts + 1)
        for layer, maps in zip(LAYERS, answers(net, [s.image for s in batch]), strict=True):
            rows = slice(first_unit(layer), first_unit(layer) + LAYERS[layer])
            strongest[rows, start : start + len(batch)] = maps.amax((2, 3)).T.cpu().numpy()
            _count(maps, labels, thresholds[rows], lit[rows], counts[rows])
        yield Progress(min(start + _BATCH, len(scenes)), len(scenes))
    return Dissection(thresholds, lit, counts[..., :concepts], area[:concepts], strongest)


def dissect(
    net: nn.Module, scenes: Sequence[ConceptScene], others: Sequence[ConceptScene]
) -> Iterator[Progress | Dissection]:
    """Dissect a network: thresholds from ``others``, overlaps on ``scenes``.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1, trained or not.
    scenes, others : sequence of ConceptScene
        Made from different originals, so that nothing is tuned on what it is measured on.

    Yields
    ------
    Progress
        Over both passes; the generator returns a `Dissection`.
    """
    total = len(scenes) + len(others)
    thresholds = yield from _moved(find_thresholds(net, others), 0, total)
    return (yield from _moved(measure_overlaps(net, scenes, thresholds), len(others), total))


def enlarge(maps: torch.Tensor) -> torch.Tensor:
    """Bring feature maps (B, C, h, w) onto the grid of the concepts, bilinearly.

    Rows and columns are interpolated one after the other, as two products of matrices: the same
    numbers as ``torch.nn.functional.interpolate`` gives, in less time. The channels of a place
    lie side by side before and after, which makes both products long ones.
    """
    if maps.shape[-1] == MAP_SIDE:
        return maps
    rows, cols = (_interpolation(side).to(maps.device) for side in maps.shape[-2:])
    count, channels, height, width = maps.shape
    values = maps.permute(0, 2, 3, 1).reshape(count, height, width * channels)
    values = (rows @ values).reshape(count * MAP_SIDE, width, channels)
    values = (cols @ values).reshape(count, MAP_SIDE, MAP_SIDE, channels)
    return values.permute(0, 3, 1, 2)


@cache
def _interpolation(side: int) -> torch.Tensor:
    """Return the matrix (56, side) that interpolates linearly along one side."""
    return nn.functional.interpolate(
        torch.eye(side)[None], size=MAP_SIDE, mode="linear", align_corners=False
    )[0].T.contiguous()


def _allowed(share: float, places: int) -> int:
    """Return how many of the places a share of them allows; 1e-9 undoes rounding."""
    return int(np.floor(share * places + 1e-9))


def _moved(
    steps: Iterator[Progress | np.ndarray | Dissection], before: int, total: int
) -> Iterator[Progress]:
    """Pass steps on as part of a longer way; return what the generator returns."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return end.value
        yield Progress(before + step.done, total)


def _count(
    maps: torch.Tensor,
    labels: np.ndarray,
    thresholds: np.ndarray,
    lit: np.ndarray,
    counts: np.ndarray,
) -> None:
    """Add the lit places of one layer to ``lit`` and ``counts``."""
    values = enlarge(maps).permute(0, 2, 3, 1).flatten(0, 2)
    lowest = torch.from_numpy(thresholds[:, 0]).to(values.device)
    places, units = torch.nonzero(values > lowest, as_tuple=True)
    found = values[places, units].cpu().numpy()
    units, places = units.cpu().numpy(), places.cpu().numpy()
    shape = counts.shape
    at = units * shape[1]  # the unit and the highest threshold that is exceeded
    for higher in thresholds.T[1:]:
        at += found > higher[units]
    first = at * shape[2]
    for kind in labels:
        tally = np.bincount(first + kind[places], minlength=counts.size).reshape(shape)
        # A place above a high threshold is above the lower ones as well.
        counts += tally[:, ::-1].cumsum(axis=1)[:, ::-1]
    at_level = np.bincount(at, minlength=lit.size).reshape(lit.shape)
    lit += at_level[:, ::-1].cumsum(axis=1)[:, ::-1]
