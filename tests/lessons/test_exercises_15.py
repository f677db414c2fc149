"""Lesson 15: right answers written unusually are accepted, wrong ones told their cause."""

import math
import random

import numpy as np
import torch
from answers import ExerciseTests, Table, Wrong

from aml4d_utils.topics.neurons.activations import activation


def slope(name, x):
    return activation(name).derivative(x)


# --- 1. slopes -----------------------------------------------------------------------------------

TORCH = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "ReLU": torch.relu,
    "leaky ReLU": lambda x: torch.nn.functional.leaky_relu(x, 0.1),
    "ELU": torch.nn.functional.elu,
}


def slopes_by_autograd(name, x):
    t = torch.tensor(x, dtype=torch.double, requires_grad=True)
    TORCH[name](t).sum().backward()
    return t.grad


def slopes_number_by_number(name, x):
    def one(v):
        if name == "sigmoid":
            return math.exp(-abs(v)) / (1 + math.exp(-abs(v))) ** 2
        if name == "tanh":
            return 1 - math.tanh(v) ** 2
        if v > 0:
            return 1
        return {"ReLU": 0, "leaky ReLU": 0.1, "ELU": math.exp(v)}[name]

    return np.reshape([one(v) for v in x.ravel()], x.shape).tolist()


def slopes_by_differences(name, x):
    f = activation(name).value
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6


def slopes_as_the_lesson_writes_them(name, x):
    if name == "sigmoid":
        return 1 / (1 + np.exp(-x)) * (1 - 1 / (1 + np.exp(-x)))
    return np.where(x > 0, 1, np.exp(x)) if name == "ELU" else slope(name, x).tolist()


def sharp(x):
    return 1 / (1 + np.exp(-200 * x))


def only(name, wrong):
    return lambda given, x: wrong(x) if given == name else slope(given, x)


SLOPES = Table(
    "activation_slope",
    wrong=(
        Wrong("the value", "the activation itself", lambda n, x: activation(n).value(x)),
        Wrong("x itself", "you put x itself", only("sigmoid", lambda x: x * (1 - x))),
        Wrong("sigmoid's value", "σ(x) itself", only("sigmoid", activation("sigmoid").value)),
        Wrong("half a product", "one factor", only("sigmoid", lambda x: 1 / (1 + np.exp(x)))),
        Wrong("no square", "the square is missing", only("tanh", lambda x: 1 - np.tanh(x))),
        Wrong("x squared", "you squared x", only("tanh", lambda x: 1 - x**2)),
        Wrong("ReLU's value", "max(0, x) itself", only("ReLU", lambda x: np.maximum(0, x))),
        Wrong("turned", "other way round", only("ReLU", lambda x: np.where(x > 0, 0, 1))),
        Wrong("no leak", "leak is missing", only("leaky ReLU", lambda x: (x > 0) + 0.0)),
        Wrong("other leak", "not 0.01", only("leaky ReLU", lambda x: np.where(x > 0, 1, 0.01))),
        Wrong("leak times x", "its slope is 0.1",
              only("leaky ReLU", lambda x: np.where(x > 0, 1, 0.1 * x))),
        Wrong("ELU's value", "a constant has no slope",
              only("ELU", lambda x: np.where(x > 0, 1, np.exp(x) - 1))),
        Wrong("exp everywhere", "above 0 is 1", only("ELU", np.exp)),
        Wrong("one for all", "every name as sigmoid", lambda n, x: slope("sigmoid", x)),
        Wrong("x itself for all", "not x itself", lambda n, x: x * (1 - x)),
        Wrong("whole", "At index", lambda n, x: slope(n, x).astype(x.dtype)),
        Wrong("exp over exp", "is inf / inf",
              only("sigmoid", lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2)),
        Wrong("tanh of exps", "NaN or infinite",
              only("tanh", lambda x: 1 - (np.sinh(x) / np.cosh(x)) ** 2)),
        Wrong("ELU in one line", "NaN or infinite",
              only("ELU", lambda x: (x > 0) + (x <= 0) * np.exp(x))),
        Wrong("math.exp", "math.exp(800) an error",
              only("ELU", lambda x: np.vectorize(lambda v: min(1.0, math.exp(v)))(x))),
        Wrong("a sharp sigmoid", "At index", only("ReLU", sharp)),
        Wrong("not far below", "At index",
              only("leaky ReLU", lambda x: np.where(x > 0, 1, 0.1 * (x > -99)))),
        Wrong("no third dimension", "At index",
              lambda n, x: slope(n, x) if x.ndim < 3 else slope(n, x[:, ::-1])),
    ),
    right={
        "by autograd": slopes_by_autograd,
        "number by number": slopes_number_by_number,
        "by differences": slopes_by_differences,
        "as the lesson writes": slopes_as_the_lesson_writes_them,
        "in float32": lambda n, x: slope(n, x).astype(np.float32),
    },
)  # fmt: skip


