"""Where data and progress are looked for."""

import os
from pathlib import Path

import pytest

from aml4d_utils import places

ROOT = Path(__file__).resolve().parents[1]


def test_data_is_beside_the_package_unless_told_otherwise(tmp_path, monkeypatch):
    monkeypatch.delenv("AML4D_DATA", raising=False)
    assert places.data_dir() == ROOT / "data"
    monkeypatch.setenv("AML4D_DATA", str(tmp_path))
    assert places.data_dir() == tmp_path


def test_state_folder_is_made_on_demand(tmp_path, monkeypatch):
    monkeypatch.setenv("AML4D_HOME", str(tmp_path / "deep" / "down"))
    assert places.state_dir() == tmp_path / "deep" / "down"
    assert places.state_dir().is_dir()


def test_state_folder_is_the_users_by_default(tmp_path, monkeypatch):
    monkeypatch.delenv("AML4D_HOME")
    for name in ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    assert "aml4d" in places.state_dir().parts


def test_a_state_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("AML4D_HOME", str(tmp_path / "file" / "state"))
    with pytest.raises(PermissionError, match="set AML4D_HOME to a folder"):
        places.state_dir()


def test_without_a_home_progress_stays_beside_the_course(tmp_path, monkeypatch):
    monkeypatch.delenv("AML4D_HOME")
    (tmp_path / "file").write_text("no folder can be made in a file")
    for name in ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "file"))
    monkeypatch.setattr(places, "__file__", str(tmp_path / "course" / "aml4d_utils" / "places.py"))
    assert places.state_dir() == tmp_path / "course" / "my_settings" / "progress"
    assert places.state_dir().is_dir()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind root"
)
def test_a_folder_that_may_only_be_read_is_not_taken(tmp_path, monkeypatch):
    tmp_path.chmod(0o555)
    monkeypatch.setenv("AML4D_HOME", str(tmp_path))
    with pytest.raises(PermissionError, match="cannot be written"):
        places.state_dir()
