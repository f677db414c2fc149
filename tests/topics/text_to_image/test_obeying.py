"""Judging, the avocado test, the guidance curve, word maps: counts, closed forms, seeds.

The networks here have learned nothing, which is as good for these questions and needs no weights.
"""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.text_to_image import avocado_test, guidance_curve, learned_from, word_maps
from aml4d_utils.topics.text_to_image.captions import COLOURS, KINDS, Caption, every_caption, read
from aml4d_utils.topics.text_to_image.judging import (
    CHANCE,
    EMPTY,
    PAIR,
    Tally,
    asked,
    look,
    obeyed,
    tally,
)
from aml4d_utils.topics.text_to_image.painting import decoded, paint, paint_captions
from aml4d_utils.topics.text_to_image.prompt_judge import QUESTIONS


def seeded(number=3):
    return torch.Generator().manual_seed(number)


def last(steps):
    *_, record = steps
    return record


def answers(captions):
    """What a perfect judge says."""
    return {name: [getattr(c, name) for c in captions] for name in QUESTIONS}


def test_every_true_answer_counts_and_a_wrong_one_costs_only_its_question():
    captions = every_caption()
    perfect = tally(answers(captions), captions)
    assert perfect.right == dict.fromkeys(CHANCE, 576)
    seen = answers(captions)
    seen["colour"][:10] = ["no colour"] * 10
    seen["kind"][5:15] = ["no kind"] * 10
    counted = tally(seen, captions)
    assert counted.right == {"size": 576, "colour": 566, "kind": 566, "side": 576, PAIR: 561}
    assert counted.share(PAIR) == 561 / 576


def test_guessing_is_as_often_right_as_chance_says():
    captions = every_caption()
    rng = np.random.default_rng(0)
    counted = EMPTY
    for _ in range(100):
        guessed = {name: rng.choice(options, 576).tolist() for name, options in QUESTIONS.items()}
        counted += tally(guessed, captions)
    assert counted.count == 57600
    for name, chance in CHANCE.items():
        assert counted.share(name) == pytest.approx(chance, abs=0.01)
        assert counted.share(name) == pytest.approx(chance, rel=0.15)


def test_nothing_counted_says_nothing():
    assert EMPTY.share(PAIR) == 0
    assert EMPTY.interval(PAIR) == (0.0, 1.0)
    low, high = Tally(24, dict.fromkeys(CHANCE, 12)).interval("kind")
    assert 0.3 < low < 0.5 < high < 0.7


def test_what_is_asked_is_what_was_said():
    assert asked(read("")) == {}
    assert asked(read("RED red blue avocado")) == {"colour": ("red", "blue")}
    assert asked(read("a big cup seen from the left")) == {
        "size": ("big",),
        "kind": ("cup",),
        "side": ("left",),
    }


def test_a_picture_obeys_when_all_that_was_asked_is_right():
    seen = {
        "size": ["big", "big", "small"],
        "colour": ["red", "blue", "green"],
        "kind": ["cup", "cup", "cup"],
        "side": ["left", "left", "left"],
    }
    assert obeyed(seen, asked(read("big red cup"))).tolist() == [True, False, False]
    assert obeyed(seen, asked(read("a blue or red cup"))).tolist() == [True, True, False]
    assert obeyed(seen, asked(read("avocado"))).tolist() == [True] * 3


def test_the_judge_answers_in_words(untaught):
    seen = look(untaught.judge, np.random.default_rng(0).random((3, 64, 64, 3)))
    assert set(seen) == set(QUESTIONS)
    for name, words in seen.items():
        assert len(words) == 3
        assert set(words) <= set(QUESTIONS[name])


@pytest.mark.parametrize("sentence", ["", "a small red chair", "avocado", "cup " * 5000])
def test_any_sentence_is_painted(untaught, sentence):
    records = list(paint(untaught, sentence, generator=seeded(), count=3, steps=4))
    assert [r.fraction for r in records] == [0.25, 0.5, 0.75, 1.0]
    assert records[-1].pictures.shape == (3, 64, 64, 3)
    assert records[-1].film.shape == (4, 64, 64, 3)
    assert (records[-1].film[-1] == records[-1].pictures[0]).all()
    again = last(paint(untaught, sentence, generator=seeded(), count=3, steps=4))
    assert (again.pictures == records[-1].pictures).all()


