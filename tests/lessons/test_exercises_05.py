"""Lesson 05: right answers written unusually are accepted, wrong ones told their cause."""

import math

import lesson_source
import numpy as np
import scipy.stats
from answers import ExerciseTests, Table, Wrong

from aml4d_utils.lessons.features import exercises
from aml4d_utils.lessons.features.exercises import measure

# --- 1. a histogram of directions ----------------------------------------------------------------


def angles(rows, cols):
    return np.degrees(np.arctan2(rows, cols)) % 360


def lengths(rows, cols):
    return np.sqrt(rows**2 + cols**2)


def counted(angle, weights, bins, limits=(0, 360)):
    return np.histogram(np.ravel(angle), bins, limits, weights=np.ravel(weights))[0]


def with_loops_and_lists(rows, cols, bins):
    result = [0] * bins
    for line, other in zip(rows.tolist(), cols.tolist(), strict=True):
        for down, right in zip(line, other, strict=True):
            turn = math.atan2(down, right) / (2 * math.pi)
            result[int((turn + 1) % 1 * bins) % bins] += math.hypot(down, right)
    return result


def with_complex_numbers(rows, cols, bins):
    arrows = (cols + 1j * rows).ravel()
    place = (np.angle(arrows) % (2 * np.pi) / (2 * np.pi) * bins).astype(int)
    return [abs(arrows[place == k]).sum() for k in range(bins)]


def negative_places(rows, cols, bins):
    result = np.zeros(bins)
    for down, right in zip(rows.ravel(), cols.ravel(), strict=True):
        angle = math.degrees(math.atan2(down, right))
        result[int(angle / 360 * bins)] += math.hypot(down, right)
    return result


def keeps_last(rows, cols, bins):
    result = np.zeros(bins)
    place = (angles(rows, cols) / 360 * bins).astype(int)
    result[place.ravel()] = lengths(rows, cols).ravel()
    return result


def forgets_the_sign(rows, cols, bins):
    return counted(np.degrees(np.arctan2(abs(rows), cols)), lengths(rows, cols), bins)


def added_up(rows, cols, bins, dtype=float):
    result = np.zeros(bins, dtype)
    for place, length in zip(
        (angles(rows, cols) / 360 * bins).astype(int).flat, lengths(rows, cols).flat, strict=True
    ):
        result[place] += length
    return result


def guarded_division(rows, cols, bins):
    with np.errstate(all="ignore"):
        angle = np.degrees(np.arctan(rows / cols))
    angle = np.where(cols == 0, 0, np.where(cols < 0, angle + 180, angle)) % 360
    return counted(angle, lengths(rows, cols), bins)


def skips_upright(rows, cols, bins):
    return added_up(rows[cols != 0], cols[cols != 0], bins)


