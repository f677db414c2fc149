"""The exercises of the lesson on how we see."""

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
    same_as,
)
from aml4d_utils.checking.exercise import difference, told_apart
from aml4d_utils.topics.selectivity.discrimination import d_prime, selectivity_index
from aml4d_utils.topics.tuning.gabor_cells import gabor

LESSON = "01_how_we_see"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. a Gabor ------------------------------------------------------------------------------


def _gabor(side: int, orientation: float, period: float, sigma: float) -> np.ndarray:
    return gabor(side, orientation, period, 0.0, sigma, sigma)


def _gabor_cases() -> list[Case]:
    return [
        Case("upright stripes", (9, 90.0, 4.0, 2.0)),
        Case("lying stripes", (9, 0.0, 4.0, 2.0)),
        Case("stripes at 30°", (11, 30.0, 5.0, 2.5)),
        Case("stripes at 150°", (11, 150.0, 5.0, 2.5)),
        Case("a wide wave in a narrow Gaussian", (15, 60.0, 20.0, 1.5)),
        Case("a narrow wave in a wide Gaussian", (15, 105.0, 3.0, 6.0)),
        Case("an even side", (8, 45.0, 4.0, 1.0)),
        Case("one pixel", (1, 45.0, 4.0, 1.0)),
        Case("whole numbers", (7, 120, 3, 2)),
        Case("much smaller than its square", (41, 20.0, 4.0, 0.5)),
    ]


def _built(
    wave: Callable = np.cos,
    turn: Callable[[float], float] = np.deg2rad,
    flip: int = 1,
    cycles: float = 2 * np.pi,
    fade: Callable[[np.ndarray, float], np.ndarray] = lambda square, s: np.exp(
        -square / (2 * s**2)
    ),
    middle: float = 0.5,
) -> Callable[..., np.ndarray]:
    def value(side: int, orientation: float, period: float, sigma: float) -> np.ndarray:
        rows, cols = np.mgrid[:side, :side] - (side - 1) * middle
        angle = turn(orientation)
        u = flip * rows * np.cos(angle) + cols * np.sin(angle)
        return wave(cycles * u / period) * fade(rows**2 + cols**2, sigma)

    return value


gabor_field = _exercise(
    "gabor_field",
    check_with=same_as(
        _gabor,
        _gabor_cases(),
        [
            Mistake(
                _built(flip=-1),
                "Your stripes turn clockwise. Rows count downwards, angles go anticlockwise: "
                "look at the sign of the rows.",
            ),
            Mistake(
                _built(turn=lambda angle: angle),
                "np.cos and np.sin take radians. Turn the orientation with np.deg2rad first.",
            ),
            Mistake(
                _built(turn=lambda angle: np.deg2rad(angle + 90)),
                "Your stripes stand at right angles to the orientation: the wave runs across the "
                "stripes.",
            ),
            Mistake(
                _built(cycles=1.0),
                "A wave of this period is cos(2π·u / period): the 2π is missing.",
            ),
            Mistake(
                _built(cycles=np.pi),
                "Your wave is twice as long as the period: 2π·u / period, not π.",
            ),
            Mistake(
                _built(wave=np.sin),
                "You took a sine: it is 0 in the middle. A cosine is brightest there.",
            ),
            Mistake(
                _built(fade=lambda square, s: np.exp(-square / s**2)),
                "Your Gaussian is too narrow: its exponent is −distance² / (2·sigma²).",
            ),
            Mistake(
                _built(fade=lambda square, s: np.exp(-square / (2 * s))),
                "sigma is squared in the exponent of a Gaussian: −distance² / (2·sigma²).",
            ),
            Mistake(
                _built(fade=lambda square, s: np.exp(-square / (2 * s**2)) / (2 * np.pi * s**2)),
                "Your Gaussian adds up to 1. Here it is 1 in the middle: leave the factor out.",
            ),
            Mistake(
                _built(fade=lambda square, s: np.ones_like(square, dtype=float)),
                "That is the wave alone. Multiply it with a Gaussian, so that it fades.",
            ),
            Mistake(
                _built(wave=lambda u: np.ones_like(u, dtype=float)),
                "That is the Gaussian alone. Multiply it with a wave.",
            ),
            Mistake(
                _built(middle=0.0),
                "Your Gabor sits in the corner. Measure rows and columns from the middle, "
                "(side − 1) / 2.",
            ),
            Mistake(
                lambda side, o, p, s: _gabor(side, o, p, s) - _gabor(side, o, p, s).mean(),
                "You took the mean away. Leave it: the field is wave times Gaussian.",
            ),
        ],
    ),
    hints=(
        "Two pictures of the same size, multiplied: a wave that runs across the stripes, and a "
        "Gaussian that fades from the middle.",
        "rows, cols = np.mgrid[:side, :side] - (side - 1) / 2. Across the stripes you go "
        "u = rows·cos + cols·sin of the orientation in radians. The wave is cos(2π·u / period), "
        "the Gaussian exp(−(rows² + cols²) / (2·sigma²)).",
    ),
)


