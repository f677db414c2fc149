"""Lesson 09: right answers written unusually are accepted, wrong ones told their cause."""

import numpy as np
from answers import ExerciseTests, Table, Wrong

# --- 1. intersection over union ----------------------------------------------------------------


def with_sets(lit, mask):
    one, other = (set(map(tuple, np.argwhere(m))) for m in (lit, mask))
    return len(one & other) / len(one | other) if one | other else 0


def by_inclusion_and_exclusion(lit, mask):
    both = np.sum(lit * mask)
    return both / max(1, lit.sum() + mask.sum() - both)


def with_loops(lit, mask):
    both = either = 0
    for row in range(lit.shape[0]):
        for col in range(lit.shape[1]):
            both += bool(lit[row, col] and mask[row, col])
            either += bool(lit[row, col] or mask[row, col])
    return both / either if either else 0


def dice(lit, mask):
    total = lit.sum() + mask.sum()
    return 2 * (lit & mask).sum() / total if total else 0


def twice_counted(lit, mask):
    total = lit.sum() + mask.sum()
    return (lit & mask).sum() / total if total else 0


# --- 2. threshold ------------------------------------------------------------------------------


def by_sorting(answers, share):
    ordered = sorted(answers.flatten(), reverse=True)
    return ordered[int(round(share * len(ordered)))]


def by_partition(answers, share):
    count = int(round(share * answers.size))
    return np.partition(answers.ravel(), -count - 1)[-count - 1]


def halfway(answers, share):
    ordered = np.sort(answers, axis=None)[::-1]
    count = int(round(share * answers.size))
    return (ordered[count] + ordered[count - 1]) / 2


def within_the_strongest(answers, share):
    ordered = np.sort(answers.ravel())[::-1]
    return ordered[int(round(share * answers.size)) - 1]


# --- 3. detectors ------------------------------------------------------------------------------


def in_a_loop(overlaps, concept, least):
    found = []
    for number, row in enumerate(overlaps):
        if row[concept] == max(row) and row[concept] > least:
            found.append((row[concept], number))
    return [number for _, number in sorted(found, reverse=True)]


def with_minus_one(overlaps, concept, least):
    score = np.where(overlaps.argmax(1) == concept, overlaps[:, concept], -1)
    order = (-score).argsort()
    return order[: (score > least).sum()]


def any_overlap(overlaps, concept, least):
    found = np.where(overlaps[:, concept] > least)[0]
    return found[np.argsort(-overlaps[found, concept])]


def unsorted(overlaps, concept, least):
    return np.where((overlaps.argmax(1) == concept) & (overlaps[:, concept] > least))[0]


def by_overlap(overlaps, concept, least):
    units = {overlaps[unit, concept]: unit for unit in unsorted(overlaps, concept, least)}
    return [units[value] for value in sorted(units, reverse=True)]


def searched(overlaps, concept, least):
    found = sorted(overlaps[unsorted(overlaps, concept, least), concept], reverse=True)
    return [list(overlaps[:, concept]).index(value) for value in found]


def weakest_first(overlaps, concept, least):
    return with_minus_one(overlaps, concept, least)[::-1]


def at_least(overlaps, concept, least):
    score = np.where(overlaps.argmax(1) == concept, overlaps[:, concept], -1)
    return (-score).argsort()[: (score >= least).sum()]


def places_in_the_list(overlaps, concept, least):
    return np.argsort(-overlaps[unsorted(overlaps, concept, least), concept])


def no_limit(overlaps, concept, least):
    score = np.where(overlaps.argmax(1) == concept, overlaps[:, concept], -1)
    return (-score).argsort()[: (score >= 0).sum()]


# --- 4. victim ---------------------------------------------------------------------------------


def right_answers(features, labels, weights, bias):
    answers = (features @ weights + bias).argmax(1)
    return np.array([(answers[labels == k] == k).mean() for k in range(len(bias))])