def test_fewer_looks_lead_to_the_same_pictures(untaught):
    every = list(paint(untaught, "a red cup", generator=seeded(), count=3, steps=5))
    some = list(paint(untaught, "a red cup", generator=seeded(), count=3, steps=5, every=3))
    assert [record.fraction for record in some] == [0.6, 1.0]
    for one, other in zip(some, (every[2], every[4]), strict=True):
        assert (one.pictures == other.pictures).all()
        assert one.film == pytest.approx(other.film, abs=1e-5)
        assert one.seen == other.seen


def test_captions_are_painted_as_their_sentences(untaught):
    caption = Caption("big", "blue", "lamp", "front")
    made = paint_captions(untaught, [caption] * 3, generator=seeded(), steps=3)
    told = last(paint(untaught, caption.text, generator=seeded(), count=3, steps=3))
    assert made == pytest.approx(told.pictures, abs=1e-5)


@given(st.integers(1, 600), st.integers(0, 100))
def test_a_sample_holds_seen_and_unseen_pairs_without_repeating(count, seed):
    seen, unseen = avocado_test.sample(count, np.random.default_rng(seed))
    assert len(seen) == min(count, 432)
    assert len(unseen) == min(count, 144)
    assert not any(c.held_out for c in seen)
    assert all(c.held_out for c in unseen)
    assert len(set(seen)) == len(seen)
    assert len(set(unseen)) == len(unseen)


def test_the_avocado_test_counts_every_caption_once(untaught):
    rng = np.random.default_rng(0)
    seen, unseen = avocado_test.sample(26, rng)
    records = list(
        avocado_test.examine(untaught, seen, unseen, rng=rng, generator=seeded(), steps=2)
    )
    fractions = [r.fraction for r in records]
    assert fractions == sorted(fractions)
    end = records[-1]
    assert end.fraction == 1
    assert end.seen.count == end.unseen.count == len(end.pictures) == 26
    assert end.rendered.count == end.rebuilt.count == 52
    assert end.right.sum() == end.unseen.right[PAIR]
    assert records[0].seen.count == 0
    assert records[0].captions == tuple(unseen[:24])
    for caption, picture, good in list(zip(end.captions, end.pictures, end.right, strict=True)):
        sees = look(untaught.judge, picture[None])
        assert good == (sees["kind"] == [caption.kind] and sees["colour"] == [caption.colour])


def test_a_perfect_painter_would_be_found_perfect(untaught, monkeypatch):
    """The judge repeats what was asked of the painter: every count is then full."""
    told = []

    def remember(_workshop, captions, **_options):
        told[:] = captions
        return np.zeros((len(captions), 64, 64, 3), np.float32)

    monkeypatch.setattr(avocado_test, "paint_captions", remember)
    monkeypatch.setattr(avocado_test, "look", lambda _judge, pictures: answers(told))
    rng = np.random.default_rng(0)
    seen, unseen = avocado_test.sample(24, rng)
    steps = avocado_test.examine(untaught, seen, unseen, rng=rng, generator=seeded())
    for record in itertools.islice(steps, 2):
        found = record
    assert found.seen.right == found.unseen.right == dict.fromkeys(CHANCE, 24)
    assert found.right.all()


def test_a_known_ceiling_is_not_measured_again(untaught, monkeypatch):
    def end(guidance, **known):
        rng = np.random.default_rng(0)
        pairs = avocado_test.sample(3, rng)
        options = dict(rng=rng, generator=seeded(), guidance=guidance, steps=1)
        *_, found = avocado_test.examine(untaught, *pairs, **options, **known)
        return found

    first, anew = end(3.0), end(1.0)
    monkeypatch.setattr(avocado_test, "_rendering", None)
    again = end(1.0, ceiling=(first.rendered, first.rebuilt))
    assert again.fraction == 1
    for name in ("seen", "unseen", "rendered", "rebuilt"):
        assert getattr(again, name) == getattr(anew, name)


