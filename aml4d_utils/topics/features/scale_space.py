"""SIFT's first step: the same photo at many sizes of detail, and what each size adds.

The photo is doubled and blurred more and more. When the blur has doubled (one octave) every
second pixel is enough, and it starts again. A difference of two neighbouring blurs answers
strongly where there is a blob of about that size.

References
----------
.. [1] D. G. Lowe, "Distinctive image features from scale-invariant keypoints", International
   Journal of Computer Vision 60, 2004, doi:10.1023/B:VISI.0000029664.99615.94.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import as_uint8, grey

CAMERA_BLUR = 0.5
"""Blur that a photo is assumed to have already, in its own pixels."""


@dataclass(frozen=True)
class SiftSettings:
    """What can be chosen about SIFT; the values are Lowe's, with OpenCV's contrast.

    Attributes
    ----------
    layers : int
        Sizes looked for in each octave.
    sigma : float
        Blur of the first image of an octave, in that octave's pixels.
    contrast : float
        Least contrast of a keypoint, for images in [0, 1]; like OpenCV it is divided by
        ``layers`` before it is applied.
    edge : float
        Largest ratio of the two curvatures; above it, it is an edge.
    """

    layers: int = 3
    sigma: float = 1.6
    contrast: float = 0.04
    edge: float = 10.0

    def __post_init__(self) -> None:
        """Check the settings.

        Raises
        ------
        ValueError
            If a number is out of range.
        """
        if self.layers < 1 or self.sigma < 1.1 or self.contrast < 0 or self.edge < 1:
            raise ValueError(
                "Expected layers of at least 1, sigma of at least 1.1, contrast of at least 0 and "
                f"edge of at least 1, but got {self}."
            )

    @property
    def factor(self) -> float:
        """How much more blur each image of an octave has than the one before."""
        return 2 ** (1 / self.layers)


@dataclass(frozen=True)
class Octave:
    """Images of one resolution.

    Attributes
    ----------
    spacing : float
        Distance of two of its pixels, in pixels of the photo: 0.5, 1, 2, 4 and so on.
    blurred : ndarray (layers + 3, h, w), float32
        Each one blurrier than the one before.
    differences : ndarray (layers + 2, h, w), float32
        Each blurred image minus the one before.
    """

    spacing: float
    blurred: np.ndarray
    differences: np.ndarray


@dataclass(frozen=True)
class ScaleSpace:
    """All octaves of a photo; a photo smaller than 2 × 2 pixels has none."""

    settings: SiftSettings
    octaves: tuple[Octave, ...]

    def blur(self, octave: int, layer: float) -> float:
        """Return the blur of an image in pixels of the photo; layers between two are allowed.

        Examples
        --------
        >>> space = scale_space(np.zeros((8, 8)))
        >>> space.blur(0, 0), space.blur(1, 3)
        (0.8, 3.2)
        """
        settings = self.settings
        return self.octaves[octave].spacing * settings.sigma * 2 ** (layer / settings.layers)

    def level(self, blur: float) -> tuple[int, int]:
        """Return the octave and the layer (1 to ``layers``) whose blur is nearest to this one.

        Parameters
        ----------
        blur : float
            In pixels of the photo.

        Raises
        ------
        ValueError
            If the photo has no octave.

        Examples
        --------
        >>> scale_space(np.zeros((8, 8))).level(1.1)
        (0, 1)
        """
        if not self.octaves:
            raise ValueError("The photo is too small: a scale space needs at least 2 × 2 pixels.")
        settings = self.settings
        smallest = self.octaves[0].spacing * settings.sigma
        steps = round(settings.layers * float(np.log2(blur / smallest)))
        octave = min(max(0, (steps - 1) // settings.layers), len(self.octaves) - 1)
        return octave, min(max(1, steps - octave * settings.layers), settings.layers)


def scale_space(image: np.ndarray, settings: SiftSettings | None = None) -> ScaleSpace:
    """Blur a photo step by step, octave by octave.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
        Turned into `grey_levels`.
    settings : SiftSettings, optional

    Returns
    -------
    ScaleSpace

    Raises
    ------
    ValueError
        If it is not an image: wrong shape, NaN, out of range.

    Examples
    --------
    >>> space = scale_space(np.zeros((60, 80)))
    >>> [octave.blurred.shape for octave in space.octaves][:2]
    [(6, 120, 160), (6, 60, 80)]
    """
    settings = settings or SiftSettings()
    base = doubled(grey_levels(image) / np.float32(255))
    missing = np.sqrt(settings.sigma**2 - (2 * CAMERA_BLUR) ** 2)
    start = gaussian_blur(base, missing)
    octaves = []
    for index in range(octave_count(*base.shape)):
        blurred = blur_series(start, settings)
        octaves.append(Octave(0.5 * 2**index, blurred, np.diff(blurred, axis=0)))
        # The image with exactly twice the blur of the first one.
        start = halved(blurred[settings.layers])
    return ScaleSpace(settings, tuple(octaves))


def grey_levels(image: np.ndarray) -> np.ndarray:
    """Return an image in 256 levels of grey: what SIFT sees, ours and OpenCV's.

    Rounding matters: without it, a few keypoints in a hundred, those near a limit, would fall on
    its other side.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8

    Returns
    -------
    ndarray (H, W), uint8

    Raises
    ------
    ValueError
        If it is not an image: wrong shape, NaN, out of range.

    Examples
    --------
    >>> grey_levels(np.array([[0.0, 0.2, 1.0]])).tolist()
    [[0, 51, 255]]
    """
    return np.ascontiguousarray(as_uint8(grey(image))[..., 0])


def doubled(image: np.ndarray) -> np.ndarray:
    """Return an image of twice the size; pixel (r, c) is now at (2 r, 2 c), means between.

    Parameters
    ----------
    image : ndarray (H, W), float

    Returns
    -------
    ndarray (2 H, 2 W), float
        The last row and column are repeated.

    Examples
    --------
    >>> doubled(np.array([[0.0, 4.0]]))[0].tolist()
    [0.0, 2.0, 4.0, 4.0]
    """
    for _ in range(2):
        following = np.concatenate([image[1:], image[-1:]])
        rows = np.stack([image, (image + following) / 2], axis=1)
        image = rows.reshape(2 * len(image), -1).T
    return np.ascontiguousarray(image)


def halved(image: np.ndarray) -> np.ndarray:
    """Return every second pixel, starting with the first; an odd last one is left out."""
    height, width = image.shape
    return image[: height // 2 * 2 : 2, : width // 2 * 2 : 2]


def octave_count(height: int, width: int) -> int:
    """Return how many octaves a doubled photo has: about one for each halving down to 4 pixels.

    Examples
    --------
    >>> octave_count(600, 900), octave_count(2, 2)
    (8, 0)
    """
    return max(0, round(float(np.log2(min(height, width)))) - 1)


def gaussian_blur(image: np.ndarray, sigma: float) -> np.ndarray:
    """Blur with a Gaussian out to four sigma, mirrored at the border.

    Parameters
    ----------
    image : ndarray (H, W), float
    sigma : float
        In pixels.

    Returns
    -------
    ndarray (H, W), float
    """
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(image, sigma, mode="mirror", radius=round(4 * sigma))


def blur_series(start: np.ndarray, settings: SiftSettings) -> np.ndarray:
    """Blur one image again and again, so that the blur grows by the same factor each time.

    Two blurs in a row add up like the sides of a right-angled triangle: to come from blur a to
    blur b takes sqrt(b² − a²).

    Parameters
    ----------
    start : ndarray (h, w), float32
        Its blur is ``settings.sigma``.
    settings : SiftSettings

    Returns
    -------
    ndarray (layers + 3, h, w), float32
    """
    series = [start]
    for layer in range(settings.layers + 2):
        has = settings.sigma * settings.factor**layer
        wants = has * settings.factor
        series.append(gaussian_blur(series[-1], np.sqrt(wants**2 - has**2)))
    return np.stack(series)
