"""Pictures of poses and of the maps of all poses, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, plain
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.poses.asking import DETECTOR, NOTHING, Answer, accepted
from aml4d_utils.topics.poses.atlas import PoseMap, transfer
from aml4d_utils.topics.poses.posing import Pose
from aml4d_utils.widgets.colours import magnitude_to_rgb

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CELL = 20
"""Pixels of a pose on the map."""
_UNKNOWN = 200
_TICKS = (-180, -90, 0, 90, 180)


# --- one pose --------------------------------------------------------------------------------


def draw_poses(poses: Sequence[Pose], net: str = "Lite0") -> Figure:
    """Draw things in poses, each with a network's first guess."""
    figure = new_figure(2.3 * len(poses), 2.9)
    for axes, seen in zip(figure.subplots(1, len(poses), squeeze=False)[0], poses, strict=True):
        axes.imshow(seen.picture)
        answer = seen.answers[net]
        mark = "✓" if answer.right else "✗"
        axes.set_title(f"{mark} {answer.guess}\n{percent(answer.sureness)}", fontsize=11)
        axes.axis("off")
    return figure


def describe_poses(poses: Sequence[Pose], net: str = "Lite0") -> str:
    """Say what :func:`draw_poses` shows."""
    words = []
    for seen in poses:
        answer = seen.answers[net]
        words.append(
            f"the {seen.thing.name} at {angles(seen)} before grey {seen.ground:g}: {answer.guess}, "
            f"{percent(answer.sureness)} ({'right' if answer.right else 'wrong'})"
        )
    return f"{len(poses)} pictures, and {net}'s first guesses. " + "; ".join(words) + "."


def angles(seen: Pose) -> str:
    """Return the angles of a pose in words."""
    return ", ".join(
        f"{name} {plain(getattr(seen, name), 0)}°" for name in ("yaw", "pitch", "roll")
    )


def describe_pose(seen: Pose) -> str:
    """Say in one line what each network makes of a pose."""
    answers = "; ".join(f"{net}: {said(seen, net)}" for net in seen.answers)
    return f"{seen.thing.name.capitalize()} at {angles(seen)}. {answers}."


def said(seen: Pose, net: str) -> str:
    """Return what one network says of a pose, and whether it is right."""
    answer = seen.answers[net]
    if answer.guess == NOTHING:
        return "finds nothing"
    words = f"{answer.guess} {percent(answer.sureness)}"
    if not accepted(seen.thing, net):
        return f"{words}, and has no word for it"
    return f"{words}, {'right' if answer.right else 'wrong'}"


def bars_of(answer: Answer) -> list[tuple[str, float]]:
    """Return the first guesses of a network as words and shares, at least one."""
    return [(_short(word), round(share, 3)) for word, share in answer.first] or [(NOTHING, 0.0)]


def describe_bars(seen: Pose, net: str) -> str:
    """Say what the bars of one network show."""
    listed = ", ".join(f"{word} {percent(share)}" for word, share in bars_of(seen.answers[net]))
    what = "finds" if net == DETECTOR else "says"
    return f"{net} {what}: {listed}. Its first guess: {said(seen, net)}."


# --- the map ---------------------------------------------------------------------------------


