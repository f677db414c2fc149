"""Deform, cover and turn a face, and see how long a rigid and a jointed model still find it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils.images import grey
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.part_models.part_model import (
    CELL,
    ROOT_CELLS,
    Levels,
    PartModel,
    ScoreMaps,
    best_places_of,
    resized,
    score_maps,
    two_levels,
)
from aml4d_utils.topics.part_models.part_training import TrainingStep

SIDE = 2 * CELL * ROOT_CELLS
"""Side of a deformed face, in pixels of the fine level."""
KINDS = ("mouth", "shift", "turn", "cover")
AMOUNTS = {
    "mouth": tuple(range(-16, 17, 4)),
    "shift": tuple(range(-20, 21, 5)),
    "turn": tuple(range(-48, 49, 12)),
    "cover": tuple(range(0, 71, 10)),
}
"""How far each deformation is tried."""
EDGES = ("below", "right")

_MOUTH = (72.0, 42.0)
_SPREAD = (14.0, 26.0)
_COVER = 0.35


@dataclass(frozen=True)
class Deformation:
    """What is done to a face.

    Attributes
    ----------
    mouth : float
        How far the mouth is pushed down, in per cent of the face; below 0 it goes up.
    shift : float
        How far the whole face is moved to the right, in per cent of the face.
    turn : float
        By how many degrees the face is turned, anticlockwise.
    cover : float
        How much of the face is hidden behind plain grey, in per cent.
    edge : str
        From where the cover comes: one of `EDGES`.
    """

    mouth: float = 0.0
    shift: float = 0.0
    turn: float = 0.0
    cover: float = 0.0
    edge: str = "below"


@dataclass(frozen=True)
class DeformedFace:
    """One deformed face and what both models make of it.

    Attributes
    ----------
    picture : ndarray (100, 100), float32 in [0, 1]
    deformation : Deformation
    root_only, with_parts : float
        The scores of the root filter alone and of the part model; a face above 0.
    maps : ScoreMaps
        Of the part model.
    """

    picture: np.ndarray
    deformation: Deformation
    root_only: float
    with_parts: float
    maps: ScoreMaps

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Where the part model puts the parts."""
        return best_places_of(self.maps, (0, 0))


@dataclass(frozen=True)
class Sweep:
    """How many faces are still found under more and more of one deformation.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    amounts : tuple of float
    root_only, with_parts : tuple of int
        How many of the faces each model finds, for the amounts done so far.
    faces : int
    fraction : float
        How much is done, 0 to 1.
    """

    kind: str
    amounts: tuple[float, ...]
    root_only: tuple[int, ...]
    with_parts: tuple[int, ...]
    faces: int
    fraction: float

    def intervals(self, found: Sequence[int]) -> np.ndarray:
        """Return the 95 % intervals (Wilson) of counts of found faces, ndarray (n, 2)."""
        return np.array([wilson(count / self.faces, self.faces) for count in found])


