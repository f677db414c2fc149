"""Garments: the same again, of all classes, and better than a minute's training."""

import numpy as np
import pytest
import torch
from scipy.stats import kstest

from aml4d_utils.topics.augmentation.three_networks import load_taught
from aml4d_utils.topics.dcgan import between, passing_through
from aml4d_utils.topics.dcgan.explorers import training_view
from aml4d_utils.topics.dcgan.generated_garments import (
    invented_garments,
    latents,
    load_pair,
    paint,
    real_garments,
    to_uint8,
)
from aml4d_utils.topics.dcgan.networks import fresh_pair
from aml4d_utils.topics.gan_2d.rivalry import Rivalry, compete


def test_the_same_seed_paints_the_same_bit_by_bit():
    first, second = (paint(load_pair("final")[0], latents(20, 3)) for _ in range(2))
    assert torch.equal(first, second)
    assert not torch.equal(first, paint(load_pair("final")[0], latents(20, 4)))


def test_a_picture_does_not_depend_on_its_company():
    generator, _ = load_pair("warm")
    generator.train()
    alone = paint(generator, latents(3, 0)[:1])
    torch.testing.assert_close(alone, paint(generator, latents(3, 0))[:1], atol=1e-5, rtol=0)
    assert generator.training


def test_pictures_are_those_of_fashion_mnist_in_another_range():
    real = real_garments("test")
    assert real.shape == (10_000, 1, 28, 28) and real.min() == -1 and real.max() == 1
    from aml4d_utils import images

    np.testing.assert_array_equal(to_uint8(real[:50]), images.fashion_mnist().test_images[:50])


def test_each_copy_is_its_own():
    one, other = load_pair("final")[0], load_pair("final")[0]
    with torch.no_grad():
        next(one.parameters()).zero_()
    assert next(other.parameters()).abs().sum() > 0
    with pytest.raises(ValueError, match="no stage 'cold'"):
        load_pair("cold")


def test_invented_garments_have_their_classes():
    judge = load_taught("plain")
    pictures, labels = invented_garments(judge, 3, seed=1)
    assert pictures.shape == (30, 28, 28) and pictures.dtype == np.uint8
    assert np.bincount(labels).tolist() == [3] * 10
    with torch.no_grad():
        logits = judge(torch.from_numpy(pictures).float()[:, None] / 255)
    assert (logits.argmax(1).numpy() == labels).all()
    again, _ = invented_garments(judge, 3, seed=1)
    np.testing.assert_array_equal(pictures, again)
    with pytest.raises(ValueError, match="came up"):
        invented_garments(judge, 1, seed=1, sure=1.1)


def test_a_fresh_pair_paints_grey():
    generator, discriminator = fresh_pair(0)
    with torch.no_grad():
        pictures = generator.eval()(latents(8, 0))
        assert pictures.abs().max() < 0.2 and discriminator(pictures).shape == (8,)


def test_dropping_takes_three_in_ten():
    _, discriminator = load_pair("final")
    pictures = real_garments("test")[:4]
    with torch.no_grad():
        plain = discriminator(pictures)
        torch.testing.assert_close(plain, discriminator(pictures))
        draws = torch.stack(
            [discriminator(pictures, torch.Generator().manual_seed(k)) for k in range(30)]
        )
    assert (draws.std(0) > 0.1).all()


# --- on the way ------------------------------------------------------------------------------


def test_a_journey_ends_with_what_both_networks_say():
    generator, discriminator = load_pair("final")
    vector = latents(1, 5)[0]
    journey = passing_through.through_both(generator, discriminator, vector)
    picture = paint(generator, vector[None])
    np.testing.assert_allclose(journey.picture, (picture[0, 0] + 1) / 2, atol=1e-6)
    with torch.no_grad():
        assert journey.chance == pytest.approx(float(torch.sigmoid(discriminator(picture))))
    assert [shape for shape, _ in journey.rising] == [(96, 7, 7), (48, 14, 14)]
    assert [shape for shape, _ in journey.falling] == [(24, 14, 14), (48, 7, 7)]
    assert all(len(maps) == 16 for _, maps in (*journey.rising, *journey.falling))


def test_slerp_is_that_of_scipy_for_unit_vectors():
    from scipy.spatial import geometric_slerp

    ends = torch.nn.functional.normalize(latents(2, 0).double(), dim=1)
    for share in (0.0, 0.3, 0.5, 1.0):
        wanted = geometric_slerp(*ends.numpy(), share)
        np.testing.assert_allclose(between.slerp(*ends, share), wanted, atol=1e-9)


def test_slerp_keeps_the_length_and_lerp_does_not():
    ends = latents(2, 1)
    lengths = ends.norm(dim=1)
    assert between.slerp(*ends, 0.5).norm() == pytest.approx(float(lengths.mean()), rel=1e-4)
    assert between.lerp(*ends, 0.5).norm() < 0.85 * lengths.min()


@pytest.mark.parametrize("other", [2.0, -1.0, 0.0])
def test_where_there_is_no_arc_the_way_is_straight(other):
    vector = torch.tensor([3.0, 4.0])
    torch.testing.assert_close(
        between.slerp(vector, other * vector, 0.25), vector * (0.75 + 0.25 * other)
    )


def test_latent_numbers_are_standard_normal():
    assert kstest(latents(500, 0).flatten().numpy(), "norm").pvalue > 0.01


# --- training --------------------------------------------------------------------------------


def test_the_view_follows_a_training():
    rivalry = Rivalry(*load_pair("warm"), seed=0)
    view = training_view(rivalry)
    before = view.garments.alt
    for result in view.follow(compete(rivalry, real_garments("test")[:300], 3)):
        view.draw(result)
    assert [moment.number for moment in view.film.moments] == [0, 1, 2, 3]
    assert view.film.losses.shape == (3, 2) and view.garments.alt != before
    assert "3 rounds" in view.losses.alt
