"""A cascade: many small tests in a row, and most windows fail the first.

References
----------
.. [1] P. Viola and M. Jones, "Rapid object detection using a boosted cascade of simple features",
   CVPR 2001, doi:10.1109/CVPR.2001.990517.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aml4d_utils.images import as_uint8, grey
from aml4d_utils.topics.viola_jones.haar import FLAT, HaarFeature, Rectangle
from aml4d_utils.topics.viola_jones.integral import integral_image

_CHUNK = 16384
"""Windows that are looked at together: few enough to stay in the processor's fast memory."""
CELL = 6
"""Side of the squares of a map of stages, in pixels of the photo."""


@dataclass(frozen=True)
class Stump:
    """One question about one feature: is its value below the threshold?

    Attributes
    ----------
    rectangles : tuple of Rectangle
        The feature's value is the sum of *weight × pixels of the rectangle*, divided by the number
        of pixels of the window without its outermost ring and by their standard deviation.
    threshold : float
    below, above : float
        The votes: what the stump adds to its stage's sum.
    """

    rectangles: tuple[Rectangle, ...]
    threshold: float
    below: float
    above: float


@dataclass(frozen=True)
class CascadeStage:
    """Some stumps; a window passes when their votes reach the threshold."""

    stumps: tuple[Stump, ...]
    threshold: float


@dataclass(frozen=True)
class Cascade:
    """Stages in a row; a window that passes all of them counts as a find.

    Attributes
    ----------
    name : str
    side : int
        Side of the window in pixels.
    stages : tuple of CascadeStage
    """

    name: str
    side: int
    stages: tuple[CascadeStage, ...]

    @cached_property
    def features(self) -> np.ndarray:
        """How many features each stage has: ndarray (stages,), int."""
        return np.array([len(stage.stumps) for stage in self.stages])


