"""Write every notebook from its one source, ``lessons/NN_topic.py``.

For each lesson this writes ``notebooks/NN_topic.ipynb`` (exercises blank),
``notebooks/solutions/NN_topic.ipynb`` (with solutions), the room's ``solutions.json`` and, over
all lessons, ``aml4d_utils/lesson/lessons.json``. Nothing is executed: the only stored outputs are
the facts that the author wrote below a ``# NBVAL_CHECK_OUTPUT`` cell as ``#> text``. Building
twice gives identical bytes; ``--check`` fails where a file on disk differs.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat

ROOT = Path(__file__).resolve().parent.parent
FACT = "# NBVAL_CHECK_OUTPUT"
BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class LessonError(Exception):
    """A lesson's source breaks a rule; the message names the lesson and the rule."""


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson: its kind, its source lines, its tags."""

    kind: str
    source: str
    tags: tuple[str, ...]

    @property
    def is_fact(self) -> bool:
        """Whether the cell's output is part of the lesson."""
        return self.source.startswith(FACT)


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
    cells = tuple(
        Cell(c.cell_type, c.source.strip("\n"), tuple(c.metadata.get("tags", ())))
        for c in notebook.cells
    )
    return Lesson(path.stem, header["title"], header["room"], int(header["minutes"]), cells)


def parse(source: str) -> ast.Module:
    """Parse a cell's code, with ``await`` allowed as in a notebook."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    return compile(source, "<cell>", "exec", flags=flags)


def blank(source: str, where: str) -> str:
    """Return the source with every solution region replaced by a line that says it is not done."""
    lines, out, inside = source.splitlines(), [], False
    for line in lines:
        mark = line.strip()
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
    """Return a fact cell's code and the text it must print."""
    lines = source.splitlines()
    expected = [line[2:].removeprefix(" ") for line in lines if line.startswith("#>")]
    code = [line for line in lines if not line.startswith("#>")]
    if not expected:
        raise LessonError(f"{where}: a fact cell needs its text below it as '#> text'.")
    return "\n".join(code).rstrip(), "\n".join(expected) + "\n"


def solutions_of(lesson: Lesson) -> dict[str, str]:
    """Return the source of every function with a solution region, by function name."""
    found = {}
    for cell in lesson.cells:
        if cell.kind != "code" or BEGIN not in cell.source:
            continue
        text = filled(cell.source)
        functions = [n for n in parse(text).body if isinstance(n, ast.FunctionDef)]
        if len(functions) != 1:
            raise LessonError(f"{lesson.name}: a cell with a solution defines one function.")
        found[functions[0].name] = text
    return found


def totals_of(lesson: Lesson) -> dict[str, int]:
    """Count predictions, exercises and quiz questions of a lesson, without running anything."""
    predictions, exercises, quizzes = set(), set(), 0
    for cell in lesson.cells:
        if cell.kind != "code":
            continue
        for call in (n for n in ast.walk(parse(cell.source)) if isinstance(n, ast.Call)):
            name = ast.unparse(call.func)
            if name == "predict":
                predictions.add(ast.unparse(call.args[0]))
            elif re.fullmatch(r"exercises\.\w+\.check", name):
                exercises.add(name)
            elif name == "quiz":
                quizzes += 1
    return {
        "predictions": len(predictions),
        "exercises": len(exercises),
        "quiz": _questions_in(lesson.room) if quizzes else 0,
    }


def _questions_in(room: str) -> int:
    file = ROOT / "aml4d_utils" / room / "questions.py"
    calls = (n for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.Call))
    return sum(ast.unparse(call.func) == "QuizQuestion" for call in calls)


def notebook_of(lesson: Lesson, *, with_solutions: bool) -> nbformat.NotebookNode:
    """Build one variant of a lesson's notebook."""
    cells = []
    for position, cell in enumerate(lesson.cells):
        if "solution" in cell.tags and not with_solutions:
            continue
        cells.append(_notebook_cell(lesson, cell, position, with_solutions))
    metadata = {
        "kernelspec": KERNEL,
        "language_info": {"name": "python"},
        "aml4d": {"lesson": lesson.name, "solutions": with_solutions},
    }
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def _notebook_cell(
    lesson: Lesson, cell: Cell, position: int, with_solutions: bool
) -> nbformat.NotebookNode:
    where = f"{lesson.name}, cell {position}"
    name = f"{lesson.name.split('_')[0]}-{position:03d}"
    metadata = {"tags": list(cell.tags)} if cell.tags else {}
    if cell.kind == "markdown":
        return nbformat.v4.new_markdown_cell(cell.source, id=name, metadata=metadata)
    source, outputs = cell.source, []
    if cell.is_fact:
        source, text = split_fact(source, where)
        outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
    source = filled(source) if with_solutions else blank(source, where)
    # A cell with outputs counts as run: nbval would not compare them otherwise.
    count = 1 if outputs else None
    return nbformat.v4.new_code_cell(
        source, id=name, metadata=metadata, outputs=outputs, execution_count=count
    )


def build(root: Path = ROOT) -> dict[Path, str]:
    """Return the text of every generated file by path; nothing is written."""
    files: dict[Path, str] = {}
    overview: dict[str, dict] = {}
    solutions: dict[str, dict[str, str]] = {}
    for path in sorted((root / "lessons").glob("[0-9][0-9]_*.py")):
        lesson = read_lesson(path)
        for folder, with_solutions in (("notebooks", False), ("notebooks/solutions", True)):
            notebook = notebook_of(lesson, with_solutions=with_solutions)
            text = nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
            files[root / folder / f"{lesson.name}.ipynb"] = text
        solutions.setdefault(lesson.room, {}).update(solutions_of(lesson))
        overview[lesson.name] = {
            "title": lesson.title,
            "minutes": lesson.minutes,
            "totals": totals_of(lesson),
        }
    for room, found in solutions.items():
        files[root / "aml4d_utils" / room / "solutions.json"] = _json(found)
    files[root / "aml4d_utils" / "lesson" / "lessons.json"] = _json(overview)
    return files


def _json(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def drift(files: dict[Path, str], root: Path = ROOT) -> list[str]:
    """Return one line for each generated file that is missing, differs or has no lesson."""
    problems = [
        f"{path.relative_to(root)}: {'differs from its lesson' if path.exists() else 'is missing'}"
        for path, text in files.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in sorted((root / "notebooks").rglob("*.ipynb")):
        if path not in files and ".ipynb_checkpoints" not in path.parts:
            problems.append(f"{path.relative_to(root)}: has no lesson")
    return problems


def main(arguments: list[str] | None = None) -> int:
    """Build, or with ``--check`` say what differs."""
    parser = argparse.ArgumentParser(description="Write the notebooks from their lessons.")
    parser.add_argument("--check", action="store_true", help="fail where a file differs")
    options = parser.parse_args(arguments)
    try:
        files = build()
    except LessonError as error:
        print(error, file=sys.stderr)
        return 1
    if options.check:
        problems = drift(files)
        for problem in problems:
            print(problem)
        print(f"{len(files)} generated files, {len(problems)} differ.")
        return 1 if problems else 0
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    print(f"{len(files)} files written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
