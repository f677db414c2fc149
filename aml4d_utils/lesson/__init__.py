"""What every notebook uses: start, predict, exercises, quiz, explorers, pictures, long work."""

from importlib import import_module
from typing import Any

_WHERE = {
    "start": "starting",
    "predict": "predictions",
    "quiz": "quizzes",
    "Answer": "quizzes",
    "QuizQuestion": "quizzes",
    "Exercise": "exercise",
    "Case": "exercise",
    "Mistake": "exercise",
    "WrongAnswer": "exercise",
    "same_as": "exercise",
    "Explorer": "explorer",
    "slider": "fields",
    "choice": "fields",
    "toggle": "fields",
    "Picture": "picture",
    "Plot": "plot",
    "Axis": "plot",
    "Bar": "plot",
    "Handle": "plot",
    "Series": "plot",
    "run": "steps",
    "show": "alt_text",
    "new_figure": "alt_text",
    "Shown": "alt_text",
    "table": "tables",
    "show_progress": "tables",
    "choose_photo": "photo_chooser",
    "PhotoChooser": "photo_chooser",
    "Camera": "camera",
    "DrawingPad": "drawing_pad",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
