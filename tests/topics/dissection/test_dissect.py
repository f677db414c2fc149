"""Thresholds and overlaps are those of an obvious count, and of scikit-learn's Jaccard score."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import jaccard_score

from aml4d_utils.topics.dissection import dissect
from aml4d_utils.topics.dissection.census import count_detectors, units_for
from aml4d_utils.topics.dissection.concepts import CONCEPTS, KINDS, NONE
from aml4d_utils.topics.dissection.dissect import SHARES
from aml4d_utils.topics.dissection.lighting import (
    intersection_over_union,
    light_up,
    strongest_scenes,
)
from aml4d_utils.topics.dissection.units import LAYERS, UNITS, answers, first_unit, unit_at

SOME_UNITS = (5, 63, 64, 200, 400, 900, 1500, 2100, 2623)


@pytest.mark.parametrize("number", SOME_UNITS)
def test_thresholds_leave_the_share_above_them(net, both_sets, dissection, number):
    unit = unit_at(number)
    pictures = [scene.image for scene in both_sets[1]]
    values = answers(net, pictures, [unit.layer])[0][:, unit.number].numpy().ravel()
    ordered = np.sort(values)[::-1]
    for share, threshold in zip(SHARES, dissection.thresholds[number], strict=True):
        allowed = int(share * values.size + 1e-9)
        assert threshold == pytest.approx(ordered[allowed], abs=1e-4)
        assert (values > threshold).sum() <= allowed


def test_batches_do_not_matter(net, both_sets, dissection, last_of, monkeypatch):
    monkeypatch.setattr(dissect, "_BATCH", 3)
    _, other = last_of(dissect.dissect(net, *both_sets))
    np.testing.assert_allclose(other.thresholds, dissection.thresholds, atol=1e-3)
    assert np.abs(other.iou() - dissection.iou()).max() < 0.01


@pytest.fixture(scope="module")
def truth(both_sets):
    """Which concepts each place of the scenes shows, (places, concepts)."""
    masks = [[scene.mask(k).ravel() for k in range(len(CONCEPTS))] for scene in both_sets[0]]
    return np.concatenate([np.stack(mask, 1) for mask in masks])


@pytest.mark.parametrize("share", [0.05, 0.005])
@pytest.mark.parametrize("number", SOME_UNITS)
def test_iou_is_the_jaccard_score(net, both_sets, dissection, truth, number, share):
    unit, scenes = unit_at(number), both_sets[0]
    threshold = dissection.thresholds[number, dissect.level_of(share)]
    lit = light_up(net, [scene.image for scene in scenes], unit, threshold)
    places = np.stack([one.places for one in lit]).reshape(-1, 1)
    said = np.broadcast_to(places, truth.shape)
    expected = jaccard_score(truth, said, average=None, zero_division=0)
    assert dissection.iou(share)[number] == pytest.approx(expected, abs=2e-3)


def test_counts_agree_with_loops_on_made_up_answers():
    rng = np.random.default_rng(0)
    maps = torch.from_numpy(rng.random((2, 3, 56, 56)).astype(np.float32))
    labels = rng.integers(0, 5, (3, 2 * 56 * 56))
    thresholds = np.sort(rng.random((3, len(SHARES))).astype(np.float32), axis=1)
    lit, counts = np.zeros((3, len(SHARES)), int), np.zeros((3, len(SHARES), 5), int)
    dissect._count(maps, labels, thresholds, lit, counts)
    values = maps.permute(1, 0, 2, 3).reshape(3, -1).numpy()
    for unit, level in np.ndindex(lit.shape):
        above = values[unit] > thresholds[unit, level]
        assert lit[unit, level] == above.sum()
        expected = sum(np.bincount(kind[above], minlength=5) for kind in labels)
        np.testing.assert_array_equal(counts[unit, level], expected)


@given(st.sampled_from([14, 28, 113]), st.integers(0, 99))
@settings(max_examples=12)
def test_enlarging_is_bilinear(side, seed):
    maps = torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(seed))
    expected = torch.nn.functional.interpolate(maps, (56, 56), mode="bilinear")
    torch.testing.assert_close(dissect.enlarge(maps), expected, atol=1e-5, rtol=0)


def test_steps_go_from_zero_to_one(net, both_sets, last_of):
    seen, _ = last_of(dissect.dissect(net, both_sets[0][:3], both_sets[1][:2]))
    fractions = [step.fraction for step in seen]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0


def test_unknown_shares_are_named():
    with pytest.raises(ValueError, match="0.05, 0.02, 0.01, 0.005, 0.002, 0.001"):
        dissect.level_of(0.3)


def test_the_census_counts_each_label_once(dissection):
    census = count_detectors(dissection)
    iou = dissection.iou()
    for number in (3, 70, 2000):
        best = int(iou[number].argmax())
        assert census.labels[number] == (best if iou[number, best] > 0.04 else NONE)
    assert census.detectors.sum() == (census.labels != NONE).sum()
    kinds = [KINDS.index(CONCEPTS[label].kind) for label in census.labels[:64] if label != NONE]
    assert census.detectors[0].tolist() == [kinds.count(k) for k in range(3)]
    assert count_detectors(dissection, least=0.9999).detectors.sum() == 0
    higher = count_detectors(dissection, least=0.1)
    assert (higher.detectors <= census.detectors).all()


def test_units_are_ordered_by_their_overlap(dissection):
    found = units_for(dissection, 3, "fire5")
    assert len(found) == LAYERS["fire5"] and len(units_for(dissection, None, None)) == UNITS
    start = first_unit("fire5")
    assert set(found) == set(range(start, start + LAYERS["fire5"]))
    assert (np.diff(dissection.iou()[found, 3]) <= 0).all()


def test_the_strongest_scenes_come_first(net, both_sets, dissection):
    unit = unit_at(1700)
    order = strongest_scenes(net, both_sets[0], unit, count=10)
    np.testing.assert_array_equal(order, np.argsort(-dissection.strongest[1700]))


@given(st.integers(0, 99))
def test_iou_of_masks_is_symmetric_and_bounded(seed):
    rng = np.random.default_rng(seed)
    one, other = rng.random((2, 5, 6)) < rng.random()
    value = intersection_over_union(one, other)
    assert 0 <= value <= 1 and value == intersection_over_union(other, one)
    assert value == pytest.approx(jaccard_score(one.ravel(), other.ravel(), zero_division=0))


def test_masks_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        intersection_over_union(np.zeros((2, 3)), np.zeros((3, 2)))


@pytest.mark.parametrize("picture", [np.zeros((227, 227, 3)), np.full((3, 5, 3), 0.5)])
def test_a_blank_or_tiny_photo_gives_numbers(net, picture):
    (lit,) = light_up(net, [picture], unit_at(2000), 1.0)
    assert np.isfinite(lit.strongest) and 0 <= lit.share <= 1
