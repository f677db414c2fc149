"""The trained digit network: 784 inputs, two hidden layers of 16, ten outputs.

The architecture is that of the walk-through video which the lecture follows [1]_. This project
trained it (``tools/train_digits.py``) on 8,000 handwritten digits of MNIST.

References
----------
.. [1] G. Sanderson, "But what is a neural network?", 3Blue1Brown, 2017.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from safetensors.numpy import load_file

from aml4d_utils.assets import verified_path
from aml4d_utils.topics.neurons.network import Network

SIDE = 28
SIZES = (SIDE * SIDE, 16, 16, 10)
FILE = "weights/digits_mlp.safetensors"


@cache
def load_digit_network() -> Network:
    """Return the trained network 784–16–16–10 with sigmoid neurons, 13,002 parameters.

    Raises
    ------
    AssetError
        If the weight file is missing, cut short or altered.

    Examples
    --------
    >>> load_digit_network().sizes
    (784, 16, 16, 10)
    """
    stored = load_file(verified_path(FILE))
    layers = range(1, len(SIZES))
    return Network(
        tuple(stored[f"layer{k}.weight"] for k in layers),
        tuple(stored[f"layer{k}.bias"] for k in layers),
    )


def as_inputs(pictures: np.ndarray) -> np.ndarray:
    """Lay pictures of digits out as rows of 784 numbers.

    Parameters
    ----------
    pictures : ndarray (B, 28, 28) or (28, 28), uint8, or float in [0, 1]
        Light stroke on a black ground, as in MNIST.

    Returns
    -------
    ndarray (B, 784), float64 in [0, 1]
        Row by row, so that pixel (r, c) stands at 28 r + c.

    Raises
    ------
    ValueError
        If the pictures have another shape, or floats outside [0, 1].

    Examples
    --------
    >>> as_inputs(np.full((28, 28), 255, dtype=np.uint8)).shape
    (1, 784)
    """
    pictures = np.asarray(pictures)
    if pictures.ndim not in (2, 3) or pictures.shape[-2:] != (SIDE, SIDE):
        raise ValueError(f"Digits are pictures of 28 × 28 pixels, not {pictures.shape}.")
    rows = pictures.reshape(-1, SIDE * SIDE)
    if pictures.dtype == np.uint8:
        return rows / 255
    rows = rows.astype(np.float64)
    if not ((rows >= 0) & (rows <= 1)).all():
        raise ValueError("Pixels of digits are uint8, or floats from 0 to 1.")
    return rows


def accuracy(network: Network, pictures: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of pictures (B, 28, 28) whose strongest output is the label's."""
    return float((network.predict(as_inputs(pictures)) == np.asarray(labels)).mean())
