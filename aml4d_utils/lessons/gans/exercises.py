"""The exercises of the lesson on generative adversarial networks."""

from __future__ import annotations

import math
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
    same_as,
)
from aml4d_utils.checking.exercise import difference, told_apart

LESSON = "12_gans"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. the discriminator's loss -------------------------------------------------------------


def _soft(x: float) -> float:
    """Return log(1 + exp(x)), as one would say it."""
    return x + math.log1p(math.exp(-x)) if x > 0 else math.log1p(math.exp(x))


def _mean_soft(values: np.ndarray) -> float:
    return sum(_soft(float(x)) for x in values) / len(values)


def _both(real: np.ndarray, generated: np.ndarray) -> float:
    return _mean_soft(-np.asarray(real, float)) + _mean_soft(np.asarray(generated, float))


def _sums(real: np.ndarray, generated: np.ndarray) -> float:
    return len(real) * _mean_soft(-np.asarray(real, float)) + len(generated) * _mean_soft(generated)


def _loss_cases() -> list[Case]:
    rng = np.random.default_rng(12)
    return [
        Case("three of each", (np.array([2.0, -1.0, 0.5]), np.array([-1.5, 0.3, 1.0]))),
        Case("D tosses a coin", (np.zeros(4), np.zeros(4))),
        Case("more generated than real ones", (np.array([1.0, 2.0]), rng.normal(0, 2, 7))),
        Case("more real than generated ones", (rng.normal(1, 1, 9), np.array([-0.5]))),
        Case("D is always right", (np.array([4.0, 6.0]), np.array([-5.0, -3.0]))),
        Case("D is always wrong", (np.array([-4.0, -6.0]), np.array([5.0, 3.0]))),
        Case("logits of ±800", (np.array([800.0, -800.0]), np.array([800.0, -800.0, 1.0]))),
        Case("whole numbers", (np.array([3, -2, 0]), np.array([1, 1, -4]))),
        Case("two hundred of each", (rng.normal(1, 3, 200), rng.normal(-1, 3, 200))),
    ]


def _overflowing(function: Callable[..., float]) -> Callable[..., float]:
    def value(*arguments: np.ndarray) -> float:
        with np.errstate(all="ignore"):
            return float(function(*arguments))

    return value


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(x, float)))


discriminator_loss = _exercise(
    "discriminator_loss",
    check_with=same_as(
        _both,
        _loss_cases(),
        [
            Mistake(
                _overflowing(
                    lambda r, g: -np.log(_sigmoid(r)).mean() - np.log(1 - _sigmoid(g)).mean()
                ),
                "With logits of ±800 your logarithm gets a 0. Use np.logaddexp(0, x), which does "
                "not overflow.",
            ),
            Mistake(
                lambda r, g: _both(g, r), "You swapped both sorts: D wants real ones called real."
            ),
            Mistake(
                lambda r, g: _mean_soft(-np.asarray(r, float)) + _mean_soft(-np.asarray(g, float)),
                "For generated ones D wants a low probability: take −log (1 − σ).",
            ),
            Mistake(
                lambda r, g: _both(r, g) / 2,
                "You averaged both parts. The two means are added.",
            ),
            Mistake(_sums, "You added all up. Take the mean over each sort."),
            Mistake(
                lambda r, g: _sums(r, g) / (len(r) + len(g)),
                "You took one mean over all examples. Each sort has a mean of its own; then both "
                "are added.",
            ),
            Mistake(lambda r, g: -_both(r, g), "The sign is wrong: a loss is not below 0."),
            Mistake(
                lambda r, g: _both(r, g) / math.log(2),
                "You took logarithms to base 2. Nats come from natural logarithms.",
            ),
            Mistake(
                lambda r, g: _mean_soft(-np.asarray(r, float)),
                "The generated ones are missing in your loss.",
            ),
        ],
    ),
    hints=(
        "−log σ(x) is log(1 + exp(−x)), and −log (1 − σ(x)) is log(1 + exp(x)).",
        "np.logaddexp(0, -real).mean() is the first part. The second has the other sign.",
    ),
)


# --- 2. the generator's loss -----------------------------------------------------------------


def _wish(generated: np.ndarray) -> float:
    return _mean_soft(-np.asarray(generated, float))


