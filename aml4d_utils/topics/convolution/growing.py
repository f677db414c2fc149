"""A receptive field grown by hand: two layers along one side of an image, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from aml4d_utils.nets.receptive_fields import Layer, receptive_field, receptive_interval


@dataclass(frozen=True)
class Growth:
    """What one cell of the second layer sees through the cells of the first that are open.

    Attributes
    ----------
    kernels : (int, int)
        Kernel side of the first and of the second layer.
    jump : int
        Pixels from one cell of the first layer to the next: its stride.
    intervals : tuple of (first, end)
        The pixels that each looked-at cell of the first layer sees, one past the last at the
        end; pixel 0 is the first of the receptive field.
    opened : tuple of int
        Which of these cells are open, in ascending order.
    looks : ndarray (field,), int
        How many open cells see each pixel of the receptive field.
    field : int
        Pixels that the cell of the second layer sees when all are open.
    """

    kernels: tuple[int, int]
    jump: int
    intervals: tuple[tuple[int, int], ...]
    opened: tuple[int, ...]
    looks: np.ndarray
    field: int

    @property
    def seen(self) -> int:
        """How many pixels the open cells see together."""
        return int((self.looks > 0).sum())

    @property
    def whole(self) -> bool:
        """Whether every cell is open."""
        return len(self.opened) == len(self.intervals)


def grow(first: Layer, second: Layer, opened: Iterable[int] = ()) -> Growth:
    """Open some of the cells that one cell of the second layer looks at.

    Parameters
    ----------
    first, second : Layer
        Without padding or dilation; the second layer's stride plays no part.
    opened : iterable of int
        Cells of the first layer, counted from 0; those that are not looked at are left out.

    Examples
    --------
    >>> growth = grow(Layer(3, stride=2), Layer(3), opened=(0, 1))
    >>> growth.looks.tolist(), growth.seen, growth.field
    ([1, 1, 2, 1, 1, 0, 0], 5, 7)
    """
    cells = range(second.kernel)
    intervals = tuple(receptive_interval([first], cell) for cell in cells)
    field = receptive_field([first, second])
    chosen = tuple(sorted(set(opened) & set(cells)))
    looks = np.zeros(field, dtype=int)
    for cell in chosen:
        start, end = intervals[cell]
        looks[start:end] += 1
    return Growth((first.kernel, second.kernel), first.stride, intervals, chosen, looks, field)
