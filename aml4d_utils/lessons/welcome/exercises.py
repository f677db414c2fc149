"""The exercise of lesson 00: small enough to see how checking works."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Case, Exercise, Mistake, same_as

LESSON = "00_start_here"


def _mean(image: np.ndarray) -> float:
    total, count = 0.0, 0
    for value in image.flat:
        total += float(value)
        count += 1
    return total / count


def _cases() -> list[Case]:
    rng = np.random.default_rng(0)
    return [
        Case("a black photo", (np.zeros((2, 3, 3)),)),
        Case("one red pixel", (np.array([[[1.0, 0.0, 0.0]]]),)),
        Case("a random photo of 4 × 6 pixels", (rng.random((4, 6, 3)),)),
        Case("a bright photo of 5 × 3 pixels", (0.5 + 0.5 * rng.random((5, 3, 3)),)),
    ]


brightness = Exercise(
    "brightness",
    lesson=LESSON,
    solutions=__package__,
    check_with=same_as(
        _mean,
        _cases(),
        [
            Mistake(lambda image: image.sum(), "That is the sum. Divide it by how many there are."),
            Mistake(
                lambda image: image.sum() / (image.shape[0] * image.shape[1]),
                "You divided by the pixels; each pixel has three numbers.",
            ),
            Mistake(lambda image: image.max(), "That is the largest number; you want the mean."),
            Mistake(lambda image: image.mean(axis=(0, 1)), "That is one mean per colour: three."),
            Mistake(lambda image: image.mean(axis=2), "That is one mean per pixel; take them all."),
            Mistake(lambda image: np.median(image), "That is the median; you want the mean."),
            Mistake(lambda image: 255 * image.mean(), "The numbers go from 0 to 1, not to 255."),
            Mistake(lambda image: image[..., 0].mean(), "That is the mean of the red channel."),
        ],
    ),
    hints=(
        "The mean is the sum of all numbers, divided by how many numbers there are.",
        "An array can do it itself: try image.sum(), image.size and image.mean().",
    ),
)
