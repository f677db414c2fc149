"""The exercises of the lesson on transfer learning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

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
from aml4d_utils.checking.exercise import Attempt, kind_of, told_apart

LESSON = "11_transfer_learning"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. the head's probabilities -------------------------------------------------------------


def _softmax(scores: np.ndarray) -> np.ndarray:
    rows = []
    for row in scores:
        powers = [np.exp(score - max(row)) for score in row]
        rows.append([power / sum(powers) for power in powers])
    return np.array(rows, float).reshape(scores.shape)


def _chances(features: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    return _softmax(features @ weights + bias)


def _head_cases() -> list[Case]:
    rng = np.random.default_rng(11)

    def case(name: str, n: int, d: int, k: int, scale: float = 1.0) -> Case:
        return Case(
            name,
            (rng.normal(0, 1, (n, d)), rng.normal(0, scale, (d, k)), rng.normal(0, 1, k)),
        )

    whole = (np.array([[1, 2], [0, 3]]), np.array([[1, 0, -1], [0, 1, 1]]), np.array([0, 1, 0]))
    return [
        case("five photos, four features, three classes", 5, 4, 3),
        case("one photo", 1, 6, 2),
        case("two classes", 7, 3, 2),
        case("six classes", 4, 9, 6),
        case("as many photos as classes", 3, 5, 3),
        Case("whole numbers", whole),
        Case("all scores equal", (np.ones((2, 3)), np.zeros((3, 4)), np.full(4, 7.0))),
        Case("only the bias differs", (np.zeros((3, 2)), np.ones((2, 3)), np.array([1.0, 2, -1]))),
        Case("scores of 800", (np.array([[1.0], [-1.0]]), np.array([[800.0, 0.0]]), np.zeros(2))),
        Case("scores of −800", (np.ones((2, 1)), np.full((1, 3), -800.0), np.array([0.0, 1, 2]))),
    ]


head_probabilities = _exercise(
    "head_probabilities",
    check_with=same_as(
        _chances,
        _head_cases(),
        [
            Mistake(
                lambda f, w, b: f @ w + b,
                "Those are the scores. The softmax turns each row into probabilities.",
            ),
            Mistake(lambda f, w, b: _softmax(f @ w), "The bias is missing."),
            Mistake(
                lambda f, w, b: _softmax((f @ w + b).T).T,
                "Your columns add up to 1. A row is a photo: its probabilities add up to 1.",
            ),
            Mistake(
                lambda f, w, b: np.exp(f @ w + b) / np.exp(f @ w + b).sum(),
                "You divided by the sum over everything. Divide each row by its own sum.",
            ),
            Mistake(
                lambda f, w, b: (
                    np.exp(f @ w + b - (f @ w + b).max())
                    / np.exp(f @ w + b - (f @ w + b).max()).sum()
                ),
                "You divided by the sum over everything. Divide each row by its own sum.",
            ),
            Mistake(
                lambda f, w, b: np.exp(f @ w + b) / np.exp(f @ w + b).sum(1, keepdims=True),
                "exp of 800 is too large for a number. Take each row's largest score away first: "
                "the probabilities stay the same.",
            ),
            Mistake(
                lambda f, w, b: (f @ w + b) / (f @ w + b).sum(1, keepdims=True),
                "You divided the scores by their sum. Take exp of them first.",
            ),
            Mistake(
                lambda f, w, b: np.eye(len(b))[(f @ w + b).argmax(1)],
                "You gave everything to the best class. The softmax gives the others their share.",
            ),
            Mistake(
                lambda f, w, b: 1 / (1 + np.exp(-(f @ w + b))),
                "That is the sigmoid, each class by itself. With the softmax a row adds up to 1.",
            ),
        ],
    ),
    hints=(
        "The scores are features @ weights + bias, one row for each photo. Then exp, then divide "
        "by the sum of the row.",
        "scores -= scores.max(axis=1, keepdims=True) keeps exp small; "
        "powers / powers.sum(axis=1, keepdims=True) makes each row add up to 1.",
    ),
)


# --- 2. one step of learning -----------------------------------------------------------------


def _stepped(
    features: np.ndarray, labels: np.ndarray, chances: np.ndarray, weights: np.ndarray, rate: float
) -> np.ndarray:
    new = np.array(weights, float)
    for row in range(len(features)):
        for k in range(weights.shape[1]):
            error = chances[row, k] - (labels[row] == k)
            for d in range(weights.shape[0]):
                new[d, k] -= rate * error * features[row, d] / len(features)
    return new


def _wanted(labels: np.ndarray, chances: np.ndarray) -> np.ndarray:
    return (labels[:, None] == np.arange(chances.shape[1])).astype(float)


def _step_cases() -> list[Case]:
    rng = np.random.default_rng(12)

    def case(name: str, n: int, d: int, k: int, rate: float, labels: list[int]) -> Case:
        features, weights = rng.normal(0, 1, (n, d)), rng.normal(0, 1, (d, k))
        chances = _softmax(rng.normal(0, 2, (n, k)))
        return Case(name, (features, np.array(labels), chances, weights, rate))

    sure = np.array([[1.0, 0.0], [0.0, 1.0]])
    return [
        case("five photos, four features, three classes", 5, 4, 3, 0.5, [0, 2, 1, 1, 0]),
        case("one photo", 1, 3, 2, 1.0, [1]),
        case("a class without a photo", 4, 5, 3, 0.1, [0, 0, 2, 2]),
        case("six classes", 6, 2, 6, 2.0, [5, 4, 3, 2, 1, 0]),
        case("as many photos as features as classes", 3, 3, 3, 0.7, [2, 0, 1]),
        case("no step", 3, 4, 2, 0.0, [0, 1, 0]),
        Case("surely right", (np.ones((2, 3)), np.array([0, 1]), sure, np.ones((3, 2)), 0.5)),
        Case(
            "surely wrong",
            (np.array([[1.0, -2.0], [3.0, 1.0]]), np.array([1, 0]), sure, np.zeros((2, 2)), 0.5),
        ),
        Case(
            "whole numbers",
            (
                np.array([[1, 2]]),
                np.array([0]),
                np.array([[0.25, 0.75]]),
                np.array([[1, 2], [3, 4]]),
                1,
            ),
        ),
    ]


head_step = _exercise(
    "head_step",
    check_with=same_as(
        _stepped,
        _step_cases(),
        [
            Mistake(
                lambda f, y, p, w, r: w + r * f.T @ (p - _wanted(y, p)) / len(f),
                "You walk up the loss. Take the step away from the weights.",
            ),
            Mistake(
                lambda f, y, p, w, r: w - r * f.T @ (p - _wanted(y, p)),
                "You added up the photos. Divide by their number: the mean.",
            ),
            Mistake(
                lambda f, y, p, w, r: w - f.T @ (p - _wanted(y, p)) / len(f),
                "The rate is missing: it says how large the step is.",
            ),
            Mistake(
                lambda f, y, p, w, r: w - r * f.T @ p / len(f),
                "The error is the probability minus what it should be: 1 for the photo's class, 0 "
                "for the others. You left out what it should be.",
            ),
            Mistake(
                lambda f, y, p, w, r: r * f.T @ (p - _wanted(y, p)) / len(f),
                "You returned the step. Take it away from the weights.",
            ),
            Mistake(
                lambda f, y, p, w, r: f.T @ (p - _wanted(y, p)) / len(f),
                "You returned the slope. Take rate times the slope away from the weights.",
            ),
            Mistake(
                lambda f, y, p, w, r: w - r * f.T @ (p - _wanted(y, p)) / p.size,
                "You divided by photos times classes. Divide by the number of photos.",
            ),
            Mistake(
                lambda f, y, p, w, r: w - r * f.T @ (p - _wanted(p.argmax(1), p)) / len(f),
                "You compared with the network's own answer. Compare with the label.",
            ),
            Mistake(
                lambda f, y, p, w, r: w - r * f.T @ ((p - _wanted(y, p)) * _wanted(y, p)) / len(f),
                "Only the photo's own class learned. The others have an error too: their "
                "probability should be 0.",
            ),
        ],
    ),
    hints=(
        "The error of a photo is its probabilities, with 1 taken away at its own class. A weight's "
        "slope is the mean over the photos of feature times error.",
        "errors = chances.copy(); errors[np.arange(len(labels)), labels] -= 1; the slope is "
        "features.T @ errors / len(features).",
    ),
)


# --- 3. freeze -------------------------------------------------------------------------------


def _nets() -> Iterator[tuple[str, object]]:
    """Give networks with a body and a head, as an attempt finds them."""
    import torch
    from torch import nn

    class Network(nn.Module):
        def __init__(self, body: nn.Module, head: nn.Module):
            super().__init__()
            self.body = body
            self.head = head

        def forward(self, pictures):
            return self.head(self.body(pictures).flatten(1))

    def block(wide: int) -> nn.Module:
        return nn.Sequential(nn.Conv2d(wide, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())

    def made(body: nn.Module, head: nn.Module, asleep: bool) -> nn.Module:
        net = Network(body, head)
        return net.requires_grad_(False).eval() if asleep else net.requires_grad_(True).train()

    def dropping(*parts: nn.Module) -> nn.Module:
        return nn.Sequential(*parts)

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        plain = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU())
        yield "a body without BatchNorm", made(plain, nn.Linear(64, 3), False)
        yield "a body with BatchNorm", made(block(3), nn.Linear(64, 3), False)
        nested = nn.Sequential(block(3), nn.Sequential(block(4), nn.Sequential(block(4))))
        yield "BatchNorm deep in the body", made(nested, nn.Linear(64, 3), False)
        head = dropping(nn.Dropout(0.5), nn.Linear(64, 3))
        yield "a head with Dropout", made(block(3), head, False)
        head = dropping(nn.Linear(64, 8), nn.BatchNorm1d(8), nn.Linear(8, 3))
        yield "a head with BatchNorm of its own", made(block(3), head, False)
        head = dropping(nn.Linear(64, 8), nn.Dropout(0.5), nn.Linear(8, 3))
        yield "a network that sleeps, as nets.load gives it", made(block(3), head, True)


def _check_freeze(attempt: Attempt) -> None:
    import torch
    from torch.nn import functional

    for name, net in _nets():
        frozen = attempt(net, case=name)
        if not isinstance(frozen, torch.nn.Module) or not hasattr(frozen, "head"):
            raise WrongAnswer(f"You returned {kind_of(frozen)}; return the network.\nCase: {name}")
        problem = _mode_problem(frozen)
        if problem is None:
            body = _bits(frozen.body)
            head = _bits(frozen.head)
            learning = [p for p in frozen.parameters() if p.requires_grad]
            optimiser = torch.optim.SGD(learning, lr=0.1)
            generator = torch.Generator().manual_seed(0)
            pictures = torch.randn(6, 3, 4, 4, generator=generator)
            loss = functional.cross_entropy(frozen(pictures), torch.arange(6) % 3)
            loss.backward()
            optimiser.step()
            problem = _training_problem(body, _bits(frozen.body), head, _bits(frozen.head))
        if problem:
            raise WrongAnswer(f"{problem}\nCase: {name}")


def _bits(part) -> dict[str, bytes]:
    return {k: v.detach().numpy().tobytes() for k, v in part.state_dict().items()}


def _mode_problem(net) -> str | None:
    import torch

    for name, parameter in net.body.named_parameters():
        if parameter.requires_grad:
            return f"body.{name} would still learn: set requires_grad of the whole body to False."
    for name, parameter in net.head.named_parameters():
        if not parameter.requires_grad:
            return f"head.{name} cannot learn: it does not ask for a gradient. Switch that on."
    for part in net.body.modules():
        if isinstance(part, torch.nn.BatchNorm2d) and part.training:
            return (
                "A BatchNorm layer of the body is in training mode, so its statistics move at "
                "every batch: the body is not frozen. Put the body in evaluation mode."
            )
    for part in net.head.modules():
        if not part.training:
            return (
                "The head is in evaluation mode, where Dropout does nothing and BatchNorm keeps "
                "its statistics. The head is what learns: put it in training mode."
            )
    return None


def _training_problem(before: dict, after: dict, head: dict, trained: dict) -> str | None:
    moved = [name for name in before if before[name] != after[name]]
    if moved:
        return f"After one step of training body.{moved[0]} is another one. It must stay."
    if head == trained:
        return "After one step of training the head is still the same. It must learn."
    return None


freeze_body = _exercise(
    "freeze_body",
    check_with=_check_freeze,
    hints=(
        "Four calls do it, two for net.body and two for net.head: who asks for gradients, and who "
        "is in which mode. The network may come in any state.",
        "net.body.requires_grad_(False) and net.body.eval(); the opposite of both for net.head.",
    ),
)


# --- 4. read a learning curve ----------------------------------------------------------------


def _fewest(labels: np.ndarray, shares: np.ndarray, goal: float) -> int:
    best = 0
    for place in reversed(range(len(labels))):
        if sum(shares[place]) / len(shares[place]) < goal:
            break
        best = int(labels[place])
    return best


def _curve_cases() -> list[Case]:
    some = np.array([1, 2, 5, 10, 20])
    rising = np.array([[0.5, 0.25], [0.5, 0.75], [0.75, 0.75], [0.875, 0.75], [0.875, 1.0]])
    dip = np.array([[0.5, 0.5], [0.875, 0.875], [0.5, 0.75], [0.875, 0.875], [1.0, 0.875]])
    lucky = np.array([[0.25, 1.0], [0.25, 1.0], [0.5, 1.0], [0.625, 1.0], [0.75, 1.0]])
    three = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.9], [0.5, 0.6, 0.4]])
    return [
        Case("a rising curve", (some, rising, 0.75)),
        Case("exactly at the goal", (some, rising, 0.8125)),
        Case("never", (some, rising, 0.99)),
        Case("from the start", (some, rising, 0.25)),
        Case("a dip in between", (some, dip, 0.8)),
        Case("the last one falls again", (some[:3], dip[[0, 1, 2]], 0.8)),
        Case("one lucky split", (some, lucky, 0.8)),
        Case("three splits", (np.array([3, 7, 30]), three, 0.5)),
        Case("one split", (np.array([2, 4]), np.array([[0.5], [0.625]]), 0.6)),
        Case("one number of labels", (np.array([5]), np.array([[0.75, 0.5]]), 0.6)),
        Case("a goal of 0", (some, np.zeros((5, 2)), 0.0)),
        Case("whole numbers", (np.array([1, 2]), np.array([[0, 1], [1, 1]]), 0.75)),
    ]


labels_needed = _exercise(
    "labels_needed",
    check_with=same_as(
        _fewest,
        _curve_cases(),
        [
            Mistake(
                lambda n, s, g: next(
                    (int(k) for k, row in zip(n, s, strict=True) if row.mean() >= g), 0
                ),
                "You stopped where the goal is first reached. With more labels it may be missed "
                "again: from your answer on, every mean must reach it.",
            ),
            Mistake(
                lambda n, s, g: _fewest(n, s.max(1, keepdims=True), g),
                "You took the best split, which was lucky. Take the mean of the splits.",
            ),
            Mistake(
                lambda n, s, g: _fewest(n, s.min(1, keepdims=True), g),
                "You took the worst split. Take the mean of the splits.",
            ),
            Mistake(
                lambda n, s, g: _fewest(n, s[:, :1], g),
                "You looked at the first split only. Take the mean of the splits.",
            ),
            Mistake(
                lambda n, s, g: _fewest(n, np.where(s.mean(1) > g, 1, -1)[:, None], 0),
                "Exactly at the goal is enough.",
            ),
            Mistake(
                lambda n, s, g: _fewest(np.arange(len(n)), s, g),
                "You returned the place in the list. Return the number of labels.",
            ),
            Mistake(
                lambda n, s, g: int(n[0]) if _fewest(n, s, g) == 0 else _fewest(n, s, g),
                "Where the goal is never reached, return 0.",
            ),
            Mistake(
                lambda n, s, g: int(n[-1]) if s[-1].mean() >= g else 0,
                "You looked at the largest number of labels only. Are fewer enough?",
            ),
        ],
    ),
    hints=(
        "shares.mean(axis=1) gives one number for each number of labels. Begin at the largest and "
        "go down while the goal is reached.",
        "for place in reversed(range(len(labels))): stop as soon as a mean is below the goal; the "
        "last number before that is the answer, 0 if there was none.",
    ),
)


# --- 5. decide -------------------------------------------------------------------------------

WAYS = ("from scratch", "frozen", "fine-tuned")
Measure = Callable[[str, str], float]


class _Measured:
    """What measure(brief, way) returns: the accuracy of a way on a brief's photos."""

    def __init__(self, table: dict[str, tuple[float, ...]]):
        self.table = table

    def __call__(self, brief: str, way: str) -> float:
        return self.table[brief][WAYS.index(way)]


