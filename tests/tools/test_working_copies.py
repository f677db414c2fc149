"""Students' copies of the lessons: made, renewed, and never a word of theirs lost."""

import copy
import json
import os

import nbformat
import pytest

from course import CourseError, cells, copies
from course.carrying import carry, is_touched

LESSON = "07_light.ipynb"
STUB = 'def half(n):\n    """Return half of n."""\n    raise NotImplementedError'
ANSWER = 'def half(n):\n    """Return half of n."""\n    return n / 2'
FIRST = (
    ("markdown", "# Light\n\nHow bright is it?"),
    ("code", "import light"),
    ("code", "light.explorer()"),
    ("markdown", "## Exercises\n\nWrite a function that returns half of a number."),
    ("code", STUB),
    ("code", "exercises.half.check(half)"),
    ("markdown", "## Recap"),
)


def generated(parts=FIRST):
    """Return a notebook as the builder writes it; parts may be tuples of kind and source."""
    made = []
    for position, (kind, source) in enumerate(parts):
        new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        metadata = {"aml4d": cells.mark_of(kind, source)}
        made.append(new(source, id=f"07-{position:03d}", metadata=metadata))
    metadata = {
        "aml4d": {"lesson": "07_light", "solutions": False},
        "language_info": {"name": "python"},
    }
    notebook = nbformat.v4.new_notebook(cells=made, metadata=metadata)
    return cells.parse(nbformat.writes(notebook))


def without(parts, position):
    return parts[:position] + parts[position + 1 :]


def changed(parts, position, source):
    return (*parts[:position], (parts[position][0], source), *parts[position + 1 :])


class Student:
    """A course with one lesson, and the copy that a student works on."""

    def __init__(self, root):
        self.root = root
        self.path = root / "my_lessons" / LESSON

    def publish(self, parts=FIRST, folder="notebooks"):
        """Write a version of the lesson and bring the copies up to it; return what is said."""
        cells.write(self.root / folder / LESSON, generated(parts))
        return copies.refresh(self.root)

    def notebook(self):
        return cells.read(self.path)

    def sources(self):
        return [cells.source_of(cell) for cell in self.notebook()["cells"]]

    def save(self, change):
        """Change the cells of the copy and save it as JupyterLab does, outputs and all."""
        notebook = nbformat.read(self.path, as_version=4)
        change(notebook.cells)
        for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
            cell.execution_count = 3
            cell.outputs = [nbformat.v4.new_output("stream", text="some output\n")]
        notebook.metadata.language_info = {"name": "python", "version": "3.12.1"}
        nbformat.write(notebook, self.path)

    def write(self, position, source):
        self.save(lambda found: found[position].update(source=source))

    def add(self, position, kind, source, **more):
        new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        self.save(lambda found: found.insert(position, new(source, **more)))

    def others(self):
        """Return the other notebooks beside the copy."""
        return sorted(p for p in self.path.parent.glob("*.ipynb") if p != self.path)


@pytest.fixture
def student(tmp_path):
    made = Student(tmp_path)
    assert made.publish() == []
    return made


# --- Made and renewed ----------------------------------------------------------------------------


def test_a_copy_is_made_once_and_then_left_alone(student):
    assert student.sources() == [source for _, source in FIRST]
    nbformat.validate(nbformat.read(student.path, as_version=4))
    before = student.path.read_bytes()
    os.utime(student.path, (1, 1))
    assert copies.refresh(student.root) == []
    assert student.path.read_bytes() == before and student.path.stat().st_mtime == 1


def test_solutions_have_copies_too(student):
    student.publish(folder="notebooks/solutions")
    assert (student.root / "my_lessons" / "solutions" / LESSON).is_file()


def test_an_answer_stays_while_the_lesson_does(student):
    student.write(4, ANSWER)
    before = student.path.read_bytes()
    assert student.publish() == []
    assert student.path.read_bytes() == before and not student.others()


@pytest.mark.parametrize("empty_cell", [False, True])
def test_a_copy_that_was_only_run_is_replaced(student, empty_cell):
    student.save(lambda found: None)
    if empty_cell:  # JupyterLab adds one when the last cell is run
        student.add(len(FIRST), "code", "")
    assert student.publish(changed(FIRST, 0, "# Light\n\nHow bright is it really?")) == []
    assert student.sources()[0] == "# Light\n\nHow bright is it really?"
    assert len(student.sources()) == len(FIRST) and not student.others()
    assert not any(cell.get("outputs") for cell in student.notebook()["cells"])


