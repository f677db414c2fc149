"""``start``: seeds, the line of progress, and lessons that do not exist."""

import random

import numpy as np
import pytest
import torch

from aml4d_utils.checking import progress
from aml4d_utils.notebook import start
from aml4d_utils.notebook.starting import current_lesson

LESSON = "07_convolution"


def draws():
    return random.random(), np.random.random(), float(torch.rand(()))


def test_everybody_sees_the_same_numbers():
    start(LESSON)
    first = draws()
    assert draws() != first
    start(LESSON)
    assert draws() == first
    start(LESSON, seed=1)
    other = draws()
    assert all(a != b for a, b in zip(first, other, strict=True))


def test_it_says_what_was_done():
    progress.record(LESSON, "exercises", "output_size", solved=True)
    started = start(LESSON)
    totals = progress.totals(LESSON)
    words = started._repr_mimebundle_()["text/plain"]
    assert words == f"Ready. {progress.line(LESSON)}"
    assert f"1 of {totals['exercises']} exercises" in words
    assert started.title == "Convolution"
    assert 'role="status"' in started._repr_mimebundle_()["text/html"]
    assert current_lesson() == LESSON


@pytest.mark.parametrize("name", ["07", "99_magic", ""])
def test_unknown_lessons(name):
    start(LESSON)
    with pytest.raises(ValueError, match=f"no lesson '{name}'; there are .*07_convolution"):
        start(name)
    assert current_lesson() == LESSON


def test_it_starts_where_nothing_can_be_saved(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("AML4D_HOME", str(blocked))
    words = start(LESSON)._repr_mimebundle_()["text/plain"]
    assert "Earlier progress could not be read" in words
    assert "None" not in words


def test_a_damaged_file_does_not_stop_the_lesson(aml4d_home):
    folder = aml4d_home / "progress"
    folder.mkdir()
    (folder / f"{LESSON}.json").write_text('{"exercises": {"a": 3}}')
    assert "0 of" in start(LESSON).line
