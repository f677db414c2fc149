"""Lesson 01: right answers written unusually are accepted, wrong ones told their cause."""

import math

import numpy as np
from answers import ExerciseTests, Table, Wrong

from aml4d_utils.topics.selectivity.discrimination import d_prime

# --- 1. a Gabor --------------------------------------------------------------------------------


def with_loops(side, orientation, period, sigma):
    result = np.zeros((side, side))
    angle = math.radians(orientation)
    for row in range(side):
        for col in range(side):
            up, right = (side - 1) / 2 - row, col - (side - 1) / 2
            across = right * math.sin(angle) - up * math.cos(angle)
            fade = math.exp(-(up * up + right * right) / (2 * sigma * sigma))
            result[row, col] = fade * math.cos(2 * math.pi * across / period)
    return result


def complex_wave(side, orientation, period, sigma):
    axis = np.linspace(-(side - 1) / 2, (side - 1) / 2, side)
    x, y = np.meshgrid(axis, -axis)
    normal = np.deg2rad(orientation + 90)
    wave = np.exp(2j * np.pi / period * (x * np.cos(normal) + y * np.sin(normal)))
    return (wave * np.exp(-0.5 * (np.hypot(x, y) / sigma) ** 2)).real


def built(flip=1, turn=np.deg2rad, cycles=2 * np.pi, wave=np.cos, two=2.0, power=2, middle=0.5):
    def answer(side, orientation, period, sigma):
        rows, cols = np.mgrid[:side, :side] - (side - 1) * middle
        angle = turn(orientation)
        across = flip * rows * np.cos(angle) + cols * np.sin(angle)
        fade = np.exp(-(rows**2 + cols**2) / (two * sigma**power))
        return wave(cycles * across / period) * fade

    return answer


def wave_only(side, orientation, period, sigma):
    return built()(side, orientation, period, 1e9)


def gaussian_only(side, orientation, period, sigma):
    return built()(side, orientation, 1e9, sigma)


def adds_to_one(side, orientation, period, sigma):
    return built()(side, orientation, period, sigma) / (2 * np.pi * sigma**2)


def without_mean(side, orientation, period, sigma):
    field = built()(side, orientation, period, sigma)
    return field - field.mean()


# --- 2. width ----------------------------------------------------------------------------------


