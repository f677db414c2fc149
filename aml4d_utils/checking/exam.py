"""A mock exam: one question for each topic, kept while it is under way and afterwards."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from aml4d_utils.checking import progress
from aml4d_utils.checking.questions import BankQuestion, QuizQuestion
from aml4d_utils.checking.shuffling import in_random_order

LESSON = "00_start_here"
"""The lesson in whose progress file exams are kept."""

SECONDS_EACH = 60
_KIND = "exams"
_BEGUN = {"used": 0.0, "finished": False, "place": 0}


def draw(
    bank: Iterable[BankQuestion], seed: int | str, seen: Iterable[str] = ()
) -> list[BankQuestion]:
    """Draw one question for each topic, in the order of the topics.

    Parameters
    ----------
    bank : iterable of BankQuestion
    seed : int or str
    seen : iterable of str
        Names of questions that are drawn only where a topic has no others.
    """
    chance, seen = random.Random(seed), set(seen)
    by_topic: dict[str, list[BankQuestion]] = {}
    for each in bank:
        by_topic.setdefault(each.question.topic or each.room, []).append(each)
    drawn = []
    for questions in by_topic.values():
        fresh = [each for each in questions if each.name not in seen]
        drawn.append(chance.choice(fresh or questions))
    return drawn


class Exam:
    """One mock exam; every change is kept at once, so that a restart loses nothing.

    Parameters
    ----------
    number : int
        The first is 1.
    bank : sequence of BankQuestion
        Questions that have left the bank since are left out.
    """

    def __init__(self, number: int, bank: Sequence[BankQuestion]):
        self.number = number
        by_name = {each.name: each for each in bank}
        facts = _kept()[str(number)]
        self.seed = facts["seed"]
        self.drawn = [by_name[name] for name in facts["questions"] if name in by_name]
        self._asked: dict[int, QuizQuestion] = {}

    @property
    def facts(self) -> dict[str, Any]:
        """What is kept: seconds allowed and used, whether the clock runs, whether it is over."""
        return {"clock": True, **_BEGUN, **_kept().get(str(self.number), {})}

    @property
    def seconds(self) -> int:
        """How long it may take."""
        return SECONDS_EACH * len(self.drawn)

    @cached_property
    def _shuffled(self) -> list[QuizQuestion]:
        return in_random_order([each.question for each in self.drawn], self.seed)

    def question(self, place: int) -> QuizQuestion:
        """Return a question as it is asked: options shuffled, numbers computed."""
        if place not in self._asked:
            self._asked[place] = self._shuffled[place].asked()
        return self._asked[place]

    def chosen(self, place: int) -> int | None:
        """Return which option of a question is chosen so far, counted as it is asked."""
        return self.question(place).place_of(self._answer(place).get("answer"))

    def is_answered(self, place: int) -> bool:
        """Whether an option of a question is chosen."""
        return self._shuffled[place].place_of(self._answer(place).get("answer")) is not None

    def is_right(self, place: int) -> bool:
        """Whether the right option of a question is chosen."""
        return self._answer(place).get("answer") == self._shuffled[place].right.name

    def is_late(self, place: int) -> bool:
        """Whether the answer came after the time, by a running clock."""
        return bool(self._answer(place).get("late"))

    def choose(self, place: int, option: int) -> None:
        """Choose an option of a question."""
        facts = self.facts
        late = facts["clock"] and facts["used"] > self.seconds
        answer = self.question(place).answers[option].name
        progress.record(LESSON, _KIND, self._name(place), answer=answer, late=late)

    def keep(self, **facts: Any) -> None:
        """Keep ``used`` seconds, whether the ``clock`` runs, or that the exam is ``finished``."""
        progress.record(LESSON, _KIND, str(self.number), **facts)

    def _name(self, place: int) -> str:
        return f"{self.number}/{self.drawn[place].name}"

    def _answer(self, place: int) -> dict[str, Any]:
        return _kept().get(self._name(place), {})


def begin(bank: Sequence[BankQuestion], *, clock: bool, seed: int | None = None) -> Exam:
    """Begin a new exam, of questions that no earlier one has asked as far as there are any."""
    seed = random.SystemRandom().randrange(2**32) if seed is None else seed
    earlier = past_numbers()
    seen = [name for number in earlier for name in _kept()[str(number)]["questions"]]
    number = max(earlier, default=0) + 1
    facts = {"seed": seed, "questions": [each.name for each in draw(bank, seed, seen)]}
    progress.record(LESSON, _KIND, str(number), clock=clock, **_BEGUN, **facts)
    return Exam(number, bank)


def latest(bank: Sequence[BankQuestion]) -> Exam | None:
    """Return the exam that was begun last, None before the first."""
    numbers = past_numbers()
    return Exam(numbers[-1], bank) if numbers else None


def past_numbers() -> list[int]:
    """Return the numbers of all exams that were begun, ascending."""
    whole = (name for name, facts in _kept().items() if "questions" in facts)
    return sorted(int(name) for name in whole if name.isdigit())


def _kept() -> dict[str, dict[str, Any]]:
    return progress.load(LESSON)[_KIND]
