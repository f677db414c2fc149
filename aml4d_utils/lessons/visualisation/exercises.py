"""The exercises of lesson 08."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import numpy as np

from aml4d_utils import images, nets
from aml4d_utils.checking import Case, Decision, DecisionCase, Exercise, Mistake, Rival, same_as
from aml4d_utils.nets.squeezenet_layers import NAME
from aml4d_utils.topics.visualisation import reading
from aml4d_utils.topics.visualisation.grad_cam import class_activation

LESSON = "08_what_cnns_learn"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. the way back through a ReLU ----------------------------------------------------------


def _guided(signal: np.ndarray, came_in: np.ndarray) -> np.ndarray:
    result = np.zeros(signal.shape)
    for place, value in np.ndenumerate(signal):
        if value > 0 and came_in[place] > 0:
            result[place] = value
    return result


def _guided_cases() -> list[Case]:
    rng = np.random.default_rng(8)
    signs = np.array([[2.0, 2.0, 2.0], [-2.0, -2.0, -2.0], [0.0, 0.0, 0.0]])
    inputs = np.array([[3.0, -3.0, 0.0]] * 3)
    return [
        Case("one place, both positive", (np.array([[0.7]]), np.array([[2.0]]))),
        Case("every pair of signs, and zeros", (signs, inputs)),
        Case("small numbers", (signs / 1000, inputs / 1000)),
        Case("4 × 5 cells", (rng.normal(size=(4, 5)), rng.normal(size=(4, 5)))),
        Case("3 maps of 2 × 6 cells", (rng.normal(size=(3, 2, 6)), rng.normal(size=(3, 2, 6)))),
        Case("7 places in a row", (rng.normal(size=7), rng.normal(size=7))),
        Case("nothing above 0 came in", (rng.normal(size=(2, 3)), -rng.random((2, 3)))),
        Case(
            "values of −800 and 800", (800 * rng.choice([-1.0, 1], (3, 4)), rng.normal(size=(3, 4)))
        ),
        Case(
            "whole numbers came in, the signal is not whole",
            (rng.normal(size=(3, 4)), rng.integers(-2, 3, (3, 4))),
        ),
        Case(
            "a whole signal, what came in is not whole",
            (rng.integers(-2, 3, (2, 5)), rng.normal(size=(2, 5))),
        ),
    ]


guided_backward = _exercise(
    "guided_backward",
    check_with=same_as(
        _guided,
        _guided_cases(),
        [
            Mistake(
                lambda signal, came_in: signal * (came_in > 0),
                "That is the plain gradient: negative signals still get through.",
            ),
            Mistake(
                lambda signal, came_in: np.maximum(signal, 0),
                "That is the deconvnet: it never asks what came in on the way forward.",
            ),
            Mistake(
                lambda signal, came_in: np.maximum(came_in, 0),
                "That is the ReLU on the way forward. On the way back the signal must return.",
            ),
            Mistake(
                lambda signal, came_in: np.maximum(signal, 0) * (came_in >= 0),
                "Where exactly 0 came in, the ReLU was silent: nothing goes back there.",
            ),
            Mistake(
                lambda signal, came_in: np.maximum(signal, 0) * np.maximum(came_in, 0),
                "You multiplied by what came in. It only opens or shuts the way, as 1 or 0.",
            ),
            *(
                Mistake(
                    product,
                    "You multiplied by what came in. It only opens or shuts the way, as 1 or 0.",
                )
                for product in (
                    lambda signal, came_in: np.maximum(signal, 0) * came_in,
                    lambda signal, came_in: signal * np.maximum(came_in, 0),
                    lambda signal, came_in: signal * came_in,
                )
            ),
            Mistake(
                lambda signal, came_in: ((signal > 0) & (came_in > 0)).astype(float),
                "You returned where the way is open, not the signal itself.",
            ),
            Mistake(
                lambda signal, came_in: signal * came_in > 0,
                "You returned True and False: * comes before >. Put came_in > 0 in brackets, and "
                "ask for a positive signal too.",
            ),
            Mistake(
                lambda signal, came_in: np.where((signal > 0) & (came_in > 0), came_in, 0),
                "You returned what came in. What goes back is the signal.",
            ),
            Mistake(
                lambda signal, came_in: signal * (signal * came_in > 0),
                "Two negative values have a positive product. Ask each of the two for itself.",
            ),
            Mistake(
                lambda signal, came_in: np.maximum(signal, 0) * (came_in < 0),
                "You let through where the ReLU was silent; it must have let something through.",
            ),
            Mistake(
                lambda signal, came_in: _guided(signal, came_in).astype(came_in.dtype),
                "Your result holds whole numbers where came_in does: make it like the signal.",
            ),
            Mistake(
                lambda signal, came_in: signal * ((signal > 0) | (came_in > 0)),
                "One of the two conditions is enough for you; guided asks for both.",
            ),
            Mistake(
                lambda signal, came_in: np.abs(signal) * (came_in > 0),
                "Negative signals must vanish, not change their sign.",
            ),
        ],
    ),
    hints=(
        "Two questions for each place: is the signal that comes back positive? Was what came in on "
        "the way forward positive?",
        "A comparison such as came_in > 0 gives True and False, which multiply as 1 and 0.",
    ),
)


# --- 2. occlusion ----------------------------------------------------------------------------

Score = Callable[[np.ndarray], float]


def _occlusion(photo: np.ndarray, score: Score, patch: int, stride: int) -> np.ndarray:
    height, width = photo.shape[:2]
    whole = score(photo.copy())
    rows = []
    for top in range(0, height - patch + 1, stride):
        row = []
        for left in range(0, width - patch + 1, stride):
            hidden = photo.copy()
            hidden[top : top + patch, left : left + patch] = 0.5
            row.append(whole - score(hidden))
        rows.append(row)
    return np.array(rows)


def _judge(seed: int, shape: tuple[int, ...]) -> Score:
    """Return a score of photos that no single pixel decides alone, as a network's is."""
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=(4, *shape))
    mix = rng.normal(size=4)

    def score(photo: np.ndarray) -> float:
        seen = np.asarray(photo)
        if seen.shape != shape:
            raise ValueError(f"score wants the whole photo, {shape}, and got {seen.shape}")
        return float(mix @ np.tanh((weights * seen).sum(axis=(1, 2, 3)) / 3))

    return score


