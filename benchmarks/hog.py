"""HOG: how long a slider, a dragged window and a switch of the contest keep the student waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.hog import explorers
from aml4d_utils.topics.hog.contest import DATASETS
from aml4d_utils.topics.hog.hog_inspector import hog_inspector
from benchmarks.measure import Row, repeat, scaled

SLIDER_MS, DRAG_MS, SWITCH_MS = 80, 50, 1000


def _walked(values: Iterator, move: Callable[[object], object]) -> tuple[float, ...]:
    times: list[float] = []
    for value in values:
        times += repeat(lambda value=value: move(value), 1, 0)
    return scaled(times, 1000)


def _inspector_rows() -> Iterator[Row]:
    inspector = hog_inspector(images.resize(images.photo("chelsea"), 300, 450))

    def set_to(name: str) -> Callable[[object], object]:
        def move(value: object) -> object:
            setattr(inspector, name, value)
            return inspector.hog()

        return move

    for name, values in {
        "cell": range(4, 33, 2),
        "bins": range(2, 19),
        "block": (1, 2, 3, 4) * 4,
    }.items():
        times = _walked(values, set_to(name))
        yield Row(f"hog inspector: {name}, in the kernel", times, "ms", SLIDER_MS, "p95")
        inspector.set_trait(name, inspector.start[name])
    # The one slider that the page waits for: the rest is counted in the browser too.
    times = _walked(range(10, 101, 5), lambda light: inspector.set_trait("light", light))
    yield Row("hog inspector: light, gradients sent", times, "ms", SLIDER_MS, "p95")


def _window_rows() -> Iterator[Row]:
    explorer = explorers.window_explorer()
    places = np.random.default_rng(0).integers(0, 101, (40, 2)).tolist()
    times = _walked(places, lambda place: explorer.set(down=place[0], across=place[1]))
    yield Row("hog window: drag", times, "ms", DRAG_MS, "p95")
    times = _walked(range(48, 241, 8), lambda size: explorer.set(size=size))
    yield Row("hog window: new size", times, "ms", SLIDER_MS, "p95")
    times = scaled(repeat(explorers.window_explorer, 3, 0), 1)
    yield Row("hog window: training and opening", times, "s")


def _memory_rows() -> Iterator[Row]:
    explorer = explorers.inverse_hog_explorer(images.photo("chelsea"))
    sizes = (6, 8, 12, 16, 24)
    times = _walked(sizes * 2, lambda cell: explorer.set(cell=cell))
    yield Row("hog memory: new cell size (in a thread)", times, "ms")


def _contest_rows() -> Iterator[Row]:
    explorer = explorers.contest_explorer()
    names = ("lbp", "colours", "density", "pixels", "hog")
    for dataset in DATASETS:
        times = _walked((dataset,), lambda name: explorer.set(dataset=name))
        yield Row(f"hog contest: first look at {dataset}", times, "ms")
        times = _walked(names, lambda name: explorer.set(**{name: True}))
        yield Row("hog contest: switch, first time", times, "ms")
        for round_ in range(2):
            off = _walked(names[:4], lambda name, on=bool(round_): explorer.set(**{name: on}))
            times = (*times, *off) if round_ else off
        yield Row("hog contest: switch, later", times, "ms", SWITCH_MS, "p95")
        explorer.reset()


def rows() -> Iterator[Row]:
    """Walk through every control that a student drags."""
    yield from _inspector_rows()
    yield from _window_rows()
    yield from _memory_rows()
    yield from _contest_rows()