# --- 2. layer ------------------------------------------------------------------------------------


def layer(wish, a, previous, weights, slope=None, mean=True, sign=1):
    delta = sign * wish * (a * (1 - a) if slope is None else slope(a))
    count = len(wish) if mean else 1
    return delta.T @ previous / count, delta.sum(0) / count, delta @ weights


def layer_with_torch(wish, a, previous, weights):
    w = torch.tensor(weights, dtype=torch.double, requires_grad=True)
    b = torch.zeros(len(weights), dtype=torch.float64, requires_grad=True)
    x = torch.tensor(previous, dtype=torch.double, requires_grad=True)
    z = x @ w.T + b
    z.backward(torch.tensor(wish * a * (1 - a)))
    return [w.grad / len(wish), b.grad / len(wish), x.grad]


def layer_with_loops(wish, a, previous, weights):
    (count, neurons), inputs = wish.shape, previous.shape[1]
    dw, db, back = np.zeros(weights.shape), np.zeros(neurons), np.zeros((count, inputs))
    for e in range(count):
        for j in range(neurons):
            d = wish[e, j] * a[e, j] * (1 - a[e, j])
            db[j] += d / count
            for i in range(inputs):
                dw[j, i] += d * previous[e, i] / count
                back[e, i] += d * weights[j, i]
    return dw, db, back


def layer_with_einsum(wish, a, previous, weights):
    d = np.einsum("ej,ej,ej->ej", wish, a, 1 - a)
    outer = np.einsum("ej,ei->eji", d, previous)
    return outer.mean(axis=0).tolist(), d.mean(axis=0).tolist(), np.einsum("ej,ji->ei", d, weights)


def layer_with_outer_products(wish, a, previous, weights):
    deltas = wish * a * (1 - a)
    dw = np.mean([np.outer(d, p) for d, p in zip(deltas, previous, strict=True)], axis=0)
    return dw, deltas.mean(0), np.stack([weights.T @ d for d in deltas])


def as_whole(place, *arguments):
    parts = list(layer(*arguments))
    parts[place] = parts[place].astype(arguments[3].dtype)
    return parts


def whole_delta(wish, a, previous, weights):
    delta = (wish * a * (1 - a)).astype(wish.dtype)
    return delta.T @ previous / len(delta), delta.mean(axis=0), delta @ weights


def mean_of_those_who_wish(wish, a, previous, weights):
    dw, _, back = layer(wish, a, previous, weights)
    delta = wish * a * (1 - a)
    return dw, delta.sum(0) / np.maximum(1, (delta != 0).sum(0)), back


def transposed(*arguments):
    dw, db, back = layer(*arguments)
    return dw.T, db, back


def sum_of_biases(*arguments):
    dw, db, back = layer(*arguments)
    return dw, db * len(arguments[0]), back


def mean_on_the_way_back(*arguments):
    dw, db, back = layer(*arguments)
    return dw, db, back / len(arguments[0])


def no_slope_on_the_way_back(wish, a, previous, weights):
    dw, db, _ = layer(wish, a, previous, weights)
    return dw, db, wish @ weights


def exchanged(*arguments):
    dw, db, back = layer(*arguments)
    return back, db, dw


def transposed_way_back(wish, a, previous, weights):
    dw, db, back = layer(wish, a, previous, weights)
    delta = wish * a * (1 - a)
    return dw, db, delta @ weights.T if weights.shape[0] == weights.shape[1] else back


def one_bias(*arguments):
    dw, db, back = layer(*arguments)
    return dw, db.mean(), back


def with_part(place, part, wish, a, previous, weights):
    parts = list(layer(wish, a, previous, weights))
    parts[place] = part(wish * a * (1 - a), previous, weights)
    return parts


