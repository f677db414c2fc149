"""What a shift of the photo does: feature maps move along, the pooled answer stays.

Terms: a layer is *equivariant* to shifts when shifting its input shifts its output likewise; an
answer is *invariant* when it does not change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import images, nets
from aml4d_utils.nets.squeezenet_layers import NAME, SIDE
from aml4d_utils.topics.convolution.first_layer import ForwardPass, forward_pass

MARGIN = 40
"""Largest shift in pixels of the network's input."""

_STRIDE = 2


@dataclass(frozen=True)
class ShiftResult:
    """The network before and after a shift.

    Attributes
    ----------
    rows, cols : int
        The shift of the photo's content, in pixels, down and to the right.
    unit : int
        Which of conv1's 64 feature maps is shown.
    photo_before, photo_after : ndarray (227, 227, 3), float32 in [0, 1]
    map_before, map_after : ndarray (113, 113), float32
    error : float
        Mean absolute difference between the map after and the moved map before, where they
        overlap, divided by the mean of the map before; 0 is perfect equivariance.
    pixels_changed : float
        Mean absolute change of the photo's values, in [0, 1].
    pooled_similarity : float
        Cosine of the two pooled answers (1000 values, before softmax); 1 is the same.
    names : tuple of str
        The five classes that lead before the shift.
    before, after : ndarray (5,), float
        Their probabilities.
    top_after : str
        The class that leads after the shift.
    """

    rows: int
    cols: int
    unit: int
    photo_before: np.ndarray
    photo_after: np.ndarray
    map_before: np.ndarray
    map_after: np.ndarray
    error: float
    pixels_changed: float
    pooled_similarity: float
    names: tuple[str, ...]
    before: np.ndarray
    after: np.ndarray
    top_after: str

    @property
    def strongest_moved(self) -> tuple[float, float] | None:
        """Row and column where the map's strongest cell should be now; None outside the map."""
        row, col = np.unravel_index(self.map_before.argmax(), self.map_before.shape)
        moved = float(row + self.rows / _STRIDE), float(col + self.cols / _STRIDE)
        height, width = self.map_after.shape
        return moved if 0 <= moved[0] < height and 0 <= moved[1] < width else None


@dataclass(frozen=True)
class TurnResult:
    """The network's answers while a photo turns.

    Attributes
    ----------
    degrees : ndarray (N,), float
    views : ndarray (N, 227, 227, 3), float32 in [0, 1]
    names : tuple of str
        The classes that lead for the upright photo.
    chances : ndarray (N,), float
        Their probability together, at each angle.
    tops : tuple of str
        The class that leads at each angle.
    fraction : float
        Share of all angles that are done, 0 to 1.
    """

    degrees: np.ndarray
    views: np.ndarray
    names: tuple[str, ...]
    chances: np.ndarray
    tops: tuple[str, ...]
    fraction: float = 1.0


def with_margin(photo: np.ndarray) -> np.ndarray:
    """Return the photo's centre square, large enough to move the window by ``MARGIN`` each way.

    Parameters
    ----------
    photo : ndarray (H, W, 3)

    Returns
    -------
    ndarray (307, 307, 3), float32 in [0, 1]
    """
    side = SIDE + 2 * MARGIN
    return images.resize(images.centre_square(photo), side, side)


def window(wide: np.ndarray, rows: int, cols: int) -> np.ndarray:
    """Cut the network's view out of a photo with margin, its content shifted by (rows, cols).

    Raises
    ------
    ValueError
        If the shift is larger than ``MARGIN``.
    """
    if max(abs(rows), abs(cols)) > MARGIN:
        raise ValueError(f"A shift is at most {MARGIN} pixels each way, not ({rows}, {cols}).")
    top, left = MARGIN - rows, MARGIN - cols
    return wide[top : top + SIDE, left : left + SIDE]


def look_at(net: nn.Module, view: np.ndarray) -> ForwardPass:
    """Show the network a view (227, 227, 3)."""
    return forward_pass(net, nets.preprocess(NAME, view, device=next(net.parameters()).device))


