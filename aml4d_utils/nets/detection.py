"""Find things in a photo, with a box around each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import nn

from aml4d_utils.images import as_float
from aml4d_utils.nets.catalogue import known
from aml4d_utils.nets.class_names import labels
from aml4d_utils.nets.loading import load
from aml4d_utils.nets.nanodet import STEPS, STRIDES
from aml4d_utils.nets.preprocessing import letterbox, preprocess

_NAME = "nanodet_g"


@dataclass(frozen=True)
class Detections:
    """Things found in a photo, or known to be in it.

    Parameters
    ----------
    boxes : ndarray (N, 4), float32
        ``x0, y0, x1, y1`` in pixels of the photo: left, top, right, bottom.
    scores : ndarray (N,), float32 in [0, 1]
        How sure the detector is.
    labels : ndarray (N,) of str
        What each thing is.
    """

    boxes: np.ndarray
    scores: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, keep: np.ndarray | slice) -> "Detections":
        """Return the chosen ones: a slice, a mask, or indices as for an array."""
        keep = np.atleast_1d(keep) if not isinstance(keep, slice) else keep
        return Detections(self.boxes[keep], self.scores[keep], self.labels[keep])


def detect(
    image: np.ndarray,
    threshold: float = 0.3,
    iou: float = 0.6,
    size: int | None = None,
    net: nn.Module | None = None,
) -> Detections:
    """Return the things that NanoDet finds in a photo, surest first.

    Parameters
    ----------
    image : ndarray (H, W, 3), float in [0, 1]
        Or anything else that `images.as_float` accepts.
    threshold : float in [0, 1]
        Lowest score that counts.
    iou : float in [0, 1]
        Of two boxes that overlap by more than this (intersection over union), the less sure one
        is dropped.
    size : int or None
        Side of the square that the network sees, a multiple of 32: smaller is faster, larger
        finds smaller things. ``None`` takes 416, for which it was trained.
    net : nn.Module or None
        Your own copy from ``load("nanodet_g")``; ``None`` asks an untouched one.

    Returns
    -------
    Detections
        Boxes end at the edge of the photo.

    Raises
    ------
    ValueError
        If `image` is not an image or a number is out of range.

    References
    ----------
    NanoDet (RangiLyu, 2020); Li et al. (2020), Generalized focal loss, arXiv:2006.04388.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> detect(images.photo("chelsea")).labels.tolist()
    ['cat']
    """
    found = suppress(candidates(image, threshold, size, net), iou, across_labels=False)
    return suppress(found, iou)


def candidates(
    image: np.ndarray,
    threshold: float = 0.3,
    size: int | None = None,
    net: nn.Module | None = None,
) -> Detections:
    """Return every box above the threshold as the network answers it: many for each thing.

    Parameters
    ----------
    image, threshold, size, net
        As in `detect`.

    Returns
    -------
    Detections
        Surest first; one for each cell of the grids and each class that reaches the threshold.

    Raises
    ------
    ValueError
        As `detect`.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> cat = images.photo("chelsea")
    >>> len(candidates(cat)) > len(detect(cat))
    True
    """
    _check_share("threshold", threshold)
    image, size = as_float(image), _size(size)
    scores, regression = _looked(image, size, net)
    cells, classes = _above(scores.numpy(), threshold)
    # Few cells get that far: only they need a box.
    few, which = np.unique(cells, return_inverse=True)
    centres, strides = _grid(size)
    boxes = _reaching(_distributions(regression[few]), centres[few], strides[few])
    boxes = _in_photo(boxes.numpy(), image.shape, size)[which]
    return Detections(boxes, scores.numpy()[cells, classes], np.array(labels(_NAME))[classes])


@dataclass(frozen=True)
class CellAnswers:
    """What every cell of the three grids says about a photo, before anything is left out.

    Parameters
    ----------
    scores : ndarray (N, 80), float32 in [0, 1]
        For each cell and class; cells row by row, the finest grid first.
    boxes : ndarray (N, 4), float32
        The box of each cell in pixels of the photo; it ends at the photo's edge.
    sides : ndarray (N, 4, 11), float32 in [0, 1]
        How the distances to the left, top, right and bottom side are distributed over 0, 1, … 10
        strides; each adds up to 1.
    squares : ndarray (N, 4), float32
        The cell itself as a box, in pixels of the photo; it may lie in the bands beside it.
    strides : ndarray (N,), int64
        8, 16 or 32: how wide a cell is in the square that the network saw.
    """

    scores: np.ndarray
    boxes: np.ndarray
    sides: np.ndarray
    squares: np.ndarray
    strides: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    def cells_above(self, threshold: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the cells and classes whose score is above a threshold, surest first.

        Returns
        -------
        cells, classes : ndarray (M,), int64
        """
        return _above(self.scores, threshold)

    def above(self, threshold: float) -> Detections:
        """Return a box for each cell and class whose score is above a threshold, surest first."""
        cells, classes = self.cells_above(threshold)
        words = np.array(labels(_NAME))[classes]
        return Detections(self.boxes[cells], self.scores[cells, classes], words)