# --- 2. width at half height -----------------------------------------------------------------


def width_by_small_steps(orientations: np.ndarray, answers: np.ndarray) -> float:
    """Return the full width at half height, degrees: walk from the top to both sides.

    Evenly spaced orientations over 180°, straight lines between them; 180 where the curve stays
    above half its height.
    """
    answers = np.asarray(answers, np.float64)
    count, top = len(answers), int(np.argmax(answers))
    step, half = 180 / count, answers[top] / 2
    width = 0.0
    for side in (1, -1):
        for number in range(count):
            here = answers[(top + side * number) % count]
            there = answers[(top + side * (number + 1)) % count]
            if there <= half:
                width += step * (number + (here - half) / (here - there))
                break
        else:
            return 180.0
    return width


def _curve(count: int, function: Callable[[np.ndarray], np.ndarray]) -> tuple:
    angles = np.arange(count) * 180 / count
    return angles, function(angles)


def _bump(angles: np.ndarray, at: float, spread: float) -> np.ndarray:
    away = (angles - at + 90) % 180 - 90
    return np.exp(-(away**2) / (2 * spread**2))


def _width_cases() -> list[Case]:
    return [
        Case("six orientations, whole numbers", (np.arange(0, 180, 30), [0, 2, 9, 4, 1, 0])),
        Case("a peak in the middle", _curve(24, lambda a: 40 * _bump(a, 82, 20))),
        Case("a peak at 0°, so one side lies below 180°", _curve(12, lambda a: _bump(a, 0, 25))),
        Case("a peak just below 180°", _curve(18, lambda a: 3 * _bump(a, 172, 15))),
        Case(
            "a second, lower peak that is above half",
            _curve(36, lambda a: 10 * _bump(a, 40, 10) + 7 * _bump(a, 130, 10)),
        ),
        Case("one answer only", (np.arange(0, 180, 22.5), np.array([0, 0, 0, 0, 0, 7.0, 0, 0]))),
        Case(
            "answers below zero beside the peak",
            _curve(12, lambda a: 5 * _bump(a, 100, 22) - 1.5),
        ),
        Case("a curve that never falls to half", _curve(10, lambda a: 8 + 2 * _bump(a, 60, 20))),
        Case(
            "exactly half at one orientation",
            (np.arange(0, 180, 30), np.array([1.0, 4, 8, 4, 1, 0.5])),
        ),
        Case("a lop-sided peak", (np.arange(0, 180, 20), np.array([0, 1, 2, 6, 20, 17, 13, 3, 0]))),
        Case("two highest answers side by side", (np.arange(0, 180, 30), [0, 1, 6, 6, 2, 0])),
        Case("tiny answers", _curve(24, lambda a: 1e-3 * _bump(a, 45, 18))),
    ]


def _above_half(orientations: np.ndarray, answers: np.ndarray) -> np.ndarray:
    answers = np.asarray(answers, np.float64)
    return answers > answers.max() / 2


def _with_half(level: Callable[[np.ndarray], float]) -> Callable[..., float]:
    """Measure where another height than half of the top is reached."""

    def value(orientations: np.ndarray, answers: np.ndarray) -> float:
        answers = np.asarray(answers, np.float64)
        # Moved so that half of the new top is the level that is asked for.
        top = answers.max()
        return width_by_small_steps(orientations, answers + top - 2 * level(answers))

    return value


