"""The explorer of super-resolution: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.super_resolution import figures
from aml4d_utils.topics.super_resolution.comparing import (
    LEFTS,
    SIDE,
    Bench,
    Comparison,
    place_of,
    wiped,
)
from aml4d_utils.topics.super_resolution.enlarging import METHODS, SMALL_NET
from aml4d_utils.widgets import Axis, Explorer, Picture, Plot, Series, choice, slider
from aml4d_utils.widgets.picture import box, line

__all__ = ["enlarging_explorer"]

_YOURS = "your photo"
_PHOTOS = (_YOURS, "astronaut", "chelsea", "coffee", "rocket", "text")
_MAPS = ("invented", "missed", "kept")


@dataclass
class EnlargingState:
    """Which part of which photo, by which method, and what is shown."""

    photo: str = choice(_YOURS, _PHOTOS, label="Photo")
    method: str = choice(SMALL_NET, METHODS, label="Method")
    wipe: int = slider(50, low=0, high=100, label="Wipe", unit="%")
    detail: str = choice(_MAPS[0], _MAPS, label="Map of fine detail")
    down: int = slider(40, low=0, high=100, label="Part: down", unit="%")
    across: int = slider(50, low=0, high=100, label="Part: across", unit="%")
    left: str = choice(LEFTS[0], LEFTS, label="Left of the wipe", advanced=True)


@dataclass(frozen=True)
class _Shown:
    state: EnlargingState
    comparison: Comparison
    fraction: float


def _describe(shown: _Shown) -> str:
    state, comparison = shown.state, shown.comparison
    ready = comparison.by(state.method)
    made = figures.describe_quality(ready) if ready else f"{state.method} is at work."
    return (
        f"{state.photo}, {comparison.small.shape[0]} pixels made {SIDE}. {made} Left of the wipe "
        f"at {state.wipe} %: {state.left}. The map shows what is {state.detail}."
    )


def enlarging_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Shrink a part of a photo, enlarge it by one of three methods, and see what was invented.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    known = {name: images.photo(name) for name in _PHOTOS[1:]}
    bench = Bench({_YOURS: images.photo_or_own(photo), **known})
    wipe = Picture("left and right of the line", display_width=300)
    detail = Picture("fine detail, grey levels", display_width=300)
    whole = Picture("the part (click)", display_width=190, interactive=True, step=16)
    plane = Plot("near to the truth, or sharp?", display_width=410)

    def compute(state: EnlargingState) -> Iterator[_Shown]:
        for step in bench.compare(state.photo, state.down / 100, state.across / 100, state.method):
            if len(step.qualities) > 1:
                yield _Shown(state, step, step.fraction)

    def draw(shown: _Shown) -> None:
        state, comparison = shown.state, shown.comparison
        words = _describe(shown)
        wipe.show(
            wiped(comparison, state.method, state.left, state.wipe / 100),
            words,
            overlays=[_edge(state.wipe)],
        )
        quality = comparison.by(state.method) or comparison.qualities[-1]
        detail.show_magnitude(getattr(quality.detail, state.detail), words, low=0, high=0.15)
        top, left = comparison.corner
        whole.show(
            bench.photos[state.photo],
            f"The whole photo; the part begins at row {top}, column {left}.",
            overlays=[box(left, top, left + SIDE, top + SIDE)],
        )
        _draw_plane(plane, comparison)

    explorer = Explorer(
        EnlargingState(),
        compute,
        draw,
        title="Four times larger",
        purpose="The methods see a quarter of the pixels a side. You know the true ones.",
        stage=[wipe, detail, whole, plane.boxed()],
        describe=_describe,
        forget=bench.forget,
    )

    def move(row: int, col: int) -> None:
        down, across = place_of(bench.photos[explorer.state.photo], row, col)
        explorer.follow(down=round(100 * down), across=round(100 * across))

    whole.on_cursor(move)
    return explorer


def _edge(wipe: int) -> dict:
    at = wipe / 100 * SIDE - 0.5
    return line((-0.5, at), (SIDE - 0.5, at), colour=7)


def _draw_plane(plane: Plot, comparison: Comparison) -> None:
    points = [
        (min(quality.psnr, 50.0), min(quality.sharpness, 1.5), quality.method.partition(",")[0])
        for quality in comparison.qualities
    ]
    heights = [y for _, y, _ in points]
    plane.curves(
        [Series([x], [y], name, kind="points") for x, y, name in points],
        Axis(
            "PSNR, dB (right: nearer)",
            min(20.0, *(x for x, _, _ in points)),
            50.0 if max(x for x, _, _ in points) > 36 else 36.0,
        ),
        Axis(
            "sharpness (true: 1)",
            0.3 if min(heights) > 0.32 else 0.0,
            1.5 if max(heights) > 1.1 else 1.1,
        ),
        " ".join(figures.describe_quality(quality) for quality in comparison.qualities),
        height=240,
    )
