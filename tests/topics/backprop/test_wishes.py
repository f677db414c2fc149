"""The three steps for one neuron: proportions, sums and means."""

import numpy as np
import pytest

from aml4d_utils.topics.backprop.backward import backward, mean_cost
from aml4d_utils.topics.backprop.nudges import nudge_table, place_of
from aml4d_utils.topics.backprop.wishes import wishes


@pytest.mark.parametrize(("layer", "neuron"), [(0, 3), (1, 0), (1, 15), (2, 9)])
def test_wishes_are_proportional(network, batch, layer, neuron):
    one = wishes(network, *batch, 5, layer, neuron)
    np.testing.assert_allclose(one.weight_changes, one.strength * one.previous, atol=1e-15)
    np.testing.assert_allclose(one.passed_back, one.strength * one.weights, atol=1e-15)
    assert np.sign(one.wish) == np.sign(one.strength)


@pytest.mark.parametrize(("layer", "neuron"), [(0, 3), (1, 0), (2, 9)])
def test_they_are_the_cells_of_the_nudges_table(network, batch, layer, neuron):
    one = wishes(network, *batch, 5, layer, neuron)
    table = nudge_table(network, *batch)
    rows = [
        row
        for row in range(13002)
        if place_of(network.sizes, row)[:2] == (place_of(network.sizes, row)[0], neuron)
        and place_of(network.sizes, row)[0].layer == layer
    ]
    np.testing.assert_allclose(table.changes[rows[:-1], 5], one.weight_changes, atol=1e-15)
    np.testing.assert_allclose(table.mean[rows[:-1]], one.mean_changes, atol=1e-15)
    assert table.changes[rows[-1], 5] == pytest.approx(one.strength)


@pytest.mark.parametrize("layer", [1, 2])
def test_step_two_adds_up_over_the_layer(network, batch, layer):
    every = [wishes(network, *batch, 2, layer, j) for j in range(network.sizes[layer + 1])]
    total = np.sum([one.passed_back for one in every], axis=0)
    np.testing.assert_allclose(total, every[0].all_passed_back, atol=1e-14)
    before = wishes(network, *batch, 2, layer - 1, 4)
    assert before.wish == pytest.approx(total[4])


def test_the_first_wish_is_wanted_minus_answer(network, batch):
    x, wanted = batch
    one = wishes(network, x, wanted, 0, 2, 7)
    assert one.wish == pytest.approx(2 * (wanted[0, 7] - one.activation))
    assert one.activation == pytest.approx(backward(network, x, wanted).forward.output[0, 7])


def test_the_way_back_reaches_the_picture(network, batch):
    x, wanted = batch
    one = wishes(network, x, wanted, 0, 0, 0)
    better = x[:1] + 0.01 * one.all_passed_back
    assert mean_cost(network, better, wanted[:1]) < mean_cost(network, x[:1], wanted[:1])


@pytest.mark.parametrize("place", [(0, 3, 0), (0, 2, 10), (16, 0, 0), (-1, 0, 0), (0, -1, 0)])
def test_no_such_neuron(network, batch, place):
    with pytest.raises(ValueError, match="There is no"):
        wishes(network, *batch, *place)
