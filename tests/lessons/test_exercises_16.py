"""Lesson 16: right answers written unusually are accepted, wrong ones told their cause."""

import math

import numpy as np
from answers import ExerciseTests, Table, Wrong

from aml4d_utils.lessons.design_studio.exercises import _Measured
from aml4d_utils.measuring.intervals import wilson

Z = 1.96

# --- 1. Wilson's interval ----------------------------------------------------------------------


def wilson_parts(right, total, under=True, divided=True, centred=True, z=Z):
    share, s = right / total, z**2 / total
    middle = (share + s / 2) if centred else share * (1 + s)
    half = z * math.sqrt(share * (1 - share) / total + (s / (4 * total) if under else 0))
    scale = 1 + s if divided else 1
    return middle / scale, half / scale


def ends(**how):
    def answer(right, total):
        middle, half = wilson_parts(right, total, **how)
        return middle - half, middle + half

    return answer


def simple(right, total):
    share = right / total
    half = Z * math.sqrt(share * (1 - share) / total)
    return share - half, share + half


def middle_and_half(right, total):
    return wilson_parts(right, total)


def by_search(right, total):
    """The ends are where what was seen lies 1.96 standard deviations away."""
    from scipy.optimize import brentq

    share = right / total

    def far(p):
        return (share - p) ** 2 - Z**2 * p * (1 - p) / total

    low = 0.0 if right == 0 else brentq(far, 0, share - 1e-9, xtol=1e-14)
    high = 1.0 if right == total else brentq(far, share + 1e-9, 1, xtol=1e-14)
    return [low, high]


def by_roots(right, total):
    roots = np.roots([total + Z**2, -(2 * right + Z**2), right**2 / total])
    return np.sort(roots.real)


# --- 2. split by thing -------------------------------------------------------------------------


def with_sets(things, labels, count):
    chosen = set()
    for label in set(labels.tolist()):
        seen = []
        for thing in things[labels == label].tolist():
            if thing not in seen:
                seen.append(thing)
        chosen |= set(seen[:count])
    return [thing in chosen for thing in things.tolist()]


def with_unique(things, labels, count):
    aside = np.zeros(len(things), int)
    for label in np.unique(labels):
        places = np.flatnonzero(labels == label)
        _, first = np.unique(things[places], return_index=True)
        for place in places[np.sort(first)[:count]]:
            aside[things == things[place]] = 1
    return aside.astype(bool)


def first_photos(things, labels, count):
    aside = np.zeros(len(things), bool)
    for label in np.unique(labels):
        aside[np.flatnonzero(labels == label)[:count]] = True
    return aside


def one_photo_each(things, labels, count):
    aside = np.zeros(len(things), bool)
    for label in np.unique(labels):
        places = np.flatnonzero(labels == label)
        _, first = np.unique(things[places], return_index=True)
        aside[places[np.sort(first)[:count]]] = True
    return aside


def over_all_classes(things, labels, count):
    return np.isin(things, list(dict.fromkeys(things.tolist()))[:count])


def smallest_numbers(things, labels, count):
    chosen = [t for k in np.unique(labels) for t in np.unique(things[labels == k])[:count]]
    return np.isin(things, chosen)


def the_last(things, labels, count):
    return np.array(with_sets(things[::-1], labels[::-1], count))[::-1]


def the_rest(things, labels, count):
    return ~np.array(with_sets(things, labels, count))


# --- 3. the worst ------------------------------------------------------------------------------


def with_sorted(chances, labels, count):
    rows = enumerate(zip(chances, labels, strict=True))
    pairs = sorted((row[label], k) for k, (row, label) in rows)
    return [k for _, k in pairs[:count]]


def with_lexsort(chances, labels, count):
    truth = np.take_along_axis(chances, labels[:, None], axis=1)[:, 0]
    return np.lexsort((np.arange(len(labels)), truth))[:count]


def truth_of(chances, labels):
    return chances[np.arange(len(labels)), labels]


def least_sure(chances, labels, count):
    return np.argsort(chances.max(axis=1), kind="stable")[:count]


def the_best(chances, labels, count):
    return np.argsort(-truth_of(chances, labels), kind="stable")[:count]


def wrong_ones(chances, labels, count):
    places = np.flatnonzero(chances.argmax(axis=1) != labels)
    return places[np.argsort(truth_of(chances, labels)[places], kind="stable")][:count]


def later_first(chances, labels, count):
    truth = truth_of(chances, labels)
    return np.lexsort((-np.arange(len(labels)), truth))[:count]


def probabilities(chances, labels, count):
    return np.sort(truth_of(chances, labels))[:count]


def own_order(chances, labels, count):
    return np.sort(with_lexsort(chances, labels, count))


# --- 4. out of date ----------------------------------------------------------------------------


def with_loops(uses, measured_on, now):
    found = [False] * len(uses)
    for place, used in enumerate(uses):
        for m in used:
            if int(measured_on[m]) != now:
                found[place] = True
    return found


def with_array(uses, measured_on, now):
    old = np.asarray(measured_on) != now
    return np.array([old[np.array(used, int)].any() for used in uses])


def all_old(uses, measured_on, now):
    return [all(measured_on[m] != now for m in used) for used in uses]


def some_and_all_old(uses, measured_on, now):
    return [len(used) > 0 and all(measured_on[m] != now for m in used) for used in uses]


def fresh(uses, measured_on, now):
    return [not old for old in with_loops(uses, measured_on, now)]


def smaller(uses, measured_on, now):
    return [any(measured_on[m] < now for m in used) for used in uses]


def first_only(uses, measured_on, now):
    return [bool(used) and measured_on[used[0]] != now for used in uses]


