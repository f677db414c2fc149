"""What is loaded when: the package is quick to import, and tools come when they are used."""

import subprocess
import sys

import pytest

HEAVY = ("numpy", "torch", "torchvision", "matplotlib", "ipywidgets", "IPython", "skimage", "cv2")


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


def test_lesson_loads_nothing_before_it_is_used():
    assert loaded_after("import aml4d_utils.lesson") == set()


@pytest.mark.parametrize(
    "lines",
    [
        "from aml4d_utils.lesson import predict, quiz, run, show, start",
        "from aml4d_utils.lesson import Explorer, Picture, Plot, Series, choice, slider, toggle",
        "from aml4d_utils.lesson import Exercise, Case, Mistake",
    ],
)
def test_no_torch_and_no_matplotlib_for_the_names_of_lesson(lines):
    assert loaded_after(lines).isdisjoint({"torch", "torchvision", "matplotlib"})


def test_a_live_picture_needs_no_matplotlib():
    lines = (
        "import numpy as np\n"
        "from aml4d_utils.lesson import Picture\n"
        "Picture().show_signed(np.zeros((2, 2)), 'A map.')\n"
        "Picture().show(np.zeros((2, 2, 3)), 'A picture.')"
    )
    assert "matplotlib" not in loaded_after(lines)


def test_every_name_can_be_imported():
    from aml4d_utils import lesson

    for name in lesson.__all__:
        assert getattr(lesson, name).__module__.startswith("aml4d_utils.lesson.")
        assert name in dir(lesson)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = lesson.nonsense
