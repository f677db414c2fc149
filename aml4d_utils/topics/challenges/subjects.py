"""What is put on the bench: things in 3-D, cut-outs, and the student's own photo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aml4d_utils.images import Cutout, as_float, centre_square, cutouts, resize
from aml4d_utils.solids import Lamp, Thing, Viewpoint, render, thing
from aml4d_utils.topics.poses.asking import NETS, accepted, leading_words

SIDE = 224
OWN = "your photo"
THINGS = (
    "motor scooter",
    "red sofa",
    "concrete park bench",
    "green folding chair",
    "blue table lamp",
    "cup and saucer",
    "clay jug",
    "laptop",
)
CUTOUTS = ("zebra", "brown bear", "brown hen", "large strawberry", "violin", "airliner")
_MARGIN = 0.1


@dataclass(frozen=True, eq=False)
class Subject:
    """Something that the networks are asked about; each is equal to itself only.

    Parameters
    ----------
    name : str
    words : dict of str to tuple of int
        By network: the classes that count as right.
    thing : Thing or None
        Where it is a thing in 3-D.
    flat : ndarray (224, 224, 4), float32 in [0, 1], or None
        Where it is a cut-out or a photo: the picture, and how much it covers.
    """

    name: str
    words: dict[str, tuple[int, ...]]
    thing: Thing | None = None
    flat: np.ndarray | None = None

    @property
    def whole(self) -> bool:
        """Whether it fills the picture, as a photo does."""
        return self.flat is not None and bool((self.flat[..., 3] == 1).all())

    def layer(self, yaw: float = 30.0, pitch: float = 15.0, lamp: Lamp | None = None) -> np.ndarray:
        """Return it alone: ndarray (224, 224, 4), float32 in [0, 1].

        What is flat has one side only: angles and lamp change nothing.
        """
        if self.thing is None:
            return self.flat
        return _rendered(self.thing, yaw, pitch, lamp or Lamp())


@lru_cache(maxsize=64)
def subject(name: str) -> Subject:
    """Return the thing in 3-D or the cut-out of a name; the same one at each call.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> subject("zebra").words["Lite0"]
    (340,)
    """
    for cutout in cutouts():
        if cutout.name == name:
            return of_cutout(cutout)
    return of_thing(thing(name))


def of_thing(shown: Thing) -> Subject:
    """Return a thing in 3-D as a subject."""
    return Subject(shown.name, {net: accepted(shown, net) for net in NETS}, thing=shown)


def of_cutout(shown: Cutout) -> Subject:
    """Return a cut-out as a subject, centred with a margin."""
    rgba = shown.rgba
    scale = SIDE * (1 - 2 * _MARGIN) / max(rgba.shape[:2])
    height, width = (max(1, round(length * scale)) for length in rgba.shape[:2])
    alpha = resize(rgba[..., 3], height, width)[..., :1]
    colour = resize(rgba[..., :3] * rgba[..., 3:], height, width)
    flat = np.zeros((SIDE, SIDE, 4), np.float32)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    part = flat[top : top + height, left : left + width]
    part[..., :3] = np.clip(colour / np.maximum(alpha, 1e-6), 0, 1)
    part[..., 3:] = alpha
    return Subject(shown.name, {net: accepted(shown, net) for net in NETS}, flat=flat)


def of_photo(photo: np.ndarray) -> Subject:
    """Return a photo's centred square as a subject.

    Nobody told what it shows. So each classifier is held to the three words that lead on the
    untouched photo, the detector to that of its surest box.

    Raises
    ------
    ValueError
        If it is no image.
    """
    square = resize(centre_square(as_float(photo)), SIDE, SIDE)
    flat = np.concatenate([square, np.ones((SIDE, SIDE, 1), np.float32)], axis=2)
    return Subject(OWN, {net: leading_words(net, square) for net in NETS}, flat=flat)


@lru_cache(maxsize=96)
def _rendered(shown: Thing, yaw: float, pitch: float, lamp: Lamp) -> np.ndarray:
    return render(shown, Viewpoint(yaw, pitch), lamp, 0.5, SIDE).rgba
