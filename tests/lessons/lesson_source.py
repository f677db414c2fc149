"""The lessons as their authors wrote them: cells, exercises, solutions and blank stubs."""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from aml4d_utils.checking import Exercise

ROOT = Path(__file__).resolve().parents[2]


def load_builder(root: Path = ROOT) -> ModuleType:
    """Return ``tools/build_notebooks.py`` below a root as a module."""
    name = f"build_notebooks_{abs(hash(root))}"
    spec = importlib.util.spec_from_file_location(name, root / "tools" / "build_notebooks.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


builder = load_builder()
LESSONS = tuple(sorted(path.stem for path in (ROOT / "lessons").glob("*.py")))


@cache
def read(lesson: str) -> Any:
    """Return a lesson by its name, for example ``07_convolution``."""
    return builder.read_lesson(ROOT / "lessons" / f"{lesson}.py")


@cache
def exercises_of(lesson: str) -> dict[str, Exercise]:
    """Return the exercises that a lesson's notebook checks, by name, in their order."""
    module = importlib.import_module(exercise_module(lesson))
    found = {}
    for _, _, code in builder.code_cells(read(lesson)):
        for call in (node for node in ast.walk(code) if isinstance(node, ast.Call)):
            match ast.unparse(call.func).split("."):
                case ["exercises", name, "check"]:
                    found[name] = getattr(module, name)
    return found


def exercise_module(lesson: str) -> str:
    """Return the module that the lesson calls ``exercises``."""
    for _, _, code in builder.code_cells(read(lesson)):
        for node in (n for n in ast.walk(code) if isinstance(n, ast.ImportFrom)):
            for alias in node.names:
                if (alias.asname or alias.name) == "exercises":
                    return f"{node.module}.{alias.name}"
    raise LookupError(f"{lesson} imports no exercises.")


def solutions(lesson: str) -> dict[str, str]:
    """Return the solutions of a lesson as ``.solution()`` shows them, by function name."""
    return {name: task.solution().detail for name, task in exercises_of(lesson).items()}


def written_solutions(lesson: str) -> dict[str, str]:
    """Return the solutions of a lesson as its source has them, by function name."""
    return builder.solutions_of(read(lesson))


def stub(lesson: str, name: str) -> str:
    """Return the cell of the student's notebook in which a function is to be written."""
    notebook = builder.notebook_of(read(lesson), with_solutions=False)
    return next(cell.source for cell in notebook.cells if f"def {name}(" in cell.source)


def setup_of(lesson: str, source: str) -> str:
    """Return the lesson's imports and functions that a piece of code needs to run."""
    known = _bindings(lesson)
    needed: list[str] = []

    def need(code: str) -> None:
        for name in sorted(_loaded(code) & known.keys()):
            if known[name] not in needed and known[name] != code:
                need(known[name])
                needed.append(known[name])

    need(source)
    return "\n".join(dict.fromkeys(needed))


def defined(lesson: str, name: str, source: str) -> Any:
    """Run a function's source as the notebook would and return the function."""
    space: dict[str, Any] = {}
    exec(setup_of(lesson, source), space)
    exec(source, space)
    return space[name]


@cache
def _bindings(lesson: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, cell, _ in builder.code_cells(read(lesson)):
        for node in builder.parse(builder.filled(cell.source)).body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    alone = ast.unparse(_with_one(node, alias))
                    found.setdefault((alias.asname or alias.name).split(".")[0], alone)
            elif isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, ast.unparse(node))
    return found


def _with_one(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.Import(names=[alias])
    return ast.ImportFrom(module=node.module, names=[alias], level=node.level)


def _loaded(code: str) -> set[str]:
    names = (n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Load)} - set(dir(builtins))
