"""MNIST: small grey pictures of handwritten digits, and how a drawn one becomes like them."""

from dataclasses import dataclass

import numpy as np

from aml4d_utils.assets import verified_path
from aml4d_utils.images.idx import read_idx
from aml4d_utils.images.resizing import resize

_SIDE = 28
_DIGIT_SIDE = 20


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


def centre_digit(drawing: np.ndarray) -> np.ndarray:
    """Bring a drawn digit to MNIST's form: 20 pixels on its longer side, centred by mass.

    The ink's bounding box is scaled, height and width alike, until its longer side has 20 pixels,
    and laid into 28 × 28 pixels so that its centre of mass is in the middle. A network that
    learned from MNIST has seen digits in this form only.

    Parameters
    ----------
    drawing : ndarray (H, W), uint8, or float in [0, 1]
        Light ink on a black ground, at least 1 × 1 pixel.

    Returns
    -------
    ndarray (28, 28), float64 in [0, 1]
        All zero where there is no ink.

    Raises
    ------
    ValueError
        If the drawing is no grid of numbers in the range.

    References
    ----------
    LeCun, Cortes and Burges, The MNIST database of handwritten digits.

    Examples
    --------
    >>> drawing = np.zeros((28, 28))
    >>> drawing[2:12, 3:5] = 1
    >>> rows, cols = centre_digit(drawing).nonzero()
    >>> int(rows.min()), int(rows.max()), int(cols.min()), int(cols.max())
    (4, 23, 12, 15)
    """
    ink = _ink(drawing)
    field = np.zeros((_SIDE, _SIDE))
    rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if len(rows) == 0:
        return field
    digit = ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    scale = _DIGIT_SIDE / max(digit.shape)
    height, width = (max(1, round(side * scale)) for side in digit.shape)
    digit = np.clip(resize(digit, height, width)[:, :, 0], 0, 1)
    top = _start(digit.sum(axis=1))
    left = _start(digit.sum(axis=0))
    field[top : top + height, left : left + width] = digit
    return field


def _ink(drawing: np.ndarray) -> np.ndarray:
    drawing = np.asarray(drawing)
    if drawing.ndim != 2 or drawing.size == 0:
        raise ValueError(f"A drawing is a grid of pixels (H, W), not {drawing.shape}.")
    if drawing.dtype == np.uint8:
        return drawing / 255
    if not np.issubdtype(drawing.dtype, np.floating):
        raise ValueError(f"A drawing holds uint8 or floats from 0 to 1, not {drawing.dtype}.")
    if not ((drawing >= 0) & (drawing <= 1)).all():
        raise ValueError("A drawing of floats goes from 0 to 1.")
    return drawing.astype(np.float64)


def _start(mass: np.ndarray) -> int:
    """Return where a strip of masses begins so that its centre lies in the middle of the field."""
    if mass.sum() == 0:  # The only ink was too faint to survive the scaling.
        return (_SIDE - len(mass)) // 2
    centre = (mass * np.arange(len(mass))).sum() / mass.sum()
    return int(np.clip(round(_SIDE / 2 - centre), 0, _SIDE - len(mass)))
