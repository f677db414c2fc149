"""A blur before each stride, held against a plain loop; and what it does to shifts."""

import numpy as np
import pytest
import torch
from torch import nn

from aml4d_utils import images, nets
from aml4d_utils.topics.invariance.anti_aliasing import BlurPool, blur_before_strides
from aml4d_utils.topics.invariance.one_pixel import (
    photos_to_move,
    shifted_answers,
    steadiness,
    with_margin,
)

NAMES = ("squeezenet1_1", "efficientnet_lite0")


@pytest.mark.parametrize("shape", [(7, 8), (8, 9), (1, 5)])
def test_the_blur_is_a_plain_loop(shape):
    values = np.random.default_rng(0).random(shape)
    padded = np.pad(values, 1, mode="edge")
    weights = np.outer((1, 2, 1), (1, 2, 1)) / 16
    expected = [
        [(padded[row : row + 3, col : col + 3] * weights).sum() for col in range(0, shape[1], 2)]
        for row in range(0, shape[0], 2)
    ]
    pooled = BlurPool()(torch.from_numpy(values).float()[None, None])[0, 0]
    assert np.allclose(pooled.numpy(), expected, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_every_feature_map_keeps_its_size_and_the_network_stays_as_it_is(name):
    net = nets.load(name)
    before = [value.clone() for value in net.state_dict().values()]
    mended = blur_before_strides(net)
    pixels = nets.preprocess(name, images.photo("coffee"), device="cpu")

    def sizes(model):
        found = []
        hooks = [
            module.register_forward_hook(lambda _m, _i, out: found.append(tuple(out.shape)))
            for module in model.modules()
            if type(module).__name__ in ("Fire", "InvertedResidual")
        ]
        with torch.inference_mode():
            model(pixels)
        for hook in hooks:
            hook.remove()
        return found

    assert sizes(mended) == sizes(net)
    assert all(map(torch.equal, before, net.state_dict().values()))


@pytest.mark.parametrize("name", NAMES)
def test_without_the_blur_the_mended_network_is_the_old_one(name, monkeypatch):
    """Every second value of the dense layers is what the strided ones gave."""
    net = nets.load(name)
    monkeypatch.setattr(BlurPool, "forward", lambda self, values: values[..., ::2, ::2])
    pixels = nets.preprocess(name, images.photo("chelsea"), device="cpu")
    with torch.inference_mode():
        expected, found = net(pixels), blur_before_strides(net)(pixels)
    assert torch.allclose(found, expected, atol=1e-3)


def test_another_network_is_refused():
    with pytest.raises(ValueError, match="got Linear"):
        blur_before_strides(nn.Linear(2, 2))


@pytest.mark.parametrize("name", NAMES)
def test_the_window_moves_over_the_photo(name):
    """The view at (2, 3) holds at (r, c) what the view at (0, 0) holds at (r - 2, c - 3)."""
    seen = []

    class Spy(nn.Module):
        def forward(self, pixels):
            seen.append(pixels)
            return torch.zeros(len(pixels), 1000)

    shifted_answers(name, Spy(), images.photo("coffee"), ((0, 0), (2, 3)))
    still, moved = torch.cat(seen)
    assert torch.allclose(moved[:, 2:, 3:], still[:, :-2, :-3], atol=1e-4)
    assert with_margin(name, images.photo("coffee")).shape[0] == still.shape[-1] + 32


def test_steadiness_is_a_plain_count():
    photos = [images.photo(name) for name in ("coffee", "chelsea")]
    net = nets.load("squeezenet1_1")
    *_, last = steadiness("squeezenet1_1", net, photos)
    answers = [shifted_answers("squeezenet1_1", net, photo) for photo in photos]
    flips = sum(top != answer.tops[0] for answer in answers for top in answer.tops)
    moved = np.mean([abs(c - answer.chances[0]) for answer in answers for c in answer.chances[1:]])
    assert (last.flips, last.comparisons, last.photos, last.fraction) == (flips, 8, 2, 1)
    assert last.moved == pytest.approx(moved)
    low, high = last.interval
    assert low <= len(last.changed_photos) / 2 <= high


def test_a_shift_that_is_too_large_is_named():
    net = nets.load("squeezenet1_1")
    with pytest.raises(ValueError, match="at most 16 pixels"):
        shifted_answers("squeezenet1_1", net, images.photo("coffee"), ((0, 0), (0, 17)))


def test_photos_to_move_are_the_bundled_ones_then_cutouts_of_different_originals():
    names = images.photo_names()
    photos = photos_to_move(len(names) + 3)
    assert len(photos) == len(names) + 3
    assert np.array_equal(photos[1], images.photo(names[1]))
    firsts = {c.original: c for c in images.cutouts() if c.imagenet}
    third = list(firsts.values())[2]
    assert np.array_equal(photos[-1], images.mount(third.rgba, 260))
    assert [len(photos_to_move(most)) for most in (0, 5)] == [0, 5]
    assert len(list(photos_to_move(2))) == 2
