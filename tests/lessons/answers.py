"""What every exercise must withstand; a lesson's test adds a table of answers for each exercise.

A lesson's test file holds no more than this::

    class TestExercises(ExerciseTests):
        lesson = "07_convolution"
        tables = (Table("output_size", wrong=(...), right={...}), ...)
"""

from __future__ import annotations

import decimal
import html
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import lesson_source
import numpy as np
import pytest

from aml4d_utils.checking import Exercise, progress
from aml4d_utils.checking.exercise import CORRECT, NOT_DONE, NOT_YET, Outcome

FEWEST_WRONG, FEWEST_RIGHT = 4, 2


@dataclass(frozen=True)
class Wrong:
    """A typical wrong answer and words of the diagnosis that it must get."""

    what: str
    says: str
    function: Callable[..., Any]


@dataclass(frozen=True)
class Table:
    """The answers that one exercise is tried with."""

    exercise: str
    wrong: tuple[Wrong, ...]
    right: dict[str, Callable[..., Any]]


class _BrokenArray:
    def __array__(self, *arguments: Any, **options: Any) -> np.ndarray:
        raise RuntimeError("no array")


class _BrokenObject:
    __hash__ = None

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("not comparable")

    def __repr__(self) -> str:
        raise RuntimeError("no words")


class _WordlessError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


class _NoFunction:
    pass


def _tensor_with_gradient() -> Any:
    import torch

    return torch.ones(3, 3, requires_grad=True)


ODD_VALUES: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "a text": lambda: "four",
    "texts": lambda: ["a", "b"],
    "numbers as texts": lambda: ["1", "2"],
    "ragged rows": lambda: [[1, 2], [3]],
    "a list with a gap": lambda: [1.0, None],
    "complex number": lambda: 1j,
    "complex grid": lambda: np.full((9, 9), 1j),
    "NaN": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "NaN grid": lambda: np.full((9, 9), np.nan),
    "infinite grid": lambda: np.full((1, 1), np.inf),
    "one dimension": lambda: np.zeros(7),
    "three dimensions": lambda: np.zeros((3, 3, 1)),
    "empty list": list,
    "empty grid": lambda: np.zeros((0, 3)),
    "a set": lambda: {1, 2},
    "a dictionary": lambda: {"a": 1},
    "a generator": lambda: (n for n in (1, 2)),
    "a type": lambda: int,
    "a function": lambda: len,
    "a huge number": lambda: 10**400,
    "a decimal": lambda: decimal.Decimal("0.123"),
    "a time span": lambda: np.timedelta64(3, "D"),
    "records": lambda: np.zeros(3, dtype=[("a", int)]),
    "a broken array": _BrokenArray,
    "a broken object": _BrokenObject,
    "two broken objects": lambda: (_BrokenObject(), _BrokenObject()),
    "a pair with an unhashable name": lambda: ({}, []),
    "a pair with a broken name": lambda: ({}, _BrokenObject()),
    "a tensor with gradient": _tensor_with_gradient,
    "a large grid": lambda: np.zeros((2000, 2000)),
}

NO_FUNCTIONS: dict[str, Any] = {
    "a number": 4,
    "a text": "four",
    "a list": [1, 2],
    "a grid": np.zeros((3, 3)),
    "a module": np,
    "a broken object": _BrokenObject(),
}


def _raise(error: BaseException) -> Callable[..., Any]:
    def answer(*arguments: Any) -> Any:
        raise error

    return answer


def _call_itself(*arguments: Any) -> Any:
    return _call_itself(*arguments)


FAILING: dict[str, tuple[Callable[..., Any], str]] = {
    "an error": (_raise(ValueError("too dark")), "ValueError in its line 2"),
    "an error without words": (_raise(AssertionError()), "AssertionError"),
    "an error that cannot speak": (_raise(_WordlessError()), "_WordlessError"),
    "exit": (_raise(SystemExit(1)), "calls exit"),
    "endless recursion": (_call_itself, "calls itself without end"),
    "no arguments": (lambda: 1, "its brackets do not fit"),
    "too many arguments": (lambda a, b, c, d, e, f, g: 1, "its brackets do not fit"),
    "a class without arguments": (_NoFunction, "its brackets do not fit"),
}