def by_scores(features, labels, weights, bias, unit):
    full = features @ weights + bias
    without = full - features[:, [unit]] * weights[unit]
    drops = [
        (full.argmax(1) == labels)[labels == k].mean()
        - (without.argmax(1) == labels)[labels == k].mean()
        for k in np.unique(labels)
    ]
    return drops.index(max(drops))


def by_weights(features, labels, weights, bias, unit):
    changed = weights.copy()
    changed[unit] = 0
    before, after = (right_answers(features, labels, w, bias) for w in (weights, changed))
    return np.int64((before - after).argmax())


def lowest_afterwards(features, labels, weights, bias, unit):
    without = features.copy()
    without[:, unit] = 0
    return int(right_answers(without, labels, weights, bias).argmin())


def least_loss(features, labels, weights, bias, unit):
    without = features.copy()
    without[:, unit] = 0
    before = right_answers(features, labels, weights, bias)
    return int((right_answers(without, labels, weights, bias) - before).argmax())


def a_picture_off(features, labels, weights, bias, unit):
    without = features.copy()
    without[unit] = 0
    before = right_answers(features, labels, weights, bias)
    return int((before - right_answers(without, labels, weights, bias)).argmax())


def largest_weight(features, labels, weights, bias, unit):
    return int(weights[unit].argmax())


def more_pictures_lost(features, labels, weights, bias, unit):
    without = features.copy()
    without[:, unit] = 0
    right = [(f @ weights + bias).argmax(1) == labels for f in (features, without)]
    lost = [(right[0][labels == k].sum() - right[1][labels == k].sum()) for k in range(len(bias))]
    return int(np.argmax(lost))


def gone(features, labels, weights, bias, unit, per_class):
    before = (features @ weights + bias).argmax(1)
    after = (features @ weights + bias - features[:, [unit]] * weights[unit]).argmax(1)
    wrong_now = (before == labels) & (after != labels)
    pool = np.mean if per_class else np.sum
    return max(range(len(bias)), key=lambda k: pool(wrong_now[labels == k]))


def share_of_right(features, labels, weights, bias, unit):
    before = right_answers(features, labels, weights, bias)
    without = features * (np.arange(features.shape[1]) != unit)
    after = right_answers(without, labels, weights, bias)
    return int(np.nanargmax((before - after) / np.where(before > 0, before, np.nan)))


def of_four_classes(features, labels, weights, bias, unit):
    without = features * (np.arange(features.shape[1]) != unit)
    before = right_answers(features, labels, weights, bias)
    return int((before - right_answers(without, labels, weights, bias))[:4].argmax())


def in_place(features, labels, weights, bias, unit):
    before = right_answers(features, labels, weights, bias)
    features[:, unit] = 0
    return int((before - right_answers(features, labels, weights, bias)).argmax())


# --- 5. plans ----------------------------------------------------------------------------------


def plan_loop(plans, measure, least):
    measured, best = {}, None
    for name, off in plans.items():
        measured[name] = measure(off)
        if measured[name] >= least and (best is None or len(off) > len(plans[best])):
            best = name
    return measured, best


def plan_sorted(plans, measure, least):
    measured = dict(zip(plans, map(measure, plans.values()), strict=True))
    for name in sorted(plans, key=lambda name: len(plans[name]), reverse=True):
        if measured[name] >= least:
            return [measured, name]


def most_accurate(plans, measure, least):
    measured = {name: measure(off) for name, off in plans.items()}
    return measured, max(measured, key=measured.get)


def most_units(plans, measure, least):
    measured = {name: measure(off) for name, off in plans.items()}
    return measured, max(plans, key=lambda name: len(plans[name]))


def enough(key, least_of=lambda least: least):
    def answer(plans, measure, least):
        measured = {name: measure(off) for name, off in plans.items()}
        fitting = [name for name in plans if measured[name] >= least_of(least)]
        return measured, max(fitting, key=lambda name: key(name, plans[name], measured[name]))

    return answer


nearly = enough(lambda name, units, accuracy: len(units), lambda least: least - 0.005)