def map_picture(poses: PoseMap) -> np.ndarray:
    """Draw a map with square poses as uint8 (R * CELL, C * CELL, 3).

    The colour is the probability of the right words, a white cross marks a wrong first guess.
    What was not asked yet takes the colour of the nearest pose that was, and no mark; grey is
    where none is near.
    """
    filled = _spread(poses)
    rgb, _, _ = magnitude_to_rgb(np.nan_to_num(filled), 0.0, 1.0)
    rgb[np.isnan(filled)] = _UNKNOWN
    picture = rgb.repeat(CELL, axis=0).repeat(CELL, axis=1)
    middle = np.arange(CELL // 3, CELL - CELL // 3)
    for row, column in np.argwhere(poses.asked & ~poses.right):
        rows, columns = row * CELL + middle, column * CELL + middle
        ink = 255 if filled[row, column] < 0.6 else 0
        picture[rows, columns] = ink
        picture[rows, columns[::-1]] = ink
    return picture


def _spread(poses: PoseMap) -> np.ndarray:
    """Give every pose that was not asked yet the value of the nearest one that was."""
    from scipy.ndimage import distance_transform_edt

    asked = poses.asked
    if not asked.any() or asked.all():
        return poses.probability
    distance, (rows, columns) = distance_transform_edt(~asked, return_indices=True)
    return np.where(distance < 1.5, poses.probability[rows, columns], np.nan)


def cell_of(poses: PoseMap, yaw: float, pitch: float) -> tuple[int, int]:
    """Return the pixel (row, column) of the map's picture where a pose lies."""
    row, column = poses.nearest(yaw, pitch)
    return row * CELL + CELL // 2, column * CELL + CELL // 2


def pose_at(poses: PoseMap, row: int, column: int) -> tuple[int, int]:
    """Return yaw and pitch, in degrees, of the pose under a pixel of the map's picture."""
    return int(poses.yaws[column // CELL]), int(poses.pitches[row // CELL])


def describe_map(poses: PoseMap) -> str:
    """Say how much of a map is misread, and as what."""
    asked = int(poses.asked[:, :-1].sum())
    if not asked:
        return f"Map of all poses for {poses.net}: none of {poses.probability.size} asked yet."
    words = ", ".join(f"{word} {percent(share)}" for word, share in poses.wrong_words[:3])
    return (
        f"Map of all poses of the {poses.name} at roll {plain(poses.roll, 0)}°: yaw from −180° to "
        f"180° across, pitch from 90° (from above) to −90° (from below) downwards. Of {asked} "
        f"poses that {poses.net} was asked it misreads {percent(poses.misread)} of the sphere"
        + (f", most often as {words}." if words else ".")
    )


def map_heading(maps: Mapping[str, PoseMap], net: str) -> str:
    """Return the line above a map: the share that is misread, and how far it transfers."""
    if not maps[net].asked.any():
        return f"every pose, {net}"
    shares = transfer(maps, net)
    others = [f"{other} {percent(share)}" for other, share in shares.items() if share is not None]
    also = f"; transfer: {', '.join(others)}" if others else ""
    return f"{net} misreads {percent(maps[net].misread)}{also}"


def draw_maps(maps: Mapping[str, PoseMap]) -> Figure:
    """Draw the maps of several networks side by side, with the share that each misreads."""
    figure = new_figure(3.4 * len(maps), 2.6)
    for axes, poses in zip(figure.subplots(1, len(maps), squeeze=False)[0], maps.values(),
                           strict=True):  # fmt: skip
        axes.imshow(map_picture(poses), extent=(-187.5, 187.5, -97.5, 97.5))
        axes.set_title(f"{poses.net}: {percent(poses.misread)} misread", fontsize=11)
        axes.set_xticks(_TICKS)
        axes.set_yticks((-90, 0, 90))
        axes.set_xlabel("yaw, degrees")
    figure.axes[0].set_ylabel("pitch, degrees")
    return figure


def describe_maps(maps: Mapping[str, PoseMap]) -> str:
    """Say what :func:`draw_maps` shows."""
    return " ".join(describe_map(poses) for poses in maps.values())


def describe_transfer(maps: Mapping[str, PoseMap]) -> str:
    """Say how many of the poses that fool one network fool another too."""
    words = []
    for name in maps:
        shares = transfer(maps, name)
        known = [f"{percent(share)} fool {o}" for o, share in shares.items() if share is not None]
        if known:
            words.append(f"of the poses that fool {name}, {' and '.join(known)}")
    return "Transfer: " + ("; ".join(words) if words else "0 poses fool any network") + "."


def _short(word: str, most: int = 19) -> str:
    return word if len(word) <= most else word[: most - 1].rstrip() + "…"
