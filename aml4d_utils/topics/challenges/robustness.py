"""A robustness curve: how many of several things are still named rightly as it gets harder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.measuring.intervals import wilson


@dataclass(frozen=True)
class Robustness:
    """Right answers at rising strengths of one challenge.

    Parameters
    ----------
    challenge : str
    strengths : ndarray (S,), in [0, 1]
    right : ndarray (S, N), bool
        For each strength, which of the N things were named rightly.

    Raises
    ------
    ValueError
        If there is not one row for each strength, or there is no thing.

    Examples
    --------
    >>> curve = Robustness("scale", np.array([0, 1]), np.array([[True, True], [True, False]]))
    >>> curve.shares.tolist(), curve.intervals.round(2).tolist()
    ([1.0, 0.5], [[0.34, 1.0], [0.09, 0.91]])
    """

    challenge: str
    strengths: np.ndarray
    right: np.ndarray

    def __post_init__(self) -> None:
        shape = np.shape(self.right)
        if len(shape) != 2 or shape[0] != len(self.strengths) or not shape[1]:
            raise ValueError(
                f"Expected `right` with one row for each of {len(self.strengths)} strengths and a "
                f"column for each thing, but got the shape {shape}."
            )

    @property
    def shares(self) -> np.ndarray:
        """Share that is right at each strength: ndarray (S,)."""
        return np.mean(self.right, axis=1)

    @property
    def intervals(self) -> np.ndarray:
        """Low and high end of the 95 % interval of each share: ndarray (S, 2)."""
        count = np.shape(self.right)[1]
        return np.array([wilson(float(share), count) for share in self.shares])
