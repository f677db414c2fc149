"""One photo varied: the picture, the label that training would give it, and what a network says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import images, nets
from aml4d_utils.topics.augmentation.chain import augment
from aml4d_utils.topics.augmentation.mixing import cutmix, mixup

SIDE = 224
MIXES = ("no", "mixup", "CutMix")
"""Ways to mix a second picture in."""

_SHOWN = 3


@dataclass(frozen=True)
class VariedPhoto:
    """A photo before and after.

    Parameters
    ----------
    before, after : ndarray (224, 224, 3), float32 in [0, 1]
    chain : tuple of (name, strength)
        What was done, in order.
    draw : int
        Which draw of chance.
    label : tuple of (str, float)
        The soft label: names with shares that add up to 1. The names are the network's own first
        guesses for the unvaried pictures, because nobody else has labelled the photo.
    names : tuple of str
        Classes that lead before or after.
    chances_before, chances_after : ndarray, float
        Their probabilities.
    keeps : float
        Probability of the photo's first guess after all.
    first_after : str
        The first guess after all.
    """

    before: np.ndarray
    after: np.ndarray
    chain: tuple[tuple[str, float], ...]
    draw: int
    label: tuple[tuple[str, float], ...]
    names: tuple[str, ...]
    chances_before: np.ndarray
    chances_after: np.ndarray
    keeps: float
    first_after: str


def square(photo: np.ndarray) -> np.ndarray:
    """Return a photo's centred square as (224, 224, 3), float32 in [0, 1]."""
    return images.resize(images.centre_square(photo), SIDE, SIDE)


@dataclass(frozen=True)
class AskedPhoto:
    """A photo's centred square and a network's answer to it, for every variation to start from.

    Parameters
    ----------
    picture : ndarray (224, 224, 3), float32 in [0, 1]
    chances : ndarray (1000,), float
    """

    picture: np.ndarray
    chances: np.ndarray


def chances(name: str, net: nn.Module, picture: np.ndarray) -> np.ndarray:
    """Return a classifier's 1,000 probabilities for a picture, float."""
    with torch.inference_mode():
        logits = net(nets.preprocess(name, picture, device="cpu"))[0]
    return logits.softmax(0).numpy().astype(float)


def ask(name: str, net: nn.Module, photo: np.ndarray) -> AskedPhoto:
    """Ask a network about a photo (H, W, 3), float in [0, 1], as it is."""
    picture = square(photo)
    return AskedPhoto(picture, chances(name, net, picture))


def vary(
    name: str,
    net: nn.Module,
    asked: AskedPhoto,
    chain: Sequence[tuple[str, float]],
    draw: int,
    *,
    mix: str = "no",
    partner: AskedPhoto | None = None,
    share: float = 0.5,
) -> VariedPhoto:
    """Vary a photo, mix another one in if wanted, and ask the network again.

    Parameters
    ----------
    name : str
        A classifier among `nets.net_names`.
    net : nn.Module
        From ``nets.load(name)``.
    asked : AskedPhoto
        From :func:`ask` with the same network.
    chain : sequence of (name, strength)
        For :func:`chain.augment`.
    draw : int
        Which draw of chance.
    mix : str
        One of `MIXES`; mixing comes last, as in training.
    partner : AskedPhoto, optional
        The second picture, asked likewise; needed to mix.
    share : float in [0, 1]
        How much of the photo stays.

    Returns
    -------
    VariedPhoto

    Raises
    ------
    ValueError
        If there is no such mix, or no partner to mix with.
    """
    if mix not in MIXES:
        raise ValueError(f"There is no mix {mix!r}; there are {', '.join(MIXES)}.")
    before, old = asked.picture, asked.chances
    after = images.resize(augment(before, chain, draw), SIDE, SIDE)
    words = nets.labels(name)
    first = int(old.argmax())
    label = ((words[first], 1.0),)
    if mix != "no":
        if partner is None:
            raise ValueError(f"{mix} needs a second picture.")
        second, rng = partner.picture, np.random.default_rng(draw)
        mixed = mixup(after, second, share) if mix == "mixup" else cutmix(after, second, share, rng)
        after = mixed.picture
        other = int(partner.chances.argmax())
        if other != first:
            label = ((words[first], mixed.share), (words[other], 1 - mixed.share))
    new = chances(name, net, after)
    shown = list(dict.fromkeys((*old.argsort()[::-1][:_SHOWN], *new.argsort()[::-1][:_SHOWN])))
    return VariedPhoto(
        before,
        after,
        tuple((step, float(strength)) for step, strength in chain),
        draw,
        label,
        tuple(words[k] for k in shown),
        old[shown],
        new[shown],
        float(new[first]),
        words[int(new.argmax())],
    )
