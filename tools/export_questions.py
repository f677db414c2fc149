"""Write the question bank for a learning platform, with a teacher's own questions if there are any.

    python course.py questions --export moodle FOLDER
    python course.py questions --export qti FOLDER --own my_questions.py --only-own
    python course.py questions --coverage

Everybody can read the course's questions and their solutions. An exam needs questions of your own:
a Python file in the form of ``aml4d_utils/lessons/convolution/questions.py``, kept outside the
course.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from aml4d_utils.lessons import question_bank
from question_export.coverage import coverage_table
from question_export.exported import Exported, ExportError, from_bank
from question_export.gift import write_gift
from question_export.moodle_xml import write_moodle
from question_export.own_questions import read_own_questions
from question_export.qti import write_qti

WRITERS = {"moodle": write_moodle, "qti": write_qti, "gift": write_gift}


def main(arguments: list[str] | None = None) -> int:
    """Export, or print the coverage; return the exit status."""
    parser = argparse.ArgumentParser(description="Write the question bank for a learning platform.")
    parser.add_argument("--export", nargs=2, metavar=("FORMAT", "FOLDER"))
    parser.add_argument("--own", type=Path)
    parser.add_argument("--only-own", action="store_true")
    parser.add_argument("--coverage", action="store_true")
    options = parser.parse_args(arguments)
    if options.coverage:
        print(coverage_table())
        return 0
    try:
        if options.export is None:
            raise ExportError("Say what to do: --export moodle|qti|gift FOLDER, or --coverage.")
        print(export(*options.export, options.own, options.only_own))
    except ExportError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def export(form: str, folder: str, own: Path | None, only_own: bool) -> str:
    """Write the questions in one form into a folder; return a sentence that says what was written.

    Raises
    ------
    ExportError
        If anything is not as it should be; nothing is written then.
    """
    if form not in WRITERS:
        raise ExportError(f"There is no form {form!r}. Choose one of: {', '.join(WRITERS)}.")
    if only_own and own is None:
        raise ExportError("--only-own needs --own FILE with your questions.")
    questions: list[Exported] = [] if only_own else from_bank(question_bank.all_questions())
    public = len(questions)
    if own is not None:
        questions += read_own_questions(own)
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        path = WRITERS[form](questions, target)
    except OSError as error:
        raise ExportError(f"{target} cannot be written to: {error.strerror}.") from None
    warning = (
        f" Everybody can read the answers to the {public} of the course: for an exam use your own."
        if public
        else ""
    )
    return f"{len(questions)} questions written to {path}.{warning}"


if __name__ == "__main__":
    sys.exit(main())
