"""Cells run out of order, in a real kernel: the page says which cell to run first."""

import ast
import builtins
import dis
import os
import sys
from pathlib import Path

import pytest
from kernel_starts import start_kernel

from aml4d_utils.checking.cells import run_first
from aml4d_utils.checking.progress import lessons

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import build_notebooks  # noqa: E402

LESSON = "00_start_here"
PHOTO = "photo = images.fit(images.own_photo(), 100)"


class Page:
    """A kernel that starts as JupyterLab starts one for a notebook of this name."""

    def __init__(self, folder: Path, notebook: str):
        profile = folder / "profile_default"
        profile.mkdir(parents=True)
        config = ROOT / "aml4d_utils" / "kernel_config.json"
        (profile / "ipython_kernel_config.json").write_text(config.read_text("utf-8"), "utf-8")
        env = {**os.environ, "IPYTHONDIR": str(folder), "JPY_SESSION_NAME": notebook}
        self.manager, self.client = start_kernel(kernel_name="python3", env=env)

    def run(self, code: str) -> tuple[str, str]:
        """Run a cell; return the error's name and what the page shows of it."""
        shown = []

        def keep(message: dict) -> None:
            if message["msg_type"] == "error":
                lines = message["content"]["traceback"]
                shown.append(" ".join(lines))

        reply = self.client.execute_interactive(code, output_hook=keep, timeout=60)["content"]
        assert len(shown) == (reply["status"] == "error")
        return reply.get("ename", ""), "".join(shown)

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    page = Page(tmp_path_factory.mktemp("ipython"), f"/home/ann/my work/{LESSON}-Copy1.ipynb")
    yield page
    page.close()


def test_before_the_first_cell_ran(page):
    name, shown = page.run("choose_photo()")
    assert name == "NameError"
    first = "from aml4d_utils.notebook import choose_photo, predict, quiz, show_progress, start"
    assert shown.startswith("“choose_photo” is not there yet")
    assert f"Under “00 · Start here”, run the cell with the line “{first}”." in shown
    assert "Run All Above Selected Cell" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("code", ["photo.size", "def half():\n    return photo / 2\n\nhalf()"])
def test_a_name_of_a_cell_that_has_not_run(page, code):
    name, shown = page.run(code)
    assert name == "NameError"
    assert f"Under “Predict, run, explain”, run the cell with the line “{PHOTO}”." in shown


def test_awaited_in_a_cell(page):
    assert PHOTO in page.run("import asyncio\nawait asyncio.sleep(photo)")[1]


@pytest.mark.parametrize(
    "code",
    [
        "foto.size",  # No cell makes it.
        "def f():\n    photo += 1\n\nf()",  # The function's own name.
        "del photo_of_mine",
        "exec('photo', {})",  # Not the notebook's own code.
        "import json\njson.dumps.__globals__.pop('photo', 0)\nexec('photo', json.__dict__)",
    ],
)
def test_any_other_error_is_shown_as_always(page, code):
    name, shown = page.run(code)
    assert name in ("NameError", "UnboundLocalError")
    assert "Traceback" in shown
    assert "is not there yet" not in shown


def test_after_the_lesson_has_started_its_name_counts(page):
    assert page.run(f"from aml4d_utils.notebook import start\nstart({LESSON!r})") == ("", "")
    assert PHOTO in page.run("photo")[1]
    assert page.run("photo = 3\nphoto") == ("", "")
    page.run("start('04_pixels_and_dimensions')")
    assert "“def flatten_picture(image):”" in page.run("flatten_picture")[1]


def test_another_notebook_is_left_alone(tmp_path):
    page = Page(tmp_path, "/home/ann/mine.ipynb")
    try:
        assert "Traceback" in page.run("photo.size")[1]
    finally:
        page.close()


def names_needed(code) -> set[str]:
    """Return the names that compiled code and the functions in it take from the notebook."""
    found = {
        i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_NAME", "LOAD_GLOBAL")
    }
    inner = [constant for constant in code.co_consts if hasattr(constant, "co_code")]
    return found.union(*map(names_needed, inner))


@pytest.mark.parametrize("lesson", sorted(lessons()))
def test_every_name_that_a_cell_needs_has_its_cell(lesson):
    cells = build_notebooks.code_cells(
        build_notebooks.read_lesson(ROOT / "lessons" / f"{lesson}.py")
    )
    sources = "\n".join(cell.source for _, cell, _ in cells)
    needed = set()
    for _, _, tree in cells:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        needed |= names_needed(compile(tree, "<cell>", "exec", flags=flags))
    needed -= set(dir(builtins))
    assert needed
    for name in needed:
        words = run_first(lesson, name)
        assert words is not None, name
        assert words.split("the line “")[1].removesuffix("”.") in sources
