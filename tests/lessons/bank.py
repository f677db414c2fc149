"""The question bank as it is asked, computed once for all tests."""

from __future__ import annotations

from functools import cache

import lesson_source

from aml4d_utils.checking import QuizQuestion
from aml4d_utils.lessons import question_bank

BANK = tuple(question_bank.all_questions())
BY_NAME = {each.name: each for each in BANK}


@cache
def asked(name: str) -> QuizQuestion:
    """Return a question of the bank with what it computes filled in."""
    return BY_NAME[name].question.asked()


@cache
def headings(lesson: str) -> tuple[str, ...]:
    """Return the headings of a lesson, its title first."""
    lines = (
        line
        for cell in lesson_source.read(lesson).cells
        if cell.kind == "markdown"
        for line in cell.source.splitlines()
    )
    return tuple(line.lstrip("#").strip() for line in lines if line.startswith("#"))
