"""The lock's check: a yanked release is refused, and a missing network is not taken for a fault.

pip asks a tiny index on this computer.
"""

import http.server
import importlib.util
import os
import socket
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LINES = [Requirement("tiny==1.0")]


@pytest.fixture
def checker(monkeypatch):
    """The module, with pip's settings on this computer left out."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "tools"), *sys.path])
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_RETRIES", "1")
    spec = importlib.util.spec_from_file_location("check_lock", ROOT / "tools" / "check_lock.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def wheel(tmp_path):
    folder = tmp_path / "index" / "tiny"
    folder.mkdir(parents=True)
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        metadata = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\nRequires-Dist: more>=2\n"
        archive.writestr("tiny-1.0.dist-info/METADATA", metadata)
        tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr("tiny-1.0.dist-info/WHEEL", tags)
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    return wheel


@pytest.fixture
def index(wheel, monkeypatch):
    """Serve the wheel; return a function that writes its page, yanked or not."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *words):
            super().__init__(*words, directory=str(wheel.parents[1]))

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}")

    def write(mark):
        page = f'<!DOCTYPE html><a href="{wheel.name}"{mark}>{wheel.name}</a>'
        (wheel.parent / "index.html").write_text(page)

    yield write
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
def test_a_yanked_release_is_refused_with_its_reason(checker, index):
    index(' data-yanked="It breaks the old Python."')
    packages, problems = checker.resolve(LINES, "linux", "3.12")
    assert problems == ["tiny 1.0 is yanked (It breaks the old Python.)"]
    assert [package["name"] for package in packages] == ["tiny"]
    index(' data-yanked=""')
    _, problems = checker.resolve(LINES, "windows", "3.11")
    assert problems == ["tiny 1.0 is yanked (<none given>)"]


@pytest.mark.slow
def test_a_release_that_stands_is_fine(checker, index):
    index("")
    packages, problems = checker.resolve(LINES, "macos", "3.13")
    assert problems == [] and packages[0]["requires_dist"] == ["more>=2"]


@pytest.mark.slow
@pytest.mark.parametrize("found_elsewhere", [False, True])
def test_without_an_index_nothing_is_judged(checker, wheel, monkeypatch, capsys, found_elsewhere):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}")
    if found_elsewhere:  # a folder of wheels cannot tell what was withdrawn
        monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    monkeypatch.setattr(checker, "read_lock", lambda: LINES)
    monkeypatch.setattr(sys, "argv", ["check_lock.py"])
    assert checker.main() == checker.NOT_JUDGED
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("The package index cannot be reached, so nothing was judged.")


def test_the_status_counts_the_combinations_that_fail(checker, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["check_lock.py"])
    monkeypatch.setattr(checker, "check_combination", lambda *which: ["bad"] * ("linux" in which))
    assert checker.main() == 3
    assert capsys.readouterr().out.splitlines()[2:4] == ["linux 3.13: bad", "windows 3.11: ok"]
