"""Units, the untrained network, and switching off."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.dissection import units
from aml4d_utils.topics.dissection.units import LAYERS, UNITS, Unit


def test_the_layers_are_those_of_the_network(net):
    maps = units.answers(net, [np.zeros((227, 227, 3))])
    assert [m.shape[1] for m in maps] == list(LAYERS.values())
    assert UNITS == 64 + 2560


@given(st.integers(0, UNITS - 1))
def test_numbers_and_units_go_both_ways(number):
    assert units.unit_index(units.unit_at(number)) == number


@pytest.mark.parametrize("number", [-1, UNITS])
def test_there_are_no_other_units(number):
    with pytest.raises(ValueError, match="from 0 to 2623"):
        units.unit_at(number)


@pytest.mark.parametrize("unit", [Unit("fire1", 0), Unit("conv1", 64), Unit("fire9", -1)])
def test_wrong_units_are_named(net, unit):
    with pytest.raises(ValueError, match=str(unit)):
        units.unit_index(unit)
    with pytest.raises(ValueError, match=str(unit)), units.switched_off(net, [unit]):
        pass


@pytest.mark.parametrize("layer", ["conv1", "fire4", "fire9"])
def test_a_unit_that_is_off_answers_zero_and_what_follows_changes(net, cat, layer):
    off = [Unit(layer, 1), Unit(layer, 7)]
    pixels = units.to_input(net, [cat])
    before, said = units.answers(net, [cat], [layer])[0], net(pixels)
    with units.switched_off(net, off):
        during, instead = units.answers(net, [cat], [layer])[0], net(pixels)
    assert during[:, [1, 7]].abs().max() == 0
    kept = [k for k in range(LAYERS[layer]) if k not in (1, 7)]
    torch.testing.assert_close(during[:, kept], before[:, kept])
    assert not torch.equal(said, instead)
    torch.testing.assert_close(net(pixels), said)


def test_the_network_is_whole_again_after_an_error(net, cat):
    before = units.answers(net, [cat], ["fire2"])[0]
    with pytest.raises(RuntimeError), units.switched_off(net, [Unit("fire2", 0)]):
        raise RuntimeError
    torch.testing.assert_close(units.answers(net, [cat], ["fire2"])[0], before)


def test_the_untrained_network_repeats_and_leaves_the_random_state(net):
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    one, same, other = (units.untrained_net(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.rand(1), expected)
    weight = one.features[0].weight
    assert torch.equal(weight, same.features[0].weight)
    assert not torch.equal(weight, other.features[0].weight)
    assert weight.shape == net.features[0].weight.shape
