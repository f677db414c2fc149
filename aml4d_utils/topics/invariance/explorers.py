"""The explorers of invariance: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, make_dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import nn

from aml4d_utils import images, nets, solids
from aml4d_utils.measuring.wording import plain
from aml4d_utils.topics.invariance import figures
from aml4d_utils.topics.invariance.anti_aliasing import blur_before_strides
from aml4d_utils.topics.invariance.forgiveness import (
    CHANGES,
    ForgivenessCurve,
    ViewpointCurve,
    changed,
    forgiveness,
    going_round,
)
from aml4d_utils.topics.invariance.one_pixel import (
    MARGIN,
    ShiftedAnswers,
    count_first_guesses,
    row_of_shifts,
    shifted_answers,
    view_at,
)
from aml4d_utils.widgets import Axis, Bar, Explorer, Picture, Plot, Series, choice, slider

__all__ = [
    "forgiveness_explorer",
    "one_pixel_explorer",
    "severity_explorer",
    "viewpoint_explorer",
]

_CLASSIFIERS = {"SqueezeNet": "squeezenet1_1", "EfficientNet-Lite0": "efficientnet_lite0"}


@dataclass
class OnePixelState:
    """Where the photo lies, and who looks."""

    right: int = slider(0, low=-MARGIN, high=MARGIN, label="Shift right", unit="px")
    down: int = slider(0, low=-MARGIN, high=MARGIN, label="Shift down", unit="px")
    net: str = choice("SqueezeNet", list(_CLASSIFIERS), label="Network")


@dataclass(frozen=True)
class _BothAnswers:
    right: int
    view: np.ndarray
    plain: ShiftedAnswers
    blurred: ShiftedAnswers


def one_pixel_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Move a photo pixel by pixel: what the network says, with and without a blur at its strides.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    photo = images.photo_or_own(photo)
    usual = {words: nets.load(name) for words, name in _CLASSIFIERS.items()}
    mended = {words: blur_before_strides(net) for words, net in usual.items()}
    view = Picture("what the network sees", display_width=200)
    guesses = Plot("first guesses over all shifts (line: with blur)", display_width=360)
    curve = Plot("probability of the first guess at no shift", display_width=620)

    @cache
    def answers(words: str, down: int) -> list[ShiftedAnswers]:
        shifts = row_of_shifts(down)
        return [
            shifted_answers(_CLASSIFIERS[words], nets_of[words], photo, shifts)
            for nets_of in (usual, mended)
        ]

    def compute(state: OnePixelState) -> Iterator[_BothAnswers]:
        view = view_at(_CLASSIFIERS[state.net], photo, state.down, state.right)
        yield _BothAnswers(state.right, view, *answers(state.net, state.down))

    def draw(result: _BothAnswers) -> None:
        words = figures.describe_shifted(result.plain)
        view.show(result.view, f"The photo, shifted by {plain(result.right)} pixels to the right.")
        places = [shift[1] for shift in result.plain.shifts[1:]]
        counted = count_first_guesses(result.plain, result.blurred)
        guesses.bars(
            [Bar(name, usual, blurred) for name, usual, blurred in counted],
            figures.describe_first_guesses(counted),
            high=1,
            percent=True,
            label_room=140,
        )
        curve.curves(
            [
                Series(places, result.plain.chances[1:], "as it is"),
                Series(places, result.blurred.chances[1:], "with blur"),
            ],
            Axis("shift to the right, pixels", -MARGIN, MARGIN),
            Axis("probability", 0, 1, percent=True),
            f"As it is: {words} With blur: {figures.describe_shifted(result.blurred)}",
            marker=(result.right, result.plain.chances[1:][places.index(result.right)]),
        )

    return Explorer(
        OnePixelState(),
        compute,
        draw,
        title="One pixel",
        purpose="A dog is a dog, even shifted by a pixel. Is it?",
        stage=[view, guesses.boxed(), curve],
        describe=lambda result: (
            f"Shifted by {plain(result.right)} to the right. As it is: "
            f"{figures.describe_shifted(result.plain)} With a blur before each stride: "
            f"{figures.describe_shifted(result.blurred)}"
        ),
    )


@dataclass(frozen=True)
class _Forgiven:
    amount: float
    shown: np.ndarray
    curves: tuple[tuple[str, ForgivenessCurve], ...]


_MOVES = ("shift", "turn", "size")
"""Of all changes, those that only move what is there; the others make it harder to see."""

_Networks = Sequence[tuple[str, nn.Module]]


def forgiveness_explorer(
    networks: _Networks, pictures: torch.Tensor, labels: torch.Tensor
) -> Explorer:
    """Hold small networks against test pictures that shift, turn or change their size.

    Parameters
    ----------
    networks : sequence of (name, network)
        From (B, 1, 28, 28) in [0, 1] to logits.
    pictures : Tensor (B, 1, 28, 28), float32 in [0, 1]
    labels : Tensor (B,), int64
    """
    return _curves_explorer(
        networks, pictures, labels, _MOVES, "turn",
        title="What it forgives",
        purpose="The same network, taught with and without variation.",
    )  # fmt: skip


def severity_explorer(
    networks: _Networks, pictures: torch.Tensor, labels: torch.Tensor
) -> Explorer:
    """Hold small networks against the challenges of lesson 02, from none to severe.

    Parameters
    ----------
    networks : sequence of (name, network)
        From (B, 1, 28, 28) in [0, 1] to logits.
    pictures : Tensor (B, 1, 28, 28), float32 in [0, 1]
    labels : Tensor (B,), int64
    """
    challenges = [name for name in CHANGES if name not in _MOVES]
    return _curves_explorer(
        networks, pictures, labels, challenges, "noise",
        title="How hard may it get?",
        purpose="What made seeing hard in lesson 02, from nothing to severe.",
    )  # fmt: skip


def _curves_explorer(
    networks: _Networks,
    pictures: torch.Tensor,
    labels: torch.Tensor,
    changes: Sequence[str],
    first: str,
    *,
    title: str,
    purpose: str,
) -> Explorer:
    share = slider(75, low=0, high=100, step=5, label="Show it at", unit="% of the range")
    state = make_dataclass(
        "ForgivenessState",
        [("change", str, choice(first, changes, label="What changes")), ("share", int, share)],
    )
    tiles = Picture("eight of the test pictures", display_width=620)
    plot = Plot("right answers", display_width=620)
    known: dict[str, tuple[tuple[str, ForgivenessCurve], ...]] = {}

    def compute(state: Any) -> Iterator[_Forgiven]:
        amounts = CHANGES[state.change][1]
        amount = amounts[round(state.share / 100 * (len(amounts) - 1))]
        shown = changed(pictures[:8], state.change, amount)[:, 0].numpy()
        done = list(known.get(state.change, ()))
        for name, net in networks[len(done) :]:
            done.append((name, forgiveness(net, pictures, labels, state.change)))
            yield _Forgiven(amount, shown, tuple(done))
        known[state.change] = tuple(done)
        yield _Forgiven(amount, shown, tuple(done))

    def draw(result: _Forgiven) -> None:
        words = figures.describe_forgiveness(result.curves)
        unit, amounts = CHANGES[result.curves[0][1].change]
        tiles.show(
            figures.in_rows(result.shown, 8), f"Eight pictures at {plain(result.amount)} {unit}."
        )
        plot.curves(
            [Series(curve.amounts, curve.shares, name) for name, curve in result.curves],
            Axis(unit, amounts[0], amounts[-1]),
            Axis("right answers", 0, 1, percent=True),
            words,
            marker=(result.amount, None),
        )

    return Explorer(
        state(),
        compute,
        draw,
        title=title,
        purpose=purpose,
        stage=[tiles, plot],
        describe=lambda result: (
            f"Shown at {plain(result.amount)}. {figures.describe_forgiveness(result.curves)}"
        ),
    )


_THINGS = ("folding stool", "motor scooter", "espresso pot", "reflex camera", "table fan")


@dataclass
class ViewpointState:
    """Which thing is looked at, from how high, and by whom."""

    thing: str = choice(_THINGS[1], _THINGS, label="Thing")
    pitch: int = slider(15, low=-30, high=75, step=15, label="Camera height", unit="°")
    net: str = choice("SqueezeNet", list(_CLASSIFIERS), label="Network")


def viewpoint_explorer() -> Explorer:
    """Let the camera go round a thing and see from where a network knows it."""
    loaded = {words: nets.load(name) for words, name in _CLASSIFIERS.items()}
    tiles = Picture("some of the views", display_width=620)
    plot = Plot("probability of the right words", display_width=620)

    def compute(state: ViewpointState) -> Iterator[tuple[str, ViewpointCurve]]:
        name = _CLASSIFIERS[state.net]
        thing = solids.thing(state.thing)
        for curve in going_round(name, loaded[state.net], thing, pitch=float(state.pitch)):
            yield state.thing, curve

    def draw(result: tuple[str, ViewpointCurve]) -> None:
        thing, curve = result
        words = figures.describe_viewpoint(curve, thing)
        tiles.show(figures.in_rows(curve.views, 8), words)
        plot.curves(
            [Series(curve.yaws, curve.chances, "right words", kind="points")],
            Axis("camera goes round, degrees", -180, 180),
            Axis("probability", 0, 1, percent=True),
            words,
        )

    return Explorer(
        ViewpointState(),
        compute,
        draw,
        title="Round the thing",
        purpose="Another kind of shift: the camera moves, and no pixel stays.",
        stage=[tiles, plot],
        describe=lambda result: figures.describe_viewpoint(result[1], result[0]),
        origin="rendered",
        remember=True,
    )