def _not_round(orientations: np.ndarray, answers: np.ndarray) -> float:
    answers = np.asarray(answers, np.float64)
    top, step, half = int(answers.argmax()), 180 / len(answers), answers.max() / 2
    ends = []
    for side in (1, -1):
        at = top
        while 0 <= at + side < len(answers) and answers[at + side] > half:
            at += side
        if 0 <= at + side < len(answers):
            ends.append(abs(at - top) + (answers[at] - half) / (answers[at] - answers[at + side]))
        else:
            ends.append(abs(at - top))
    return step * sum(ends)


width_at_half = _exercise(
    "width_at_half",
    check_with=same_as(
        width_by_small_steps,
        _width_cases(),
        [
            Mistake(
                lambda o, a: width_by_small_steps(o, a) / 2,
                "That is half of the width. Add both sides of the peak.",
            ),
            Mistake(
                lambda o, a: float(_above_half(o, a).sum() * 180 / len(a)),
                "You counted orientations above half. The curve crosses half its height between "
                "two of them: find where, on the straight line.",
            ),
            Mistake(
                _with_half(lambda a: (a.max() + a.min()) / 2),
                "You went half-way down to the lowest answer. Half height is half of the highest "
                "answer.",
            ),
            Mistake(
                _with_half(np.mean),
                "You measured at the mean answer. Half height is half of the highest answer.",
            ),
            Mistake(
                _with_half(lambda a: a.max() / np.sqrt(2)),
                "You measured at the highest answer divided by √2. Half height is half of it.",
            ),
            Mistake(
                _not_round,
                "Your curve ends at 0° and 180°. An orientation of 180° is one of 0° again: go on "
                "at the other end.",
            ),
            Mistake(
                lambda o, a: width_by_small_steps(o, a) / (180 / len(a)),
                "You counted in steps. Return degrees.",
            ),
            Mistake(
                lambda o, a: np.deg2rad(width_by_small_steps(o, a)),
                "You returned radians. Return degrees.",
            ),
        ],
    ),
    hints=(
        "Start at the highest answer and walk to one side until an answer is at most half of it. "
        "Where on the last straight line was exactly half? Then do the other side.",
        "On the last line, from `here` above half to `there` at or below it, the crossing lies "
        "(here − half) / (here − there) of a step further. (index ± 1) % len(answers) goes round.",
    ),
)


# --- 3. selectivity index with its control ---------------------------------------------------


def _weaker_index(faces: np.ndarray, others: np.ndarray, scrambled: np.ndarray) -> float:
    return float(min(selectivity_index(faces, others), selectivity_index(faces, scrambled)))


def _index_cases() -> list[Case]:
    rng = np.random.default_rng(1)
    return [
        Case("twice the answer to faces", (np.array([4, 6]), np.array([2, 3]), np.array([1, 0]))),
        Case(
            "scrambled faces do as well",
            (np.array([3.0, 5]), np.array([1.0, 1, 1]), np.array([4.0, 4])),
        ),
        Case(
            "scrambled faces do better",
            (np.array([2.0, 2, 2]), np.array([1.0]), np.array([6.0, 4])),
        ),
        Case("other things do better", (np.array([1.0, 1]), np.array([3.0]), np.array([0.5, 0.1]))),
        Case("a silent unit", (np.zeros(3), np.zeros(5), np.zeros(3))),
        Case("faces and nothing else", (np.array([2.0, 4]), np.zeros(4), np.zeros(2))),
        Case(
            "silent for faces and scrambled faces",
            (np.zeros(2), np.array([1.0, 3]), np.zeros(2)),
        ),
        Case("few faces, many other things", (rng.random(4) + 1, rng.random(60), rng.random(4))),
        Case("many faces, few others", (rng.random(50), rng.random(6) / 3, rng.random(9) / 2)),
        Case("some answers are zero", (np.array([0, 8.0]), np.array([0, 0, 3.0]), np.array([2.0]))),
    ]


