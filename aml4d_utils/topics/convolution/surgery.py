"""Operate on one filter of a trained network and see what it says then.

Switching single filters off to learn what they are for is called ablation.

References
----------
.. [1] A. S. Morcos, D. G. T. Barrett, N. C. Rabinowitz and M. Botvinick, "On the importance of
   single directions for generalization", ICLR 2018.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.squeezenet_layers import NAME
from aml4d_utils.topics.convolution.first_layer import ForwardPass, forward_pass
from aml4d_utils.topics.convolution.kernels import KERNELS

FILTERS = 64
LAPLACIAN = KERNELS["Laplacian"].values.astype(np.float32)
OFF = "switch it off"
OPERATIONS = (
    "leave it",
    OFF,
    "flip its sign",
    "shuffle its weights",
    "put in a Laplacian",
)


@dataclass(frozen=True)
class SurgeryResult:
    """The network before and after an operation on filters of its first layer.

    Attributes
    ----------
    filters : tuple of int
        Which of conv1's 64 filters were operated on; the first is the one shown.
    operation : str
    kernel_before, kernel_after : ndarray (3, 3, 3), float32
        Weights (row, col, channel) in the order R, G, B.
    map_before, map_after : ndarray (113, 113), float32
        The shown filter's answer to the photo, after ReLU.
    names : tuple of str
        The five classes that lead before, then any that leads after.
    before, after : ndarray, float
        Their probabilities.
    top_before, top_after : str
    distance : float
        Half the sum of all absolute probability changes (total variation), 0 to 1.
    """

    filters: tuple[int, ...]
    operation: str
    kernel_before: np.ndarray
    kernel_after: np.ndarray
    map_before: np.ndarray
    map_after: np.ndarray
    names: tuple[str, ...]
    before: np.ndarray
    after: np.ndarray
    top_before: str
    top_after: str
    distance: float


@dataclass(frozen=True)
class FilterEffect:
    """How much one filter matters for one photo.

    Attributes
    ----------
    index : int
        The filter that was switched off last.
    fraction : float
        Share of all filters done, 0 to 1.
    distances : ndarray (done,), float
        Total variation between the answers with and without each filter, 0 to 1.
    lead : str
        The class that leads with all filters.
    before : float
        Its probability with all filters.
    after : ndarray (done,), float
        Its probability without each filter; it may rise.
    """

    index: int
    fraction: float
    distances: np.ndarray
    lead: str
    before: float
    after: np.ndarray


def operated_weight(weight: torch.Tensor, filters: tuple[int, ...], operation: str) -> torch.Tensor:
    """Return a copy of a layer's weights with some filters operated on.

    Parameters
    ----------
    weight : Tensor (F, C, kh, kw)
    filters : tuple of int
    operation : str
        One of ``OPERATIONS``. The Laplacian is scaled to the filter's own length, and is the
        same in every channel; shuffling is seeded with the filter's number.

    Raises
    ------
    ValueError
        If there is no such operation or filter.
    """
    if operation not in OPERATIONS:
        raise ValueError(f"The operations are {', '.join(OPERATIONS)}; not {operation!r}.")
    if not all(0 <= index < len(weight) for index in filters):
        raise ValueError(f"Filters are numbered 0 to {len(weight) - 1}; got {list(filters)}.")
    result = weight.clone()
    for index in filters:
        result[index] = _operated(weight[index], index, operation)
    return result


def _operated(kernel: torch.Tensor, index: int, operation: str) -> torch.Tensor:
    if operation == OFF:
        return torch.zeros_like(kernel)
    if operation == "flip its sign":
        return -kernel
    if operation == "shuffle its weights":
        order = torch.randperm(kernel.numel(), generator=torch.Generator().manual_seed(index))
        return kernel.flatten()[order.to(kernel.device)].view_as(kernel)
    if operation == "put in a Laplacian":
        laplacian = torch.from_numpy(LAPLACIAN).to(kernel).expand_as(kernel)
        return laplacian * (kernel.norm() / laplacian.norm())
    return kernel


def _operated_bias(bias: torch.Tensor, filters: tuple[int, ...], operation: str) -> torch.Tensor:
    result = bias.clone()
    if operation == OFF:
        result[list(filters)] = 0
    return result


def operate(
    net: nn.Module,
    photo: np.ndarray,
    filters: tuple[int, ...],
    operation: str,
    whole: ForwardPass | None = None,
) -> SurgeryResult:
    """Operate on filters of conv1 and compare the network's answers to a photo.

    Switching off also takes away the filter's bias, so that its map is 0 everywhere.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1; not changed.
    photo : ndarray (H, W, 3), float in [0, 1]
    filters : tuple of int
        At least one, 0 to 63.
    operation : str
        One of ``OPERATIONS``.
    whole : ForwardPass, optional
        The untouched network's look at the photo, where it is known already.

    Raises
    ------
    ValueError
        If there is no such operation or filter, or no filter at all.
    """
    if not filters:
        raise ValueError("An operation needs at least one filter.")
    conv = net.features[0]
    pixels = nets.preprocess(NAME, photo, device=conv.weight.device)
    whole = forward_pass(net, pixels) if whole is None else whole
    weight = operated_weight(conv.weight, filters, operation)
    operated = forward_pass(net, pixels, weight, _operated_bias(conv.bias, filters, operation))
    before, after = whole.chances, operated.chances
    shown = list(np.argsort(-before)[:5])
    if after.argmax() not in shown:
        shown.append(int(after.argmax()))
    names, first = nets.labels(NAME), filters[0]
    return SurgeryResult(
        filters=tuple(filters),
        operation=operation,
        kernel_before=_rgb(conv.weight[first]),
        kernel_after=_rgb(weight[first]),
        map_before=whole.maps[first].cpu().numpy(),
        map_after=operated.maps[first].cpu().numpy(),
        names=tuple(names[i] for i in shown),
        before=before[shown],
        after=after[shown],
        top_before=names[int(before.argmax())],
        top_after=names[int(after.argmax())],
        distance=float(np.abs(before - after).sum() / 2),
    )


def filter_effects(net: nn.Module, photo: np.ndarray) -> Iterator[FilterEffect]:
    """Switch each of conv1's 64 filters off in turn and measure how much the answer changes."""
    conv = net.features[0]
    pixels = nets.preprocess(NAME, photo, device=conv.weight.device)
    before = forward_pass(net, pixels).chances
    lead = int(before.argmax())
    name = nets.labels(NAME)[lead]
    distances: list[float] = []
    left: list[float] = []
    for index in range(FILTERS):
        weight = operated_weight(conv.weight, (index,), OFF)
        after = forward_pass(net, pixels, weight, _operated_bias(conv.bias, (index,), OFF)).chances
        distances.append(float(np.abs(before - after).sum() / 2))
        left.append(float(after[lead]))
        yield FilterEffect(
            index,
            (index + 1) / FILTERS,
            np.array(distances),
            name,
            float(before[lead]),
            np.array(left),
        )


def first_filters(net: nn.Module) -> np.ndarray:
    """Return conv1's filters as (64, 3, 3, 3) float32: filter, row, col, channel R, G, B."""
    return np.stack([_rgb(kernel) for kernel in net.features[0].weight])


def _rgb(kernel: torch.Tensor) -> np.ndarray:
    """Turn a (BGR, kh, kw) tensor into an array (kh, kw, RGB)."""
    return kernel.detach().flip(0).permute(1, 2, 0).cpu().numpy()
