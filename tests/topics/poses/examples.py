"""What the walking tests are shown of the poses room."""

from dataclasses import replace
from functools import cache

import numpy as np

from aml4d_utils.topics.poses import posing
from aml4d_utils.topics.poses.atlas import Atlas, PoseMap

YAWS, PITCHES = np.linspace(-180, 180, 5), np.linspace(90, -90, 3)


def pose_map(right, net="Lite0", asked=True):
    """A map of 5 × 3 poses, right where the numbers are 1."""
    right = np.array(right, bool).reshape(3, 5)
    probability = np.where(right, 0.8, 0.1) if asked else np.full((3, 5), np.nan)
    guesses = np.where(right, "cup", "lampshade").astype(object)
    guesses[0, ~right[0]] = "bucket"
    return PoseMap(net, "cup and saucer", 0.0, YAWS, PITCHES, probability, right, guesses)


MOSTLY = pose_map([1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0])
RARELY = pose_map([0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0], "SqueezeNet")
UNASKED = pose_map([0] * 15, "NanoDet", asked=False)


def by_net(*maps):
    """Maps by the names of their networks."""
    return {each.net: each for each in maps}


@cache
def poses():
    """A scooter standing and lying, and a thing that the detector has no word for."""
    return [
        posing.pose("motor scooter", 30, 15),
        posing.pose("motor scooter", 30, 15, 180),
        posing.pose("blue table lamp", 0, 0, ground=0.2),
    ]


EXPLORERS = {"pose_explorer": lambda: (Atlas(coarse=(2, 2), fine=(2, 2)),)}

PAIRS = [
    (by_net(MOSTLY, RARELY, UNASKED),),
    (by_net(replace(RARELY, net="Lite0"), replace(MOSTLY, net="SqueezeNet")),),
]
DESCRIPTIONS = {
    "describe_poses": lambda: [
        (poses()[:2],),
        (poses()[1:],),
        (poses()[:2], "SqueezeNet"),
        (poses(), "NanoDet"),
    ],
    "describe_pose": lambda: [(seen,) for seen in poses()],
    "describe_bars": lambda: [
        (seen, net) for seen in poses()[:2] for net in ("Lite0", "SqueezeNet", "NanoDet")
    ],
    "describe_map": lambda: [(MOSTLY,), (RARELY,), (UNASKED,)],
    "describe_maps": lambda: PAIRS,
    "describe_transfer": lambda: PAIRS,
}
