"""A graph of values in the page: type an expression, walk it forward, then backward."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import traitlets

from aml4d_utils.topics.backprop.expressions import (
    EXPRESSIONS,
    ExpressionError,
    Graph,
    build,
    edges_of,
    names_of,
    places_of,
    plain,
    walk,
)
from aml4d_utils.widgets.colours import SIGNED, hex_ramp
from aml4d_utils.widgets.scripts import joined
from aml4d_utils.widgets.widget import LessonWidget, styles

OWN = "my own"
PARAMETERS = ("w", "b")
"""A step changes the inputs whose names begin so; the others are data."""

_LONGEST_TRAIL = 60
"""So many results of steps are kept."""
_HERE = Path(__file__).parent


class GraphStepper(LessonWidget):
    """A graph that can be stepped; made by :func:`graph_stepper`.

    Attributes
    ----------
    expression : str
        What is computed; assigning builds a new graph. If it cannot be read, ``problem`` says why
        and the old graph stays.
    inputs : dict of str to float
        The inputs' numbers; assigning computes anew.
    position : int
        How many moves have been made.
    graph : dict
        Boxes, edges and moves, as the page draws them.
    """

    _esm = joined(_HERE / "graph_stepper.js")
    _css = styles(_HERE / "graph_stepper.css")

    expression = traitlets.Unicode().tag(sync=True)
    preset = traitlets.Unicode().tag(sync=True)
    presets = traitlets.List(list(EXPRESSIONS)).tag(sync=True)
    inputs = traitlets.Dict().tag(sync=True)
    position = traitlets.Int(0, min=0).tag(sync=True)
    graph = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    rate = traitlets.Float(0.5).tag(sync=True)
    costs = traitlets.List(traitlets.Float()).tag(sync=True)
    ramp = traitlets.List(hex_ramp(SIGNED, 33)).tag(sync=True)
    revision = traitlets.Int(0).tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    describes = ("summary",)

    def __init__(self, preset: str):
        super().__init__()
        self._first = preset
        self.values: Graph | None = None
        self.load(preset)
        self.hear(
            preset=lambda content, _buffers: self.load(str(content["value"])),
            expression=lambda content, _buffers: self._try(content["value"], dict(self.inputs)),
            input=self._hear_input,
            step=lambda _content, _buffers: self.step(),
            reset=lambda _content, _buffers: self.load(self._first),
        )

    def load(self, preset: str) -> None:
        """Show one of the expressions of ``EXPRESSIONS``.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        if preset not in EXPRESSIONS:
            raise ValueError(f"There is no expression {preset!r}: {', '.join(EXPRESSIONS)}.")
        text, numbers = EXPRESSIONS[preset]
        self.set(text, numbers)
        self.position = 0
        self.preset = preset

    def set(self, expression: str, inputs: dict[str, float] | None = None) -> None:
        """Show an expression with these numbers; what steps have done before is forgotten.

        Raises
        ------
        ExpressionError
            If it cannot be read or computed; the old graph stays.
        """
        graph = build(expression, inputs)
        drawing = _drawing(graph)
        same = bool(self.graph) and expression == self.expression
        with self.hold_sync():
            self.values = graph
            self.values.result.backward()
            self.expression = expression
            self.preset = OWN
            self.inputs = {name: value.data for name, value in graph.inputs.items()}
            self.graph = drawing
            if not same:
                self.position = 0
            self.costs = [graph.result.data]
            self.summary = describe_graph(graph)
            self.problem = ""
            self.revision += 1

    def step(self, rate: float | None = None) -> None:
        """Move every parameter (names in w or b) against its gradient, and compute anew.

        The walk stands at its end then: a step needs all gradients, so all are shown.
        """
        rate = self.rate if rate is None else rate
        numbers = dict(self.inputs)
        for name, value in self.values.inputs.items():
            if _is_parameter(name):
                numbers[name] = value.data - rate * value.grad
        preset, costs = self.preset, self.costs
        self.set(self.expression, numbers)
        with self.hold_sync():
            self.preset = preset
            self.costs = [*costs, self.values.result.data][-_LONGEST_TRAIL:]
            self.position = len(self.graph["moves"]) - 1
            self.revision += 1

    def _hear_input(self, content: dict[str, Any], _buffers: Any) -> None:
        preset = self.preset
        self._try(self.expression, {**self.inputs, content["name"]: float(content["value"])})
        self.preset = preset

    def _try(self, expression: Any, inputs: dict[str, float]) -> None:
        try:
            self.set(str(expression), inputs)
        except ExpressionError as error:
            self.problem = str(error)
            self.revision += 1


def graph_stepper(preset: str = "one neuron and its cost") -> GraphStepper:
    """Return a graph to step through; ``preset`` is a key of ``expressions.EXPRESSIONS``.

    Examples
    --------
    >>> stepper = graph_stepper("one weight")
    >>> stepper.set("C = (w*x - y)**2", {"w": 1, "x": 2, "y": 5})
    >>> stepper.step(0.1)
    >>> round(stepper.inputs["w"], 3), round(stepper.values.result.data, 3)
    (2.2, 0.36)
    """
    return GraphStepper(preset)


def describe_graph(graph: Graph) -> str:
    """Say what a whole graph computes and which input matters most."""
    name = graph.result.label or "the result"
    words = f"A graph of {len(graph.values)} values; {name} is {plain(graph.result.data)}."
    names = [name for name in graph.inputs if _is_parameter(name)] or list(graph.inputs)
    if names:
        top = max(names, key=lambda key: abs(graph.inputs[key].grad))
        kind = "parameter" if _is_parameter(top) else "input"
        words += f" The {kind} that matters most is {top}: {plain(graph.inputs[top].grad)}."
    return words


def _is_parameter(name: str) -> bool:
    return name[0].lower() in PARAMETERS


def _drawing(graph: Graph) -> dict[str, Any]:
    places, names = places_of(graph), names_of(graph)
    boxes = [
        {
            "label": value.label,
            "name": names[index],
            "operation": value.operation,
            "value": value.data,
            "input": value.label if value.label in graph.inputs else "",
            "parameter": value.label in graph.inputs and _is_parameter(value.label),
            "column": places[index][0],
            "row": places[index][1],
        }
        for index, value in enumerate(graph.values)
    ]
    edges = [
        {"parent": parent, "child": child, "slope": slope}
        for parent, child, slope in edges_of(graph)
    ]
    moves = [
        {
            "kind": move.kind,
            "value": move.value,
            "edge": move.edge,
            "grads": list(move.grads),
            "words": move.words,
        }
        for move in walk(graph)
    ]
    return {"boxes": boxes, "edges": edges, "moves": moves}