def shift_experiment(
    net: nn.Module,
    wide: np.ndarray,
    rows: int,
    cols: int,
    unit: int = 0,
    unmoved: ForwardPass | None = None,
) -> ShiftResult:
    """Shift the photo under the network and compare maps and answers.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    wide : ndarray (307, 307, 3)
        From :func:`with_margin`.
    rows, cols : int
        Pixels down and to the right, at most 40 each way.
    unit : int
        A feature map of conv1, 0 to 63.
    unmoved : ForwardPass, optional
        ``look_at(net, window(wide, 0, 0))``, where it is known already.

    Raises
    ------
    ValueError
        If the shift is too large or there is no such feature map.
    """
    count = net.features[0].out_channels
    if not 0 <= unit < count:
        raise ValueError(f"Feature maps are numbered 0 to {count - 1}; got {unit}.")
    before, after = window(wide, 0, 0), window(wide, rows, cols)
    unmoved = look_at(net, before) if unmoved is None else unmoved
    moved = look_at(net, after)
    chances_before, chances_after = unmoved.chances, moved.chances
    leading = np.argsort(-chances_before)[:5]
    names = nets.labels(NAME)
    map_before, map_after = (seen.maps[unit].cpu().numpy() for seen in (unmoved, moved))
    return ShiftResult(
        rows=rows,
        cols=cols,
        unit=unit,
        photo_before=before,
        photo_after=after,
        map_before=map_before,
        map_after=map_after,
        error=equivariance_error(map_before, map_after, rows // _STRIDE, cols // _STRIDE),
        pixels_changed=float(np.abs(after - before).mean()),
        pooled_similarity=float(torch.cosine_similarity(unmoved.logits, moved.logits, dim=0)),
        names=tuple(names[i] for i in leading),
        before=chances_before[leading],
        after=chances_after[leading],
        top_after=names[int(chances_after.argmax())],
    )


def equivariance_error(before: np.ndarray, after: np.ndarray, rows: int, cols: int) -> float:
    """Return how far ``after`` is from ``before`` moved by whole cells, where both overlap.

    Returns
    -------
    float
        Mean absolute difference over the mean magnitude of ``before``; 0 where ``before`` is 0.

    Raises
    ------
    ValueError
        If the maps have different shapes, or do not overlap once moved.

    Examples
    --------
    >>> before = np.eye(4)
    >>> equivariance_error(before, np.roll(before, 1, axis=1), 0, 1)
    0.0
    """
    height, width = before.shape
    if before.shape != after.shape or abs(rows) >= height or abs(cols) >= width:
        raise ValueError(
            f"Maps of {before.shape} and {after.shape} do not overlap when moved by "
            f"({rows}, {cols})."
        )
    moved = before[max(0, -rows) : height - max(0, rows), max(0, -cols) : width - max(0, cols)]
    there = after[max(0, rows) : height - max(0, -rows), max(0, cols) : width - max(0, -cols)]
    size = float(np.abs(moved).mean())
    return float(np.abs(there - moved).mean()) / size if size else 0.0


def turn_experiment(
    net: nn.Module, photo: np.ndarray, degrees: np.ndarray, leading: int = 3
) -> Iterator[TurnResult]:
    """Turn the photo under the network and read its answer, one angle after the other.

    The photo's largest centred disc is turned about its centre (grey outside), so that the same
    pixels are in view at every angle.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    photo : ndarray (H, W, 3)
    degrees : ndarray (N,), float
        Counter-clockwise.
    leading : int
        How many of the upright photo's first classes count as the same answer.

    Yields
    ------
    TurnResult
        Of the angles done so far.
    """
    first = np.argsort(-_chances(net, turned_disc(photo, 0.0)))[:leading]
    labels = nets.labels(NAME)
    angles = np.asarray(degrees, dtype=np.float64)
    views: list[np.ndarray] = []
    answers: list[np.ndarray] = []
    for count, angle in enumerate(angles, start=1):
        views.append(turned_disc(photo, angle))
        answers.append(_chances(net, views[-1]))
        yield TurnResult(
            degrees=angles[:count],
            views=np.stack(views),
            names=tuple(labels[i] for i in first),
            chances=np.array([answer[first].sum() for answer in answers]),
            tops=tuple(labels[answer.argmax()] for answer in answers),
            fraction=count / len(angles),
        )


def _chances(net: nn.Module, view: np.ndarray) -> np.ndarray:
    """Return the probability (1000,) of each class for one view."""
    pixels = nets.preprocess(NAME, view, device=next(net.parameters()).device)
    with torch.no_grad():
        return net(pixels)[0].softmax(0).cpu().numpy()


def turned_disc(photo: np.ndarray, degrees: float) -> np.ndarray:
    """Return the photo's centred disc turned by an angle, grey outside, as (227, 227, 3)."""
    from skimage.transform import rotate

    square = images.resize(images.centre_square(photo), SIDE, SIDE)
    turned = rotate(square, degrees, mode="edge", preserve_range=True)
    rows, cols = np.ogrid[:SIDE, :SIDE]
    outside = (rows - SIDE // 2) ** 2 + (cols - SIDE // 2) ** 2 > (SIDE // 2) ** 2
    turned[outside] = 0.5
    return np.clip(turned, 0, 1).astype(np.float32)
