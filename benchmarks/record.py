"""Keep what was measured: tables in RESULTS.md, and its headline rows in the README."""

from __future__ import annotations

import datetime
import platform
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.measure import Row

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
README = ROOT / "README.md"

INTRODUCTION = """# Measured

Medians and 95th percentiles, from `n` repetitions, with the target where there is one. Each table
names its day, its machine and its command; `python3 course.py bench --keep` measures all anew,
with names after it only these.
"""
TITLE = "| what | median | 95 % stay below | unit | n | target |\n|---|---:|---:|---|---:|---|"

HEADLINES = {
    "solids: one view at 224 px, solid": "a thing in 3-D, drawn at 224 × 224 pixels",
    "a pose and both classifiers' answers": "drag it, and two networks answer",
    "drawing → activations, pointer to pixels": "a stroke on the pad reaches every neuron",
    "features of 300 cut-outs": "features of 300 pictures, once, for a network of your own",
    "instant style": "a photo in the style of a painting",
    "8 pictures, 20 steps, each step shown and judged": "eight pictures from a sentence",
}
"""Rows that the README shows, in its words."""
NOTEBOOKS = {
    "run all": "the longest notebook, run from top to bottom",
    "peak memory": "and the largest",
}
"""What the README says of the notebook that takes most."""
_START, _END = "<!-- measured -->", "<!-- /measured -->"


def machine() -> str:
    """Describe this machine and what runs on it, in one line."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{_processor()}, {psutil.cpu_count()} logical cores, {memory:.0f} GiB, "
        f"{platform.system()}, Python {platform.python_version()}, torch {version('torch')}"
    )


def _processor() -> str:
    try:
        known = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        known = None
    return known[1].strip() if known else platform.processor() or platform.machine()


def table(rows: Sequence[Row]) -> str:
    """Return rows as a Markdown table."""
    return "\n".join([TITLE, *map(_line, rows)])


def _line(row: Row) -> str:
    target = ""
    if row.target is not None:
        verdict = "reached" if getattr(row, row.by) < row.target else "**missed**"
        target = f"{row.by} < {row.target:g}: {verdict}"
    numbers = f"{row.median:.2f} | {row.p95:.2f} | {row.unit} | {len(row.values)}"
    return f"| {row.what} | {numbers} | {target} |"


def sections(text: str) -> dict[str, str]:
    """Split the text of RESULTS.md into its sections by name."""
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], map(str.strip, parts[1::2]), strict=True))


def merged(text: str, measured: Mapping[str, Sequence[Row]], day: datetime.date) -> str:
    """Return the text of RESULTS.md with the tables of what was measured replaced.

    Parameters
    ----------
    text : str
        As it was; may be empty.
    measured : mapping of str to sequence of Row
        By the name of the benchmark.
    day : date
    """
    kept = sections(text)
    for name, rows in measured.items():
        command = f"`python3 course.py bench --keep {name}`"
        kept[name] = f"{day.isoformat()} · {machine()} · {command}\n\n{table(rows)}"
    body = "\n\n".join(f"## {name}\n\n{kept[name]}" for name in sorted(kept))
    return f"{INTRODUCTION}\n{body}\n"


def headlines(text: str) -> str:
    """Return the README's lines for the rows in `HEADLINES` that the text of RESULTS.md holds."""
    found = re.findall(r"^\| (.+?) \| ([\d.]+) \| [\d.]+ \| (\S+) ", text, re.MULTILINE)
    medians = {what: (float(median), unit) for what, median, unit in found}
    shown = {words: medians[what] for what, words in HEADLINES.items() if what in medians}
    for ending, words in NOTEBOOKS.items():
        each = [medians[what] for what in medians if re.match(rf"notebook .*: {ending}$", what)]
        shown |= {words: max(each)} if each else {}
    lines = [f"| {words} | {_short(median)} {unit} |" for words, (median, unit) in shown.items()]
    return "\n".join(["| on two cores | median |", "|---|---:|", *lines])


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def with_headlines(readme: str, text: str) -> str:
    """Return the README with the headline rows of RESULTS.md between its two marks."""
    before, rest = readme.split(_START)
    return f"{before}{_START}\n{headlines(text)}\n{_END}{rest.split(_END)[1]}"


def keep(measured: Mapping[str, Sequence[Row]]) -> None:
    """Write what was measured into RESULTS.md, and its headline rows into the README."""
    old = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
    text = merged(old, measured, datetime.date.today())
    RESULTS.write_text(text, "utf-8")
    README.write_text(with_headlines(README.read_text("utf-8"), text), "utf-8")
