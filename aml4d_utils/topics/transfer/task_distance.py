"""The slope of task distance: what a photo network brings, the further a task lies from photos.

And the step from one kind of picture to the other: learn from rendered things, test on photos.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from aml4d_utils import images, solids
from aml4d_utils.topics.transfer.label_curves import FROZEN, PIXELS, LabelCurves, label_curves
from aml4d_utils.topics.transfer.linear_heads import balanced_accuracy, fit_head
from aml4d_utils.topics.transfer.picture_styles import drawing, scrambled, social
from aml4d_utils.topics.transfer.tasks import (
    SIDE,
    Task,
    garment_task,
    photo_task,
    product_task,
    split_task,
    view,
)
from aml4d_utils.topics.transfer.trained_bodies import Bodies, Seen

STATIONS = ("photos", "social media", "rendered", "drawings", "garments", "scrambled")
"""From near to far: what the networks learned from were photos."""

MOST_LABELS = {"rendered": 5}
"""Where fewer than 20 labels for each class leave something to test with."""


def station(name: str) -> Task:
    """Return the task of one station, six classes each.

    Raises
    ------
    ValueError
        If there is no such station.
    """
    makers: dict[str, Callable[[], Task]] = {
        "photos": photo_task,
        "social media": lambda: _photographed().changed("social media", social),
        "rendered": product_task,
        "drawings": lambda: _photographed().changed("drawings", drawing),
        "garments": garment_task,
        "scrambled": lambda: _photographed().changed("scrambled", scrambled),
    }
    if name not in makers:
        raise ValueError(f"There is no station {name!r}; choose one of: {', '.join(STATIONS)}.")
    return makers[name]()


@cache
def _photographed() -> Task:
    # Made once for all stations that change the photos, and never handed out.
    return photo_task()


def labels_for(name: str, labels: Sequence[int]) -> tuple[int, ...]:
    """Return those numbers of labels that a station has enough originals for."""
    return tuple(n for n in labels if n <= MOST_LABELS.get(name, max(labels)))


@dataclass(frozen=True)
class Slope:
    """What each way reaches at each station that is measured.

    Attributes
    ----------
    stations : tuple of str
    curves : tuple of LabelCurves
        One for each station, at one number of labels.
    examples : tuple of ndarray (SIDE, SIDE, 3), uint8
        One picture of each station.
    fraction : float
    """

    stations: tuple[str, ...]
    curves: tuple[LabelCurves, ...]
    examples: tuple[np.ndarray, ...]
    fraction: float

    @property
    def per_class(self) -> int:
        """Labels for each class."""
        return self.curves[0].labels[0]

    def shares(self, way: str) -> np.ndarray:
        """Return a way's mean accuracy at each station."""
        return np.array([curve.mean(way, self.per_class) for curve in self.curves])

    @property
    def gains(self) -> np.ndarray:
        """What frozen features add to raw pixels, in points, at each station."""
        return 100 * (self.shares(FROZEN) - self.shares(PIXELS))


def slope(
    bodies: Bodies,
    stations: Sequence[str] = STATIONS,
    *,
    per_class: int = 5,
    splits: int = 5,
    ways: Sequence[str] = (FROZEN, PIXELS),
) -> Iterator[Slope]:
    """Measure frozen features and raw pixels at each station; yield after each measurement."""
    done: list[LabelCurves] = []
    tasks: list[Task] = []
    for number, name in enumerate(stations):
        task = station(name)
        tasks.append(task)
        curve = None
        for curve in label_curves(bodies, task, ways, labels=(per_class,), splits=splits):
            yield Slope(
                tuple(stations[: number + 1]),
                (*done, curve),
                _examples(tasks),
                (number + curve.fraction) / len(stations),
            )
        done.append(curve)


def _examples(tasks: Sequence[Task]) -> tuple[np.ndarray, ...]:
    """Return the same photo at every station where there is one, else the first picture."""
    first = tasks[0].originals.index("teapot") if "teapot" in tasks[0].originals else 0
    # Copies: a view would keep all pictures of its station.
    return tuple(
        task.pictures[first if task.originals == tasks[0].originals else 0].copy() for task in tasks
    )


# --- learn from rendered things, test on photos ----------------------------------------------

