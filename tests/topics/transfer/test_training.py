"""What learns and what must not: frozen bits, tuned blocks, curves that see what they may."""

import copy

import numpy as np
import pytest
import torch
from topics.transfer.examples import task as invented_task

from aml4d_utils.topics.transfer import (
    fine_tuning,
    frozen_or_not,
    label_curves,
    task_distance,
)
from aml4d_utils.topics.transfer.curve_library import CurveLibrary
from aml4d_utils.topics.transfer.linear_heads import LinearHead, fit_head
from aml4d_utils.topics.transfer.tasks import Task
from aml4d_utils.topics.transfer.trained_bodies import Bodies, above_maps, as_batch


def coloured(count=8, classes=2):
    """Pictures whose class is their colour, with noise: easy for whoever looks."""
    rng = np.random.default_rng(0)
    labels = np.tile(np.arange(classes), count)
    base = np.eye(3)[labels][:, None, None, :] * 120 + 60
    pictures = (base + rng.integers(0, 60, (len(labels), 64, 64, 3))).astype(np.uint8)
    names = tuple(f"one {k}" for k in range(len(labels)))
    return Task("coloured", tuple("abc"[:classes]), pictures, labels, names)


@pytest.fixture(scope="module")
def bodies():
    return Bodies()


def returned(steps):
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_frozen_is_frozen_to_the_bit_only_in_evaluation_mode(bodies):
    net, task = bodies.net("Lite0"), coloured(16)
    before = copy.deepcopy(net.state_dict())
    moved = returned(frozen_or_not.train_head_on(net, task, "train", steps=2))
    still = returned(frozen_or_not.train_head_on(net, task, "eval", steps=2))
    assert moved.changed_parameters == still.changed_parameters == 0
    assert moved.changed_statistics == moved.statistics == 98
    assert still.changed_statistics == still.first_guesses == 0
    assert still.turned < 1e-3 < 1 < moved.turned
    assert all(torch.equal(before[k], v) for k, v in net.state_dict().items())
    with pytest.raises(ValueError, match="'train' or 'eval'"):
        next(frozen_or_not.train_head_on(net, task, "frozen"))


def test_tuning_the_last_block_leaves_the_body_and_batchnorm_alone(bodies):
    net = bodies.net("Lite0")
    before = copy.deepcopy(net.state_dict())
    task = coloured()
    maps = torch.from_numpy(bodies.maps("Lite0", task.pictures))
    head = fit_head(bodies.features("Lite0", task.pictures), task.labels, 2)
    tuned = fine_tuning.tune_last_block(net, head)
    statistics = [s.clone() for s in frozen_or_not.statistics_of(tuned)]
    weights = [p.detach().clone() for p in tuned.parameters()]
    steps = list(fine_tuning.training(tuned, maps, task.labels, steps=3, rate=1e-3, seed=0))
    assert [step.done for step in steps] == [1, 2, 3]
    assert frozen_or_not.differing(statistics, frozen_or_not.statistics_of(tuned)) == 0
    assert frozen_or_not.differing(weights, list(tuned.parameters())) == len(weights)
    assert all(torch.equal(before[k], v) for k, v in net.state_dict().items())


def test_who_is_drawn_twice_is_computed_once_and_counts_twice(bodies):
    task = coloured(3)
    maps = torch.from_numpy(bodies.maps("Lite0", task.pictures))
    head = fit_head(bodies.features("Lite0", task.pictures), task.labels, 2)
    answers, rows = [], []
    for vary in (None, lambda batch, generator: batch):
        tuned = fine_tuning.tune_last_block(bodies.net("Lite0"), head)
        tuned.body.register_forward_pre_hook(lambda _body, given: rows.append(len(given[0])))
        list(fine_tuning.training(
            tuned, maps, task.labels, steps=4, rate=1e-3, seed=1, vary=vary
        ))  # fmt: skip
        with torch.no_grad():
            answers.append(tuned(maps))
    assert max(rows[:4]) <= len(maps) < fine_tuning.BATCH
    assert rows[5:9] == 4 * [fine_tuning.BATCH]
    with torch.no_grad():
        began = fine_tuning.tune_last_block(bodies.net("Lite0"), head)(maps)
    assert (answers[0] - began).abs().max() > 0.1
    assert torch.allclose(*answers, atol=1e-3)


def test_a_tuned_network_begins_as_the_head_it_is_given(bodies):
    task = coloured()
    features = bodies.features("Lite0", task.pictures)
    head = fit_head(features, task.labels, 2)
    maps = torch.from_numpy(bodies.maps("Lite0", task.pictures))
    with torch.no_grad():
        last = fine_tuning.tune_last_block(bodies.net("Lite0"), head)(maps).numpy()
    assert np.allclose(last, head.scores(features), atol=1e-3)
    assert np.allclose(above_maps(bodies.net("Lite0"), maps).numpy(), features, atol=1e-5)