def _safe(above: float, below: float) -> float:
    return above / below if below else 0.0


def _index_of(pool: Callable) -> Callable[..., float]:
    def value(faces: np.ndarray, *others: np.ndarray) -> float:
        return min(_safe(pool(faces) - pool(other), pool(faces) + pool(other)) for other in others)

    return value


face_index = _exercise(
    "face_index",
    check_with=same_as(
        _weaker_index,
        _index_cases(),
        [
            Mistake(
                lambda f, o, s: float(selectivity_index(f, o)),
                "The control is missing: compare with the scrambled faces too and return the "
                "smaller index.",
            ),
            Mistake(
                lambda f, o, s: float(selectivity_index(f, s)),
                "You compared with the scrambled faces only. Compare with other things too.",
            ),
            Mistake(
                lambda f, o, s: float(max(selectivity_index(f, o), selectivity_index(f, s))),
                "You returned the larger index. The weaker comparison counts: the smaller one.",
            ),
            Mistake(
                lambda f, o, s: float(selectivity_index(f, o) + selectivity_index(f, s)) / 2,
                "You returned the mean of both indices. Return the smaller one.",
            ),
            Mistake(
                lambda f, o, s: float(selectivity_index(f, np.concatenate([o, s]))),
                "You put other things and scrambled faces into one group. Compare with each.",
            ),
            Mistake(
                _index_of(np.sum),
                "You added answers up. Groups have different sizes: take means.",
            ),
            Mistake(
                _index_of(np.median),
                "You took medians. The index is defined with means.",
            ),
            Mistake(
                _index_of(np.max),
                "You took the strongest answer of each group. Take the means.",
            ),
            Mistake(
                lambda f, o, s: min(f.mean() - o.mean(), f.mean() - s.mean()),
                "That is the difference. Divide it by the sum of both means.",
            ),
            Mistake(
                lambda f, o, s: min(_safe(f.mean(), o.mean()), _safe(f.mean(), s.mean())),
                "That is how many times stronger faces are. The index is difference over sum.",
            ),
            Mistake(
                lambda f, o, s: min(
                    _safe(f.mean() - o.mean(), f.mean()), _safe(f.mean() - s.mean(), f.mean())
                ),
                "You divided by the answer to faces. Divide by the sum of both means.",
            ),
        ],
    ),
    hints=(
        "One index is (mean to faces − mean to the others) / (mean to faces + mean to the others). "
        "You need two of them.",
        "If both means are 0, the index is 0. min(a, b) is the smaller of two numbers.",
    ),
)


# --- 4. a face cell? -------------------------------------------------------------------------

_Answers = dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]


def _measured(answers: tuple[np.ndarray, np.ndarray, np.ndarray]) -> tuple[float, float]:
    faces, others, scrambled = answers
    return float(d_prime(faces, others)), float(d_prime(faces, scrambled))


def _exact(mean: float, count: int) -> np.ndarray:
    """Return an odd number of answers with this mean and a variance (over N − 1) of exactly 1."""
    each = (count - 1) // 2
    return mean + np.array([-1.0] * each + [0.0] + [1.0] * each)


def _unit(others: float, scrambled: float, loud: float = 0.0, sizes=(9, 13, 7)) -> tuple:
    """Return answers of a unit with these two d′; ``loud`` moves all of them."""
    faces = 16 + loud
    means = (faces, faces - others, faces - scrambled)
    return tuple(_exact(mean, count) for mean, count in zip(means, sizes, strict=True))