def _case(
    name: str,
    table: dict[str, tuple[float, ...]],
    limits: tuple[float, ...],
    minutes: tuple[float, ...] = (4, 1, 9),
) -> DecisionCase:
    briefs = dict(zip(table, limits, strict=True))
    costs = dict(zip(WAYS, minutes, strict=True))
    facts = {"briefs": briefs, "minutes": costs}
    return DecisionCase(name, (briefs, costs, _Measured(table)), table, facts)


def _tables() -> Iterator[DecisionCase]:
    yield _case(
        "a museum corner, a sorting line, a microscope",
        {
            "five mugs at a museum corner": (0.42, 0.88, 0.93),
            "a sorting line, 20 photos of each part": (0.61, 0.90, 0.96),
            "cells under a microscope, 5,000 photos": (0.95, 0.81, 0.94),
        },
        (2, 30, 60),
    )
    yield _case(
        "exactly in time",
        {
            "lamps": (0.50, 0.80, 0.90),
            "chairs": (0.91, 0.70, 0.93),
            "cups": (0.60, 0.75, 0.70),
        },
        (9, 4, 1),
    )
    yield _case(
        "a little too slow",
        {
            "lamps": (0.50, 0.80, 0.90),
            "chairs": (0.91, 0.70, 0.93),
            "cups": (0.60, 0.75, 0.70),
        },
        (8.9, 3.9, 4.0),
    )
    yield _case(
        "less than a per cent apart",
        {
            "shoes": (0.8812, 0.8841, 0.8839),
            "bags": (0.9041, 0.8962, 0.9038),
            "coats": (0.7012, 0.7039, 0.7041),
        },
        (20, 20, 20),
    )
    yield _case(
        "where the slowest is not the best",
        {
            "bikes": (0.70, 0.86, 0.60),
            "toys": (0.90, 0.85, 0.40),
            "signs": (0.30, 0.65, 0.99),
        },
        (10, 10, 10),
        (6, 2, 10),
    )
    yield _case(
        "when scratch is quickest",
        {
            "plugs": (0.55, 0.80, 0.90),
            "tiles": (0.77, 0.80, 0.79),
            "bolts": (0.85, 0.60, 0.95),
        },
        (2, 3, 2.2),
        (2, 2.2, 3),
    )


