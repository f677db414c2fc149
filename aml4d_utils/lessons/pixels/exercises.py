"""The exercises of the pixels lesson."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache, partial

import numpy as np

from aml4d_utils import images
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
from aml4d_utils.checking.forbidding import without
from aml4d_utils.topics.pixels import raw_linear
from aml4d_utils.topics.pixels.distances import shrinking

LESSON = "04_pixels_and_dimensions"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)

_READY_MADE = ("reshape", "ravel", "flatten")
_BY_HAND = "Say yourself which place each pixel gets."


# --- 1. flatten ------------------------------------------------------------------------------


def _flatten(image: np.ndarray) -> np.ndarray:
    return np.array([value for row in image for value in row])


def _pictures() -> list[Case]:
    rng = np.random.default_rng(4)
    return [
        Case("2 × 3 pixels", (np.array([[1.0, 2, 3], [4, 5, 6]]),)),
        Case("one pixel", (np.array([[7.0]]),)),
        Case("4 × 2 pixels", (rng.integers(0, 256, (4, 2)).astype(float),)),
        Case("5 × 5 pixels", (rng.random((5, 5)),)),
        Case("3 × 8 pixels", (rng.random((3, 8)),)),
        Case("1 × 6 pixels", (rng.random((1, 6)),)),
        Case("6 × 1 pixels", (rng.random((6, 1)),)),
        Case("a black picture of 3 × 2 pixels", (np.zeros((3, 2)),)),
        Case(
            "equal values, zeros and negative ones",
            (np.array([[0.5, 0, -1], [0.5, 0.5, 0], [-1, 0, 0.5], [2, -0.25, 2]]),),
        ),
        Case("whole numbers, 4 × 3 pixels", (np.arange(12).reshape(4, 3) % 5,)),
    ]


def _wrong_place(image: np.ndarray) -> np.ndarray:
    height, width = image.shape
    row_of = np.zeros(height * width)
    for row in range(height):
        for col in range(width):
            row_of[row * height + col] = image[row, col]
    return row_of


flatten_picture = _exercise(
    "flatten_picture",
    check_with=without(
        _READY_MADE,
        same_as(
            _flatten,
            _pictures(),
            [
                Mistake(
                    lambda image: _flatten(image.T),
                    "You went down the columns. Lay the rows end to end.",
                ),
                Mistake(
                    lambda image: np.array(image),
                    "The picture is still a picture: the result must be one row of numbers.",
                ),
                Mistake(lambda image: _flatten(image)[::-1], "The row runs backwards."),
                Mistake(
                    lambda image: _flatten(image[::-1]),
                    "You began with the last row of the picture; begin with the first.",
                ),
                Mistake(
                    lambda image: _flatten(image[:, ::-1]),
                    "Each row of the picture runs backwards.",
                ),
                Mistake(
                    lambda image: np.trunc(_flatten(image)),
                    "The values lost their decimals: your result holds whole numbers only.",
                ),
                Mistake(
                    lambda image: _flatten(image)[:-1],
                    "The last number is missing: a range ends one too early.",
                ),
                Mistake(
                    lambda image: np.array([row.mean() for row in image]),
                    "You kept one number of each row. Every pixel keeps its own.",
                ),
                Mistake(
                    lambda image: np.sort(_flatten(image)),
                    "You sorted the numbers: then nobody can find a pixel again.",
                ),
                Mistake(
                    _wrong_place,
                    "A new row starts after width numbers, not after height.",
                ),
            ],
        ),
        _BY_HAND,
    ),
    hints=(
        "How many numbers come before the pixel in row 2, column 0? Two whole rows of the picture.",
        "The pixel in (row, col) gets the place row * width + col. Two loops visit all pixels.",
    ),
)


# --- 2. unflatten ----------------------------------------------------------------------------


def _unflatten(numbers: np.ndarray, height: int, width: int) -> np.ndarray:
    return np.array([[numbers[row * width + col] for col in range(width)] for row in range(height)])


def _rows() -> list[Case]:
    rng = np.random.default_rng(5)
    sizes = ((2, 3), (1, 1), (4, 2), (3, 3), (3, 7), (1, 5), (6, 1))
    mixed = np.array([0.5, 0, -1, 0.5, 0.5, 0, -1, 0, 0.5, 2, -0.25, 2])
    return [
        *(
            Case(f"{h * w} numbers, {h} × {w} pixels", (rng.random(h * w) * 9, h, w))
            for h, w in sizes
        ),
        Case("6 zeros, 3 × 2 pixels", (np.zeros(6), 3, 2)),
        Case("equal values, zeros and negative ones, 4 × 3 pixels", (mixed, 4, 3)),
        Case("whole numbers, 2 × 6 pixels", (np.arange(12) % 5, 2, 6)),
    ]


def _transposed(numbers: np.ndarray, height: int, width: int) -> np.ndarray:
    return _unflatten(numbers, width, height).T


def _times_height(numbers: np.ndarray, height: int, width: int) -> np.ndarray:
    return np.array(
        [[numbers[row * height + col] for col in range(width)] for row in range(height)]
    )


unflatten_row = _exercise(
    "unflatten_row",
    check_with=without(
        _READY_MADE,
        same_as(
            _unflatten,
            _rows(),
            [
                Mistake(
                    lambda numbers, height, width: _unflatten(numbers, width, height),
                    "Height and width are exchanged: the first is the number of rows.",
                ),
                Mistake(
                    _transposed,
                    "You filled the picture column by column. The row holds it row by row.",
                ),
                Mistake(
                    lambda numbers, height, width: numbers,
                    "It is still one row of numbers. Cut it into rows of the picture.",
                ),
                Mistake(
                    lambda numbers, height, width: _unflatten(numbers, height, width)[::-1],
                    "The picture stands on its head: the first numbers are its first row.",
                ),
                Mistake(
                    lambda numbers, height, width: _unflatten(numbers, height, width)[:, ::-1],
                    "Each row of the picture runs backwards.",
                ),
                Mistake(
                    lambda numbers, height, width: np.trunc(_unflatten(numbers, height, width)),
                    "The values lost their decimals: your result holds whole numbers only.",
                ),
                Mistake(
                    lambda numbers, height, width: np.tile(numbers[:width], (height, 1)),
                    "Every row of your picture is the first one: move on by width each time.",
                ),
                Mistake(
                    _times_height,
                    "A row of the picture begins after width numbers, not after height.",
                ),
                Mistake(
                    lambda numbers, height, width: np.zeros((height, width)),
                    "The picture is black: were the numbers put into it?",
                ),
            ],
        ),
        _BY_HAND,
    ),
    hints=(
        "Make an empty picture with np.zeros((height, width)). Which number belongs in row 1, "
        "column 0?",
        "The number at place p belongs in row p // width, column p % width.",
    ),
)


# --- 3. parameters ---------------------------------------------------------------------------


def _parameters(shape: tuple[int, int, int], hidden: list[int], classes: int) -> int:
    total, before = 0, math.prod(shape)
    for after in [*hidden, classes]:
        total += before * after + after
        before = after
    return total


def _without_bias(shape: tuple[int, int, int], hidden: list[int], classes: int) -> int:
    sizes = [math.prod(shape), *hidden, classes]
    return sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))


def _bias_of_inputs(shape: tuple[int, int, int], hidden: list[int], classes: int) -> int:
    sizes = [math.prod(shape), *hidden, classes]
    return sum(a * b + a for a, b in zip(sizes, sizes[1:], strict=False))


def _one_bias(shape: tuple[int, int, int], hidden: list[int], classes: int) -> int:
    return _without_bias(shape, hidden, classes) + len(hidden) + 1


def _always_from_pixels(shape: tuple[int, int, int], hidden: list[int], classes: int) -> int:
    return sum(math.prod(shape) * n + n for n in [*hidden, classes])


def _other_networks(count: int) -> list[Case]:
    rng = np.random.default_rng(6)
    cases = []
    for layers in range(count):
        shape = (int(rng.integers(2, 40)), int(rng.integers(2, 40)), int(rng.choice([1, 3, 4])))
        hidden = [int(n) for n in rng.integers(2, 60, layers)]
        classes = int(rng.integers(2, 20))
        cases.append(Case(f"{shape}, hidden {hidden}, {classes} classes", (shape, hidden, classes)))
    return cases


count_parameters = _exercise(
    "count_parameters",
    check_with=same_as(
        _parameters,
        [
            Case("28 × 28 grey, no hidden layer, 10 classes", ((28, 28, 1), [], 10)),
            Case("32 × 32 in colour, no hidden layer, 2 classes", ((32, 32, 3), [], 2)),
            Case("28 × 28 grey, 64 hidden, 10 classes", ((28, 28, 1), [64], 10)),
            Case("768 × 1024 in colour, 100 hidden, 10 classes", ((768, 1024, 3), [100], 10)),
            Case("2 × 3 grey, hidden 4 and 5, 6 classes", ((2, 3, 1), [4, 5], 6)),
            Case(
                "28 × 28 grey, three hidden layers of 64, 10 classes", ((28, 28, 1), [64] * 3, 10)
            ),
            Case("5 × 4 grey, one neuron in the middle", ((5, 4, 1), [6, 1, 6], 3)),
            Case("3000 × 4000 in colour, 1000 hidden", ((3000, 4000, 3), [1000], 10)),
            *_other_networks(9),
        ],
        [
            Mistake(_without_bias, "The biases are missing: each neuron has one, besides weights."),
            Mistake(
                lambda shape, hidden, classes: _parameters((*shape[:2], 1), hidden, classes),
                "A pixel in colour is three numbers: multiply height, width and channels.",
            ),
            Mistake(
                lambda shape, hidden, classes: _parameters(shape, hidden, 10),
                "Your network always has 10 classes. Use the number that the function is given.",
            ),
            Mistake(
                lambda shape, hidden, classes: _parameters(shape, hidden[:1], classes),
                "You stop after the first hidden layer. Go through all of them.",
            ),
            Mistake(
                lambda shape, hidden, classes: _parameters(
                    (shape[0], *shape[::2]), hidden, classes
                ),
                "You multiplied the height by itself: pictures need not be square.",
            ),
            Mistake(
                lambda shape, hidden, classes: _parameters(shape, [], classes),
                "The hidden layers are missing: numbers go through them before the classes.",
            ),
            Mistake(
                lambda shape, hidden, classes: (
                    _parameters(shape, hidden[:-1], hidden[-1]) if hidden else 0
                ),
                "The last layer is missing: from the last hidden neurons to the classes.",
            ),
            Mistake(
                _bias_of_inputs, "A bias belongs to each neuron of a layer, not to its inputs."
            ),
            Mistake(_one_bias, "Each neuron has a bias of its own, not each layer."),
            Mistake(
                _always_from_pixels,
                "Only the first layer sees the pixels; each later one sees the layer before it.",
            ),
            Mistake(
                lambda shape, hidden, classes: sum([math.prod(shape), *hidden, classes]),
                "You added the layers' sizes. Every input has a weight to every neuron: multiply.",
            ),
            Mistake(
                lambda shape, hidden, classes: _parameters((sum(shape), 1, 1), hidden, classes),
                "Height, width and channels multiply; you added them.",
            ),
        ],
        tolerance=0,
    ),
    hints=(
        "A layer with a inputs and b neurons has a · b weights and b biases. How many inputs does "
        "the first layer have?",
        "Go through [*hidden, classes]. Remember how many numbers the last layer gave; begin with "
        "height · width · channels.",
    ),
)


# --- 4. concentration ------------------------------------------------------------------------


def _contrast(points: np.ndarray, query: np.ndarray) -> float:
    distances = [
        math.sqrt(sum((a - b) ** 2 for a, b in zip(p, query, strict=True))) for p in points
    ]
    return (max(distances) - min(distances)) / min(distances)


def _distances(points: np.ndarray, query: np.ndarray) -> np.ndarray:
    return np.sqrt(((points - query) ** 2).sum(axis=1))


def _of(formula: Callable[[np.ndarray], float]) -> Callable[[np.ndarray, np.ndarray], float]:
    return lambda points, query: formula(_distances(points, query))


def _clouds() -> list[Case]:
    rng = np.random.default_rng(8)
    cases = [
        Case(
            "three points in a plane, distances 5, 10 and 13",
            (np.array([[3.0, 4], [6, 8], [5, 12]]), np.zeros(2)),
        ),
        Case("two points on a line", (np.array([[1.0], [-3.0]]), np.array([0.0]))),
        Case("whole numbers", (np.array([[2, 2], [0, -3], [4, 5]]), np.array([1, 0]))),
        Case("points all equally far away", (np.eye(4) * 3, np.zeros(4))),
        Case("a single point", (np.array([[3.0, -4.0]]), np.array([1.0, 2.0]))),
        Case(
            "as many points as numbers, some negative",
            (rng.normal(size=(5, 5)) * 3, np.array([-2.0, 1, 0, 4, -1])),
        ),
        Case(
            "negative and far away",
            (np.array([[-800.0, 800], [800, -790], [0, -801]]), np.array([790.0, -5])),
        ),
    ]
    for d in (2, 3, 30, 50, 784):
        cases.append(Case(f"50 random points of {d} numbers", (rng.random((50, d)), rng.random(d))))
    return cases


relative_contrast = _exercise(
    "relative_contrast",
    check_with=same_as(
        _contrast,
        _clouds(),
        [
            Mistake(
                _of(lambda d: (d.max() - d.min()) / d.max()),
                "Divide by the nearest distance, not by the farthest.",
            ),
            Mistake(_of(lambda d: d.max() - d.min()), "Not divided yet: by the nearest distance."),
            Mistake(
                _of(lambda d: (d[-1] - d[0]) / d[0]),
                "You took the last and the first point. Take the farthest and the nearest.",
            ),
            Mistake(
                _of(lambda d: (d.max() - d.min()) / np.median(d)),
                "Divide by the nearest distance, not by the median.",
            ),
            Mistake(
                _of(lambda d: 100 * (d.max() - d.min()) / d.min()),
                "Those are per cent. Leave the quotient as it is.",
            ),
            Mistake(
                lambda points, query: (lambda d: (d.max() - d.min()) / d.min())(
                    np.abs(points - query).max(axis=1)
                ),
                "You took the largest difference of each point. Square all, add, take the root.",
            ),
            Mistake(
                _of(lambda d: d.max() / d.min()),
                "That is farthest over nearest. Take the nearest off the farthest first.",
            ),
            Mistake(
                _of(lambda d: (d.max() - d.min()) / d.mean()),
                "Divide by the nearest distance, not by the mean.",
            ),
            Mistake(
                lambda points, query: (lambda d: (d.max() - d.min()) / d.min())(
                    _distances(points, query) ** 2
                ),
                "The square root is missing: you compare squared distances.",
            ),
            Mistake(
                lambda points, query: (lambda d: (d.max() - d.min()) / d.min())(
                    np.abs(points - query).sum(axis=1)
                ),
                "You added the differences as they are. Square them, add, and take the root.",
            ),
            Mistake(
                lambda points, query: (lambda d: (d.max() - d.min()) / d.min())(
                    _distances(points, 0 * query)
                ),
                "You measured from the origin. Measure from the query.",
            ),
            Mistake(
                _of(lambda d: (d.min() - d.max()) / d.min()),
                "The sign is wrong: farthest minus nearest.",
            ),
            Mistake(
                lambda points, query: (lambda d: (d.max() - d.min()) / d.min())(
                    np.sqrt(((points - query) ** 2).sum(axis=0))
                ),
                "You added over the points. Add over the numbers of one point (axis=1).",
            ),
        ],
    ),
    hints=(
        "The distance of one point: the differences to the query, squared, added up, square root. "
        "np.sum(…, axis=1) adds for each point on its own.",
        "With all distances in d, the answer is (d.max() - d.min()) / d.min().",
    ),
)


# --- 5. a design decision --------------------------------------------------------------------

SIDES = (2, 3, 4, 5, 7, 10, 14, 20, 28)
LEARNED_FROM = 500
_TESTED = 3000


@cache
def _pictures_and_labels() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    data = images.fashion_mnist()
    flat = data.train_images[:LEARNED_FROM].reshape(LEARNED_FROM, -1) / 255
    held_out = data.test_images[:_TESTED].reshape(_TESTED, -1) / 255
    return (
        flat,
        data.train_labels[:LEARNED_FROM],
        held_out,
        data.test_labels[:_TESTED],
    )


@cache
def accuracy_at(side: int) -> float:
    """Return the held-out accuracy of a linear classifier on side × side pixels.

    It learns from 500 garments and is tested on 3,000 others.

    Examples
    --------
    >>> accuracy_at(2) < accuracy_at(14)
    True
    """
    train, labels, test, truth = _pictures_and_labels()
    small = shrinking(side)
    return raw_linear.fit(train @ small, labels).accuracy(test @ small, truth)


def _case(name: str, goal: float, truth: Mapping[int, float]) -> DecisionCase:
    return DecisionCase(name, (goal, list(truth), truth.__getitem__), truth, {"goal": goal})


def _other_tables(count: int) -> list[DecisionCase]:
    rng = np.random.default_rng(9)
    cases = []
    for number in range(1, count + 1):
        sides = [int(s) for s in rng.choice(np.arange(2, 40), 6, replace=False)]
        truth = {side: round(float(rng.uniform(0.4, 0.9)), 3) for side in sides}
        goal = sorted(truth.values())[3]
        cases.append(_case(f"six other resolutions, no. {number}", goal, truth))
    return cases


@cache
def _resolution_cases() -> tuple[DecisionCase, ...]:
    garments = {side: accuracy_at(side) for side in SIDES}
    goals = {"60 %": 0.6, "70 %": 0.7, "73 %": 0.73}
    real = [
        DecisionCase(
            f"garments, at least {words} right",
            (goal, list(SIDES), accuracy_at),
            garments,
            {"goal": goal},
        )
        for words, goal in goals.items()
    ]
    return (
        *real,
        _case("no resolution is good enough", 0.95, {4: 0.5, 8: 0.7, 16: 0.9}),
        _case("exactly as good as asked", 0.75, {32: 0.8, 16: 0.75, 8: 0.7, 4: 0.6}),
        _case(
            "the largest picture is too large for its few examples",
            0.7,
            {4: 0.6, 8: 0.72, 16: 0.74, 32: 0.69},
        ),
        _case("a little less than asked", 0.7, {9: 0.703, 6: 0.6961, 12: 0.69, 15: 0.72}),
        _case("the goal is no whole per cent", 0.738, {8: 0.739, 5: 0.7312, 3: 0.7335, 11: 0.7377}),
        _case("sizes that differ by little", 0.7, {20: 0.71, 24: 0.9, 21: 0.83, 19: 0.65}),
        *_other_tables(6),
    )


def _fitting(case: DecisionCase) -> list[int]:
    return [side for side, share in case.truth.items() if share >= case.facts["goal"]]


def _smallest(sides: Iterable[int]) -> int | None:
    return min(sides, default=None)


def _of_fitting(key: Callable[[DecisionCase, int], float]) -> Callable[[DecisionCase], int | None]:
    return lambda case: max(_fitting(case), key=lambda side: key(case, side), default=None)


def _larger_ones_too(case: DecisionCase) -> int | None:
    fitting = _fitting(case)
    return _smallest(s for s in fitting if all(o in fitting for o in case.truth if o > s))


_RESOLUTION_RIVALS = (
    Rival(
        _of_fitting(lambda case, side: case.truth[side]),
        "You chose the most accurate side. Smaller ones are good enough, and they are cheaper.",
    ),
    Rival(
        _of_fitting(lambda case, side: side),
        "You chose the largest side that is good enough. The smallest one is cheaper.",
    ),
    Rival(
        lambda case: next(iter(_fitting(case)), None),
        "You took the first side of the list that is good enough. Which one is the smallest?",
    ),
    Rival(
        lambda case: next(iter(_fitting(case)[::-1]), None),
        "You took the last side of the list that is good enough. Which one is the smallest?",
    ),
    Rival(
        _of_fitting(lambda case, side: -case.truth[side]),
        "You took the side that comes closest to the goal. All that reach it are good enough: "
        "which one is the smallest?",
    ),
    Rival(
        _of_fitting(lambda case, side: case.truth[side] / side),
        "You took the most accuracy for each pixel of the side. Asked is the smallest side that "
        "is good enough.",
    ),
    Rival(
        lambda case: _smallest(s for s, a in case.truth.items() if a > case.facts["goal"]),
        "You took sides that reach more than the goal. Exactly the goal is enough.",
    ),
    Rival(
        lambda case: _smallest(
            s for s, a in case.truth.items() if round(100 * a) >= round(100 * case.facts["goal"])
        ),
        "You compared whole per cents. Compare the numbers as accuracy_at gives them.",
    ),
    Rival(
        lambda case: _smallest(
            s for s, a in case.truth.items() if int(100 * a) >= int(100 * case.facts["goal"])
        ),
        "You compared whole per cents. Compare the numbers as accuracy_at gives them.",
    ),
    Rival(
        _larger_ones_too,
        "You asked all larger sides to be good enough too. One that is good enough will do.",
    ),
    Rival(
        lambda case: _smallest(_fitting(case)) or max(case.truth),
        "Where no side reaches the goal, the honest choice is None.",
    ),
)


def _explain_resolution(choice: int | None, case: DecisionCase) -> str:
    goal, fitting = case.facts["goal"], _fitting(case)
    if choice is None:
        return f"You chose nothing, although {min(fitting)} pixels reach {goal:.3g}."
    if not fitting:
        return (
            f"No resolution reaches {goal:.3g} by your own measurement, so the honest choice is "
            f"None, not {choice}."
        )
    if choice not in fitting:
        asked, reached = told_apart(goal, case.truth[choice])
        return (
            f"By your own measurement {choice} pixels reach {reached}, less than the {asked} that "
            "is asked."
        )
    return (
        f"{choice} pixels are good enough, but by your own measurement {min(fitting)} are too, and "
        "they are cheaper."
    )


def _in_per_cent(value: np.ndarray, side: Hashable, case: DecisionCase) -> str | None:
    if difference(value, 100 * case.truth[side], 1e-3) is None:
        return "Keep the accuracy as accuracy_at gives it, between 0 and 1."
    return None


choose_resolution = _exercise(
    "choose_resolution",
    check_with=Decision(
        _resolution_cases,
        parts=("accuracy",),
        choose=lambda case: [_smallest(_fitting(case))],
        explain=_explain_resolution,
        rivals=_RESOLUTION_RIVALS,
        misreadings=[_in_per_cent],
        called="one of the sides",
        show=lambda side: f"{side} pixels",
        besides=[None],
        tolerance=1e-4,
    ),
    hints=(
        "Call accuracy_at(side) for every side and keep the results in a dictionary. Which sides "
        "reach the goal?",
        "Of the sides that reach the goal, take the smallest with min(…). If there is none, return "
        "None for it.",
    ),
)
