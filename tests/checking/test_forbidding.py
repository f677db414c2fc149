"""Ready-made functions are noticed by their calls; the exercises of lesson 04 try all ways."""

import sys

import numpy as np
import pytest

from aml4d_utils.checking import Case, WrongAnswer, same_as
from aml4d_utils.checking.exercise import Attempt
from aml4d_utils.checking.forbidding import without

RIGHT = same_as(lambda image: sorted(image.ravel()), [Case("four", (np.eye(2),))])
CHECK = without(["sort"], RIGHT, "Sort them yourself.")


def test_the_sentence_names_the_function_and_what_to_do():
    with pytest.raises(WrongAnswer, match="^The result is right, but sort did the work. Sort them"):
        CHECK(Attempt(lambda image: np.sort(image, axis=None)))


def test_what_the_specification_uses_does_not_count():
    CHECK(Attempt(lambda image: [0, 0, 1, 1]))


def test_what_a_library_uses_inside_does_not_count():
    assert CHECK(Attempt(lambda image: np.unique(image).repeat(2))) is None


def test_a_wrong_answer_is_told_its_own_cause():
    with pytest.raises(WrongAnswer, match="expected 0, got 1"):
        CHECK(Attempt(lambda image: np.sort(-image, axis=None) * -1))


def test_another_profiler_stays():
    def other(*event):
        return None

    sys.setprofile(other)
    try:
        CHECK(Attempt(lambda image: [0, 0, 1, 1]))
        with pytest.raises(WrongAnswer, match="ZeroDivisionError"):
            CHECK(Attempt(lambda image: 1 / 0))
        assert sys.getprofile() is other
    finally:
        sys.setprofile(None)
