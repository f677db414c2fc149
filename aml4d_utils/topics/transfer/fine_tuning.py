"""Train from nothing, or go on training what was trained before.

All of it is cross-entropy and Adam [1]_ on small random batches; they differ in what may learn.
Fine-tuning begins with a head that is fitted already, so that it does not shake up the body [2]_.

References
----------
.. [1] D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.
.. [2] A. Kumar, A. Raghunathan, R. Jones, T. Ma and P. Liang, "Fine-tuning can distort pretrained
   features and underperform out-of-distribution", ICLR 2022.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from aml4d_utils.topics.transfer.linear_heads import LinearHead
from aml4d_utils.topics.transfer.trained_bodies import last_block

BATCH = 24
SCRATCH_STEPS, SCRATCH_RATE = 60, 3e-3
LAST_STEPS, LAST_RATE = 24, 3e-4
ALL_STEPS, ALL_RATE = 24, 1e-4


@dataclass(frozen=True)
class Step:
    """How far a training has come.

    Attributes
    ----------
    done, total : int
        Batches.
    loss : float
        Of the last batch, in nats.
    """

    done: int
    total: int
    loss: float

    @property
    def fraction(self) -> float:
        """The share that is done, in [0, 1]."""
        return self.done / self.total


class SmallColourCNN(nn.Module):
    """32 × 32 colour pixels → 8 → 16 → 32 maps of 4 × 4 → the classes; three convolutions."""

    def __init__(self, classes: int):
        super().__init__()
        self.layers = nn.Sequential(
            *_conv(3, 8), *_conv(8, 16), *_conv(16, 32), nn.Flatten(), nn.Linear(512, classes)
        )

    def forward(self, pixels: Tensor) -> Tensor:
        """Map pictures (B, 3, 32, 32) to logits (B, classes)."""
        return self.layers(pixels)


def _conv(wide_in: int, wide_out: int) -> tuple[nn.Module, ...]:
    # Pooled first, a ReLU has a quarter of the work and gives the same.
    return nn.Conv2d(wide_in, wide_out, 3, padding=1), nn.MaxPool2d(2), nn.ReLU()


class Tuned(nn.Module):
    """A body that may learn, its features brought to length one, and a linear head."""

    def __init__(self, body: nn.Module, head: LinearHead):
        super().__init__()
        self.body = body
        self.linear = nn.Linear(*head.weights.shape)
        with torch.no_grad():
            self.linear.weight.copy_(torch.from_numpy(head.weights.T))
            self.linear.bias.copy_(torch.from_numpy(head.bias))

    def features(self, given: Tensor) -> Tensor:
        """Return features (B, D), before they are brought to length one."""
        found = self.body(given)
        return found.mean((2, 3)) if found.ndim == 4 else found

    def forward(self, given: Tensor) -> Tensor:
        """Map pictures, or maps where the body is a last block, to logits (B, classes)."""
        return self.linear(functional.normalize(self.features(given), dim=1))


def small_network(classes: int, seed: int) -> nn.Module:
    """Return a small CNN with random weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return SmallColourCNN(classes).to(memory_format=torch.channels_last)


def tune_last_block(net: nn.Module, head: LinearHead) -> Tuned:
    """Return a network for maps whose last block and head may learn; the rest is not in it."""
    return Tuned(last_block(net), head)


def tune_all(net: nn.Module, head: LinearHead) -> Tuned:
    """Return a network for pictures in which everything but BatchNorm's statistics may learn."""
    whole = deepcopy(net).eval().requires_grad_(True)
    whole.classifier = nn.Identity()
    return Tuned(whole, head)


def training(
    net: nn.Module,
    given: Tensor,
    labels: Sequence[int],
    *,
    steps: int,
    rate: float,
    seed: int,
    vary: Callable[[Tensor, torch.Generator], Tensor] | None = None,
) -> Iterator[Step]:
    """Train a network in place, one batch after the other.

    Parameters
    ----------
    net : nn.Module
        Its mode stays as it is. Each picture is answered by itself, so BatchNorm is in evaluation
        mode, if there is any.
    given : Tensor (N, ...)
        Pictures or maps.
    labels : sequence of N int
    steps, rate
        How many batches, and how large Adam's steps are.
    seed : int
        Of the batches. Each holds every class as often as any other, up to one.
    vary : callable, optional
        ``vary(batch, generator)`` changes the pictures of a batch.

    Yields
    ------
    Step
    """
    generator = torch.Generator().manual_seed(seed)
    targets = torch.as_tensor(np.asarray(labels)).long()
    optimiser = torch.optim.Adam(
        (p for p in net.parameters() if p.requires_grad), lr=rate, fused=True
    )
    for step in range(steps):
        chosen, times = _batch(targets, generator), torch.ones(BATCH)
        if vary is None:  # Whoever is drawn twice is computed once and counts twice.
            chosen, times = chosen.unique(return_counts=True)
        batch = given[chosen.to(given.device)]
        batch = batch if vary is None else vary(batch, generator)
        truth = targets[chosen].to(given.device)
        losses = functional.cross_entropy(net(batch), truth, reduction="none")
        loss = (losses * times.to(given.device)).sum() / BATCH
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield Step(step + 1, steps, float(loss.detach()))


def _batch(targets: Tensor, generator: torch.Generator) -> Tensor:
    counts = torch.bincount(targets).double()
    weights = 1 / counts[targets]
    return torch.multinomial(weights, BATCH, replacement=True, generator=generator)


def mirrored_at_random(batch: Tensor, generator: torch.Generator) -> Tensor:
    """Return pictures (B, C, H, W), every second one mirrored, by chance."""
    flipped = torch.rand(len(batch), 1, 1, 1, generator=generator) < 0.5
    return torch.where(flipped.to(batch.device), batch.flip(3), batch)


def answers(net: nn.Module, given: Tensor) -> np.ndarray:
    """Return the class with the largest logit for each of N pictures or maps."""
    with torch.inference_mode():
        return torch.cat([net(part).argmax(1) for part in given.split(BATCH)]).cpu().numpy()
