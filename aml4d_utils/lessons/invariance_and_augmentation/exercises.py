"""The exercises of the lesson on invariance and augmentation."""

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
from aml4d_utils.checking.chance import chance
from aml4d_utils.checking.exercise import Attempt, as_numbers, kind_of, told_apart

LESSON = "10_invariance_and_augmentation"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. steady guesses -----------------------------------------------------------------------


def _kept(guesses: np.ndarray) -> float:
    steady = 0
    for row in guesses:
        steady += all(guess == row[0] for guess in row[1:])
    return steady / len(guesses)


def _guess_cases() -> list[Case]:
    rng = np.random.default_rng(10)
    return [
        Case(
            "four photos, two of them steady",
            (np.array([[3, 3, 3], [5, 5, 1], [0, 0, 0], [2, 7, 7]]),),
        ),
        Case("it changes and comes back", (np.array([[4, 1, 4], [4, 4, 4]]),)),
        Case("the shifted guesses agree with each other only", (np.array([[1, 2, 2], [6, 0, 0]]),)),
        Case("never steady", (np.array([[1, 2], [2, 1], [3, 4]]),)),
        Case("always steady", (np.full((5, 4), 9),)),
        Case("class 0 everywhere", (np.zeros((3, 6), int),)),
        Case("one shift", (np.array([[1, 1], [2, 3], [5, 5]]),)),
        Case("one photo", (np.array([[8, 8, 8, 1]]),)),
        Case("the same numbers in another order", (np.array([[1, 2, 3], [1, 1, 1], [2, 3, 1]]),)),
        Case("thirty photos", (rng.choice(3, (30, 4), p=(0.9, 0.05, 0.05)),)),
    ]


consistency = _exercise(
    "consistency",
    check_with=same_as(
        _kept,
        _guess_cases(),
        [
            Mistake(
                lambda g: float((g[:, 1:] == g[:, :1]).mean()),
                "You counted single comparisons. A photo is steady only if every shift keeps its "
                "first guess; return the share of photos.",
            ),
            Mistake(
                lambda g: float((g == g[:, :1]).mean()),
                "You counted single guesses, the unshifted one too. Count photos.",
            ),
            Mistake(
                lambda g: 1 - _kept(g),
                "That is the share of photos that change. Return the share that stays.",
            ),
            Mistake(
                lambda g: float((g == g[:, :1]).all(1).sum()),
                "You counted the steady photos. Divide by the number of photos.",
            ),
            Mistake(
                lambda g: float((g[:, -1] == g[:, 0]).mean()),
                "You looked at the last shift only. Every shift must keep the guess.",
            ),
            Mistake(
                lambda g: float((g[:, 1:] == g[:, :1]).any(1).mean()),
                "One shift that keeps the guess is not enough: all of them must.",
            ),
            Mistake(
                lambda g: float((g[:, 1:] == g[:, 1:2]).all(1).mean()),
                "You compared the shifted guesses with each other. Compare them with column 0.",
            ),
            Mistake(
                lambda g: float((np.diff(np.sort(g, 0), axis=0) == 0).all(0).mean()),
                "You compared photos with each other. A row is one photo.",
            ),
        ],
    ),
    hints=(
        "Compare all columns with column 0. Which rows agree everywhere?",
        "guesses == guesses[:, :1] is True where a guess is kept; .all(axis=1) tells which rows "
        "are kept throughout.",
    ),
)


# --- 2. mixup --------------------------------------------------------------------------------


