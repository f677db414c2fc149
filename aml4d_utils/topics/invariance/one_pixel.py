"""Move a photo by a single pixel and ask again: does the network keep its first guess?

"A dog is a dog even if its image is shifted by a few pixels" is nearly true of convolutional
networks. Nearly can be measured [1]_ [2]_.

References
----------
.. [1] A. Azulay and Y. Weiss, "Why do deep convolutional networks generalize so poorly to small
   image transformations?", Journal of Machine Learning Research 20, 2019.
.. [2] R. Zhang, "Making convolutional networks shift-invariant again", ICML 2019.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from aml4d_utils import images, nets
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.nets.catalogue import known

MARGIN = 16
"""Largest shift in pixels of the network's input."""

NEIGHBOURS = ((0, 1), (1, 0), (0, -1), (-1, 0))
"""Shifts by one pixel: right, down, left, up."""


@dataclass(frozen=True)
class ShiftedAnswers:
    """What a network says of one photo where it lies, and moved.

    Parameters
    ----------
    shifts : tuple of (rows, columns)
        The first one is (0, 0).
    tops : tuple of str
        The first guess at each shift.
    chances : ndarray (S,), float
        Probability of the first guess at (0, 0), at each shift.
    """

    shifts: tuple[tuple[int, int], ...]
    tops: tuple[str, ...]
    chances: np.ndarray

    @property
    def changed(self) -> np.ndarray:
        """At which shifts the first guess is another: bool (S,); never at the first."""
        return np.array([top != self.tops[0] for top in self.tops])


