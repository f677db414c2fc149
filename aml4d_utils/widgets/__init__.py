"""What moves in a page: explorers and their controls, pictures, plots, camera, drawing pad."""

from importlib import import_module
from typing import Any

_WHERE = {
    "Explorer": "explorer",
    "slider": "fields",
    "choice": "fields",
    "toggle": "fields",
    "typed": "fields",
    "Picture": "picture",
    "Film": "film",
    "Plot": "plot",
    "Axis": "plot",
    "Bar": "plot",
    "Handle": "plot",
    "Series": "plot",
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
