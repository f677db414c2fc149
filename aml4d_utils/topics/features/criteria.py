"""What makes a good feature, measured: found again, told apart, easy to track.

References
----------
.. [1] C. Schmid, R. Mohr and C. Bauckhage, "Evaluation of interest point detectors", International
   Journal of Computer Vision 37, 2000, doi:10.1023/A:1008199403446.
.. [2] B. D. Lucas and T. Kanade, "An iterative image registration technique with an application to
   stereo vision", IJCAI 1981.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import as_float, grey
from aml4d_utils.topics.features.detectors import DETECTORS, detect
from aml4d_utils.topics.features.scale_space import grey_levels
from aml4d_utils.topics.features.transforms import OUTSIDE, View, move_points
from aml4d_utils.topics.features.two_views import through_window

CHANGES: dict[str, tuple[str, float, float]] = {
    "turn": ("rotation", 0.0, 60.0),
    "shrink": ("scale", 1.0, 0.4),
    "viewpoint": ("tilt", 0.0, 60.0),
    "light": ("brightness", 1.0, 0.4),
    "noise": ("noise", 0.0, 0.2),
    "crop": ("crop", 0.0, 0.7),
}
"""Name → field of `View`, and its values without any change and with all of it."""
TOLERANCE = 2.0
"""How far from its true place a point may be, in pixels."""

_MARGIN = 8
_FRAMES = 5
_PATCH = 11
_GRID = 2
_ELSEWHERE = 5
_SMALLEST = 40


@dataclass(frozen=True)
class Criteria:
    """One detector, judged.

    Attributes
    ----------
    before : ndarray (N, 2), int
        Its points in the photo, as (row, col), the strongest first.
    after : ndarray (K, 2), int
        Its points in the second view.
    truth : ndarray (N, 2), float64
        Where the points of the photo are in the second view.
    in_view : ndarray (N,), bool
        Which of these the second view still shows; only they are judged.
    found : ndarray (N,), bool
        Which have a point of the second view within the tolerance.
    told_apart : ndarray (N,), bool
        Which of the found ones look more like the right place than like any other place.
    followed : ndarray (N,), bool
        Which ones a tracker holds while the change goes on in small steps.
    """

    before: np.ndarray
    after: np.ndarray
    truth: np.ndarray
    in_view: np.ndarray
    found: np.ndarray
    told_apart: np.ndarray
    followed: np.ndarray

    @property
    def repeatable(self) -> float:
        """Share of the points in view that are found again."""
        return _share(self.found, self.in_view)

    @property
    def distinct(self) -> float:
        """Share of the points found again that no other place of the photo resembles more."""
        return _share(self.told_apart, self.found & self.in_view)

    @property
    def trackable(self) -> float:
        """Share of the points in view that a tracker does not lose."""
        return _share(self.followed, self.in_view)


@dataclass(frozen=True)
class Judged:
    """Four detectors on one photo and one change of it.

    Attributes
    ----------
    photo, again : ndarray (H, W, 3) and (S, S, 3), float32 in [0, 1]
    view : View
    change : str
    by : dict of str to Criteria
        One for each detector.
    """

    photo: np.ndarray
    again: np.ndarray
    view: View
    change: str
    by: dict[str, Criteria]


def view_of(change: str, amount: float) -> View:
    """Return the view of a change.

    Parameters
    ----------
    change : str
        A key of ``CHANGES``.
    amount : float in [0, 1]

    Examples
    --------
    >>> view_of("turn", 0.5).rotation, view_of("shrink", 1).scale
    (30.0, 0.4)
    """
    if change not in CHANGES:
        raise ValueError(f"Expected one of {', '.join(CHANGES)}, but got {change!r}.")
    field, none, all_of_it = CHANGES[change]
    return View(**{field: none + amount * (all_of_it - none)})


def judge(
    photo: np.ndarray,
    change: str,
    amount: float,
    *,
    count: int = 80,
    side: int | None = None,
    known: dict[str, np.ndarray] | None = None,
) -> Judged:
    """Judge four detectors by the same three criteria.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
        At least 40 × 40 pixels.
    change : str
        A key of ``CHANGES``.
    amount : float in [0, 1]
    count : int
        Points of each detector.
    side : int, optional
        Of the second view's window; by default the photo's longer side.
    known : dict, optional
        The photo's points of each detector from `points_of`, where they are known already.

    Returns
    -------
    Judged

    Raises
    ------
    ValueError
        If it is not an image, or is too small, or there is no such change.
    """
    photo = as_float(photo)
    if min(photo.shape[:2]) < _SMALLEST:
        raise ValueError(
            f"Expected a photo of at least {_SMALLEST} × {_SMALLEST} pixels, but got "
            f"{photo.shape[0]} × {photo.shape[1]}."
        )
    view = view_of(change, amount)
    side = max(photo.shape[:2]) if side is None else side
    frames = _frames(photo, change, amount, side)
    again, matrix = frames[-1]
    tolerance = TOLERANCE * max(1.0, view.scale)
    allowed = _inside(photo.shape[:2], view, matrix, side)
    known = points_of(photo, count) if known is None else known
    followed = _followed(frames, {name: known[name][:count] for name in DETECTORS}, tolerance)
    look_alikes = LookAlikes(photo, again, matrix)
    by = {}
    for name in DETECTORS:
        before = known[name][:count]
        after = detect(again, name, count, allowed)
        truth = move_points(before, matrix)
        whole = np.rint(truth).astype(int)
        in_view = ((whole >= 0) & (whole < side)).all(axis=1)
        in_view[in_view] = allowed[tuple(whole[in_view].T)]
        nearest, which = _nearest(truth, after)
        found = in_view & (nearest <= tolerance)
        told_apart = np.zeros(len(before), dtype=bool)
        told_apart[found] = look_alikes.told_apart(before[found], after[which[found]])
        by[name] = Criteria(
            before, after, truth, in_view, found, told_apart, in_view & followed[name]
        )
    return Judged(photo, again, view, change, by)


def points_of(photo: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """Return the points of every detector that are not too near to the photo's border.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    count : int

    Returns
    -------
    dict of str to ndarray (N, 2), int
    """
    allowed = np.zeros(photo.shape[:2], dtype=bool)
    allowed[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN] = True
    return {name: detect(photo, name, count, allowed) for name in DETECTORS}


def _share(mask: np.ndarray, of: np.ndarray) -> float:
    return float(mask[of].mean()) if of.any() else 0.0


def _frames(
    photo: np.ndarray, change: str, amount: float, side: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Play the change in small steps: pictures through the window, and their matrices."""
    frames = []
    for step in range(_FRAMES + 1):
        view = view_of(change, amount * step / _FRAMES)
        seen = through_window(photo, view, side, np.random.default_rng(step))
        frames.append((seen.image, seen.matrix))
    return frames


