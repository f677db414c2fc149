"""Lesson 12: right answers written unusually are accepted, wrong ones told their cause."""

import itertools
import math

import numpy as np
from answers import ExerciseTests, Table, Wrong

# --- 1. the discriminator's loss ---------------------------------------------------------------


def soft(x):
    return np.logaddexp(0, np.asarray(x, float))


def with_torch(real, generated):
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as entropy

    real, generated = (torch.tensor(part, dtype=torch.float64) for part in (real, generated))
    return float(
        entropy(real, torch.ones_like(real)) + entropy(generated, torch.zeros_like(generated))
    )


def by_the_larger_part(real, generated):
    def one(x):
        return max(x, 0) + math.log1p(math.exp(-abs(x)))

    return sum(one(-x) for x in real) / len(real) + sum(map(one, generated)) / len(generated)


def with_scipy(real, generated):
    from scipy.special import log_expit

    return -log_expit(real).mean() - log_expit(-generated).mean()


def sigmoid(x):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-np.asarray(x, float)))


def overflowing(real, generated):
    return -np.log(sigmoid(real)).mean() - np.log(1 - sigmoid(generated)).mean()


# --- 3. find the collapse ----------------------------------------------------------------------


def mean_distance(rows):
    pairs = itertools.combinations(np.asarray(rows, float).tolist(), 2)
    return float(np.mean([math.dist(a, b) for a, b in pairs]))


def by_pairs(generators):
    measured = {name: mean_distance(rows) for name, rows in generators.items()}
    return measured, sorted(measured, key=measured.get)[0]


def with_pdist(generators):
    from scipy.spatial.distance import pdist

    measured = {name: pdist(rows).mean() for name, rows in generators.items()}
    names, values = list(measured), list(measured.values())
    return measured, names[int(np.argmin(values))]


def measured_by(measure):
    def answer(generators):
        measured = {name: measure(np.asarray(rows, float)) for name, rows in generators.items()}
        return measured, min(measured, key=measured.get)

    return answer


def chosen_by(key, choose=min):
    def answer(generators):
        measured = {name: mean_distance(rows) for name, rows in generators.items()}
        return measured, choose(
            generators, key=lambda name: key(np.asarray(generators[name], float))
        )

    return answer


def square(rows):
    return np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(2))


# --- 4. along the sphere -----------------------------------------------------------------------


def angle_of(start, end):
    return np.arccos(np.clip(start @ end, -1, 1))


def by_the_right_angle(start, end, share):
    start, end = np.asarray(start, float), np.asarray(end, float)
    across = end - (start @ end) * start
    across /= np.linalg.norm(across)
    turn = share * angle_of(start, end)
    return np.cos(turn) * start + np.sin(turn) * across


def in_lists(start, end, share):
    angle = math.acos(max(-1.0, min(1.0, sum(a * b for a, b in zip(start, end, strict=True)))))
    first, second = (math.sin(part * angle) / math.sin(angle) for part in (1 - share, share))
    return [first * a + second * b for a, b in zip(start, end, strict=True)]


def straight(start, end, share):
    return (1 - share) * start + share * end


def straight_made_long(start, end, share):
    way = straight(start, end, share)
    return way / np.linalg.norm(way)


# --- 5. decide ---------------------------------------------------------------------------------


def rule(fooled, harmed, most):
    return "never" if harmed > most else "label" if fooled >= 0.5 else "generate"


def decided_by(choose):
    def answer(uses, survey, most):
        measured = {use: survey(use) for use in uses}
        return measured, {use: choose(*measured[use], most) for use in uses}

    return answer


def in_a_table(uses, survey, most):
    shares = np.array([survey(use) for use in uses])
    words = np.where(shares[:, 0] >= 0.5, "label", "generate").astype(object)
    words[shares[:, 1] > most] = "never"
    return dict(zip(uses, shares, strict=True)), dict(zip(uses, words, strict=True))


def in_reverse(uses, survey, most):
    measured, chosen = {}, {}
    for use in reversed(uses):
        measured[use] = list(survey(use))
        fooled, harmed = measured[use]
        chosen[use] = ("generate", "label")[fooled >= 0.5]
        if not harmed <= most:
            chosen[use] = "never"
    return measured, chosen