NEWER = {
    "reworded": changed(FIRST, 0, "# Light\n\nHow bright is it really?"),
    "a cell more above": (FIRST[0], ("markdown", "Something new."), *FIRST[1:]),
    "a cell less above": without(FIRST, 2),
    "all cells around changed": (
        ("markdown", "Wholly new"),
        ("code", "from aml4d_utils import light as lamp"),
        ("code", STUB),
        ("markdown", "And an end"),
    ),
    "moved": (FIRST[4], *FIRST[:4], *FIRST[5:]),
}


@pytest.mark.parametrize("newer", NEWER.values(), ids=NEWER)
def test_an_answer_is_carried_into_a_newer_lesson(student, newer):
    student.write(4, ANSWER)
    old = student.path.read_bytes()
    (said,) = student.publish(newer)
    expected = [ANSWER if source == STUB else source for _, source in newer]
    assert student.sources() == expected
    (kept,) = student.others()
    assert kept.read_bytes() == old and kept.name.startswith("before_20")
    assert "1 cell of yours is in it" in said and kept.name in said
    # It is now a copy of the newer lesson, and nothing more happens to it.
    assert student.publish(newer) == [] and student.others() == [kept]
    nbformat.validate(nbformat.read(student.path, as_version=4))
    ids = [cell["id"] for cell in student.notebook()["cells"]]
    assert ids == [f"07-{n:03d}" for n in range(len(newer))]


def test_a_changed_cell_is_found_where_the_lesson_has_moved_it(student):
    student.write(3, "## Exercises\n\nMine: " + "x" * 500)
    student.publish((FIRST[3], *FIRST[:3], *FIRST[4:]))
    assert student.sources()[0].startswith("## Exercises\n\nMine: x")
    assert len(student.sources()) == len(FIRST)


def test_an_answer_is_carried_twice(student):
    student.write(4, ANSWER)
    student.publish(NEWER["reworded"])
    student.publish(NEWER["a cell more above"])
    assert student.sources() == [
        ANSWER if source == STUB else source for _, source in NEWER["a cell more above"]
    ]
    assert len(student.others()) == 2


def test_an_answer_stays_where_the_task_is_worded_anew(student):
    student.write(4, ANSWER)
    student.publish(changed(FIRST, 4, STUB.replace("half of n", "the half of a number")))
    assert student.sources()[4] == ANSWER and len(student.sources()) == len(FIRST)


def test_a_task_with_other_arguments_stands_above_the_answer(student):
    student.write(4, ANSWER)
    newer = STUB.replace("half(n)", "half(n, times)")
    student.publish(changed(FIRST, 4, newer))
    assert student.sources()[4] == newer
    kept = student.notebook()["cells"][5]
    assert kept["cell_type"] == "markdown" and f"```python\n{ANSWER}\n```" in kept["source"]
    assert student.sources()[6] == "exercises.half.check(half)"


def test_an_answer_to_a_task_that_is_gone_is_kept_as_text(student):
    student.write(4, ANSWER)
    student.publish(without(without(FIRST, 4), 4))
    kept = student.notebook()["cells"][4]
    assert kept["cell_type"] == "markdown" and ANSWER in kept["source"]
    assert "no longer has this cell" in kept["source"]


def test_code_that_a_lesson_no_longer_has_is_not_run(student):
    student.write(1, "import light\nlight.LEVEL = 3")
    student.publish(changed(FIRST, 1, "import shade as light"))
    code = [cells.source_of(c) for c in student.notebook()["cells"] if c["cell_type"] == "code"]
    assert code[0] == "import shade as light" and "light.LEVEL = 3" not in "".join(code)
    assert "light.LEVEL = 3" in "".join(student.sources())


def test_notes_and_trials_stay_where_they_were_put(student):
    picture = {"a.png": {"image/png": "aGVsbG8="}}
    student.add(0, "markdown", "My name")
    student.add(3, "markdown", "![a](attachment:a.png)", attachments=picture)
    student.add(4, "code", "light.explorer().set(level=3)")
    student.publish(NEWER["a cell more above"])
    sources = student.sources()
    assert sources[0] == "My name"
    assert sources[sources.index("import light") + 1].startswith("![a]")
    assert sources[sources.index("import light") + 2] == "light.explorer().set(level=3)"
    (noted,) = [cell for cell in student.notebook()["cells"] if "attachments" in cell]
    assert noted["attachments"] == picture
    nbformat.validate(nbformat.read(student.path, as_version=4))


