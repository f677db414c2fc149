"""Own architectures against independent truth, and what holds for any picture."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from aml4d_utils import images, nets
from aml4d_utils.nets.efficientnet import SameConv2d, folded
from aml4d_utils.nets.squeezenet import SqueezeNet


@pytest.mark.parametrize("kernel", [3, 5])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("sides", [(7, 7), (8, 8), (7, 8), (14, 9)])
def test_same_padding_puts_the_odd_pixel_at_the_bottom_right(kernel, stride, sides):
    conv = SameConv2d(2, 3, kernel, stride, bias=False)
    pixels = torch.randn(1, 2, *sides)
    missing = [max((-(-n // stride) - 1) * stride + kernel - n, 0) for n in sides]
    top, left = (m // 2 for m in missing)
    padded = torch.zeros(1, 2, sides[0] + missing[0], sides[1] + missing[1])
    padded[:, :, top : top + sides[0], left : left + sides[1]] = pixels
    expected = F.conv2d(padded, conv.weight, stride=stride)
    assert expected.shape[2:] == tuple(-(-n // stride) for n in sides)
    assert torch.allclose(conv(pixels), expected, atol=1e-6)


def test_numbers_of_parameters():
    counts = {
        name: sum(p.numel() for p in nets.load(name, "cpu").parameters())
        for name in nets.net_names()
    }
    assert counts == {
        "squeezenet1_1": 1_235_496,
        "efficientnet_lite0": 4_652_008,
        "nanodet_g": 3_786_068,
        "dcgan_faces": 3_576_704,
        "realesrgan_x4plus": 16_697_987,
        "small_upscaler": 70_256,
        "fast_style": 2_512_981,
        "face_swap": 2_751_414,
        "fake_detector": 31_489,
    }


def test_squeezenet_is_torchvision_s():
    """The same numbers at random, the same names, the same answers."""
    from torchvision.models import squeezenet1_1

    with torch.random.fork_rng():
        torch.manual_seed(0)
        ours = SqueezeNet().begin_at_random().eval()
        torch.manual_seed(0)
        theirs = squeezenet1_1().eval()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert all(
        torch.equal(mine, other)
        for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True)
    )
    pixels = torch.randn(2, 3, 227, 230, generator=torch.Generator().manual_seed(0))
    assert torch.equal(ours(pixels), theirs(pixels))
    theirs.load_state_dict(nets.load("squeezenet1_1", "cpu").state_dict())
    ours.load_state_dict(theirs.state_dict())
    assert torch.equal(ours(pixels), theirs(pixels))


def test_efficientnet_features_are_what_the_classifier_sees():
    net = nets.load("efficientnet_lite0", "cpu")
    pixels = nets.preprocess("efficientnet_lite0", images.photo("coffee"), "cpu")
    features = net.features(pixels)
    assert features.shape == (1, 1280)
    assert torch.equal(net.classifier(features), net(pixels))


def test_folded_normalisations_change_no_answer():
    name = "efficientnet_lite0"
    plain, quick = nets.load(name, "cpu"), folded(nets.load(name, "cpu"))
    assert not any(isinstance(module, nn.BatchNorm2d) for module in quick.modules())
    photos = (images.photo(photo) for photo in ("coffee", "chelsea"))
    pixels = torch.cat([nets.preprocess(name, photo, "cpu") for photo in photos])
    given = pixels.clone()
    with torch.no_grad():
        assert torch.allclose(quick(pixels), plain(pixels), atol=1e-4)
    assert torch.equal(pixels, given)


def test_nanodet_answers_for_every_cell_of_three_grids():
    net = nets.load("nanodet_g", "cpu")
    for side in (32, 96, 320):
        scores, regression = net(torch.zeros(2, 3, side, side))
        cells = sum((side // stride) ** 2 for stride in (8, 16, 32))
        assert scores.shape == (2, cells, 80) and regression.shape == (2, cells, 44)


def test_generated_faces_differ_and_are_pictures():
    net = nets.load("dcgan_faces", "cpu")
    faces = net(torch.randn(4, 100, 1, 1, generator=torch.Generator().manual_seed(0)))
    assert faces.shape == (4, 3, 64, 64) and faces.abs().max() <= 1
    assert (faces[0] - faces[1]).abs().mean() > 0.05
    assert nets.as_image((faces[0] + 1) / 2).shape == (64, 64, 3)


def test_realesrgan_enlarges_what_it_is_given():
    """Shrunk again, its answer is the input: nothing has moved, no channels are swapped."""
    small = images.resize(images.photo("coffee")[80:336, 128:384], 24, 24)
    net = nets.load("realesrgan_x4plus", "cpu")
    large = nets.as_image(net(nets.preprocess("realesrgan_x4plus", small, "cpu")))
    assert large.shape == (96, 96, 3)
    again = images.resize(large, 24, 24)
    error = np.abs(again - small).mean()
    assert error < 0.05
    for other in (small[..., ::-1], np.roll(small, 1, axis=0), np.roll(small, 1, axis=1)):
        assert np.abs(again - other).mean() > 1.2 * error


def test_as_image_undoes_as_tensor():
    cat = images.photo("chelsea")
    assert np.array_equal(nets.as_image(nets.as_tensor(cat)), cat)
    with pytest.raises(ValueError, match="one picture"):
        nets.as_image(torch.zeros(2, 3, 4, 4))
    with pytest.raises(ValueError, match="NaN"):
        nets.as_image(torch.full((3, 2, 2), torch.nan))
