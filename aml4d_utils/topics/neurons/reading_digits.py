"""A network reads a picture of a digit: every sum, every activation, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from aml4d_utils.topics.neurons.digit_network import as_inputs
from aml4d_utils.topics.neurons.network import Forward, Network


@dataclass(frozen=True)
class Neuron:
    """One neuron of a network while it reads.

    Attributes
    ----------
    layer : int
        1 for the first layer of neurons.
    index : int
        Counted from 0.
    inputs, weights, products : ndarray (n,), float64
    bias, total, output : float
        ``total`` is the sum of the products plus the bias.
    """

    layer: int
    index: int
    inputs: np.ndarray
    weights: np.ndarray
    products: np.ndarray
    bias: float
    total: float
    output: float


@dataclass(frozen=True)
class Reading:
    """A picture, and all that the network computes from it.

    Attributes
    ----------
    network : Network
    pixels : ndarray (28, 28), float64 in [0, 1]
    forward : Forward
        Of a batch of one.
    """

    network: Network
    pixels: np.ndarray
    forward: Forward

    @property
    def outputs(self) -> np.ndarray:
        """The ten output activations (10,); each between 0 and 1, no probabilities."""
        return self.forward.output[0]

    @property
    def ranking(self) -> np.ndarray:
        """The ten digits (10,), strongest output first."""
        return np.argsort(-self.outputs, kind="stable")

    @property
    def answer(self) -> int:
        """The digit with the strongest output."""
        return int(self.ranking[0])

    def neuron(self, layer: int, index: int) -> Neuron:
        """Return one neuron with its inputs, weights, products, sum and output.

        Raises
        ------
        ValueError
            If there is no such neuron.
        """
        sizes = self.network.sizes
        if not 1 <= layer < len(sizes) or not 0 <= index < sizes[layer]:
            raise ValueError(f"There is no neuron {index} in layer {layer} of {sizes}.")
        inputs = self.forward.activations[layer - 1][0]
        weights = self.network.weights[layer - 1][index]
        return Neuron(
            layer,
            index,
            inputs,
            weights,
            inputs * weights,
            float(self.network.biases[layer - 1][index]),
            float(self.forward.sums[layer - 1][0, index]),
            float(self.forward.activations[layer][0, index]),
        )


def read(network: Network, pixels: np.ndarray) -> Reading:
    """Let a network read one picture.

    Parameters
    ----------
    network : Network
        784 inputs, ten outputs.
    pixels : ndarray (28, 28), uint8, or float in [0, 1]

    Examples
    --------
    >>> from aml4d_utils.images import mnist
    >>> from aml4d_utils.topics.neurons.digit_network import load_digit_network
    >>> data = mnist()
    >>> read(load_digit_network(), data.test_images[1]).answer, int(data.test_labels[1])
    (9, 9)
    """
    inputs = as_inputs(pixels)
    if len(inputs) != 1:
        raise ValueError(f"One picture at a time, not {len(inputs)}.")
    return Reading(network, inputs.reshape(28, 28), network.forward(inputs))


def read_row(network: Network, pixels: np.ndarray) -> tuple[Reading, ...]:
    """Let a network read a row of digits, cut into squares.

    Parameters
    ----------
    network : Network
        784 inputs, ten outputs.
    pixels : ndarray (28, 28 · n), uint8, or float in [0, 1]

    Examples
    --------
    >>> from aml4d_utils.images import mnist
    >>> from aml4d_utils.topics.neurons.digit_network import load_digit_network
    >>> row = np.hstack(list(mnist().test_images[1:4]))
    >>> [one.answer for one in read_row(load_digit_network(), row)]
    [9, 8, 3]
    """
    pixels = np.asarray(pixels)
    if pixels.ndim != 2 or len(pixels) != 28 or pixels.shape[1] % 28:
        raise ValueError(f"A row of digits is 28 × (28 · n) pixels, not {pixels.shape}.")
    return tuple(read(network, part) for part in np.split(pixels, pixels.shape[1] // 28, axis=1))


def patches(weights: np.ndarray) -> np.ndarray:
    """Count the separate patches in pictures of weights.

    A patch is a connected group of at least four pixels whose weights have the same sign and a
    magnitude over a third of the largest in the picture. A neat stroke would be one patch.

    Parameters
    ----------
    weights : ndarray (N, 784) or (N, 28, 28)

    Returns
    -------
    ndarray (N,), int64

    Examples
    --------
    >>> stroke = np.zeros((1, 28, 28))
    >>> stroke[0, 4:20, 10:13] = 1
    >>> patches(stroke).tolist(), patches(-stroke).tolist(), patches(0 * stroke).tolist()
    ([1], [1], [0])
    """
    pictures = np.asarray(weights, dtype=np.float64).reshape(-1, 28, 28)
    return np.array([_patches(p) + _patches(-p) for p in pictures])


def _patches(picture: np.ndarray) -> int:
    limit = np.abs(picture).max() / 3
    groups, count = ndimage.label(picture > limit)
    return int((np.bincount(groups.ravel(), minlength=count + 1)[1:] >= 4).sum())


@dataclass(frozen=True)
class Strangers:
    """What a digit network says about pictures that are no digits, beside real digits.

    Attributes
    ----------
    pictures : ndarray (N, 28, 28), float64 in [0, 1]
    names : tuple of str
    answers : ndarray (N,), int64
    strongest : ndarray (N,), float64
        The strongest output for each picture.
    digits_strongest : ndarray (M,), float64
        The strongest output for each of the real digits.
    """

    pictures: np.ndarray
    names: tuple[str, ...]
    answers: np.ndarray
    strongest: np.ndarray
    digits_strongest: np.ndarray

    def share_sure(self, least: float) -> float:
        """Return the share of the strangers that get an output of at least ``least``."""
        return float((self.strongest >= least).mean())


def read_strangers(
    network: Network, pictures: np.ndarray, names: tuple[str, ...], digits: np.ndarray
) -> Strangers:
    """Let a network read pictures (N, 28, 28) that are no digits, and digits (M, 28, 28)."""
    outputs = network.forward(as_inputs(pictures)).output
    return Strangers(
        np.asarray(pictures, dtype=np.float64),
        names,
        outputs.argmax(axis=1),
        outputs.max(axis=1),
        network.forward(as_inputs(digits)).output.max(axis=1),
    )
