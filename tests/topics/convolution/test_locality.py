"""A pixel reaches exactly the cells whose receptive field holds it, in the real network."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.receptive_fields import receptive_field, receptive_interval
from aml4d_utils.nets.squeezenet_layers import (
    SIDE,
    STAGES,
    feature_maps,
    geometry_up_to,
    network_view,
    stage_named,
)
from aml4d_utils.topics.convolution.locality import change_pixel, locality_experiment

NAMES = [stage.name for stage in STAGES]
PIXELS = [(0, 0), (226, 226), (113, 113), (3, 200), (150, 40), (70, 70)]


@pytest.fixture(scope="module")
def view(photo):
    return network_view(photo)


@pytest.mark.parametrize("stage", NAMES)
def test_no_cell_moves_that_cannot_see_the_pixel(net, view, stage):
    layers = geometry_up_to(net, stage)
    for pixel in PIXELS:
        result = locality_experiment(net, view, pixel, stage)
        sees = [
            np.array([first <= place < end for first, end in intervals(layers, length)])
            for place, length in zip(pixel, result.change.shape, strict=True)
        ]
        can_see = np.outer(*sees)
        assert not (result.change > 0)[~can_see].any()
        assert result.moved <= result.inside
        assert result.change[can_see].max() > 0


def intervals(layers, length):
    return [receptive_interval(layers, cell) for cell in range(length)]


@pytest.mark.parametrize("stage", ["conv1", "pool1", "fire2"])
def test_a_pixel_in_the_field_moves_the_cell(net, view, stage):
    x0, y0, x1, y1 = map(int, locality_experiment(net, view, (0, 0), stage).box)
    for pixel in {(y0, x0), (y1 - 1, x1 - 1), (y0, x1 - 1), ((y0 + y1) // 2, (x0 + x1) // 2)}:
        result = locality_experiment(net, view, pixel, stage)
        assert result.inside
        # A corner may lose in max pooling; the middle is seen by every window.
        if stage == "conv1" or pixel == ((y0 + y1) // 2, (x0 + x1) // 2):
            assert result.moved
    for pixel in ((y0 - 1, x0), (y0, x0 - 1), (y1, x1 - 1), (y1 - 1, x1)):
        result = locality_experiment(net, view, pixel, stage)
        assert not result.inside
        assert not result.moved


def additive(net):
    """The network's geometry with means for maxima and equal positive weights.

    Every pixel in reach then has a positive gradient, and no other.
    """
    features = copy.deepcopy(net.features).double()
    for module in features.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.constant_(module.weight, 1 / module.weight[0].numel())
            nn.init.zeros_(module.bias)
    for index, module in enumerate(features):
        if isinstance(module, nn.MaxPool2d):
            features[index] = nn.AvgPool2d(
                module.kernel_size, module.stride, module.padding, module.ceil_mode
            )
    return features


@pytest.mark.parametrize("stage", NAMES)
def test_the_box_is_what_the_gradient_reaches(net, view, stage):
    result = locality_experiment(net, view, (0, 0), stage)
    pixels = torch.ones(1, 3, SIDE, SIDE, dtype=torch.float64, requires_grad=True)
    maps = additive(net)[: stage_named(stage).index + 1](pixels)
    assert maps.shape[2:] == result.change.shape
    (gradient,) = torch.autograd.grad(maps[0].sum(0)[result.cell], pixels)
    rows, cols = np.nonzero(gradient[0].sum(0).numpy())
    assert result.box == (cols.min(), rows.min(), cols.max() + 1, rows.max() + 1)
    cut = cols.min() == 0 or cols.max() == SIDE - 1
    assert (len(set(cols)) == result.field) != cut


def test_fields_grow_with_depth(net):
    fields = [receptive_field(geometry_up_to(net, name)) for name in NAMES]
    assert fields[0] == 3
    assert fields == sorted(set(fields))


@pytest.mark.parametrize("stage", ["conv1", "fire3", "fire8", "fire9"])
def test_share_counts_every_cell_that_changed_at_all(net, view, stage):
    result = locality_experiment(net, view, (100, 60), stage)
    assert 0 < result.share < 1
    assert result.share == np.count_nonzero(result.change) / result.change.size
    assert result.stage == stage
    assert result.pixel == (100, 60)
    assert result.moved == (result.change[result.cell] > 0)


@pytest.mark.parametrize("pixel", [(-1, 0), (0, 227), (500, 500)])
def test_there_is_no_such_pixel(net, view, pixel):
    with pytest.raises(ValueError, match="There is no pixel"):
        locality_experiment(net, view, pixel, "conv1")


def test_there_is_no_such_stage(net, view):
    with pytest.raises(ValueError, match="no stage 'conv2'; it has conv1, pool1"):
        locality_experiment(net, view, (0, 0), "conv2")


def test_a_changed_pixel_is_as_different_as_it_can_be(view):
    changed = change_pixel(view, 5, 9)
    assert (np.abs(changed - view)[5, 9] >= 0.5).all()
    changed[5, 9] = view[5, 9]
    np.testing.assert_array_equal(changed, view)


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 900, 3), (300, 451)])
def test_any_photo_becomes_the_networks_view(shape):
    pixels = network_view(np.full(shape, 0.25))
    assert pixels.shape == (SIDE, SIDE, 3)
    np.testing.assert_allclose(pixels, 0.25, atol=1e-6)


# --- the network stage by stage --------------------------------------------------------------


def test_feature_maps_are_what_hooks_see(net, view):
    pixels = nets.preprocess("squeezenet1_1", view, device="cpu")
    seen = {}
    handles = [
        net.features[stage.index].register_forward_hook(
            lambda _module, _inputs, output, name=stage.name: seen.update({name: output})
        )
        for stage in STAGES
    ]
    with torch.no_grad():
        net(pixels)
    for handle in handles:
        handle.remove()
    wanted = ["fire9", "conv1", "pool5"]
    for name, maps in zip(wanted, feature_maps(net, pixels, wanted), strict=True):
        torch.testing.assert_close(maps, seen[name])
        assert maps.min() >= 0


def test_stage_numbers_fit_the_network(net):
    kinds = {"conv": nn.ReLU, "pool": nn.MaxPool2d}
    for stage in STAGES:
        module = net.features[stage.index]
        kind = kinds.get(stage.name[:4])
        assert isinstance(module, kind) if kind else hasattr(module, "expand3x3")
    assert STAGES[-1].index == len(net.features) - 1
