"""The tiny parser: what it reads, what it refuses, and the walk over what it built."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.backprop.expressions import (
    EXPRESSIONS,
    MOST_COLUMNS,
    ExpressionError,
    build,
    edges_of,
    places_of,
    plain,
    walk,
)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_each_expression_can_be_built_placed_and_walked(name):
    text, numbers = EXPRESSIONS[name]
    graph = build(text, numbers)
    assert set(graph.inputs) == set(numbers)
    places = places_of(graph)
    assert len(set(places)) == len(places), "two boxes in one place"
    for parent, child, _ in edges_of(graph):
        assert places[parent][0] < places[child][0]
    by_column = {}
    for column, row in places:
        by_column.setdefault(column, []).append(row)
    for rows in by_column.values():
        rows.sort()
        assert all(b - a >= 0.999 for a, b in zip(rows, rows[1:], strict=False))


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_the_walk_ends_with_the_gradients_of_backward(name):
    graph = build(*EXPRESSIONS[name])
    moves = walk(graph)
    graph.result.backward()
    assert moves[-1].grads == pytest.approx([value.grad for value in graph.values], abs=1e-12)
    kinds = [move.kind for move in moves]
    operations = sum(bool(value.parents) for value in graph.values)
    edges = len(edges_of(graph))
    assert kinds == ["begin", *["forward"] * operations, "turn", *["backward"] * edges]
    assert all(move.words.strip() and "nan" not in move.words for move in moves)


def test_a_gradient_is_only_passed_on_when_it_is_complete():
    graph = build("u = x*x; C = u*u + u + 3*x", {"x": 2})
    moves, edges = walk(graph), edges_of(graph)
    final = moves[-1].grads
    for move in moves:
        if move.kind == "backward":
            _, child, _ = edges[move.edge]
            assert move.grads[child] == final[child]


@pytest.mark.parametrize(
    ("text", "numbers", "result"),
    [
        ("w*x + b", {"w": 2, "x": 3, "b": 1}, 7),
        ("w·x − y²", {"w": 2, "x": 3, "y": 2}, 2),
        ("-x + 2", {"x": 5}, -3),
        ("x^2 ÷ 4", {"x": 6}, 9),
        ("-2 * x", {"x": 3}, -6),
        ("x**-1 + 0*x", {"x": 4}, 0.25),
        ("σ(x) * 2", {"x": 0}, 1),
        ("a = x + 1; b = a * a; b - a", {"x": 2}, 6),
        ("relu(x)\n", {"x": -1}, 0),
        ("exp(log(x)) + 1e1", {"x": 3}, 13),
        ("+x + +x", {"x": 1}, 2),
    ],
)
def test_it_reads(text, numbers, result):
    assert build(text, numbers).result.data == pytest.approx(result)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Type a formula"),
        ("   ;; ", "Type a formula"),
        ("2x", "Write the multiplication: 2\\*x"),
        ("3(x+1)", "Write the multiplication"),
        ("w*(x", "1 opening and 0 closing"),
        ("w*)x(", "not a complete formula"),
        ("w*", "not a complete formula"),
        ("foo(x)", "no function foo"),
        ("relu(x, y)", "takes one value"),
        ("relu()", "takes one value"),
        ("sigmoid", "is a function"),
        ("w**x", "exponent must be a plain number"),
        ("x**99", "between −10 and 10"),
        ("x", "nothing to compute"),
        ("3", "nothing to compute"),
        ("a = 1", "nothing new"),
        ("a = x", "nothing new"),
        ("a = x*2; a = x*3", "already has a meaning"),
        ("x*2; x = 3*w", "already has a meaning"),
        ("h = x*2; w*3", "never use it"),
        ("sigmoid = x*2", "is a function"),
        ("weight*2", "up to four letters"),
        ("x / 0", "Division by 0"),
        ("log(0-1)", "above 0"),
        ("x // 2", "Use \\+"),
        ("x % 2", "The sign %"),
        ("import os", "Only formulas"),
        ("__import__('os')", "The sign '"),
        ("x.real * 2", "cannot be read"),
        ("[x] * 2", "The sign \\["),
        ("lambda: x", "The sign :"),
        ("x == 2", "cannot be read"),
        ("x if w else b", "cannot be read"),
        ("x and w", "cannot be read"),
        ("1j * x", "Write the multiplication"),
        ("True * x", "not a number"),
        ("€ * x", "The sign €"),
        ("x*" * 150 + "x", "at most 200"),
        ("+".join("abcdefghijklmn"), "at most"),
        ("a+b+c+d+e+f+g+h+i+j", "steps long"),
        (None, "Type a formula"),
    ],
)
def test_it_refuses_with_one_clear_sentence(text, says):
    with pytest.raises(ExpressionError, match=says) as caught:
        graph = build(text)
        places_of(graph)
    assert "\n" not in str(caught.value)
    assert 10 < len(str(caught.value)) < 200


@given(st.text(alphabet=string.printable + "²·σ−", max_size=40))
def test_nothing_that_is_typed_breaks_it(text):
    try:
        graph = build(text)
        assert walk(graph)[-1].kind == "backward"
        assert max(column for column, _ in places_of(graph)) < MOST_COLUMNS
    except ExpressionError as error:
        assert str(error)


def test_inputs_without_a_number_get_one():
    assert build("w * x", {"w": 4}).result.data == 2


def test_numbers_are_short_with_a_real_minus():
    assert [plain(-0.0), plain(1 / 3), plain(-12.0)] == ["0", "0.3333", "−12"]
