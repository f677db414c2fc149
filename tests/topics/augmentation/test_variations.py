"""Batches varied picture by picture, held against scikit-image and NumPy."""

import numpy as np
import pytest
import torch
from skimage.transform import rotate

from aml4d_utils import images
from aml4d_utils.topics.augmentation import variations
from aml4d_utils.topics.augmentation.variations import moved


def generator():
    return torch.Generator().manual_seed(0)


@pytest.fixture(scope="module")
def batch():
    pictures = images.fashion_mnist().test_images[:40]
    return torch.from_numpy(pictures / np.float32(255))[:, None]


def test_a_whole_shift_is_numpys(batch):
    shifted = moved(batch, right=3, down=-2)
    assert torch.allclose(shifted[:, :, :-2, 3:], batch[:, :, 2:, :-3], atol=1e-5)
    assert shifted[:, :, -2:].abs().max() < 1e-5


@pytest.mark.parametrize("degrees", [90, 180, 30, -77])
def test_a_turn_is_scikit_images(batch, degrees):
    picture = batch[0, 0].numpy()
    expected = rotate(picture, degrees, order=1)
    turned = moved(batch[:1], turn=float(degrees))[0, 0].numpy()
    assert np.abs(turned - expected)[3:-3, 3:-3].max() < 2e-2


def test_wide_pictures_are_turned_without_being_squeezed():
    wide = torch.zeros(1, 1, 20, 60)
    wide[0, 0, 9:11, 20:40] = 1
    turned = moved(wide, turn=90.0)[0, 0]
    rows, cols = turned.nonzero(as_tuple=True)
    assert rows.max() - rows.min() >= 17
    assert cols.max() - cols.min() <= 4


def test_size_and_mirror(batch):
    ones = torch.zeros(1, 1, 28, 28)
    ones[0, 0, 8:20, 8:20] = 1
    assert moved(ones, size=2.0).sum() == pytest.approx(576, rel=0.02)
    assert moved(ones, size=0.5).sum() == pytest.approx(36, rel=0.02)
    assert torch.allclose(moved(batch, mirror=True), batch.flip(3), atol=1e-5)
    mixed = moved(batch, mirror=torch.arange(40) % 2 == 0)
    assert torch.allclose(mixed[1], batch[1], atol=1e-5)
    assert torch.allclose(mixed[2], batch[2].flip(2), atol=1e-5)


def test_a_mirror_comes_before_a_shift(batch):
    assert torch.allclose(
        moved(batch, mirror=True, right=4), moved(moved(batch, mirror=True), right=4), atol=1e-5
    )


WAYS = (
    variations.shifts(),
    variations.turns(),
    variations.sizes(),
    variations.mirrors(),
    variations.noise(),
    variations.hiding(),
    variations.several(variations.shifts(2), variations.noise(0.1)),
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_picture_gets_its_own_draw(way):
    same = torch.full((30, 1, 28, 28), 0.25)
    same[:, :, 8:20, 6:18] = 0.75
    before = same.clone()
    varied = way.vary(same, generator())
    assert varied.shape == same.shape
    assert torch.equal(same, before)
    assert len(torch.unique(varied.flatten(1).round(decimals=4), dim=0)) > 1
    assert torch.equal(varied, way.vary(same, generator()))
    assert varied.min() >= 0
    assert varied.max() <= 1 + 1e-5


def test_the_hidden_square_is_whole():
    hidden = variations.hiding(10).vary(torch.zeros(50, 1, 28, 28), generator())
    assert ((hidden == 0.5).sum((1, 2, 3)) == 100).all()


def test_no_variation_changes_nothing(batch):
    assert variations.several().name == "nothing"
    assert torch.equal(variations.several().vary(batch, generator()), batch)
