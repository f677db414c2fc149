"""Trainings that the text goes on to speak about end after their batches, not by the clock."""

import ast
import inspect
import math
from pathlib import Path

import pytest

from aml4d_utils.topics.convolution import training
from aml4d_utils.topics.pixels import permuting
from aml4d_utils.topics.visualisation import evolution

LESSONS = Path(__file__).resolve().parents[2] / "lessons"


def source(number):
    (path,) = LESSONS.glob(f"{number}_*.py")
    return path.read_text("utf-8")


def calls(code):
    """Return every call in a lesson by what it calls; `await` is left out, it is no call."""
    found = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    return [(ast.unparse(node.func), node) for node in found]


@pytest.mark.parametrize(
    ("number", "work"), [("04", "permuting.experiment"), ("08", "evolution.evolve")]
)
def test_a_slow_machine_trains_as_far_as_a_fast_one(number, work):
    runs = [node for name, node in calls(source(number)) if name == "run"]
    (run,) = [
        node
        for node in runs
        if isinstance(node.args[0], ast.Call) and ast.unparse(node.args[0].func) == work
    ]
    assert "budget" not in [keyword.arg for keyword in run.keywords]


def test_lesson_04_says_how_many_batches_there_are():
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(permuting.experiment).parameters.items()
    }
    batches = defaults["epochs"] * math.ceil(defaults["images"] / defaults["batch_size"])
    assert f"{batches} batches of {defaults['batch_size']} photos" in source("04")


def test_the_training_of_lesson_08_reaches_the_last_moment():
    (train,) = [node for name, node in calls(source("08")) if name == "training.train"]
    epochs = next(k.value.value for k in train.keywords if k.arg == "epochs")
    size = inspect.signature(training.train).parameters["batch_size"].default
    assert epochs * math.ceil(20_000 / size) >= max(evolution.MOMENTS)
