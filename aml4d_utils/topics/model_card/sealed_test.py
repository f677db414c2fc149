"""A test that is set aside before anything is learned, and sealed.

One photo of each burst is tested with, and the others of that burst are used for nothing: twenty
frames of one mug are one example, not twenty. The seal is a fingerprint: whoever changes a picture
or a label breaks it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils.topics.model_card.fingerprints import array_bytes, digest_of
from aml4d_utils.topics.own_classes.photo_collection import PhotoCollection

FEWEST_TO_LEARN = 2
"""Bursts of each class that must be left to learn from, so that it can be judged while learning."""


@dataclass(frozen=True)
class SealedTest:
    """Pictures that nothing was learned from, and what they show.

    Attributes
    ----------
    classes : tuple of str
    pictures : ndarray (N, SIDE, SIDE, 3), uint8
        One photo of each thing.
    labels : ndarray (N,), int
    names : tuple of N str
    """

    classes: tuple[str, ...]
    pictures: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def seal(self) -> str:
        """The fingerprint of pictures, labels and names: 64 letters."""
        words = json.dumps([self.classes, self.names]).encode()
        labels = np.asarray(self.labels, np.int64)
        return digest_of(words, array_bytes(labels), array_bytes(self.pictures))

    @property
    def counts(self) -> tuple[int, ...]:
        """How many things of each class there are."""
        return tuple(int((self.labels == k).sum()) for k in range(len(self.classes)))


@dataclass(frozen=True)
class Division:
    """A collection divided into what is learned from and what is sealed."""

    learned: PhotoCollection
    sealed: SealedTest


def set_aside(collection: PhotoCollection, per_class: int, rng: np.random.Generator) -> Division:
    """Set bursts of each class aside as a sealed test; what is left may be learned from.

    Parameters
    ----------
    collection : PhotoCollection
        Photos from elsewhere stay where they are: they are neither learned from nor sealed.
    per_class : int
        Bursts of each class to set aside.
    rng : numpy.random.Generator
        Draws them.

    Raises
    ------
    ValueError
        With a sentence, if a class has too few bursts.

    Examples
    --------
    >>> from aml4d_utils.topics.own_classes.photo_collection import example_collection
    >>> photos = example_collection(per_class=4, misfiled=False)
    >>> division = set_aside(photos, 2, np.random.default_rng(0))
    >>> len(division.learned), len(division.sealed), division.sealed.counts
    (8, 4, (2, 2))
    """
    if per_class < 1:
        raise ValueError("Set at least one thing of each class aside, or nothing is tested.")
    bursts = _bursts_by_class(collection)
    chosen: list[tuple[int, int]] = []
    gone: set[str] = set()
    for label, (name, mine) in enumerate(zip(collection.classes, bursts, strict=True)):
        spare = len(mine) - FEWEST_TO_LEARN
        if spare < per_class:
            raise ValueError(
                f"The class {name} has {len(mine)} thing{'s' * (len(mine) != 1)} (bursts): "
                f"{per_class} for the test and {FEWEST_TO_LEARN} to learn from need "
                f"{per_class + FEWEST_TO_LEARN}. Take photos of more things, or test with fewer."
            )
        for burst in sorted(rng.choice(len(mine), per_class, replace=False)):
            frames = mine[list(mine)[burst]]
            chosen.append((frames[len(frames) // 2], label))
            gone.add(list(mine)[burst])
    left = [
        k for k, photo in enumerate(collection.photos) if photo.elsewhere or photo.burst not in gone
    ]
    learned = replace(
        collection,
        photos=tuple(collection.photos[k] for k in left),
        labels=tuple(collection.labels[k] for k in left),
    )
    sealed = SealedTest(
        collection.classes,
        np.stack([collection.photos[place].picture for place, _ in chosen]),
        np.array([label for _, label in chosen]),
        tuple(collection.photos[place].name for place, _ in chosen),
    )
    return Division(learned, sealed)


def _bursts_by_class(collection: PhotoCollection) -> list[dict[str, list[int]]]:
    """Return for each class its bursts, and the places of the photos in each.

    A burst whose photos are filed under several classes counts for the class of its first photo.
    """
    first: dict[str, int] = {}
    for photo, label in collection:
        if not photo.elsewhere:
            first.setdefault(photo.burst, label)
    found: list[dict[str, list[int]]] = [{} for _ in collection.classes]
    for place, (photo, label) in enumerate(collection):
        if not photo.elsewhere and label == first[photo.burst]:
            found[label].setdefault(photo.burst, []).append(place)
    return found


def most_per_class(collection: PhotoCollection, wanted: int = 10) -> int:
    """Return how many things of each class a collection can spare for a test, at most ``wanted``.

    At most half of the things of the smallest class are set aside.

    Examples
    --------
    >>> from aml4d_utils.topics.own_classes.photo_collection import example_collection
    >>> most_per_class(example_collection(per_class=5, misfiled=False))
    2
    """
    fewest = min(map(len, _bursts_by_class(collection)))
    return max(1, min(wanted, fewest // 2, fewest - FEWEST_TO_LEARN))
