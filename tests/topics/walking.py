"""How tests find what the rooms hold, and the examples that it is tried on."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import aml4d_utils.topics

HERE = Path(__file__).parent
ROOMS = sorted(
    path.parent.name for path in Path(aml4d_utils.topics.__path__[0]).glob("*/explorers.py")
)


def functions(room: str, module: str) -> Iterator[tuple[str, Callable]]:
    """Give the public functions that a module of a room defines."""
    found = importlib.import_module(f"aml4d_utils.topics.{room}.{module}")
    for name, value in vars(found).items():
        if inspect.isfunction(value) and value.__module__ == found.__name__ and name[0] != "_":
            yield name, value


def has_examples(room: str) -> bool:
    """Tell whether a room's tests come with examples."""
    return (HERE / room / "examples.py").is_file()


@cache
def examples(room: str) -> ModuleType:
    """Return the examples of a room."""
    file = HERE / room / "examples.py"
    spec = importlib.util.spec_from_file_location(f"examples_of_{room}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
