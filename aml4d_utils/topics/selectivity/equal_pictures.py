"""Faces and other things, made equal in everything that is cheap to tell apart.

The faces are 25 × 25 pixels and grey. Beside sharp colour photographs, a unit could tell them by
their blur, so everything is brought to the same size, to grey, and to the same mean and contrast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils import images
from aml4d_utils.images import Cutout

SIDE = 25
MEAN, CONTRAST = 0.5, 0.17
"""Mean and standard deviation of the grey values of every picture."""

FACES = "faces"
PIECES = "pieces of photos"
KINDS = {
    "animals": ("mammals", "birds", "sea life", "small creatures"),
    "plants and food": ("flowers", "fruit", "vegetables", "plants"),
    "made things": ("household", "tools", "vehicles", "instruments", "sports"),
}
"""Groups beside the faces, and the categories of cut-outs that they are made of."""

GROUPS = (FACES, PIECES, *KINDS)
_SEED = 3
_PLAIN = 1e-4
_ROUNDS = 10


def equalise(picture: np.ndarray) -> np.ndarray:
    """Return a picture at 25 × 25 pixels, grey, with the mean and contrast of all others.

    Parameters
    ----------
    picture : ndarray (H, W), (H, W, 3), float in [0, 1]
        Its square in the middle is taken.

    Returns
    -------
    ndarray (25, 25), float32 in [0, 1]
        A picture without any contrast becomes plain grey.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> equal = equalise(rng.random((60, 40)))
    >>> equal.shape, round(float(equal.mean()), 2), round(float(equal.std()), 2)
    ((25, 25), 0.5, 0.17)
    """
    grey = images.grey(images.resize(images.centre_square(picture), SIDE, SIDE))
    return _same_light(grey)


def _same_light(grey: np.ndarray) -> np.ndarray:
    """Set mean and contrast; again where values had to be cut off at black and white."""
    values = np.asarray(grey, np.float64)
    if values.std() <= _PLAIN:
        return np.full(values.shape, MEAN, np.float32)
    for _ in range(_ROUNDS):
        values = np.clip(MEAN + (values - values.mean()) * (CONTRAST / values.std()), 0, 1)
    return values.astype(np.float32)


def upside_down(pictures: np.ndarray) -> np.ndarray:
    """Return pictures (N, H, W) with the top row at the bottom."""
    return np.ascontiguousarray(pictures[:, ::-1])


def scrambled(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return pictures whose waves are all there, but out of place.

    Each picture is a sum of waves. Their strengths stay, so width and orientation of light and
    dark are the same; where each wave begins is drawn anew, so no part finds its place.

    Parameters
    ----------
    pictures : ndarray (N, H, W), float in [0, 1]
    rng : numpy.random.Generator

    Returns
    -------
    ndarray (N, H, W), float32 in [0, 1]
        With the mean and contrast of all others.

    Notes
    -----
    Kanwisher and her colleagues exchanged square pieces instead. That adds edges which were not
    there before, and a low layer hears them.
    """
    found = []
    for picture in pictures:
        noise = np.fft.fft2(rng.standard_normal(picture.shape))
        turned = np.abs(np.fft.fft2(picture - picture.mean())) * np.exp(1j * np.angle(noise))
        found.append(_same_light(np.fft.ifft2(turned).real))
    return np.array(found)


@dataclass(frozen=True)
class PictureHalf:
    """One half of the pictures: units are chosen on one, and tested on the other.

    Attributes
    ----------
    groups : dict of ndarray (N, 25, 25), float32
        By the names in `GROUPS`.
    """

    groups: dict[str, np.ndarray]

    @property
    def faces(self) -> np.ndarray:
        """The faces."""
        return self.groups[FACES]

    def counts(self) -> dict[str, int]:
        """How many pictures each group has."""
        return {name: len(pictures) for name, pictures in self.groups.items()}


def both_halves() -> tuple[PictureHalf, PictureHalf]:
    """Return the pictures to choose units on and those to test them on.

    No photograph is in both: cut-outs go by their originals, one picture of each; the faces and
    pieces of photos are split as in every lesson, 60 to 40.
    """
    data = images.faces()
    choosing = {FACES: data.train_faces, PIECES: data.train_others}
    testing = {FACES: data.test_faces, PIECES: data.test_others}
    for name, categories in KINDS.items():
        chosen = [one for category in categories for one in images.cutouts(category)]
        for half, part in zip((choosing, testing), images.split(chosen, 0.4, _SEED), strict=True):
            half[name] = np.array([filling(one.rgba) for one in _one_of_each(part)])
    return tuple(
        PictureHalf({name: np.array([equalise(p) for p in half[name]]) for name in GROUPS})
        for half in (choosing, testing)
    )


def _one_of_each(chosen: Sequence[Cutout]) -> list[Cutout]:
    return list({one.original: one for one in reversed(chosen)}.values())[::-1]


def filling(rgba: np.ndarray) -> np.ndarray:
    """Return the square of a cut-out that holds most of it, so that it fills its picture as a face.

    Parameters
    ----------
    rgba : ndarray (H, W, 4), float in [0, 1]

    Returns
    -------
    ndarray (25, 25), float32 in [0, 1]
        Grey; beside the thing lies its own mean grey.
    """
    mask = rgba[..., 3]
    grey = images.grey(rgba[..., :3])
    grey = grey * mask + (grey * mask).sum() / max(float(mask.sum()), 1e-6) * (1 - mask)
    short = min(mask.shape)
    tall = mask.shape[0] > mask.shape[1]
    along = np.concatenate([[0], mask.sum(axis=1 if tall else 0).cumsum()])
    start = int((along[short:] - along[:-short]).argmax())
    rows, cols = (slice(start, start + short), slice(None))[:: 1 if tall else -1]
    return images.resize(grey[rows, cols], SIDE, SIDE)[..., 0]
