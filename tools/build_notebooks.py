"""Write every notebook from its one source, ``lessons/NN_topic.py``.

For each lesson this writes ``notebooks/NN_topic.ipynb`` (exercises blank),
``notebooks/solutions/NN_topic.ipynb`` (with solutions), the room's ``solutions.json`` and, over
all lessons, ``lessons.json`` and ``cells.json`` in ``aml4d_utils/checking``. Nothing is executed:
the only stored outputs are the facts that the author wrote below a ``# NBVAL_CHECK_OUTPUT`` cell as
``#> text``. Building twice gives identical bytes; ``--check`` fails where a file on disk differs.
What somebody wrote into a notebook is kept in ``my_lessons/`` before it is written anew: each
cell bears a mark by which that is known (``course.cells``).
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat

from course import CourseError, copies
from course import cells as stored
from course.cells import FACT

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
_LIKE_A_MARK = re.compile(r"#+\s*(begin|end)\W*solution", re.IGNORECASE)
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class LessonError(Exception):
    """A lesson's source breaks a rule; the message names the lesson and the rule."""


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson: its kind, its source lines, its tags."""

    kind: str
    source: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Lesson:
    """A lesson's source: name (``07_convolution``), header and cells."""

    name: str
    title: str
    room: str
    minutes: int
    cells: tuple[Cell, ...]


def read_lesson(path: Path) -> Lesson:
    """Read ``lessons/NN_topic.py``.

    Raises
    ------
    LessonError
        If the header lacks title, room or minutes.
    """
    notebook = jupytext.read(path, fmt="py:percent")
    header = notebook.metadata.get("aml4d", {})
    missing = {"title", "room", "minutes"} - set(header)
    if missing:
        raise LessonError(f"{path.name}: the header lacks {', '.join(sorted(missing))}.")
    if not isinstance(header["minutes"], int):
        raise LessonError(f"{path.name}: minutes is a whole number, not {header['minutes']!r}.")
    cells = tuple(
        Cell(c.cell_type, c.source.strip("\n"), tuple(c.metadata.get("tags", ())))
        for c in notebook.cells
    )
    return Lesson(path.stem, header["title"], header["room"], header["minutes"], cells)


def parse(source: str, where: str = "cell") -> ast.Module:
    """Parse a cell's code, with ``await`` allowed as in a notebook.

    Raises
    ------
    LessonError
        If the code is not Python.
    """
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        return compile(source, "<cell>", "exec", flags=flags)
    except SyntaxError as error:
        raise LessonError(f"{where}: line {error.lineno} is not Python: {error.msg}.") from None


def code_cells(lesson: Lesson) -> list[tuple[str, Cell, ast.Module]]:
    """Return each code cell with its place in words and its parsed code."""
    cells = [(place_of(lesson, n), cell) for n, cell in enumerate(lesson.cells)]
    return [(w, cell, parse(cell.source, w)) for w, cell in cells if cell.kind == "code"]


def place_of(lesson: Lesson, position: int) -> str:
    """Say which cell of which lesson is meant."""
    return f"{lesson.name}, cell {position}"


def blank(source: str, where: str) -> str:
    """Return the source with every solution region replaced by a line that says it is not done."""
    lines, out, inside = source.splitlines(), [], False
    for line in lines:
        mark = line.strip()
        if mark not in (BEGIN, END) and _LIKE_A_MARK.match(mark):
            raise LessonError(f"{where}: write {BEGIN} and {END} exactly so, not {mark!r}.")
        if mark == BEGIN:
            if inside:
                raise LessonError(f"{where}: {BEGIN} twice without {END}.")
            inside = True
            indent = line[: len(line) - len(line.lstrip())]
            if not indent:
                raise LessonError(f"{where}: a solution region stands inside a function.")
            out += [f"{indent}# Write your code here, then delete the next line."]
            out += [f"{indent}raise NotImplementedError"]
        elif mark == END:
            if not inside:
                raise LessonError(f"{where}: {END} without {BEGIN}.")
            inside = False
        elif not inside:
            out.append(line)
    if inside:
        raise LessonError(f"{where}: {BEGIN} without {END}.")
    return "\n".join(out)


def filled(source: str) -> str:
    """Return the source with the solution kept and its marks removed."""
    kept = [line for line in source.splitlines() if line.strip() not in (BEGIN, END)]
    return "\n".join(kept)


def split_fact(source: str, where: str) -> tuple[str, str]:
    """Return a fact cell's code and the text it must print; no text for any other cell.

    Raises
    ------
    LessonError
        If the mark is not the first line, or mark or text stands without the other, or code
        follows the text.
    """
    lines = source.splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith("#>")), len(lines))
    code, below = lines[:first], lines[first:]
    marked = [n for n, line in enumerate(lines) if line.strip() == FACT]
    if not marked and not below:
        return source, ""
    if marked != [0]:
        raise LessonError(f"{where}: a cell with a fact begins with {FACT}, once.")
    if not below:
        raise LessonError(f"{where}: a fact cell needs its text below it as '#> text'.")
    if not all(line.startswith("#>") for line in below):
        raise LessonError(f"{where}: nothing may follow the text of a fact.")
    expected = [line.removeprefix("#>").removeprefix(" ") for line in below]
    return "\n".join(code).rstrip(), "\n".join(expected) + "\n"