def deform(face: np.ndarray, deformation: Deformation) -> np.ndarray:
    """Deform a face: first its mouth moves, then all of it moves and turns, then it is covered.

    Parameters
    ----------
    face : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
        Cut close around the face, as the faces of ``images.faces()`` are.
    deformation : Deformation

    Returns
    -------
    ndarray (100, 100), float32 in [0, 1]
        Grey. Where a moved or turned face ends, its last pixels are repeated.

    Raises
    ------
    ValueError
        If it is not an image, or a number is not finite.

    Examples
    --------
    >>> from aml4d_utils.images import faces
    >>> half = deform(faces().test_faces[0], Deformation(cover=50))
    >>> half.shape, float(half[50:].min()) == float(half[50:].max())
    ((100, 100), True)
    """
    import cv2

    numbers = deformation.mouth, deformation.shift, deformation.turn, deformation.cover
    if not np.isfinite(numbers).all():
        raise ValueError(f"A deformation needs finite numbers, not {numbers}.")
    if deformation.edge not in EDGES:
        raise ValueError(f"A cover comes from {' or '.join(EDGES)}, not from {deformation.edge!r}.")
    picture = resized(grey(face), SIDE, SIDE)
    if deformation.mouth:
        rows, cols = np.indices(picture.shape, dtype=np.float32)
        near = np.exp(
            -(((rows - _MOUTH[0]) / _SPREAD[0]) ** 2) - ((cols - _MOUTH[1]) / _SPREAD[1]) ** 2
        )
        push = (deformation.mouth * SIDE / 100 * near).astype(np.float32)
        picture = cv2.remap(
            picture, cols, rows - push, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    if deformation.turn or deformation.shift:
        middle = ((SIDE - 1) / 2, (SIDE - 1) / 2)
        matrix = cv2.getRotationMatrix2D(middle, deformation.turn, 1)
        matrix[0, 2] += deformation.shift * SIDE / 100
        picture = cv2.warpAffine(
            picture, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    covered = round(np.clip(deformation.cover, 0, 100) * SIDE / 100)
    if covered:
        part = (
            np.s_[SIDE - covered :] if deformation.edge == "below" else np.s_[:, SIDE - covered :]
        )
        picture[part] = _COVER
    return np.clip(picture, 0, 1)


def score_deformed(
    trained: TrainingStep, face: np.ndarray, deformation: Deformation
) -> DeformedFace:
    """Deform a face and let both models score it, in the window where it is known to be.

    Parameters
    ----------
    trained : TrainingStep
    face : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    deformation : Deformation
    """
    picture = deform(face, deformation)
    levels = two_levels(picture)
    maps = score_maps(trained.model, levels)
    return DeformedFace(
        picture, deformation, _score(trained.root_only, levels), float(maps.total[0, 0]), maps
    )


def score_curve(
    trained: TrainingStep, face: np.ndarray, deformation: Deformation, kind: str
) -> np.ndarray:
    """Return both scores for all `AMOUNTS` of one deformation, the others staying as they are.

    Returns
    -------
    ndarray (n, 2), float64
        Root alone, and with parts.
    """
    curve = []
    for amount in AMOUNTS[kind]:
        levels = two_levels(deform(face, replace(deformation, **{kind: float(amount)})))
        curve.append([_score(trained.root_only, levels), _score(trained.model, levels)])
    return np.array(curve)


def sweep(trained: TrainingStep, faces: np.ndarray, kind: str) -> Iterator[Sweep]:
    """Deform many faces more and more, and count how many each model still finds.

    Parameters
    ----------
    trained : TrainingStep
    faces : ndarray (N, H, W), float in [0, 1]
        Held-out ones, else the count is too good.
    kind : str
        One of `KINDS`.

    Yields
    ------
    Sweep
        After each amount.

    Raises
    ------
    ValueError
        If there is no face or no such kind.

    Notes
    -----
    For a lesson: ``result = await run(sweep(trained, images.faces().test_faces, "turn"),
    describe=figures.describe_sweep)``. A prediction that fits: "Turned by 30 degrees, how many of
    40 faces does the part model still find?"
    """
    if kind not in KINDS:
        raise ValueError(f"A face can be deformed by {', '.join(KINDS)}, not by {kind!r}.")
    if len(faces) == 0:
        raise ValueError("Expected at least one face, but got none.")
    amounts = AMOUNTS[kind]
    found: list[list[int]] = [[], []]
    for number, amount in enumerate(amounts):
        levels = [two_levels(deform(face, Deformation(**{kind: float(amount)}))) for face in faces]
        for counts, model in zip(found, (trained.root_only, trained.model), strict=True):
            counts.append(sum(_score(model, each) > 0 for each in levels))
        yield Sweep(
            kind,
            tuple(float(done) for done in amounts[: number + 1]),
            tuple(found[0]),
            tuple(found[1]),
            len(faces),
            (number + 1) / len(amounts),
        )


def _score(model: PartModel, levels: Levels) -> float:
    return float(score_maps(model, levels).total[0, 0])
