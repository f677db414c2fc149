"""Find things in a photo, with a box around each."""

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
    image = as_float(image)
    size = known(_NAME).size if size is None else size
    net = _untouched() if net is None else net
    pixels = preprocess(_NAME, image, device=next(net.parameters()).device, size=size)
    with torch.no_grad():
        scores, regression = (answer[0].cpu() for answer in net(pixels))
    cells, classes = (scores > threshold).nonzero(as_tuple=True)
    best = scores[cells, classes].argsort(descending=True, stable=True)
    cells, classes = cells[best], classes[best]
    boxes = decode(regression, size)[cells].numpy()
    return Detections(
        _in_photo(boxes, image.shape, size),
        scores[cells, classes].numpy(),
        np.array(labels(_NAME))[classes.numpy()],
    )


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
    centres, strides = _grid(size)
    steps = regression.view(-1, 4, STEPS).softmax(2) @ torch.arange(STEPS, dtype=torch.float32)
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
    _check_share("iou", iou)
    waiting = np.argsort(-found.scores, kind="stable")
    kept = []
    while len(waiting):
        best, rest = waiting[0], waiting[1:]
        kept.append(best)
        goes = box_iou(found.boxes[best : best + 1], found.boxes[rest])[0] > iou
        if not across_labels:
            goes &= found.labels[rest] == found.labels[best]
        waiting = rest[~goes]
    return found[np.array(kept, dtype=np.int64)]


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
    corner = np.maximum(first[:, None, :2], second[None, :, :2])
    opposite = np.minimum(first[:, None, 2:], second[None, :, 2:])
    common = np.clip(opposite - corner, 0, None).prod(2)
    union = _area(first)[:, None] + _area(second)[None] - common
    return np.divide(common, union, out=np.zeros(common.shape), where=union > 0)


def _area(boxes: np.ndarray) -> np.ndarray:
    return np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(1)


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


def _in_photo(boxes: np.ndarray, shape: tuple[int, ...], size: int) -> np.ndarray:
    place = letterbox(shape, size)
    corner = np.array([place.left, place.top] * 2, dtype=np.float32)
    limits = np.array([shape[1], shape[0]] * 2, dtype=np.float32)
    return np.clip((boxes - corner) / np.float32(place.scale), 0, limits)


def _check_share(name: str, value: float) -> None:
    if not isinstance(value, (int, float, np.number)) or not 0 <= value <= 1:
        raise ValueError(f"Expected `{name}` between 0 and 1, but got {value!r}.")


@lru_cache
def _untouched() -> nn.Module:
    # Never handed out, so nobody can change it.
    return load(_NAME)
