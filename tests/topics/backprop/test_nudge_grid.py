"""The nudges table without a page: state → numbers, steps, undo, refusals."""

import numpy as np
import pytest

from aml4d_utils.topics.backprop.backward import backward
from aml4d_utils.topics.backprop.nudge_grid import COUNTS, FIRST_DIGITS, NudgeGrid, nudge_grid
from aml4d_utils.topics.neurons.digit_training import one_hot
from aml4d_utils.topics.neurons.network import random_network


@pytest.fixture(scope="module")
def made():
    return nudge_grid()


@pytest.fixture
def grid(made):
    made.reset()
    return made


def shown(grid):
    """The cells as the page gets them, (P, B + 1)."""
    return np.frombuffer(grid.cells, "<f4").reshape(13002, len(grid.examples) + 1)


def test_it_begins_with_the_lectures_digits(grid):
    assert [example["label"] for example in grid.examples] == list(FIRST_DIGITS)
    assert [example["label"] for example in grid.examples][:5] == [2, 1, 6, 2, 7]
    assert len({grid.pictures[k * 784 : (k + 1) * 784] for k in range(8)}) == 8


@pytest.mark.parametrize("count", COUNTS)
def test_the_page_gets_minus_the_gradient(grid, count):
    grid.set(count=count)
    pixels = np.frombuffer(grid.pictures, np.uint8).reshape(count, 784) / 255
    labels = [example["label"] for example in grid.examples]
    result = backward(grid.network, pixels, one_hot(labels, 10))
    np.testing.assert_allclose(shown(grid)[:, :count], -result.per_example().T, atol=1e-6)
    np.testing.assert_allclose(shown(grid)[:, count], -result.mean(), atol=1e-6)
    assert np.abs(grid.table.mean + result.mean()).max() < 1e-12
    np.testing.assert_allclose([e["cost"] for e in grid.examples], result.costs)
    assert [e["guess"] for e in grid.examples] == result.forward.output.argmax(1).tolist()


def test_a_step_and_back(grid):
    first, cells = grid.network, grid.cells
    cost = grid.table.cost
    before = [example["cost"] for example in grid.examples]
    grid.step(1.0)
    np.testing.assert_allclose(
        grid.network.parameters() - first.parameters(),
        1.0 * -backward(first, grid._inputs, one_hot(grid._labels, 10)).mean(),
        atol=1e-12,
    )
    assert grid.table.cost < cost
    assert [example["before"] for example in grid.examples] == before
    assert grid.history == [cost, grid.table.cost]
    grid.step(0.5)
    assert len(grid.history) == 3
    grid.undo()
    grid.undo()
    assert grid.cells == cells and grid.history == [cost]
    assert all(example["before"] is None for example in grid.examples)
    grid.undo()
    assert grid.cells == cells


def test_undo_remembers_the_step_before(grid):
    start = [example["cost"] for example in grid.examples]
    grid.step(1.0)
    one = [example["cost"] for example in grid.examples]
    grid.step(1.0)
    assert [example["before"] for example in grid.examples] == one
    grid.undo()
    assert [example["before"] for example in grid.examples] == start


def test_following_one_digit(grid):
    costs = grid.table.costs
    for _ in range(3):
        grid.step(0.5, column=1)
    assert grid.table.costs[1] < costs[1]
    assert (grid.table.costs > costs).any() or grid.table.cost > 0


def test_the_trained_network_knows_them(grid):
    grid.set(start="trained")
    assert sum(e["guess"] == e["label"] for e in grid.examples) >= 7
    assert grid.table.cost < 0.5


def test_choosing_begins_anew(grid):
    grid.step(1.0)
    grid.set(count=4)
    assert len(grid.history) == 1 and len(grid.examples) == 4
    grid.step(1.0)
    grid.other_digits()
    assert len(grid.history) == 1
    labels = [e["label"] for e in grid.examples]
    grid.reset()
    grid.set(count=4)
    assert grid.pictures and [e["label"] for e in grid.examples] == list(FIRST_DIGITS[:4])
    grid.other_digits()
    assert [e["label"] for e in grid.examples] == labels, "the same seed, the same digits"


def test_own_digit_comes_first(grid):
    own = np.zeros((28, 28))
    own[5:23, 13:15] = 1
    grid.add_digit(own, 1)
    assert grid.examples[0]["label"] == 1
    assert [e["label"] for e in grid.examples][1:] == list(FIRST_DIGITS[:7])
    np.testing.assert_array_equal(np.frombuffer(grid.pictures[:784], np.uint8), 255 * own.ravel())
    grid.set(count=1)
    assert len(grid.examples) == 1 and grid.examples[0]["label"] == 1
    grid.other_digits()
    assert len(grid.examples) == 1


@pytest.mark.parametrize(
    ("picture", "label", "says"),
    [
        (np.zeros((28, 28)), 3, "nothing on the pad"),
        (np.ones((20, 20)), 3, "28 × 28"),
        (np.full((28, 28), np.nan), 3, "28 × 28"),
        (np.ones((28, 28)), 11, "between 0 and 9"),
    ],
)
def test_what_is_no_digit_is_refused(grid, picture, label, says):
    before = grid.cells
    with pytest.raises(ValueError, match=says):
        grid.add_digit(picture, label)
    assert grid.cells == before


@pytest.mark.parametrize(
    "work",
    [
        lambda g: g.step(0),
        lambda g: g.step(float("nan")),
        lambda g: g.step(1, column=8),
        lambda g: g.step(1, column=-2),
        lambda g: g.set(count=3),
        lambda g: g.set(start="half"),
    ],
)
def test_refusals_change_nothing(grid, work):
    before = (grid.cells, grid.count, grid.start, list(grid.history))
    with pytest.raises(ValueError):
        work(grid)
    assert before == (grid.cells, grid.count, grid.start, list(grid.history))


def test_messages_do_the_same(grid):
    send = grid._on_message
    send(grid, {"kind": "step", "rate": 1.0, "column": -1}, [])
    assert len(grid.history) == 2
    send(grid, {"kind": "undo"}, [])
    send(grid, {"kind": "count", "value": 16}, [])
    assert len(grid.examples) == 16
    send(grid, {"kind": "start", "value": "trained"}, [])
    assert grid.start == "trained"
    send(grid, {"kind": "other"}, [])
    with pytest.raises(ValueError):
        send(grid, {"kind": "count", "value": 5}, [])
    assert "columns" in grid.problem
    send(grid, {"kind": "reset"}, [])
    assert (grid.count, grid.start, grid.problem) == (8, "untrained", "")


def test_a_far_too_long_step_stays_finite(grid):
    for _ in range(4):
        grid.step(1000)
    assert np.isfinite(shown(grid)).all()
    assert np.isfinite(grid.history).all()
    assert all(group["limit"] > 0 for group in grid.groups)


def test_the_sentence_counts(grid):
    grid.set(count=1)
    assert "this digit leaves alone" in grid.summary
    one = grid.summary
    grid.set(count=8)
    assert f"{100 * grid.table.agreement:.0f} %" in grid.summary != one


def test_any_network_of_that_shape():
    net = random_network((784, 16, 16, 10), np.random.default_rng(3), hidden="ReLU")
    pictures = np.random.default_rng(0).random((40, 28, 28))
    grid = NudgeGrid({"mine": net}, pictures, np.arange(40) % 10)
    assert grid.starts == ["mine"] and grid.start == "mine"
    grid.step(0.1)
