"""Enlarge a part of a photo whose true pixels are known, by several methods, and compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.super_resolution.enlarging import METHODS, SMALL_NET, enlarge
from aml4d_utils.topics.super_resolution.measures import Detail, detail, psnr, sharpness
from aml4d_utils.topics.super_resolution.shrinking import as_levels, shrink

SIDE = 192
"""Height and width of the part of a photo, in pixels; the methods see a quarter of it."""

LONGEST = 1024

EXAMPLES = {
    "astronaut": (20, 130),
    "chelsea": (70, 120),
    "coffee": (150, 200),
    "rocket": (110, 210),
}
"""Photo: upper left corner of the part that the lesson compares."""


@dataclass(frozen=True)
class Quality:
    """What one method made of one part of a photo.

    Attributes
    ----------
    method : str
    picture : ndarray (S, S, 3), float32 in [0, 1]
    psnr : float
        In decibels, against the true picture.
    sharpness : float
        In units of the true picture's.
    detail : Detail
    """

    method: str
    picture: np.ndarray
    psnr: float
    sharpness: float
    detail: Detail


@dataclass(frozen=True)
class Comparison:
    """A part of a photo, the true one and as far as methods have enlarged it.

    Attributes
    ----------
    name : str
        Of the photo.
    corner : tuple of int
        Row and column of the part in the photo.
    true : ndarray (S, S, 3), float32 in [0, 1]
    small : ndarray (S / 4, S / 4, 3), float32 in [0, 1]
        What the methods see.
    qualities : tuple of Quality
        One for each method that is ready.
    fraction : float
        Share of the work done, 0 to 1.
    """

    name: str
    corner: tuple[int, int]
    true: np.ndarray
    small: np.ndarray
    qualities: tuple[Quality, ...]
    fraction: float

    def by(self, method: str) -> Quality | None:
        """Return what a method made, or None while it is not ready."""
        return next((quality for quality in self.qualities if quality.method == method), None)


def prepared(photo: np.ndarray) -> np.ndarray:
    """Return a photo of which a part can be cut: at most 1024 pixels a side, at least 192.

    A photo with a shorter side is stretched.
    """
    photo = images.fit(photo, LONGEST)
    height, width = (max(side, SIDE) for side in photo.shape[:2])
    return as_levels(images.resize(photo, height, width))


def corner_at(photo: np.ndarray, down: float, across: float) -> tuple[int, int]:
    """Return the corner of a part whose place is given in shares of the room there is, 0 to 1."""
    height, width = photo.shape[:2]
    return round(down * (height - SIDE)), round(across * (width - SIDE))


def place_of(photo: np.ndarray, row: int, col: int) -> tuple[float, float]:
    """Return the place, in shares of the room there is, of the part around a pixel."""
    rooms = [max(1, side - SIDE) for side in photo.shape[:2]]
    corner = row - SIDE / 2, col - SIDE / 2
    down, across = (min(1.0, max(0.0, at / room)) for at, room in zip(corner, rooms, strict=True))
    return down, across


def compare(
    name: str,
    photo: np.ndarray,
    corner: tuple[int, int],
    methods: Sequence[str] = METHODS,
    ready: Mapping[str, Quality] | None = None,
) -> Iterator[Comparison]:
    """Shrink a part of a photo to a quarter and let methods make it as large as before.

    Parameters
    ----------
    name : str
        What the photo is called.
    photo : ndarray (H, W, 3), float32 in [0, 1]
        At least 192 pixels a side, as `prepared` gives it.
    corner : tuple of int
        Row and column of the part's upper left pixel.
    methods : sequence of str
        Of `METHODS`.
    ready : mapping, optional
        Method: what it has made of the very same part before.

    Yields
    ------
    Comparison
        After each step of each method.

    Raises
    ------
    ValueError
        If the part does not lie inside the photo.
    """
    top, left = corner
    true = photo[top : top + SIDE, left : left + SIDE]
    if top < 0 or left < 0 or true.shape[:2] != (SIDE, SIDE):
        raise ValueError(f"A part of {SIDE} pixels at {corner} is not inside the photo.")
    small = shrink(true)
    done = []
    for number, method in enumerate(methods):
        quality = (ready or {}).get(method)
        if quality is None:
            for step in enlarge(method, small):
                share = (number + step.fraction) / len(methods)
                yield Comparison(name, corner, true, small, tuple(done), 0.99 * share)
            quality = Quality(
                method,
                step.picture,
                psnr(true, step.picture),
                sharpness(true, step.picture),
                detail(true, step.picture),
            )
        done.append(quality)
    yield Comparison(name, corner, true, small, tuple(done), 1.0)


@dataclass(frozen=True)
class Tradeoff:
    """Several photos, each enlarged by every method.

    Attributes
    ----------
    comparisons : tuple of Comparison
        As many as are ready.
    fraction : float
        Share of the work done, 0 to 1.
    """

    comparisons: tuple[Comparison, ...]
    fraction: float


def tradeoff(names: Sequence[str] = tuple(EXAMPLES)) -> Iterator[Tradeoff]:
    """Compare the methods on the lesson's photos, none of which the small net learned from.

    Parameters
    ----------
    names : sequence of str
        Of `EXAMPLES`.
    """
    finished: list[Comparison] = []
    for name in names:
        photo = prepared(images.photo(name))
        for step in compare(name, photo, EXAMPLES[name]):
            share = (len(finished) + step.fraction) / len(names)
            yield Tradeoff(tuple(finished), 0.999 * share)
        finished.append(step)
    yield Tradeoff(tuple(finished), 1.0)


LEFTS = ("the true picture", "the small picture", "bicubic", "small net")


class Bench:
    """Photos to choose from, and what was made of their parts so far.

    Parameters
    ----------
    photos : mapping
        Name: photo, as `images.photo` gives it.
    """

    def __init__(self, photos: Mapping[str, np.ndarray]):
        self.photos = {name: prepared(photo) for name, photo in photos.items()}
        self._made: dict[tuple, dict[str, Quality]] = {}

    def forget(self) -> None:
        """Forget what was made."""
        self._made.clear()

    def compare(self, name: str, down: float, across: float, method: str) -> Iterator[Comparison]:
        """Compare a method with the quick ones, at a place in shares of the room, 0 to 1."""
        photo = self.photos[name]
        corner = corner_at(photo, down, across)
        made = self._made.setdefault((name, corner), {})
        wanted = dict.fromkeys((*METHODS[: METHODS.index(SMALL_NET) + 1], *made, method))
        for step in compare(name, photo, corner, tuple(wanted), made):
            made.update((quality.method, quality) for quality in step.qualities)
            yield step


def wiped(comparison: Comparison, method: str, left: str, share: float) -> np.ndarray:
    """Return one picture: left of a line something to compare with, right of it the enlarged one.

    Parameters
    ----------
    comparison : Comparison
    method : str
        Whose picture stands right of the line; while it is not ready, bicubic does.
    left : str
        One of `LEFTS`.
    share : float
        Where the line is, 0 to 1.
    """
    shown = comparison.by(method) or comparison.qualities[0]
    others = {
        LEFTS[0]: lambda: comparison.true,
        LEFTS[1]: lambda: comparison.small.repeat(4, 0).repeat(4, 1),
        LEFTS[2]: lambda: comparison.qualities[0].picture,
        LEFTS[3]: lambda: comparison.qualities[1].picture,
    }
    edge = round(share * shown.picture.shape[1])
    return np.concatenate([others[left]()[:, :edge], shown.picture[:, edge:]], axis=1)
