"""What the walking tests are shown of the face room."""

from functools import cache

import numpy as np

from aml4d_utils import nets
from aml4d_utils.topics.face_gan import face_latents, matched_faces
from aml4d_utils.topics.face_gan.real_or_not import CallScore


@cache
def painter():
    """The generator of faces."""
    return nets.load("dcgan_faces", device="cpu")


@cache
def known():
    """Directions from few faces."""
    *_, last = face_latents.find_directions(painter(), count=240)
    return last


@cache
def sets():
    """Faces made alike, as the lesson makes them."""
    *_, last = matched_faces.face_sets(painter())
    return last


@cache
def faces():
    """Two faces."""
    return face_latents.faces_from(painter(), face_latents.face_latents(2, 0))


def sums(strength):
    """Arithmetic with a face."""
    return face_latents.arithmetic(painter(), known(), "brightness", 0, strength)


MANY, FEW, NONE = CallScore(30, 10, 12, 28), CallScore(3, 1, 2, 2), CallScore()

DESCRIPTIONS = {
    "describe_faces": lambda: [(faces(),), (np.full((3, 25, 25), 0.5),)],
    "describe_moved": lambda: [(faces()[0], known(), 9.0), (faces()[1], known(), 10.0)],
    "describe_between": lambda: [
        (faces()[0], "straight", 0.5, 7.0),
        (faces()[1], "along the sphere", 0.25, 10.0),
    ],
    "describe_arithmetic": lambda: [(sums(1.0),), (sums(-1.0),)],
    "describe_scores": lambda: [([("you", MANY)],), ([("you", FEW), ("nobody", NONE)],)],
    "describe_score": lambda: [(MANY,), (FEW,), (NONE,)],
}
EXPLORERS = {
    "face_explorer": lambda: (painter(), known()),
    "between_explorer": lambda: (painter(),),
    "arithmetic_explorer": lambda: (painter(), known()),
    "which_explorer": lambda: (sets(), MANY),
}
