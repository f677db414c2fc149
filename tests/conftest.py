"""For all tests: no network, and a progress folder of their own."""

import gc
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")

OFFLINE = Path(__file__).parent / "offline"
MADE_HOME = pytest.StashKey[str]()


def _cut_network() -> None:
    """Refuse the network in this process and in every Python process that it starts."""
    spec = importlib.util.spec_from_file_location("aml4d_offline", OFFLINE / "sitecustomize.py")
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    entries = [str(OFFLINE), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(filter(None, entries)))


def pytest_configure(config: pytest.Config) -> None:
    # Before collection: test modules may start kernels or look for progress while imported.
    _cut_network()
    # The workers of a parallel run inherit the folder that the first process has made.
    if "AML4D_TEST_HOME" not in os.environ:
        config.stash[MADE_HOME] = tempfile.mkdtemp(prefix="aml4d-home-")
        os.environ["AML4D_TEST_HOME"] = config.stash[MADE_HOME]
    os.environ["AML4D_HOME"] = os.environ["AML4D_TEST_HOME"]


def pytest_collection(session: pytest.Session) -> None:
    gc.disable()  # what is collected now stays until the end: nobody need look for waste in it


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.freeze()
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    if MADE_HOME in config.stash:
        shutil.rmtree(config.stash[MADE_HOME])
        del os.environ["AML4D_TEST_HOME"]


@pytest.fixture(autouse=True)
def aml4d_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty folder for progress and own photo."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("AML4D_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def cat():
    """Chelsea the cat, (299, 450, 3), float32 in [0, 1]; tests must not change it."""
    from aml4d_utils import images

    image = images.fit(images.photo("chelsea"), 450)
    image.flags.writeable = False
    return image
