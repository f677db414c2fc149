"""How tests find what the rooms hold, and the examples that it is tried on.

A room's examples stand in ``examples.py`` beside its tests: ``EXPLORERS`` gives what an explorer
without defaults is made from, ``DESCRIPTIONS`` two or more results for every ``describe_*``.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from ipywidgets import Widget

import aml4d_utils.topics

TESTS = Path(__file__).parents[1]
PACKAGE = Path(aml4d_utils.__path__[0])
UNREADABLE = r"\b(nan|inf)\b|−0\.0+(?!\d)|(?<!\w)-\d"
"""No number, a negative zero, or a hyphen where a minus belongs."""
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("topics/*/explorers.py"))


def below(widget: Widget) -> Iterator[Widget]:
    """Give a widget and everything in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from below(child)


def functions(module: str) -> Iterator[tuple[str, Callable]]:
    """Give the public functions that a module, such as ``topics.pixels.figures``, defines."""
    found = importlib.import_module(f"aml4d_utils.{module}")
    for name, value in vars(found).items():
        if inspect.isfunction(value) and value.__module__ == found.__name__ and name[0] != "_":
            yield name, value


def modules(*wings: str) -> Iterator[str]:
    """Give the names of all modules of some wings of the package."""
    for wing in wings:
        for file in sorted((PACKAGE / wing).rglob("*.py")):
            if file.name != "__init__.py":
                yield ".".join(file.relative_to(PACKAGE).with_suffix("").parts)


def examples(place: str) -> ModuleType | None:
    """Return the examples of a place, such as ``topics.pixels``, or None if it has none."""
    if not TESTS.joinpath(*place.split("."), "examples.py").is_file():
        return None
    return importlib.import_module(f"{place}.examples")
