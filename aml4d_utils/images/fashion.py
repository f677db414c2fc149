"""Fashion-MNIST: small grey pictures of clothes."""

from dataclasses import dataclass

import numpy as np

from aml4d_utils.assets import verified_path
from aml4d_utils.images.idx import read_idx

CLASS_NAMES = (
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)


@dataclass(frozen=True)
class FashionMNIST:
    """Training and test pictures with their classes.

    Parameters
    ----------
    train_images : ndarray (20000, 28, 28), uint8
        Black ground, light garment.
    train_labels : ndarray (20000,), int64 in 0…9
        Index into `class_names`.
    test_images : ndarray (10000, 28, 28), uint8
        Never used for training.
    test_labels : ndarray (10000,), int64 in 0…9
        Index into `class_names`.
    class_names : tuple of 10 str
        What each label means.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple[str, ...]


def fashion_mnist() -> FashionMNIST:
    """Return Fashion-MNIST: the first 20,000 of its 60,000 training pictures, all 10,000 for tests.

    Returns
    -------
    FashionMNIST
        New arrays at each call, so that changing them changes nothing elsewhere.

    Raises
    ------
    AssetError
        If a file is missing or damaged.

    References
    ----------
    Xiao, Rasul and Vollgraf (2017), Fashion-MNIST: a novel image dataset for benchmarking
    machine learning algorithms, arXiv:1708.07747.

    Examples
    --------
    >>> data = fashion_mnist()
    >>> data.train_images.shape, data.class_names[data.train_labels[0]]
    ((20000, 28, 28), 'ankle boot')
    """
    return FashionMNIST(
        train_images=_read("train-images-idx3"),
        train_labels=_read("train-labels-idx1").astype(np.int64),
        test_images=_read("t10k-images-idx3"),
        test_labels=_read("t10k-labels-idx1").astype(np.int64),
        class_names=CLASS_NAMES,
    )


def _read(name: str) -> np.ndarray:
    return read_idx(verified_path(f"fashion_mnist/{name}-ubyte.gz"))
