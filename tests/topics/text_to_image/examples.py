"""What the explorers and the descriptions of text-to-image are tried on."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch

from aml4d_utils.topics.text_to_image.avocado_test import examine, sample
from aml4d_utils.topics.text_to_image.captions import HELD_OUT, Caption, read
from aml4d_utils.topics.text_to_image.guidance_curve import CurvePoint
from aml4d_utils.topics.text_to_image.judging import CHANCE, Tally
from aml4d_utils.topics.text_to_image.learned_from import compare_with_training
from aml4d_utils.topics.text_to_image.painting import paint
from aml4d_utils.topics.text_to_image.word_maps import map_words
from aml4d_utils.topics.text_to_image.workshop import load_workshop


@cache
def workshop():
    """The trained networks."""
    return load_workshop()


@cache
def quick():
    """The trained networks with one block of the painter: worse pictures, the same controls."""
    made = load_workshop()
    made.painter.blocks = made.painter.blocks[:1]
    return made


def last(steps):
    """Return the last record."""
    *_, record = steps
    return record


def seeded(number=0):
    return torch.Generator().manual_seed(number)


@cache
def paintings():
    """A known prompt, a nearly unknown one, an empty one and one that is too long."""
    return [
        last(paint(workshop(), words, generator=seeded(), count=4, steps=steps))
        for words, steps in (
            ("a big red car", 4),
            ("a blue avocado", 6),
            ("", 3),
            ("cup and lamp " * 40, 2),
        )
    ]


@cache
def obediences():
    """Two samples, examined to the end."""
    found = []
    for count, seed in ((6, 0), (7, 1)):
        rng = np.random.default_rng(seed)
        steps = examine(workshop(), *sample(count, rng), rng=rng, generator=seeded(), steps=4)
        found.append(last(steps))
    return found


def point(guidance, right, variety):
    """One invented point of a curve."""
    return CurvePoint(guidance, Tally(20, dict.fromkeys(CHANCE, right)), variety)


@cache
def mapped():
    """Two prompts and no prompt."""
    return [
        last(map_words(workshop(), words, generator=seeded(), steps=3))
        for words in ("a big red car", "white cup seen from the right", "")
    ]


@cache
def learned():
    """A seen pair and a held-out one."""
    return [
        last(
            compare_with_training(
                workshop(), caption, rng=np.random.default_rng(0), generator=seeded(), count=9
            )
        )
        for caption in (
            Caption("big", "green", "armchair", "left"),
            Caption("small", "orange", "sofa", "right"),
        )
    ]


EXPLORERS = {
    name: lambda: (quick(),)
    for name in (
        "painting_explorer",
        "avocado_explorer",
        "guidance_explorer",
        "word_explorer",
        "training_explorer",
    )
}

DESCRIPTIONS = {
    "describe_prompt": lambda: [
        (read("a red car"),),
        (read("a red avocado"),),
        (read("red car " * 9),),
        (read(""),),
    ],
    "describe_seen": lambda: [
        ({"kind": ["cup", "cup", "car"], "colour": ["red", "red", "red"]},),
        ({"kind": ["cup", "sofa"], "colour": ["red", "blue"]}, {"kind": ("cup",)}),
    ],
    "describe_painting": lambda: [(one,) for one in paintings()],
    "describe_film": lambda: [(one,) for one in paintings()],
    "describe_pairs": lambda: [(HELD_OUT,), ({("red", "cup")},)],
    "describe_obedience": lambda: [(one,) for one in obediences()],
    "describe_questions": lambda: [(one,) for one in obediences()],
    "describe_examples": lambda: [(one,) for one in obediences()],
    "describe_curve": lambda: [
        ([],),
        ([point(1, 3, 0.2)],),
        ([point(1, 3, 0.2), point(3, 9, 0.1)],),
    ],
    "describe_ends": lambda: [
        ([],),
        ([point(1, 3, 0.2), point(3, 9, 0.1)],),
        ([point(1, 3, 0.2), point(3, 9, 0.3)],),
    ],
    "describe_attention": lambda: [(one,) for one in mapped()],
    "describe_change": lambda: [(one,) for one in mapped()],
    "describe_words": lambda: [(one,) for one in mapped()],
    "describe_learned": lambda: [(one,) for one in learned()],
    "describe_makers": lambda: [(one,) for one in learned()],
    "describe_closest": lambda: [(one,) for one in learned()],
}
