"""The course's own widgets: each has its script, the style sheet and words for screen readers."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from aml4d_utils import lesson
from aml4d_utils.lesson.widget import LessonWidget, styles

for module in pkgutil.iter_modules(lesson.__path__):
    importlib.import_module(f"{lesson.__name__}.{module.name}")
WIDGETS = sorted(LessonWidget.__subclasses__(), key=lambda kind: kind.__name__)
SCRIPTS = sorted(Path(lesson.__path__[0]).glob("*.js"))
FROM_ELSEWHERE = (
    r"^\s*import\b|\bimport\(|\bfetch\(|XMLHttpRequest|WebSocket|(src|href) *= *[\"'`]http"
)
UNSAFE = r"\binnerHTML\b|\bouterHTML\b|insertAdjacentHTML|\beval\("


@pytest.mark.parametrize("kind", WIDGETS, ids=lambda kind: kind.__name__)
def test_script_style_and_words(kind):
    assert "export default" in str(kind._esm)
    assert ".aml4d" in str(kind._css)
    assert kind.describes
    assert set(kind.describes) <= set(kind.class_trait_names(sync=True))


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_load_nothing_from_elsewhere(file):
    source = file.read_text("utf-8")
    assert not re.findall(FROM_ELSEWHERE, source, flags=re.MULTILINE)
    assert not re.findall(UNSAFE, source)


def test_own_styles_follow_the_courses(tmp_path):
    own = tmp_path / "own.css"
    own.write_text(".aml4d-own { color: red; }", "utf-8")
    text = styles(own)
    assert text.startswith("/* One look") and text.endswith(".aml4d-own { color: red; }")
