"""The exercises of the backpropagation lesson."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from aml4d_utils.checking import (
    Case,
    Decision,
    DecisionCase,
    Exercise,
    Mistake,
    Rival,
    WrongAnswer,
    same_as,
)
from aml4d_utils.checking.chance import chance
from aml4d_utils.checking.exercise import Attempt, difference, told_apart
from aml4d_utils.topics.backprop.landscape import TwoWeights, six_or_nine
from aml4d_utils.topics.neurons.activations import activation

LESSON = "15_backpropagation"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. slopes of the activations ----------------------------------------------------------------

_NAMES = ("sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU")


def _slope(name: str, x: np.ndarray) -> np.ndarray:
    return activation(name).derivative(x)


def _slope_cases() -> list[Case]:
    rng = np.random.default_rng(15)
    cases = [
        Case(f"{name} at −2, −0.5, 0.5 and 2", (name, np.array([-2.0, -0.5, 0.5, 2.0])))
        for name in _NAMES
    ]
    for words, x in (
        ("3 × 4 numbers", rng.normal(0, 2, (3, 4))),
        ("far away", np.array([-9.0, 9.0])),
        ("close to 0", np.array([-0.01, 0.01])),
        ("whole numbers", np.array([-3, -1, 2, 2])),
        ("2 × 2 × 3 numbers", rng.normal(0, 2, (2, 2, 3))),
        ("at 800, where np.exp(800) is inf and math.exp(800) an error", np.array([800.0, 1.0])),
        ("at −800, where np.exp(800) is inf and math.exp(800) an error", np.array([-800.0, -1.0])),
    ):
        cases += [Case(f"{name}, {words}", (name, x)) for name in _NAMES]
    return cases


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _only(name: str, wrong: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
    """Return the answer that is wrong for one activation and right for the others."""
    return lambda given, x: wrong(x) if given == name else _slope(given, x)


activation_slope = _exercise(
    "activation_slope",
    check_with=same_as(
        _slope,
        _slope_cases(),
        [
            Mistake(
                lambda name, x: activation(name).value(x),
                "You returned the activation itself; asked for is its slope.",
            ),
            Mistake(
                _only("sigmoid", lambda x: x * (1 - x)),
                "σ'(x) is σ(x) · (1 − σ(x)): you put x itself in the place of σ(x).",
            ),
            Mistake(
                lambda name, x: x * (1 - x),
                "s · (1 − s) is the sigmoid's slope where s is σ(x), not x itself; and each of the "
                "other names has a slope of its own.",
            ),
            Mistake(
                _only("sigmoid", _sigmoid),
                "For the sigmoid you returned σ(x) itself; its slope is σ(x) · (1 − σ(x)).",
            ),
            Mistake(
                _only("sigmoid", lambda x: 1 - _sigmoid(x)),
                "The sigmoid's slope is the product σ(x) · (1 − σ(x)); one factor is missing.",
            ),
            Mistake(
                _only("tanh", lambda x: 1 - np.tanh(x)),
                "tanh's slope is 1 − tanh(x)²: the square is missing.",
            ),
            Mistake(
                _only("tanh", lambda x: 1 - x**2),
                "tanh's slope is 1 − tanh(x)²: you squared x itself.",
            ),
            Mistake(
                _only("ReLU", lambda x: np.maximum(x, 0)),
                "For ReLU you returned max(0, x) itself; its slope is 1 above 0 and 0 below.",
            ),
            Mistake(
                _only("ReLU", lambda x: np.where(x > 0, x, 0)),
                "ReLU's slope above 0 is 1, whatever x is.",
            ),
            Mistake(
                _only("ReLU", lambda x: (x < 0) * 1.0),
                "ReLU's slope is 1 above 0 and 0 below; yours is the other way round.",
            ),
            Mistake(
                _only("leaky ReLU", lambda x: (x > 0) * 1.0),
                "The leak is missing: below 0, leaky ReLU still has the slope 0.1.",
            ),
            Mistake(
                _only("leaky ReLU", lambda x: np.where(x > 0, 1.0, 0.1 * x)),
                "Below 0, leaky ReLU is 0.1 x, and its slope is 0.1.",
            ),
            Mistake(
                _only("leaky ReLU", lambda x: np.where(x > 0, 1.0, 0.01)),
                "The lecture's leaky ReLU is max(0.1x, x): its leak is 0.1, not 0.01.",
            ),
            Mistake(
                _only("ELU", lambda x: np.where(x > 0, 1.0, np.exp(x) - 1)),
                "Below 0, ELU is eˣ − 1, and its slope is eˣ: a constant has no slope.",
            ),
            Mistake(
                _only("ELU", np.exp),
                "ELU's slope above 0 is 1; eˣ is its slope below 0 only.",
            ),
            Mistake(
                _only("sigmoid", lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2),
                "exp(−x) / (1 + exp(−x))² is inf / inf where x is far below 0, which is no number. "
                "s · (1 − s) with s = 1 / (1 + exp(−x)) goes on.",
            ),
            Mistake(
                lambda name, x: _slope("sigmoid", x),
                "You treat every name as sigmoid. Look at name first.",
            ),
        ],
        tolerance=1e-6,
    ),
    hints=(
        "Each function's slope can be written with the function itself: for the sigmoid "
        "s = 1 / (1 + np.exp(-x)), and the slope is s * (1 - s).",
        "tanh: 1 − tanh(x)². ReLU: 1 where x > 0, else 0. Leaky ReLU: 1 or 0.1. ELU: 1 where x > "
        "0, else eˣ. np.where(x > 0, …, …) chooses number by number.",
    ),
)


# --- 2. backward through a layer -----------------------------------------------------------------


def _layer_backward(
    grad: np.ndarray, activations: np.ndarray, previous: np.ndarray, weights: np.ndarray
) -> list[np.ndarray]:
    """Return gradients of weights and bias (means over the batch) and of the previous layer."""
    delta = _delta(grad, activations)
    return [delta.T @ previous / len(delta), delta.mean(axis=0), delta @ weights]


_PARTS = ("the weights' gradient", "the biases' gradient", "the previous activations' gradient")


def _layer_cases() -> list[tuple[str, tuple[np.ndarray, ...]]]:
    rng = np.random.default_rng(151)
    cases = []
    for name, (batch, neurons, inputs) in {
        "1 example, 1 neuron, 1 input": (1, 1, 1),
        # All sides alike: every product fits, so that a wrong one gives numbers and a diagnosis.
        "3 examples, 3 neurons, 3 inputs": (3, 3, 3),
        "1 example, 2 neurons, 3 inputs": (1, 2, 3),
        "4 examples, 3 neurons, 3 inputs": (4, 3, 3),
        "5 examples, 2 neurons, 4 inputs": (5, 2, 4),
        "3 examples, 4 neurons, 2 inputs": (3, 4, 2),
        "14 examples, 5 neurons, 9 inputs": (14, 5, 9),
    }.items():
        cases.append(
            (
                name,
                (
                    rng.normal(size=(batch, neurons)),
                    rng.uniform(0.05, 0.95, (batch, neurons)),
                    rng.random((batch, inputs)),
                    rng.normal(size=(neurons, inputs)),
                ),
            )
        )
    grad, activations, previous, weights = cases[4][1]
    sure = activations.round()  # Every neuron at 0 or 1: its slope is 0.
    sure[0] = 0.5
    black, white = np.array([[0, 1], [1, 1], [0, 0]]), np.array([[2, -1], [1, 3], [-4, 0], [1, 1]])
    whole = np.array([[1, 0, -2, 1], [3, 1, 1, 0], [-1, 2, 0, 1]])
    return [
        *cases,
        ("neurons that are saturated, at 0 and at 1", (grad, sure, previous, weights)),
        ("previous activations below zero", (grad, activations, previous - 0.5, weights)),
        ("equal numbers everywhere",
         (np.full((4, 3), 0.5), np.full((4, 3), 0.25), np.full((4, 2), 2.0), np.ones((3, 2)))),
        ("whole numbers, black and white pixels", (whole, np.full((3, 4), 0.25), black, white)),
    ]  # fmt: skip


def _delta(grad: np.ndarray, activations: np.ndarray) -> np.ndarray:
    return grad * activations * (1 - activations)


def _part(place: int, wrong: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """Return a part made of delta, previous and weights; the right one where shapes do not fit."""

    def part(grad, activations, previous, weights):
        try:
            return wrong(_delta(grad, activations), previous, weights)
        except ValueError:
            return _layer_backward(grad, activations, previous, weights)[place]

    return part


_LAYER_MISTAKES: tuple[tuple[int, Callable[..., np.ndarray], str], ...] = (
    (0, lambda g, a, p, w: _delta(g, a).T @ p,
     "You added the examples up; asked for is their mean. Divide by the number of rows."),
    (1, lambda g, a, p, w: _delta(g, a).sum(axis=0),
     "You added the examples' biases up; asked for is their mean, as for the weights."),
    (0, lambda g, a, p, w: g.T @ p / len(g),
     "The activation's slope is missing: multiply grad by a · (1 − a) first."),
    (1, lambda g, a, p, w: g.mean(axis=0),
     "The activation's slope is missing in the biases: multiply grad by a · (1 − a)."),
    (2, lambda g, a, p, w: g @ w,
     "The activation's slope is missing on the way back: multiply grad by a · (1 − a)."),
    (0, lambda g, a, p, w: (_delta(g, a).T @ p / len(g)).T,
     "A transpose is missing: the gradient has the shape of the weights (neurons, inputs)."),
    (2, _part(2, lambda d, p, w: d @ w.T),
     "Too many transposes: the way back is delta @ weights, without .T."),
    (0, _part(0, lambda d, p, w: d @ p / len(d)),
     "A transpose is missing: delta.T @ previous adds up over the examples."),
    (2, _part(2, lambda d, p, w: w @ d),
     "The factors are exchanged: the way back is delta @ weights."),
    (2, _part(2, lambda d, p, w: w.T @ d),
     "The factors are exchanged: the way back is delta @ weights."),
    (1, lambda g, a, p, w: _delta(g, a).mean(axis=1),
     "You took the mean over the neurons. Take it over the examples, the rows: axis=0."),
    (2, lambda g, a, p, w: _delta(g, a) @ w / len(g),
     "The previous activations belong to one example each: no mean here."),
    (1, lambda g, a, p, w: np.asarray(_delta(g, a).mean()),
     "Each neuron has a bias of its own: take the mean over the rows only, axis=0."),
    (1, lambda g, a, p, w: _delta(g, a),
     "The biases' gradient is still one row per example: take the mean over the rows."),
    (1, lambda g, a, p, w: _delta(g, a).mean(axis=0)[None],
     "The biases' gradient has one row too many: its shape is (neurons,), as that of the biases."),
    (1, lambda g, a, p, w: _delta(g, a).mean(axis=0)[:, None],
     "The biases' gradient is a column: its shape is (neurons,), as that of the biases."),
    *((part, lambda *given, part=part: -_layer_backward(*given)[part],
       "The sign is turned: return gradients; the step subtracts them.") for part in range(3)),
    (0, lambda g, a, p, w: (g * a).T @ p / len(g),
     "The sigmoid's slope is a · (1 − a), not a: one factor is missing."),
    (1, lambda g, a, p, w: (g * a).mean(axis=0),
     "The sigmoid's slope is a · (1 − a), not a: one factor is missing."),
    (2, lambda g, a, p, w: (g * a) @ w,
     "The sigmoid's slope is a · (1 − a), not a: one factor is missing."),
)  # fmt: skip
"""Typical wrong parts: which of the three, what it amounts to, and its cause."""


def _check_layer_backward(attempt: Attempt) -> None:
    given = []
    for name, arguments in _layer_cases():
        given.append((arguments, _three(attempt(*arguments, case=name), name)))
        for part, want in enumerate(_layer_backward(*arguments)):
            problem = difference(given[-1][1][part], want)
            if problem is not None:
                given += _further_answers(attempt, len(given))
                raise WrongAnswer(
                    f"{_layer_cause(part, given, problem)}\nCase: {name}, {_PARTS[part]}\n{problem}"
                )


def _three(value: Any, case: str) -> tuple:
    parts = tuple(value) if isinstance(value, (tuple, list)) else ()
    if len(parts) != 3:
        raise WrongAnswer(
            "Return three arrays: the gradients of the weights, of the biases and of the "
            f"previous activations.\nCase: {case}"
        )
    return parts


def _further_answers(attempt: Attempt, done: int) -> list[tuple]:
    """Return the arguments and answers of later cases, up to the first that fails."""
    found = []
    for name, arguments in _layer_cases()[done:]:
        try:
            found.append((arguments, _three(attempt(*arguments, case=name), name)))
        except (WrongAnswer, NotImplementedError):
            break
    return found


def _layer_cause(part: int, given: list[tuple], problem: str) -> str:
    """Return what a wrong part amounts to in every case that was answered."""

    def amounts_to(wrong: Callable[..., np.ndarray]) -> bool:
        return all(difference(value[part], wrong(*case)) is None for case, value in given)

    for place, wrong, cause in _LAYER_MISTAKES:
        if place == part and amounts_to(wrong):
            return cause
    for place in range(3):
        if place != part and amounts_to(lambda *case, place=place: _layer_backward(*case)[place]):
            return (
                "The order is weights, biases, previous activations: "
                f"in the place of {_PARTS[part]} stands {_PARTS[place]}."
            )
    return f"In {_PARTS[part]}: {problem[0].lower() + problem[1:]}"


layer_backward = _exercise(
    "layer_backward",
    check_with=_check_layer_backward,
    hints=(
        "First delta = grad * activations * (1 - activations), the gradient of the weighted sums. "
        "All three answers are made of it.",
        "Weights: delta.T @ previous / len(delta). Biases: delta.mean(axis=0). Previous "
        "activations: delta @ weights.",
    ),
)


# --- 3. gradient check ---------------------------------------------------------------------------


def _quartic(w: np.ndarray) -> float:
    return float((np.asarray(w) ** 4).sum())


def _mixed(w: np.ndarray) -> float:
    w = np.asarray(w)
    return float(np.sin(w[0]) * w[1] ** 2 + np.exp(0.5 * w[2]) + w[0] * w[2])


def _ramp(w: np.ndarray) -> float:
    return float(np.asarray(w) @ np.arange(1.0, len(w) + 1)) + 3.0


def _steeper(w: np.ndarray) -> float:
    return float(np.asarray(w) ** 2 @ np.arange(1.0, len(w) + 1) - 2 * np.sum(w))


def _still(w: np.ndarray) -> float:
    return 3.0


def _digit_cost(w: np.ndarray) -> float:
    return float(six_or_nine().cost(np.asarray(w)))


_GRADIENT_CASES = (
    ("a straight cost of 5 parameters", _ramp, np.array([0.3, -1.2, 2.0, 0.0, 5.0]), 1e-2),
    ("the sum of fourth powers", _quartic, np.array([1.0, -2.0, 0.5, 3.0]), 1e-4),
    ("parameters that work together", _mixed, np.array([0.7, -1.5, 0.4]), 1e-4),
    ("one parameter", _quartic, np.array([1.5]), 1e-4),
    ("the neuron that tells 9 from 6", _digit_cost, np.array([1.0, -2.0]), 1e-4),
    ("equal parameters", _steeper, np.array([0.5, 0.5, -0.5, -0.5, 0.5, 0.0, 0.0]), 1e-3),
    ("a cost that nothing changes", _still, np.array([1.0, -2.0]), 1e-2),
)
_CLOSE = 1e-5


def _central(cost: Callable, w: np.ndarray, h: float) -> np.ndarray:
    ends = [[cost(w + sign * h * np.eye(len(w))[k]) for sign in (1, -1)] for k in range(len(w))]
    return np.array([(up - down) / (2 * h) for up, down in ends])


def _check_numeric_gradient(attempt: Attempt) -> None:
    for name, cost, start, h in _GRADIENT_CASES:
        calls: list[np.ndarray] = []

        def watched(w: Any, cost: Callable = cost, calls: list = calls) -> float:
            calls.append(np.array(w, dtype=np.float64, copy=True))
            return cost(w)

        value = attempt(watched, start, h, case=name)
        want = _central(cost, start, 1e-5)
        problem = difference(value, want, _CLOSE)
        if problem is None:
            _refuse_other_steps(calls, start, h, name)
            continue
        cause = _gradient_cause(value, cost, start, h, calls, problem)
        raise WrongAnswer(f"{cause}\nCase: {name}\n{problem}")


def _refuse_other_steps(calls: list[np.ndarray], start: np.ndarray, h: float, case: str) -> None:
    """Refuse an answer that has a step of its own: half of h to four times h are its multiples."""
    farthest = _farthest(calls, start)
    if not 0.49 * h < farthest < 4.1 * h:
        raise WrongAnswer(
            f"The slopes are right, but you move the parameters by {farthest:.2g}. Use the step h "
            f"that the function is given: here it is {h:g}.\nCase: {case}"
        )


def _farthest(calls: list[np.ndarray], start: np.ndarray) -> float:
    """Return how far the parameters were moved at most."""
    return max((np.abs(w - start).max() for w in calls if w.shape == start.shape), default=0.0)


def _gradient_cause(
    value: Any, cost: Callable, start: np.ndarray, h: float, calls: list[np.ndarray], problem: str
) -> str:
    right = _central(cost, start, h)
    eye = np.eye(len(start))
    forward = np.array([(cost(start + h * row) - cost(start)) / h for row in eye])
    backward = np.array([(cost(start) - cost(start - h * row)) / h for row in eye])
    kept_up, kept = start.copy(), []
    for k in range(len(start)):
        kept_up[k] += h
        up = cost(kept_up)
        kept_up[k] -= 2 * h
        kept.append((up - cost(kept_up)) / (2 * h))
    together = (cost(start + h) - cost(start - h)) / (2 * h)
    moved = _farthest(calls, start)
    causes = [
        (2 * right, "Divide by 2h: from one side to the other it is two steps."),
        (right / 2, "You divided by too much: from one side to the other it is 2h."),
        (right * 2 * h, "You forgot to divide by 2h."),
        (right * h, "You divided by 2, but not by the step h."),
        (right * h**2, "/ 2 * h divides by 2 and then multiplies by h. Use brackets: / (2 * h)."),
        (4 * right, "/ h * 2 divides by h and then multiplies by 2. Use brackets: / (2 * h)."),
        (-right, "The sign is turned: (cost above − cost below) / 2h."),
        (np.full(len(start), together), "Move one parameter at a time, not all together."),
        (np.asarray(together), "Move one parameter at a time: one number for each parameter."),
        (np.array(kept), "Put each parameter back before you move the next one."),
    ]
    other_step = moved > 0.1 * h and not 0.95 < moved / h < 1.05
    if other_step and difference(value, moved / h * right, _CLOSE) is None:
        return (
            f"You move each parameter by {moved:.3g} to both sides and divide as if it were "
            f"h = {h:g}. Move by h, then divide by 2h."
        )
    for wrong, cause in causes:
        if difference(value, wrong, _CLOSE) is None:
            return cause
    for wrong in (forward, backward):
        if difference(value, wrong, 1e-8) is None:
            return "You looked to one side only: that is off by h. Look to both sides of w."
    if len(calls) == 0:
        return "You never asked what the cost is: call cost(…) with changed parameters."
    if difference(value, 0 * right) is None:
        if any((up != down).any() for up, down in zip(calls[::2], calls[1::2], strict=False)):
            return "All slopes are 0: store each one, slopes[k] = …, before you return them."
        return (
            "All slopes are 0: you asked for the cost at the same place twice. up = w is no copy "
            "but w itself; write up = w.copy(), and the same for down."
        )
    return problem


numeric_gradient = _exercise(
    "numeric_gradient",
    check_with=_check_numeric_gradient,
    hints=(
        "For each parameter k: copy the parameters, add h to number k, ask for the cost; do the "
        "same with −h. How much does the cost change for each unit?",
        "gradient[k] = (cost(up) - cost(down)) / (2 * h), where up = w.copy(); up[k] += h, and "
        "down likewise with −h.",
    ),
)


# --- 4. stochastic gradient descent --------------------------------------------------------------


class _Watch:
    """A gradient function that remembers which examples it was asked for, and where."""

    def __init__(self, problem: TwoWeights):
        self.problem = problem
        self.asked: list[tuple[np.ndarray, np.ndarray]] = []

    def __call__(self, weights: Any, chosen: Any) -> np.ndarray:
        chosen = np.atleast_1d(np.asarray(chosen))
        if chosen.dtype == bool:
            chosen = np.flatnonzero(chosen)
        if chosen.ndim != 1 or chosen.dtype.kind not in "iu" or len(chosen) == 0:
            raise ValueError(
                "gradient needs the numbers of the chosen examples, such as order[0:4]; it got "
                f"an array of the shape {chosen.shape} and the type {chosen.dtype}."
            )
        if chosen.min() < 0 or chosen.max() >= len(self.problem.wanted):
            raise ValueError(
                f"You asked for example {chosen.max()}, but they are counted from 0 to "
                f"{len(self.problem.wanted) - 1}."
            )
        at = np.array(weights, dtype=np.float64, copy=True)
        self.asked.append((at, chosen.copy()))
        return self.problem.gradient(at, chosen)

    def __deepcopy__(self, memo: dict) -> _Watch:
        return self


_EPOCHS = 3
_SGD_CASES = (
    ("12 examples in batches of 4", 12, 4, 0.5),
    ("10 examples in batches of 4", 10, 4, 1.0),
    ("9 examples one by one", 9, 1, 0.25),
    ("8 examples all at once", 8, 8, 2.0),
    ("7 examples in batches of 20", 7, 20, 1.0),
    ("23 examples in batches of 5", 23, 5, 0.75),
)


def _some(count: int) -> TwoWeights:
    rng = np.random.default_rng(count)
    return TwoWeights(rng.normal(size=(count, 2)), (rng.random(count) > 0.5) * 1.0)


def _check_sgd_epoch(attempt: Attempt) -> None:
    for name, count, size, rate in _SGD_CASES:
        rng = chance(3)
        epochs = [_one_epoch(attempt, name, count, size, rate, rng) for _ in range(_EPOCHS)]
        again = _one_epoch(attempt, name, count, size, rate, chance(3))
        if size < count:
            problem = _order_problem(epochs, again, count)
            if problem:
                raise WrongAnswer(f"{problem}\nCase: {name}, {_EPOCHS} epochs one after another")


def _one_epoch(
    attempt: Attempt, name: str, count: int, size: int, rate: float, rng: np.random.Generator
) -> list[np.ndarray]:
    """Return the batches of one epoch, after a look at their sizes and at the steps."""
    watch = _Watch(_some(count))
    start = np.array([0.5, -0.25])
    value = attempt(start, watch, count, size, rate, rng, case=name)
    asked = [chosen for _, chosen in watch.asked]
    problem = _batch_problem(asked, count, size) or _step_problem(value, start, watch, rate)
    if problem:
        raise WrongAnswer(f"{problem}\nCase: {name}")
    return asked


def _order_problem(epochs: list[list[np.ndarray]], again: list, count: int) -> str | None:
    """Say what is wrong with the order of the examples in some epochs, and in the first again."""
    orders = np.array([np.concatenate(asked) for asked in epochs])
    if (orders == np.arange(count)).all():
        return "The examples are never shuffled: begin with order = rng.permutation(count)."
    if (orders[1:] == orders[0]).all():
        return "Every epoch has the same order: draw it from the rng that you are given."
    groups = [{frozenset(chosen.tolist()) for chosen in asked} for asked in epochs]
    if len(epochs[0]) < count and all(group == groups[0] for group in groups):
        return (
            "The same examples share a batch in every epoch: you cut first and shuffled then. "
            "Shuffle all examples, then cut."
        )
    moves = [np.diff(order) % count for order in orders]
    if all((move == move[0]).all() and move[0] in (1, count - 1) for move in moves):
        return (
            "Only the beginning or the direction changes; the same examples stay neighbours. "
            "Shuffle them all: order = rng.permutation(count)."
        )
    if (np.concatenate(again) != orders[0]).any():
        return (
            "Your order comes from elsewhere: with the same rng it is another one each time. Draw "
            "it from the rng that you are given, rng.permutation(count)."
        )
    places = np.argsort(orders, axis=1)
    full = (count**2 - 1) / (3 * count)  # How far an example moves on average.
    for one, words in (
        (np.abs(places - np.arange(count)).mean(), "from where it was"),
        (np.abs(np.diff(places, axis=0)).mean(), "from one epoch to the next"),
    ):
        if count >= _MANY and one < full / 2:
            return (
                f"You hardly shuffle: {words}, an example moves by {one:.1f} places on average; "
                f"shuffled well it is about {full:.0f}."
            )
    return None


_MANY = 20
"""From so many examples on, how far they move tells a good shuffle from a poor one."""


def _batch_problem(asked: list[np.ndarray], count: int, size: int) -> str | None:
    steps = -(-count // size)
    if not asked:
        return "You never asked for a gradient: call gradient(weights, chosen) for each batch."
    lengths = [len(chosen) for chosen in asked]
    if max(lengths) > min(size, count):
        return f"A batch has {max(lengths)} examples; at most {min(size, count)} are asked for."
    if len(asked) == count // size and count % size:
        return f"The last batch is dropped: {count} examples in batches of {size} leave some over."
    if len(asked) != steps:
        return f"You took {len(asked)} steps; one epoch in batches of {size} makes {steps}."
    order = np.concatenate(asked)
    if len(set(order.tolist())) < count:
        return (
            "In one epoch an example came twice and another never. Shuffle once, then cut the "
            "shuffled order into batches."
        )
    if sorted(lengths[:-1]) != [size] * (steps - 1):
        if all(np.ptp(chosen) == len(chosen) - 1 for chosen in asked):
            return (
                "You cut first and shuffled the batches then: in each are neighbours. Shuffle all "
                "examples, then cut."
            )
        return f"All batches but the last have {size} examples; yours have {lengths}."[:200]
    return None


def _step_problem(value: Any, start: np.ndarray, watch: _Watch, rate: float) -> str | None:
    first_at, _ = watch.asked[0]
    if difference(first_at, start) is not None:
        return "The first gradient is asked for at other weights than those given."
    if len(watch.asked) > 1 and all(difference(at, start) is None for at, _ in watch.asked):
        if difference(value, start) is None:
            return "The weights stay where they are: subtract the step and keep the result."
        return "Ask for each gradient where the last step ended, not at the first weights."
    ends = [at for at, _ in watch.asked[1:]] + [value]
    steps = [
        _Step(at, watch.problem.gradient(at, chosen), len(chosen), after)
        for (at, chosen), after in zip(watch.asked, ends, strict=True)
    ]
    if all(_amounts_to(steps, lambda step: step.at - rate * step.gradient)):
        return None
    if all(_amounts_to(steps[:-1], lambda step: step.at - rate * step.gradient)):
        if difference(value, steps[-1].at) is None:
            return "You returned the weights from before the last step."
        if difference(value, start) is None:
            return "You returned the first weights: keep the new ones after each step."
    return _cause_of_steps(steps, start, rate)


@dataclass(frozen=True)
class _Step:
    """One step of an answer: where it was, the gradient of its batch, where it went."""

    at: np.ndarray
    gradient: np.ndarray
    batch: int
    after: Any


def _amounts_to(steps: list[_Step], rule: Callable[[_Step], np.ndarray]) -> list[bool]:
    return [difference(step.after, rule(step)) is None for step in steps]


def _cause_of_steps(steps: list[_Step], start: np.ndarray, rate: float) -> str:
    """Return the rule that every step of an answer amounts to; where there is none, say so."""
    causes = [
        (lambda s: s.at + rate * s.gradient,
         "You went uphill: the step is minus the learning rate times the gradient."),
        (lambda s: s.at, "The weights stay where they are: subtract the step and keep the result."),
        (lambda s: s.at - s.gradient, "The learning rate is missing: the step is rate * gradient."),
        (lambda s: s.at - rate * s.gradient / s.batch,
         "The gradient is a mean already: do not divide by the batch size again."),
        (lambda s: s.at - rate * s.gradient * s.batch,
         "The gradient is a mean, not a sum: do not multiply by the batch size."),
        (lambda s: start - rate * s.gradient,
         "Every step begins at the first weights again: go on from where the last one ended."),
        (lambda s: -rate * s.gradient, "The old weights are lost: subtract the step from them."),
    ]  # fmt: skip
    for rule, cause in causes:
        if all(_amounts_to(steps, rule)):
            return cause
    wrong = _amounts_to(steps, lambda s: s.at - rate * s.gradient).index(False)
    return (
        f"Step {wrong + 1} of {len(steps)} is not the learning rate times the gradient at the "
        "weights before it."
    )


sgd_epoch = _exercise(
    "sgd_epoch",
    check_with=_check_sgd_epoch,
    hints=(
        "Shuffle first: order = rng.permutation(count). Then one loop over the batches, each a "
        "piece of that order; the last piece may be shorter.",
        "for first in range(0, count, batch_size): chosen = order[first : first + batch_size], "
        "then weights = weights - rate * gradient(weights, chosen).",
    ),
)


# --- 5. a design decision ------------------------------------------------------------------------

RATES = (0.1, 1.0, 10.0, 100.0)
STEPS = 40


def digit_cost(weights: np.ndarray) -> float:
    """Return the mean cost of the neuron that tells 9 from 6, at two weights."""
    return float(six_or_nine().cost(np.asarray(weights, dtype=np.float64)))


def digit_gradient(weights: np.ndarray) -> np.ndarray:
    """Return the gradient (2,) of :func:`digit_cost`."""
    return six_or_nine().gradient(np.asarray(weights, dtype=np.float64))


def _bowl_cost(weights: np.ndarray) -> float:
    w = np.asarray(weights, dtype=np.float64)
    return float(w[0] ** 2 + 4 * w[1] ** 2)


def _bowl_gradient(weights: np.ndarray) -> np.ndarray:
    w = np.asarray(weights, dtype=np.float64)
    return np.array([2 * w[0], 8 * w[1]])


def _steep_cost(weights: np.ndarray) -> float:
    w = np.asarray(weights, dtype=np.float64)
    return float(np.cosh(w[0]) - 1 + 10 * w[1] ** 2)


def _steep_gradient(weights: np.ndarray) -> np.ndarray:
    w = np.asarray(weights, dtype=np.float64)
    return np.array([np.sinh(w[0]), 20 * w[1]])


_RATE_CASES = (
    ("the neuron that tells 9 from 6", digit_cost, digit_gradient, (-2.0, 2.0), RATES, STEPS),
    ("a bowl, where large steps fly out", _bowl_cost, _bowl_gradient, (3.0, 1.0),
     (0.01, 0.1, 0.2, 0.3), 25),
    ("a bowl with a steep side", _steep_cost, _steep_gradient, (2.0, 0.5), (0.001, 0.05, 0.08), 12),
    ("only one rate", _bowl_cost, _bowl_gradient, (1.0, -1.0), (0.05,), 5),
    ("few steps, best rate last", _bowl_cost, _bowl_gradient, (2.0, 0.5), (0.001, 0.01, 0.05), 3),
    ("few steps, best rate first", _bowl_cost, _bowl_gradient, (2.0, 0.5), (0.2, 0.02, 0.24), 6),
    ("rates in no order", _bowl_cost, _bowl_gradient, (2.0, 0.5), (0.1, 0.001, 0.2, 0.3), 6),
    ("a rate that comes close and leaves again", _bowl_cost, _bowl_gradient, (3.0, 0.01),
     (0.26, 0.257, 0.02), 60),
    ("a rate that comes close and is far away half way", _bowl_cost, _bowl_gradient, (3.0, 0.01),
     (0.265, 0.02), 80),
    ("two rates that end nearly alike", _bowl_cost, _bowl_gradient, (0.0, 1.0), (0.11, 0.1401), 2),
    ("a low cost on a steep side", _bowl_cost, _bowl_gradient, (3.0, 1.0), (0.24, 0.045), 25),
    ("two rates that end alike", _still, lambda w: 0 * w, (1.0, 2.0), (0.5, 0.1), 4),
)  # fmt: skip


def _path(case: DecisionCase, rate: float, steps: int | None = None, sign: int = -1) -> list:
    """Return the weights along a descent, the start included."""
    start, _, gradient, _, all_steps = case.arguments
    weights = [np.array(start, dtype=np.float64)]
    for _ in range(all_steps if steps is None else steps):
        weights.append(weights[-1] + sign * rate * gradient(weights[-1]))
    return weights


def _final(case: DecisionCase, rate: float, steps: int | None = None, sign: int = -1) -> float:
    return float(case.arguments[1](_path(case, rate, steps, sign)[-1]))


def _on_the_way(case: DecisionCase, rate: float) -> float:
    return min(case.arguments[1](weights) for weights in _path(case, rate))


def _rate_cases() -> Iterator[DecisionCase]:
    for name, cost, gradient, start, rates, steps in _RATE_CASES:
        arguments = (np.array(start), cost, gradient, list(rates), steps)
        empty = DecisionCase(name, arguments, {})
        yield replace(empty, truth={rate: _final(empty, rate) for rate in rates})


def _lowest(case: DecisionCase) -> list[float]:
    least = min(case.truth.values())
    return [rate for rate, cost in case.truth.items() if cost <= least * (1 + 1e-9)]


def _why_not(choice: float, case: DecisionCase) -> str:
    best = _lowest(case)[0]
    low, high = told_apart(case.truth[best], case.truth[choice])
    return (
        f"By your own measurement the rate {best:g} ends at a cost of {low}, and your choice "
        f"{choice:g} at {high}."
    )


def _misread(what: Callable[[DecisionCase, float], float], words: str) -> Callable:
    """Return a misreading: what was measured instead of the final cost."""

    def misreading(value: np.ndarray, rate: float, case: DecisionCase) -> str | None:
        wrong = what(case, rate)
        if np.isfinite(wrong) and difference(value, wrong) is None:
            return f"What you measured for the rate {rate:g} {words}."
        return None

    return misreading


def _running_on(case: DecisionCase, rate: float) -> float:
    """Return the cost where each rate goes on from where the one before it ended."""
    weights, (_, cost, gradient, rates, steps) = case.arguments[0], case.arguments
    for one in rates[: rates.index(rate) + 1]:
        for _ in range(steps):
            weights = weights - one * gradient(weights)
    return float(cost(weights))


def _least(rule: Callable[[DecisionCase, float], float]) -> Callable[[DecisionCase], float]:
    """Return a criterion that takes the rate with the smallest value of a rule."""
    return lambda case: min(case.truth, key=lambda rate: rule(case, rate))


def _goes_down(case: DecisionCase) -> list[float]:
    start = case.arguments[1](case.arguments[0])
    return [rate for rate, cost in case.truth.items() if cost < start] or list(case.truth)


def _until_it_rises(case: DecisionCase) -> float:
    best, *others = case.truth
    for rate in others:
        if case.truth[rate] > case.truth[best]:
            break
        best = rate
    return best


_RATE_RIVALS = (
    Rival(_least(_on_the_way),
          "You choose by the lowest cost on the way; asked for is the cost after the last step."),
    Rival(_least(lambda case, rate: _final(case, rate, 1)),
          "You choose by the cost after one step; asked for is the cost after the last."),
    Rival(_least(lambda case, rate: _final(case, rate, case.arguments[4] // 2)),
          "You choose by the cost half way; asked for is the cost after the last step."),
    Rival(_least(lambda case, rate: round(case.truth[rate], 2)),
          "You compare rounded costs. Compare them as they were measured."),
    Rival(_least(lambda case, rate: -case.truth[rate]),
          "You chose the highest cost; a cost should be low."),
    Rival(_least(lambda case, rate: rate),
          "You always take the smallest rate, whatever was measured."),
    Rival(lambda case: max(case.truth), "You always take the largest rate, whatever was measured."),
    Rival(lambda case: max(_goes_down(case)),
          "You take the largest rate that lowers the cost; take the one whose cost is lowest."),
    Rival(_least(lambda case, rate: case.truth[rate] / rate),
          "You divide the cost by the rate; the cost alone decides."),
    Rival(_least(lambda case, rate: case.truth[rate] * rate),
          "You multiply the cost by the rate; the cost alone decides."),
    Rival(_least(lambda case, rate: np.abs(case.arguments[2](_path(case, rate)[-1])).sum()),
          "You choose by the gradient at the end; asked for is the cost."),
    Rival(_until_it_rises,
          "You stop where the cost rises for the first time: look at all rates."),
)  # fmt: skip


choose_rate = _exercise(
    "choose_rate",
    check_with=Decision(
        _rate_cases,
        parts=("final cost",),
        choose=_lowest,
        explain=_why_not,
        called="one of the learning rates",
        show=lambda rate: f"the rate {rate:g}",
        rivals=_RATE_RIVALS,
        misreadings=(
            _misread(
                lambda case, rate: _final(case, rate, 0),
                "is the cost at the start: measure it after the last step",
            ),
            _misread(
                lambda case, rate: _final(case, rate, case.arguments[4] - 1),
                "is one step too early",
            ),
            _misread(
                lambda case, rate: _final(case, rate, case.arguments[4] + 1), "is one step too late"
            ),
            _misread(_on_the_way, "is the lowest cost on the way: measure it after the last step"),
            _misread(
                lambda case, rate: _final(case, rate, min(case.arguments[4], 30), 1),
                "comes from going uphill: subtract the step",
            ),
            _misread(lambda case, rate: _final(case, rate, 1), "is the cost after one step only"),
            _misread(
                _running_on, "goes on from where the rate before it ended: begin each rate at start"
            ),
        ),
    ),
    hints=(
        "For each rate: begin at start, take so many steps, each weights − rate × gradient, and "
        "write down the cost at the end.",
        "Keep the costs in a dictionary, {rate: cost}; the best is min(costs, key=costs.get).",
    ),
)