LAYER = Table(
    "layer_backward",
    wrong=(
        Wrong("no transpose", "A transpose is missing", transposed),
        Wrong("sum", "added the examples up", lambda *a: layer(*a, mean=False)),
        Wrong("sum of biases", "biases up", sum_of_biases),
        Wrong("no slope", "slope is missing", lambda *a: layer(*a, slope=lambda x: 1)),
        Wrong("no slope back", "missing on the way back", no_slope_on_the_way_back),
        Wrong("sign", "sign is turned", lambda *a: layer(*a, sign=-1)),
        Wrong("half a slope", "not a: one factor", lambda *a: layer(*a, slope=lambda x: x)),
        Wrong("mean back", "no mean here", mean_on_the_way_back),
        Wrong("exchanged", "The order is weights", exchanged),
        Wrong("too many transposes", "Too many transposes", transposed_way_back),
        Wrong("one bias", "bias of its own", one_bias),
        Wrong("delta @ previous", "adds up over the examples",
              lambda *a: with_part(0, lambda d, p, w: d @ p / len(d), *a)),
        Wrong("delta @ weights.T", "Too many transposes",
              lambda *a: with_part(2, lambda d, p, w: d @ w.T, *a)),
        Wrong("weights @ delta", "factors are exchanged",
              lambda *a: with_part(2, lambda d, p, w: w @ d, *a)),
        Wrong("weights.T @ delta", "factors are exchanged",
              lambda *a: with_part(2, lambda d, p, w: w.T @ d, *a)),
        Wrong("bias along the rows", "mean over the neurons",
              lambda *a: with_part(1, lambda d, p, w: d.mean(axis=1), *a)),
        Wrong("two things", "Return three arrays", lambda *a: layer(*a)[:2]),
        Wrong("whole weights", "weights' gradient", lambda *a: as_whole(0, *a)),
        Wrong("whole way back", "previous activations' gradient", lambda *a: as_whole(2, *a)),
        Wrong("whole delta", "At index".lower(), whole_delta),
        Wrong("never below zero", "weights' gradient",
              lambda g, a, p, w: layer(g, a, np.maximum(p, 0), w)),
        Wrong("silent neurons kept", "weights' gradient",
              lambda *a: layer(*a, slope=lambda x: np.where(x > 0, x * (1 - x), 1))),
        Wrong("sure neurons kept", "weights' gradient",
              lambda *a: layer(*a, slope=lambda x: np.where(x < 1, x * (1 - x), 1))),
        Wrong("mean of those who wish", "biases' gradient", mean_of_those_who_wish),
        Wrong("at most five", "weights' gradient",
              lambda *a: (layer(*a)[0] * len(a[0]) / min(5, len(a[0])), *layer(*a)[1:])),
        Wrong("a row of biases", "one row too many",
              lambda *a: with_part(1, lambda d, p, w: d.mean(axis=0, keepdims=True), *a)),
        Wrong("a column of biases", "is a column",
              lambda *a: with_part(1, lambda d, p, w: d.mean(axis=0)[:, None], *a)),
    ),
    right={
        "with torch": layer_with_torch,
        "with loops": layer_with_loops,
        "with einsum": layer_with_einsum,
        "outer products": layer_with_outer_products,
        "in float32": lambda *a: [part.astype(np.float32) for part in layer(*a)],
    },
)  # fmt: skip


# --- 3. gradient check ---------------------------------------------------------------------------


def central(cost, w, h, factor=1.0, sign=1):
    ends = []
    for k in range(len(w)):
        move = np.zeros(len(w))
        move[k] = h
        ends.append(sign * factor * (cost(w + move) - cost(w - move)) / (2 * h))
    return np.array(ends)


def put_back(cost, w, h):
    w = w.copy()
    slopes = []
    for k in range(len(w)):
        w[k] += h
        up = cost(w)
        w[k] -= 2 * h
        slopes.append((up - cost(w)) / (2 * h))
        w[k] += h
    return slopes


def five_points(cost, w, h):
    def f(k, m):
        return cost(w + m * h * np.eye(len(w))[k])

    return [(f(k, -2) - 8 * f(k, -1) + 8 * f(k, 1) - f(k, 2)) / (12 * h) for k in range(len(w))]


def with_lists(cost, w, h):
    result = []
    for k in range(len(w)):
        up, down = list(w), list(w)
        up[k], down[k] = up[k] + h, down[k] - h
        result.append((cost(up) - cost(down)) / h / 2)
    return result


def one_sided(cost, w, h):
    return np.array([(cost(w + h * row) - cost(w)) / h for row in np.eye(len(w))])


