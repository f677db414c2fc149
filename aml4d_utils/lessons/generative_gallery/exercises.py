"""The exercises of the lesson on generative pictures."""

from __future__ import annotations

import re
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
    WrongAnswer,
    same_as,
)
from aml4d_utils.checking.exercise import Attempt, kind_of, told_apart

LESSON = "13_generative_gallery"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. PSNR ---------------------------------------------------------------------------------


def _decibels(true: np.ndarray, other: np.ndarray, peak: float) -> float:
    total = 0.0
    for a, b in zip(true.ravel().tolist(), other.ravel().tolist(), strict=True):
        total += (a - b) ** 2
    return 10 * float(np.log10(peak**2 / (total / true.size)))


def _psnr_cases() -> list[Case]:
    rng = np.random.default_rng(13)
    grey, other = rng.random((2, 5, 8))
    colour, second = rng.random((2, 4, 6, 3))
    signed, moved = rng.normal(0, 2, (2, 3, 7))
    return [
        Case("two grey pictures", (grey, other, 1.0)),
        Case("nearly the same", (grey, grey + 0.001, 1.0)),
        Case("two colour pictures", (colour, second, 1.0)),
        Case("one pixel differs", (np.zeros((4, 5)), np.pad([[0.5]], ((1, 2), (2, 2))), 1.0)),
        Case(
            "bytes, where 10 − 200 has no room",
            (np.array([[10, 200]], np.uint8), np.array([[200, 10]], np.uint8), 255),
        ),
        Case(
            "whole grey levels up to 255", (np.array([[0, 255, 7]]), np.array([[3, 250, 7]]), 255)
        ),
        Case("black against white", (np.zeros((2, 2)), np.ones((2, 2)), 1.0)),
        Case("numbers below zero", (signed, moved, 4.0)),
        Case("one pixel", (np.array([[0.2]]), np.array([[0.7]]), 1.0)),
        Case("dark pictures", (grey / 10, other / 10, 1.0)),
    ]


def _mse(true: np.ndarray, other: np.ndarray) -> float:
    return float(np.mean((true.astype(float) - other.astype(float)) ** 2))


psnr = _exercise(
    "psnr",
    check_with=same_as(
        _decibels,
        _psnr_cases(),
        [
            Mistake(
                lambda t, o, p: 10 * np.log10(p**2 / np.mean((t - o) ** 2)),
                "With bytes, 10 − 200 gives 66: the difference wraps around. Turn them into floats "
                "first.",
            ),
            Mistake(
                lambda t, o, p: 10 * np.log(p**2 / _mse(t, o)),
                "That is the natural logarithm. Decibels take the one to base 10.",
            ),
            Mistake(
                lambda t, o, p: 20 * np.log10(p**2 / _mse(t, o)),
                "20 goes with the root of the error. With the squared error it is 10.",
            ),
            Mistake(
                lambda t, o, p: 10 * np.log10(p / np.sqrt(_mse(t, o))),
                "You took the root of the error. Then the factor is 20, not 10.",
            ),
            Mistake(
                lambda t, o, p: 10 * np.log10(p / _mse(t, o)),
                "The peak is squared, as the error is.",
            ),
            Mistake(
                lambda t, o, p: 10 * np.log10(1 / _mse(t, o)),
                "Use the peak that is given: with bytes it is 255.",
            ),
            Mistake(
                lambda t, o, p: 10 * np.log10(float(t.max()) ** 2 / _mse(t, o)),
                "The peak is the largest value there can be, not the largest in this picture.",
            ),
            Mistake(
                lambda t, o, p: 10 * np.log10(_mse(t, o) / p**2),
                "Peak and error have changed places: a smaller error must give more decibels.",
            ),
            Mistake(
                lambda t, o, p: 10 * np.log10(p**2 / (_mse(t, o) * t.size)),
                "You added the squared errors. Take their mean.",
            ),
            Mistake(
                lambda t, o, p: 10 * np.log10(p**2 / np.abs(t.astype(float) - o).mean()),
                "You took the absolute difference. PSNR squares it.",
            ),
            Mistake(
                lambda t, o, p: _mse(t, o),
                "That is the mean squared error. PSNR is 10 log10(peak² / error).",
            ),
            Mistake(
                lambda t, o, p: np.log10(p**2 / _mse(t, o)),
                "That is in bels. A decibel is a tenth of one: multiply by 10.",
            ),
        ],
    ),
    hints=(
        "First the mean squared error of all values, as floats. Then 10 times the logarithm to "
        "base 10 of what over it?",
        "error = ((true.astype(float) - other) ** 2).mean(), and then "
        "10 * np.log10(peak**2 / error).",
    ),
)


