"""What the walking tests are shown of the challenges room."""

from functools import cache

import numpy as np

from aml4d_utils.topics.challenges.bench import Bench, Curves, challenge
from aml4d_utils.topics.challenges.chair_wall import ChairWalls, Wall
from aml4d_utils.topics.challenges.limits import barely_seen
from aml4d_utils.topics.challenges.ranking import UNTOUCHED, Harm, Ranking
from aml4d_utils.topics.challenges.robustness import Robustness
from aml4d_utils.topics.challenges.subjects import subject
from aml4d_utils.topics.challenges.texture_shape import ConflictCounts, conflict
from aml4d_utils.topics.poses.asking import Answer

RIGHT = Answer("zebra", 0.9, 0.9, True, (("zebra", 0.9), ("horse", 0.05)))
WRONG = Answer("crossword puzzle", 0.4, 0.1, False, (("crossword puzzle", 0.4),))
BLIND = Answer("nothing", 0.0, 0.0, False, ())


@cache
def wall(count=8):
    """The first chairs on the wall."""
    return list(ChairWalls(most=count).wall())[-1]


def of_wall():
    """The wall at two thresholds, and one without a missed chair."""
    found = Wall(tuple(c for c in wall().chairs if c.found(0.3)), 1.0)
    return [(wall(), 0.3), (wall(), 0.6), (found, 0.3)]


def on_bench():
    """A zebra under two challenges, with answers."""
    zebra = subject("zebra")
    return [
        ("zebra", "occlusion", challenge(zebra, "occlusion", 0.3), {"Lite0": RIGHT}),
        ("zebra", "scale", challenge(zebra, "scale", 0.8), {"Lite0": WRONG, "NanoDet": BLIND}),
        ("zebra", "viewpoint", challenge(zebra, "viewpoint", 0.5), {"Lite0": RIGHT}),
    ]


def curves(known):
    """Curves of which so many of four points are known."""
    values = np.array([0.9, 0.7, 0.2, 0.1])
    values[known:] = np.nan
    return Curves(np.linspace(0, 1, 4), {"Lite0": values}, {"Lite0": values > 0.5}, known / 4)


def counts(shape, texture):
    """Decisions of one network."""
    return ConflictCounts({"Lite0": {"shape": shape, "texture": texture, "neither": 3}}, 1.0)


def ranking(right):
    """Two challenges and the untouched things."""
    harms = Harm("scale", right, 9), Harm("clutter", 6, 9), Harm(UNTOUCHED, 9, 9)
    return Ranking({"Lite0": harms}, 1.0)


EXPLORERS = {
    "bench_explorer": lambda: (Bench(("SqueezeNet",), np.array([0.0, 1.0])),),
    "wall_explorer": lambda: (ChairWalls(most=4),),
}

DESCRIPTIONS = {
    "describe_challenge": on_bench,
    "describe_answers": lambda: [({"Lite0": RIGHT},), ({"Lite0": WRONG, "NanoDet": BLIND},)],
    "describe_curves": lambda: [(curves(n), "scale") for n in (4, 2, 0)],
    "describe_robustness": lambda: [
        (Robustness("scale", np.array([0, 1]), np.array([[1, 1, 1], [row, 0, 0]])),)
        for row in (0, 1)
    ],
    "describe_chair": lambda: [(chair, 0.3) for chair in wall().chairs[:3]],
    "describe_wall": of_wall,
    "describe_unlike": lambda: [(wall(),), (wall(5),), (wall(1),)],
    "describe_told_apart": lambda: of_wall()[:3],
    "describe_traits": lambda: of_wall()[:3],
    "describe_conflicts": lambda: [
        ([conflict("lemon", "zebra")],),
        ([conflict("lemon", "zebra"), conflict("zebra", "zebra")], "Lite0"),
    ],
    "describe_conflict": lambda: [(conflict("lemon", "zebra"),), (conflict("zebra", "zebra"),)],
    "describe_counts": lambda: [(counts(3, 7),), (counts(0, 0),)],
    "describe_limits": lambda: [
        (barely_seen(subject("zebra"), {"scale": 0.5, "occlusion": 0.2}),),
        (barely_seen(subject("zebra"), {"scale": 0.9, "occlusion": 0.2}),),
    ],
    "describe_ranking": lambda: [(ranking(2),), (ranking(5),)],
}