def cell_answers(
    image: np.ndarray, size: int | None = None, net: nn.Module | None = None
) -> CellAnswers:
    """Return what every cell answers about a photo: at 416 pixels they are 3,549.

    Parameters
    ----------
    image, size, net
        As in `detect`.

    Raises
    ------
    ValueError
        If `image` is not an image or the size is none.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> len(cell_answers(images.photo("chelsea")))
    3549
    """
    image, size = as_float(image), _size(size)
    scores, regression = _looked(image, size, net)
    centres, strides = _grid(size)
    half = strides[:, None] / 2
    squares = torch.cat([centres - half, centres + half], dim=1).numpy()
    sides = _distributions(regression)
    return CellAnswers(
        scores.numpy(),
        _in_photo(_reaching(sides, centres, strides).numpy(), image.shape, size),
        sides.numpy(),
        _to_photo(squares, image.shape, size),
        strides.numpy().astype(np.int64),
    )


def _size(size: int | None) -> int:
    return known(_NAME).size if size is None else size


def _looked(
    image: np.ndarray, size: int, net: nn.Module | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the scores (N, 80) and the logits of the sides (N, 44) of all cells."""
    net = _untouched() if net is None else net
    pixels = preprocess(_NAME, image, device=next(net.parameters()).device, size=size)
    with torch.no_grad():
        scores, regression = (answer[0].cpu() for answer in net(pixels))
    return scores, regression


def _above(scores: np.ndarray, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    cells, classes = (scores > threshold).nonzero()
    surest = np.argsort(-scores[cells, classes], kind="stable")
    return cells[surest], classes[surest]


def decode(regression: torch.Tensor, size: int) -> torch.Tensor:
    """Turn the network's distributions into boxes.

    The distance from a cell's centre to a side of its box is the mean of a distribution over
    0, 1, … 10 strides.

    Parameters
    ----------
    regression : Tensor (N, 44)
        Logits, 11 for left, top, right and bottom, for the cells of all three grids.
    size : int
        Side of the square that the network saw.

    Returns
    -------
    Tensor (N, 4), float32
        ``x0, y0, x1, y1`` in pixels of the square.

    Examples
    --------
    >>> decode(torch.zeros(16 + 4 + 1, 44), 32)[0].round().int().tolist()
    [-36, -36, 44, 44]
    """
    return _reaching(_distributions(regression), *_grid(size))


def _reaching(sides: torch.Tensor, centres: torch.Tensor, strides: torch.Tensor) -> torch.Tensor:
    steps = sides @ torch.arange(STEPS, dtype=torch.float32)
    distances = steps * strides[:, None]
    return torch.cat([centres - distances[:, :2], centres + distances[:, 2:]], dim=1)


def suppress(found: Detections, iou: float = 0.6, across_labels: bool = True) -> Detections:
    """Keep the surest box of each thing: non-maximum suppression.

    Parameters
    ----------
    found : Detections
        In any order.
    iou : float in [0, 1]
        A box goes when it overlaps a surer kept one by more than this.
    across_labels : bool
        Whether a box may be dropped because of one with another label.

    Returns
    -------
    Detections
        Surest first.

    Raises
    ------
    ValueError
        If `iou` is out of range.

    Examples
    --------
    >>> two = Detections(np.array([[0, 0, 9, 9], [0, 0, 9, 8]]), np.array([0.5, 0.9]),
    ...                  np.array(["cat", "cat"]))
    >>> suppress(two).scores
    array([0.9])
    """
    kept = [step.kept for step in suppression_steps(found, iou, across_labels)]
    return found[np.array(kept, dtype=np.int64)]


@dataclass(frozen=True)
class SuppressionStep:
    """One round of non-maximum suppression: the surest box that waits is kept.

    Parameters
    ----------
    kept : int
        Its index.
    rivals : ndarray (R,), int64
        The boxes that waited behind it, surest first.
    overlaps : ndarray (R,), float in [0, 1]
        By how much each of them overlaps it.
    goes : ndarray (R,), bool
        Which of them are dropped because of it.
    """

    kept: int
    rivals: np.ndarray
    overlaps: np.ndarray
    goes: np.ndarray


def suppression_steps(
    found: Detections, iou: float = 0.6, across_labels: bool = True
) -> Iterator[SuppressionStep]:
    """Do non-maximum suppression one kept box after the other.

    Parameters
    ----------
    found, iou, across_labels
        As in `suppress`.

    Yields
    ------
    SuppressionStep
        One for each box that is kept.

    Raises
    ------
    ValueError
        If `iou` is out of range.

    Examples
    --------
    >>> boxes = np.array([[0, 0, 9, 9], [0, 0, 9, 8], [20, 20, 30, 30]])
    >>> three = Detections(boxes, np.array([0.5, 0.9, 0.4]), np.array(["cat", "cat", "dog"]))
    >>> [(step.kept, step.rivals[step.goes].tolist()) for step in suppression_steps(three)]
    [(1, [0]), (2, [])]
    """
    _check_share("iou", iou)
    waiting = np.argsort(-found.scores, kind="stable")
    # Numbers are compared in less time than words.
    kinds = np.unique(found.labels, return_inverse=True)[1]
    while len(waiting):
        best, rest = int(waiting[0]), waiting[1:]
        overlaps = box_iou(found.boxes[best : best + 1], found.boxes[rest])[0]
        goes = overlaps > iou
        if not across_labels:
            goes &= kinds[rest] == kinds[best]
        yield SuppressionStep(best, rest, overlaps, goes)
        waiting = rest[~goes]


def box_iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return how much each box overlaps each other one: intersection over union.

    Parameters
    ----------
    first : ndarray (N, 4)
        ``x0, y0, x1, y1``.
    second : ndarray (M, 4)
        The same.

    Returns
    -------
    ndarray (N, M), float in [0, 1]
        0 for boxes without area.

    Examples
    --------
    >>> box_iou(np.array([[0, 0, 2, 2]]), np.array([[1, 0, 3, 2], [5, 5, 6, 6]])).round(3)
    array([[0.333, 0.   ]])
    """
    left, top, right, bottom = first.T[:, :, None]
    wide = np.minimum(right, second[:, 2]) - np.maximum(left, second[:, 0])
    high = np.minimum(bottom, second[:, 3]) - np.maximum(top, second[:, 1])
    common = np.maximum(wide, 0) * np.maximum(high, 0)
    union = _area(first)[:, None] + _area(second) - common
    return np.divide(common, union, out=np.zeros(common.shape), where=union > 0)


def _area(boxes: np.ndarray) -> np.ndarray:
    wide, high = np.maximum(boxes[:, 2:] - boxes[:, :2], 0).T
    return wide * high


@lru_cache
def _grid(size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the centres (N, 2) as x, y and the strides (N,) of all cells."""
    centres, strides = [], []
    for stride in STRIDES:
        middle = (torch.arange(size // stride) + 0.5) * stride
        y, x = torch.meshgrid(middle, middle, indexing="ij")
        centres.append(torch.stack([x.flatten(), y.flatten()], dim=1))
        strides.append(torch.full((x.numel(),), float(stride)))
    return torch.cat(centres), torch.cat(strides)


def _distributions(regression: torch.Tensor) -> torch.Tensor:
    """Turn logits (N, 44) into four distributions for each cell: (N, 4, 11)."""
    return regression.view(-1, 4, STEPS).softmax(2)


def _in_photo(boxes: np.ndarray, shape: tuple[int, ...], size: int) -> np.ndarray:
    limits = np.array([shape[1], shape[0]] * 2, dtype=np.float32)
    return np.clip(_to_photo(boxes, shape, size), 0, limits)


def _to_photo(boxes: np.ndarray, shape: tuple[int, ...], size: int) -> np.ndarray:
    place = letterbox(shape, size)
    corner = np.array([place.left, place.top] * 2, dtype=np.float32)
    return (boxes - corner) / np.float32(place.scale)


def _check_share(name: str, value: float) -> None:
    if not isinstance(value, (int, float, np.number)) or not 0 <= value <= 1:
        raise ValueError(f"Expected `{name}` between 0 and 1, but got {value!r}.")


@lru_cache
def _untouched() -> nn.Module:
    # Never handed out, so nobody can change it.
    return load(_NAME)
