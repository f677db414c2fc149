"""How many units of each layer stand for things, colours and textures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.dissection.concepts import CONCEPTS, KINDS, NONE
from aml4d_utils.topics.dissection.dissect import PAPER_IOU, PAPER_SHARE, Dissection
from aml4d_utils.topics.dissection.units import LAYERS, first_unit


@dataclass(frozen=True)
class Census:
    """The labels of all units and how many of each kind there are.

    Attributes
    ----------
    share, least : float
        Share of all places that a unit lights up, and the IoU that makes it a detector.
    labels : ndarray (UNITS,), int
        Index into `CONCEPTS` of each unit's best concept, ``NONE`` where its IoU is too small.
    iou : ndarray (UNITS,), float64
        The best IoU of each unit.
    detectors : ndarray (9, 3), int
        Number of detectors in each layer, for each of `KINDS`.
    """

    share: float
    least: float
    labels: np.ndarray
    iou: np.ndarray
    detectors: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """Detectors as a share of the units of their layer: ndarray (9, 3), float."""
        return self.detectors / np.array(list(LAYERS.values()))[:, None]


def count_detectors(
    dissection: Dissection, share: float = PAPER_SHARE, least: float = PAPER_IOU
) -> Census:
    """Label every unit and count the detectors of each layer.

    Parameters
    ----------
    dissection : Dissection
    share : float
        One of `dissect.SHARES`.
    least : float
        A unit is a detector where its best IoU is above this.

    Returns
    -------
    Census
    """
    iou = dissection.iou(share)
    best, highest = iou.argmax(axis=1), iou.max(axis=1)
    labels = np.where(highest > least, best, NONE)
    kind_of = np.array([KINDS.index(concept.kind) for concept in CONCEPTS])
    detectors = np.zeros((len(LAYERS), len(KINDS)), dtype=np.int64)
    for row, (layer, count) in enumerate(LAYERS.items()):
        found = labels[first_unit(layer) : first_unit(layer) + count]
        detectors[row] = np.bincount(kind_of[found[found != NONE]], minlength=len(KINDS))
    return Census(share, least, labels, highest, detectors)


def units_for(
    dissection: Dissection, concept: int | None, layer: str | None, share: float = PAPER_SHARE
) -> np.ndarray:
    """Order units by how well they fit a concept, the best first.

    Parameters
    ----------
    dissection : Dissection
    concept : int or None
        Index into `CONCEPTS`; ``None`` takes each unit's own best concept.
    layer : str or None
        Only the units of one layer; ``None`` takes all.
    share : float
        One of `dissect.SHARES`.

    Returns
    -------
    ndarray of int
        Numbers among all ``UNITS``.
    """
    iou = dissection.iou(share)
    score = iou.max(axis=1) if concept is None else iou[:, concept]
    start = 0 if layer is None else first_unit(layer)
    count = len(score) if layer is None else LAYERS[layer]
    order = np.argsort(-score[start : start + count], kind="stable")
    return start + order
