"""A sealed test that is opened too often: choosing by it makes it lie.

Many heads are taught with other handfuls of photos. The one that does best on the sealed test is
chosen, and then asked about photos that nobody has chosen by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.transfer.linear_heads import fit_head
from aml4d_utils.topics.transfer.tasks import Task, split_task
from aml4d_utils.topics.transfer.trained_bodies import Bodies

SEALED = 24
TRIES = 30
LABELS = 2
DRAWS = 200
BODY = "Lite0"


@dataclass(frozen=True)
class OpenedOften:
    """What the chosen head reaches on the sealed test that it was chosen by, and on fresh photos.

    Attributes
    ----------
    right : ndarray (T, N), bool
        Whether each try so far is right about each test photo.
    sealed, fresh : ndarray (D,), float
        For each draw of a sealed test out of the photos: the share of right answers of the try
        that does best on it, there and on the photos that stay fresh.
    sizes : tuple of 2 int
        Photos in a sealed test, and fresh ones.
    fraction : float
    """

    right: np.ndarray
    sealed: np.ndarray
    fresh: np.ndarray
    sizes: tuple[int, int]
    fraction: float

    @property
    def promised_too_much(self) -> float:
        """By how much the chosen one is better on the sealed test than on fresh photos: a mean."""
        return float((self.sealed - self.fresh).mean())


def choose_by_sealed(right: np.ndarray, draws: int, sealed: int, rng: np.random.Generator):
    """Choose the best try by a sealed test, and ask it about the photos that stay fresh.

    Parameters
    ----------
    right : ndarray (T, N), bool
    draws : int
        How often another sealed test is drawn.
    sealed : int
        Photos in it.
    rng : numpy.random.Generator

    Returns
    -------
    sealed, fresh : ndarray (draws,), float

    Examples
    --------
    >>> right = np.eye(4, dtype=bool)
    >>> best, rest = choose_by_sealed(right, 3, 2, np.random.default_rng(0))
    >>> best.tolist(), rest.tolist()
    ([0.5, 0.5, 0.5], [0.0, 0.0, 0.0])
    """
    shares = np.zeros((2, draws))
    for draw in range(draws):
        order = rng.permutation(right.shape[1])
        on_sealed = right[:, order[:sealed]].mean(1)
        chosen = int(on_sealed.argmax())
        shares[:, draw] = on_sealed[chosen], right[chosen, order[sealed:]].mean()
    return shares[0], shares[1]


def open_often(
    bodies: Bodies, task: Task, tries: int = TRIES, sealed: int = SEALED, seed: int = 5
) -> Iterator[OpenedOften]:
    """Teach many heads, choose the best by a small sealed test, and judge it by fresh photos.

    Parameters
    ----------
    bodies : Bodies
    task : Task
    tries : int
        Heads, each taught with other photos, `LABELS` of each class.
    sealed : int
        Photos in the sealed test.
    seed : int

    Yields
    ------
    OpenedOften
        After each try.
    """
    rng = np.random.default_rng(seed)
    split = split_task(task, most=10, seed=seed, test_most=20)
    features = bodies.features(BODY, task.pictures)
    test, labels = features[split.test], task.labels[split.test]
    right = np.zeros((tries, len(test)), bool)
    for number in range(tries):
        learned = np.concatenate([rng.choice(pool, LABELS, replace=False) for pool in split.pools])
        head = fit_head(features[learned], task.labels[learned], len(task.classes))
        right[number] = head.answers(test) == labels
        done = right[: number + 1]
        shares = choose_by_sealed(done, DRAWS, sealed, np.random.default_rng(seed))
        yield OpenedOften(done, *shares, (sealed, len(test) - sealed), (number + 1) / tries)