def _occlusion_cases() -> list[Case]:
    rng = np.random.default_rng(4)
    cases = []
    for seed, (height, width, patch, stride) in enumerate(
        ((4, 4, 2, 2), (5, 7, 2, 1), (7, 5, 3, 2), (6, 8, 4, 3), (4, 4, 3, 1), (8, 6, 1, 2))
    ):
        name = f"{height} × {width} pixels, patch {patch}, stride {stride}"
        shape = (height, width, 3)
        cases.append(Case(name, (rng.random(shape), _judge(seed, shape), patch, stride)))
    cases.append(
        Case(
            "5 × 3 pixels, and a patch as wide as the photo",
            (rng.random((5, 3, 3)), _judge(7, (5, 3, 3)), 3, 1),
        )
    )
    cases.append(
        Case("an evenly grey photo", (np.full((4, 5, 3), 0.5), _judge(8, (4, 5, 3)), 2, 1))
    )
    cases.append(
        Case(
            "a photo of black and white pixels",
            (rng.integers(0, 2, (5, 4, 3)) * 1.0, _judge(9, (5, 4, 3)), 2, 2),
        )
    )
    return cases


def _shown_alone(photo: np.ndarray, score: Score, patch: int, stride: int) -> np.ndarray:
    grey = np.full_like(photo, 0.5)
    rows = []
    for top in range(0, photo.shape[0] - patch + 1, stride):
        rows.append([])
        for left in range(0, photo.shape[1] - patch + 1, stride):
            shown = grey.copy()
            place = np.s_[top : top + patch, left : left + patch]
            shown[place] = photo[place]
            rows[-1].append(score(shown))
    return np.array(rows)


def _occlusion_variant(
    photo: np.ndarray,
    score: Score,
    patch: int,
    stride: int,
    *,
    fill: float | np.ndarray = 0.5,
    keep: bool = False,
    last: int = 1,
    swap: bool = False,
) -> np.ndarray:
    height, width = photo.shape[:2]
    whole, hidden = score(photo), photo.copy()
    tops = range(0, height - patch + last, stride)
    lefts = range(0, width - patch + last, stride)
    result = np.zeros((len(tops), len(lefts)))
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            if not keep:
                hidden = photo.copy()
            a, b = (left, top) if swap else (top, left)
            hidden[a : a + patch, b : b + patch] = fill
            result[i, j] = whole - score(hidden)
    return result


