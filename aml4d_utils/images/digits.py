"""MNIST: small grey pictures of handwritten digits."""

from dataclasses import dataclass

import numpy as np

from aml4d_utils.assets import verified_path
from aml4d_utils.images.idx import read_idx


@dataclass(frozen=True)
class MNIST:
    """Training and test pictures with the digits they show.

    Parameters
    ----------
    train_images : ndarray (8000, 28, 28), uint8
        Black ground, light stroke.
    train_labels : ndarray (8000,), int64 in 0…9
        The digit.
    test_images : ndarray (2000, 28, 28), uint8
        Never used for training.
    test_labels : ndarray (2000,), int64 in 0…9
        The digit.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def mnist() -> MNIST:
    """Return 10,000 of MNIST's 70,000 digits: 8,000 for training, 2,000 for tests.

    The two parts were drawn at random once; they are always the same, and not the parts into
    which MNIST was divided by its authors.

    Returns
    -------
    MNIST
        New arrays at each call, so that changing them changes nothing elsewhere.

    Raises
    ------
    AssetError
        If a file is missing or damaged.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document
    recognition, Proceedings of the IEEE 86(11).

    Examples
    --------
    >>> data = mnist()
    >>> data.train_images.shape, data.test_images.shape
    ((8000, 28, 28), (2000, 28, 28))
    """
    return MNIST(
        train_images=_read("train-images-idx3"),
        train_labels=_read("train-labels-idx1").astype(np.int64),
        test_images=_read("t10k-images-idx3"),
        test_labels=_read("t10k-labels-idx1").astype(np.int64),
    )


def _read(name: str) -> np.ndarray:
    return read_idx(verified_path(f"mnist/{name}-ubyte.gz"))
