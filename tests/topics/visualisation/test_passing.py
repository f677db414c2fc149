"""The way back agrees with captum and with autograd, for every rule, layer and place."""

import captum.attr
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.squeezenet_layers import stage_named
from aml4d_utils.topics.convolution.training import SmallCNN
from aml4d_utils.topics.visualisation.passing import (
    ANSWER,
    RULES,
    SCORES,
    Signal,
    back_by_gradient,
    one_cell,
    small_cnn_chain,
    squeezenet_chain,
)
from aml4d_utils.topics.visualisation.projection import LAYERS

# captum says that it sets hooks, as it should
pytestmark = pytest.mark.filterwarnings("ignore:Setting backward hooks:UserWarning")

CLOSE = 1e-4


@pytest.fixture(scope="module")
def pixels(photo):
    return nets.preprocess("squeezenet1_1", photo, "cpu")


@pytest.fixture(scope="module")
def trace(net, pixels):
    return squeezenet_chain(net).forward(pixels)


def relative(one, other):
    return float((one - other).abs().max() / other.abs().max())


def up_to(net, layer):
    return nn.Sequential(*net.features[: stage_named(layer).index + 1])


def strongest(maps):
    return np.unravel_index(int(maps[0].argmax()), maps.shape[1:])


def test_forward_is_the_networks_own(net, pixels, trace):
    with torch.no_grad():
        torch.testing.assert_close(trace.maps(ANSWER).flatten(1), net(pixels), rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(
            trace.maps("fire5"), net.features[:8](pixels), rtol=1e-4, atol=1e-2
        )


def test_maps_alone_are_those_of_the_whole_way(net, pixels, trace):
    assert torch.equal(squeezenet_chain(net).maps(pixels, "fire5"), trace.maps("fire5"))


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("place", ["strongest", "top left", "bottom right"])
def test_every_rule_agrees_with_captum(net, pixels, trace, layer, place):
    maps = trace.maps(layer)
    if place == "strongest":
        cell = strongest(maps)
    else:
        at = 0 if place == "top left" else -1
        row, col = np.arange(maps.shape[2])[at], np.arange(maps.shape[3])[at]
        cell = (int(maps[0, :, row, col].argmax()), int(row), int(col))
    part = up_to(net, layer)
    target = tuple(int(number) for number in cell)
    methods = {
        "gradient": captum.attr.Saliency(part),
        "guided": captum.attr.GuidedBackprop(part),
        "deconvnet": captum.attr.Deconvolution(part),
    }
    for rule, method in methods.items():
        given = pixels.clone().requires_grad_(True)
        options = {"abs": False} if rule == "gradient" else {}
        expected = method.attribute(given, target=target, **options).detach()
        ours = trace.back(one_cell(maps, *target), layer, RULES[rule])
        assert expected.abs().max() > 0
        assert relative(ours, expected) < CLOSE, rule


@pytest.mark.parametrize("index", [285, 967])
def test_a_class_agrees_with_autograd(net, pixels, trace, index):
    given = pixels.clone().requires_grad_(True)
    (expected,) = torch.autograd.grad(net(given)[0, index], given)
    start = one_cell(trace.maps(ANSWER), index, 0, 0)
    assert relative(trace.back(start, ANSWER, back_by_gradient), expected) < CLOSE


def test_a_stop_on_the_way_agrees_with_autograd(net, pixels, trace):
    middle = net.features[:8](pixels).detach().requires_grad_(True)
    score = net.classifier(net.features[8:](middle)).flatten()[281]
    (expected,) = torch.autograd.grad(score, middle)
    start = one_cell(trace.maps(ANSWER), 281, 0, 0)
    ours = trace.back(start, ANSWER, back_by_gradient, until="fire5")
    assert relative(ours, expected) < CLOSE


@settings(max_examples=12)
@given(
    layer=st.sampled_from(["conv1", "pool1", "fire2", "pool3", "fire4", "pool5", "fire6", SCORES]),
    rule=st.sampled_from(sorted(RULES)),
    seed=st.integers(0, 2**16),
)
def test_the_way_back_is_linear_in_what_gets_through(trace, layer, rule, seed):
    """Twice the signal comes back twice as strong; two far cells come back as their sum."""
    maps = trace.maps(layer)
    rng = np.random.default_rng(seed)
    cells = [[int(rng.integers(n)) for n in maps.shape[1:]] for _ in range(2)]
    one, other = (one_cell(maps, *cell) for cell in cells)
    back = {k: trace.back(k_signal, layer, RULES[rule]) for k, k_signal in enumerate((one, other))}
    twice = trace.back(2 * one, layer, RULES[rule])
    torch.testing.assert_close(twice, 2 * back[0], rtol=1e-4, atol=1e-6)
    if rule == "gradient":
        both = trace.back(one + other, layer, RULES[rule])
        scale = float(both.abs().max()) or 1.0
        torch.testing.assert_close(both / scale, (back[0] + back[1]) / scale, rtol=1e-3, atol=1e-5)


def test_guided_lets_through_what_both_others_let_through():
    signal = torch.tensor([2.0, 2.0, -2.0, -2.0, 0.0, 2.0])
    came_in = torch.tensor([1.0, -1.0, 1.0, -1.0, 1.0, 0.0])
    assert RULES["gradient"](signal, came_in).tolist() == [2, 0, -2, 0, 0, 0]
    assert RULES["deconvnet"](signal, came_in).tolist() == [2, 2, 0, 0, 0, 2]
    assert RULES["guided"](signal, came_in).tolist() == [2, 0, 0, 0, 0, 0]


def test_the_small_cnn_agrees_with_autograd():
    torch.manual_seed(3)
    cnn, images = SmallCNN(), torch.rand(2, 1, 28, 28, requires_grad=True)
    trace = small_cnn_chain(cnn).forward(images.detach())
    maps = torch.relu(cnn.second(torch.max_pool2d(cnn.maps(images), 2)))
    torch.testing.assert_close(trace.maps("second"), maps)
    (expected,) = torch.autograd.grad(maps[1, 7, 3, 9], images)
    start = one_cell(trace.maps("second"), 7, 3, 9, picture=1)
    torch.testing.assert_close(trace.back(start, "second", back_by_gradient), expected)


def test_a_signal_is_its_window():
    maps = torch.zeros(1, 2, 5, 6)
    maps[0, 1, 2, 3] = maps[0, 0, 3, 1] = 1
    window = Signal.of(maps)
    assert (window.top, window.left, tuple(window.values.shape)) == (2, 1, (1, 2, 2, 3))
    assert torch.equal(window.whole(maps.shape), maps)
    assert not Signal.of(torch.zeros(1, 2, 5, 6)).whole(maps.shape).any()


def test_what_does_not_exist_is_refused(trace):
    with pytest.raises(ValueError, match="no stage 'conv7'; it has conv1"):
        trace.maps("conv7")
    with pytest.raises(ValueError, match="no cell"):
        one_cell(trace.maps("conv1"), 64, 0, 0)
    with pytest.raises(ValueError, match="no cell"):
        one_cell(trace.maps("conv1"), 0, 0, -1)
