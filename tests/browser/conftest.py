"""Browser tests: one JupyterLab and one page per module, screenshots kept."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parent))

import lab
from widget_page import chromium, open_widget  # noqa: F401

expect.set_options(timeout=20_000)  # a busy machine must not look like a fault


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures of the pages are kept: ``AML4D_SCREENSHOTS``, else a temporary folder."""
    folder = Path(os.environ.get("AML4D_SCREENSHOTS") or tempfile.mkdtemp(prefix="aml4d-pictures-"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def open_notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """Return a function that opens a notebook of the course, others beside it, in JupyterLab."""
    if lab.chromium() is None:
        pytest.skip("NO BROWSER: install Chromium, or name one in AML4D_CHROMIUM.")
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    with lab.jupyterlab(folder, home) as address, lab.browser_page() as page:

        def open_one(name: str, beside: Sequence[str] = ()) -> lab.Notebook:
            for other in beside:
                lab.prepared(folder, other)
            return lab.Notebook(page, address, lab.prepared(folder, name))

        yield open_one