@dataclass(frozen=True)
class Steadiness:
    """How often a shift changed a network's mind.

    Parameters
    ----------
    photos : int
        How many photos are in.
    comparisons : int
        How many shifted answers were held against the unshifted one.
    flips : int
        In how many of them the first guess was another.
    moved : float
        Mean absolute change of the first guess's probability.
    fraction : float
        Share of the photos that are done.
    changed_photos : tuple of int
        Numbers of the photos whose first guess changed at least once.
    """

    photos: int
    comparisons: int
    flips: int
    moved: float
    fraction: float
    changed_photos: tuple[int, ...] = field(default=())

    @property
    def share(self) -> float:
        """Share of the comparisons in which the first guess changed."""
        return self.flips / self.comparisons

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share of *photos* whose first guess changes at least once.

        Photos are independent; the four shifts of one photo are not.
        """
        return wilson(len(self.changed_photos) / self.photos, self.photos)


class PhotosToMove(Sequence[np.ndarray]):
    """Real photos, each read anew when it is asked for: all at once would fill 100 MB.

    Parameters
    ----------
    photos : sequence of str
        Names of bundled photos.
    cutouts : sequence of Cutout
        Come after them, each in the middle of a grey square.
    """

    def __init__(self, photos: Sequence[str], cutouts: Sequence[images.Cutout]):
        self._all = (*photos, *cutouts)

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, index: int) -> np.ndarray:
        found = self._all[index]
        return images.photo(found) if isinstance(found, str) else images.mount(found.rgba, 260)


def photos_to_move(most: int = 100) -> PhotosToMove:
    """Return real photos to move: the bundled ones, then cut-outs on grey, one of each original.

    Parameters
    ----------
    most : int
        How many, at most.

    Examples
    --------
    >>> len(photos_to_move(30))
    30
    """
    photos = images.photo_names()[:most]
    firsts = {cutout.original: cutout for cutout in images.cutouts() if cutout.imagenet}
    return PhotosToMove(photos, list(firsts.values())[: most - len(photos)])


def with_margin(name: str, photo: np.ndarray) -> np.ndarray:
    """Return a photo's centred square with room to move a network's window in.

    Parameters
    ----------
    name : str
        A classifier among `nets.net_names`.
    photo : ndarray (H, W, 3)

    Returns
    -------
    ndarray (S + 32, S + 32, 3), float32 in [0, 1]
        S is the side that the network sees.
    """
    side = known(name).size + 2 * MARGIN
    return images.resize(images.centre_square(photo), side, side)


def view_at(name: str, photo: np.ndarray, down: int, right: int) -> np.ndarray:
    """Return what a network sees when the content is shifted: (S, S, 3), float32 in [0, 1].

    Nothing is padded: the window moves inside a larger photo, as a camera would.

    Raises
    ------
    ValueError
        If a shift is larger than `MARGIN`.
    """
    return _window(name, with_margin(name, photo), down, right)


def _window(name: str, wide: np.ndarray, down: int, right: int) -> np.ndarray:
    if max(abs(down), abs(right)) > MARGIN:
        raise ValueError(f"Expected shifts of at most {MARGIN} pixels.")
    side, top, left = known(name).size, MARGIN - down, MARGIN - right
    return wide[top : top + side, left : left + side]


def row_of_shifts(down: int) -> tuple[tuple[int, int], ...]:
    """Return no shift, then every shift to the side at one shift down."""
    return ((0, 0), *((down, right) for right in range(-MARGIN, MARGIN + 1)))


def shifted_answers(
    name: str,
    net: nn.Module,
    photo: np.ndarray,
    shifts: Sequence[tuple[int, int]] = ((0, 0), *NEIGHBOURS),
) -> ShiftedAnswers:
    """Ask a network about a photo at several shifts.

    Parameters
    ----------
    name : str
        A classifier among `nets.net_names`.
    net : nn.Module
        From ``nets.load(name)``, perhaps changed.
    photo : ndarray (H, W, 3), float in [0, 1]
    shifts : sequence of (rows, columns)
        The content's shift in pixels of the network's input, down and to the right; the first is
        what the others are held against.

    Returns
    -------
    ShiftedAnswers

    Raises
    ------
    ValueError
        If a shift is larger than `MARGIN`.
    """
    wide = with_margin(name, photo)
    views = (_window(name, wide, down, right) for down, right in shifts)
    with torch.inference_mode():
        logits = [net(nets.preprocess(name, view, device="cpu")) for view in views]
    chances = torch.cat(logits).softmax(1)
    first = int(chances[0].argmax())
    words = nets.labels(name)
    tops = tuple(words[index] for index in chances.argmax(1).tolist())
    return ShiftedAnswers(tuple(shifts), tops, chances[:, first].numpy().astype(float))


def count_first_guesses(
    plain: ShiftedAnswers, blurred: ShiftedAnswers, most: int = 4
) -> list[tuple[str, float, float]]:
    """Return how often each class comes first, over all shifts but the first entry.

    Parameters
    ----------
    plain, blurred : ShiftedAnswers
        Of one photo at the same shifts.
    most : int
        How many classes, those that come first most often.

    Returns
    -------
    list of (class, share, share with blur)

    Examples
    --------
    >>> one = ShiftedAnswers(((0, 0), (0, 1), (0, 2)), ("cat", "cat", "dog"), np.ones(3))
    >>> count_first_guesses(one, one)
    [('cat', 0.5, 0.5), ('dog', 0.5, 0.5)]
    """
    columns = [answers.tops[1:] for answers in (plain, blurred)]
    both = Counter(columns[0] + columns[1])
    names = [name for name, _ in both.most_common(most)]
    names.sort(key=lambda name: -columns[0].count(name))
    return [(name, *(column.count(name) / len(column) for column in columns)) for name in names]


def steadiness(name: str, net: nn.Module, photos: Sequence[np.ndarray]) -> Iterator[Steadiness]:
    """Move every photo by one pixel in four directions; yield the count so far after each.

    Parameters
    ----------
    name, net
        As for :func:`shifted_answers`.
    photos : sequence of ndarray (H, W, 3)

    Yields
    ------
    Steadiness
    """
    flips = comparisons = 0
    moved = 0.0
    changed: list[int] = []
    for number, photo in enumerate(photos):
        answers = shifted_answers(name, net, photo)
        flips += int(answers.changed.sum())
        comparisons += len(answers.shifts) - 1
        moved += float(np.abs(answers.chances[1:] - answers.chances[0]).sum())
        if answers.changed.any():
            changed.append(number)
        yield Steadiness(
            number + 1,
            comparisons,
            flips,
            moved / comparisons,
            (number + 1) / len(photos),
            tuple(changed),
        )
