"""Pictures of what a network forgives, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, plain
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.invariance.forgiveness import CHANGES, ForgivenessCurve, ViewpointCurve
from aml4d_utils.topics.invariance.one_pixel import ShiftedAnswers, Steadiness
from aml4d_utils.widgets.colours import OKABE_ITO, mosaic

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def in_rows(pictures: np.ndarray, columns: int) -> np.ndarray:
    """Lay pictures (N, h, w) or (N, h, w, 3), float in [0, 1], out in rows: uint8 RGB."""
    colour = pictures if pictures.ndim == 4 else np.repeat(pictures[..., None], 3, 3)
    return mosaic((colour * 255).round().astype(np.uint8), columns)


def describe_shifted(result: ShiftedAnswers) -> str:
    """Say what a network says of a photo where it lies, and how often it changes its mind."""
    changed = int(result.changed.sum())
    others = ", ".join(dict.fromkeys(top for top in result.tops if top != result.tops[0]))
    return (
        f"First guess {result.tops[0]}, {percent(result.chances[0])}; over "
        f"{len(result.shifts) - 1} shifts its probability runs from "
        f"{percent(result.chances.min())} to {percent(result.chances.max())}, and the first guess "
        f"is another one {changed} times" + (f": {others}." if others else ".")
    )


def describe_first_guesses(counted: Sequence[tuple[str, float, float]]) -> str:
    """Say in how many of the shifts each class comes first."""
    return "First guesses over all shifts: " + ", ".join(
        f"{name} in {percent(plain)} (with blur {percent(blurred)})"
        for name, plain, blurred in counted
    )


def draw_steadiness(results: Sequence[tuple[str, Steadiness]]) -> Figure:
    """Draw in how many photos one pixel changes a network's mind, with intervals."""
    figure = new_figure(7.6, 0.8 + 0.45 * len(results))
    ax = figure.subplots()
    places = np.arange(len(results))[::-1]
    shares = np.array([len(result.changed_photos) / result.photos for _, result in results])
    low, high = np.array([result.interval for _, result in results]).T
    ax.barh(places, shares, color=OKABE_ITO[0], height=0.6)
    ax.errorbar(shares, places, xerr=(shares - low, high - shares), fmt="none", ecolor="#57606a")
    ax.set_yticks(places, [name for name, _ in results])
    ax.set_xlim(0, max(0.5, float(high.max()) * 1.05))
    ax.set_xlabel("share of photos whose first guess one pixel changes")
    return figure


def describe_steadiness(results: Sequence[tuple[str, Steadiness]]) -> str:
    """Say how many photos changed the network's mind, network by network."""
    return " ".join(
        f"{name}: in {len(result.changed_photos)} of {result.photos} photos "
        f"({percent(len(result.changed_photos) / result.photos)}, 95 % interval "
        f"{percent(result.interval[0])} to {percent(result.interval[1])}) at least one of four "
        f"shifts by one pixel changes the first guess; the probability moves by "
        f"{percent(result.moved, 1)} in the mean."
        for name, result in results
    )


def describe_forgiveness(curves: Sequence[tuple[str, ForgivenessCurve]]) -> str:
    """Say how right each network is without the change, and where it is worst."""
    parts = []
    for name, curve in curves:
        best, worst = int(curve.right.argmax()), int(curve.right.argmin())
        parts.append(
            f"{name}: at best {percent(curve.shares[best])} right (at "
            f"{plain(curve.amounts[best])}), at worst {percent(curve.shares[worst])} (at "
            f"{plain(curve.amounts[worst])})."
        )
    change = curves[0][1].change
    return f"Right answers while {change} changes, in {CHANGES[change][0]}. " + " ".join(parts)


def describe_viewpoint(curve: ViewpointCurve, thing: str) -> str:
    """Say from how many sides a network recognises a thing, and what else it says."""
    wrong = [top for top, right in zip(curve.tops, curve.right, strict=True) if not right]
    others = ", ".join(sorted(set(wrong), key=lambda top: -wrong.count(top))[:3])
    best = int(curve.chances.argmax())
    return (
        f"The {thing} is recognised in {int(curve.right.sum())} of {len(curve.right)} views; the "
        f"right words get most at {plain(curve.yaws[best], 0)}°, {percent(curve.chances[best])}"
        + (f". Otherwise it is most often called {others}." if others else ".")
    )
