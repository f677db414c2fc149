"""The rules of the house that go by a module's name and place.

In a room (a folder of ``topics``) the name is the place: ``figures``, ``explorers``; a module with
a script of its own name beside it is a widget; everything else is an algorithm. A lesson's folder
has the same places, and ``exercises`` and ``questions``. The rules find rooms and lessons by
walking the package, so that a new one meets them without being told of.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import grimp

PACKAGE = "aml4d_utils"
ORDER = {"algorithm": 0, "figures": 1, "widget": 2, "explorers": 3}
TASKS = ("exercises", "questions")
DRAWING = ("matplotlib", "ipywidgets", "anywidget", "IPython")
SHOWING = ("notebook", "widgets")


@dataclass(frozen=True)
class Place:
    """Where a module stands: its wing (``topics``, ``lessons``), its room and its kind."""

    wing: str
    room: str
    kind: str


def import_graph(folder: Path) -> grimp.ImportGraph:
    """Return who imports whom in the package below a folder, which must be on ``sys.path``."""
    graph = grimp.build_graph(PACKAGE, include_external_packages=True, cache_dir=None)
    assert f"{PACKAGE}.topics" in graph.modules, folder
    return graph


def place_of(module: str, folder: Path) -> Place | None:
    """Return the place of a module, None where it stands in no room and no lesson."""
    parts = module.split(".")
    if parts[0] != PACKAGE or len(parts) < 4 or parts[1] not in ("topics", "lessons"):
        return None
    wing, room, name = parts[1:4]
    beside = folder.joinpath(PACKAGE, wing, room)
    if name in ("figures", "explorers") or (wing == "lessons" and name in TASKS):
        kind = name
    elif (beside / f"{name}.js").is_file() or (beside / name / "index.js").is_file():
        kind = "widget"
    else:
        kind = "algorithm"
    return Place(wing, room, kind)


def breaches(folder: Path) -> list[str]:
    """Return every import that breaks a rule, as ``importer -> imported: the rule``."""
    graph = import_graph(folder)
    found = []
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            rule = _broken(importer, imported, folder)
            if rule:
                found.append(f"{importer} -> {imported}: {rule}")
    return found


def _broken(importer: str, imported: str, folder: Path) -> str:
    source, target = place_of(importer, folder), place_of(imported, folder)
    if target and target.wing == "lessons" and (not source or source.room != target.room):
        return "a lesson's modules are nobody else's"
    if source is None:
        return ""
    if target is None:
        return _broken_outside(source, imported)
    if source.wing == target.wing and source.room == target.room:
        return _broken_inside(source, target)
    if source.wing == "topics" and target.kind != "algorithm":
        return "of another topic only algorithms may be used"
    if source.kind in (*TASKS, "algorithm") and target.kind != "algorithm":
        return "exercises, questions and algorithms use algorithms only"
    return ""


def _broken_outside(source: Place, imported: str) -> str:
    parts = imported.split(".")
    if source.kind not in (*TASKS, "algorithm"):
        return ""
    if parts[0] in DRAWING or (parts[0] == PACKAGE and len(parts) > 1 and parts[1] in SHOWING):
        return "algorithms, exercises and questions neither draw nor use widgets"
    if source.kind == "algorithm" and parts[:2] == [PACKAGE, "checking"]:
        return "algorithms do not judge answers"
    return ""


def _broken_inside(source: Place, target: Place) -> str:
    if source.kind in TASKS:
        return "" if target.kind in (*TASKS, "algorithm") else "tasks use algorithms only"
    if target.kind in TASKS:
        return "nobody builds on exercises or questions"
    if ORDER[source.kind] < ORDER[target.kind]:
        return "in a room: algorithms, then figures, then widgets, then explorers"
    return ""


CHOOSING = {"argmax", "argmin", "argsort", "nanargmax", "nanargmin", "unravel_index"}
CHOOSING |= {"percentile", "quantile", "nanpercentile", "nanquantile", "argpartition", "lstsq"}


def choices_in_explorers(folder: Path) -> list[str]:
    """Return every place where an explorer chooses or ranks by itself, as ``file:line: name``.

    Controls and wiring belong there; a selection rule is an algorithm.
    """
    found = []
    for file in sorted(folder.joinpath(PACKAGE).glob("*/*/explorers.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in CHOOSING:
                found.append(f"{file.relative_to(folder).as_posix()}:{node.lineno}: {node.attr}")
    return found


SAME_EVERYWHERE = {"__init__", "figures", "explorers", *TASKS}


def modules_met_twice(folder: Path) -> list[str]:
    """Return the module names that stand for two things in the package."""
    places: dict[str, list[str]] = {}
    for file in sorted(folder.joinpath(PACKAGE).rglob("*.py")):
        if file.stem not in SAME_EVERYWHERE:
            place = file.relative_to(folder).with_suffix("").as_posix()
            places.setdefault(file.stem, []).append(place)
    return [f"{name}: {', '.join(where)}" for name, where in places.items() if len(where) > 1]


def forgotten_figures(folder: Path) -> list[str]:
    """Return drawings and descriptions that no lesson, explorer or other module uses.

    What stands in a string counts only in a lesson, whose cells are text to this package.
    """
    known: set[str] = set()
    written: dict[str, str] = {}
    for file in sorted(folder.joinpath(PACKAGE).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Name):
                known.add(node.id)
            elif isinstance(node, ast.Attribute):
                known.add(node.attr)
            elif isinstance(node, ast.FunctionDef) and file.stem == "figures":
                if node.name.startswith(("draw_", "describe_")):
                    written[node.name] = file.parent.name
    for file in sorted(folder.joinpath("lessons").glob("*.py")):
        known.update(re.findall(r"\w+", file.read_text("utf-8")))
    return [f"{room}: {name}" for name, room in sorted(written.items()) if name not in known]
