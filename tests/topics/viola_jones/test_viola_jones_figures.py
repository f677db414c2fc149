"""The words say what the pictures show: different results, different words, with a number."""

import dataclasses

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.nets.detection import Detections
from aml4d_utils.topics.viola_jones import figures
from aml4d_utils.topics.viola_jones.cascade import scan
from aml4d_utils.topics.viola_jones.cascade_training import TrainingStage
from aml4d_utils.topics.viola_jones.conditions import CONDITIONS, Sweep, Sweeps
from aml4d_utils.topics.viola_jones.haar import HaarFeature
from aml4d_utils.topics.viola_jones.integral import box_sum, integral_image
from aml4d_utils.topics.viola_jones.opencv_cascade import opencv_cascade


def detections(*boxes):
    count = len(boxes)
    return Detections(
        np.array(boxes, float).reshape(-1, 4), np.full(count, 0.5), np.full(count, "face")
    )


def sweep(name, found):
    values = np.array(CONDITIONS[name].values[: len(found)], float)
    return Sweep(CONDITIONS[name], values, np.array(found), 100)


def differ(describe, *results):
    words = [describe(*result) for result in results]
    assert len(set(words)) == len(words)
    for sentence in words:
        assert any(letter.isdigit() for letter in sentence)
        assert "nan" not in sentence.lower()
    return words


def test_sums():
    table = integral_image(np.arange(100).reshape(10, 10))
    words = differ(
        figures.describe_box_sum, (box_sum(table, 0, 0, 2, 2),), (box_sum(table, 4, 4, 3, 5),)
    )
    assert "D − B − C + A = 22 − 0 − 0 + 0 = 22" in words[0]
    assert "3 additions; pixel by pixel it takes 14" in words[1]


def test_boosting(boosting):
    states = [state for state in boosting if state.round is not None]
    differ(figures.describe_boosted, (boosting[0],), *[(s,) for s in states])
    differ(figures.describe_chosen, *[(s,) for s in states])
    differ(figures.describe_hardest, *[(s, 10) for s in states])
    low_high = figures.describe_boosted(states[-1])
    assert f"{states[-1].wrong} of {states[-1].held_out} held-out" in low_high


def test_training_of_a_cascade():
    step = TrainingStage(opencv_cascade(), 0.98, 0.01, np.zeros((1, 25, 25)), 1.0)
    words = differ(
        figures.describe_cascade_training, (step,), (dataclasses.replace(step, alarms_kept=0.0),)
    )
    assert "about 1 of 100 windows" in words[0]


def test_scans(scanned):
    tiny = scan(np.zeros((8, 30)), opencv_cascade())
    words = differ(figures.describe_scan, (scanned, 0), (scanned, 3), (scanned, 25), (tiny, 3))
    assert f"{int(scanned.found.sum()):,} of {len(scanned):,} windows" in words[2]
    assert "30 × 8 pixels is smaller than the window of 24" in words[3]


def test_what_is_alive_stays_light():
    photo = np.ones((9, 9, 3))
    stages = np.array([[-1, 0, 1], [2, 3, 3], [0, 0, 5]])
    shown = figures.still_alive(photo, stages, 3, cell=3)
    assert shown.shape == photo.shape
    assert (shown[3:6, 3:] == 1).all()
    assert (shown[:3] < 0.5).all()
    assert shown.mean() < figures.still_alive(photo, stages, 1, cell=3).mean()


def test_detections_are_drawn_and_described():
    photos = [np.zeros((40, 60, 3)), np.ones((80, 40, 3))]
    found = [detections([3, 4, 23, 24], [1, 1, 9, 9]), detections()]
    figure = figures.draw_detections(photos, found)
    assert [ax.get_title("center") for ax in figure.axes] == ["2 faces found", "no face found"]
    assert [len(ax.patches) for ax in figure.axes] == [4, 0]
    words = differ(
        figures.describe_detections, (["a", "b"], found), (["a", "b"], [found[0], found[0]])
    )
    assert words[0] == (
        "a: 2 faces found, the surest 20 pixels wide at row 4, column 3; b: no face found."
    )


def test_conditions_are_drawn_and_described():
    full = Sweeps({"tilt": sweep("tilt", [0] * 5 + [90, 98, 92] + [0] * 5),
                   "mask": sweep("mask", [97, 80, 60, 20, 1, 0])}, 1.0)  # fmt: skip
    figure = figures.draw_sweeps(full)
    assert [ax.get_xlabel() for ax in figure.axes][:2] == [
        "tilt, degrees",
        "share covered from below",
    ]
    words = differ(
        figures.describe_sweeps,
        (full,),
        (Sweeps({"tilt": full["tilt"]}, 0.5),),
        (Sweeps({"size": sweep("size", [0, 1, 2])}, 0.5),),
    )
    assert "at least half are found from −10 to 10" in words[0]
    assert "half are found nowhere" in words[2]
    last = figures.describe_last_sweep(full)
    assert last == "share covered from below 0.7: 0 of 100 faces found"


def test_features_are_drawn_white_on_black():
    face = np.full((25, 25), 0.5)
    tiles = figures.feature_tiles([HaarFeature("left and right", 0, 0, 10, 5)] * 3, face, columns=2)
    assert tiles.shape == (204, 204, 3)
    assert tiles[10, 10, 0] > 200
    assert tiles[10, 30, 0] < 60
    assert tiles[90, 90, 0] == 128


def test_empty_places_in_a_mosaic_are_grey():
    tiles = figures.picture_tiles(np.zeros((1, 25, 25)), 2, 4)
    assert tiles.shape == (51, 51, 3)
    assert tiles[0, 0, 0] == 0
    assert tiles[-1, -1, 0] > 200
    assert figures.picture_tiles(images.faces().test_faces[:3], 3).shape == (25, 77, 3)


@pytest.mark.parametrize(("value", "words"), [(0.004, "+0.00"), (-0.004, "+0.00"), (-1, "−1.00")])
def test_signs(value, words):
    assert figures.signed(value) == words
