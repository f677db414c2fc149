"""The explorers of style transfer: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import ipywidgets
import numpy as np

from aml4d_utils import images, nets
from aml4d_utils.topics.style_transfer import figures
from aml4d_utils.topics.style_transfer.instant import Painted, Studio
from aml4d_utils.topics.style_transfer.painting_by_features import (
    STYLE_LAYERS,
    StyleStep,
    paint_by_features,
    sized,
)
from aml4d_utils.widgets import Axis, Explorer, Picture, Plot, Series, choice, slider, toggle

__all__ = ["instant_explorer", "slow_explorer"]

_TITLES = {images.title_of(name): name for name in images.painting_names()}
_FIRST = images.title_of("cafe_terrace")
_IN_LIST = {title: images.short_title_of(name) for title, name in _TITLES.items()}


@dataclass
class InstantState:
    """Which painting, and how much of its manner."""

    style: str = choice(_FIRST, list(_TITLES), label="Painting")
    strength: int = slider(80, low=0, high=100, label="Strength", unit="%")


def instant_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Paint a photo in one pass, with a strength that follows the slider.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    studio = Studio(images.photo_or_own(photo))
    before = Picture("the photo", display_width=170)
    style = Picture("the painting", display_width=150)
    after = Picture("painted in one pass", display_width=430)

    def compute(state: InstantState) -> Painted:
        painting = images.painting(_TITLES[state.style])
        return studio.paint(state.style, painting, state.strength / 100)

    def draw(result: Painted) -> None:
        name = _TITLES[result.style]
        before.show(result.photo, f"The photo, {result.photo.shape[1]} pixels wide.")
        style.show(
            images.fit(images.painting(name), 320),
            f"{result.style}: {images.describe_painting(name)}.",
        )
        after.show(result.picture, figures.describe_painted(result))

    return Explorer(
        InstantState(),
        compute,
        draw,
        title="In one pass",
        purpose="100 numbers read from a painting set the brush of a second net.",
        stage=[after, ipywidgets.VBox([style, before])],
        describe=figures.describe_painted,
        words=lambda _result: {"style": _IN_LIST},
    )


@dataclass
class SlowState:
    """Which painting, which layers, how much style, how many steps."""

    style: str = choice(_FIRST, list(_TITLES), label="Painting")
    weight: int = slider(2, low=0, high=4, label="Weight of the style: 10 to the power", step=1)
    conv1: bool = toggle(True, label="conv1: edges, colours")
    fire2: bool = toggle(True, label="fire2")
    fire4: bool = toggle(True, label="fire4")
    steps: int = slider(20, low=10, high=100, step=10, label="Steps")
    fire6: bool = toggle(False, label="fire6: larger patterns", advanced=True)
    fire8: bool = toggle(False, label="fire8", advanced=True)
    side: int = slider(
        160, low=96, high=256, step=32, label="Longer side", unit="px", advanced=True
    )


def slow_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Paint a photo step by step until a network's features agree with a painting's.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    photo = images.photo_or_own(photo)
    net = nets.load("squeezenet1_1", "cpu")
    style = Picture("the painting", display_width=170)
    after = Picture("painted step by step", display_width=430)
    losses = Plot("what is still missed (1: as much as there is)", display_width=620)

    @cache
    def small(name: str) -> np.ndarray:
        return sized(images.painting(name), 320)

    def compute(state: SlowState) -> Iterator[_Shown]:
        layers = [name for name in STYLE_LAYERS if getattr(state, name)]
        if not layers:
            raise ValueError("Tick at least one layer: without one there is no style.")
        for step in paint_by_features(
            net,
            photo,
            images.painting(_TITLES[state.style]),
            layers=layers,
            style_weight=10.0**state.weight,
            steps=state.steps,
            longest=state.side,
        ):
            yield _Shown(state, step, step.fraction)

    def draw(shown: _Shown) -> None:
        name = _TITLES[shown.state.style]
        style.show(
            small(name),
            f"{shown.state.style}: {images.describe_painting(name)}.",
        )
        after.show(shown.step.picture, _describe(shown))
        _draw_losses(losses, shown.step, _describe(shown))

    return Explorer(
        SlowState(),
        compute,
        draw,
        title="Step by step",
        purpose="Only pixels change. Tick the layers in which the style is compared.",
        stage=[after, style, losses],
        describe=_describe,
        words=lambda _result: {"style": _IN_LIST},
        remember=True,
    )


@dataclass(frozen=True)
class _Shown:
    state: SlowState
    step: StyleStep
    fraction: float


def _describe(shown: _Shown) -> str:
    height, width = shown.step.picture.shape[:2]
    return (
        f"{shown.state.style}, {height} by {width} pixels, style weighs {10**shown.state.weight}. "
        f"{figures.describe_style_step(shown.step)}"
    )


def _draw_losses(plot: Plot, step: StyleStep, words: str) -> None:
    along = np.arange(step.step + 1)
    series = [
        Series(along, np.maximum(values, 1e-3), name)
        for name, values in [("content", step.content), *step.style.items()]
    ]
    highest = max(10.0, *(float(max(s.y)) for s in series))
    plot.curves(
        series,
        Axis("step", 0, max(1, step.step)),
        Axis("missed", 1e-3, highest, log=True),
        words,
        height=200,
    )