@dataclass(frozen=True)
class Scan:
    """What a cascade said to every window of a photo.

    Attributes
    ----------
    cascade : Cascade
    shape : tuple of int
        Height and width of the photo.
    corners : ndarray (N, 2), float32
        Top left corner of each window as (row, col), in pixels of the photo.
    sides : ndarray (N,), float32
        Its side in pixels of the photo.
    passed : ndarray (N,), int
        How many stages it passed: from 0 to all of them.
    margins : ndarray (N,), float32
        How far the last stage that it saw was from its threshold; at least 0 for a find.
    """

    cascade: Cascade
    shape: tuple[int, int]
    corners: np.ndarray
    sides: np.ndarray
    passed: np.ndarray
    margins: np.ndarray

    def __len__(self) -> int:
        return len(self.passed)

    @cached_property
    def found(self) -> np.ndarray:
        """Whether each window passed every stage: ndarray (N,), bool."""
        return self.passed == len(self.cascade.stages)

    @cached_property
    def alive(self) -> np.ndarray:
        """Share of the windows that are left after 0, 1, 2 … stages: ndarray (stages + 1,)."""
        counts = np.bincount(self.passed, minlength=len(self.cascade.stages) + 1)
        return counts[::-1].cumsum()[::-1] / max(1, len(self))

    @property
    def features_per_window(self) -> float:
        """How many features a window costs on average."""
        return float((self.alive[:-1] * self.cascade.features).sum())

    @property
    def boxes(self) -> np.ndarray:
        """All windows as boxes: ndarray (N, 4), float32, x0, y0, x1, y1."""
        top_left = self.corners[:, ::-1]
        return np.concatenate([top_left, top_left + self.sides[:, None]], axis=1)

    def map_of_stages(self, cell: int = CELL) -> np.ndarray:
        """Return for each square of the photo how far the windows centred there came.

        Parameters
        ----------
        cell : int
            Side of a square in pixels.

        Returns
        -------
        ndarray (ceil(H / cell), ceil(W / cell)), int
            The number of stages that the best window passed; −1 where no window has its centre,
            along the edges of the photo.
        """
        rows, cols = (-(-length // cell) for length in self.shape)
        best = np.full((rows, cols), -1, dtype=np.int64)
        centres = ((self.corners + self.sides[:, None] / 2) // cell).astype(np.int64)
        np.maximum.at(
            best, (centres[:, 0].clip(0, rows - 1), centres[:, 1].clip(0, cols - 1)), self.passed
        )
        return best


def scan(
    photo: np.ndarray,
    cascade: Cascade,
    *,
    smallest: float = 0,
    largest: float = np.inf,
    factor: float = 1.1,
    step: int | None = None,
) -> Scan:
    """Show every window of a photo, at every size, to a cascade.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3)
        Anything that `images.as_float` accepts.
    cascade : Cascade
    smallest, largest : float
        Sides of the windows in pixels of the photo.
    factor : float
        How much larger each size is than the one before; above 1.
    step : int, optional
        Pixels of the shrunken photo from one window to the next. By default 2, and 1 where the
        photo was shrunk to half or less, as OpenCV does it.

    Returns
    -------
    Scan
        Without windows if the photo is smaller than the window.

    Raises
    ------
    ValueError
        If the photo is no image or the factor is not above 1.

    Notes
    -----
    The windows stay 24 or 25 pixels wide and the photo shrinks. Sizes, resampling and the rule for
    flat windows are those of OpenCV, so that the same cascade decides the same.
    """
    if not factor > 1:
        raise ValueError(
            f"Each size is larger than the one before: factor is above 1, not {factor}."
        )
    pixels = as_uint8(grey(photo))[:, :, 0]
    levels = list(pyramid(pixels, cascade.side, smallest, largest, factor))
    canvas = _stacked([level for level, _ in levels], pixels.shape[1])
    wide = canvas.shape[1] + 1
    places, corners, sides = [np.zeros(0, int)], [np.zeros((0, 2))], [np.zeros(0)]
    top = 0
    for level, scale in levels:
        here = all_places(level, cascade.side, step or (1 if scale >= 2 else 2), wide)
        corners.append(np.stack(np.divmod(here, wide), axis=1) * scale)
        sides.append(np.full(len(here), float(round(cascade.side * scale))))
        places.append(here + top * wide)
        top += len(level)
    passed, margins = judge(Sums.of(canvas), cascade, np.concatenate(places))
    return Scan(
        cascade,
        pixels.shape,
        np.concatenate(corners).astype(np.float32),
        np.concatenate(sides).astype(np.float32),
        passed,
        margins.astype(np.float32),
    )


def _stacked(levels: list[np.ndarray], wide: int) -> np.ndarray:
    """Stand pictures below each other, so that one integral image serves all of them."""
    canvas = np.zeros((sum(map(len, levels)), wide), dtype=np.uint8)
    top = 0
    for level in levels:
        canvas[top : top + len(level), : level.shape[1]] = level
        top += len(level)
    return canvas


def pyramid(
    pixels: np.ndarray, side: int, smallest: float, largest: float, factor: float
) -> Iterator[tuple[np.ndarray, float]]:
    """Yield a grey photo (H, W), uint8, smaller and smaller, and how often it was shrunk."""
    import cv2

    height, width = pixels.shape
    scale = 1.0
    while round(side * scale) <= min(height, width, largest):
        if round(side * scale) >= smallest:
            size = (round(width / scale), round(height / scale))
            yield cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR_EXACT), scale
        scale *= factor


def all_places(pixels: np.ndarray, side: int, step: int, wide: int | None = None) -> np.ndarray:
    """Return the place of each window's corner in an integral image that is ``wide`` numbers wide.

    By default that is the integral image of ``pixels`` itself.
    """
    wide = wide or pixels.shape[1] + 1
    rows, cols = (np.arange(0, length - side + 1, step) for length in pixels.shape)
    return (rows[:, None] * wide + cols).ravel()


@dataclass(frozen=True)
class Sums:
    """The integral images of a picture, of its pixels and of their squares, row by row.

    Attributes
    ----------
    wide : int
        Numbers in a row: one more than the picture has columns.
    pixels, squares : ndarray ((H + 1) * wide,), int64
    """

    wide: int
    pixels: np.ndarray
    squares: np.ndarray

    @classmethod
    def of(cls, picture: np.ndarray) -> Sums:
        """Return the sums of a picture (H, W), uint8."""
        squares = picture.astype(np.int64) ** 2
        return cls(
            picture.shape[1] + 1, integral_image(picture).ravel(), integral_image(squares).ravel()
        )


def judge(sums: Sums, cascade: Cascade, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take windows through the stages; those that fail are not looked at again.

    Parameters
    ----------
    sums : Sums
        Of the picture that holds the windows.
    cascade : Cascade
    places : ndarray (N,), int
        The top left corner of each window: ``row * sums.wide + col``.

    Returns
    -------
    passed : ndarray (N,), int
        How many stages each window passed.
    margins : ndarray (N,), float
        Sum of votes − threshold of the last stage that it saw; −1 for a flat window, which sees
        none.
    """
    spread = _area_times_deviation(sums, cascade.side, places)
    passed = np.zeros(len(places), dtype=np.int64)
    margins = np.full(len(places), -1.0)
    area = (cascade.side - 2) ** 2
    alive = np.flatnonzero(spread > 255 * FLAT * area)
    margins[alive] = 0
    for number, stage in enumerate(cascade.stages):
        votes = _votes(stage, sums, places[alive], spread[alive])
        margins[alive] = votes - stage.threshold
        alive = alive[votes >= stage.threshold]
        passed[alive] = number + 1
    return passed, margins


def _votes(stage: CascadeStage, sums: Sums, places: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Add up what the stumps of a stage say to each window, some thousand windows at a time."""
    questions = [(stump, _corners(stump.rectangles, sums.wide)) for stump in stage.stumps]
    votes = np.zeros(len(places))
    for first in range(0, len(places), _CHUNK):
        chunk = slice(first, first + _CHUNK)
        here, divisor = places[chunk], spread[chunk]
        for stump, corners in questions:
            value = sum(weight * sums.pixels[here + offset] for offset, weight in corners)
            votes[chunk] += np.where(value < stump.threshold * divisor, stump.below, stump.above)
    return votes


def _area_times_deviation(sums: Sums, side: int, places: np.ndarray) -> np.ndarray:
    """Return area × standard deviation of each window without its outermost ring."""
    inner = [Rectangle(1, 1, side - 2, side - 2, 1)]
    total, total_of_squares = (
        sum(weight * table[places + offset] for offset, weight in _corners(inner, sums.wide))
        for table in (sums.pixels, sums.squares)
    )
    return np.sqrt(np.maximum((side - 2) ** 2 * total_of_squares - total**2, 0))


def _corners(rectangles: Sequence[Rectangle], wide: int) -> list[tuple[int, float]]:
    """Return where in the integral image the corners lie, and how often each counts."""
    weights: dict[int, float] = {}
    for part in rectangles:
        top, bottom = part.row * wide, (part.row + part.height) * wide
        left, right = part.col, part.col + part.width
        for offset, sign in (
            (top + left, 1),
            (top + right, -1),
            (bottom + left, -1),
            (bottom + right, 1),
        ):
            weights[offset] = weights.get(offset, 0) + sign * part.weight
    return [(offset, weight) for offset, weight in weights.items() if weight]


def stump_of(
    feature: HaarFeature, side: int, threshold: float, below: float, above: float
) -> Stump:
    """Return a stump that asks about a Haar feature of a window of ``side`` × ``side`` pixels.

    The feature's value is then the one of `haar.feature_values`.
    """
    area = (side - 2) ** 2
    parts = tuple(
        Rectangle(part.row, part.col, part.height, part.width, area * part.weight)
        for part in feature.rectangles
    )
    return Stump(parts, threshold, below, above)
