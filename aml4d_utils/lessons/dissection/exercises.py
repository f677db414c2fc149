"""The exercises of the dissection lesson."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import pairwise

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
from aml4d_utils.checking.exercise import Attempt, Checker, as_numbers, difference, told_apart
from aml4d_utils.topics.dissection.lighting import intersection_over_union

LESSON = "09_network_dissection"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. intersection over union --------------------------------------------------------------


def _mask_cases() -> list[Case]:
    rng = np.random.default_rng(9)
    square = np.zeros((6, 8), dtype=bool)
    square[1:4, 2:6] = True
    shifted = np.roll(square, 2, axis=1)
    nothing = np.zeros((6, 8), dtype=bool)
    one = nothing.copy()
    one[2, 5] = True
    return [
        Case("two rectangles that overlap", (square, shifted)),
        Case("one inside the other", (square, np.ones((6, 8), dtype=bool))),
        Case("the concept inside what is lit", (np.ones((6, 8), dtype=bool), square)),
        Case("the same mask twice", (square, square.copy())),
        Case("two masks far apart", (square, np.roll(square, 4, axis=1))),
        Case("a unit that is not lit", (nothing, square)),
        Case("a concept that is not there", (square, nothing)),
        Case("both empty", (nothing, nothing.copy())),
        Case("one lit place, none of the concept's", (one, np.roll(one, 3, axis=0))),
        Case("the same single place", (one, one.copy())),
        Case("random places", (rng.random((20, 30)) < 0.1, rng.random((20, 30)) < 0.4)),
    ]


def _ratio(above: Callable, below: Callable) -> Callable[[np.ndarray, np.ndarray], float]:
    def value(lit: np.ndarray, mask: np.ndarray) -> float:
        bottom = below(lit, mask)
        return above(lit, mask) / bottom if bottom else 0.0

    return value


def _both(lit: np.ndarray, mask: np.ndarray) -> int:
    return int((lit & mask).sum())


def _either(lit: np.ndarray, mask: np.ndarray) -> int:
    return int((lit | mask).sum())


iou = _exercise(
    "iou",
    check_with=same_as(
        intersection_over_union,
        _mask_cases(),
        [
            Mistake(_both, "You counted the places that are both, but did not divide."),
            Mistake(
                _ratio(_either, _both),
                "Your fraction stands on its head: intersection over union, not union over "
                "intersection.",
            ),
            Mistake(
                _ratio(_both, lambda lit, mask: lit.sum() + mask.sum()),
                "The places that are both count twice in your union. Take them off once.",
            ),
            Mistake(
                _ratio(lambda a, b: 2 * _both(a, b), lambda lit, mask: lit.sum() + mask.sum()),
                "That is the Dice coefficient. IoU divides by the places that are at least one.",
            ),
            Mistake(
                _ratio(_both, lambda lit, mask: lit.sum()),
                "You divided by the lit places only: places of the concept that stay dark must "
                "count against the unit too.",
            ),
            Mistake(
                _ratio(_both, lambda lit, mask: mask.sum()),
                "You divided by the concept only: lit places outside it must count against the "
                "unit too.",
            ),
            Mistake(
                _ratio(_both, lambda lit, mask: min(lit.sum(), mask.sum())),
                "You divided by the smaller mask. Divide by the places that are at least one of "
                "the two.",
            ),
            Mistake(
                _ratio(_both, lambda lit, mask: max(lit.sum(), mask.sum())),
                "You divided by the larger mask. Divide by the places that are at least one of "
                "the two.",
            ),
            Mistake(
                _ratio(_both, lambda lit, mask: (lit ^ mask).sum()),
                "You divided by the places that are only one of the two. Those that are both "
                "belong to the union as well.",
            ),
            Mistake(
                lambda lit, mask: _both(lit, mask) / lit.size,
                "You divided by all places. Dark places without the concept do not count.",
            ),
            Mistake(
                lambda lit, mask: float((lit == mask).mean()),
                "You counted places that are dark in both as agreement. They do not count.",
            ),
        ],
    ),
    hints=(
        "Two numbers are enough: in how many places both masks are True, and in how many at least "
        "one is.",
        "lit & mask is True where both are, lit | mask where at least one is; .sum() counts. What "
        "if nothing is True at all?",
    ),
)


# --- 2. the threshold ------------------------------------------------------------------------


def _threshold_cases() -> list[Case]:
    rng = np.random.default_rng(4)
    quiet = np.maximum(rng.normal(-1.5, 1, (10, 10, 10)), 0)
    return [
        Case("10 answers, a fifth may be lit", (np.arange(10.0).reshape(1, 2, 5), 0.2)),
        Case(
            "answers in no order",
            (rng.permutation(200.0 * np.arange(200)).reshape(2, 10, 10), 0.05),
        ),
        Case("1,000 answers, the top 0.5 %", (rng.random((10, 10, 10)), 0.005)),
        Case("a unit that is mostly silent", (quiet, 0.01)),
        Case(
            "one picture far stronger than the others",
            (rng.random((4, 5, 5)) * [[[1]], [[1]], [[9]], [[1]]], 0.1),
        ),
        Case("answers on both sides of zero", (rng.normal(-0.5, 1, (5, 8, 4)), 0.25)),
        Case("every answer below zero", (-1 - rng.random((2, 3, 10)), 0.05)),
        Case("equal answers and zeros", (np.repeat([2.0, 0, -1, 0], 6).reshape(4, 2, 3), 0.25)),
        Case("half of all, whole numbers", (np.arange(-12, 12).reshape(3, 2, 4), 0.5)),
    ]


def lit_with(answers: np.ndarray, threshold: float) -> np.ndarray:
    """Return where answers are above a threshold: what two thresholds must agree on."""
    return answers > threshold


def _wanted(answers: np.ndarray, share: float) -> float:
    ordered = np.sort(answers.ravel())[::-1]
    return float(ordered[round(share * answers.size)])


_THRESHOLD_MISTAKES = (
    (
        lambda answers, share: (1 - share) * answers.max(),
        "You took a share of the largest answer. The share is one of places: count answers, "
        "strongest first.",
    ),
    (
        lambda answers, share: np.quantile(answers, share),
        "Your threshold leaves the weakest answers below it. Lit are the strongest.",
    ),
    (
        lambda answers, share: np.quantile(answers.max(axis=(1, 2)), 1 - share),
        "You took one answer per picture. Count all places of all pictures.",
    ),
    (
        lambda answers, share: np.quantile(answers[0], 1 - share),
        "You looked at the first picture only. Count the places of all pictures.",
    ),
    (
        lambda answers, share: np.percentile(answers, 1 - share),
        "np.percentile counts to 100, np.quantile to 1: of the two, 1 − share fits np.quantile.",
    ),
    (
        lambda answers, share: np.quantile(answers, 0.995),
        "Your share is always 0.5 %. Use the share that the function is given.",
    ),
    (
        lambda answers, share: np.mean([np.quantile(one, 1 - share) for one in answers]),
        "You took a threshold for each picture and then their mean. Count all places together.",
    ),
    (
        lambda answers, share: answers.mean(),
        "That is the mean. How many places are above it?",
    ),
    (
        lambda answers, share: np.sort(answers.ravel())[::-1][round(share * answers.size) - 1],
        "One place too few is lit: a place is lit when it is above the threshold, not on it.",
    ),
)


def _check_threshold(attempt: Attempt) -> None:
    cases = _threshold_cases()
    given = []
    for case in cases:
        value = as_numbers(attempt(*case.arguments, case=case.name))
        if value is None or value.ndim or value.dtype.kind == "c" or not np.isfinite(value):
            raise WrongAnswer(f"Return one number, the threshold.\nCase: {case.name}")
        given.append(float(value))
    for case, value in zip(cases, given, strict=True):
        answers, share = case.arguments
        lit, wanted = lit_with(answers, value), lit_with(answers, _wanted(answers, share))
        if (lit == wanted).all():
            continue
        cause = next(
            (
                words
                for function, words in _THRESHOLD_MISTAKES
                if all(
                    (
                        lit_with(c.arguments[0], v)
                        == lit_with(c.arguments[0], function(*c.arguments))
                    ).all()
                    for c, v in zip(cases, given, strict=True)
                )
            ),
            "",
        )
        raise WrongAnswer(
            f"{cause or 'Your threshold lights up another number of places.'}\nCase: {case.name}. "
            f"Your threshold {value:.4g} lights up {lit.sum()} of {lit.size} places; it should "
            f"light up {wanted.sum()}."
        )


top_threshold = _exercise(
    "top_threshold",
    check_with=_check_threshold,
    hints=(
        "Put all answers of all pictures into one row and sort them. How many of them may be lit?",
        "np.quantile(answers, 1 - share) does it in one line. By hand: sort, strongest first, and "
        "take the first answer that may not be lit any more.",
    ),
)


# --- 3. the units for a concept --------------------------------------------------------------


def _detectors_of(overlaps: np.ndarray, concept: int, least: float) -> np.ndarray:
    found = [
        unit
        for unit, row in enumerate(overlaps)
        if row.argmax() == concept and row[concept] > least
    ]
    return np.array(sorted(found, key=lambda unit: -overlaps[unit, concept]), dtype=int)


def _detector_cases() -> list[Case]:
    rng = np.random.default_rng(12)
    small = np.array([[0.10, 0.30], [0.20, 0.10], [0.03, 0.01], [0.50, 0.60], [0.40, 0.20]])
    edge = np.array([[0.04, 0.0], [0.05, 0.0], [0.0, 0.2]])
    equal = np.array([[0.2, 0.1], [0.3, 0.0], [0.2, 0.0], [0.0, 0.0], [0.1, 0.3], [0.3, 0.1]])
    return [
        Case("five units, two concepts", (small, 0, 0.04)),
        Case("the other concept", (small, 1, 0.04)),
        Case("an overlap of exactly the limit", (edge, 0, 0.04)),
        Case("units with equal overlaps", (equal, 0, 0.04)),
        Case("units that overlap nothing, limit 0", (np.zeros((3, 2)), 0, 0.0)),
        Case("as many units as concepts", (rng.random((6, 6)), 4, 0.2)),
        Case("40 units, 6 concepts", (rng.random((40, 6)) ** 2, 2, 0.1)),
        Case("200 units, 3 concepts", (rng.random((200, 3)), 1, 0.3)),
        Case("a high limit", (rng.random((40, 6)), 5, 0.9)),
        Case("nobody", (np.array([[0.01, 0.3], [0.02, 0.4]]), 0, 0.04)),
    ]


def _in_one_order(check: Checker) -> Checker:
    """Return a check to which units of equal overlap are right in any order."""

    def checked(attempt: Attempt) -> None:
        def tidy(overlaps: np.ndarray, concept: int, least: float, case: str) -> object:
            answer = attempt(overlaps, concept, least, case=case)
            found = as_numbers(answer)
            if found is None or found.ndim != 1 or not np.isin(found, range(len(overlaps))).all():
                return answer
            best = overlaps[found.astype(int), concept]
            ends = [0, *(np.flatnonzero(np.diff(best)) + 1), len(found)]
            return np.concatenate([np.sort(found[a:b]) for a, b in pairwise(ends)])

        check(tidy)

    return checked


def _above(overlaps: np.ndarray, concept: int, least: float) -> np.ndarray:
    found = np.flatnonzero(overlaps[:, concept] > least)
    return found[np.argsort(-overlaps[found, concept], kind="stable")]


def _weakest_first(overlaps: np.ndarray, concept: int, least: float) -> np.ndarray:
    found = np.sort(_detectors_of(overlaps, concept, least))
    return found[np.argsort(overlaps[found, concept], kind="stable")]


_DETECTOR_MISTAKES = (
    Mistake(
        _above,
        "You took units that overlap another concept even more. A unit belongs to its best "
        "concept only.",
    ),
    Mistake(
        lambda o, c, least: np.sort(_above(o, c, least)),
        "You took units that overlap another concept even more, and they stand in the "
        "order of their numbers, not of their overlap.",
    ),
    Mistake(
        lambda o, c, least: np.sort(_detectors_of(o, c, least)),
        "The right units, but in the order of their numbers. The best comes first.",
    ),
    Mistake(
        _weakest_first,
        "The right units, but the weakest comes first.",
    ),
    Mistake(
        lambda o, c, least: _detectors_of(o, c, -1.0),
        "Units with a tiny overlap are among yours: the overlap must be above the limit.",
    ),
    Mistake(
        lambda o, c, least: _detectors_of(o, c, least - 1e-12),
        "An overlap of exactly the limit is not above it.",
    ),
    Mistake(
        lambda o, c, least: _detectors_of(o, c, least)[:1],
        "Only the best unit is there. Return all detectors of the concept.",
    ),
    Mistake(
        lambda o, c, least: _detectors_of(o, c, 0.04),
        "Your limit is always 0.04. Use the limit that the function is given.",
    ),
    Mistake(
        lambda o, c, least: np.argsort(-o[np.sort(_detectors_of(o, c, least)), c]),
        "You returned places in the list of found units: found[order] turns them back into "
        "the numbers of the units.",
    ),
    Mistake(
        lambda o, c, least: o[_detectors_of(o, c, least), c],
        "You returned the overlaps. Return the numbers of the units.",
    ),
)


detectors_of = _exercise(
    "detectors_of",
    check_with=_in_one_order(same_as(_detectors_of, _detector_cases(), _DETECTOR_MISTAKES)),
    hints=(
        "Two conditions for each unit: this concept is the one it overlaps most, and the overlap "
        "is above the limit.",
        "overlaps.argmax(axis=1) gives each unit's best concept. np.argsort(-values) sorts from "
        "the largest down.",
    ),
)


# --- 4. the victim ---------------------------------------------------------------------------

_Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def class_shares(
    features: np.ndarray, labels: np.ndarray, weights: np.ndarray, bias: np.ndarray
) -> np.ndarray:
    """Return the share of right answers in each class, ndarray (K,), float in [0, 1]."""
    right = (features @ weights + bias).argmax(axis=1) == labels
    classes = len(bias)
    return np.bincount(labels[right], minlength=classes) / np.bincount(labels, minlength=classes)


def _victim_problem(seed: int, units: int, classes: int, each: int) -> _Arrays:
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes), rng.integers(each, 3 * each, classes))
    weights = rng.normal(size=(units, classes))
    features = rng.random((len(labels), units)) + np.maximum(weights, 0).T[labels]
    order = rng.permutation(len(labels))
    return features[order], labels[order], weights, rng.normal(scale=0.5, size=classes)


def _losses(f: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray, unit: int) -> np.ndarray:
    silenced = f.copy()
    silenced[:, unit] = 0
    return class_shares(f, y, w, b) - class_shares(silenced, y, w, b)


def _victim(f: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray, unit: int) -> int:
    return int(_losses(f, y, w, b, unit).argmax())


def _lost_pictures(f: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray, unit: int) -> int:
    return int((_losses(f, y, w, b, unit) * np.bincount(y, minlength=len(b))).argmax())


def _gone(f: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray, unit: int) -> np.ndarray:
    """Return how many right answers of each class go wrong, whatever becomes right instead."""
    silenced = f.copy()
    silenced[:, unit] = 0
    before, after = ((one @ w + b).argmax(axis=1) == y for one in (f, silenced))
    return np.bincount(y[before & ~after], minlength=len(b))


def _most_gone(f: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray, unit: int) -> int:
    return int(_gone(f, y, w, b, unit).argmax())


def _largest_share_gone(
    f: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray, unit: int
) -> int:
    return int((_gone(f, y, w, b, unit) / np.bincount(y, minlength=len(b))).argmax())


def _share_of_right(f: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray, unit: int) -> int:
    before = class_shares(f, y, w, b)
    lost = _losses(f, y, w, b, unit)
    return int(np.divide(lost, before, out=np.full_like(lost, -1), where=before > 0).argmax())


def _of_the_first_four(
    f: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray, unit: int
) -> int:
    return int(_losses(f, y, w, b, unit)[:4].argmax())


def _victim_cases() -> list[Case]:
    """Return nine problems, and for each look-alike of the right answer one that tells it."""
    cases: list[Case] = []
    alike = [_lost_pictures, _most_gone, _largest_share_gone, _share_of_right, _of_the_first_four]
    seed = 0
    while len(cases) < 9 or alike:
        units, classes = ((10, 4), (14, 3), (6, 7))[seed % 3]
        problem = _victim_problem(seed, units, classes, each=6)
        unit = (5 * seed) % units
        losses = np.sort(_losses(*problem, unit))
        told = [other for other in alike if other(*problem, unit) != _victim(*problem, unit)]
        # One class must lose clearly more than the next: rounding must not decide.
        if losses[-1] - losses[-2] > 0.03 and (len(cases) < 9 or told):
            alike = [other for other in alike if other not in told]
            name = f"{classes} classes, unit {unit} off, no. {len(cases) + 1}"
            cases.append(Case(name, (*problem, unit)))
        seed += 1
    return cases


def _off_with(change: Callable[[np.ndarray, int], None]) -> Callable[..., int]:
    def value(f: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray, unit: int) -> int:
        silenced = f.copy()
        change(silenced, unit)
        return int((class_shares(f, y, w, b) - class_shares(silenced, y, w, b)).argmax())

    return value


def _row_off(features: np.ndarray, unit: int) -> None:
    features[unit] = 0


def _all_others_off(features: np.ndarray, unit: int) -> None:
    kept = features[:, unit].copy()
    features[:] = 0
    features[:, unit] = kept


def _after(f: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray, unit: int) -> np.ndarray:
    silenced = f.copy()
    silenced[:, unit] = 0
    return class_shares(silenced, y, w, b)


victim_class = _exercise(
    "victim_class",
    check_with=same_as(
        _victim,
        _victim_cases(),
        [
            Mistake(
                lambda f, y, w, b, unit: int(_after(f, y, w, b, unit).argmin()),
                "You named the class that is worst afterwards. It may have been bad before: "
                "compare with the accuracy with all units on.",
            ),
            Mistake(
                lambda f, y, w, b, unit: int(_losses(f, y, w, b, unit).argmin()),
                "You named the class that loses least: before minus after, not after minus before.",
            ),
            Mistake(
                _off_with(_row_off),
                "You switched off a picture. Units stand in the columns of features.",
            ),
            Mistake(_off_with(_all_others_off), "You switched off every unit but this one."),
            Mistake(
                _lost_pictures,
                "You counted pictures. Classes have different sizes: divide by the size of each.",
            ),
            Mistake(
                _most_gone,
                "You counted right answers that go wrong. Compare accuracies: divide by the size "
                "of each class, and let answers that become right count too.",
            ),
            Mistake(
                _largest_share_gone,
                "You looked at right answers that go wrong only. Others become right: take the "
                "accuracy of each class before and after.",
            ),
            Mistake(
                _share_of_right,
                "You divided by the right answers of the class. Accuracy is a share of all its "
                "pictures, right or wrong.",
            ),
            Mistake(
                _of_the_first_four,
                "You looked at the first four classes only. There are as many as the bias has "
                "numbers.",
            ),
            Mistake(
                lambda f, y, w, b, unit: _victim(f, y, w, 0 * b, unit),
                "The bias is missing in your scores.",
            ),
            Mistake(
                lambda f, y, w, b, unit: int(w[unit].argmax()),
                "You took the largest weight. Measure instead which class loses right answers.",
            ),
            Mistake(
                lambda f, y, w, b, unit: float(_losses(f, y, w, b, unit).max()),
                "You returned how much is lost. Return the number of the class that loses it.",
            ),
        ],
    ),
    hints=(
        "Compute the accuracy of each class twice: with all units, and with this one's column of "
        "features set to 0 (in a copy).",
        "The scores are features @ weights + bias; the answer is .argmax(axis=1). For class k look "
        "at the rows with labels == k.",
    ),
)


# --- 5. a smaller network --------------------------------------------------------------------


Plans = dict[str, Sequence[int]]
Measure = Callable[[Sequence[int]], float]


class _Bench:
    """A measurement of balanced accuracy on seeded numbers, as the lesson's laboratory has one."""

    def __init__(self, seed: int):
        self.arrays = _victim_problem(seed, units=24, classes=4, each=8)

    def __call__(self, off: Sequence[int]) -> float:
        features, labels, weights, bias = self.arrays
        silenced = features.copy()
        silenced[:, list(off)] = 0
        return float(class_shares(silenced, labels, weights, bias).mean())