def _unit_cases() -> Iterator[DecisionCase]:
    tables = {
        "the best against things fails its control": (
            1.0,
            {"conv1/9": _unit(2.6, 0.2), "fire6/2": _unit(1.7, 1.4), "fire9/8": _unit(1.1, 3.0)},
        ),
        "none is enough": (
            1.0,
            {"fire2/74": _unit(2.2, 0.9), "fire3/38": _unit(1.8, -3.7), "fire4/1": _unit(0.8, 0.8)},
        ),
        "exactly the limit": (
            1.5,
            {"fire5/1": _unit(1.5, 1.5), "fire7/4": _unit(1.4, 4.0), "fire8/2": _unit(4.5, 1.2)},
        ),
        "a larger sum is not a better unit": (
            0.5,
            {"fire6/9": _unit(3.9, 1.0), "fire7/1": _unit(1.3, 1.3), "fire8/8": _unit(0.9, 3.8)},
        ),
        "a larger product is not a better unit": (
            0.5,
            {"fire9/9": _unit(9.0, 1.0), "fire9/2": _unit(5.0, 2.0), "fire6/4": _unit(2.5, 2.5)},
        ),
        "the best is neither the first nor the last that is enough": (
            1.0,
            {
                "fire5/5": _unit(1.25, 1.875),
                "fire8/3": _unit(2.125, 2.375),
                "fire6/1": _unit(2.75, 0.5),
                "fire9/4": _unit(3.0, 1.125, loud=3),
            },
        ),
        "a loud unit": (
            1.0,
            {"conv1/3": _unit(1.25, 1.125, loud=96), "fire8/5": _unit(1.5, 1.75, loud=-4)},
        ),
        "near the limit": (
            1.25,
            {
                "fire6/3": _unit(1.2497, 2.875),
                "fire7/7": _unit(1.2656, 1.2502),
                "fire9/1": _unit(3.0, 1.0),
            },
        ),
        "just below the limit": (
            1.25,
            {"fire6/3": _unit(1.2479, 2.875), "fire7/7": _unit(3.0, 1.2461)},
        ),
        "none is enough by either measure": (
            2.0,
            {"conv1/8": _unit(1.25, 1.5), "fire2/6": _unit(0.75, 1.875)},
        ),
        "a quiet unit with a large index": (
            1.0,
            {
                "fire7/2": _unit(2.0, 2.0, loud=64, sizes=(21, 9, 21)),
                "fire9/6": _unit(1.375, 1.25, loud=-13.5),
            },
        ),
    }
    for name, (least, units) in tables.items():
        truth = {unit: _measured(answers) for unit, answers in units.items()}
        yield DecisionCase(name, (units, least), truth, {"units": units, "least": least})


@cache
def _face_cell_cases() -> tuple[DecisionCase, ...]:
    return tuple(_unit_cases())


def _chosen_by(
    score: Callable[[DecisionCase, str], float],
    enough: Callable[[DecisionCase, str], bool] = lambda case, unit: True,
) -> Callable[[DecisionCase], str | None]:
    def choose(case: DecisionCase) -> str | None:
        fitting = [unit for unit in case.truth if enough(case, unit)]
        return max(fitting, key=lambda unit: score(case, unit), default=None)

    return choose


def _weaker(case: DecisionCase, unit: str) -> float:
    return min(case.truth[unit])


def _reaches(case: DecisionCase, unit: str) -> bool:
    """Whether both d′ are enough."""
    return _weaker(case, unit) >= case.facts["least"]


def _right_units(case: DecisionCase) -> list[str | None]:
    return [_chosen_by(_weaker, _reaches)(case)]


def _index(case: DecisionCase, unit: str) -> float:
    faces, others, _ = case.facts["units"][unit]
    return float(selectivity_index(faces, others))


