"""Even shifts move the real network's first maps along exactly; odd ones and turns do not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils import nets
from aml4d_utils.nets.squeezenet_layers import SIDE
from aml4d_utils.topics.convolution.shifting import (
    MARGIN,
    equivariance_error,
    shift_experiment,
    turn_experiment,
    turned_disc,
    window,
    with_margin,
)


@pytest.fixture(scope="module")
def wide(photo):
    return with_margin(photo)


EVEN = [(2, 0), (0, -2), (8, 8), (-40, 40), (14, -36)]
ODD = [(1, 0), (0, 1), (9, 9), (-3, 5), (39, -39)]


@pytest.mark.parametrize("shift", EVEN)
@pytest.mark.parametrize("unit", [0, 1, 33, 63])
def test_even_shifts_are_exact(net, wide, shift, unit):
    result = shift_experiment(net, wide, *shift, unit)
    rows, cols = shift[0] // 2, shift[1] // 2
    assert result.error < 1e-6
    there = result.map_after[20:90, 20:90]
    moved = result.map_before[20 - rows : 90 - rows, 20 - cols : 90 - cols]
    np.testing.assert_allclose(there, moved, atol=1e-4 * max(1, moved.max()))
    assert result.pixels_changed > 0.01


@pytest.mark.parametrize("shift", ODD)
def test_odd_shifts_are_not(net, wide, shift):
    assert shift_experiment(net, wide, *shift, 1).error > 0.02


def test_no_shift_changes_nothing(net, wide):
    result = shift_experiment(net, wide, 0, 0)
    assert (result.error, result.pixels_changed) == (0, 0)
    assert result.pooled_similarity == pytest.approx(1, abs=1e-6)
    assert result.top_after == result.names[0]
    np.testing.assert_allclose(result.before, result.after, atol=1e-6)


def test_the_answers_are_the_networks(net, wide):
    result = shift_experiment(net, wide, 6, -10)
    for view, chances in ((result.photo_before, result.before), (result.photo_after, result.after)):
        said = {p.label: p.probability for p in nets.classify("squeezenet1_1", view, 1000, net)}
        expected = [said[name] for name in result.names]
        np.testing.assert_allclose(chances, expected, atol=1e-5)
    top = nets.classify("squeezenet1_1", result.photo_after, 1, net)[0].label
    assert result.top_after == top
    assert (np.diff(result.before) <= 0).all()
    assert (result.rows, result.cols) == (6, -10)


def test_the_network_is_not_changed(net, wide):
    before = [p.clone() for p in net.parameters()]
    shift_experiment(net, wide, 3, 3)
    assert all((a == b).all() for a, b in zip(before, net.parameters(), strict=True))


@pytest.mark.parametrize("unit", [-1, 64])
def test_unknown_feature_map(net, wide, unit):
    with pytest.raises(ValueError, match=f"numbered 0 to 63; got {unit}"):
        shift_experiment(net, wide, 0, 0, unit)


# --- the window ------------------------------------------------------------------------------


def test_margin_leaves_room_for_the_largest_shift(wide):
    assert wide.shape == (SIDE + 2 * MARGIN,) * 2 + (3,)
    for rows in (-MARGIN, 0, MARGIN):
        for cols in (-MARGIN, 0, MARGIN):
            assert window(wide, rows, cols).shape == (SIDE, SIDE, 3)


def test_content_moves_down_and_to_the_right(wide):
    start, moved = window(wide, 0, 0), window(wide, 5, 12)
    np.testing.assert_array_equal(moved[5:, 12:], start[:-5, :-12])


@pytest.mark.parametrize("shift", [(MARGIN + 1, 0), (0, -MARGIN - 1), (400, 0)])
def test_larger_shifts_are_refused(net, wide, shift):
    with pytest.raises(ValueError, match="at most 40 pixels"):
        window(wide, *shift)
    with pytest.raises(ValueError, match="at most 40 pixels"):
        shift_experiment(net, wide, *shift)


# --- equivariance_error ----------------------------------------------------------------------


@given(st.integers(-7, 7), st.integers(-7, 7), st.integers(0, 2**31))
def test_a_moved_map_has_no_error(rows, cols, seed):
    before = np.random.default_rng(seed).random((8, 8))
    after = np.roll(before, (rows, cols), axis=(0, 1))
    assert equivariance_error(before, after, rows, cols) == 0


@given(st.integers(-3, 3), st.integers(-3, 3), st.floats(0.1, 9), st.integers(0, 2**31))
def test_the_error_is_relative(rows, cols, factor, seed):
    before, after = np.random.default_rng(seed).random((2, 8, 8)) + 0.1
    error = equivariance_error(before, after, rows, cols)
    assert error > 0
    assert equivariance_error(factor * before, factor * after, rows, cols) == pytest.approx(error)
    assert equivariance_error(before, np.zeros((8, 8)), rows, cols) == pytest.approx(1)
    back = equivariance_error(after, before, -rows, -cols)
    assert (back > 0) and np.isfinite(back)


def test_what_leaves_the_overlap_does_not_count():
    before = np.random.default_rng(0).random((6, 6))
    after = np.roll(before, (2, -1), axis=(0, 1))
    after[:2] = 99
    after[:, -1] = 99
    assert equivariance_error(before, after, 2, -1) == 0


def test_an_empty_map_has_no_error():
    assert equivariance_error(np.zeros((4, 4)), np.ones((4, 4)), 0, 1) == 0


@pytest.mark.parametrize(
    ("shape", "shift"), [((4, 4), (4, 0)), ((4, 4), (0, -9)), ((4, 5), (0, 0))]
)
def test_maps_that_do_not_overlap_are_refused(shape, shift):
    with pytest.raises(ValueError, match="do not overlap"):
        equivariance_error(np.ones((4, 4)), np.ones(shape), *shift)


# --- turning ---------------------------------------------------------------------------------


def test_a_full_turn_ends_where_it_began(net, photo):
    steps = list(turn_experiment(net, photo, np.array([0.0, 90, 180, 360])))
    assert [step.fraction for step in steps] == [0.25, 0.5, 0.75, 1]
    assert [len(step.views) for step in steps] == [1, 2, 3, 4]
    result = steps[-1]
    chances = result.chances
    assert chances.shape == (4,)
    assert chances[0] == pytest.approx(chances[3], abs=1e-5)
    assert result.tops[0] == result.tops[3] == result.names[0]
    assert chances.min() < 0.8 * chances[0]
    assert ((chances >= 0) & (chances <= 1)).all()


@pytest.mark.parametrize("leading", [1, 3])
def test_the_curve_adds_up_the_upright_photos_first_classes(net, photo, leading):
    (result,) = turn_experiment(net, photo, np.array([90.0]), leading)
    upright = nets.classify("squeezenet1_1", turned_disc(photo, 0), leading, net)
    assert result.names == tuple(guess.label for guess in upright)
    turned = nets.classify("squeezenet1_1", turned_disc(photo, 90), 1000, net)
    said = {guess.label: guess.probability for guess in turned}
    assert result.chances[0] == pytest.approx(sum(said[n] for n in result.names), abs=1e-5)
    assert result.tops == (turned[0].label,)
    np.testing.assert_array_equal(result.views[0], turned_disc(photo, 90))


def test_the_disc_turns_counter_clockwise(photo):
    upright, quarter = turned_disc(photo, 0), turned_disc(photo, 90)
    np.testing.assert_allclose(np.rot90(upright), quarter, atol=1e-4)
    assert upright.dtype == np.float32
    assert (upright[0, 0] == 0.5).all()
    assert (quarter[0, 0] == 0.5).all()


@pytest.mark.parametrize("degrees", [0, 45, 359.5, -720])
def test_grey_outside_at_every_angle(photo, degrees):
    disc = turned_disc(photo, degrees)
    rows, cols = np.ogrid[:SIDE, :SIDE]
    outside = np.hypot(rows - 113, cols - 113) > 113
    assert (disc[outside] == 0.5).all()
    assert disc.min() >= 0
    assert disc.max() <= 1
