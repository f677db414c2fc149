"""The nudges table: its cells, its mean, its names, its steps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.backprop.backward import backward, mean_cost
from aml4d_utils.topics.backprop.nudges import (
    groups,
    largest_first,
    nudge_table,
    place_of,
    row_name,
    take_step,
)
from aml4d_utils.topics.neurons.network import parameter_name

SIZES = (784, 16, 16, 10)


def test_the_mean_is_minus_the_gradient_of_the_batch(network, batch):
    table = nudge_table(network, *batch)
    gradient = backward(network, *batch).mean()
    assert table.changes.shape == (13002, 16)
    assert np.abs(table.mean + gradient).max() <= 1e-12
    assert np.abs(table.mean - table.changes.mean(axis=1)).max() <= 1e-12


def test_each_column_is_that_examples_own_wish(network, batch):
    x, wanted = batch
    table = nudge_table(network, x, wanted)
    for k in (0, 7, 15):
        alone = backward(network, x[k : k + 1], wanted[k : k + 1])
        np.testing.assert_allclose(table.changes[:, k], -alone.mean(), atol=1e-14)
        assert table.costs[k] == pytest.approx(alone.costs[0])


def test_a_silent_pixel_wants_nothing(network, batch):
    x, wanted = batch
    table = nudge_table(network, x, wanted)
    weights = table.changes[: 784 * 16].reshape(16, 784, 16)
    silent = x.T == 0
    assert (weights[:, silent] == 0).all()
    assert table.untouched >= (x == 0).all(axis=0).sum() * 16 / 13002


def test_agreement_counts_rows_that_somebody_wants():
    class Table:
        changes = np.array([[1, 2], [1, -1], [0, 0], [0, -3], [-1, -1]])

    from aml4d_utils.topics.backprop.nudges import NudgeTable

    table = NudgeTable(Table.changes, Table.changes.mean(1), np.ones(2), np.ones((2, 1)))
    assert table.agreement == 3 / 4
    assert table.untouched == 1 / 5
    empty = NudgeTable(np.zeros((3, 2)), np.zeros(3), np.ones(2), np.ones((2, 1)))
    assert (empty.agreement, empty.untouched) == (1, 1)


def test_steps_go_down_and_too_long_ones_up(network, batch):
    table = nudge_table(network, *batch)
    assert mean_cost(take_step(network, table.mean, 0.5), *batch) < table.cost
    stepped = take_step(network, table.mean, 0.5)
    np.testing.assert_allclose(
        stepped.parameters(), network.parameters() + 0.5 * table.mean, atol=1e-15
    )
    with pytest.raises(ValueError, match="finite"):
        take_step(network, table.mean, float("nan"))


def test_following_one_digit_lowers_its_own_cost(network, batch):
    x, wanted = batch
    table = nudge_table(network, x, wanted)
    after = nudge_table(take_step(network, table.changes[:, 3], 0.2), x, wanted)
    assert after.costs[3] < table.costs[3]


def test_groups_cover_all_rows_once():
    found = groups(SIZES)
    assert found[0].start == 0 and found[-1].stop == 13002
    assert all(a.stop == b.start for a, b in zip(found, found[1:], strict=False))
    assert all(g.stop - g.start == g.neurons * g.inputs for g in found)


@given(st.integers(0, 13001))
def test_names_agree_with_the_network(row):
    group, neuron, source = place_of(SIZES, row)
    theirs = parameter_name(SIZES, row)
    assert f"layer {group.layer + 1}, neuron {neuron}" in theirs
    assert theirs.endswith("bias" if group.kind == "biases" else f"weight {source}")
    name = row_name(SIZES, row)
    assert name.endswith(f"{'output' if group.layer == 2 else 'neuron'} {neuron}")
    assert ("bias" in name) == (group.kind == "biases")


def test_names_say_where_from_and_where_to():
    assert row_name(SIZES, 784 * 3 + 28 * 12 + 7) == "pixel (12, 7) → hidden 1, neuron 3"
    assert row_name(SIZES, 12544) == "bias of hidden 1, neuron 0"
    assert row_name(SIZES, 12560 + 16 * 2 + 5) == "hidden 1, neuron 5 → hidden 2, neuron 2"
    assert row_name(SIZES, 12832 + 16 * 9 + 15) == "hidden 2, neuron 15 → output 9"
    assert row_name((3, 2), 0) == "input 0 → output 0"
    for wrong in (-1, 13002):
        with pytest.raises(ValueError, match="no row"):
            row_name(SIZES, wrong)


def test_largest_first_ignores_the_sign_and_keeps_ties_in_order():
    assert largest_first(np.array([0.1, -3.0, 0.0, 3.0, 2.0])).tolist() == [1, 3, 4, 0, 2]
