"""Every widget's script, as the page gets it: one module that node can read."""

import importlib
import pkgutil

import pytest
from node import node

import aml4d_utils
from aml4d_utils.widgets.widget import LessonWidget

for module in pkgutil.walk_packages(aml4d_utils.__path__, "aml4d_utils."):
    importlib.import_module(module.name)


def kinds_of(base):
    for kind in base.__subclasses__():
        if kind.__module__.startswith("aml4d_utils."):
            yield kind
        yield from kinds_of(kind)


@pytest.mark.parametrize("kind", sorted(set(kinds_of(LessonWidget)), key=str), ids=str)
def test_it_parses(kind, tmp_path):
    script = tmp_path / "widget.mjs"
    script.write_text(str(kind._esm), "utf-8")
    ended = node("--check", script)
    assert ended.returncode == 0, ended.stderr
