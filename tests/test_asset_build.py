"""The parts of tools/build_assets.py that need no package."""

import gzip
import hashlib
import json
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from aml4d_utils.images.idx import read_idx

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))


def test_idx_files_survive_writing_shortening_and_reading(tmp_path):
    from asset_build.datasets import as_idx, compressed, first_items

    array = np.random.default_rng(0).integers(0, 256, (7, 3, 4), dtype=np.uint8)
    path = tmp_path / "a.gz"
    path.write_bytes(compressed(as_idx(array)))
    assert np.array_equal(read_idx(path), array)
    path.write_bytes(compressed(first_items(as_idx(array), 2)))
    assert np.array_equal(read_idx(path), array[:2])


def test_compressed_bytes_do_not_depend_on_the_clock(monkeypatch):
    from asset_build.datasets import compressed

    before = compressed(b"same" * 100)
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert compressed(b"same" * 100) == before
    assert gzip.decompress(before) == b"same" * 100


def entry(path):
    from asset_build.manifest import Entry, Source

    return Entry(path, Source("this course", "1", "this project", "train_it.py", "0"), "MIT", "-")


def test_the_list_is_sorted_replaces_and_forgets(tmp_path, monkeypatch):
    from aml4d_utils import assets
    from asset_build.manifest import forget, record, write_bytes

    for name in ("b/2", "b/1", "a"):
        write_bytes(tmp_path / name, name.encode())
    record(tmp_path, entry("b/2"), entry("a"))
    record(tmp_path, entry("b/1"), entry("a"))
    listed = json.loads((tmp_path / "MANIFEST.json").read_text())["files"]
    assert [item["path"] for item in listed] == ["a", "b/1", "b/2"]
    assert listed[0]["bytes"] == 1 and listed[0]["source"]["registry"] == "this project"
    monkeypatch.setenv("AML4D_DATA", str(tmp_path))
    assert assets.verify() == []
    forget(tmp_path, "b", keep={"b/2"})
    assert not (tmp_path / "b/1").exists() and (tmp_path / "b/2").exists()
    assert assets.verify() == []
    listed = json.loads((tmp_path / "MANIFEST.json").read_text())["files"]
    assert [item["path"] for item in listed] == ["a", "b/2"]


def test_what_scripts_make_is_kept_with_how_it_came_about(tmp_path, monkeypatch):
    import torch
    from safetensors.numpy import load_file

    from asset_build.trained import Trainer

    monkeypatch.setenv("AML4D_DATA", str(tmp_path))
    script = tmp_path / "train_it.py"
    script.write_text("pass\n")
    trainer = Trainer(script, 7, "MIT; learned from nothing", "--work FOLDER")
    net = torch.nn.BatchNorm1d(2)
    trainer.keep("half", net.state_dict(), "Trained for 3 steps", 61.4)
    trainer.keep("whole", {"a": np.full(3, 1 / 3)}, "Trained for 3 steps", 2.0, np.float32)
    half, whole = (
        load_file(tmp_path / f"weights/{name}.safetensors") for name in ("half", "whole")
    )
    assert half["weight"].dtype == np.float16 and half["num_batches_tracked"].dtype == np.int64
    assert whole["a"].dtype == np.float32 and np.allclose(whole["a"], 1 / 3)
    listed = json.loads((tmp_path / "MANIFEST.json").read_text())["files"]
    assert [item["path"] for item in listed] == [
        "weights/half.safetensors",
        "weights/whole.safetensors",
    ]
    found = listed[0]
    assert found["changes"] == "Trained for 3 steps; float16."
    assert found["source"]["file"] == "tools/train_it.py"
    assert found["source"]["sha256"] == hashlib.sha256(b"pass\n").hexdigest()
    training = found["training"]
    assert training["command"] == "python tools/train_it.py --work FOLDER"
    assert (training["seed"], training["seconds"]) == (7, 61)
    assert "thread" in training["device"] and torch.__version__ in training["device"]
    search = Trainer(script, None, "MIT", folder="found")
    search.keep("places", {"rows": np.array([3, 1], np.int16)}, "Searched", 2.0)
    assert load_file(tmp_path / "found/places.safetensors")["rows"].dtype == np.int16
    listed = json.loads((tmp_path / "MANIFEST.json").read_text())["files"]
    assert (listed[0]["path"], listed[0]["training"]["seed"]) == ("found/places.safetensors", None)
    with pytest.raises(ValueError, match="b of weights/large.safetensors does not fit"):
        trainer.keep("large", {"b": np.array([1e6])}, "Trained for 3 steps", 2.0)


def test_a_package_that_is_not_the_checked_one_stops_the_build(tmp_path, monkeypatch):
    from asset_build import packages

    package = packages.Package("thing", "1", "npm", "thing-1.tgz", "0" * 64)
    monkeypatch.setattr(
        packages, "_run", lambda command, folder: (folder / "thing-1.tgz").write_bytes(b"other")
    )
    with pytest.raises(packages.BuildError, match="has SHA-256"):
        package.fetch(tmp_path / "cache")
    monkeypatch.setattr(packages, "_run", lambda command, folder: None)
    with pytest.raises(packages.BuildError, match="did not arrive"):
        package.fetch(tmp_path / "empty")


def test_a_missing_program_and_a_failing_one_are_said(tmp_path):
    from asset_build.packages import BuildError, _run

    with pytest.raises(BuildError, match="no-such-program is needed"):
        _run(["no-such-program"], tmp_path)
    with pytest.raises(BuildError, match="failed: lost"):
        _run([sys.executable, "-c", "import sys; sys.exit('lost')"], tmp_path)


def test_a_changed_file_in_a_package_stops_the_build(tmp_path):
    import zipfile

    from asset_build.packages import BuildError, Package, sha256

    with zipfile.ZipFile(tmp_path / "a.whl", "w") as bundle:
        bundle.writestr("inside.txt", "content")
    archive = (tmp_path / "a.whl").read_bytes()
    package = Package("a", "1", "PyPI", "a.whl", sha256(archive))
    assert package.read(tmp_path, "inside.txt", sha256(b"content")) == b"content"
    with pytest.raises(BuildError, match="inside.txt"):
        package.read(tmp_path, "inside.txt", "0" * 64)


def test_the_command_names_what_it_knows(capsys):
    import build_assets

    assert build_assets.main(["--list"]) == 0
    assert "squeezenet1_1" in capsys.readouterr().out
    assert build_assets.main(["nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err


def test_every_cut_out_of_the_table_is_in_the_data():
    import csv

    with (ROOT / "tools/asset_build/cutouts.csv").open(encoding="utf-8", newline="") as table:
        wanted = [row["name"] for row in csv.DictReader(table)]
    with (ROOT / "data/cutouts/index.csv").open(encoding="utf-8", newline="") as table:
        assert [row["name"] for row in csv.DictReader(table)] == wanted
