"""Lesson 00: right answers written unusually are accepted, wrong ones told their cause."""

import statistics

import numpy as np
import torch
from answers import ExerciseTests, Table, Wrong


def with_loops(image):
    total = 0
    for row in image:
        for pixel in row:
            for number in pixel:
                total = total + number
    return total / (len(image) * len(image[0]) * 3)


BRIGHTNESS = Table(
    "brightness",
    wrong=(
        Wrong("the sum", "That is the sum", lambda image: np.sum(image)),
        Wrong(
            "per pixel only",
            "each pixel has three numbers",
            lambda image: image.sum() / len(image.reshape(-1, 3)),
        ),
        Wrong("the largest", "the largest number", lambda image: np.max(image)),
        Wrong("one per colour", "one mean per colour", lambda image: image.mean(0).mean(0)),
        Wrong("one per pixel", "one mean per pixel", lambda image: image.sum(axis=-1) / 3),
        Wrong("the median", "the median", lambda image: np.quantile(image, 0.5)),
        Wrong("from 0 to 255", "from 0 to 1", lambda image: (255 * image).mean()),
        Wrong("red only", "the red channel", lambda image: image[:, :, 0].mean()),
        Wrong(
            "the middle", "Expected 0.3333, got 0.5", lambda image: (image.max() + image.min()) / 2
        ),
        Wrong("always one half", "Expected 0, got 0.5", lambda image: 0.5),
        Wrong("rounded", "Expected", lambda image: round(image.mean(), 2)),
    ),
    right={
        "loops": with_loops,
        "statistics": lambda image: statistics.fmean(image.ravel().tolist()),
        "float32": lambda image: image.astype(np.float32).mean(),
        "torch": lambda image: torch.from_numpy(image).mean(),
        "mean of means": lambda image: np.mean([c.mean() for c in np.moveaxis(image, 2, 0)]),
    },
)


class TestExercises00(ExerciseTests):
    lesson = "00_start_here"
    tables = (BRIGHTNESS,)
