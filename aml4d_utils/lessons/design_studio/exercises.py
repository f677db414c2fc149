"""The exercises of the lesson on the design studio."""

from __future__ import annotations

import math
from collections.abc import Callable
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
from aml4d_utils.checking.exercise import told_apart
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.measuring.wording import percent

LESSON = "16_design_studio"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. Wilson's interval ----------------------------------------------------------------------

_Z = 1.96


def _wilson(right: int, total: int, z: float = _Z) -> np.ndarray:
    # The shares at which what was seen lies z standard deviations away: the roots of
    # (total + z²) p² − (2 right + z²) p + right² / total = 0.
    a, b, c = total + z * z, 2 * right + z * z, right * right / total
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return np.array([(b - root) / (2 * a), (b + root) / (2 * a)])


def _normal(right: int, total: int) -> np.ndarray:
    share = right / total
    half = _Z * math.sqrt(share * (1 - share) / total)
    return np.array([share - half, share + half])


def _around_share(right: int, total: int) -> np.ndarray:
    low, high = _wilson(right, total)
    return right / total + np.array([low - high, high - low]) / 2


def _without_the_second_term(right: int, total: int) -> np.ndarray:
    share, s = right / total, _Z**2 / total
    middle = (share + s / 2) / (1 + s)
    half = _Z / (1 + s) * math.sqrt(share * (1 - share) / total)
    return np.array([middle - half, middle + half])


def _without_the_divisor(right: int, total: int) -> np.ndarray:
    return _wilson(right, total) * (1 + _Z**2 / total)


wilson_interval = _exercise(
    "wilson_interval",
    check_with=same_as(
        _wilson,
        [
            Case("26 of 30", (26, 30)),
            Case("none of 5", (0, 5)),
            Case("all of 5", (5, 5)),
            Case("1 of 1", (1, 1)),
            Case("half of 1,000", (500, 1000)),
            Case("7 of 10", (7, 10)),
            Case("1 of 200", (1, 200)),
        ],
        [
            Mistake(
                _normal,
                "That is the simple interval around the share. It says 0 to 0 where none of 5 is "
                "right. Wilson's has its middle nearer to one half, and s in two more places.",
            ),
            Mistake(lambda r, n: _wilson(r, n)[::-1], "First the lower end, then the upper one."),
            Mistake(
                lambda r, n: np.array([_wilson(r, n).mean(), np.ptp(_wilson(r, n)) / 2]),
                "You returned the middle and the half width. Return the two ends.",
            ),
            Mistake(
                _around_share,
                "Your interval lies around the share. Its middle is (p + s / 2) / (1 + s).",
            ),
            Mistake(
                _without_the_second_term,
                "Under the square root, s / (4 total) is missing.",
            ),
            Mistake(
                _without_the_divisor,
                "Middle and half width are both divided by 1 + s.",
            ),
            Mistake(
                lambda r, n: _wilson(r, n, 1.0),
                "z is missing: with 1 in its place it is the 68 % interval.",
            ),
            Mistake(lambda r, n: 100 * _wilson(r, n), "Return shares from 0 to 1, no per cents."),
        ],
    ),
    hints=(
        "Compute share, z and s first, each in a line of its own. Then the middle, then the half "
        "width; the ends are middle − half and middle + half.",
        "half = z / (1 + s) * np.sqrt(share * (1 - share) / total + s / (4 * total)).",
    ),
)


# --- 2. split by thing -------------------------------------------------------------------------


