"""Scenes in which everything is known: what stands where, and how hard it is made to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
from aml4d_utils.nets import labels
from aml4d_utils.nets.detection import Detections, detect

SIZE = (320, 416)
"""Height and width of a scene in pixels: what NanoDet sees is as wide."""
CUT_OUT, RENDERED = "photographs, cut out", "things in 3-D"
SUBJECTS = (CUT_OUT, RENDERED)
LENGTH = 150
"""Longer side of a thing in pixels, where nothing else is said."""
_PITCH = 15
_RENDERED_SIDE = 256
_ASIDE, _UPWARDS = 12, 40
MOST_CLUTTER = 40
"""How many other things a scene can hold."""
_CLUTTER = (50, 110)


@dataclass(frozen=True)
class Posed:
    """A thing in 3-D that can be placed in a scene as a cut-out is.

    Attributes
    ----------
    thing : solids.Thing
    viewpoint : solids.Viewpoint
    """

    thing: solids.Thing
    viewpoint: solids.Viewpoint

    @property
    def name(self) -> str:
        """What it is."""
        return self.thing.name

    @property
    def original(self) -> str:
        """The design that it belongs to."""
        return self.thing.original

    @property
    def rgba(self) -> np.ndarray:
        """The thing alone, cut to its edges: ndarray (H, W, 4), float32 in [0, 1], a new one."""
        return _rendered(self.thing, self.viewpoint).copy()


@lru_cache(maxsize=256)
def _rendered(thing: solids.Thing, viewpoint: solids.Viewpoint) -> np.ndarray:
    rgba = solids.render(thing, viewpoint, size=_RENDERED_SIDE).rgba
    rows, columns = (np.flatnonzero((rgba[..., 3] > 0).any(axis=axis)) for axis in (1, 0))
    return rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@dataclass(frozen=True)
class KnownScene:
    """A picture and the things that are known to be in it.

    Attributes
    ----------
    image : ndarray (H, W, 3), float32 in [0, 1]
    truth : Detections
        Their boxes and words; every score is 1.
    """

    image: np.ndarray
    truth: Detections


@dataclass(frozen=True)
class Subject:
    """One thing of a plan: what it is, its word, and where its middle stands."""

    what: Cutout | Posed
    word: str
    row: float
    column: float
    mirrored: bool


@dataclass(frozen=True)
class ScenePlan:
    """Who stands where; a scene is made of it under any condition.

    Attributes
    ----------
    ground : ndarray (H, W, 3), float32 in [0, 1]
    subjects : tuple of Subject
        What a detector must find; nothing hides it.
    clutter : tuple of Placement
        Things for which COCO has no word; the first few of them lie behind the subjects.
    """

    ground: np.ndarray
    subjects: tuple[Subject, ...]
    clutter: tuple[Placement, ...]

    def scene(
        self,
        length: float = LENGTH,
        angle: float = 0.0,
        clutter: int = 0,
        pitch: float = _PITCH,
    ) -> KnownScene:
        """Make the scene.

        Parameters
        ----------
        length : float
            Longer side of each subject before it is turned, in pixels.
        angle : float
            By how much each is turned in the picture, in degrees anticlockwise.
        clutter : int
            How many other things lie behind them.
        pitch : float
            From how high a camera looks at things in 3-D, in degrees; photographs stay as they are.
        """
        placed = tuple(
            Placement(
                _seen_from(subject.what, pitch),
                subject.row,
                subject.column,
                length,
                angle,
                subject.mirrored,
            )
            for subject in self.subjects
        )
        composed = compose(Layout(self.ground, (*self.clutter[:clutter], *placed)))
        boxes = composed.boxes[-len(placed) :]
        words = np.array([subject.word for subject in self.subjects])
        return KnownScene(composed.image, Detections(boxes, np.ones(len(boxes)), words))


def _seen_from(what: Cutout | Posed, pitch: float) -> Cutout | Posed:
    if isinstance(what, Cutout):
        return what
    return Posed(what.thing, solids.Viewpoint(yaw=what.viewpoint.yaw, pitch=pitch))


def pool(kind: str) -> dict[str, list[Cutout | Posed]]:
    """Return what can be placed, by its COCO word.

    Parameters
    ----------
    kind : str
        One of `SUBJECTS`. Of the things in 3-D only those with a single word take part.

    Raises
    ------
    ValueError
        If there is no such kind.

    Examples
    --------
    >>> [what.name for what in pool(RENDERED)["bicycle"]]
    ['bicycle']
    """
    if kind not in SUBJECTS:
        raise ValueError(f"Expected one of {', '.join(SUBJECTS)}, but got {kind!r}.")
    words = labels("nanodet_g")
    found: dict[str, list[Cutout | Posed]] = {}
    if kind == CUT_OUT:
        for cutout in cutouts():
            if cutout.coco is not None:
                found.setdefault(words[cutout.coco], []).append(cutout)
    else:
        for thing in solids.things():
            if len(thing.coco) == 1:
                found.setdefault(words[thing.coco[0]], []).append(Posed(thing, solids.Viewpoint()))
    return found


def plan_scenes(
    rng: np.random.Generator, count: int = 24, kind: str = CUT_OUT
) -> tuple[ScenePlan, ...]:
    """Plan scenes with two things each.

    A word is drawn first, then one of the things it names: so a word with many pictures does not
    outweigh the others.

    Parameters
    ----------
    rng : numpy.random.Generator
        In the same state it gives the same plans.
    count : int
        How many scenes.
    kind : str
        One of `SUBJECTS`.

    Examples
    --------
    >>> plans = plan_scenes(np.random.default_rng(0), 2)
    >>> scene = plans[0].scene()
    >>> scene.image.shape, scene.truth.boxes.shape
    ((320, 416, 3), (2, 4))
    """
    chosen = pool(kind)
    words = sorted(chosen)
    others = [cutout for cutout in cutouts() if cutout.coco is None]
    plans = []
    for _ in range(count):
        name = background_names()[rng.integers(len(background_names()))]
        two = rng.permutation(len(words))[:2]
        subjects = tuple(
            _subject(rng, chosen[words[word]], words[word], side) for side, word in enumerate(two)
        )
        plans.append(ScenePlan(background(name, *SIZE), subjects, _clutter(rng, others)))
    return tuple(plans)


def plan_each_once(
    rng: np.random.Generator, words: Sequence[str], most: int = 12
) -> tuple[ScenePlan, ...]:
    """Plan scenes with two things each in which no thing stands twice: a test, not a sample.

    Photographs and things in 3-D stand side by side. Of an odd number the last stands alone.

    Parameters
    ----------
    rng : numpy.random.Generator
        In the same state it gives the same plans.
    words : sequence of str
        COCO words from `pool`, at least one.
    most : int
        Things of each word; fewer where there are fewer.

    Raises
    ------
    ValueError
        With a sentence, if there is no word, or nothing that it names.

    Examples
    --------
    >>> plans = plan_each_once(np.random.default_rng(0), ["sheep", "cow"])
    >>> [len(plan.subjects) for plan in plans]
    [2, 2, 2, 1]
    """
    pools = [pool(kind) for kind in SUBJECTS]
    chosen = []
    for word in dict.fromkeys(words):
        named = [what for each in pools for what in each.get(word, ())]
        if not named:
            known = ", ".join(sorted(set().union(*pools)))
            raise ValueError(f"There is nothing here that is called {word!r}. There are: {known}.")
        once = list({what.original: what for what in named}.values())
        chosen += [(word, once[place]) for place in rng.permutation(len(once))[:most]]
    if not chosen:
        raise ValueError("Choose at least one word that must be found.")
    order = [chosen[place] for place in rng.permutation(len(chosen))]
    others = [cutout for cutout in cutouts() if cutout.coco is None]
    plans = []
    for start in range(0, len(order), 2):
        name = background_names()[rng.integers(len(background_names()))]
        subjects = tuple(
            _subject(rng, [what], word, side)
            for side, (word, what) in enumerate(order[start : start + 2])
        )
        plans.append(ScenePlan(background(name, *SIZE), subjects, _clutter(rng, others)))
    return tuple(plans)


def _subject(
    rng: np.random.Generator, candidates: Sequence[Cutout | Posed], word: str, side: int
) -> Subject:
    what = candidates[rng.integers(len(candidates))]
    if isinstance(what, Posed):
        what = Posed(what.thing, solids.Viewpoint(yaw=float(rng.integers(-60, 61))))
    column = SIZE[1] * (0.27 + 0.46 * side) + rng.uniform(-_ASIDE, _ASIDE)
    row = SIZE[0] / 2 + rng.uniform(-_UPWARDS, _UPWARDS)
    return Subject(what, word, float(row), float(column), bool(rng.random() < 0.5))


def _clutter(rng: np.random.Generator, others: Sequence[Cutout]) -> tuple[Placement, ...]:
    return tuple(
        Placement(
            others[number],
            float(rng.uniform(0, SIZE[0])),
            float(rng.uniform(0, SIZE[1])),
            float(rng.uniform(*_CLUTTER)),
        )
        for number in rng.permutation(len(others))[:MOST_CLUTTER]
    )


@dataclass(frozen=True)
class Looked:
    """What a detector drew in each scene so far.

    Attributes
    ----------
    found : tuple of Detections
    fraction : float in [0, 1]
    """

    found: tuple[Detections, ...]
    fraction: float


def look_at(
    scenes: Sequence[KnownScene],
    threshold: float = 0.05,
    finder: Callable[[np.ndarray, float], Detections] = detect,
) -> Iterator[Looked]:
    """Show one scene after the other to a detector, with a low threshold.

    Parameters
    ----------
    scenes : sequence of KnownScene
    threshold : float in [0, 1]
        Low, so that precision and recall can be read at every threshold above it.
    finder : callable
        Takes a picture and a threshold; by default NanoDet.

    Yields
    ------
    Looked
        After each scene.
    """
    found: list[Detections] = []
    for scene in scenes:
        found.append(finder(scene.image, threshold))
        yield Looked(tuple(found), len(found) / len(scenes))