@cache
def _decision_cases() -> tuple[DecisionCase, ...]:
    return tuple(_tables())


def _in_time(case: DecisionCase, brief: str) -> list[str]:
    limit = case.facts["briefs"][brief]
    return [way for way in WAYS if case.facts["minutes"][way] <= limit]


def _share(case: DecisionCase, brief: str, way: str) -> float:
    return case.truth[brief][WAYS.index(way)]


def _right(case: DecisionCase, brief: str) -> list[str]:
    fitting = _in_time(case, brief)
    best = max(_share(case, brief, way) for way in fitting)
    return [way for way in fitting if _share(case, brief, way) == best]


def _by_rule(rule: Callable[[DecisionCase, str], str]) -> Callable[[DecisionCase], dict[str, str]]:
    return lambda case: {brief: rule(case, brief) for brief in case.truth}


def _strictly(case: DecisionCase, brief: str) -> str:
    limit = case.facts["briefs"][brief]
    fitting = [way for way in WAYS if case.facts["minutes"][way] < limit]
    return max(fitting or WAYS, key=lambda way: _share(case, brief, way))


_RIVALS = (
    Rival(
        _by_rule(lambda case, brief: max(WAYS, key=lambda way: _share(case, brief, way))),
        "You took the most accurate way, however long it trains. Look at the brief's minutes.",
    ),
    Rival(
        _by_rule(lambda case, brief: min(WAYS, key=lambda way: case.facts["minutes"][way])),
        "You took the quickest way. Among those in time, accuracy decides.",
    ),
    Rival(
        _by_rule(
            lambda case, brief: max(
                _in_time(case, brief), key=lambda way: case.facts["minutes"][way]
            )
        ),
        "You took the slowest way that is in time. More training is not always better: compare the "
        "accuracies.",
    ),
    Rival(
        _by_rule(
            lambda case, brief: max(
                WAYS, key=lambda way: _share(case, brief, way) / case.facts["minutes"][way]
            )
        ),
        "You divided accuracy by minutes. Minutes only have to fit; then accuracy decides.",
    ),
    Rival(_by_rule(_strictly), "Exactly in time is in time: use <=, not <."),
    Rival(
        _by_rule(
            lambda case, brief: max(
                _in_time(case, brief), key=lambda way: round(100 * _share(case, brief, way))
            )
        ),
        "You compared whole per cents. Compare the numbers as measure gives them.",
    ),
    Rival(
        _by_rule(lambda case, brief: "frozen"), "You always froze the body. Measure, then choose."
    ),
    Rival(
        _by_rule(lambda case, brief: "fine-tuned"),
        "You always fine-tuned. Measure, then choose, and look at the minutes.",
    ),
    Rival(
        _by_rule(
            lambda case, brief: min(_in_time(case, brief), key=lambda way: _share(case, brief, way))
        ),
        "You took the least accurate way in time.",
    ),
)


def _explain(choice: str, case: DecisionCase, brief: str) -> str:
    needed, limit = case.facts["minutes"][choice], case.facts["briefs"][brief]
    if needed > limit:
        return f"“{choice}” trains for {needed:g} minutes; “{brief}” has {limit:g}."
    best = _right(case, brief)[0]
    more, less = told_apart(_share(case, brief, best), _share(case, brief, choice))
    return (
        f"For “{brief}”, {best} is in time too, and by your own measurement it reaches {more} "
        f"instead of {less}."
    )


choose_ways = _exercise(
    "choose_ways",
    check_with=Decision(
        _decision_cases,
        parts=tuple(f"accuracy {way}" for way in WAYS),
        choose=_right,
        explain=_explain,
        rivals=_RIVALS,
        called="from scratch, frozen or fine-tuned",
        each=WAYS,
    ),
    hints=(
        "For each brief, measure all three ways, in the order of `minutes`. Then leave out those "
        "that take longer than the brief allows.",
        "measured[brief] = [measure(brief, way) for way in minutes]; "
        "fitting = [way for way in minutes if minutes[way] <= briefs[brief]]; take the fitting way "
        "with the largest accuracy.",
    ),
)
