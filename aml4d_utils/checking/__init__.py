"""How an answer is judged: exercises, questions, progress; no widgets."""

from importlib import import_module
from typing import Any

_WHERE = {
    "Exercise": "exercise",
    "Case": "exercise",
    "Mistake": "exercise",
    "WrongAnswer": "exercise",
    "same_as": "exercise",
    "Decision": "decision",
    "DecisionCase": "decision",
    "Rival": "decision",
    "QuizQuestion": "questions",
    "Answer": "questions",
    "BankQuestion": "questions",
    "Computed": "questions",
    "Illustration": "questions",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
