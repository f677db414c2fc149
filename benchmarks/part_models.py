"""Part models: training, one move of each control, a drag, one photo, the whole comparison."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aml4d_utils import images
from aml4d_utils.lessons.classic_detectors.comparison import compare, detectors, held_out_scenes
from aml4d_utils.topics.part_models import explorers
from aml4d_utils.topics.part_models.deforming import sweep
from aml4d_utils.topics.part_models.distance_transform import (
    Spring,
    best_places,
    distance_transform,
)
from aml4d_utils.topics.part_models.part_search import find_faces
from aml4d_utils.topics.part_models.part_training import train_part_model, trained_part_model
from benchmarks.callbacks import TARGET_MS, moves
from benchmarks.measure import Row, repeat, scaled


def rows() -> Iterator[Row]:
    """Measure everything that a student waits for."""
    seconds = repeat(lambda: list(train_part_model(np.random.default_rng(0))), 3, 0)
    yield Row("train root, parts and springs", seconds, "s", 10)
    trained = trained_part_model()
    photo = images.fit(images.photo("chelsea"), 400)

    yield from moves(explorers.part_explorer(trained.model, photo), "parts on springs")
    yield Row(
        "drag a part by one cell", tuple(_drags(trained.model, photo)), "ms", TARGET_MS, "p95"
    )
    yield from moves(explorers.deform_explorer(trained), "deformed face")
    yield from moves(explorers.envelope_explorer(trained.model), "envelope")

    matches = np.random.default_rng(0).normal(size=(120, 160))
    springs = Spring(0.0, 0.05), Spring(0.0, 0.05)
    for name, transform in (("as taught", distance_transform), ("with whole arrays", best_places)):
        times = repeat(lambda transform=transform: transform(matches, *springs), 5)
        yield Row(f"distance transform of 120 × 160, {name}", scaled(times, 1000), "ms")
    for name, model in (("root only", trained.root_only), ("root and parts", trained.model)):
        times = repeat(lambda model=model: find_faces(model, photo), 5)
        yield Row(f"find faces in a photo of 266 × 400, {name}", scaled(times, 1000), "ms")

    faces = images.faces().test_faces
    yield Row(
        "turn 40 faces by 9 angles", repeat(lambda: list(sweep(trained, faces, "turn")), 3), "s"
    )
    scenes = held_out_scenes(np.random.default_rng(0))
    whole = repeat(lambda: list(compare(detectors(trained), scenes)), 3, 0)
    yield Row("compare four detectors on 11 images", whole, "s", 15)


def _drags(model, photo: np.ndarray) -> Iterator[float]:
    explorer = explorers.part_explorer(model, photo)
    face = explorer.widget.children[0].children[1].children[0]
    for step in range(60):
        place = {"kind": "cursor", "row": 50 + step % 40, "col": 30 + step % 30, "action": "drag"}
        yield 1000 * repeat(lambda place=place: face._on_message(face, place, []), 1, 0)[0]