def _mixed(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    return np.array(
        [share * a + (1 - share) * b for a, b in zip(first.ravel(), second.ravel(), strict=True)]
    ).reshape(first.shape)


def _mix_cases() -> list[Case]:
    rng = np.random.default_rng(2)
    grey, other = rng.random((2, 5, 7))
    colour, second = rng.random((2, 4, 6, 3))
    cat, dog = np.eye(4)[[1, 3]]
    return [
        Case("two grey pictures", (grey, other, 0.75)),
        Case("two labels of four classes", (cat, dog, 0.6)),
        Case("the same label twice", (cat, cat.copy(), 0.3)),
        Case("all of the first", (grey, other, 1.0)),
        Case("all of the second", (grey, other, 0)),
        Case("half and half", (colour, second, 0.5)),
        Case("two colour pictures", (colour, second, 0.2)),
        Case("whole grey levels", (np.array([[0, 255]]), np.array([[255, 10]]), 0.3)),
        Case("bytes", (np.full((2, 3), 200, np.uint8), np.full((2, 3), 100, np.uint8), 0.5)),
        Case("numbers below zero", (np.array([-1.0, 2.0]), np.array([3.0, -4.0]), 0.25)),
        Case("the same picture twice", (grey, grey.copy(), 0.4)),
    ]


mixup = _exercise(
    "mixup",
    check_with=same_as(
        _mixed,
        _mix_cases(),
        [
            Mistake(
                lambda a, b, s: _mixed(a, b, 1 - s),
                "The share is the first one's. You gave it to the second.",
            ),
            Mistake(
                lambda a, b, s: s * a + s * b,
                "The second one gets the rest, 1 − share, so that both add up to 1.",
            ),
            Mistake(lambda a, b, s: s * a + b, "The second one gets the rest, 1 − share."),
            Mistake(lambda a, b, s: a + (1 - s) * b, "The first one gets its share only."),
            Mistake(lambda a, b, s: a / 2 + b / 2, "You always mix half and half. Use the share."),
            Mistake(
                lambda a, b, s: _mixed(a, b, s).astype(a.dtype),
                "You cut off the decimals where the input is whole numbers. They must stay.",
            ),
            Mistake(
                lambda a, b, s: np.floor(_mixed(a, b, s)),
                "You cut off the decimals. Grey levels between two whole ones must stay.",
            ),
            Mistake(
                lambda a, b, s: np.rint(_mixed(a, b, s)),
                "You rounded. Grey levels between two whole ones must stay.",
            ),
            Mistake(
                lambda a, b, s: np.clip(_mixed(a, b, s), 0, 1),
                "You clipped to 0 and 1. The mix of two things needs no clipping.",
            ),
            Mistake(
                lambda a, b, s: np.where(np.arange(a.size).reshape(a.shape) < s * a.size, a, b),
                "You put parts side by side. Mixup lays one over the other, like two slides.",
            ),
        ],
    ),
    hints=(
        "One line of arithmetic on whole arrays does it; no loop is needed.",
        "share of the first plus the rest, 1 - share, of the second. It works for pictures and for "
        "labels alike.",
    ),
)


# --- 3. random erasing -----------------------------------------------------------------------

_SQUARES = (
    ("a grey picture", (9, 14), 4),
    ("a colour picture", (12, 8, 3), 5),
    ("one pixel", (6, 7), 1),
    ("as high as the picture", (5, 9), 5),
    ("the whole picture", (6, 6), 6),
    ("two places only", (4, 5), 4),
)
_TIMES = 60


def _check_erase(attempt: Attempt) -> None:
    for name, shape, side in _SQUARES:
        picture = np.random.default_rng(len(name)).uniform(0.1, 0.9, shape)
        rng = chance(3)
        corners = [
            _corner(attempt(picture, side, rng, case=name), picture, side, name)
            for _ in range(_TIMES)
        ]
        again = chance(3)
        repeated = [
            _corner(attempt(picture, side, again, case=name), picture, side, name) for _ in range(3)
        ]
        problem = _place_problem(corners, repeated, shape, side)
        if problem:
            raise WrongAnswer(f"{problem}\nCase: {name}, {_TIMES} times")


def _corner(value: object, picture: np.ndarray, side: int, name: str) -> tuple[int, int]:
    """Return where the black square begins, or say what else came."""
    got = as_numbers(value)
    if got is None:
        raise WrongAnswer(f"You returned {kind_of(value)}; expected is a picture.\nCase: {name}")
    if got.shape != picture.shape:
        raise WrongAnswer(
            f"Your picture has the shape {got.shape}; expected {picture.shape}.\nCase: {name}"
        )
    other = got != picture
    touched = other if other.ndim == 2 else other.any(-1)
    rows, cols = np.flatnonzero(touched.any(1)), np.flatnonzero(touched.any(0))
    if not len(rows):
        raise WrongAnswer(f"Nothing is erased.\nCase: {name}")
    height, width = rows[-1] - rows[0] + 1, cols[-1] - cols[0] + 1
    square = got[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    if (height, width) != (side, side):
        raise WrongAnswer(_size_problem(height, width, side, name))
    if other.ndim == 3 and not other[rows[0], cols[0]].all():
        raise WrongAnswer(f"Only one colour is erased. Erase all three.\nCase: {name}")
    if (square != 0).any():
        raise WrongAnswer(
            f"Inside the square expected 0, got {square[square != 0].flat[0]:.3g}.\nCase: {name}"
        )
    return int(rows[0]), int(cols[0])


def _size_problem(height: int, width: int, side: int, name: str) -> str:
    cause = f"The erased part is {height} high and {width} wide; expected {side} by {side}."
    if height < side or width < side:
        cause += " Does it reach over the edge? Its corner must lie where all of it fits."
    return f"{cause}\nCase: {name}"


def _place_problem(
    corners: list[tuple[int, int]],
    repeated: list[tuple[int, int]],
    shape: tuple[int, ...],
    side: int,
) -> str | None:
    lasts = shape[0] - side, shape[1] - side
    for which, last, words in ((0, lasts[0], "rows"), (1, lasts[1], "columns")):
        places = {corner[which] for corner in corners}
        if last > 0 and len(places) == 1:
            return f"The square never moves over the {words}. Draw its place from rng."
        if last == 1 and places != {0, 1}:
            return f"Of the {words}, some are never erased."
        if 1 < last <= 9 and last not in places:
            return (
                f"The last of the {words} is never erased: rng.integers(n) ends at n − 1, so draw "
                "from size − side + 1 places."
            )
        if 1 < last <= 9 and 0 not in places:
            return f"The first of the {words} is never erased."
    if min(lasts) > 2 and len({row - col for row, col in corners}) == 1:
        return "The square moves along a diagonal only. Draw row and column apart."
    if repeated != corners[:3]:
        return (
            "With the same rng it lies elsewhere each time: draw the place from the rng that you "
            "are given."
        )
    return None


erase_square = _exercise(
    "erase_square",
    check_with=_check_erase,
    hints=(
        "Draw the row of the upper edge and the column of the left edge, each from as many places "
        "as the square fits in; then set a slice of a copy to 0.",
        "top = rng.integers(height - side + 1), left likewise; erased = picture.copy(); "
        "erased[top:top + side, left:left + side] = 0.",
    ),
)


# --- 4. FGSM ---------------------------------------------------------------------------------


def _stepped(picture: np.ndarray, slope: np.ndarray, epsilon: float) -> np.ndarray:
    values = []
    for x, g in zip(picture.ravel(), slope.ravel(), strict=True):
        step = epsilon if g > 0 else -epsilon if g < 0 else 0
        values.append(min(1.0, max(0.0, x + step)))
    return np.array(values).reshape(picture.shape)


def _attack_cases() -> list[Case]:
    rng = np.random.default_rng(4)
    middle = rng.uniform(0.3, 0.7, (4, 6))
    slope = rng.normal(0, 1, (4, 6))
    holed = np.where(rng.random((4, 6)) < 0.4, 0.0, slope)
    colour = rng.random((3, 5, 3))
    return [
        Case("a grey picture", (middle, slope, 0.1)),
        Case(
            "slopes of very different size",
            (middle, slope * 10.0 ** rng.integers(-6, 4, (4, 6)), 0.1),
        ),
        Case("where the slope is 0", (middle, holed, 0.2)),
        Case(
            "near black and white",
            (np.array([[0.02, 0.98], [0.0, 1.0]]), np.array([[-1.0, 2.0], [-3.0, 4.0]]), 0.1),
        ),
        Case(
            "near black and white, away from the edge",
            (np.array([[0.02, 0.98]]), np.array([[5.0, -5.0]]), 0.1),
        ),
        Case("a colour picture", (colour, rng.normal(0, 1, colour.shape), 8 / 255)),
        Case("no change allowed", (middle, slope, 0)),
        Case("a huge epsilon", (middle, slope, 2.0)),
        Case(
            "a black and white picture of whole numbers",
            (np.array([[0, 1], [1, 0]]), np.array([[1.0, -1.0], [1.0, -1.0]]), 0.25),
        ),
        Case("a flat slope", (middle, np.zeros((4, 6)), 0.3)),
    ]


attack = _exercise(
    "attack",
    check_with=same_as(
        _stepped,
        _attack_cases(),
        [
            Mistake(
                lambda x, g, e: np.clip(x - e * np.sign(g), 0, 1),
                "You walk down the loss: the network becomes surer. Go the other way.",
            ),
            Mistake(
                lambda x, g, e: x + e * np.sign(g),
                "Some values leave the range from 0 to 1. Clip them.",
            ),
            Mistake(
                lambda x, g, e: np.clip(x + e * g, 0, 1),
                "You step by the slope itself. FGSM takes its sign only, so that every value moves "
                "by epsilon.",
            ),
            Mistake(
                lambda x, g, e: np.clip(x + e * g / max(np.abs(g).max(), 1e-12), 0, 1),
                "You scaled the slope to its largest value. FGSM takes the sign of each.",
            ),
            Mistake(
                lambda x, g, e: np.clip(x + e * np.where(g >= 0, 1, -1), 0, 1),
                "Where the slope is 0, nothing is gained: the value must stay.",
            ),
            Mistake(
                lambda x, g, e: np.clip(x + e * np.where(g > 0, 1, -1), 0, 1),
                "Where the slope is 0, nothing is gained: the value must stay.",
            ),
            Mistake(
                lambda x, g, e: np.clip(np.sign(g) * e, 0, 1),
                "You returned the change. Add it to the picture.",
            ),
            Mistake(
                lambda x, g, e: e * np.sign(g), "You returned the change. Add it to the picture."
            ),
            Mistake(
                lambda x, g, e: np.clip(x + np.sign(g), 0, 1),
                "Every value moves by epsilon, not by 1.",
            ),
            Mistake(
                lambda x, g, e: np.clip(x, 0, 1) + np.clip(e * np.sign(g), 0, 1),
                "Clip after the step, not before.",
            ),
            Mistake(
                lambda x, g, e: (
                    (x + e * np.sign(g) - (x + e * np.sign(g)).min())
                    / max(float(np.ptp(x + e * np.sign(g))), 1e-12)
                ),
                "You stretched the picture to the whole range. Cut off at 0 and 1 instead.",
            ),
        ],
    ),
    hints=(
        "Each value moves by epsilon, up where the slope is positive, down where it is negative. "
        "Then nothing may be below 0 or above 1.",
        "np.sign(slope) is 1, 0 or −1; np.clip(…, 0, 1) cuts off.",
    ),
)


# --- 5. decide -------------------------------------------------------------------------------

Shares = tuple[float, float]
Measure = Callable[[str], Shares]


class _Measured:
    """What measure(name) returns: shares on clean and on hard test pictures."""

    def __init__(self, table: dict[str, Shares]):
        self.table = table

    def __call__(self, name: str) -> Shares:
        return self.table[name]


def _case(name: str, table: dict[str, Shares], least: float) -> DecisionCase:
    facts = {"least": least}
    return DecisionCase(name, (list(table), _Measured(table), least), table, facts)


def _tables() -> Iterator[DecisionCase]:
    yield _case(
        "the hardest test is won by one that fails the clean one",
        {"flip": (0.9, 0.6), "turn": (0.7, 0.9), "noise": (0.85, 0.7), "none": (0.92, 0.5)},
        0.8,
    )
    yield _case(
        "exactly at the limit",
        {"crop": (0.8, 0.75), "hue": (0.9, 0.7), "blur": (0.79, 0.8), "erase": (0.95, 0.6)},
        0.8,
    )
    yield _case(
        "less than a per cent apart",
        {
            "crop": (0.884, 0.7312),
            "hue": (0.881, 0.7341),
            "blur": (0.8796, 0.74),
            "none": (0.89, 0.7),
        },
        0.88,
    )
    yield _case(
        "the better sum loses",
        {"flip": (0.99, 0.62), "turn": (0.81, 0.7), "noise": (0.9, 0.66), "none": (0.97, 0.5)},
        0.8,
    )
    yield _case(
        "the smallest gap loses",
        {"flip": (0.82, 0.81), "turn": (0.95, 0.85), "noise": (0.7, 0.7), "none": (0.9, 0.3)},
        0.75,
    )
    rng = np.random.default_rng(5)
    for number in range(3):
        names = ("flip", "crop", "turn", "shift", "noise", "erase", "mixup")
        table = {name: tuple(map(float, rng.uniform(0.5, 1, 2))) for name in rng.permutation(names)}
        least = float(np.median([clean for clean, _ in table.values()]))
        yield _case(f"seven ways, no. {number + 1}", table, least)


@cache
def _decision_cases() -> tuple[DecisionCase, ...]:
    return tuple(_tables())


def _good(case: DecisionCase) -> list[str]:
    return [name for name, (clean, _) in case.truth.items() if clean >= case.facts["least"]]


def _right(case: DecisionCase) -> list[str]:
    best = max(case.truth[name][1] for name in _good(case))
    return [name for name in _good(case) if case.truth[name][1] == best]


def _among(key: Callable[[Shares], float], good: bool = True) -> Callable[[DecisionCase], str]:
    return lambda case: max(
        _good(case) if good else case.truth, key=lambda name: key(case.truth[name])
    )


def _rounded(case: DecisionCase) -> str:
    least = round(100 * case.facts["least"])
    fitting = [name for name, (clean, _) in case.truth.items() if round(100 * clean) >= least]
    return max(fitting, key=lambda name: round(100 * case.truth[name][1]))


def _above(case: DecisionCase) -> str | None:
    fitting = [name for name, (clean, _) in case.truth.items() if clean > case.facts["least"]]
    return max(fitting, key=lambda name: case.truth[name][1], default=None)


def _hard_enough(case: DecisionCase) -> str | None:
    fitting = [name for name, (_, hard) in case.truth.items() if hard >= case.facts["least"]]
    return max(fitting, key=lambda name: case.truth[name][0], default=None)


_RIVALS = (
    Rival(
        _among(lambda shares: shares[1], good=False),
        "You chose the best one on the hard pictures, whatever it does to the clean ones: look at "
        "the limit.",
    ),
    Rival(
        _among(lambda shares: shares[0]),
        "You chose the best one on clean pictures. Among those that are good enough there, the "
        "hard pictures decide.",
    ),
    Rival(
        _among(sum),
        "You added both shares. Clean ones have to reach the limit only; then hard ones decide.",
    ),
    Rival(
        _among(lambda shares: shares[0] * shares[1]),
        "You multiplied both shares. Clean ones have to reach the limit only.",
    ),
    Rival(
        _among(lambda shares: shares[1] - shares[0]),
        "You chose the one that loses least between clean and hard. Look at how good it is on the "
        "hard ones.",
    ),
    Rival(_among(lambda shares: -shares[1]), "You chose the worst one on the hard pictures."),
    Rival(lambda case: _good(case)[0], "You took the first that is good enough on clean pictures."),
    Rival(lambda case: _good(case)[-1], "You took the last that is good enough on clean pictures."),
    Rival(_above, "You took those above the limit only. Exactly at the limit is good enough."),
    Rival(_rounded, "You compared whole per cents. Compare the numbers as measure gives them."),
    Rival(_hard_enough, "You held the hard share against the limit. The limit is for clean ones."),
)


def _explain(choice: str, case: DecisionCase) -> str:
    clean, hard = case.truth[choice]
    if choice not in _good(case):
        needed, got = told_apart(case.facts["least"], clean)
        return (
            f"By your own measurement “{choice}” reaches {got} on clean pictures, below {needed}."
        )
    best = _right(case)[0]
    more, less = told_apart(case.truth[best][1], hard)
    return (
        f"“{choice}” is good enough on clean pictures, but so is “{best}”, and it gets {more} of "
        f"the hard ones right instead of {less}."
    )


choose_augmentation = _exercise(
    "choose_augmentation",
    check_with=Decision(
        _decision_cases,
        parts=("clean share", "hard share"),
        choose=_right,
        explain=_explain,
        rivals=_RIVALS,
        called="the name of an augmentation",
    ),
    hints=(
        "Measure every name first: measure(name) gives two shares, clean and hard.",
        "Keep the names whose clean share is at least the limit; among them take the one with the "
        "largest hard share.",
    ),
)