HISTOGRAM = Table(
    "orientation_histogram",
    wrong=(
        Wrong(
            "exchanged",
            "exchanged in arctan2",
            lambda r, c, b: counted(angles(c, r), lengths(r, c), b),
        ),
        Wrong(
            "upwards",
            "Up and down are exchanged",
            lambda r, c, b: counted(angles(-r, c), lengths(r, c), b),
        ),
        Wrong(
            "counts",
            "should count its gradient's length",
            lambda r, c, b: counted(angles(r, c), np.ones(r.shape), b),
        ),
        Wrong(
            "squared",
            "the square root is missing",
            lambda r, c, b: counted(angles(r, c), r**2 + c**2, b),
        ),
        Wrong(
            "city blocks",
            "the way around the block",
            lambda r, c, b: counted(angles(r, c), abs(r) + abs(c), b),
        ),
        Wrong(
            "change down only",
            "the change down only",
            lambda r, c, b: counted(angles(r, c), abs(r), b),
        ),
        Wrong(
            "change to the right only",
            "the change to the right only",
            lambda r, c, b: counted(angles(r, c), abs(c), b),
        ),
        Wrong(
            "without a sign, as HOG",
            "up and down fall into one",
            lambda r, c, b: counted(angles(r, c) % 180, lengths(r, c), b, (0, 180)),
        ),
        Wrong("absolute", "angles lost their sign", forgets_the_sign),
        Wrong(
            "negative angles lost",
            "Directions upwards are missing",
            lambda r, c, b: counted(np.degrees(np.arctan2(r, c)), lengths(r, c), b),
        ),
        Wrong(
            "from −180",
            "Your first bin starts at −180°",
            lambda r, c, b: counted(np.degrees(np.arctan2(r, c)), lengths(r, c), b, (-180, 180)),
        ),
        Wrong(
            "rounded",
            "You rounded to the nearest bin",
            lambda r, c, b: counted((angles(r, c) + 180 / b) % 360, lengths(r, c), b),
        ),
        Wrong(
            "radians",
            "Your angles are in radians",
            lambda r, c, b: counted(np.arctan2(r, c) % (2 * np.pi), lengths(r, c), b),
        ),
        Wrong(
            "shares",
            "You divided by the sum",
            lambda r, c, b: (
                counted(angles(r, c), lengths(r, c), b) / max(lengths(r, c).sum(), 1e-12)
            ),
        ),
        Wrong(
            "unit length",
            "You scaled to length 1",
            lambda r, c, b: (
                (h := counted(angles(r, c), lengths(r, c), b)) / max(np.linalg.norm(h), 1e-12)
            ),
        ),
        Wrong(
            "arctan",
            "takes opposite directions for one",
            np.errstate(all="ignore")(
                lambda r, c, b: counted(np.degrees(np.arctan(r / c)) % 360, lengths(r, c), b)
            ),
        ),
        Wrong(
            "arctan over half a turn",
            "takes opposite directions for one",
            np.errstate(all="ignore")(
                lambda r, c, b: counted(np.degrees(np.arctan(r / c)) % 180, lengths(r, c), b)
            ),
        ),
        Wrong("places below 0", "from the last bin", negative_places),
        Wrong(
            "whole sums",
            "lost their decimals",
            lambda r, c, b: counted(angles(r, c), lengths(r, c), b).astype(int),
        ),
        Wrong("whole bins", "Your bins hold whole numbers", lambda r, c, b: added_up(r, c, b, int)),
        Wrong(
            "bins of the input's kind",
            "Your bins hold whole numbers",
            lambda r, c, b: added_up(r, c, b, r.dtype),
        ),
        Wrong(
            "place not whole",
            "is a whole number: int(x)",
            lambda r, c, b: [np.zeros(b)[angle / 360 * b] for angle in angles(r, c).flat],
        ),
        Wrong(
            "places not whole",
            "is a whole number: int(x)",
            lambda r, c, b: np.bincount((angles(r, c) / 360)[0], minlength=b)[angles(r, c)],
        ),
        Wrong("math on arrays", "Those of np take arrays", lambda r, c, b: math.atan2(r, c)),
        Wrong("divides, else bin 0", "have fallen into bin 0", guarded_division),
        Wrong("divides, else nothing", "your pixels are missing", skips_upright),
        Wrong(
            "whole width",
            "cuts the width of a bin",
            lambda r, c, b: np.bincount(
                np.minimum(angles(r, c) // (360 // b), b - 1).astype(int).ravel(),
                lengths(r, c).ravel(),
                b,
            ),
        ),
        Wrong(
            "down and up alike where nothing changes to the right",
            "At index",
            lambda r, c, b: counted(angles(np.where(c == 0, abs(r), r), c), lengths(r, c), b),
        ),
        Wrong(
            "lengths of 8 bits",
            "At index",
            lambda r, c, b: counted(angles(r, c), np.minimum(lengths(r, c), 255), b),
        ),
        Wrong("keeps the last", "keeps its last pixel only", keeps_last),
        Wrong(
            "always 8 bins",
            "The shape is (8,); expected is (4,)",
            lambda r, c, b: counted(angles(r, c), lengths(r, c), 8),
        ),
        Wrong(
            "with the borders",
            "returned",
            lambda r, c, b: np.histogram(
                angles(r, c).ravel(), b, (0, 360), weights=lengths(r, c).ravel()
            ),
        ),
    ),
    right={
        "numpy's histogram": lambda r, c, b: counted(angles(r, c), lengths(r, c), b),
        "loops and lists": with_loops_and_lists,
        "complex numbers": with_complex_numbers,
        "SciPy": lambda r, c, b: (
            scipy.stats.binned_statistic(
                angles(r, c).ravel(), lengths(r, c).ravel(), "sum", b, (0, 360)
            ).statistic
        ),
        "32-bit numbers": lambda r, c, b: added_up(r.astype("f4"), c.astype("f4"), b, "f4"),
        "masks": lambda r, c, b: tuple(
            lengths(r, c)[np.floor(angles(r, c) / (360 / b)) == k].sum() for k in range(b)
        ),
    },
)


# --- 2. ratio test -------------------------------------------------------------------------------


def by_rule(rule):
    def test(distances, ratio):
        result = []
        for row in distances:
            best, second = sorted(row)[:2]
            result.append(int(row.argmin()) if rule(best, second, ratio, row) else -1)
        return result

    return test


def pairs(distances, ratio):
    return [
        (k, row.argmin()) for k, row in enumerate(distances) if min(row) < ratio * sorted(row)[1]
    ]


def over_columns(distances, ratio):
    return by_rule(lambda b, s, r, row: b < r * s)(distances.T, ratio)


def second_place(distances, ratio):
    order = np.argsort(distances, axis=1)
    best, second = np.sort(distances, axis=1)[:, :2].T
    return np.where(best < ratio * second, order[:, 1], -1)


def masked(distances, ratio):
    best = distances.argmin(axis=1)
    hidden = distances.copy()
    hidden[np.arange(len(best)), best] = np.inf
    clear = distances.min(axis=1) < ratio * hidden.min(axis=1)
    return np.where(clear, best, -1)


def partitioned(distances, ratio):
    two = np.argpartition(distances, 1, axis=1)[:, :2]
    values = np.take_along_axis(distances, two, axis=1)
    swap = values[:, 0] > values[:, 1]
    two[swap] = two[swap, ::-1]
    values = np.take_along_axis(distances, two, axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(values[:, 0] / values[:, 1] < ratio, two[:, 0], -1).tolist()


def hiding_with(number):
    def test(distances, ratio):
        result = []
        for row in distances.astype(float):
            place, best = row.argmin(), row.min()
            row[place] = number
            result.append(place if best < ratio * row.min() else -1)
        return result

    return test


def two_smallest(distances, ratio):
    result = []
    for row in distances:
        best = second = math.inf
        for k, value in enumerate(row):
            if value < best:
                best, second, place = value, best, k
            elif value < second:
                second = value
        result.append(place if best < ratio * second else -1)
    return result


RATIO = Table(
    "ratio_test",
    wrong=(
        Wrong("nearest", "as if the ratio were 1 or more", lambda d, r: d.argmin(axis=1)),
        Wrong("threshold", "with the ratio itself", by_rule(lambda b, s, r, row: b < r)),
        Wrong("turned round", "turn the comparison round", by_rule(lambda b, s, r, row: b > r * s)),
        Wrong("turned round too", "turn the comparison", by_rule(lambda b, s, r, row: b >= r * s)),
        Wrong("limit kept", "use <, not <=", by_rule(lambda b, s, r, row: b <= r * s)),
        Wrong("wrong side", "You make the best smaller", by_rule(lambda b, s, r, row: b * r < s)),
        Wrong("farthest", "with the farthest one", by_rule(lambda b, s, r, row: b < r * max(row))),
        Wrong("mean", "with the mean distance", by_rule(lambda b, s, r, row: b < r * row.mean())),
        Wrong("squares", "squared distances", by_rule(lambda b, s, r, row: b * b < r * s * s)),
        Wrong("difference", "compare the difference", by_rule(lambda b, s, r, row: s - b > r)),
        Wrong("second place", "the place of the second best", second_place),
        Wrong("columns", "You went through the columns", over_columns),
        Wrong(
            "zero for rejected",
            "0 is a place too",
            lambda d, r: np.maximum(by_rule(lambda b, s, q, row: b < q * s)(d, r), 0),
        ),
        Wrong("always 0.8", "always 0.8", by_rule(lambda b, s, r, row: b < 0.8 * s)),
        Wrong(
            "which ones",
            "which keypoints have a match",
            lambda d, r: [place >= 0 for place in masked(d, r)],
        ),
        Wrong(
            "next in the row",
            "stands next in the row",
            by_rule(lambda b, s, r, row: b < r * row[(row.argmin() + 1) % len(row)]),
        ),
        Wrong(
            "equal ones left out",
            "Two equal distances",
            by_rule(lambda b, s, r, row: b < r * min(v for v in row if v > b)),
        ),
        Wrong(
            "perfect ones kept",
            "A distance of 0 is kept always",
            by_rule(lambda b, s, r, row: b == 0 or b < r * s),
        ),
        Wrong(
            "kept where the second is 0",
            "A distance of 0 is kept always",
            by_rule(lambda b, s, r, row: s == 0 or b / s < r),
        ),
        Wrong("hidden behind 999", "hide it behind np.inf", hiding_with(999)),
        Wrong("hidden behind 10", "hide it behind np.inf", hiding_with(10)),
        Wrong("ratio below 1 only", "At index", by_rule(lambda b, s, r, row: b < min(r, 0.9) * s)),
        Wrong(
            "0 where all are 0",
            "At index",
            lambda d, r: np.where(d.max(axis=1) == 0, 0, masked(d, r)),
        ),
        Wrong("pairs", "The shape is (2, 2); expected is (2,)", pairs),
        Wrong("distances", "At index", lambda d, r: d.min(axis=1)),
    ),
    right={
        "sorted rows": by_rule(lambda b, s, r, row: b < r * s),
        "the best hidden": masked,
        "partition and division": partitioned,
        "floats": lambda d, r: np.array(masked(d, r), dtype=float),
        "one walk along the row": two_smallest,
    },
)


# --- 3. design a feature -------------------------------------------------------------------------


def reached(picture, limit):
    return [row for row in range(28) if picture[row].max() > limit]


def in_turn():
    """Return a feature whose length changes from call to call."""
    calls = []

    def feature(picture):
        calls.append(1)
        return [picture.mean()] * (1 + len(calls) % 2)

    return feature


def divides_by_zero(picture):
    with np.errstate(all="ignore"):
        return picture[0, 0] / picture[27, 0]


FEATURE = Table(
    "garment_feature",
    wrong=(
        Wrong("constant", "chance is 50 %", lambda p: 1.0),
        Wrong("one corner", "chance is 50 %", lambda p: p[0, 0]),
        Wrong("brightness", "right too rarely", lambda p: p.mean()),
        Wrong("bright rows", "does not survive half", lambda p: (p.max(1) > 0.5).sum()),
        Wrong(
            "brightness beside a good one",
            "does not survive half the light",
            lambda p: [p.mean(), len(reached(p, 0.3))],
        ),
        Wrong("centre", "right too rarely", lambda p: p.sum(1) @ np.arange(28) / p.sum()),
        Wrong("all pixels", "Return at most 3 numbers", lambda p: p.ravel()),
        Wrong("a picture", "Return at most 3 numbers in one row", lambda p: p[:2, :1]),
        Wrong("a name", "A feature is made of real numbers", lambda p: "boot"),
        Wrong("division by zero", "Do you divide by zero?", divides_by_zero),
        Wrong("another length each time", "2 numbers for one picture and 1 for another", in_turn()),
    ),
    right={
        "rows reached": lambda p: len(reached(p, p.max() / 4)),
        "share of the upper part": lambda p: p[:10].sum() / p.sum(),
        "rows, weighed": lambda p: [p.max(1).mean() / p.max(), 1.0],
        "rows and columns": lambda p: (
            np.int64(len(reached(p, 0.2 * p.max()))),
            float((p.max(0) > 0.2 * p.max()).sum()),
        ),
    },
)


# --- 4. when is a hand-made feature enough? ------------------------------------------------------


def ends(brief):
    return measure(brief, "pixels").low_end, measure(brief, "HOG").low_end


def cheapest(brief):
    return by_ends(*ends(brief), brief.needed)


def answered(measured=ends, chosen=cheapest):
    """Return an answer made of one function for the measurements and one for the choices."""

    def answer(briefs):
        return (
            {name: measured(brief) for name, brief in briefs.items()},
            {name: chosen(brief) for name, brief in briefs.items()},
        )

    return answer


def by_ends(pixels, by_hand, needed):
    return "pixels" if pixels >= needed else "HOG" if by_hand >= needed else "learned"


def rounded_to(digits):
    return lambda brief: by_ends(*(round(n, digits) for n in (*ends(brief), brief.needed)))


def better_one(brief):
    pixels, by_hand = ends(brief)
    if max(pixels, by_hand) < brief.needed:
        return "learned"
    return "HOG" if by_hand >= pixels else "pixels"


def better_or_pixels(brief):
    pixels, by_hand = ends(brief)
    return "pixels" if pixels == by_hand >= brief.needed else better_one(brief)


def hog_first(brief):
    return "HOG" if ends(brief)[1] >= brief.needed else cheapest(brief)


def above_only(brief):
    pixels, by_hand = ends(brief)
    return "pixels" if pixels > brief.needed else "HOG" if by_hand > brief.needed else "learned"


def by_luck(brief):
    for feature in ("pixels", "HOG"):
        if measure(brief, feature).accuracy >= brief.needed:
            return feature
    return "learned"


def accuracies(brief):
    return measure(brief, "pixels").accuracy, measure(brief, "HOG").accuracy


def loops(briefs):
    low, chosen = {}, {}
    for name in reversed(list(briefs)):
        low[name] = np.array([measure(briefs[name], kind).low_end for kind in ("pixels", "HOG")])
        enough = np.flatnonzero(low[name] >= briefs[name].needed)
        chosen[name] = (["pixels", "HOG"][enough[0]]) if len(enough) else "learned"
    return [low, chosen]


CHOICE = Table(
    "choose_features",
    wrong=(
        Wrong("choices only", "Return two things", lambda briefs: {n: "HOG" for n in briefs}),
        Wrong(
            "a list of choices",
            "must be a dictionary of your choices",
            lambda briefs: (answered()(briefs)[0], list(briefs)),
        ),
        Wrong("no measurement", "There is no measurement of", lambda briefs: ({}, {})),
        Wrong("one number", "must be two numbers", answered(lambda b: ends(b)[0])),
        Wrong("other way round", "with HOG), in this order", answered(lambda b: ends(b)[::-1])),
        Wrong("accuracy", "which may be luck", answered(accuracies)),
        Wrong("made up", "measured again it is", answered(lambda b: (0.9, 0.9))),
        Wrong("per cent", "Those are per cent", answered(lambda b: [100 * end for end in ends(b)])),
        Wrong("always HOG", "HOG is enough for", answered(chosen=lambda b: "HOG")),
        Wrong(
            "always learned",
            "You always chose a learned network",
            answered(chosen=lambda b: "learned"),
        ),
        Wrong("always pixels", "is not surely enough", answered(chosen=lambda b: "pixels")),
        Wrong("HOG first", "You asked HOG first", answered(chosen=hog_first)),
        Wrong("the better one", "plain pixels are too", answered(chosen=better_one)),
        Wrong(
            "the better one, pixels if alike",
            "You took the better one",
            answered(chosen=better_or_pixels),
        ),
        Wrong("choice by accuracy", "may be luck", answered(chosen=by_luck)),
        Wrong(
            "HOG by accuracy",
            "is not surely enough",
            answered(chosen=lambda b: by_ends(ends(b)[0], accuracies(b)[1], b.needed)),
        ),
        Wrong("exactly enough refused", "use >=, not >", answered(chosen=above_only)),
        Wrong("whole per cents", "by whole per cents", answered(chosen=rounded_to(2))),
        Wrong("whole per mille", "is not surely enough", answered(chosen=rounded_to(3))),
        Wrong(
            "cut per cents",
            "by whole per cents",
            answered(chosen=lambda b: by_ends(*(int(100 * n) for n in (*ends(b), b.needed)))),
        ),
        Wrong(
            "nearly enough",
            "is not surely enough",
            answered(chosen=lambda b: by_ends(*ends(b), b.needed - 0.002)),
        ),
        Wrong("another word", "choose pixels, HOG or learned", answered(chosen=lambda b: "cnn")),
    ),
    right={
        "two functions": answered(),
        "loops, backwards, as a list": loops,
        "lists of ends": answered(lambda b: list(ends(b))),
        "32-bit ends, NumPy's words": answered(
            lambda b: np.array(ends(b), "f4"), lambda b: np.str_(cheapest(b))
        ),
    },
)


class TestExercises(ExerciseTests):
    lesson = "05_features_by_hand"
    tables = (HISTOGRAM, RATIO, FEATURE, CHOICE)


def test_the_solution_survives_a_hair_below_0_degrees():
    source = lesson_source.solutions(TestExercises.lesson)["orientation_histogram"]
    solution = lesson_source.defined(TestExercises.lesson, "orientation_histogram", source)
    assert solution(np.array([[-1e-20]]), np.array([[2.0]]), 8).sum() == 2


def test_every_choice_turns_up_among_the_four_briefs():
    assert {cheapest(brief) for brief in exercises.BRIEFS.values()} == {"pixels", "HOG", "learned"}


def test_luck_would_change_a_choice():
    assert any(by_luck(brief) != cheapest(brief) for brief in exercises.BRIEFS.values())


def test_practice_pictures_are_not_the_pictures_of_the_check():
    found = exercises.measure_feature(lambda p: len(reached(p, p.max() / 4)))
    assert list(found) == ["daylight", "half the light"]
    assert found["daylight"] == found["half the light"] > exercises.NEEDED


def test_other_features_cannot_be_measured():
    brief = next(iter(exercises.BRIEFS.values()))
    try:
        measure(brief, "learned")
    except ValueError as error:
        assert "Expected 'pixels' or 'HOG', but got 'learned'." in str(error)
    else:
        raise AssertionError
