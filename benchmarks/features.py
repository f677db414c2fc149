"""How long the kernel needs for one move of each control of lesson 05, on a photo of 300 × 450.

The match explorer draws the moved photo first and completes its curve afterwards, in a thread of
its own: its rows give the time to the first picture, and one row the time to the whole curve.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.features import explorers
from aml4d_utils.topics.features.sift import fast_sift, sift
from aml4d_utils.topics.features.survival import survival
from aml4d_utils.topics.features.transforms import View
from aml4d_utils.widgets.explorer import Explorer
from aml4d_utils.widgets.fields import Choice, Slider, controls_of
from benchmarks.measure import Row, repeat, scaled

MOVES = 15
TARGET_MS = 150


def _values(control: Slider | Choice) -> list:
    if isinstance(control, Choice):
        return [control.options[k % len(control.options)] for k in range(MOVES)]
    return [control.clean(value) for value in np.linspace(control.low, control.high, MOVES)]


def _moves(explorer: Explorer, title: str) -> Iterator[Row]:
    for name, control in controls_of(explorer.state).items():
        explorer.reset()
        times = []
        for value in _values(control):
            times += repeat(lambda value=value, name=name: explorer.set(**{name: value}), 1, 0)
        yield Row(f"callback: {title} · {name}", scaled(times, 1000), "ms", TARGET_MS, "p95")


def _first_pictures(explorer: Explorer) -> Iterator[Row]:
    """Time what a drag waits for: the first record, computed and drawn."""
    for name, control in controls_of(explorer.state).items():
        explorer.reset()
        state = explorer.state
        times = []
        for value in _values(control):
            setattr(state, name, value)
            times += repeat(partial(_first, explorer, state), 1, 0)
        yield Row(f"first picture: match · {name}", scaled(times, 1000), "ms", TARGET_MS, "p95")


def _first(explorer: Explorer, state: object) -> None:
    record = next(explorer._compute(state))
    explorer._draw(record)
    explorer._describe(record)


def rows() -> Iterator[Row]:
    """Move every control from end to end, then time SIFT itself."""
    photo = images.resize(images.photo("chelsea"), 300, 450)
    yield from _moves(explorers.mean_explorer(), "means")
    yield from _moves(explorers.detector_explorer(photo), "detectors")
    yield from _moves(explorers.sift_explorer(photo), "SIFT opened")
    yield from _first_pictures(explorers.match_explorer(photo))
    small = images.fit(photo, 280)
    first = fast_sift(small)
    whole = repeat(lambda: list(survival(small, first, View(rotation=15), 300)), 3, 0)
    yield Row("match: the whole curve over rotation", scaled(whole, 1000), "ms")
    yield Row("OpenCV's SIFT, 300 × 450", scaled(repeat(lambda: fast_sift(photo), 9), 1000), "ms")
    yield Row("the room's own SIFT, 300 × 450", repeat(lambda: sift(photo), 3), "s")
