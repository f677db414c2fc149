"""Gram matrix, Gatys and the net that paints in one pass."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils import images, nets
from aml4d_utils.topics.style_transfer.gram import gram
from aml4d_utils.topics.style_transfer.instant import Studio, style_numbers
from aml4d_utils.topics.style_transfer.painting_by_features import (
    features_at,
    paint_by_features,
    relative_error,
    sized,
)


@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 6), st.integers(1, 6))
def test_gram_is_the_mean_product(seed, channels, height, width):
    generator = torch.Generator().manual_seed(seed)
    features = torch.randn(2, channels, height, width, generator=generator, dtype=torch.float64)
    for one, found in zip(features, gram(features), strict=True):
        for i in range(channels):
            for j in range(channels):
                assert found[i, j].item() == pytest.approx((one[i] * one[j]).mean().item())


def test_gram_forgets_places_and_nothing_else():
    features = torch.randn(1, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    order = torch.randperm(20, generator=torch.Generator().manual_seed(1))
    shuffled = features.flatten(2)[..., order].view(1, 3, 5, 4)
    assert torch.allclose(gram(features), gram(shuffled), atol=1e-6)
    assert not torch.allclose(gram(features), gram(features.flip(1)), atol=1e-2)


def test_the_error_is_relative():
    target = torch.tensor([3.0, 4.0])
    assert relative_error(target, target).item() == 0
    assert relative_error(torch.zeros(2), target).item() == pytest.approx(1)


def test_features_are_squeezenets(net, photo):
    pixels = nets.as_tensor(sized(photo, 64), "cpu")
    found = features_at(net, pixels, ("conv1", "fire4"))
    expected = net.features[:7](nets.normalise("squeezenet1_1", pixels))
    assert torch.allclose(found["fire4"], expected, atol=1e-4)
    assert found["conv1"].shape[1] == 64


def test_painting_takes_the_style_and_keeps_the_weights(net, photo):
    before = [parameter.clone() for parameter in net.parameters()]
    style = images.painting("cafe_terrace")
    steps = list(paint_by_features(net, photo, style, steps=8, longest=64))
    first, last = steps[0], steps[-1]
    assert [step.step for step in steps] == list(range(9)) and last.fraction == 1
    assert np.abs(first.picture - sized(photo, 64)).max() < 1e-6
    assert first.content[0] == 0 and last.content[-1] > 0
    for losses in last.style.values():
        assert losses[-1] < 0.9 * losses[0]
    assert last.style_missed == pytest.approx(np.mean([v[-1] for v in last.style.values()]))
    assert last.picture.min() >= 0 and last.picture.max() <= 1
    assert all(map(torch.equal, before, net.parameters()))


def test_the_same_painting_bit_by_bit(net, photo):
    style = images.painting("harvest")
    one, two = (
        list(paint_by_features(net, photo, style, steps=3, longest=48))[-1] for _ in range(2)
    )
    assert np.array_equal(one.picture, two.picture)


def test_without_style_the_photo_stays_and_without_layers_nothing_goes(net, photo):
    style = images.painting("harvest")
    weak = list(paint_by_features(net, photo, style, steps=4, longest=48, style_weight=0.0))[-1]
    strong = list(paint_by_features(net, photo, style, steps=4, longest=48, style_weight=100.0))[-1]
    kept = [np.abs(step.picture - sized(photo, 48)).mean() for step in (weak, strong)]
    assert kept[0] < kept[1]
    with pytest.raises(ValueError, match="at least one"):
        next(paint_by_features(net, photo, style, layers=()))
    with pytest.raises(ValueError, match="no stage"):
        next(paint_by_features(net, photo, style, layers=("conv9",)))


def test_it_can_be_stopped_at_any_step(net, photo):
    steps = paint_by_features(net, photo, images.painting("harvest"), steps=50, longest=48)
    third = [next(steps) for _ in range(3)][-1]
    steps.close()
    assert third.step == 2 and np.isfinite(third.picture).all()


def test_one_pass_comes_nearer_to_the_style(net, photo):
    """The instant counterpart does what the slow way measures: Gram matrices of SqueezeNet."""
    style = images.painting("cafe_terrace")
    studio = Studio(photo, longest=128)
    painted = studio.paint("terrace", style)
    pictures = [nets.as_tensor(sized(p, 128), "cpu") for p in (style, photo, painted.picture)]
    wanted, before, after = (gram(features_at(net, p, ("fire2",))["fire2"]) for p in pictures)
    assert relative_error(after, wanted) < relative_error(before, wanted)
    assert painted.texture > 1


def test_strength_leads_from_the_photos_numbers_to_the_styles(photo):
    style = images.painting("vestibule")
    studio = Studio(photo, longest=64)
    ends = [studio.paint("vestibule", style, strength) for strength in (0.0, 0.5, 1.0)]
    assert ends[0].moved < ends[2].moved
    assert not np.allclose(ends[1].picture, ends[2].picture, atol=0.01)
    own = Studio(photo, longest=64).paint("own", studio.photo, 1.0)
    assert np.allclose(own.picture, ends[0].picture, atol=1e-4)
    with pytest.raises(ValueError, match="strength"):
        studio.paint("vestibule", style, 1.5)


def test_style_numbers_tell_paintings_apart():
    numbers = [style_numbers(images.painting(name)) for name in images.painting_names()]
    assert all(one.shape == (100,) for one in numbers)
    distances = [np.abs(a - b).mean() for i, a in enumerate(numbers) for b in numbers[:i]]
    assert min(distances) > 0.01


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 500, 3), (1500, 2000, 3)])
def test_photos_of_any_size(net, shape):
    photo = np.random.default_rng(0).random(shape)
    assert min(Studio(photo, longest=64).photo.shape[:2]) >= 32
    step = next(paint_by_features(net, photo, photo, steps=1, longest=64))
    assert min(step.picture.shape[:2]) >= 32 and np.isfinite(step.content).all()
