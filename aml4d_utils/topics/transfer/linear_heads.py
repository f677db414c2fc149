"""The one layer that is new in a transferred network: a linear head on features.

Every row of features is first brought to length one, so that no statistics of the training
pictures are needed: with one label for each class there would be none to trust.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

STRENGTH = 100.0
"""How little the weights are held back (scikit-learn's C)."""


@dataclass(frozen=True)
class LinearHead:
    """One score for each class: a weighted sum of features of length one, and a bias.

    Attributes
    ----------
    weights : ndarray (D, K), float64
    bias : ndarray (K,), float64
    """

    weights: np.ndarray
    bias: np.ndarray

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Return the score of each class (N, K) for features (N, D)."""
        return to_length_one(features) @ self.weights + self.bias

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Return softmax scores (N, K) for features (N, D)."""
        scores = self.scores(features)
        powers = np.exp(scores - scores.max(1, keepdims=True))
        return powers / powers.sum(1, keepdims=True)

    def answers(self, features: np.ndarray) -> np.ndarray:
        """Return the class with the highest score, (N,), for features (N, D)."""
        return self.scores(features).argmax(1)


def to_length_one(features: np.ndarray) -> np.ndarray:
    """Return each row (N, D) divided by its length; a row of zeros stays.

    Examples
    --------
    >>> to_length_one(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    rows = np.asarray(features, dtype=np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def fit_head(features: np.ndarray, labels: np.ndarray, classes: int) -> LinearHead:
    """Fit a head by logistic regression; classes with fewer pictures count as much as others.

    Parameters
    ----------
    features : ndarray (N, D), float
    labels : ndarray (N,), int
        From 0 to `classes` - 1.
    classes : int
        At least 2.

    Returns
    -------
    LinearHead

    Raises
    ------
    ValueError
        If there is only one class, or a class without a picture.

    Examples
    --------
    >>> head = fit_head(np.array([[1.0, 0.1], [0.1, 1.0]]), np.array([0, 1]), 2)
    >>> head.answers(np.array([[5.0, 1.0], [0.2, 0.9]])).tolist()
    [0, 1]
    """
    from sklearn.linear_model import LogisticRegression

    if classes < 2:
        raise ValueError("A head tells classes apart: give it at least two.")
    missing = sorted(set(range(classes)) - set(np.unique(labels).tolist()))
    if missing:
        raise ValueError(f"There is no picture of class {missing[0]} to learn from.")
    model = LogisticRegression(C=STRENGTH, max_iter=1000, class_weight="balanced")
    # So few numbers: two threads spend their time on waiting.
    with _numeric_threads().limit(limits=1):
        rows = to_length_one(features)
        directions = _directions(rows)
        model.fit(rows @ directions, labels)
        weights = directions @ model.coef_.T
    if classes == 2:
        # For two classes the library keeps one score: half of it for, half against.
        half, bias = weights / 2, model.intercept_ / 2
        return LinearHead(np.hstack([-half, half]), np.concatenate([-bias, bias]))
    return LinearHead(weights, model.intercept_)


@cache
def _numeric_threads() -> ThreadpoolController:
    # To look for the libraries that start threads takes as long as a small fit.
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _directions(rows: np.ndarray) -> np.ndarray:
    """Return directions (D, M) in which the weights (D, K) that fit rows (N, D) best lie.

    The best weights are sums of the rows. So with fewer rows than numbers in a row, few directions
    do, and there the same fit is several times faster.
    """
    few = rows.shape[0] < rows.shape[1]
    return np.linalg.qr(rows.T).Q if few else np.eye(rows.shape[1])


def balanced_accuracy(answers: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean over the classes of the share of right answers.

    Examples
    --------
    >>> balanced_accuracy(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]))
    0.75
    """
    return float(np.mean([(answers[labels == k] == k).mean() for k in np.unique(labels)]))
