"""A receptive field grown by hand agrees with arithmetic and with torch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.nets.receptive_fields import Layer, receptive_field
from aml4d_utils.topics.convolution.growing import grow


@given(st.integers(1, 7), st.integers(1, 4), st.integers(1, 6))
def test_the_whole_field_is_that_of_the_arithmetic(kernel, stride, above):
    growth = grow(Layer(kernel, stride), Layer(above), range(above))
    assert growth.whole
    assert growth.field == receptive_field([Layer(kernel, stride), Layer(above)])
    assert growth.field == len(growth.looks) == kernel + (above - 1) * stride
    assert growth.looks.sum() == kernel * above
    if stride <= kernel:
        assert growth.seen == growth.field


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_how_often_a_pixel_is_seen_is_its_gradient(stride):
    growth = grow(Layer(3, stride), Layer(5), (0, 2, 3))
    pixels = torch.zeros(1, 1, growth.field, requires_grad=True)
    cells = torch.nn.functional.conv1d(pixels, torch.ones(1, 1, 3), stride=stride)[0, 0]
    cells[[0, 2, 3]].sum().backward()
    np.testing.assert_array_equal(growth.looks, pixels.grad[0, 0])


def test_opening_again_or_beside_changes_nothing():
    growth = grow(Layer(3), Layer(3), (2, 0, 2, 7, -1))
    assert growth.opened == (0, 2)
    assert growth.seen == 5
    assert not growth.whole


def test_nothing_is_seen_before_a_cell_is_open():
    growth = grow(Layer(3), Layer(3))
    assert growth.seen == 0
    assert growth.field == 5