def test_a_cell_split_in_two_loses_neither_half(student):
    def split(found):
        second = copy.deepcopy(found[4])
        found[4].source, second.source = ANSWER, "half(3)"
        second.id = "split"
        found.insert(5, second)

    student.save(split)
    student.publish(NEWER["reworded"])
    text = "\n".join(student.sources())
    assert ANSWER in text and "half(3)" in text


def test_deleting_and_moving_cells_counts_as_work(student):
    student.save(lambda found: found.pop(2))
    student.publish(NEWER["reworded"])
    assert student.sources() == [source for _, source in NEWER["reworded"]]
    assert len(student.others()) == 1


def test_a_student_may_turn_code_into_text(student):
    student.save(lambda found: found.__setitem__(2, nbformat.v4.new_markdown_cell("My text")))
    student.publish(NEWER["reworded"])
    assert "My text" in student.sources()


# --- Trouble -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"cells": 3}', '{"cells": [{"cell_type": "code"}]}', "\0" * 40]
)
def test_a_damaged_copy_is_kept_and_made_anew(student, text):
    student.path.write_text(text)
    (said,) = copies.refresh(student.root)
    (kept,) = student.others()
    assert kept.read_text() == text and kept.name.startswith("unreadable_20") and kept.name in said
    assert student.sources() == [source for _, source in FIRST]


def test_a_file_that_is_no_copy_is_kept(student):
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("my_own = 1")])
    nbformat.write(other, student.path)
    old = student.path.read_bytes()
    copies.refresh(student.root)
    assert [kept.read_bytes() for kept in student.others()] == [old]
    assert student.sources() == [source for _, source in FIRST]


def test_names_that_are_taken_are_never_used_again(student):
    for number in range(3):
        student.write(4, f"{ANSWER}  # {number}")
        student.publish(changed(FIRST, 0, f"# Version {number}"))
    kept = [path.read_text("utf-8") for path in student.others()]
    assert [any(f"# {number}" in text for text in kept) for number in range(3)] == [True] * 3
    assert len(kept) == 3


def test_a_crash_in_mid_write_leaves_the_old_copy(student, monkeypatch):
    student.write(4, ANSWER)
    old = student.path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cells.os, "replace", full)
    with pytest.raises(CourseError, match="No space left on device.*make room"):
        student_publish_without_writing(student)
    assert student.path.read_bytes() == old
    assert not list(student.path.parent.glob(".*.tmp"))


def student_publish_without_writing(student):
    newer = generated(NEWER["reworded"])
    (student.root / "notebooks" / LESSON).write_text(json.dumps(newer))
    copies.refresh(student.root)


def test_a_folder_that_cannot_be_written_gets_one_sentence(tmp_path):
    cells.write(tmp_path / "notebooks" / LESSON, generated())
    (tmp_path / "my_lessons").write_text("in the way")
    with pytest.raises(CourseError) as caught:
        copies.refresh(tmp_path)
    assert "copy the course into a folder of your own" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_carried_changes_neither_notebook():
    mine, new = generated(), generated(NEWER["a cell more above"])
    mine["cells"][4]["source"] = ANSWER
    before = copy.deepcopy((mine, new))
    carried, number = carry(mine, new)
    assert number == 1 and (mine, new) == before
    assert carried["cells"][5]["source"] == ANSWER


def test_signs_of_use():
    assert cells.is_unused(generated())
    for sign in ("run", "opened", "written"):
        used = generated()
        if sign == "run":
            used["cells"][2]["outputs"] = [{"output_type": "stream", "text": "x"}]
        elif sign == "opened":
            used["metadata"]["language_info"]["version"] = "3.12.1"
        else:
            used["cells"][4]["source"] = ANSWER
        assert not cells.is_unused(used), sign
        assert cells.is_unwritten(used) == (sign != "written")


def test_a_copy_of_unknown_version_counts_as_touched(student):
    assert not is_touched(student.notebook())
    assert is_touched(copies.working_copy(student.notebook(), ""))
