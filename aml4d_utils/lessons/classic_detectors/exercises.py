"""The exercises of the lesson on detectors before CNNs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np

from aml4d_utils import images
from aml4d_utils.checking import Case, Decision, DecisionCase, Exercise, Mistake, Rival, same_as
from aml4d_utils.checking.exercise import difference, told_apart
from aml4d_utils.topics.viola_jones.face_boosting import boost_faces, held_out_scores
from aml4d_utils.topics.viola_jones.integral import integral_image as fast_integral_image

LESSON = "06_classic_detectors"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. integral image -----------------------------------------------------------------------


def _integral_cases() -> list[Case]:
    rng = np.random.default_rng(6)
    return [
        Case("one pixel", (np.array([[5]]),)),
        Case("two rows, three columns", (np.array([[1, 2, 3], [4, 5, 6]]),)),
        Case("one row", (rng.integers(0, 9, (1, 6)),)),
        Case("one column", (rng.integers(0, 9, (5, 1)),)),
        Case("5 × 7 pixels of a photo", (rng.integers(0, 256, (5, 7), dtype=np.uint8),)),
        Case("real numbers, some below zero", (rng.normal(size=(6, 4)),)),
        Case("40 × 30 white pixels", (np.full((40, 30), 255, dtype=np.uint8),)),
        Case("a black image", (np.zeros((3, 5)),)),
        Case("whole numbers, some 0, some below", (rng.integers(-3, 4, (4, 9)),)),
        Case("70 × 90 real numbers", (rng.normal(size=(70, 90)),)),
    ]


def _table(image: np.ndarray) -> np.ndarray:
    result = np.zeros((image.shape[0] + 1, image.shape[1] + 1))
    for row, col in np.ndindex(result.shape):
        result[row, col] = np.sum(image[:row, :col], dtype=np.float64)
    return result


def _bordered(inner: np.ndarray) -> np.ndarray:
    return np.pad(inner.astype(np.float64), ((1, 0), (1, 0)))


integral_image = _exercise(
    "integral_image",
    check_with=same_as(
        _table,
        _integral_cases(),
        [
            Mistake(
                lambda image: _table(image)[1:, 1:],
                "The first row and column of zeros are missing: without them the rectangles at the "
                "edge have no corners.",
            ),
            Mistake(
                lambda image: _table(image)[:-1, :-1],
                "The last row and column are missing: the table is one larger than the image.",
            ),
            Mistake(
                lambda image: np.pad(_table(image)[1:, 1:], ((0, 1), (0, 1))),
                "Your zeros stand below and to the right. They belong above and to the left.",
            ),
            Mistake(
                lambda image: _bordered(image.cumsum(axis=1)),
                "You added up along the rows only; the rows above belong to the sum too.",
            ),
            Mistake(
                lambda image: _bordered(image.cumsum(axis=0)),
                "You added up along the columns only; the columns to the left belong to it too.",
            ),
            Mistake(
                lambda image: _bordered(image),
                "Your table holds the pixels, not the sums above and to the left of a place.",
            ),
            Mistake(
                lambda image: _table(image).astype(image.dtype),
                "The sums ran over: 8 bits hold nothing above 255. Start from np.zeros.",
            ),
            Mistake(
                lambda image: _table(image).astype(np.uint8),
                "The sums ran over: 8 bits hold nothing above 255. Start from np.zeros.",
            ),
            Mistake(
                lambda image: _bordered(image.cumsum().reshape(image.shape)),
                "Your sum runs on through all pixels before this one, also those to its right in "
                "the rows above.",
            ),
            Mistake(
                lambda image: _table(image).astype(int),
                "Your sums lost their decimals: make the table of real numbers.",
            ),
            Mistake(
                lambda image: _table(image) / max(1, image.size),
                "You divided by the number of pixels; the table holds sums.",
            ),
            Mistake(
                lambda image: np.maximum(_table(image), 0),
                "Your sums never fall below 0; with negative numbers they may.",
            ),
            Mistake(
                lambda image: _doubled(image),
                "What lies above left is counted twice: subtract it once.",
            ),
        ],
    ),
    hints=(
        "Begin with np.zeros((H + 1, W + 1)). Entry (row, col) is the sum of image[:row, :col].",
        "Faster: pixel + table above + table to the left − table above left. Or add up twice with "
        "np.cumsum, once along each axis.",
    ),
)


def _doubled(image: np.ndarray) -> np.ndarray:
    table = np.zeros((image.shape[0] + 1, image.shape[1] + 1))
    for row, col in np.ndindex(image.shape):
        table[row + 1, col + 1] = image[row, col] + table[row, col + 1] + table[row + 1, col]
    return table


# --- 2. the sum of a rectangle ---------------------------------------------------------------


def _rectangle_cases() -> list[Case]:
    rng = np.random.default_rng(61)
    cases = [
        # Far from every edge: there a wrong place gives a number, and with it a diagnosis.
        Case(
            "2 × 3 pixels in the middle of a larger image",
            (fast_integral_image(rng.integers(1, 100, (9, 9))), 2, 3, 2, 3),
        ),
        Case("one pixel", (fast_integral_image(np.array([[7]])), 0, 0, 1, 1)),
        Case("the whole image", (fast_integral_image(np.arange(12).reshape(3, 4)), 0, 0, 3, 4)),
    ]
    for _ in range(10):
        image = rng.integers(1, 100, rng.integers(4, 12, 2))
        height, width = (int(rng.integers(1, side)) for side in image.shape)
        row = int(rng.integers(image.shape[0] - height + 1))
        col = int(rng.integers(image.shape[1] - width + 1))
        name = f"{height} × {width} pixels from row {row}, column {col}"
        cases.append(Case(name, (fast_integral_image(image), row, col, height, width)))
    image = rng.integers(-8, 9, (8, 11)) / 4
    return [
        *cases,
        Case("real numbers, some below zero", (fast_integral_image(image), 1, 1, 5, 7)),
        Case("the same place, image mirrored", (fast_integral_image(image[:, ::-1]), 1, 1, 5, 7)),
        Case("every pixel below zero", (fast_integral_image(-1 - np.abs(image)), 3, 2, 4, 6)),
        Case("whole numbers below zero", (fast_integral_image(np.full((5, 6), -2)), 1, 1, 3, 4)),
        Case("a black image", (fast_integral_image(np.zeros((5, 6))), 1, 2, 3, 2)),
        Case("one row of an image", (fast_integral_image(image[:1]), 0, 3, 1, 4)),
        Case("one column of an image", (fast_integral_image(image[:, :1]), 2, 0, 4, 1)),
        Case(
            "40 × 60 white pixels of a photo",
            (fast_integral_image(np.full((70, 90), 255)), 9, 20, 40, 60),
        ),
    ]


def _rectangle(table: np.ndarray, row: int, col: int, height: int, width: int) -> float:
    image = np.diff(np.diff(table, axis=0), axis=1)
    return image[row : row + height, col : col + width].sum()


box_sum = _exercise(
    "box_sum",
    check_with=same_as(
        _rectangle,
        _rectangle_cases(),
        [
            Mistake(
                lambda t, r, c, h, w: t[r + h, c + w] - t[r, c + w] - t[r + h, c],
                "You took the part above left away twice: add its corner again.",
            ),
            Mistake(
                lambda t, r, c, h, w: t[r + h, c + w] - t[r, c],
                "Two corners are not enough: subtract what lies above and what lies to the left.",
            ),
            Mistake(
                lambda t, r, c, h, w: t[r + h, c + w],
                "That is the sum from the image's corner. Take away what lies above and left.",
            ),
            Mistake(
                lambda t, r, c, h, w: t[r + h, c + w] - t[r, c + w] - t[r + h, c] - t[r, c],
                "The corner above left is added, not subtracted.",
            ),
            Mistake(
                lambda t, r, c, h, w: (
                    t[r + h - 1, c + w - 1] - t[r, c + w - 1] - t[r + h - 1, c] + t[r, c]
                ),
                "The last row and column are missing: entry (row + height) already stops before "
                "that row.",
            ),
            Mistake(
                lambda t, r, c, h, w: (
                    t[r + h - 1, c + w - 1]
                    - t[r - 1, c + w - 1]
                    - t[r + h - 1, c - 1]
                    + t[r - 1, c - 1]
                ),
                "All your places are one too small: this table has a first row and column of "
                "zeros, so take 1 nowhere.",
            ),
            Mistake(
                lambda t, r, c, h, w: (
                    t[r + h, c + w] - t[r - 1, c + w] - t[r + h, c - 1] + t[r - 1, c - 1]
                ),
                "You take away too little: what lies above ends at row, not at row − 1.",
            ),
            Mistake(
                lambda t, r, c, h, w: (
                    t[r + h + 1, c + w + 1] - t[r, c + w + 1] - t[r + h + 1, c] + t[r, c]
                ),
                "Your rectangle is one too large: the far corner is at row + height, col + width.",
            ),
            Mistake(
                lambda t, r, c, h, w: t[r + h, c + w] - t[r, c + w],
                "You took away what lies above. What lies to the left is still in the sum.",
            ),
            Mistake(
                lambda t, r, c, h, w: t[r + h, c + w] - t[r + h, c],
                "You took away what lies to the left. What lies above is still in the sum.",
            ),
            Mistake(
                lambda t, r, c, h, w: t[c + h, r + w] - t[c, r + w] - t[c + h, r] + t[c, r],
                "Rows and columns are exchanged: the first index of the table goes down.",
            ),
            Mistake(
                lambda t, r, c, h, w: t[r : r + h, c : c + w].sum(),
                "You added up the table. It holds sums already: four of its entries suffice.",
            ),
            Mistake(
                lambda t, r, c, h, w: t[h, w] - t[r, w] - t[h, c] + t[r, c],
                "height and width are sides: the far corner is at row + height, col + width.",
            ),
            Mistake(
                lambda t, r, c, h, w: t[r + w, c + h] - t[r, c + h] - t[r + w, c] + t[r, c],
                "Height goes with rows and width with columns; they are exchanged.",
            ),
            Mistake(
                lambda t, r, c, h, w: _rectangle(t, r, c, h, w) / (h * w),
                "That is the mean; asked for is the sum.",
            ),
            Mistake(lambda t, r, c, h, w: -_rectangle(t, r, c, h, w), "The signs are reversed."),
            Mistake(
                lambda t, r, c, h, w: abs(_rectangle(t, r, c, h, w)),
                "You dropped the sign: with negative numbers a sum may lie below 0.",
            ),
            Mistake(
                lambda t, r, c, h, w: max(0, _rectangle(t, r, c, h, w)),
                "Your sum never falls below 0; with negative numbers it may.",
            ),
            Mistake(
                lambda t, r, c, h, w: np.trunc(_rectangle(t, r, c, h, w)),
                "Your sum lost its decimals.",
            ),
        ],
    ),
    hints=(
        "Draw a rectangle inside a larger one that begins at the image's corner. What is too much?",
        "Bottom right − top right − bottom left + top left. The rows are row and row + height.",
    ),
)


# --- 3. cascade arithmetic -------------------------------------------------------------------


def _plan(detection: float, alarm: float, goal: float) -> tuple[float, float, float]:
    stages, left, kept = 0, 1.0, 1.0
    while left > goal:
        stages, left, kept = stages + 1, left * alarm, kept * detection
    return stages, kept, left


def _plan_cases() -> list[Case]:
    rng = np.random.default_rng(62)
    cases = [
        Case("99 % and 30 % a stage, goal 1 in 1,000", (0.99, 0.3, 1e-3)),
        Case("99 % and 50 % a stage, goal exactly 1 in 8", (0.99, 0.5, 0.125)),
        Case("99.5 % and 50 % a stage, goal 1 in a million", (0.995, 0.5, 1e-6)),
        Case("90 % and 40 % a stage, goal one half", (0.9, 0.4, 0.5)),
        Case("a goal that needs no stage", (0.95, 0.5, 1.0)),
        Case("a goal just missed by three stages", (0.99, 0.3, 0.02699)),
        Case("a goal just reached by three stages", (0.99, 0.3, 0.02701)),
        Case("stages that lose no face", (1.0, 0.6, 0.01)),
        Case("97 % of everything else passes a stage", (0.999, 0.97, 1e-4)),
        Case("the same rate for faces and for everything else", (0.5, 0.5, 0.1)),
    ]
    for _ in range(12):
        rates = (float(rng.uniform(0.8, 1)), float(rng.uniform(0.1, 0.7)))
        goal = float(10 ** rng.uniform(-6, -1))
        cases.append(Case(f"{rates[0]:.3f}, {rates[1]:.3f}, goal {goal:.2g}", (*rates, goal)))
    return cases


def _planned_with(stages_of):
    def plan(detection: float, alarm: float, goal: float) -> tuple[float, float, float]:
        stages = stages_of(_plan(detection, alarm, goal)[0])
        return stages, detection**stages, alarm**stages

    return plan


def _at_most(most: int, detection: float, alarm: float, goal: float) -> tuple[float, float, float]:
    return _planned_with(lambda stages: min(stages, most))(detection, alarm, goal)


def _also_at_the_goal(detection: float, alarm: float, goal: float) -> tuple[float, float, float]:
    stages, left, kept = 0, 1.0, 1.0
    while left >= goal:
        stages, left, kept = stages + 1, left * alarm, kept * detection
    return stages, kept, left


def _planned_with_logarithm(rounded):
    def plan(detection: float, alarm: float, goal: float) -> tuple[float, float, float]:
        stages = rounded(np.log(goal) / np.log(alarm))
        return stages, detection**stages, alarm**stages

    return plan


cascade_plan = _exercise(
    "cascade_plan",
    check_with=same_as(
        _plan,
        _plan_cases(),
        [
            Mistake(
                lambda d, a, goal: (_plan(d, a, goal)[0], d, _plan(d, a, goal)[2]),
                "Faces get lost at every stage too: multiply the detection rate as well.",
            ),
            Mistake(
                lambda d, a, goal: (_plan(d, a, goal)[0], d * _plan(d, a, goal)[0], a),
                "Rates multiply from stage to stage; you multiplied by the number of stages.",
            ),
            Mistake(
                lambda d, a, goal: (*_plan(d, a, goal)[:2], a),
                "You returned the false alarms of one stage; asked for are those of all together.",
            ),
            Mistake(
                lambda d, a, goal: (
                    _plan(d, a, goal)[0],
                    1 - (1 - d) ** _plan(d, a, goal)[0],
                    _plan(d, a, goal)[2],
                ),
                "That is the chance to pass at least one stage. A face must pass all of them.",
            ),
            Mistake(
                lambda d, a, goal: tuple(np.take(_plan(d, a, goal), [0, 2, 1])),
                "The order is: stages, detection rate, false alarm rate.",
            ),
            Mistake(
                _also_at_the_goal,
                "Exactly the goal is enough: go on only while the rate is above it, > and not >=. "
                "With logarithms: round up, do not round down and add 1.",
            ),
            Mistake(
                _planned_with_logarithm(np.floor),
                "You round down: then the goal is not reached yet. Round up.",
            ),
            Mistake(
                _planned_with_logarithm(np.round),
                "You round to the nearest number: sometimes that is one stage too few. Round up.",
            ),
            Mistake(
                _planned_with(lambda stages: max(1, stages)),
                "Where the goal allows everything, no stage at all is needed.",
            ),
            Mistake(
                lambda d, a, goal: (_plan(d, a, goal)[0] + 1, *_plan(d, a, goal)[1:]),
                "You count one stage too many: begin with 0 stages.",
            ),
            Mistake(
                lambda d, a, goal: (
                    _plan(d, a, goal)[0],
                    1 - _plan(d, a, goal)[1],
                    _plan(d, a, goal)[2],
                ),
                "That is the share of the faces that is lost. Asked for is what is left.",
            ),
            Mistake(
                _planned_with(lambda stages: max(0, stages - 1)),
                "One stage too few: the goal is not reached yet.",
            ),
            Mistake(
                _planned_with(lambda stages: stages + 1),
                "One stage too many: the goal was already reached.",
            ),
            Mistake(
                lambda d, a, goal: _planned_with(lambda stages: np.log(goal) / np.log(a))(
                    d, a, goal
                ),
                "There is no part of a stage: round up to a whole number.",
            ),
            *(
                Mistake(
                    partial(_at_most, most),
                    f"You stop after {most} stages, whether the goal is reached or not. A while "
                    "loop goes on as long as it takes.",
                )
                for most in (10, 20, 25, 30, 50, 100, 200)
            ),
            Mistake(
                lambda d, a, goal: (
                    _plan(d, a, goal)[0],
                    1 - _plan(d, a, goal)[0] * (1 - d),
                    _plan(d, a, goal)[2],
                ),
                "Each stage loses a share of those that are still left: multiply, do not subtract.",
            ),
            Mistake(
                lambda d, a, goal: (*_plan(d, a, goal)[:2], goal),
                "You returned the goal. Asked for is what is really left, which may be less.",
            ),
            Mistake(
                lambda d, a, goal: _plan(a, d, goal),
                "The first number is the detection rate, the second the false alarm rate.",
            ),
        ],
        tolerance=2e-7,
    ),
    hints=(
        "A window must pass every stage. With two stages of 30 %, 0.3 × 0.3 = 9 % of the false "
        "alarms are left.",
        "Begin with 0 stages and a rate of 1. While the rate is above the goal, add a stage and "
        "multiply both rates.",
    ),
)


# --- 4. spring cost --------------------------------------------------------------------------

Spring = tuple[float, float, float, float]


def _pulled(matches: np.ndarray, anchor: tuple[int, int], spring: Spring) -> np.ndarray:
    scores = np.zeros(matches.shape)
    for row, col in np.ndindex(matches.shape):
        down, right = row - anchor[0], col - anchor[1]
        cost = spring[0] * down + spring[1] * right + spring[2] * down**2 + spring[3] * right**2
        scores[row, col] = matches[row, col] - cost
    return scores


def _spring_cases() -> list[Case]:
    rng = np.random.default_rng(63)
    even = (0.0, 0.0, 0.1, 0.1)
    cases = [
        Case("all matches equal, anchor in the middle", (np.ones((3, 3)), (1, 1), even)),
        Case("a good match two places away", (np.eye(3), (0, 0), even)),
        Case(
            "anchor not in the middle, stiff downwards", (np.zeros((4, 5)), (1, 3), (0, 0, 1, 0.1))
        ),
        Case("a spring that pulls to one side", (np.zeros((3, 4)), (2, 1), (0.5, -0.25, 0.1, 0.1))),
    ]
    wide = (rng.normal(size=(9, 14)), (8, 1))
    cases += [
        Case("whole numbers", (np.array([[3, -2, 0], [0, 5, 5]]), (0, 2), (0.25, -0.5, 0.1, 0.3))),
        Case("whole numbers for the spring too", (np.eye(2, 4, dtype=int), (1, 0), (1, -2, 3, 1))),
        Case("one place", (np.array([[-1.5]]), (0, 0), (0.5, 0.5, 0.1, 0.1))),
        Case("one row", (np.zeros((1, 6)), (0, 4), (0.3, 0.2, 0.5, 0.1))),
        Case("a spring that costs nothing", (*wide, (0, 0, 0, 0))),
        Case("9 × 14 places, anchor near a corner", (*wide, (0.4, -0.3, 0.05, 0.2))),
    ]
    for _ in range(6):
        shape = tuple(int(n) for n in rng.integers(3, 8, 2))
        anchor = tuple(int(rng.integers(side)) for side in shape)
        spring = (*rng.normal(0, 0.3, 2).tolist(), *rng.uniform(0.01, 0.5, 2).tolist())
        name = f"{shape[0]} × {shape[1]} places, anchor {anchor}"
        cases.append(Case(name, (rng.normal(size=shape), anchor, spring)))
    return cases


def _only(keep: tuple[int, int, int, int]):
    return lambda matches, anchor, spring: _pulled(
        matches, anchor, tuple(k * s for k, s in zip(keep, spring, strict=True))
    )


spring_scores = _exercise(
    "spring_scores",
    check_with=same_as(
        _pulled,
        _spring_cases(),
        [
            Mistake(
                lambda m, a, s: 2 * m - _pulled(m, a, s),
                "You added the cost. A stretched spring takes from the score.",
            ),
            Mistake(
                lambda m, a, s: m - _pulled(m, a, s),
                "That is the cost alone; asked for is match − cost.",
            ),
            Mistake(
                lambda m, a, s: _pulled(m, a, s) - m,
                "That is the cost with a minus; the match is missing.",
            ),
            Mistake(
                _only((0, 0, 1, 1)),
                "The linear part is missing: linear × displacement, with its sign.",
            ),
            Mistake(_only((1, 1, 0, 0)), "The quadratic part is missing: × displacement squared."),
            Mistake(
                lambda m, a, s: _pulled(m, a, (s[1], s[0], s[3], s[2])),
                "Down goes with rows and right with columns; they are exchanged.",
            ),
            Mistake(
                lambda m, a, s: _pulled(m, a, (s[2], s[3], s[0], s[1])),
                "The order is: linear down, linear right, quadratic down, quadratic right.",
            ),
            Mistake(
                lambda m, a, s: _pulled(m, a, (-s[0], -s[1], s[2], s[3])),
                "The displacement is place − anchor, not anchor − place.",
            ),
            Mistake(
                lambda m, a, s: _pulled(m, (0, 0), s),
                "The anchor is missing: measure the displacement from it.",
            ),
            Mistake(
                lambda m, a, s: _pulled(m, (a[1], a[0]), s),
                "anchor is (row, column): rows go with its first number, columns with its second.",
            ),
            Mistake(
                lambda m, a, s: _pulled(m, a, (-s[0], s[1], s[2], s[3])),
                "Down is row − anchor row, not anchor row − row.",
            ),
            Mistake(
                lambda m, a, s: _pulled(m, a, (s[0], -s[1], s[2], s[3])),
                "Right is column − anchor column, not anchor column − column.",
            ),
            Mistake(
                lambda m, a, s: m - np.maximum(m - _pulled(m, a, s), 0),
                "Your cost never falls below 0. With a linear part it may: the spring then pushes.",
            ),
            Mistake(
                lambda m, a, s: _pulled(m, a, s).astype(m.dtype),
                "Your scores lost their decimals: make their grid with np.zeros(matches.shape).",
            ),
            Mistake(
                lambda m, a, s: _absolute(m, a, s),
                "The linear part keeps its sign: up and down differ.",
            ),
            Mistake(
                lambda m, a, s: np.asarray(_pulled(m, a, s).max()),
                "That is the best score only; return the score of every place.",
            ),
        ],
    ),
    hints=(
        "For each place: down = row − anchor row, right = column − anchor column. Both may be "
        "below 0.",
        "cost = linear_down · down + linear_right · right + quadratic_down · down² + "
        "quadratic_right · right². Return matches − cost.",
    ),
)


def _absolute(matches: np.ndarray, anchor: tuple[int, int], spring: Spring) -> np.ndarray:
    down, right = (np.abs(np.arange(n) - a) for n, a in zip(matches.shape, anchor, strict=True))
    cost = (spring[0] * down + spring[2] * down**2)[:, None] + spring[1] * right
    return matches - cost - spring[3] * right**2


# --- 5. a design decision --------------------------------------------------------------------

Scores = tuple[list[float], list[float]]

PRODUCTS = {
    "a camera that focuses on faces": 0.2,
    "a doorbell that rings when it sees a face": 0.05,
    "a turnstile that opens for a face": 0.0,
}
"""Each product, and the share of false alarms that it can bear."""

THRESHOLDS = (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6)


@cache
def measured_scores() -> Scores:
    """Return the scores of held-out faces and of held-out other pictures, from 3 features.

    A score is at least 0 where the boosted features call the picture a face.
    """
    for state in boost_faces(images.faces(), 3, step=2):
        last = state
    return tuple(scores.round(3).tolist() for scores in held_out_scores(last, images.faces()))


def rates(face_scores: list[float], other_scores: list[float], threshold: float) -> Scores:
    """Return which share of the faces is found, and which share of the others is a false alarm.

    A picture counts as a face when its score is at least the threshold.
    """
    found, alarms = (
        float((np.asarray(scores) >= threshold).mean()) for scores in (face_scores, other_scores)
    )
    return found, alarms


def _decision_cases() -> list[DecisionCase]:
    faces, others = measured_scores()
    cases = [
        ("scores that equal a threshold", [0.2, 0.2, 0.6], [0.0, 0.2], (0.0, 0.2, 0.4), 0.5),
        ("exactly as many false alarms as allowed", [0.5, 0.1], [0.3, -0.2], (0.0, 0.3, 0.4), 0.5),
        ("no threshold is good enough", [0.5, 0.1], [0.9, -0.2], (0.0, 0.3, 0.4), 0.2),
    ]
    cases += [(name, faces, others, THRESHOLDS, most) for name, most in PRODUCTS.items()]
    cases.append(("the camera, other pictures", faces[::-1], [-s for s in faces], THRESHOLDS, 0.25))
    # Of 300 faces, one is a third of a per cent: 256 and 255 found are both 85 % of them.
    many = np.repeat([0.5, 0.3, 0.1, -0.1], [160, 95, 1, 44]).tolist()
    crowd = np.repeat([0.35, 0.2, 0.05, -0.5], [6, 2, 8, 284]).tolist()
    steps = (0.25, 0.0, 0.4, 0.15)
    cases += [
        ("one face of 300 more", many, crowd, steps, 0.06),
        ("one false alarm of 300 too many", many, crowd, steps, 0.051),
        ("a false alarm less than one per cent too many", many, crowd, steps, 0.026),
        ("a limit that whole per cents cannot tell", many, crowd, steps, 0.0267),
    ]
    rng = np.random.default_rng(64)
    for number in range(1, 9):
        drawn = [np.round(rng.normal(mean, 0.4, 12), 1).tolist() for mean in (0.3, -0.3)]
        thresholds = tuple(rng.permutation(np.arange(-8, 10, 2) / 10).tolist())
        most = float(rng.choice([0.0, 0.1, 0.25, 0.5]))
        cases.append((f"other scores, no. {number}", *drawn, thresholds, most))
    return [
        DecisionCase(
            name,
            (faces, others, thresholds, most),
            {threshold: rates(faces, others, threshold) for threshold in thresholds},
            {"faces": faces, "others": others, "most": most},
        )
        for name, faces, others, thresholds, most in cases
    ]


def _right_thresholds(case: DecisionCase) -> list[float | None]:
    fitting = {t: found for t, (found, alarms) in case.truth.items() if alarms <= _most(case)}
    return [t for t, found in fitting.items() if found == max(fitting.values())] or [None]


def _most(case: DecisionCase) -> float:
    return case.facts["most"]


def _explain_threshold(choice: float | None, case: DecisionCase) -> str:
    most, right = _most(case), _right_thresholds(case)[0]
    limit = f"{100 * most:.4g} %"
    if choice is None:
        return f"You chose nothing, although threshold {right:g} keeps the limit."
    if right is None:
        return (
            f"No threshold keeps the limit of {limit} false alarms: choose None: do not build it "
            "with this detector."
        )
    (found, alarms), (best, at_best) = case.truth[choice], case.truth[right]
    if alarms > most:
        given, borne = told_apart(100 * alarms, 100 * most)
        return (
            f"By your own measurement threshold {choice:g} gives {given} % false alarms; the "
            f"product bears {borne} %."
        )
    more, fewer = told_apart(100 * best, 100 * found)
    if at_best == most:
        return (
            f"Threshold {right:g} keeps the limit too, with exactly {limit} false alarms, and it "
            f"finds {more} % of the faces instead of {fewer} %."
        )
    return (
        f"Threshold {choice:g} keeps the limit, but by your own measurement {right:g} does too, "
        f"and it finds {more} % of the faces instead of {fewer} %."
    )


def _taking(best: Callable[..., float], keep: Callable[..., bool] | None = None) -> Callable:
    """Return what the largest ``best(found, alarms, threshold)`` of those kept would choose."""

    def choose(case: DecisionCase) -> float | None:
        most = _most(case)
        kept = [
            t
            for t, (found, alarms) in case.truth.items()
            if (alarms <= most if keep is None else keep(found, alarms, most))
        ]
        return max(kept, key=lambda t: best(*case.truth[t], t), default=None)

    return choose


def _found(found: float, alarms: float, threshold: float) -> float:
    return found


def _until_worse(case: DecisionCase) -> float | None:
    best = None
    for threshold, (found, alarms) in case.truth.items():
        if alarms > _most(case):
            continue
        if best is not None and found <= case.truth[best][0]:
            break
        best = threshold
    return best


_RIVALS = (
    Rival(
        _taking(_found, lambda found, alarms, most: alarms < most),
        "Exactly as many false alarms as the product bears are allowed: use <=, not <.",
    ),
    Rival(
        _taking(_found, lambda found, alarms, most: round(alarms, 2) <= most),
        "You compare false alarms in whole per cents. Compare the shares as they are.",
    ),
    Rival(
        _taking(_found, lambda found, alarms, most: int(100 * alarms) <= int(100 * most)),
        "You compare false alarms in whole per cents. Compare the shares as they are.",
    ),
    Rival(
        _taking(lambda found, alarms, t: round(found, 2)),
        "You compare the faces found in whole per cents. Compare the shares as they are.",
    ),
    Rival(
        _taking(_found, lambda found, alarms, most: True),
        "You took the most faces of all. Look only at thresholds that keep the limit.",
    ),
    Rival(
        _taking(lambda found, alarms, t: found - alarms),
        "You weighed faces against false alarms. Within the limit, only the faces count.",
    ),
    Rival(
        _taking(lambda found, alarms, t: -alarms),
        "You took the fewest false alarms. Within the limit, only the faces count.",
    ),
    Rival(
        _taking(lambda found, alarms, t: t),
        "You took the highest threshold within the limit. A lower one finds more faces.",
    ),
    Rival(
        lambda case: next((t for t, pair in case.truth.items() if pair[1] <= _most(case)), None),
        "You took the first threshold that keeps the limit. Go through all of them.",
    ),
    Rival(
        _until_worse,
        "You stopped at the first threshold that is no better. They are in no order: go on.",
    ),
    Rival(
        _taking(_found, lambda found, alarms, most: 1 - found <= most),
        "The limit is for false alarms, not for faces that are missed.",
    ),
    Rival(
        lambda case: None,
        "You always chose None. Where a threshold keeps the limit, choose one.",
    ),
)


def _misread(value: np.ndarray, threshold: float, case: DecisionCase) -> str | None:
    both = [np.asarray(case.facts[kind]) for kind in ("faces", "others")]
    pair, sizes = np.array(case.truth[threshold]), np.array([len(scores) for scores in both])
    above = [float((scores > threshold).mean()) for scores in both]
    for wrong, cause in (
        (above, "A score that equals the threshold counts as a face: use >=, not >."),
        (pair * sizes, "You counted the pictures. A share is the count divided by how many."),
        (pair * 100, "Those are per cent. Give shares from 0 to 1."),
        (pair * sizes / sizes.sum(), "Divide the faces by the faces, the others by the others."),
        (1 - pair, "You counted the scores below the threshold: a face has at least as much."),
    ):
        if difference(value, wrong) is None:
            return cause
    return None


choose_threshold = _exercise(
    "choose_threshold",
    check_with=Decision(
        _decision_cases,
        parts=("faces found", "false alarms"),
        choose=_right_thresholds,
        explain=_explain_threshold,
        rivals=_RIVALS,
        misreadings=(_misread,),
        called="one of the thresholds",
        show=lambda threshold: f"threshold {threshold:g}",
        besides=(None,),
    ),
    hints=(
        "Measure first: for each threshold, which share of face_scores is at least as high, and "
        "which share of other_scores?",
        "Keep the thresholds whose false alarms do not exceed most_false. Of those, choose the one "
        "that finds the most faces.",
    ),
)
