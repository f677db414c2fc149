"""course.py update: a newer course comes, and no answer is lost on the way."""

import os
import shutil
import subprocess

import nbformat
import pytest

from course import CourseError, cells, copies, update

STUB = "def half(n):\n    raise NotImplementedError"
ANSWER = "def half(n):\n    return n / 2"
NAME = "notebooks/01_light.ipynb"

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


def git(folder, *words):
    who = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main")
    command = ["git", "-C", str(folder), *who, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def publish(folder, text):
    """Write a version of the lesson into a clone and commit it."""
    made = []
    for kind, source in (("markdown", text), ("code", STUB)):
        new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        made.append(
            new(source, id=f"01-{len(made)}", metadata={"aml4d": cells.mark_of(kind, source)})
        )
    notebook = nbformat.v4.new_notebook(cells=made, metadata={"aml4d": {"lesson": "01_light"}})
    (folder / "notebooks").mkdir(exist_ok=True)
    nbformat.write(notebook, folder / NAME)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", text)


def answer(path):
    """Write an answer into a notebook, run it and save it."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = ANSWER
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="done\n")]
    nbformat.write(notebook, path)


@pytest.fixture
def author(tmp_path):
    folder = tmp_path / "author"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / ".gitignore").write_text("my_lessons/\n")
    publish(folder, "First")
    return folder


@pytest.fixture
def student(author, tmp_path, monkeypatch):
    """A student's clone, on which the module works."""
    folder = tmp_path / "a student's Übung"
    git(tmp_path, "clone", "-q", str(author), str(folder))
    monkeypatch.setattr(update, "ROOT", folder)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    update.bring_lessons()
    return folder


def sources(path):
    return [cells.source_of(cell) for cell in cells.read(path)["cells"]]


def test_a_newer_course_comes_and_the_answer_stays(author, student, capsys):
    answer(student / "my_lessons" / "01_light.ipynb")
    publish(author, "Second")
    assert update.fetch_newer_course() == "The course has been updated."
    update.bring_lessons()
    assert sources(student / "my_lessons" / "01_light.ipynb") == ["Second", ANSWER]
    (old,) = (student / "my_lessons").glob("before_*_01_light.ipynb")
    assert sources(old) == ["First", ANSWER]
    assert "1 cell of yours is in it" in capsys.readouterr().out
    assert git(student, "status", "--porcelain") == ""
    assert update.fetch_newer_course() == "The course is up to date."


def test_an_answer_in_notebooks_does_not_stop_the_update(author, student, capsys):
    answer(student / NAME)
    publish(author, "Second")
    assert update.fetch_newer_course() == "The course has been updated."
    update.bring_lessons()
    assert sources(student / NAME) == ["Second", STUB]
    assert sources(student / "my_lessons" / "01_light.ipynb") == ["Second", ANSWER]
    assert f"What you wrote in {NAME} is now in" in capsys.readouterr().out


def test_an_answer_in_notebooks_of_this_version_is_simply_taken_over(author, student, capsys):
    answer(student / NAME)
    assert update.fetch_newer_course() == "The course is up to date."
    capsys.readouterr()
    update.bring_lessons()
    assert capsys.readouterr().out == ""
    assert sources(student / "my_lessons" / "01_light.ipynb") == ["First", ANSWER]
    assert len(list((student / "my_lessons").iterdir())) == 1
    publish(author, "Second")
    update.fetch_newer_course()
    update.bring_lessons()
    assert sources(student / "my_lessons" / "01_light.ipynb") == ["Second", ANSWER]


def test_a_notebook_that_was_only_run_does_not_stop_the_update(author, student):
    notebook = nbformat.read(student / NAME, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="done\n")]
    nbformat.write(notebook, student / NAME)
    publish(author, "Second")
    update.fetch_newer_course()
    assert sources(student / NAME) == ["Second", STUB]
    assert [file.name for file in (student / "my_lessons").glob("*")] == ["01_light.ipynb"]


def test_a_notebook_that_was_deleted_comes_back(author, student):
    (student / NAME).unlink()
    publish(author, "Second")
    update.fetch_newer_course()
    assert sources(student / NAME) == ["Second", STUB]


def test_without_a_network_nothing_is_lost(author, student):
    answer(student / NAME)
    author.rename(author.with_name("gone"))
    with pytest.raises(CourseError, match="could not be fetched.*git says"):
        update.fetch_newer_course()
    assert sources(student / "my_lessons" / "01_light.ipynb") == ["First", ANSWER]


def test_other_changes_are_named_and_kept(author, student):
    (student / ".gitignore").write_text("my_lessons/\nmine\n")
    (author / ".gitignore").write_text("my_lessons/\nothers\n")
    publish(author, "Second")
    with pytest.raises(CourseError, match=r"were changed here \(\.gitignore\).*git stash"):
        update.fetch_newer_course()
    assert (student / ".gitignore").read_text() == "my_lessons/\nmine\n"


def test_commits_of_ones_own_are_named_and_kept(author, student):
    publish(student, "Mine")
    publish(author, "Second")
    with pytest.raises(CourseError, match="cannot be moved on to the newest version"):
        update.fetch_newer_course()
    assert "Mine" in git(student, "log", "--oneline")


def test_a_git_that_runs_this_does_not_lead_elsewhere(author, student, monkeypatch):
    publish(author, "Second")
    monkeypatch.setenv("GIT_DIR", str(author / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(author))
    assert update.fetch_newer_course() == "The course has been updated."
    assert sources(student / NAME) == ["Second", STUB]


def test_a_download_is_told_how_to_be_updated(author, student):
    shutil.rmtree(student / ".git")
    said = update.fetch_newer_course()
    assert "download it again" in said and f"move your folder {copies.FOLDER}" in said


def test_a_clone_without_git_is_told_what_to_install(author, student, monkeypatch):
    monkeypatch.setattr(update.shutil, "which", lambda name: None)
    with pytest.raises(CourseError, match="git is not found: install it"):
        update.fetch_newer_course()
