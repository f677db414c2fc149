"""When does a face detector fail? Faces are turned, darkened, covered, shrunk, and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils.nets.detection import Detections

ENLARGED = 2
MARGIN = 10
"""Pixels of a small face that are added around it before it is enlarged."""


def turned(photo: np.ndarray, degrees: float) -> np.ndarray:
    """Turn a photo about its centre; what comes in from outside repeats the edge.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1]
    degrees : float
        Anticlockwise.
    """
    import cv2

    height, width = photo.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1)
    moved = cv2.warpAffine(
        photo.astype(np.float32), matrix, (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    return np.clip(moved, 0, 1)


def darkened(photo: np.ndarray, light: float) -> np.ndarray:
    """Leave a share of a photo's light; a camera then keeps it in steps of 1/255.

    Parameters
    ----------
    photo : ndarray, float in [0, 1]
    light : float
        From 0, black, to 1, the photo as it is; above 1 it is overexposed.
    """
    return np.rint(255 * np.clip(photo * light, 0, 1)).astype(np.float32) / 255


def covered(face: np.ndarray, share: float) -> np.ndarray:
    """Cover the lower part of a face in even grey, as a mask does.

    Parameters
    ----------
    face : ndarray (H, W), float in [0, 1]
        The face and `MARGIN` around it, as `in_margin` makes it.
    share : float in [0, 1]
        Of the face's height, from the chin upwards.
    """
    result = face.copy()
    margin = ENLARGED * MARGIN
    inside = face[margin:-margin, margin:-margin]
    first = margin + round((1 - share) * len(inside))
    result[first : margin + len(inside), margin:-margin] = inside.mean()
    return result


def shrunken(face: np.ndarray, pixels: float) -> np.ndarray:
    """Shrink a face in its margin until it is so many pixels high."""
    import cv2

    scale = pixels / (len(face) - 2 * ENLARGED * MARGIN)
    size = max(1, round(len(face) * scale))
    return cv2.resize(face.astype(np.float32), (size, size), interpolation=cv2.INTER_AREA)


def in_margin(face: np.ndarray) -> np.ndarray:
    """Enlarge a small face and put room around it that repeats its edge.

    Parameters
    ----------
    face : ndarray (S, S), float in [0, 1]

    Returns
    -------
    ndarray, float32 in [0, 1]
        ``ENLARGED * (S + 2 * MARGIN)`` pixels on each side.
    """
    import cv2

    wide = np.pad(np.asarray(face, dtype=np.float32), MARGIN, mode="edge")
    side = ENLARGED * len(wide)
    return np.clip(cv2.resize(wide, (side, side), interpolation=cv2.INTER_CUBIC), 0, 1)


@dataclass(frozen=True)
class Condition:
    """Something that happens to faces, by how much, in words for an axis."""

    name: str
    axis: str
    values: tuple[float, ...]
    apply: Callable[[np.ndarray, float], np.ndarray]


CONDITIONS: dict[str, Condition] = {
    condition.name: condition
    for condition in (
        Condition(
            "tilt", "tilt, degrees", (-90, -60, -45, -30, -20, -10, 0, 10, 20, 30, 45, 60, 90),
            turned,
        ),
        Condition("darkness", "light left", (0.05, 0.1, 0.2, 0.3, 0.5, 1), darkened),
        Condition("mask", "share covered from below", (0, 0.2, 0.4, 0.5, 0.6, 0.7), covered),
        Condition("size", "height of the face, pixels", (15, 20, 25, 30, 50), shrunken),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Sweep:
    """In how many faces a detector still finds a face, under one condition.

    Attributes
    ----------
    condition : Condition
    values : ndarray (K,), float
        The values tried so far.
    found : ndarray (K,), int
        Faces in which at least one face was found.
    count : int
        How many faces there are.
    """

    condition: Condition
    values: np.ndarray
    found: np.ndarray
    count: int

    @property
    def shares(self) -> np.ndarray:
        """Found faces as a share of all: ndarray (K,), float."""
        return self.found / self.count

    def limit(self, share: float = 0.5) -> tuple[float, float]:
        """Return the smallest and the largest value at which at least ``share`` are found.

        Both are NaN where that happens nowhere.
        """
        good = self.values[self.shares >= share]
        return (float(good.min()), float(good.max())) if len(good) else (np.nan, np.nan)

    def share_at(self, value: float) -> float:
        """Return the share of the faces found at a value, on the straight line between two."""
        return float(np.interp(value, self.values, self.shares))


@dataclass(frozen=True)
class Sweeps:
    """All conditions tried so far; ``sweeps["tilt"]`` is one of them.

    Attributes
    ----------
    done : dict of str to Sweep
        The last one may be unfinished.
    fraction : float
        How much of the work is done, 0 to 1.
    """

    done: dict[str, Sweep]
    fraction: float

    def __getitem__(self, name: str) -> Sweep:
        return self.done[name]


def sweep(
    faces: np.ndarray,
    detect: Callable[[np.ndarray], Detections],
    names: Sequence[str] = tuple(CONDITIONS),
) -> Iterator[Sweeps]:
    """Try a detector on all faces, condition after condition, value after value.

    Parameters
    ----------
    faces : ndarray (N, S, S), float in [0, 1]
    detect : callable
        Takes a grey picture (H, W) in [0, 1].
    names : sequence of str
        Of `CONDITIONS`.

    Yields
    ------
    Sweeps
        One more value each time.

    Raises
    ------
    ValueError
        If there is no such condition.
    """
    unknown = [name for name in names if name not in CONDITIONS]
    if unknown:
        raise ValueError(f"There is no condition {unknown[0]!r}; choose {', '.join(CONDITIONS)}.")
    ready = [in_margin(face) for face in faces]
    total = sum(len(CONDITIONS[name].values) for name in names)
    finished: dict[str, Sweep] = {}
    for name in names:
        condition = CONDITIONS[name]
        found: list[int] = []
        for value in condition.values:
            found.append(sum(len(detect(condition.apply(face, value))) > 0 for face in ready))
            values = np.array(condition.values[: len(found)], dtype=float)
            finished[name] = Sweep(condition, values, np.array(found), len(faces))
            tried = sum(len(one.values) for one in finished.values())
            yield Sweeps(dict(finished), tried / total)
