"""Style transfer in one pass: a net that learned to paint in any manner.

References
----------
.. [1] G. Ghiasi, H. Lee, M. Kudlur, V. Dumoulin and J. Shlens, "Exploring the structure of a
   real-time, arbitrary neural artistic stylization network", BMVC 2017.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch

from aml4d_utils import images, nets
from aml4d_utils.nets.fast_style import READER_SIDE, FastStyle

LONGEST = 384
_MULTIPLE = 4
_SHORTEST = 32


@dataclass(frozen=True)
class Painted:
    """A photo painted in one pass.

    Attributes
    ----------
    style : str
        What the style picture is called.
    strength : float
        0 to 1.
    photo, picture : ndarray (h, w, 3), float32 in [0, 1]
        Before and after.
    """

    style: str
    strength: float
    photo: np.ndarray
    picture: np.ndarray

    @property
    def moved(self) -> float:
        """Return the mean absolute change of a colour."""
        return float(np.abs(self.picture - self.photo).mean())

    @property
    def texture(self) -> float:
        """Return how strongly it changes from pixel to pixel, in units of the photo's."""
        steps = [
            float(np.abs(np.diff(picture, axis=1)).mean()) for picture in (self.photo, self.picture)
        ]
        return steps[1] / max(steps[0], 1e-3)


@cache
def _net() -> FastStyle:
    return nets.load("fast_style", "cpu")


def style_numbers(picture: np.ndarray) -> np.ndarray:
    """Read a picture's manner into 100 numbers.

    Parameters
    ----------
    picture : ndarray (H, W, 3)
        Anything that `images.as_float` accepts; seen as a square of 256 pixels.

    Returns
    -------
    ndarray (100,), float32
    """
    square = images.resize(picture, READER_SIDE, READER_SIDE)
    with torch.inference_mode():
        return _net().reader(nets.as_tensor(square, "cpu"))[0].numpy().copy()


class Studio:
    """A photo, and styles whose numbers have been read before.

    Parameters
    ----------
    photo : ndarray (H, W, 3)
        Anything that `images.as_float` accepts.
    longest : int
        Of the painting's sides, in pixels.
    """

    def __init__(self, photo: np.ndarray, longest: int = LONGEST):
        small = images.fit(photo, longest)
        height, width = (
            max(_SHORTEST, round(side / _MULTIPLE) * _MULTIPLE) for side in small.shape[:2]
        )
        self.photo = images.resize(small, height, width)
        self._own = style_numbers(self.photo)
        self._read: dict[str, np.ndarray] = {}

    def paint(self, name: str, style: np.ndarray, strength: float = 1.0) -> Painted:
        """Paint the photo in the manner of a picture.

        Parameters
        ----------
        name : str
            What the style is called; its numbers are remembered under this name.
        style : ndarray (H, W, 3)
        strength : float
            1 takes the style's 100 numbers, 0 the photo's own, and between them is the way
            between.

        Raises
        ------
        ValueError
            If the strength is not from 0 to 1, or as `images.as_float`.
        """
        if not 0 <= strength <= 1:
            raise ValueError(f"Expected a strength from 0 to 1, but got {strength}.")
        if name not in self._read:
            self._read[name] = style_numbers(style)
        numbers = strength * self._read[name] + (1 - strength) * self._own
        with torch.inference_mode():
            painted = _net()(nets.as_tensor(self.photo, "cpu"), torch.from_numpy(numbers)[None])
        return Painted(name, strength, self.photo, nets.as_image(painted))
