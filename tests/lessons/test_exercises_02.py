"""Lesson 02: right answers written unusually are accepted, wrong ones told their cause."""

import numpy as np
from answers import ExerciseTests, Table, Wrong

from aml4d_utils.measuring.intervals import wilson

# --- 1. occlusion ------------------------------------------------------------------------------


def with_where(picture, share, grey):
    columns = np.arange(picture.shape[1])
    hidden = columns >= picture.shape[1] - round(share * picture.shape[1])
    shape = (1, -1) + (1,) * (picture.ndim - 2)
    return np.where(hidden.reshape(shape), grey, picture)


def glued(picture, share, grey):
    kept = picture.shape[1] - round(share * picture.shape[1])
    board = np.full((picture.shape[0], picture.shape[1] - kept, *picture.shape[2:]), grey)
    return np.concatenate([picture[:, :kept], board], axis=1)


def column_by_column(picture, share, grey):
    result = np.zeros(picture.shape)
    for column in range(picture.shape[1]):
        hidden = column >= picture.shape[1] - round(share * picture.shape[1])
        result[:, column] = grey if hidden else picture[:, column]
    return result


def from_the_left(picture, share, grey):
    result = picture.astype(float)
    result[:, : round(share * picture.shape[1])] = grey
    return result


def negative_slice(picture, share, grey):
    result = picture.astype(float)
    result[:, -round(share * picture.shape[1]) :] = grey
    return result


def rest_hidden(picture, share, grey):
    result = picture.astype(float)
    result[:, round(share * picture.shape[1]) :] = grey
    return result


def rows(picture, share, grey):
    result = picture.astype(float)
    result[len(picture) - round(share * len(picture)) :] = grey
    return result


def same_type(picture, share, grey):
    result = picture.copy()
    result[:, picture.shape[1] - round(share * picture.shape[1]) :] = grey
    return result


def cut_down(picture, share, grey):
    result = picture.astype(float)
    result[:, picture.shape[1] - int(share * picture.shape[1]) :] = grey
    return result


def black(picture, share, grey):
    return column_by_column(picture, share, 0)


def cut_off(picture, share, grey):
    return picture[:, : picture.shape[1] - round(share * picture.shape[1])]


# --- 2. robustness curve -----------------------------------------------------------------------


def by_means(right):
    shares = np.mean(right, axis=1)
    ends = np.array([wilson(share, right.shape[1]) for share in shares])
    return np.column_stack([ends[:, 0], shares, ends[:, 1]])


def as_lists(right):
    result = []
    for row in right.tolist():
        share = row.count(True) / len(row)
        result.append([wilson(share, len(row))[0], share, wilson(share, len(row))[1]])
    return result


def down_the_columns(right):
    return by_means(right.T)


def counted_all(right):
    return [(wilson(s, right.size)[0], s, wilson(s, right.size)[1]) for s in right.mean(1)]


def counted_strengths(right):
    return [(wilson(s, len(right))[0], s, wilson(s, len(right))[1]) for s in right.mean(1)]


def share_first(right):
    return by_means(right)[:, [1, 0, 2]]


def high_first(right):
    return by_means(right)[:, ::-1]


def standard_errors(right):
    share = right.mean(axis=1)
    half = 1.959963984540054 * np.sqrt(share * (1 - share) / right.shape[1])
    return np.column_stack([share - half, share, share + half])


def without_intervals(right):
    return right.mean(axis=1)


def wrong_answers(right):
    return by_means(1 - right.astype(int))


def in_percent(right):
    return 100 * by_means(right)


# --- 3. transfer -------------------------------------------------------------------------------


def in_loops(right_first, right_other, weights):
    fooled = both = 0
    for row in range(weights.shape[0]):
        for column in range(weights.shape[1]):
            if not right_first[row, column]:
                fooled += weights[row, column]
                both += weights[row, column] * (not right_other[row, column])
    return both / fooled if fooled else 0


def by_choosing(right_first, right_other, weights):
    chosen = weights[right_first == False]  # noqa: E712
    if len(chosen) == 0:
        return 0.0
    return np.average(right_other[right_first == False] == False, weights=chosen)  # noqa: E712


def over(above, below):
    def answer(right_first, right_other, weights):
        bottom = (weights * below(~right_first, ~right_other)).sum()
        return (weights * above(~right_first, ~right_other)).sum() / bottom if bottom else 0.0

    return answer


def poses_counted(right_first, right_other, weights):
    fooled = (~right_first).sum()
    return (~right_first & ~right_other).sum() / fooled if fooled else 0.0


def not_divided(right_first, right_other, weights):
    return weights[~right_first & ~right_other].sum()


# --- 4. what to mend first ---------------------------------------------------------------------


def harms(frequency, measure):
    return {
        name: frequency[name] * (measure(name)[0] - np.mean(measure(name)[1:]))
        for name in frequency
    }


def sorted_list(frequency, measure):
    found = harms(frequency, measure)
    return found, sorted(found.items(), key=lambda pair: pair[1])[-1][0]