def test_tuning_all_layers_moves_all_weights_and_no_statistics(bodies):
    task = coloured(2)
    head = LinearHead(np.random.default_rng(0).normal(0, 1, (1280, 2)), np.zeros(2))
    net = fine_tuning.tune_all(bodies.net("Lite0"), head)
    statistics = [s.clone() for s in frozen_or_not.statistics_of(net)]
    first = net.body.stem[0].weight.detach().clone()
    batch = as_batch("efficientnet_lite0", task.pictures)
    list(fine_tuning.training(net, batch, task.labels, steps=1, rate=1e-3, seed=0))
    assert not torch.equal(first, net.body.stem[0].weight)
    assert frozen_or_not.differing(statistics, frozen_or_not.statistics_of(net)) == 0


def test_small_network_learns_and_chance_is_its_seed():
    task = coloured(20)
    way = label_curves.SCRATCH
    (share,) = [
        curves.mean(way, 5)
        for curves in label_curves.label_curves(Bodies(), task, (way,), labels=(5,), splits=1)
    ][-1:]
    assert share == 1
    one, other = fine_tuning.small_network(3, 1), fine_tuning.small_network(3, 1)
    assert torch.equal(one.layers[0].weight, other.layers[0].weight)


def test_mirroring_flips_whole_pictures_by_chance():
    batch = torch.arange(3.0).expand(200, 1, 1, 3)
    flipped = fine_tuning.mirrored_at_random(batch, torch.Generator().manual_seed(0))
    first = flipped[:, 0, 0, 0]
    assert set(first.tolist()) == {0.0, 2.0}
    assert 60 < int((first == 2).sum()) < 140
    assert (flipped.sum(3) == 3).all()


def test_only_labelled_pictures_are_learned_from(monkeypatch):
    task, learned = coloured(20), []
    monkeypatch.setattr(
        label_curves, "fit_head", lambda f, y, k: learned.append(len(y)) or fit_head(f, y, k)
    )
    curves = list(
        label_curves.label_curves(Bodies(), task, (label_curves.PIXELS,), labels=(1, 4), splits=3)
    )[-1]
    assert learned == [2, 8] * 3
    assert not np.isnan(curves.shares).any()
    assert curves.fraction == 1


def test_pixels_do_not_care_about_the_order_of_pixels():
    small = coloured(20).changed("small", lambda p: p[::2, ::2])  # 32 × 32: nothing is averaged
    order = np.random.default_rng(2).permutation(32 * 32)
    mixed = small.changed("mixed", lambda p: p.reshape(-1, 3)[order].reshape(p.shape))
    shares = [
        list(label_curves.label_curves(
            Bodies(), each, (label_curves.PIXELS,), labels=(2,), splits=2))[-1].shares
        for each in (small, mixed)
    ]  # fmt: skip
    assert np.allclose(*shares)


def test_lead_is_the_mean_of_paired_differences():
    shares = np.array([[[0.8, 0.9, 0.7]], [[0.5, 0.7, 0.3]]])
    curves = label_curves.LabelCurves("t", 2, ("a", "b"), (5,), shares)
    mean, low, high = curves.lead("a", "b", 5)
    from scipy.stats import ttest_rel

    wanted = ttest_rel(*shares[:, 0]).confidence_interval()
    assert np.allclose((mean, low, high), (0.3, wanted.low, wanted.high))
    assert curves.band("a", 5) == (0.7, 0.9)
    curves.shares[:, :, 1:] = np.nan
    with pytest.raises(ValueError, match="two splits"):
        curves.lead("a", "b", 5)
    assert np.isclose(curves.mean("a", 5), 0.8)


def test_the_library_measures_a_way_once(monkeypatch):
    library = CurveLibrary(Bodies(), labels=(1, 2))
    measured = []
    monkeypatch.setattr(library, "task", lambda name: invented_task(name, 6))

    def counted(bodies, task, ways, *, labels, splits, **slow):
        measured.append(ways[0])
        shares = np.full((1, len(labels), splits), 0.5)
        yield label_curves.LabelCurves(task.name, 2, tuple(ways), tuple(labels), shares)

    monkeypatch.setattr("aml4d_utils.topics.transfer.curve_library.label_curves", counted)
    *_, first = library.curves("photos", ["a", "b"], 2)
    *_, second = library.curves("photos", ["b", "c"], 2)
    assert measured == ["a", "b", "c"]
    assert (first.ways, second.ways) == (("a", "b"), ("b", "c"))
    list(library.curves("photos", ["a"], 3))
    assert measured[-1] == "a"


@pytest.mark.slow
def test_frozen_features_are_far_ahead_of_training_from_scratch():
    from aml4d_utils.topics.transfer.tasks import photo_task

    ways = (label_curves.FROZEN, label_curves.SCRATCH)
    *_, curves = label_curves.label_curves(Bodies(), photo_task(), ways, labels=(5,), splits=5)
    assert curves.lead(*ways, 5)[0] > 0.30


def test_the_example_of_a_station_does_not_keep_its_other_pictures():
    measured = task_distance.slope(
        Bodies(), ("garments",), per_class=1, splits=1, ways=(label_curves.PIXELS,)
    )
    *_, last = measured
    assert [example.flags.owndata for example in last.examples] == [True]
