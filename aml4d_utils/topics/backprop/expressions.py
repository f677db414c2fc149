"""A formula in words becomes a graph of values, and a walk over it: forward, then backward.

The parser knows numbers, names, ``+ - * / **``, brackets, a few functions and ``name = …``. It
never executes what is typed.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from aml4d_utils.topics.backprop.values import FUNCTIONS, Value

LONGEST = 200
MOST_VALUES = 24
MOST_COLUMNS = 8
DEFAULT_INPUT = 0.5

_SIGNS = {"−": "-", "·": "*", "×": "*", "÷": "/", "^": "**", "²": "**2", "³": "**3", "σ": "sigmoid"}
_OPERATIONS = {
    ast.Add: Value.__add__,
    ast.Sub: Value.__sub__,
    ast.Mult: Value.__mul__,
    ast.Div: Value.__truediv__,
}


class ExpressionError(ValueError):
    """What is wrong with an expression, in one sentence for the student."""


@dataclass(frozen=True)
class Graph:
    """An expression as values.

    Attributes
    ----------
    values : tuple of Value
        Each after its parents; the last one is the result.
    inputs : dict of str to Value
        The named inputs in the order in which the expression mentions them.
    """

    values: tuple[Value, ...]
    inputs: dict[str, Value]

    @property
    def result(self) -> Value:
        """The end of the graph."""
        return self.values[-1]


@dataclass(frozen=True)
class Move:
    """One step of a walk.

    Attributes
    ----------
    kind : str
        ``begin``, ``forward`` (a value is computed), ``turn`` (the end gets gradient 1) or
        ``backward`` (a gradient goes along one edge).
    value : int
        The value that is computed, or whose parent gets a share; its place in the graph.
    edge : int
        The edge that is walked backwards, else -1.
    grads : tuple of (float or None)
        The gradient of each value after this move, None where none has arrived.
    words : str
        What happens, with its numbers.
    """

    kind: str
    value: int
    edge: int
    grads: tuple[float | None, ...]
    words: str


def build(text: str, inputs: Mapping[str, float] | None = None) -> Graph:
    """Turn an expression into a graph of values.

    Parameters
    ----------
    text : str
        One formula, or several ``name = formula`` separated by ``;``; the last is the result.
    inputs : mapping of str to float, optional
        The inputs' numbers; 0.5 for those not named here.

    Raises
    ------
    ExpressionError
        With one sentence about what is wrong.

    Examples
    --------
    >>> graph = build("z = w*x + b; (sigmoid(z) - y)**2", {"w": 1, "x": 2, "b": -2, "y": 1})
    >>> graph.result.data
    0.25
    >>> [value.operation for value in graph.values if value.operation]
    ['×', '+', 'σ', '−', '^2']
    """
    builder = _Builder(dict(inputs or {}))
    try:
        result = builder.run(_parsed(text))
    except ExpressionError:
        raise
    except (ValueError, TypeError, ZeroDivisionError, OverflowError) as error:
        raise ExpressionError(str(error)) from error
    if not result.parents:
        raise ExpressionError("There is nothing to compute yet: combine at least two values.")
    values = result.history()
    if len(values) > MOST_VALUES:
        raise ExpressionError(
            f"The graph would have {len(values)} boxes; at most {MOST_VALUES} can be shown."
        )
    used = {id(value) for value in values}
    named = {name: value for name, value in builder.inputs.items() if id(value) in used}
    for name in builder.assigned:
        if not builder.is_used(name, used):
            raise ExpressionError(f"You compute {name} but never use it.")
    return Graph(tuple(values), named)


def _parsed(text: str) -> list[ast.stmt]:
    if not isinstance(text, str) or not text.strip():
        raise ExpressionError("Type a formula, for example (w*x - y)**2.")
    if len(text) > LONGEST:
        raise ExpressionError(f"The formula has {len(text)} signs; at most {LONGEST} are read.")
    for sign, plain in _SIGNS.items():
        text = text.replace(sign, plain)
    odd = re.search(r"[^\w\s.+\-*/();=,]", text)
    if odd:
        raise ExpressionError(f"The sign {odd[0]} has no meaning here.")
    product = re.search(r"(?<![\w.])(\d+\.?\d*)\s*([A-Za-z(])(?![+-]?\d)", text)
    if product:
        raise ExpressionError(
            f"Write the multiplication: {product[1]}*{product[2]}, not {product[1]}{product[2]}."
        )
    if text.count("(") != text.count(")"):
        raise ExpressionError(
            f"There are {text.count('(')} opening and {text.count(')')} closing brackets."
        )
    lines = [line.strip() for line in re.split(r"[;\n]", text) if line.strip()]
    statements = []
    for line in lines:
        try:
            statements += ast.parse(line).body
        except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
            raise ExpressionError(f"“{line}” is not a complete formula.") from error
    return statements


class _Builder:
    """Walks the parsed formula; no part of it is ever executed as Python."""

    def __init__(self, numbers: dict[str, float]):
        self.numbers = numbers
        self.inputs: dict[str, Value] = {}
        self.assigned: dict[str, Value] = {}

    def run(self, statements: list[ast.stmt]) -> Value:
        result = None
        for statement in statements:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                name = statement.targets[0].id
                if len(statement.targets) > 1 or name in self.assigned or name in self.inputs:
                    raise ExpressionError(f"{name} already has a meaning; choose another name.")
                self._check_name(name)
                result = self.value(statement.value)
                if not result.parents or result.label:
                    raise ExpressionError(f"{name} is nothing new; use its own name.")
                result.label = name
                self.assigned[name] = result
            elif isinstance(statement, ast.Expr):
                result = self.value(statement.value)
            else:
                raise ExpressionError("Only formulas and name = formula can be read here.")
        if result is None:
            raise ExpressionError("Type a formula, for example (w*x - y)**2.")
        return result

    def value(self, node: ast.expr) -> Value:
        if isinstance(node, ast.Constant):
            return self._number(node.value)
        if isinstance(node, ast.Name):
            return self._named(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            return self._signed(node)
        if isinstance(node, ast.BinOp):
            return self._combined(node)
        if isinstance(node, ast.Call):
            return self._called(node)
        raise ExpressionError(f"“{ast.unparse(node)}” cannot be read here.")

    def is_used(self, name: str, used: set[int]) -> bool:
        return id(self.assigned[name]) in used

    def _number(self, number: object) -> Value:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise ExpressionError(f"{number!r} is not a number.")
        return Value(number, label=f"{number:g}")

    def _named(self, name: str) -> Value:
        if name in self.assigned:
            return self.assigned[name]
        self._check_name(name)
        if name not in self.inputs:
            self.inputs[name] = Value(self.numbers.get(name, DEFAULT_INPUT), label=name)
        return self.inputs[name]

    def _check_name(self, name: str) -> None:
        if name in FUNCTIONS:
            raise ExpressionError(f"{name} is a function: write {name}(…).")
        if len(name) > 4 or not name.isascii() or "_" in name:
            raise ExpressionError(
                f"{name} is no name here: use up to four letters and digits, such as w1. "
                f"Functions are {', '.join(FUNCTIONS)}."
            )

    def _signed(self, node: ast.UnaryOp) -> Value:
        inner = self.value(node.operand)
        if isinstance(node.op, ast.UAdd):
            return inner
        if isinstance(node.operand, ast.Constant):
            return Value(-inner.data, label=f"−{inner.data:g}")
        return -inner

    def _combined(self, node: ast.BinOp) -> Value:
        if isinstance(node.op, ast.Pow):
            return self.value(node.left) ** self._exponent(node.right)
        operation = _OPERATIONS.get(type(node.op))
        if operation is None:
            raise ExpressionError("Use + − * / and ** only.")
        return operation(self.value(node.left), self.value(node.right))

    def _exponent(self, node: ast.expr) -> float:
        sign = 1
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            sign, node = -1, node.operand
        if not isinstance(node, ast.Constant) or not isinstance(node.value, (int, float)):
            raise ExpressionError("The exponent must be a plain number, such as **2.")
        if abs(node.value) > 10:
            raise ExpressionError("The exponent must lie between −10 and 10.")
        return sign * node.value

    def _called(self, node: ast.Call) -> Value:
        name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        if name not in FUNCTIONS:
            raise ExpressionError(f"There is no function {name}; there are {', '.join(FUNCTIONS)}.")
        if len(node.args) != 1 or node.keywords:
            raise ExpressionError(f"{name} takes one value: {name}(…).")
        return FUNCTIONS[name](self.value(node.args[0]))


# --- walking -----------------------------------------------------------------------------------


def edges_of(graph: Graph) -> list[tuple[int, int, float]]:
    """Return each edge as (parent, child, local derivative), places in ``graph.values``.

    Edges stand in the order in which backpropagation walks them.
    """
    place = {id(value): index for index, value in enumerate(graph.values)}
    return [
        (place[id(parent)], index, slope)
        for index, value in reversed(list(enumerate(graph.values)))
        for parent, slope in value.parents
    ]


def walk(graph: Graph) -> list[Move]:
    """Return every move: each value forward, then each edge backward.

    The gradients after the last move are those of :meth:`Value.backward`.
    """
    count = len(graph.values)
    names = names_of(graph)
    none: tuple[float | None, ...] = (None,) * count
    moves = [Move("begin", -1, -1, none, "The inputs are given. Nothing is computed yet.")]
    for index, value in enumerate(graph.values):
        if value.parents:
            moves.append(Move("forward", index, -1, none, _forward_words(value, names[index])))
    grads: list[float | None] = [None] * count
    grads[-1] = 1.0
    end = names[-1]
    moves.append(
        Move("turn", count - 1, -1, tuple(grads),
             f"Now backward. If {end} grows by 1, {end} grows by 1: its gradient is 1.")
    )  # fmt: skip
    for number, (parent, child, slope) in enumerate(edges_of(graph)):
        share = slope * grads[child]
        before = grads[parent]
        grads[parent] = share if before is None else before + share
        words = (
            f"From {names[child]} to {names[parent]}: local derivative {plain(slope)} times "
            f"gradient {plain(grads[child])} gives {plain(share)}."
        )
        if before is not None:
            words += (
                f" A second path arrives at {names[parent]}, and paths add up: {plain(before)} "
                f"and {plain(share)} make {plain(grads[parent])}."
            )
        moves.append(Move("backward", child, number, tuple(grads), words))
    return moves


def names_of(graph: Graph) -> list[str]:
    """Return a name to speak of each value: its label, else its operation and number."""
    names = []
    for value in graph.values:
        names.append(value.label or f"{value.operation} ({plain(value.data)})")
    return names


def _forward_words(value: Value, name: str) -> str:
    parts = [plain(parent.data) for parent, _ in value.parents]
    if len(parts) == 2:
        formula = f"{parts[0]} {value.operation} {_bracketed(parts[1])}"
    elif value.operation.startswith("^"):
        formula = f"{_bracketed(parts[0])}{value.operation}"
    else:
        formula = f"{value.operation}({parts[0]})"
    start = f"{value.label} = " if value.label else ""
    return f"Forward: {start}{formula} = {plain(value.data)}."


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("−") else number


def plain(number: float) -> str:
    """Return a number with at most four digits and a real minus sign.

    Examples
    --------
    >>> plain(-0.123456), plain(2.0), plain(1e-9)
    ('−0.1235', '2', '1e−09')
    """
    return f"{number + 0.0:.4g}".replace("-", "−")


# --- placing -----------------------------------------------------------------------------------


def places_of(graph: Graph) -> list[tuple[int, float]]:
    """Return the column and the row of each value, inputs near what uses them.

    Raises
    ------
    ExpressionError
        If the graph is too long for the page.
    """
    place = {id(value): index for index, value in enumerate(graph.values)}
    children: list[list[int]] = [[] for _ in graph.values]
    column = [0] * len(graph.values)
    for index, value in enumerate(graph.values):
        for parent, _ in value.parents:
            children[place[id(parent)]].append(index)
            column[index] = max(column[index], column[place[id(parent)]] + 1)
    if max(column) >= MOST_COLUMNS:
        raise ExpressionError(
            f"The graph would be {max(column) + 1} steps long; at most {MOST_COLUMNS} can be shown."
        )
    for index, value in enumerate(graph.values):
        if not value.parents and children[index]:
            column[index] = min(column[child] for child in children[index]) - 1
    row = _rows(graph, column, place, children)
    return list(zip(column, row, strict=True))


def _rows(
    graph: Graph, column: list[int], place: dict[int, int], children: list[list[int]]
) -> list[float]:
    """Order each column by the mean row of its neighbours, a few times from both sides."""
    members: dict[int, list[int]] = {}
    for index, col in enumerate(column):
        members.setdefault(col, []).append(index)
    parents = [[place[id(p)] for p, _ in value.parents] for value in graph.values]
    row = [0.0] * len(column)
    for indices in members.values():
        for rank, index in enumerate(indices):
            row[index] = rank - (len(indices) - 1) / 2
    for sweep in range(8):
        neighbours = parents if sweep % 2 == 0 else children
        for col in sorted(members, reverse=sweep % 2 == 1):
            indices = members[col]
            wish = {
                i: sum(row[n] for n in neighbours[i]) / len(neighbours[i])
                if neighbours[i]
                else row[i]
                for i in indices
            }
            indices.sort(key=lambda i: (wish[i], i))
            centre = math.fsum(wish.values()) / len(indices)
            for rank, index in enumerate(indices):
                row[index] = centre + rank - (len(indices) - 1) / 2
    lowest = min(row)
    return [value - lowest for value in row]


EXPRESSIONS: dict[str, tuple[str, dict[str, float]]] = {
    "one weight": ("C = (w*x - y)**2", {"w": 0.5, "x": 2.0, "y": 3.0}),
    "one neuron and its cost": (
        "z = w1*x1 + w2*x2 + b; a = sigmoid(z); C = (a - y)**2",
        {"w1": 0.8, "x1": 1.0, "w2": -1.2, "x2": 0.5, "b": 0.1, "y": 0.0},
    ),
    "two neurons in a row": (
        "h = tanh(w1*x); a = sigmoid(w2*h); C = (a - y)**2",
        {"w1": 1.5, "x": 0.8, "w2": -2.0, "y": 1.0},
    ),
    "one value, two paths": ("u = x*x; C = u + 3*x", {"x": 2.0}),
    "a neuron that is switched off": (
        "a = relu(w*x + b); C = (a - y)**2",
        {"w": -1.0, "x": 2.0, "b": 0.5, "y": 1.0},
    ),
}
"""Expressions to begin with: name → (text, numbers of the inputs)."""
