"""Exercises that check themselves: check, hint, solution.

A check runs seeded cases against a slow, obvious specification and says the first case that
differs, with the probable cause. Nothing is graded but what the student's function returns.
"""

from __future__ import annotations

import copy
import html
import inspect
import json
import numbers
import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from importlib import resources
from typing import Any

import numpy as np

from aml4d_utils.checking import progress
from aml4d_utils.checking.cells import run_first

CORRECT, NOT_YET, NOT_DONE = "correct", "not yet", "not done"
_TITLES = {CORRECT: "Correct", NOT_YET: "Not yet", NOT_DONE: "Not done yet"}
_COLOURS = {CORRECT: "#009e73", NOT_YET: "#d55e00", NOT_DONE: "#8c959f"}


@dataclass(frozen=True)
class Outcome:
    """What a check, a hint or a solution says; the notebook shows it as a card."""

    status: str
    message: str
    detail: str = ""

    @property
    def text(self) -> str:
        """The card in plain words."""
        title = _TITLES.get(self.status, self.status.capitalize())
        return "\n".join(filter(None, [f"{title}: {self.message}", self.detail]))

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        colour = _COLOURS.get(self.status, "#0072b2")
        title = _TITLES.get(self.status, self.status.capitalize())
        detail = (
            f'<pre style="margin:8px 0 0;padding:10px 12px;overflow-x:auto;white-space:pre;'
            f"word-break:normal;border-radius:6px;"
            f'background:var(--jp-layout-color2,#f3f4f6);font-size:14px">{html.escape(self.detail)}</pre>'
            if self.detail
            else ""
        )
        markup = (
            f'<div role="status" style="max-width:860px;padding:12px 16px;font-size:15px;'
            f'line-height:1.45;border-left:5px solid {colour}"><strong>{title}.</strong> '
            f"{html.escape(self.message)}{detail}</div>"
        )
        return {"text/html": markup, "text/plain": self.text}


class WrongAnswer(Exception):
    """Raised by a checker: the sentence tells the student what to change."""


@dataclass(frozen=True)
class Case:
    """One set of arguments; ``name`` says in words what is special about it."""

    name: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer, written as the function it amounts to, and its cause in words."""

    function: Callable[..., Any]
    cause: str


Checker = Callable[[Callable[..., Any]], None]


class Exercise:
    """A task with check, hints and solution.

    Parameters
    ----------
    name : str
        The function the student writes; also the key of its solution.
    lesson : str
        For example ``07_convolution``.
    check_with : callable
        Called with the student's function (wrapped in :class:`Attempt`); returns quietly when the
        answer is right and raises :class:`WrongAnswer` with the cause when it is not.
        :func:`same_as` makes one from a specification.
    hints : two strings
    solutions : str
        The package whose ``solutions.json`` holds the solution; the build writes it.
    """

    def __init__(
        self, name: str, *, lesson: str, check_with: Checker, hints: tuple[str, str], solutions: str
    ):
        self.name = name
        self.lesson = lesson
        self.hints = hints
        self.check_with = check_with
        self._solutions = solutions
        self._hints_shown = 0

    def check(self, answer: Any) -> Outcome:
        """Check a student's function and say what is right or what to change.

        Never raises for a wrong answer, a wrong type or an error inside the answer. An endless
        loop ends with the kernel's Interrupt, and the check then says so.
        """
        outcome = self._judge(answer)
        if outcome.status != NOT_DONE:
            progress.record(self.lesson, "exercises", self.name, solved=outcome.status == CORRECT)
        return outcome

    def hint(self) -> Outcome:
        """Give the first hint; called again, the second."""
        number = min(self._hints_shown, len(self.hints) - 1)
        self._hints_shown += 1
        return Outcome(f"hint {number + 1} of {len(self.hints)}", self.hints[number])

    def solution(self) -> Outcome:
        """Show one way to do it, as it stands in the lesson's source."""
        file = resources.files(self._solutions) / "solutions.json"
        source = json.loads(file.read_text(encoding="utf-8"))[self.name]
        return Outcome("one solution", "There are others; the check accepts them too.", source)

    def _judge(self, answer: Any) -> Outcome:
        if answer is None or answer is Ellipsis:
            return Outcome(NOT_DONE, "Fill in the cell above, run it, then check again.")
        if not callable(answer):
            return Outcome(
                NOT_YET,
                f"check needs the function itself, {self.name}, without brackets; it got "
                f"{kind_of(answer)}.",
            )
        try:
            # What NumPy would warn of (exp of a large number) the check tells in its own words.
            with np.errstate(all="ignore"):
                self.check_with(Attempt(answer, self.lesson))
        except NotImplementedError:
            return Outcome(NOT_DONE, f"{self.name} has no body yet. Write it, run it, check again.")
        except WrongAnswer as wrong:
            message, _, detail = str(wrong).partition("\n")
            return Outcome(NOT_YET, message, detail)
        except KeyboardInterrupt:
            return Outcome(
                NOT_YET, f"You interrupted {self.name}. Does one of its loops never end?"
            )
        return Outcome(CORRECT, f"{self.name} does what it should.")


