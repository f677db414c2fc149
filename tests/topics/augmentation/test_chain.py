"""Augmentations in a row: what torchvision does, drawn by a seed, and the code to copy."""

import numpy as np
import pytest
import torch

from aml4d_utils import images
from aml4d_utils.topics.augmentation.chain import AUGMENTATIONS, NAMES, as_code, augment, named


@pytest.fixture(scope="module")
def photo():
    return images.resize(images.centre_square(images.photo("chelsea")), 224, 224)


@pytest.mark.parametrize("name", NAMES)
def test_the_smallest_strength_changes_nothing(photo, name):
    weakest = named(name).strengths[0]
    assert np.abs(augment(photo, [(name, weakest)], 0) - photo).max() < 2e-2


@pytest.mark.parametrize("name", NAMES)
def test_the_usual_strength_changes_the_picture(photo, name):
    usual = named(name).usual
    changed = [np.abs(augment(photo, [(name, usual)], draw) - photo).mean() for draw in range(12)]
    assert max(changed) > 5e-3
    assert augment(photo, [(name, usual)], 3).shape == (224, 224, 3)


@pytest.mark.parametrize("name", NAMES)
def test_a_draw_can_be_repeated_and_touches_no_other_chance(photo, name):
    chain = [(name, named(name).usual)]
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first = augment(photo, chain, 7)
    assert torch.equal(torch.rand(3), expected)
    assert (first == augment(photo, chain, 7)).all()


@pytest.mark.parametrize("augmentation", AUGMENTATIONS, ids=lambda a: a.name)
@pytest.mark.parametrize("share", [0, 0.37, 1])
def test_the_code_to_copy_does_the_same(photo, augmentation, share):
    low, high = augmentation.strengths
    strength = low + share * (high - low)
    names = {}
    exec(as_code([(augmentation.name, strength)]), names)
    pixels = torch.from_numpy(photo.copy()).permute(2, 0, 1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(11)
        copied = names["augment"](pixels).clamp(0, 1).permute(1, 2, 0).numpy()
    assert np.allclose(copied, augment(photo, [(augmentation.name, strength)], 11), atol=1e-5)


def test_the_order_of_a_chain_matters(photo):
    one = augment(photo, [("translate", 0.3), ("rotate", 90)], 1)
    other = augment(photo, [("rotate", 90), ("translate", 0.3)], 1)
    assert np.abs(one - other).mean() > 1e-2


def test_bad_input_is_named(photo):
    with pytest.raises(ValueError, match="no augmentation 'sharpen'"):
        augment(photo, [("sharpen", 1)], 0)
    with pytest.raises(ValueError, match="flip: expected a strength from 0 to 1, got 3"):
        augment(photo, [("flip", 3)], 0)
