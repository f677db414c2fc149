"""All questions of the course: those asked at the end of a lesson, and many more."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from aml4d_utils.checking import progress
from aml4d_utils.checking.questions import BankQuestion


def exam_questions() -> tuple[BankQuestion, ...]:
    """Return the questions on the lecture: all but those on how the course works."""
    return tuple(each for each in all_questions() if each.question.topic != "course")


@cache
def all_questions() -> tuple[BankQuestion, ...]:
    """Return every question of the lessons that there are, lesson by lesson.

    A lesson's room holds them in its module ``questions``: ``QUESTIONS`` are asked in its notebook,
    ``MORE``, if it is there, stand in the bank only.
    """
    found = []
    for lesson, facts in sorted(progress.lessons().items()):
        module = import_module(f"{__package__}.{facts['room']}.questions")
        for questions, asked in ((module.QUESTIONS, True), (getattr(module, "MORE", ()), False)):
            found += [BankQuestion(lesson, facts["room"], each, asked) for each in questions]
    return tuple(found)
