"""A face as a whole and its parts on springs: the deformable part model.

A root filter looks at the whole face on a coarse HOG map. Filters for the eyes, the nose and the
mouth look at the same place with twice the resolution. Each part has an anchor inside the root,
and a spring that makes it pay for lying elsewhere. The score of a face is the root's match plus,
for each part, its match minus its spring's cost.

References
----------
.. [1] P. F. Felzenszwalb, D. McAllester and D. Ramanan, "A discriminatively trained, multiscale,
   deformable part model", CVPR 2008, doi:10.1109/CVPR.2008.4587597.
.. [2] P. F. Felzenszwalb, R. B. Girshick, D. McAllester and D. Ramanan, "Object detection with
   discriminatively trained part-based models", IEEE TPAMI 32(9), 2010, doi:10.1109/TPAMI.2009.167.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from aml4d_utils.images import grey
from aml4d_utils.topics.hog.descriptor import HogSettings, hog
from aml4d_utils.topics.hog.window_scores import window_scores
from aml4d_utils.topics.part_models.distance_transform import BestPlaces, Spring, best_places

CELL = 5
"""Height and width of a HOG cell, in pixels of its level."""
ROOT_CELLS = 10
"""Height and width of the root, in cells of the coarse level."""
SETTINGS = HogSettings(pixels_per_cell=(CELL, CELL))


@dataclass(frozen=True)
class Part:
    """One part and its spring.

    Attributes
    ----------
    name : str
    weights : ndarray (h, w, 2, 2, 9), float64
        What its filter wants of each block of the fine level.
    anchor : tuple of int
        Row and column of its first cell when the spring is at rest, in cells of the fine level
        from the first cell of the root.
    down, across : Spring
        Cost of moving along the rows and along the columns, in cells of the fine level.
    """

    name: str
    weights: np.ndarray
    anchor: tuple[int, int]
    down: Spring
    across: Spring

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in cells of the fine level."""
        return self.weights.shape[0] + 1, self.weights.shape[1] + 1

    def cost(self, rows: np.ndarray | float, cols: np.ndarray | float) -> np.ndarray | float:
        """Return what the spring takes for lying so many cells below and right of the anchor."""
        return self.down.cost(rows) + self.across.cost(cols)


@dataclass(frozen=True)
class PartModel:
    """A root and its parts; without parts it is the HOG detector of Dalal and Triggs.

    Attributes
    ----------
    root : ndarray (9, 9, 2, 2, 9), float64
        Weights for the blocks of the coarse level.
    bias : float
        Added to every score, so that 0 is the border between face and no face.
    parts : tuple of Part
    """

    root: np.ndarray
    bias: float
    parts: tuple[Part, ...] = ()

    def stiffened(self, factor: float) -> PartModel:
        """Return the same model with springs that cost ``factor`` times as much.

        Raises
        ------
        ValueError
            If the factor is not above 0.
        """
        if not factor > 0:
            raise ValueError(f"Springs need a stiffness above 0, not {factor}.")
        return replace(
            self,
            parts=tuple(
                replace(part, down=part.down.times(factor), across=part.across.times(factor))
                for part in self.parts
            ),
        )


@dataclass(frozen=True)
class Levels:
    """One picture on two HOG maps, the second with twice the resolution.

    Attributes
    ----------
    coarse : ndarray (R − 1, C − 1, 2, 2, 9), float64
        The blocks of R × C cells.
    make_fine : callable
        Computes `fine`.
    """

    coarse: np.ndarray
    make_fine: Callable[[], np.ndarray]

    @cached_property
    def fine(self) -> np.ndarray:
        """The blocks of 2 R × 2 C cells: ndarray (2 R − 1, 2 C − 1, 2, 2, 9), float64.

        Computed when first asked for: a model without parts never looks at them.
        """
        return self.make_fine()


@dataclass(frozen=True)
class PartMap:
    """One part on one picture.

    Attributes
    ----------
    part : Part
    matches : ndarray (r, c), float64
        The filter's answer at each place; its first cell lies in that row and column.
    best : BestPlaces
        For each anchor the best place and its match minus cost: the distance transform.
    """

    part: Part
    matches: np.ndarray
    best: BestPlaces


@dataclass(frozen=True)
class ScoreMaps:
    """What a model finds on one picture.

    Attributes
    ----------
    root : ndarray (R, C), float64
        The root filter's answers plus the bias, for each place of the root.
    parts : tuple of PartMap
    total : ndarray (R, C), float64
        Root plus the best of each part.
    """

    root: np.ndarray
    parts: tuple[PartMap, ...]
    total: np.ndarray


@dataclass(frozen=True)
class PartScore:
    """What one part adds to the score."""

    name: str
    match: float
    cost: float

    @property
    def score(self) -> float:
        """Match minus cost."""
        return self.match - self.cost


