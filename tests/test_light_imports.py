"""What is loaded when: the package is quick to import, and tools come when they are used."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

LESSONS = Path(__file__).resolve().parents[1] / "aml4d_utils" / "lessons"
HEAVY = (
    "numpy",
    "torch",
    "torch._dynamo",
    "torchvision",
    "matplotlib",
    "ipywidgets",
    "IPython",
    "skimage",
    "cv2",
)


def loaded_after(lines):
    """Which heavy packages a fresh Python has loaded after some lines."""
    code = f"{lines}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stderr == ""
    return set(done.stdout.split())


def test_the_package_loads_nothing():
    assert loaded_after("import aml4d_utils") == set()


FACADES = ("checking", "widgets", "notebook")


@pytest.mark.parametrize("name", FACADES)
def test_a_facade_loads_nothing_before_it_is_used(name):
    assert loaded_after(f"import aml4d_utils.{name}") == set()


@pytest.mark.parametrize(
    "lines",
    [
        "from aml4d_utils.notebook import predict, quiz, run, show, start",
        "from aml4d_utils.widgets import Explorer, Picture, Plot, Series, choice, slider, toggle",
        "from aml4d_utils.checking import Exercise, Case, Mistake",
    ],
)
def test_no_torch_and_no_matplotlib_for_the_names_of_a_facade(lines):
    assert loaded_after(lines).isdisjoint({"torch", "torchvision", "matplotlib"})


def test_a_classifier_needs_neither_torchvision_nor_torch_s_compiler():
    """They take a second to import."""
    lines = (
        "from aml4d_utils import images, nets\n"
        "nets.classify('squeezenet1_1', images.photo('coffee'))"
    )
    assert loaded_after(lines).isdisjoint({"torchvision", "torch._dynamo"})


def test_a_live_picture_needs_no_matplotlib():
    lines = (
        "import numpy as np\n"
        "from aml4d_utils.widgets import Picture\n"
        "Picture().show_signed(np.zeros((2, 2)), 'A map.')\n"
        "Picture().show(np.zeros((2, 2, 3)), 'A picture.')"
    )
    assert "matplotlib" not in loaded_after(lines)


@pytest.mark.parametrize("facade", FACADES)
def test_every_name_can_be_imported(facade):
    module = importlib.import_module(f"aml4d_utils.{facade}")
    for name in module.__all__:
        assert getattr(module, name).__module__.startswith("aml4d_utils.")
        assert name in dir(module)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = module.nonsense


def test_questions_and_checks_load_no_widgets():
    """A bank of questions can be read, and an answer judged, where there is no notebook."""
    names = sorted(path.parent.name for path in LESSONS.glob("*/questions.py"))
    lines = "\n".join(f"import aml4d_utils.lessons.{name}.questions" for name in names)
    assert names
    assert loaded_after(lines).isdisjoint({"ipywidgets", "IPython", "matplotlib", "torch"})
    assert loaded_after("import aml4d_utils.checking.exercise") <= {"numpy"}