def _wish_cases() -> list[Case]:
    rng = np.random.default_rng(13)
    return [
        Case("three logits", (np.array([-1.5, 0.3, 1.0]),)),
        Case("D tosses a coin", (np.zeros(5),)),
        Case("D is fooled", (np.array([5.0, 3.0]),)),
        Case("D is not fooled", (np.array([-4.0, -6.0]),)),
        Case("one logit", (np.array([0.7]),)),
        Case("logits of ±800", (np.array([800.0, -800.0, 2.0]),)),
        Case("whole numbers", (np.array([1, -3, 0, 2]),)),
        Case("two hundred", (rng.normal(-1, 3, 200),)),
    ]


generator_loss = _exercise(
    "generator_loss",
    check_with=same_as(
        _wish,
        _wish_cases(),
        [
            Mistake(
                _overflowing(lambda g: -np.log(_sigmoid(g)).mean()),
                "With logits of ±800 your logarithm gets a 0. Use np.logaddexp(0, x), which does "
                "not overflow.",
            ),
            Mistake(
                lambda g: _mean_soft(np.asarray(g, float)),
                "That is the discriminator's part: small when it is right. G wants the opposite.",
            ),
            Mistake(
                lambda g: -_mean_soft(np.asarray(g, float)),
                "You took the mean of log (1 − σ). Its slope vanishes when D is sure; asked for is "
                "the mean of −log σ.",
            ),
            Mistake(lambda g: -_wish(g), "The sign is wrong: a loss is not below 0."),
            Mistake(lambda g: _wish(g) * len(g), "You added all up. Take the mean."),
            Mistake(
                lambda g: _wish(g) / math.log(2),
                "You took logarithms to base 2. Nats come from natural logarithms.",
            ),
            Mistake(
                lambda g: _soft(-float(np.mean(g))),
                "You took the mean of the logits first. Take the loss of each, then the mean.",
            ),
            Mistake(
                _overflowing(lambda g: 1 - _sigmoid(g).mean()),
                "The logarithm is missing.",
            ),
        ],
    ),
    hints=(
        "It is the first part of exercise 1, with the generated ones in place of the real ones.",
        "−log σ(x) is log(1 + exp(−x)): np.logaddexp(0, -generated), then the mean.",
    ),
)


# --- 3. find the collapse --------------------------------------------------------------------


def _distance(rows: np.ndarray) -> float:
    """Return the mean distance between two different rows."""
    rows = np.asarray(rows, float)
    pairs = [math.dist(rows[i], rows[j]) for i in range(len(rows)) for j in range(i + 1, len(rows))]
    return sum(pairs) / len(pairs)


def _collapse_case(name: str, tables: dict[str, np.ndarray]) -> DecisionCase:
    truth = {who: _distance(rows) for who, rows in tables.items()}
    return DecisionCase(name, (tables,), truth, {"tables": tables})


def _collapse_tables() -> Iterator[DecisionCase]:
    rng = np.random.default_rng(3)
    corner = rng.normal(0, 0.3, (9, 4)) + 50
    yield _collapse_case(
        "one of three has collapsed, far from 0",
        {
            "ash": rng.normal(0, 1, (8, 4)),
            "oak": corner,
            "elm": rng.normal(0, 2, (12, 4)),
        },
    )
    twins = np.repeat(rng.normal(0, 4, (2, 3)), 6, axis=0)
    yield _collapse_case(
        "two pictures, again and again, beside many alike",
        {
            "ash": twins,
            "oak": rng.normal(0, 0.8, (12, 3)),
            "elm": rng.normal(3, 3, (5, 3)),
        },
    )
    along = np.zeros((10, 5))
    along[:, 0] = np.linspace(-9, 9, 10)
    yield _collapse_case(
        "one varies in one number only, but widely",
        {
            "oak": rng.normal(0, 1, (10, 5)),
            "ash": along,
            "elm": rng.normal(0, 1.4, (10, 5)),
        },
    )
    lone = np.zeros((11, 3))
    lone[0, 0] = 8
    yield _collapse_case(
        "one picture stands apart from ten that are the same",
        {
            "elm": rng.normal(0, 1.1, (11, 3)),
            "ash": lone,
            "oak": rng.normal(0, 1.6, (11, 3)),
        },
    )
    yield _collapse_case(
        "whole numbers",
        {"ash": np.array([[0, 3], [4, 0], [1, 1]]), "oak": np.array([[0, 2], [2, 0], [2, 2]])},
    )
    base = rng.normal(0, 1, (7, 6))
    yield _collapse_case(
        "less than a hundredth apart", {"elm": base, "ash": 0.999 * base, "oak": 1.003 * base}
    )
    for number in range(3):
        tables = {
            str(who): rng.uniform(0.4, 2) * rng.normal(0, 1, (rng.integers(4, 15), 8))
            + rng.normal(0, 5, 8)
            for who in rng.permutation(["ash", "oak", "elm", "yew", "fir"])
        }
        yield _collapse_case(f"five generators, no. {number + 1}", tables)