def running_maximum(frequency, measure):
    measured, best = {}, None
    for name, often in frequency.items():
        first, *others = measure(name)
        measured[name] = often * sum(first - other for other in others) / len(others)
        if best is None or measured[name] > measured[best]:
            best = name
    return measured, best


def chosen_by(key):
    def answer(frequency, measure):
        return harms(frequency, measure), max(
            frequency, key=lambda name: key(measure(name), frequency[name])
        )

    return answer


def measured_by(key):
    def answer(frequency, measure):
        found = {name: key(measure(name), frequency[name]) for name in frequency}
        return found, max(found, key=found.get)

    return answer


class TestExercises(ExerciseTests):
    lesson = "02_why_vision_is_hard"
    tables = (
        Table(
            "occlude",
            wrong=(
                Wrong("from the left", "comes from the left", from_the_left),
                Wrong("a slice from minus nothing", "[-0:] means all", negative_slice),
                Wrong("the rest is hidden", "how much is hidden", rest_hidden),
                Wrong("rows", "Columns are the second axis", rows),
                Wrong("whole numbers stay", "astype(float)", same_type),
                Wrong("rounded down", "nearest whole number", cut_down),
                Wrong("a black board", "board is black", black),
                Wrong("cut off", "keeps its size", cut_off),
                Wrong("nothing hidden", "Nothing is hidden", lambda p, s, g: p.astype(float)),
            ),
            right={
                "with where": with_where,
                "glued": glued,
                "column by column": column_by_column,
            },
        ),
        Table(
            "robustness_curve",
            wrong=(
                Wrong("down the columns", "wrong axis", down_the_columns),
                Wrong("all answers counted", "as many examples as pictures", counted_all),
                Wrong("strengths counted", "number of strengths", counted_strengths),
                Wrong("share first", "low, share, high", share_first),
                Wrong("high end first", "low, share, high", high_first),
                Wrong("standard errors", "Use wilson", standard_errors),
                Wrong("no intervals", "intervals are missing", without_intervals),
                Wrong("transposed", "exchanged", lambda right: by_means(right).T),
                Wrong("wrong answers", "shows the right ones", wrong_answers),
                Wrong("per cents", "from 0 to 1", in_percent),
            ),
            right={"by means": by_means, "as lists": as_lists},
        ),
        Table(
            "transfer",
            wrong=(
                Wrong("poses counted", "add up their weights", poses_counted),
                Wrong(
                    "over all poses",
                    "divided by all poses",
                    over(lambda a, b: a & b, lambda a, b: np.ones_like(a)),
                ),
                Wrong(
                    "over the other's",
                    "Start from the first",
                    over(lambda a, b: a & b, lambda a, b: b),
                ),
                Wrong(
                    "over the union", "at least one", over(lambda a, b: a & b, lambda a, b: a | b)
                ),
                Wrong(
                    "where both are right",
                    "read rightly",
                    over(lambda a, b: ~a & ~b, lambda a, b: ~a),
                ),
                Wrong(
                    "what does not transfer",
                    "does not transfer",
                    over(lambda a, b: a & ~b, lambda a, b: a),
                ),
                Wrong("not divided", "did not divide", not_divided),
            ),
            right={"in loops": in_loops, "by choosing": by_choosing},
        ),
        Table(
            "choose_challenge",
            wrong=(
                Wrong("the most frequent", "most frequent", chosen_by(lambda s, f: f)),
                Wrong(
                    "the largest loss",
                    "meets it or not",
                    chosen_by(lambda s, f: s[0] - s[1:].mean()),
                ),
                Wrong(
                    "the least harm",
                    "costs least",
                    chosen_by(lambda s, f: -f * (s[0] - s[1:].mean())),
                ),
                Wrong("least left", "lost before", chosen_by(lambda s, f: -s[1:].mean())),
                Wrong("the end only", "strongest step", chosen_by(lambda s, f: f * (s[0] - s[-1]))),
                Wrong(
                    "the first one",
                    "took the first",
                    lambda frequency, measure: (harms(frequency, measure), next(iter(frequency))),
                ),
                Wrong(
                    "the last one",
                    "took the last",
                    lambda frequency, measure: (harms(frequency, measure), list(frequency)[-1]),
                ),
                Wrong(
                    "without the frequency",
                    "did not multiply",
                    measured_by(lambda s, f: s[0] - s[1:].mean()),
                ),
                Wrong(
                    "the last strength measured",
                    "last strength only",
                    measured_by(lambda s, f: f * (s[0] - s[-1])),
                ),
                Wrong(
                    "the untouched in the mean",
                    "Leave the first number out",
                    measured_by(lambda s, f: f * (s[0] - s.mean())),
                ),
                Wrong(
                    "what is left",
                    "not what is lost",
                    measured_by(lambda s, f: f * s[1:].mean()),
                ),
                Wrong(
                    "the sign",
                    "wrong sign",
                    measured_by(lambda s, f: f * (s[1:].mean() - s[0])),
                ),
                Wrong(
                    "only the choice",
                    "two things",
                    lambda frequency, measure: sorted_list(frequency, measure)[1],
                ),
            ),
            right={"sorted": sorted_list, "a running maximum": running_maximum},
        ),
    )
