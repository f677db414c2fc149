"""A wrong fact turns the notebook run red: what runs is compared with what the author wrote."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree

import pytest
from lesson_source import LESSONS, ROOT, builder, read

FACTS = {
    "pixels": ("print(1024 * 768)", "786432"),
    "silent": (
        "for n in (1, 2):\n    print(n, n / 3)",
        "1 0.3333333333333333\n2 0.6666666666666666",
    ),
    "blank line": ("print('a\\n\\nb')", "a\n\nb"),
    "address": ("print(f'at {id(object()):#018x}')", "at 0x00007f0000000000"),
    "last": ("print(32 * 32)", "1024"),
}
CORRUPTIONS = (
    ("pixels", "786432", "786431"),  # a wrong fact
    ("silent", "    print(n, n / 3)", "    n / 3"),  # code that prints nothing
    ("blank line", "a\\n\\nb", "a\\nb"),  # code that prints something else
)


def notebook() -> str:
    """Return a notebook with all facts, built as lessons are."""
    cells = [builder.Cell("code", "unchecked = 'no fact'\nunchecked", ())]
    for code, text in FACTS.values():
        below = "\n".join(f"#> {line}".rstrip() for line in text.splitlines())
        cells.append(builder.Cell("code", f"{builder.FACT}\n{code}\n{below}", ()))
    lesson = builder.Lesson("98_facts", "Facts", "nowhere", 1, tuple(cells))
    built = builder.notebook_of(lesson, with_solutions=False)
    return builder.nbformat.writes(built)


def corrupted(text: str) -> str:
    """Return the notebook with three facts no longer true."""
    written = builder.nbformat.reads(text, as_version=4)
    for cell, name in zip(written.cells[1:], FACTS, strict=True):
        for changed, find, put in CORRUPTIONS:
            if changed == name and find in cell.source:
                cell.source = cell.source.replace(find, put)
            elif changed == name:
                cell.outputs[0].text = cell.outputs[0].text.replace(find, put)
    return builder.nbformat.writes(written)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Run both notebooks as `course.py test` does; return what came of each cell by file."""
    folder = tmp_path_factory.mktemp("facts")
    folder.joinpath("pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    folder.joinpath("right.ipynb").write_text(notebook(), encoding="utf-8")
    folder.joinpath("wrong.ipynb").write_text(corrupted(notebook()), encoding="utf-8")
    report = folder / "report.xml"
    options = ["--nbval-lax", "--nbval-cell-timeout=60", "-p", "no:cacheprovider"]
    options += ["--nbval-sanitize-with", str(ROOT / "tests" / "nbval_sanitise.cfg")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--junitxml={report}", "."],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")},
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, list[bool]] = {"right": [], "wrong": []}
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        name = re.search(r"right|wrong", case.get("classname") + case.get("name"))[0]
        found[name].append(case.find("failure") is None)
    return found


def test_right_facts_are_green(outcomes):
    assert outcomes["right"] == [True] * (1 + len(FACTS))


def test_each_wrong_fact_is_red(outcomes):
    wrong = {name for name, _, _ in CORRUPTIONS}
    assert outcomes["wrong"] == [True] + [name not in wrong for name in FACTS]


@pytest.mark.parametrize("with_solutions", [False, True])
@pytest.mark.parametrize("lesson", LESSONS)
def test_only_facts_are_stored_in_the_notebooks(lesson, with_solutions):
    written = builder.notebook_of(read(lesson), with_solutions=with_solutions)
    stored = {
        cell.source.rstrip(): "".join(output.text for output in cell.outputs)
        for cell in written.cells
        if cell.cell_type == "code" and (cell.outputs or builder.FACT in cell.source)
    }
    facts = [builder.split_fact(c.source, "") for c in read(lesson).cells if c.kind == "code"]
    assert stored == {code: text for code, text in facts if text}
    assert stored
