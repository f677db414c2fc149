"""Attacks on a classifier: small changes of a picture, chosen to hurt.

Every attack changes each value by at most `epsilon`, in the picture's own units: 0 is black, 1 is
white, so 8 of 255 grey levels are 8/255. The change follows the slope of the loss.

References
----------
.. [1] I. J. Goodfellow, J. Shlens and C. Szegedy, "Explaining and harnessing adversarial examples",
   ICLR 2015.
.. [2] A. Madry, A. Makelov, L. Schmidt, D. Tsipras and A. Vladu, "Towards deep learning models
   resistant to adversarial attacks", ICLR 2018.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

Classifier = Callable[[Tensor], Tensor]
"""Pictures (B, C, H, W), float32 in [0, 1], to logits (B, classes); differentiable."""


def loss_slope(net: Classifier, pictures: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Return each picture's loss, and in which direction every value raises it.

    Parameters
    ----------
    net : Classifier
    pictures : Tensor (B, C, H, W), float32 in [0, 1]
    labels : Tensor (B,), int64

    Returns
    -------
    losses : Tensor (B,)
        Cross-entropy in nats.
    slope : Tensor (B, C, H, W)
        Derivative of each picture's own loss with respect to its values.
    """
    inputs = pictures.detach().clone().requires_grad_()
    with torch.enable_grad():
        losses = functional.cross_entropy(net(inputs), labels, reduction="none")
        (slope,) = torch.autograd.grad(losses.sum(), inputs)
    return losses.detach(), slope


def fgsm(net: Classifier, pictures: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    """Take one step of size epsilon up the loss: the fast gradient sign method [1]_.

    x' = x + ε · sign(∂loss/∂x), clipped to [0, 1].

    Parameters
    ----------
    net : Classifier
    pictures : Tensor (B, C, H, W), float32 in [0, 1]
    labels : Tensor (B,), int64
        The right answers.
    epsilon : float
        Largest change of a value, at least 0.

    Returns
    -------
    Tensor (B, C, H, W), float32 in [0, 1]

    Raises
    ------
    ValueError
        If `epsilon` is negative.

    Examples
    --------
    >>> from torch import nn
    >>> net = nn.Sequential(nn.Flatten(), nn.Linear(2, 2, bias=False))
    >>> net[1].weight.data = torch.tensor([[1.0, -1.0], [0.0, 0.0]])
    >>> picture = torch.tensor([[[[0.5, 0.5]]]])
    >>> fgsm(net, picture, torch.tensor([0]), 0.25).flatten().tolist()
    [0.25, 0.75]
    """
    check_epsilon(epsilon)
    _, slope = loss_slope(net, pictures, labels)
    return (pictures + epsilon * slope.sign()).clamp(0, 1)


@dataclass(frozen=True)
class AttackStep:
    """A moment of projected gradient descent.

    Parameters
    ----------
    fraction : float
        Share of the steps that are done.
    worst : Tensor (B, C, H, W), float32 in [0, 1]
        For each picture the point with the highest loss so far.
    losses : Tensor (B,)
        Its loss, in nats.
    """

    fraction: float
    worst: Tensor
    losses: Tensor


def pgd_steps(
    net: Classifier,
    pictures: Tensor,
    labels: Tensor,
    epsilon: float,
    *,
    generator: torch.Generator,
    steps: int = 20,
    step_size: float | None = None,
) -> Iterator[AttackStep]:
    """Take many small steps up the loss from a random start: projected gradient descent [2]_.

    After each step a value that has gone too far is brought back to within epsilon of where it
    began. Of all points on the way, and of what :func:`fgsm` gives, the one with the highest loss
    is kept for each picture: so PGD is never weaker than FGSM.

    Parameters
    ----------
    net, pictures, labels, epsilon
        As for :func:`fgsm`.
    generator : torch.Generator
        Chooses the start.
    steps : int
        At least 1.
    step_size : float, optional
        2.5 ε / steps unless told, as in [2]_.

    Yields
    ------
    AttackStep
        One for the start and one for each step.

    Raises
    ------
    ValueError
        If `epsilon` is negative or `steps` is below 1.
    """
    check_epsilon(epsilon)
    if steps < 1:
        raise ValueError(f"Expected at least 1 step, got {steps}.")
    size = 2.5 * epsilon / steps if step_size is None else step_size
    worst = fgsm(net, pictures, labels, epsilon)
    highest, _ = loss_slope(net, worst, labels)
    start = 2 * torch.rand(pictures.shape, generator=generator) - 1
    x = (pictures + epsilon * start.to(pictures)).clamp(0, 1)
    for step in range(steps + 1):
        losses, slope = loss_slope(net, x, labels)
        better = losses > highest
        worst = torch.where(better[:, None, None, None], x, worst)
        highest = torch.where(better, losses, highest)
        x = x + size * slope.sign()
        x = x.clamp(pictures - epsilon, pictures + epsilon).clamp(0, 1)
        yield AttackStep(step / steps, worst, highest)


def pgd(
    net: Classifier,
    pictures: Tensor,
    labels: Tensor,
    epsilon: float,
    *,
    generator: torch.Generator,
    steps: int = 20,
    step_size: float | None = None,
) -> Tensor:
    """Return what :func:`pgd_steps` ends with: Tensor (B, C, H, W), float32 in [0, 1]."""
    *_, last = pgd_steps(
        net, pictures, labels, epsilon, generator=generator, steps=steps, step_size=step_size
    )
    return last.worst


def check_epsilon(epsilon: float) -> None:
    """Raise ValueError unless epsilon is a number from 0 on."""
    if not epsilon >= 0:
        raise ValueError(f"Expected an epsilon of at least 0, got {epsilon}.")