def solutions_of(lesson: Lesson) -> dict[str, str]:
    """Return the source of every function with a solution region, by function name.

    Raises
    ------
    LessonError
        If a cell with a solution defines no function, several, or one that another cell defines.
    """
    found: dict[str, str] = {}
    for where, cell, code in code_cells(lesson):
        if BEGIN not in cell.source:
            continue
        names = [node.name for node in code.body if isinstance(node, ast.FunctionDef)]
        if len(names) != 1:
            raise LessonError(f"{where}: a cell with a solution defines one function.")
        if names[0] in found:
            raise LessonError(f"{where}: there is a solution of {names[0]} already.")
        found[names[0]] = filled(cell.source)
    return found


def totals_of(lesson: Lesson, root: Path = ROOT) -> dict[str, int]:
    """Count predictions, exercises and quiz questions of a lesson, without running anything."""
    predictions, exercises, questions = set(), set(), 0
    for where, _, code in code_cells(lesson):
        for call in (n for n in ast.walk(code) if isinstance(n, ast.Call)):
            name = ast.unparse(call.func)
            if name == "predict":
                predictions.add(ast.unparse(call.args[0]))
            elif re.fullmatch(r"exercises\.\w+\.check", name):
                exercises.add(name)
            elif name == "quiz":
                questions += _questions_in(lesson, ast.unparse(call.args[0]), where, root)
    return {"predictions": len(predictions), "exercises": len(exercises), "quiz": questions}


def _questions_in(lesson: Lesson, name: str, where: str, root: Path) -> int:
    """Count the questions in the tuple ``name`` that the lesson imports."""
    for _, _, code in code_cells(lesson):
        for node in (n for n in ast.walk(code) if isinstance(n, ast.ImportFrom) and n.module):
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    file = root.joinpath(*node.module.split(".")).with_suffix(".py")
                    return _questions_assigned(file, alias.name, where)
    raise LessonError(f"{where}: quiz needs questions that the lesson imports, not {name}.")


def _questions_assigned(file: Path, name: str, where: str) -> int:
    for node in ast.parse(file.read_text("utf-8")).body if file.exists() else ():
        if isinstance(node, ast.Assign) and name in map(ast.unparse, node.targets):
            calls = (n for n in ast.walk(node.value) if isinstance(n, ast.Call))
            return sum(ast.unparse(call.func) == "QuizQuestion" for call in calls)
    raise LessonError(f"{where}: {file.name} has no questions called {name}.")


def names_of(lesson: Lesson) -> dict[str, dict[str, str]]:
    """Return for each name that a cell defines the first line that does, and its heading."""
    found: dict[str, dict[str, str]] = {}
    heading = ""
    for position, cell in enumerate(lesson.cells):
        if cell.kind == "markdown":
            headings = re.findall(r"^#+ (.+)$", cell.source, re.MULTILINE)
            heading = headings[-1] if headings else heading
        if cell.kind == "markdown" or "solution" in cell.tags:
            continue
        lines = cell.source.splitlines()
        for statement in parse(cell.source, place_of(lesson, position)).body:
            place = {"heading": heading, "line": lines[statement.lineno - 1]}
            for name in _defined_by(statement):
                found.setdefault(name, place)
    return found


