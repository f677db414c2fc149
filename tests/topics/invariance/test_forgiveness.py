"""Curves over one change, recomputed by a plain loop."""

import numpy as np
import pytest
import torch

from aml4d_utils import images, nets, solids
from aml4d_utils.nets.grey_batches import to_batch
from aml4d_utils.topics.augmentation.three_networks import load_taught
from aml4d_utils.topics.invariance.forgiveness import CHANGES, changed, forgiveness, going_round


@pytest.fixture(scope="module")
def tested():
    clothes = images.fashion_mnist()
    labels = torch.as_tensor(clothes.test_labels[:60]).long()
    return load_taught("augmented"), to_batch(clothes.test_images[:60]), labels


@pytest.mark.parametrize("change", CHANGES)
def test_a_curve_is_a_plain_loop(tested, change):
    net, pictures, labels = tested
    amounts = CHANGES[change][1][::6]
    curve = forgiveness(net, pictures, labels, change, amounts)
    for k, amount in enumerate(amounts):
        right, likely = 0, []
        for picture, label in zip(pictures, labels, strict=True):
            answer = net(changed(picture[None], change, amount))[0].softmax(0)
            right += int(answer.argmax()) == int(label)
            likely.append(float(answer[label]))
        assert curve.right[k] == right
        assert curve.chances[k] == pytest.approx(np.mean(likely), abs=1e-5)
    assert curve.shares == pytest.approx(curve.right / 60)


@pytest.mark.parametrize("change", CHANGES)
def test_one_amount_changes_nothing(tested, change):
    _, pictures, _ = tested
    still = 1.0 if change == "size" else 0.0
    assert still in CHANGES[change][1]
    assert torch.allclose(changed(pictures, change, still), pictures, atol=1e-5)


def test_an_unknown_change_is_named(tested):
    net, pictures, labels = tested
    for call in (
        lambda: changed(pictures, "colour", 1),
        lambda: forgiveness(net, pictures, labels, "colour"),
    ):
        with pytest.raises(ValueError, match="no change 'colour'; there are shift, turn, size"):
            call()


def test_going_round_asks_view_by_view():
    name, thing = "squeezenet1_1", solids.thing("motor scooter")
    net = nets.load(name)
    curves = list(going_round(name, net, thing, step=120))
    assert [len(curve.yaws) for curve in curves] == [1, 2, 3]
    last = curves[-1]
    for k, yaw in enumerate((-180, -60, 60)):
        view = solids.render(thing, solids.Viewpoint(yaw=yaw, pitch=15)).picture
        answer = nets.classify(name, view, k=1)[0]
        assert last.yaws[k] == yaw
        assert last.tops[k] == answer.label
        assert last.right[k] == (answer.index in thing.imagenet)
    assert last.views.shape == (3, 112, 112, 3)


def test_a_thing_without_a_word_is_refused():
    nameless = next(thing for thing in solids.things() if not thing.imagenet)
    with pytest.raises(ValueError, match="no word"):
        next(going_round("squeezenet1_1", nets.load("squeezenet1_1"), nameless))
