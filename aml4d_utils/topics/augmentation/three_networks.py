"""Three networks of one architecture, taught in three ways; ``tools/train_small_cnns.py`` did it.

Lesson 07's small CNN on 20,000 pictures of Fashion-MNIST: as they are, varied anew each time, and
attacked anew each time.
"""

from __future__ import annotations

from functools import cache

import torch
from safetensors.torch import load_file

from aml4d_utils.assets import verified_path
from aml4d_utils.topics.convolution.training import SmallCNN

WAYS = ("plain", "augmented", "robust")
"""How each was taught: as they are; shifted, turned and resized; attacked within ε = 0.1."""


def load_taught(way: str) -> SmallCNN:
    """Return a network of your own copy, taught in one of `WAYS`, in evaluation mode.

    Raises
    ------
    ValueError
        If there is no such way.
    AssetError
        If the weight file is missing, cut short or altered.

    Examples
    --------
    >>> sum(weights.numel() for weights in load_taught("plain").parameters())
    9226
    """
    if way not in WAYS:
        raise ValueError(f"There is no network {way!r}; there are {', '.join(WAYS)}.")
    net = SmallCNN()
    net.load_state_dict({name: value.clone() for name, value in _stored(way).items()})
    # An attack on one takes half the time when the channels of a place lie side by side.
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)


@cache
def _stored(way: str) -> dict[str, torch.Tensor]:
    return load_file(verified_path(f"weights/fashion_cnn_{way}.safetensors"))
