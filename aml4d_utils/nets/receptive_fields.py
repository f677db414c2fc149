"""How much of the picture one value of a feature map can see.

References
----------
.. [1] A. Araujo, W. Norris and J. Sim, "Computing receptive fields of convolutional neural
   networks", Distill, 2019, doi:10.23915/distill.00021.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """The geometry of one convolution or pooling layer, in pixels of its own input."""

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1


def receptive_field(layers: Sequence[Layer]) -> int:
    """Return how many input pixels, along one side, one output value can see.

    Examples
    --------
    >>> receptive_field([Layer(3), Layer(3)])
    5
    >>> receptive_field([Layer(3, stride=2), Layer(3)])
    7
    """
    field, jump = 1, 1
    for layer in layers:
        field += layer.dilation * (layer.kernel - 1) * jump
        jump *= layer.stride
    return field


def receptive_interval(layers: Sequence[Layer], cell: int) -> tuple[int, int]:
    """Return the first and one past the last input pixel that an output cell can see.

    The interval may begin below 0 or end beyond the image: it then covers padding.

    Examples
    --------
    >>> receptive_interval([Layer(3, padding=1)], 0)
    (-1, 2)
    """
    first, last = cell, cell
    for layer in reversed(layers):
        first = first * layer.stride - layer.padding
        last = last * layer.stride - layer.padding + layer.dilation * (layer.kernel - 1)
    return first, last + 1
