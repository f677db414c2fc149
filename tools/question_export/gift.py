"""GIFT: plain text that Moodle and many others read; words stand for its missing pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from question_export.exported import COURSE, Exported


def write_gift(questions: Sequence[Exported], folder: Path) -> Path:
    """Write ``aml4d.gift.txt`` and return where it is."""
    parts, category = [], None
    for each in questions:
        if each.category != category:
            category = each.category
            place = _one_line(category).replace("/", "//")
            parts.append(f"$CATEGORY: $course$/top/{COURSE}/{place}")
        parts.append(_written(each))
    path = folder / f"{COURSE}.gift.txt"
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")
    return path


def escaped(words: str) -> str:
    r"""Return words on one line, with a backslash before what means something in GIFT.

    >>> escaped("a = {b}")
    'a \\= \\{b\\}'
    """
    return re.sub(r"([~=#{}:\\])", r"\\\1", _one_line(words))


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _written(each: Exported) -> str:
    question = each.question
    asked = question.question
    if question.picture is not None:
        asked += f" [Picture: {question.picture.words}]"
    lines = [f"::{escaped(each.name)}::[plain]{escaped(asked)} {{"]
    for answer in question.answers:
        mark = "=" if answer.right else "~"
        lines.append(f"\t{mark}{escaped(answer.words)}#{escaped(answer.why)}")
    return "\n".join([*lines, "}"])
