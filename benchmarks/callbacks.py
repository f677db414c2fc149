"""How long the kernel needs for one move of each control, on a photo of 300 × 450 pixels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.convolution import explorers
from aml4d_utils.widgets.explorer import Explorer
from aml4d_utils.widgets.fields import Choice, Slider, Typed, controls_of
from benchmarks.measure import Row, repeat, scaled

MOVES = 15
TARGET_MS = 50


def _values(control: object) -> list:
    if isinstance(control, Slider):
        return [control.clean(v) for v in np.linspace(control.low, control.high, MOVES)]
    if isinstance(control, Choice):
        return [control.options[k % len(control.options)] for k in range(MOVES)]
    if isinstance(control, Typed):
        return [f"mug {k}" for k in range(MOVES)]
    return [bool(k % 2) for k in range(MOVES)]


def moves(explorer: Explorer, title: str, target: float = TARGET_MS) -> Iterator[Row]:
    """Move every control of an explorer from end to end; one row each, in milliseconds."""
    for name, control in controls_of(explorer.state).items():
        explorer.reset()
        times = []
        for value in _values(control):
            times += repeat(lambda value=value, name=name: explorer.set(**{name: value}), 1, 0)
        yield Row(f"callback: {title} · {name}", scaled(times, 1000), "ms", target, "p95")


def rows() -> Iterator[Row]:
    """Move every control of every explorer from end to end."""
    photo = images.resize(images.photo("chelsea"), 300, 450)
    yield from moves(explorers.counter_explorer(), "parameter counter")
    yield from moves(explorers.shift_explorer(photo), "shift")
    yield from moves(explorers.locality_explorer(photo), "locality")
    yield from moves(explorers.surgery_explorer(photo), "surgery")
