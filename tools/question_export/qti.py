"""QTI 1.2 for Canvas and others, by text2qti: from its plain text to a zip with the pictures."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from question_export.exported import COURSE, Exported, ExportError

_MEANING = re.compile(r"[!-+\-./:;<=>@\[\\\]^_`{|}~]")


def write_qti(questions: Sequence[Exported], folder: Path) -> Path:
    """Write ``aml4d.zip`` and return where it is.

    Raises
    ------
    ExportError
        If text2qti is not installed.
    """
    try:
        from text2qti.config import Config
        from text2qti.qti import QTI
        from text2qti.quiz import Quiz
    except ImportError:
        raise ExportError(
            "QTI needs text2qti, which is not installed. Install it beside the course with  "
            'pip install "text2qti>=0.8,<0.9"  or export to moodle or gift.'
        ) from None
    path = folder.resolve() / f"{COURSE}.zip"
    with tempfile.TemporaryDirectory() as pictures:
        for each in questions:
            if each.png:
                Path(pictures, each.file_name).write_bytes(each.png)
        before = Path.cwd()
        os.chdir(pictures)  # text2qti looks for pictures from where it runs
        try:
            QTI(Quiz(as_text(questions), config=Config(), source_name=COURSE)).save(path)
        finally:
            os.chdir(before)
    return path


def as_text(questions: Sequence[Exported]) -> str:
    """Return questions in the plain text that text2qti reads; options keep their order."""
    parts = [f"Quiz title: {COURSE}", "shuffle answers: false", "show correct answers: false"]
    for each in questions:
        parts.append(_written(each))
    return "\n".join(parts) + "\n"


def escaped(words: str) -> str:
    """Return words on one line, what means something in Markdown by its number.

    >>> escaped("2 * 3 is 6: yes")
    '2 &#42; 3 is 6&#58; yes'
    """
    return _MEANING.sub(lambda found: f"&#{ord(found[0])};", " ".join(words.split()))


def _written(each: Exported) -> str:
    question = each.question
    lines = ["", f"Title: {each.name}", "Points: 1", f"1.  {escaped(question.question)}"]
    if question.picture is not None:
        lines += ["", f"    ![{escaped(question.picture.words)}]({each.file_name})", ""]
    for letter, answer in zip("abcdefghij", question.answers, strict=False):
        mark = "*" if answer.right else ""
        lines += [f"{mark}{letter})  {escaped(answer.words)}", f"... {escaped(answer.why)}"]
    return "\n".join(lines)
