"""Train the part model: filters, springs, and where the parts lie, which nobody has marked.

Only the whole faces are known, not where their parts lie. So two steps take turns, as in [1]_:
the parts are put where the present model likes them best, and the model is fitted to all faces
with their parts at these places, against the windows without a face that it likes best. One linear
support vector machine learns the root filter, all part filters and all springs together.

References
----------
.. [1] P. F. Felzenszwalb, R. B. Girshick, D. McAllester and D. Ramanan, "Object detection with
   discriminatively trained part-based models", IEEE TPAMI 32(9), 2010, doi:10.1109/TPAMI.2009.167.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aml4d_utils.images import Faces, faces, fit, grey, photo
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.hog.window_scores import all_windows
from aml4d_utils.topics.part_models.distance_transform import Spring
from aml4d_utils.topics.part_models.part_model import (
    CELL,
    ROOT_CELLS,
    Levels,
    Part,
    PartModel,
    ScoreMaps,
    anchor_of,
    best_places_of,
    score_maps,
    two_levels,
)
from aml4d_utils.topics.viola_jones.cascade_training import WITHOUT_FACES

OTHER_PHOTOS = ("flower", "retina", "hubble_deep_field")
"""Bundled photos without a face from which nothing is learned; `WITHOUT_FACES` are for training,
the same as for the boosted cascade, so that both have seen the same."""
FIRST_PARTS = (
    ("left eye", (4, 2), (6, 6)),
    ("right eye", (4, 9), (6, 6)),
    ("nose", (8, 5), (6, 6)),
    ("mouth", (12, 4), (5, 8)),
)
"""Name, anchor and size of each part in cells of the fine level, read off the mean of the training
faces: an average of faces that are aligned shows where eyes, nose and mouth are. Left and right
are those of the picture."""
FIRST_SPRING = 0.08
LEAST_SPRING = 0.02
"""No spring gets softer than this, so that a part cannot leave; the paper sets a limit too."""

_SIZES = (160, 320)
_PENALTY = 0.1
_FACE_WEIGHT = 4.0
_ROOT_ROUNDS = 3
_ROUNDS = 3
_DRAWN, _HARDEST = 60, 40
_ROOT_BLOCKS = ROOT_CELLS - 1, ROOT_CELLS - 1


@dataclass(frozen=True)
class TrainingStep:
    """The state of the training after one step.

    Attributes
    ----------
    what : str
        What has just been done, in a few words.
    root_only : PartModel
        The root filter alone: HOG and a linear support vector machine.
    model : PartModel
        Root and parts as far as they are; equal to `root_only` before there are parts.
    faces, others : int
        How many examples of each the last fit has seen.
    moved : float
        How far the parts of the training faces lie from their anchors on average, in cells.
    fraction : float
        How much of the work is done, 0 to 1.
    """

    what: str
    root_only: PartModel
    model: PartModel
    faces: int
    others: int
    moved: float
    fraction: float


def train_part_model(
    rng: np.random.Generator,
    data: Faces | None = None,
    photos: Sequence[np.ndarray] | None = None,
) -> Iterator[TrainingStep]:
    """Train a root and a part model on the training faces, in a few seconds.

    Parameters
    ----------
    rng : numpy.random.Generator
        Chooses the windows without a face that the first fit sees.
    data : Faces, optional
        By default ``images.faces()``; only its training part is looked at.
    photos : sequence of ndarray (H, W, 3), optional
        Without a face; by default those of `WITHOUT_FACES`.

    Yields
    ------
    TrainingStep
        The last one has the finished model.

    Notes
    -----
    Against the paper: one aspect (no mixture of views), anchors placed by hand, block-normalised
    HOG of 36 numbers a block, few rounds. The springs' linear and quadratic terms are learned.
    """
    data = faces() if data is None else data
    photos = [photo(name) for name in WITHOUT_FACES] if photos is None else photos
    steps = 2 + _ROOT_ROUNDS + _ROUNDS
    shown = [two_levels(face) for face in data.train_faces]
    others = [two_levels(other) for other in data.train_others]
    wide = [levels for image in photos for levels in photo_levels(image)]

    positives = np.array([levels.coarse.ravel() for levels in shown], dtype=np.float32)
    negatives = np.array([levels.coarse.ravel() for levels in others], dtype=np.float32)
    drawn = [_drawn(levels.coarse, *_ROOT_BLOCKS, rng) for levels in wide]
    negatives = np.concatenate([negatives, *drawn])
    for number in range(_ROOT_ROUNDS):
        weights, bias = fit_svm(positives, negatives)
        root_only = PartModel(_as_root(weights), bias)
        yield TrainingStep(
            f"root filter, round {number + 1} of {_ROOT_ROUNDS}",
            root_only,
            root_only,
            len(positives),
            len(negatives),
            0.0,
            (1 + number) / steps,
        )
        negatives = negatives[negatives @ weights + bias > -1.05]
        hardest = [
            _vectors(levels.coarse, *_ROOT_BLOCKS, _hardest(root_only, levels)) for levels in wide
        ]
        negatives = np.concatenate([negatives, *hardest])

    model = PartModel(root_only.root, root_only.bias, _first_parts(shown, wide, rng))
    negatives = np.empty((0, _length(model)), dtype=np.float32)
    yield TrainingStep(
        "first part filters",
        root_only,
        model,
        len(positives),
        len(wide) * _DRAWN,
        0.0,
        (1 + _ROOT_ROUNDS) / steps,
    )
    for number in range(_ROUNDS):
        seen = [(levels, score_maps(model, levels)) for levels in shown]
        positives = np.array([_vector(levels, maps, (0, 0)) for levels, maps in seen])
        moved = float(np.mean([_moved(maps) for _, maps in seen]))
        found = [negatives]
        for levels in wide:
            maps = score_maps(model, levels)
            places = _most(maps.total, _HARDEST, None if number == 0 else -1.0)
            if number == 0:
                places = np.concatenate([places, rng.choice(maps.total.size, _DRAWN // 2)])
            found += [
                _vector(levels, maps, np.unravel_index(place, maps.total.shape))[None]
                for place in places
            ]
        if number == 0:
            found += [_vector(levels, score_maps(model, levels), (0, 0))[None] for levels in others]
        negatives = np.concatenate(found)
        weights, bias = fit_svm(positives, negatives)
        model = _unpacked(model, weights, bias)
        yield TrainingStep(
            f"parts placed anew, all filters and springs, round {number + 1} of {_ROUNDS}",
            root_only,
            model,
            len(positives),
            len(negatives),
            moved,
            (2 + _ROOT_ROUNDS + number) / steps if number + 1 < _ROUNDS else 1.0,
        )
        negatives = negatives[negatives @ weights + bias > -1.05]


@dataclass(frozen=True)
class HeldOut:
    """What a model says to pictures from which it has not learned.

    Attributes
    ----------
    faces, faces_found : int
        Held-out faces, and how many of them score above 0.
    others, others_found : int
        Held-out pictures without a face, and how many of them score above 0 all the same.
    windows, windows_found : int
        The same for the windows of the photos in `OTHER_PHOTOS`; neighbours overlap, so they are
        not independent.
    """

    faces: int
    faces_found: int
    others: int
    others_found: int
    windows: int
    windows_found: int

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of faces found lies with 95 % confidence (Wilson)."""
        return wilson(self.faces_found / self.faces, self.faces)


