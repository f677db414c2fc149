"""Pictures of a contest in the plane, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, plain
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.gan_2d.densities import CELLS, REACH
from aml4d_utils.topics.gan_2d.plane_lab import PlaneShot
from aml4d_utils.topics.gan_2d.rivalry import BALANCE
from aml4d_utils.widgets.colours import magnitude_to_rgb, signed_to_rgb

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ZOOM = 3
SIDE = ZOOM * CELLS
"""Pixels of a picture of the plane along a side."""

_REAL, _GENERATED = (20, 20, 20), (0, 140, 100)


def to_pixels(points: np.ndarray) -> np.ndarray:
    """Return the places (row, col) of points (..., 2) in a picture of the plane."""
    x, y = points[..., 0], points[..., 1]
    return np.stack([(REACH - y) / (2 * REACH) * SIDE, (x + REACH) / (2 * REACH) * SIDE], -1) - 0.5


def to_point(row: int, col: int) -> tuple[float, float]:
    """Return the point (x, y) under a pixel of a picture of the plane."""
    scale = 2 * REACH / SIDE
    return round((col + 0.5) * scale - REACH, 2), round(REACH - (row + 0.5) * scale, 2)


def answers_picture(shot: PlaneShot) -> np.ndarray:
    """Return what the discriminator says, with real points as dots and generated ones as plus."""
    picture = _heat(shot.answers)
    for point in shot.real:
        _stamp(picture, point, _DOT, _REAL)
    for point in shot.generated:
        _stamp(picture, point, _PLUS, _GENERATED)
    return picture


def best_picture(shot: PlaneShot) -> np.ndarray:
    """Return what the best discriminator would say."""
    return _heat(shot.best)


def mesh_picture(shot: PlaneShot) -> np.ndarray:
    """Return the density of generated points, with the generator's grid over it."""
    rgb, _, _ = magnitude_to_rgb(shot.q, 0.0, max(float(shot.q.max()), 1e-9))
    picture = rgb.repeat(ZOOM, 0).repeat(ZOOM, 1)
    for line in (*shot.mesh, *shot.mesh.transpose(1, 0, 2)):
        share = np.linspace(0, 1, 40)[:, None, None]
        path = ((1 - share) * line[:-1] + share * line[1:]).reshape(-1, 2)
        rows, cols = np.rint(to_pixels(path)).astype(int).T
        inside = (rows >= 0) & (rows < SIDE) & (cols >= 0) & (cols < SIDE)
        picture[rows[inside], cols[inside]] = 255
    return picture


def _heat(answers: np.ndarray) -> np.ndarray:
    rgb, _ = signed_to_rgb(answers - 0.5, 0.5)
    return rgb.repeat(ZOOM, 0).repeat(ZOOM, 1)


_DOT = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
_PLUS = np.array([(0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (0, -1), (0, -2), (-1, 0), (-2, 0)])


def _stamp(picture: np.ndarray, point: np.ndarray, mark: np.ndarray, colour: tuple) -> None:
    rows, cols = (np.rint(to_pixels(point)).astype(int) + mark).T
    inside = (rows >= 0) & (rows < SIDE) & (cols >= 0) & (cols < SIDE)
    picture[rows[inside], cols[inside]] = colour


def describe_contest(shot: PlaneShot) -> str:
    """Say how the contest stands."""
    if not len(shot.losses):
        losses = "Nothing is learned yet."
    else:
        discriminator, generator = shot.losses[-20:].mean(0)
        losses = (
            f"Losses, mean of the last rounds: discriminator {discriminator:.2f} nats "
            f"({BALANCE:.2f} is a tossed coin), generator {generator:.2f}."
        )
    broken = "A loss was no longer a number; the last good weights are back. " * shot.broken
    return (
        f"{broken}Round {shot.number}, {shot.learner} learning, {shot.plan}. {losses} "
        f"The generator reaches {percent(shot.covered)} of the real points; KL "
        f"{shot.divergence:.2f} nats. The discriminator is {shot.off_best:.2f} off the best one."
    )


def describe_answers(shot: PlaneShot) -> str:
    """Say how the discriminator answers to both sorts of points."""
    return (
        f"The plane in the colours of the discriminator: it says {_mean(shot.answers, shot.p)} "
        f"where real points (dots) are and {_mean(shot.answers, shot.q)} where generated ones "
        "(plus signs) are. Arrows: where its slope sends generated points."
    )


def describe_best(shot: PlaneShot) -> str:
    """Say how the best discriminator would answer."""
    return (
        f"The best discriminator there can be: {_mean(shot.best, shot.p)} where real points are, "
        f"{_mean(shot.best, shot.q)} where generated ones are."
    )


def describe_mesh(shot: PlaneShot) -> str:
    """Say how the generator spreads its points."""
    low, high = shot.mesh.reshape(-1, 2).min(0), shot.mesh.reshape(-1, 2).max(0)
    return (
        f"A regular grid, as the generator bends it: {plain(low[0], 1)} to {plain(high[0], 1)} "
        f"across and {plain(low[1], 1)} to {plain(high[1], 1)} upwards, over the density of its "
        "points."
    )


def _mean(answers: np.ndarray, density: np.ndarray) -> str:
    total = max(float(density.sum()), 1e-12)
    return percent(float((answers * density).sum()) / total)


def draw_planes(shots: Sequence[tuple[str, PlaneShot]]) -> Figure:
    """Draw the plane at several moments, each in the discriminator's colours."""
    figure = new_figure(2.6 * len(shots), 2.9)
    for ax, (name, shot) in zip(np.atleast_1d(figure.subplots(1, len(shots))), shots, strict=True):
        ax.imshow(answers_picture(shot))
        ax.set_title(name)
        ax.set_axis_off()
    return figure


def describe_planes(shots: Sequence[tuple[str, PlaneShot]]) -> str:
    """Say at each moment how far the generator reaches."""
    return " ".join(
        f"{name}: after {shot.number} rounds the generator reaches {percent(shot.covered)} of the "
        f"real points, KL {shot.divergence:.1f} nats."
        for name, shot in shots
    )
