"""The graph and the map without a page."""

import numpy as np
import pytest

from aml4d_utils.topics.backprop.descent_map import DescentMap
from aml4d_utils.topics.backprop.expressions import EXPRESSIONS, ExpressionError
from aml4d_utils.topics.backprop.graph_stepper import graph_stepper
from aml4d_utils.topics.backprop.landscape import Path as Descent

# --- the graph -----------------------------------------------------------------------------------


@pytest.fixture
def stepper():
    return graph_stepper()


def test_it_draws_what_it_computed(stepper):
    graph = stepper.graph
    assert len(graph["boxes"]) == len(stepper.values.values)
    for box, value in zip(graph["boxes"], stepper.values.values, strict=True):
        assert box["value"] == value.data
    assert graph["moves"][-1]["grads"] == pytest.approx(
        [value.grad for value in stepper.values.values]
    )
    assert [box["input"] for box in graph["boxes"] if box["parameter"]] == ["w1", "w2", "b"]


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_example_loads(stepper, name):
    stepper.load(name)
    assert stepper.preset == name and stepper.position == 0
    names = [n for n in stepper.inputs if n[0] in "wb"] or list(stepper.inputs)
    grads = {n: stepper.values.inputs[n].grad for n in names}
    top = max(grads, key=lambda n: abs(grads[n]))
    assert f"most is {top}: " in stepper.summary


def test_a_wrong_formula_keeps_the_old_graph(stepper):
    graph = stepper.graph
    with pytest.raises(ExpressionError):
        stepper.set("w*(x")
    assert stepper.graph is graph
    stepper._on_message(stepper, {"kind": "expression", "value": "w*(x"}, [])
    assert "closing brackets" in stepper.problem
    assert stepper.graph is graph
    stepper._on_message(stepper, {"kind": "expression", "value": "w*x"}, [])
    assert stepper.problem == "" and stepper.preset == "my own"
    assert set(stepper.inputs) == {"w", "x"}


def test_changing_an_input_keeps_the_place(stepper):
    stepper.position = 9
    stepper._on_message(stepper, {"kind": "input", "name": "x2", "value": 0.0}, [])
    assert stepper.position == 9
    assert stepper.values.inputs["w2"].grad == 0
    assert stepper.preset == "one neuron and its cost"


def test_steps_move_weights_and_bias_only_and_lower_the_cost(stepper):
    before = dict(stepper.inputs)
    stepper.rate = 0.5
    costs = [stepper.values.result.data]
    for _ in range(5):
        stepper._on_message(stepper, {"kind": "step"}, [])
        costs.append(stepper.values.result.data)
    assert costs == sorted(costs, reverse=True)
    after = stepper.inputs
    assert all(after[name] == before[name] for name in ("x1", "x2", "y"))
    assert all(after[name] != before[name] for name in ("w1", "w2", "b"))
    assert stepper.costs == costs


def test_a_step_shows_all_that_it_needed(stepper):
    assert stepper.position == 0
    stepper.step()
    assert stepper.position == len(stepper.graph["moves"]) - 1
    assert all(grad is not None for grad in stepper.graph["moves"][-1]["grads"])


def test_only_steps_leave_a_trail_of_costs(stepper):
    first = stepper.values.result.data
    stepper.step()
    stepper._on_message(stepper, {"kind": "input", "name": "y", "value": 9.0}, [])
    edited = stepper.values.result.data
    assert stepper.costs == [edited] and edited > first
    stepper.step()
    assert len(stepper.costs) == 2
    stepper._on_message(stepper, {"kind": "reset"}, [])
    assert stepper.costs == [first] and stepper.position == 0


def test_an_impossible_number_is_said(stepper):
    stepper.set("log(x) * 2", {"x": 1})
    stepper._on_message(stepper, {"kind": "input", "name": "x", "value": -1.0}, [])
    assert "above 0" in stepper.problem
    assert stepper.inputs == {"x": 1}
    stepper._on_message(stepper, {"kind": "input", "name": "x", "value": float("nan")}, [])
    assert "finite" in stepper.problem
    stepper._on_message(stepper, {"kind": "reset"}, [])
    assert stepper.problem == "" and stepper.preset == "one neuron and its cost"


def test_unknown_example(stepper):
    with pytest.raises(ValueError, match="no expression"):
        stepper.load("nothing")


# --- the map -------------------------------------------------------------------------------------


@pytest.fixture
def view():
    return DescentMap(np.array([[3.0, 2.0], [1.0, 4.0]]), (0, 10, -5, 5), ("a", "b"))


def test_the_cross_marks_the_lowest_cost(view):
    assert view.best == [0.0, 5.0]


def test_paths_are_shown_with_words(view):
    path = Descent(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, 0.25]), np.array([0, 7]))
    view.show({"one": path}, {"one": "one at a time"}, "A map with one path, cost 0.25.")
    assert view.paths == [
        {"name": "one at a time", "x": [1, 3], "y": [2, 4], "cost": [0.5, 0.25], "seen": [0, 7]}
    ]
    with pytest.raises(ValueError, match="alt is empty"):
        view.show({"one": path}, {"one": ""}, " ")


@pytest.mark.parametrize(("x", "y", "heard"), [(5, 0, True), (11, 0, False), (np.nan, 0, False)])
def test_the_start_moves_within_the_map(view, x, y, heard):
    places = []
    view.on_start(lambda *place: places.append(place))
    view._on_message(view, {"kind": "start", "x": x, "y": y}, [])
    assert places == ([(x, y)] if heard else [])
