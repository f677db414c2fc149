import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aml4d_utils import assets
from aml4d_utils.assets import AssetError, verified_path, verify

ROOT = Path(__file__).resolve().parents[1]
LABELS = "fashion_mnist/t10k-labels-idx1-ubyte.gz"
SQUEEZENET = "weights/squeezenet1_1.safetensors"


@pytest.fixture
def copied_data(tmp_path, monkeypatch):
    """A data folder with the real list cut down to two files that a test may damage."""
    listed = json.loads((ROOT / "data/MANIFEST.json").read_text(encoding="utf-8"))["files"]
    kept = [entry for entry in listed if entry["path"] in (SQUEEZENET, LABELS)]
    data = tmp_path / "data"
    for entry in kept:
        target = data / entry["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "data" / entry["path"], target)
    (data / "MANIFEST.json").write_text(json.dumps({"files": kept}), encoding="utf-8")
    monkeypatch.setenv("AML4D_DATA", str(data))
    return data


def alter(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


DAMAGE = {
    "is missing": Path.unlink,
    "is cut short": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "is too long": lambda path: path.write_bytes(path.read_bytes() + b"x"),
    "was altered": alter,
}


def test_whole_files_are_found(copied_data):
    assert verified_path(SQUEEZENET) == copied_data / SQUEEZENET
    assert verify() == []


@pytest.mark.parametrize("sentence", DAMAGE)
def test_each_damage_is_one_sentence_with_file_and_command(copied_data, sentence):
    DAMAGE[sentence](copied_data / SQUEEZENET)
    with pytest.raises(AssetError) as caught:
        verified_path(SQUEEZENET)
    message = str(caught.value)
    assert sentence in message
    assert "squeezenet1_1.safetensors" in message
    assert "python3 course.py assets" in message
    assert "\n" not in message and message.endswith(".")
    assert verify() == [message]


def test_damage_after_the_first_check_is_noticed(copied_data):
    verified_path(SQUEEZENET)
    alter(copied_data / SQUEEZENET)
    os.utime(copied_data / SQUEEZENET, ns=(1, 1))
    with pytest.raises(AssetError, match="was altered"):
        verified_path(SQUEEZENET)


def test_a_file_is_read_once_while_it_stays_the_same(copied_data, monkeypatch):
    verified_path(SQUEEZENET)
    monkeypatch.setattr(assets, "_sha256", lambda path: pytest.fail("read again"))
    verified_path(SQUEEZENET)


def test_unlisted_names_are_refused(copied_data):
    with pytest.raises(AssetError, match="not listed"):
        verified_path("../secret")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": [{"path": "a"}]}', "\x00"])
def test_a_broken_list_is_said(copied_data, content):
    (copied_data / "MANIFEST.json").write_text(content, encoding="utf-8")
    with pytest.raises(AssetError, match="MANIFEST.json"):
        verified_path(SQUEEZENET)
    assert len(verify()) == 1


def test_a_missing_list_and_a_missing_folder_are_said(copied_data, monkeypatch):
    (copied_data / "MANIFEST.json").unlink()
    assert "MANIFEST.json is missing" in verify()[0]
    monkeypatch.setenv("AML4D_DATA", str(copied_data / "nowhere"))
    assert len(verify()) == 1 and "nowhere" in verify()[0]


def run_verify(data):
    # -S -I: no installed packages, as on a machine where only Python is there.
    command = [sys.executable, "-S", "-I", str(ROOT / "tools/build_assets.py"), "--verify"]
    environment = os.environ | {"AML4D_DATA": str(data)}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def test_verify_command_needs_only_python_and_lists_every_problem(copied_data):
    done = run_verify(copied_data)
    assert (done.returncode, done.stderr) == (0, "")
    for entry in json.loads((copied_data / "MANIFEST.json").read_text())["files"]:
        alter(copied_data / entry["path"])
    done = run_verify(copied_data)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 2


def test_the_list_is_complete():
    listed = json.loads((ROOT / "data/MANIFEST.json").read_text(encoding="utf-8"))["files"]
    paths = {entry["path"] for entry in listed}
    there = {
        path.relative_to(ROOT / "data").as_posix()
        for path in (ROOT / "data").rglob("*")
        if path.is_file()
    }
    assert there - {"MANIFEST.json"} == paths
    for entry in listed:
        assert set(entry["source"]) == {"package", "version", "registry", "file", "sha256"}
        assert entry["licence"] and entry["changes"]
    assert sum(entry["bytes"] for entry in listed) <= 120e6


def test_every_source_is_credited():
    credits = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    listed = json.loads((ROOT / "data/MANIFEST.json").read_text(encoding="utf-8"))["files"]
    for entry in listed:
        if entry["source"]["registry"] != "this project":
            assert f"{entry['source']['package']} {entry['source']['version']}" in credits


def test_what_this_project_made_comes_from_its_scripts_as_they_stand():
    listed = json.loads((ROOT / "data/MANIFEST.json").read_text(encoding="utf-8"))["files"]
    own = [entry for entry in listed if entry["source"]["registry"] == "this project"]
    assert {entry["path"].partition("/")[0] for entry in own} == {"visualisation", "weights"}
    for entry in own:
        script = ROOT / "tools" / Path(entry["source"]["file"]).name
        digest = hashlib.sha256(script.read_bytes()).hexdigest()
        assert entry["source"]["sha256"] == digest, f"Run {script.name} again: it has changed."
        training = entry["training"]
        assert training["command"].startswith(f"python tools/{script.name}")
        assert training["seconds"] > 0 and training["device"]
        if entry["path"].startswith("weights/"):
            assert training["seed"] > 0
