"""Decisions that a student's own measurements must carry: measure first, then choose.

The student's function returns two things: a dictionary of measurements and a choice. Every
measurement is repeated, and the choice must follow from the measurements. Prose is not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from aml4d_utils.checking.exercise import (
    Attempt,
    WrongAnswer,
    as_numbers,
    difference,
    kind_of,
    told_apart,
)


@dataclass(frozen=True)
class DecisionCase:
    """One set of options to measure and choose from.

    Attributes
    ----------
    name : str
        What is special about it, in words.
    arguments : tuple
        What the student's function is called with.
    truth : mapping
        What measuring gives again: one number for each option, or a tuple of numbers in the order
        of the decision's ``parts``. Whole numbers (``int``) must be met exactly.
    facts : mapping
        What a criterion needs beside the measurements, for example the goal.
    """

    name: str
    arguments: tuple[Any, ...]
    truth: Mapping[Hashable, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rival:
    """A neighbouring criterion: what it would choose in a case, and the sentence that tells so.

    ``choose`` gets a :class:`DecisionCase` and returns what this criterion chooses there. The
    cases of a decision must keep it apart from the right one: in at least one case its choice is
    wrong (a test demands it of every rival).
    """

    choose: Callable[[DecisionCase], Any]
    cause: str


Misreading = Callable[[Any, Hashable, DecisionCase], str | None]


class Decision:
    """A check of measurements and of the choice that follows from them, for an ``Exercise``.

    Parameters
    ----------
    cases : callable
        Returns the cases, most telling first; it is called when the check runs.
    parts : tuple of str
        What each measurement consists of, in words, for example ``("accuracy", "parameters")``.
    choose : callable
        Gets a case, returns every choice that is right there: one, or several that are equally
        good. With ``each`` it gets the case and one option.
    explain : callable
        Gets a wrong choice and its case (with ``each`` also the option), returns the sentence that
        says by the measurements why it is wrong.
    rivals : sequence of Rival
        Neighbouring criteria. A cause is named only when the student's choices are this rival's
        on all cases.
    misreadings : sequence of callable
        Each gets a wrong measurement (an array), its option and the case, and returns the cause
        where the value amounts to it.
    called : str
        What an option is called in a sentence, for example ``"the name of a stack"``.
    show : callable
        Writes an option in a sentence; by default in quotation marks.
    besides : sequence
        What may be chosen although it is no option, for example ``None`` for *none is enough*.
    each : sequence, optional
        Given where the student chooses for every option separately, returning a dictionary of
        choices: what may be chosen.
    tolerance : float
        Largest allowed difference of a measurement that is no whole number.

    Examples
    --------
    >>> from aml4d_utils.checking.exercise import Attempt
    >>> cheapest = Decision(
    ...     lambda: [DecisionCase("two shops", ({"a": 3, "b": 2},), {"a": 3, "b": 2})],
    ...     parts=("price",),
    ...     choose=lambda case: [min(case.truth, key=case.truth.get)],
    ...     explain=lambda choice, case: f"“{choice}” costs more.",
    ...     called="a shop",
    ... )
    >>> cheapest(Attempt(lambda prices: (dict(prices), "b")))
    >>> cheapest(Attempt(lambda prices: (dict(prices), "a")))
    Traceback (most recent call last):
    ...
    aml4d_utils.checking.exercise.WrongAnswer: “a” costs more.
    Case: two shops
    """

    def __init__(
        self,
        cases: Callable[[], Iterable[DecisionCase]],
        *,
        parts: tuple[str, ...],
        choose: Callable[..., Sequence[Any]],
        explain: Callable[..., str],
        called: str,
        rivals: Sequence[Rival] = (),
        misreadings: Sequence[Misreading] = (),
        show: Callable[[Hashable], str] = lambda option: f"“{option}”",
        besides: Sequence[Any] = (),
        each: Sequence[Any] | None = None,
        tolerance: float = 1e-6,
    ):
        self.cases = cases
        self.parts = parts
        self.choose = choose
        self.explain = explain
        self.called = called
        self.rivals = tuple(rivals)
        self.misreadings = tuple(misreadings)
        self.show = show
        self.besides = tuple(besides)
        self.each = None if each is None else tuple(each)
        self.tolerance = tolerance

    def __call__(self, attempt: Attempt) -> None:
        """Judge a student's function.

        Raises
        ------
        WrongAnswer
            With the first measurement or choice that is wrong.
        """
        chosen: list[tuple[DecisionCase, Any]] = []
        wrong: tuple[DecisionCase, Hashable | None, Any] | None = None
        for case in self.cases():
            measured, choice = self._pair(attempt(*case.arguments, case=case.name), case)
            self._check_measurements(measured, case)
            choice = self._allowed(choice, case)
            chosen.append((case, choice))
            wrong = wrong or self._first_wrong(choice, case)
        if wrong:
            case, option, choice = wrong
            given = (choice, case) if option is None else (choice, case, option)
            words = self._rival_of(chosen) or self.explain(*given)
            raise WrongAnswer(_at(words, case))

    def _first_wrong(self, choice: Any, case: DecisionCase) -> tuple | None:
        if self.each is None:
            return None if choice in self.choose(case) else (case, None, choice)
        for option in case.truth:
            if choice[option] not in self.choose(case, option):
                return case, option, choice[option]
        return None

    def _pair(self, value: Any, case: DecisionCase) -> tuple[dict, Any]:
        pair = tuple(value) if isinstance(value, (tuple, list)) else ()
        second = "a dictionary of your choices" if self.each else f"{self.called} that you choose"
        if len(pair) == 2 and isinstance(pair[0], dict):
            return pair
        if len(pair) == 2 and isinstance(pair[1], dict):
            raise WrongAnswer(_at(f"First the measurements, then {second}.", case))
        raise WrongAnswer(
            _at(f"Return two things: a dictionary of measurements, and {second}.", case)
        )

    def _check_measurements(self, measured: dict, case: DecisionCase) -> None:
        for option, truth in case.truth.items():
            problem = self._measurement_problem(measured, option, truth, case)
            if problem:
                raise WrongAnswer(_at(problem, case))

    def _measurement_problem(
        self, measured: dict, option: Hashable, truth: Any, case: DecisionCase
    ) -> str | None:
        name = self.show(option)
        if option not in measured:
            return f"There is no measurement of {name}."
        value = as_numbers(measured[option])
        wanted = (len(self.parts),) if isinstance(truth, tuple) else ()
        if value is None or value.shape != wanted:
            return f"The measurement of {name} must be {self._form()}."
        pairs = list(zip(self.parts, np.atleast_1d(value), np.atleast_1d(_objects(truth)),
                         strict=True))  # fmt: skip
        off = [pair for pair in pairs if difference(pair[1], pair[2], self.tolerance)]
        if not off:
            return None
        if wanted and all(
            difference(given, want, self.tolerance) is None
            for (_, given, _), (_, _, want) in zip(pairs, pairs[::-1], strict=True)
        ):
            return f"Each measurement is ({', '.join(self.parts)}), in this order."
        for misreading in self.misreadings:
            cause = misreading(value, option, case)
            if cause:
                return cause
        part, given, want = off[0]
        again, got = told_apart(want, given)
        return f"The {part} of {name} is {got} by your measurement; measured again it is {again}."

    def _form(self) -> str:
        if len(self.parts) == 1:
            return f"one number: {self.parts[0]}"
        words = {2: "two", 3: "three", 4: "four"}.get(len(self.parts), str(len(self.parts)))
        return f"{words} numbers: {', '.join(self.parts[:-1])} and {self.parts[-1]}"

    def _allowed(self, choice: Any, case: DecisionCase) -> Any:
        """Return the choice as the option it is equal to; numbers of any type are welcome."""
        if self.each is None:
            return self._one_of((*case.truth, *self.besides), choice, "", case)
        if not isinstance(choice, dict):
            raise WrongAnswer(_at("The second thing must be a dictionary of your choices.", case))
        for option in case.truth:
            if option not in choice:
                raise WrongAnswer(_at(f"You chose nothing for {self.show(option)}.", case))
        return {
            option: self._one_of(self.each, choice[option], f"For {self.show(option)}: ", case)
            for option in case.truth
        }

    def _one_of(self, offered: Sequence[Any], choice: Any, lead: str, case: DecisionCase) -> Any:
        for option in offered:
            if _same(option, choice):
                return option
        plain = isinstance(choice, (str, int, float)) and len(str(choice)) <= 60
        words = "nothing" if choice is None else f"“{choice}”" if plain else kind_of(choice)
        others = " or ".join(f"{other!r}" for other in self.besides)
        also = f", or {others}" if others and self.each is None else ""
        raise WrongAnswer(_at(f"{lead}You chose {words}; choose {self.called}{also}.", case))

    def _rival_of(self, chosen: Sequence[tuple[DecisionCase, Any]]) -> str | None:
        for rival in self.rivals:
            if all(_same(rival.choose(case), choice) for case, choice in chosen):
                return rival.cause
        return None


def _objects(truth: Any) -> np.ndarray:
    """Return numbers as they are: whole ones stay whole beside others that are not."""
    values = truth if isinstance(truth, tuple) else (truth,)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _same(option: Any, choice: Any) -> bool:
    """Tell whether a choice is an option: the same words, or the same number of any type."""
    if isinstance(option, dict) and isinstance(choice, dict):
        same_keys = option.keys() == choice.keys()
        return same_keys and all(_same(value, choice[key]) for key, value in option.items())
    if option is None or choice is None or isinstance(option, str) or isinstance(choice, str):
        return isinstance(choice, type(option)) and option == choice
    number = as_numbers(choice)
    if number is None or number.shape != () or number.dtype.kind == "b":
        return False
    return bool(number == option)


def _at(words: str, case: DecisionCase) -> str:
    return f"{words}\nCase: {case.name}"
