"""Matching and average precision against COCO's program, Padilla's example and closed forms."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import average_precision_score

from aml4d_utils.nets.detection import Detections
from aml4d_utils.topics.detection_metrics import average_precision as averaging
from aml4d_utils.topics.detection_metrics.average_precision import (
    COCO_101,
    ELEVEN,
    EVERY_POINT,
    WAYS,
    average_precision,
    envelope,
    precision_and_recall,
)
from aml4d_utils.topics.detection_metrics.judging_boxes import COCO_RULE, VOC_RULE, judge
from aml4d_utils.topics.detection_metrics.padilla import LEAST, TIES, letters, pictures, solve

REFERENCE = json.loads(Path(__file__).with_name("coco_reference.json").read_text("utf-8"))
HITS = arrays(bool, st.integers(0, 40))
SQUARE = np.array([[10.0, 10, 30, 30]])


def drawn(boxes, scores, labels=None):
    boxes = np.array(boxes, dtype=float).reshape(-1, 4)
    labels = ["thing"] * len(boxes) if labels is None else labels
    return Detections(boxes, np.array(scores, dtype=float), np.array(labels, dtype=str))


def known(boxes, labels=None):
    return drawn(boxes, np.ones(len(boxes)), labels)


# --- COCO ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(REFERENCE["problems"])))
def test_it_is_what_coco_s_program_says(number):
    problem = REFERENCE["problems"][number]
    found = [drawn(p["found"], p["scores"]) for p in problem["pictures"]]
    truth = [known(p["truth"]) for p in problem["pictures"]]
    for least, answer in zip(REFERENCE["least"], problem["answers"], strict=True):
        judged = judge(found, truth, least)
        value = average_precision(judged.hits, judged.truths, COCO_101).value
        assert value == pytest.approx(answer, abs=1e-9)


def test_the_reference_is_worth_something():
    answers = np.array([problem["answers"] for problem in REFERENCE["problems"]])
    assert len(answers) >= 50 and len(np.unique(answers.round(3))) > 60
    assert (answers[:, 1] < answers[:, 0]).sum() > 30


# --- Padilla ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole_pixels", "tie", "found", "every_point", "eleven", "coco"),
    [
        (True, TIES[0], 7, 24.57, 26.84, 24.82),
        (True, TIES[1], 7, 22.35, 23.81, None),
        (False, TIES[0], 6, 22.54, 26.84, 23.01),
        (False, TIES[1], 6, 20.32, 23.81, None),
    ],
)
def test_padilla(whole_pixels, tie, found, every_point, eleven, coco):
    solved = [solve(way, whole_pixels, tie) for way in (EVERY_POINT, ELEVEN, COCO_101)]
    assert solved[0].judged.hits.sum() == found and solved[0].judged.truths == 15
    for one, value in zip(solved, (every_point, eleven, coco), strict=True):
        if value is not None:
            assert 100 * one.averaged.value == pytest.approx(value, abs=0.005)


def test_box_g_decides():
    """It overlaps its thing by 0.3034 in whole pixels and by 0.2953 with edges between them."""
    overlaps = []
    for whole_pixels in (True, False):
        solved = solve(EVERY_POINT, whole_pixels)
        place = solved.letters.index("G")
        overlaps.append(solved.judged.overlaps[place])
        assert solved.judged.hits[place] == whole_pixels
    assert overlaps == pytest.approx([0.3034, 0.2953], abs=5e-5)


def test_the_published_table_of_precision_and_recall():
    """Padilla's table, without its two misprints."""
    solved = solve(EVERY_POINT, whole_pixels=True)
    assert "".join(solved.letters) == "RYJAUCMFDBHPEXNTKQVILSGO"
    precision, recall = precision_and_recall(solved.judged.hits, 15)
    assert precision[:4] == pytest.approx([1, 0.5, 0.6666, 0.5], abs=1e-4)
    assert recall[[0, 1, 2, 9, 23]] == pytest.approx(
        [0.0666, 0.0666, 0.1333, 0.2, 0.4666], abs=1e-4
    )


def test_both_rules_agree_on_it():
    found, truth = pictures()
    both = [
        judge(found, truth, LEAST, whole_pixels=True, rule=r).hits for r in (COCO_RULE, VOC_RULE)
    ]
    assert (both[0] == both[1]).all()
    assert letters(6) == ("X", "Y")


def test_a_tie_that_does_not_exist():
    with pytest.raises(ValueError, match="tie"):
        solve(EVERY_POINT, tie="Z before Y")


# --- closed forms -------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_perfect_empty_and_duplicate_boxes(way):
    truth = [known(SQUARE), known([[0, 0, 5, 5], [50, 50, 60, 70]])]
    perfect = [drawn(t.boxes, np.full(len(t), 0.9)) for t in truth]
    nothing = [drawn([], []), drawn([], [])]
    twice = [drawn(np.repeat(t.boxes, 2, axis=0), np.full(2 * len(t), 0.9)) for t in truth]
    value = {}
    for name, found in (("perfect", perfect), ("nothing", nothing), ("twice", twice)):
        judged = judge(found, truth)
        value[name] = average_precision(judged.hits, judged.truths, way).value
    assert value["perfect"] == pytest.approx(1) and value["nothing"] == 0
    assert judged.hits.sum() == 3 and (~judged.hits).sum() == 3
    assert 0.5 < value["twice"] < 1


