"""The notebook builder, tried on small lessons in a folder of their own."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]

LESSON = """\
# ---
# jupyter:
#   aml4d:
#     title: Light
#     room: seeing
#     minutes: 45
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 · Light

# %%
from pathlib import Path

Path("trace.txt").write_text("this cell ran")

# %%
guess = predict("guess", "How many?")

# %%
# NBVAL_CHECK_OUTPUT
print(6 * 7)
print("done")
#> 42
#> done

# %%
def half(n):
    \"\"\"Return half of a number.\"\"\"
    # BEGIN SOLUTION
    secret = n / 2
    return secret
    # END SOLUTION


# %%
exercises.half.check(half)

# %% tags=["solution"]
half(84)

# %%
from aml4d_utils.lessons.seeing.questions import QUESTIONS

quiz(QUESTIONS)

# %%
last = await something
"""

OTHER = """\
# ---
# jupyter:
#   aml4d:
#     title: Shade
#     room: seeing
#     minutes: 30
# ---

# %%
def twice(n):
    # BEGIN SOLUTION
    return n * 2
    # END SOLUTION


# %%
exercises.twice.check(twice)
exercises.twice.check(twice)

# %%
from aml4d_utils.lessons.seeing.shade_questions import OTHERS as MORE

quiz(MORE)
"""

QUESTIONS = """\
QUESTIONS = (QuizQuestion("a", "?", (Answer("b"), Answer("c"))), QuizQuestion("d", "?", ()))
"""


@pytest.fixture
def course(tmp_path):
    """A course with one room and one lesson, and its builder as ``course.builder``."""
    return Course(tmp_path)


class Course:
    def __init__(self, root: Path):
        self.root = root
        package = ("aml4d_utils/checking", "aml4d_utils/lessons/seeing")
        for folder in ("lessons", "tools", "notebooks", *package):
            (root / folder).mkdir(parents=True)
        shutil.copy(ROOT / "tools" / "build_notebooks.py", root / "tools")
        self.write("aml4d_utils/lessons/seeing/questions.py", QUESTIONS)
        self.write("lessons/01_light.py", LESSON)
        spec = importlib.util.spec_from_file_location(
            "build_notebooks_copy", root / "tools" / "build_notebooks.py"
        )
        self.builder = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = self.builder
        spec.loader.exec_module(self.builder)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def change(self, find: str, put: str) -> None:
        """Replace a text in the lesson."""
        file = self.root / "lessons" / "01_light.py"
        text = file.read_text("utf-8")
        assert find in text
        file.write_text(text.replace(find, put), encoding="utf-8")

    def build(self) -> int:
        return self.builder.main([])

    def check(self) -> int:
        return self.builder.main(["--check"])

    def commit(self) -> None:
        """Put everything as it stands into git."""
        git = ["git", "-C", str(self.root), "-c", "user.name=A", "-c", "user.email=a@b.c"]
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "All", "--no-verify"]):
            subprocess.run([*git, *words], check=True)

    def save(self, path: str, answer: str = "") -> None:
        """Open a notebook, run it, write an answer into it, and save it as JupyterLab does."""
        notebook = self.notebook(path)
        for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
            cell.execution_count = 7
            cell.outputs = [nbformat.v4.new_output("stream", text="hello\n")]
            if answer and "def half" in cell.source:
                cell.source = answer
        notebook.metadata.language_info["version"] = "3.12.1"
        nbformat.write(notebook, self.root / path)

    def notebook(self, path: str = "notebooks/01_light.ipynb"):
        return nbformat.read(self.root / path, as_version=4)

    def json(self, path: str):
        return json.loads((self.root / path).read_text("utf-8"))

    def files(self) -> dict[str, bytes]:
        """Return every file that is generated, by its path below the root."""
        kinds = ("*.ipynb", "*.json")
        found = [file for kind in kinds for file in self.root.rglob(kind)]
        return {str(file.relative_to(self.root)): file.read_bytes() for file in found}


@pytest.fixture
def built(course):
    assert course.build() == 0
    return course


# --- What is built -----------------------------------------------------------------------------


def test_the_files(built):
    assert sorted(built.files()) == [
        "aml4d_utils/checking/cells.json",
        "aml4d_utils/checking/lessons.json",
        "aml4d_utils/lessons/seeing/solutions.json",
        "notebooks/01_light.ipynb",
        "notebooks/solutions/01_light.ipynb",
    ]


def test_building_twice_gives_identical_bytes(built):
    first = built.files()
    assert built.build() == 0
    assert built.files() == first
    assert all(b"\r" not in text and text.endswith(b"}\n") for text in first.values())


def test_nothing_is_executed(built, monkeypatch, tmp_path_factory):
    folder = tmp_path_factory.mktemp("here")
    monkeypatch.chdir(folder)
    built.build()
    assert list(folder.iterdir()) == []
    assert not list(built.root.rglob("trace.txt"))


def test_the_solution_is_blank_for_students_only(built):
    student, solved = (
        next(c.source for c in built.notebook(path).cells if "def half" in c.source)
        for path in ("notebooks/01_light.ipynb", "notebooks/solutions/01_light.ipynb")
    )
    head = 'def half(n):\n    """Return half of a number."""\n'
    assert student == (
        f"{head}    # Write your code here, then delete the next line.\n"
        "    raise NotImplementedError"
    )
    assert solved == f"{head}    secret = n / 2\n    return secret"
    assert built.json("aml4d_utils/lessons/seeing/solutions.json") == {"half": solved}


def test_no_solution_leaks_to_students(built):
    text = (built.root / "notebooks" / "01_light.ipynb").read_text("utf-8")
    for secret in ("secret", "half(84)", "SOLUTION"):
        assert secret not in text
    solved = built.notebook("notebooks/solutions/01_light.ipynb")
    assert any(cell.source == "half(84)" for cell in solved.cells)


def test_only_facts_have_outputs(built):
    for path in ("notebooks/01_light.ipynb", "notebooks/solutions/01_light.ipynb"):
        code = [cell for cell in built.notebook(path).cells if cell.cell_type == "code"]
        stored = {cell.source: cell.outputs for cell in code if cell.outputs}
        output = {"output_type": "stream", "name": "stdout", "text": "42\ndone\n"}
        assert stored == {'# NBVAL_CHECK_OUTPUT\nprint(6 * 7)\nprint("done")': [output]}
        assert all(cell.execution_count == (1 if cell.outputs else None) for cell in code)


def test_cell_ids_are_unique_and_stay(built):
    student, solved = (
        {cell.id: cell.source for cell in built.notebook(path).cells}
        for path in ("notebooks/01_light.ipynb", "notebooks/solutions/01_light.ipynb")
    )
    assert len(solved) == 9 and set(student) < set(solved)
    assert list(solved) == [f"01-{n:03d}" for n in range(9)]
    assert all(student[name] == solved[name] for name in student if "def half" not in solved[name])
    built.change("How many?", "How much?")
    built.build()
    assert [c.id for c in built.notebook("notebooks/solutions/01_light.ipynb").cells] == list(
        solved
    )


def test_notebooks_are_valid_and_name_their_lesson(built):
    for folder, solved in (("notebooks", False), ("notebooks/solutions", True)):
        notebook = built.notebook(f"{folder}/01_light.ipynb")
        nbformat.validate(notebook)
        assert notebook.metadata.aml4d == {"lesson": "01_light", "solutions": solved}
        assert notebook.metadata.kernelspec.name == "python3"


def test_totals_are_counted(built):
    assert built.json("aml4d_utils/checking/lessons.json") == {
        "01_light": {
            "title": "Light",
            "room": "seeing",
            "minutes": 45,
            "totals": {"predictions": 1, "exercises": 1, "quiz": 2},
        }
    }


NAMES = """
# %% [markdown]
# ## Later
#
# Words, and a # that is no heading.
#
# ### Last