occlusion_map = _exercise(
    "occlusion_map",
    check_with=same_as(
        _occlusion,
        _occlusion_cases(),
        [
            Mistake(
                lambda photo, score, patch, stride: -_occlusion(photo, score, patch, stride),
                "The sign is turned round: a drop is the whole photo's score minus the hidden one.",
            ),
            Mistake(
                lambda photo, score, patch, stride: (
                    score(photo) - _occlusion(photo, score, patch, stride)
                ),
                "You returned the score itself; wanted is how far it falls from the whole photo's.",
            ),
            Mistake(
                lambda photo, score, patch, stride: np.maximum(
                    _occlusion(photo, score, patch, stride), 0
                ),
                "Drops below 0 became 0. Where the score rises, the drop is negative.",
            ),
            *(
                Mistake(shown, "You hid everything but the patch. Hide the patch and nothing else.")
                for shown in (
                    _shown_alone,
                    lambda photo, score, patch, stride: (
                        score(photo) - _shown_alone(photo, score, patch, stride)
                    ),
                    lambda photo, score, patch, stride: (
                        _shown_alone(photo, score, patch, stride) - score(np.full_like(photo, 0.5))
                    ),
                )
            ),
            Mistake(
                lambda photo, score, patch, stride: np.abs(_occlusion(photo, score, patch, stride)),
                "Your drops lost their sign. Where the score rises, the drop is negative.",
            ),
            Mistake(
                partial(_occlusion_variant, keep=True),
                "Earlier patches stay in the photo. Begin each place with a fresh copy.",
            ),
            Mistake(
                partial(_occlusion_variant, fill=0.0),
                "The patch is black; it is to be mid-grey, 0.5.",
            ),
            Mistake(
                partial(_occlusion_variant, fill=1.0),
                "The patch is white; it is to be mid-grey, 0.5.",
            ),
            Mistake(
                lambda photo, score, patch, stride: _occlusion_variant(
                    photo, score, patch, stride, fill=photo.mean()
                ),
                "The patch has the photo's mean; it is to be mid-grey, 0.5.",
            ),
            Mistake(
                lambda photo, score, patch, stride: _occlusion_variant(
                    photo, score, patch, stride, fill=photo.mean((0, 1))
                ),
                "The patch has the photo's mean colour; it is to be mid-grey, 0.5.",
            ),
            Mistake(
                partial(_occlusion_variant, fill=128),
                "The patch is 128. Pixels go from 0 to 1 here: mid-grey is 0.5.",
            ),
            Mistake(
                lambda photo, score, patch, stride: _occlusion_variant(
                    photo, score, patch, stride, last=patch
                ),
                "Your last patches stick out of the photo: stop at H − patch and W − patch.",
            ),
            Mistake(
                lambda photo, score, patch, stride: (
                    _occlusion(photo, score, patch, stride) / score(photo)
                ),
                "You divided by the whole photo's score. A drop is a difference.",
            ),
            Mistake(
                partial(_occlusion_variant, last=0),
                "The last place is missing: a range ends one too early.",
            ),
            Mistake(
                lambda photo, score, patch, stride: _occlusion(photo, score, patch, 1),
                "The stride is missing: the patch moves on by more than one pixel.",
            ),
            Mistake(
                lambda photo, score, patch, stride: _occlusion(photo, score, patch, patch),
                "Your patch moves on by its own size. It moves by the stride.",
            ),
            Mistake(
                lambda photo, score, patch, stride: _occlusion(photo, score, patch, stride).T,
                "Rows and columns are exchanged: the first index goes down.",
            ),
            Mistake(
                lambda photo, score, patch, stride: np.full_like(
                    _occlusion(photo, score, patch, stride), 0
                ),
                "All drops are 0. Is it the changed copy that you show to score?",
            ),
        ],
    ),
    hints=(
        "Two loops over range(0, H − patch + 1, stride) and the same for W. At each place: copy "
        "the photo, set the square to 0.5, ask score.",
        "Ask score(photo) once before the loops. A drop is that number minus the score of the "
        "hidden photo.",
    ),
)


