"""Output sizes, parameters and receptive fields against brute force and real layers."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn

from aml4d_utils.nets.receptive_fields import Layer, receptive_field, receptive_interval
from aml4d_utils.topics.convolution.counting import (
    compare_layers,
    convolution_parameters,
    dense_parameters,
    output_size,
)

SMALL = st.integers(1, 5)


def places(size, kernel, stride, padding, dilation):
    """Every first cell at which the whole kernel lies on the padded image."""
    reach = dilation * (kernel - 1)
    return [p for p in range(0, size + 2 * padding, stride) if p + reach < size + 2 * padding]


@given(st.integers(1, 40), SMALL, SMALL, st.integers(0, 4), SMALL)
def test_output_size_counts_places(size, kernel, stride, padding, dilation):
    found = len(places(size, kernel, stride, padding, dilation))
    if found == 0:
        with pytest.raises(ValueError, match="does not fit"):
            output_size(size, kernel, stride, padding, dilation)
    else:
        assert output_size(size, kernel, stride, padding, dilation) == found


@given(st.integers(1, 30), SMALL, SMALL, st.integers(0, 4), SMALL)
def test_output_size_is_torchs(size, kernel, stride, padding, dilation):
    assume(dilation * (kernel - 1) + 1 <= size + 2 * padding)
    layer = nn.Conv1d(1, 1, kernel, stride, padding, dilation)
    ours = output_size(size, kernel, stride, padding, dilation)
    assert layer(torch.zeros(1, 1, size)).shape[2] == ours


@pytest.mark.parametrize("wrong", [{"size": 0}, {"kernel": 0}, {"stride": 0}, {"padding": -1}])
def test_output_size_out_of_range(wrong):
    with pytest.raises(ValueError, match="at least"):
        output_size(**{"size": 5, "kernel": 3, **wrong})


def count(layer):
    return sum(p.numel() for p in layer.parameters())


@given(st.integers(1, 40), st.integers(1, 40))
def test_dense_parameters_are_torchs(inputs, outputs):
    assert dense_parameters(inputs, outputs) == count(nn.Linear(inputs, outputs))


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 7))
def test_convolution_parameters_are_torchs(inputs, outputs, kernel):
    assert convolution_parameters(inputs, outputs, kernel) == count(
        nn.Conv2d(inputs, outputs, kernel)
    )


@given(
    st.integers(1, 9),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from((1, 3, 5)),
    st.integers(1, 3),
)
def test_compared_layers_are_real_layers(side, inputs, outputs, kernel, stride):
    result = compare_layers(side, inputs, outputs, kernel, stride)
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2)
    maps = convolution(torch.zeros(1, inputs, side, side))
    assert result.input_shape == (side, side, inputs)
    assert result.output_shape == (*maps.shape[2:], outputs)
    assert result.convolution == count(convolution)
    assert result.dense == count(nn.Linear(side * side * inputs, maps.numel()))
    assert result.ratio == result.dense / result.convolution


def test_the_lessons_example():
    result = compare_layers(side=64, in_channels=3, out_channels=16, kernel=3)
    assert result.convolution == 448
    assert result.dense == 64 * 64 * 3 * 64 * 64 * 16 + 64 * 64 * 16


@given(SMALL)
def test_the_convolution_does_not_depend_on_the_side(kernel):
    assume(kernel % 2)
    counts = {compare_layers(side, 3, 8, kernel).convolution for side in (8, 64, 1024)}
    assert len(counts) == 1


# --- receptive fields ------------------------------------------------------------------------

LAYERS = st.lists(
    st.builds(
        Layer,
        kernel=st.integers(1, 4),
        stride=st.integers(1, 3),
        padding=st.integers(0, 2),
        dilation=st.integers(1, 2),
    ),
    max_size=3,
)


def stack(layers):
    """A real 1-D network whose weights are all positive, so that no path can cancel another."""
    modules = []
    for layer in layers:
        convolution = nn.Conv1d(
            1, 1, layer.kernel, layer.stride, layer.padding, layer.dilation, bias=False
        )
        nn.init.ones_(convolution.weight)
        modules.append(convolution.double())
    return nn.Sequential(*modules)


def sensitive_pixels(layers, size, cell=None):
    """By gradient: which of `size` input pixels move a cell, and the cell's number."""
    pixels = torch.ones(1, 1, size, dtype=torch.float64, requires_grad=True)
    cells = stack(layers)(pixels)[0, 0]
    cell = len(cells) // 2 if cell is None else cell
    (gradient,) = torch.autograd.grad(cells[cell], pixels)
    return np.flatnonzero(gradient[0, 0].numpy()), cell


@given(LAYERS)
def test_receptive_field_by_gradient(layers):
    field = receptive_field(layers)
    # Wide enough for a cell that sees no padding.
    seen, cell = sensitive_pixels(layers, 4 * field + 40)
    first, end = receptive_interval(layers, cell)
    assert (seen[0], seen[-1] + 1) == (first, end)
    assert end - first == field


@given(LAYERS.filter(bool), st.data())
def test_receptive_interval_at_the_edges(layers, data):
    size = data.draw(st.integers(1, 30))
    try:
        cells = size
        for layer in layers:
            cells = output_size(cells, layer.kernel, layer.stride, layer.padding, layer.dilation)
    except ValueError:
        assume(False)
    cell = data.draw(st.integers(0, cells - 1))
    seen, _ = sensitive_pixels(layers, size, cell)
    first, end = receptive_interval(layers, cell)
    assert all(max(0, first) <= pixel < min(size, end) for pixel in seen)


@pytest.mark.parametrize("layers", [[Layer(3, padding=1)] * 2, [Layer(3, 2), Layer(3, padding=1)]])
def test_receptive_field_by_perturbation(layers):
    net = stack(layers)
    before = net(torch.zeros(1, 1, 25, dtype=torch.float64))[0, 0]
    for pixel in range(25):
        changed = torch.zeros(1, 1, 25, dtype=torch.float64)
        changed[0, 0, pixel] = 1
        moved = net(changed)[0, 0] != before
        for cell in range(len(before)):
            first, end = receptive_interval(layers, cell)
            assert bool(moved[cell]) == (first <= pixel < end)


def test_no_layer_sees_one_pixel():
    assert receptive_field([]) == 1
    assert receptive_interval([], 4) == (4, 5)


def test_stride_of_the_last_layer_does_not_matter():
    assert receptive_field([Layer(3), Layer(3, stride=5)]) == receptive_field([Layer(3), Layer(3)])