# --- 2. Gram matrix --------------------------------------------------------------------------


def _products(features: np.ndarray) -> np.ndarray:
    channels, height, width = features.shape
    result = np.zeros((channels, channels))
    for i in range(channels):
        for j in range(channels):
            for row in range(height):
                for col in range(width):
                    result[i, j] += float(features[i, row, col]) * float(features[j, row, col])
    return result / (height * width)


def _gram_cases() -> list[Case]:
    rng = np.random.default_rng(7)
    features = rng.random((3, 4, 5))
    lonely = np.zeros((2, 3, 4))
    lonely[0, 0, 1], lonely[1, 2, 3] = 2.0, 3.0
    return [
        Case("three channels", (features,)),
        Case("one channel", (rng.random((1, 3, 4)),)),
        Case("more channels than places", (rng.random((6, 2, 2)),)),
        Case("one place", (rng.random((4, 1, 1)),)),
        Case("never at the same place", (lonely,)),
        Case("the same map twice", (np.stack([features[0], features[0]]),)),
        Case("a column", (rng.random((3, 6, 1)),)),
        Case("numbers below zero", (rng.normal(0, 3, (3, 2, 5)),)),
        Case("whole numbers", (rng.integers(-4, 5, (2, 3, 3)),)),
        Case("bytes, whose products have no room", (rng.integers(0, 256, (2, 3, 4), np.uint8),)),
        Case("zeros", (np.zeros((2, 3, 3)),)),
        Case("as many channels as rows", (rng.random((4, 4, 3)),)),
    ]


def _flat(features: np.ndarray) -> np.ndarray:
    return features.reshape(len(features), -1).astype(float)


gram = _exercise(
    "gram",
    check_with=same_as(
        _products,
        _gram_cases(),
        [
            Mistake(
                lambda f: _flat(f) @ _flat(f).T,
                "You added the products. Take their mean over the places, so that a larger picture "
                "gives no larger numbers.",
            ),
            Mistake(
                lambda f: _flat(f) @ _flat(f).T / f.size,
                "You divided by all values, channels too. Divide by the number of places.",
            ),
            Mistake(
                lambda f: _flat(f) @ _flat(f).T / len(f),
                "You divided by the number of channels. Divide by the number of places.",
            ),
            Mistake(
                lambda f: np.cov(_flat(f), bias=True).reshape(len(f), len(f)),
                "You took the mean of each channel away first: that is the covariance. The Gram "
                "matrix keeps it.",
            ),
            Mistake(
                lambda f: _flat(f).T @ _flat(f) / len(f),
                "You multiplied places with places. Multiply channels with channels: the result is "
                "as large as there are channels.",
            ),
            Mistake(
                lambda f: _flat(f).T @ _flat(f),
                "You multiplied places with places. Multiply channels with channels: the result is "
                "as large as there are channels.",
            ),
            Mistake(
                lambda f: (lambda m: m.T @ m / len(m))(f.reshape(-1, len(f)).astype(float)),
                "reshape(places, channels) tears the channels apart: reshape to (channels, places) "
                "and transpose.",
            ),
            Mistake(
                lambda f: np.corrcoef(_flat(f)).reshape(len(f), len(f)),
                "That is the correlation: each channel is centred and scaled. Take plain products.",
            ),
            Mistake(
                lambda f: np.outer(_flat(f).mean(1), _flat(f).mean(1)),
                "You multiplied the means. Take the mean of the products: what matters is what "
                "occurs at the same place.",
            ),
            Mistake(
                lambda f: f.reshape(len(f), -1) @ f.reshape(len(f), -1).T / f[0].size,
                "With bytes, a product above 255 has no room. Turn them into floats first.",
            ),
            Mistake(lambda f: np.abs(_products(f)), "Products below zero stay below zero."),
            Mistake(
                lambda f: np.diag(np.diag(_products(f))),
                "Only the diagonal is filled. Multiply each channel with every other one, too.",
            ),
        ],
    ),
    hints=(
        "Write each channel as one row of all its places; then one matrix product holds all sums.",
        "rows = features.reshape(len(features), places).astype(float), and then "
        "rows @ rows.T / places, with places = features[0].size.",
    ),
)


# --- 3. the threshold of a detector ----------------------------------------------------------

Shares = tuple[float, float]