def _inside(shape: tuple[int, int], view: View, matrix: np.ndarray, side: int) -> np.ndarray:
    """Return where in the window the photo is seen, away from its border."""
    back = np.linalg.inv(matrix)
    rows, cols = np.mgrid[:side, :side]
    places = move_points(np.column_stack([rows.ravel(), cols.ravel()]), back)
    cut = np.array([round(length * view.crop / 2) for length in shape])
    low, high = cut + _MARGIN, np.array(shape) - 1 - cut - _MARGIN
    inside = ((places >= low) & (places <= high)).all(axis=1).reshape(side, side)
    inside[[0, -1]] = inside[:, [0, -1]] = False
    return inside


def _nearest(truth: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distance to the nearest point, and which point it is."""
    from scipy.spatial import cKDTree

    if not len(points):
        return np.full(len(truth), np.inf), np.zeros(len(truth), dtype=np.intp)
    return cKDTree(points).query(truth)


class LookAlikes:
    """Looks for other places of a photo that resemble a point more than the right place does.

    The second view is turned and scaled back by what is known of it, so that only the place
    counts. Surroundings of 11 × 11 pixels are compared by their correlation, which does not mind
    brightness and contrast.

    Parameters
    ----------
    photo : ndarray (H, W, 3), float32 in [0, 1]
    again : ndarray (S, S, 3), float32 in [0, 1]
    matrix : ndarray (3, 3), float64
        Takes (row, col, 1) of the photo to the view.
    """

    def __init__(self, photo: np.ndarray, again: np.ndarray, matrix: np.ndarray) -> None:
        import cv2

        self._back = np.linalg.inv(matrix)
        swap = np.eye(3)[[1, 0, 2]]  # OpenCV's points are (x, y)
        height, width = photo.shape[:2]
        turned_back = cv2.warpPerspective(
            grey(again),
            swap @ matrix @ swap,
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=OUTSIDE,
        )
        self._photo, self._turned_back = (
            np.lib.stride_tricks.sliding_window_view(plane, (_PATCH, _PATCH))
            for plane in (grey(photo), turned_back)
        )
        places = self._turned_back[::_GRID, ::_GRID]
        self._places = places.shape[:2]
        self._elsewhere = _unit(places.reshape(-1, _PATCH**2))

    def told_apart(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Return which points resemble their own place in the second view most.

        Parameters
        ----------
        before : ndarray (N, 2), int
            In the photo.
        after : ndarray (N, 2), int
            The same points as they were found in the second view.

        Returns
        -------
        ndarray (N,), bool
        """
        half, limit = _PATCH // 2, np.array(self._photo.shape[:2]) - 1
        own = np.clip(before - half, 0, limit)
        there = np.clip(np.rint(move_points(after, self._back)).astype(int) - half, 0, limit)
        patches = _unit(self._photo[tuple(own.T)].reshape(-1, _PATCH**2))
        same = _unit(self._turned_back[tuple(there.T)].reshape(-1, _PATCH**2))
        right = (patches * same).sum(axis=1)
        others = (patches @ self._elsewhere.T).reshape(-1, *self._places)
        first, last = (own - _ELSEWHERE) // _GRID + 1, (own + _ELSEWHERE - 1) // _GRID + 1
        for scores, (top, left), (bottom, right_end) in zip(
            others, np.maximum(first, 0), last, strict=True
        ):
            scores[top:bottom, left:right_end] = -1
        return right > others.max(axis=(1, 2), initial=-1)


def _unit(patches: np.ndarray) -> np.ndarray:
    """Return patches (N, D) without their mean and with length 1; even ones are all zero."""
    centred = patches - patches.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return (centred / np.maximum(length, 1e-6)).astype(np.float32)


def _followed(
    frames: list[tuple[np.ndarray, np.ndarray]], before: dict[str, np.ndarray], tolerance: float
) -> dict[str, np.ndarray]:
    """Follow points from frame to frame with Lucas and Kanade's method."""
    import cv2

    points = np.concatenate(list(before.values()))
    held = np.ones(len(points), dtype=bool)
    if len(points):
        pictures = [grey_levels(image) for image, _ in frames]
        places = move_points(points, frames[0][1])[:, ::-1].astype(np.float32).reshape(-1, 1, 2)
        for old, new in zip(pictures[:-1], pictures[1:], strict=True):
            places, status, _ = cv2.calcOpticalFlowPyrLK(
                old, new, places, None, winSize=(13, 13), maxLevel=2
            )
            held &= status.ravel().astype(bool)
        truth = move_points(points, frames[-1][1])
        held &= np.linalg.norm(places[:, 0, ::-1] - truth, axis=1) <= tolerance
    ends = np.cumsum([len(found) for found in before.values()])[:-1]
    return dict(zip(before, np.split(held, ends), strict=True))
