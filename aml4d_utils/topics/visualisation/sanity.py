"""A sanity check: does a picture of what the network sees change when the network is destroyed?

References
----------
.. [1] J. Adebayo, J. Gilmer, M. Muelly, I. Goodfellow, M. Hardt and B. Kim, "Sanity checks for
   saliency maps", NeurIPS 2018: cascading randomisation.
"""

from __future__ import annotations

import copy
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.squeezenet_layers import NAME, network_view
from aml4d_utils.topics.visualisation.passing import ANSWER, RULES, SCORES, squeezenet_chain

TOP_DOWN = (
    "conv10", "fire9", "fire8", "fire7", "fire6", "fire5", "fire4", "fire3", "fire2", "conv1",
)  # fmt: skip
_INDEX = {
    "fire9": 12, "fire8": 11, "fire7": 10, "fire6": 9, "fire5": 7, "fire4": 6, "fire3": 4,
    "fire2": 3, "conv1": 0,
}  # fmt: skip


@dataclass(frozen=True)
class SanityStep:
    """How far the destruction has gone.

    Attributes
    ----------
    destroyed : tuple of str
        The layers whose weights are random by now, the last layer first.
    fraction : float
        Share of all steps done, 0 to 1.
    signals : dict of str to ndarray (227, 227, 3), float32
        What each rule sends back for the class, R, G, B.
    history : dict of str to ndarray (steps,), float64
        Rank correlation of each rule's picture (magnitudes) with that of the intact network,
        after 0, 1, 2, … layers; 1 is the same, 0 is unrelated.
    chance : float
        Probability that the damaged network gives to the class.
    """

    destroyed: tuple[str, ...]
    fraction: float
    signals: dict[str, np.ndarray]
    history: dict[str, np.ndarray]
    chance: float


def destroy(
    net: nn.Module, photo: np.ndarray, index: int, *, seed: int
) -> Generator[SanityStep, None, tuple[SanityStep, ...]]:
    """Replace the weights of one layer after the other by noise; yield and return all steps.

    The noise has mean 0 and the standard deviation of the weights that it replaces; biases stay.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1; not changed.
    photo : ndarray (H, W, 3)
    index : int
        The class, 0 to 999, whose score is sent back.
    seed : int
    """
    damaged = copy.deepcopy(net)
    generator = torch.Generator().manual_seed(seed)
    device = next(net.parameters()).device
    pixels = nets.preprocess(NAME, network_view(photo), device=device)
    history: dict[str, list[float]] = {rule: [] for rule in RULES}
    intact: dict[str, np.ndarray] = {}
    steps: list[SanityStep] = []
    for count in range(len(TOP_DOWN) + 1):
        if count:
            _randomise(damaged, TOP_DOWN[count - 1], generator)
        signals, chance = _sent_back(damaged, pixels, index)
        intact = intact or signals
        for name, signal in signals.items():
            history[name].append(likeness(signal, intact[name]))
        step = SanityStep(
            destroyed=TOP_DOWN[:count],
            fraction=count / len(TOP_DOWN),
            signals=signals,
            history={name: np.array(values) for name, values in history.items()},
            chance=chance,
        )
        steps.append(step)
        yield step
    return tuple(steps)


def _sent_back(
    net: nn.Module, pixels: torch.Tensor, index: int
) -> tuple[dict[str, np.ndarray], float]:
    """Return what each rule sends back for a class, and the probability of the class."""
    trace = squeezenet_chain(net).forward(pixels)
    # From before the last ReLU: in a damaged network that one may let nothing back.
    start = torch.zeros_like(trace.maps(SCORES))
    start[:, index] = 1 / start[0, 0].numel()
    signals = {
        name: trace.back(start, SCORES, rule)[0].flip(0).permute(1, 2, 0).cpu().numpy()
        for name, rule in RULES.items()
    }
    return signals, float(trace.maps(ANSWER).flatten().softmax(0)[index])


def _randomise(net: nn.Module, layer: str, generator: torch.Generator) -> None:
    part = net.classifier[1] if layer == "conv10" else net.features[_INDEX[layer]]
    with torch.no_grad():
        for module in part.modules():
            if isinstance(module, nn.Conv2d):
                weight = module.weight
                noise = torch.randn(weight.shape, generator=generator).to(weight)
                weight.copy_(weight.std() * noise)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Return the rank correlation (Spearman) of the magnitudes of two signals (H, W, 3).

    A signal that is 0 everywhere is unrelated to anything: 0.
    """
    first, second = (np.abs(signal).max(2).ravel() for signal in (one, other))
    if not (first.any() and second.any()):
        return 0.0
    return float(np.corrcoef(_ranks(first), _ranks(second))[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return the place of each value in their order; equal values share the mean of theirs."""
    # scipy.stats has it too, and takes 50 MB to import.
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[which]