# %%
import os.path as way, json.decoder
with open(way) as stream, stream as (head, [*tail]):
    for line.number, count in ((n := k) for k in tail):
        total[0] = [hidden for hidden in tail]

# %%
guess = half(lambda inner: inner)
class Kind:
    member = 1

# %% tags=["solution"]
unseen = 1
"""


def test_each_name_has_its_first_line_and_heading(course):
    course.write("lessons/01_light.py", LESSON + NAMES)
    assert course.build() == 0
    names = course.json("aml4d_utils/checking/cells.json")["01_light"]
    near_top = {"Path", "guess", "half", "QUESTIONS", "last"}
    below = {"way", "json", "stream", "head", "tail", "count", "n", "Kind"}
    assert set(names) == near_top | below
    assert {names[name]["heading"] for name in near_top} == {"01 · Light"}
    assert {names[name]["heading"] for name in below} == {"Last"}
    assert names["guess"]["line"] == 'guess = predict("guess", "How many?")'
    assert names["half"]["line"] == "def half(n):"
    assert names["Kind"]["line"] == "class Kind:"
    assert names["count"]["line"] == "with open(way) as stream, stream as (head, [*tail]):"


def test_two_lessons_share_a_room(course):
    course.write("lessons/02_shade.py", OTHER)
    course.write(
        "aml4d_utils/lessons/seeing/shade_questions.py", 'OTHERS = (QuizQuestion("e", "?", ()),)\n'
    )
    assert course.build() == 0
    assert sorted(course.json("aml4d_utils/lessons/seeing/solutions.json")) == ["half", "twice"]
    overview = course.json("aml4d_utils/checking/lessons.json")
    assert overview["01_light"]["totals"] == {"predictions": 1, "exercises": 1, "quiz": 2}
    assert overview["02_shade"]["totals"] == {"predictions": 0, "exercises": 1, "quiz": 1}


# --- Drift -------------------------------------------------------------------------------------


def test_check_is_content_with_what_was_built(built, capsys):
    assert built.check() == 0
    assert capsys.readouterr().out.endswith("5 generated files, 0 differ.\n")


@pytest.mark.parametrize(
    "path",
    [
        "aml4d_utils/checking/lessons.json",
        "aml4d_utils/lessons/seeing/solutions.json",
        "notebooks/01_light.ipynb",
        "notebooks/solutions/01_light.ipynb",
    ],
)
def test_check_finds_what_differs_or_is_missing(built, capsys, path):
    file = built.root / path
    file.write_text(file.read_text("utf-8") + " ", encoding="utf-8")
    built.commit()
    assert built.check() == 1
    assert f"{path}: differs from its lesson" in capsys.readouterr().out.replace("\\", "/")
    file.unlink()
    assert built.check() == 1
    assert f"{path}: is missing" in capsys.readouterr().out.replace("\\", "/")
    assert not file.exists()


def test_check_finds_a_changed_lesson(built, capsys):
    built.change("#> 42", "#> 43")
    before = built.files()
    assert built.check() == 1
    assert "2 differ" in capsys.readouterr().out
    assert built.files() == before


@pytest.mark.parametrize(
    "path",
    [
        "notebooks/03_gone.ipynb",
        "notebooks/solutions/03_gone.ipynb",
        "aml4d_utils/lessons/elsewhere/solutions.json",
    ],
)
def test_check_finds_what_has_no_lesson(built, capsys, path):
    built.write(path, "{}")
    assert built.check() == 1
    assert f"{path}: has no lesson" in capsys.readouterr().out.replace("\\", "/")


STUDENTS = "notebooks/01_light.ipynb"


@pytest.mark.parametrize("path", [STUDENTS, "notebooks/solutions/01_light.ipynb"])
@pytest.mark.parametrize("answer", ["", "def half(n):\n    return n * 0.5"])
@pytest.mark.parametrize("committed_before", [False, True])
def test_a_saved_notebook_is_no_fault_of_the_course(built, path, answer, committed_before):
    if committed_before:
        built.commit()
    built.save(path, answer)
    assert built.check() == 0


def test_a_notebook_with_a_cell_deleted_or_copied_is_no_fault(built):
    built.save(STUDENTS, "def half(n):\n    return n * 0.5")
    notebook = built.notebook()
    copied = nbformat.from_dict({**notebook.cells[1], "id": "another"})
    notebook.cells = [*notebook.cells[:4], *notebook.cells[5:], copied]
    nbformat.write(notebook, built.root / STUDENTS)
    assert built.check() == 0


def test_a_change_by_hand_that_is_committed_is_a_fault(built, capsys):
    built.save(STUDENTS, "def half(n):\n    return n * 0.5")
    built.commit()
    assert built.check() == 1
    assert "01_light.ipynb: differs from its lesson" in capsys.readouterr().out


def test_a_saved_notebook_of_an_older_lesson_is_a_fault(built):
    built.save(STUDENTS, "def half(n):\n    return n * 0.5")
    built.change("#> 42", "#> 43")
    assert built.check() == 1


# --- Answers -----------------------------------------------------------------------------------


def test_an_answer_is_kept_when_notebooks_are_written_anew(built, capsys):
    generated = (built.root / STUDENTS).read_bytes()
    built.save(STUDENTS, "def half(n):\n    return n * 0.5")
    assert built.build() == 0
    assert (built.root / STUDENTS).read_bytes() == generated
    kept = built.notebook("my_lessons/01_light.ipynb")
    assert any(cell.source == "def half(n):\n    return n * 0.5" for cell in kept.cells)
    said = capsys.readouterr().out.splitlines()
    assert said[-2] == f"What you wrote in {STUDENTS} is now in my_lessons/01_light.ipynb."


def test_a_second_answer_does_not_take_the_place_of_the_first(built):
    for answer in ("def half(n):\n    return n * 0.5", "def half(n):\n    return n / 2"):
        built.save(STUDENTS, answer)
        assert built.build() == 0
    (second,) = (built.root / "my_lessons").glob("from_notebooks_*_01_light.ipynb")
    assert "return n * 0.5" in (built.root / "my_lessons" / "01_light.ipynb").read_text("utf-8")
    assert "return n / 2" in second.read_text("utf-8")


def test_a_notebook_that_was_only_run_leaves_nothing_behind(built):
    generated = built.files()
    built.save(STUDENTS)
    assert built.build() == 0
    assert built.files() == generated


def test_an_older_version_leaves_nothing_behind(built):
    built.change("How many?", "How much?")
    assert built.build() == 0
    assert not (built.root / "my_lessons").exists()


def test_nothing_is_written_where_an_answer_cannot_be_kept(built, capsys):
    built.save(STUDENTS, "def half(n):\n    return n * 0.5")
    saved = built.files()
    (built.root / "my_lessons").write_text("a file is in the way")
    assert built.build() == 1
    assert "it cannot be written" in capsys.readouterr().err
    assert built.files() == saved


def test_notebooks_can_be_written_elsewhere(built, tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere")
    built.save(STUDENTS, "def half(n):\n    return n * 0.5")
    saved = built.files()
    assert built.builder.main(["--into", str(folder)]) == 0
    assert built.files() == saved
    assert "raise NotImplementedError" in (folder / STUDENTS).read_text("utf-8")


def test_check_overlooks_what_jupyter_keeps(built):
    folder = built.root / "notebooks" / ".ipynb_checkpoints"
    folder.mkdir()
    shutil.copy(built.root / "notebooks" / "01_light.ipynb", folder / "01_light-checkpoint.ipynb")
    assert built.check() == 0


def test_check_overlooks_notebooks_of_the_readers_own(built):
    built.write("notebooks/Untitled.ipynb", "{}")
    built.write("notebooks/01_light-Copy1.ipynb", "{}")
    assert built.check() == 0


# --- Regions and facts -------------------------------------------------------------------------


def test_blank_keeps_what_stands_around(course):
    source = textwrap.dedent("""
        def f(n):
            a = 1
            if n:
                # BEGIN SOLUTION
                a = 2
                # END SOLUTION
            # BEGIN SOLUTION
            a += 1
            # END SOLUTION
            return a""")
    assert course.builder.blank(source, "here") == textwrap.dedent("""
        def f(n):
            a = 1
            if n:
                # Write your code here, then delete the next line.
                raise NotImplementedError
            # Write your code here, then delete the next line.
            raise NotImplementedError
            return a""")
    assert "SOLUTION" not in course.builder.filled(source)
    assert course.builder.filled(source).count("\n") == source.count("\n") - 4


@pytest.mark.parametrize(
    ("find", "put", "message"),
    [
        ("    # END SOLUTION\n", "", "01_light, cell 4: # BEGIN SOLUTION without # END SOLUTION."),
        (
            "    # BEGIN SOLUTION\n",
            "",
            "01_light, cell 4: # END SOLUTION without # BEGIN SOLUTION.",
        ),
        (
            "    secret",
            "    # BEGIN SOLUTION\n    secret",
            "01_light, cell 4: # BEGIN SOLUTION twice without # END SOLUTION.",
        ),
        ("    # BEGIN", "# BEGIN", "01_light, cell 4: a solution region stands inside a function."),
        ("# BEGIN SOLUTION", "# Begin solution", "exactly so, not '# Begin solution'"),
        ("# BEGIN SOLUTION", "### BEGIN-SOLUTION", "exactly so"),
        (
            "def half(n):",
            "if True:",
            "01_light, cell 4: a cell with a solution defines one function",
        ),
        (
            "    # END SOLUTION",
            "    # END SOLUTION\n\ndef third(n):\n    return 0",
            "defines one function",
        ),
        (
            "# %%\nexercises",
            "# %%\ndef half():\n    # BEGIN SOLUTION\n    0\n    # END SOLUTION\n\n# %%\nexercises",
            "01_light, cell 5: there is a solution of half already.",
        ),
        ("#> 42\n#> done\n", "", "01_light, cell 3: a fact cell needs its text below it"),
        ("# NBVAL_CHECK_OUTPUT\n", "", "01_light, cell 3: a cell with a fact begins with"),
        ("# NBVAL_CHECK_OUTPUT\n", "a = 1\n# NBVAL_CHECK_OUTPUT\n", "begins with"),
        ("print(6 * 7)", "# NBVAL_CHECK_OUTPUT\nprint(6 * 7)", "begins with"),
        ("#> done\n", "#> done\nprint(8)\n", "01_light, cell 3: nothing may follow"),
        ("print(6 * 7)", "print(6 * )", "01_light, cell 3: line 2 is not Python"),
        ("print(6 * 7)", "%run other", "01_light, cell 3: line 2 is not Python"),
        ("#     minutes: 45\n", "", "01_light.py: the header lacks minutes."),
        ("minutes: 45", "minutes: long", "01_light.py: minutes is a whole number, not 'long'."),
        ("room: seeing", "room: nowhere", "there is no folder aml4d_utils/lessons/nowhere"),
        ("quiz(QUESTIONS)", "quiz([])", "quiz needs questions that the lesson imports, not []."),
        ("import QUESTIONS\n", "import OTHERS as QUESTIONS\n", "no questions called OTHERS"),
        ("seeing.questions", "seeing.riddles", "riddles.py has no questions called QUESTIONS"),
    ],
)
def test_a_malformed_lesson_is_named_and_nothing_written(course, capsys, find, put, message):
    course.change(find, put)
    assert course.build() == 1
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
    assert course.files() == {}
    assert course.check() == 1


def test_two_lessons_of_a_room_may_not_solve_the_same_function(course, capsys):
    course.write("lessons/02_shade.py", LESSON)
    assert course.build() == 1
    assert "02_shade.py: another lesson of the room seeing solves half" in capsys.readouterr().err


def test_a_lesson_has_a_number(course, capsys):
    course.write("lessons/shade.py", OTHER)
    assert course.build() == 1
    assert "shade.py: a lesson is called NN_topic.py." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("below", "text"),
    [("#> 42", "42\n"), ("#> a\n#>\n#>  b", "a\n\n b\n"), ("#>42", "42\n"), ("\n#> 42", "42\n")],
)
def test_the_text_of_a_fact(course, below, text):
    source = f"# NBVAL_CHECK_OUTPUT\nprint(1)\n{below}"
    assert course.builder.split_fact(source, "here") == ("# NBVAL_CHECK_OUTPUT\nprint(1)", text)


def test_a_cell_without_a_fact_stays(course):
    source = "print('#> 42')  # no fact"
    assert course.builder.split_fact(source, "here") == (source, "")


# --- The lessons of the course -----------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((ROOT / "lessons").glob("*.py")), ids=lambda p: p.stem)
def test_no_line_of_a_solution_reaches_the_students(course, path):
    builder = course.builder
    lesson = builder.read_lesson(path)
    student = builder.notebook_of(lesson, with_solutions=False)
    cells = {cell.id: set(cell.source.splitlines()) for cell in student.cells}
    for position, cell in enumerate(lesson.cells):
        regions = re.findall(r"# BEGIN SOLUTION\n(.*?)\n *# END SOLUTION", cell.source, re.DOTALL)
        secret = {line for region in regions for line in region.splitlines() if line.strip()}
        assert not secret & cells.get(f"{path.stem[:2]}-{position:03d}", set())
