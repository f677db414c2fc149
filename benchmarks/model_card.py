"""Lesson 16: seal, teach and measure; write the card; hand it to a peer."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryDirectory

from aml4d_utils.topics.model_card import (
    card_bundle,
    detector_study,
    explorers,
    figures,
    model_study,
)
from aml4d_utils.topics.model_card.card_page import card_page
from aml4d_utils.topics.model_card.card_sentences import write_card
from aml4d_utils.topics.model_card.design_brief import EXAMPLE
from aml4d_utils.topics.model_card.peer_round import PeerDesk
from aml4d_utils.topics.model_card.scene_test import seal_scenes
from aml4d_utils.topics.transfer.trained_bodies import Bodies
from benchmarks.callbacks import moves
from benchmarks.measure import Row, repeat


def rows() -> Iterator[Row]:
    """Time what the lesson promises."""
    photos, day = model_study.example_photos(), "2026-11-29"

    def measure(bodies: Bodies) -> model_study.Study:
        return list(model_study.make_study(bodies, photos, EXAMPLE, day))[-1]

    yield Row(
        "seal, teach, measure 3 × 20 things", repeat(lambda: measure(Bodies()), 3, 0), "s", 30
    )
    bodies = Bodies()
    study = measure(bodies)
    yield Row("… seen before", repeat(lambda: measure(bodies), 3), "s", 10)
    anew = repeat(lambda: model_study.taught_anew(study, model_study.CHANGES[1]), 5)
    yield Row("teach anew with one photo moved", anew, "s", 1)
    page = card_page(write_card(study), figures.card_pictures(study))
    yield Row("size of the card", [len(page.encode()) / 1e6], "MB", 5)
    with TemporaryDirectory() as folder:
        written = repeat(lambda: card_bundle.save_card_bundle(folder, study, page), 5)
        yield Row("save what a peer gets", written, "s", 1)
        read = repeat(lambda: card_bundle.load_card_bundle(folder, bodies), 5)
        yield Row("read, check and count it again", read, "s", 2)
    scenes = seal_scenes(detector_study.EXAMPLE_WORDS)

    def look() -> detector_study.DetectorStudy:
        return list(detector_study.study_detector(scenes, detector_study.BOXES_EXAMPLE, day))[-1]

    yield Row("detector: look at the sealed scenes", repeat(look, 1, 0), "s", 15)
    boxes = explorers.detector_card_explorer(look())
    yield from moves(boxes, "card of a detector", 300)
    yield from moves(explorers.plan_explorer(), "plan")
    yield from moves(explorers.peer_explorer(PeerDesk(study.model, study.test), study.things),
                     "peer", 120)  # fmt: skip
