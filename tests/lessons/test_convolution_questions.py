"""The quiz of the lesson: complete, and its numbers are true."""

import numpy as np

from aml4d_utils.checking import progress
from aml4d_utils.lessons.convolution.questions import QUESTIONS
from aml4d_utils.topics.convolution.convolve import convolve
from aml4d_utils.topics.convolution.counting import Layer, compare_layers, receptive_field
from aml4d_utils.topics.convolution.kernels import KERNELS


def test_names_are_unique_and_counted():
    names = [question.name for question in QUESTIONS]
    assert len(set(names)) == len(names)
    assert 4 <= len(names) <= 6
    assert progress.totals("07_convolution")["quiz"] == len(names)


def test_options_differ():
    for question in QUESTIONS:
        words = [answer.words for answer in question.answers]
        assert len(words) >= 2
        assert len(set(words)) == len(words)


def test_the_right_answer_is_not_always_first():
    places = {[a.right for a in question.answers].index(True) for question in QUESTIONS}
    assert len(places) > 1


def test_the_answers_are_true():
    right = {q.name: next(a.words for a in q.answers if a.right) for q in QUESTIONS}
    assert right["laplacian"] == "Zero"
    assert convolve(np.full((3, 3), 0.7), KERNELS["Laplacian"].values).item() == 0
    assert right["sharing"] == "None"
    assert len({compare_layers(side, 3, 8, 3).convolution for side in (100, 200)}) == 1
    assert right["local"] == "The 9 pixels under the kernel"
    assert receptive_field([Layer(3)]) ** 2 == 9