def test_variety_is_the_mean_over_all_pairs():
    pictures = np.random.default_rng(0).random((3, 5, 4, 4, 3))
    pairs = [
        np.square(prompt[a] - prompt[b]).mean()
        for prompt in pictures
        for a, b in itertools.combinations(range(5), 2)
    ]
    assert guidance_curve.variety(pictures) == pytest.approx(np.sqrt(np.mean(pairs)))
    assert guidance_curve.variety(pictures[:, [0, 0, 0]]) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match="at least 2 pictures of a prompt, got 1"):
        guidance_curve.variety(pictures[:, :1])


def test_without_guidance_the_prompts_do_not_matter(untaught):
    """Guidance 0 does not listen: two prompts with the same noise give the same pictures."""
    red, blue = (Caption("big", colour, "cup", "left") for colour in ("red", "blue"))
    made = [
        paint_captions(untaught, [c], generator=seeded(), guidance=0.0, steps=3)
        for c in (red, blue)
    ]
    assert (made[0] == made[1]).all()
    point = guidance_curve.measure_point(
        untaught, [red, blue], 0.0, each=3, generator=seeded(), steps=2
    )
    assert (point.guidance, point.obeyed.count) == (0.0, 6)
    assert point.variety > 0


def test_a_word_left_out_is_a_word_not_said(untaught):
    found = last(
        word_maps.map_words(untaught, "big red cup", generator=seeded(), steps=3, guidance=2.0)
    )
    assert found.attention.shape == (3, 4, 4)
    assert found.without.shape == (3, 64, 64, 3)
    assert found.change.shape == (3, 64, 64)
    for number, rest in enumerate(("red cup", "big cup", "big red")):
        alone = last(
            paint(untaught, rest, generator=seeded(), count=1, steps=3, guidance=2.0)
        ).pictures[0]
        assert found.without[number] == pytest.approx(alone, abs=1e-4)
        assert found.change[number] == pytest.approx(
            np.abs(alone - found.picture).mean(-1), abs=1e-4
        )
    assert (found.attention > 0).all()
    assert (found.attention.sum(0) < 1).all()


def test_without_words_there_is_nothing_to_map(untaught):
    found = last(word_maps.map_words(untaught, "avocado", generator=seeded(), steps=2))
    assert found.attention.shape == (0, 4, 4)
    assert found.change.shape == (0, 64, 64)
    assert found.picture.shape == (64, 64, 3)


def test_distances_and_the_closest(untaught):
    rng = np.random.default_rng(0)
    some, others = rng.random((2, 8, 8, 3)), rng.random((5, 8, 8, 3))
    table = learned_from.distances(some, others)
    for row, col in np.ndindex(2, 5):
        assert table[row, col] == pytest.approx(
            np.linalg.norm(some[row] - others[col]) / np.sqrt(8 * 8 * 3)
        )
    others[3] = some[1]
    found = learned_from.LearnedFrom(Caption("big", "red", "cup", "left"), others, some, (), 1.0)
    assert found.closest[1] == 3
    assert found.far == pytest.approx(np.median(learned_from.distances(some, others).min(1)))


def test_renderings_come_with_their_models(untaught):
    caption = Caption("small", "white", "vase", "right")
    found = last(
        learned_from.compare_with_training(
            untaught, caption, rng=np.random.default_rng(0), generator=seeded(), count=9
        )
    )
    assert found.rendered.shape == (9, 64, 64, 3)
    assert found.fraction == 1
    assert len(found.things) == 3
    assert all(thing.creator and thing.licence for thing in found.things)
    assert 0 < found.usual < 1


def test_the_pictures_of_latents_are_pictures(untaught):
    made = decoded(untaught.autoencoder, torch.randn(2, 12, 8, 8, generator=seeded()))
    assert made.shape == (2, 64, 64, 3)
    assert made.dtype == np.float32
    assert made.min() >= 0
    assert made.max() <= 1


def test_chance_is_one_in_so_many():
    assert CHANCE[PAIR] == pytest.approx(1 / (len(COLOURS) * len(KINDS)))
