"""One knob turned by hand: held against computing the cost directly, and against the gradient."""

import numpy as np
import pytest

from aml4d_utils.topics.backprop import explorers, figures
from aml4d_utils.topics.backprop.knobs import turn
from aml4d_utils.topics.backprop.nudges import nudge_table
from aml4d_utils.topics.neurons.network import random_network


@pytest.fixture
def example():
    rng = np.random.default_rng(3)
    network = random_network((5, 4, 3), rng)
    return network, rng.random(5), np.array([0.0, 1.0, 0.0])


@pytest.mark.parametrize("row", [0, 19, 20, 25, 38])
def test_the_cost_is_that_of_a_network_with_one_other_parameter(example, row):
    network, x, wanted = example
    moved = network.parameters().copy()
    moved[row] += 0.7
    outputs = [n.forward(x).output[0] for n in (network, network.with_parameters(moved))]
    turned = turn(network, x, wanted, row, 0.7)
    assert [turned.before, turned.after] == pytest.approx(
        [((output - wanted) ** 2).sum() for output in outputs]
    )
    assert turned.value == network.parameters()[row]
    assert turned.costs[20] == turned.before and turned.turns[20] == 0
    assert turned.costs[27] == pytest.approx(turned.after) and turned.turns[27] == pytest.approx(
        0.7
    )


def test_small_turns_come_close_to_the_slope(example):
    network, x, wanted = example
    slopes = -nudge_table(network, x[None], wanted[None]).changes[:, 0]
    for row in (3, 22, 37):
        assert turn(network, x, wanted, row, 1e-6).each_unit == pytest.approx(slopes[row], abs=1e-5)
    assert turn(network, x, wanted, 3, 0.0).each_unit == 0.0


@pytest.mark.parametrize("row", [-1, 39])
def test_there_is_no_other_knob(example, row):
    with pytest.raises(ValueError, match="no parameter"):
        turn(*example, row, 0.1)


def test_the_explorer_says_what_was_turned_and_what_it_did():
    explorer = explorers.knob_explorer()
    turned = explorer.result
    assert turned.after < turned.before
    assert f"from {turned.before:.3f} to {turned.after:.3f}" in explorer.sentence
    assert f"{figures.signed(turned.each_unit)} for each unit" in explorer.sentence
    explorer.set(by=0.0)
    assert "not turned" in explorer.sentence and f"{turned.before:.3f}" in explorer.sentence
    corner = explorers.KNOBS[-1]
    explorer.set(knob=corner, by=2.0)
    assert explorer.result.after == explorer.result.before
    assert "stays at" in explorer.sentence and "(0, 0)" in explorer.sentence


def test_the_whole_curve_is_within_the_axes():
    explorer = explorers.knob_explorer()
    (plot,) = explorer._stage.children
    for knob in explorers.KNOBS:
        explorer.set(knob=knob)
        costs, axis = explorer.result.costs, plot.spec["y"]
        assert axis["low"] < costs.min() and costs.max() < axis["high"]


def test_every_knob_but_the_corner_matters():
    explorer = explorers.knob_explorer()
    for knob in explorers.KNOBS[:-1]:
        explorer.set(knob=knob, by=1.0)
        assert explorer.result.after != explorer.result.before
