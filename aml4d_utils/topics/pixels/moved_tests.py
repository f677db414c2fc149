"""Move the test pictures by a few pixels, and ask classifiers that learned without a move."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils.measuring.intervals import half_width
from aml4d_utils.nets.grey_batches import to_batch

FARTHEST = 4


@dataclass(frozen=True)
class Moved:
    """Accuracy for every move of the test pictures.

    Attributes
    ----------
    names : tuple of str
        The classifiers.
    offsets : ndarray (9,), int
        −4 to 4 pixels.
    accuracy : ndarray (C, 9, 9), float
        Classifier, move down, move right. NaN where not yet measured.
    tested : int
    fraction : float
        Share of the work done.
    """

    names: tuple[str, ...]
    offsets: np.ndarray
    accuracy: np.ndarray
    tested: int
    fraction: float

    def at(self, down: int, right: int) -> np.ndarray:
        """Return the accuracy of every classifier (C,) at one move."""
        return self.accuracy[:, down + FARTHEST, right + FARTHEST]

    def by_distance(self) -> np.ndarray:
        """Return the mean accuracy over the 8 directions for 0 to 4 pixels, ndarray (C, 5)."""
        rows = []
        for pixels in range(FARTHEST + 1):
            moves = {
                (a * pixels, b * pixels) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0)
            }
            rows.append(np.mean([self.at(*move) for move in sorted(moves)], axis=0))
        return np.array(rows).T

    def uncertainty(self, share: float) -> float:
        """Return how far a measured share may be off either way, by 95 % interval."""
        return half_width(share, self.tested)


def move(pictures: np.ndarray, down: int, right: int) -> np.ndarray:
    """Move what pictures show; black comes in, and what leaves is lost.

    Parameters
    ----------
    pictures : ndarray (N, H, W) or (H, W)
    down, right : int
        Pixels; below zero: up and left.

    Returns
    -------
    ndarray of the same shape and dtype

    Examples
    --------
    >>> move(np.array([[1, 2], [3, 4]]), 0, 1).tolist()
    [[0, 1], [0, 3]]
    """
    height, width = pictures.shape[-2:]
    moved = np.zeros_like(pictures)
    if abs(down) >= height or abs(right) >= width:
        return moved
    to_rows = slice(max(0, down), height + min(0, down))
    from_rows = slice(max(0, -down), height + min(0, -down))
    to_cols = slice(max(0, right), width + min(0, right))
    from_cols = slice(max(0, -right), width + min(0, -right))
    moved[..., to_rows, to_cols] = pictures[..., from_rows, from_cols]
    return moved


def move_tests(
    nets: Mapping[str, nn.Module], pictures: np.ndarray, labels: np.ndarray
) -> Iterator[Moved]:
    """Measure classifiers on pictures moved by −4 to 4 pixels each way.

    Parameters
    ----------
    nets : mapping of str to nn.Module
        From a batch (B, 1, 28, 28) in [0, 1] to logits.
    pictures : ndarray (N, 28, 28), uint8
        Held-out pictures.
    labels : ndarray (N,), int

    Yields
    ------
    Moved
        After every move; small moves come first.

    Raises
    ------
    ValueError
        If there are no pictures, or not one label for each.
    """
    if len(pictures) == 0 or len(pictures) != len(labels):
        raise ValueError(f"There are {len(pictures)} pictures and {len(labels)} labels to test.")
    offsets = np.arange(-FARTHEST, FARTHEST + 1)
    found = np.full((len(nets), len(offsets), len(offsets)), np.nan)
    moves = sorted(
        ((int(a), int(b)) for a in offsets for b in offsets), key=lambda m: max(map(abs, m))
    )
    for count, (down, right) in enumerate(moves, 1):
        batch = to_batch(move(pictures, down, right))
        for which, net in enumerate(nets.values()):
            right_ones = _classes(net, batch) == labels
            found[which, down + FARTHEST, right + FARTHEST] = right_ones.mean()
        yield Moved(tuple(nets), offsets, found.copy(), len(labels), count / len(moves))


def products_of(linear: nn.Module, picture: np.ndarray, label: int) -> np.ndarray:
    """Return what a linear net adds up for one class: weight × pixel at every place.

    Parameters
    ----------
    linear : nn.Module
        Its last layer is an ``nn.Linear`` from the pixels to the classes.
    picture : ndarray (H, W), uint8
    label : int

    Returns
    -------
    ndarray (H, W), float32
        Its sum and the bias are the class's logit.
    """
    weights = linear[-1].weight[label].detach().numpy().reshape(picture.shape)
    return weights * to_batch(picture[None])[0, 0].numpy()


def sums_of(net: nn.Module, picture: np.ndarray) -> np.ndarray:
    """Return a net's sums (logits) for one picture (28, 28) uint8, ndarray (10,)."""
    with torch.no_grad():
        return net(to_batch(picture[None]))[0].numpy()


def strongest_other(sums: np.ndarray, label: int) -> int:
    """Return which class has the largest sum, apart from one.

    Examples
    --------
    >>> strongest_other(np.array([1.0, 3.0, 2.0]), 1)
    2
    """
    return int(np.where(np.arange(len(sums)) == label, -np.inf, sums).argmax())


def guesses(net: nn.Module, picture: np.ndarray) -> np.ndarray:
    """Return a net's probabilities for one picture (28, 28) uint8, ndarray (10,)."""
    with torch.no_grad():
        return torch.softmax(net(to_batch(picture[None]))[0], 0).numpy()


def guess_of(net: nn.Module, picture: np.ndarray) -> int:
    """Return the class that a net thinks most likely for one picture (28, 28) uint8."""
    return int(guesses(net, picture).argmax())


def _classes(net: Callable[[torch.Tensor], torch.Tensor], batch: torch.Tensor) -> np.ndarray:
    with torch.no_grad():
        return np.concatenate([net(part).argmax(1).numpy() for part in batch.split(500)])