def by_whole_per_cents(plans, measure, least):
    measured = {name: measure(off) for name, off in plans.items()}
    fitting = [name for name in plans if round(100 * measured[name]) >= round(100 * least)]
    return measured, max(fitting, key=lambda name: len(plans[name]))


def strictly_above(plans, measure, least):
    measured = {name: measure(off) for name, off in plans.items()}
    fitting = [name for name in plans if measured[name] > least]
    return measured, max(fitting, key=lambda name: len(plans[name]))


def nothing_off(plans, measure, least):
    measured = {name: measure([]) for name in plans}
    return measured, next(iter(plans))


def counted(plans, measure, least):
    return {name: len(off) for name, off in plans.items()}, next(iter(plans))


def turned_round(plans, measure, least):
    return plan_loop(plans, measure, least)[::-1]


def choice_only(plans, measure, least):
    return plan_loop(plans, measure, least)[1]


def one_measured(plans, measure, least):
    measured, best = plan_loop(plans, measure, least)
    return {best: measured[best]}, best


class TestExercises(ExerciseTests):
    lesson = "09_network_dissection"
    tables = (
        Table(
            "iou",
            wrong=(
                Wrong("Dice", "Dice coefficient", dice),
                Wrong("counted twice", "count twice", twice_counted),
                Wrong("not divided", "did not divide", lambda a, b: (a & b).sum()),
                Wrong(
                    "over the lit places",
                    "lit places only",
                    lambda a, b: (a & b).sum() / max(1, a.sum()),
                ),
                Wrong(
                    "over the concept",
                    "concept only",
                    lambda a, b: (a & b).sum() / max(1, b.sum()),
                ),
                Wrong("over everything", "all places", lambda a, b: (a & b).mean()),
                Wrong(
                    "over the smaller",
                    "the smaller mask",
                    lambda a, b: (a & b).sum() / max(1, min(a.sum(), b.sum())),
                ),
                Wrong(
                    "over the larger",
                    "the larger mask",
                    lambda a, b: (a & b).sum() / max(1, a.sum(), b.sum()),
                ),
                Wrong(
                    "over the difference",
                    "only one of the two",
                    lambda a, b: (a & b).sum() / ((a != b).sum() or np.inf),
                ),
                Wrong("agreement", "dark in both", lambda a, b: (a == b).mean()),
                Wrong("empty masks", "NaN", lambda a, b: (a & b).sum() / np.float64((a | b).sum())),
            ),
            right={
                "sets": with_sets,
                "inclusion and exclusion": by_inclusion_and_exclusion,
                "loops": with_loops,
            },
        ),
        Table(
            "top_threshold",
            wrong=(
                Wrong("share of the maximum", "largest", lambda a, s: (1 - s) * a.max()),
                Wrong("the weakest", "weakest answers", lambda a, s: np.quantile(a, s)),
                Wrong("mean", "the mean", lambda a, s: a.mean()),
                Wrong("one picture", "first picture", lambda a, s: np.quantile(a[0], 1 - s)),
                Wrong(
                    "per picture",
                    "one answer per picture",
                    lambda a, s: np.quantile(a.max((1, 2)), 1 - s),
                ),
                Wrong("one too few", "One place too few", within_the_strongest),
                Wrong("percentile", "counts to 100", lambda a, s: np.percentile(a, 1 - s)),
                Wrong("always 0.5 %", "always 0.5 %", lambda a, s: np.quantile(a, 0.995)),
                Wrong(
                    "mean of thresholds",
                    "and then their mean",
                    lambda a, s: np.quantile(a, 1 - s, axis=(1, 2)).mean(),
                ),
                Wrong("a row", "one number", lambda a, s: np.quantile(a, 1 - s, axis=0)),
                Wrong(
                    "without signs", "another number", lambda a, s: np.quantile(np.abs(a), 1 - s)
                ),
                Wrong(
                    "never below zero",
                    "another number",
                    lambda a, s: np.maximum(np.quantile(a, 1 - s), 0),
                ),
                Wrong(
                    "equal answers once",
                    "another number",
                    lambda a, s: np.quantile(np.unique(a), 1 - s),
                ),
            ),
            right={"sorted": by_sorting, "partition": by_partition, "halfway": halfway},
        ),
        Table(
            "detectors_of",
            wrong=(
                Wrong("any overlap", "overlap another concept", any_overlap),
                Wrong("unsorted", "order of their numbers", unsorted),
                Wrong("weakest first", "weakest comes first", weakest_first),
                Wrong("at least", "exactly the limit", at_least),
                Wrong("always 0.04", "always 0.04", lambda o, c, s: with_minus_one(o, c, 0.04)),
                Wrong("places", "found[order]", places_in_the_list),
                Wrong("no limit", "tiny overlap", no_limit),
                Wrong(
                    "the best only", "Only the best", lambda o, c, s: with_minus_one(o, c, s)[:1]
                ),
                Wrong("equal overlaps once", "shape", by_overlap),
                Wrong("searched by overlap", "expected 5, got 1", searched),
                Wrong("ten at most", "shape", lambda o, c, s: with_minus_one(o, c, s)[:10]),
                Wrong("counted from 1", "At index", lambda o, c, s: with_minus_one(o, c, s) + 1),
            ),
            right={
                "loop": in_a_loop,
                "minus one": with_minus_one,
                "equal ones the other way": lambda o, c, s: sorted(
                    unsorted(o, c, s), key=lambda unit: (-o[unit, c], -unit)
                ),
                "turned round": lambda o, c, s: unsorted(o, c, s)[
                    np.argsort(o[unsorted(o, c, s), c], kind="stable")
                ][::-1],
            },
        ),
        Table(
            "victim_class",
            wrong=(
                Wrong("worst afterwards", "worst afterwards", lowest_afterwards),
                Wrong("loses least", "loses least", least_loss),
                Wrong("a picture off", "switched off a picture", a_picture_off),
                Wrong("largest weight", "largest weight", largest_weight),
                Wrong("pictures", "You counted pictures", more_pictures_lost),
                Wrong("gone", "that go wrong. Compare", lambda *a: gone(*a, per_class=False)),
                Wrong("share gone", "Others become right", lambda *a: gone(*a, per_class=True)),
                Wrong("in place", "changed its input", in_place),
                Wrong("of its right answers", "divided by the right answers", share_of_right),
                Wrong("four classes", "first four classes only", of_four_classes),
            ),
            right={"scores": by_scores, "weights": by_weights},
        ),
        Table(
            "choose_plan",
            wrong=(
                Wrong("most accurate", "the most accurate plan", most_accurate),
                Wrong("most units", "whatever accuracy is left", most_units),
                Wrong("strictly above", "exactly at the limit", strictly_above),
                Wrong("closest to the limit", "closest to the limit", enough(lambda n, u, a: -a)),
                Wrong("fewest units", "the fewest units", enough(lambda n, u, a: -len(u))),
                Wrong("product", "multiplied", enough(lambda n, u, a: len(u) * a)),
                Wrong(
                    "sum of numbers", "by the numbers of the units", enough(lambda n, u, a: sum(u))
                ),
                Wrong(
                    "largest number", "by the numbers of the units", enough(lambda n, u, a: max(u))
                ),
                Wrong("first", "the first plan", enough(lambda n, u, a: 0)),
                Wrong("whole per cents", "whole per cents", by_whole_per_cents),
                Wrong("half a per cent off", "below the 0.75", nearly),
                Wrong("nothing off", "all units on", nothing_off),
                Wrong("counted", "number of units", counted),
                Wrong("turned round", "First the measurements", turned_round),
                Wrong("choice only", "two things", choice_only),
                Wrong("one measured", "no measurement", one_measured),
            ),
            right={
                "loop": plan_loop,
                "sorted": plan_sorted,
                "float32": lambda *a: (
                    {name: np.float32(share) for name, share in plan_loop(*a)[0].items()},
                    np.str_(plan_loop(*a)[1]),
                ),
            },
        ),
    )
