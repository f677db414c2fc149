"""Lesson 10: right answers written unusually are accepted, wrong ones told their cause."""

import numpy as np
from answers import ExerciseTests, Table, Wrong

# --- 1. steady guesses -------------------------------------------------------------------------


def with_sets(guesses):
    return sum(len(set(row)) == 1 for row in guesses.tolist()) / len(guesses)


def by_spread(guesses):
    return np.mean(np.ptp(guesses, axis=1) == 0)


def by_comparing_columns(guesses):
    kept = np.ones(len(guesses), bool)
    for column in guesses.T:
        kept &= column == guesses[:, 0]
    return float(kept.sum()) / kept.size


def single_comparisons(guesses):
    return (guesses[:, 1:] == guesses[:, [0]]).mean()


def last_shift(guesses):
    return (guesses[:, -1] == guesses[:, 0]).mean()


def one_is_enough(guesses):
    return (guesses[:, 1:] == guesses[:, [0]]).any(1).mean()


# --- 2. mixup ----------------------------------------------------------------------------------


def around_the_second(first, second, share):
    return second + share * (np.asarray(first, float) - second)


def with_einsum(first, second, share):
    return np.einsum("k,k...->...", [share, 1 - share], np.stack([first, second]).astype(float))


def in_lists(first, second, share):
    if np.ndim(first) == 0:
        return share * float(first) + (1 - share) * float(second)
    return [in_lists(a, b, share) for a, b in zip(first, second, strict=True)]


def the_other_share(first, second, share):
    return (1 - share) * first + share * second


def in_the_first_ones_type(first, second, share):
    return (share * first + (1 - share) * second).astype(first.dtype)


# --- 3. erasing --------------------------------------------------------------------------------


def by_multiplying(picture, side, rng):
    places = [n - side + 1 for n in picture.shape[:2]]
    row, col = (int(rng.random() * n) for n in places)
    mask = np.ones(picture.shape)
    mask[row : row + side, col : col + side] = 0
    return picture * mask


def by_one_number(picture, side, rng):
    rows, cols = picture.shape[0] - side + 1, picture.shape[1] - side + 1
    top, left = divmod(int(rng.integers(rows * cols)), cols)
    erased = np.array(picture)
    for row in range(top, top + side):
        for col in range(left, left + side):
            erased[row, col] = 0
    return erased


def by_choice(picture, side, rng):
    left = rng.choice(picture.shape[1] - side + 1)
    top = rng.choice(picture.shape[0] - side + 1)
    erased = picture.tolist()
    erased = np.array(erased)
    erased[top : top + side, left : left + side, ...] = 0
    return erased


def over_the_edge(picture, side, rng):
    top, left = rng.integers(picture.shape[0]), rng.integers(picture.shape[1])
    erased = picture.copy()
    erased[top : top + side, left : left + side] = 0
    return erased


def never_last(picture, side, rng):
    top = rng.integers(max(1, picture.shape[0] - side))
    left = rng.integers(max(1, picture.shape[1] - side))
    erased = picture.copy()
    erased[top : top + side, left : left + side] = 0
    return erased


def own_chance(picture, side, rng):
    rng = np.random.default_rng()
    return by_one_number(picture, side, rng)


def always_the_corner(picture, side, rng):
    erased = picture.copy()
    erased[:side, :side] = 0
    return erased


def along_the_diagonal(picture, side, rng):
    at = rng.integers(min(picture.shape[:2]) - side + 1)
    erased = picture.copy()
    erased[at : at + side, at : at + side] = 0
    return erased


def in_place(picture, side, rng):
    top = rng.integers(picture.shape[0] - side + 1)
    left = rng.integers(picture.shape[1] - side + 1)
    picture[top : top + side, left : left + side] = 0
    return picture


def with_noise(picture, side, rng):
    erased = picture.copy()
    top = rng.integers(picture.shape[0] - side + 1)
    left = rng.integers(picture.shape[1] - side + 1)
    part = erased[top : top + side, left : left + side]
    part[...] = rng.random(part.shape)
    return erased


def rows_for_columns(picture, side, rng):
    top = rng.integers(picture.shape[1] - side + 1)
    left = rng.integers(picture.shape[0] - side + 1)
    erased = picture.copy()
    erased[top : top + side, left : left + side] = 0
    return erased


# --- 4. attack ---------------------------------------------------------------------------------


def with_comparisons(picture, slope, epsilon):
    step = (slope > 0).astype(float) - (slope < 0)
    return np.minimum(np.maximum(picture + epsilon * step, 0), 1)


def with_torch(picture, slope, epsilon):
    import torch

    moved = torch.tensor(picture, dtype=torch.float64) + epsilon * torch.tensor(slope).sign()
    return moved.clamp(0, 1)


def by_dividing(picture, slope, epsilon):
    size = np.abs(slope)
    direction = np.divide(slope, size, out=np.zeros_like(slope), where=size > 0)
    return (picture + direction * epsilon).clip(0, 1)


def downhill(picture, slope, epsilon):
    return np.clip(picture - epsilon * np.sign(slope), 0, 1)


def unclipped(picture, slope, epsilon):
    return picture + epsilon * np.sign(slope)


def by_the_slope(picture, slope, epsilon):
    return np.clip(picture + epsilon * slope, 0, 1)


