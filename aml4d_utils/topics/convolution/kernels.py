"""Convolution kernels: the named ones of the lesson and the formulas behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

SIZES = (1, 3, 5, 7)
LARGEST_WEIGHT = 99.0


@dataclass(frozen=True, eq=False)
class Kernel:
    """A named grid of weights.

    Parameters
    ----------
    name : str
        How the kernel is called in the field.
    values : array_like (k, k), k odd
        The weights, without unit. Kept as a read-only float64 array.
    what_it_finds : str
        One plain sentence: where in a photo the feature map answers.

    Examples
    --------
    >>> KERNELS["Laplacian"].values.shape
    (3, 3)
    """

    name: str
    values: np.ndarray
    what_it_finds: str

    def __post_init__(self) -> None:
        weights = np.array(self.values, dtype=np.float64)
        check_size(len(weights) if weights.ndim == 2 else 0)
        if weights.shape[0] != weights.shape[1]:
            raise ValueError(f"A kernel is a square grid, but this one has shape {weights.shape}.")
        weights.flags.writeable = False
        object.__setattr__(self, "values", weights)


def check_size(size: int) -> int:
    """Return `size` if it is an odd number of at least 1.

    Parameters
    ----------
    size : int
        Rows (and columns) of a kernel.

    Returns
    -------
    int
        The same number.

    Raises
    ------
    ValueError
        If `size` is not odd or not positive.
    """
    if size != int(size) or size < 1 or size % 2 == 0:
        raise ValueError(f"A kernel size is an odd number such as 3, 5 or 7, but got {size}.")
    return int(size)


def _positive(**lengths: float) -> None:
    for name, value in lengths.items():
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} is a number above 0, but got {value}.")


def _offsets(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Distance of every cell from the centre: (rows down, columns right), in pixels."""
    reach = check_size(size) // 2
    return tuple(np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float64))


def box(size: int) -> np.ndarray:
    """Mean of all pixels under the window.

    Parameters
    ----------
    size : int
        Rows and columns, odd.

    Returns
    -------
    ndarray (size, size), float64
        Equal weights that sum to 1.

    Raises
    ------
    ValueError
        If `size` is not odd and positive.

    Examples
    --------
    >>> float(box(5)[0, 0])
    0.04
    """
    cells = check_size(size) ** 2
    return np.full((size, size), 1.0 / cells)


def gaussian(size: int, sigma: float) -> np.ndarray:
    """Bell-shaped weights that sum to 1.

    Parameters
    ----------
    size : int
        Rows and columns, odd.
    sigma : float
        Standard deviation of the bell, in pixels, above 0.

    Returns
    -------
    ndarray (size, size), float64
        Positive weights, largest in the centre, that sum to 1.

    Raises
    ------
    ValueError
        If `size` is not odd and positive or `sigma` is not above 0.

    Examples
    --------
    >>> gaussian(3, 1.0).round(3).tolist()[1]
    [0.124, 0.204, 0.124]
    """
    _positive(sigma=sigma)
    down, right = _offsets(size)
    bell = np.exp(-(down**2 + right**2) / (2 * sigma**2))
    return bell / bell.sum()


def gabor(
    size: int,
    wavelength: float,
    angle: float,
    sigma: float,
    *,
    phase: float = 0.0,
    aspect: float = 1.0,
) -> np.ndarray:
    """Stripes under a bell: a wave that fades out around the centre.

    Parameters
    ----------
    size : int
        Rows and columns, odd.
    wavelength : float
        Distance from one stripe to the next, in pixels, above 0.
    angle : float
        Direction across the stripes, in degrees: 0 gives vertical stripes, and larger angles turn
        the pattern clockwise in the picture.
    sigma : float
        Standard deviation of the bell across the stripes, in pixels, above 0.
    phase : float
        Shift of the wave in degrees: 0 puts a bright stripe on the centre, 90 an edge.
    aspect : float
        Bell width across the stripes divided by its width along them, above 0. Below 1 the stripes
        are long.

    Returns
    -------
    ndarray (size, size), float64
        Weights between -1 and 1.

    Raises
    ------
    ValueError
        If `size` is not odd and positive, or a length is not above 0.

    References
    ----------
    J. G. Daugman, "Uncertainty relation for resolution in space, spatial frequency, and
    orientation optimized by two-dimensional visual cortical filters", JOSA A 2(7), 1985.

    Examples
    --------
    >>> gabor(3, wavelength=2, angle=0, sigma=1).round(2).tolist()[1]
    [-0.61, 1.0, -0.61]
    """
    _positive(wavelength=wavelength, sigma=sigma, aspect=aspect)
    down, right = _offsets(size)
    turn = np.deg2rad(angle)
    across = right * np.cos(turn) + down * np.sin(turn)
    along = -right * np.sin(turn) + down * np.cos(turn)
    bell = np.exp(-(across**2 + (aspect * along) ** 2) / (2 * sigma**2))
    return bell * np.cos(2 * np.pi * across / wavelength + np.deg2rad(phase))


