"""Adversarial training as augmentation: every picture is attacked before it is learned from.

The attack is the fast gradient sign method from a random start [1]_, one step for each batch. Its
accuracy must be checked with a stronger attack: a network can learn to stop this one step and
nothing else.

References
----------
.. [1] E. Wong, L. Rice and J. Z. Kolter, "Fast is better than free: revisiting adversarial
   training", ICLR 2020.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from aml4d_utils.nets.one_thread import on_one_thread
from aml4d_utils.topics.augmentation.attacks import Classifier, loss_slope, pgd

STEP = 1.25
"""The one step, in units of epsilon."""


@dataclass(frozen=True)
class RobustStep:
    """A moment of the training.

    Parameters
    ----------
    step : int
        Batches so far.
    fraction : float
        Share of all batches.
    loss : float
        Mean cross-entropy of this batch after the attack, in nats.
    """

    step: int
    fraction: float
    loss: float


@dataclass(frozen=True)
class UnderAttack:
    """How many pictures a network still gets right.

    Parameters
    ----------
    epsilons : tuple of float
        Largest change of a value; 0 is no attack.
    right : Tensor (E,), int64
        How many are right at each.
    tested : int
        Pictures.
    """

    epsilons: tuple[float, ...]
    right: Tensor
    tested: int

    @property
    def shares(self) -> list[float]:
        """Share of right answers at each epsilon."""
        return (self.right / self.tested).tolist()


def attacked_from_random_start(
    net: Classifier, pictures: Tensor, labels: Tensor, epsilon: float, generator: torch.Generator
) -> Tensor:
    """Return pictures after one step of 1.25 ε from a random start, within ε and [0, 1]."""
    start = 2 * torch.rand(pictures.shape, generator=generator) - 1
    x = (pictures + epsilon * start).clamp(0, 1)
    _, slope = loss_slope(net, x, labels)
    x = x + STEP * epsilon * slope.sign()
    return x.clamp(pictures - epsilon, pictures + epsilon).clamp(0, 1)


def train_robust(
    net: nn.Module,
    pictures: Tensor,
    labels: Tensor,
    *,
    epsilon: float,
    generator: torch.Generator,
    epochs: int = 4,
    batch_size: int = 64,
    learning_rate: float = 2e-3,
) -> Iterator[RobustStep]:
    """Train on attacked pictures; yield a record after each batch.

    Parameters
    ----------
    net : nn.Module
        Changed in place.
    pictures : Tensor (N, C, H, W), float32 in [0, 1]
    labels : Tensor (N,), int64
    epsilon : float
        Reach of the attack; the learning rate rises and falls once, linearly.
    generator : torch.Generator
        Decides order and starts.
    epochs, batch_size, learning_rate
        As for lesson 07's training; the rate is the highest one.

    Yields
    ------
    RobustStep
    """
    optimiser = torch.optim.Adam(net.parameters(), lr=learning_rate)
    total = epochs * -(-len(pictures) // batch_size)
    step = 0
    for _ in range(epochs):
        for chosen in torch.randperm(len(pictures), generator=generator).split(batch_size):
            batch, targets = pictures[chosen], labels[chosen]
            attacked = attacked_from_random_start(net, batch, targets, epsilon, generator)
            loss = functional.cross_entropy(net(attacked), targets)
            for group in optimiser.param_groups:
                group["lr"] = learning_rate * min(1.0, 2 * (1 - step / total))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step += 1
            yield RobustStep(step, step / total, loss.item())


@on_one_thread
def under_attack(
    net: Classifier,
    pictures: Tensor,
    labels: Tensor,
    epsilons: tuple[float, ...],
    *,
    generator: torch.Generator,
    steps: int = 20,
) -> Iterator[UnderAttack]:
    """Attack a network with PGD at each epsilon; yield the counts so far.

    Parameters
    ----------
    net : Classifier
    pictures : Tensor (N, C, H, W), float32 in [0, 1]
    labels : Tensor (N,), int64
    epsilons : tuple of float
    generator : torch.Generator
    steps : int
        Of each attack.

    Yields
    ------
    UnderAttack
        With as many epsilons as are done.
    """
    counts: list[int] = []
    for k, epsilon in enumerate(epsilons, 1):
        attacked = (
            pgd(net, pictures, labels, epsilon, generator=generator, steps=steps)
            if epsilon
            else pictures
        )
        with torch.no_grad():
            counts.append(int((net(attacked).argmax(1) == labels).sum()))
        yield UnderAttack(tuple(epsilons[:k]), torch.tensor(counts), len(labels))
