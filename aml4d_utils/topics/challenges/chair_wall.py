"""Intra-class variation: every chair there is, and which of them a detector calls a chair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import grey
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.solids import Lamp, Thing, Viewpoint, render, things
from aml4d_utils.topics.poses.asking import DETECTOR, Answer, accepted, ask

SIDE = 160
GROUND = 0.5
TRAITS = {
    "share of the picture that it covers": lambda mask, light: float(mask.mean()),
    "width over height": lambda mask, light: _width_over_height(mask),
    "brightness": lambda mask, light: float((light * mask).sum() / mask.sum()),
    "contrast to the ground": lambda mask, light: float(
        (np.abs(light - GROUND) * mask).sum() / mask.sum()
    ),
    "see-through share of its outline's hull": lambda mask, light: _see_through(mask),
}
"""What is measured of each chair's picture, from its mask and its brightness."""


@dataclass(frozen=True)
class ChairView:
    """One chair and what the detector says.

    Parameters
    ----------
    thing : Thing
    picture : ndarray (160, 160, 3), float32 in [0, 1]
    mask : ndarray (160, 160), float32 in [0, 1]
    answer : Answer
    traits : tuple of float
        In the order of `TRAITS`.
    """

    thing: Thing
    picture: np.ndarray
    mask: np.ndarray
    answer: Answer
    traits: tuple[float, ...]

    def found(self, threshold: float) -> bool:
        """Whether a box that says chair, or another accepted word, reaches a threshold."""
        return self.answer.probability >= threshold


@dataclass(frozen=True)
class Wall:
    """Chairs, as many as were asked so far.

    Parameters
    ----------
    chairs : tuple of ChairView
    fraction : float in [0, 1]
    """

    chairs: tuple[ChairView, ...]
    fraction: float

    def found(self, threshold: float) -> np.ndarray:
        """Which chairs are found at a threshold: ndarray (N,), bool."""
        return np.array([chair.found(threshold) for chair in self.chairs])

    def interval(self, threshold: float) -> tuple[float, float]:
        """The 95 % interval of the share that is found."""
        found = self.found(threshold)
        return wilson(float(found.mean()), len(found))

    def unlike(self) -> tuple[int, int, float]:
        """Return the two chairs whose outlines overlap least, and their IoU."""
        masks = np.stack([chair.mask.ravel() for chair in self.chairs]).astype(np.float64) > 0.5
        both = masks.astype(float) @ masks.T.astype(float)
        sizes = masks.sum(axis=1)
        overlap = both / np.maximum(sizes[:, None] + sizes[None] - both, 1)
        np.fill_diagonal(overlap, 2.0)
        first, second = np.unravel_index(overlap.argmin(), overlap.shape)
        return int(first), int(second), float(min(overlap.min(), 1.0))

    def told_apart(self, threshold: float) -> list[tuple[str, float, float, float]]:
        """Compare the missed chairs with the found ones, trait by trait.

        Returns
        -------
        list of (str, float, float, float)
            Name of the trait, its median among the missed, among the found, and the chance that a
            missed chair has more of it than a found one: 0.5 means that it tells nothing. What
            tells most stands first; empty where all are found, or none.
        """
        found = self.found(threshold)
        if found.all() or not found.any():
            return []
        table = np.array([chair.traits for chair in self.chairs])
        rows = []
        for name, column in zip(TRAITS, table.T, strict=True):
            missed, others = column[~found], column[found]
            more = (missed[:, None] > others).mean() + (missed[:, None] == others).mean() / 2
            rows.append((name, float(np.median(missed)), float(np.median(others)), float(more)))
        return sorted(rows, key=lambda row: -abs(row[3] - 0.5))


class ChairWalls:
    """Every chair from any side; what was asked once is remembered.

    Parameters
    ----------
    most : int or None
        Ask about so many chairs; ``None`` about all.

    Examples
    --------
    >>> walls = ChairWalls(most=2)
    >>> [len(step.chairs) for step in walls.wall()]
    [1, 2]
    >>> [len(step.chairs) for step in walls.wall()]
    [2]
    """

    def __init__(self, most: int | None = None):
        self.things = things("chair")[:most]
        self._known: dict[tuple[float, float], Wall] = {}

    def wall(self, yaw: float = 30.0, pitch: float = 15.0) -> Iterator[Wall]:
        """Take a picture of every chair from a side and ask the detector.

        Parameters
        ----------
        yaw, pitch : float
            From where, in degrees.

        Yields
        ------
        Wall
            After each chair; only the whole wall where it is known.
        """
        if (yaw, pitch) in self._known:
            yield self._known[yaw, pitch]
            return
        chairs: list[ChairView] = []
        for thing in self.things:
            chairs.append(_view(thing, yaw, pitch))
            step = Wall(tuple(chairs), len(chairs) / len(self.things))
            if step.fraction == 1:
                self._known[yaw, pitch] = step
            yield step


def _view(thing: Thing, yaw: float, pitch: float) -> ChairView:
    view = render(thing, Viewpoint(yaw, pitch), Lamp(), GROUND, SIDE)
    light = grey(view.picture)
    traits = tuple(measure(view.mask, light) for measure in TRAITS.values())
    answer = ask(DETECTOR, view.picture, accepted(thing, DETECTOR))
    return ChairView(thing, view.picture, view.mask, answer, traits)


def _extent(covered: np.ndarray) -> int:
    where = covered.nonzero()[0]
    return int(where[-1] - where[0] + 1)


def _width_over_height(mask: np.ndarray) -> float:
    solid = mask > 0.5
    return _extent(solid.any(axis=0)) / _extent(solid.any(axis=1))


def _see_through(mask: np.ndarray) -> float:
    from skimage.morphology import convex_hull_image

    solid = mask > 0.5
    hull = convex_hull_image(solid)
    return float(1 - (solid & hull).sum() / hull.sum())