SHARED = {
    "vehicle": ("vehicle", "vehicles"),
    "animal": ("animal", "mammals"),
    "tool": ("tool", "tools"),
}
"""Each class that there is rendered and photographed: the kind of thing, the category of photo."""

YAWS = (-50.0, -20.0, 20.0, 50.0)
"""Sides from which each model is rendered."""

MODELS = 5
HANDFULS = (0, 1, 2, 5)
"""Photos of each class beside the rendered ones."""


@dataclass(frozen=True)
class Crossing:
    """What learning from rendered things gives on photos.

    Attributes
    ----------
    classes : tuple of str
    handfuls : tuple of int
        Photos of each class that were learned from too.
    with_rendered, photos_alone : ndarray (handfuls, splits), float
        Balanced accuracy on other photos, with rendered things and without; NaN where there is
        nothing to learn from.
    on_rendered : ndarray (splits,), float
        Of rendered things on rendered things of other models.
    rendered : int
        Rendered pictures of each class.
    """

    classes: tuple[str, ...]
    handfuls: tuple[int, ...]
    with_rendered: np.ndarray
    photos_alone: np.ndarray
    on_rendered: np.ndarray
    rendered: int = MODELS * len(YAWS)


def rendered_and_photographed() -> tuple[Task, Task]:
    """Return two tasks of the same classes: five models from four sides each, and photos."""
    pictures, labels, models = [], [], []
    shot, shown, originals = [], [], []
    for label, (kind, category) in enumerate(SHARED.values()):
        for thing in solids.things(kind)[:MODELS]:
            for yaw in YAWS:
                pictures.append(view(thing, yaw))
                labels.append(label)
                models.append(f"{thing.original} in 3-D")
        for original, cutout in {c.original: c for c in images.cutouts(category)}.items():
            shot.append(images.as_uint8(images.mount(cutout.rgba, SIDE)))
            shown.append(label)
            originals.append(original)
    classes = tuple(SHARED)
    return (
        Task("rendered", classes, np.stack(pictures), np.array(labels), tuple(models)),
        Task("photos", classes, np.stack(shot), np.array(shown), tuple(originals)),
    )


def crossing(
    bodies: Bodies,
    body: str = "Lite0",
    *,
    tasks: tuple[Task, Task] | None = None,
    handfuls: Sequence[int] = HANDFULS,
    splits: int = 5,
) -> Iterator[Seen | Crossing]:
    """Learn from rendered things and a handful of photos, test on other photos.

    Parameters
    ----------
    bodies : Bodies
    body : str
        Whose features are used.
    tasks : tuple of Task, optional
        From `rendered_and_photographed`.
    handfuls : sequence of int
        Photos of each class, rising.
    splits : int

    Yields
    ------
    Seen
        While it looks at pictures; the generator returns a `Crossing`.
    """
    rendered, photos = tasks or rendered_and_photographed()
    for task in (rendered, photos):
        yield from bodies.look(body, task.pictures)
    drawn, shot = (bodies.features(body, task.pictures) for task in (rendered, photos))
    shares = np.full((3, len(handfuls), splits), np.nan)
    for seed in range(splits):
        split = split_task(photos, max(handfuls), seed)
        truth = photos.labels[split.test]
        for row, few in enumerate(handfuls):
            mine = split.labelled(few) if few else np.zeros(0, int)
            both = np.concatenate([drawn, shot[mine]])
            targets = np.concatenate([rendered.labels, photos.labels[mine]])
            head = fit_head(both, targets, len(photos.classes))
            shares[0, row, seed] = balanced_accuracy(head.answers(shot[split.test]), truth)
            if few:
                head = fit_head(shot[mine], photos.labels[mine], len(photos.classes))
                shares[1, row, seed] = balanced_accuracy(head.answers(shot[split.test]), truth)
        models = split_task(rendered, MODELS - 2, seed)
        learned = np.concatenate(models.pools)
        head = fit_head(drawn[learned], rendered.labels[learned], len(rendered.classes))
        shares[2, 0, seed] = balanced_accuracy(
            head.answers(drawn[models.test]), rendered.labels[models.test]
        )
    return Crossing(photos.classes, tuple(handfuls), shares[0], shares[1], shares[2, 0])
