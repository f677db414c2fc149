"""A fully connected network: layers of neurons, and the forward pass through them.

Each neuron multiplies its inputs by its weights, adds its bias, and passes the sum through its
activation function: a' = σ(W a + b) for a whole layer at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.neurons.activations import MAXOUT, activation


@dataclass(frozen=True)
class Forward:
    """All that a forward pass computes.

    Attributes
    ----------
    sums : tuple of ndarray (B, n_k), float64
        Weighted sum plus bias of each neuron; ``sums[0]`` belongs to the first layer of neurons.
    activations : tuple of ndarray (B, n_k), float64
        ``activations[0]`` is the input itself, ``activations[k + 1]`` comes from ``sums[k]``, and
        ``activations[-1]`` is the network's answer.
    """

    sums: tuple[np.ndarray, ...]
    activations: tuple[np.ndarray, ...]

    @property
    def output(self) -> np.ndarray:
        """The activations (B, n) of the last layer."""
        return self.activations[-1]


@dataclass(frozen=True)
class Network:
    """Weights and biases of a fully connected network.

    Parameters
    ----------
    weights : tuple of ndarray (neurons, inputs), float64
        One matrix a layer; row j holds the weights of neuron j, as in ``torch.nn.Linear``.
    biases : tuple of ndarray (neurons,), float64
    hidden : str
        Activation function of all layers but the last, by its name in ``activations``.
    output : str
        Activation function of the last layer.

    Raises
    ------
    ValueError
        If the shapes do not fit together, a number is not finite, or an activation is unknown or
        needs two sums (maxout).

    Examples
    --------
    >>> network = random_network((784, 16, 16, 10), np.random.default_rng(0))
    >>> network.sizes, network.parameter_count
    ((784, 16, 16, 10), 13002)
    >>> network.forward(np.zeros((3, 784))).output.shape
    (3, 10)
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    hidden: str = "sigmoid"
    output: str = "sigmoid"

    def __post_init__(self) -> None:
        weights = tuple(np.array(w, dtype=np.float64) for w in self.weights)
        biases = tuple(np.array(b, dtype=np.float64) for b in self.biases)
        _check_layers(weights, biases)
        for name in (self.hidden, self.output):
            if activation(name) is MAXOUT:
                raise ValueError("A maxout neuron needs two weighted sums; this network has one.")
        for array in (*weights, *biases):
            array.flags.writeable = False
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "biases", biases)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, then neurons of each layer."""
        return (self.weights[0].shape[1], *(len(b) for b in self.biases))

    @property
    def layers(self) -> int:
        """How many layers of neurons there are; the inputs do not count."""
        return len(self.weights)

    @property
    def parameter_count(self) -> int:
        """How many weights and biases there are."""
        return parameter_count(self.sizes)

    def activation_names(self) -> tuple[str, ...]:
        """Return the activation function of each layer."""
        return (self.hidden,) * (self.layers - 1) + (self.output,)

    def forward(self, x: np.ndarray) -> Forward:
        """Pass inputs through all layers.

        Parameters
        ----------
        x : ndarray (B, n) or (n,), real
            A batch of inputs; one alone becomes a batch of one.

        Raises
        ------
        ValueError
            If the inputs have another width, or contain NaN or infinite values.
        """
        current = np.atleast_2d(np.asarray(x, dtype=np.float64))
        if current.ndim != 2 or current.shape[1] != self.sizes[0]:
            raise ValueError(
                f"This network takes inputs of the shape (B, {self.sizes[0]}), not {np.shape(x)}."
            )
        if not np.isfinite(current).all():
            raise ValueError("The inputs contain NaN or infinite values.")
        sums, activations = [], [current]
        for weights, bias, name in zip(
            self.weights, self.biases, self.activation_names(), strict=True
        ):
            sums.append(activations[-1] @ weights.T + bias)
            activations.append(activation(name).value(sums[-1]))
        return Forward(tuple(sums), tuple(activations))

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return for each input (B, n) the index (B,) of the strongest output."""
        return self.forward(x).output.argmax(axis=1)

    def parameters(self) -> np.ndarray:
        """Return all weights and biases as one vector (P,).

        The order: layer by layer; in each layer first the weights, neuron by neuron (row by row),
        then the biases. :func:`parameter_name` says which is which.
        """
        parts = zip(self.weights, self.biases, strict=True)
        return np.concatenate([part.ravel() for pair in parts for part in pair])

    def with_parameters(self, vector: np.ndarray) -> Network:
        """Return a network of the same shape with the parameters (P,) of :meth:`parameters`.

        Raises
        ------
        ValueError
            If there are more or fewer than this network has.
        """
        vector = np.asarray(vector, dtype=np.float64)
        if vector.shape != (self.parameter_count,):
            raise ValueError(
                f"This network has {self.parameter_count} parameters in one vector, "
                f"but got an array of the shape {vector.shape}."
            )
        weights, biases = [], []
        for w, b in _slices(self.sizes):
            weights.append(vector[w[0]].reshape(w[1]))
            biases.append(vector[b[0]])
        return Network(tuple(weights), tuple(biases), self.hidden, self.output)