def _defined_by(statement: ast.stmt) -> list[str]:
    """Return the names that a statement of a cell gives a value."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    names, waiting = [], [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
        elif isinstance(node, ast.alias):
            names.append((node.asname or node.name).split(".")[0])
        elif not isinstance(node, (ast.Lambda, ast.comprehension)):
            waiting += ast.iter_child_nodes(node)
    return names


def notebook_of(lesson: Lesson, *, with_solutions: bool) -> nbformat.NotebookNode:
    """Build one variant of a lesson's notebook."""
    written = []
    for position, cell in enumerate(lesson.cells):
        if "solution" in cell.tags and not with_solutions:
            continue
        written.append(_notebook_cell(lesson, cell, position, with_solutions))
    metadata = {
        "kernelspec": KERNEL,
        "language_info": {"name": "python"},
        "aml4d": {"lesson": lesson.name, "solutions": with_solutions},
    }
    notebook = nbformat.v4.new_notebook(cells=written, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def _notebook_cell(
    lesson: Lesson, cell: Cell, position: int, with_solutions: bool
) -> nbformat.NotebookNode:
    where = place_of(lesson, position)
    name = f"{lesson.name.split('_')[0]}-{position:03d}"
    metadata = {"tags": list(cell.tags)} if cell.tags else {}
    if cell.kind == "markdown":
        metadata[stored.KEY] = stored.mark_of(cell.kind, cell.source)
        return nbformat.v4.new_markdown_cell(cell.source, id=name, metadata=metadata)
    source, fact = split_fact(cell.source, where)
    outputs = [nbformat.v4.new_output("stream", name="stdout", text=fact)] if fact else []
    source = filled(source) if with_solutions else blank(source, where)
    metadata[stored.KEY] = stored.mark_of(cell.kind, source)
    # A cell with outputs counts as run: nbval would not compare them otherwise.
    count = 1 if outputs else None
    return nbformat.v4.new_code_cell(
        source, id=name, metadata=metadata, outputs=outputs, execution_count=count
    )


def build(root: Path = ROOT) -> dict[Path, str]:
    """Return the text of every generated file by path; nothing is written.

    Raises
    ------
    LessonError
        If a lesson breaks a rule, or two lessons of one room solve a function of the same name.
    """
    files: dict[Path, str] = {}
    overview: dict[str, dict] = {}
    names: dict[str, dict] = {}
    solutions: dict[str, dict[str, str]] = {}
    for path in sorted((root / "lessons").glob("*.py")):
        lesson = read_lesson(path)
        if not re.fullmatch(r"\d\d_\w+", lesson.name):
            raise LessonError(f"{path.name}: a lesson is called NN_topic.py.")
        if not (root / "aml4d_utils" / "lessons" / lesson.room).is_dir():
            raise LessonError(f"{path.name}: there is no folder aml4d_utils/lessons/{lesson.room}.")
        for folder, with_solutions in (("notebooks", False), ("notebooks/solutions", True)):
            notebook = notebook_of(lesson, with_solutions=with_solutions)
            text = nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
            files[root / folder / f"{lesson.name}.ipynb"] = text
        kept, found = solutions.setdefault(lesson.room, {}), solutions_of(lesson)
        for name in kept.keys() & found.keys():
            raise LessonError(
                f"{path.name}: another lesson of the room {lesson.room} solves {name} too."
            )
        kept.update(found)
        overview[lesson.name] = {
            "title": lesson.title,
            "room": lesson.room,
            "minutes": lesson.minutes,
            "totals": totals_of(lesson, root),
        }
        names[lesson.name] = names_of(lesson)
    for room, found in solutions.items():
        files[root / "aml4d_utils" / "lessons" / room / "solutions.json"] = _json(found)
    files[root / "aml4d_utils" / "checking" / "lessons.json"] = _json(overview)
    files[root / "aml4d_utils" / "checking" / "cells.json"] = _json(names)
    return files


def _json(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def drift(files: dict[Path, str], root: Path = ROOT) -> list[str]:
    """Return one line for each generated file that is missing, differs or has no lesson."""
    problems = [
        f"{path.relative_to(root)}: {'differs from its lesson' if path.exists() else 'is missing'}"
        for path, text in files.items()
        if not path.exists() or differs(path, text, root)
    ]
    generated = [root / "notebooks" / name for name in copies.lessons_in(root / "notebooks")]
    generated += (root / "aml4d_utils" / "lessons").glob("*/solutions.json")
    for path in sorted(generated):
        if path not in files:
            problems.append(f"{path.relative_to(root)}: has no lesson")
    return problems


def differs(path: Path, text: str, root: Path) -> bool:
    """Tell whether a file is not as it is generated now, and not merely saved by a reader.

    Whoever opens a notebook of this version in JupyterLab and saves it has not changed the
    course; what is committed has to be right.
    """
    if path.read_text(encoding="utf-8") == text:
        return False
    if path.suffix != ".ipynb" or is_committed(path, root):
        return True
    try:
        return not is_saved_copy(stored.read(path), stored.parse(text))
    except stored.Unreadable:
        return True


def is_saved_copy(notebook: dict, generated: dict) -> bool:
    """Tell whether a notebook is a generated one that somebody has opened and saved."""
    of_this_version = set(stored.marks_in(notebook)) <= set(stored.marks_in(generated))
    return of_this_version and not stored.is_unused(notebook)


def is_committed(path: Path, root: Path) -> bool:
    """Tell whether git has a file exactly as it stands; False without git."""
    command = ["git", "-C", str(root), "diff", "--quiet", "HEAD", "--", str(path)]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def write(files: dict[Path, str], folder: Path, root: Path = ROOT) -> list[str]:
    """Write the files below a folder; return a sentence for each answer kept out of harm's way.

    Raises
    ------
    CourseError
        When an answer cannot be kept; nothing is written then.
    """
    targets = {folder / path.relative_to(root): text for path, text in files.items()}
    old = [target for target in targets if target.suffix == ".ipynb" and target.exists()]
    kept = [copies.rescue(target, folder) for target in old]
    for target, text in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    return [sentence for sentence in kept if sentence]


def main(arguments: list[str] | None = None) -> int:
    """Build, or with ``--check`` say what differs."""
    parser = argparse.ArgumentParser(description="Write the notebooks from their lessons.")
    parser.add_argument("--check", action="store_true", help="fail where a file differs")
    parser.add_argument("--into", type=Path, default=ROOT, help="write below another folder")
    options = parser.parse_args(arguments)
    try:
        files = build()
        if options.check:
            problems = drift(files)
            print(*problems, f"{len(files)} generated files, {len(problems)} differ.", sep="\n")
            return 1 if problems else 0
        kept = write(files, options.into)
    except (LessonError, CourseError) as error:
        print(error, file=sys.stderr)
        return 1
    print(*kept, f"{len(files)} files written.", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