@cache
def _collapse_cases() -> tuple[DecisionCase, ...]:
    return tuple(_collapse_tables())


def _least(key: Callable[[np.ndarray], float]) -> Callable[[DecisionCase], str]:
    def choose(case: DecisionCase) -> str:
        return min(
            case.facts["tables"], key=lambda who: key(np.asarray(case.facts["tables"][who], float))
        )

    return choose


def _all_pairs(rows: np.ndarray) -> np.ndarray:
    rows = np.asarray(rows, float)
    return np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(2))


def _furthest(rows: np.ndarray) -> float:
    return float(_all_pairs(rows).max())


def _closest(rows: np.ndarray) -> float:
    return float((_all_pairs(rows) + np.diag(np.full(len(rows), np.inf))).min())


_MISREAD = {
    "You divided by all pairs of rows, each with itself among them. Leave those out.": lambda r: (
        _all_pairs(r).mean()
    ),
    "You forgot the root: those are squared distances.": lambda r: (
        (_all_pairs(r) ** 2).sum() / (len(r) * (len(r) - 1))
    ),
    "You added absolute differences. The distance is the root of the sum of squares.": lambda r: (
        np.abs(np.asarray(r, float)[:, None] - np.asarray(r, float)[None]).sum()
        / (len(r) * (len(r) - 1))
    ),
    "Each pair counts once or twice, but the divisor must fit: your number is twice too large.": (
        lambda r: 2 * _distance(r)
    ),
    "Each pair counts once or twice, but the divisor must fit: your number is half as large.": (
        lambda r: _distance(r) / 2
    ),
    "You took distances from the mean picture. Asked for are those between two pictures.": (
        lambda r: np.sqrt(((r - np.mean(r, 0)) ** 2).sum(1)).mean()
    ),
    "You took neighbouring rows only. Take every pair.": lambda r: np.sqrt(
        (np.diff(np.asarray(r, float), axis=0) ** 2).sum(1)
    ).mean(),
    "You took the sum over all pairs. Divide by how many there are.": lambda r: (
        _all_pairs(r).sum() / 2
    ),
}


def _misread_distance(value: np.ndarray, who: str, case: DecisionCase) -> str | None:
    for cause, function in _MISREAD.items():
        if difference(value, float(function(case.facts["tables"][who])), 1e-6) is None:
            return cause
    return None


def _explain_collapse(choice: str, case: DecisionCase) -> str:
    least = min(case.truth, key=case.truth.get)
    more, less = told_apart(case.truth[choice], case.truth[least])
    return (
        f"By your own measurement the pictures of “{choice}” are {more} apart, those of “{least}” "
        f"{less}."
    )


find_collapse = _exercise(
    "find_collapse",
    check_with=Decision(
        _collapse_cases,
        parts=("mean distance",),
        choose=lambda case: [min(case.truth, key=case.truth.get)],
        explain=_explain_collapse,
        rivals=(
            Rival(
                lambda case: max(case.truth, key=case.truth.get),
                "You named the most varied one. Collapsed is the one whose pictures are most "
                "alike.",
            ),
            Rival(
                _least(lambda rows: float(rows.mean())),
                "You compared the mean values. Far from 0 or near it says nothing about variety.",
            ),
            Rival(
                _least(_furthest),
                "You compared the two pictures furthest apart. One odd picture hides a collapse: "
                "take the mean over all pairs.",
            ),
            Rival(
                _least(_closest),
                "You compared the two closest pictures. Two twins are no collapse: take the mean "
                "over all pairs.",
            ),
            Rival(
                _least(lambda rows: float(rows.std(0).min())),
                "One number that hardly varies is no collapse: take the distance over all numbers.",
            ),
            Rival(
                _least(lambda rows: float(len(rows))),
                "You named the one with the fewest pictures.",
            ),
            Rival(
                _least(lambda rows: float(len(np.unique(rows.round(6), axis=0)))),
                "You counted different pictures. Pictures can differ by a hair: measure distances.",
            ),
            Rival(
                lambda case: min(case.truth, key=lambda who: round(case.truth[who], 1)),
                "You compared rounded distances. Compare the numbers as they are.",
            ),
            Rival(lambda case: next(iter(case.truth)), "You took the first one."),
            Rival(lambda case: list(case.truth)[-1], "You took the last one."),
        ),
        misreadings=(_misread_distance,),
        called="the name of a generator",
    ),
    hints=(
        "For each generator, find the distance of every two different rows, and their mean. The "
        "smallest mean is the answer.",
        "rows[:, None] - rows[None] holds all differences, (N, N, F). Of the N × N distances, N "
        "are those of a row from itself, 0: divide the sum by N (N − 1).",
    ),
)


