"""A student's answers, carried from one version of a lesson into the next.

A cell's mark says what the course had written there (see `course.cells`). The cell of the same
mark in the new version is the same cell, unchanged by the lesson. A cell that the lesson did
change is found again by the function it defines, else by its text, in the same stretch. Ids are
of no use for that: they count the cells, and a lesson that gains one counts all later ones anew.
"""

from __future__ import annotations

import copy
import difflib
import re
import uuid

from course.cells import KEY, is_written, mark_in, source_of, version_of

ALIKE = 0.5  # share of the text that a reworded cell has in common with what it was
REWRITTEN = "*The lesson has changed the cell above. This is what you had there:*"
GONE = "*The lesson no longer has this cell. This is what you had there:*"
_FUNCTION = re.compile(r"^(?:async )?def (\w+)(\([^)]*\))", re.M)


def is_touched(notebook: dict) -> bool:
    """Tell whether a working copy differs from what it was made from, outputs aside."""
    if any(map(is_written, notebook["cells"])):
        return True
    return notebook["metadata"][KEY].get("version") != version_of(notebook)


def carry(mine: dict, new: dict) -> tuple[dict, int]:
    """Return the new version with the student's answers in it, and how many cells are theirs.

    A cell that only the student changed is theirs again. Where the lesson changed it too, an
    answer to the same function with the same arguments stays; otherwise the new cell stands and
    what the student had follows it, code as text, as it may no longer run. Cells that the
    student added stand behind the cell that they stood behind.

    Parameters
    ----------
    mine, new : dict
        The working copy, and the generated notebook of the new version; neither is changed.
    """
    same, akin = match(mine["cells"], new["cells"])
    result = copy.deepcopy(new["cells"])
    behind: dict[int, list[dict]] = {}  # position in the new version: what follows it
    here, number = -1, 0
    for position, cell in enumerate(mine["cells"]):
        target = same.get(position, akin.get(position))
        here = here if target is None else target
        if not is_written(cell):
            continue
        number += 1
        if target is not None and (position in same or same_function(cell, result[target])):
            result[target] = answered(result[target], cell)
        elif mark_in(cell) is None:
            behind.setdefault(here, []).append(bare(cell))
        else:
            heading = GONE if target is None else REWRITTEN
            behind.setdefault(here, []).append(as_text(cell, heading))
    return {**new, "cells": in_order(result, behind)}, number


def match(mine: list[dict], new: list[dict]) -> tuple[dict[int, int], dict[int, int]]:
    """Return where cells of a copy stand in the new version: the same cell, and a changed one."""
    ours, theirs = ([mark_in(cell) for cell in cells] for cells in (mine, new))
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    same = {a + n: b + n for a, b, size in matcher.get_matching_blocks() for n in range(size)}
    akin: dict[int, int] = {}
    written = [n for n, cell in enumerate(mine) if n not in same and is_written(cell)]
    for position in written:
        taken = {*same.values(), *akin.values()}
        free = [n for n in range(len(new)) if n not in taken]
        found = next((n for n in free if ours[position] == theirs[n]), None)  # it has moved
        if found is not None:
            same[position] = found
            continue
        found = next((n for n in free if related(mine[position], new[n])), None)
        if found is not None:
            akin[position] = found
    return same, akin


def related(cell: dict, other: dict) -> bool:
    """Tell whether a written cell belongs to a cell that the lesson has changed."""
    if mark_in(cell) is None or cell["cell_type"] != other["cell_type"]:
        return False
    names, others = functions_of(cell), functions_of(other)
    if names or others:
        return any(name in others for name in names)
    alike = difflib.SequenceMatcher(None, source_of(cell), source_of(other), autojunk=False)
    return alike.ratio() >= ALIKE


def functions_of(cell: dict) -> dict[str, str]:
    """Return the functions that a code cell defines: name and arguments."""
    return dict(_FUNCTION.findall(source_of(cell))) if cell["cell_type"] == "code" else {}


def same_function(cell: dict, other: dict) -> bool:
    """Tell whether a cell answers the function of another one, with the same arguments."""
    wanted = functions_of(other)
    return bool(wanted) and wanted.items() <= functions_of(cell).items()


def bare(cell: dict) -> dict:
    """Return a cell without what running it left."""
    cell = copy.deepcopy(cell)
    if cell["cell_type"] == "code":
        cell.update(outputs=[], execution_count=None)
    return cell


def answered(cell: dict, theirs: dict) -> dict:
    """Return a cell of the new version with what the student wrote, under its mark and id."""
    return {**bare(theirs), "metadata": cell["metadata"], "id": cell["id"]}


def as_text(cell: dict, heading: str) -> dict:
    """Return a Markdown cell that shows, below a heading, what a cell held."""
    source = source_of(cell)
    if cell["cell_type"] == "code":
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", source)), default=0))
        source = f"{fence}python\n{source}\n{fence}"
    kept = {"cell_type": "markdown", "metadata": {}, "source": f"{heading}\n\n{source}"}
    return {**kept, **{key: cell[key] for key in ("attachments",) if key in cell}}


def in_order(cells: list[dict], behind: dict[int, list[dict]]) -> list[dict]:
    """Return the cells, each followed by what stands behind it, with ids that occur once."""
    used = {cell["id"] for cell in cells}
    for cell in (cell for group in behind.values() for cell in group):
        if cell.get("id", "") in {*used, ""}:
            cell["id"] = uuid.uuid4().hex[:8]
        used.add(cell["id"])
    result = list(behind.get(-1, []))
    for position, cell in enumerate(cells):
        result += [cell, *behind.get(position, [])]
    return result
