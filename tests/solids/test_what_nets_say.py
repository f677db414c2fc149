"""The pictures are good enough for a real net, and agree with an earlier renderer's."""

import csv
from pathlib import Path

import pytest

from aml4d_utils import nets
from aml4d_utils.solids import Viewpoint, render, thing

pytestmark = pytest.mark.slow

# First guesses of EfficientNet-Lite0 for pictures that another, slower renderer made.
TEXT = Path(__file__).with_name("pilot.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(TEXT.splitlines()))

# Only what the tests below look at: sure guesses, and things that have a word.
PILOT = [row for row in ROWS if float(row["probability"]) >= 0.5 or thing(row["name"]).imagenet]


@pytest.fixture(scope="module")
def guesses():
    net = nets.load("efficientnet_lite0")
    views = {(row["name"], int(row["yaw"]), int(row["roll"])) for row in PILOT}
    return {
        view: nets.classify(
            "efficientnet_lite0",
            render(thing(view[0]), Viewpoint(view[1], 15, view[2])).picture,
            k=3,
            net=net,
        )
        for view in sorted(views)  # one thing after the other: its mesh is read once
    }


def first(row, guesses):
    return guesses[row["name"], int(row["yaw"]), int(row["roll"])][0]


def test_sure_guesses_of_the_other_renderer_are_ours_too(guesses):
    sure = [row for row in PILOT if float(row["probability"]) >= 0.5]
    assert len(sure) >= 60
    agree = sum(first(row, guesses).label == row["guess"] for row in sure)
    assert agree / len(sure) >= 0.85


def test_things_that_have_a_word_are_mostly_called_by_it(guesses):
    upright = [row for row in PILOT if row["roll"] == "0" and thing(row["name"]).imagenet]
    right = sum(first(row, guesses).index in thing(row["name"]).imagenet for row in upright)
    assert len(upright) >= 60
    assert right / len(upright) >= 0.7


def test_upside_down_many_are_no_longer_known(guesses):
    named = [row for row in PILOT if thing(row["name"]).imagenet]

    def share(roll):
        rows = [row for row in named if row["roll"] == roll]
        return sum(first(row, guesses).index in thing(row["name"]).imagenet for row in rows) / len(
            rows
        )

    assert share("180") < share("0") - 0.2
