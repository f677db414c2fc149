"""The words: which are known, which pairs are held out, and what any sentence becomes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.text_to_image.captions import (
    COLOURS,
    HELD_OUT,
    KINDS,
    LENGTH,
    WORDS,
    every_caption,
    read,
    word_numbers,
)


def test_two_colours_of_each_kind_are_held_out_and_every_colour_is_seen():
    for kind in KINDS:
        assert sum((colour, kind) in HELD_OUT for colour in COLOURS) == 2
    for colour in COLOURS:
        assert 0 < sum((colour, kind) in HELD_OUT for kind in KINDS) < len(KINDS)


def test_every_caption_is_read_back():
    for caption in every_caption():
        prompt = read(caption.text)
        assert prompt.known == (caption.size, caption.colour, caption.kind, caption.side)
        assert prompt.unknown == prompt.dropped == ()
        assert [WORDS[n - 1] for n in prompt.numbers if n] == list(prompt.known)


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    prompt = read(text)
    assert len(prompt.known) <= LENGTH
    assert set(prompt.known + prompt.dropped) <= set(WORDS)
    assert set(prompt.unknown).isdisjoint(WORDS)
    assert prompt.numbers.shape == (LENGTH,)


def test_a_very_long_prompt_keeps_its_first_words():
    prompt = read("red " * 5000)
    assert prompt.known == ("red",) * LENGTH
    assert len(prompt.dropped) == 5000 - LENGTH


@pytest.mark.parametrize("text", ["", "   ", "!?", "the a of"])
def test_nothing_to_read(text):
    assert read(text).known == read(text).unknown == ()
    assert (word_numbers(()) == np.zeros(LENGTH)).all()
