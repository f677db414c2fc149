"""What a network forgives: how sure it stays of the right answer while a picture changes.

One change at a time, from none to much: shift, turn and size; what makes seeing hard, as in
`topics.challenges`, for small pictures on black; or the camera going round a thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from aml4d_utils import images, nets, solids
from aml4d_utils.topics.augmentation import variations
from aml4d_utils.topics.augmentation.variations import moved
from aml4d_utils.topics.challenges.bench import DARKEST
from aml4d_utils.topics.challenges.hiding import BOARD
from aml4d_utils.topics.challenges.warping import warp_field

_SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)
CHANGES = {
    "shift": ("pixels to the right", tuple(range(-8, 9))),
    "turn": ("degrees", tuple(range(-180, 181, 15))),
    "size": ("times as large", (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0)),
    "deformation": ("share of the full warp", (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
    "occlusion": ("share behind a board", _SHARES),
    "truncation": ("share outside the picture", _SHARES),
    "illumination": ("power of every brightness", (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, DARKEST)),
    "clutter": ("other things behind it", (0, 1, 2, 3, 4, 6, 8)),
    "noise": ("spread of the noise", (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)),
}
"""What can change in a small picture: its unit, and the amounts; one of them changes nothing."""


@dataclass(frozen=True)
class ForgivenessCurve:
    """Right answers, and how sure, over the amount of one change.

    Parameters
    ----------
    change : str
        A key of `CHANGES`, or *viewpoint*.
    amounts : ndarray (A,), float
    right : ndarray (A,), int
        Pictures whose first guess is right at each amount.
    chances : ndarray (A,), float
        Mean probability of the right answer.
    tested : int
        Pictures.
    """

    change: str
    amounts: np.ndarray
    right: np.ndarray
    chances: np.ndarray
    tested: int

    @property
    def shares(self) -> np.ndarray:
        """Share of right answers at each amount."""
        return self.right / self.tested


@dataclass(frozen=True)
class ViewpointCurve:
    """What a network says of a thing while the camera goes round it.

    Parameters
    ----------
    yaws : ndarray (A,), float
        Degrees.
    chances : ndarray (A,), float
        Probability of all words together that are right for the thing.
    tops : tuple of str
        First guesses.
    right : ndarray (A,), bool
        Whether the first guess is one of the right words.
    views : ndarray (A, 112, 112, 3), float32 in [0, 1]
        What the camera saw.
    fraction : float
        Share of the views that are done.
    """

    yaws: np.ndarray
    chances: np.ndarray
    tops: tuple[str, ...]
    right: np.ndarray
    views: np.ndarray
    fraction: float


def changed(pictures: Tensor, change: str, amount: float) -> Tensor:
    """Return small pictures with one change.

    Parameters
    ----------
    pictures : Tensor (B, 1, H, W), float32 in [0, 1]
    change : str
        A key of `CHANGES`.
    amount : float

    Raises
    ------
    ValueError
        If there is no such change.
    """
    ways: dict[str, Callable[[], Tensor]] = {
        "shift": lambda: moved(pictures, right=float(amount)),
        "turn": lambda: moved(pictures, turn=float(amount)),
        "size": lambda: moved(pictures, size=float(amount)),
        "deformation": lambda: _warped(pictures, float(amount)),
        "occlusion": lambda: _occluded(pictures, float(amount)),
        "truncation": lambda: moved(pictures, right=-_columns(pictures, float(amount)).float()),
        "illumination": lambda: pictures ** float(amount),
        "clutter": lambda: _cluttered(pictures, int(amount)),
        "noise": lambda: variations.noise(float(amount)).vary(pictures, _chance()),
    }
    if change not in ways:
        raise ValueError(f"There is no change {change!r}; there are {', '.join(ways)}.")
    return ways[change]()


def _chance() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def _columns(pictures: Tensor, share: float) -> Tensor:
    """Return the fewest columns from the left that hold a share of what is not black, (B,)."""
    covered = (pictures > 0).sum((1, 2)).cumsum(1, dtype=torch.float64)
    enough = share * covered[:, -1:] - 1e-9
    return (covered < enough).sum(1) + int(share > 0)


def _occluded(pictures: Tensor, share: float) -> Tensor:
    """Put a board before each thing that hides a share of it, from the left."""
    hidden = torch.arange(pictures.shape[3]) < _columns(pictures, share)[:, None]
    return torch.where(hidden[:, None, None], pictures.new_tensor(BOARD), pictures)


@lru_cache(maxsize=2)
def _fields(count: int, height: int, width: int) -> Tensor:
    """Return a full warp for each picture: where its pixels come from, (count, H, W, 2)."""
    rng = np.random.default_rng(0)
    shifts = np.stack([warp_field(height, width, 1, rng) for _ in range(count)])
    return torch.from_numpy(np.stack((2 * shifts[:, 1] / width, 2 * shifts[:, 0] / height), 3))


def _warped(pictures: Tensor, amount: float) -> Tensor:
    """Bend each picture in its own way."""
    count, _, height, width = pictures.shape
    still = torch.eye(2, 3).expand(count, 2, 3)
    grid = functional.affine_grid(still, list(pictures.shape), align_corners=False)
    grid = grid + amount * _fields(count, height, width).float()
    return functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)


def _cluttered(pictures: Tensor, others: int) -> Tensor:
    """Lay other things of the same batch, half as large, behind each."""
    random, count = _chance(), len(pictures)
    ground = torch.zeros_like(pictures)
    for _ in range(others):
        places = 10 * (2 * torch.rand(2, count, generator=random) - 1)
        other = pictures[torch.randperm(count, generator=random)]
        ground = torch.maximum(ground, moved(other, size=0.5, right=places[0], down=places[1]))
    return torch.where(pictures > 0, pictures, ground)


def forgiveness(
    net: nn.Module,
    pictures: Tensor,
    labels: Tensor,
    change: str,
    amounts: Sequence[float] | None = None,
) -> ForgivenessCurve:
    """Measure a small network over the amounts of one change.

    Parameters
    ----------
    net : nn.Module
        From (B, 1, 28, 28) in [0, 1] to logits.
    pictures : Tensor (B, 1, 28, 28), float32 in [0, 1]
        Never trained on.
    labels : Tensor (B,), int64
    change : str
        A key of `CHANGES`.
    amounts : sequence of float, optional
        Others than those of `CHANGES`.

    Returns
    -------
    ForgivenessCurve
    """
    if change not in CHANGES:
        raise ValueError(f"There is no change {change!r}; there are {', '.join(CHANGES)}.")
    amounts = CHANGES[change][1] if amounts is None else amounts
    right, chances = [], []
    for amount in amounts:
        with torch.inference_mode():
            likely = net(changed(pictures, change, amount)).softmax(1)
        right.append(int((likely.argmax(1) == labels).sum()))
        chances.append(float(likely.gather(1, labels[:, None]).mean()))
    return ForgivenessCurve(
        change, np.array(amounts, float), np.array(right), np.array(chances), len(labels)
    )


def going_round(
    name: str,
    net: nn.Module,
    thing: solids.Thing,
    *,
    pitch: float = 15.0,
    step: float = 15.0,
) -> Iterator[ViewpointCurve]:
    """Go round a thing with the camera and ask a network; yield what is known so far.

    Parameters
    ----------
    name : str
        A classifier among `nets.net_names`.
    net : nn.Module
        From ``nets.load(name)``.
    thing : solids.Thing
        With at least one ImageNet word.
    pitch : float
        How high the camera stands, in degrees.
    step : float
        Degrees between two views.

    Yields
    ------
    ViewpointCurve

    Raises
    ------
    ValueError
        If ImageNet has no word for the thing.
    """
    if not thing.imagenet:
        raise ValueError(f"ImageNet has no word for the {thing.name}.")
    words, yaws = nets.labels(name), np.arange(-180, 180, step)
    chances, tops, right, views = [], [], [], []
    for k, yaw in enumerate(yaws, 1):
        view = solids.render(thing, solids.Viewpoint(yaw=float(yaw), pitch=pitch)).picture
        with torch.inference_mode():
            likely = net(nets.preprocess(name, images.as_float(view), device="cpu"))[0].softmax(0)
        first = int(likely.argmax())
        chances.append(float(likely[list(thing.imagenet)].sum()))
        tops.append(words[first])
        right.append(first in thing.imagenet)
        views.append(images.resize(view, 112, 112))
        yield ViewpointCurve(
            yaws[:k],
            np.array(chances),
            tuple(tops),
            np.array(right),
            np.stack(views),
            k / len(yaws),
        )
