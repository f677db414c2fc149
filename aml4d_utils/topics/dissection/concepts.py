"""Concepts whose place in a picture is known: things, colours and textures in composed scenes.

A scene is made of cut-out photographs on a real texture, so the truth needs no labelling by hand:
the cut-out's alpha channel says where a *thing* is, the background says where a *texture* is, and
each pixel's own values say which *colour* it has. Broden, the data set of [1]_, was labelled by
people; ours is composed, smaller, and exact.

References
----------
.. [1] D. Bau, B. Zhou, A. Khosla, A. Oliva and A. Torralba, "Network dissection: quantifying
   interpretability of deep visual representations", CVPR 2017, doi:10.1109/CVPR.2017.354.
.. [2] B. Berlin and P. Kay, "Basic color terms: their universality and evolution", University of
   California Press, 1969: the eleven colour names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils import images
from aml4d_utils.images import Cutout

SIDE = 227
"""Side of a scene in pixels: what SqueezeNet was trained for."""

MAP_SIDE = 56
"""Side of the grid on which concepts and units are compared: that of fire2 and fire3."""

KINDS = ("thing", "colour", "texture")

THINGS = (
    "birds",
    "coins",
    "flowers",
    "fruit",
    "household",
    "mammals",
    "plants",
    "sea life",
    "space",
    "tools",
    "vegetables",
    "vehicles",
)
"""The categories of cut-outs with at least twelve originals."""

COLOURS = {
    "black": (0.06, 0.06, 0.06),
    "blue": (0.12, 0.30, 0.80),
    "brown": (0.42, 0.26, 0.13),
    "green": (0.20, 0.55, 0.20),
    "grey": (0.50, 0.50, 0.50),
    "orange": (0.95, 0.55, 0.10),
    "pink": (0.95, 0.60, 0.70),
    "purple": (0.48, 0.20, 0.60),
    "red": (0.80, 0.12, 0.12),
    "white": (0.97, 0.97, 0.97),
    "yellow": (0.95, 0.88, 0.20),
}
"""A typical RGB value in [0, 1] for each of the eleven basic colour names."""

NONE = -1


@dataclass(frozen=True)
class Progress:
    """How far long work has come."""

    done: int
    total: int

    @property
    def fraction(self) -> float:
        """The share that is done, in [0, 1]."""
        return self.done / self.total


@dataclass(frozen=True)
class Concept:
    """Something that a unit may stand for: ``kind`` is one of `KINDS`."""

    name: str
    kind: str

    @property
    def words(self) -> str:
        """The concept with its kind, as a label in a picture."""
        return self.name if self.kind == "thing" else f"{self.name} ({self.kind})"


CONCEPTS = (
    *(Concept(name, "thing") for name in THINGS),
    *(Concept(name, "colour") for name in COLOURS),
    *(Concept(name, "texture") for name in images.background_names()),
)
"""All concepts, things first; an index into this tuple is a label in a `ConceptScene`."""


@dataclass(frozen=True)
class ConceptScene:
    """A picture and the concepts of each of its places.

    Attributes
    ----------
    image : ndarray (227, 227, 3), uint8
    labels : ndarray (3, 56, 56), int16
        For each kind the index into `CONCEPTS` of what lies there, or ``NONE``. Every place has
        one colour, at most one thing, and a texture where no thing hides it.
    """

    image: np.ndarray
    labels: np.ndarray

    def mask(self, concept: int) -> np.ndarray:
        """Return where a concept is: ndarray (56, 56), bool."""
        return (self.labels == concept).any(axis=0)


def concept_index(name: str) -> int:
    """Return the place of a concept in `CONCEPTS`.

    Raises
    ------
    ValueError
        If there is no such concept.

    Examples
    --------
    >>> CONCEPTS[concept_index("birds")]
    Concept(name='birds', kind='thing')
    """
    for index, concept in enumerate(CONCEPTS):
        if concept.name == name:
            return index
    raise ValueError(
        f"There is no concept {name!r}; there are {', '.join(c.name for c in CONCEPTS)}."
    )


def name_colours(image: np.ndarray) -> np.ndarray:
    """Name the colour of every pixel: the nearest of eleven typical colours in CIELAB.

    Parameters
    ----------
    image : ndarray (H, W, 3), float in [0, 1]

    Returns
    -------
    ndarray (H, W), int
        Index into ``COLOURS`` in its order.

    Notes
    -----
    CIELAB is a space in which distances resemble differences that people see. Names at the
    borders (where does orange become brown?) remain a matter of taste.

    Examples
    --------
    >>> list(COLOURS)[name_colours(np.array([[[0.9, 0.1, 0.1]]]))[0, 0]]
    'red'
    """
    from skimage.color import rgb2lab

    pixels = rgb2lab(image).reshape(-1, 1, 3)
    typical = rgb2lab(np.array([list(COLOURS.values())]))
    distances = np.linalg.norm(pixels - typical, axis=2)
    return distances.argmin(axis=1).reshape(image.shape[:2])


def concept_scene(
    rng: np.random.Generator, pool: Sequence[Cutout], *, things: int = 3
) -> ConceptScene:
    """Compose one scene of things from different categories on a real texture.

    Parameters
    ----------
    rng : numpy.random.Generator
        Moves on, so that the next call gives another scene.
    pool : sequence of Cutout
        What to draw from; cut-outs of other categories than `THINGS` are left out.
    things : int
        How many cut-outs lie in it, each of another category.

    Returns
    -------
    ConceptScene

    Raises
    ------
    ValueError
        If the pool has fewer categories than ``things``.
    """
    groups = {name: [c for c in pool if c.category == name] for name in THINGS}
    present = [name for name in THINGS if groups[name]]
    if len(present) < things:
        raise ValueError(
            f"Expected cut-outs of at least {things} categories, but got {len(present)}."
        )
    names = rng.choice(present, size=things, replace=False)
    chosen = [groups[name][rng.integers(len(groups[name]))] for name in names]
    layout = images.random_layout(
        rng, chosen, things, (SIDE, SIDE), lengths=(0.3, 0.65), steepest=15, least_visible=0.4
    )
    texture = str(rng.choice(images.background_names()))
    ground = images.background(texture, SIDE, SIDE)
    scene = images.compose(replace(layout, background=ground))
    return ConceptScene(images.as_uint8(scene.image), _labels(scene, texture))


def scene_sets(
    count: int, others: int, seed: int = 0
) -> Iterator[Progress | tuple[list[ConceptScene], list[ConceptScene]]]:
    """Compose two sets of scenes that share no original.

    Parameters
    ----------
    count : int
        Scenes to measure on.
    others : int
        Scenes to find thresholds on.
    seed : int
        The same seed gives the same scenes.

    Yields
    ------
    Progress
        After each scene; the generator returns both lists.
    """
    first, second = images.split(images.cutouts(), test_share=0.5, seed=seed)
    rng = np.random.default_rng(seed)
    scenes: list[ConceptScene] = []
    for number in range(count + others):
        scenes.append(concept_scene(rng, first if number < count else second))
        yield Progress(number + 1, count + others)
    return scenes[:count], scenes[count:]


def _labels(scene: images.Scene, texture: str) -> np.ndarray:
    """Look up the truth at the centre of each of the 56 × 56 places."""
    centres = ((np.arange(MAP_SIDE) + 0.5) * SIDE / MAP_SIDE).astype(np.intp)
    grid = np.ix_(centres, centres)
    labels = np.full((len(KINDS), MAP_SIDE, MAP_SIDE), NONE, dtype=np.int16)
    labels[1] = name_colours(scene.image[grid]) + len(THINGS)
    labels[2] = concept_index(texture)
    for cutout, mask in zip(scene.cutouts, scene.masks, strict=True):
        seen = mask[grid]
        labels[0][seen] = THINGS.index(cutout.category)
        labels[2][seen] = NONE
    return labels
