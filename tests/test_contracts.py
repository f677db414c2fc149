"""The rules of the house hold, and a breach of each is noticed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import house
import pytest

from course import checks

ROOT = Path(__file__).resolve().parents[1]
LINT = "from importlinter.cli import lint_imports_command as check; check()"
BY_NAME = (
    "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); import house\n"
    "found = house.breaches(Path(sys.argv[2])); print('\\n'.join(found)); sys.exit(bool(found))"
)


def run(folder, *command):
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    env |= {"PYTHONPATH": str(folder), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", *command],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_rooms_that_are_not_computed_anew_never_reach_torch():
    graph = house.import_graph(ROOT)
    for room in checks.SAME_EVERYWHERE:
        name = "aml4d_utils." + room.replace("/", ".")
        assert "torch" not in graph.find_upstream_modules(name, as_package=True)
        tests = [file.read_text("utf-8") for file in (ROOT / "tests" / room).glob("*.py")]
        assert tests and not any("torch" in text or "nets" in text for text in tests)


def lint(folder):
    return run(folder, LINT, "--no-cache")


def go_by_name(folder):
    return run(folder, BY_NAME, str(ROOT / "tests"), str(folder))


@pytest.fixture
def copy(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "aml4d_utils", tmp_path / "aml4d_utils", ignore=ignored)
    return tmp_path


def add(copy, module, line):
    file = copy / "aml4d_utils" / f"{module}.py"
    for folder in (file.parent, *file.parent.parents):
        if folder == copy / "aml4d_utils":
            break
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    with open(file, "a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")


def test_the_package_keeps_the_contracts():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_keeps_the_rules_by_name():
    done = go_by_name(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


CONTRACTS = [
    ("places", "import aml4d_utils.images", "down to images only BROKEN"),
    ("images/extra", "import aml4d_utils.notebook", "down to images only BROKEN"),
    ("images/extra", "import matplotlib.pyplot", "neither draws nor uses widgets BROKEN"),
    ("nets/extra", "import ipywidgets", "neither draws nor uses widgets BROKEN"),
    ("nets/extra", "import aml4d_utils.checking", "down to images only BROKEN"),
    ("checking/extra", "import aml4d_utils.widgets.widget", "down to images only BROKEN"),
    ("widgets/extra", "import aml4d_utils.notebook", "down to images only BROKEN"),
    ("notebook/extra", "import aml4d_utils.topics", "down to images only BROKEN"),
    ("topics/hog/extra", "import aml4d_utils.lessons.hog", "down to images only BROKEN"),
    ("unheard_of", "", "down to images only BROKEN"),
    (
        "topics/features/gradients",
        "import aml4d_utils.topics.hog.descriptor",
        "No circles among topics, nor in a room BROKEN",
    ),
    (
        "topics/convolution/kernels",
        "import aml4d_utils.topics.convolution.convolve\n"
        "import aml4d_utils.topics.convolution.shifting",
        "",
    ),
]


@pytest.mark.parametrize(("module", "line", "verdict"), CONTRACTS)
def test_a_breach_of_a_contract_is_noticed(copy, module, line, verdict):
    for room in ("hog",):
        add(copy, f"lessons/{room}/__init__", "")
    add(copy, module, line)
    done = lint(copy)
    assert done.returncode == (1 if verdict else 0), done.stdout
    assert verdict in done.stdout, done.stdout


ALGORITHM = "topics/convolution/kernels"
DRAWS = "neither draw nor use widgets"
ROOM = "in a room: algorithms"
INSPECTOR = "topics/convolution/kernel_inspector"
OTHERS = "of another topic only algorithms may be used"
NOBODYS = "a lesson's modules are nobody else's"
NAMES = [
    (ALGORITHM, "import matplotlib", DRAWS),
    (ALGORITHM, "from IPython import display", DRAWS),
    (ALGORITHM, "import aml4d_utils.notebook", DRAWS),
    (ALGORITHM, "import aml4d_utils.widgets.plot", DRAWS),
    (ALGORITHM, "import aml4d_utils.checking", "algorithms do not judge answers"),
    (ALGORITHM, "import aml4d_utils.topics.convolution.kernel_inspector", ROOM),
    (ALGORITHM, "import aml4d_utils.topics.convolution.explorers", ROOM),
    ("topics/convolution/new", "import aml4d_utils.topics.convolution.figures", ROOM),
    ("topics/convolution/figures", "import aml4d_utils.topics.convolution.explorers", ROOM),
    ("topics/convolution/figures", "import aml4d_utils.topics.convolution.kernel_inspector", ROOM),
    (INSPECTOR, "import aml4d_utils.topics.convolution.explorers", ROOM),
    ("topics/convolution/figures", "import aml4d_utils.topics.neurons.figures", OTHERS),
    ("topics/convolution/explorers", "import aml4d_utils.topics.neurons.neuron_view", OTHERS),
    ("topics/new/explorers", "import aml4d_utils.topics.neurons.explorers", OTHERS),
    ("topics/new/kernels", "import aml4d_utils.lessons.pixels.exercises", NOBODYS),
    ("lessons/new/exercises", "import aml4d_utils.lessons.pixels.exercises", NOBODYS),
    ("notebook/extra", "import aml4d_utils.lessons.pixels.questions", NOBODYS),
    ("lessons/new/exercises", "import ipywidgets", DRAWS),
    ("lessons/new/questions", "import aml4d_utils.topics.pixels.figures", "use algorithms only"),
    ("lessons/pixels/new", "import aml4d_utils.lessons.pixels.exercises", "nobody builds on"),
]


@pytest.mark.parametrize(("module", "line", "rule"), NAMES)
def test_a_breach_of_a_rule_by_name_is_noticed(copy, module, line, rule):
    add(copy, module, line)
    done = go_by_name(copy)
    assert done.returncode == 1, done.stderr
    assert rule in done.stdout, done.stdout


def test_a_new_room_and_a_new_lesson_need_no_word(copy):
    add(copy, "topics/seeing/cells", "import numpy\nimport aml4d_utils.measuring.intervals")
    add(copy, "topics/seeing/figures", "import matplotlib\nimport aml4d_utils.topics.seeing.cells")
    add(copy, "topics/seeing/tuner", "import anywidget\nimport aml4d_utils.topics.seeing.figures")
    (copy / "aml4d_utils" / "topics" / "seeing" / "tuner.js").write_text("export default {};")
    add(copy, "topics/seeing/explorers", "import aml4d_utils.topics.seeing.tuner")
    add(copy, "lessons/seeing/exercises", "import aml4d_utils.topics.seeing.cells")
    for check in (lint, go_by_name):
        done = check(copy)
        assert done.returncode == 0, done.stdout + done.stderr


def test_explorers_choose_nothing_by_themselves(copy):
    assert house.choices_in_explorers(ROOT) == []
    add(copy, "topics/hog/explorers", "def first(values):\n    return values.argmax()")
    assert [place.split(": ")[1] for place in house.choices_in_explorers(copy)] == ["argmax"]


def test_a_module_name_means_one_thing(copy):
    assert house.modules_met_twice(ROOT) == []
    add(copy, "topics/hog/kernels", "")
    assert [line.split(":")[0] for line in house.modules_met_twice(copy)] == ["kernels"]


def test_every_figure_is_shown_somewhere(copy):
    assert house.forgotten_figures(ROOT) == []
    add(copy, "topics/hog/figures", "def draw_nobody():\n    '''Not even draw_nobody does.'''")
    shutil.copytree(ROOT / "lessons", copy / "lessons")
    assert house.forgotten_figures(copy) == ["hog: draw_nobody"]