class Attempt:
    """A student's function: called on copies, with errors turned into sentences.

    Where it needs a name that a cell of the ``lesson`` makes, the sentence names that cell.
    """

    def __init__(self, function: Callable[..., Any], lesson: str = ""):
        self.function = function
        self.lesson = lesson

    def __call__(self, *arguments: Any, case: str = "") -> Any:
        """Call the function on copies of the arguments.

        Raises
        ------
        WrongAnswer
            If it fails, returns nothing, or changes its input.
        NotImplementedError, KeyboardInterrupt
            As they come.
        """
        given = copy.deepcopy(arguments)
        where = f" (case: {case})" if case else ""
        self._refuse_other_arguments(len(arguments))
        try:
            value = self.function(*given)
        except (NotImplementedError, KeyboardInterrupt):
            raise
        except RecursionError:
            raise WrongAnswer(f"Your function calls itself without end{where}.") from None
        except SystemExit:
            raise WrongAnswer(
                f"Your function calls exit{where}. Return the result instead."
            ) from None
        except Exception as error:
            line = _line_of(error, self.function)
            missing = run_first(self.lesson, error.name) if type(error) is NameError else None
            told = f". {missing}" if missing else _told(error, case)
            raise WrongAnswer(
                f"Your function stopped with {type(error).__name__}{line}{told}"
            ) from None
        if value is None:
            raise WrongAnswer("Your function returned None. Is the return statement missing?")
        if value is Ellipsis:
            raise NotImplementedError
        for before, after in zip(arguments, given, strict=True):
            if not _equal(before, after):
                raise WrongAnswer(
                    f"Your function changed its input{where}. Work on a copy or on a new array."
                )
        return value

    def _refuse_other_arguments(self, count: int) -> None:
        try:
            signature = inspect.signature(self.function)
        except (TypeError, ValueError):  # Some built-in functions have none.
            return
        try:
            signature.bind(*[None] * count)
        except TypeError as error:
            values = "1 value" if count == 1 else f"{count} values"
            raise WrongAnswer(
                f"Your function is called with {values}, but its brackets do not fit: {error}."
            ) from None


def same_as(
    specification: Callable[..., Any],
    cases: Sequence[Case],
    mistakes: Sequence[Mistake] = (),
    *,
    tolerance: float = 1e-6,
) -> Checker:
    """Return a checker that compares with a specification on every case.

    Parameters
    ----------
    specification : callable
        Slow and obvious; returns a number or an array.
    cases : sequence of Case
    mistakes : sequence of Mistake
        Tried, in order, when a case differs: the first whose function gives what the student
        gives on every case that the student's function answers names the cause.
    tolerance : float
        Largest allowed difference, absolute and relative.
    """

    def check(attempt: Attempt) -> None:
        given: list[Any] = []
        for case in cases:
            expected = specification(*copy.deepcopy(case.arguments))
            actual = attempt(*case.arguments, case=case.name)
            given.append(actual)
            problem = difference(actual, expected, tolerance)
            if problem is not None:
                given += _answers(attempt, cases[len(given) :])
                cause = _cause(cases, given, mistakes, tolerance)
                raise WrongAnswer(f"{cause or problem}\n{_report(case, actual, expected, problem)}")

    return check


def _answers(attempt: Attempt, cases: Sequence[Case]) -> list[Any]:
    """Return what a function gives on the cases before the first that it fails on."""
    given = []
    for case in cases:
        try:
            given.append(attempt(*case.arguments, case=case.name))
        except (WrongAnswer, NotImplementedError):
            break
    return given


