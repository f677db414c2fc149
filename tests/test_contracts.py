"""The layer rule holds, and a breach of it is noticed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINT = "from importlinter.cli import lint_imports_command as check; check()"


def lint(folder):
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    env |= {"PYTHONPATH": str(folder), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8"
    )


def copy_of_package(folder):
    shutil.copy(ROOT / "pyproject.toml", folder)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "aml4d_utils", folder / "aml4d_utils", ignore=ignored)
    return folder


def test_the_package_keeps_the_contracts():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


BREACHES = [
    ("places", "import aml4d_utils.images", "no circles BROKEN"),
    ("images/extra", "import matplotlib.pyplot", "neither draw nor use widgets BROKEN"),
    ("images/extra", "import aml4d_utils.lesson", "no circles BROKEN"),
    ("nets/extra", "import ipywidgets", "neither draw nor use widgets BROKEN"),
    ("convolution/kernels", "import matplotlib", "them BROKEN"),
    ("convolution/kernels", "from IPython import display", "them BROKEN"),
    ("convolution/kernels", "import aml4d_utils.lesson", "from figures onwards BROKEN"),
    ("convolution/kernels", "import aml4d_utils.convolution.inspector", "explorers BROKEN"),
    ("convolution/unheard_of", "", "explorers BROKEN"),
    ("unheard_of", "", "no circles BROKEN"),
]


@pytest.mark.parametrize(("module", "line", "verdict"), BREACHES)
def test_a_breach_is_noticed(tmp_path, module, line, verdict):
    copy = copy_of_package(tmp_path)
    with open(copy / "aml4d_utils" / f"{module}.py", "a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1
    assert verdict in done.stdout, done.stdout


def test_a_room_may_not_use_another_rooms_drawing(tmp_path):
    copy = copy_of_package(tmp_path)
    config = (copy / "pyproject.toml").read_text("utf-8")
    config = config.replace(
        '"aml4d_utils.convolution",', '"aml4d_utils.convolution", "aml4d_utils.b",'
    )
    config = config.replace('"""(backprop) :', '"""(b) : (backprop) :')
    (copy / "pyproject.toml").write_text(config, "utf-8")
    room = copy / "aml4d_utils" / "b"
    room.mkdir()
    (room / "__init__.py").write_text("")
    (room / "figures.py").write_text("import matplotlib\nimport aml4d_utils.convolution.kernels\n")
    assert lint(copy).returncode == 0
    (room / "explorers.py").write_text("import aml4d_utils.convolution.inspector\n")
    assert "explorers or widgets BROKEN" in lint(copy).stdout
