"""FGSM in closed form, PGD never weaker, and both within their reach."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from aml4d_utils.topics.augmentation.attacks import fgsm, loss_slope, pgd


@pytest.fixture
def net():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 6, 3), nn.ReLU(), nn.Flatten(), nn.Linear(6 * 36, 5)
    ).requires_grad_(False)


@pytest.fixture
def pictures():
    return torch.rand(24, 3, 8, 8, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def labels():
    return torch.arange(24) % 5


def losses(net, pictures, labels):
    return functional.cross_entropy(net(pictures), labels, reduction="none")


def generator():
    return torch.Generator().manual_seed(2)


def test_fgsm_on_a_linear_classifier_is_the_closed_form():
    """Two classes: the loss falls with (w₀ - w₁)·x when the label is 0."""
    torch.manual_seed(0)
    linear = nn.Linear(12, 2)
    net = nn.Sequential(nn.Flatten(), linear)
    pictures = torch.rand(9, 3, 2, 2)
    towards = (linear.weight[1] - linear.weight[0]).sign().reshape(3, 2, 2)
    attacked = fgsm(net, pictures, torch.zeros(9, dtype=torch.long), 0.1)
    assert torch.allclose(attacked, (pictures + 0.1 * towards).clamp(0, 1))


def test_the_slope_is_each_pictures_own(net, pictures, labels):
    together, slope = loss_slope(net, pictures, labels)
    for i in (0, 7, 23):
        alone, own = loss_slope(net, pictures[i : i + 1], labels[i : i + 1])
        assert torch.allclose(alone, together[i : i + 1], atol=1e-5)
        assert torch.allclose(own[0], slope[i], atol=1e-5)


@pytest.mark.parametrize("epsilon", [0, 0.01, 0.3, 2])
def test_attacks_stay_within_reach(net, pictures, labels, epsilon):
    for attacked in (
        fgsm(net, pictures, labels, epsilon),
        pgd(net, pictures, labels, epsilon, generator=generator(), steps=5),
    ):
        assert (attacked - pictures).abs().max() <= epsilon + 1e-6
        assert attacked.min() >= 0
        assert attacked.max() <= 1


@pytest.mark.parametrize("epsilon", [0.02, 0.1, 0.5])
@pytest.mark.parametrize("steps", [1, 3, 20])
def test_pgd_is_never_weaker_than_fgsm(net, pictures, labels, epsilon, steps):
    weak = losses(net, fgsm(net, pictures, labels, epsilon), labels)
    attacked = pgd(net, pictures, labels, epsilon, generator=generator(), steps=steps)
    assert (losses(net, attacked, labels) >= weak - 1e-6).all()


def test_more_steps_find_worse_points(net, pictures, labels):
    few, many = (
        losses(net, pgd(net, pictures, labels, 0.3, generator=generator(), steps=n), labels).mean()
        for n in (1, 40)
    )
    assert many > few


def test_the_start_follows_the_generator_and_the_input_stays(net, pictures, labels):
    before = pictures.clone()
    one = pgd(net, pictures, labels, 0.1, generator=generator(), steps=2)
    assert torch.equal(one, pgd(net, pictures, labels, 0.1, generator=generator(), steps=2))
    assert torch.equal(before, pictures)


def test_attacks_work_without_gradients_switched_on(net, pictures, labels):
    with torch.no_grad():
        assert not torch.equal(fgsm(net, pictures, labels, 0.1), pictures)


def test_bad_input_is_named(net, pictures, labels):
    with pytest.raises(ValueError, match="epsilon of at least 0, got -0.1"):
        fgsm(net, pictures, labels, -0.1)
    with pytest.raises(ValueError, match="at least 1 step"):
        pgd(net, pictures, labels, 0.1, generator=generator(), steps=0)