class TestExercises(ExerciseTests):
    lesson = "12_gans"
    tables = (
        Table(
            "discriminator_loss",
            wrong=(
                Wrong("overflow", "does not overflow", overflowing),
                Wrong("swapped", "swapped both sorts", lambda r, g: with_torch(g, r)),
                Wrong("real only", "generated ones are missing", lambda r, g: soft(-r).mean()),
                Wrong("a sum", "mean over each sort", lambda r, g: soft(-r).sum() + soft(g).sum()),
                Wrong(
                    "one mean over all",
                    "mean of its own",
                    lambda r, g: np.concatenate([soft(-r), soft(g)]).mean(),
                ),
                Wrong("half", "The two means are added", lambda r, g: with_torch(r, g) / 2),
                Wrong("negative", "not below 0", lambda r, g: -with_torch(r, g)),
                Wrong(
                    "all wanted real",
                    "low probability",
                    lambda r, g: soft(-r).mean() + soft(-g).mean(),
                ),
            ),
            right={
                "torch": with_torch,
                "the larger part first": by_the_larger_part,
                "scipy": with_scipy,
            },
        ),
        Table(
            "generator_loss",
            wrong=(
                Wrong("overflow", "does not overflow", lambda g: -np.log(sigmoid(g)).mean()),
                Wrong("D's part", "discriminator's part", lambda g: soft(g).mean()),
                Wrong("the first form", "slope vanishes", lambda g: -soft(g).mean()),
                Wrong("negative", "not below 0", lambda g: -soft(-g).mean()),
                Wrong("a sum", "Take the mean", lambda g: soft(-g).sum()),
                Wrong("mean first", "the loss of each", lambda g: soft(-np.mean(g))),
            ),
            right={
                "torch": lambda g: with_torch(g, np.full(1, -1e6)),
                "the larger part first": lambda g: by_the_larger_part(g, [-1e6]),
            },
        ),
        Table(
            "find_collapse",
            wrong=(
                Wrong("with itself", "each with itself", measured_by(lambda r: square(r).mean())),
                Wrong(
                    "squares",
                    "forgot the root",
                    measured_by(lambda r: (square(r) ** 2).sum() / (len(r) * (len(r) - 1))),
                ),
                Wrong(
                    "from the mean",
                    "from the mean picture",
                    measured_by(lambda r: np.linalg.norm(r - r.mean(0), axis=1).mean()),
                ),
                Wrong("half", "half as large", measured_by(lambda r: mean_distance(r) / 2)),
                Wrong("most varied", "most alike", chosen_by(mean_distance, max)),
                Wrong("mean value", "compared the mean values", chosen_by(lambda r: r.mean())),
                Wrong("furthest", "furthest apart", chosen_by(lambda r: square(r).max())),
                Wrong("fewest", "fewest pictures", chosen_by(len)),
            ),
            right={"pairs": by_pairs, "pdist": with_pdist},
        ),
        Table(
            "between",
            wrong=(
                Wrong("straight", "the straight way", straight),
                Wrong("made long", "not go evenly", straight_made_long),
                Wrong("swapped", "swapped start and end", lambda a, b, t: in_lists(b, a, t)),
                Wrong(
                    "no division",
                    "division by sin",
                    lambda a, b, t: np.array(in_lists(a, b, t)) * np.sin(angle_of(a, b)),
                ),
                Wrong(
                    "cut off",
                    "Beyond the end",
                    lambda a, b, t: in_lists(a, b, min(1, max(0, t))),
                ),
            ),
            right={"right angle": by_the_right_angle, "lists": in_lists},
        ),
        Table(
            "decide_uses",
            wrong=(
                Wrong(
                    "fooled first",
                    "Harm comes first",
                    decided_by(lambda f, h, m: "label" if f >= 0.5 else rule(f, h, m)),
                ),
                Wrong(
                    "at the limit",
                    "at the limit of harm",
                    decided_by(lambda f, h, m: "never" if h >= m else rule(f, h, m)),
                ),
                Wrong(
                    "more than half",
                    "Exactly half",
                    decided_by(lambda f, h, m: rule(f - 1e-12, h, m)),
                ),
                Wrong(
                    "label harm",
                    "does not undo",
                    decided_by(lambda f, h, m: "label" if h > m else rule(f, h, m)),
                ),
                Wrong(
                    "whole per cents",
                    "whole per cents",
                    decided_by(lambda f, h, m: rule(round(f, 2), round(h, 2), m)),
                ),
                Wrong("swapped", "swapped both shares", decided_by(lambda f, h, m: rule(h, f, m))),
            ),
            right={"a table": in_a_table, "in reverse": in_reverse},
        ),
    )