# --- 3. Grad-CAM -----------------------------------------------------------------------------


def _cam_cases() -> list[Case]:
    rng = np.random.default_rng(6)
    cases = [
        Case(
            "two maps, one for and one against",
            (
                np.array([[[1.0, 0.0, 4.0], [0.0, 2.0, 0.0]], [[0.0, 3.0, 1.0], [0.0, 1.0, 0.0]]]),
                np.array([[[1.0, 3.0, 2.0], [0, 0, 0]], [[-1.0, -1.0, -1.0], [-2.0, -1.0, 0]]]),
            ),
        )
    ]
    for shape in ((3, 4, 5), (5, 3, 3), (4, 2, 6), (1, 3, 4), (3, 3, 3), (9, 2, 3)):
        arrays = (np.maximum(rng.normal(size=shape), 0), rng.normal(size=shape))
        name = f"{shape[0]} maps of {shape[1]} × {shape[2]} cells"
        cases.append(Case(name, arrays))
    shape = (3, 2, 4)
    return [
        *cases,
        Case("maps below 0 too", (rng.normal(size=shape), rng.normal(size=shape))),
        Case("every gradient is 0", (rng.random(shape), np.zeros(shape))),
        Case("two equal maps", (np.ones((2, 3, 2)), np.stack([np.eye(3)[:, :2]] * 2))),
        Case(
            "whole-number maps, gradients that are not whole",
            (rng.integers(0, 4, shape), rng.normal(size=shape)),
        ),
        Case(
            "whole-number gradients, maps that are not whole",
            (rng.random(shape), rng.integers(-3, 4, shape)),
        ),
        Case(
            "whole-number maps and gradients, means that are not whole",
            (rng.integers(0, 4, shape), rng.integers(-3, 7, shape)),
        ),
    ]


