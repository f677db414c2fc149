"""Features that come into being: lesson 07's small CNN, looked into while it trains.

References
----------
.. [1] M. D. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks",
   ECCV 2014, figure 4: a unit's strongest answer among all pictures, projected back, at several
   moments of the training.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from aml4d_utils.nets.grey_batches import to_batch
from aml4d_utils.topics.convolution.training import SmallCNN, TrainingStep
from aml4d_utils.topics.visualisation.passing import back_by_deconvnet, small_cnn_chain

FIELD = 10
"""Side, in pixels, of what a unit of the second layer can see."""

MOMENTS = (0, 10, 40, 160, 640)
"""Batches after which the lesson looks."""


@dataclass(frozen=True)
class Snapshot:
    """What the units have learned at one moment.

    Attributes
    ----------
    batches : int
        Seen so far.
    accuracy : float
        On held-out images, when the training last looked; chance is 0.1.
    kernels : ndarray (8, 5, 5), float32
        The first layer's weights.
    projections : ndarray (16, 10, 10), float32
        For each unit of the second layer: its strongest answer, sent back to the pixels by the
        deconvnet, within what the unit can see.
    patches : ndarray (16, 10, 10), float32 in [0, 1]
        The images there.
    """

    batches: int
    accuracy: float
    kernels: np.ndarray
    projections: np.ndarray
    patches: np.ndarray


@dataclass(frozen=True)
class Evolution:
    """All snapshots so far; ``fraction`` is the share of the training that is done."""

    snapshots: tuple[Snapshot, ...]
    fraction: float


def evolve(
    cnn: SmallCNN,
    steps: Iterator[TrainingStep],
    images: np.ndarray,
    moments: tuple[int, ...] = MOMENTS,
) -> Iterator[Evolution]:
    """Follow a training and take a snapshot at each moment; ends after the last.

    Parameters
    ----------
    cnn : SmallCNN
        The network that ``steps`` trains.
    steps : iterator of TrainingStep
        From ``convolution.training.train``.
    images : ndarray (N, 28, 28), uint8
        Among which each unit's strongest answer is sought.
    moments : tuple of int
        Numbers of batches, rising; 0 is before the training.
    """
    batch = to_batch(images)
    snapshots = [snapshot(cnn, batch, 0, 0.1)] if 0 in moments else []
    for step in steps:
        if step.step in moments:
            snapshots.append(snapshot(cnn, batch, step.step, step.accuracy))
        yield Evolution(tuple(snapshots), min(1.0, step.step / max(moments)))
        if step.step >= max(moments):
            return


def snapshot(cnn: SmallCNN, batch: torch.Tensor, batches: int, accuracy: float) -> Snapshot:
    """Return what the units of a small CNN respond to now, in a batch (N, 1, 28, 28)."""
    chain = small_cnn_chain(cnn)
    maps = chain.maps(batch, "second")
    strongest = maps.permute(1, 0, 2, 3).flatten(1).argmax(1).tolist()
    height, width = maps.shape[2:]
    projections, patches = [], []
    for unit, place in enumerate(strongest):
        picture, cell = divmod(place, height * width)
        row, col = divmod(cell, width)
        trace = chain.forward(batch[picture : picture + 1], "second")
        signal = torch.zeros_like(trace.maps("second"))
        signal[0, unit, row, col] = trace.maps("second")[0, unit, row, col]
        back = trace.back(signal, "second", back_by_deconvnet)
        projections.append(_window(back[0, 0], row, col))
        patches.append(_window(batch[picture, 0], row, col))
    kernels = cnn.first.weight.detach()[:, 0].cpu().numpy().copy()
    return Snapshot(batches, accuracy, kernels, np.stack(projections), np.stack(patches))


def _window(pixels: torch.Tensor, row: int, col: int) -> np.ndarray:
    """Return the pixels that a cell of the second layer sees, 0 beyond the edge."""
    margin = FIELD // 2
    padded = np.pad(pixels.detach().cpu().numpy(), margin)
    # The cell pools nothing yet: it is centred on pixel 2 · cell + ½ of the image.
    top, left = 2 * row + 1, 2 * col + 1
    return padded[top : top + FIELD, left : left + FIELD]