_ALL = (
    Kernel(
        "Laplacian",
        [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "Answers where a pixel differs from its four neighbours: edges, spots and fine texture.",
    ),
    Kernel(
        "Sobel, vertical edges",
        [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "Answers where it gets brighter (positive) or darker (negative) from left to right.",
    ),
    Kernel(
        "Sobel, horizontal edges",
        [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "Answers where it gets brighter (positive) or darker (negative) from top to bottom.",
    ),
    Kernel("Box blur", box(3), "Replaces each pixel by the mean of the nine pixels around it."),
    Kernel(
        "Gaussian blur",
        gaussian(5, 1.0),
        "Replaces each pixel by a mean in which near pixels count more than far ones.",
    ),
    Kernel(
        "Sharpen",
        [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "Keeps the photo and adds its Laplacian, so that edges stand out.",
    ),
    Kernel(
        "Emboss",
        [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
        "Keeps the photo and adds a light that seems to fall from the top left.",
    ),
    Kernel(
        "Gabor",
        gabor(7, wavelength=4, angle=45, sigma=2),
        "Answers where diagonal stripes about four pixels apart run through the photo.",
    ),
    Kernel("Identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]], "Copies the photo without any change."),
)

KERNELS: Mapping[str, Kernel] = MappingProxyType({kernel.name: kernel for kernel in _ALL})


def designed_share(kernels: np.ndarray) -> np.ndarray:
    """Return how much of each kernel four kernels that anybody could design explain.

    The four are a blur, an edge in each direction and a spot (a hill that falls off with the
    square of the distance). The share is that of a least-squares fit in the sum of the squared
    weights; four of k × k random weights explain 4 / k² on average.

    Parameters
    ----------
    kernels : ndarray (N, k, k), k at least 3

    Returns
    -------
    ndarray (N,), 0 to 1; 0 for a kernel whose weights are all 0

    Examples
    --------
    >>> designed_share(np.stack([box(3), [[0, 1, 0], [1, 0, 1], [0, 1, 0]]])).round(2).tolist()
    [1.0, 0.56]
    """
    count, side, _ = np.shape(kernels)
    rows, cols = np.indices((side, side)) - (side - 1) / 2
    designs = np.stack([np.ones((side, side)), rows, cols, rows**2 + cols**2])
    basis, _ = np.linalg.qr(designs.reshape(4, -1).T)
    weights = np.reshape(kernels, (count, -1))
    energy = (weights**2).sum(axis=1)
    explained = ((weights @ basis) ** 2).sum(axis=1)
    return np.divide(explained, energy, out=np.zeros(count), where=energy > 0)


def kernel_named(name: str) -> Kernel:
    """Return the preset kernel with this name.

    Parameters
    ----------
    name : str
        A key of `KERNELS`.

    Returns
    -------
    Kernel

    Raises
    ------
    ValueError
        If there is no kernel of that name; the message lists those that exist.

    Examples
    --------
    >>> kernel_named("Identity").values.sum()
    np.float64(1.0)
    """
    if name not in KERNELS:
        known = ", ".join(repr(known) for known in KERNELS)
        raise ValueError(f"There is no kernel called {name!r}; the presets are {known}.")
    return KERNELS[name]


def name_of(values: np.ndarray) -> str | None:
    """Return the name of the preset with exactly these weights, or None.

    Parameters
    ----------
    values : array_like (k, k)
        The weights to look up.

    Returns
    -------
    str or None

    Examples
    --------
    >>> name_of([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    'Identity'
    """
    for name, kernel in KERNELS.items():
        if np.array_equal(kernel.values, values):
            return name
    return None
