"""The Fréchet distance against SciPy's matrix root and closed forms."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm

from aml4d_utils.topics.gan_health.frechet import Cloud, cloud, frechet


def random_cloud(seed, width=12):
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=(width, width))
    return Cloud(torch.from_numpy(rng.normal(size=width)), torch.from_numpy(factor @ factor.T))


def by_scipy(a, b):
    """The formula of Heusel et al. as it stands."""
    first, second = a.covariance.numpy(), b.covariance.numpy()
    root = sqrtm(first @ second).real
    return ((a.mean - b.mean) ** 2).sum() + np.trace(first + second - 2 * root)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_formula_with_scipys_root(seed):
    a, b = random_cloud(seed), random_cloud(seed + 100)
    assert frechet(a, b) == pytest.approx(float(by_scipy(a, b)), rel=1e-6)
    assert frechet(a, b) == pytest.approx(frechet(b, a), rel=1e-9)
    assert frechet(a, a) == pytest.approx(0, abs=1e-6)


def test_bells_along_the_axes_have_a_simple_distance():
    first, second = torch.tensor([1.0, 4, 9]).double(), torch.tensor([4.0, 4, 1]).double()
    a = Cloud(torch.zeros(3).double(), torch.diag(first))
    b = Cloud(torch.tensor([0.0, 2, 0]).double(), torch.diag(second))
    assert frechet(a, b) == pytest.approx(4 + (1 - 2) ** 2 + 0 + (3 - 1) ** 2)


def test_a_flat_cloud_has_a_distance_too():
    flat = Cloud(torch.zeros(2).double(), torch.diag(torch.tensor([1.0, 0.0])).double())
    assert frechet(flat, flat) == pytest.approx(0, abs=1e-12)


def test_few_pictures_make_it_too_large():
    features = torch.randn(6000, 30, generator=torch.Generator().manual_seed(0)).double()
    few, many = (frechet(cloud(features[:n]), cloud(features[-n:])) for n in (60, 3000))
    assert few > 10 * many


def test_a_cloud_has_more_pictures_than_features():
    features = torch.randn(40, 5, generator=torch.Generator().manual_seed(0)).double()
    np.testing.assert_allclose(cloud(features).covariance, np.cov(features.numpy().T))
    with pytest.raises(ValueError, match="5 pictures are too few"):
        cloud(features[:5])
