"""The nudges table, the training to 90 %, the ways down, and each control of lesson 15."""

from __future__ import annotations

import asyncio
import contextlib
import io
import time
from collections.abc import Iterator

import numpy as np

from aml4d_utils.notebook import run
from aml4d_utils.topics.backprop import explorers
from aml4d_utils.topics.backprop.landscape import six_or_nine, three_descents
from aml4d_utils.topics.backprop.learning import learn
from aml4d_utils.topics.backprop.nudges import nudge_table
from aml4d_utils.topics.neurons.digit_training import one_hot
from benchmarks.callbacks import TARGET_MS, moves
from benchmarks.measure import Row, repeat, scaled

GOAL = 0.9
TABLE_MS = 100
TRAINING_S = 10
UPDATE_MS = 50
"""20 updates a second."""


def _table() -> Iterator[Row]:
    digits, network = explorers.digits(), explorers.untrained()
    x, wanted = digits.inputs[:64], one_hot(digits.labels[:64], 10)
    times = scaled(repeat(lambda: nudge_table(network, x, wanted), 30), 1000)
    yield Row("nudges table of 64 examples, computed", times, "ms", TABLE_MS, "p95")
    grid = explorers.nudges_explorer()
    times = scaled(repeat(lambda: grid.set(count=64), 30), 1000)
    yield Row("nudges table of 64 examples, packed for the page", times, "ms", TABLE_MS, "p95")
    times = scaled(repeat(lambda: grid.step(0.01), 30), 1000)
    yield Row("a step and the new table, 64 examples", times, "ms", TABLE_MS, "p95")


def _until_goal(seed: int) -> float:
    view = explorers.learning_view()
    steps = learn(
        explorers.untrained(seed),
        explorers.digits(),
        rng=np.random.default_rng(seed),
        epochs=30,
    )

    def until_goal():
        for step in steps:
            yield step
            if step.accuracy >= GOAL:
                return

    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        asyncio.run(run(until_goal(), draw=view.draw))
    return time.perf_counter() - started


def _descents() -> Iterator[Row]:
    updates = 300

    def go() -> None:
        three_descents(
            six_or_nine(),
            np.array([-2.0, 2.0]),
            rate=4,
            mini_batch=20,
            updates=updates,
            shuffle=True,
        )

    times = scaled(repeat(go, 20), 1000 / updates)
    yield Row("ways down: one update of all three", times, "ms", UPDATE_MS, "p95")


def rows() -> Iterator[Row]:
    """Measure what lesson 15 promises."""
    yield from _table()
    yield Row(
        "digit network to 90 % of 2,000 test digits, pictures",
        tuple(_until_goal(seed) for seed in range(5)),
        "s",
        TRAINING_S,
        "p95",
    )
    yield from _descents()
    yield from moves(explorers.descent_explorer(), "three ways down")
    yield from moves(explorers.steps_explorer(), "three steps")
    yield from moves(explorers.fading_explorer(), "fading gradients")
    stepper = explorers.graph_stepper()
    times = scaled(repeat(lambda: stepper.step(0.1), 30), 1000)
    yield Row("callback: graph, a step", times, "ms", TARGET_MS, "p95")