def _rates(thresholds: list[float], real: np.ndarray, fake: np.ndarray) -> dict[float, Shares]:
    return {
        threshold: (
            sum(score >= threshold for score in fake.tolist()) / len(fake),
            sum(score >= threshold for score in real.tolist()) / len(real),
        )
        for threshold in thresholds
    }


def _threshold_case(name, thresholds, real, fake, most) -> DecisionCase:
    real, fake = np.array(real, float), np.array(fake, float)
    return DecisionCase(
        name,
        (list(thresholds), real, fake, most),
        _rates(list(thresholds), real, fake),
        {"most": most, "real": real, "fake": fake},
    )


def _threshold_tables() -> Iterator[DecisionCase]:
    yield _threshold_case(
        "the one that finds most accuses too many",
        (0.2, 0.5, 0.8),
        [0.1, 0.3, 0.4, 0.6],
        [0.3, 0.55, 0.7, 0.9],
        0.25,
    )
    yield _threshold_case(
        "a score exactly at a threshold",
        (0.9, 0.5, 0.3),
        [0.1, 0.2, 0.3, 0.4, 0.25],
        [0.5, 0.5, 0.9, 0.45],
        0.2,
    )
    yield _threshold_case(
        "exactly as many accused as allowed",
        (0.6, 0.3, 0.1),
        [0.05, 0.2, 0.4, 0.7],
        [0.15, 0.35, 0.5, 0.65],
        0.5,
    )
    yield _threshold_case(
        "nobody may be accused",
        (0.3, 0.5, 0.75, 0.95),
        [0.2, 0.4, 0.7],
        [0.6, 0.76, 0.8, 0.9, 0.3],
        0.0,
    )
    yield _threshold_case(
        "few fakes, many real ones",
        (0.15, 0.45, 0.65),
        np.linspace(0.02, 0.98, 33) ** 2,
        [0.2, 0.5, 0.66],
        0.45,
    )
    yield _threshold_case(
        "many fakes, few real ones",
        (0.7, 0.4, 0.25, 0.1),
        [0.05, 0.3, 0.5, 0.2, 0.1, 0.15, 0.35, 0.02],
        np.linspace(0.1, 0.99, 41),
        0.3,
    )
    rng = np.random.default_rng(3)
    for number in range(3):
        real, fake = rng.beta(2, 4, 29), rng.beta(4, 2, 37)
        thresholds = rng.permutation(np.linspace(0.15, 0.9, 9)).round(3).tolist()
        most = float(rng.uniform(0.08, 0.35))
        yield _threshold_case(f"nine thresholds, no. {number + 1}", thresholds, real, fake, most)


@cache
def _threshold_cases() -> tuple[DecisionCase, ...]:
    return tuple(_threshold_tables())


def _allowed(case: DecisionCase) -> list[float]:
    return [at for at, (_, accused) in case.truth.items() if accused <= case.facts["most"]]


def _best_thresholds(case: DecisionCase) -> list[float]:
    best = max(case.truth[at][0] for at in _allowed(case))
    return [at for at in _allowed(case) if case.truth[at][0] == best]


def _strictly_above(value: np.ndarray, at: float, case: DecisionCase) -> str | None:
    above = [float((case.facts[kind] > at).mean()) for kind in ("fake", "real")]
    if np.allclose(value, above):
        return "A score exactly at the threshold reaches it: count it."
    return None


def _counts(value: np.ndarray, at: float, case: DecisionCase) -> str | None:
    counts = [float((case.facts[kind] >= at).sum()) for kind in ("fake", "real")]
    if np.allclose(value, counts):
        return "You counted. Divide by how many there are: shares can be compared."
    return None


def _by(key: Callable[[float, Shares], float], allowed: bool = False) -> Callable:
    return lambda case: max(
        _allowed(case) if allowed else case.truth, key=lambda at: key(at, case.truth[at])
    )


def _most_right(case: DecisionCase) -> float:
    fakes, reals = len(case.facts["fake"]), len(case.facts["real"])
    return max(
        case.truth,
        key=lambda at: case.truth[at][0] * fakes + (1 - case.truth[at][1]) * reals,
    )


def _fewer_only(case: DecisionCase) -> float | None:
    few = [at for at, (_, accused) in case.truth.items() if accused < case.facts["most"]]
    return max(few, key=lambda at: case.truth[at][0], default=None)


def _found_in_limit(case: DecisionCase) -> float | None:
    few = [at for at, (found, _) in case.truth.items() if found <= case.facts["most"]]
    return min(few, key=lambda at: case.truth[at][1], default=None)


