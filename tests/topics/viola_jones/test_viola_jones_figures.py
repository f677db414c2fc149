"""The words say what the pictures show, with the numbers that were measured."""

import numpy as np
import pytest
from topics.viola_jones.examples import FACES, SWEEPS, TABLE, TRAINING

from aml4d_utils import images
from aml4d_utils.topics.viola_jones import figures
from aml4d_utils.topics.viola_jones.cascade import scan
from aml4d_utils.topics.viola_jones.haar import HaarFeature
from aml4d_utils.topics.viola_jones.integral import box_sum
from aml4d_utils.topics.viola_jones.opencv_cascade import opencv_cascade


def test_sums():
    assert "D − B − C + A = 22 − 0 − 0 + 0 = 22" in figures.describe_box_sum(
        box_sum(TABLE, 0, 0, 2, 2)
    )
    words = figures.describe_box_sum(box_sum(TABLE, 4, 4, 3, 5))
    assert "3 additions; pixel by pixel it takes 14" in words


def test_boosting(boosting):
    last = boosting[-1]
    assert f"{last.wrong} of {last.held_out} held-out" in figures.describe_boosted(last)


def test_training_of_a_cascade():
    assert "about 1 of 100 windows" in figures.describe_cascade_training(TRAINING)


def test_scans(scanned):
    words = figures.describe_scan(scanned, 25)
    assert f"{int(scanned.found.sum()):,} of {len(scanned):,} windows" in words
    tiny = figures.describe_scan(scan(np.zeros((8, 30)), opencv_cascade()), 3)
    assert "30 × 8 pixels is smaller than the window of 24" in tiny


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
    figure = figures.draw_detections(photos, FACES)
    assert [ax.get_title("center") for ax in figure.axes] == ["2 faces found", "no face found"]
    assert [len(ax.patches) for ax in figure.axes] == [4, 0]
    assert figures.describe_detections(["a", "b"], FACES) == (
        "a: 2 faces found, the surest 20 pixels wide at row 4, column 3; b: no face found."
    )


def test_conditions_are_drawn_and_described():
    (full,), _, (nowhere,) = SWEEPS
    figure = figures.draw_sweeps(full)
    assert [ax.get_xlabel() for ax in figure.axes][:2] == [
        "tilt, degrees",
        "share covered from below",
    ]
    assert "at least half are found from −20 to 10" in figures.describe_sweeps(full)
    assert "half are found nowhere" in figures.describe_sweeps(nowhere)
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
