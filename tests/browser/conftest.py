"""Browser tests: a JupyterLab for each worker, one page for each lesson."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from xdist.scheduler import LoadScopeScheduling

sys.path.insert(0, str(Path(__file__).parent))

import lab
import layout
from widget_page import chromium, empty_pages, open_widget  # noqa: F401

expect.set_options(timeout=20_000)  # a busy machine must not look like a fault

HERE = Path(__file__).parent
LESSONS = sorted(path.stem for path in (lab.ROOT / "lessons").glob("[0-9]*.py"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give the tests of a lesson's own file that lesson, those of every lesson each of them."""
    file = re.search(r"test_(?:every_lesson|lesson_(\d\d))$", metafunc.module.__name__)
    if file and "opened_lesson" in metafunc.fixturenames:
        names = [name for name in LESSONS if name.startswith(file[1] or "")]
        metafunc.parametrize("opened_lesson", names, indirect=True, scope="session")


def pytest_itemcollected(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is None:
        raise pytest.UsageError(f"No stage would run {item.nodeid}: mark it *browser*.")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Keep the tests of a lesson or a file together, as they are written: one page for all."""
    written = {item: place for place, item in enumerate(items)}
    yield
    ours = [item for item in items if item.path.parent == HERE]
    ours.sort(key=lambda item: (_group(item.nodeid), written[item]))
    items[:] = [item for item in items if item.path.parent != HERE] + ours


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Share the lessons and files out among the workers: first the lessons, which take longest."""
    config.option.loadscopereorder = False
    return _ByLesson(config, log)


class _ByLesson(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


def _group(nodeid: str) -> str:
    """Return the number of the lesson that a test is about, else its file."""
    lesson = re.search(r"test_lesson_(\d\d)\.py::|test_every_lesson\.py::\w+\[(\d\d)_", nodeid)
    return (lesson[1] or lesson[2]) if lesson else nodeid.split("::")[0]


class Album:
    """Pictures for people to look at, kept only where ``AML4D_SCREENSHOTS`` names a folder."""

    def __init__(self, folder: str):
        self._folder = Path(folder) if folder else None

    def keep(self, seen: Page | Locator, name: str, **options: bool) -> None:
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            seen.screenshot(path=str(self._folder / name), **options)


@pytest.fixture(scope="session")
def album() -> Album:
    return Album(os.environ.get("AML4D_SCREENSHOTS", ""))


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A JupyterLab of this worker's own: its address and its folder of notebooks."""
    if lab.chromium() is None:
        pytest.skip("NO BROWSER: install Chromium, or name one in AML4D_CHROMIUM.")
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    for name in LESSONS:  # they link to each other
        lab.prepared(folder, name)
    with lab.jupyterlab(folder, home) as address:
        yield address, folder


@pytest.fixture(scope="session")
def left_pages() -> list[Page]:
    """The page in which this worker's last lesson was: JupyterLab need not load again."""
    return []


@pytest.fixture(scope="session")
def opened_lesson(
    request, desk: tuple[str, Path], left_pages: list[Page], album: Album
) -> Iterator[lab.Notebook]:
    """One lesson after all its cells have run, in a page that all its tests share."""
    address, _ = desk
    failed = request.session.testsfailed
    page = left_pages.pop() if left_pages else lab.browser().new_page()
    page.set_viewport_size(dict(zip(("width", "height"), layout.ROOMY, strict=True)))
    notebook = lab.Notebook(page, address, f"{request.param}.ipynb", file_browser=True)
    notebook.run_all()
    album.keep(page, f"{request.param[:2]}_after_run_all.png")
    yield notebook
    notebook.leave()
    if request.session.testsfailed == failed:
        left_pages.append(page)
    else:  # it may look like anything
        page.close()


@pytest.fixture
def lesson(opened_lesson: lab.Notebook) -> Iterator[lab.Notebook]:
    """The lesson that a test is about; its console stays free of errors, its requests at home."""
    yield opened_lesson
    found = [*opened_lesson.trouble, *opened_lesson.abroad]
    opened_lesson.trouble.clear()
    opened_lesson.abroad.clear()
    assert found == []
