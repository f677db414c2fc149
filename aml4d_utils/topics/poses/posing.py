"""One thing in one pose, and what all networks say of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.solids import Thing, thing
from aml4d_utils.topics.poses.asking import NETS, Answer, accepted, ask
from aml4d_utils.topics.poses.atlas import GROUND, picture_of

THINGS = (
    "motor scooter",
    "forklift",
    "red sports car",
    "tricycle",
    "wheelbarrow",
    "lawn mower",
    "concrete park bench",
    "green folding chair",
    "red sofa",
    "blue table lamp",
    "table fan",
    "espresso pot",
    "cup and saucer",
    "clay jug",
    "reflex camera",
    "laptop",
    "television",
    "crash helmet",
)
"""Things that Lite0 and SqueezeNet both name rightly from in front; a test asks them."""


@dataclass(frozen=True)
class Pose:
    """A thing seen from one side, and what each network says.

    Parameters
    ----------
    thing : Thing
    yaw, pitch, roll : float
        In degrees.
    ground : float in [0, 1]
        The grey behind it.
    picture : ndarray (224, 224, 3), uint8
    answers : dict of str to Answer
        By network.
    """

    thing: Thing
    yaw: float
    pitch: float
    roll: float
    ground: float
    picture: np.ndarray
    answers: dict[str, Answer]


def pose(name: str, yaw: float, pitch: float, roll: float = 0.0, ground: float = GROUND) -> Pose:
    """Turn a thing and ask all networks.

    Parameters
    ----------
    name : str
        Of one of `solids.things`.
    yaw, pitch, roll : float
        In degrees, as for `solids.Viewpoint`.
    ground : float in [0, 1]
        The grey behind it.

    Raises
    ------
    ValueError
        If there is no such thing, or an angle is no finite number.

    Examples
    --------
    >>> seen = pose("motor scooter", yaw=30, pitch=15)
    >>> seen.answers["Lite0"].guess
    'motor scooter'
    """
    shown = thing(name)
    picture = picture_of(shown, yaw, pitch, roll, ground)
    answers = {net: ask(net, picture, accepted(shown, net)) for net in NETS}
    return Pose(shown, yaw, pitch, roll, ground, picture, answers)