# --- 4. along the sphere ---------------------------------------------------------------------


def _arc(start: np.ndarray, end: np.ndarray, share: float) -> np.ndarray:
    cosine = sum(float(a) * float(b) for a, b in zip(start, end, strict=True))
    angle = math.acos(min(1.0, max(-1.0, cosine)))
    first, second = math.sin((1 - share) * angle), math.sin(share * angle)
    return (first * np.asarray(start, float) + second * np.asarray(end, float)) / math.sin(angle)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def _arc_cases() -> list[Case]:
    rng = np.random.default_rng(4)
    first, second = (_unit(rng.normal(size=100)) for _ in range(2))
    near = _unit(first + 0.05 * second)
    x, y = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    obtuse = np.array([-0.6, 0.8, 0.0])
    return [
        Case("a quarter turn, half-way", (x, y, 0.5)),
        Case("a quarter turn, a third of the way", (x, y, 1 / 3)),
        Case("at the start", (first, second, 0)),
        Case("at the end", (first, second, 1)),
        Case("hundred numbers, a quarter of the way", (first, second, 0.25)),
        Case("nearly the same way", (first, near, 0.7)),
        Case("more than a quarter turn", (np.array([1.0, 0.0, 0.0]), obtuse, 0.4)),
        Case("whole numbers", (np.array([0, 1, 0]), np.array([0, 0, -1]), 0.9)),
        Case("beyond the end", (x, y, 1.5)),
    ]


between = _exercise(
    "between",
    check_with=same_as(
        _arc,
        _arc_cases(),
        [
            Mistake(
                lambda a, b, t: (1 - t) * a + t * b,
                "That is the straight way: in the middle the vector is too short. Use the sines.",
            ),
            Mistake(
                lambda a, b, t: _unit((1 - t) * a + t * b),
                "You went straight and made it long again. That does not go evenly along the arc.",
            ),
            Mistake(
                lambda a, b, t: _arc(b, a, t), "You swapped start and end: at share 0 is the start."
            ),
            Mistake(
                lambda a, b, t: _arc(a, b, t) * math.sin(math.acos(float(a @ b))),
                "The division by sin θ is missing.",
            ),
            Mistake(
                lambda a, b, t: _arc(a, b, min(1, max(0, t))),
                "You keep the share between 0 and 1. Beyond the end the arc goes on.",
            ),
            Mistake(
                lambda a, b, t: (
                    (math.sin((1 - t) * float(a @ b)) * a + math.sin(t * float(a @ b)) * b)
                    / (math.sin(float(a @ b)) or 1.0)
                ),
                "You used the dot product as the angle. It is the angle's cosine: np.arccos.",
            ),
            Mistake(
                lambda a, b, t: (
                    math.cos(t * math.acos(float(a @ b))) * a
                    + math.sin(t * math.acos(float(a @ b))) * b
                ),
                "cos and sin of the way fit only where both are at right angles. Use the formula "
                "with three sines.",
            ),
        ],
    ),
    hints=(
        "First the angle: np.arccos of the dot product start @ end.",
        "np.sin((1 - share) * angle) * start + np.sin(share * angle) * end, all divided by "
        "np.sin(angle).",
    ),
)


# --- 5. what would you never generate? -------------------------------------------------------

CHOICES = ("never", "label", "generate")
Shares = tuple[float, float]


class _Survey:
    """What survey(use) returns: shares of who was fooled and who could be harmed."""

    def __init__(self, table: dict[str, Shares]):
        self.table = table

    def __call__(self, use: str) -> Shares:
        return self.table[use]


def _use_case(name: str, table: dict[str, Shares], most: float) -> DecisionCase:
    return DecisionCase(name, (list(table), _Survey(table), most), table, {"most": most})


_USES = (
    "faces for a game",
    "a profile picture",
    "a witness in the news",
    "people in a rendering",
    "a patient's photo",
    "a crowd in the distance",
)