def check_on_held_out(model: PartModel, data: Faces | None = None) -> HeldOut:
    """Count what a model gets right and wrong on held-out pictures.

    Parameters
    ----------
    model : PartModel
    data : Faces, optional
        By default ``images.faces()``; only its test part is looked at.
    """
    data = faces() if data is None else data
    found, false = (
        sum(bool(score_maps(model, two_levels(picture)).total[0, 0] > 0) for picture in pictures)
        for pictures in (data.test_faces, data.test_others)
    )
    totals = [
        score_maps(model, levels).total
        for name in OTHER_PHOTOS
        for levels in photo_levels(photo(name), (130, 230, 400))
    ]
    return HeldOut(
        len(data.test_faces),
        found,
        len(data.test_others),
        false,
        sum(total.size for total in totals),
        sum(int((total > 0).sum()) for total in totals),
    )


@lru_cache
def trained_part_model() -> TrainingStep:
    """Train once in this kernel, with seed 0, and return the last step."""
    *_, last = train_part_model(np.random.default_rng(0))
    return last


def photo_levels(image: np.ndarray, sizes: Sequence[int] = _SIZES) -> list[Levels]:
    """Return the HOG maps of a photo, shrunk to several sizes.

    Parameters
    ----------
    image : ndarray (H, W, 3)
    sizes : sequence of int
        The longer side of the coarse level, in pixels. A size at which the root does not fit is
        left out.
    """
    levels = []
    for size in sizes:
        small = grey(fit(image, size))
        rows, cols = small.shape[0] // CELL, small.shape[1] // CELL
        if min(rows, cols) > ROOT_CELLS:
            levels.append(two_levels(grey(fit(image, 2 * size)), rows, cols))
    return levels


def fit_svm(positives: np.ndarray, negatives: np.ndarray) -> tuple[np.ndarray, float]:
    """Fit a linear support vector machine: weights (N,), float32, and bias.

    Parameters
    ----------
    positives, negatives : ndarray (P, N) and (M, N), float32
        A positive one counts four times, because there are few.

    Notes
    -----
    With many more numbers than examples it is fastest to give scikit-learn all dot products.
    """
    from sklearn.svm import SVC

    rows = np.concatenate([positives, negatives]).astype(np.float32)
    is_face = np.arange(len(rows)) < len(positives)
    machine = SVC(kernel="precomputed", C=_PENALTY, class_weight={1: _FACE_WEIGHT, 0: 1.0})
    machine.fit((rows @ rows.T).astype(np.float64), is_face.astype(int))
    weights = machine.dual_coef_[0].astype(np.float32) @ rows[machine.support_]
    return weights, float(machine.intercept_[0])


