"""Numbers that remember what they were made from: automatic differentiation, one scalar at a time.

Each :class:`Value` keeps its parents and, for each of them, the local derivative: how much the
value grows when that parent grows a little. :meth:`Value.backward` multiplies these along every
path from the end to the beginning and adds up what arrives. Nothing else is backpropagation [1]_.

References
----------
.. [1] D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
   back-propagating errors", Nature 323, 1986.

Notes
-----
The idea of a differentiator small enough to read at one sitting is micrograd's (A. Karpathy,
2020). It keeps a closure for each operation; here each operation keeps its local derivatives, so
that they can be shown.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable


class Value:
    """A number with its origin and its gradient.

    Parameters
    ----------
    data : float
        Finite.
    label : str
        A name to show, for example ``w``.
    parents : tuple of pairs (Value, float)
        What it was made from, and the local derivative with respect to each.
    operation : str
        The sign that made it; empty for an input.

    Attributes
    ----------
    grad : float
        After :meth:`backward` on the end of a graph: how much that end grows for each unit by
        which this value grows.

    Raises
    ------
    ValueError
        If ``data`` is not a finite number.

    Examples
    --------
    >>> w, x = Value(3), Value(2)
    >>> cost = (w * x - 5) ** 2
    >>> cost.backward()
    >>> cost.data, w.grad
    (1.0, 4.0)
    """

    def __init__(
        self,
        data: float,
        label: str = "",
        parents: tuple[tuple[Value, float], ...] = (),
        operation: str = "",
    ):
        if isinstance(data, bool) or not isinstance(data, numbers.Real) or not math.isfinite(data):
            raise ValueError(f"A value is a finite number, not {data!r}.")
        self.data = float(data)
        self.label = label
        self.parents = parents
        self.operation = operation
        self.grad = 0.0

    def backward(self) -> None:
        """Give every value that this one was made from its gradient."""
        order = self.history()
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            for parent, slope in value.parents:
                parent.grad += slope * value.grad

    def history(self) -> list[Value]:
        """Return everything that this value was made from, each after its parents, itself last."""
        order: list[Value] = []
        seen: set[int] = set()
        waiting: list[tuple[Value, bool]] = [(self, False)]
        while waiting:
            value, parents_done = waiting.pop()
            if parents_done:
                order.append(value)
            elif id(value) not in seen:
                seen.add(id(value))
                waiting.append((value, True))
                waiting += [(parent, False) for parent, _ in reversed(value.parents)]
        return order

    # --- operations: what comes out, and the local derivative for each parent ------------------

    def __add__(self, other: Value | float) -> Value:
        other = _value(other)
        return _made("+", lambda: self.data + other.data, (self, 1.0), (other, 1.0))

    def __sub__(self, other: Value | float) -> Value:
        other = _value(other)
        return _made("−", lambda: self.data - other.data, (self, 1.0), (other, -1.0))

    def __mul__(self, other: Value | float) -> Value:
        other = _value(other)
        return _made("×", lambda: self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other: Value | float) -> Value:
        other = _value(other)
        if other.data == 0:
            raise ValueError("Division by 0 has no result.")
        return _made(
            "÷",
            lambda: self.data / other.data,
            (self, 1 / other.data),
            (other, -self.data / other.data / other.data),
        )

    def __pow__(self, exponent: float) -> Value:
        if isinstance(exponent, Value):
            raise TypeError("The exponent must be a plain number.")
        base = self.data
        if base < 0 and exponent != int(exponent):
            raise ValueError(f"{base:g} to the power {exponent:g} is not a real number.")
        if base == 0 and (exponent < 0 or 0 < exponent < 1):
            raise ValueError(f"0 to the power {exponent:g} has no finite derivative.")
        try:
            slope = exponent * base ** (exponent - 1) if exponent else 0.0
        except OverflowError:
            slope = math.inf
        return _made(f"^{exponent:g}", lambda: base**exponent, (self, slope))

    def __neg__(self) -> Value:
        return self * -1

    def __radd__(self, other: float) -> Value:
        return _value(other) + self

    def __rsub__(self, other: float) -> Value:
        return _value(other) - self

    def __rmul__(self, other: float) -> Value:
        return _value(other) * self

    def __rtruediv__(self, other: float) -> Value:
        return _value(other) / self

    def exp(self) -> Value:
        """Return e to the power of this value."""
        if self.data > 700:
            raise ValueError(f"e to the power {self.data:g} is too large a number.")
        result = math.exp(self.data)
        return _made("exp", lambda: result, (self, result))

    def log(self) -> Value:
        """Return the natural logarithm."""
        if self.data <= 0:
            raise ValueError(f"The logarithm needs a number above 0, not {self.data:g}.")
        return _made("log", lambda: math.log(self.data), (self, 1 / self.data))

    def sigmoid(self) -> Value:
        """Return 1 / (1 + e⁻ˣ), squeezed between 0 and 1."""
        small = math.exp(-abs(self.data))
        result = (1.0 if self.data >= 0 else small) / (1 + small)
        return _made("σ", lambda: result, (self, small / (1 + small) ** 2))

    def tanh(self) -> Value:
        """Return the hyperbolic tangent, squeezed between −1 and 1."""
        result = math.tanh(self.data)
        return _made("tanh", lambda: result, (self, (1 - result) * (1 + result)))

    def relu(self) -> Value:
        """Return the value where it is above 0, else 0; the derivative at 0 is taken as 0."""
        return _made("relu", lambda: max(0.0, self.data), (self, float(self.data > 0)))

    def leaky_relu(self) -> Value:
        """Return max(0.1 x, x); the derivative at 0 is taken as 0.1."""
        slope = 1.0 if self.data > 0 else 0.1
        return _made("leaky", lambda: slope * self.data, (self, slope))

    def elu(self) -> Value:
        """Return x where it is 0 or more, else eˣ − 1."""
        slope = 1.0 if self.data >= 0 else math.exp(self.data)
        result = self.data if self.data >= 0 else math.expm1(self.data)
        return _made("elu", lambda: result, (self, slope))

    def __repr__(self) -> str:
        name = f"{self.label} = " if self.label else ""
        return f"Value({name}{self.data:g}, grad {self.grad:g})"


FUNCTIONS: dict[str, Callable[[Value], Value]] = {
    "sigmoid": Value.sigmoid,
    "tanh": Value.tanh,
    "relu": Value.relu,
    "leaky_relu": Value.leaky_relu,
    "elu": Value.elu,
    "exp": Value.exp,
    "log": Value.log,
}
"""The functions of one value, by the names that an expression may use."""


def _value(number: Value | float) -> Value:
    return number if isinstance(number, Value) else Value(number)


def _made(operation: str, result: Callable[[], float], *parents: tuple[Value, float]) -> Value:
    try:
        data = result()
    except OverflowError:
        data = math.inf
    if not math.isfinite(data) or not all(math.isfinite(slope) for _, slope in parents):
        raise ValueError(f"The result of {operation} is too large a number.")
    return Value(data, parents=parents, operation=operation)