def never_back(cost, w, h):
    w = w.copy()
    slopes = []
    for k in range(len(w)):
        w[k] += h
        up = cost(w)
        w[k] -= 2 * h
        slopes.append((up - cost(w)) / (2 * h))
    return np.array(slopes)


def all_together(cost, w, h):
    return np.full(len(w), (cost(w + h) - cost(w - h)) / (2 * h))


def without_copies(cost, w, h):
    w = w.copy()
    slopes = []
    for k in range(len(w)):
        up, down = w, w
        up[k] += h
        down[k] -= h
        slopes.append((cost(up) - cost(down)) / (2 * h))
    return slopes


def half_steps(cost, w, h):
    rows = np.eye(len(w)) * h / 2
    return [(cost(w + row) - cost(w - row)) / h for row in rows]


def by_value(cost, w, h):
    return [(cost(np.where(w == v, w + h, w)) - cost(np.where(w == v, w - h, w))) / (2 * h)
            for v in w]  # fmt: skip


def changes_input(cost, w, h):
    result = never_back(cost, w, h)
    w += h
    return result


GRADIENT = Table(
    "numeric_gradient",
    wrong=(
        Wrong("one side", "one side only", one_sided),
        Wrong("by h", "it is two steps", lambda c, w, h: central(c, w, h, 2)),
        Wrong("not divided", "divide by 2h", lambda c, w, h: central(c, w, h, 2 * h)),
        Wrong("by 2", "not by the step h", lambda c, w, h: central(c, w, h, h)),
        Wrong("by 4h", "divided by too much", lambda c, w, h: central(c, w, h, 0.5)),
        Wrong("sign", "sign is turned", lambda c, w, h: central(c, w, h, sign=-1)),
        Wrong("together", "one parameter at a time", all_together),
        Wrong("one number", "one number for each", lambda c, w, h: all_together(c, w, h)[0]),
        Wrong("never put back", "Put each parameter back", never_back),
        Wrong("changes w", "changed its input", changes_input),
        Wrong("zeros", "never asked", lambda c, w, h: np.zeros(len(w))),
        Wrong("its own h", "Use the step h", lambda c, w, h: central(c, w, 1e-4)),
        Wrong("a smaller h", "Use the step h", lambda c, w, h: central(c, w, 1e-6)),
        Wrong("/ 2 * h", "Use brackets", lambda c, w, h: central(c, w, h, h**2)),
        Wrong("/ h * 2", "Use brackets", lambda c, w, h: central(c, w, h, 4)),
        Wrong("no copies", "is no copy", without_copies),
        Wrong("never stored", "store each one", lambda c, w, h: 0 * central(c, w, h)),
        Wrong(
            "half of h, by 2h", "by 0.005 to both sides", lambda c, w, h: central(c, w, h / 2, 0.5)
        ),
        Wrong("twice h, by 2h", "by 0.02 to both sides", lambda c, w, h: central(c, w, 2 * h, 2)),
        Wrong("by value", "At index", by_value),
        Wrong("sizes", "At index", lambda c, w, h: abs(central(c, w, h))),
        Wrong("nothing at zero", "At index", lambda c, w, h: np.where(w == 0, 0, central(c, w, h))),
        Wrong(
            "steps in proportion",
            "Use the step h",
            lambda c, w, h: [central(c, w, h * (1 + abs(v)))[k] for k, v in enumerate(w)],
        ),
    ),
    right={
        "put back": put_back,
        "five points": five_points,
        "lists": with_lists,
        "half steps": half_steps,
        "mean of both sides": lambda c, w, h: (one_sided(c, w, h) + one_sided(c, w, -h)) / 2,
    },
)


# --- 4. stochastic gradient descent --------------------------------------------------------------


def sgd(weights, gradient, count, size, rate, rng, *, step=None, batches=None):
    weights = weights.copy()
    order = rng.permutation(count)
    cut = [order[k : k + size] for k in range(0, count, size)]
    for chosen in batches(order, size) if batches else cut:
        g = gradient(weights, chosen)
        weights = step(weights, g, rate, chosen) if step else weights - rate * g
    return weights


def with_shuffle_and_lists(start, gradient, count, size, rate, rng):
    weights = list(start)
    numbers = list(range(count))
    rng.shuffle(numbers)
    while numbers:
        chosen, numbers = numbers[:size], numbers[size:]
        g = gradient(weights, chosen)
        weights = [weights[k] - rate * g[k] for k in range(len(weights))]
    return weights


