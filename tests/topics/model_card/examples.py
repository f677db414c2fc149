"""What the walking tests are shown of the room of model cards."""

from dataclasses import replace
from functools import cache

import numpy as np
from topics.own_classes.examples import collection

from aml4d_utils.topics.model_card.card_sentences import write_card
from aml4d_utils.topics.model_card.data_plan import plan_test
from aml4d_utils.topics.model_card.design_brief import EXAMPLE
from aml4d_utils.topics.model_card.detector_study import (
    BOXES_EXAMPLE,
    CHANGES,
    measured_after,
    study_detector,
)
from aml4d_utils.topics.model_card.hidden_parts import PATCH, POSITIONS, HiddenParts
from aml4d_utils.topics.model_card.model_study import make_study
from aml4d_utils.topics.model_card.opened_often import OpenedOften
from aml4d_utils.topics.model_card.peer_round import PeerDesk, PeerFinding
from aml4d_utils.topics.model_card.scene_test import seal_scenes
from aml4d_utils.topics.transfer.tasks import SIDE
from aml4d_utils.topics.transfer.trained_bodies import Bodies
from aml4d_utils.topics.visualisation.occlusion import patch_starts

DATE = "2026-11-29"


@cache
def bodies():
    """The networks that look, once for all tests."""
    return Bodies()


@cache
def study():
    """Red and green noise, five bursts of each, two of them sealed."""
    photos = collection(bursts=5, misfiled=("red 1",))
    return list(make_study(bodies(), photos, EXAMPLE, DATE))[-1]


def other_study():
    """The same study, but everything is called the first class."""
    first = study()
    chances = np.tile([0.75, 0.25], (len(first.test), 1))
    origin = first.measured["right"].origin
    worse = [origin.measured("right", 2, 4), origin.measured("noise 0.5", 1, 4)]
    return replace(first, chances=chances, measured=first.measured.with_all(worse))


@cache
def scene_study():
    """Three sheep in two scenes."""
    return list(study_detector(seal_scenes(["sheep"]), BOXES_EXAMPLE, DATE))[-1]


def strict_scene_study():
    """The same, where a box hardly ever counts."""
    return list(measured_after(scene_study(), CHANGES[2], DATE))[-1]


def hidden(place, drop):
    """An invented look inside: one place counts."""
    drops = np.zeros((POSITIONS, POSITIONS))
    drops[place] = drop
    starts = patch_starts(PATCH, SIDE, POSITIONS)
    return HiddenParts(np.zeros((SIDE, SIDE, 3), np.uint8), "red", 0.8, drops, starts)


def opened(seed):
    """Invented tries."""
    rng = np.random.default_rng(seed)
    return OpenedOften(rng.random((5, 30)) < 0.7, rng.random(9), rng.random(9), (24, 6), 1.0)


def finding(words="Turned it upside down.", model="a" * 64):
    """An invented failure."""
    picture = np.full((SIDE, SIDE, 3), 90, np.uint8)
    return PeerFinding(words, "red", "green", 0.75, picture, 125, DATE, model)


DESCRIPTIONS = {
    "describe_photos": lambda: [(collection(bursts=2),), (collection(bursts=3),)],
    "describe_curves": lambda: [(study(),), (other_study(),), (scene_study(),)],
    "describe_worst_scenes": lambda: [(scene_study(), 2), (strict_scene_study(), 1)],
    "describe_gallery": lambda: [(study(), 2), (other_study(), 3)],
    "describe_known": lambda: [
        (study().gallery(3), ()),
        (other_study().gallery(2), (finding(),)),
    ],
    "describe_inside": lambda: [(hidden((0, 0), 0.5),), (hidden((3, 6), 0.25),)],
    "describe_opened": lambda: [(opened(0),), (opened(1),)],
    "describe_card": lambda: [
        (write_card(study()),),
        (write_card(study(), model_now="f" * 64),),
        (write_card(replace(study(), brief=replace(EXAMPLE, purpose=" "))), "Intended use"),
    ],
    "describe_plan": lambda: [(plan_test(30, 0.9, 1, 0.8),), (plan_test(100, 0.8, 5, 0.8),)],
    "describe_asked": lambda: [
        ("pear, as it is", "fruit", {"fruit": 0.9, "flowers": 0.1}, (), 600),
        ("pear, turned", "fruit", {"fruit": 0.2, "flowers": 0.8}, (finding(),), 61),
    ],
}

EXPLORERS = {
    "studio_explorer": lambda: (study(),),
    "detector_card_explorer": lambda: (scene_study(),),
    "peer_explorer": lambda: (PeerDesk(study().model, study().test), (), lambda: 0.0),
}
