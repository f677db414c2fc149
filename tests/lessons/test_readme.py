"""The README's table: the one list that whoever adds a lesson edits by hand."""

import re

import pytest
from lesson_source import LESSONS, ROOT, read

ROW = re.compile(
    r"^\| \*\*(\d\d)\*\* \| \[\*\*(.+?)\*\*\]\((.+?)\) \| (.+?) \| (\d+) min \|$", re.MULTILINE
)
ROWS = {row[0]: row for row in ROW.findall((ROOT / "README.md").read_text("utf-8"))}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_a_row_that_agrees_with_its_header(lesson):
    number, source = lesson[:2], read(lesson)
    name = source.title[0].lower() + source.title[1:]
    assert number in ROWS, (
        f"README.md has no row for {lesson}. It reads: | **{number}** | [**{name}**]"
        f"(notebooks/{lesson}.ipynb) | what you do | {source.minutes} min |"
    )
    _, title, link, purpose, minutes = ROWS[number]
    assert title == name
    assert link == f"notebooks/{lesson}.ipynb" and (ROOT / link).is_file()
    assert int(minutes) == source.minutes
    assert purpose != "to come"


def test_the_rows_are_the_lessons():
    assert list(ROWS) == [lesson[:2] for lesson in LESSONS]
