"""Does augmentation help? The same small CNN, the same few pictures, with and without.

Each row of the table is a way to vary the training pictures, each column a test that the network
never trained on: clean, or varied once and for all. Several seeds each, because with few pictures
chance is large.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from aml4d_utils.nets.grey_batches import accuracy, to_batch
from aml4d_utils.nets.one_thread import on_one_thread
from aml4d_utils.topics.augmentation import variations
from aml4d_utils.topics.augmentation.variations import Variation
from aml4d_utils.topics.convolution.training import SmallCNN
from aml4d_utils.topics.dcgan.generated_garments import invented_garments

BATCH = 64
RATE = 3e-3

MIXUP = Variation("mixup", lambda batch, _generator: batch)
"""Stands for mixup, which needs labels: :func:`train_varied` knows it by identity."""

INVENTED = Variation("GAN samples", lambda batch, _generator: batch)
"""Stands for garments that lesson 12's generator invents: :func:`train_varied` knows it too."""

INVENTED_PER_CLASS = 20

ROWS = (
    variations.several(),
    variations.shifts(3),
    variations.turns(20),
    variations.sizes(0.2),
    variations.mirrors(0.5),
    variations.noise(0.2),
    variations.hiding(10),
    MIXUP,
    INVENTED,
)
"""What the table compares."""

COLUMNS = (
    variations.several(),
    variations.shifts(3),
    variations.turns(20),
    variations.mirrors(1),
    variations.noise(0.2),
    variations.hiding(10),
)
"""What it is tested on."""


@dataclass(frozen=True)
class LabelledPictures:
    """Pictures and what they show.

    Parameters
    ----------
    pictures : ndarray (N, 28, 28), uint8
    labels : ndarray (N,), int
    """

    pictures: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class HelpTable:
    """Accuracy by row and column, as far as it is measured.

    Parameters
    ----------
    rows, columns : tuple of str
        Names of the variations in training and in the tests.
    shares : ndarray (rows, columns, seeds), float
        Share of right answers; NaN where nothing is measured yet.
    per_class : int
        Training pictures of each class.
    tested : int
        Test pictures.
    fraction : float
        Share of the trainings that are done.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    shares: np.ndarray
    per_class: int
    tested: int
    fraction: float

    @property
    def means(self) -> np.ndarray:
        """Mean over the seeds that are done: (rows, columns), NaN without any."""
        done = (~np.isnan(self.shares)).sum(2)
        return np.nansum(self.shares, 2) / np.where(done, done, np.nan)

    def difference(self, row: int, column: int) -> tuple[float, float, float]:
        """Return how much a row is better than the first, seed by seed: mean, low, high.

        The seeds choose pictures and weights, alike in both rows, so their differences are
        compared: 95 % interval of the mean by Student's t.

        Raises
        ------
        ValueError
            If fewer than two seeds are done in both rows.
        """
        gains = self.shares[row, column] - self.shares[0, column]
        gains = gains[~np.isnan(gains)]
        if len(gains) < 2:
            raise ValueError("An interval needs at least two seeds in both rows.")
        mean = float(gains.mean())
        half = student_t(len(gains) - 1) * float(gains.std(ddof=1)) / len(gains) ** 0.5
        return mean, mean - half, mean + half

    @property
    def beyond_chance(self) -> set[tuple[int, int]]:
        """Rows and columns whose difference from the first row has an interval without 0."""
        found = set()
        for row, column in np.ndindex(self.shares.shape[:2]):
            done = ~np.isnan(self.shares[[0, row], column]).any(0)
            if row and done.sum() > 1:
                _, low, high = self.difference(row, column)
                if low > 0 or high < 0:
                    found.add((row, column))
        return found


def student_t(freedom: int) -> float:
    """Return how many standard errors hold 95 % with so many degrees of freedom.

    Examples
    --------
    >>> round(student_t(2), 2), round(student_t(10**9), 2)
    (4.3, 1.96)
    """
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))


def few_of_each(
    examples: LabelledPictures, per_class: int, rng: np.random.Generator
) -> LabelledPictures:
    """Choose the same number of pictures of each class, without repeats.

    Raises
    ------
    ValueError
        If a class has fewer.
    """
    chosen = []
    for label in np.unique(examples.labels):
        places = np.flatnonzero(examples.labels == label)
        if len(places) < per_class or per_class < 1:
            raise ValueError(
                f"Expected 1 to {len(places)} pictures of class {label}, got {per_class}."
            )
        chosen.append(rng.choice(places, per_class, replace=False))
    order = np.concatenate(chosen)
    return LabelledPictures(examples.pictures[order], examples.labels[order])


def invented_for(
    examples: LabelledPictures, per_class: int, *, seed: int, steps: int = 120
) -> LabelledPictures:
    """Return garments that the generator of lesson 12 invents, labelled by what examples teach.

    The generator knows no classes. So a network that learned from the examples, and from nothing
    else, says what each garment shows, and only those of which it is sure are taken. The generator
    itself has seen all 60,000 training pictures, without a label, and never a test picture.

    Parameters
    ----------
    examples : LabelledPictures
        Of all ten classes.
    per_class : int
        How many of each class.
    seed, steps : int
        Of the network that labels them, as for :func:`train_varied`.

    Raises
    ------
    ValueError
        If the network is hardly ever sure of a class.
    """
    teacher = train_varied(examples, variations.several(), seed=seed, steps=steps)
    return LabelledPictures(*invented_garments(teacher, per_class, seed))


@on_one_thread
def train_varied(
    examples: LabelledPictures, variation: Variation, *, seed: int, steps: int = 120
) -> SmallCNN:
    """Train lesson 07's small CNN on pictures that are varied anew every time they are seen.

    Parameters
    ----------
    examples : LabelledPictures
        Only these are varied and learned from.
    variation : Variation
        Or `MIXUP`, or `INVENTED`.
    seed : int
        Of first weights, order and variation.
    steps : int
        Batches of 64, drawn with repeats.

    Returns
    -------
    SmallCNN
        In evaluation mode.
    """
    if variation is INVENTED:
        more = invented_for(examples, INVENTED_PER_CLASS, seed=seed, steps=steps)
        examples = LabelledPictures(
            np.concatenate([examples.pictures, more.pictures]),
            np.concatenate([examples.labels, more.labels]),
        )
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = SmallCNN().to(memory_format=torch.channels_last)
    pictures, labels = to_batch(examples.pictures), torch.as_tensor(examples.labels).long()
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE)
    for _ in range(steps):
        chosen = torch.randint(len(labels), (BATCH,), generator=generator)
        batch, targets = pictures[chosen], functional.one_hot(labels[chosen], 10).float()
        if variation is MIXUP:
            batch, targets = _mixed(batch, targets, generator)
        else:
            batch = variation.vary(batch, generator)
        loss = functional.cross_entropy(net(batch), targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net.eval()


def _mixed(batch: Tensor, targets: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Lay each picture over another one of the batch, by a share of its own."""
    share = torch.rand(len(batch), 1, generator=generator)
    other = torch.randperm(len(batch), generator=generator)
    lying = share[..., None, None]
    mixed = lying * batch + (1 - lying) * batch[other]
    return mixed, share * targets + (1 - share) * targets[other]