@pytest.mark.parametrize("way", WAYS)
def test_with_nothing_to_find_the_average_is_zero(way):
    judged = judge([drawn(SQUARE, [0.9])], [known([])])
    assert average_precision(judged.hits, judged.truths, way).value == 0
    assert judged.counts(0.5) == (0, 1, 0)


@given(HITS, st.integers(1, 10))
def test_every_point_is_the_area_below_the_envelope(hits, missed):
    truths = int(hits.sum()) + missed
    precision, recall = precision_and_recall(hits, truths)
    best = envelope(precision)
    area = np.sum(np.diff(np.concatenate([[0], recall])) * best)
    assert average_precision(hits, truths).value == pytest.approx(area)
    assert (best >= precision - 1e-12).all() and (np.diff(best) <= 1e-12).all()


@given(HITS.filter(lambda hits: hits.any()))
def test_without_the_envelope_it_would_be_scikit_learn_s(hits):
    scores = -np.arange(len(hits), dtype=float)
    raw, _ = precision_and_recall(hits, int(hits.sum()))
    assert raw[hits].mean() == pytest.approx(average_precision_score(hits, scores))
    assert average_precision(hits, int(hits.sum())).value >= raw[hits].mean() - 1e-12


@given(HITS, st.integers(0, 9), st.sampled_from(WAYS))
def test_it_lies_between_0_and_1_and_a_false_alarm_at_the_end_costs_nothing(hits, missed, way):
    truths = int(hits.sum()) + missed
    value = average_precision(hits, truths, way).value
    assert 0 <= value <= 1
    assert average_precision(np.append(hits, False), truths, way).value == pytest.approx(value)
    assert average_precision(np.append(False, hits), truths, way).value <= value + 1e-12


def test_numbers_that_cannot_be():
    with pytest.raises(ValueError, match="there are 1 things"):
        precision_and_recall(np.array([True, True]), 1)
    with pytest.raises(ValueError, match="as way"):
        average_precision(np.array([True]), 1, "by feeling")
    assert averaging.WAYS[0] == EVERY_POINT


# --- judging ------------------------------------------------------------------------------------


def test_the_overlap_is_torchvision_s():
    from torchvision.ops import box_iou

    rng = np.random.default_rng(4)
    corner = rng.uniform(0, 50, (20, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(2, 30, (20, 2))], axis=1)
    judged = judge([drawn(boxes[:12], np.linspace(1, 0, 12))], [known(boxes[12:])])
    wanted = box_iou(torch.tensor(boxes[:12]), torch.tensor(boxes[12:])).numpy().max(1)
    assert judged.overlaps == pytest.approx(wanted)


def test_another_word_finds_nothing():
    found, truth = drawn(SQUARE, [0.9], ["cat"]), known(SQUARE, ["dog"])
    judged = judge([found], [truth])
    assert judged.hits.tolist() == [False] and judged.overlaps.tolist() == [0]


def test_the_two_rules_differ_where_a_box_lies_on_two_things():
    """The second box prefers the thing that is taken; by COCO's rule it takes the other one."""
    truth = known([[0, 0, 10, 10], [4, 0, 14, 10]])
    found = drawn([[0, 0, 10, 10], [1.8, 0, 11.8, 10]], [0.9, 0.8])
    assert judge([found], [truth]).hits.tolist() == [True, True]
    assert judge([found], [truth], rule=VOC_RULE).hits.tolist() == [True, False]


def test_an_overlap_of_exactly_the_limit_counts():
    found, truth = drawn([[0, 0, 10, 5]], [0.9]), known([[0, 0, 10, 10]])
    assert judge([found], [truth], 0.5).hits.tolist() == [True]
    assert judge([found], [truth], 0.51).hits.tolist() == [False]


def test_surest_first_over_all_pictures_and_equal_ones_in_their_order():
    found = [drawn(SQUARE, [0.3]), drawn(np.repeat(SQUARE, 2, axis=0), [0.3, 0.8])]
    judged = judge(found, [known(SQUARE), known(SQUARE)])
    assert judged.scores.tolist() == [0.8, 0.3, 0.3]
    assert judged.pictures.tolist() == [1, 0, 1] and judged.boxes.tolist() == [1, 0, 0]
    assert judged.counts(0.3) == (2, 1, 0) and judged.counts(0.5) == (1, 0, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([], [known(SQUARE)]), "0 pictures"),
        (([known(SQUARE)], [known(SQUARE)], 0), "least"),
        (([known(SQUARE)], [known(SQUARE)], 1.5), "least"),
    ],
)
def test_what_cannot_be_judged(arguments, words):
    with pytest.raises(ValueError, match=words):
        judge(*arguments)


def test_a_rule_that_does_not_exist():
    with pytest.raises(ValueError, match="as rule"):
        judge([known(SQUARE)], [known(SQUARE)], rule="the best")


def test_no_picture_at_all():
    judged = judge([], [])
    assert len(judged) == judged.truths == 0 and judged.counts(0.5) == (0, 0, 0)
