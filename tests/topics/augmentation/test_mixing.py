"""Mixing and hiding, held against the formulas and against torchvision."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils import images, nets
from aml4d_utils.topics.augmentation import explorers, varied_photo
from aml4d_utils.topics.augmentation.mixing import cutmix, mixup, random_erasing, soft_label

RNG = np.random.default_rng(0)
FIRST, SECOND = RNG.random((2, 20, 30, 3), np.float32)


def test_mixup_is_torchvisions():
    from torchvision.transforms import v2

    torch.manual_seed(3)
    batch = torch.from_numpy(np.stack((FIRST, SECOND))).permute(0, 3, 1, 2)
    mixed, labels = v2.MixUp(alpha=1.0, num_classes=2)(batch, torch.tensor([0, 1]))
    share = labels[0, 0].item()
    ours = mixup(FIRST, SECOND, share)
    assert np.allclose(ours.picture, mixed[0].permute(1, 2, 0).numpy(), atol=1e-6)
    assert np.allclose(soft_label(share, 0, 1, 2), labels[0].numpy())


@given(st.floats(0, 1), st.integers(0, 1000))
def test_cutmix_pastes_what_its_label_says(share, seed):
    mixed = cutmix(FIRST, SECOND, share, np.random.default_rng(seed))
    from_first = (mixed.picture == FIRST).all(-1)
    from_second = (mixed.picture == SECOND).all(-1)
    assert (from_first ^ from_second).all()
    assert mixed.share == pytest.approx(from_first.mean())
    rows, cols = from_second.any(1), from_second.any(0)
    assert from_second.sum() == rows.sum() * cols.sum()  # a rectangle


def test_cutmix_covers_as_torchvisions_does():
    """In the mean over many draws, edges included; large, as torchvision rounds sides down."""
    from torchvision.transforms import v2

    torch.manual_seed(0)
    first, second = np.zeros((2, 80, 120), np.float32)
    batch = torch.zeros(2, 1, 80, 120)
    cut = v2.CutMix(alpha=1.0, num_classes=2)
    theirs = [cut(batch, torch.tensor([0, 1]))[1][0, 0].item() for _ in range(800)]
    rng = np.random.default_rng(0)
    ours = [cutmix(first, second, rng.beta(1, 1), rng).share for _ in range(800)]
    assert np.mean(ours) == pytest.approx(np.mean(theirs), abs=0.04)
    assert np.quantile(ours, 0.2) == pytest.approx(np.quantile(theirs, 0.2), abs=0.08)


@given(st.floats(0, 0.95), st.floats(0.05, 1), st.integers(0, 1000))
def test_erasing_covers_the_area_it_is_told(area, flattest, seed):
    erased = random_erasing(FIRST, area, np.random.default_rng(seed), flattest=flattest, fill=-1)
    hole = (erased == -1).all(-1)
    rows, cols = hole.any(1).sum(), hole.any(0).sum()
    assert hole.sum() == rows * cols
    assert abs(hole.mean() - area) < (rows + cols + 1) / hole.size
    assert (erased[~hole] == FIRST[~hole]).all()


def test_erasing_fills_with_noise_and_leaves_the_input_alone():
    before = FIRST.copy()
    erased = random_erasing(FIRST, 0.5, np.random.default_rng(0))
    changed = erased[(erased != FIRST).all(-1)]
    assert (before == FIRST).all()
    assert changed.mean() == pytest.approx(0.5, abs=0.05)
    assert changed.std() == pytest.approx(12**-0.5, abs=0.03)


def test_grey_pictures_can_be_mixed_and_hidden():
    first, second = FIRST[..., 0], SECOND[..., 0]
    assert mixup(first, second, 0.5).picture.shape == (20, 30)
    assert cutmix(first, second, 0.5, np.random.default_rng(0)).picture.shape == (20, 30)
    assert random_erasing(first, 0.2, np.random.default_rng(0)).shape == (20, 30)


def test_bad_input_is_named():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="one shape"):
        mixup(FIRST, SECOND[1:], 0.5)
    with pytest.raises(ValueError, match="share from 0 to 1, got 1.5"):
        cutmix(FIRST, SECOND, 1.5, rng)
    with pytest.raises(ValueError, match="area"):
        random_erasing(FIRST, 1.0, rng)
    with pytest.raises(ValueError, match="flattest"):
        random_erasing(FIRST, 0.1, rng, flattest=0)


@pytest.mark.parametrize("mix", ["mixup", "CutMix"])
def test_a_label_names_both_or_one_thing_once(mix):
    net = nets.load("squeezenet1_1")
    coffee, cat = (
        varied_photo.ask("squeezenet1_1", net, images.photo(name)) for name in ("coffee", "chelsea")
    )

    def label(asked):
        made = varied_photo.vary(
            "squeezenet1_1", net, asked, [], 0, mix=mix, partner=coffee, share=0.6
        )
        return made.label

    (first, most), (second, rest) = label(cat)
    assert first != second
    assert most > rest
    assert most + rest == pytest.approx(1)
    assert label(coffee) == (("espresso", 1.0),)


def test_the_bench_compares_with_what_its_own_network_said_of_its_own_photo():
    for name in ("coffee", "chelsea"):
        explorer = explorers.bench_explorer(images.photo(name))
        for net, file in (("EfficientNet-Lite0", "efficientnet_lite0"),
                          ("SqueezeNet", "squeezenet1_1")):  # fmt: skip
            explorer.set(net=net, mix="mixup", draw=3)
            result = explorer.result
            picture = varied_photo.square(images.photo(name))
            np.testing.assert_array_equal(result.before, picture)
            said = {guess.label: guess.probability for guess in nets.classify(file, picture, 1000)}
            wanted = [said[word] for word in result.names]
            np.testing.assert_allclose(result.chances_before, wanted, atol=1e-5)
            assert result.label[0][0] == max(said, key=said.get)
            coffee = nets.classify(file, varied_photo.square(images.photo("coffee")), 1)[0].label
            assert result.label[-1][0] == coffee
