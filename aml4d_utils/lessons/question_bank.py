"""All questions of the course: those asked at the end of a lesson, and many more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from aml4d_utils.checking import progress
from aml4d_utils.checking.questions import QuizQuestion


@dataclass(frozen=True)
class BankQuestion:
    """A question and where it comes from; ``asked`` is whether its lesson's quiz asks it."""

    lesson: str
    room: str
    question: QuizQuestion
    asked: bool

    @property
    def name(self) -> str:
        """A name that no other question of the course has, for example ``convolution.sharing``."""
        return f"{self.room}.{self.question.name}"


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
