"""The sealed test once more, under conditions that a camera in use will meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils import images
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.challenges.hiding import occlude
from aml4d_utils.topics.detector.condition_sweep import Hardship
from aml4d_utils.topics.detector.degrading import Trouble, degrade
from aml4d_utils.topics.model_card.sealed_test import SealedTest
from aml4d_utils.topics.own_classes.model_bundle import OwnClassifier
from aml4d_utils.topics.own_classes.teaching import BODY

CONDITIONS: dict[str, Hardship] = {
    one.name: one
    for one in (
        Hardship("distance", "share of the width that is left", (1, 0.6, 0.4, 0.25), "share"),
        Hardship("tilt", "degrees", (0, 45, 90, 180), "turn"),
        Hardship("blur", "pixels", (0, 1.5, 3, 5), "blur"),
        Hardship("darkness", "share of the light that is left", (1, 0.3, 0.12, 0.05), "light"),
        Hardship("noise", "standard deviation", (0, 0.1, 0.25, 0.5), "noise"),
        Hardship("hidden", "share, from the left", (0, 0.25, 0.5, 0.7), "hidden"),
    )
}
"""What is tried; the first value of each leaves the picture as it is."""


def harden(picture: np.ndarray, name: str, value: float, seed: int = 3) -> np.ndarray:
    """Return a picture under one condition.

    Parameters
    ----------
    picture : ndarray (H, W, 3), uint8
    name : str
        Of `CONDITIONS`.
    value : float
    seed : int
        Of the noise.

    Returns
    -------
    ndarray (H, W, 3), uint8

    Examples
    --------
    >>> white = np.full((2, 4, 3), 255, np.uint8)
    >>> harden(white, "hidden", 0.5)[0, :, 0].tolist()
    [64, 64, 255, 255]
    """
    change = CONDITIONS[name].change
    image = images.as_float(picture)
    if change == "hidden":
        return images.as_uint8(occlude(image, np.ones(image.shape[:2]), float(value)))
    trouble = Trouble(**{change: float(value)})
    return images.as_uint8(degrade(image, trouble, np.random.default_rng(seed)))


@dataclass(frozen=True)
class AccuracyCurve:
    """How many of the sealed things are named, or found, under one condition, from easy to hard.

    Attributes
    ----------
    name : str
    axis : str
        What its values are, in words.
    values : tuple of K float
    right : tuple of K int
        As far as it was measured.
    total : int
        Things in the test.
    """

    name: str
    axis: str
    values: tuple[float, ...]
    right: tuple[int, ...]
    total: int

    @property
    def shares(self) -> np.ndarray:
        """Right answers as a share of all: ndarray (K,)."""
        return np.array(self.right) / self.total

    @property
    def intervals(self) -> np.ndarray:
        """The 95 % interval of each share: ndarray (K, 2)."""
        return np.array([wilson(share, self.total) for share in self.shares])

    @property
    def lost(self) -> float:
        """What the hardest value costs: the first share minus the last."""
        return float(self.shares[0] - self.shares[-1])


@dataclass(frozen=True)
class HardTest:
    """All curves so far.

    Attributes
    ----------
    curves : dict of str to AccuracyCurve
        Those that are finished.
    fraction : float in [0, 1]
    """

    curves: dict[str, AccuracyCurve]
    fraction: float

    @property
    def worst(self) -> AccuracyCurve:
        """The curve that loses most; of equal ones the first."""
        return max(self.curves.values(), key=lambda curve: curve.lost)


def hard_test(
    model: OwnClassifier, test: SealedTest, names: Sequence[str] = tuple(CONDITIONS)
) -> Iterator[HardTest]:
    """Measure a model on a sealed test under every condition.

    Parameters
    ----------
    model : OwnClassifier
    test : SealedTest
    names : sequence of str
        Of `CONDITIONS`.

    Yields
    ------
    HardTest
        A step further each time; the last one is complete.
    """
    curves: dict[str, AccuracyCurve] = {}
    # The first value of every condition is the test as it is.
    tried = 1 + sum(len(CONDITIONS[name].values) - 1 for name in names)
    done = 0
    for look in model.bodies.look(BODY, test.pictures):
        yield HardTest({}, look.fraction / tried)
    plain = _right(model, test.pictures, test.labels)
    done = 1
    for name in names:
        right = [plain]
        for value in CONDITIONS[name].values[1:]:
            pictures = np.stack([harden(p, name, value) for p in test.pictures])
            for look in model.bodies.look(BODY, pictures):
                yield HardTest(dict(curves), (done + 0.99 * look.fraction) / tried)
            right.append(_right(model, pictures, test.labels))
            done += 1
        axis, values = CONDITIONS[name].axis, CONDITIONS[name].values
        curves[name] = AccuracyCurve(name, axis, values, tuple(right), len(test))
        yield HardTest(dict(curves), done / tried)


def _right(model: OwnClassifier, pictures: np.ndarray, labels: np.ndarray) -> int:
    return int((model.chances(pictures).argmax(1) == labels).sum())
