"""Faces as Viola and Jones found them: training, scanning, and every control of lesson 06."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.viola_jones import explorers
from aml4d_utils.topics.viola_jones.cascade import scan
from aml4d_utils.topics.viola_jones.cascade_training import train_on
from aml4d_utils.topics.viola_jones.conditions import CONDITIONS, sweep
from aml4d_utils.topics.viola_jones.detecting import find_faces_quickly, find_faces_with_opencv
from aml4d_utils.topics.viola_jones.face_boosting import boost_faces
from aml4d_utils.topics.viola_jones.opencv_cascade import opencv_cascade
from benchmarks.callbacks import moves
from benchmarks.measure import Row, repeat, scaled

ROUNDS = 15


def _boosting(pictures: bool) -> tuple[float, str]:
    view = explorers.boosting_view()
    started = time.perf_counter()
    for state in boost_faces(images.faces(), ROUNDS):
        if pictures:
            view.draw(state)
    words = f"{state.measured:,} features, held out {1 - state.held_out_wrong[-1]:.0%} right"
    return time.perf_counter() - started, words


def rows() -> Iterator[Row]:
    """Train, scan the astronaut, count faces under conditions, move every control."""
    for pictures in (False, True):
        seconds, words = _boosting(pictures)
        yield Row(f"AdaBoost{', drawn' if pictures else ''}: {words}", (seconds,), "s", 30)
    started = time.perf_counter()
    *_, trained = train_on(images.faces(), np.random.default_rng(6))
    yield Row("own cascade, 7 stages", (time.perf_counter() - started,), "s", 30)

    cascade, photo = opencv_cascade(), images.photo("astronaut")
    heat = repeat(lambda: scan(photo, cascade).map_of_stages(), 5)
    yield Row("stages of every window, 512 × 512, 491,556 windows", heat, "s", 1)
    small = images.fit(photo, 320)
    heat = repeat(lambda: scan(small, cascade).map_of_stages(), 5)
    yield Row("the same as in the lesson, 320 × 320", heat, "s", 1)
    for size in (320, 512):
        frame = images.as_uint8(images.fit(photo, size))
        found = repeat(lambda frame=frame: find_faces_with_opencv(frame, smallest=40), 10)
        yield Row(f"OpenCV on a frame of {size} pixels", scaled(found, 1000), "ms")
    data = images.faces()
    everyone = np.concatenate([data.train_faces, data.test_faces])
    started = time.perf_counter()
    *_, curves = sweep(everyone, find_faces_quickly)
    count = 100 * sum(len(condition.values) for condition in CONDITIONS.values())
    yield Row(f"{count:,} faces under conditions", (time.perf_counter() - started,), "s", 30)

    yield from moves(explorers.integral_explorer(), "four corners")
    yield from moves(explorers.feature_explorer(), "Haar feature")
    shown = explorers.cascade_explorer(trained.cascade)
    for name in explorers.PHOTOS:
        for which in ("OpenCV's", "yours"):
            shown.set(photo=name, cascade=which)
    yield from moves(shown, "cascade, photos scanned before")
    yield from moves(explorers.detector_explorer(curves["tilt"]), "detector")
