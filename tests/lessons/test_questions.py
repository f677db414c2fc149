"""The quiz of every lesson: counted, and with answers that can be told apart."""

import importlib

import lesson_source
import pytest

from aml4d_utils.checking import QuizQuestion, progress

LESSONS = lesson_source.LESSONS


def questions_of(lesson: str) -> tuple[QuizQuestion, ...]:
    room = lesson_source.read(lesson).room
    return importlib.import_module(f"aml4d_utils.lessons.{room}.questions").QUESTIONS


@pytest.mark.parametrize("lesson", LESSONS)
def test_names_are_unique_and_counted(lesson):
    names = [question.name for question in questions_of(lesson)]
    assert len(set(names)) == len(names) == progress.totals(lesson)["quiz"]


@pytest.mark.parametrize("lesson", LESSONS)
def test_options_differ(lesson):
    for question in questions_of(lesson):
        words = [answer.words for answer in question.answers]
        assert len(set(words)) == len(words) >= 2


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_name_is_the_words_of_an_answer(lesson):
    """Progress of earlier versions kept words: they must not be taken for a name."""
    for question in questions_of(lesson):
        names = [answer.name for answer in question.answers]
        assert all(name.isidentifier() and name.islower() for name in names), names
        assert not set(names) & {answer.words for answer in question.answers}


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_right_answer_is_not_always_at_the_same_place(lesson):
    places = {[a.right for a in question.answers].index(True) for question in questions_of(lesson)}
    assert len(places) > 1