def _vectors(blocks: np.ndarray, high: int, wide: int, places: np.ndarray) -> np.ndarray:
    """Return the feature vectors of some windows, given by their flat places."""
    windows = all_windows(blocks, high, wide)
    chosen = windows[np.unravel_index(places, windows.shape[:2])]
    return chosen.reshape(len(chosen), math.prod(windows.shape[2:]))


def _drawn(blocks: np.ndarray, high: int, wide: int, rng: np.random.Generator) -> np.ndarray:
    """Return the feature vectors of windows drawn at random."""
    count = math.prod(all_windows(blocks, high, wide).shape[:2])
    return _vectors(blocks, high, wide, rng.permutation(count)[:_DRAWN]).astype(np.float32)


def _hardest(model: PartModel, levels: Levels) -> np.ndarray:
    return _most(score_maps(model, levels).total, _HARDEST, -1.0)


def _most(scores: np.ndarray, count: int, least: float | None) -> np.ndarray:
    """Return the flat places of the highest scores."""
    flat = scores.ravel()
    order = np.argsort(-flat, kind="stable")[:count]
    return order if least is None else order[flat[order] > least]


def _as_root(weights: np.ndarray) -> np.ndarray:
    return weights.astype(np.float64).reshape(ROOT_CELLS - 1, ROOT_CELLS - 1, 2, 2, -1)


def _first_parts(
    shown: list[Levels], wide: list[Levels], rng: np.random.Generator
) -> tuple[Part, ...]:
    """Fit each part filter alone, to what lies at its anchor in all training faces."""
    parts = []
    for name, (top, left), (height, width) in FIRST_PARTS:
        high, broad = height - 1, width - 1
        place = np.s_[top : top + high, left : left + broad]
        positives = np.array([levels.fine[place].ravel() for levels in shown])
        negatives = [_drawn(levels.fine, high, broad, rng) for levels in wide]
        weights, _ = fit_svm(positives, np.concatenate(negatives))
        shape = (high, broad, *shown[0].fine.shape[2:])
        # Root and parts share the work, so each starts with less than a filter alone.
        weights = 0.5 * weights.astype(np.float64).reshape(shape)
        spring = Spring(0.0, FIRST_SPRING)
        parts.append(Part(name, weights, (top, left), spring, spring))
    return tuple(parts)


def _length(model: PartModel) -> int:
    return model.root.size + sum(part.weights.size + 4 for part in model.parts)


def _vector(levels: Levels, maps: ScoreMaps, root: Sequence[int]) -> np.ndarray:
    """Return all that the score is linear in: blocks under the filters, then displacements."""
    row, col = int(root[0]), int(root[1])
    side = ROOT_CELLS - 1
    pieces = [levels.coarse[row : row + side, col : col + side].ravel()]
    moves = []
    places = best_places_of(maps, (row, col))
    for found, (top, left) in zip(maps.parts, places, strict=True):
        high, broad = found.part.weights.shape[:2]
        pieces.append(levels.fine[top : top + high, left : left + broad].ravel())
        anchor = anchor_of(found.part, (row, col))
        down, across = top - anchor[0], left - anchor[1]
        moves += [-down, -down * down, -across, -across * across]
    return np.concatenate([*pieces, moves]).astype(np.float32)


def _moved(maps: ScoreMaps) -> float:
    places = best_places_of(maps, (0, 0))
    return float(
        np.mean(
            [
                np.hypot(top - found.part.anchor[0], left - found.part.anchor[1])
                for found, (top, left) in zip(maps.parts, places, strict=True)
            ]
        )
    )


def _unpacked(model: PartModel, weights: np.ndarray, bias: float) -> PartModel:
    weights = weights.astype(np.float64)
    at = model.root.size
    root = weights[:at].reshape(model.root.shape)
    filters = []
    for part in model.parts:
        filters.append(weights[at : at + part.weights.size].reshape(part.weights.shape))
        at += part.weights.size
    parts = []
    for part, filter_ in zip(model.parts, filters, strict=True):
        down, down2, across, across2 = weights[at : at + 4].tolist()
        at += 4
        parts.append(
            Part(
                part.name,
                filter_,
                part.anchor,
                Spring(down, max(down2, LEAST_SPRING)),
                Spring(across, max(across2, LEAST_SPRING)),
            )
        )
    return PartModel(root, bias, tuple(parts))
