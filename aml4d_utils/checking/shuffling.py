"""Options in a random order that is the same for the same seed, the right one in every place."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

from aml4d_utils.checking.questions import QuizQuestion


def in_random_order(questions: Iterable[QuizQuestion], seed: int | str) -> list[QuizQuestion]:
    """Return the questions with their options shuffled.

    Among the questions with as many options, the right one has stood in every place once before
    it stands in one of them again: no place is worth a guess.

    Parameters
    ----------
    questions : iterable of QuizQuestion
        One with ``keep_order`` stays as it is.
    seed : int or str

    Examples
    --------
    >>> from aml4d_utils.checking import Answer
    >>> pairs = [
    ...     QuizQuestion(name, "?", (Answer("a", "A", "So it is.", True), Answer("b", "B", "No.")))
    ...     for name in ("one", "two", "three", "four")
    ... ]
    >>> orders = in_random_order(pairs, "07_convolution")
    >>> sorted(question.place_of("a") for question in orders)
    [0, 0, 1, 1]
    """
    chance = random.Random(seed)
    free: dict[int, list[int]] = {}
    shuffled = []
    for question in questions:
        if question.keep_order:
            shuffled.append(question)
            continue
        count = len(question.answers)
        places = free.setdefault(count, [])
        if not places:
            places += chance.sample(range(count), count)
        answers = [answer for answer in question.answers if not answer.right]
        chance.shuffle(answers)
        answers.insert(places.pop(), question.right)
        shuffled.append(replace(question, answers=tuple(answers)))
    return shuffled
