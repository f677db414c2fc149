"""The doctor: what is measured of a contest of garments, and the verdict that follows.

Every measurement is made with pictures that neither network has learned from, except the search
for copies, which goes through the training pictures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from aml4d_utils.topics.convolution.training import SmallCNN
from aml4d_utils.topics.dcgan.generated_garments import latents, paint, real_garments, to_uint8
from aml4d_utils.topics.gan_health.frechet import ENOUGH, cloud, frechet, garment_features

TILES = 24
"""Generated pictures that are shown, each with its nearest training picture."""

_PAIRS = 300
"""Pictures between all pairs of which diversity is measured."""

SURE = 0.9
"""Both sorts called rightly this often: the discriminator wins."""

ALIKE = 0.6
"""Diversity, real pictures being 1, below which the generator has collapsed."""

COPIED = 0.2
"""Share of generated pictures closer to a training picture than nearly all held-out ones are."""

CLOSE = 0.1
"""Share of the way from real to blurred pictures that still counts as close to real."""

HEALTHY, WINS, COLLAPSED, COPIES, EARLY = (
    "healthy",
    "discriminator wins",
    "collapse",
    "copies",
    "not there yet",
)


@dataclass(frozen=True)
class Patient:
    """A generator and a discriminator, and the losses of their contest as far as they are known.

    ``losses`` is an ndarray (rounds, 2): discriminator's and generator's, in nats; (0, 2) if none
    were kept.
    """

    generator: nn.Module
    discriminator: nn.Module
    losses: np.ndarray


@dataclass(frozen=True)
class Diagnosis:
    """What was measured so far; NaN where it is not yet.

    Parameters
    ----------
    name : str
        Of the patient.
    pictures : ndarray (24, 28, 28), uint8
        Generated.
    nearest : ndarray (24, 28, 28), uint8
        The training picture nearest to each.
    losses : ndarray (rounds, 2), float
    real, generated : float
        Share of held-out real and of generated pictures that the discriminator calls rightly.
    diversity : float
        Mean distance between generated pictures, that between real ones being 1.
    classes : int
        Classes, of 10, that make up at least 1 % of the generated pictures by the judge's word.
    distance, floor, ceiling : float
        Fréchet distance of generated, of other real and of blurred real pictures from real ones,
        each from ``count`` pictures a side.
    count : int
    copied : float
        Share of generated pictures nearer to a training picture than 95 % of held-out ones are.
    fraction : float
    """

    name: str
    pictures: np.ndarray
    nearest: np.ndarray
    losses: np.ndarray
    real: float = float("nan")
    generated: float = float("nan")
    diversity: float = float("nan")
    classes: int = 0
    distance: float = float("nan")
    floor: float = float("nan")
    ceiling: float = float("nan")
    count: int = ENOUGH
    copied: float = float("nan")
    fraction: float = 0.0

    @property
    def verdict(self) -> str:
        """One of five words, by fixed limits, the gravest first."""
        if self.diversity < ALIKE:
            return COLLAPSED
        if min(self.real, self.generated) >= SURE:
            return WINS
        if self.copied > COPIED:
            return COPIES
        close = self.floor + CLOSE * (self.ceiling - self.floor)
        return HEALTHY if self.distance <= close else EARLY


def examine(
    name: str, patient: Patient, judge: SmallCNN, *, count: int = ENOUGH, seed: int = 0
) -> Iterator[Diagnosis]:
    """Examine a contest and yield what is known after each step.

    Parameters
    ----------
    name : str
    patient : Patient
        Left as it is.
    judge : SmallCNN
        Tells the classes, and describes pictures for the Fréchet distance.
    count : int
        Pictures on each side of every Fréchet distance; from few it comes out too large.
    seed : int
        Of the latent vectors.

    Yields
    ------
    Diagnosis
        The last one is whole: only then does its verdict count.

    Raises
    ------
    ValueError
        If ``count`` is not from 100 to 5,000, half of the test pictures.
    """
    if not 100 <= count <= 5000:
        raise ValueError(f"Expected 100 to 5,000 pictures, got {count}.")
    tests, training = real_garments("test"), real_garments("train")
    pictures = paint(patient.generator, latents(count, seed))
    found = Diagnosis(
        name, to_uint8(pictures[:TILES]), to_uint8(pictures[:TILES]), patient.losses, count=count
    )
    yield replace(found, fraction=0.3)

    found = replace(
        found,
        real=_called_real(patient.discriminator, tests[:count]),
        generated=1 - _called_real(patient.discriminator, pictures),
    )
    yield replace(found, fraction=0.4)

    real, invented = (garment_features(judge, some) for some in (tests[:count], pictures))
    found = replace(
        found,
        diversity=float(torch.pdist(invented[:_PAIRS]).mean() / torch.pdist(real[:_PAIRS]).mean()),
        classes=int((class_shares(judge, pictures) >= 0.01).sum()),
        distance=frechet(cloud(real), cloud(invented)),
    )
    yield replace(found, fraction=0.6)

    others = tests[count : 2 * count]
    found = replace(
        found,
        floor=frechet(cloud(real), cloud(garment_features(judge, others))),
        ceiling=frechet(cloud(real), cloud(garment_features(judge, blurred(others)))),
    )
    yield replace(found, fraction=0.8)

    gaps, places = nearest(pictures[:_PAIRS], training)
    usual = _usual_gaps()
    yield replace(
        found,
        nearest=to_uint8(training[places[:TILES]]),
        copied=float((gaps < usual.quantile(0.05)).float().mean()),
        fraction=1.0,
    )


@cache  # the same for every patient
def _usual_gaps() -> Tensor:
    """Return how far held-out pictures are from the training picture nearest to each."""
    gaps, _ = nearest(real_garments("test")[:_PAIRS], real_garments("train"))
    return gaps


def nearest(pictures: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """Return distance and place of the nearest other picture, by the grey values of all pixels.

    Parameters
    ----------
    pictures : Tensor (N, ...), others : Tensor (M, ...)

    Returns
    -------
    distances : Tensor (N,), float
    places : Tensor (N,), int64

    Examples
    --------
    >>> distances, places = nearest(torch.tensor([[0.0], [5.0]]), torch.tensor([[4.0], [1.0]]))
    >>> distances.tolist(), places.tolist()
    ([1.0, 1.0], [1, 0])
    """
    found = torch.cdist(pictures.flatten(1), others.flatten(1)).min(1)
    return found.values, found.indices


def blurred(pictures: Tensor, width: float = 2.0) -> Tensor:
    """Return pictures blurred by a bell of so many pixels: what a poor generator comes near to."""
    from torchvision.transforms.functional import gaussian_blur

    return gaussian_blur(pictures, 9, width)


def _called_real(discriminator: nn.Module, pictures: Tensor) -> float:
    was = discriminator.training
    discriminator.eval()
    with torch.no_grad():
        logits = torch.cat([discriminator(part) for part in pictures.split(500)])
    discriminator.train(was)
    return float((logits > 0).float().mean())


def class_shares(judge: SmallCNN, pictures: Tensor) -> np.ndarray:
    """Return the share of each class (10,) among pictures (N, 1, 28, 28), by the judge's word."""
    with torch.no_grad():
        guesses = torch.cat([judge((part + 1) / 2).argmax(1) for part in pictures.split(500)])
    return (torch.bincount(guesses, minlength=10) / len(guesses)).numpy()
