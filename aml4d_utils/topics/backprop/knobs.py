"""One parameter turned by hand: what becomes of the cost, before any derivative."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.neurons.network import Network

REACH = 2.0
"""A knob is turned by at most so much, up or down."""
_PLACES = 41


@dataclass(frozen=True)
class Turned:
    """A parameter that was turned, all others kept.

    Attributes
    ----------
    row : int
        Which parameter, in the order of ``Network.parameters``.
    value : float
        Its value before.
    by : float
        What was added to it.
    before, after : float
        The cost of the example before and after.
    turns, costs : ndarray (41,), float64
        The cost at evenly spaced turns from −2 to 2.
    """

    row: int
    value: float
    by: float
    before: float
    after: float
    turns: np.ndarray
    costs: np.ndarray

    @property
    def each_unit(self) -> float:
        """How much the cost changes for each unit of the turn; 0 where nothing was turned."""
        return (self.after - self.before) / self.by if self.by else 0.0


def turn(network: Network, x: np.ndarray, wanted: np.ndarray, row: int, by: float) -> Turned:
    """Turn one parameter of a network and compute the cost of one example again.

    Parameters
    ----------
    network : Network
    x : ndarray (inputs,)
    wanted : ndarray (outputs,)
    row : int
        Which parameter, in the order of ``Network.parameters``.
    by : float
        What is added to it.

    Raises
    ------
    ValueError
        If there is no such parameter.

    Examples
    --------
    >>> network = Network((np.array([[2.0]]),), (np.array([0.0]),), output="ReLU")
    >>> turned = turn(network, np.array([1.0]), np.array([5.0]), row=0, by=1.0)
    >>> turned.before, turned.after, turned.each_unit
    (9.0, 4.0, -5.0)
    """
    parameters = network.parameters()
    if not 0 <= row < len(parameters):
        raise ValueError(f"There is no parameter {row}; they are counted to {len(parameters) - 1}.")

    def cost(change: float) -> float:
        moved = parameters.copy()
        moved[row] += change
        output = network.with_parameters(moved).forward(x).output[0]
        return float(((output - wanted) ** 2).sum())

    turns = np.linspace(-REACH, REACH, _PLACES)
    return Turned(
        row,
        float(parameters[row]),
        float(by),
        cost(0.0),
        cost(by),
        turns,
        np.array([cost(change) for change in turns]),
    )