def _raw_cam(maps: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    return np.tensordot(gradients.mean((1, 2)), maps, axes=1)


cam_map = _exercise(
    "cam_map",
    check_with=same_as(
        class_activation,
        _cam_cases(),
        [
            Mistake(_raw_cam, "Values below 0 speak against the class: set them to 0 at the end."),
            Mistake(
                lambda maps, gradients: np.abs(_raw_cam(maps, gradients)),
                "What speaks against the class must become 0, not positive.",
            ),
            Mistake(
                lambda maps, gradients: np.maximum(
                    np.tensordot(gradients.sum((1, 2)), maps, axes=1), 0
                ),
                "You summed the gradients of a map; its weight is their mean.",
            ),
            Mistake(
                lambda maps, gradients: np.maximum(_raw_cam(maps, gradients) / len(maps), 0),
                "You took the mean over the maps; add the weighted maps up.",
            ),
            Mistake(
                lambda maps, gradients: np.maximum((maps * gradients).sum(0), 0),
                "You multiplied cell by cell. A map has one weight: the mean of its gradients.",
            ),
            Mistake(
                lambda maps, gradients: np.maximum(
                    gradients.mean((1, 2))[:, None, None] * maps, 0
                ).sum(0),
                "You cut each map at 0. Add all weighted maps up first, then cut once.",
            ),
            Mistake(
                lambda maps, gradients: np.maximum(
                    (gradients.mean((1, 2))[:, None, None] * maps).max(0), 0
                ),
                "You took the largest of the weighted maps; add them up.",
            ),
            Mistake(
                lambda maps, gradients: np.maximum(
                    np.tensordot(np.median(gradients, (1, 2)), maps, axes=1), 0
                ),
                "You took the median of a map's gradients; its weight is their mean.",
            ),
            Mistake(
                lambda maps, gradients: np.maximum(_raw_cam(np.maximum(maps, 0), gradients), 0),
                "You cut the maps at 0 before adding them up. Cut once, at the end.",
            ),
            *(
                Mistake(
                    whole,
                    "Your numbers lost their decimals: whole-number maps or gradients may have "
                    "means and sums that are not whole.",
                )
                for whole in (
                    lambda maps, gradients: class_activation(maps, gradients).astype(maps.dtype),
                    lambda maps, gradients: class_activation(maps, gradients).astype(
                        gradients.dtype
                    ),
                    lambda maps, gradients: np.maximum(
                        np.tensordot(gradients.mean((1, 2)).astype(gradients.dtype), maps, axes=1),
                        0,
                    ),
                )
            ),
            *(
                Mistake(
                    added,
                    "The gradients are missing: without weights, every class gets the same map.",
                )
                for added in (
                    lambda maps, gradients: np.maximum(maps.sum(0), 0),
                    lambda maps, gradients: maps.sum(0),
                )
            ),
            *(
                Mistake(
                    dropped,
                    "You dropped maps that speak against the class. Add all up first, then cut at "
                    "0.",
                )
                for dropped in (
                    lambda maps, gradients: np.tensordot(
                        np.maximum(gradients.mean((1, 2)), 0), maps, axes=1
                    ),
                    lambda maps, gradients: np.maximum(
                        np.tensordot(np.maximum(gradients.mean((1, 2)), 0), maps, axes=1), 0
                    ),
                )
            ),
            Mistake(
                lambda maps, gradients: np.maximum(
                    np.tensordot(gradients.max((1, 2)), maps, axes=1), 0
                ),
                "You took the largest gradient of a map; its weight is their mean.",
            ),
            Mistake(
                lambda maps, gradients: np.maximum((gradients.mean() * maps).sum(0), 0),
                "You took one mean of all gradients. Each map has its own: axis=(1, 2).",
            ),
            Mistake(
                lambda maps, gradients: (
                    class_activation(maps, gradients)
                    / (class_activation(maps, gradients).max() or 1)
                ),
                "You scaled the largest value to 1. Here the values stay as they are.",
            ),
            *(
                Mistake(positive, "You dropped negative gradients. They belong to the mean.")
                for positive in (
                    lambda maps, gradients: _raw_cam(maps, np.maximum(gradients, 0)),
                    lambda maps, gradients: np.maximum(_raw_cam(maps, np.maximum(gradients, 0)), 0),
                )
            ),
            *(
                Mistake(
                    unsigned, "Your weights lost their sign: a map may speak against the class."
                )
                for unsigned in (
                    lambda maps, gradients: np.tensordot(
                        np.abs(gradients.mean((1, 2))), maps, axes=1
                    ),
                    lambda maps, gradients: np.maximum(
                        np.tensordot(np.abs(gradients.mean((1, 2))), maps, axes=1), 0
                    ),
                )
            ),
            Mistake(
                lambda maps, gradients: np.maximum(
                    np.tensordot(maps.mean((1, 2)), gradients, axes=1), 0
                ),
                "Maps and gradients are exchanged: the weights come from the gradients.",
            ),
        ],
    ),
    hints=(
        "First one number for each map: the mean of its gradients over both directions.",
        "gradients.mean(axis=(1, 2)) has one weight for each map. Multiply each map by its weight, "
        "add them up, and replace what is below 0.",
    ),
)


# --- 4. interpret a unit, and test the interpretation ----------------------------------------

NONE = "none of them"
ENOUGH = 0.875

Readings = dict[str, tuple[list[str], list[str]]]

READINGS: Readings = {
    "eyes": (
        ["squirrel", "snowy owl", "malamute", "lion walking", "black dots"],
        ["white dots", "ring", "bars", "strawberry", "mug", "small dot"],
    ),
    "small dark dots": (
        ["squirrel", "snowy owl", "black dots", "small dot", "dot on grey"],
        ["white dots", "ring", "bars", "large dot", "mug"],
    ),
    "round things": (
        ["ring", "large dot", "white dots", "football", "small dot"],
        ["bars", "mug", "squirrel", "snowy owl", "saw"],
    ),
}
"""What three people say about unit 87 of fire5: pictures that fit, and pictures that do not."""


@cache
def picture(name: str) -> np.ndarray:
    """Return a test picture (227, 227, 3) in [0, 1]: drawn, or a cut-out on grey.

    Raises
    ------
    ValueError
        If there is no such picture.
    """
    if name in reading.DRAWN:
        return reading.DRAWN[name]()
    for cutout in images.cutouts():
        if cutout.name == name:
            return images.mount(cutout.rgba, side=227)
    raise ValueError(f"There is no picture {name!r}.")


@cache
def _net():
    return nets.load(NAME)


@cache
def answer(name: str) -> float:
    """Return how strongly unit 87 of fire5 answers to a picture, measured on the real network."""
    return float(reading.strongest_answers(_net(), [picture(name)], *reading.DOT_UNIT)[0])


_MADE_UP: dict[str, tuple[dict[str, float], Readings]] = {
    "two readings, one of them perfect": (
        dict(zip("abcdefgh", range(8), strict=True)),
        {"low": (["a", "b"], ["g", "h"]), "high": (["g", "h", "f"], ["a", "b"])},
    ),
    "the best reading is not good enough": (
        dict(zip("abcdefgh", range(8), strict=True)),
        {"some": (["c", "f"], ["a", "d", "e"]), "few": (["a", "h"], ["g", "b", "c"])},
    ),
    "answers that are alike": (
        {"a": 1, "b": 1, "c": 0, "d": 2, "e": 0},
        {"x": (["a", "d"], ["b", "c"]), "y": (["a", "c"], ["e", "b"])},
    ),
    "a reading that is right in exactly 7 of 8 pairs": (
        dict(zip("abcdefgh", range(8), strict=True)),
        {"seven of eight": (["c", "h"], ["a", "b", "d", "b"]), "half": (["a", "h"], ["c", "d"])},
    ),
    "three readings, two of them almost alike": (
        dict(zip("abcdefghijkl", (0, 2, -2, 6, 8, 3, 2, 7, -1, 1, 4, 3), strict=True)),
        {
            "dots": (["f", "e", "h", "k", "d"], ["i", "a", "c", "j", "l"]),
            "wheels": (["d", "f", "e", "k", "h"], ["b", "c", "a", "i", "j", "l"]),
            "eyes": (["k", "b", "d", "e", "h"], ["c", "i", "a", "f", "g", "l", "j"]),
        },
    ),
    "three readings, the best just below 0.875": (
        dict(zip("abcdefghijkl", (0, 4, 0, 0, 2, 3, -2, 2, 2, 0, 0, 0), strict=True)),
        {
            "dots": (["f", "j", "e", "l", "b"], ["k", "g", "c", "h", "d"]),
            "wheels": (["f", "b", "i", "h", "a"], ["l", "d", "j", "e", "c", "g", "k"]),
            "eyes": (["h", "f", "c", "i", "b"], ["j", "g", "d", "a", "l", "k", "e"]),
        },
    ),
    "three readings, two of them equally good": (
        dict(zip("abcdefghijkl", (4, 0, 4, 8, 1, -1, 0, 3, 3, -3, 4, -2), strict=True)),
        {
            "dots": (["b", "a", "h", "d"], ["l", "g", "k", "f"]),
            "wheels": (["c", "d", "g", "h", "a"], ["l", "f", "i", "e"]),
            "eyes": (["h", "d"], ["j", "f", "l", "b", "k", "i"]),
        },
    ),
    "three readings, one of them perfect": (
        dict(zip("abcdefghijkl", (4, 4, 3, -2, -1, 4, 4, 4, 7, 4, 1, 1), strict=True)),
        {
            "dots": (["j", "i"], ["d", "e", "k", "g", "a", "c", "f"]),
            "wheels": (["b", "c", "j", "f", "i"], ["d", "e", "l", "a", "h", "k"]),
            "eyes": (["g", "b", "h", "c"], ["a", "k", "f", "l", "j"]),
        },
    ),
    "three readings of few pictures": (
        dict(zip("abcdefghijkl", (3, 6, 0, 6, 8, 7, 4, -2, 0, -2, 8, 3), strict=True)),
        {
            "dots": (["f", "i", "d"], ["j", "h", "c"]),
            "wheels": (["d", "e"], ["h", "j", "c", "a", "i", "f"]),
            "eyes": (["e", "k", "b", "f"], ["i", "j", "l"]),
        },
    ),
    "three readings of many other pictures": (
        dict(zip("abcdefghijkl", (0, 5, 4, 6, 2, -3, 0, 8, 5, 4, 4, 5), strict=True)),
        {
            "dots": (["j", "h"], ["f", "e", "g", "a", "i", "b", "d"]),
            "wheels": (["e", "l"], ["f", "g", "a", "i", "j", "b", "h"]),
            "eyes": (["k", "c", "h", "l"], ["a", "f", "e", "g", "d"]),
        },
    ),
    "three readings, all good enough": (
        dict(zip("abcdefghijkl", (1, -2, 5, 7, -3, -2, 4, 2, 3, 3, 2, 8), strict=True)),
        {
            "dots": (["g", "l", "c", "d"], ["e", "b", "k", "f", "a"]),
            "wheels": (["c", "d", "j", "l"], ["f", "b", "e", "a", "i"]),
            "eyes": (["i", "c", "g", "d", "l"], ["e", "b", "f", "h", "k", "a", "j"]),
        },
    ),
}
"""Units that answer with made-up numbers, and what people say about them."""


def _reading_cases() -> Iterator[DecisionCase]:
    units = {name: (numbers.__getitem__, said) for name, (numbers, said) in _MADE_UP.items()}
    rng = np.random.default_rng(9)
    for number in range(5):
        answers = {name: float(rng.integers(0, 6)) for name in "abcdefghijkl"}
        said = {}
        for title in ("one", "two", "three", "four"):
            noisy = {name: value + rng.normal(0, 1.5 + number) for name, value in answers.items()}
            order = sorted(noisy, key=noisy.get)
            said[title] = (order[-int(rng.integers(2, 6)) :], order[: int(rng.integers(2, 6))])
        units[f"made-up unit {number + 1}"] = (answers.__getitem__, said)
    units["unit 87 of fire5, on the real network"] = (answer, READINGS)
    for name, (ask, readings) in units.items():
        truth = {title: _separation(*pictures, ask) for title, pictures in readings.items()}
        yield DecisionCase(name, (readings, ask), truth, {"answer": ask, "readings": readings})


def _separation(fitting: list[str], other: list[str], ask: Callable[[str], float]) -> float:
    return reading.separation([ask(n) for n in fitting], [ask(n) for n in other])


def _answers(title: str, case: DecisionCase) -> tuple[np.ndarray, np.ndarray]:
    """Return the answers to the pictures that fit a reading, and to the others."""
    ask = case.facts["answer"]
    fitting, other = case.facts["readings"][title]
    return np.array([ask(n) for n in fitting]), np.array([ask(n) for n in other])


def _won(title: str, case: DecisionCase) -> np.ndarray:
    return np.greater.outer(*_answers(title, case))


def _alike(title: str, case: DecisionCase) -> np.ndarray:
    return np.equal.outer(*_answers(title, case))


def _share_misread(given: np.ndarray, title: str, case: DecisionCase) -> str | None:
    won, alike = _won(title, case), _alike(title, case)
    share, fitting, other = case.truth[title], *_answers(title, case)
    pairs = min(len(fitting), len(other))
    in_step = (won + alike / 2).diagonal().mean() if pairs else np.nan
    causes = (
        (alike.any(), won.mean(), "Pairs that are answered alike count as half a pair; you left "
         "them out."),
        (alike.any(), (won | alike).mean(), "Pairs that are answered alike count as half; you "
         "count them full."),
        (True, 1 - share, "You counted the pairs in which the other picture wins."),
        (True, share * won.size, "You counted pairs; divide by how many there are."),
        (True, 100 * share, "You measured per cent; a share goes from 0 to 1."),
        (True, fitting.mean() - other.mean(), "You measured how much more it answers; count the "
         "pairs in order."),
        (True, in_step, "You paired the first with the first, the second with the second. Pair "
         "every fitting picture with every other one."),
        (True, round(share, 2), "You rounded the share. Leave it as it is."),
        (True, round(share, 3), "You rounded the share. Leave it as it is."),
    )  # fmt: skip
    for possible, wrong, words in causes:
        if possible and np.isclose(given, wrong, rtol=1e-9):
            return words
    return None


def _good(case: DecisionCase) -> list[str]:
    """Return the readings that are good enough."""
    return [title for title, share in case.truth.items() if share >= ENOUGH]


def _best_readings(case: DecisionCase) -> list[str]:
    """Return every reading to keep: all that are best and good enough, else none of them."""
    best = max(case.truth.values())
    return [t for t in _good(case) if np.isclose(case.truth[t], best, rtol=1e-9)] or [NONE]


def _explain_reading(chosen: str, case: DecisionCase) -> str:
    best = _best_readings(case)[0]
    if chosen == NONE:
        return (
            f"You keep none, although “{best}” is right in {_percent(case.truth[best])} of the "
            f"pairs; {_percent(ENOUGH)} is enough."
        )
    if case.truth[chosen] < ENOUGH:
        return (
            f"By your own measurement “{chosen}” is right in {_percent(case.truth[chosen])} of the "
            f"pairs: under {_percent(ENOUGH)}, keep “{NONE}”."
        )
    return f"“{chosen}” is good enough, but by your own measurement “{best}” is better."


def _percent(share: float) -> str:
    """Write a share with as many digits as it takes to tell it from what is enough."""
    return f"{100 * share:.3g} %" if share != 1 else "100 %"


def _top(key: Callable[[str, DecisionCase], Any]) -> Callable[[DecisionCase], str]:
    """Return the criterion that keeps, of the good readings, the one with the largest ``key``."""
    return lambda case: max(_good(case), key=lambda title: key(title, case), default=NONE)


def _from(share: float) -> Callable[[DecisionCase], str]:
    """Return the criterion that keeps the best reading if it reaches another share."""

    def choose(case: DecisionCase) -> str:
        best = max(case.truth, key=lambda title: case.truth[title])
        return best if case.truth[best] >= share else NONE

    return choose


def _by_rounded_shares(case: DecisionCase) -> str:
    best = max(case.truth, key=lambda title: round(100 * case.truth[title]))
    return best if case.truth[best] >= ENOUGH else NONE


def _better_than_the_last(case: DecisionCase) -> str:
    chosen, last = NONE, 0.0
    for title, share in case.truth.items():
        if share >= ENOUGH and share > last:
            chosen = title
        last = share
    return chosen


def _by_gap(title: str, case: DecisionCase) -> float:
    fitting, other = _answers(title, case)
    return fitting.mean() - other.mean()


_check_choose_reading = Decision(
    _reading_cases,
    parts=("share of right pairs",),
    choose=_best_readings,
    explain=_explain_reading,
    called="a reading",
    besides=(NONE,),
    misreadings=(_share_misread,),
    rivals=(
        Rival(_from(0.0), f"You always keep the best. Under {ENOUGH} keep “{NONE}”."),
        Rival(
            _from(np.nextafter(ENOUGH, 1)),
            f"A share of exactly {ENOUGH} is enough: the reading reaches it.",
        ),
        *(
            Rival(_from(share), f"You ask for {share}; a reading is good enough from {ENOUGH} on.")
            for share in (0.8, 0.85, 0.87, 0.9)
        ),
        Rival(
            lambda case: NONE,
            f"You never keep a reading. Keep the best one where it reaches {ENOUGH}.",
        ),
        Rival(
            _by_rounded_shares,
            "You rounded the shares before comparing. Compare them as they are.",
        ),
        Rival(
            _top(lambda title, case: 0),
            "You keep the first reading that is good enough; a later one may be better.",
        ),
        Rival(
            lambda case: (_good(case) or [NONE])[-1],
            "You keep the last reading that is good enough; an earlier one may be better.",
        ),
        Rival(
            _better_than_the_last,
            "You compare each reading with the one before it. Compare it with the best so far.",
        ),
        Rival(
            _top(lambda title, case: _won(title, case).sum()),
            "You keep the reading with the most right pairs; what counts is their share.",
        ),
        Rival(
            _top(lambda title, case: _won(title, case).size),
            "You keep the reading with the most pairs; what counts is the share that is right.",
        ),
        Rival(
            _top(_by_gap),
            "You keep the reading whose pictures are answered most above the others; what counts "
            "is the share of right pairs.",
        ),
        Rival(
            _top(lambda title, case: _answers(title, case)[0].mean()),
            "You keep the reading whose pictures are answered most; what counts is the share of "
            "right pairs.",
        ),
    ),
)


choose_reading = _exercise(
    "choose_reading",
    check_with=_check_choose_reading,
    hints=(
        "For each reading: two loops make all pairs of a fitting and another picture. Add 1 where "
        "the fitting one is answered more strongly, 0.5 where both are alike; divide by the pairs.",
        "Keep the reading with the largest share, but only if it reaches 0.875; else return "
        "“none of them”. max(measured, key=measured.get) gives the name.",
    ),
)
