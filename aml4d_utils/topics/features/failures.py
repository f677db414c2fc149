"""Where matching fails: even, repeated and strongly tilted things, counted.

References
----------
.. [1] K. Mikolajczyk et al., "A comparison of affine region detectors", International Journal of
   Computer Vision 65, 2005, doi:10.1007/s11263-005-3848-x.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.features.transforms import View
from aml4d_utils.topics.features.two_views import look_twice

_SIDE = 240


@dataclass(frozen=True)
class Failure:
    """One photo seen again, and what matching made of it.

    Attributes
    ----------
    name : str
        What was done.
    again : ndarray (S, S, 3), float32 in [0, 1]
        The second view.
    keypoints : int
        Of the photo, still in view.
    right, wrong : int
        Matches that pass the ratio test.
    """

    name: str
    again: np.ndarray
    keypoints: int
    right: int
    wrong: int

    @property
    def trusted(self) -> float:
        """Share of the kept matches that is right; 0 where none is kept."""
        return self.right / max(1, self.right + self.wrong)


def failures(photo: np.ndarray, ratio: float = 0.8) -> list[Failure]:
    """Match a photo, a brick wall and an even card with tilted views of themselves.

    Parameters
    ----------
    photo : ndarray (H, W, 3), float in [0, 1]
    ratio : float
        Of the ratio test.

    Returns
    -------
    list of Failure
    """
    wall = images.photo("brick")
    card = np.full((160, 240, 3), 0.5, dtype=np.float32)
    cases = (
        ("your photo, tilted 30°", photo, 30),
        ("your photo, tilted 65°", photo, 65),
        ("a brick wall, tilted 30°", wall, 30),
        ("a brick wall, tilted 55°", wall, 55),
        ("an even grey card", card, 30),
    )
    return [_match(name, images.fit(one, _SIDE), tilt, ratio) for name, one, tilt in cases]


def _match(name: str, photo: np.ndarray, tilt: float, ratio: float) -> Failure:
    two = look_twice(photo, View(tilt=tilt), _SIDE)
    kept = two.kept(ratio)
    right, wrong = int((kept & two.right).sum()), int((kept & ~two.right).sum())
    return Failure(name, two.again, two.in_view, right, wrong)
