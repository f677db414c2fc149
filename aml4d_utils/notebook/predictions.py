"""Guess first, then look: a prediction is held against what the live run gives."""

from __future__ import annotations

import html
import math
import numbers
from collections.abc import Sequence
from typing import Any

from aml4d_utils.checking import progress
from aml4d_utils.notebook.starting import current_lesson
from aml4d_utils.widgets.answering import Question

_NO_GUESS = (
    "You have not guessed yet. Make your guess above and keep it, then run this cell again: only "
    "then does it say what the run gave."
)


class Guess:
    """A student's guess; :meth:`compare` holds it against the result of the run.

    Made by :func:`predict`; the notebook shows the question.
    """

    def __init__(self, name: str, question: str, options: Sequence[str], unit: str):
        self.name = name
        self.lesson = current_lesson()
        self.options = tuple(options)
        self.unit = unit
        self.widget = Question(
            question, options, unit=unit, action="Keep my guess", on_answer=self._keep
        )
        kept = progress.load(self.lesson)["predictions"].get(name) if self.lesson else None
        if kept and self._allowed(kept.get("answer")):
            answer = kept["answer"]
            self.widget.answer = self.options.index(answer) if self.options else answer
            self.widget.feedback = "Your guess from last time is kept. You can change it."

    @property
    def guess(self) -> str | float | None:
        """The option or number that was guessed; None so far."""
        answer = self.widget.answer
        return self.options[answer] if self.options and answer is not None else answer

    def compare(self, actual: str | float, because: str = "") -> Comparison:
        """Hold the guess against what the run gave; without a guess, ask for one and tell nothing.

        Parameters
        ----------
        actual : str or float
            The result of the run: one of the options, or a number.
        because : str
            One sentence that explains the result.

        Raises
        ------
        ValueError
            If ``actual`` is not one of the options, or, without options, not a finite number:
            the run gave something nobody could guess.
        """
        if self.options and actual not in self.options:
            raise ValueError(f"The run gave {actual!r}, which is none of the options.")
        if not self.options and not _is_number(actual):
            raise ValueError(f"The guess is a number, but the run gave {actual!r}.")
        return Comparison(self.guess, actual, self.unit, because)

    def _allowed(self, answer: Any) -> bool:
        return answer in self.options if self.options else _is_number(answer)

    def _keep(self, answer: float) -> None:
        self.widget.feedback = "Kept. Now run the next cell and look."
        if self.lesson:
            progress.record(self.lesson, "predictions", self.name, answer=self.guess)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


class Comparison:
    """A guess beside the result, as one short card."""

    def __init__(self, guess: str | float | None, actual: str | float, unit: str, because: str):
        self.guess = guess
        self.actual = actual
        self.because = because
        self.unit = unit
        self.words = _NO_GUESS if guess is None else f"{self._verdict()} {because}".strip()

    @property
    def right(self) -> bool:
        """Whether the guess was the result (numbers: within 10 %)."""
        if self.guess is None:
            return False
        if isinstance(self.actual, str):
            return self.guess == self.actual
        return abs(self.guess - self.actual) <= 0.1 * abs(self.actual)

    def _verdict(self) -> str:
        result = self._text(self.actual)
        if self.right:
            return f"You guessed {self._text(self.guess)}; the run gave {result}."
        return f"You guessed {self._text(self.guess)}, but the run gave {result}."

    def _text(self, value: str | float) -> str:
        if isinstance(value, str):
            return f"“{value}”"
        whole = float(value).is_integer() or abs(value) >= 1000
        number = f"{value:,.0f}" if whole else f"{value:.3g}"
        return f"{number} {self.unit}".strip()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        colour = "#009e73" if self.right else ("#8c959f" if self.guess is None else "#d55e00")
        markup = (
            f'<div role="status" style="max-width:720px;padding:12px 16px;border-left:5px solid '
            f'{colour};font-size:15px;line-height:1.45">{html.escape(self.words)}</div>'
        )
        return {"text/html": markup, "text/plain": self.words}


def _is_number(value: Any) -> bool:
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return real and math.isfinite(value)


def predict(name: str, question: str, options: Sequence[str] = (), *, unit: str = "") -> Guess:
    """Ask for a guess before the run.

    Parameters
    ----------
    name : str
        The prediction's name within the lesson, for the progress.
    question : str
        What will happen?
    options : sequence of str
        What can happen; without options the student types a number.
    unit : str
        What the number counts.
    """
    if len(options) == 1:
        raise ValueError("A prediction needs at least two options, or none for a number.")
    return Guess(name, question, options, unit)