def flat_goes_up(picture, slope, epsilon):
    return np.clip(picture + np.where(slope >= 0, epsilon, -epsilon), 0, 1)


# --- 5. decide ---------------------------------------------------------------------------------


def in_a_loop(names, measure, least):
    shares, best = {}, None
    for name in names:
        shares[name] = list(measure(name))
        clean, hard = shares[name]
        if clean >= least and (best is None or hard > shares[best][1]):
            best = name
    return shares, best


def by_sorting(names, measure, least):
    shares = {name: np.array(measure(name)) for name in names}
    order = sorted(shares, key=lambda name: (shares[name][0] >= least, shares[name][1]))
    return shares, order[-1]


def best_of(key):
    def choose(names, measure, least):
        shares = {name: measure(name) for name in names}
        good = [name for name in names if shares[name][0] >= least]
        return shares, max(good, key=lambda name: key(*shares[name]))

    return choose


def whatever_it_costs(names, measure, least):
    shares = {name: measure(name) for name in names}
    return shares, max(shares, key=lambda name: shares[name][1])


def above_only(names, measure, least):
    shares = {name: measure(name) for name in names}
    good = [name for name in names if shares[name][0] > least] or list(names)
    return shares, max(good, key=lambda name: shares[name][1])


def in_whole_per_cent(names, measure, least):
    shares = {name: measure(name) for name in names}
    good = [name for name in names if round(100 * shares[name][0]) >= round(100 * least)]
    return shares, max(good, key=lambda name: round(100 * shares[name][1]))


def swapped(names, measure, least):
    shares = {name: measure(name)[::-1] for name in names}
    good = [name for name in names if shares[name][1] >= least]
    return shares, max(good, key=lambda name: shares[name][0])


class TestExercises(ExerciseTests):
    lesson = "10_invariance_and_augmentation"
    tables = (
        Table(
            "consistency",
            wrong=(
                Wrong("single comparisons", "single comparisons", single_comparisons),
                Wrong("the last shift only", "last shift only", last_shift),
                Wrong("one is enough", "is not enough", one_is_enough),
                Wrong("changes", "that change", lambda g: 1 - with_sets(g)),
                Wrong("a count", "Divide by the number of photos", lambda g: with_sets(g) * len(g)),
            ),
            right={
                "sets": with_sets,
                "spread": by_spread,
                "columns": by_comparing_columns,
            },
        ),
        Table(
            "mixup",
            wrong=(
                Wrong("the other share", "gave it to the second", the_other_share),
                Wrong("both get the share", "gets the rest", lambda a, b, s: s * a + s * b),
                Wrong("a sum", "gets the rest", lambda a, b, s: s * a + b),
                Wrong("half and half", "half and half", lambda a, b, s: a / 2 + b / 2),
                Wrong("whole numbers", "decimals", in_the_first_ones_type),
                Wrong("rounded", "rounded", lambda a, b, s: np.round(s * a + (1 - s) * b)),
            ),
            right={
                "around the second": around_the_second,
                "einsum": with_einsum,
                "lists": in_lists,
            },
        ),
        Table(
            "erase_square",
            wrong=(
                Wrong("over the edge", "over the edge", over_the_edge),
                Wrong("never the last place", "never erased", never_last),
                Wrong("chance of its own", "rng that you are given", own_chance),
                Wrong("always the corner", "never moves", always_the_corner),
                Wrong("a diagonal", "diagonal", along_the_diagonal),
                Wrong("in place", "changed", in_place),
                Wrong("noise", "expected 0", with_noise),
                Wrong("rows for columns", "expected", rows_for_columns),
                Wrong("nothing erased", "Nothing is erased", lambda p, side, rng: p.copy()),
            ),
            right={
                "multiplied": by_multiplying,
                "one number": by_one_number,
                "choice": by_choice,
            },
        ),
        Table(
            "attack",
            wrong=(
                Wrong("downhill", "down the loss", downhill),
                Wrong("unclipped", "Clip", unclipped),
                Wrong("the slope itself", "sign only", by_the_slope),
                Wrong("flat goes up", "must stay", flat_goes_up),
                Wrong("the change", "Add it", lambda x, g, e: e * np.sign(g)),
                Wrong("a whole step", "by epsilon", lambda x, g, e: np.clip(x + np.sign(g), 0, 1)),
            ),
            right={
                "comparisons": with_comparisons,
                "torch": with_torch,
                "division": by_dividing,
            },
        ),
        Table(
            "choose_augmentation",
            wrong=(
                Wrong("whatever it costs", "look at the limit", whatever_it_costs),
                Wrong("best clean", "best one on clean", best_of(lambda clean, hard: clean)),
                Wrong("sum", "added", best_of(lambda clean, hard: clean + hard)),
                Wrong("product", "multiplied", best_of(lambda clean, hard: clean * hard)),
                Wrong("gap", "loses least", best_of(lambda clean, hard: hard - clean)),
                Wrong("above only", "Exactly at the limit", above_only),
                Wrong("per cents", "whole per cents", in_whole_per_cent),
                Wrong("swapped", "in this order", swapped),
            ),
            right={
                "loop": in_a_loop,
                "sorting": by_sorting,
            },
        ),
    )
