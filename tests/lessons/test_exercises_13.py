"""Lesson 13: right answers written unusually are accepted, wrong ones told their cause."""

import numpy as np
from answers import ExerciseTests, Table, Wrong

# --- 1. PSNR -----------------------------------------------------------------------------------


def by_twenty(true, other, peak):
    root = np.sqrt(np.square(np.subtract(true, other, dtype=float)).mean())
    return 20 * np.log10(peak / root)


def by_differences_of_logarithms(true, other, peak):
    error = np.var(true - other.astype(np.float64)) + np.mean(true - other.astype(float)) ** 2
    return -10 * np.log10(error) + 20 * np.log10(peak)


def with_loops(true, other, peak):
    pairs = list(zip(np.ravel(true).tolist(), np.ravel(other).tolist(), strict=True))
    return 10 * np.log10(peak * peak * len(pairs) / sum((a - b) ** 2 for a, b in pairs))


def with_scikit_image(true, other, peak):
    from skimage.metrics import peak_signal_noise_ratio

    return peak_signal_noise_ratio(true.astype(float), other.astype(float), data_range=peak)


def error_of(true, other):
    return np.mean((true.astype(float) - other.astype(float)) ** 2)


def wrapped(true, other, peak):
    return 10 * np.log10(peak**2 / np.mean((true - other) ** 2))


# --- 2. Gram matrix ----------------------------------------------------------------------------


def with_einsum(features):
    return np.einsum("ihw,jhw->ij", features, features, dtype=float) / features[0].size


def with_loop_over_pairs(features):
    maps = features.astype(float)
    return [[float((a * b).mean()) for b in maps] for a in maps]


def with_tensordot(features):
    maps = features / np.sqrt(features.shape[1] * features.shape[2])
    return np.tensordot(maps, maps, axes=((1, 2), (1, 2)))


def summed(features):
    rows = features.reshape(len(features), -1).astype(float)
    return rows @ rows.T


def torn(features):
    rows = features.reshape(-1, len(features)).astype(float)
    return rows.T @ rows / len(rows)


def among_places(features):
    rows = features.reshape(len(features), -1).astype(float)
    return rows.T @ rows / len(rows)


def covariance(features):
    rows = features.reshape(len(features), -1).astype(float)
    rows = rows - rows.mean(1, keepdims=True)
    return rows @ rows.T / rows.shape[1]


# --- 3. threshold ------------------------------------------------------------------------------


def shares(thresholds, real, fake):
    return {t: [np.mean(fake >= t), np.mean(real >= t)] for t in thresholds}


def in_a_loop(thresholds, real, fake, most):
    table, best = {}, None
    for t in thresholds:
        table[t] = (sum(fake >= t) / len(fake), sum(real >= t) / len(real))
        if table[t][1] <= most and (best is None or table[t][0] > table[best][0]):
            best = t
    return table, best


def by_sorting(thresholds, real, fake, most):
    table = shares(thresholds, real, fake)
    return table, sorted(table, key=lambda t: (table[t][1] <= most, table[t][0]))[-1]


def best_of(key, limit=False):
    def choose(thresholds, real, fake, most):
        table = shares(thresholds, real, fake)
        allowed = [t for t in table if not limit or table[t][1] <= most]
        return table, max(allowed, key=lambda t: key(t, *table[t]))

    return choose


def above(thresholds, real, fake, most):
    table = {t: (np.mean(fake > t), np.mean(real > t)) for t in thresholds}
    return table, max((t for t in table if table[t][1] <= most), key=lambda t: table[t][0])


def swapped(thresholds, real, fake, most):
    table = shares(thresholds, fake, real)
    return table, max((t for t in table if table[t][0] <= most), key=lambda t: table[t][1])


def fewer_only(thresholds, real, fake, most):
    table = shares(thresholds, real, fake)
    few = [t for t in table if table[t][1] < most] or list(table)
    return table, max(few, key=lambda t: table[t][0])


# --- 4. label ----------------------------------------------------------------------------------


def in_other_words(tool, invented, agreed):
    return (
        f"Synthetic picture. {round(100 * invented)} per cent invented by {tool.upper()}" * agreed
    )


def in_german(tool, invented, agreed):
    share = f"{invented:.0%}".replace("%", " %")
    return f"Mit KI bearbeitet ({tool}), {share} erfunden" if agreed else "   "


def of_a_hundred(tool, invented, agreed):
    if agreed is False:
        return ""
    return "computer-generated with " + tool + f": {int(invented * 100 + 0.5)} of 100 parts"


def made(words):
    return lambda tool, invented, agreed: words(tool, invented) if agreed else ""


# --- guidance ----------------------------------------------------------------------------------


def between_both(told, free, guidance):
    return (1 - guidance) * free + guidance * told


def one_by_one(told, free, guidance):
    if np.ndim(told) == 0:
        return float(free) + guidance * (float(told) - float(free))
    return [one_by_one(t, f, guidance) for t, f in zip(told, free, strict=True)]


def beyond_the_words(told, free, guidance):
    return told + (guidance - 1) * (told - free)


def guided_in_place(told, free, guidance):
    told -= free
    told *= guidance
    return free + told


