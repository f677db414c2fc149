"""What the walking tests are shown of the detector's room."""

from functools import cache

import numpy as np

from aml4d_utils import images, nets
from aml4d_utils.nets.detection import Detections
from aml4d_utils.topics.detector import opened
from aml4d_utils.topics.detector.condition_sweep import HARDSHIPS, FailureReport, RecallCurve
from aml4d_utils.topics.detector.degrading import Trouble
from aml4d_utils.topics.detector.known_scenes import SUBJECTS, plan_scenes
from aml4d_utils.topics.detector.open_world import Called, OpenWorld

PHOTO = images.photo("motorcycle")
NOTHING = Detections(np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=str))


def few_plans():
    """Two scenes of each kind of thing."""
    return {kind: plan_scenes(np.random.default_rng(2), 2, kind) for kind in SUBJECTS}


@cache
def opened_with(threshold):
    """The motorcycle opened."""
    return opened.open_up(nets.cell_answers(PHOTO), threshold, 0.6)


def detected(*boxes):
    """Boxes with the words and scores that are given."""
    corners = np.tile([4.0, 4, 60, 40], (len(boxes), 1))
    scores = np.array([score for _, score in boxes])
    return Detections(corners, scores, np.array([word for word, _ in boxes]))


def curve(name, found, shown=20):
    """A curve with these counts."""
    return RecallCurve(HARDSHIPS[name], np.array(found), np.array([1, 2, 3, 4, 5]), shown, 1.0)


def report(*curves):
    """A report of these curves."""
    return FailureReport({one.hardship.name: one for one in curves}, 1.0)


STEEP, FLAT = curve("size", [18, 12, 7, 3, 1]), curve("clutter", [18, 18, 17, 17, 16], 25)


def scenes(count):
    """So many known scenes."""
    return [plan.scene() for plan in plan_scenes(np.random.default_rng(4), count)]


def world():
    """Three tools, two of which got a word."""
    grey = np.full((32, 42, 3), 0.5)
    called = (
        Called("wrench", "tools", "giraffe", 0.7, grey),
        Called("spade", "tools", "", 0.0, grey),
        Called("key", "tools", "airplane", 0.5, grey),
    )
    return OpenWorld(called, 1.0)


def rounds():
    """Two rounds with two limits each, and none."""
    above = opened_with(0.3).above
    some = [
        (opened.suppression_round(above, limit, True, number),)
        for limit in (0.3, 0.6)
        for number in (1, 2)
    ]
    return [*some, (opened.suppression_round(NOTHING, 0.5, True, 1),)]


EXPLORERS = {
    "condition_explorer": lambda: (few_plans(),),
    "open_world_explorer": lambda: (None, "tools", 3),
}
DESCRIPTIONS = {
    "describe_detected": lambda: [
        (["a bus"], [detected(("bus", 0.8))]),
        (["a bus", "a cat"], [detected(("bus", 0.6), ("car", 0.4)), NOTHING]),
    ],
    "describe_opened": lambda: [(opened_with(t), t) for t in (0.3, 0.95)],
    "describe_cell": lambda: [(opened_with(0.3), cell) for cell in (0, 3000, 3480)],
    "describe_round": rounds,
    "describe_scenes": lambda: [(scenes(3),), (scenes(1),)],
    "describe_report": lambda: [(report(STEEP, FLAT),), (report(FLAT),)],
    "describe_curve": lambda: [(STEEP,), (FLAT,)],
    "describe_progress": lambda: [(report(STEEP, FLAT),), (report(FLAT),)],
    "describe_trouble": lambda: [
        (Trouble(light=0.1),),
        (Trouble(blur=2.0, turn=-30),),
        (Trouble(0.5, 45, 1.0, 9, 0.5, 0.2, 10),),
    ],
    "describe_called": lambda: [(world(),), (world().above(0.6),), (world().above(0.9),)],
}
