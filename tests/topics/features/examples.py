"""What the walking tests are shown of the features room."""

from functools import cache

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.features import figures
from aml4d_utils.topics.features.criteria import judge
from aml4d_utils.topics.features.failures import Failure
from aml4d_utils.topics.features.garments import growing_mean
from aml4d_utils.topics.features.opened_keypoint import open_result, open_scene, worth_opening
from aml4d_utils.topics.features.survival import survival
from aml4d_utils.topics.features.transforms import View
from aml4d_utils.topics.features.two_views import look_twice

GREY = np.full((60, 60, 3), 0.5, dtype=np.float32)
TURNED = View(rotation=50, brightness=0.8)


@cache
def photo():
    """Return Chelsea the cat, 150 pixels wide; nobody may change her."""
    return images.fit(images.photo("chelsea"), 150)


@cache
def first():
    """Return the keypoints of the photo."""
    return look_twice(photo(), View(), 160).first


@cache
def looked(view, ratio=0.8, along="rotation"):
    """Return the matches of one view, before the curve."""
    return next(survival(photo(), first(), view, 160, ratio=ratio, along=along))


@cache
def whole_curve(along):
    """Return the whole curve of matches for the photo as it is."""
    *_, result = survival(photo(), first(), View(), 160, along=along)
    return result


@cache
def scenes():
    """Return the photo as it is and turned, and the keypoints that are worth opening."""
    plain = open_scene(photo(), View(), 160)
    return plain, open_scene(photo(), TURNED, 160), worth_opening(plain, photo().shape[:2])


def nothing():
    """Return the matches of a photo without keypoints."""
    none = look_twice(GREY, View(), 80).first
    return next(survival(GREY, none, View(), 80, ratio=0.8, along="rotation"))


def opened():
    """Return every step for three keypoints in both views, and every cell of one descriptor."""
    plain, turned, chosen = scenes()
    steps = [
        (open_result(plain, scene, chosen, number, step, 5),)
        for step in figures.STEPS
        for scene in (plain, turned)
        for number in (1, 4, len(chosen))
    ]
    cells = (cell for cell in range(16))
    return steps + [(open_result(plain, plain, chosen, 2, figures.STEPS[3], c),) for c in cells]


@cache
def judged(change):
    """Return what every detector finds again after a change."""
    return judge(photo(), change, 0.5, count=40)


FAILURES = [Failure("a card", GREY, 0, 0, 0), Failure("a wall", GREY, 50, 12, 30)]

DESCRIPTIONS = {
    "describe_matches": lambda: [
        (looked(View(rotation=30)),),
        (looked(View(rotation=30), ratio=0.6),),
        (looked(View(scale=0.7)),),
        (looked(View(scale=0.7), along="noise"),),
        (nothing(),),
    ],
    "describe_pair": lambda: [
        (looked(View(rotation=30)),),
        (looked(View(scale=0.7)),),
        (looked(View(brightness=0.02)),),
    ],
    "describe_view": lambda: [
        (view,)
        for view in (
            View(rotation=-30),
            View(rotation=10, scale=0.5),
            View(tilt=40, brightness=0.3, noise=0.05),
            View(brightness=0.05, crop=0.7),
        )
    ],
    "describe_curve": lambda: [(whole_curve("tilt"),), (looked(View(rotation=30)),)],
    "describe_second_look": lambda: [
        (look_twice(photo(), view, 160),) for view in (View(rotation=30, scale=0.8), View())
    ],
    "describe_failures": lambda: [(FAILURES,), (FAILURES[:1],)],
    "describe_means": lambda: [(growing_mean(5, 1),), (growing_mean(5, 64),)],
    "describe_judged": lambda: [
        (judged(change), name) for change in ("noise", "turn") for name in judged(change).by
    ],
    "describe_step": opened,
}
