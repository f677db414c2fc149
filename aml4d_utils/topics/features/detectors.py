"""Four kinds of places worth looking at: corners, edges, blobs and ridges.

References
----------
.. [1] J. Shi and C. Tomasi, "Good features to track", CVPR 1994, doi:10.1109/CVPR.1994.323794.
.. [2] J. Canny, "A computational approach to edge detection", IEEE Transactions on Pattern Analysis
   and Machine Intelligence 8, 1986, doi:10.1109/TPAMI.1986.4767851.
.. [3] T. Lindeberg, "Feature detection with automatic scale selection", International Journal of
   Computer Vision 30, 1998, doi:10.1023/A:1008045108935.
.. [4] Y. Sato et al., "Three-dimensional multi-scale line filter for segmentation and visualization
   of curvilinear structures in medical images", Medical Image Analysis 2, 1998,
   doi:10.1016/S1361-8415(98)80009-1.
"""

from __future__ import annotations

import numpy as np

from aml4d_utils.images import grey

SPACING = 4
"""Least distance of two points of one detector, in pixels."""
_BLOB_SIGMAS = (2.0, 2.8, 4.0, 5.7)
_RIDGE_SIGMAS = (1.5, 2.5)
_SIGMA = 1.5
_LEAST = 1e-4
_SMALLEST = 5


def corners(image: np.ndarray) -> np.ndarray:
    """Return how much an image changes in every direction: Shi and Tomasi's smaller eigenvalue.

    Parameters
    ----------
    image : ndarray (H, W), float in [0, 1]

    Returns
    -------
    ndarray (H, W), float
    """
    from skimage.feature import structure_tensor

    # Unlike skimage's corner_shi_tomasi, this takes the photo's border for no edge.
    down, mixed, across = structure_tensor(image, _SIGMA, mode="nearest", order="rc")
    return (down + across) / 2 - np.sqrt((down - across) ** 2 / 4 + mixed**2)


def edges(image: np.ndarray) -> np.ndarray:
    """Return the strength of the change on Canny's edges, 0 elsewhere.

    Parameters
    ----------
    image : ndarray (H, W), float in [0, 1]

    Returns
    -------
    ndarray (H, W), float
    """
    from scipy.ndimage import gaussian_gradient_magnitude
    from skimage.feature import canny

    strength = gaussian_gradient_magnitude(image, _SIGMA)
    return np.where(canny(image, sigma=_SIGMA), strength, 0)


def blobs(image: np.ndarray) -> np.ndarray:
    """Return how much each place looks like a blob, in the size in which it does so most.

    Parameters
    ----------
    image : ndarray (H, W), float in [0, 1]

    Returns
    -------
    ndarray (H, W), float
        The largest magnitude of the scaled Laplacian of a Gaussian, of four sizes.
    """
    from scipy.ndimage import gaussian_laplace

    # The sampled kernels do not add up to exactly 0: without its mean, an even image gives 0.
    image = image - image.mean()
    return np.max([sigma**2 * np.abs(gaussian_laplace(image, sigma)) for sigma in _BLOB_SIGMAS], 0)


def ridges(image: np.ndarray) -> np.ndarray:
    """Return how much each place looks like a line, dark or bright: Sato's filter.

    Parameters
    ----------
    image : ndarray (H, W), float in [0, 1]

    Returns
    -------
    ndarray (H, W), float
    """
    from skimage.feature import hessian_matrix

    found = np.zeros(image.shape)
    for sigma in _RIDGE_SIGMAS:
        # skimage's sato, with one Hessian matrix for dark and for bright lines.
        down, mixed, across = hessian_matrix(
            image, sigma, mode="nearest", order="rc", use_gaussian_derivatives=True
        )
        bent = np.abs(down + across) / 2 + np.sqrt((down - across) ** 2 / 4 + mixed**2)
        found = np.maximum(found, sigma**2 * bent)
    return found


DETECTORS = {"corners": corners, "edges": edges, "blobs": blobs, "ridges": ridges}
"""Name → function from an image (H, W) to a response (H, W), the larger the stronger."""


def detect(
    image: np.ndarray, name: str, count: int = 80, allowed: np.ndarray | None = None
) -> np.ndarray:
    """Return the strongest points of one detector.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    name : str
        A key of ``DETECTORS``.
    count : int
        At most so many.
    allowed : ndarray (H, W), bool, optional
        Where points may lie.

    Returns
    -------
    ndarray (N, 2), int
        As (row, col), the strongest first; none where nothing changes.

    Raises
    ------
    ValueError
        If it is not an image, or there is no such detector.

    Examples
    --------
    >>> square = np.zeros((40, 40))
    >>> square[10:30, 10:30] = 1
    >>> sorted(map(tuple, detect(square, "corners").tolist()))
    [(11, 11), (11, 28), (28, 11), (28, 28)]
    """
    if name not in DETECTORS:
        raise ValueError(f"Expected one of {', '.join(DETECTORS)}, but got {name!r}.")
    pixels = grey(image).astype(np.float64)
    if min(pixels.shape) < _SMALLEST:
        return np.zeros((0, 2), dtype=np.intp)
    response = DETECTORS[name](pixels)
    if allowed is not None:
        response = np.where(allowed, response, 0)
    return strongest_peaks(response, SPACING, count)


def strongest_peaks(response: np.ndarray, spacing: int, count: int) -> np.ndarray:
    """Return the highest places that are the highest within a square around them.

    Parameters
    ----------
    response : ndarray (H, W), float
    spacing : int
        Half of the square's side, in pixels.
    count : int
        At most so many.

    Returns
    -------
    ndarray (N, 2), int
        As (row, col), the highest first; nothing below a thousandth of the highest counts.
    """
    from scipy.ndimage import maximum_filter

    highest = maximum_filter(response, 2 * spacing + 1, mode="constant")
    least = max(_LEAST, 1e-3 * float(response.max()))
    places = np.argwhere((response == highest) & (response > least))
    order = np.argsort(-response[tuple(places.T)], kind="stable")
    chosen: list[np.ndarray] = []
    for place in places[order]:
        # Equal neighbours are all the highest of their square: the first one counts.
        if len(chosen) < count and (
            not chosen or np.abs(np.array(chosen) - place).max(axis=1).min() > spacing
        ):
            chosen.append(place)
    return np.array(chosen, dtype=np.intp).reshape(-1, 2)
