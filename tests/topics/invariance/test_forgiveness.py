"""Curves over one change, recomputed by a plain loop."""

import numpy as np
import pytest
import torch

from aml4d_utils import images, nets, solids
from aml4d_utils.nets.grey_batches import to_batch
from aml4d_utils.topics.augmentation.three_networks import load_taught
from aml4d_utils.topics.challenges.bench import darken
from aml4d_utils.topics.challenges.hiding import hidden_columns, occlude
from aml4d_utils.topics.challenges.warping import warp, warp_field
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
        for picture, label in zip(changed(pictures, change, amount), labels, strict=True):
            answer = net(picture[None])[0].softmax(0)
            right += int(answer.argmax()) == int(label)
            likely.append(float(answer[label]))
        assert curve.right[k] == right
        assert curve.chances[k] == pytest.approx(np.mean(likely), abs=1e-5)
    assert curve.shares == pytest.approx(curve.right / 60)


@pytest.mark.parametrize("change", CHANGES)
def test_one_amount_changes_nothing(tested, change):
    _, pictures, _ = tested
    still = 1.0 if change in ("size", "illumination") else 0.0
    assert still in CHANGES[change][1]
    assert torch.allclose(changed(pictures, change, still), pictures, atol=1e-5)


@pytest.mark.parametrize("change", [c for c in CHANGES if c not in ("shift", "turn", "size")])
def test_a_challenge_goes_on_and_stays_a_picture(tested, change):
    _, pictures, _ = tested
    differences = []
    for amount in CHANGES[change][1]:
        made = changed(pictures, change, amount)
        assert made.shape == pictures.shape
        assert made.min() >= 0 and made.max() <= 1
        assert torch.equal(made, changed(pictures, change, amount))
        differences.append(float((made - pictures).abs().mean()))
    assert differences[0] < 1e-5
    assert len({round(difference, 4) for difference in differences}) == len(differences)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.8, 1.0])
def test_hidden_and_cut_off_as_in_lesson_02(tested, share):
    _, pictures, _ = tested
    behind, outside = (changed(pictures, kind, share) for kind in ("occlusion", "truncation"))
    for k, picture in enumerate(pictures[:, 0].numpy()):
        mask = (picture > 0).astype(float)
        assert np.allclose(behind[k, 0], occlude(picture[..., None], mask, share)[..., 0])
        columns = hidden_columns(mask, share)
        kept = np.zeros_like(picture)
        kept[:, : 28 - columns] = picture[:, columns:]
        assert np.allclose(outside[k, 0], kept, atol=1e-4)


def test_bent_and_darkened_as_in_lesson_02(tested):
    _, pictures, _ = tested
    first, second = pictures[:2, 0].numpy()
    rng = np.random.default_rng(0)
    bent = changed(pictures, "deformation", 0.5)
    for k, picture in enumerate((first, second)):
        wanted = warp(picture[..., None], warp_field(28, 28, 0.5, rng))[..., 0]
        assert np.allclose(bent[k, 0], wanted, atol=0.02)  # OpenCV rounds places to 1/32 pixel
    dark = changed(pictures, "illumination", 3.0)
    assert np.allclose(dark[0, 0], darken(first, 3.0), atol=1e-6)


def test_other_things_lie_behind(tested):
    _, pictures, _ = tested
    made = changed(pictures, "clutter", 4)
    assert torch.equal(made[pictures > 0], pictures[pictures > 0])
    assert (made > 0).float().mean() > (pictures > 0).float().mean() + 0.05


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
