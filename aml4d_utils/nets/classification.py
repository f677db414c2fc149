"""Ask a classifier what a photo shows."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from aml4d_utils.nets.catalogue import known_for
from aml4d_utils.nets.class_names import labels
from aml4d_utils.nets.loading import load
from aml4d_utils.nets.preprocessing import preprocess


class Prediction(NamedTuple):
    """One answer of a classifier.

    Parameters
    ----------
    label : str
        The class in words.
    probability : float in [0, 1]
        How much of the softmax goes to it.
    index : int
        The class as a number: its place in `labels`.
    """

    label: str
    probability: float
    index: int


def classify(
    name: str, image: np.ndarray, k: int = 5, net: nn.Module | None = None
) -> list[Prediction]:
    """Return the k most probable classes of a photo, best first.

    Parameters
    ----------
    name : str
        ``"squeezenet1_1"`` or another classifier among `net_names`.
    image : ndarray (H, W, 3), float in [0, 1]
        Its centred square is what the network sees.
    k : int
        How many, from 1 to the number of classes.
    net : nn.Module or None
        Your own, perhaps changed, copy from ``load(name)``; ``None`` asks an untouched one.

    Returns
    -------
    list of Prediction
        Each unpacks as ``label, probability, index``.

    Raises
    ------
    ValueError
        If `name` is not a classifier, `k` is out of range, or `image` is not an image.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> label, probability, index = classify("squeezenet1_1", images.photo("coffee"), k=1)[0]
    >>> label, index
    ('espresso', 967)
    """
    known_for("classify", name)
    names = labels(name)
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 1 <= k <= len(names):
        raise ValueError(f"Expected k as a whole number from 1 to {len(names)}, but got {k}.")
    net = _untouched(name) if net is None else net
    pixels = preprocess(name, image, device=next(net.parameters()).device)
    with torch.no_grad():
        probabilities = net(pixels)[0].softmax(0)
    best = probabilities.topk(k)
    return [
        Prediction(names[index], probability, index)
        for probability, index in zip(best.values.tolist(), best.indices.tolist(), strict=True)
    ]


@lru_cache
def _untouched(name: str) -> nn.Module:
    # Never handed out, so nobody can change it.
    return load(name)
