"""Ask a classifier what a photo shows."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from aml4d_utils.nets.catalogue import known_for
from aml4d_utils.nets.class_names import labels
from aml4d_utils.nets.efficientnet import EfficientNetLite0, folded
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
    return most_probable(name, probabilities(name, image, net), k)


def probabilities(name: str, image: np.ndarray, net: nn.Module | None = None) -> np.ndarray:
    """Return how much of the softmax goes to each class.

    Parameters
    ----------
    name, image, net
        As in `classify`.

    Returns
    -------
    ndarray (K,), float32 in [0, 1]
        In the order of `labels`; with sum 1.

    Raises
    ------
    ValueError
        As `classify`.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> int(probabilities("squeezenet1_1", images.photo("coffee")).argmax())
    967
    """
    known_for("classify", name)
    net = _untouched(name) if net is None else net
    pixels = preprocess(name, image, device=next(net.parameters()).device)
    with torch.no_grad():
        return net(pixels)[0].softmax(0).cpu().numpy()


def most_probable(name: str, shares: np.ndarray, k: int) -> list[Prediction]:
    """Return the k classes with the largest `probabilities` of a classifier, best first.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> shares = probabilities("squeezenet1_1", images.photo("coffee"))
    >>> [guess.label for guess in most_probable("squeezenet1_1", shares, 2)]
    ['espresso', 'consomme']
    """
    names = labels(name)
    best = torch.from_numpy(shares).topk(k)
    return [
        Prediction(names[index], probability, index)
        for probability, index in zip(best.values.tolist(), best.indices.tolist(), strict=True)
    ]


@lru_cache
def _untouched(name: str) -> nn.Module:
    # Never handed out, so nobody can change it, or look inside.
    net = load(name)
    return folded(net) if isinstance(net, EfficientNetLite0) else net