def _use_tables() -> Iterator[DecisionCase]:
    yield _use_case(
        "six uses",
        dict(
            zip(
                _USES,
                [(0.2, 0.01), (0.8, 0.04), (0.9, 0.6), (0.55, 0.02), (0.7, 0.3), (0.1, 0.0)],
                strict=True,
            )
        ),
        0.05,
    )
    yield _use_case(
        "exactly at both limits",
        dict(zip(_USES[:4], [(0.5, 0.1), (0.49, 0.1), (0.5, 0.11), (0.51, 0.09)], strict=True)),
        0.1,
    )
    yield _use_case(
        "hardly anybody is fooled, but some are harmed",
        dict(zip(_USES[:4], [(0.05, 0.4), (0.3, 0.21), (0.9, 0.0), (0.0, 0.0)], strict=True)),
        0.2,
    )
    yield _use_case(
        "less than a per cent apart",
        dict(
            zip(
                _USES[:5],
                [(0.498, 0.0), (0.502, 0.0), (0.2, 0.052), (0.2, 0.048), (0.6, 0.0504)],
                strict=True,
            )
        ),
        0.05,
    )
    rng = np.random.default_rng(6)
    for number in range(3):
        table = {use: tuple(map(float, rng.uniform(0, 1, 2) ** (1, 2))) for use in _USES}
        yield _use_case(f"another survey, no. {number + 1}", table, (0.02, 0.2, 0.4)[number])


@cache
def _use_cases() -> tuple[DecisionCase, ...]:
    return tuple(_use_tables())


def _rule(fooled: float, harmed: float, most: float) -> str:
    if harmed > most:
        return "never"
    return "label" if fooled >= 0.5 else "generate"


def _by(rule: Callable[[float, float, float], str]) -> Callable[[DecisionCase], dict[str, str]]:
    return lambda case: {use: rule(*both, case.facts["most"]) for use, both in case.truth.items()}


def _fooled_first(fooled: float, harmed: float, most: float) -> str:
    if fooled >= 0.5:
        return "label"
    return "never" if harmed > most else "generate"


def _explain_use(choice: str, case: DecisionCase, use: str) -> str:
    (fooled, harmed), most = case.truth[use], case.facts["most"]
    right = _rule(fooled, harmed, most)
    told = f"\n{use}: fooled {fooled:.4f}, harmed {harmed:.4f}, most {most:.4f}"
    if right == "never":
        return f"“{use}” harms more people than your limit allows: never." + told
    if choice == "never":
        return f"“{use}” harms no more people than your limit allows." + told
    if right == "label":
        return f"At least half take “{use}” for real: label it." + told
    return f"Fewer than half take “{use}” for real: no label is needed by your rule." + told


decide_uses = _exercise(
    "decide_uses",
    check_with=Decision(
        _use_cases,
        parts=("fooled share", "harmed share"),
        choose=lambda case, use: [_rule(*case.truth[use], case.facts["most"])],
        explain=_explain_use,
        rivals=(
            Rival(
                _by(_fooled_first),
                "You asked first who was fooled. Harm comes first: no label makes it good.",
            ),
            Rival(
                _by(lambda f, h, m: _rule(f, h, m) if h != m else "never"),
                "Exactly at the limit of harm is allowed: never is above it.",
            ),
            Rival(
                _by(lambda f, h, m: _rule(f if f != 0.5 else 0.0, h, m)),
                "Exactly half is at least half: label it.",
            ),
            Rival(
                _by(lambda f, h, m: _rule(round(f, 2), round(h, 2), m)),
                "You compared whole per cents. Compare the numbers as they are.",
            ),
            Rival(
                _by(lambda f, h, m: _rule(h, f, m)),
                "You swapped both shares: the first is who was fooled, the second who is harmed.",
            ),
            Rival(
                _by(lambda f, h, m: "never" if f * h > m else _rule(f, 0.0, m)),
                "You multiplied both shares. Harm alone decides on never.",
            ),
            Rival(
                _by(lambda f, h, m: "label" if h > m else _rule(f, h, m)),
                "You labelled what does harm. A label does not undo it: never.",
            ),
            Rival(_by(lambda f, h, m: "never"), "You never generate anything. Use the rule."),
            Rival(_by(lambda f, h, m: "label"), "You label everything. Use the rule."),
            Rival(_by(lambda f, h, m: "generate"), "You generate everything. Use the rule."),
        ),
        called="never, label or generate",
        each=CHOICES,
    ),
    hints=(
        "survey(use) gives two numbers: keep the pair in the first dictionary. Decide with an if, "
        "an elif and an else.",
        "First ask whether harmed > most: never. Then whether fooled >= 0.5: label. Else generate.",
    ),
)
