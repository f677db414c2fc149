"""Where augmentation hurts: when a variation changes what the picture shows.

Two tasks on real pictures. Which way does the shoe point? A mirror image points the other way. Is
it a six or a nine? Half a turn makes one of the other. Told otherwise, no network can learn it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from aml4d_utils import images
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.nets.grey_batches import to_batch
from aml4d_utils.nets.one_thread import on_one_thread
from aml4d_utils.topics.augmentation import variations
from aml4d_utils.topics.augmentation.small_training_sets import BATCH, RATE, LabelledPictures
from aml4d_utils.topics.augmentation.variations import Variation
from aml4d_utils.topics.convolution.training import SmallCNN

SNEAKER = 7
"""Fashion-MNIST's class of sneakers; in the photos nearly all of them point to the left."""


@dataclass(frozen=True)
class TwoWays:
    """A question with two answers, and pictures for it.

    Parameters
    ----------
    question : str
    answers : tuple of 2 str
    training, test : LabelledPictures
        Labels 0 and 1, equally often.
    harmless, harmful : Variation
        One that keeps the answer, and one that changes it.
    """

    question: str
    answers: tuple[str, str]
    training: LabelledPictures
    test: LabelledPictures
    harmless: Variation
    harmful: Variation


@dataclass(frozen=True)
class Harm:
    """Right answers with each way of augmenting, as far as it is measured.

    Parameters
    ----------
    question : str
    names : tuple of str
        Ways that are done: none, the harmless one, the harmful one.
    right : tuple of int
    tested : int
    fraction : float
    """

    question: str
    names: tuple[str, ...]
    right: tuple[int, ...]
    tested: int
    fraction: float

    @property
    def shares(self) -> list[float]:
        """Share of right answers of each way."""
        return [count / self.tested for count in self.right]

    @property
    def intervals(self) -> list[tuple[float, float]]:
        """95 % interval of each share."""
        return [wilson(share, self.tested) for share in self.shares]


def pointing_shoes(training: int = 400, test: int = 400) -> TwoWays:
    """Return sneakers as they were photographed, and every second one mirrored.

    Parameters
    ----------
    training, test : int
        How many pictures, even.
    """
    fashion = images.fashion_mnist()

    def half_mirrored(pictures: np.ndarray, labels: np.ndarray, count: int) -> LabelledPictures:
        shoes = pictures[labels == SNEAKER][:count].copy()
        shoes[1::2] = shoes[1::2, :, ::-1]
        return LabelledPictures(shoes, np.arange(len(shoes)) % 2)

    return TwoWays(
        "Which way does the shoe point?",
        ("as photographed", "mirrored"),
        half_mirrored(fashion.train_images, fashion.train_labels, training),
        half_mirrored(fashion.test_images, fashion.test_labels, test),
        variations.shifts(3),
        variations.mirrors(0.5),
    )


def sixes_and_nines(training: int = 400, test: int = 300) -> TwoWays:
    """Return handwritten sixes and nines, equally many.

    Parameters
    ----------
    training, test : int
        How many pictures, even.
    """
    digits = images.mnist()

    def pairs(pictures: np.ndarray, labels: np.ndarray, count: int) -> LabelledPictures:
        places = [np.flatnonzero(labels == digit)[: count // 2] for digit in (6, 9)]
        fewest = min(map(len, places))
        order = np.stack([place[:fewest] for place in places], 1).ravel()
        return LabelledPictures(pictures[order], np.arange(len(order)) % 2)

    return TwoWays(
        "Is it a six or a nine?",
        ("six", "nine"),
        pairs(digits.train_images, digits.train_labels, training),
        pairs(digits.test_images, digits.test_labels, test),
        variations.turns(20),
        variations.turns(180),
    )


@on_one_thread
def harm(task: TwoWays, *, seed: int, steps: int = 150) -> Iterator[Harm]:
    """Train without augmentation, with a harmless and with a harmful one; test on clean pictures.

    Parameters
    ----------
    task : TwoWays
    seed : int
    steps : int
        Batches of each training.

    Yields
    ------
    Harm
        After each of the three trainings.
    """
    ways = (variations.several(), task.harmless, task.harmful)
    pictures, labels = to_batch(task.training.pictures), torch.as_tensor(task.training.labels)
    tests, truth = to_batch(task.test.pictures), torch.as_tensor(task.test.labels)
    counts: list[int] = []
    for k, way in enumerate(ways, 1):
        generator = torch.Generator().manual_seed(seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            net = SmallCNN().to(memory_format=torch.channels_last)
        optimiser = torch.optim.Adam(net.parameters(), lr=RATE)
        for _ in range(steps):
            chosen = torch.randint(len(labels), (BATCH,), generator=generator)
            batch = way.vary(pictures[chosen], generator)
            loss = functional.cross_entropy(net(batch)[:, :2], labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.inference_mode():
            counts.append(int((net(tests)[:, :2].argmax(1) == truth).sum()))
        yield Harm(
            task.question,
            tuple(way.name for way in ways[:k]),
            tuple(counts),
            len(truth),
            k / len(ways),
        )
