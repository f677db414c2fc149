"""80 words for everything: what does a detector call a thing for which it has no word?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils import solids
from aml4d_utils.images import (
    Cutout,
    Layout,
    Placement,
    background,
    background_names,
    compose,
    cutouts,
)
from aml4d_utils.nets.detection import detect
from aml4d_utils.topics.detector.known_scenes import SIZE, Posed

_LENGTH = 220
THINGS_IN_3D = "things in 3-D"


@dataclass(frozen=True)
class Called:
    """One thing, and the word that it was given.

    Attributes
    ----------
    name : str
        What it is.
    kind : str
        Its category.
    word : str
        The word of the surest box that covers it; empty where there is none.
    score : float in [0, 1]
        How sure the detector was; 0 where there is no box.
    image : ndarray (H, W, 3), float32 in [0, 1]
        The picture that was shown.
    """

    name: str
    kind: str
    word: str
    score: float
    image: np.ndarray


@dataclass(frozen=True)
class OpenWorld:
    """What a detector calls things that it has no word for.

    Attributes
    ----------
    called : tuple of Called
        One for each thing that was shown so far.
    fraction : float in [0, 1]
    """

    called: tuple[Called, ...]
    fraction: float

    @property
    def named(self) -> list[Called]:
        """Those that got a word, surest first. None has a word of its own among the 80."""
        return sorted((one for one in self.called if one.word), key=lambda one: -one.score)

    def above(self, threshold: float) -> OpenWorld:
        """Return what is left with a higher threshold: words below it are not given."""
        called = (
            one if one.score > threshold else replace(one, word="", score=0.0)
            for one in self.called
        )
        return OpenWorld(tuple(called), self.fraction)

    @property
    def ordered(self) -> list[Called]:
        """All of them: those that got a word, surest first, then the others."""
        return [*self.named, *(one for one in self.called if not one.word)]

    @property
    def words(self) -> list[tuple[str, int]]:
        """The words that were given and how often, most often first."""
        return Counter(one.word for one in self.named).most_common()


def categories() -> tuple[str, ...]:
    """Return the kinds of things that hold some for which COCO has no word."""
    kinds = sorted({cutout.category for cutout in cutouts() if cutout.coco is None})
    return (*kinds, THINGS_IN_3D)


def wordless(kind: str) -> list[Cutout | Posed]:
    """Return the things of a kind for which COCO has no word, one of each photograph or design.

    Parameters
    ----------
    kind : str
        One of `categories`.

    Raises
    ------
    ValueError
        If there is no such kind.

    Examples
    --------
    >>> len(wordless("flowers"))
    23
    """
    if kind not in categories():
        raise ValueError(f"There is no kind {kind!r}; choose one of: {', '.join(categories())}.")
    if kind == THINGS_IN_3D:
        designs = {thing.original: thing for thing in solids.things() if not thing.coco}
        return [Posed(thing, solids.Viewpoint()) for thing in designs.values()]
    originals = {cutout.original: cutout for cutout in cutouts(kind) if cutout.coco is None}
    return list(originals.values())


def ask(things: Sequence[Cutout | Posed], threshold: float = 0.3) -> Iterator[OpenWorld]:
    """Show one thing after the other on a photo of the ground, and note the word it is given.

    Parameters
    ----------
    things : sequence of Cutout or Posed
    threshold : float in [0, 1]
        Lowest score that counts.

    Yields
    ------
    OpenWorld
        After each thing.

    Examples
    --------
    >>> last = list(ask(wordless("sea life")[:2]))[-1]
    >>> len(last.called), last.fraction
    (2, 1.0)
    """
    grounds = background_names()
    called: list[Called] = []
    for number, thing in enumerate(things):
        ground = background(grounds[number % len(grounds)], *SIZE)
        middle = Placement(thing, SIZE[0] / 2, SIZE[1] / 2, _LENGTH)
        scene = compose(Layout(ground, (middle,)))
        found = detect(scene.image, threshold)
        on_it = _covers_middle(found.boxes, scene.boxes[0])
        word, score = ("", 0.0)
        if on_it.any():
            word, score = str(found.labels[on_it][0]), float(found.scores[on_it][0])
        kind = thing.category if isinstance(thing, Cutout) else thing.thing.kind
        called.append(Called(thing.name, kind, word, score, scene.image))
        yield OpenWorld(tuple(called), len(called) / len(things))


def _covers_middle(boxes: np.ndarray, thing: np.ndarray) -> np.ndarray:
    middle = (thing[:2] + thing[2:]) / 2
    return ((boxes[:, :2] <= middle) & (middle <= boxes[:, 2:])).all(axis=1)
