"""Teach a network one's own classes, and find out by photos it did not learn from how good it is.

With few photos none can be spared for a test. So the photos are divided into folds, and each is
judged by a head that learned from the other folds; then the head that is kept learns from all. A
burst stays in one fold. Where it is torn apart, near-copies of the test photos are learned from,
and the result is too good: both numbers are computed, so that the difference can be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.topics.own_classes.photo_collection import PhotoCollection
from aml4d_utils.topics.transfer import fine_tuning
from aml4d_utils.topics.transfer.fine_tuning import Step
from aml4d_utils.topics.transfer.linear_heads import (
    LinearHead,
    balanced_accuracy,
    fit_head,
    to_length_one,
)
from aml4d_utils.topics.transfer.trained_bodies import Bodies, Seen

BODY = "Lite0"
FOLDS = 5
FOLDS_UNFROZEN = 2
"""Training the last block takes longer, so fewer photos are spared each time."""


@dataclass(frozen=True)
class Taught:
    """A taught network and what is known about it.

    Attributes
    ----------
    collection : PhotoCollection
    head : LinearHead
        Learned from all photos that are not from elsewhere.
    top : nn.Module or None
        The last block as it was tuned; None where it stayed frozen.
    chances : ndarray (N, K), float
        For each photo the probability of each class, by a network that had not learned from its
        burst; for photos from elsewhere, and where no burst can be spared, by the kept one.
    features : ndarray (N, D), float32
        Of the kept network.
    honest : float or None
        Balanced accuracy by bursts; None where no burst can be spared.
    careless : float or None
        The same where bursts are torn apart.
    elsewhere : float or None
        Share of the photos from elsewhere that are right; None without any.
    problem : str
        Why there is no honest number, or which class is small; may be empty.
    """

    collection: PhotoCollection
    head: LinearHead
    top: nn.Module | None
    chances: np.ndarray
    features: np.ndarray
    honest: float | None
    careless: float | None
    elsewhere: float | None
    problem: str
    fraction: float = 1.0

    @property
    def answers(self) -> np.ndarray:
        """The most probable class of each photo, (N,)."""
        return self.chances.argmax(1)

    @property
    def wrong(self) -> np.ndarray:
        """Places of the photos that are on the wrong side, the surest mistake first."""
        labels = np.array(self.collection.labels)
        wrong = np.flatnonzero(self.answers != labels)
        sure = self.chances[wrong, labels[wrong]]
        return wrong[np.argsort(sure, kind="stable")]

    def map_by_likeness(self) -> np.ndarray:
        """Return a place for each photo, (N, 2) in [0, 1]: the two directions that vary most."""
        rows = to_length_one(self.features)
        return _on_plane(rows, _directions(rows - rows.mean(0)))

    def map_by_scores(self) -> np.ndarray:
        """Return a place for each photo as the head sees it, (N, 2) in [0, 1].

        The first direction is the one in which the head's weights differ most between classes;
        with two classes, all that the head sees lies in it.
        """
        rows = to_length_one(self.features)
        weights = self.head.weights
        seen = _directions((weights - weights.mean(1, keepdims=True)).T)
        if len(self.collection.classes) == 2:
            rest = rows - rows.mean(0)
            rest = rest - np.outer(rest @ seen[0], seen[0])
            seen = np.stack([seen[0], _directions(rest)[0]])
        return _on_plane(rows, seen)

    def strongest_weights(self, count: int = 64) -> np.ndarray:
        """Return the weights of the features that tell the classes apart most, (K, count)."""
        centred = self.head.weights - self.head.weights.mean(1, keepdims=True)
        order = np.argsort(-np.ptp(centred, axis=1), kind="stable")[:count]
        return centred[order].T


def _directions(rows: np.ndarray) -> np.ndarray:
    """Return the two directions in which rows (N, D) vary most, (2, D), with a fixed sign."""
    found = np.linalg.svd(rows, full_matrices=False)[2][:2]
    if len(found) < 2:
        found = np.vstack([found, np.zeros_like(found)])
    largest = np.abs(found).argmax(1)
    return found * np.where(found[np.arange(2), largest] < 0, -1, 1)[:, None]


def _on_plane(rows: np.ndarray, directions: np.ndarray) -> np.ndarray:
    places = rows @ directions.T
    low, span = places.min(0), np.ptp(places, axis=0)
    return np.where(span > 1e-12, (places - low) / np.where(span > 1e-12, span, 1), 0.5)


def folds_of(bursts: list[str], labels: np.ndarray, most: int = FOLDS) -> np.ndarray | None:
    """Divide photos into folds so that each burst stays in one and each class is in all.

    Parameters
    ----------
    bursts : list of N str
    labels : ndarray (N,), int
        A burst whose photos are filed under several classes stays together all the same.
    most : int
        Folds at most.

    Returns
    -------
    ndarray (N,), int, or None
        The fold of each photo; None where a class has only one burst, so that none can be spared.

    Examples
    --------
    >>> folds_of(["a", "a", "b", "c", "d"], np.array([0, 0, 0, 1, 1])).tolist()
    [0, 0, 1, 0, 1]
    """
    first = {burst: label for burst, label in zip(reversed(bursts), reversed(labels), strict=True)}
    by_class: dict[int, list[str]] = {int(k): [] for k in np.unique(labels)}
    for burst in dict.fromkeys(bursts):
        by_class[int(first[burst])].append(burst)
    count = min(most, *map(len, by_class.values()))
    if count < 2:
        return None
    fold = {burst: k % count for mine in by_class.values() for k, burst in enumerate(mine)}
    return np.array([fold[burst] for burst in bursts])


def teach(
    bodies: Bodies, collection: PhotoCollection, unfrozen: bool = False
) -> Iterator[Seen | Step | Taught]:
    """Teach the classes of a collection.

    Parameters
    ----------
    bodies : Bodies
        Remembers photos it has seen, so that a correction takes no second look.
    collection : PhotoCollection
    unfrozen : bool
        Whether Lite0's last block learns too.

    Yields
    ------
    Seen, Step
        While it looks and trains. The last record is a `Taught`.

    Raises
    ------
    ValueError
        If a class has no photo to learn from.
    """
    learned = collection.to_learn_from()
    pictures = np.stack([photo.picture for photo in collection.photos])
    labels = np.array(collection.labels)
    yield from bodies.look(BODY, pictures)
    bursts = [collection.photos[k].burst for k in learned]
    most = FOLDS_UNFROZEN if unfrozen else FOLDS
    folds = folds_of(bursts, labels[learned], most)
    classroom = _Classroom(bodies, pictures, labels, len(collection.classes), unfrozen)
    head, top = yield from classroom.learn(learned)
    features = classroom.features(top)
    chances = head.probabilities(features)
    honest = careless = None
    if folds is not None:
        honest_chances = yield from classroom.spared(learned, folds)
        chances[learned] = honest_chances
        honest = balanced_accuracy(honest_chances.argmax(1), labels[learned])
        torn = np.random.default_rng(0).permutation(folds)
        if all(_complete(labels[learned][torn != k], labels[learned]) for k in np.unique(torn)):
            careless_chances = yield from classroom.spared(learned, torn)
            careless = balanced_accuracy(careless_chances.argmax(1), labels[learned])
    away = np.setdiff1d(np.arange(len(labels)), learned)
    right = chances[away].argmax(1) == labels[away]
    yield Taught(
        collection, head, top, chances, features, honest, careless,
        float(right.mean()) if len(away) else None, _problem(collection, folds),
    )  # fmt: skip


def _complete(some: np.ndarray, labels: np.ndarray) -> bool:
    return len(np.unique(some)) == len(np.unique(labels))


def _problem(collection: PhotoCollection, folds: np.ndarray | None) -> str:
    if folds is None:
        return (
            "There is no honest test: a class has a single burst, and none to spare. Take photos "
            "of it at another moment."
        )
    few, many = min(collection.counts), max(collection.counts)
    if many > 3 * few:
        small = collection.classes[collection.counts.index(few)]
        return (
            f"The classes are unequal: {small} has {few} photos, another one {many}. Each class "
            "counts as much as any other, but a small one is known badly."
        )
    return ""


class _Classroom:
    """The photos of one collection, and how heads and last blocks are taught with them."""

    def __init__(
        self,
        bodies: Bodies,
        pictures: np.ndarray,
        labels: np.ndarray,
        classes: int,
        unfrozen: bool,
    ):
        self.bodies = bodies
        self.labels = labels
        self.classes = classes
        self.unfrozen = unfrozen
        self.frozen = bodies.features(BODY, pictures)
        self.maps = None
        if unfrozen:
            maps = torch.from_numpy(bodies.maps(BODY, pictures))
            self.maps = maps.to(nets.choose_device())

    def learn(self, places: np.ndarray) -> Iterator[Step]:
        """Return (head, top), learned from the photos at some places."""
        head = fit_head(self.frozen[places], self.labels[places], self.classes)
        if not self.unfrozen:
            return head, None
        net = fine_tuning.tune_last_block(self.bodies.net(BODY), head).to(self.maps.device)
        yield from fine_tuning.training(
            net, self.maps[places], self.labels[places],
            steps=fine_tuning.LAST_STEPS, rate=fine_tuning.LAST_RATE, seed=0,
        )  # fmt: skip
        tuned = LinearHead(
            net.linear.weight.detach().cpu().numpy().T.astype(np.float64),
            net.linear.bias.detach().cpu().numpy().astype(np.float64),
        )
        return tuned, net.body.requires_grad_(False)

    def features(
        self, top: nn.Module | None, places: np.ndarray | slice = slice(None)
    ) -> np.ndarray:
        """Return the features of the photos at some places, (N, D), by a tuned or a frozen top."""
        if top is None:
            return self.frozen[places]
        with torch.inference_mode():
            return top(self.maps[places]).mean((2, 3)).cpu().numpy()

    def spared(self, places: np.ndarray, folds: np.ndarray) -> Iterator[Step]:
        """Return the probabilities of some photos, each by one that did not learn from its fold."""
        chances = np.zeros((len(places), self.classes))
        for fold in np.unique(folds):
            head, top = yield from self.learn(places[folds != fold])
            judged = folds == fold
            chances[judged] = head.probabilities(self.features(top, places[judged]))
        return chances
