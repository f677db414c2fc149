"""Activation maximisation: each part does what it says, and the drawing grows."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils import images, nets
from aml4d_utils.topics.visualisation import image_parameters, maximisation, shaking
from aml4d_utils.topics.visualisation.image_parameters import colour_mixing, parameterise
from aml4d_utils.topics.visualisation.maximisation import (
    answer_to,
    draw,
    fine_detail,
    unit_objective,
)


def noise(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def pictures(photo):
    return nets.as_tensor(images.resize(images.centre_square(photo), 64, 64), "cpu")


@pytest.mark.parametrize(
    ("layer", "unit"), [("conv1", 3), ("fire3", 5), ("fire3", 100), ("fire9", 300)]
)
def test_the_objective_is_the_unit_before_its_relu(net, pictures, layer, unit):
    """Held against the network's own modules: ReLU of ours is the network's map."""
    seen = {}

    def keep(_module, _inputs, output):
        seen["map"] = output[0, unit]

    index = {"conv1": 1, "fire3": 4, "fire9": 12}[layer]
    hook = net.features[index].register_forward_hook(keep)
    with torch.no_grad():
        net(nets.normalise("squeezenet1_1", pictures))
        ours = unit_objective(net, layer, unit)(pictures)
    hook.remove()
    if (seen["map"] > 0).all():
        assert float(ours) == pytest.approx(float(seen["map"].mean()), rel=1e-4)
    else:
        assert float(ours) < float(seen["map"].mean())


def test_a_class_is_drawn_by_its_scores(net, pictures):
    with torch.no_grad():
        scores = net.classifier[1](net.features(nets.normalise("squeezenet1_1", pictures)))
        ours = unit_objective(net, "answer", 285)(pictures)
    assert float(ours) == pytest.approx(float(scores[0, 285].mean()), rel=1e-4)
    with pytest.raises(ValueError, match="no stage"):
        unit_objective(net, "fire1", 0)


@pytest.mark.parametrize("waves", [False, True])
@pytest.mark.parametrize("natural", [False, True])
def test_parameters_begin_grey_and_are_repeatable(waves, natural):
    one, other = (
        parameterise(32, waves=waves, natural_colours=natural, generator=noise(4)) for _ in range(2)
    )
    with torch.no_grad():
        picture = one.picture()
        assert torch.equal(picture, other.picture())
    assert picture.shape == (1, 3, 32, 32)
    assert 0 <= picture.min() and picture.max() <= 1
    assert abs(float(picture.mean()) - 0.5) < 0.02
    assert one.numbers.requires_grad


def test_waves_are_coarser_than_pixels():
    detail = {}
    for waves in (True, False):
        numbers = parameterise(64, waves=waves, natural_colours=False, generator=noise())
        with torch.no_grad():
            detail[waves] = fine_detail(nets.as_image(numbers.picture()))
    assert detail[True] < 0.35 < 0.6 < detail[False]


def test_the_colours_mix_as_photos_do():
    """Independent numbers, mixed, have the correlations of the photos' colours."""
    mixing = colour_mixing()
    pixels = np.concatenate(
        [
            images.fit(images.photo(name), 96).reshape(-1, 3)
            for name in image_parameters.COLOUR_PHOTOS
        ]
    )
    mixed = np.random.default_rng(0).normal(size=(200_000, 3)) @ mixing.T
    np.testing.assert_allclose(np.corrcoef(mixed.T), np.corrcoef(pixels.T), atol=0.02)
    assert np.linalg.norm(mixing, axis=0).max() == pytest.approx(1)
    assert (np.sign(mixing[:, 0]) == 1).all()


@given(most=st.integers(0, 9), seed=st.integers(0, 99))
def test_a_shift_only_moves(most, seed):
    pictures = torch.rand(1, 3, 12, 10, generator=noise(seed))
    moved = shaking.shift(most)(pictures, noise(seed))
    assert torch.equal(moved.flatten().sort().values, pictures.flatten().sort().values)
    if most == 0:
        assert torch.equal(moved, pictures)


def test_turning_by_nothing_changes_nothing(pictures):
    same = shaking.turn_and_scale(0, 0)(pictures, noise())
    torch.testing.assert_close(same, pictures, rtol=0, atol=1e-5)
    assert not torch.allclose(shaking.turn_and_scale(8, 0.1)(pictures, noise()), pictures)
    assert shaking.in_turn([])(pictures, noise()) is pictures


def test_turning_agrees_with_scikit_image(pictures):
    from skimage.transform import rotate

    generator = noise(5)
    angle = (2 * torch.rand(2, generator=noise(5)) - 1)[0].item() * 20
    turned = shaking.turn_and_scale(20, 0)(pictures, generator)[0].permute(1, 2, 0).numpy()
    expected = rotate(pictures[0].permute(1, 2, 0).numpy(), angle, mode="reflect")
    middle = slice(16, 48)
    assert np.abs(turned - expected)[middle, middle].max() < 0.02


def test_drawing_raises_the_answer_and_reports(net):
    numbers = parameterise(48, waves=True, natural_colours=True, generator=noise())
    objective = unit_objective(net, "fire5", 87)
    steps = list(draw(objective, numbers, shaking.in_turn([]), generator=noise(), steps=12))
    assert [step.step for step in steps] == list(range(1, 13))
    assert steps[-1].fraction == 1 and len(steps[-1].scores) == 12
    assert steps[-1].scores[-1] > steps[0].scores[0] + 10
    after = answer_to(objective, steps[-1].picture)
    assert after > steps[-1].scores[-1] - 1
    assert all(p.grad is None for p in net.parameters())


def test_a_drawing_can_be_repeated(net):
    ends = []
    for _ in range(2):
        generator = noise(7)
        numbers = parameterise(40, waves=True, natural_colours=True, generator=generator)
        shake = shaking.in_turn(shaking.ROBUST)
        *_, end = draw(
            unit_objective(net, "fire3", 9), numbers, shake, generator=generator, steps=3
        )
        ends.append(end.picture)
    np.testing.assert_array_equal(*ends)


@pytest.mark.slow
def test_bare_pixels_give_fine_noise_that_does_not_survive_a_shift(net):
    objective, ends = unit_objective(net, "fire7", 131), {}
    for parts in (False, True):
        generator = noise()
        numbers = parameterise(128, waves=parts, natural_colours=parts, generator=generator)
        shake = shaking.in_turn(shaking.ROBUST if parts else [])
        *_, end = draw(objective, numbers, shake, generator=generator, steps=64)
        ends[parts] = end.picture
    assert fine_detail(ends[False]) > 3 * fine_detail(ends[True])
    here, moved = (answer_to(objective, ends[False], shift) for shift in (0, 2))
    assert moved < 0.5 * here
    here, moved = (answer_to(objective, ends[True], shift) for shift in (0, 2))
    assert moved > 0.9 * here


def test_fine_detail_of_known_pictures():
    rows = np.indices((16, 16))[0]
    slow = 0.5 + 0.5 * np.cos(2 * np.pi * rows / 16)
    assert fine_detail(np.repeat(slow[..., None], 3, 2)) == pytest.approx(0)
    assert fine_detail(np.full((8, 8, 3), 0.3)) == 0
    assert maximisation.STEPS == 128