def does_it_help(
    examples: LabelledPictures,
    tests: LabelledPictures,
    *,
    per_class: int = 20,
    seeds: int = 3,
    rows: Sequence[Variation] = ROWS,
    columns: Sequence[Variation] = COLUMNS,
    steps: int = 120,
) -> Iterator[HelpTable]:
    """Train once for each row and seed, test on each column; yield the table after each training.

    Parameters
    ----------
    examples : LabelledPictures
        To choose training pictures from.
    tests : LabelledPictures
        Never trained on; varied once for each column, alike for all networks.
    per_class : int
        Training pictures of each class; the same ones for all rows of a seed.
    seeds : int
        At least 1.
    rows, columns : sequence of Variation
        The first row is what the others are held against.
    steps : int
        Batches of each training.

    Yields
    ------
    HelpTable
    """
    fixed = [
        column.vary(to_batch(tests.pictures), torch.Generator().manual_seed(k))
        for k, column in enumerate(columns)
    ]
    truth = torch.as_tensor(tests.labels)
    shares = np.full((len(rows), len(columns), seeds), np.nan)
    done, total = 0, len(rows) * seeds
    for seed in range(seeds):
        few = few_of_each(examples, per_class, np.random.default_rng(seed))
        for r, row in enumerate(rows):
            net = train_varied(few, row, seed=seed, steps=steps)
            shares[r, :, seed] = [accuracy(net, pictures, truth) for pictures in fixed]
            done += 1
            yield HelpTable(
                tuple(row.name for row in rows),
                tuple(column.name for column in columns),
                shares.copy(),
                per_class,
                len(truth),
                done / total,
            )
