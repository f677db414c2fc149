"""Lesson 11: look at photos, fit heads, teach one's own classes and correct them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.own_classes.explorers import teach_explorer
from aml4d_utils.topics.own_classes.photo_collection import MISFILED, example_collection
from aml4d_utils.topics.own_classes.teaching import teach
from aml4d_utils.topics.transfer.label_curves import FROZEN, SCRATCH, label_curves
from aml4d_utils.topics.transfer.linear_heads import fit_head
from aml4d_utils.topics.transfer.tasks import SIDE, photo_task, split_task
from aml4d_utils.topics.transfer.trained_bodies import Bodies
from benchmarks.callbacks import moves
from benchmarks.measure import Row, repeat


def rows() -> Iterator[Row]:
    """Time what the lesson promises."""
    cutouts = [images.as_uint8(images.mount(c.rgba, SIDE)) for c in images.cutouts()[:300]]
    many = np.stack(cutouts)
    yield Row("features of 300 cut-outs", repeat(lambda: look(Bodies(), many), 3, 0), "s", 15)
    bodies = Bodies()
    look(bodies, many)
    yield Row("… seen before", repeat(lambda: look(bodies, many), 5), "s", 1)
    task = photo_task()
    features = bodies.features("Lite0", task.pictures)
    learned = split_task(task, 20, 0).labelled(20)
    heads = repeat(lambda: fit_head(features[learned], task.labels[learned], 6), 5)
    yield Row("head on 120 photos of 6 classes", heads, "s", 1)
    photos = example_collection()
    yield Row("teach 2 × 20 photos", repeat(lambda: list(teach(Bodies(), photos)), 3, 0), "s", 5)
    seen = Bodies()
    list(teach(seen, photos))
    place = next(k for k, (photo, _) in enumerate(photos) if photo.burst == MISFILED)
    corrected = photos.moved(place, 0)
    yield Row("… after a correction", repeat(lambda: list(teach(seen, corrected)), 5), "s", 1)
    unfrozen = repeat(lambda: list(teach(seen, photos, unfrozen=True)), 2, 0)
    yield Row("… the last block too", unfrozen, "s", 10)
    *_, curves = label_curves(bodies, task, (FROZEN, SCRATCH), splits=5)
    lead = tuple(100 * np.subtract(curves.of(FROZEN, 5), curves.of(SCRATCH, 5)))
    yield Row("frozen beyond scratch with 5 labels", lead, "points")
    yield from moves(teach_explorer(photos, seen), "teach it yourself", 1000)


def look(bodies: Bodies, pictures: np.ndarray) -> np.ndarray:
    """Look at pictures with Lite0."""
    return bodies.features("Lite0", pictures)
