"""The pictures in which each unit's favourite patches are sought.

They are all real photographs: squares of the bundled photos, cut-outs one by one on real
backgrounds, and scenes of three cut-outs. Every picture is made anew from its number, so that
nothing but numbers needs to be stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from aml4d_utils import images
from aml4d_utils.images import Cutout, Layout, Placement
from aml4d_utils.nets.squeezenet_layers import SIDE

SCENES = 60
_TWINS = ("motorcycle_right",)
_SQUARES = 5
_LENGTH = 0.85


@dataclass(frozen=True)
class Entry:
    """One picture of the collection: how to make it, and where its parts come from.

    Attributes
    ----------
    kind : str
        ``photo``, ``cut-out`` or ``scene``.
    name : str
        What it shows, in words.
    key : tuple
        What it is made from.
    """

    kind: str
    name: str
    key: tuple


@dataclass(frozen=True)
class CollectionPicture:
    """A picture of the collection and, for each pixel, the original that it comes from.

    Attributes
    ----------
    image : ndarray (227, 227, 3), float32 in [0, 1]
    origins : ndarray (227, 227), int8
        Index into ``names``.
    names : tuple of str
        The originals: a photo's name, or that of the photograph a cut-out was made from.
    """

    image: np.ndarray
    origins: np.ndarray
    names: tuple[str, ...]

    def original_at(self, row: int, col: int) -> str:
        """Return the original that a pixel comes from; places outside count as the nearest."""
        height, width = self.origins.shape
        place = (int(np.clip(row, 0, height - 1)), int(np.clip(col, 0, width - 1)))
        return self.names[self.origins[place]]


@cache
def collection() -> tuple[Entry, ...]:
    """Return all pictures, always in the same order.

    Examples
    --------
    >>> entries = collection()
    >>> entries[0].kind, entries[-1].kind
    ('photo', 'scene')
    """
    photos = [
        Entry("photo", images.describe_photo(name), (name, square))
        for name in images.photo_names()
        if name not in _TWINS
        for square in range(_SQUARES)
    ]
    grounds = images.background_names()
    singles = [
        Entry("cut-out", cutout.name.replace("_", " "), (number, grounds[number % len(grounds)]))
        for number, cutout in enumerate(_originals())
    ]
    scenes = [
        Entry("scene", "several things", (seed, grounds[seed % len(grounds)]))
        for seed in range(SCENES)
    ]
    return (*photos, *singles, *scenes)


@lru_cache(maxsize=16)
def collection_picture(index: int) -> CollectionPicture:
    """Make a picture of the collection from its number.

    Raises
    ------
    ValueError
        If there is no such number.
    """
    entries = collection()
    if not 0 <= index < len(entries):
        raise ValueError(f"The collection has the pictures 0 to {len(entries) - 1}; not {index}.")
    entry = entries[index]
    if entry.kind == "photo":
        name, square = entry.key
        image = images.resize(_square_of(images.photo(name), square), SIDE, SIDE)
        return CollectionPicture(image, np.zeros((SIDE, SIDE), np.int8), (name,))
    ground = images.background(entry.key[1], SIDE, SIDE)
    if entry.kind == "cut-out":
        cutout = _originals()[entry.key[0]]
        placement = Placement(cutout, SIDE / 2, SIDE / 2, _LENGTH * SIDE)
        return _composed(Layout(ground, (placement,)), entry.key[1])
    random = images.random_layout(
        entry.key[0], _originals(), count=3, size=(SIDE, SIDE), lengths=(0.3, 0.6)
    )
    return _composed(Layout(ground, random.placements), entry.key[1])


@cache
def _originals() -> tuple[Cutout, ...]:
    return tuple({cutout.original: cutout for cutout in images.cutouts()}.values())


def _square_of(photo: np.ndarray, square: int) -> np.ndarray:
    """Return the whole centred square (0), or one of four squares of 0.6 of its side."""
    whole = images.centre_square(photo)
    if square == 0:
        return whole
    side = round(0.6 * len(whole))
    top = 0 if square < 3 else len(whole) - side
    left = 0 if square % 2 else len(whole) - side
    return whole[top : top + side, left : left + side]


def _composed(layout: Layout, ground: str) -> CollectionPicture:
    scene = images.compose(layout)
    origins = np.zeros((SIDE, SIDE), np.int8)
    for number, mask in enumerate(scene.masks, start=1):
        origins[mask] = number
    names = (f"background {ground}", *(cutout.original for cutout in scene.cutouts))
    return CollectionPicture(scene.image, origins, names)


def two_animals() -> np.ndarray:
    """Return a scene with a hen on the left and a ferret on the right, on grass."""
    chosen = {cutout.name: cutout for cutout in images.cutouts()}
    ground = images.background("grass", SIDE, SIDE)
    placements = (
        Placement(chosen["brown hen"], SIDE / 2, 58, 108),
        Placement(chosen["ferret"], SIDE / 2, 170, 108),
    )
    return images.compose(Layout(ground, placements)).image
