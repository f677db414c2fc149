"""The quiz of the lesson: its numbers are true."""

import numpy as np

from aml4d_utils.lessons.backprop.questions import QUESTIONS
from aml4d_utils.topics.backprop.values import Value


def right(name):
    question = next(q for q in QUESTIONS if q.name == name)
    return next(answer.words for answer in question.answers if answer.right)


def test_two_paths_add_up():
    x = Value(1)
    (x * 0.5 + x * -0.2).backward()
    assert f"{x.grad:.1f}" == right("two_paths")


def test_the_mean_of_the_row_is_zero():
    assert abs(np.mean([0.4, -0.3, 0.1, -0.2])) < 1e-12
    assert right("mean") == "It stays"
