"""Ways from one latent vector to another.

References
----------
.. [1] T. White, "Sampling generative networks", arXiv:1609.04468, 2016.
"""

from __future__ import annotations

import torch
from torch import Tensor


def lerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    """Return the point on the straight line at a share of the way.

    Examples
    --------
    >>> lerp(torch.tensor([0.0, 2.0]), torch.tensor([4.0, 0.0]), 0.25).tolist()
    [1.0, 1.5]
    """
    return (1 - share) * start + share * end


def slerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    """Return the point on the great arc at a share of the way [1]_.

    The length goes evenly from the first one's to the second one's, so half-way between two
    vectors of 100 random numbers lies no short one, as on the straight line.

    Parameters
    ----------
    start, end : Tensor (L,)
        Where they point the same or the opposite way, or one is 0, there is no arc: then as
        `lerp`.
    share : float

    Examples
    --------
    >>> half = slerp(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]), 0.5)
    >>> [round(x, 3) for x in half.tolist()]
    [0.707, 0.707]
    """
    lengths = start.norm(), end.norm()
    if min(lengths) == 0:
        return lerp(start, end, share)
    cosine = (start @ end / (lengths[0] * lengths[1])).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if torch.sin(angle) < 1e-6:
        return lerp(start, end, share)
    first, second = torch.sin((1 - share) * angle), torch.sin(share * angle)
    direction = (first * start / lengths[0] + second * end / lengths[1]) / torch.sin(angle)
    return lerp(lengths[0], lengths[1], share) * direction
