"""Lesson 04: each control, what is measured in its cells, and the permutation experiment."""

from __future__ import annotations

import asyncio
import contextlib
import io
import time
from collections import deque
from collections.abc import Iterator

import numpy as np

from aml4d_utils import images
from aml4d_utils.notebook import run
from aml4d_utils.topics.pixels import (
    distances,
    explorers,
    moved_tests,
    neighbours,
    permuting,
    raw_linear,
)
from benchmarks.callbacks import moves
from benchmarks.measure import Row, repeat, scaled

SEEDS = 3
TARGET_S = 45


def _experiment(seed: int) -> tuple[float, permuting.PermutationStep]:
    data = images.fashion_mnist()
    order = permuting.permutation(784, np.random.default_rng(seed))
    view = explorers.permutation_view()
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        step = asyncio.run(
            run(permuting.experiment(data, order, seed=seed, images=12000), draw=view.draw)
        )
    return time.perf_counter() - started, step


def rows() -> Iterator[Row]:
    """Measure the lesson's cells, every control, and the experiment from several seeds."""
    data = images.fashion_mnist()
    flat = data.train_images[:4000].reshape(4000, -1) / 255
    photo = images.resize(images.photo("chelsea"), 300, 450)
    sweep = deque(raw_linear.sweep(data), maxlen=1).pop()
    measured = deque(distances.measure_kinds(flat, photo), maxlen=1).pop()
    cells = {
        "80 linear classifiers": lambda: deque(raw_linear.sweep(data), maxlen=0),
        "distances of four kinds": lambda: deque(distances.measure_kinds(flat, photo), maxlen=0),
        "nearest neighbours": lambda: deque(
            neighbours.learn(data, rng=np.random.default_rng(0)), maxlen=0
        ),
    }
    for name, work in cells.items():
        yield Row(f"pixels: {name}", repeat(work, 3, 0), "s", 10)
    runs = [_experiment(seed) for seed in range(SEEDS)]
    steps = [step for _, step in runs]
    yield Row(
        "pixels: permutation experiment, 12,000 pictures, shown",
        tuple(seconds for seconds, _ in runs),
        "s",
        TARGET_S,
    )
    for learner in permuting.LEARNERS:
        for kind in (permuting.IN_ORDER, permuting.PERMUTED):
            shares = tuple(100 * step.last(learner, kind) for step in steps)
            yield Row(f"pixels: {learner}, {kind}, of 10,000 right", shares, "%")
    nets = {name: steps[0].nets[name, permuting.IN_ORDER] for name in permuting.LEARNERS}
    started = time.perf_counter()
    moved = deque(
        moved_tests.move_tests(nets, data.test_images[:500], data.test_labels[:500]), maxlen=1
    ).pop()
    yield Row("pixels: 81 moves of 500 pictures", (time.perf_counter() - started,), "s", 10)
    yield from moves(explorers.resolution_explorer(sweep), "resolution")
    yield from moves(explorers.curse_explorer(measured), "curse")
    yield from moves(explorers.moved_explorer(nets, moved), "moved tests")
    two = explorers.two_pixel_explorer()
    yield from moves(two, "two pixels")
    for method in ("linear", "15 nearest neighbours", "small MLP"):
        two.set(method=method)
        times = [repeat(lambda col=col: two.set(a=(14, col)), 1, 0)[0] for col in range(4, 24)]
        yield Row(f"callback: two pixels · drag, {method}", scaled(times, 1000), "ms", 50, "p95")
