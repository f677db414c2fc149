"""A teacher's own questions: a Python file in the form of a lesson's ``questions.py``."""

from __future__ import annotations

import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from aml4d_utils.checking import QuizQuestion
from aml4d_utils.checking.shuffling import in_random_order
from aml4d_utils.lessons.lecture import TOPICS
from question_export.exported import Exported, ExportError

CATEGORY = "Own questions"


def read_own_questions(path: Path) -> list[Exported]:
    """Run the file and return the questions in its ``QUESTIONS``.

    The file is the teacher's own program and is run as such.

    Raises
    ------
    ExportError
        If the file cannot be read or run, or a question is not as it should be.
    """
    questions = _questions_in(_run(path), path)
    names = Counter(question.name for question in questions)
    if twice := [name for name, count in names.items() if count > 1]:
        raise ExportError(
            f"{path}: two questions are called {twice[0]!r}. Each needs its own name."
        )
    known = {topic.name for topic in TOPICS}
    found = []
    for question in in_random_order(questions, CATEGORY):
        if question.topic and question.topic not in known:
            raise ExportError(
                f"{path}: {question.name!r} has the topic {question.topic!r}, which the lecture "
                f"does not have. Leave it out, or take one of: {', '.join(sorted(known))}."
            )
        found.append(Exported(f"own.{question.name}", CATEGORY, _asked(question, path)))
    return found


def _run(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise ExportError(f"There is no file {path}.")
    if path.is_dir():
        raise ExportError(f"{path} is a folder. Name the Python file with your questions.")
    try:
        code = compile(path.read_text("utf-8-sig"), str(path), "exec")
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ExportError(f"{path} is not a text file in UTF-8.") from None
    except SyntaxError as error:
        raise ExportError(
            f"{path}, line {error.lineno}: this is not Python ({error.msg})."
        ) from None
    except ValueError as error:
        raise ExportError(f"{path}: this is not Python ({error}).") from None
    space: dict[str, Any] = {"__name__": "own_questions", "__file__": str(path)}
    try:
        exec(code, space)
    except Exception as error:
        raise ExportError(f"{path}, line {_line_in(path, error)}: {_said(error)}") from None
    return space


def _questions_in(space: dict[str, Any], path: Path) -> list[QuizQuestion]:
    if "QUESTIONS" not in space:
        raise ExportError(f"{path} has no QUESTIONS. Write QUESTIONS = (QuizQuestion(…), …).")
    questions = space["QUESTIONS"]
    if not isinstance(questions, (list, tuple)):
        kind = type(questions).__name__
        raise ExportError(f"{path}: QUESTIONS is a tuple or list of questions, not a {kind}.")
    if not questions:
        raise ExportError(f"{path}: QUESTIONS is empty.")
    for number, question in enumerate(questions, start=1):
        if not isinstance(question, QuizQuestion):
            kind = type(question).__name__
            raise ExportError(
                f"{path}: number {number} of QUESTIONS is no QuizQuestion but a {kind}."
            )
    return list(questions)


def _asked(question: QuizQuestion, path: Path) -> QuizQuestion:
    try:
        asked = question.asked()
    except Exception as error:
        raise ExportError(f"{path}: {question.name!r} cannot be computed. {_said(error)}") from None
    words = Counter(answer.words.strip().casefold() for answer in asked.answers)
    if len(words) < len(asked.answers):
        raise ExportError(f"{path}: two options of {question.name!r} say the same.")
    if not asked.question.strip() or not all(words):
        raise ExportError(f"{path}: {question.name!r} has a question or an option without words.")
    return asked


def _line_in(path: Path, error: Exception) -> int:
    """Return the last line of the file that was run before the error."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno for f in reversed(frames) if f.filename == str(path)), 0) or 0


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