_FACE_RIVALS = (
    Rival(
        _chosen_by(lambda case, unit: case.truth[unit][0]),
        "You went by d′ against other things alone, without the control.",
    ),
    Rival(
        _chosen_by(lambda case, unit: case.truth[unit][0], _reaches),
        "Among the units that are enough you went by d′ against other things. Compare their "
        "weaker d′.",
    ),
    Rival(
        _chosen_by(
            lambda case, unit: case.truth[unit][0],
            lambda case, unit: case.truth[unit][0] >= case.facts["least"],
        ),
        "You went by d′ against other things alone, without the control.",
    ),
    Rival(
        _chosen_by(lambda case, unit: case.truth[unit][1]),
        "You went by d′ against scrambled faces alone. Other things count too.",
    ),
    Rival(
        _chosen_by(lambda case, unit: case.truth[unit][1], _reaches),
        "Among the units that are enough you went by d′ against scrambled faces. Compare their "
        "weaker d′.",
    ),
    Rival(
        _chosen_by(_weaker),
        "You always name a unit. If the weaker d′ of the best is below the limit, return None.",
    ),
    Rival(
        _chosen_by(lambda case, unit: sum(case.truth[unit]), _reaches),
        "You added both d′. The weaker one counts.",
    ),
    Rival(
        _chosen_by(lambda case, unit: case.truth[unit][0] * case.truth[unit][1], _reaches),
        "You multiplied both d′. The weaker one counts.",
    ),
    Rival(
        _chosen_by(lambda case, unit: max(case.truth[unit]), _reaches),
        "You compared the stronger d′ of each unit. The weaker one counts.",
    ),
    Rival(
        _chosen_by(lambda case, unit: -_weaker(case, unit), _reaches),
        "You took the unit closest to the limit. Take the one whose weaker d′ is largest.",
    ),
    Rival(
        _chosen_by(lambda case, unit: 0.0, _reaches),
        "You took the first unit that is enough. Take the one whose weaker d′ is largest.",
    ),
    Rival(
        lambda case: next((u for u in reversed(case.truth) if _reaches(case, u)), None),
        "You took the last unit that is enough. Take the one whose weaker d′ is largest.",
    ),
    Rival(
        _chosen_by(_weaker, lambda case, unit: _weaker(case, unit) > case.facts["least"]),
        "You took units above the limit only. A unit exactly at the limit reaches it.",
    ),
    Rival(
        _chosen_by(
            _weaker,
            lambda case, unit: max(case.truth[unit]) >= case.facts["least"],
        ),
        "You accept a unit when one of its two d′ is enough. Both must be.",
    ),
    Rival(
        _chosen_by(
            _weaker,
            lambda case, unit: round(_weaker(case, unit), 1) >= round(case.facts["least"], 1),
        ),
        "You rounded before you compared. Compare d′ as it was measured.",
    ),
    Rival(
        _chosen_by(_index, _reaches),
        "You went by the selectivity index. Go by the weaker d′.",
    ),
    Rival(
        _chosen_by(lambda case, unit: float(case.facts["units"][unit][0].mean()), _reaches),
        "You took the unit that answers faces most. Go by the weaker d′.",
    ),
)


def _explain_unit(choice: str | None, case: DecisionCase) -> str:
    best = _right_units(case)[0]
    if choice is None:
        return f"You chose none, but both d′ of “{best}” reach the limit of {case.facts['least']}."
    if best is None or not _reaches(case, choice):
        needed, weaker = told_apart(case.facts["least"], _weaker(case, choice))
        return f"The weaker d′ of “{choice}” is {weaker}, below the {needed} that is needed."
    more, less = told_apart(_weaker(case, best), _weaker(case, choice))
    return f"The weaker d′ of “{choice}” is {less}; that of “{best}” is {more}."


def _swapped_groups(value: np.ndarray, unit: str, case: DecisionCase) -> str | None:
    if difference(-value, np.array(case.truth[unit])) is None:
        return "Your d′ have the wrong sign: faces come first, d_prime(faces, others)."
    return None


def _other_things_against_scrambled(value: np.ndarray, unit: str, case: DecisionCase) -> str | None:
    _, others, scrambled = case.facts["units"][unit]
    if difference(value[1], float(d_prime(others, scrambled))) is None:
        return "Your second d′ compares other things with scrambled faces. Compare faces with them."
    return None


choose_face_unit = _exercise(
    "choose_face_unit",
    check_with=Decision(
        _face_cell_cases,
        parts=("d′ against other things", "d′ against scrambled faces"),
        choose=_right_units,
        explain=_explain_unit,
        rivals=_FACE_RIVALS,
        misreadings=[_swapped_groups, _other_things_against_scrambled],
        called="the name of a unit",
        besides=(None,),
    ),
    hints=(
        "Measure every unit first: d_prime(faces, others) and d_prime(faces, scrambled).",
        "A unit is only as good as the smaller of its two d′. Take the unit where that is largest, "
        "and return None in its place if even that is below the limit.",
    ),
)
