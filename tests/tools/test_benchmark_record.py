"""What was measured is kept by name, and the README shows what RESULTS.md holds."""

import ast
import datetime
import importlib
import inspect
from pathlib import Path

import pytest

from benchmarks import record
from benchmarks.__main__ import NAMES, main
from benchmarks.measure import Row

ROOT = Path(__file__).resolve().parents[2]
DAY = datetime.date(2026, 11, 29)
DRAWN = Row("solids: one view at 224 px, solid", (9.0, 11.0, 31.0), "ms", 40)
SLOW = Row("instant style", (3.0, 2.0, 2.5), "s", 2.2, "p95")
README = "Before.\n<!-- measured -->\nold\n<!-- /measured -->\nAfter.\n"


def test_a_row_says_whether_its_target_is_reached():
    lines = record.table([DRAWN, SLOW]).splitlines()[2:]
    assert lines == [
        "| solids: one view at 224 px, solid | 11.00 | 29.00 | ms | 3 | median < 40: reached |",
        "| instant style | 2.50 | 2.95 | s | 3 | p95 < 2.2: **missed** |",
    ]
    assert record.table([Row("free", (1.0,), "s")]).endswith("| free | 1.00 | 1.00 | s | 1 |  |")


def test_only_what_was_measured_anew_is_replaced():
    first = record.merged("", {"solids": [DRAWN], "gallery": [SLOW]}, DAY)
    faster = Row(DRAWN.what, (5.0,), "ms", 40)
    second = record.merged(first, {"solids": [faster]}, DAY + datetime.timedelta(1))
    before, after = record.sections(first), record.sections(second)
    assert list(after) == ["gallery", "solids"]
    assert after["gallery"] == before["gallery"]
    assert "2026-11-29" in before["solids"] and "2026-11-30" in after["solids"]
    assert "| 5.00 |" in after["solids"] and "| 11.00 |" not in after["solids"]
    assert "`python3 course.py bench --keep solids`" in after["solids"]
    assert record.merged(second, {}, DAY) == second


def test_the_readme_shows_medians_and_the_notebooks_that_take_most():
    runs = [Row(f"notebook 0{i}_x: run all", (520.4 * i,), "s", 60) for i in (1, 3, 2)]
    text = record.merged("", {"solids": [DRAWN], "notebooks": runs, "gallery": [SLOW]}, DAY)
    shown = record.with_headlines(README, text)
    assert shown.startswith("Before.\n") and shown.endswith("\nAfter.\n") and "old" not in shown
    rows = shown.splitlines()[4:-2]
    assert rows == [
        "| a thing in 3-D, drawn at 224 × 224 pixels | 11 ms |",
        "| a photo in the style of a painting | 2.5 s |",
        "| the longest notebook, run from top to bottom | 1,561 s |",
    ]
    assert record.with_headlines(shown, text) == shown


def test_keeping_writes_both_files(tmp_path, monkeypatch):
    monkeypatch.setattr(record, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(record, "README", tmp_path / "README.md")
    record.README.write_text(README, "utf-8")
    record.keep({"solids": [DRAWN]})
    record.keep({"gallery": [SLOW]})
    assert set(record.sections(record.RESULTS.read_text("utf-8"))) == {"solids", "gallery"}
    assert "| 2.5 s |" in record.README.read_text("utf-8")


def test_the_machine_is_named():
    words = record.machine()
    assert "logical cores" in words and "GiB" in words and "torch" in words


def test_an_unknown_name_is_refused_before_anything_runs(capsys):
    assert main(["--keep", "nothing"]) == 2
    assert "'nothing'" in capsys.readouterr().out


# --- The measurements can run ------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_measurement_names_what_there_is(name):
    module = importlib.import_module(f"benchmarks.{name}")
    assert callable(module.rows)
    used = {
        (node.value.id, node.attr)
        for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    modules = {key: value for key, value in vars(module).items() if inspect.ismodule(value)}
    gone = [
        f"{one}.{two}" for one, two in used if one in modules and not hasattr(modules[one], two)
    ]
    assert not gone


# --- The files themselves ------------------------------------------------------------------------


def test_the_readme_agrees_with_the_results():
    text = (ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    assert record.with_headlines(readme, text) == readme
    assert set(record.sections(text)) <= set(NAMES)


@pytest.mark.parametrize("words", [*record.HEADLINES.values(), *record.NOTEBOOKS.values()])
def test_every_headline_has_been_measured(words):
    assert f"| {words} |" in (ROOT / "README.md").read_text("utf-8")