def _explain_threshold(choice: float, case: DecisionCase) -> str:
    found, accused = case.truth[choice]
    if choice not in _allowed(case):
        more, limit = told_apart(accused, case.facts["most"])
        return (
            f"At {choice} your own measurement accuses {more} of the real faces; {limit} are "
            "allowed."
        )
    best = _best_thresholds(case)[0]
    most, less = told_apart(case.truth[best][0], found)
    return f"{choice} is allowed, but so is {best}, and it finds {most} of the fakes, not {less}."


choose_threshold = _exercise(
    "choose_threshold",
    check_with=Decision(
        _threshold_cases,
        parts=("share of fakes found", "share of real faces accused"),
        choose=_best_thresholds,
        explain=_explain_threshold,
        called="a threshold",
        misreadings=(_strictly_above, _counts),
        show=str,
        rivals=(
            Rival(
                _by(lambda at, shares: shares[0]),
                "You chose the one that finds most fakes, however many real faces it accuses: look "
                "at the limit.",
            ),
            Rival(
                _by(lambda at, shares: -shares[1]),
                "You chose the one that accuses fewest. Up to the limit is allowed; then the fakes "
                "found decide.",
            ),
            Rival(
                _by(lambda at, shares: shares[0] - shares[1]),
                "You chose the largest difference of both shares. Here the limit comes first.",
            ),
            Rival(
                _most_right,
                "You chose the most right answers in all. Here the limit for real faces comes "
                "first.",
            ),
            Rival(
                _by(lambda at, shares: at, allowed=True),
                "You took the highest threshold that is allowed. It is the most careful one, not "
                "the one that finds most.",
            ),
            Rival(lambda case: _allowed(case)[0], "You took the first threshold that is allowed."),
            Rival(lambda case: _allowed(case)[-1], "You took the last threshold that is allowed."),
            Rival(_fewer_only, "Exactly as many accused as the limit says is allowed."),
            Rival(
                _found_in_limit,
                "You held the share of fakes found against the limit. It is for real faces.",
            ),
        ),
    ),
    hints=(
        "For each threshold, two shares: of the fakes, and of the real faces, whose score is at "
        "least the threshold. np.mean of a comparison is a share.",
        "Keep the thresholds whose second share is at most the limit; of these take the one with "
        "the largest first share.",
    ),
)


# --- 4. a label ------------------------------------------------------------------------------

LONGEST = 120
_MACHINE = re.compile(
    r"\b([ak]\.?i\.?|artificial\w*|synthe\w*|generat\w*|maschin\w*|machine\w*|comput\w*|robot\w*|"
    r"algorithm\w*|neural|network\w*|deepfake\w*|software|model\w*|automat\w*|künstlich\w*)\b",
    re.IGNORECASE,
)
_SHARE = r"(?<![\d.,]){}(?:[.,]0+)?\s*(?:%|per\s?cent|of\s+100|out\s+of\s+100)"
_PICTURES = (
    ("Real-ESRGAN", 0.58, True),
    ("Real-ESRGAN", 0.07, True),
    ("Ghiasi 2017", 0.314, True),
    ("face swap", 1.0, True),
    ("face swap", 1.0, False),
    ("DCGAN", 0.996, True),
    ("small net", 0.062, False),
    ("Gatys 2016", 0.83, True),
    ("small net", 0.0, True),
    ("Netz 3", 0.447, True),
)
"""Tool, share of the detail that is invented, and whether the persons shown have agreed."""


def _check_label(attempt: Attempt) -> None:
    for tool, invented, agreed in _PICTURES:
        case = f"tool {tool!r}, invented {invented}, agreed {agreed}"
        label = attempt(tool, invented, agreed, case=case)
        if not isinstance(label, str):
            raise WrongAnswer(f"You returned {kind_of(label)}; expected is text.\nCase: {case}")
        problem = _label_problem(label, tool, invented, agreed)
        if problem:
            raise WrongAnswer(f"{problem}\nYour label: “{label}”\nCase: {case}")


def _label_problem(label: str, tool: str, invented: float, agreed: bool) -> str | None:
    if not agreed:
        if label.strip():
            return (
                "Somebody in this picture has not agreed. It is not published, so it gets no "
                "label: return an empty text."
            )
        return None
    if not label.strip():
        return "This picture is published, so it needs a label."
    if len(label) > LONGEST:
        return f"The label has {len(label)} characters; there is room for {LONGEST}."
    if tool.lower() not in label.lower():
        return f"The label does not name the tool, {tool}."
    if not _MACHINE.search(label.lower().replace(tool.lower(), " ")):
        return (
            "Nobody who does not know the tool can tell that a machine was at work. Say so in "
            "plain words."
        )
    return _share_problem(label.lower().replace(tool.lower(), " "), invented)


