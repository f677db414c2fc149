"""The exercises of the lesson on why vision is hard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np

from aml4d_utils.checking import Case, Decision, DecisionCase, Exercise, Mistake, Rival, same_as
from aml4d_utils.checking.exercise import told_apart
from aml4d_utils.measuring.intervals import Z_95, wilson

LESSON = "02_why_vision_is_hard"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. occlusion ----------------------------------------------------------------------------


def _occluded(picture: np.ndarray, share: float, grey: float) -> np.ndarray:
    result = np.array(picture, dtype=np.float64)
    width = result.shape[1]
    for column in range(width - round(share * width), width):
        result[:, column] = grey
    return result


def _occlusion_cases() -> list[Case]:
    rng = np.random.default_rng(2)
    return [
        Case("half of a small photo", (rng.random((4, 6, 3)), 0.5, 0.5)),
        Case("a third of a grey picture", (rng.random((5, 9)), 1 / 3, 0.25)),
        Case("a wide photo, 30 %", (rng.random((3, 10, 3)), 0.3, 0.5)),
        Case("a high photo, 40 %", (rng.random((12, 5, 3)), 0.4, 0.8)),
        Case("nothing is hidden", (rng.random((3, 4, 3)), 0.0, 0.5)),
        Case("so little that it is no column", (rng.random((3, 4, 3)), 0.05, 0.5)),
        Case("everything is hidden", (rng.random((3, 4, 3)), 1.0, 0.5)),
        Case("0.28 of 25 columns are 7", (rng.random((2, 25)), 0.28, 0.5)),
        Case("60 % of 13 columns, rounded to 8", (rng.random((2, 13, 3)), 0.6, 0.1)),
        Case("a picture of whole numbers", (np.array([[1, 0, 1, 0], [0, 1, 1, 0]]), 0.5, 0.5)),
        Case("negative numbers too", (rng.normal(size=(3, 8, 2)), 0.25, -0.5)),
    ]


def _hidden_where(place: Callable[[np.ndarray, int], tuple]) -> Callable[..., np.ndarray]:
    def value(picture: np.ndarray, share: float, grey: float) -> np.ndarray:
        result = np.array(picture, dtype=np.float64)
        result[place(result, round(share * result.shape[1]))] = grey
        return result

    return value


def _rows_below(picture: np.ndarray, share: float, grey: float) -> np.ndarray:
    result = np.array(picture, dtype=np.float64)
    height = result.shape[0]
    result[height - round(share * height) :] = grey
    return result


def _kept_type(picture: np.ndarray, share: float, grey: float) -> np.ndarray:
    result = picture.copy()
    result[:, picture.shape[1] - round(share * picture.shape[1]) :] = grey
    return result


def _rounded_down(picture: np.ndarray, share: float, grey: float) -> np.ndarray:
    result = np.array(picture, dtype=np.float64)
    result[:, result.shape[1] - int(share * result.shape[1]) :] = grey
    return result


occlude = _exercise(
    "occlude",
    check_with=same_as(
        _occluded,
        _occlusion_cases(),
        [
            Mistake(
                _hidden_where(lambda p, n: (slice(None), slice(0, n))),
                "Your board comes from the left. Hide the columns at the right end.",
            ),
            Mistake(
                _hidden_where(lambda p, n: (slice(None), slice(-n, None))),
                "With 0 columns to hide, [-0:] means all of them. Count from the left instead: "
                "where does the board begin?",
            ),
            Mistake(
                _hidden_where(lambda p, n: (slice(None), slice(n, None))),
                "You kept the share and hid the rest. The share says how much is hidden.",
            ),
            Mistake(_rows_below, "You hid rows at the bottom. Columns are the second axis."),
            Mistake(
                _kept_type,
                "Your array keeps whole numbers, so the grey is cut off to one. Make a copy of "
                "floats first: picture.astype(float).",
            ),
            Mistake(
                _rounded_down,
                "You rounded down. Take the nearest whole number of columns: round(…).",
            ),
            Mistake(
                lambda picture, share, grey: _occluded(picture, share, 0.0),
                "Your board is black. Give it the brightness grey.",
            ),
            Mistake(
                lambda picture, share, grey: np.array(
                    picture[:, : picture.shape[1] - round(share * picture.shape[1])], float
                ),
                "You cut the columns off. The picture keeps its size; a board hides them.",
            ),
            Mistake(
                lambda picture, share, grey: np.array(picture, float),
                "Nothing is hidden in your result.",
            ),
        ],
    ),
    hints=(
        "How many columns are hidden, as a whole number? In which column does the board begin?",
        "result = picture.astype(float) is a copy that can hold any grey; then "
        "result[:, start:] = grey, where start is the width minus the hidden columns.",
    ),
)


# --- 2. a robustness curve -------------------------------------------------------------------


def _curve(right: np.ndarray) -> np.ndarray:
    rows = []
    for answers in right:
        share = sum(bool(answer) for answer in answers) / len(answers)
        low, high = wilson(share, len(answers))
        rows.append((low, share, high))
    return np.array(rows)


def _curve_cases() -> list[Case]:
    rng = np.random.default_rng(5)
    falling = rng.random((6, 12)) < np.linspace(1, 0, 6)[:, None]
    return [
        Case("3 strengths, 4 pictures", (np.array([[1, 1, 1, 0], [1, 0, 1, 0], [0] * 4]) == 1,)),
        Case("all are right, then none", (np.array([[True] * 7, [False] * 7]),)),
        Case("6 strengths, 12 pictures", (falling,)),
        Case("more strengths than pictures", (rng.random((9, 3)) < 0.5,)),
        Case("one strength", (rng.random((1, 20)) < 0.7,)),
        Case("one picture", (np.array([[True], [False]]),)),
        Case("as many strengths as pictures", (rng.random((5, 5)) < 0.4,)),
        Case("200 pictures", (rng.random((2, 200)) < 0.9,)),
        Case("zeros and ones instead of True and False", ((rng.random((3, 8)) < 0.5).astype(int),)),
    ]


def _normal_interval(right: np.ndarray) -> np.ndarray:
    share = right.mean(axis=1)
    half = Z_95 * np.sqrt(share * (1 - share) / right.shape[1])
    return np.stack([share - half, share, share + half], axis=1)


robustness_curve = _exercise(
    "robustness_curve",
    check_with=same_as(
        _curve,
        _curve_cases(),
        [
            Mistake(
                lambda right: _curve(right.T),
                "You went along the wrong axis: one row of right is one strength, its columns are "
                "pictures.",
            ),
            Mistake(
                lambda right: np.array([(*wilson(s, right.size), s) for s in right.mean(1)])[
                    :, [0, 2, 1]
                ],
                "The count of the interval is too large: at each strength there are as many "
                "examples as pictures.",
            ),
            Mistake(
                lambda right: np.array([(*wilson(s, len(right)), s) for s in right.mean(1)])[
                    :, [0, 2, 1]
                ],
                "You took the number of strengths as the count. Each share was measured on the "
                "pictures.",
            ),
            Mistake(
                _normal_interval,
                "That interval is the share ± 1.96 standard errors: it says ± 0 where all are "
                "right. Use wilson.",
            ),
            Mistake(
                lambda right: _curve(right)[:, [1, 0, 2]],
                "The order of each row is low, share, high.",
            ),
            Mistake(
                lambda right: _curve(right)[:, [2, 1, 0]],
                "The order of each row is low, share, high.",
            ),
            Mistake(
                lambda right: _curve(right).T,
                "Rows and columns are exchanged: one row for each strength.",
            ),
            Mistake(
                lambda right: 1 - _curve(right)[:, ::-1],
                "You counted the wrong answers. The curve shows the right ones.",
            ),
            Mistake(lambda right: _curve(right)[:, 1], "The intervals are missing."),
            Mistake(
                lambda right: 100 * _curve(right),
                "You returned per cents. Return shares from 0 to 1.",
            ),
        ],
    ),
    hints=(
        "Go through the rows of right. The share is the mean of a row; how many examples was it "
        "measured on?",
        "low, high = wilson(row.mean(), len(row)) for each row; collect (low, share, high) in a "
        "list and make it an array.",
    ),
)


# --- 3. transfer -----------------------------------------------------------------------------


def _fooled_too(right_first: np.ndarray, right_other: np.ndarray, weights: np.ndarray) -> float:
    fooled = both = 0.0
    for place in np.ndindex(weights.shape):
        if not right_first[place]:
            fooled += weights[place]
            if not right_other[place]:
                both += weights[place]
    return both / fooled if fooled else 0.0


def _transfer_cases() -> list[Case]:
    rng = np.random.default_rng(8)
    even = np.full((2, 4), 0.125)
    first = np.array([[1, 0, 0, 1], [0, 1, 0, 1]]) == 1
    other = np.array([[1, 0, 1, 0], [0, 1, 1, 1]]) == 1

    def table(shape: tuple[int, int], share: float) -> np.ndarray:
        return rng.random(shape) < share

    def uneven(shape: tuple[int, int]) -> np.ndarray:
        return rng.random(shape) ** 3

    return [
        Case("eight poses that count alike", (first, other, even)),
        Case("poses that count differently", (first, other, uneven((2, 4)))),
        Case("7 × 13 poses", (table((7, 13), 0.6), table((7, 13), 0.4), uneven((7, 13)))),
        Case("3 × 5 poses", (table((3, 5), 0.3), table((3, 5), 0.8), uneven((3, 5)))),
        Case("no pose fools the first", (np.ones((2, 4), bool), other, even)),
        Case("no pose fools the other", (first, np.ones((2, 4), bool), even)),
        Case("every pose fools both", (np.zeros((2, 4), bool), np.zeros((2, 4), bool), even)),
        Case("the same network twice", (first, first.copy(), uneven((2, 4)))),
        Case("weights of whole numbers", (first, other, np.arange(1, 9).reshape(2, 4))),
    ]


def _weighed(
    above: Callable[[np.ndarray, np.ndarray], np.ndarray],
    below: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> Callable[..., float]:
    def value(first: np.ndarray, other: np.ndarray, weights: np.ndarray) -> float:
        bottom = float((weights * below(~first, ~other)).sum())
        return float((weights * above(~first, ~other)).sum()) / bottom if bottom else 0.0

    return value


def _counted(first: np.ndarray, other: np.ndarray, weights: np.ndarray) -> float:
    return _fooled_too(first, other, np.ones(weights.shape))


transfer = _exercise(
    "transfer",
    check_with=same_as(
        _fooled_too,
        _transfer_cases(),
        [
            Mistake(
                _counted,
                "You counted poses. Near the poles they are narrow: add up their weights.",
            ),
            Mistake(
                _weighed(lambda a, b: a & b, lambda a, b: a | a | True),
                "You divided by all poses. Of the poses *that fool the first network* a share is "
                "asked for.",
            ),
            Mistake(
                _weighed(lambda a, b: a & b, lambda a, b: b),
                "You divided by the poses that fool the other network. Start from the first.",
            ),
            Mistake(
                _weighed(lambda a, b: a & b, lambda a, b: a | b),
                "You divided by the poses that fool at least one. Start from those that fool the "
                "first.",
            ),
            Mistake(
                _weighed(lambda a, b: ~a & ~b, lambda a, b: ~a),
                "You looked at the poses that are read rightly. The tables say where a network is "
                "right; it is fooled where they say False.",
            ),
            Mistake(
                _weighed(lambda a, b: a & ~b, lambda a, b: a),
                "That is the share that does not transfer: one minus it.",
            ),
            Mistake(
                lambda a, b, w: float((w * (~a & ~b)).sum()),
                "You added up the weights of the poses that fool both, but did not divide.",
            ),
        ],
    ),
    hints=(
        "Two sums of weights are enough: over the poses that fool the first network, and over "
        "those that fool both.",
        "~right is True where a network is fooled. (weights * (~first & ~other)).sum() is one of "
        "them. What if nothing fools the first?",
    ),
)


# --- 4. a product ----------------------------------------------------------------------------


Measure = Callable[[str], np.ndarray]
_NAMES = ("viewpoint", "scale", "deformation", "occlusion", "illumination", "clutter", "variation")


def harm_of(shares: np.ndarray, frequency: float) -> float:
    """Return how much recognition a challenge costs a product.

    Parameters
    ----------
    shares : ndarray (N,)
        Share that is recognised, untouched first, then at rising strengths.
    frequency : float in [0, 1]
        How often the product meets the challenge.

    Examples
    --------
    >>> round(harm_of(np.array([0.9, 0.7, 0.3]), 0.5), 3)
    0.2
    """
    return float(frequency * (shares[0] - shares[1:].mean()))


def _product_case(
    name: str, frequency: dict[str, float], curves: dict[str, np.ndarray]
) -> DecisionCase:
    truth = {each: harm_of(curves[each], frequency[each]) for each in frequency}
    measure = partial(_looked_up, {each: values.tolist() for each, values in curves.items()})
    facts = {"frequency": frequency, "curves": curves}
    return DecisionCase(name, (frequency, measure), truth, facts)


def _looked_up(curves: dict[str, list[float]], name: str) -> np.ndarray:
    return np.array(curves[name])


def _random_products() -> Iterator[DecisionCase]:
    for number, seed in enumerate((1, 4, 9, 16, 25, 36)):
        rng = np.random.default_rng(seed)
        frequency = {name: round(float(rng.uniform(0.05, 1)), 2) for name in _NAMES}
        curves = {}
        for name in _NAMES:
            start = rng.uniform(0.6, 0.95)
            steps = int(rng.integers(2, 6))
            curves[name] = np.concatenate(
                [[start], start * (1 - np.sort(rng.uniform(0, 1, steps)) * rng.uniform(0.2, 1))]
            )
        yield _product_case(f"seven challenges, no. {number + 1}", frequency, curves)


def _products() -> Iterator[DecisionCase]:
    yield _product_case(
        "a drill in a box: lying any way round",
        {"viewpoint": 0.9, "occlusion": 0.5, "illumination": 0.2},
        {
            "viewpoint": np.array([0.9, 0.7, 0.5]),
            "occlusion": np.array([0.9, 0.5, 0.1]),
            "illumination": np.array([0.9, 0.3, 0.0]),
        },
    )
    yield _product_case(
        "a challenge that helps",
        {"scale": 0.6, "clutter": 0.9},
        {"scale": np.array([0.7, 0.6, 0.5]), "clutter": np.array([0.5, 0.55, 0.6])},
    )
    yield _product_case(
        "hard from the start, and no harder",
        {"clutter": 0.5, "scale": 0.5, "deformation": 0.9},
        {
            "clutter": np.array([0.3, 0.3, 0.25, 0.25]),
            "scale": np.array([0.9, 0.8, 0.5, 0.4]),
            "deformation": np.array([0.9, 0.9, 0.85, 0.7]),
        },
    )
    yield _product_case(
        "the end is worse than the way",
        {"occlusion": 0.5, "viewpoint": 0.5},
        {
            "occlusion": np.array([0.8, 0.8, 0.75, 0.0]),
            "viewpoint": np.array([0.8, 0.4, 0.4, 0.35]),
        },
    )


@cache
def _product_cases() -> tuple[DecisionCase, ...]:
    return (*_products(), *_random_products())


def _worst(case: DecisionCase) -> list[str]:
    most = max(case.truth.values())
    return [name for name, harm in case.truth.items() if harm == most]


def _by(key: Callable[[np.ndarray, float], float]) -> Callable[[DecisionCase], str]:
    def choose(case: DecisionCase) -> str:
        frequency, curves = case.facts["frequency"], case.facts["curves"]
        return max(frequency, key=lambda name: key(curves[name], frequency[name]))

    return choose


def _explain_product(choice: str, case: DecisionCase) -> str:
    best = _worst(case)[0]
    mine, other = told_apart(case.truth[choice], case.truth[best])
    return f"By your own measurement “{choice}” costs {mine}, “{best}” costs {other}."


def _without_frequency(value: np.ndarray, name: str, case: DecisionCase) -> str | None:
    shares, frequency = case.facts["curves"][name], case.facts["frequency"][name]
    readings = {
        harm_of(shares, 1.0): "You did not multiply with how often the product meets “{}”.",
        float(frequency * (shares[0] - shares[-1])): "For “{}” you took the last strength only. "
        "Take the mean over all strengths after the first.",
        float(frequency * (shares[0] - shares.mean())): "The mean of “{}” holds the untouched "
        "share too. Leave the first number out of it.",
        float(frequency * shares[1:].mean()): "For “{}” you noted what is left, not what is lost: "
        "start from the untouched share.",
        -harm_of(shares, frequency): "The loss of “{}” has the wrong sign: untouched minus mean.",
    }
    for reading, cause in readings.items():
        if abs(reading - float(value)) < 1e-9:
            return cause.format(name)
    return None


choose_challenge = _exercise(
    "choose_challenge",
    check_with=Decision(
        _product_cases,
        parts=("harm",),
        choose=_worst,
        explain=_explain_product,
        rivals=(
            Rival(
                _by(lambda shares, frequency: frequency),
                "You chose the most frequent challenge. It may cost little when it comes.",
            ),
            Rival(
                _by(lambda shares, frequency: harm_of(shares, 1.0)),
                "You chose the worst challenge whether the product meets it or not.",
            ),
            Rival(
                _by(lambda shares, frequency: -harm_of(shares, frequency)),
                "You chose the challenge that costs least.",
            ),
            Rival(
                _by(lambda shares, frequency: -shares[1:].mean()),
                "You chose where least is recognised. Some of that was lost before the challenge "
                "came: compare with the untouched share.",
            ),
            Rival(
                _by(lambda shares, frequency: frequency * (shares[0] - shares[-1])),
                "You looked at the strongest step only. The product meets all strengths.",
            ),
            Rival(
                lambda case: next(iter(case.truth)),
                "You took the first challenge. Which one costs most?",
            ),
            Rival(
                lambda case: list(case.truth)[-1],
                "You took the last challenge. Which one costs most?",
            ),
        ),
        misreadings=[_without_frequency],
        called="the name of a challenge",
    ),
    hints=(
        "measure(name) gives shares: the first untouched, then at rising strengths. What is lost "
        "on average, and how often does the product meet it?",
        "harm = frequency[name] * (shares[0] - shares[1:].mean()); choose the name with the "
        "largest harm: max(measured, key=measured.get).",
    ),
)
