"""The exercises of the lesson on features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
    WrongAnswer,
    same_as,
)
from aml4d_utils.checking.exercise import Attempt, Checker, as_numbers, difference, kind_of
from aml4d_utils.topics.features import garments
from aml4d_utils.topics.features.garments import Score
from aml4d_utils.topics.features.gradients import gradients
from aml4d_utils.topics.features.sift import fast_sift
from aml4d_utils.topics.features.transforms import View, transform_image
from aml4d_utils.topics.hog.descriptor import HogSettings, hog

LESSON = "05_features_by_hand"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


def _lazily(
    specification: Callable, cases: Callable[[], list[Case]], mistakes: list[Mistake]
) -> Checker:
    """Return a checker whose cases are made when it is first used: they need photos."""

    @cache
    def checker() -> Checker:
        return same_as(specification, cases(), mistakes, tolerance=1e-5)

    return lambda attempt: checker()(attempt)


# --- 1. a histogram of gradient directions ---------------------------------------------------


def _histogram(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    result = np.zeros(bins)
    for down, right in zip(rows.ravel(), cols.ravel(), strict=True):
        angle = np.degrees(np.arctan2(down, right))
        if angle < 0:
            angle += 360
        place = min(int(angle / 360 * bins), bins - 1)
        result[place] += np.hypot(down, right)
    return result


def _variant(
    *, down: float = 1, exchange: bool = False, turn: float = 360, votes: str = "length"
) -> partial:
    """Return a histogram with one thing done differently."""
    return partial(_vary, down=down, exchange=exchange, turn=turn, votes=votes)


def _vary(
    rows: np.ndarray,
    cols: np.ndarray,
    bins: int,
    *,
    down: float,
    exchange: bool,
    turn: float,
    votes: str,
) -> np.ndarray:
    rows, cols = np.ravel(rows), np.ravel(cols)
    angle = np.degrees(np.arctan2(cols, rows) if exchange else np.arctan2(down * rows, cols))
    length = np.hypot(rows, cols)
    weights = {
        "length": length,
        "one": np.ones_like(length),
        "moved": (length > 0).astype(float),
        "squared": length**2,
        "sum": np.abs(rows) + np.abs(cols),
        "rows": np.abs(rows),
        "cols": np.abs(cols),
    }[votes]
    place = np.minimum((angle % turn / turn * bins).astype(int), bins - 1)
    return np.bincount(place, weights, bins)


def _centred(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    angle = np.degrees(np.arctan2(np.ravel(rows), np.ravel(cols))) % 360
    place = np.rint(angle / 360 * bins).astype(int) % bins
    return np.bincount(place, np.hypot(np.ravel(rows), np.ravel(cols)), bins)


def _without_negative(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    fine = rows >= 0
    return _histogram(rows[fine], cols[fine], bins)


def _folded(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    return _histogram(np.abs(rows), cols, bins)


def _squeezed(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    """Return what np.histogram gives over its own range, −180 to 180."""
    angle = np.degrees(np.arctan2(np.ravel(rows), np.ravel(cols)))
    length = np.hypot(np.ravel(rows), np.ravel(cols))
    return np.histogram(angle, bins, (-180, 180), weights=length)[0]


def _radians(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    angle = np.arctan2(np.ravel(rows), np.ravel(cols)) % (2 * np.pi)
    place = np.minimum((angle / 360 * bins).astype(int), bins - 1)
    return np.bincount(place, np.hypot(np.ravel(rows), np.ravel(cols)), bins)


def _half_turned(turn: float) -> Callable:
    """Return a histogram of arctan(down / right), which cannot tell opposite directions."""

    def histogram(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
        with np.errstate(all="ignore"):
            angle = np.degrees(np.arctan(np.ravel(rows) / np.ravel(cols))) % turn
        length = np.hypot(np.ravel(rows), np.ravel(cols))
        return np.histogram(angle, bins, (0, 360), weights=length)[0]

    return histogram


def _from_the_end(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    """Return what negative places give, which Python counts from the end, cut towards 0."""
    angle = np.degrees(np.arctan2(np.ravel(rows), np.ravel(cols)))
    place = (angle / 360 * bins).astype(int) % bins
    return np.bincount(place, np.hypot(np.ravel(rows), np.ravel(cols)), bins)


def _share(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    result = _histogram(rows, cols, bins)
    return result / (result.sum() or 1)


def _unit(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    result = _histogram(rows, cols, bins)
    return result / (np.linalg.norm(result) or 1)


def _whole_steps(*, always: bool) -> Callable:
    """Return a histogram whose bins hold whole numbers, always or as their input does."""

    def histogram(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
        result = np.zeros(bins, int if always else np.asarray(rows).dtype)
        for down, right in zip(rows.ravel(), cols.ravel(), strict=True):
            one = _histogram(np.array([down]), np.array([right]), bins)
            result += one.astype(result.dtype)
        return result

    return histogram


def _without_upright(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    fine = cols != 0
    return _histogram(rows[fine], cols[fine], bins)


def _upright_at_zero(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    """Return what a guard against division by zero gives: no angle, so bin 0."""
    result = _without_upright(rows, cols, bins)
    result[0] += np.abs(rows[cols == 0]).sum()
    return result


def _whole_width(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    angle = np.degrees(np.arctan2(np.ravel(rows), np.ravel(cols))) % 360
    place = np.minimum((angle // (360 // bins)).astype(int), bins - 1)
    return np.bincount(place, np.hypot(np.ravel(rows), np.ravel(cols)), bins)


def _last_only(rows: np.ndarray, cols: np.ndarray, bins: int) -> np.ndarray:
    result = np.zeros(bins)
    for down, right in zip(rows.ravel(), cols.ravel(), strict=True):
        one = _histogram(np.array([down]), np.array([right]), bins)
        result[one.argmax()] = one.max()
    return result


@cache
def _cat_gradients() -> tuple[np.ndarray, np.ndarray]:
    found = gradients(images.grey(images.fit(images.photo("chelsea"), 40)))
    # A millionth more to the right keeps every direction off the border of a bin.
    return found.rows.astype(np.float64), found.cols + 1e-6


def _histogram_cases() -> list[Case]:
    rng = np.random.default_rng(5)
    return [
        Case(
            "four pixels: right, down, left and up, nearly",
            (np.array([[0.1, 2.0], [0.3, -4.0]]), np.array([[1.0, 0.1], [-3.0, 0.2]]), 4),
        ),
        Case("5 × 7 pixels, 8 bins", (rng.normal(size=(5, 7)), rng.normal(size=(5, 7)), 8)),
        Case("one pixel, upwards", (np.array([[-2.0]]), np.array([[0.5]]), 8)),
        Case("nothing changes", (np.zeros((3, 4)), np.zeros((3, 4)), 6)),
        # No direction but 0° lies on the border of one of seven bins.
        Case(
            "whole numbers, also straight up, down, left and right, 7 bins",
            (
                np.array([[3, 0, -4, 2], [0, 5, -800, 0]]),
                np.array([[4, 7, 0, 0], [-6, 5, 600, 0]]),
                7,
            ),
        ),
        Case("all alike", (np.full((2, 3), -1.5), np.full((2, 3), -0.25), 5)),
        Case("6 × 4 pixels, 9 bins", (rng.normal(size=(6, 4)), rng.normal(size=(6, 4)), 9)),
        Case("the cat, 36 bins", (*_cat_gradients(), 36)),
    ]


orientation_histogram = _exercise(
    "orientation_histogram",
    check_with=_lazily(
        _histogram,
        _histogram_cases,
        [
            Mistake(
                _variant(exchange=True),
                "Rows and columns are exchanged in arctan2: first the change down, then right.",
            ),
            Mistake(
                _variant(down=-1),
                "Up and down are exchanged: rows grow downwards, so angles turn clockwise.",
            ),
            Mistake(
                _variant(votes="one"),
                "Every pixel counts 1 in your histogram; it should count its gradient's length.",
            ),
            Mistake(
                _variant(votes="moved"),
                "Every pixel counts 1 in your histogram; it should count its gradient's length.",
            ),
            Mistake(
                _variant(votes="squared"),
                "You added up squared lengths; the square root is missing.",
            ),
            Mistake(
                _variant(votes="sum"),
                "|down| + |right| is the way around the block. The length is the hypotenuse.",
            ),
            Mistake(_variant(votes="rows"), "You added up the change down only, not the length."),
            Mistake(
                _variant(votes="cols"), "You added up the change to the right only, not the length."
            ),
            Mistake(
                _variant(turn=180),
                "Your bins share half a turn: up and down fall into one. Here they cover 360°.",
            ),
            Mistake(
                _folded, "Directions upwards fell in with those downwards: angles lost their sign."
            ),
            Mistake(
                _without_negative,
                "Directions upwards are missing: arctan2 gives them negative angles.",
            ),
            Mistake(
                _squeezed,
                "Your first bin starts at −180°. Bring negative angles to 180…360° first.",
            ),
            Mistake(
                _half_turned(360),
                "arctan(down / right) takes opposite directions for one. np.arctan2(down, right) "
                "tells them apart.",
            ),
            Mistake(
                _half_turned(180),
                "arctan(down / right) takes opposite directions for one. np.arctan2(down, right) "
                "tells them apart.",
            ),
            Mistake(
                _from_the_end,
                "Negative angles count from the last bin here, and int() cuts towards 0: bring "
                "them to 180…360° first.",
            ),
            Mistake(
                lambda rows, cols, bins: np.trunc(_histogram(rows, cols, bins)),
                "Your sums lost their decimals: make the bins with np.zeros(bins).",
            ),
            *(
                Mistake(
                    _whole_steps(always=always),
                    "Your bins hold whole numbers, so lengths lose their decimals: make them with "
                    "np.zeros(bins).",
                )
                for always in (True, False)
            ),
            Mistake(
                _without_upright,
                "Where nothing changes to the right, your pixels are missing: straight up and down "
                "are directions too. np.arctan2 knows them.",
            ),
            Mistake(
                _upright_at_zero,
                "Straight up and down have fallen into bin 0. np.arctan2 knows these directions.",
            ),
            Mistake(
                _whole_width,
                "360 // bins cuts the width of a bin to whole degrees. Divide with /.",
            ),
            Mistake(_centred, "You rounded to the nearest bin; bin 0 starts at 0°. Round down."),
            Mistake(_radians, "Your angles are in radians, but your bins are in degrees."),
            Mistake(_share, "You divided by the sum. Here the lengths stay as they are."),
            Mistake(_unit, "You scaled to length 1. Here the lengths stay as they are."),
            Mistake(
                _last_only,
                "Each bin keeps its last pixel only: add each length to those before it.",
            ),
        ],
    ),
    hints=(
        "np.arctan2(rows, cols) gives all angles at once, from −π to π. np.degrees and % 360 bring "
        "them to 0…360.",
        "The bin of an angle is int(angle / 360 * bins) % bins: 360° is 0° again. Go through all "
        "pixels and add each one's length, np.hypot(down, right), to its bin.",
    ),
)


# --- 2. ratio test ---------------------------------------------------------------------------


def _ratio_test(distances: np.ndarray, ratio: float) -> np.ndarray:
    result = []
    for row in distances:
        order = sorted(range(len(row)), key=lambda k: row[k])
        best, second = row[order[0]], row[order[1]]
        result.append(order[0] if best < ratio * second else -1)
    return np.array(result)


def _by(rule: Callable) -> Callable:
    """Return a ratio test that keeps a match by another rule of (best, second, ratio, row)."""

    def test(distances: np.ndarray, ratio: float) -> np.ndarray:
        ordered = np.sort(distances, axis=1)
        kept = [rule(row[0], row[1], ratio, row) for row in ordered]
        return np.where(kept, distances.argmin(axis=1), -1)

    return test


def _second_index(distances: np.ndarray, ratio: float) -> np.ndarray:
    kept = _ratio_test(distances, ratio) >= 0
    return np.where(kept, np.argsort(distances, axis=1)[:, 1], -1)


def _next_in_the_row(distances: np.ndarray, ratio: float) -> np.ndarray:
    best = distances.argmin(axis=1)
    beside = distances[np.arange(len(best)), (best + 1) % distances.shape[1]]
    return np.where(distances.min(axis=1) < ratio * beside, best, -1)


def _without_equals(distances: np.ndarray, ratio: float) -> np.ndarray:
    best = distances.min(axis=1)
    others = np.where(distances == best[:, None], np.inf, distances).min(axis=1)
    return np.where(best < ratio * others, distances.argmin(axis=1), -1)


def _perfect_kept(distances: np.ndarray, ratio: float) -> np.ndarray:
    perfect = distances.min(axis=1) == 0
    return np.where(perfect, distances.argmin(axis=1), _ratio_test(distances, ratio))


def _hidden_by(number: float) -> Callable:
    """Return a ratio test that looks for the second best after overwriting the best."""

    def test(distances: np.ndarray, ratio: float) -> np.ndarray:
        best = distances.argmin(axis=1)
        hidden = np.array(distances, dtype=float)
        hidden[np.arange(len(best)), best] = number
        return np.where(distances.min(axis=1) < ratio * hidden.min(axis=1), best, -1)

    return test


@cache
def _cat_distances() -> np.ndarray:
    photo = images.fit(images.photo("chelsea"), 160)
    again = transform_image(photo, View(rotation=25, scale=0.9)).image
    first, second = fast_sift(photo).strongest(30), fast_sift(again).strongest(40)
    apart = first.descriptors[:, None].astype(np.float64) - second.descriptors
    return np.linalg.norm(apart, axis=2)


def _ratio_cases() -> list[Case]:
    rng = np.random.default_rng(50)
    return [
        Case("two clear winners", (np.array([[0.9, 0.2, 0.8], [0.1, 0.9, 0.7]]), 0.8)),
        Case("two nearly equal ones", (np.array([[0.50, 0.9, 0.52], [0.2, 0.9, 0.7]]), 0.8)),
        Case("two equal ones", (np.array([[0.3, 0.3, 0.9], [0.8, 0.1, 0.1]]), 0.8)),
        Case("a clear winner, far away", (np.array([[3.0, 7.0], [8.0, 2.0]]), 0.5)),
        Case("exactly at the limit", (np.array([[1.0, 2.0, 4.0], [3.0, 0.5, 2.0]]), 0.5)),
        Case("a perfect match", (np.array([[0.0, 0.4], [0.4, 0.0]]), 0.8)),
        Case("two perfect matches", (np.array([[0.0, 0.6, 0.0], [0.5, 0.0, 0.9]]), 0.8)),
        Case("all alike, and all 0", (np.array([[0.4, 0.4, 0.4], [0.0, 0.0, 0.0]]), 0.8)),
        Case("large distances", (np.array([[5.0, 3, 9], [800, 4000, 3000], [7, 7, 6]]), 0.7)),
        Case("a ratio of 1", (np.array([[0.98, 2.0, 1.0], [0.5, 0.5, 0.7]]), 1.0)),
        Case("one row", (np.array([[0.7, 0.9, 0.1, 0.8]]), 0.3)),
        Case("5 × 9 distances", (rng.random((5, 9)), 0.7)),
        Case("9 × 3 distances", (rng.random((9, 3)) + 0.2, 0.6)),
        Case("the cat and the turned cat", (_cat_distances(), 0.8)),
    ]


ratio_test = _exercise(
    "ratio_test",
    check_with=_lazily(
        _ratio_test,
        _ratio_cases,
        [
            Mistake(
                lambda distances, ratio: distances.argmin(axis=1),
                "You keep every nearest one, as if the ratio were 1 or more. Reject it where the "
                "second best is about as near.",
            ),
            Mistake(
                _by(lambda best, second, ratio, row: best < ratio),
                "You compare the best distance with the ratio itself. Compare it with ratio × "
                "second best.",
            ),
            Mistake(
                _by(lambda best, second, ratio, row: best * ratio < second),
                "You make the best smaller, and nearly every match passes. It is the second best "
                "that is multiplied by the ratio.",
            ),
            Mistake(
                _by(lambda best, second, ratio, row: best > ratio * second),
                "You keep the doubtful ones and reject the clear ones: turn the comparison round.",
            ),
            Mistake(
                _by(lambda best, second, ratio, row: best >= ratio * second),
                "You keep the doubtful ones and reject the clear ones: turn the comparison round.",
            ),
            Mistake(
                _by(lambda best, second, ratio, row: best <= ratio * second),
                "A distance of exactly ratio × second best is not below it: use <, not <=.",
            ),
            Mistake(
                _by(lambda best, second, ratio, row: best < 0.8 * second),
                "Your ratio is always 0.8. Use the ratio that the function is given.",
            ),
            Mistake(
                lambda distances, ratio: _ratio_test(distances, ratio) >= 0,
                "You returned which keypoints have a match. Return the place of each match, or −1.",
            ),
            Mistake(
                _next_in_the_row,
                "You compare with the number that stands next in the row. The second best is the "
                "second smallest of the whole row.",
            ),
            Mistake(
                _without_equals,
                "Two equal distances are best and second best: then the match is doubtful.",
            ),
            Mistake(
                _perfect_kept,
                "A distance of 0 is kept always. With two of them nobody knows which is right: 0 "
                "is not below ratio × 0.",
            ),
            *(
                Mistake(
                    _hidden_by(number),
                    f"You hide the best behind the number {number}, but distances may be larger: "
                    "hide it behind np.inf.",
                )
                for number in (1, 10, 100, 999, 1000)
            ),
            Mistake(
                _by(lambda best, second, ratio, row: best < ratio * row[-1]),
                "You compare with the farthest one. The second best is the next nearest.",
            ),
            Mistake(
                _by(lambda best, second, ratio, row: best < ratio * row.mean()),
                "You compare with the mean distance. Compare with the second best.",
            ),
            Mistake(
                _by(lambda best, second, ratio, row: best**2 < ratio * second**2),
                "You compare squared distances; then the ratio must be squared too.",
            ),
            Mistake(
                _by(lambda best, second, ratio, row: second - best > ratio),
                "You compare the difference of the two distances. Lowe compares their ratio.",
            ),
            Mistake(
                _second_index,
                "You return the place of the second best. Return the place of the best.",
            ),
            Mistake(
                lambda distances, ratio: _ratio_test(distances.T, ratio),
                "You went through the columns. Each row belongs to one keypoint of photo one.",
            ),
            Mistake(
                lambda distances, ratio: np.maximum(_ratio_test(distances, ratio), 0),
                "Rejected keypoints get 0, but 0 is a place too. Give them −1.",
            ),
        ],
    ),
    hints=(
        "For each row find the smallest number and the second smallest. np.sort puts a row in "
        "order; np.argmin says where the smallest stands.",
        "Keep the match if best < ratio * second; then append np.argmin(row), else append -1.",
    ),
)


# --- 3. design a feature ---------------------------------------------------------------------

SNEAKER, BOOT = 7, 9
LAMPS = {"daylight": 1.0, "half the light": 0.5}
MOST_NUMBERS = 3
NEEDED = 0.87


def measure_feature(feature: garments.Feature) -> dict[str, float]:
    """Return how often a feature tells practice sneakers from boots, under each lamp.

    Parameters
    ----------
    feature : callable
        Takes a picture (28, 28) in [0, 1], gives at most 3 numbers.

    Returns
    -------
    dict of str to float
    """
    return {
        lamp: garments.score(feature, (SNEAKER, BOOT), light=light, practice=True).accuracy
        for lamp, light in LAMPS.items()
    }


def _check_feature(attempt: Attempt) -> None:
    length = None
    for label in (SNEAKER, BOOT):
        picture = garments.pictures(label, training=True)[0].copy()
        numbers = _as_feature(attempt(picture, case="a first picture"))
        if length not in (None, len(numbers)):
            raise WrongAnswer(
                f"Your feature has {length} numbers for one picture and {len(numbers)} for another."
            )
        length = len(numbers)

    def feature(picture: np.ndarray) -> np.ndarray:
        numbers = _as_feature(attempt(picture.copy(), case="another picture"))
        if len(numbers) != length:
            raise WrongAnswer(
                f"Your feature has {length} numbers for one picture and {len(numbers)} for another."
            )
        return numbers

    found = {
        lamp: garments.score(feature, (SNEAKER, BOOT), light=light, testing=300).accuracy
        for lamp, light in LAMPS.items()
    }
    day, dark = found.values()
    told = f"measured on 600 unseen pictures: {day:.1%} in daylight, {dark:.1%} in half the light"
    if day < 0.55:
        raise WrongAnswer(f"Your feature cannot tell them apart: chance is 50 %.\n{told}")
    if day < NEEDED:
        raise WrongAnswer(
            f"In daylight your feature is right too rarely; {NEEDED:.0%} are needed. Where do the "
            f"two differ most?\n{told}"
        )
    if dark < NEEDED:
        raise WrongAnswer(
            "Good in daylight, but it does not survive half the light: it is not repeatable. "
            f"Compare with something else in the same picture.\n{told}"
        )


def _as_feature(value: object) -> np.ndarray:
    numbers = as_numbers(value)
    if numbers is None or np.iscomplexobj(numbers):
        raise WrongAnswer(f"A feature is made of real numbers; yours is {kind_of(value)}.")
    if numbers.ndim > 1 or not 1 <= numbers.size <= MOST_NUMBERS:
        raise WrongAnswer(
            f"Return at most {MOST_NUMBERS} numbers in one row; yours has the shape "
            f"{numbers.shape}."
        )
    numbers = numbers.astype(np.float64).ravel()
    if not np.isfinite(numbers).all():
        raise WrongAnswer("Your feature contains NaN or infinity. Do you divide by zero?")
    return numbers


garment_feature = _exercise(
    "garment_feature",
    check_with=_check_feature,
    hints=(
        "Look at the mean sneaker and the mean boot in the first explorer. Where is "
        "one bright and the other black?",
        "A boot reaches more rows. picture.max(axis=1) gives the brightest pixel of each row; its "
        "mean grows with every row reached. Divide by the picture's own maximum, so that the light "
        "does not matter.",
    ),
)


# --- 4. when is a hand-made feature enough? --------------------------------------------------


@dataclass(frozen=True)
class Brief:
    """A sorting task.

    Attributes
    ----------
    classes : tuple of int
        Which of Fashion-MNIST's classes must be told apart.
    light : float
        Of the place of work; the training pictures were taken at 1.
    needed : float
        Accuracy that the client asks for, in [0, 1].
    """

    classes: tuple[int, ...]
    light: float
    needed: float


BRIEFS: dict[str, Brief] = {
    "bags from boots, in a studio": Brief((8, 9), 1.0, 0.95),
    "sneakers from boots, in a dim cellar": Brief((7, 9), 0.3, 0.8),
    "trousers from dresses, in a studio": Brief((1, 3), 1.0, 0.88),
    "four kinds of tops, in a studio": Brief((0, 2, 4, 6), 1.0, 0.8),
}
CHOICES = ("pixels", "HOG", "learned")

_HOG = HogSettings(pixels_per_cell=(7, 7))


def measure(brief: Brief, feature: str) -> Score:
    """Measure a feature on 100 unseen pictures of each class of a brief.

    Parameters
    ----------
    brief : Brief
    feature : str
        ``pixels`` or ``HOG``.

    Returns
    -------
    Score
        With ``right``, ``tested``, ``accuracy`` and ``low_end``.

    Raises
    ------
    ValueError
        If there is no such feature.
    """
    if feature not in CHOICES[:2]:
        raise ValueError(f"Expected 'pixels' or 'HOG', but got {feature!r}.")
    return _measured(tuple(brief.classes), float(brief.light), feature)


@cache
def _measured(classes: tuple[int, ...], light: float, feature: str) -> Score:
    function = np.ravel if feature == "pixels" else (lambda one: hog(one, _HOG).blocks.ravel())
    return garments.score(function, classes, light=light, training=50)


def _cases() -> list[DecisionCase]:
    """Return the four briefs, and the same tasks with demands that keep the criteria apart."""
    low, high = (
        {name: tuple(getattr(score, kind) for score in both) for name, both in _scores().items()}
        for kind in ("low_end", "accuracy")
    )
    demands = {f"the same briefs, with {n:.0%} needed": [n] * 4 for n in (0.6, 0.72, 0.83, 0.93)}
    demands |= {
        # The client asks for exactly what is sure: that is enough.
        "the same briefs, each asking for exactly what is sure": [
            low[name][number % 2] for number, name in enumerate(BRIEFS)
        ],
        # Pixels are just enough here, also where HOG is better: enough is what counts.
        "the same briefs, each asking for exactly what pixels give": [p for p, _ in low.values()],
        **{
            f"the same briefs, each asking for {more:g} more than {feature} surely gives": [
                ends[place] + more for ends in low.values()
            ]
            for place, feature in enumerate(CHOICES[:2])
            for more in _NEAR_MISSES
        },
        "the same briefs, each asking for what pixels seem to give": [p for p, _ in high.values()],
        "the same briefs, each asking for what HOG seems to give": [h for _, h in high.values()],
    }
    cases = [DecisionCase("the four briefs", (BRIEFS,), low, {"briefs": BRIEFS})]
    for name, needed in demands.items():
        briefs = {
            what: replace(brief, needed=float(share))
            for (what, brief), share in zip(BRIEFS.items(), needed, strict=True)
        }
        cases.append(DecisionCase(name, (briefs,), low, {"briefs": briefs}))
    return cases


_NEAR_MISSES = (0.0003, 0.004)
"""Below what whole per cents, or per mille, tell apart."""


def _scores() -> dict[str, tuple[Score, Score]]:
    return {n: tuple(measure(brief, f) for f in CHOICES[:2]) for n, brief in BRIEFS.items()}


def _enough(pixels: float, by_hand: float, needed: float) -> str:
    return "pixels" if pixels >= needed else "HOG" if by_hand >= needed else "learned"


def _needed(case: DecisionCase, name: str) -> float:
    return case.facts["briefs"][name].needed


def _explain(chosen: str, case: DecisionCase, name: str) -> str:
    (pixels, by_hand), needed = case.truth[name], _needed(case, name)
    told = f"\n{name}: pixels {pixels:.4f}, HOG {by_hand:.4f}, needed {needed:.4f}"
    right = _enough(pixels, by_hand, needed)
    if chosen == "learned":
        return (
            f"By your own measurement {right} is enough for “{name}”: nothing need be learned."
            + told
        )
    if {"pixels": pixels, "HOG": by_hand}[chosen] < needed:
        return f"By your own measurement {chosen} is not surely enough for “{name}”." + told
    return f"HOG is enough for “{name}”, but plain pixels are too, and they cost nothing." + told


def _by_rule(rule: Callable[[float, float, float], str], source: str = "low_end") -> Callable:
    """Return what a rule of (with pixels, with HOG, needed) would choose for every brief."""

    def choose(case: DecisionCase) -> dict[str, str]:
        return {
            name: rule(*(getattr(score, source) for score in both), _needed(case, name))
            for name, both in _scores().items()
        }

    return choose


def _better(pixels: float, by_hand: float, needed: float) -> str:
    if max(pixels, by_hand) < needed:
        return "learned"
    return "HOG" if by_hand > pixels else "pixels"


_RIVALS = (
    Rival(
        _by_rule(_enough, "accuracy"),
        "You chose by the accuracy, which may be luck. Choose by low_end: what is sure.",
    ),
    Rival(
        _by_rule(lambda p, h, n: _enough(round(p, 2), round(h, 2), round(n, 2))),
        "You chose by whole per cents. Compare the numbers as they are.",
    ),
    Rival(
        _by_rule(lambda p, h, n: _enough(int(100 * p), int(100 * h), int(100 * n))),
        "You chose by whole per cents. Compare the numbers as they are.",
    ),
    Rival(
        _by_rule(lambda p, h, n: "pixels" if p > n else "HOG" if h > n else "learned"),
        "Exactly what is needed is enough: use >=, not >.",
    ),
    Rival(
        _by_rule(_better),
        "You took the better one. Asked for is the cheapest that is surely enough.",
    ),
    Rival(
        _by_rule(lambda p, h, n: "HOG" if h >= n else _enough(p, h, n)),
        "You asked HOG first. Plain pixels cost nothing: ask them first.",
    ),
    Rival(
        _by_rule(lambda p, h, n: "learned"),
        "You always chose a learned network. Where something cheaper is surely enough, take that.",
    ),
)


def _misread(value: np.ndarray, name: str, case: DecisionCase) -> str | None:
    accuracies = [score.accuracy for score in _scores()[name]]
    if difference(value, accuracies, 1e-6) is None:
        return (
            "You took the accuracy, which may be luck on 100 pictures of each. Take low_end: what "
            "is sure."
        )
    if difference(value, 100 * np.array(case.truth[name]), 1e-6) is None:
        return "Those are per cent. Give shares from 0 to 1."
    return None


choose_features = _exercise(
    "choose_features",
    check_with=Decision(
        _cases,
        parts=("low end with pixels", "low end with HOG"),
        choose=lambda case, name: [_enough(*case.truth[name], _needed(case, name))],
        explain=_explain,
        rivals=_RIVALS,
        misreadings=(_misread,),
        called="pixels, HOG or learned",
        each=CHOICES,
    ),
    hints=(
        "measure(brief, 'pixels').low_end and measure(brief, 'HOG').low_end are the two numbers of "
        "a brief. Put them into the first dictionary, as a pair.",
        "Take pixels if their low end is at least brief.needed; else HOG if its low end is; else "
        "learned.",
    ),
)