class ExerciseTests:
    """The tests of all exercises of one lesson; a subclass names the lesson and its tables."""

    lesson: str
    tables: tuple[Table, ...]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        wanted = set(metafunc.fixturenames)
        if "wrong" in wanted:
            pairs = [(t.exercise, answer) for t in self.tables for answer in t.wrong]
            ids = [f"{name}-{answer.what}" for name, answer in pairs]
            metafunc.parametrize(("name", "wrong"), pairs, ids=ids)
        elif "right" in wanted:
            triples = [(t.exercise, what, f) for t in self.tables for what, f in t.right.items()]
            ids = [f"{name}-{what}" for name, what, _ in triples]
            metafunc.parametrize(("name", "right"), [(n, f) for n, _, f in triples], ids=ids)
        elif "name" in wanted:
            metafunc.parametrize("name", [t.exercise for t in self.tables])

    @pytest.fixture
    def exercise(self, name: str) -> Exercise:
        return lesson_source.exercises_of(self.lesson)[name]

    @pytest.fixture
    def solution(self, name: str) -> Callable[..., Any]:
        source = lesson_source.solutions(self.lesson)[name]
        return lesson_source.defined(self.lesson, name, source)

    def test_every_exercise_of_the_lesson_has_a_table(self):
        names = [table.exercise for table in self.tables]
        assert names == list(lesson_source.exercises_of(self.lesson))
        assert sorted(names) == sorted(lesson_source.written_solutions(self.lesson))

    def test_a_table_is_full(self, name):
        table = next(t for t in self.tables if t.exercise == name)
        assert len({answer.says for answer in table.wrong}) >= FEWEST_WRONG
        assert len(table.right) >= FEWEST_RIGHT

    def test_the_solution_passes(self, exercise, solution):
        outcome = exercise.check(solution)
        assert outcome.status == CORRECT, outcome
        assert progress.load(self.lesson)["exercises"][exercise.name]["solved"]

    def test_the_blank_stub_is_not_done(self, exercise, name):
        blank = lesson_source.defined(self.lesson, name, lesson_source.stub(self.lesson, name))
        for undone in (blank, None, ...):
            assert exercise.check(undone).status == NOT_DONE
        assert progress.load(self.lesson)["exercises"] == {}

    def test_a_wrong_answer_gets_its_diagnosis(self, exercise, wrong):
        outcome = exercise.check(wrong.function)
        assert_clear(outcome, NOT_YET)
        assert wrong.says in outcome.message

    def test_a_right_answer_is_accepted(self, exercise, right):
        outcome = exercise.check(right)
        assert outcome.status == CORRECT, outcome

    @pytest.mark.parametrize("what", ODD_VALUES)
    def test_an_odd_value_is_named(self, exercise, what):
        make = ODD_VALUES[what]
        assert_clear(exercise.check(lambda *arguments: make()), NOT_YET)

    @pytest.mark.parametrize("what", NO_FUNCTIONS)
    def test_anything_but_a_function_is_refused(self, exercise, what):
        outcome = exercise.check(NO_FUNCTIONS[what])
        assert_clear(outcome, NOT_YET)
        assert "the function itself" in outcome.message

    @pytest.mark.parametrize("what", FAILING)
    def test_a_failing_function_is_explained(self, exercise, what):
        function, says = FAILING[what]
        outcome = exercise.check(function)
        assert_clear(outcome, NOT_YET)
        assert says in outcome.message

    def test_changing_the_input_is_noticed(self, exercise, solution):
        spoiled = []

        def answer(*arguments: Any) -> Any:
            value = solution(*arguments)
            spoiled.extend(argument for argument in arguments if _spoil(argument))
            return value

        outcome = exercise.check(answer)
        if spoiled:
            assert_clear(outcome, NOT_YET)
            assert "changed its input" in outcome.message
        else:
            assert outcome.status == CORRECT

    def test_an_endless_loop_can_be_interrupted(self, exercise, solution, interruptible):
        def endless(*arguments: Any) -> Any:
            threading.Timer(0.05, signal.raise_signal, [signal.SIGINT]).start()
            while True:
                pass

        outcome = exercise.check(endless)
        assert_clear(outcome, NOT_YET)
        assert "interrupted" in outcome.message
        assert exercise.check(solution).status == CORRECT

    @pytest.fixture
    def interruptible(self):
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
        signal.signal(signal.SIGINT, before)


def assert_clear(outcome: Outcome, status: str) -> None:
    """Check that a card has the status and says why in one short line, in every form."""
    assert outcome.status == status, outcome
    assert 15 < len(outcome.message) < 250
    assert "\n" not in outcome.message
    for unclear in ("Traceback", "<class", "<lambda>", "object at 0x"):
        assert unclear not in outcome.text
    assert html.escape(outcome.message) in outcome._repr_mimebundle_()["text/html"]


def _spoil(argument: Any) -> bool:
    if isinstance(argument, np.ndarray):
        argument[...] = 1 - argument
    elif isinstance(argument, list):
        argument.append(None)
    elif isinstance(argument, dict):
        argument.clear()
    else:
        return False
    return True
