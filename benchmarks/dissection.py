"""Dissection of all units over 200 scenes: seconds and memory; the explorers of lesson 09."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import numpy as np

from aml4d_utils import images, nets
from aml4d_utils.topics.dissection import ablation, concepts, dissect, explorers, units
from benchmarks.callbacks import moves
from benchmarks.measure import Row, repeat
from benchmarks.notebooks import PeakMemory

SCENES, OTHERS = 200, 100


def _result(steps):
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def trained_and_scenes():
    """Return SqueezeNet, the scenes, and a function that dissects it on all of them."""
    net = nets.load("squeezenet1_1")
    scenes, others = _result(concepts.scene_sets(SCENES, OTHERS, seed=9))
    return net, scenes, lambda: _result(dissect.dissect(net, scenes, others))


_ALONE = "from benchmarks.dissection import trained_and_scenes as made; made()[2]()"


def _peak_megabytes() -> float:
    """Dissect once in a process of its own and return its peak memory."""
    memory = PeakMemory()
    memory.start()
    subprocess.run([sys.executable, "-c", _ALONE], check=True)
    return memory.stop()


def rows() -> Iterator[Row]:
    """Dissect, here and in a process of its own, then move every control."""
    net, scenes, once = trained_and_scenes()
    what = f"dissection, {units.UNITS:,} units, {SCENES} + {OTHERS} scenes"
    yield Row(what, repeat(once, 3, 0), "s", 60)
    yield Row("dissection, peak memory of its process", (_peak_megabytes(),), "MB", 1000)
    trained = once()
    photo = images.resize(images.photo("chelsea"), 300, 450)
    yield from moves(explorers.unit_browser(net, trained, scenes, photo), "unit browser", 200)
    yield from moves(explorers.census_explorer(trained, trained), "census", 50)
    last = trained.iou()[units.first_unit("fire9") :]
    laboratory = _result(ablation.prepare(net, photo, last))
    yield from moves(explorers.ablation_explorer(laboratory), "ablation", 50)
    shares = np.array([laboratory.before.balanced])
    yield Row("read-out, balanced accuracy on held-out originals", tuple(100 * shares), "%")
