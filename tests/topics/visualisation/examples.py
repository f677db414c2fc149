"""What the walking tests are shown of the visualisation room."""

from dataclasses import replace
from functools import cache

import numpy as np

from aml4d_utils import images, nets
from aml4d_utils.topics.visualisation import reading, sanity
from aml4d_utils.topics.visualisation.evolution import Evolution, Snapshot
from aml4d_utils.topics.visualisation.maximisation import DrawingStep
from aml4d_utils.topics.visualisation.occlusion import Occlusion, patch_starts
from aml4d_utils.topics.visualisation.projection import Looking
from aml4d_utils.topics.visualisation.top_patches import favourite_patches


@cache
def squeezenet():
    """Return the real SqueezeNet; nobody may change it."""
    return nets.load("squeezenet1_1", device="cpu")


def step(seed, count=3):
    """Return an invented drawing."""
    rng = np.random.default_rng(seed)
    return DrawingStep(
        count, 1.0, rng.random((32, 32, 3)).astype(np.float32), rng.random(count) * 99
    )


def evolution(seed):
    """Return three invented moments of a training."""
    rng = np.random.default_rng(seed)
    snapshots = [
        Snapshot(
            n,
            0.1 + n / 100,
            *(rng.normal(size=s) for s in ((8, 5, 5), (16, 10, 10))),
            rng.random((16, 10, 10)),
        )
        for n in (0, 10, 40)
    ]
    return Evolution(tuple(snapshots), 1.0)


def destruction(seed):
    """Return invented pictures of a network of which layer after layer is made random."""
    rng = np.random.default_rng(seed)
    rules = ("deconvnet", "guided", "gradient")
    return [
        sanity.SanityStep(
            sanity.TOP_DOWN[:k],
            k / 10,
            {rule: rng.normal(size=(227, 227, 3)) for rule in rules},
            {rule: rng.random(k + 1) for rule in rules},
            0.1,
        )
        for k in range(11)
    ]


def occlusion(seed):
    """Return invented probabilities of two classes."""
    rng = np.random.default_rng(seed)
    view = rng.random((227, 227, 3)).astype(np.float32)
    chances = rng.random((13, 13, 2)).astype(np.float32)
    return Occlusion(view, 47, patch_starts(47), chances, rng.random(2).astype(np.float32), 169)


@cache
def projections():
    """Return what goes back from two spots of Chelsea the cat, by two rules."""
    looking = Looking(squeezenet(), images.photo("chelsea"))
    spots = looking.loudest_spot("fire7"), looking.strongest_spot("fire5", 87)
    return [[looking.project(s, rule) for rule in ("deconvnet", "gradient")] for s in spots]


@cache
def favourites():
    """Return the favourite patches of two units, as they come first."""
    return [next(favourite_patches(squeezenet(), "fire5", unit)) for unit in (87, 171)]


@cache
def readings():
    """Return two names of units, tried on drawn pictures."""
    return [
        reading.try_reading(squeezenet(), reading.eye_or_dot(), *reading.DOT_UNIT),
        reading.try_reading(squeezenet(), reading.face_or_dots(), *reading.FACE_UNIT),
    ]


DESCRIPTIONS = {
    "describe_projections": lambda: [(one,) for one in projections()],
    "describe_projection": lambda: [
        (projections()[0][0], 1),
        (projections()[1][0], 2),
        (projections()[1][1], 2),
        (projections()[1][1], 2, (4, 5)),
    ],
    "describe_favourites": lambda: [
        *((one,) for one in favourites()),
        (favourites()[0], "dots"),
        (replace(favourites()[0], values=np.array([])),),
    ],
    "describe_occlusion": lambda: [
        (occlusion(1), 0, "cat"),
        (occlusion(2), 0, "cat"),
        (occlusion(1), 0, "cat", (3, 4)),
    ],
    "describe_drawing": lambda: [(step(1), "unit 3"), (step(2), "unit 3"), (step(1, 4), "unit 3")],
    "describe_two_drawings": lambda: [
        (step(k), step(k + 9), [(5 * k, 3.0), (4.0, k)]) for k in (1, 2)
    ],
    "describe_evolution": lambda: [(evolution(k),) for k in (1, 2)],
    "describe_sanity": lambda: [(destruction(k),) for k in (1, 2)],
    "describe_claims": lambda: [
        ({"spots": (["small dot"], ["ring", "bars"]), "eyes": (["eye"], ["ring"])},),
        ({"spots": (["small dot"], ["ring", "bars"])},),
    ],
    "describe_reading": lambda: [(one,) for one in readings()],
}