@dataclass(frozen=True)
class Scored:
    """A face with its parts at given places, added up.

    Attributes
    ----------
    root : float
        The root's match plus the bias.
    parts : tuple of PartScore
    """

    root: float
    parts: tuple[PartScore, ...]

    @property
    def total(self) -> float:
        """Root plus every part's match minus cost."""
        return self.root + sum(part.score for part in self.parts)


def two_levels(image: np.ndarray, rows: int = ROOT_CELLS, cols: int = ROOT_CELLS) -> Levels:
    """Return the HOG maps of a picture, resized to rows × cols cells and to twice as many.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    rows, cols : int
        Cells of the coarse level, at least 2.

    Raises
    ------
    ValueError
        If it is not an image.

    Examples
    --------
    >>> from aml4d_utils.images import faces
    >>> levels = two_levels(faces().test_faces[0])
    >>> levels.coarse.shape, levels.fine.shape
    ((9, 9, 2, 2, 9), (19, 19, 2, 2, 9))
    """
    picture = grey(image)

    def blocks(cell: int) -> np.ndarray:
        return hog(resized(picture, rows * cell, cols * cell), SETTINGS).blocks

    return Levels(blocks(CELL), lambda: blocks(2 * CELL))


def resized(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return a grey picture (H, W), float32 in [0, 1], with another number of pixels."""
    import cv2

    shrinks = height <= picture.shape[0] and width <= picture.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(np.asarray(picture, dtype=np.float32), (width, height), interpolation=how)


def score_maps(model: PartModel, levels: Levels) -> ScoreMaps:
    """Score every place of the root, with every part at its best place.

    Parameters
    ----------
    model : PartModel
    levels : Levels
        At least as large as the root.

    Raises
    ------
    ValueError
        If the picture is smaller than the root.
    """
    root = window_scores(levels.coarse, model.root, model.bias)
    total = root.copy()
    maps = []
    for part in model.parts:
        matches = window_scores(levels.fine, part.weights)
        best = best_places(matches, part.down, part.across)
        maps.append(PartMap(part, matches, best))
        total += best.scores[_anchors(part, root.shape)]
    return ScoreMaps(root, tuple(maps), total)


def _anchors(part: Part, shape: tuple[int, int]) -> tuple[slice, slice]:
    """Return the anchors of a part for every place of the root: each second cell."""
    (top, left), (rows, cols) = part.anchor, shape
    return np.s_[top : top + 2 * rows : 2, left : left + 2 * cols : 2]


def anchor_of(part: Part, root: tuple[int, int]) -> tuple[int, int]:
    """Return the cell of the fine level at which a part's spring is at rest.

    Parameters
    ----------
    part : Part
    root : tuple of int
        Row and column of the root, in cells of the coarse level.
    """
    return 2 * root[0] + part.anchor[0], 2 * root[1] + part.anchor[1]


def best_root(maps: ScoreMaps) -> tuple[int, int]:
    """Return the place of the root with the highest score."""
    row, col = np.unravel_index(int(maps.total.argmax()), maps.total.shape)
    return int(row), int(col)


def best_places_of(maps: ScoreMaps, root: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Return for each part the best place (row, col) for one place of the root."""
    places = []
    for found in maps.parts:
        anchor = anchor_of(found.part, root)
        places.append((int(found.best.rows[anchor]), int(found.best.cols[anchor])))
    return tuple(places)


def score_placed(
    maps: ScoreMaps, root: tuple[int, int], places: tuple[tuple[int, int], ...]
) -> Scored:
    """Add up the score of a face whose parts lie at given places.

    Parameters
    ----------
    maps : ScoreMaps
    root : tuple of int
        Row and column of the root, in cells of the coarse level.
    places : tuple of N tuples of int
        Row and column of each part's first cell, in cells of the fine level.

    Raises
    ------
    ValueError
        If there are not as many places as parts, or one lies outside the picture.
    """
    if len(places) != len(maps.parts):
        raise ValueError(f"Expected {len(maps.parts)} places, one a part, but got {len(places)}.")
    parts = []
    for found, (row, col) in zip(maps.parts, places, strict=True):
        rows, cols = found.matches.shape
        if not (0 <= row < rows and 0 <= col < cols):
            raise ValueError(
                f"The {found.part.name} can lie in rows 0 to {rows - 1} and columns 0 to "
                f"{cols - 1}, not at {row}, {col}."
            )
        top, left = anchor_of(found.part, root)
        cost = float(found.part.cost(row - top, col - left))
        parts.append(PartScore(found.part.name, float(found.matches[row, col]), cost))
    return Scored(float(maps.root[root]), tuple(parts))
