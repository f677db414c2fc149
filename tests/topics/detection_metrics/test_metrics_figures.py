"""Pictures of precision and recall are drawn, and their words follow the result."""

import numpy as np
import pytest
from topics.detection_metrics import examples

from aml4d_utils.notebook import show
from aml4d_utils.topics.detection_metrics import figures
from aml4d_utils.topics.detection_metrics.average_precision import EVERY_POINT, WAYS
from aml4d_utils.topics.detection_metrics.judging_boxes import Judged, judge
from aml4d_utils.topics.detection_metrics.padilla import TIES, solve


@pytest.fixture(scope="module")
def scenes():
    return examples.judged_scenes()


@pytest.fixture(scope="module")
def judged(scenes):
    return judge(*scenes[1:])


NOTHING = Judged(*(np.zeros(0, kind) for kind in (float, bool, int, int, float)), 3)


def test_the_curve_is_drawn_and_told(judged):
    words = [figures.describe_precision_recall(one) for one in (judged, judge([], []), NOTHING)]
    assert len(set(words)) == 3 and "3 things are missed" in words[2]
    assert "5 boxes, 4 things" in words[0]
    for one in (judged, NOTHING):
        figure = figures.draw_precision_recall(one)
        assert show(figure, words[0]).markup.startswith("<div")
    ax = figures.draw_precision_recall(judged).axes[0]
    drawn = ax.lines[0].get_xydata()
    assert len(drawn) == 5 and drawn[0].tolist() == [0.25, 1.0]


def test_the_threshold_is_told(judged):
    assert "2 found, 1 false alarm, 2 missed" in figures.describe_threshold(judged, 0.6)
    assert "no box, so no precision" in figures.describe_threshold(judged, 0.95)


def test_a_scene_is_told(scenes, judged):
    _, found, truth = scenes
    hits = judged.hits[judged.pictures == 0]
    words = figures.describe_judged_scene(found[0], truth[0], hits)
    assert "cat, dog" in words and "cat 0.90 (finds it)" in words and "false alarm" in words
    empty = figures.describe_judged_scene(found[0][:0], truth[0][:0], hits[:0])
    assert "nothing" in empty and "0 boxes" in empty


def test_the_example_is_told():
    solved = solve(EVERY_POINT)
    words = {figures.describe_example(solved, "at every point", count) for count in (1, 2, 24)}
    assert len(words) == 3
    assert any("Box R, number 1 of 24, finds a thing" in one for one in words)
    assert all("22.54 %" in one for one in words)
    other = solve(EVERY_POINT, tie=TIES[1])
    assert "Box Y, number 1" in figures.describe_example(other, "at every point", 1)


def test_all_answers_stand_in_one_table():
    shown = figures.answers_table()
    for value in ("24.57 %", "26.84 %", "22.54 %", "20.32 %", "23.01 %"):
        assert value in shown.markup
    assert "12 answers from 20.32 % to 26.84 %" in figures.describe_answers()
    assert figures.short(WAYS[0]) == "at every point" and "101" in figures.short(WAYS[2])
