"""Lesson 13: enlarge, paint slowly and at once, swap faces, fly around a thing."""

from __future__ import annotations

from collections.abc import Iterator

from aml4d_utils import images, nets
from aml4d_utils.topics.deepfakes import explorers as fakes
from aml4d_utils.topics.deepfakes.swap_film import swap_film
from aml4d_utils.topics.style_transfer.instant import Studio
from aml4d_utils.topics.style_transfer.painting_by_features import paint_by_features
from aml4d_utils.topics.super_resolution.comparing import tradeoff
from aml4d_utils.topics.super_resolution.enlarging import GAN, enlarge
from aml4d_utils.topics.super_resolution.shrinking import shrink
from aml4d_utils.topics.synthetic_video.clips import flight, walk_through_faces
from benchmarks.callbacks import moves
from benchmarks.measure import Row, repeat


def rows() -> Iterator[Row]:
    """Time what the lesson runs, at full budgets, and move its controls."""
    cat, terrace = images.photo("chelsea"), images.painting("cafe_terrace")
    small = shrink(cat[20:276, 100:356])
    yield Row("Real-ESRGAN, 64 px crop", repeat(lambda: list(enlarge(GAN, small)), 3, 0), "s", 12)
    yield Row("four photos, three methods", repeat(lambda: list(tradeoff()), 2, 0), "s", 30)
    net = nets.load("squeezenet1_1", "cpu")
    painting = repeat(lambda: list(paint_by_features(net, cat, terrace)), 2, 0)
    yield Row("Gatys, 256 px, 100 steps", painting, "s", 60)
    studio = Studio(cat)
    yield Row("instant style", repeat(lambda: studio.paint("terrace", terrace), 5, 1), "s", 1)
    yield Row("walk, 48 pictures", repeat(lambda: list(walk_through_faces(3)), 3, 0), "s", 5)
    yield Row(
        "flight, 24 pictures", repeat(lambda: list(flight("forklift", 20, 24)), 2, 0), "s", 10
    )
    yield Row("face swap, 48 pictures", repeat(lambda: list(swap_film(0, 1)), 3, 0), "s", 5)
    yield from moves(fakes.detector_explorer(), "fake or real", 150)
