"""The Gram matrix: which features of a layer occur together, wherever that may be.

References
----------
.. [1] L. A. Gatys, A. S. Ecker and M. Bethge, "Image style transfer using convolutional neural
   networks", CVPR 2016.
"""

from __future__ import annotations

import torch


def gram(features: torch.Tensor) -> torch.Tensor:
    """Return for each pair of channels the mean product of their values.

    Parameters
    ----------
    features : Tensor (B, C, H, W)

    Returns
    -------
    Tensor (B, C, C)
        Symmetric. The place of a value does not matter, so the number of places may differ
        between two pictures.

    Examples
    --------
    >>> maps = torch.tensor([[1.0, 3.0], [2.0, 0.0]])[None, :, None]
    >>> gram(maps).tolist()
    [[[5.0, 1.0], [1.0, 2.0]]]
    """
    flat = features.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]