def empty_is_old(uses, measured_on, now):
    return [not used or any(measured_on[m] != now for m in used) for used in uses]


# --- 5. decide ---------------------------------------------------------------------------------


def decided(rule):
    def answer(conditions, goal, measure):
        measured, chosen = {}, {}
        for name in conditions:
            right, total = measure(name)
            measured[name] = wilson(right / total, total)
            chosen[name] = rule(right / total, *measured[name], goal)
        return measured, chosen

    return answer


def three(promise, warn):
    return "promise" if promise else "warn" if warn else "measure more"


def in_two_passes(conditions, goal, measure):
    counts = {name: measure(name) for name in conditions}
    ends = {name: list(wilson(r / n, n)) for name, (r, n) in counts.items()}
    chosen = dict.fromkeys(conditions, "measure more")
    for name, (low, high) in ends.items():
        if high < goal:
            chosen[name] = "warn"
        if low >= goal:
            chosen[name] = "promise"
    return ends, chosen


def with_arrays(conditions, goal, measure):
    ends = np.array([wilson(r / n, n) for r, n in map(measure, conditions)])
    words = np.where(ends[:, 0] >= goal, "promise", "measure more")
    words = np.where(ends[:, 1] < goal, "warn", words)
    ends = dict(zip(conditions, ends, strict=True))
    return ends, dict(zip(conditions, words.tolist(), strict=True))


def counts_only(conditions, goal, measure):
    return {n: measure(n) for n in conditions}, dict.fromkeys(conditions, "warn")


def shares_only(conditions, goal, measure):
    shares = {n: measure(n)[0] / measure(n)[1] for n in conditions}
    return {n: (s, s) for n, s in shares.items()}, dict.fromkeys(conditions, "warn")


class TestExercises(ExerciseTests):
    lesson = "16_design_studio"
    tables = (
        Table(
            "wilson_interval",
            wrong=(
                Wrong("the simple interval", "simple interval around the share", simple),
                Wrong("exchanged", "First the lower end", lambda r, n: ends()(r, n)[::-1]),
                Wrong("middle and half width", "Return the two ends", middle_and_half),
                Wrong("no second term", "s / (4 total) is missing", ends(under=False)),
                Wrong("not divided", "divided by 1 + s", ends(divided=False)),
                Wrong("around the share", "lies around the share", ends(centred=False)),
                Wrong("68 %", "68 % interval", ends(z=1.0)),
                Wrong("per cents", "no per cents", lambda r, n: 100 * np.array(ends()(r, n))),
                Wrong("one end", "shape", lambda r, n: ends()(r, n)[0]),
            ),
            right={"searched": by_search, "as roots": by_roots},
        ),
        Table(
            "set_aside",
            wrong=(
                Wrong("the first photos", "You counted photos", first_photos),
                Wrong("one photo of each", "would be learned from", one_photo_each),
                Wrong("over all classes", "first ones of each class", over_all_classes),
                Wrong("smallest numbers", "smallest numbers", smallest_numbers),
                Wrong("the last", "You took the last things", the_last),
                Wrong("the rest", "wrong way round", the_rest),
            ),
            right={"with sets": with_sets, "with np.unique": with_unique},
        ),
        Table(
            "worst_places",
            wrong=(
                Wrong("least sure", "least sure answers", least_sure),
                Wrong("the best", "Those are the best", the_best),
                Wrong("only wrong ones", "right or wrong", wrong_ones),
                Wrong("later first", "the earlier comes first", later_first),
                Wrong("probabilities", "Those are the probabilities", probabilities),
                Wrong("in their own order", "in their own order", own_order),
            ),
            right={"with sorted": with_sorted, "with np.lexsort": with_lexsort},
        ),
        Table(
            "out_of_date",
            wrong=(
                Wrong("all, also of none", "a sentence without a number is never", all_old),
                Wrong("all of some", "One old number is enough", some_and_all_old),
                Wrong("the wrong way", "wrong way round", fresh),
                Wrong("smaller", "A fingerprint is no age", smaller),
                Wrong("the first only", "the first measurement", first_only),
                Wrong("none is old", "cannot be out of date", empty_is_old),
            ),
            right={"with loops": with_loops, "with an array": with_array},
        ),
        Table(
            "claims",
            wrong=(
                Wrong("by the share", "You compared the share", decided(
                    lambda share, low, high, goal: "promise" if share >= goal else "warn")),
                Wrong("always warned", "nobody knows: measure more", decided(
                    lambda share, low, high, goal: "promise" if low >= goal else "warn")),
                Wrong("by the upper end", "The whole interval must", decided(
                    lambda share, low, high, goal: "promise" if high >= goal else "warn")),
                Wrong("never warned", "You never warn", decided(
                    lambda share, low, high, goal: three(low >= goal, False))),
                Wrong("above the goal", "use >=, not >", decided(
                    lambda share, low, high, goal: three(low > goal, high < goal))),
                Wrong("at the goal", "use <, not <=", decided(
                    lambda share, low, high, goal: three(low >= goal, high <= goal))),
                Wrong("exchanged", "exchanged the promise", decided(
                    lambda share, low, high, goal: three(high < goal, low >= goal))),
                Wrong("always the same", "For “", decided(
                    lambda share, low, high, goal: "promise")),
                Wrong("counts", "the two counts", counts_only),
                Wrong("shares", "the share twice", shares_only),
            ),
            right={"in two passes": in_two_passes, "with arrays": with_arrays},
        ),
    )  # fmt: skip


def test_measuring_gives_the_counts():
    assert _Measured({"night": (3, 4)})("night") == (3, 4)
