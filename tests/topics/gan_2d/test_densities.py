"""Densities, divergences and D* against closed forms."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.gan_2d import densities
from aml4d_utils.topics.gan_2d.densities import BLUR, CELL, CELLS, Bells
from aml4d_utils.topics.gan_2d.point_players import PointDiscriminator
from aml4d_utils.topics.gan_2d.rivalry import Rivalry, Rules, compete

LEFT = Bells(np.array([[-0.6, 0.0]]), 0.5)
RIGHT = Bells(np.array([[0.6, 0.2]]), 0.5)


@pytest.mark.parametrize("name", densities.SHAPES)
def test_a_density_adds_up_to_one(name):
    total = densities.density_on_grid(densities.SHAPES[name]).sum() * CELL**2
    assert total == pytest.approx(1, abs=0.02)


def test_the_density_is_that_of_scipy():
    from scipy.stats import multivariate_normal

    places = np.random.default_rng(0).normal(0, 1, (50, 2))
    wanted = multivariate_normal([-0.6, 0.0], 0.25 * np.eye(2)).pdf(places)
    np.testing.assert_allclose(LEFT.density(places), wanted)
    blurred = multivariate_normal([-0.6, 0.0], (0.25 + 0.09) * np.eye(2)).pdf(places)
    np.testing.assert_allclose(LEFT.density(places, 0.3), blurred)


def test_the_estimate_comes_near_to_the_known_density():
    points = RIGHT.draw(400_000, np.random.default_rng(1))
    known, estimate = densities.density_on_grid(RIGHT), densities.estimate_on_grid(points)
    assert np.abs(known - estimate).max() < 0.03 * known.max()
    row, col = np.unravel_index(estimate.argmax(), estimate.shape)
    assert row < CELLS / 2 < col  # up and to the right


def test_kl_is_that_of_two_bells():
    p, q = densities.density_on_grid(LEFT), densities.density_on_grid(RIGHT)
    squared = (LEFT.centres - RIGHT.centres) ** 2
    exact = squared.sum() / (2 * (0.5**2 + BLUR**2))
    assert densities.divergence(p, q) == pytest.approx(exact, rel=0.01)
    assert densities.divergence(p, p) == pytest.approx(0, abs=1e-9)


def test_js_goes_from_nothing_to_ln_2():
    p, q = densities.density_on_grid(LEFT), densities.density_on_grid(RIGHT)
    far = densities.density_on_grid(Bells(np.array([[2.0, 2.0]]), 0.1))
    near = densities.density_on_grid(Bells(np.array([[-2.0, -2.0]]), 0.1))
    assert densities.js_divergence(p, p) == pytest.approx(0, abs=1e-12)
    assert densities.js_divergence(far, near) == pytest.approx(np.log(2), rel=0.02)
    assert 0 < densities.js_divergence(p, q) < np.log(2)
    assert densities.js_divergence(p, q) == pytest.approx(densities.js_divergence(q, p))


def test_covered_counts_where_the_generator_goes():
    islands = densities.SHAPES["eight islands"]
    p = densities.density_on_grid(islands)
    two = densities.density_on_grid(Bells(islands.centres[:2], islands.width))
    assert densities.covered(p, p) == pytest.approx(1)
    assert densities.covered(p, two) == pytest.approx(0.25, abs=0.01)


@given(st.floats(0, 1e3), st.floats(0, 1e3))
def test_the_best_discriminator_is_p_over_p_plus_q(p, q):
    (best,) = densities.best_discriminator(np.array([p]), np.array([q]))
    assert 0 <= best <= 1
    if p + q > 1e-6:
        assert best == pytest.approx(p / (p + q), abs=1e-5)


class Fixed(torch.nn.Module):
    """A generator that draws from the right bell, whatever happens."""

    latent = 2

    def __init__(self):
        super().__init__()
        self.unused = torch.nn.Parameter(torch.zeros(1))

    def forward(self, latent):
        centre = torch.tensor(RIGHT.centres, dtype=torch.float32)
        return centre + RIGHT.width * latent + 0 * self.unused


def test_a_trained_discriminator_comes_near_to_the_best_one():
    """Both densities are known exactly here, so D* is too."""
    torch.manual_seed(0)
    rules = Rules(0.0, 3e-3, generator_turns=0, batch_size=256, dropping=False)
    one = Rivalry(Fixed(), PointDiscriminator(), 0, rules)
    real = torch.from_numpy(LEFT.draw(20_000, np.random.default_rng(0))).float()
    list(compete(one, real, 400))
    places = densities.grid()
    p, q = LEFT.density(places), RIGHT.density(places)
    with torch.no_grad():
        said = torch.sigmoid(one.discriminator(torch.from_numpy(places).float())).numpy()
    off = np.abs(said - p / (p + q))[p + q > 0.02]
    assert off.mean() < 0.06