def _share_problem(label: str, invented: float) -> str | None:
    whole = round(100 * invented)
    if re.search(_SHARE.format(whole), label):
        return None
    if re.search(_SHARE.format(round(100 * (1 - invented))), label):
        return f"The label gives the share that was kept. Invented is {whole} %."
    if re.search(_SHARE.format(int(100 * invented)), label):
        return f"The share is cut off, not rounded: it is {whole} %."
    if re.search(r"\d[.,]\d+\s*(%|per\s?cent)", label):
        return f"Give the share as a whole per cent: {whole} %. Nobody measured it more exactly."
    if re.search(rf"(?<!\d){re.escape(f'{invented:g}')}(?!\d)", label):
        return f"Readers know per cents, not shares: write {whole} %."
    return f"The label does not say how much is invented: {whole} %."


disclosure = _exercise(
    "disclosure",
    check_with=_check_label,
    hints=(
        "An f-string puts values into text, and :.0f rounds: f'{100 * invented:.0f} %'.",
        "If not agreed, return ''. Else name the tool, say that a machine made it (AI, generated, "
        "computed ...), and give the share in whole per cent.",
    ),
)


# --- guidance --------------------------------------------------------------------------------


def _guided(told: np.ndarray, free: np.ndarray, guidance: float) -> np.ndarray:
    direction = np.zeros(told.shape)
    for place in np.ndindex(told.shape):
        direction[place] = free[place] + guidance * (told[place] - free[place])
    return direction


def _guide_cases() -> list[Case]:
    rng = np.random.default_rng(8)
    told, free = rng.normal(0, 1, (2, 3, 5))
    deep, deeper = rng.normal(0, 1, (2, 2, 3, 4, 5))
    return [
        Case("three times the difference", (told, free, 3.0)),
        Case("guidance 1 follows the words", (told, free, 1)),
        Case("guidance 0 does not listen", (told, free, 0)),
        Case("half of the difference", (told, free, 0.5)),
        Case("away from the words", (told, free, -1.5)),
        Case("words that change nothing", (told, told.copy(), 7.5)),
        Case("without words nothing moves", (told, np.zeros((3, 5)), 2.0)),
        Case("with words nothing moves", (np.zeros((3, 5)), free, 2.0)),
        Case("whole numbers", (np.array([[1, -2, 5]]), np.array([[4, 4, -1]]), 2.5)),
        Case("four axes", (deep, deeper, 4.0)),
        Case("large numbers", (told * 800, free * -800, 8.0)),
    ]


guided = _exercise(
    "guided",
    check_with=same_as(
        _guided,
        _guide_cases(),
        [
            Mistake(
                lambda t, f, g: t + g * (t - f),
                "You begin at the direction with words. Begin at the one without: guidance 1 must "
                "give the direction with words.",
            ),
            Mistake(
                lambda t, f, g: f + g * (f - t),
                "You go away from the words. The difference is with words minus without.",
            ),
            Mistake(
                lambda t, f, g: t + g * (f - t),
                "The two directions are swapped: guidance 0 must give the one without words.",
            ),
            Mistake(
                lambda t, f, g: g * t,
                "You made the direction with words longer. Exaggerate only the difference that the "
                "words make.",
            ),
            Mistake(
                lambda t, f, g: g * (t - f),
                "That is the exaggerated difference alone. Add it to the direction without words.",
            ),
            Mistake(
                lambda t, f, g: f + g * t,
                "You added the direction with words itself, not its difference.",
            ),
            Mistake(
                lambda t, f, g: f + min(g, 1) * (t - f),
                "You stop at the direction with words. Guidance above 1 goes beyond it.",
            ),
            Mistake(
                lambda t, f, g: f + max(g, 0) * (t - f),
                "You stop at the direction without words. Guidance below 0 goes away from them.",
            ),
            Mistake(
                lambda t, f, g: f + 3.0 * (t - f),
                "You always exaggerate three times. Use the guidance that is given.",
            ),
            Mistake(
                lambda t, f, g: (f + g * (t - f)).astype(t.dtype),
                "You cut off the decimals where the input is whole numbers. They must stay.",
            ),
        ],
    ),
    hints=(
        "Begin at the direction without words. Which way does the difference point?",
        "free + guidance * (told - free): at guidance 0 free is left, at guidance 1 told.",
    ),
)
