"""Scalar backpropagation against torch autograd and against finite differences."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.backprop.values import FUNCTIONS, Value

numbers = st.floats(-3, 3).map(lambda x: round(x, 3))

TORCH = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda x: torch.nn.functional.leaky_relu(x, 0.1),
    "elu": torch.nn.functional.elu,
    "exp": torch.exp,
    "log": torch.log,
}
SMOOTH = ("sigmoid", "tanh", "elu", "exp")


@st.composite
def programs(draw):
    """A list of operations that both sides can run; each uses earlier results."""
    inputs = draw(st.lists(numbers, min_size=1, max_size=4))
    count = len(inputs)
    steps = []
    for _ in range(draw(st.integers(1, 10))):
        kind = draw(st.sampled_from(["+", "-", "*", "/", "**", "call", "scale"]))
        a, b = draw(st.integers(0, count - 1)), draw(st.integers(0, count - 1))
        extra = draw(st.sampled_from(list(TORCH))) if kind == "call" else draw(st.integers(1, 3))
        steps.append((kind, a, b, extra))
        count += 1
    return inputs, steps


def run(values, steps, call):
    values = list(values)
    for kind, a, b, extra in steps:
        x, y = values[a], values[b]
        if kind == "+":
            values.append(x + y)
        elif kind == "-":
            values.append(x - y)
        elif kind == "*":
            values.append(x * y)
        elif kind == "/":
            values.append(x / (y * y + 1))
        elif kind == "**":
            values.append(x**extra)
        elif kind == "scale":
            values.append(2 - x * extra)
        elif extra == "log":
            values.append(call("log", x * x + 0.5))
        else:
            values.append(call(extra, x / 4))
    return values[-1]


@given(programs())
def test_any_graph_has_the_gradients_of_torch(program):
    inputs, steps = program
    mine = [Value(x) for x in inputs]
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in inputs]
    try:
        end = run(mine, steps, lambda name, x: FUNCTIONS[name](x))
    except ValueError:
        return  # Larger than a float can hold.
    torch_end = run(theirs, steps, lambda name, x: TORCH[name](x))
    assert end.data == pytest.approx(torch_end.item(), rel=1e-9, abs=1e-9)
    end.backward()
    torch_end.backward()
    for value, tensor in zip(mine, theirs, strict=True):
        wanted = 0.0 if tensor.grad is None else tensor.grad.item()
        kink = any(s[0] == "call" and "relu" in s[3] for s in steps) and 0.0 in inputs
        if not kink and math.isfinite(wanted):
            assert value.grad == pytest.approx(wanted, rel=1e-6, abs=1e-6)


@given(programs())
def test_gradients_are_what_a_small_change_does(program):
    inputs, steps = program
    steps = [s if s[0] != "call" or s[3] in SMOOTH else ("+", *s[1:3], 1) for s in steps]

    def cost(numbers):
        return run([Value(x) for x in numbers], steps, lambda n, x: FUNCTIONS[n](x))

    try:
        end = cost(inputs)
        if abs(end.data) > 1e4:
            return
        values = [Value(x) for x in inputs]
        run(values, steps, lambda n, x: FUNCTIONS[n](x)).backward()
        for k, value in enumerate(values):
            h = 1e-5
            up, down = list(inputs), list(inputs)
            up[k] += h
            down[k] -= h
            slope = (cost(up).data - cost(down).data) / (2 * h)
            if abs(slope) < 1e4:
                assert value.grad == pytest.approx(slope, rel=1e-3, abs=1e-3)
    except ValueError:
        return


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("x", [-30.0, -2.0, -0.3, 0.3, 2.0, 30.0])
def test_each_function_and_its_slope(name, x):
    if name == "log" and x < 0:
        with pytest.raises(ValueError, match="above 0"):
            Value(x).log()
        return
    value = Value(x)
    result = FUNCTIONS[name](value)
    result.backward()
    tensor = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    end = TORCH[name](tensor)
    end.backward()
    assert result.data == pytest.approx(end.item(), rel=1e-12)
    assert value.grad == pytest.approx(tensor.grad.item(), rel=1e-9, abs=1e-12)


def test_a_value_that_is_used_twice_adds_up():
    x = Value(2)
    (x * x + 3 * x).backward()
    assert x.grad == 7


def test_backward_twice_gives_the_same():
    x = Value(1.5)
    end = x.tanh() * x
    end.backward()
    first = x.grad
    end.backward()
    assert x.grad == first


def test_the_history_is_in_order_and_long_chains_do_not_overflow():
    end = Value(0.001)
    for _ in range(5000):
        end = end + 0.001
    order = end.history()
    place = {id(value): k for k, value in enumerate(order)}
    assert order[-1] is end
    assert all(place[id(p)] < place[id(v)] for v in order for p, _ in v.parents)
    end.backward()
    assert order[0].grad == 1


@pytest.mark.parametrize("wrong", ["3", None, math.nan, math.inf, True, 1j, [1]])
def test_only_finite_numbers(wrong):
    with pytest.raises(ValueError, match="finite number"):
        Value(wrong)


@pytest.mark.parametrize(
    ("work", "says"),
    [
        (lambda: Value(1) / Value(0), "Division by 0"),
        (lambda: 1 / Value(0), "Division by 0"),
        (lambda: Value(-1) ** 0.5, "not a real number"),
        (lambda: Value(0) ** -1, "no finite derivative"),
        (lambda: Value(0) ** 0.5, "no finite derivative"),
        (lambda: Value(1e200) ** 3, "too large"),
        (lambda: Value(1e300) * 1e300, "too large"),
        (lambda: Value(1000).exp(), "too large"),
    ],
)
def test_impossible_sums_are_named(work, says):
    with pytest.raises((ValueError, OverflowError), match=says):
        work()


def test_reflected_operations():
    x = Value(4)
    for end, data, grad in [
        (1 + x, 5, 1),
        (1 - x, -3, -1),
        (3 * x, 12, 3),
        (2 / x, 0.5, -0.125),
        (-x, -4, -1),
        (x**0, 1, 0),
    ]:
        end.backward()
        assert (end.data, x.grad) == (data, grad)


def test_it_says_what_it_is():
    assert repr(Value(np.float64(2), "w")) == "Value(w = 2, grad 0)"
