"""Hold a detector of fakes against real faces and fakes that it has never seen.

References
----------
.. [1] S.-Y. Wang, O. Wang, R. Zhang, A. Owens and A. A. Efros, "CNN-generated images are
   surprisingly easy to spot... for now", CVPR 2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import nn

from aml4d_utils import images, nets
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.deepfakes.eigenfaces import eigenfaces
from aml4d_utils.topics.deepfakes.makers import invented, swaps
from aml4d_utils.topics.deepfakes.small_faces import WAYS, as_small_faces, normalised

KNOWN, SWAP, EIGEN = "the generator it knows", "the face swap", "eigenfaces"
MAKERS = (KNOWN, SWAP, EIGEN)
FAKES = 200
_SEEDS = {KNOWN: 2026, SWAP: 2027, EIGEN: 2028}


@cache
def detector() -> nn.Module:
    """Return the detector, on the processor."""
    return nets.load("fake_detector", "cpu")


@cache
def fakes_of(maker: str, count: int = FAKES) -> np.ndarray:
    """Return fakes of a maker that the detector has not seen, (N, 25, 25), float32 in [0, 1]."""
    if maker == EIGEN:
        return eigenfaces(count, np.random.default_rng(_SEEDS[maker]))
    make = {KNOWN: invented, SWAP: swaps}[maker]
    return as_small_faces(make(count, torch.Generator().manual_seed(_SEEDS[maker])))


@cache
def real_faces() -> np.ndarray:
    """Return the 40 real faces that the detector has not seen, (40, 25, 25), float32 in [0, 1]."""
    return images.faces().test_faces


def suspicion(net: nn.Module, faces: np.ndarray) -> np.ndarray:
    """Return how fake faces look to a detector.

    Parameters
    ----------
    net : nn.Module
        From `detector`.
    faces : ndarray (N, 25, 25), float in [0, 1]

    Returns
    -------
    ndarray (N,), float64
        0 to 1; above 0.5 the detector holds a face for fake, if real and fake are equally likely.
    """
    pixels = torch.from_numpy(normalised(faces)).float()[:, None]
    with torch.inference_mode():
        return net(pixels).sigmoid().double().numpy()


@dataclass(frozen=True)
class Roc:
    """The whole range of thresholds at a glance.

    Attributes
    ----------
    false_alarms, found : ndarray (T,), float64
        The shares of real faces and of fakes whose suspicion reaches the threshold, from the
        highest threshold (0, 0) to the lowest (1, 1).
    area : float
        Below the curve: how often a fake looks more suspicious than a real face, of all pairs.
        0.5 is chance.
    """

    false_alarms: np.ndarray
    found: np.ndarray
    area: float


def roc(real: np.ndarray, fake: np.ndarray) -> Roc:
    """Return the ROC curve of two sets of suspicions.

    Parameters
    ----------
    real, fake : ndarray (N,), (M,)
        Not empty.

    Examples
    --------
    >>> curve = roc(np.array([0.1, 0.4]), np.array([0.35, 0.8]))
    >>> curve.area
    0.75
    >>> curve.found.tolist(), curve.false_alarms.tolist()
    ([0.0, 0.5, 0.5, 1.0, 1.0], [0.0, 0.0, 0.5, 0.5, 1.0])
    """
    thresholds = np.unique(np.concatenate([real, fake]))[::-1]
    shares = [
        np.concatenate([[0.0], (scores[None] >= thresholds[:, None]).mean(1)])
        for scores in (real, fake)
    ]
    difference = fake[:, None] - real[None]
    area = float((difference > 0).mean() + 0.5 * (difference == 0).mean())
    return Roc(*shares, area)


@dataclass(frozen=True)
class Trial:
    """The detector before real faces and fakes, with one threshold.

    Attributes
    ----------
    maker : str
        Of the fakes.
    way : str
        What happened to all pictures before.
    threshold : float
        Faces whose suspicion reaches it are called fake.
    real, fake : ndarray (N,), (M,), float64
        Suspicions.
    real_faces, fake_faces : ndarray (N, 25, 25), (M, 25, 25), float32
    roc, known : Roc
        Here, and with fakes of the known maker to which nothing happened.
    """

    maker: str
    way: str
    threshold: float
    real: np.ndarray
    fake: np.ndarray
    real_faces: np.ndarray
    fake_faces: np.ndarray
    roc: Roc
    known: Roc

    @property
    def found(self) -> int:
        """Return how many fakes are called fake."""
        return int((self.fake >= self.threshold).sum())

    @property
    def accused(self) -> int:
        """Return how many real faces are called fake."""
        return int((self.real >= self.threshold).sum())

    @property
    def found_interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the share of fakes found."""
        return wilson(self.found / len(self.fake), len(self.fake))

    @property
    def accused_interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the share of real faces accused."""
        return wilson(self.accused / len(self.real), len(self.real))


def try_detector(maker: str = KNOWN, way: str = "nothing", threshold: float = 0.5) -> Trial:
    """Show the detector the held-out real faces and fakes of one maker.

    Parameters
    ----------
    maker : str
        One of `MAKERS`.
    way : str
        One of `WAYS`: what happens to real faces and fakes alike before the detector sees them.
    threshold : float

    Raises
    ------
    ValueError
        If the maker or the way is not known.
    """
    if maker not in MAKERS or way not in WAYS:
        raise ValueError(f"Expected a maker of {', '.join(MAKERS)} and a way of {', '.join(WAYS)}.")
    *seen, curve = _judged(maker, way)
    return Trial(maker, way, threshold, *seen, curve, _judged(KNOWN, "nothing")[-1])


@cache
def _judged(maker: str, way: str) -> tuple:
    """Return suspicions and pictures of real faces and fakes, and the ROC curve."""
    sets = [WAYS[way](faces) for faces in (real_faces(), fakes_of(maker))]
    real, fake = (suspicion(detector(), faces) for faces in sets)
    return real, fake, *sets, roc(real, fake)
