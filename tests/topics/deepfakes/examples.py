"""What the walking tests are shown of the room of deepfakes."""

import numpy as np

from aml4d_utils.topics.deepfakes.fake_trials import Trial, roc
from aml4d_utils.topics.deepfakes.swap_film import SwapFilm

FACES = np.random.default_rng(0).random((6, 25, 25)).astype(np.float32)
FRAMES = np.random.default_rng(1).random((6, 64, 64, 3)).astype(np.float32)


def trial(threshold, shift):
    """An invented trial of six real faces and six fakes."""
    real = np.linspace(0, 0.6, 6)
    fake = real + shift
    curve = roc(real, fake)
    return Trial(
        "the generator it knows", "nothing", threshold, real, fake, FACES, FACES, curve, curve
    )


def film(person, scale):
    """An invented swap."""
    return SwapFilm(person, FRAMES, FRAMES * 0.9, FRAMES * scale, 1.0)


DESCRIPTIONS = {
    "describe_swap": lambda: [(film(0, 0.7),), (film(1, 0.2),)],
    "describe_faces": lambda: [([("real", FACES)],), ([("real", FACES), ("fake", FACES / 2)],)],
    "describe_trial": lambda: [(trial(0.5, 0.2),), (trial(0.3, 0.4),)],
    "describe_rocs": lambda: [([("here", trial(0.5, 0.2))],), ([("here", trial(0.3, 0.4))],)],
}
