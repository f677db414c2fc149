"""Versions are in step everywhere, and the package is light and carries JupyterLab's settings."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import aml4d_utils

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
# The same software under the name it has at conda-forge.
CONDA_NAMES = {
    "jupyter_server": "jupyter-server",
    "pytorch": "torch",
    "matplotlib-base": "matplotlib",
}


def lock():
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def pins():
    return {canonicalize_name(line.name): str(line.specifier).removeprefix("==") for line in lock()}


def asked_for(*groups):
    project = PROJECT["project"]
    lines = list(project["dependencies"])
    for group in groups:
        lines += project["optional-dependencies"][group]
    return [Requirement(line) for line in lines]


def conda_pins():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    found = {}
    for line in environment["dependencies"]:
        if isinstance(line, dict):
            found.update(part.split("==") for part in line["pip"])
        elif "=" in line:
            name, version = line.split("=")[:2]
            found[CONDA_NAMES.get(name, name)] = version
    return found


def test_the_lock_pins_exact_public_versions_and_names_no_place():
    for line in lock():
        (only,) = line.specifier
        assert only.operator == "==" and re.fullmatch(r"[0-9][0-9a-z.]*", only.version), str(line)
        assert line.url is None
    assert len(pins()) == len(lock())
    text = (ROOT / "requirements.lock").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert not any(sign in line for line in lines for sign in ("/", "+", "--", "@", "nvidia"))


def test_the_lock_satisfies_pyproject():
    backend = [Requirement(line) for line in PROJECT["build-system"]["requires"]]
    for line in asked_for("test") + backend:
        assert line.specifier.contains(pins()[canonicalize_name(line.name)]), str(line)


def test_conda_has_the_same_versions_as_the_lock():
    conda = conda_pins()
    assert conda.pop("python") in ("3.11.*", "3.12.*", "3.13.*")
    assert conda == {name: pins()[name] for name in conda}
    wanted = {canonicalize_name(line.name) for line in asked_for()}
    assert wanted <= set(conda)


def test_conda_uses_one_channel_and_a_torch_without_cuda():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert environment["channels"] == ["conda-forge"]
    torch = [line for line in environment["dependencies"] if "torch" in line]
    assert torch and all(line.endswith("=cpu*") for line in torch)


def test_binder_has_the_same_environment():
    binder = (ROOT / "binder" / "environment.yml").read_bytes()
    assert binder == (ROOT / "environment.yml").read_bytes()


@pytest.mark.parametrize("script", ["binder/postBuild", "binder/start", ".ci/run"])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_scripts_can_be_run(script):
    assert os.access(ROOT / script, os.X_OK)


def test_post_build_stops_at_the_first_error():
    assert "set -e" in (ROOT / "binder" / "postBuild").read_text().splitlines()


def test_one_range_of_pythons_is_named_everywhere():
    specifier = SpecifierSet(PROJECT["project"]["requires-python"])
    supported = [f"3.{minor}" for minor in range(8, 20) if specifier.contains(f"3.{minor}.0")]
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == supported
    course = (ROOT / "tools" / "course" / "environment.py").read_text("utf-8")
    bounds = re.search(r"OLDEST, NEWEST = \((\d), (\d+)\), \((\d), (\d+)\)", course).groups()
    assert [f"{bounds[0]}.{bounds[1]}", f"{bounds[2]}.{bounds[3]}"] == [supported[0], supported[-1]]


def test_the_import_is_light():
    code = (
        "import sys, aml4d_utils\n"
        "print(sorted({'torch', 'numpy', 'matplotlib', 'IPython'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_that_of_the_package():
    assert re.fullmatch(r"\d+\.\d+\.\d+", aml4d_utils.__version__)


def test_jupyterlab_settings_are_shipped_and_say_what_they_must():
    settings = json.loads((ROOT / "aml4d_utils" / "overrides.json").read_text("utf-8"))
    extension = "@jupyterlab/apputils-extension"
    assert settings[f"{extension}:kernels-settings"] == {"commsOverSubshells": "disabled"}
    assert settings[f"{extension}:notification"] == {"fetchNews": "false", "checkForUpdates": False}
    shared = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared["aml4d_utils/overrides.json"] == "share/jupyter/lab/settings/overrides.json"
    assert shared["aml4d_utils/kernel_config.json"] == "etc/ipython/ipython_kernel_config.json"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_installing_places_the_settings(tmp_path, kind):
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    place = ["--prefix", str(tmp_path), "--ignore-installed"]
    target = ["--editable", str(ROOT)] if kind == "editable" else [str(ROOT)]
    command = [sys.executable, "-m", "pip", "install", *options, *place, *target]
    subprocess.run(command, check=True, capture_output=True, text=True)
    shared = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    for shipped, placed in shared.items():
        assert (tmp_path / placed).read_bytes() == (ROOT / shipped).read_bytes()
