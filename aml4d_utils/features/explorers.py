"""The explorers of the lesson on features: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aml4d_utils import images
from aml4d_utils.features import figures
from aml4d_utils.features.sift import fast_sift
from aml4d_utils.features.survival import RANGES, Known, Survival, survival
from aml4d_utils.features.transforms import View
from aml4d_utils.features.two_views import TwoViews
from aml4d_utils.lesson import Axis, Explorer, Picture, Plot, Series, choice, slider

__all__ = ["match_explorer"]

_SIDE, _WINDOW = 280, 300


# --- matching two views ----------------------------------------------------------------------

_ALONG = {
    "rotation": "rotation",
    "scale": "scale",
    "light": "brightness",
    "noise": "noise",
    "tilt": "tilt",
}


@dataclass
class MatchState:
    """How the photo is seen again, and how strict the matching is."""

    rotation: int = slider(30, low=-180, high=180, step=5, label="Turn", unit="°")
    scale: float = slider(0.8, low=0.4, high=1.6, step=0.05, label="Scale", unit="×")
    light: float = slider(1.0, low=0.2, high=1.8, step=0.1, label="Light", unit="×")
    noise: float = slider(0.0, low=0, high=0.2, step=0.01, label="Noise")
    ratio: float = slider(0.8, low=0.4, high=1, step=0.05, label="Ratio test, at most")
    along: str = choice("rotation", tuple(_ALONG), label="Curve over")
    tilt: int = slider(0, low=-70, high=70, step=5, label="Tilt", unit="°", advanced=True)


def match_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Match a photo with itself, turned, scaled, relit: right and wrong matches, counted.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    small = images.fit(images.own_photo() if photo is None else photo, _SIDE)
    first = fast_sift(small)
    known: Known = {}
    picture = Picture("your photo, and the second view", display_width=640)
    plot = Plot("how many right matches survive", display_width=640)
    drawn: list[TwoViews | float] = []

    def compute(state: MatchState) -> Iterator[Survival]:
        view = View(
            rotation=state.rotation,
            scale=state.scale,
            tilt=state.tilt,
            brightness=state.light,
            noise=state.noise,
        )
        along = _ALONG[state.along]
        yield from survival(
            small, first, view, _WINDOW, along=along, ratio=state.ratio, known=known
        )

    def draw(result: Survival) -> None:
        new = not drawn or drawn[0] is not result.two or drawn[1] != result.ratio
        if new:
            drawn[:] = [result.two, result.ratio]
            shown = len(figures.shown_matches(result.two, result.ratio))
            picture.show(
                figures.side_by_side(result.two),
                f"{figures.describe_matches(result)} {shown} matches are drawn: right ones as "
                "whole blue lines, wrong ones as dashed orange lines.",
                overlays=figures.match_overlays(result.two, result.ratio),
            )
        low, high = min(RANGES[result.along]), max(RANGES[result.along])
        ticks = figures.AXIS_TICKS.get(result.along, ())
        plot.curves(
            [
                Series(result.values, result.counts, "right matches"),
                Series([low, high], [len(first)] * 2, "all keypoints"),
            ],
            Axis(figures.AXIS_NAMES[result.along], low, high, ticks=ticks),
            Axis("", 0, 1.1 * max(10, len(first), result.counts.max())),
            figures.describe_curve(result),
            marker=(getattr(result.view, result.along), result.right),
            height=240,
        )

    return Explorer(
        MatchState(),
        compute,
        draw,
        title="Match two views",
        purpose="Each circle is a keypoint's frame: place, size, direction. Whole blue lines are "
        "right matches, dashed orange ones are wrong.",
        stage=[picture, plot],
        describe=figures.describe_matches,
    )
