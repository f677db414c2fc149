"""The table behind learning: what each example wants of each parameter.

One column for each example, one row for each parameter. A cell is −∂C/∂w for that example's own
cost: the direction in which, and how strongly, this example would like this parameter to change.
The mean of a row is one component of −∇C.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.backprop.backward import backward
from aml4d_utils.topics.neurons.network import Network


@dataclass(frozen=True)
class NudgeTable:
    """What a batch of examples wants.

    Attributes
    ----------
    changes : ndarray (P, B), float64
        −∂C_example/∂parameter; rows in the order of ``Network.parameters``.
    mean : ndarray (P,), float64
        Their mean over the examples: −∇C.
    costs : ndarray (B,), float64
        The cost of each example.
    outputs : ndarray (B, n), float64
    """

    changes: np.ndarray
    mean: np.ndarray
    costs: np.ndarray
    outputs: np.ndarray

    @property
    def cost(self) -> float:
        """The mean cost."""
        return float(self.costs.mean())

    @property
    def agreement(self) -> float:
        """Share of the rows, among those that somebody wants changed, in which all agree."""
        wanted = (self.changes != 0).any(axis=1)
        rows = self.changes[wanted]
        if len(rows) == 0:
            return 1.0
        up, down = (rows > 0).any(axis=1), (rows < 0).any(axis=1)
        return float((~(up & down)).mean())

    @property
    def untouched(self) -> float:
        """Share of the rows that no example wants changed at all."""
        return float((self.changes == 0).all(axis=1).mean())


def nudge_table(network: Network, x: np.ndarray, wanted: np.ndarray) -> NudgeTable:
    """Compute what each example wants of each parameter.

    Parameters
    ----------
    network : Network
    x : ndarray (B, inputs)
    wanted : ndarray (B, outputs)

    Examples
    --------
    >>> network = Network((np.array([[2.0]]),), (np.array([0.0]),), output="ReLU")
    >>> table = nudge_table(network, np.array([[1.0], [3.0]]), np.array([[5.0], [5.0]]))
    >>> table.changes
    array([[ 6., -6.],
           [ 6., -2.]])
    >>> table.mean
    array([0., 2.])
    """
    result = backward(network, x, wanted)
    changes = -result.per_example().T
    return NudgeTable(changes, changes.mean(axis=1), result.costs, result.forward.output)


def take_step(network: Network, direction: np.ndarray, rate: float) -> Network:
    """Return the network after a step of ``rate`` times ``direction`` (P,), which is −∇C."""
    if not np.isfinite(rate):
        raise ValueError(f"The learning rate is a finite number, not {rate!r}.")
    return network.with_parameters(network.parameters() + rate * np.asarray(direction))


@dataclass(frozen=True)
class Group:
    """The rows of one kind: weights or biases of one layer.

    Attributes
    ----------
    layer : int
        0 for the first layer of neurons.
    kind : str
        ``weights`` or ``biases``.
    start, stop : int
        The rows, ``stop`` not included.
    neurons, inputs : int
        Shape of the weights; a bias group has ``inputs`` 1.
    name : str
        For example ``hidden layer 1, weights``.
    """

    layer: int
    kind: str
    start: int
    stop: int
    neurons: int
    inputs: int
    name: str


def groups(sizes: tuple[int, ...]) -> list[Group]:
    """Return the groups of rows of a network with these layer sizes.

    Examples
    --------
    >>> [(group.name, group.start) for group in groups((784, 16, 16, 10))]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('hidden layer 1, weights', 0), ('hidden layer 1, biases', 12544),
     ('hidden layer 2, weights', 12560), ('hidden layer 2, biases', 12816),
     ('output layer, weights', 12832), ('output layer, biases', 12992)]
    """
    found, start = [], 0
    last = len(sizes) - 2
    for layer, (inputs, neurons) in enumerate(zip(sizes, sizes[1:], strict=False)):
        name = "output layer" if layer == last else f"hidden layer {layer + 1}"
        for kind, width in (("weights", inputs), ("biases", 1)):
            stop = start + neurons * width
            found.append(Group(layer, kind, start, stop, neurons, width, f"{name}, {kind}"))
            start = stop
    return found


def place_of(sizes: tuple[int, ...], row: int) -> tuple[Group, int, int]:
    """Return the group of a row, its neuron, and the input that it weighs (0 for a bias).

    Raises
    ------
    ValueError
        If there is no such row.
    """
    for group in groups(sizes):
        if group.start <= row < group.stop:
            neuron, source = divmod(row - group.start, group.inputs)
            return group, neuron, source
    raise ValueError(f"There is no row {row}.")


def row_name(sizes: tuple[int, ...], row: int, side: int = 28) -> str:
    """Return in words which parameter a row is.

    Examples
    --------
    >>> row_name((784, 16, 16, 10), 0)
    'pixel (0, 0) → hidden 1, neuron 0'
    >>> row_name((784, 16, 16, 10), 13001)
    'bias of output 9'
    """
    group, neuron, source = place_of(sizes, row)
    last = group.layer == len(sizes) - 2
    target = f"output {neuron}" if last else f"hidden {group.layer + 1}, neuron {neuron}"
    if group.kind == "biases":
        return f"bias of {target}"
    if group.layer == 0:
        pixels = sizes[0] == side * side
        origin = f"pixel ({source // side}, {source % side})" if pixels else f"input {source}"
    else:
        origin = f"hidden {group.layer}, neuron {source}"
    return f"{origin} → {target}"


def largest_first(column: np.ndarray) -> np.ndarray:
    """Return the rows ordered by the size of their change, whatever its sign; ties keep order."""
    return np.argsort(-np.abs(column), kind="stable")