def parameter_count(sizes: Sequence[int]) -> int:
    """Return the number of weights and biases of a network with these layer sizes.

    Examples
    --------
    >>> parameter_count((784, 16, 16, 10))
    13002
    """
    return sum(a * b + b for a, b in zip(sizes, sizes[1:], strict=False))


def parameter_name(sizes: Sequence[int], index: int) -> str:
    """Return in words which parameter stands at an index of :meth:`Network.parameters`.

    Raises
    ------
    ValueError
        If there is no such index.

    Examples
    --------
    >>> parameter_name((784, 16, 16, 10), 0)
    'layer 1, neuron 0, weight 0'
    >>> parameter_name((784, 16, 16, 10), 13001)
    'layer 3, neuron 9, bias'
    """
    if not 0 <= index < parameter_count(sizes):
        raise ValueError(
            f"There are {parameter_count(sizes)} parameters, counted from 0; {index} is none."
        )
    for layer, (weights, biases) in enumerate(_slices(sizes), start=1):
        if index < weights[0].stop:
            neuron, weight = divmod(index - weights[0].start, weights[1][1])
            return f"layer {layer}, neuron {neuron}, weight {weight}"
        if index < biases[0].stop:
            return f"layer {layer}, neuron {index - biases[0].start}, bias"
    raise AssertionError("unreachable")


def random_network(
    sizes: Sequence[int],
    rng: np.random.Generator,
    *,
    hidden: str = "sigmoid",
    output: str = "sigmoid",
) -> Network:
    """Return a network that has not learned anything yet.

    Weights are drawn from a normal distribution whose spread keeps sums in a useful range
    whatever the number of inputs n: √(1/n), or √(2/n) after a layer of ReLU's family, which
    silences about half of its neurons [1]_ [2]_. Biases are 0.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, then neurons of each layer; at least two numbers.
    rng : numpy.random.Generator
    hidden, output : str
        As in :class:`Network`.

    References
    ----------
    .. [1] X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward
       neural networks", AISTATS 2010.
    .. [2] K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", ICCV 2015.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"A network needs inputs and at least one layer, not sizes {sizes!r}.")
    gain = 2.0 if hidden in ("ReLU", "leaky ReLU", "ELU") else 1.0
    weights, biases = [], []
    for layer, (inputs, neurons) in enumerate(zip(sizes, sizes[1:], strict=False)):
        spread = np.sqrt((gain if layer else 1.0) / inputs)
        weights.append(rng.normal(0.0, spread, (neurons, inputs)))
        biases.append(np.zeros(neurons))
    return Network(tuple(weights), tuple(biases), hidden, output)


def _slices(sizes: Sequence[int]) -> Iterator[tuple[tuple[slice, tuple[int, int]], tuple[slice]]]:
    """Yield for each layer where its weights (with their shape) and its biases stand."""
    start = 0
    for inputs, neurons in zip(sizes, sizes[1:], strict=False):
        middle = start + inputs * neurons
        end = middle + neurons
        yield (slice(start, middle), (neurons, inputs)), (slice(middle, end),)
        start = end


def _check_layers(weights: tuple[np.ndarray, ...], biases: tuple[np.ndarray, ...]) -> None:
    if not weights or len(weights) != len(biases):
        raise ValueError(f"There are {len(weights)} weight matrices and {len(biases)} bias lists.")
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True), start=1):
        if w.ndim != 2 or 0 in w.shape:
            raise ValueError(f"Layer {layer}: weights are (neurons, inputs), not {w.shape}.")
        if b.shape != (w.shape[0],):
            raise ValueError(
                f"Layer {layer}: {w.shape[0]} neurons need {w.shape[0]} biases in one vector, "
                f"not the shape {b.shape}."
            )
        if layer > 1 and w.shape[1] != weights[layer - 2].shape[0]:
            raise ValueError(
                f"Layer {layer} takes {w.shape[1]} inputs, but the layer before it has "
                f"{weights[layer - 2].shape[0]} neurons."
            )
        if not (np.isfinite(w).all() and np.isfinite(b).all()):
            raise ValueError(f"Layer {layer}: a weight or bias is NaN or infinite.")
