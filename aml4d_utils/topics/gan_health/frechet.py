"""The Fréchet distance between two clouds of pictures, each described by 64 features.

After Heusel et al. [1]_, who took 2,048 features of an Inception network. Ours are those of the
course's small network for garments, so the numbers cannot be compared with published ones; their
order can.

References
----------
.. [1] M. Heusel et al., "GANs trained by a two time-scale update rule converge to a local Nash
   equilibrium", NeurIPS 2017.
.. [2] D. C. Dowson and B. V. Landau, "The Fréchet distance between multivariate normal
   distributions", Journal of Multivariate Analysis 12, 1982.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from aml4d_utils.topics.convolution.training import SmallCNN

ENOUGH = 2000
"""Pictures on each side: from fewer, the distance comes out too large."""


@dataclass(frozen=True)
class Cloud:
    """Mean (F,) and covariance (F, F) of features, float64."""

    mean: Tensor
    covariance: Tensor


def garment_features(net: SmallCNN, pictures: Tensor) -> Tensor:
    """Describe pictures by the second layer's 16 maps, each averaged over a 2 × 2 grid.

    Parameters
    ----------
    net : SmallCNN
        Trained to tell garments apart.
    pictures : Tensor (N, 1, 28, 28), float32 in [-1, 1]

    Returns
    -------
    Tensor (N, 64), float64
    """
    with torch.no_grad():
        return torch.cat([_describe(net, part) for part in pictures.split(500)]).double()


def _describe(net: SmallCNN, pictures: Tensor) -> Tensor:
    maps = functional.max_pool2d(net.maps((pictures + 1) / 2), 2)
    maps = functional.max_pool2d(functional.relu(net.second(maps)), 2)
    return functional.adaptive_avg_pool2d(maps, 2).flatten(1)


def cloud(features: Tensor) -> Cloud:
    """Return the mean and covariance of features (N, F).

    Raises
    ------
    ValueError
        If there are not more pictures than features: the covariance would be flat.
    """
    count, width = features.shape
    if count <= width:
        raise ValueError(f"{count} pictures are too few for {width} features; take {width + 1}.")
    return Cloud(features.mean(0), torch.cov(features.T))


def frechet(a: Cloud, b: Cloud) -> float:
    """Return the squared Fréchet distance of two normal clouds [2]_: 0 for equal ones.

    ``|m - n|² + tr(A + B - 2 (A B)^½)``, the root taken in the symmetric form
    ``(A^½ B A^½)^½``, which has the same trace.

    Parameters
    ----------
    a, b : Cloud
        Of equally many features.

    Examples
    --------
    >>> round = Cloud(torch.zeros(2).double(), torch.eye(2).double())
    >>> frechet(round, Cloud(torch.tensor([3.0, 4.0]).double(), torch.eye(2).double()))
    25.0
    """
    values, vectors = torch.linalg.eigh(a.covariance)
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    shared = torch.linalg.eigvalsh(root @ b.covariance @ root).clamp(min=0).sqrt().sum()
    apart = (a.mean - b.mean).square().sum()
    return float(apart + a.covariance.trace() + b.covariance.trace() - 2 * shared)
