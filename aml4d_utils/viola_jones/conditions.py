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
        Condition("tilt", "tilt, degrees", (-90, *range(-60, 61, 10), 90), turned),
        Condition(
            "darkness", "light left", (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.6, 0.8, 1),
            darkened,
        ),
        Condition("mask", "face covered from below", tuple(n / 10 for n in range(10)), covered),
        Condition(
            "size", "height of the face, pixels", (10, 15, 18, 21, 24, 27, 30, 35, 40, 50), shrunken
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Sweep:
    """In how many faces a detector still finds a face.

    Attributes
    ----------
    condition : Condition
    values : ndarray (K,), float
        The values tried so far.
    found : ndarray (K,), int
        Faces in which at least one face was found.
    count : int
        How many faces there are.
    fraction : float
        How much of the work is done, 0 to 1.
    """

    condition: Condition
    values: np.ndarray
    found: np.ndarray
    count: int
    fraction: float

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


def sweep(
    name: str, faces: np.ndarray, detect: Callable[[np.ndarray], Detections]
) -> Iterator[Sweep]:
    """Try a detector on all faces under a condition, from its first value to its last.

    Parameters
    ----------
    name : str
        One of `CONDITIONS`.
    faces : ndarray (N, S, S), float in [0, 1]
    detect : callable
        Takes a grey picture (H, W) in [0, 1].

    Yields
    ------
    Sweep
        One more value each time.

    Raises
    ------
    ValueError
        If there is no such condition.
    """
    if name not in CONDITIONS:
        raise ValueError(f"There is no condition {name!r}; choose {', '.join(CONDITIONS)}.")
    condition = CONDITIONS[name]
    ready = [in_margin(face) for face in faces]
    values: Sequence[float] = condition.values
    found: list[int] = []
    for value in values:
        found.append(sum(len(detect(condition.apply(face, value))) > 0 for face in ready))
        done = len(found)
        yield Sweep(
            condition,
            np.array(values[:done], dtype=float),
            np.array(found),
            len(faces),
            done / len(values),
        )