def difference(actual: Any, expected: Any, tolerance: float = 1e-6) -> str | None:
    """Return in one sentence how ``actual`` differs from ``expected``; None where it does not."""
    want = np.asarray(expected)
    got = as_numbers(actual)
    if got is None:
        return _kind_problem(actual, want)
    if got.shape != want.shape:
        return _shape_problem(got, want)
    if np.iscomplexobj(got):
        return "You returned complex numbers; expected are real ones."
    if not np.isfinite(got).all():
        return "Your result contains NaN or infinite values."
    if want.dtype.kind in "iub":  # Counts and places are right or wrong, however large.
        close = got == want
    else:
        close = np.isclose(got, want, rtol=tolerance, atol=tolerance)
    if close.all():
        return None
    if want.ndim == 0:
        return "Expected {}, got {}.".format(*told_apart(want, got))
    first = tuple(int(i) for i in np.argwhere(~close)[0])
    wanted, given = told_apart(want[first], got[first])
    return (
        f"At index {first} expected {wanted}, got {given}; "
        f"{int((~close).sum())} of {want.size} values differ."
    )


def as_numbers(value: Any) -> np.ndarray | None:
    """Return what a student returned as an array of numbers; None where it is something else.

    Examples
    --------
    >>> as_numbers([[1, 2], [3, 4]]).shape
    (2, 2)
    >>> as_numbers("four") is None
    True
    """
    try:
        array = np.asarray(value)
        if array.dtype == object and all(isinstance(n, numbers.Number) for n in array.flat):
            array = array.astype(np.float64)  # Fractions, or whole numbers of more than 64 bits.
    except Exception:  # An object's own conversion may raise anything: then it is no number.
        return None
    return array if array.dtype.kind in "biufc" else None


def _kind_problem(actual: Any, want: np.ndarray) -> str:
    rows = [row for row in actual if np.iterable(row)] if isinstance(actual, (list, tuple)) else []
    if len({len(row) for row in rows if isinstance(row, (list, tuple, np.ndarray))}) > 1:
        return "The rows of what you returned have different lengths."
    content = " of something other than numbers" if isinstance(actual, (list, np.ndarray)) else ""
    wanted = "one number" if want.ndim == 0 else f"an array of the shape {want.shape}"
    return f"You returned {kind_of(actual)}{content}; expected is {wanted}."


def _shape_problem(got: np.ndarray, want: np.ndarray) -> str:
    words = f"The shape is {got.shape}; expected is {want.shape}."
    if got.ndim == 0:
        return f"You returned one number; expected is an array of the shape {want.shape}."
    if want.ndim == 0:
        return f"You returned an array of the shape {got.shape}; expected is one number."
    if got.ndim == want.ndim and got.shape == want.shape[::-1]:
        return words + " Are rows and columns exchanged?"
    if got.ndim == want.ndim and np.abs(np.subtract(got.shape, want.shape)).max() == 1:
        return words + " Is a range one too long or one too short?"
    return words


def _cause(
    cases: Sequence[Case], given: Sequence[Any], mistakes: Sequence[Mistake], tolerance: float
) -> str | None:
    answered = list(zip(cases, given, strict=False))
    for mistake in mistakes:
        if all(_amounts_to(mistake, case, actual, tolerance) for case, actual in answered):
            return mistake.cause
    return None


def _amounts_to(mistake: Mistake, case: Case, actual: Any, tolerance: float) -> bool:
    try:
        value = mistake.function(*copy.deepcopy(case.arguments))
    except (ValueError, IndexError, ZeroDivisionError):
        return False
    return difference(actual, value, tolerance) is None or _overflow_alike(actual, value, tolerance)


def _overflow_alike(actual: Any, value: Any, tolerance: float) -> bool:
    """Say whether two results are the same, NaN and inf at the same places included."""
    one, other = as_numbers(actual), as_numbers(value)
    if one is None or other is None or one.shape != other.shape:
        return False
    if np.isfinite(one).all() or np.isfinite(other).all():
        return False
    return bool(np.isclose(one, other, rtol=tolerance, atol=tolerance, equal_nan=True).all())


def _report(case: Case, actual: Any, expected: Any, problem: str) -> str:
    lines = [f"Case: {case.name}", problem]
    arrays = {"expected": as_numbers(expected), "got": as_numbers(actual)}
    small = {w: a for w, a in arrays.items() if a is not None and a.ndim and a.size <= 25}
    for digits in (3, 6, 9, 17):
        texts = {w: np.array2string(a, precision=digits, suppress_small=True)
                 for w, a in small.items()}  # fmt: skip
        if len(set(texts.values())) == len(texts):
            break  # With fewer digits, different numbers would look the same.
    return "\n".join([*lines, *(f"{words}:\n{text}" for words, text in texts.items())])


