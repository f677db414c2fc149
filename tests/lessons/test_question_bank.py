"""The bank as a whole: enough questions, on all topics, and nothing to gain without knowing."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import lesson_source
import numpy as np
import pytest
from bank import BANK, BY_NAME, asked, headings

from aml4d_utils.checking.shuffling import in_random_order
from aml4d_utils.lessons import lecture

HERE = Path(__file__).parent
NAMES = tuple(each.name for each in BANK)
TOPICS = {topic.name: topic for topic in lecture.TOPICS}


def test_there_are_enough_questions():
    assert len(BANK) >= 150
    by_lesson = Counter(each.lesson for each in BANK)
    assert [lesson for lesson in lesson_source.LESSONS if by_lesson[lesson] < 6] == []


def test_every_topic_belongs_to_a_lesson_and_every_question_to_a_topic():
    assert set(lesson_source.LESSONS) == {topic.lesson for topic in lecture.TOPICS}
    assert [each.name for each in BANK if not each.question.topic] == []


@pytest.mark.parametrize("topic", lecture.TOPICS, ids=lambda topic: topic.name)
def test_every_topic_has_three_questions(topic):
    assert sum(each.question.topic == topic.name for each in BANK) >= 3


def test_a_third_is_computed_when_asked():
    assert sum(each.question.compute is not None for each in BANK) >= len(BANK) / 3


@pytest.mark.parametrize("name", NAMES)
def test_a_question_knows_its_topic_and_its_place(name):
    each = BY_NAME[name]
    topic = TOPICS[each.question.topic]
    assert topic.lesson == each.lesson
    assert each.question.place in headings(each.lesson)
    assert each.question.place.isascii(), "JupyterLab finds no heading with other signs"


def normalised(words):
    """Return words without case, accents, spaces and points; numbers keep sign and point."""
    plain = unicodedata.normalize("NFKD", words.casefold()).replace("−", "-")
    kept = re.findall(r"[+-]?\d+(?:[.,]\d+)*|[^\W\d_]+|[+×/%°-]", plain)
    numbers = (re.fullmatch(r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?", each) for each in kept)
    return tuple(
        f"{float(each.replace(',', '')):g}" if number else each
        for each, number in zip(kept, numbers, strict=True)
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_two_options_mean_the_same(name):
    options = [normalised(answer.words) for answer in asked(name).answers]
    assert len(set(options)) == len(options) >= 3
    assert all(options)
    reasons = [normalised(answer.why) for answer in asked(name).answers]
    assert len(set(reasons)) == len(reasons)


def test_words_that_mean_the_same_are_noticed():
    assert normalised("By +0.50.") == normalised("by +0.5")
    assert normalised("1,024 numbers") == normalised("1024  Numbers")
    assert normalised("−5") != normalised("5") and normalised("1 in 4") != normalised("1 in 24")


@pytest.mark.parametrize("name", NAMES)
def test_every_word_is_there(name):
    question = asked(name)
    texts = [question.question]
    for answer in question.answers:
        assert len(answer.why.split()) >= 3, answer
        assert answer.why.rstrip()[-1] in ".?”", answer
        texts += [answer.words, answer.why]
    for text in texts:
        assert text == text.strip() and "  " not in text and not set(text) & set("!`*{}")
        assert not re.search(r"\bnan\b|\binf\b", text), text
    if question.picture is not None:
        pixels = question.picture.pixels
        assert pixels.dtype == np.uint8 and pixels.ndim in (2, 3)
        assert np.ptp(pixels) > 100, "hardly anything can be seen"
        assert len(question.picture.words) > 20 and re.search(r"\d", question.picture.words)


@pytest.mark.parametrize("name", [each.name for each in BANK if each.question.compute])
def test_what_is_computed_is_the_same_each_time(name):
    again = BY_NAME[name].question.asked()
    assert (again.question, again.answers) == (asked(name).question, asked(name).answers)


def test_no_question_is_asked_twice():
    texts = Counter(normalised(asked(name).question) for name in NAMES)
    assert [text for text, count in texts.items() if count > 1] == []


def test_names_stay():
    """Progress keeps answers under these names: none may go, and a new one joins the list."""
    now = {f"{n}: {' '.join(a.name for a in BY_NAME[n].question.answers)}" for n in BY_NAME}
    known = {line.split(":")[0]: set(line.split()[1:]) for line in _lines("question_names.txt")}
    kept = {line.split(":")[0]: set(line.split()[1:]) for line in now}
    assert {name: names for name, names in known.items() if kept.get(name) != names} == {}


def _lines(file):
    return (HERE / file).read_text("utf-8").splitlines()


def test_answers_kept_by_their_words_are_still_understood():
    """Progress kept words before answers had names; ``formerly`` remembers those bettered since."""
    for name, words in json.loads((HERE / "words_once_kept.json").read_text("utf-8")).items():
        places = [BY_NAME[name].question.place_of(each) for each in words]
        assert None not in places and len(set(places)) == len(words), name


# --- nothing to gain without knowing ----------------------------------------------------------


@pytest.mark.parametrize("which", ["asked in a lesson", "all"])
def test_the_right_option_is_not_the_longest(which):
    names = [each.name for each in BANK if each.asked or which == "all"]
    longest = 0
    for name in names:
        lengths = [len(answer.words) for answer in asked(name).answers if not answer.right]
        longest += len(asked(name).right.words) > max(lengths)
    assert longest / len(names) <= 0.4


def shares_of_places(orders):
    """Return, for each number of options, the share of each place in which the right one stands."""
    counts = {}
    for question in orders:
        row = counts.setdefault(len(question.answers), np.zeros(len(question.answers)))
        row[question.place_of(question.right.name)] += 1
    return {count: row / row.sum() for count, row in counts.items() if row.sum() >= 50}


def test_each_place_is_right_equally_often_in_the_lessons():
    orders = []
    for lesson in lesson_source.LESSONS:
        questions = [asked(each.name) for each in BANK if each.lesson == lesson]
        orders += in_random_order(questions, lesson)
    shares = shares_of_places(orders)
    assert shares
    for count, row in shares.items():
        assert (np.abs(row * count - 1) <= 0.15).all(), (count, row)


def test_where_the_order_is_kept_no_place_is_worth_a_guess():
    kept = [asked(each.name) for each in BANK if each.question.keep_order]
    row = np.bincount([question.place_of(question.right.name) for question in kept])
    assert len(kept) >= 9 and row.max() <= 0.45 * len(kept)
