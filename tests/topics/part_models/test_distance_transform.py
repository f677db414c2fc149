import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from aml4d_utils.topics.part_models.distance_transform import (
    Spring,
    best_places,
    distance_transform,
    upper_envelope,
)

springs = st.builds(Spring, st.floats(-3, 3), st.floats(0.01, 4))
heights = st.floats(-20, 20, width=32)
lines = arrays(np.float64, st.integers(1, 25), elements=heights)
maps = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=heights)


def brute_force_line(matches, spring):
    places = np.arange(len(matches))
    return np.array([(matches - spring.cost(places - anchor)).max() for anchor in places])


def brute_force_map(matches, down, across):
    best = np.full(matches.shape, -np.inf)
    for row, col in np.ndindex(matches.shape):
        for r, c in np.ndindex(matches.shape):
            score = matches[r, c] - down.linear * (r - row) - down.quadratic * (r - row) ** 2
            score -= across.linear * (c - col) + across.quadratic * (c - col) ** 2
            best[row, col] = max(best[row, col], score)
    return best


@given(lines, springs)
def test_a_line_is_what_trying_everything_finds(matches, spring):
    found = upper_envelope(matches, spring)
    np.testing.assert_allclose(found.values, brute_force_line(matches, spring), atol=1e-9)


@given(lines, springs)
def test_the_named_sources_reach_the_values(matches, spring):
    found = upper_envelope(matches, spring)
    anchors = np.arange(len(matches))
    reached = matches[found.sources] - spring.cost(found.sources - anchors)
    np.testing.assert_array_equal(reached, found.values)


@given(lines, springs)
def test_the_tops_and_borders_are_in_order(matches, spring):
    found = upper_envelope(matches, spring)
    assert len(found.borders) == len(found.tops) - 1
    assert (np.diff(found.tops) > 0).all()
    assert (np.diff(found.borders) > 0).all()
    assert set(found.sources) <= set(found.tops)


@given(maps, springs, springs)
def test_a_map_is_what_trying_everything_finds(matches, down, across):
    expected = brute_force_map(matches, down, across)
    for transform in (distance_transform, best_places):
        np.testing.assert_allclose(transform(matches, down, across).scores, expected, atol=1e-9)


@given(maps, springs, springs)
def test_the_places_of_a_map_reach_its_scores(matches, down, across):
    rows, cols = np.indices(matches.shape)
    for transform in (distance_transform, best_places):
        found = transform(matches, down, across)
        cost = down.cost(found.rows - rows) + across.cost(found.cols - cols)
        reached = matches[found.rows, found.cols] - cost
        np.testing.assert_allclose(reached, found.scores, atol=1e-9)


@given(maps, springs, springs)
def test_a_spring_without_a_linear_part_never_lowers_a_match(matches, down, across):
    down, across = Spring(0.0, down.quadratic), Spring(0.0, across.quadratic)
    assert (best_places(matches, down, across).scores >= matches).all()


def test_large_maps_agree_too():
    matches = np.random.default_rng(0).normal(size=(41, 57)) * 3
    down, across = Spring(0.05, 0.02), Spring(-0.1, 0.004)
    loops, fast = distance_transform(matches, down, across), best_places(matches, down, across)
    np.testing.assert_allclose(fast.scores, loops.scores, atol=1e-9)
    np.testing.assert_array_equal(fast.rows, loops.rows)
    np.testing.assert_array_equal(fast.cols, loops.cols)


def test_a_constant_map_stays_where_it_is():
    found = best_places(np.full((4, 5), 2.5), Spring(0.0, 1.0), Spring(0.0, 1.0))
    np.testing.assert_array_equal(found.scores, 2.5)
    np.testing.assert_array_equal(found.rows, np.indices((4, 5))[0])


def test_a_linear_term_moves_the_cheapest_place():
    matches = np.zeros(9)
    found = upper_envelope(matches, Spring(linear=-2.0, quadratic=0.5))
    assert found.sources[:6].tolist() == [2, 3, 4, 5, 6, 7]
    assert found.values[0] == pytest.approx(2.0)


@pytest.mark.parametrize("linear, quadratic", [(0, 0), (0, -1), (np.nan, 1), (0, np.inf)])
def test_a_spring_that_pulls_nowhere_is_refused(linear, quadratic):
    with pytest.raises(ValueError, match="quadratic one above 0"):
        Spring(linear, quadratic)


@pytest.mark.parametrize(
    "matches, words",
    [
        (np.zeros((0, 3)), "rows and columns"),
        (np.zeros(4), "rows and columns"),
        (np.array([[0, np.nan]]), "NaN"),
    ],
)
def test_unusable_matches_are_refused(matches, words):
    for transform in (distance_transform, best_places):
        with pytest.raises(ValueError, match=words):
            transform(matches, Spring(0, 1), Spring(0, 1))
    with pytest.raises(ValueError, match="a line"):
        upper_envelope(np.zeros((2, 2)), Spring(0, 1))
