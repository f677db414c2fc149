"""The explorers: a changed control changes result, picture and sentence."""

import numpy as np
import pytest

from aml4d_utils.topics.dissection import ablation, explorers
from aml4d_utils.topics.dissection.ablation import CLASSES, ORDERS, Laboratory
from aml4d_utils.topics.dissection.concepts import CONCEPTS


@pytest.fixture
def browser(net, dissection, both_sets, cat):
    return explorers.unit_browser(net, dissection, both_sets[0], cat)


def test_the_browser_begins_with_the_best_unit_for_mammals(browser, dissection):
    view = browser.result
    column = [c.name for c in CONCEPTS].index("mammals")
    assert view.iou[column] == dissection.iou()[-512:, column].max()
    assert view.unit.layer == "fire9" and str(view.unit) in browser.sentence


def test_the_limit_decides_what_is_a_detector(browser):
    browser.set(layer="conv1", concept="its own best concept", least=0.01)
    assert "counts as a detector" in browser.sentence
    browser.set(layer="fire9", concept="coins", rank=64, least=0.2)
    assert "too little" in browser.sentence


@pytest.mark.parametrize("photo", [np.full((300, 200, 3), 0.5), np.zeros((2, 3, 3))])
def test_a_blank_or_tiny_photo_is_shown(net, dissection, both_sets, photo):
    found = explorers.unit_browser(net, dissection, both_sets[0], photo)
    assert "nan" not in found.sentence.lower()


def test_the_census_follows_its_controls(dissection):
    found = explorers.census_explorer(dissection, dissection)
    before = found.sentence
    found.set(least=0.12)
    assert found.sentence != before
    found.set(share="1 %", least=0.04)
    assert found.sentence != before
    assert found.result[0].share == 0.01


def test_ablation_follows_its_controls():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(len(CLASSES)), 5)
    learned, held_out = (
        rng.random((len(labels), 512)) + 2 * np.eye(len(CLASSES), 512)[labels] for _ in range(2)
    )
    readout = ablation.train_readout(learned, labels)
    overlaps = rng.random((512, len(CONCEPTS)))
    found = explorers.ablation_explorer(
        Laboratory(readout, (learned, labels), (held_out, labels), held_out[0], overlaps)
    )
    sentences = {found.sentence}
    for change in ({"name": "tools"}, {"order": ORDERS[2]}, {"count": 60}, {"count": 0}):
        found.set(**change)
        sentences.add(found.sentence)
    assert len(sentences) == 5
    assert found.result.count == 0 and "With 0 units" in found.sentence