def with_array_split(start, gradient, count, size, rate, rng):
    w = np.array(start)
    for chosen in np.array_split(np.argsort(rng.random(count)), range(size, count, size)):
        w -= rate * gradient(w, chosen)
    return tuple(w)


def backwards_through_the_order(start, gradient, count, size, rate, rng):
    order = rng.permutation(count)[::-1]
    for k in range(-(-count // size)):
        start = start - rate * gradient(start, order[k * size : (k + 1) * size])
    return torch.tensor(start)


def by_masks(weights, gradient, count, size, rate, rng):
    place = rng.permutation(count)
    for first in range(0, count, size):
        weights = weights - rate * gradient(weights, (place >= first) & (place < first + size))
    return weights


def in_order(weights, gradient, count, size, rate, rng):
    for first in range(0, count, size):
        weights = weights - rate * gradient(weights, np.arange(count)[first : first + size])
    return weights


def rolled(weights, gradient, count, size, rate, rng):
    order = np.roll(np.arange(count), rng.integers(count))
    for first in range(0, count, size):
        weights = weights - rate * gradient(weights, order[first : first + size])
    return weights


def own_seed(weights, gradient, count, size, rate, rng):
    return sgd(weights, gradient, count, size, rate, np.random.default_rng(0))


def drawn_with_replacement(order, size):
    drawn = np.random.default_rng(0).integers(0, len(order), len(order))
    return [drawn[k : k + size] for k in range(0, len(order), size)]


def last_dropped(order, size):
    return [order[k : k + size] for k in range(0, len(order) - size + 1, size)]


def even_batches(order, size):
    return np.array_split(order, -(-len(order) // size))


def from_start(start, gradient, count, size, rate, rng):
    weights = start
    order = rng.permutation(count)
    for first in range(0, count, size):
        weights = start - rate * gradient(weights, order[first : first + size])
    return weights


def gradient_at_start(start, gradient, count, size, rate, rng):
    weights = start
    order = rng.permutation(count)
    for first in range(0, count, size):
        weights = weights - rate * gradient(start, order[first : first + size])
    return weights


def one_step_behind(start, gradient, count, size, rate, rng):
    weights = before = start
    order = rng.permutation(count)
    for first in range(0, count, size):
        before = weights
        weights = weights - rate * gradient(weights, order[first : first + size])
    return before


def changed_start(start, gradient, count, size, rate, rng):
    start -= 0.1
    return sgd(start + 0.1, gradient, count, size, rate, rng)


def ordered(order, cut=None):
    """Return an answer that is right but for its order, or for how it cuts."""

    def answer(weights, gradient, count, size, rate, rng):
        numbers = np.asarray(order(count, rng))
        parts = cut(numbers, size) if cut else np.split(numbers, range(size, count, size))
        for chosen in parts:
            weights = weights - rate * gradient(weights, np.asarray(chosen))
        return weights

    return answer


def in_pieces(shuffle):
    """Return an answer that cuts the examples in their order, and shuffles then."""

    def answer(weights, gradient, count, size, rate, rng):
        parts = np.split(np.arange(count), range(size, count, size))
        for chosen in shuffle(parts, rng):
            weights = weights - rate * gradient(weights, np.asarray(chosen))
        return weights

    return answer


def other_chance(weights, gradient, count, size, rate, rng):
    return sgd(weights, gradient, count, size, rate, np.random.default_rng())


def two_exchanged(count, rng):
    order = np.arange(count)
    one, other = rng.choice(count, 2, replace=False)
    order[[one, other]] = order[[other, one]]
    return order


def short_first(order, size):
    return np.split(order, range(len(order) % size or size, len(order), size))


def slower(weights, gradient, count, size, rate, rng):
    for chosen in np.split(rng.permutation(count), range(size, count, size)):
        weights = weights - rate * gradient(weights, chosen)
        rate = 0.99 * rate
    return weights


SGD = Table(
    "sgd_epoch",
    wrong=(
        Wrong("not shuffled", "never shuffled", in_order),
        Wrong("own seed", "Every epoch has the same order", own_seed),
        Wrong("rolled", "stay neighbours", rolled),
        Wrong("other chance", "comes from elsewhere", other_chance),
        Wrong("drawn for nothing", "comes from elsewhere",
              lambda w, g, n, b, r, rng: other_chance(w, g, n, b, r, rng.spawn(1)[0])),
        Wrong("batches shuffled", "cut first", in_pieces(lambda parts, rng: rng.permutation(parts)
              if len({*map(len, parts)}) == 1 else rng.permuted(parts[:-1]).tolist() + parts[-1:])),
        Wrong("batches shuffled, last too", "cut first",
              in_pieces(lambda parts, rng: [parts[k] for k in rng.permutation(len(parts))])),
        Wrong("shuffled in batches", "cut first",
              in_pieces(lambda parts, rng: [rng.permutation(part) for part in parts])),
        Wrong("two exchanged", "You hardly shuffle", ordered(two_exchanged)),
        Wrong("first half", "You hardly shuffle",
              ordered(lambda n, rng: [*rng.permutation(n // 2), *range(n // 2, n)])),
        Wrong("short batch first", "All batches but the last",
              ordered(lambda n, rng: rng.permutation(n), short_first)),
        Wrong("slower and slower", "Step 2 of", slower),
        Wrong("by its share of a batch", "Step 3 of",
              lambda w, g, n, b, r, rng: sgd(
                  w, g, n, b, r, rng, step=lambda w, g, r, c: w - r * g * len(c) / min(b, n))),
        Wrong("last dropped", "last batch is dropped", lambda *a: sgd(*a, batches=last_dropped)),
        Wrong("with replacement", "Shuffle once, then cut",
              lambda *a: sgd(*a, batches=drawn_with_replacement)),
        Wrong("even batches", "All batches but the last", lambda *a: sgd(*a, batches=even_batches)),
        Wrong("uphill", "uphill", lambda *a: sgd(*a, step=lambda w, g, r, c: w + r * g)),
        Wrong("no rate", "learning rate is missing",
              lambda *a: sgd(*a, step=lambda w, g, r, c: w - g)),
        Wrong("divided again", "do not divide",
              lambda *a: sgd(*a, step=lambda w, g, r, c: w - r * g / len(c))),
        Wrong("sum", "not a sum", lambda *a: sgd(*a, step=lambda w, g, r, c: w - r * g * len(c))),
        Wrong("lost weights", "old weights are lost",
              lambda *a: sgd(*a, step=lambda w, g, r, c: -r * g)),
        Wrong("all at once", "A batch has 12", lambda w, g, c, b, r, rng: sgd(w, g, c, c, r, rng)),
        Wrong("two epochs", "one epoch in batches",
              lambda w, *a: sgd(sgd(w, *a), *a)),
        Wrong("from start", "begins at the first weights", from_start),
        Wrong("gradient at start", "where the last step ended", gradient_at_start),
        Wrong("one behind", "before the last step", one_step_behind),
        Wrong("nothing kept", "stay where they are", lambda *a: sgd(*a, step=lambda w, *_: w)),
        Wrong("start changed", "changed its input", changed_start),
        Wrong("no gradient", "never asked", lambda w, *a: w),
        Wrong("contents", "numbers of the chosen",
              lambda w, g, c, b, r, rng: g(w, np.ones((2, 2)))),
    ),
    right={
        "shuffled lists": with_shuffle_and_lists,
        "array_split": with_array_split,
        "backwards": backwards_through_the_order,
        "drawn without replacement": ordered(lambda n, rng: rng.choice(n, n, replace=False)),
        "by Python's own shuffle": ordered(
            lambda n, rng: random.Random(int(rng.integers(2**30))).sample(range(n), n)),
        "as masks": by_masks,
    },
)  # fmt: skip


# --- 5. decision ---------------------------------------------------------------------------------


def final(start, cost, gradient, rate, steps, sign=-1):
    weights = np.array(start)
    for _ in range(steps):
        weights = weights + sign * rate * gradient(weights)
    return cost(weights)


def chosen(start, cost, gradient, rates, steps, measure=final, choose=min):
    costs = {rate: measure(start, cost, gradient, rate, steps) for rate in rates}
    return costs, choose(costs, key=costs.get)


def choosing(choose):
    """Return an answer that measures rightly; ``choose`` picks from {rate: final cost}."""

    def answer(start, cost, gradient, rates, steps):
        costs = {rate: final(start, cost, gradient, rate, steps) for rate in rates}
        return costs, choose(costs, start, cost, gradient, steps)

    return answer


def end(start, gradient, rate, steps):
    for _ in range(steps):
        start = start - rate * gradient(start)
    return start


def until_it_rises(costs, *_):
    best, *others = costs
    for rate in others:
        if costs[rate] > costs[best]:
            return best
        best = rate
    return best


def running_on(start, cost, gradient, rates, steps):
    weights, costs = start, {}
    for rate in rates:
        for _ in range(steps):
            weights = weights - rate * gradient(weights)
        costs[rate] = cost(weights)
    return costs, min(costs, key=costs.get)


def with_arrays(start, cost, gradient, rates, steps):
    finals = []
    for rate in np.array(rates):
        w = start.copy()
        for _ in range(steps):
            w -= rate * gradient(w)
        finals.append(cost(w))
    return dict(zip(rates, finals, strict=True)), np.array(rates)[int(np.argmin(finals))]


def with_sorting(start, cost, gradient, rates, steps):
    measured = sorted((final(start, cost, gradient, rate, steps), rate) for rate in rates)
    return [{rate: value for value, rate in measured}, measured[0][1]]


DECISION = Table(
    "choose_rate",
    wrong=(
        Wrong("the largest cost", "the highest cost", lambda *a: chosen(*a, choose=max)),
        Wrong("always the smallest", "always take the smallest rate",
              lambda s, c, g, rates, n: (chosen(s, c, g, rates, n)[0], min(rates))),
        Wrong("not a rate", "choose one of the learning rates",
              lambda *a: (chosen(*a)[0], 0.123)),
        Wrong("the cost itself", "choose one of the learning rates",
              lambda *a: (chosen(*a)[0], min(chosen(*a)[0].values()))),
        Wrong("exchanged", "First the measurements", lambda *a: chosen(*a)[::-1]),
        Wrong("only the choice", "Return two things", lambda *a: chosen(*a)[1]),
        Wrong("cost at start", "cost at the start",
              lambda *a: chosen(*a, measure=lambda s, c, g, r, n: c(s))),
        Wrong("one step less", "too early",
              lambda *a: chosen(*a, measure=lambda s, c, g, r, n: final(s, c, g, r, n - 1))),
        Wrong("one step more", "too late",
              lambda *a: chosen(*a, measure=lambda s, c, g, r, n: final(s, c, g, r, n + 1))),
        Wrong("lowest on the way", "lowest cost on the way",
              lambda *a: chosen(*a, measure=lambda s, c, g, r, n: min(
                  final(s, c, g, r, k) for k in range(n + 1)))),
        Wrong("one step", "after one step",
              lambda *a: chosen(*a, measure=lambda s, c, g, r, n: final(s, c, g, r, 1))),
        Wrong("running on", "begin each rate at start", running_on),
        Wrong("by the best on the way", "lowest cost on the way", choosing(
            lambda m, s, c, g, n: min(
                m, key=lambda r: min(final(s, c, g, r, k) for k in range(n + 1))))),
        Wrong("by half the way", "half way",
              choosing(lambda m, s, c, g, n: min(m, key=lambda r: final(s, c, g, r, n // 2)))),
        Wrong("by one step", "after one step",
              choosing(lambda m, s, c, g, n: min(m, key=lambda r: final(s, c, g, r, 1)))),
        Wrong("rounded", "rounded costs",
              choosing(lambda m, s, c, g, n: min(m, key=lambda r: round(m[r], 2)))),
        Wrong("cost for each rate", "divide the cost",
              choosing(lambda m, s, c, g, n: min(m, key=lambda r: m[r] / r))),
        Wrong("by the gradient", "gradient at the end",
              choosing(lambda m, s, c, g, n: min(m, key=lambda r: abs(g(end(s, g, r, n))).sum()))),
        Wrong("until it rises", "rises for the first time", choosing(until_it_rises)),
        Wrong("largest that lowers", "largest rate that lowers", choosing(
            lambda m, s, c, g, n: max([r for r in m if m[r] < c(s)] or m))),
        Wrong("nearly the best", "your choice", choosing(
            lambda m, s, c, g, n: next(r for r in m if m[r] <= 1.1 * min(m.values())))),
        Wrong("one rate missing", "no measurement",
              lambda s, c, g, rates, n: chosen(s, c, g, rates[:1], n)),
    ),
    right={"arrays": with_arrays, "sorting": with_sorting, "a helper": chosen},
)  # fmt: skip


class TestExercises(ExerciseTests):
    lesson = "15_backpropagation"
    tables = (SLOPES, LAYER, GRADIENT, SGD, DECISION)
