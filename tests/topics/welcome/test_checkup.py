"""The check-up says what is wrong, and what to do."""

import sys
import types
from functools import cache

import pytest

from aml4d_utils.topics.welcome import checkup
from aml4d_utils.topics.welcome.figures import describe_findings, show_findings

installed, verified = cache(checkup.metadata.packages_distributions), cache(checkup.assets.verify)


@pytest.fixture(autouse=True)
def looked_once(monkeypatch):
    """What is installed and the data do not change between these tests; to look takes long."""
    monkeypatch.setattr(checkup.metadata, "packages_distributions", installed)
    monkeypatch.setattr(checkup.assets, "verify", verified)


def finding(what):
    return next(found for found in checkup.check_up() if found.what == what)


def test_all_is_fine_here():
    found = checkup.check_up()
    assert [one.what for one in found if not one.fine] == []
    assert all(one.words and not one.advice for one in found)
    assert describe_findings(found) == f"All {len(found)} checks are fine. You can begin."


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(checkup.metadata, "requires", lambda _: ["no-such-package>=1", "numpy>=2"])
    found = finding("Packages")
    assert not found.fine
    assert "no-such-package missing" in found.words
    assert "course.py lab" in found.advice


def test_an_old_package_is_named(monkeypatch):
    monkeypatch.setattr(checkup.metadata, "requires", lambda _: ["numpy>=99"])
    assert "numpy 2" in finding("Packages").words


def test_a_module_that_the_kernel_took_from_elsewhere_is_named(monkeypatch, tmp_path):
    foreign = types.ModuleType("cv2")
    foreign.__file__ = str(tmp_path / "cv2.py")
    monkeypatch.setitem(sys.modules, "cv2", foreign)
    found = finding("Packages")
    assert not found.fine
    assert found.words == f"taken from elsewhere: cv2 from {(tmp_path / 'cv2.py').resolve()}"
    assert "rename them" in found.advice


def test_a_module_that_the_kernel_would_take_from_elsewhere_is_named(monkeypatch, tmp_path):
    (tmp_path / "skimage.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.split(".")[0] == "skimage"]:
        monkeypatch.delitem(sys.modules, name)
    assert f"skimage from {(tmp_path / 'skimage.py').resolve()}" in finding("Packages").words


def test_altered_data_is_named_with_the_command(monkeypatch):
    monkeypatch.setattr(checkup.assets, "verify", lambda: ["weights/x is altered."])
    found = finding("Photos and networks")
    assert found.words == "weights/x is altered."
    assert "course.py assets" in found.advice


def test_a_folder_that_cannot_be_written_is_a_finding(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("AML4D_HOME", str(blocked / "below"))
    found = finding("Progress")
    assert not found.fine
    assert found.advice


def test_an_unsupported_python_is_a_finding(monkeypatch):
    monkeypatch.setattr(checkup.sys, "version_info", (3, 9, 1))
    assert not finding("Python").fine


def test_settings_that_are_missing_are_a_finding(monkeypatch, tmp_path):
    monkeypatch.setattr(checkup.sys, "prefix", str(tmp_path))
    assert "without the course's settings" in finding("JupyterLab").words


def test_the_table_says_what_needs_you():
    found = (
        checkup.Finding("One", True, "well"),
        checkup.Finding("<Two>", False, "broken", "Mend it."),
    )
    shown = show_findings(found)
    assert "1 of 2 checks need you: <Two>." in shown.alt
    assert "&lt;Two&gt;" in shown.markup
    assert "broken. Mend it." in shown.alt


@pytest.mark.parametrize("what", list(checkup._LOOKS))
def test_a_look_that_fails_is_a_finding(monkeypatch, what):
    def broken():
        raise OSError("no")

    monkeypatch.setitem(checkup._LOOKS, what, broken)
    found = finding(what)
    assert not found.fine
    assert found.words == "OSError: no"
