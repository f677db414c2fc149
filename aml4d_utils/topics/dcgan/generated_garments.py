"""Garments out of the trained generator; ``tools/train_fashion_gan.py`` trained it.

Everything here takes its chance from a seed: the same seed gives the same pictures, bit by bit, on
the same machine and build of PyTorch.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from aml4d_utils import images
from aml4d_utils.assets import verified_path
from aml4d_utils.nets.grey_batches import to_batch
from aml4d_utils.topics.dcgan.networks import GarmentDiscriminator, GarmentGenerator

STAGES = ("warm", "final")
"""After 600 rounds, for going on from; and after all, with the averaged generator."""

BATCH = 500


def load_pair(stage: str) -> tuple[GarmentGenerator, GarmentDiscriminator]:
    """Return generator and discriminator of your own copy, in evaluation mode.

    Raises
    ------
    ValueError
        If there is no such stage.
    AssetError
        If the weight file is missing, cut short or altered.

    Examples
    --------
    >>> generator, discriminator = load_pair("final")
    >>> generator(torch.zeros(2, 64)).shape
    torch.Size([2, 1, 28, 28])
    """
    if stage not in STAGES:
        raise ValueError(f"There is no stage {stage!r}; there are {', '.join(STAGES)}.")
    pair = nn.ModuleDict({"generator": GarmentGenerator(), "discriminator": GarmentDiscriminator()})
    pair.load_state_dict(
        {
            key: value.float() if value.is_floating_point() else value.clone()
            for key, value in _stored(stage).items()
        }
    )
    pair.eval().requires_grad_(False)
    return pair["generator"], pair["discriminator"]


def latents(count: int, seed: int) -> Tensor:
    """Return latent vectors (count, 64), standard normal, from a seed."""
    return torch.randn(count, 64, generator=torch.Generator().manual_seed(seed))


def paint(generator: nn.Module, vectors: Tensor) -> Tensor:
    """Return pictures (B, 1, 28, 28) in [-1, 1], with the generator at rest.

    A generator in training is put into evaluation mode for the moment: otherwise each picture
    would depend on the others of its batch.
    """
    was = generator.training
    generator.eval()
    with torch.no_grad():
        pictures = torch.cat([generator(part) for part in vectors.split(BATCH)])
    generator.train(was)
    return pictures


def to_uint8(pictures: Tensor) -> np.ndarray:
    """Return pictures (B, 1, 28, 28) in [-1, 1] as (B, 28, 28) uint8, as Fashion-MNIST has them."""
    return ((pictures[:, 0] + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).numpy()


@cache
def real_garments(part: str) -> Tensor:
    """Return Fashion-MNIST's ``"train"`` or ``"test"`` pictures (N, 1, 28, 28) in [-1, 1].

    Shared by all callers: do not change it.
    """
    data = images.fashion_mnist()
    return 2 * to_batch({"train": data.train_images, "test": data.test_images}[part]) - 1


def invented_garments(
    classifier: nn.Module, per_class: int, seed: int, sure: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """Return generated garments that a classifier is sure of, equally many of each class.

    The generator knows no classes. So the labels are the classifier's, and pictures that it is
    not sure of are left out: both tilt what comes out, and whoever trains with it should say so.

    Parameters
    ----------
    classifier : nn.Module
        Takes pictures (B, 1, 28, 28) in [0, 1], returns logits (B, 10).
    per_class : int
        At least 1.
    seed : int
    sure : float
        Least probability of its first guess.

    Returns
    -------
    pictures : ndarray (10 · per_class, 28, 28), uint8
        Class by class.
    labels : ndarray (10 · per_class,), int64

    Raises
    ------
    ValueError
        If a class does not come up often enough in 100 times as many pictures.
    """
    generator, _ = load_pair("final")
    random = torch.Generator().manual_seed(seed)
    found: list[list[Tensor]] = [[] for _ in range(10)]
    for _ in range(max(2, 1000 * per_class // BATCH)):
        pictures = paint(generator, torch.randn(BATCH, 64, generator=random))
        with torch.no_grad():
            chances, guesses = classifier((pictures + 1) / 2).softmax(1).max(1)
        for label, kept in enumerate(found):
            kept.extend(pictures[(guesses == label) & (chances >= sure)])
        if min(map(len, found)) >= per_class:
            break
    else:
        label = int(np.argmin([len(kept) for kept in found]))
        raise ValueError(f"Class {label} came up {len(found[label])} times, not {per_class} times.")
    chosen = torch.stack([picture for kept in found for picture in kept[:per_class]])
    return to_uint8(chosen), np.repeat(np.arange(10), per_class)


@cache
def _stored(stage: str) -> dict[str, Tensor]:
    return load_file(verified_path(f"weights/garment_gan_{stage}.safetensors"))