def told_apart(one: Any, other: Any) -> tuple[str, str]:
    """Write two different numbers with as many digits as it takes to see the difference.

    Whole numbers are written in full.

    Examples
    --------
    >>> told_apart(13002, 12960)
    ('13002', '12960')
    >>> told_apart(0.12341, 0.12342)
    ('0.12341', '0.12342')
    """
    texts = tuple(_in_full(float(number)) for number in (one, other))
    if texts[0] != texts[1]:
        return texts
    for digits in (4, 5, 7, 10, 17):
        texts = (f"{float(one):.{digits}g}", f"{float(other):.{digits}g}")
        if texts[0] != texts[1]:
            break
    return texts


def _in_full(number: float) -> str:
    """Write a whole number below a million millions in full, any other with four digits."""
    if number.is_integer() and abs(number) < 1e12:
        return f"{number:.0f}" if number else "0"
    return f"{number:.4g}"


def kind_of(value: Any) -> str:
    """Name the type of what a student returned, with its article."""
    kind = type(value).__name__
    article = "an" if kind[:1].lower() in "aeiou" or kind == "ndarray" else "a"
    return f"{article} {kind}"


_SLIPS = (
    (
        r"truth value of an array",
        "if, and, or, max(a, b) and min(a, b) ask for one yes or no, but there is a whole array. "
        "np.maximum, np.where or a loop go through it value by value.",
    ),
    (
        r"could not be broadcast together|could not broadcast",
        "Two arrays of different shapes meet here. Print both shapes just before this line: does a "
        "window reach over the edge, or is a size of the example written into the code?",
    ),
    (
        r"negative dimensions",
        "An array of a negative size is asked for: something is larger than the picture it should "
        "fit into.",
    ),
    (
        r"index .* is out of bounds|index out of range",
        "A place outside the array is asked for. Counting begins at 0, and the last place is one "
        "less than the length.",
    ),
    (
        r"only integers, slices|must be of integer|cannot be interpreted as an integer|"
        r"Cannot cast array data from .* to dtype..int",
        "A place or a size is a whole number: int(x) makes one of a number, .astype(int) of an "
        "array.",
    ),
    (
        r"only .* arrays? can be converted to (a )?Python scalars?",
        "A function for one number gets a whole array. Those of np take arrays, for example "
        "np.sqrt.",
    ),
    (
        r"matmul: .*mismatch|shapes .* not aligned|size .* is different from",
        "The inner sizes of a matrix product do not fit. Print both shapes: is one the wrong way "
        "round?",
    ),
    (
        r"object is not subscriptable|has no attribute 'shape'",
        "One value is treated like an array, or an array like something else. Print it just before "
        "this line.",
    ),
    (
        r"assignment destination is read-only",
        "The input is kept safe. Work on a copy: array.copy().",
    ),
)
"""What beginners meet most often, by NumPy's words for it, and what it means."""


def _told(error: Exception, case: str) -> str:
    """Return what an error means where that is known, with its own words below; else its words."""
    try:
        words = str(error).strip().rstrip(".")
    except Exception:  # An error of the student's own making may fail to say what it is.
        words = ""
    for sign, meaning in _SLIPS:
        if re.search(sign, words):
            return "\n".join(filter(None, [f". {meaning}", case and f"Case: {case}", words]))
    where = f" (case: {case})" if case else ""
    return f"{where}: {words}." if words else f"{where}."


def _line_of(error: Exception, function: Callable[..., Any]) -> str:
    code = getattr(function, "__code__", None)
    if code is None:
        return ""
    lines = [n for frame, n in traceback.walk_tb(error.__traceback__) if frame.f_code is code]
    return f" in its line {lines[-1] - code.co_firstlineno + 1}" if lines else ""


def _equal(before: Any, after: Any) -> bool:
    if before is after or callable(before):
        return True
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        return before.shape == after.shape and np.array_equal(
            before, after, equal_nan=before.dtype.kind in "fc"
        )
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_equal, before, after))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_equal(v, after[k]) for k, v in before.items())
    if is_dataclass(before):
        names = [field.name for field in fields(before)]
        return all(_equal(getattr(before, name), getattr(after, name)) for name in names)
    return bool(np.all(np.asarray(before == after)))
