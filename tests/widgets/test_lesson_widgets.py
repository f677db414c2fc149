"""Every widget of the package: its script, the style sheet and words for screen readers."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import aml4d_utils
from aml4d_utils.widgets.widget import LessonWidget, styles

PACKAGE = Path(aml4d_utils.__path__[0])
for module in pkgutil.walk_packages(aml4d_utils.__path__, "aml4d_utils."):
    importlib.import_module(module.name)


def kinds_of(base):
    """Every widget class of the package, however deep below its base."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("aml4d_utils."):
            yield kind
        yield from kinds_of(kind)


WIDGETS = sorted(set(kinds_of(LessonWidget)), key=lambda kind: kind.__name__)
SCRIPTS = sorted(PACKAGE.rglob("*.js"))
BESIDE = r" \{[^}]*\} from \"\.{1,2}/[\w./]+\.js\";$"
FROM_ELSEWHERE = (
    rf"^import(?!{BESIDE})|^[ \t]+import\b|\bimport\(|\bfetch\(|XMLHttpRequest|WebSocket"
    r"|(src|href) *= *[\"'`]http"
)
UNSAFE = r"\binnerHTML\b|\bouterHTML\b|insertAdjacentHTML|\beval\("


@pytest.mark.parametrize("kind", WIDGETS, ids=lambda kind: kind.__name__)
def test_script_style_and_words(kind):
    assert "export default" in str(kind._esm)
    assert not re.search(r"^\s*import\b", str(kind._esm), re.MULTILINE)
    assert ".aml4d" in str(kind._css)
    # What is computed or refused in the page is said there, in a live region.
    assert kind.describes or re.search(r'aria-live|role: "status"', str(kind._esm))
    assert set(kind.describes) <= set(kind.class_trait_names(sync=True))


def test_every_room_is_met():
    assert {part for file in SCRIPTS for part in file.parts} >= {
        "widgets",
        "convolution",
        "backprop",
        "hog",
    }
    assert {kind.__module__.split(".")[2] for kind in WIDGETS} >= {"picture", "convolution", "hog"}


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_load_nothing_from_elsewhere(file):
    source = file.read_text("utf-8")
    assert not re.findall(FROM_ELSEWHERE, source, flags=re.MULTILINE)
    assert not re.findall(UNSAFE, source)


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_are_short(file):
    # Longer ones become a folder of modules: arithmetic, words, figure, controls, view.
    assert len(file.read_text("utf-8").splitlines()) <= 400


def test_own_styles_follow_the_courses(tmp_path):
    own = tmp_path / "own.css"
    own.write_text(".aml4d-own { color: red; }", "utf-8")
    text = styles(own)
    assert text.startswith("/* One look")
    # A copy of the course's sheet that comes later must not win over a widget's own rules.
    assert text.endswith("html {\n.aml4d-own { color: red; }\n}")
