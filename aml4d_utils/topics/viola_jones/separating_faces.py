"""How well does one feature tell faces from other things?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.viola_jones.boosting import Stumps, WeakAnswer
from aml4d_utils.topics.viola_jones.haar import HaarFeature, all_features, feature_values


@dataclass(frozen=True)
class Separation:
    """One feature on all examples.

    Attributes
    ----------
    feature : HaarFeature
    values : ndarray (N,), float32
        The feature's value in each example.
    is_face : ndarray (N,), bool
    best : WeakAnswer or None
        The threshold with the fewest errors; None where all values are equal.
    better : int
        How many features of the comparison make fewer errors.
    compared : int
        How many features there are in the comparison.
    """

    feature: HaarFeature
    values: np.ndarray
    is_face: np.ndarray
    best: WeakAnswer | None
    better: int
    compared: int

    @property
    def mistakes(self) -> np.ndarray:
        """The examples on the wrong side of the best threshold: ndarray of int.

        Without a threshold nothing is told apart, and every example that is no face counts.
        """
        if self.best is None:
            return np.flatnonzero(~self.is_face)
        return np.flatnonzero(self.best.answers(self.values) != self.is_face)


class Contest:
    """Features against all others, on the same examples.

    Parameters
    ----------
    pictures : ndarray (N, S, S), float in [0, 1]
    is_face : ndarray (N,), bool
    step : int
        The comparison takes every feature whose place and size are multiples of it.
    """

    def __init__(self, pictures: np.ndarray, is_face: np.ndarray, step: int = 2):
        self.pictures = pictures
        self.is_face = is_face
        self._weights = np.full(len(is_face), 1 / len(is_face))
        features = all_features(pictures.shape[1], step, least=2)
        values = feature_values(features, pictures)
        self.errors = np.sort(Stumps(values, is_face).smallest_errors(self._weights))

    def separate(self, feature: HaarFeature) -> Separation:
        """Measure one feature on all examples and find its best threshold.

        Raises
        ------
        ValueError
            If the feature leaves the window.
        """
        values = feature_values([feature], self.pictures)
        try:
            best = Stumps(values, self.is_face).best(self._weights)
        except ValueError:
            best = None
        error = best.error if best else np.inf
        better = int(np.searchsorted(self.errors, error - 1e-9))
        return Separation(feature, values[0], self.is_face, best, better, len(self.errors))