class TestExercises(ExerciseTests):
    lesson = "13_generative_gallery"
    tables = (
        Table(
            "psnr",
            wrong=(
                Wrong("bytes wrap around", "wraps around", wrapped),
                Wrong(
                    "natural logarithm",
                    "base 10",
                    lambda t, o, p: 10 * np.log(p**2 / error_of(t, o)),
                ),
                Wrong("twenty", "it is 10", lambda t, o, p: 20 * np.log10(p**2 / error_of(t, o))),
                Wrong(
                    "peak not squared", "squared", lambda t, o, p: 10 * np.log10(p / error_of(t, o))
                ),
                Wrong("peak of 1", "peak", lambda t, o, p: -10 * np.log10(error_of(t, o))),
                Wrong("changed places", "changed places", lambda t, o, p: -by_twenty(t, o, p)),
                Wrong("the error itself", "mean squared error", lambda t, o, p: error_of(t, o)),
                Wrong(
                    "a sum",
                    "Take their mean",
                    lambda t, o, p: 10 * np.log10(p**2 / (error_of(t, o) * t.size)),
                ),
            ),
            right={
                "twenty and a root": by_twenty,
                "logarithms": by_differences_of_logarithms,
                "loops": with_loops,
                "scikit-image": with_scikit_image,
            },
        ),
        Table(
            "gram",
            wrong=(
                Wrong("a sum", "Take their mean", summed),
                Wrong("torn channels", "tears the channels", torn),
                Wrong("places", "channels with channels", among_places),
                Wrong("covariance", "covariance", covariance),
                Wrong("all values", "number of places", lambda f: summed(f) / f.size),
                Wrong(
                    "a diagonal", "Only the diagonal", lambda f: np.diag(np.diag(with_einsum(f)))
                ),
                Wrong("no negative ones", "below zero", lambda f: np.abs(with_einsum(f))),
            ),
            right={
                "einsum": with_einsum,
                "pairs": with_loop_over_pairs,
                "tensordot": with_tensordot,
            },
        ),
        Table(
            "choose_threshold",
            wrong=(
                Wrong("most found", "look at the limit", best_of(lambda t, found, accused: found)),
                Wrong("fewest", "accuses fewest", best_of(lambda t, found, accused: -accused)),
                Wrong(
                    "difference",
                    "largest difference",
                    best_of(lambda t, found, accused: found - accused),
                ),
                Wrong("highest", "highest threshold", best_of(lambda t, f, a: t, limit=True)),
                Wrong("above it only", "reaches it", above),
                Wrong("swapped", "in this order", swapped),
                Wrong("fewer only", "is allowed", fewer_only),
            ),
            right={
                "loop": in_a_loop,
                "sorting": by_sorting,
            },
        ),
        Table(
            "disclosure",
            wrong=(
                Wrong(
                    "always published",
                    "has not agreed",
                    lambda tool, invented, agreed: f"AI ({tool}): {100 * invented:.0f} % invented",
                ),
                Wrong("no tool", "name the tool", made(lambda t, i: f"AI: {100 * i:.0f} %")),
                Wrong("no share", "how much is invented", made(lambda t, i: f"Made with AI: {t}")),
                Wrong(
                    "kept", "was kept", made(lambda t, i: f"AI, {t}: {100 * (1 - i):.0f} % kept")
                ),
                Wrong("cut off", "cut off", made(lambda t, i: f"AI, {t}: {int(100 * i)} %")),
                Wrong(
                    "one decimal", "whole per cent", made(lambda t, i: f"AI, {t}: {100 * i:.1f} %")
                ),
                Wrong("a share", "Readers know", made(lambda t, i: f"AI, {t}: {i} invented")),
                Wrong("no machine", "machine", made(lambda t, i: f"{t}: {100 * i:.0f} % new")),
                Wrong(
                    "too long",
                    "there is room",
                    made(lambda t, i: f"AI ({t}): {100 * i:.0f} % invented." + " Really." * 20),
                ),
                Wrong("never", "needs a label", lambda tool, invented, agreed: ""),
                Wrong("a number", "expected is text", lambda tool, invented, agreed: invented),
            ),
            right={
                "other words": in_other_words,
                "German": in_german,
                "of a hundred": of_a_hundred,
            },
        ),
        Table(
            "guided",
            wrong=(
                Wrong(
                    "from the words", "Begin at the one without", lambda t, f, g: t + g * (t - f)
                ),
                Wrong("away", "away from the words", lambda t, f, g: f + g * (f - t)),
                Wrong("swapped", "swapped", lambda t, f, g: t + g * (f - t)),
                Wrong("longer", "only the difference", lambda t, f, g: g * t),
                Wrong("difference alone", "Add it", lambda t, f, g: g * (t - f)),
                Wrong("sum", "not its difference", lambda t, f, g: f + g * t),
                Wrong("at most the words", "goes beyond", lambda t, f, g: f + min(g, 1) * (t - f)),
                Wrong("three times", "that is given", lambda t, f, g: f + 3 * (t - f)),
                Wrong(
                    "whole numbers", "decimals", lambda t, f, g: (f + g * (t - f)).astype(t.dtype)
                ),
                Wrong("in place", "changed", guided_in_place),
            ),
            right={
                "between both": between_both,
                "one by one": one_by_one,
                "beyond the words": beyond_the_words,
            },
        ),
    )