def _plan_case(name: str, plans: Plans, measure: Measure, least: float) -> DecisionCase:
    truth = {plan: measure(units) for plan, units in plans.items()}
    facts = {"plans": plans, "least": least, "all on": measure([])}
    return DecisionCase(name, (plans, measure, least), truth, facts)


def _random_plans() -> Iterator[DecisionCase]:
    for number, seed in enumerate((3, 5, 8, 13, 21)):
        rng = np.random.default_rng(seed)
        measure = _Bench(seed)
        plans = {
            name: [int(unit) for unit in rng.permutation(24)[: rng.integers(1, 13)]]
            for name in ("cedar", "amber", "birch", "delta", "ember")
        }
        found = sorted(measure(plan) for plan in plans.values())
        # Once exactly on the limit, else between two plans.
        least = found[2] if number % 2 else (found[1] + found[2]) / 2
        yield _plan_case(f"five plans, no. {number + 1}", plans, measure, least)


def _near_misses() -> Iterator[DecisionCase]:
    """Give tables in which one plan is best and another one looks so by a look-alike rule."""
    tables = {
        "a little less than needed": (0.75, {"ash": (3, 0.8), "elm": (6, 0.7461), "fir": (2, 0.9)}),
        "the limit is no whole per cent": (
            0.758,
            {"ash": (4, 0.759), "elm": (7, 0.7512), "fir": (5, 0.7533), "oak": (2, 0.7577)},
        ),
        "one unit more costs much": (0.5, {"ash": (5, 0.9), "elm": (6, 0.55), "fir": (1, 0.95)}),
        "few units with large numbers": (0.6, {"ash": (7, 0.7), "elm": (3, 0.8), "fir": (9, 0.59)}),
    }
    for name, (least, rows) in tables.items():
        # The more units a plan has, the smaller their numbers: only their count may decide.
        plans = {plan: list(range(1000 // n**2, 1000 // n**2 + n)) for plan, (n, _) in rows.items()}
        shares = {frozenset(plans[plan]): share for plan, (_, share) in rows.items()}
        yield _plan_case(name, plans, partial(_looked_up, shares), least)


def _looked_up(shares: dict[frozenset[int], float], off: Sequence[int]) -> float:
    return shares.get(frozenset(off), 0.97 - 0.001 * len(off))


@cache
def _plan_cases() -> tuple[DecisionCase, ...]:
    return (*_random_plans(), *_near_misses())


def _enough(case: DecisionCase) -> list[str]:
    return [plan for plan, share in case.truth.items() if share >= case.facts["least"]]


def _units(case: DecisionCase, plan: str) -> int:
    return len(case.facts["plans"][plan])


def _right_plans(case: DecisionCase) -> list[str]:
    most = max(_units(case, plan) for plan in _enough(case))
    return [plan for plan in _enough(case) if _units(case, plan) == most]


def _of_enough(key: Callable[[DecisionCase, str], float]) -> Callable[[DecisionCase], str]:
    return lambda case: max(_enough(case), key=lambda plan: key(case, plan))


def _with_rounding(rounding: Callable[[float], int]) -> Callable[[DecisionCase], str]:
    def choose(case: DecisionCase) -> str:
        least = rounding(100 * case.facts["least"])
        fitting = [plan for plan, share in case.truth.items() if rounding(100 * share) >= least]
        return max(fitting, key=lambda plan: _units(case, plan))

    return choose


def _more_than_least(case: DecisionCase) -> str | None:
    above = [plan for plan, share in case.truth.items() if share > case.facts["least"]]
    return max(above, key=lambda plan: _units(case, plan), default=None)


_PLAN_RIVALS = (
    Rival(
        lambda case: max(case.truth, key=lambda plan: _units(case, plan)),
        "You chose the plan with the most units, whatever accuracy is left: look at the limit.",
    ),
    Rival(
        _of_enough(lambda case, plan: case.truth[plan]),
        "You chose the most accurate plan. Another one is accurate enough and saves more units.",
    ),
    Rival(
        _of_enough(lambda case, plan: -case.truth[plan]),
        "You chose the plan that comes closest to the limit. Count the units that it saves.",
    ),
    Rival(
        _of_enough(lambda case, plan: case.truth[plan] * _units(case, plan)),
        "You multiplied accuracy and units. All plans at the limit or above are good enough: count "
        "their units.",
    ),
    Rival(
        _of_enough(lambda case, plan: sum(case.facts["plans"][plan])),
        "You went by the numbers of the units. Count the units with len(…).",
    ),
    Rival(
        _of_enough(lambda case, plan: max(case.facts["plans"][plan])),
        "You went by the numbers of the units. Count the units with len(…).",
    ),
    Rival(
        _of_enough(lambda case, plan: -_units(case, plan)),
        "You chose the plan that saves the fewest units.",
    ),
    Rival(
        lambda case: _enough(case)[0],
        "You took the first plan that is accurate enough. Which one saves most units?",
    ),
    Rival(
        lambda case: _enough(case)[-1],
        "You took the last plan that is accurate enough. Which one saves most units?",
    ),
    Rival(
        _more_than_least,
        "You took plans above the limit only. A plan exactly at the limit reaches it.",
    ),
    *(
        Rival(
            _with_rounding(rounding),
            "You compared whole per cents. Compare the numbers as measure gives them.",
        )
        for rounding in (round, int)
    ),
)


def _explain_plan(choice: str, case: DecisionCase) -> str:
    if choice not in _enough(case):
        needed, left = told_apart(case.facts["least"], case.truth[choice])
        return (
            f"By your own measurement “{choice}” leaves {left}, below the {needed} that is needed."
        )
    best = _right_plans(case)[0]
    return (
        f"“{choice}” keeps enough accuracy, but “{best}” does too and saves {_units(case, best)} "
        f"units instead of {_units(case, choice)}."
    )


def _all_units_on(value: np.ndarray, plan: str, case: DecisionCase) -> str | None:
    if difference(value, case.facts["all on"]) is None:
        return (
            f"Your accuracy of “{plan}” is the one with all units on. Hand the plan's units to "
            "measure."
        )
    return None


def _counted_units(value: np.ndarray, plan: str, case: DecisionCase) -> str | None:
    if difference(value, _units(case, plan)) is None:
        return f"For “{plan}” you noted the number of units. Note the accuracy."
    return None


choose_plan = _exercise(
    "choose_plan",
    check_with=Decision(
        _plan_cases,
        parts=("accuracy",),
        choose=_right_plans,
        explain=_explain_plan,
        rivals=_PLAN_RIVALS,
        misreadings=[_all_units_on, _counted_units],
        called="the name of a plan",
    ),
    hints=(
        "Measure every plan first: measure(units) gives the accuracy with these units off.",
        "Keep the plans whose accuracy is at least the limit; among them, take the one with the "
        "most units.",
    ),
)
