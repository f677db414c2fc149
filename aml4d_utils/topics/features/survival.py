"""How many right matches survive while one thing about the second view changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils.topics.features.keypoints import Keypoints
from aml4d_utils.topics.features.transforms import View
from aml4d_utils.topics.features.two_views import TwoViews, look_twice

RANGES: dict[str, tuple[float, ...]] = {
    "rotation": tuple(range(-180, 181, 30)),
    "scale": (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.45, 1.6),
    "tilt": tuple(range(-70, 71, 14)),
    "brightness": (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8),
    "noise": (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.16, 0.2),
}
"""Fields of `View` and the values at which the right matches are counted."""

Known = dict[View, tuple[np.ndarray, np.ndarray]]
"""Views that were looked at already: ratio of each match, and whether it is right."""


@dataclass(frozen=True)
class Survival:
    """The matches of one view, and how many right ones there are in views like it.

    Attributes
    ----------
    two : TwoViews
    view : View
    ratio : float
        Of the ratio test.
    right, wrong : int
        Matches of this view that pass it.
    along : str
        The field of `View` that changes along the curve.
    values : ndarray (K,), float64
        Its values so far, growing; this view's own is among them.
    counts : ndarray (K,), int
        Right matches that pass the ratio test at each.
    fraction : float in [0, 1]
        How much of the curve is there.
    """

    two: TwoViews
    view: View
    ratio: float
    right: int
    wrong: int
    along: str
    values: np.ndarray
    counts: np.ndarray
    fraction: float


def survival(
    photo: np.ndarray,
    first: Keypoints,
    view: View,
    side: int,
    *,
    along: str = "rotation",
    ratio: float = 0.8,
    known: Known | None = None,
) -> Iterator[Survival]:
    """Match one view at once, then count right matches along one of its numbers, step by step.

    Parameters
    ----------
    photo : ndarray (H, W, 3), float in [0, 1]
    first : Keypoints
        Of the photo.
    view : View
    side : int
        Of the window, in pixels.
    along : str
        A key of ``RANGES``.
    ratio : float
        Of the ratio test.
    known : dict, optional
        Filled with every view that is looked at; what it holds already is not computed again.

    Yields
    ------
    Survival
        The first one with the points of the curve that are known already.

    Raises
    ------
    ValueError
        If there is no such range, or the photo is no image or too small.
    """
    if along not in RANGES:
        raise ValueError(f"Expected one of {', '.join(RANGES)}, but got {along!r}.")
    known = {} if known is None else known
    two = look_twice(photo, view, side, first)
    known[view] = two.matches.ratio, two.right
    here = getattr(view, along)
    views = {float(v): replace(view, **{along: v}) for v in sorted({here, *RANGES[along]})}

    def record() -> Survival:
        done = {v: _count(known[seen], ratio) for v, seen in views.items() if seen in known}
        right, wrong = _count(known[view], ratio)
        return Survival(
            two=two,
            view=view,
            ratio=ratio,
            right=right,
            wrong=wrong,
            along=along,
            values=np.array(list(done)),
            counts=np.array([count for count, _ in done.values()]),
            fraction=len(done) / len(views),
        )

    yield record()
    for seen in views.values():
        if seen not in known:
            other = look_twice(photo, seen, side, first)
            known[seen] = other.matches.ratio, other.right
            yield record()


def _count(outcome: tuple[np.ndarray, np.ndarray], ratio: float) -> tuple[int, int]:
    """Return how many right and wrong matches pass the ratio test."""
    ratios, right = outcome
    kept = ratios < ratio
    return int((kept & right).sum()), int((kept & ~right).sum())