def _aside(things: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    taken: dict[int, list[int]] = {}
    for thing, label in zip(things.tolist(), labels.tolist(), strict=True):
        mine = taken.setdefault(label, [])
        if thing not in mine and len(mine) < count:
            mine.append(thing)
    every = {thing for mine in taken.values() for thing in mine}
    return np.array([thing in every for thing in things.tolist()], bool)


def _first_photos(things: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    seen: dict[int, int] = {}
    aside = []
    for label in labels.tolist():
        seen[label] = seen.get(label, 0) + 1
        aside.append(seen[label] <= count)
    return np.array(aside, bool)


def _one_photo_each(things: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    right = _aside(things, labels, count)
    first = [things.tolist().index(thing) == k for k, thing in enumerate(things.tolist())]
    return right & np.array(first, bool)


def _whatever_class(things: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    first = list(dict.fromkeys(things.tolist()))[:count]
    return np.isin(things, first)


def _smallest(things: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    chosen = [t for k in np.unique(labels) for t in np.unique(things[labels == k])[:count]]
    return np.isin(things, chosen)


def _last(things: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    return _aside(things[::-1], labels[::-1], count)[::-1]


def _split_cases() -> list[Case]:
    def case(name: str, things: list[int], labels: list[int], count: int) -> Case:
        return Case(name, (np.array(things), np.array(labels), count))

    return [
        case("two photos of each thing", [1, 1, 2, 2, 3, 3, 4, 4], [0, 0, 0, 0, 1, 1, 1, 1], 1),
        case("photos in any order", [7, 3, 7, 5, 3, 9, 5, 7], [1, 0, 1, 0, 0, 1, 0, 1], 1),
        case("two things of three", [6, 6, 2, 4, 2, 8, 9, 7, 9], [0, 0, 0, 0, 0, 1, 1, 1, 1], 2),
        case("one photo of each thing", [5, 4, 3, 2, 1, 0], [0, 1, 0, 1, 0, 1], 2),
        case("things that come back later", [3, 1, 2, 3, 4, 3], [0, 0, 1, 0, 1, 0], 1),
        case("classes that begin at 2", [1, 2, 3, 3, 2, 4], [2, 2, 5, 5, 2, 5], 1),
        case("fewer things than asked for", [1, 1, 2, 3], [0, 0, 1, 1], 2),
        case("none", [1, 2, 3], [0, 1, 0], 0),
    ]


set_aside = _exercise(
    "set_aside",
    check_with=same_as(
        _aside,
        _split_cases(),
        [
            Mistake(
                _first_photos,
                "You counted photos. Count things: all photos of a thing go the same way.",
            ),
            Mistake(
                _one_photo_each,
                "You set one photo of each thing aside. Its other photos would be learned from: "
                "set all of them aside.",
            ),
            Mistake(
                _whatever_class,
                "You took the first things of all. Take the first ones of each class.",
            ),
            Mistake(
                _smallest,
                "You took the things with the smallest numbers. Take those that appear first.",
            ),
            Mistake(_last, "You took the last things. Take those that appear first."),
            Mistake(
                lambda t, y, n: ~_aside(t, y, n),
                "It is the wrong way round: True where a photo is set aside.",
            ),
        ],
    ),
    hints=(
        "Go through the classes. Which different things has this one, in the order in which they "
        "appear? The first `count` of them, with all their photos, are set aside.",
        "list(dict.fromkeys(mine))[:count] gives the first different things of a list; "
        "np.isin(things, first) is True for all their photos.",
    ),
)


# --- 3. the worst, by rule ---------------------------------------------------------------------


def _worst(chances: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    truth = [chances[k][label] for k, label in enumerate(labels)]
    return np.array(sorted(range(len(truth)), key=lambda k: (truth[k], k))[:count], int)


def _truth(chances: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return chances[np.arange(len(labels)), labels]


def _only_wrong(chances: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    wrong = np.flatnonzero(chances.argmax(1) != labels)
    return wrong[np.argsort(_truth(chances, labels)[wrong], kind="stable")][:count]


def _later_first(chances: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    truth = _truth(chances, labels)
    return np.array(sorted(range(len(truth)), key=lambda k: (truth[k], -k))[:count], int)


def _worst_cases() -> list[Case]:
    rng = np.random.default_rng(16)

    def drawn(name: str, n: int, k: int, count: int) -> Case:
        chances = rng.dirichlet(np.ones(k), n)
        return Case(name, (chances, rng.integers(0, k, n), count))

    tenths = rng.integers(1, 4, 60) / 4
    many = np.stack([tenths, 1 - tenths], axis=1)
    halves = np.array([[0.5, 0.5], [0.25, 0.75], [0.5, 0.5], [0.75, 0.25], [0.5, 0.5]])
    sure = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.6, 0.4]])
    return [
        drawn("eight photos, three classes", 8, 3, 3),
        drawn("twelve photos, two classes", 12, 2, 5),
        drawn("the worst one only", 6, 4, 1),
        drawn("as many as there are", 4, 3, 4),
        Case("equal ones", (halves, np.array([0, 0, 1, 0, 1]), 4)),
        Case("sixty photos, many equal", (many, np.arange(60) % 2, 50)),
        Case("all of them right", (sure, np.array([0, 1, 0, 0]), 2)),
        Case("whole numbers", (np.array([[1, 0], [0, 1], [0, 1]]), np.array([1, 1, 0]), 2)),
        Case("none", (sure, np.array([0, 1, 0, 0]), 0)),
    ]


worst_places = _exercise(
    "worst_places",
    check_with=same_as(
        _worst,
        _worst_cases(),
        [
            Mistake(
                lambda p, y, n: np.argsort(p.max(1), kind="stable")[:n],
                "You took the least sure answers. The rule asks for the probability of the true "
                "class.",
            ),
            Mistake(
                lambda p, y, n: np.argsort(-_truth(p, y), kind="stable")[:n],
                "Those are the best. The lowest probability comes first.",
            ),
            Mistake(
                _only_wrong,
                "You left out photos that are right. The rule takes the lowest probabilities, "
                "right or wrong.",
            ),
            Mistake(_later_first, "Of equal ones the earlier comes first."),
            Mistake(
                lambda p, y, n: np.sort(_truth(p, y))[:n],
                "Those are the probabilities. Return the places of the photos.",
            ),
            Mistake(
                lambda p, y, n: np.sort(_worst(p, y, n)),
                "You returned the places in their own order. The worst comes first.",
            ),
            Mistake(
                lambda p, y, n: np.argsort(-p.max(1) * (p.argmax(1) != y), kind="stable")[:n],
                "You took the surest mistakes. The rule asks for the probability of the true "
                "class.",
            ),
        ],
    ),
    hints=(
        "First one number for each photo: the probability of its true class. Then the order of "
        "these numbers.",
        "chances[np.arange(len(labels)), labels] picks one number of each row; "
        'np.argsort(…, kind="stable") keeps equal ones in their order.',
    ),
)


# --- 4. out of date ----------------------------------------------------------------------------


def _stale(uses: list[list[int]], measured_on: np.ndarray, now: int) -> np.ndarray:
    found = []
    for used in uses:
        old = False
        for m in used:
            if measured_on[m] != now:
                old = True
        found.append(old)
    return np.array(found, bool)


def _stale_cases() -> list[Case]:
    return [
        Case("two sentences", ([[0], [1]], np.array([5, 6]), 5)),
        Case("one of two is old", ([[0, 1], [1, 0], [0, 2]], np.array([7, 8, 7]), 7)),
        Case("a sentence without a number", ([[], [0], []], np.array([3]), 4)),
        Case("none is old", ([[0], [1, 2], []], np.array([9, 9, 9]), 9)),
        Case("all are old", ([[0, 1], [2]], np.array([1, 1, 2]), 3)),
        Case("a later model with a smaller number", ([[0], [1]], np.array([8, 2]), 2)),
        Case("a model called 0", ([[1], [0]], np.array([0, 4]), 0)),
        Case("the same one twice", ([[0, 0], [1, 1]], np.array([1, 2]), 1)),
    ]


out_of_date = _exercise(
    "out_of_date",
    check_with=same_as(
        _stale,
        _stale_cases(),
        [
            Mistake(
                lambda u, m, now: np.array([bool(s) and all(m[k] != now for k in s) for s in u]),
                "You asked whether all its measurements are old. One old number is enough.",
            ),
            Mistake(
                lambda u, m, now: np.array([all(m[k] != now for k in s) for s in u]),
                "You asked whether all its measurements are old. One old number is enough, and a "
                "sentence without a number is never old.",
            ),
            Mistake(
                lambda u, m, now: ~_stale(u, m, now),
                "It is the wrong way round: True where a sentence is out of date.",
            ),
            Mistake(
                lambda u, m, now: np.array([any(m[k] < now for k in s) for s in u]),
                "A fingerprint is no age: smaller does not mean older. Ask whether it is another.",
            ),
            Mistake(
                lambda u, m, now: np.array([bool(s) and m[s[0]] != now for s in u]),
                "You looked at the first measurement of each sentence only.",
            ),
            Mistake(
                lambda u, m, now: np.array([not s or any(m[k] != now for k in s) for s in u]),
                "A sentence without a number cannot be out of date.",
            ),
            Mistake(
                lambda u, m, now: m != now,
                "That tells which measurements are old. Ask it for each sentence.",
            ),
        ],
    ),
    hints=(
        "For one sentence: is there any m in used with measured_on[m] != now? Then the same for "
        "every sentence.",
        "any(measured_on[m] != now for m in used) is False where used is empty.",
    ),
)


# --- 5. decide ---------------------------------------------------------------------------------

PROMISE, WARN, MORE = "promise", "warn", "measure more"
Measure = Callable[[str], tuple[int, int]]


class _Measured:
    """What measure(name) returns: right answers and things under a condition."""

    def __init__(self, counts: dict[str, tuple[int, int]]):
        self.counts = counts

    def __call__(self, name: str) -> tuple[int, int]:
        return self.counts[name]


def _case(name: str, counts: dict[str, tuple[int, int]], goal: float) -> DecisionCase:
    truth = {one: wilson(right / total, total) for one, (right, total) in counts.items()}
    facts = {"goal": goal, "counts": counts}
    return DecisionCase(name, (tuple(counts), goal, _Measured(counts)), truth, facts)


@cache
def _decision_cases() -> tuple[DecisionCase, ...]:
    shop = {"as it is": (28, 30), "dim light": (24, 30), "blurred": (9, 30), "tilted": (27, 30)}
    factory = {
        "as it is": (388, 400), "oil on the lens": (352, 400), "night": (370, 400),
        "far away": (340, 400), "two at once": (361, 400),
    }  # fmt: skip
    few = {"as it is": (5, 5), "dim light": (4, 5), "blurred": (0, 5), "far away": (9, 10)}
    level = {"as it is": (36, 40), "night": (30, 40), "blurred": (20, 40)}
    return (
        _case("a shop, 30 things", shop, 0.75),
        _case("a factory, 400 parts", factory, 0.9),
        _case("very few things", few, 0.55),
        _case("a lower end exactly at the goal", level, wilson(36 / 40, 40)[0]),
        _case("an upper end exactly at the goal", level, wilson(20 / 40, 40)[1]),
        _case("none and all", {"good": (60, 60), "bad": (0, 60), "half": (30, 60)}, 0.5),
    )


def _right(case: DecisionCase, name: str) -> list[str]:
    low, high = case.truth[name]
    goal = case.facts["goal"]
    return [PROMISE if low >= goal else WARN if high < goal else MORE]


def _by(rule: Callable[[float, float, float, float], str]) -> Callable[[DecisionCase], dict]:
    """Return what a rule of (share, low, high, goal) chooses for every condition of a case."""

    def choose(case: DecisionCase) -> dict[str, str]:
        counts, goal = case.facts["counts"], case.facts["goal"]
        return {
            name: rule(counts[name][0] / counts[name][1], *case.truth[name], goal)
            for name in case.truth
        }

    return choose


def _three(promise: bool, warn: bool) -> str:
    return PROMISE if promise else WARN if warn else MORE


_RIVALS = (
    Rival(
        _by(lambda share, low, high, goal: PROMISE if share >= goal else WARN),
        "You compared the share with the goal. A share is no promise: compare both ends of its "
        "interval.",
    ),
    Rival(
        _by(lambda share, low, high, goal: PROMISE if low >= goal else WARN),
        "You warn wherever you cannot promise. Where the goal lies within the interval, nobody "
        "knows: measure more.",
    ),
    Rival(
        _by(lambda share, low, high, goal: PROMISE if high >= goal else WARN),
        "You promise wherever the upper end reaches the goal. The whole interval must.",
    ),
    Rival(
        _by(lambda share, low, high, goal: PROMISE if low >= goal else MORE),
        "You never warn. Where the whole interval lies below the goal, it is missed.",
    ),
    Rival(
        _by(lambda share, low, high, goal: _three(low > goal, high < goal)),
        "A lower end exactly at the goal reaches it: use >=, not >.",
    ),
    Rival(
        _by(lambda share, low, high, goal: _three(low >= goal, high <= goal)),
        "An upper end exactly at the goal does not lie below it: use <, not <=.",
    ),
    Rival(
        _by(lambda share, low, high, goal: _three((low + high) / 2 >= goal, high < goal)),
        "You compared the middle of the interval. The whole interval must reach the goal.",
    ),
    Rival(
        _by(lambda share, low, high, goal: _three(share >= goal, high < goal)),
        "You promise by the share. The lower end of the interval decides.",
    ),
    Rival(
        _by(lambda share, low, high, goal: _three(low >= goal, share < goal)),
        "You warn by the share. Only where the upper end too is below the goal, it is missed.",
    ),
    Rival(
        _by(lambda share, low, high, goal: _three(high < goal, low >= goal)),
        "You exchanged the promise and the warning.",
    ),
)


def _explain(choice: str, case: DecisionCase, name: str) -> str:
    low, high = case.truth[name]
    goal = case.facts["goal"]
    wanted = _right(case, name)[0]
    end = high if wanted == WARN else low
    close, other = told_apart(end, goal)
    if wanted == PROMISE:
        why = f"its lower end, {close}, reaches the goal, {other}"
    elif wanted == WARN:
        why = f"its upper end, {close}, lies below the goal, {other}"
    else:
        why = f"it goes from {percent(low)} to {percent(high)}, and the goal lies between"
    return f"For “{name}” the card may say “{wanted}”, not “{choice}”: {why}."


def _share_instead(value: np.ndarray, name: str, case: DecisionCase) -> str | None:
    right, total = case.facts["counts"][name]
    if value.shape == (2,) and np.allclose(value, (right, total)):
        return "Those are the two counts. The measurement is the interval that wilson gives."
    if np.allclose(value, [right / total] * 2):
        return "That is the share twice. The measurement is the interval that wilson gives."
    return None


claims = _exercise(
    "claims",
    check_with=Decision(
        _decision_cases,
        parts=("lower end", "upper end"),
        choose=_right,
        explain=_explain,
        rivals=_RIVALS,
        misreadings=(_share_instead,),
        called=f"{PROMISE}, {WARN} or {MORE}",
        each=(PROMISE, WARN, MORE),
    ),
    hints=(
        "For each condition, measure and compute the interval first. Then three cases: it lies "
        "above the goal, below it, or around it.",
        "low, high = wilson(right / total, total); promise where low >= goal, warn where "
        "high < goal, else measure more.",
    ),
)
