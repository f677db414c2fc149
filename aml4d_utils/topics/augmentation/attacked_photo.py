"""Attack a real network on a photo: how little must change before it says something else?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.topics.augmentation.attacks import Classifier, fgsm, pgd_steps
from aml4d_utils.topics.augmentation.varied_photo import square

LEVELS = 255
"""Steps between black and white in a photo file."""

METHODS = ("FGSM, one step", "PGD, 10 steps")
_STEPS = 10
_SHOWN = 3


@dataclass(frozen=True)
class AttackedPhoto:
    """A photo before and after an attack.

    Parameters
    ----------
    before, after : ndarray (S, S, 3), float32 in [0, 1]
    levels : float
        Largest change of a value allowed, in grey levels of 255.
    method : str
        One of `METHODS`.
    names : tuple of str
        Classes that lead before or after.
    chances_before, chances_after : ndarray, float
        Their probabilities.
    fraction : float
        Share of the attack that is done.
    """

    before: np.ndarray
    after: np.ndarray
    levels: float
    method: str
    names: tuple[str, ...]
    chances_before: np.ndarray
    chances_after: np.ndarray
    fraction: float = 1.0

    @property
    def change(self) -> np.ndarray:
        """What was added: (S, S, 3), float32, signed."""
        return self.after - self.before

    @property
    def largest(self) -> float:
        """The largest change of a value, in grey levels."""
        return float(np.abs(self.change).max()) * LEVELS

    @property
    def mean(self) -> float:
        """The mean absolute change of a value, in grey levels."""
        return float(np.abs(self.change).mean()) * LEVELS

    @property
    def first_before(self) -> str:
        """The first guess before the attack."""
        return self.names[int(self.chances_before.argmax())]

    @property
    def first_after(self) -> str:
        """The first guess after it."""
        return self.names[int(self.chances_after.argmax())]


def attack_photo(
    name: str, net: nn.Module, photo: np.ndarray, levels: float, method: str, *, seed: int = 0
) -> Iterator[AttackedPhoto]:
    """Push a network away from its own first guess; yield what each step has come to.

    Parameters
    ----------
    name : str
        A classifier among `nets.net_names`.
    net : nn.Module
        From ``nets.load(name)``.
    photo : ndarray (H, W, 3), float in [0, 1]
        Its centred square is attacked as the network sees it.
    levels : float
        Largest change of a value, in grey levels of 255.
    method : str
        One of `METHODS`.
    seed : int
        Of PGD's random start.

    Yields
    ------
    AttackedPhoto
        One for FGSM, eleven for PGD.

    Raises
    ------
    ValueError
        If there is no such method or `levels` is negative.
    """
    if method not in METHODS:
        raise ValueError(f"There is no attack {method!r}; there are {', '.join(METHODS)}.")

    def classifier(pictures: torch.Tensor) -> torch.Tensor:
        return net(nets.normalise(name, pictures))

    pixels = nets.as_tensor(square(photo), device="cpu")
    old = _likely(classifier, pixels)
    label, epsilon = old.argmax()[None], levels / LEVELS
    if method == METHODS[0]:
        ways = iter([(1.0, fgsm(classifier, pixels, label, epsilon))])
    else:
        generator = torch.Generator().manual_seed(seed)
        steps = pgd_steps(classifier, pixels, label, epsilon, generator=generator, steps=_STEPS)
        ways = ((step.fraction, step.worst) for step in steps)
    words, before = nets.labels(name), nets.as_image(pixels)
    for fraction, attacked in ways:
        new = _likely(classifier, attacked)
        leading = (*old.topk(_SHOWN).indices.tolist(), *new.topk(_SHOWN).indices.tolist())
        shown = list(dict.fromkeys(leading))
        yield AttackedPhoto(
            before,
            nets.as_image(attacked),
            float(levels),
            method,
            tuple(words[k] for k in shown),
            old[shown].numpy().astype(float),
            new[shown].numpy().astype(float),
            fraction,
        )


def _likely(classifier: Classifier, pixels: torch.Tensor) -> torch.Tensor:
    """Return the probabilities (1000,) for one picture."""
    with torch.no_grad():
        return classifier(pixels)[0].softmax(0)
