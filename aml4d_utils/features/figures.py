"""Pictures of features, each with the words that describe it."""

from __future__ import annotations

from typing import Any

import numpy as np

from aml4d_utils.features.survival import Survival
from aml4d_utils.features.transforms import OUTSIDE, View
from aml4d_utils.features.two_views import TwoViews, measured_frames
from aml4d_utils.lesson.picture import circle, line

MOST_LINES = 30
APART = 11.0
"""Least distance of two keypoints whose matches are drawn, in pixels of the photo."""
FRAME = 3.0
"""Radius of a drawn frame, in sigmas of its keypoint."""
RIGHT, WRONG = 0, 3
"""Overlay colours: blue and vermilion."""

_GAP = 8


# --- two views -------------------------------------------------------------------------------


def side_by_side(two: TwoViews) -> np.ndarray:
    """Return the photo and its second view beside each other, as one picture."""
    height, width = two.photo.shape[:2]
    side = len(two.again)
    sheet = np.full((max(height, side), width + _GAP + side, 3), OUTSIDE, dtype=np.float32)
    top, left = _corners(two)
    sheet[top : top + height, :width] = two.photo
    sheet[:, width : width + _GAP] = 0.94
    sheet[left[0] : left[0] + side, left[1] : left[1] + side] = two.again
    return sheet


def match_overlays(two: TwoViews, ratio: float, most: int = MOST_LINES) -> list[dict[str, Any]]:
    """Return frames and lines of the strongest matches that pass the ratio test.

    Right ones are blue and whole, wrong ones vermilion and dashed.
    """
    shown = shown_matches(two, ratio, most)
    top, corner = _corners(two)
    before, after = np.array([top, 0]), np.array(corner)
    lines: list[dict[str, Any]] = []
    frames: list[dict[str, Any]] = []
    # Wrong ones last, on top: they are few.
    for index in shown[np.argsort(~two.right[shown], kind="stable")]:
        first, second = two.matches.first[index], two.matches.second[index]
        right = bool(two.right[index])
        style: dict[str, Any] = {"colour": RIGHT if right else WRONG, "dashed": not right}
        ends = two.first.positions[first] + before, two.second.positions[second] + after
        lines.append(line(*ends, width=1 if right else 2, **style))
        for end, points, which in zip(ends, (two.first, two.second), (first, second), strict=True):
            radius, angle = FRAME * points.sigmas[which], points.angles[which]
            frames.append(circle(*end, radius, angle=angle, width=2, **style))
    return lines + frames


def shown_matches(two: TwoViews, ratio: float, most: int = MOST_LINES) -> np.ndarray:
    """Return the indices of the matches that are drawn: strong keypoints, spread over the photo."""
    kept = np.flatnonzero(two.kept(ratio))
    strength = two.first.responses[two.matches.first[kept]]
    chosen: list[int] = []
    for index in kept[np.argsort(-strength, kind="stable")]:
        places = two.first.positions[two.matches.first[[*chosen, index]]]
        if len(chosen) < most and (np.linalg.norm(places[:-1] - places[-1], axis=1) > APART).all():
            chosen.append(int(index))
    return np.array(chosen, dtype=np.intp)


def describe_matches(result: Survival) -> str:
    """Say what the two views and their matches show."""
    two, total = result.two, result.right + result.wrong
    where = f"{describe_view(result.view)}."
    if not len(two.first):
        return (
            f"{where} SIFT finds 0 keypoints in the photo: where nothing changes, there is nothing "
            "to hold on to."
        )
    if not total:
        return (
            f"{where} Of {len(two.first)} keypoints in the photo and {len(two.second)} in the "
            f"second view, 0 matches pass the ratio test of {result.ratio:.2f}."
        )
    frames = measured_frames(two, result.ratio)
    words = (
        f"{where} {total} matches pass the ratio test, {result.right} of them right "
        f"({percent(result.right / total)})."
    )
    if not frames.count:
        return words
    return (
        f"{words} Measured by the frames of the right ones, the photo turned by "
        f"{signed(frames.turn, 0)}° and grew {frames.growth:.2f} times."
    )


def describe_view(view: View) -> str:
    """Say how a photo is looked at again."""
    parts = [f"turned by {signed(view.rotation, 0)}°", f"scale {view.scale:.2f}"]
    if view.tilt:
        parts.append(f"tilted by {signed(view.tilt, 0)}°")
    if view.crop:
        parts.append(f"{percent(view.crop)} cropped")
    if view.brightness != 1:
        parts.append(f"light × {view.brightness:.1f}")
    if view.noise:
        parts.append(f"noise {view.noise:.2f}")
    words = ", ".join(parts)
    return words[0].upper() + words[1:]


def describe_curve(result: Survival) -> str:
    """Say what the curve of surviving matches shows."""
    best, worst = result.counts.argmax(), result.counts.argmin()
    return (
        f"Right matches over {AXIS_NAMES[result.along]}: most, {result.counts[best]}, at "
        f"{signed(result.values[best])}; fewest, {result.counts[worst]}, at "
        f"{signed(result.values[worst])}; {result.right} in the view that is shown."
    )


AXIS_NAMES = {
    "rotation": "rotation, degrees",
    "scale": "scale, times",
    "tilt": "tilt, degrees",
    "brightness": "light, times",
    "noise": "noise, share of the full range",
}


AXIS_TICKS = {"rotation": (-180, -90, 0, 90, 180), "tilt": (-70, -35, 0, 35, 70)}


def _corners(two: TwoViews) -> tuple[int, tuple[int, int]]:
    """Return the photo's first row, and the window's first row and column, on the sheet."""
    height, width = two.photo.shape[:2]
    side = len(two.again)
    rows = max(height, side)
    return (rows - height) // 2, ((rows - side) // 2, width + _GAP)


# --- words -----------------------------------------------------------------------------------


def percent(share: float, digits: int = 0) -> str:
    """Return a share of 1 in per cent.

    Examples
    --------
    >>> percent(0.424), percent(0.8551, 1)
    ('42 %', '85.5 %')
    """
    return f"{100 * share:.{digits}f} %"


def signed(value: float, digits: int | None = None) -> str:
    """Return a number with a true minus sign, rounded to ``digits`` or as short as it is.

    Examples
    --------
    >>> signed(-30.0), signed(-0.2, 0), signed(0.4)
    ('−30', '0', '0.4')
    """
    text = f"{value:g}" if digits is None else f"{round(value, digits) + 0.0:.{digits}f}"
    return text.replace("-", "−")
