"""The quiz of the lesson: its numbers are true."""

import numpy as np

from aml4d_utils.lessons.convolution.questions import QUESTIONS
from aml4d_utils.nets.receptive_fields import Layer, receptive_field
from aml4d_utils.topics.convolution.convolve import convolve
from aml4d_utils.topics.convolution.counting import compare_layers
from aml4d_utils.topics.convolution.kernels import KERNELS


def test_the_answers_are_true():
    right = {q.name: next(a.words for a in q.answers if a.right) for q in QUESTIONS}
    assert right["laplacian"] == "Zero"
    assert convolve(np.full((3, 3), 0.7), KERNELS["Laplacian"].values).item() == 0
    assert right["sharing"] == "None"
    assert len({compare_layers(side, 3, 8, 3).convolution for side in (100, 200)}) == 1
    assert right["local"] == "The 9 pixels under the kernel"
    assert receptive_field([Layer(3)]) ** 2 == 9
