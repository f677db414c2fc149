"""Lesson 14: right answers written unusually are accepted, wrong ones told their cause."""

import math

import numpy as np
import scipy.special
import torch
from answers import ExerciseTests, Table, Wrong

from aml4d_utils.lessons.neurons import exercises

# --- 1. one neuron -----------------------------------------------------------------------------


def sigma(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def with_a_loop(inputs, weights, bias):
    total = bias
    for a, w in zip(inputs, weights, strict=True):
        total += a * w
    return 1 / (1 + np.exp(-total))


def on_the_safe_side(inputs, weights, bias):
    z = float(inputs @ weights + bias)
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def one_by_one(inputs, weights, bias):
    return (
        one_by_one(inputs[1:], weights[1:], bias + inputs[0] * weights[0])
        if len(inputs)
        else (sigma(bias))
    )


def until_a_zero(inputs, weights, bias):
    for a, w in zip(inputs, weights, strict=True):
        if a == 0:
            break
        bias = bias + a * w
    return sigma(bias)


def too_large(z):
    return np.exp(z) / (1 + np.exp(z))


def with_torch(inputs, weights, bias):
    linear = torch.nn.functional.linear(
        *(torch.tensor(v, dtype=torch.double) for v in (inputs, weights[None], [bias]))
    )
    return torch.sigmoid(linear)[0]


NEURON = Table(
    "neuron",
    wrong=(
        Wrong("no activation", "The activation function is missing", lambda a, w, b: a @ w + b),
        Wrong("no bias", "The bias is missing", lambda a, w, b: sigma(a @ w)),
        Wrong("bias after σ", "The bias comes too late", lambda a, w, b: sigma(a @ w) + b),
        Wrong("minus the bias", "The bias is subtracted", lambda a, w, b: sigma(a @ w - b)),
        Wrong("bias in the sum", "once for each input", lambda a, w, b: sigma((a * w + b).sum())),
        Wrong("sign lost", "sign in the exponent", lambda a, w, b: 1 / (1 + np.exp(a @ w + b))),
        Wrong("mean", "You took the mean", lambda a, w, b: sigma((a * w).mean() + b)),
        Wrong("ReLU", "That is a ReLU neuron", lambda a, w, b: max(0, a @ w + b)),
        Wrong("tanh", "That is tanh", lambda a, w, b: np.tanh(a @ w + b)),
        Wrong("added", "multiply each input", lambda a, w, b: sigma((a + w).sum() + b)),
        Wrong("a step", "That is a step", lambda a, w, b: int(a @ w + b > 0)),
        Wrong("never added", "add the products up first", lambda a, w, b: sigma(a * w + b)),
        Wrong("no brackets", "divides first", lambda a, w, b: 1 / 1 + np.exp(-(a @ w + b))),
        Wrong("σ of each", "then σ once", lambda a, w, b: sigma(a * w + b).sum()),
        Wrong(
            "last input missing",
            "The last input is missing",
            lambda a, w, b: sigma(sum(a[k] * w[k] for k in range(len(a) - 1)) + b),
        ),
        Wrong("rounded", "You rounded", lambda a, w, b: round(float(sigma(a @ w + b)), 2)),
        Wrong("first input only", "Expected", lambda a, w, b: sigma(a[0] * w[0] + b)),
        Wrong("always a half", "Expected", lambda a, w, b: 0.5),
        Wrong("exp over exp", "is inf / inf", lambda a, w, b: too_large(a @ w + b)),
        Wrong("math.exp", "np.exp(800) is inf", lambda a, w, b: 1 / (1 + math.exp(-(a @ w + b)))),
        Wrong("clipped", "Expected", lambda a, w, b: sigma(np.clip(a @ w + b, -6, 6))),
        Wrong("products once", "Expected", lambda a, w, b: sigma(sum({*(a * w).tolist()}) + b)),
        Wrong("until a zero", "Expected", until_a_zero),
        Wrong("no inputs below 0", "Expected", lambda a, w, b: sigma(np.maximum(a, 0) @ w + b)),
        Wrong("size of inputs", "Expected", lambda a, w, b: sigma(abs(a) @ w + b)),
        Wrong("whole", "Expected", lambda a, w, b: sigma((a * w).astype(a.dtype).sum() + b)),
    ),
    right={
        "with a loop": with_a_loop,
        "on the safe side": on_the_safe_side,
        "one by one": one_by_one,
        "in float32": lambda a, w, b: np.float32(1 / (1 + np.exp(-(a @ w + b)))),
        "as tanh": lambda a, w, b: (1 + np.tanh((np.dot(a, w) + b) / 2)) / 2,
        "with SciPy": lambda a, w, b: scipy.special.expit(np.inner(w, a) + b),
        "a torch tensor": with_torch,
    },
)

# --- 2. activation functions -------------------------------------------------------------------


def right(name, x, lines):
    (w1, b1), (w2, b2) = lines
    return {
        "sigmoid": sigma(x),
        "tanh": np.tanh(x),
        "ReLU": np.maximum(0, x),
        "leaky ReLU": np.maximum(0.1 * x, x),
        "maxout": np.maximum(w1 * x + b1, w2 * x + b2),
        "ELU": np.where(x >= 0, x, np.expm1(x)),
    }[name]


def but(**changes):
    """Return an answer that is right except for some functions of (x, lines)."""
    changed = {name.replace("_", " "): function for name, function in changes.items()}

    def answer(name, x, lines):
        return changed[name](x, lines) if name in changed else right(name, x, lines)

    return answer


def number_by_number(name, x, lines):
    (w1, b1), (w2, b2) = lines
    one = {
        "sigmoid": lambda v: 1 / (1 + np.exp(-v)),
        "tanh": math.tanh,
        "ReLU": lambda v: v if v > 0 else 0,
        "leaky ReLU": lambda v: v if v > 0 else v / 10,
        "maxout": lambda v: max(w1 * v + b1, w2 * v + b2),
        "ELU": lambda v: v if v > 0 else math.exp(v) - 1,
    }[name]
    return np.array([one(v) for v in x.ravel()]).reshape(x.shape)


def naive(name, x, lines):
    """As the lesson writes them: exp(800) overflows to inf, and the result is right."""
    if name == "sigmoid":
        return 1 / (1 + np.exp(-x))
    return np.where(x > 0, x, np.exp(x) - 1) if name == "ELU" else right(name, x, lines)


def by_torch(name, x, lines):
    x = torch.tensor(x, dtype=torch.double)
    (w1, b1), (w2, b2) = lines
    return {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "ReLU": torch.relu,
        "leaky ReLU": torch.nn.LeakyReLU(0.1),
        "maxout": lambda v: torch.maximum(w1 * v + b1, w2 * v + b2),
        "ELU": torch.nn.ELU(),
    }[name](x)


def lines_by_shape(x, lines):
    return right("maxout", x, ((0.5, -1.0), (-1.5, 0.25)) if x.ndim == 1 else lines)


def where_lines_meet(x, lines):
    (w1, b1), (w2, b2) = sorted(lines)
    return np.where(x > (b1 - b2) / (w2 - w1), w2 * x + b2, w1 * x + b1)


def rows_and_columns(name, x, lines):
    if x.ndim == 1:
        return right(name, x, lines)
    return [[right(name, float(v), lines) for v in row] for row in x]


ACTIVATE = Table(
    "activate",
    wrong=(
        Wrong("sigmoid of −x", "sigmoid: the sign", but(sigmoid=lambda x, _: sigma(-x))),
        Wrong("no brackets", "divides first", but(sigmoid=lambda x, _: 1 / 1 + np.exp(-x))),
        Wrong("leak everywhere", "below zero only", but(leaky_ReLU=lambda x, _: 0.1 * x)),
        Wrong("first line", "first line only", but(maxout=lambda x, t: t[0][0] * x + t[0][1])),
        Wrong(
            "lines of the example",
            "always the same",
            but(maxout=lambda x, t: np.maximum(0.5 * x - 1, -1.5 * x + 0.25)),
        ),
        Wrong(
            "ELU turned round",
            "turned round",
            but(ELU=lambda x, _: np.where(x < 0, 1 - np.exp(x), x)),
        ),
        Wrong("sigmoid for tanh", "yours is the sigmoid", but(tanh=lambda x, _: sigma(x))),
        Wrong("tanh forgotten", "tanh is missing", but(tanh=lambda x, _: x)),
        Wrong("minimum", "keeps what is below", but(ReLU=lambda x, _: np.minimum(0, x))),
        Wrong("absolute", "the absolute value", but(ReLU=lambda x, _: abs(x))),
        Wrong("step", "a step to 1", but(ReLU=lambda x, _: np.where(x > 0, 1, 0))),
        Wrong("leak 0.01", "0.1, not 0.01", but(leaky_ReLU=lambda x, _: np.maximum(0.01 * x, x))),
        Wrong("lower", "not the smaller", but(leaky_ReLU=lambda x, _: np.minimum(0.1 * x, x))),
        Wrong("no leak", "leaks below zero", but(leaky_ReLU=lambda x, _: x.clip(0))),
        Wrong(
            "lower line",
            "not the lower",
            but(maxout=lambda x, t: np.minimum(*(w * x + b for w, b in t))),
        ),
        Wrong(
            "no biases",
            "biases of the lines are missing",
            but(maxout=lambda x, t: np.maximum(*(w * x for w, _ in t))),
        ),
        Wrong(
            "pairs exchanged",
            "(weight, bias)",
            but(maxout=lambda x, t: np.maximum(*(b * x + w for w, b in t))),
        ),
        Wrong(
            "sum of lines",
            "add the two lines up",
            but(maxout=lambda x, t: sum(w * x + b for w, b in t)),
        ),
        Wrong(
            "ELU jumps", "the − 1 is missing", but(ELU=lambda x, _: np.where(x < 0, np.exp(x), x))
        ),
        Wrong("ELU everywhere", "only below it", but(ELU=lambda x, _: np.exp(x) - 1)),
        Wrong("ELU is ReLU", "yours is a ReLU", but(ELU=lambda x, _: np.maximum(x, 0))),
        Wrong("always sigmoid", "All names give the sigmoid", lambda name, x, lines: sigma(x)),
        Wrong(
            "ELU as leaky ReLU", "yours are the same", but(ELU=lambda x, _: np.maximum(0.1 * x, x))
        ),
        Wrong("first number only", "one number", lambda name, x, lines: right(name, x, lines)[0]),
        Wrong("whole", "At index", lambda n, x, t: np.asarray(right(n, x, t)).astype(x.dtype)),
        Wrong("exp over exp", "is inf / inf", but(sigmoid=lambda x, _: too_large(x))),
        Wrong("tanh of exps", "np.tanh(x) goes on", but(tanh=lambda x, _: np.sinh(x) / np.cosh(x))),
        Wrong(
            "ELU in one line",
            "NaN or infinite",
            but(ELU=lambda x, _: (x > 0) * x + (x <= 0) * (np.exp(x) - 1)),
        ),
        Wrong("ReLU to 6", "At index", but(ReLU=lambda x, _: np.clip(x, 0, 6))),
        Wrong("nearly ReLU", "At index", but(ReLU=lambda x, _: np.maximum(x, 0) + (x < -99))),
        Wrong("lines by shape", "At index", but(maxout=lines_by_shape)),
        Wrong("where lines meet", "ZeroDivisionError", but(maxout=where_lines_meet)),
        Wrong("rows and columns", "gets a whole array", lambda n, x, t: rows_and_columns(n, x, t)),
        Wrong(
            "only rows",
            "TypeError",
            lambda name, x, lines: [right(name, float(v), lines) for v in x],
        ),
    ),
    right={
        "number by number": number_by_number,
        "with torch": by_torch,
        "nested lists": lambda n, x, t: np.asarray(right(n, x, t)).tolist(),
        "naive": naive,
        "in float32": lambda name, x, lines: right(name, x.astype(np.float32), lines),
    },
)

# --- 3. a layer --------------------------------------------------------------------------------


def neuron_by_neuron(inputs, weights, biases):
    columns = [sigma(inputs @ w + b) for w, b in zip(weights, biases, strict=True)]
    return np.stack(columns, axis=1)


def plain_lists(inputs, weights, biases):
    return [
        [float(sigma(sum(a * v for a, v in zip(row, w, strict=True)) + b))
         for w, b in zip(weights, biases, strict=True)]
        for row in inputs
    ]  # fmt: skip


def each_example_once(inputs, weights, biases):
    few = np.unique(inputs, axis=0)
    return sigma((few if len(few) < len(inputs) else inputs) @ weights.T + biases)


def one_neuron_in_a_row(inputs, weights, biases):
    outputs = sigma(inputs @ weights.T + biases)
    return outputs[:, 0] if len(weights) == 1 else outputs


LAYER = Table(
    "layer",
    wrong=(
        Wrong("no transpose", "The transpose is missing", lambda a, w, b: sigma(a @ w + b)),
        Wrong("no activation", "activation function is missing", lambda a, w, b: a @ w.T + b),
        Wrong("no biases", "The biases are missing", lambda a, w, b: sigma(a @ w.T)),
        Wrong("biases after σ", "The biases come too late", lambda a, w, b: sigma(a @ w.T) + b),
        Wrong("minus the biases", "are subtracted", lambda a, w, b: sigma(a @ w.T - b)),
        Wrong("wrong axis", "along the wrong axis", lambda a, w, b: sigma(a @ w.T + b[:, None])),
        Wrong("transposed", "one row for each example", lambda a, w, b: sigma(a @ w.T + b).T),
        Wrong(
            "weights first", "one row for each example", lambda a, w, b: sigma(w @ a.T + b[:, None])
        ),
        Wrong("row for each neuron", "a row for each neuron", lambda a, w, b: sigma(w @ a.T + b)),
        Wrong("factors exchanged", "factors are exchanged", lambda a, w, b: sigma(w @ a + b)),
        Wrong("first bias", "bias of the first", lambda a, w, b: sigma(a @ w.T + b[0])),
        Wrong("all biases", "adds all biases", lambda a, w, b: sigma(a @ w.T + sum(b))),
        Wrong("no brackets", "divides first", lambda a, w, b: 1 / 1 + np.exp(-(a @ w.T + b))),
        Wrong("squeezed", "loses its row", lambda a, w, b: sigma(a @ w.T + b).squeeze()),
        Wrong("first example", "Only the first example", lambda a, w, b: sigma(a @ w.T + b)[0]),
        Wrong("sign lost", "sign in the exponent", lambda a, w, b: 1 - sigma(a @ w.T + b)),
        Wrong("star", "place by place", lambda a, w, b: sigma(a * w + b)),
        Wrong("ReLU", "ReLU neurons", lambda a, w, b: np.maximum(a @ w.T + b, 0)),
        Wrong("only zeros", "At index", lambda a, w, b: np.zeros((len(a), len(w)))),
        Wrong("exp over exp", "is inf / inf", lambda a, w, b: too_large(a @ w.T + b)),
        Wrong("clipped", "At index", lambda a, w, b: sigma(np.clip(a @ w.T + b, -9, 9))),
        Wrong("whole", "At index", lambda a, w, b: sigma((a @ w.T + b).astype(a.dtype))),
        Wrong("each example once", "The shape is", each_example_once),
        Wrong("one neuron in a row", "The shape is", one_neuron_in_a_row),
    ),
    right={
        "neuron by neuron": neuron_by_neuron,
        "plain lists": plain_lists,
        "in float32": lambda a, w, b: sigma(a @ w.T + b).astype(np.float32),
        "all pairs": lambda a, w, b: 1 / (1 + np.exp(-((a[:, None] * w).sum(axis=2) + b))),
        "einsum": lambda a, w, b: sigma(np.einsum("bn,mn->bm", a, w) + b),
        "turned round": lambda a, w, b: sigma((w @ a.T).T + b[None]),
        "a column of ones": lambda a, w, b: sigma(np.c_[a, np.ones(len(a))] @ np.c_[w, b].T),
        "torch": lambda a, w, b: torch.sigmoid(
            torch.nn.functional.linear(*(torch.tensor(v).double() for v in (a, w, b)))
        ),
    },
)

# --- 4. counting -------------------------------------------------------------------------------


def weights(sizes):
    return sum(sizes[k] * sizes[k + 1] for k in range(len(sizes) - 1))


def build_and_count(sizes):
    pairs = zip(sizes, sizes[1:], strict=False)
    with torch.device("meta"):
        net = torch.nn.Sequential(*(torch.nn.Linear(a, b) for a, b in pairs))
    return sum(p.numel() for p in net.parameters())


COUNT = Table(
    "count_parameters",
    wrong=(
        Wrong("no biases", "The biases are missing", weights),
        Wrong("inputs with bias", "Inputs have no bias", lambda s: weights(s) + sum(s)),
        Wrong("one bias a layer", "Each neuron has its own", lambda s: weights(s) + len(s) - 1),
        Wrong("outputs without bias", "outputs are neurons", lambda s: weights(s) + sum(s[1:-1])),
        Wrong("bias of senders", "layer that receives", lambda s: weights(s) + sum(s[:-1])),
        Wrong(
            "begins at the inputs",
            "Begin with the second size",
            lambda s: sum(s[k - 1] * s[k] + s[k] for k in range(len(s))),
        ),
        Wrong("one bias", "for the whole network", lambda s: weights(s) + 1),
        Wrong("biases only", "the weights are missing", lambda s: sum(s[1:])),
        Wrong("neurons", "not the weights between", sum),
        Wrong("all multiplied", "neighbouring layers", math.prod),
        Wrong("first layer", "Only the first layer", lambda s: s[0] * s[1] + s[1]),
        Wrong("last layer missing", "The last layer is missing", lambda s: build_and_count(s[:-1])),
        Wrong(
            "both plus one",
            "One too many",
            lambda s: sum((a + 1) * (b + 1) for a, b in zip(s, s[1:], strict=False)),
        ),
        Wrong("always the same", "Expected", lambda s: 13002),
        Wrong("six figures", "Expected", lambda s: float(f"{build_and_count(s):.6g}")),
        Wrong("a little more", "Expected", lambda s: 1.0000004 * build_and_count(s)),
        Wrong("five layers", "Expected", lambda s: build_and_count(s[:5])),
        Wrong(
            "pairs once",
            "Expected",
            lambda s: sum(a * b + b for a, b in {*zip(s, s[1:], strict=False)}),
        ),
        Wrong(
            "one output, no bias",
            "Expected",
            lambda s: build_and_count(s) - (s[-1] == 1 and len(s) > 3),
        ),
    ),
    right={
        "built and counted": build_and_count,
        "inputs plus one": lambda s: sum((a + 1) * b for a, b in zip(s[:-1], s[1:], strict=True)),
        "going down": lambda s: sum((s[k] + 1) * s[k + 1] for k in reversed(range(len(s) - 1))),
        "as a float": lambda s: float(weights(s) + sum(s[1:])),
        "with numpy": lambda s: np.dot(np.array(s[:-1]) + 1, s[1:]),
    },
)

# --- 5. a design decision ----------------------------------------------------------------------


def measured(candidates):
    return {name: exercises.measure(candidate) for name, candidate in candidates.items()}


def choosing(choose):
    """Return an answer that measures rightly; ``choose`` picks from (name, accuracy, cost)."""

    def answer(least, candidates):
        rows = measured(candidates)
        return rows, choose(least, [(name, *row) for name, row in rows.items()])

    return answer


def smallest(least, rows):
    return min((cost, name) for name, accuracy, cost in rows if accuracy >= least)[1]


def fitting(least, rows):
    return [row for row in rows if row[1] >= least]


def in_whole_per_cents(least, rows):
    return smallest(round(100 * least), [(name, round(100 * a), cost) for name, a, cost in rows])


def until_one_fails(least, rows):
    best = None
    for name, accuracy, cost in rows:
        if accuracy < least and best:
            break
        if accuracy >= least and (best is None or cost < best[0]):
            best = (cost, name)
    return best[1]


def with_more(least, candidates):
    rows = measured(candidates)
    choice = smallest(least, [(name, *row) for name, row in rows.items()])
    return [{name: list(row) for name, row in rows.items()} | {"mine": "none"}, choice]


def by_hand(least, candidates):
    best, rows = None, {}
    for name in sorted(candidates):
        hidden, _ = candidates[name]
        sizes = [196, *hidden, 10]
        rows[name] = np.array([exercises.measure(candidates[name])[0], build_and_count(sizes)])
        if rows[name][0] >= least and (best is None or rows[name][1] < rows[best][1]):
            best = name
    return rows, best


CHOOSE = Table(
    "choose_network",
    wrong=(
        Wrong(
            "most accurate",
            "the most accurate network",
            choosing(lambda least, rows: max(rows, key=lambda row: row[1])[0]),
        ),
        Wrong(
            "smallest of all",
            "smallest network of all",
            choosing(lambda least, rows: min(rows, key=lambda row: row[2])[0]),
        ),
        Wrong(
            "more than, not at least",
            "includes",
            choosing(
                lambda least, rows: smallest(least, [row for row in rows if row[1] > least] or rows)
            ),
        ),
        Wrong(
            "first that fits",
            "the first network",
            choosing(lambda least, rows: next(r[0] for r in rows if r[1] >= least)),
        ),
        Wrong("whole per cents", "whole per cents", choosing(in_whole_per_cents)),
        Wrong(
            "last that fits",
            "the last network",
            choosing(lambda least, rows: fitting(least, rows)[-1][0]),
        ),
        Wrong(
            "most for each parameter",
            "divide the accuracy",
            choosing(lambda least, rows: max(fitting(least, rows), key=lambda r: r[1] / r[2])[0]),
        ),
        Wrong(
            "least accurate that fits",
            "least accurate network",
            choosing(lambda least, rows: min(fitting(least, rows), key=lambda r: r[1])[0]),
        ),
        Wrong("a margin", "2 % less", choosing(lambda least, rows: smallest(least - 0.02, rows))),
        Wrong("until one fails", "stop at the first", choosing(until_one_fails)),
        Wrong(
            "first by name",
            "is too, with",
            choosing(lambda least, rows: min(fitting(least, rows))[0]),
        ),
        Wrong(
            "nearest",
            "are asked for",
            choosing(lambda least, rows: min(rows, key=lambda r: abs(r[1] - least))[0]),
        ),
        Wrong("name only", "Return two things", lambda least, candidates: "16 ReLU"),
        Wrong(
            "exchanged pair",
            "First the measurements",
            lambda least, candidates: choosing(smallest)(least, candidates)[::-1],
        ),
        Wrong(
            "parameters first",
            "(accuracy, parameters), in this order",
            lambda least, candidates: (
                {name: row[::-1] for name, row in measured(candidates).items()},
                "no hidden layer",
            ),
        ),
        Wrong(
            "accuracy only",
            "must be two numbers",
            lambda least, candidates: (
                {name: row[0] for name, row in measured(candidates).items()},
                "no hidden layer",
            ),
        ),
        Wrong(
            "made-up numbers",
            "measured again",
            lambda least, candidates: (dict.fromkeys(candidates, (0.9, 1000)), "no hidden layer"),
        ),
        Wrong("nothing measured", "There is no measurement", lambda least, c: ({}, "16 ReLU")),
        Wrong("nothing chosen", "You chose nothing", choosing(lambda least, rows: None)),
        Wrong("another name", "the name of a candidate", choosing(lambda least, rows: "huge")),
        Wrong("a number", "the name of a candidate", choosing(lambda least, rows: 3)),
    ),
    right={"sorted by cost": choosing(smallest), "with more": with_more, "by hand": by_hand},
)


class TestExercises(ExerciseTests):
    lesson = "14_neuron_to_network"
    tables = (NEURON, ACTIVATE, LAYER, COUNT, CHOOSE)
