"""What a cell calls: start, predict, quiz, mock_exam, run, show, table, choose_photo."""

from importlib import import_module
from typing import Any

_WHERE = {
    "start": "aml4d_utils.notebook.starting",
    "predict": "aml4d_utils.notebook.predictions",
    "quiz": "aml4d_utils.notebook.quizzes",
    "mock_exam": "aml4d_utils.notebook.exams",
    "run": "aml4d_utils.notebook.steps",
    "show": "aml4d_utils.notebook.alt_text",
    "as_png": "aml4d_utils.notebook.alt_text",
    "new_figure": "aml4d_utils.notebook.alt_text",
    "picture_figure": "aml4d_utils.notebook.alt_text",
    "Shown": "aml4d_utils.notebook.alt_text",
    "table": "aml4d_utils.notebook.tables",
    "show_progress": "aml4d_utils.notebook.tables",
    "choose_photo": "aml4d_utils.widgets.photo_chooser",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