def rolled_and_interpolated(orientations, answers):
    """Put the peak in the middle, sample the straight lines finely, and find both crossings."""
    answers = np.asarray(answers, float)
    count, top = len(answers), int(np.argmax(answers))
    centred = np.roll(answers, count // 2 - top)
    around = np.concatenate([centred, centred, centred])
    middle, half = count + count // 2, answers[top] / 2
    if (around > half).all():
        return 180
    right = np.flatnonzero(around[middle:] <= half)[0] + middle
    left = np.flatnonzero(around[: middle + 1] <= half)[-1]
    end = right - (half - around[right]) / (around[right - 1] - around[right])
    begin = left + (half - around[left]) / (around[left + 1] - around[left])
    return np.float64((end - begin) * 180 / count)


def recursive(orientations, answers):
    values = [float(answer) for answer in answers]
    count, top = len(values), values.index(max(values))

    def walk(place, side, walked):
        if walked == count:
            return None
        here, there = values[place % count], values[(place + side) % count]
        if there > max(values) / 2:
            return walk(place + side, side, walked + 1)
        return walked + (here - max(values) / 2) / (here - there)

    found = [walk(top, side, 0) for side in (-1, 1)]
    return 180.0 if None in found else sum(found) * (180 / count)


def counted(orientations, answers):
    return (np.asarray(answers) > np.max(answers) / 2).sum() * 180 / len(answers)


def at_level(level):
    def answer(orientations, answers):
        answers = np.asarray(answers, float)
        return rolled_and_interpolated(orientations, answers + answers.max() - 2 * level(answers))

    return answer


def not_round(orientations, answers):
    answers = np.asarray(answers, float)
    top, half, total = int(answers.argmax()), answers.max() / 2, 0.0
    for side in (1, -1):
        at = top
        while 0 <= at + side < len(answers) and answers[at + side] > half:
            at += side
        total += abs(at - top)
        if 0 <= at + side < len(answers):
            total += (answers[at] - half) / (answers[at] - answers[at + side])
    return total * 180 / len(answers)


def next_whole(orientations, answers):
    values, count = np.asarray(answers), len(answers)
    top, steps = int(values.argmax()), 0
    for side in (1, -1):
        walked = 1
        while values[(top + side * walked) % count] > values[top] / 2 and walked < count:
            walked += 1
        steps += walked
    return steps * 180 / count


# --- 3. index ----------------------------------------------------------------------------------


def index(a, b):
    total = np.mean(a) + np.mean(b)
    return (np.mean(a) - np.mean(b)) / total if total else 0


def by_ratio(faces, others, scrambled):
    mean = sum(faces) / len(faces)
    worst = max(sum(group) / len(group) for group in (others, scrambled))
    if mean == 0:
        return -1.0 if worst else 0.0
    return (1 - worst / mean) / (1 + worst / mean)


def nan_to_zero(faces, others, scrambled):
    means = np.array([others.mean(), scrambled.mean()])
    with np.errstate(invalid="ignore"):
        return np.nan_to_num((faces.mean() - means) / (faces.mean() + means)).min()


def of_sums(faces, others, scrambled):
    def one(group):
        total = faces.sum() + group.sum()
        return (faces.sum() - group.sum()) / total if total else 0.0

    return min(one(others), one(scrambled))


# --- 4. the choice -----------------------------------------------------------------------------


def measured(units):
    return {name: (d_prime(f, o), d_prime(f, s)) for name, (f, o, s) in units.items()}


def in_a_loop(units, least):
    found, best, record = {}, None, least
    for name, (faces, others, scrambled) in units.items():
        found[name] = [d_prime(faces, others), d_prime(faces, scrambled)]
        weaker = min(found[name])
        if weaker >= record and (best is None or weaker > record):
            best, record = name, weaker
    return [found, best]


def by_sorting(units, least):
    found = measured(units)
    order = sorted(found, key=lambda name: min(found[name]), reverse=True)
    good = [name for name in order if all(value >= least for value in found[name])]
    return {name: np.array(pair) for name, pair in found.items()}, (good or [None])[0]


def chosen(key, enough=lambda pair, least: min(pair) >= least):
    def answer(units, least):
        found = measured(units)
        fitting = [name for name in found if enough(found[name], least)]
        return found, max(fitting, key=lambda name: key(found[name]), default=None)

    return answer


def always(pair, least):
    return True


def loudest(units, least):
    found = measured(units)
    fitting = [name for name in found if min(found[name]) >= least]
    return found, max(fitting, key=lambda name: units[name][0].mean(), default=None)


def by_index(units, least):
    found = measured(units)
    fitting = [name for name in found if min(found[name]) >= least]
    return found, max(fitting, key=lambda name: index(*units[name][:2]), default=None)


def last_enough(units, least):
    found = measured(units)
    fitting = [name for name in found if min(found[name]) >= least]
    return found, fitting[-1] if fitting else None


def changed_sign(units, least):
    found = {n: (d_prime(o, f), d_prime(s, f)) for n, (f, o, s) in units.items()}
    return found, None


def other_control(units, least):
    found = {n: (d_prime(f, o), d_prime(o, s)) for n, (f, o, s) in units.items()}
    return found, None


def turned_round(units, least):
    return {name: pair[::-1] for name, pair in measured(units).items()}, None


def one_number(units, least):
    found = measured(units)
    return {name: min(pair) for name, pair in found.items()}, None


class TestExercises(ExerciseTests):
    lesson = "01_how_we_see"
    tables = (
        Table(
            "gabor_field",
            wrong=(
                Wrong("clockwise", "turn clockwise", built(flip=-1)),
                Wrong("degrees", "take radians", built(turn=lambda angle: angle)),
                Wrong("along", "at right angles", built(turn=lambda a: np.deg2rad(a - 90))),
                Wrong("no 2π", "the 2π is missing", built(cycles=1)),
                Wrong("π", "twice as long", built(cycles=np.pi)),
                Wrong("sine", "You took a sine", built(wave=np.sin)),
                Wrong("no 2 below", "too narrow", built(two=1)),
                Wrong("sigma", "sigma is squared", built(power=1)),
                Wrong("adds to one", "adds up to 1", adds_to_one),
                Wrong("wave", "the wave alone", wave_only),
                Wrong("Gaussian", "the Gaussian alone", gaussian_only),
                Wrong("corner", "in the corner", built(middle=0)),
                Wrong("no mean", "took the mean away", without_mean),
                Wrong("one pixel more", "shape", lambda n, *a: built()(n + 1, *a)),
            ),
            right={"loops": with_loops, "a complex wave": complex_wave},
        ),
        Table(
            "width_at_half",
            wrong=(
                Wrong("half", "half of the width", lambda o, a: recursive(o, a) / 2),
                Wrong("counted", "You counted orientations", counted),
                Wrong(
                    "above the lowest",
                    "down to the lowest",
                    at_level(lambda a: (a.max() + a.min()) / 2),
                ),
                Wrong("mean", "the mean answer", at_level(np.mean)),
                Wrong("√2", "√2", at_level(lambda a: a.max() / np.sqrt(2))),
                Wrong("not round", "0° again", not_round),
                Wrong("steps", "in steps", lambda o, a: recursive(o, a) * len(a) / 180),
                Wrong("radians", "radians", lambda o, a: np.deg2rad(recursive(o, a))),
                Wrong("next whole", "Expected", next_whole),
                Wrong(
                    "spread",
                    "Expected",
                    lambda o, a: (
                        2.355 * np.sqrt(np.cov(o, fweights=np.abs(np.rint(a)).astype(int)))
                        if np.rint(np.abs(a)).sum() > 1
                        else 0.0
                    ),
                ),
            ),
            right={"rolled": rolled_and_interpolated, "recursive": recursive},
        ),
        Table(
            "face_index",
            wrong=(
                Wrong("no control", "control is missing", lambda f, o, s: index(f, o)),
                Wrong("scrambled only", "scrambled faces only", lambda f, o, s: index(f, s)),
                Wrong("larger", "the larger", lambda f, o, s: max(index(f, o), index(f, s))),
                Wrong("mean", "mean of both", lambda f, o, s: (index(f, o) + index(f, s)) / 2),
                Wrong("one group", "one group", lambda f, o, s: index(f, np.concatenate([o, s]))),
                Wrong("sums", "added answers up", of_sums),
                Wrong(
                    "medians",
                    "medians",
                    lambda f, o, s: min(index([np.median(f)], [np.median(g)]) for g in (o, s)),
                ),
                Wrong(
                    "difference",
                    "the difference",
                    lambda f, o, s: f.mean() - max(o.mean(), s.mean()),
                ),
                Wrong(
                    "NaN",
                    "NaN",
                    lambda f, o, s: min(
                        np.float64(f.mean() - g.mean()) / (f.mean() + g.mean()) for g in (o, s)
                    ),
                ),
                Wrong(
                    "over faces",
                    "divided by the answer to faces",
                    lambda f, o, s: 1 - max(o.mean(), s.mean()) / f.mean() if f.mean() else 0.0,
                ),
                Wrong("both", "expected is one number", lambda f, o, s: [index(f, o), index(f, s)]),
            ),
            right={
                "ratio": by_ratio,
                "NaN to zero": nan_to_zero,
                "fraction": lambda f, o, s: np.float32(min(index(f, o), index(f, s))),
            },
        ),
        Table(
            "choose_face_unit",
            wrong=(
                Wrong("things", "without the control", chosen(lambda pair: pair[0], always)),
                Wrong(
                    "things, enough",
                    "went by d′ against other things. Compare",
                    chosen(lambda pair: pair[0]),
                ),
                Wrong("scrambled", "scrambled faces alone", chosen(lambda pair: pair[1], always)),
                Wrong(
                    "scrambled, enough",
                    "went by d′ against scrambled faces. Compare",
                    chosen(lambda pair: pair[1]),
                ),
                Wrong("always", "always name a unit", chosen(min, always)),
                Wrong("sum", "You added", chosen(sum)),
                Wrong("product", "You multiplied", chosen(np.prod)),
                Wrong("stronger", "the stronger", chosen(max)),
                Wrong("closest", "closest to the limit", chosen(lambda pair: -min(pair))),
                Wrong("first", "the first unit", chosen(lambda pair: 0)),
                Wrong("last", "the last unit", last_enough),
                Wrong(
                    "above",
                    "exactly at the limit",
                    chosen(min, lambda pair, least: min(pair) > least),
                ),
                Wrong(
                    "one is enough",
                    "one of its two",
                    chosen(min, lambda pair, least: max(pair) >= least),
                ),
                Wrong(
                    "rounded",
                    "rounded",
                    chosen(min, lambda pair, least: round(float(min(pair)), 1) >= round(least, 1)),
                ),
                Wrong("index", "selectivity index", by_index),
                Wrong("loudest", "answers faces most", loudest),
                Wrong("sign", "wrong sign", changed_sign),
                Wrong("other control", "Your second d′", other_control),
                Wrong("turned round", "in this order", turned_round),
                Wrong("one number", "two numbers", one_number),
                Wrong("none", "both d′ of", lambda units, least: (measured(units), None)),
            ),
            right={"loop": in_a_loop, "sorting": by_sorting},
        ),
    )
