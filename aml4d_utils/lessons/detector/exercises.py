"""The exercises of the detection lesson."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.nets.detection import box_iou
from aml4d_utils.topics.detection_metrics.average_precision import (
    ELEVEN,
    average_precision,
    envelope,
    precision_and_recall,
)
from aml4d_utils.topics.detection_metrics.padilla import solve

LESSON = "03_object_detection"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. intersection over union --------------------------------------------------------------


def _box(*corners: float) -> np.ndarray:
    return np.array(corners, dtype=float)


def _box_cases() -> list[Case]:
    rng = np.random.default_rng(3)
    pairs = np.sort(rng.uniform(-20, 40, (6, 2, 2, 2)), axis=2).reshape(6, 2, 4)
    return [
        Case("two boxes that overlap", (_box(0, 0, 10, 6), _box(4, 2, 12, 8))),
        Case("one inside the other", (_box(0, 0, 20, 10), _box(5, 2, 9, 8))),
        Case("the other inside the one", (_box(5, 2, 9, 8), _box(0, 0, 20, 10))),
        Case("the same box twice", (_box(3, 4, 9, 20), _box(3, 4, 9, 20))),
        Case("apart, side by side", (_box(0, 0, 5, 5), _box(8, 0, 13, 5))),
        Case("apart, one above the other", (_box(0, 0, 5, 5), _box(0, 9, 5, 14))),
        Case("apart in both directions", (_box(0, 0, 5, 5), _box(9, 9, 20, 20))),
        Case("they touch at an edge", (_box(0, 0, 5, 5), _box(5, 0, 10, 5))),
        Case("a box without area inside another", (_box(2, 2, 2, 6), _box(0, 0, 9, 9))),
        Case("two boxes without area", (_box(2, 2, 2, 6), _box(2, 2, 2, 6))),
        Case("partly outside the photo", (_box(-10, -4, 6, 5), _box(-3, -8, 12, 2))),
        Case("less than a pixel wide", (_box(0, 0, 0.4, 0.5), _box(0.1, 0.1, 0.6, 0.3))),
        Case("whole numbers", (np.array([0, 0, 3, 2]), np.array([1, 1, 4, 5]))),
        *(Case(f"random boxes, no. {k + 1}", (one, two)) for k, (one, two) in enumerate(pairs)),
    ]


def _iou(one: np.ndarray, other: np.ndarray) -> float:
    return float(box_iou(np.array([one]), np.array([other]))[0, 0])


def _sides(box: Sequence[float]) -> tuple[float, float]:
    return box[2] - box[0], box[3] - box[1]


def _area(box: Sequence[float]) -> float:
    width, height = _sides(box)
    return width * height


def _common(one: np.ndarray, other: np.ndarray, clip: bool = True) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(0, width) * max(0, height) if clip else width * height


def _part(above: Callable, below: Callable) -> Callable[[np.ndarray, np.ndarray], float]:
    def value(one: np.ndarray, other: np.ndarray) -> float:
        bottom = below(one, other)
        return above(one, other) / bottom if bottom else 0.0

    return value


def _union(one: np.ndarray, other: np.ndarray) -> float:
    return _area(one) + _area(other) - _common(one, other)


def _unclipped(one: np.ndarray, other: np.ndarray) -> float:
    common = _common(one, other, clip=False)
    bottom = _area(one) + _area(other) - common
    return common / bottom if bottom > 0 else 0.0


def _around(one: np.ndarray, other: np.ndarray) -> float:
    return (max(one[2], other[2]) - min(one[0], other[0])) * (
        max(one[3], other[3]) - min(one[1], other[1])
    )


def _one_more(one: np.ndarray, other: np.ndarray) -> float:
    return _iou(*(np.asarray(box) + np.array([0, 0, 1, 1]) for box in (one, other)))


def _as_sizes(one: np.ndarray, other: np.ndarray) -> float:
    corners = [np.concatenate([box[:2], box[:2] + box[2:]]) for box in (one, other)]
    return _iou(*corners)


overlap = _exercise(
    "overlap",
    check_with=same_as(
        _iou,
        _box_cases(),
        [
            Mistake(
                _unclipped,
                "Boxes that lie apart get an area in common: where width or height is negative, "
                "take 0.",
            ),
            Mistake(_common, "You computed the area in common, but did not divide."),
            Mistake(
                _part(_union, _common),
                "Your fraction stands on its head: intersection over union.",
            ),
            Mistake(
                _part(_common, lambda a, b: _area(a) + _area(b)),
                "The area that both cover counts twice in your union. Take it off once.",
            ),
            Mistake(
                _part(lambda a, b: 2 * _common(a, b), lambda a, b: _area(a) + _area(b)),
                "That is the Dice coefficient. IoU divides by the area that at least one covers.",
            ),
            Mistake(
                _part(_common, lambda a, b: _area(a)),
                "You divided by the first box only. Divide by the area that at least one covers.",
            ),
            Mistake(
                _part(_common, lambda a, b: _area(b)),
                "You divided by the second box only. Divide by the area that at least one covers.",
            ),
            Mistake(
                _part(_common, lambda a, b: min(_area(a), _area(b))),
                "You divided by the smaller box. Divide by the area that at least one covers.",
            ),
            Mistake(
                _part(_common, lambda a, b: max(_area(a), _area(b))),
                "You divided by the larger box. Divide by the area that at least one covers.",
            ),
            Mistake(
                _part(_common, _around),
                "You divided by the rectangle around both. The union leaves its empty corners out.",
            ),
            Mistake(
                _one_more,
                "You counted whole pixels, x1 − x0 + 1. Here edges lie between pixels.",
            ),
            Mistake(
                _as_sizes,
                "You read a box as left, top, width, height. The last two are right and bottom.",
            ),
        ],
    ),
    hints=(
        "The common part is a rectangle too: its left edge is the larger of the two left edges, "
        "its right edge the smaller of the two right edges.",
        "width = min(right edges) − max(left edges), height likewise; if one is negative there is "
        "nothing in common. The union is both areas minus the common one.",
    ),
)


# --- 2. non-maximum suppression --------------------------------------------------------------


def _suppression_case(name: str, boxes: object, scores: object, limit: float) -> Case:
    boxes = np.array(boxes, dtype=float).reshape(-1, 4)
    return Case(name, (box_iou(boxes, boxes), np.array(scores, dtype=float), limit))


def _suppression_cases() -> list[Case]:
    rng = np.random.default_rng(8)
    row = [(x, 0, x + 10, 10) for x in (0, 4, 8)]
    corner = rng.uniform(0, 30, (20, 2))
    many = np.concatenate([corner, corner + rng.uniform(8, 20, (20, 2))], axis=1)
    exact = [(0, 0, 10, 10), (0, 0, 10, 5)]
    return [
        _suppression_case("three boxes in a row", row, [0.9, 0.8, 0.7], 0.4),
        _suppression_case("the middle one is surest", row, [0.7, 0.9, 0.8], 0.4),
        _suppression_case("the surest stands last", row, [0.2, 0.5, 0.9], 0.4),
        _suppression_case("boxes that lie apart", [(0, 0, 5, 5), (9, 9, 12, 12)], [0.3, 0.6], 0.5),
        _suppression_case("an overlap of exactly the limit", exact, [0.9, 0.8], 0.5),
        _suppression_case("equal scores", [*row, (1, 0, 11, 10)], [0.5, 0.5, 0.5, 0.5], 0.3),
        _suppression_case("equal scores behind a surer one", row, [0.4, 0.4, 0.6], 0.2),
        _suppression_case("limit 0", row, [0.6, 0.7, 0.5], 0.0),
        _suppression_case("limit 1: nothing goes", [*row, row[0]], [0.6, 0.7, 0.5, 0.4], 1.0),
        _suppression_case("no box at all", [], [], 0.5),
        _suppression_case("a single box", [(2, 2, 5, 9)], [0.1], 0.5),
        _suppression_case("scores beyond 0 to 1", row, [-1.0, 3.0, 0.0], 0.4),
        _suppression_case("twenty boxes", many, rng.random(20), 0.3),
        _suppression_case("twenty boxes, a low limit", many, rng.random(20), 0.1),
    ]


def _order(scores: np.ndarray) -> np.ndarray:
    return np.argsort(-scores, kind="stable")


def _kept(overlaps: np.ndarray, scores: np.ndarray, limit: float) -> np.ndarray:
    kept: list[int] = []
    for number in _order(scores):
        if all(overlaps[number, other] <= limit for other in kept):
            kept.append(int(number))
    return np.array(kept, dtype=int)


def _dropped_ones_drop(overlaps: np.ndarray, scores: np.ndarray, limit: float) -> np.ndarray:
    order = _order(scores)
    stays = [
        number
        for place, number in enumerate(order)
        if all(overlaps[number, surer] <= limit for surer in order[:place])
    ]
    return np.array(stays, dtype=int)


def _in_given_order(overlaps: np.ndarray, scores: np.ndarray, limit: float) -> np.ndarray:
    return _kept(overlaps, -np.arange(len(scores), dtype=float), limit)


def _places(overlaps: np.ndarray, scores: np.ndarray, limit: float) -> np.ndarray:
    place = np.empty(len(scores), dtype=int)
    place[_order(scores)] = np.arange(len(scores))
    return place[_kept(overlaps, scores, limit)]


_SUPPRESSION_MISTAKES = (
    Mistake(
        _dropped_ones_drop,
        "A box that has gone itself drops another one in yours. Only boxes that stay do.",
    ),
    Mistake(
        lambda o, s, limit: _kept(o, s, limit - 1e-12),
        "An overlap of exactly the limit is not more than the limit.",
    ),
    Mistake(
        lambda o, s, limit: _kept(o, -s, limit),
        "You begin with the least sure box. Begin with the surest.",
    ),
    Mistake(
        _in_given_order,
        "You go through the boxes in the order given. Begin with the surest.",
    ),
    Mistake(
        lambda o, s, limit: np.sort(_kept(o, s, limit)),
        "The right boxes, but in the order of their numbers. The surest comes first.",
    ),
    Mistake(
        lambda o, s, limit: _kept(o, s, limit)[::-1],
        "The right boxes, but the least sure comes first.",
    ),
    Mistake(
        lambda o, s, limit: s[_kept(o, s, limit)],
        "You returned the scores. Return the numbers of the boxes.",
    ),
    Mistake(
        _places,
        "You returned places in the sorted order. Return the boxes' own numbers.",
    ),
    Mistake(lambda o, s, limit: _kept(o, s, limit)[:1], "Only the surest box is left."),
    Mistake(lambda o, s, limit: _order(s), "You sorted the boxes, but none of them goes."),
    Mistake(
        lambda o, s, limit: _kept(o, s, 0.5),
        "Your limit is always 0.5. Use the limit that the function is given.",
    ),
    Mistake(
        lambda o, s, limit: len(s) - 1 - _kept(o[::-1, ::-1], s[::-1], limit),
        "Of equal scores, the box with the smaller number stands first. "
        'np.argsort(-scores, kind="stable") keeps it so.',
    ),
    Mistake(
        lambda o, s, limit: _kept(1 - o, s, limit),
        "Your comparison is turned round: boxes that overlap little go in yours.",
    ),
)


suppress = _exercise(
    "suppress",
    check_with=same_as(_kept, _suppression_cases(), _SUPPRESSION_MISTAKES),
    hints=(
        "Go through the boxes from the surest down and keep a list. A box joins it when it "
        "overlaps no box of the list by more than the limit.",
        'np.argsort(-scores, kind="stable") gives the order. For each box: all(overlaps[box, '
        "other] <= limit for other in kept).",
    ),
)


# --- 3. average precision --------------------------------------------------------------------


def _hit_cases() -> list[Case]:
    rng = np.random.default_rng(5)
    example = solve("every point").judged

    def case(name: str, hits: object, truths: int) -> Case:
        return Case(name, (np.array(hits, dtype=bool), truths))

    return [
        case("three boxes, two things", [True, False, True], 2),
        case("one thing is never found", [True, False, True], 4),
        case("every box finds something, all are found", [True] * 5, 5),
        case("no box finds anything", [False] * 4, 3),
        case("no box at all", [], 3),
        case("the only hit comes last", [False, False, False, True], 1),
        case("false alarms at the end", [True, True, False, False, False], 2),
        case("a tooth that is filled in", [False, True, True, True, False, True], 6),
        case("the published example", example.hits, example.truths),
        *(
            case(f"random boxes, no. {k + 1}", rng.random(n) < share, truths)
            for k, (n, share, truths) in enumerate([(30, 0.6, 25), (12, 0.3, 9), (50, 0.2, 40)])
        ),
    ]


def _every_point(hits: np.ndarray, truths: int) -> float:
    return average_precision(hits, truths).value


def _without_envelope(hits: np.ndarray, truths: int) -> float:
    precision, _ = precision_and_recall(hits, truths)
    return float(precision[hits].sum() / truths)


def _over(divisor: Callable[[np.ndarray, int], float]) -> Callable[[np.ndarray, int], float]:
    return lambda hits, truths: _every_point(hits, truths) * truths / max(1, divisor(hits, truths))


def _from_the_left(hits: np.ndarray, truths: int) -> float:
    precision, _ = precision_and_recall(hits, truths)
    return float(np.maximum.accumulate(precision)[hits].sum() / truths)


def _of_all_boxes(hits: np.ndarray, truths: int) -> float:
    precision, _ = precision_and_recall(hits, truths)
    return float(envelope(precision).sum() / truths)


def _trapezoids(hits: np.ndarray, truths: int) -> float:
    precision, recall = precision_and_recall(hits, truths)
    if not len(hits):
        return 0.0
    best = envelope(precision)
    heights = np.concatenate([best[:1], best])
    widths = np.diff(np.concatenate([[0.0], recall]))
    return float(((heights[1:] + heights[:-1]) / 2 * widths).sum())


def _final(which: int) -> Callable[[np.ndarray, int], float]:
    def value(hits: np.ndarray, truths: int) -> float:
        curve = precision_and_recall(hits, truths)[which]
        return float(curve[-1]) if len(curve) else 0.0

    return value


average_precision_of = _exercise(
    "average_precision_of",
    check_with=same_as(
        _every_point,
        _hit_cases(),
        [
            Mistake(
                _without_envelope,
                "You took the precision at each hit. Take the best precision from there on.",
            ),
            Mistake(
                _from_the_left,
                "You took the best precision up to there. Take the best from there on.",
            ),
            Mistake(
                _over(lambda hits, truths: hits.sum()),
                "You divided by the things that are found. Things that are missed must count "
                "against the detector: divide by truths.",
            ),
            Mistake(
                _over(lambda hits, truths: len(hits)),
                "You divided by the number of boxes. Divide by truths.",
            ),
            Mistake(
                _of_all_boxes,
                "You added up false alarms too. Add up at the boxes that find something.",
            ),
            Mistake(
                lambda hits, truths: average_precision(hits, truths, ELEVEN).value,
                "That is the mean at 11 recalls. Asked for is every point: one term for each hit.",
            ),
            Mistake(
                _trapezoids,
                "You joined the points by slanted lines. Precision stays level up to each hit.",
            ),
            Mistake(_final(0), "That is the precision of all boxes together, one point only."),
            Mistake(_final(1), "That is the recall of all boxes together, one point only."),
        ],
    ),
    hints=(
        "First the precision after each box: hits so far, divided by boxes so far. np.cumsum "
        "counts the hits.",
        "At a hit in place k the best precision from there on is precision[k:].max(). Add these "
        "up and divide by truths.",
    ),
)


# --- 4. the promise --------------------------------------------------------------------------

Counts = dict[int, tuple[int, int]]


def _promise_case(name: str, counts: Counts, least: float) -> DecisionCase:
    truth = {size: found / shown for size, (found, shown) in counts.items()}
    facts = {"least": least, "counts": counts}
    return DecisionCase(name, (list(counts), counts.__getitem__, least), truth, facts)


def _random_counts(seed: int) -> Counts:
    rng = np.random.default_rng(seed)
    sizes = rng.permutation([16, 24, 40, 64, 96, 150])
    counts = {}
    for size in sizes.tolist():
        shown = int(rng.integers(30, 80))
        counts[size] = (int(rng.binomial(shown, min(0.95, size / 110))), shown)
    return counts


@cache
def _promise_cases() -> tuple[DecisionCase, ...]:
    def rows() -> Iterator[DecisionCase]:
        smooth = {20: (4, 48), 36: (16, 48), 60: (30, 48), 96: (40, 48), 150: (44, 48)}
        yield _promise_case("it grows with the size", smooth, 0.6)
        dip = {20: (12, 40), 36: (31, 40), 60: (25, 40), 96: (32, 40), 150: (38, 40)}
        yield _promise_case("a dip between two good sizes", dip, 0.75)
        mixed = {size: dip[size] for size in (96, 20, 150, 60, 36)}
        yield _promise_case("the sizes in no order", mixed, 0.7)
        yield _promise_case("a recall of exactly the promise", smooth, 0.625)
        near = {24: (10, 40), 48: (119, 160), 80: (121, 160), 120: (39, 40)}
        yield _promise_case("the promise is no whole per cent", near, 0.755)
        low = {24: (10, 40), 48: (120, 160), 80: (121, 160), 120: (39, 40)}
        yield _promise_case("a little less than promised", low, 0.752)
        falls = {30: (20, 40), 60: (36, 40), 120: (34, 40), 200: (27, 40)}
        yield _promise_case("the largest size is not good enough", falls, 0.8)
        all_good = {30: (36, 40), 60: (39, 40), 120: (38, 40)}
        yield _promise_case("every size keeps the promise", all_good, 0.85)
        few = {20: (6, 8), 40: (45, 60), 80: (9, 10), 160: (57, 60)}
        yield _promise_case("few things were shown", few, 0.75)
        counted = {20: (30, 90), 40: (24, 30), 80: (20, 22), 160: (29, 30)}
        yield _promise_case("many shown, many missed", counted, 0.7)
        for seed, least in ((1, 0.5), (2, 0.4), (5, 0.65)):
            yield _promise_case(f"random counts, no. {seed}", _random_counts(seed), least)

    return tuple(rows())


def _holding(case: DecisionCase, good: Callable[[int], bool]) -> int | None:
    """Return the smallest size such that it and every larger one are good."""
    chosen = None
    for size in sorted(case.truth, reverse=True):
        if not good(size):
            break
        chosen = size
    return chosen


def _right_size(case: DecisionCase) -> list[int | None]:
    return [_holding(case, lambda size: case.truth[size] >= case.facts["least"])]


def _enough(case: DecisionCase) -> list[int]:
    return [size for size in case.truth if case.truth[size] >= case.facts["least"]]


def _by_lower_end(case: DecisionCase) -> int | None:
    def good(size: int) -> bool:
        return wilson(case.truth[size], case.facts["counts"][size][1])[0] >= case.facts["least"]

    return _holding(case, good)


def _by_rounded(rounding: Callable[[float], int]) -> Callable[[DecisionCase], int | None]:
    def choose(case: DecisionCase) -> int | None:
        least = rounding(100 * case.facts["least"])
        return _holding(case, lambda size: rounding(100 * case.truth[size]) >= least)

    return choose


_PROMISE_RIVALS = (
    Rival(
        lambda case: min(_enough(case), default=None),
        "You chose the smallest size that is good enough. A larger one is not: there the promise "
        "breaks.",
    ),
    Rival(
        lambda case: max(_enough(case), default=None),
        "You chose the largest size that is good enough. The promise holds for smaller ones too.",
    ),
    Rival(
        lambda case: max(case.truth, key=case.truth.get),
        "You chose the size with the best recall. Asked for is the smallest that keeps it.",
    ),
    Rival(
        lambda case: min(case.truth, key=lambda size: abs(case.truth[size] - case.facts["least"])),
        "You chose the recall that comes closest to the promise. Is it kept at every larger size?",
    ),
    Rival(
        lambda case: next(iter(_enough(case)), None),
        "You took the first size of the list that is good enough. The list need not be in order.",
    ),
    Rival(
        lambda case: _holding(case, lambda size: case.truth[size] > case.facts["least"]),
        "You asked for more than the promise. A recall of exactly the promise keeps it.",
    ),
    Rival(
        _by_lower_end,
        "You asked the lower end of the interval to keep the promise. That is careful, but asked "
        "for is the recall itself.",
    ),
    *(
        Rival(
            _by_rounded(rounding),
            "You compared whole per cents. Compare the numbers as you measured them.",
        )
        for rounding in (round, int)
    ),
    Rival(lambda case: max(case.truth), "You chose the largest size, whatever was measured."),
    Rival(lambda case: min(case.truth), "You chose the smallest size, whatever was measured."),
    Rival(lambda case: None, "You never promise anything. Some sizes are good enough."),
)


def _explain_size(choice: int | None, case: DecisionCase) -> str:
    right = _right_size(case)[0]
    if choice is None:
        return f"You promise nothing, but from {right} pixels on every recall is high enough."
    for size in sorted(case.truth):
        if size >= choice and case.truth[size] < case.facts["least"]:
            needed, given = told_apart(case.facts["least"], case.truth[size])
            return (
                f"By your own measurement {size} pixels have a recall of {given}, below the "
                f"{needed} of the promise; you promised from {choice} pixels on."
            )
    return f"{choice} pixels keep the promise, but so do {right}, and everything above."


def _only_found(value: np.ndarray, size: int, case: DecisionCase) -> str | None:
    if difference(value, case.facts["counts"][size][0]) is None:
        return f"For {size} pixels you noted how many were found. Divide by how many were shown."
    return None


def _turned_over(value: np.ndarray, size: int, case: DecisionCase) -> str | None:
    found, shown = case.facts["counts"][size]
    if found and difference(value, shown / found) is None:
        return f"For {size} pixels your quotient stands on its head: found divided by shown."
    return None


promise = _exercise(
    "promise",
    check_with=Decision(
        _promise_cases,
        parts=("recall",),
        choose=_right_size,
        explain=_explain_size,
        rivals=_PROMISE_RIVALS,
        misreadings=[_only_found, _turned_over],
        called="one of the sizes",
        show=lambda size: f"{size} pixels",
        besides=(None,),
    ),
    hints=(
        "Measure every size first: found, shown = measure(size), the recall is found / shown.",
        "Start at the largest size and go down, sorted(sizes, reverse=True). Stop at the first "
        "that is not good enough; the one before is your choice.",
    ),
)
