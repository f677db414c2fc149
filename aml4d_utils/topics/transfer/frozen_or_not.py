"""Frozen is not frozen while BatchNorm's statistics move.

``requires_grad = False`` stops the optimiser. BatchNorm also keeps a running mean and variance of
what passes through it, and renews them at every batch as long as it is in training mode, without
any gradient. Here a head is trained on a frozen body, once with the body in training mode and once
in evaluation mode, and every number of the body is compared before and after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from aml4d_utils.topics.transfer.fine_tuning import Step
from aml4d_utils.topics.transfer.tasks import Task
from aml4d_utils.topics.transfer.trained_bodies import BATCH as AT_ONCE
from aml4d_utils.topics.transfer.trained_bodies import as_batch

BATCH = 12


@dataclass(frozen=True)
class Moved:
    """What a training did to a body that was called frozen.

    Attributes
    ----------
    mode : str
        ``"train"`` or ``"eval"``: BatchNorm's mode in the body while the head learned.
    parameters, statistics : int
        How many tensors of weights and biases, and of running means and variances, there are.
    changed_parameters, changed_statistics : int
        How many of them differ in any bit.
    turned : float
        Mean angle in degrees between the features of a picture before and after.
    first_guesses : int
        How many of `tested` pictures get another first guess from the old ImageNet head.
    tested : int
    """

    mode: str
    parameters: int
    statistics: int
    changed_parameters: int
    changed_statistics: int
    turned: float
    first_guesses: int
    tested: int


def train_head_on(
    net: nn.Module, task: Task, mode: str, steps: int = 12, seed: int = 0
) -> Iterator[Step | Moved]:
    """Train a head on a copy of Lite0 that is frozen by ``requires_grad``, and compare.

    Parameters
    ----------
    net : nn.Module
        EfficientNet-Lite0; it stays as it is.
    task : Task
        Its pictures are drawn at random.
    mode : str
        ``"train"`` leaves BatchNorm in training mode, ``"eval"`` does not.
    steps, seed : int
        Batches, and their chance.

    Yields
    ------
    Step
        After each batch; the generator returns `Moved`.

    Raises
    ------
    ValueError
        If the mode is none of the two.
    """
    if mode not in ("train", "eval"):
        raise ValueError(f"The mode is 'train' or 'eval', not {mode!r}.")
    body = deepcopy(net).requires_grad_(False).train(mode == "train")
    rng = np.random.default_rng(seed)
    targets = torch.as_tensor(task.labels)
    test = as_batch("efficientnet_lite0", task.pictures[rng.permutation(len(targets))[:24]])
    before, guessed = _look(net, test)
    head = nn.Linear(1280, len(task.classes)).to(test.device)
    optimiser = torch.optim.Adam(head.parameters(), lr=1e-3)
    for step in range(steps):
        chosen = rng.choice(len(targets), BATCH, replace=False)
        pixels = as_batch("efficientnet_lite0", task.pictures[chosen])
        loss = functional.cross_entropy(
            head(body.features(pixels)), targets[chosen].to(test.device)
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield Step(step + 1, steps, float(loss.detach()))
    after, guesses = _look(body.eval(), test)
    cosine = functional.cosine_similarity(before.double(), after.double()).clamp(-1, 1)
    weights, statistics = (
        [list(read(each)) for each in (net, body)] for read in (nn.Module.parameters, statistics_of)
    )
    return Moved(
        mode=mode,
        parameters=len(weights[0]),
        statistics=len(statistics[0]),
        changed_parameters=differing(*weights),
        changed_statistics=differing(*statistics),
        turned=float(torch.rad2deg(torch.arccos(cosine)).mean()),
        first_guesses=int((guessed != guesses).sum()),
        tested=len(test),
    )


def statistics_of(net: nn.Module) -> list[torch.Tensor]:
    """Return the running means and variances of all BatchNorm layers."""
    return [
        buffer
        for layer in net.modules()
        if isinstance(layer, nn.BatchNorm2d)
        for buffer in (layer.running_mean, layer.running_var)
    ]


def _look(net: nn.Module, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        features = torch.cat([net.features(part) for part in pixels.split(AT_ONCE)])
        return features, net.classifier(features).argmax(1)


def differing(one: Sequence[torch.Tensor], other: Sequence[torch.Tensor]) -> int:
    """Return how many of these tensors differ in any bit.

    Examples
    --------
    >>> zero = torch.zeros(2)
    >>> differing([zero, zero], [torch.zeros(2), torch.tensor([0.0, 1e-30])])
    1
    """
    return sum(
        a.detach().cpu().numpy().tobytes() != b.detach().cpu().numpy().tobytes()
        for a, b in zip(one, other, strict=True)
    )
