"""Small classification tasks with few originals, and splits that keep each original together.

A task has one picture of each original: a photographed thing, a model in 3-D, a garment. So a label
is an original, and nothing that a network learned from is ever in its test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils import images, solids

SIDE = 128
"""Pixels along each side of a task's pictures."""

PHOTO_CLASSES = ("mammals", "birds", "flowers", "fruit", "vegetables", "household")

PRODUCT_CLASSES: dict[str, tuple[str, ...]] = {
    "chair": ("chair",),
    "table": ("table",),
    "lamp": ("lamp",),
    "vehicle": ("vehicle",),
    "vessel": ("cup", "kitchenware"),
    "sofa or bench": ("sofa", "bench"),
}
"""Each product class, and the kinds of things in 3-D that belong to it."""

GARMENTS = ("trousers", "coat", "sandal", "shirt", "bag", "ankle boot")
_GARMENT_CODES = (1, 4, 5, 6, 8, 9)
MOST_OF_A_CLASS = 30
"""Originals: enough for 20 labels and 10 to test with."""


@dataclass(frozen=True)
class Task:
    """Pictures, what each shows, and what it was made from.

    Attributes
    ----------
    name : str
    classes : tuple of str
    pictures : ndarray (N, SIDE, SIDE, 3), uint8
    labels : ndarray (N,), int
        Index into `classes`.
    originals : tuple of N str
        Whatever shares one stays on one side of a split.
    """

    name: str
    classes: tuple[str, ...]
    pictures: np.ndarray
    labels: np.ndarray
    originals: tuple[str, ...]

    def changed(self, name: str, change: Callable[[np.ndarray], np.ndarray]) -> Task:
        """Return the same task with every picture changed, uint8 to uint8."""
        return replace(self, name=name, pictures=np.stack([change(p) for p in self.pictures]))


@dataclass(frozen=True)
class Split:
    """One division of a task.

    Attributes
    ----------
    pools : tuple of ndarray, int
        For each class, places of the pictures to learn from, in the order in which they are
        labelled.
    test : ndarray, int
        Places of the pictures to test with.
    """

    pools: tuple[np.ndarray, ...]
    test: np.ndarray

    def labelled(self, per_class: int) -> np.ndarray:
        """Return the places of the first so many pictures of each class.

        Raises
        ------
        ValueError
            If a class has fewer.
        """
        fewest = min(map(len, self.pools))
        if not 1 <= per_class <= fewest:
            raise ValueError(f"Expected 1 to {fewest} labels for each class, got {per_class}.")
        return np.concatenate([pool[:per_class] for pool in self.pools])


def split_task(task: Task, most: int, seed: int, test_most: int = 10) -> Split:
    """Divide a task so that no original is both learned from and tested with.

    Parameters
    ----------
    task : Task
    most : int
        Originals of each class that may be learned from.
    seed : int
        Another seed, another division.
    test_most : int
        Originals of each class to test with, where so many are left.

    Raises
    ------
    ValueError
        If a class has no more than `most` originals.

    Examples
    --------
    >>> task = photo_task()
    >>> split = split_task(task, 20, seed=0)
    >>> len(split.labelled(5)), len(np.intersect1d(split.labelled(20), split.test))
    (30, 0)
    """
    rng = np.random.default_rng(seed)
    names = np.array(task.originals)
    pools, tests = [], []
    for label, words in enumerate(task.classes):
        mine = np.flatnonzero(task.labels == label)
        originals = rng.permutation(np.unique(names[mine]))
        if len(originals) <= most:
            raise ValueError(
                f"The class {words!r} has {len(originals)} originals: {most} to learn from leave "
                "none to test with."
            )
        pools.append(_places(names, mine, originals[:most]))
        tests.append(_places(names, mine, originals[most : most + test_most]))
    return Split(tuple(pools), np.concatenate(tests))


def _places(names: np.ndarray, mine: np.ndarray, originals: Sequence[str]) -> np.ndarray:
    return np.concatenate([mine[names[mine] == original] for original in originals])


def photo_task() -> Task:
    """Return six classes of photographed things on plain grey: one picture of each original."""
    chosen = []
    for category in PHOTO_CLASSES:
        once = {c.original: c for c in images.cutouts(category)}
        chosen += list(once.values())[:MOST_OF_A_CLASS]
    return Task(
        "photos",
        PHOTO_CLASSES,
        np.stack([images.as_uint8(images.mount(c.rgba, SIDE)) for c in chosen]),
        np.array([PHOTO_CLASSES.index(c.category) for c in chosen]),
        tuple(c.original for c in chosen),
    )


def product_task(most: int = 15) -> Task:
    """Return six classes of things in 3-D, each rendered once from a side of its own.

    Parameters
    ----------
    most : int
        Models of each class; there are at least 11.
    """
    pictures, labels, originals = [], [], []
    rng = np.random.default_rng(11)
    for label, kinds in enumerate(PRODUCT_CLASSES.values()):
        once = {t.original: t for kind in kinds for t in solids.things(kind)}
        for original, thing in list(once.items())[:most]:
            pictures.append(view(thing, float(rng.uniform(-60, 60))))
            labels.append(label)
            originals.append(original)
    return Task(
        "rendered", tuple(PRODUCT_CLASSES), np.stack(pictures), np.array(labels), tuple(originals)
    )


def view(thing: solids.Thing, yaw: float) -> np.ndarray:
    """Return a thing in 3-D from one side: ndarray (SIDE, SIDE, 3), uint8."""
    seen = solids.render(thing, solids.Viewpoint(yaw=yaw, pitch=15), size=SIDE)
    return images.as_uint8(seen.picture)


def garment_task() -> Task:
    """Return six classes of Fashion-MNIST, 30 pictures each, enlarged: another kind of picture."""
    clothes = images.fashion_mnist()
    places = [
        np.flatnonzero(clothes.test_labels == code)[:MOST_OF_A_CLASS] for code in _GARMENT_CODES
    ]
    chosen = np.concatenate(places)
    enlarged = [
        images.as_uint8(images.resize(images.as_float(clothes.test_images[k]), SIDE, SIDE))
        for k in chosen
    ]
    return Task(
        "garments",
        GARMENTS,
        np.stack(enlarged),
        np.repeat(np.arange(len(GARMENTS)), MOST_OF_A_CLASS),
        tuple(f"garment {k}" for k in chosen),
    )
