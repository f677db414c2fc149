"""Flattening: a picture becomes one row of numbers, and the numbers become a picture again.

Rows are laid end to end, the first row first; in a colour picture, red, green and blue of a pixel
stand next to each other. NumPy calls this order ``C``.
"""

from __future__ import annotations

import numpy as np


def flatten(image: np.ndarray) -> np.ndarray:
    """Lay the rows of a picture end to end.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, C)

    Returns
    -------
    ndarray (H * W,) or (H * W * C,), same dtype
        A new array.

    Raises
    ------
    ValueError
        If the picture has another number of axes, or no pixels.

    Examples
    --------
    >>> flatten(np.array([[1, 2, 3], [4, 5, 6]])).tolist()
    [1, 2, 3, 4, 5, 6]
    """
    image = np.asarray(image)
    if image.ndim not in (2, 3) or image.size == 0:
        raise ValueError(f"A picture has the shape (H, W) or (H, W, C), not {image.shape}.")
    return image.reshape(-1).copy()


def unflatten(numbers: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Cut a row of numbers into the rows of a picture.

    Parameters
    ----------
    numbers : ndarray (N,)
    shape : tuple of int
        (H, W) or (H, W, C); its product is N.

    Returns
    -------
    ndarray of that shape, same dtype
        A new array.

    Raises
    ------
    ValueError
        If the shape needs more or fewer numbers than there are.

    Examples
    --------
    >>> unflatten(np.arange(6), (2, 3)).tolist()
    [[0, 1, 2], [3, 4, 5]]
    """
    numbers = np.asarray(numbers)
    if numbers.ndim != 1 or int(np.prod(shape)) != numbers.size:
        raise ValueError(
            f"The shape {tuple(shape)} needs {int(np.prod(shape)):,} numbers in one row, but "
            f"there are {numbers.size:,} in the shape {numbers.shape}."
        )
    return numbers.reshape(shape).copy()


def place_of(row: int, col: int, width: int, channel: int = 0, channels: int = 1) -> int:
    """Return where a pixel's number stands in the flat row, counted from 0.

    Examples
    --------
    >>> place_of(2, 3, width=28)
    59
    >>> place_of(2, 3, width=28, channel=1, channels=3)
    178
    """
    return (row * width + col) * channels + channel


def pixel_at(place: int, width: int, channels: int = 1) -> tuple[int, int, int]:
    """Return (row, col, channel) of the number at a place of the flat row.

    Examples
    --------
    >>> pixel_at(59, width=28)
    (2, 3, 0)
    """
    pixel, channel = divmod(place, channels)
    row, col = divmod(pixel, width)
    return row, col, channel


def read_with_width(numbers: np.ndarray, width: int, ground: float = 0) -> np.ndarray:
    """Cut a row of numbers every ``width`` numbers, whatever the picture's width was.

    Parameters
    ----------
    numbers : ndarray (N,) or (N, C)
        One number, or C of them, for each pixel.
    width : int
        At least 1, in pixels.
    ground : number
        Fills the end of the last row.

    Returns
    -------
    ndarray (ceil(N / width), width) or (ceil(N / width), width, C)

    Raises
    ------
    ValueError
        If the width is below 1.

    Examples
    --------
    >>> read_with_width(np.arange(5), 3).tolist()
    [[0, 1, 2], [3, 4, 0]]
    """
    if width < 1:
        raise ValueError(f"A row has at least 1 pixel, not {width}.")
    rows = -(-len(numbers) // width)
    filled = np.full((rows * width, *numbers.shape[1:]), ground, dtype=numbers.dtype)
    filled[: len(numbers)] = numbers
    return filled.reshape(rows, width, *numbers.shape[1:])
