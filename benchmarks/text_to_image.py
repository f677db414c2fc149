"""Text to image: seconds for eight pictures, and how often every caption is obeyed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from aml4d_utils.topics.text_to_image.avocado_test import examine, sample
from aml4d_utils.topics.text_to_image.guidance_curve import measure_point
from aml4d_utils.topics.text_to_image.judging import CHANCE, PAIR
from aml4d_utils.topics.text_to_image.painting import paint
from aml4d_utils.topics.text_to_image.word_maps import map_words
from aml4d_utils.topics.text_to_image.workshop import load_workshop
from benchmarks.measure import Row, repeat

SENTENCE = "a small green armchair seen from the left"
GUIDANCES = (1.0, 3.0, 5.0)


def _seeded() -> torch.Generator:
    return torch.Generator().manual_seed(13)


def rows() -> Iterator[Row]:
    """Paint, map words, then paint and judge all 576 captions with three guidances."""
    workshop = load_workshop()
    once = repeat(lambda: list(paint(workshop, SENTENCE, generator=_seeded())), 5)
    yield Row("8 pictures, 20 steps, each step shown and judged", once, "s", 6)
    maps = repeat(lambda: list(map_words(workshop, SENTENCE, generator=_seeded())), 3)
    yield Row("word maps of 4 words, 20 steps", maps, "s", 6)
    twelve, _ = sample(12, np.random.default_rng(0))
    point = repeat(lambda: measure_point(workshop, twelve, 3.0, each=4, generator=_seeded()), 3)
    yield Row("one point of the guidance curve, 48 pictures", point, "s", 10)
    for guidance in GUIDANCES:
        rng = np.random.default_rng(13)
        *_, found = examine(
            workshop, *sample(432, rng), rng=rng, generator=_seeded(), guidance=guidance
        )
        tallies = {
            "seen": found.seen,
            "unseen": found.unseen,
            "real": found.rendered,
            "rebuilt": found.rebuilt,
        }
        for name, tally in tallies.items():
            for question in tally.right:
                what = f"guidance {guidance:g}: {name}, {question}, of {tally.count}"
                yield Row(what, (100 * tally.share(question),), "%")
    yield Row("chance, kind and colour", (100 * CHANCE[PAIR],), "%")
