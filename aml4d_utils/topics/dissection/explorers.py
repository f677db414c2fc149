"""The explorers of the dissection lesson: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import nn

from aml4d_utils import images
from aml4d_utils.topics.dissection import figures
from aml4d_utils.topics.dissection.ablation import CLASSES, ORDERS, Ablation, Laboratory
from aml4d_utils.topics.dissection.census import Census, count_detectors, units_for
from aml4d_utils.topics.dissection.concepts import CONCEPTS, KINDS, ConceptScene
from aml4d_utils.topics.dissection.dissect import (
    PAPER_IOU,
    SHARES,
    Dissection,
    best_concepts,
    level_of,
)
from aml4d_utils.topics.dissection.lighting import Lit, light_up
from aml4d_utils.topics.dissection.units import LAYERS, Unit, unit_at
from aml4d_utils.widgets import Axis, Bar, Explorer, Picture, Plot, Series, choice, slider
from aml4d_utils.widgets.recent import Recent

__all__ = ["ablation_explorer", "census_explorer", "unit_browser"]


_SHARES = {f"{100 * share:g} %": share for share in sorted(SHARES)}
_OWN_BEST = "its own best concept"
_SHOWN = 6
_RANKS = 64


# --- one unit at a time ----------------------------------------------------------------------


@dataclass
class BrowserState:
    """Which unit is shown, and what counts as lit."""

    layer: str = choice("fire9", list(LAYERS)[::-1], label="Layer")
    concept: str = choice(
        "mammals", [_OWN_BEST, *(c.words for c in CONCEPTS)], label="Best units for"
    )
    rank: int = slider(1, low=1, high=_RANKS, label="Place in that order")
    share: str = choice("0.5 %", list(_SHARES), label="Lit: the top")
    least: float = slider(PAPER_IOU, low=0.01, high=0.2, step=0.01, label="Detector above IoU")


@dataclass(frozen=True)
class UnitView:
    """One unit with its pictures and overlaps."""

    unit: Unit
    iou: np.ndarray
    lit: list[Lit]
    scenes: list[ConceptScene]
    own: Lit
    share: float
    least: float


def unit_browser(
    net: nn.Module,
    dissection: Dissection,
    scenes: Sequence[ConceptScene],
    photo: np.ndarray | None = None,
) -> Explorer:
    """Look at one unit after the other: its scenes, its overlaps, and your photo.

    Parameters
    ----------
    net : nn.Module
        The network that was dissected.
    dissection : Dissection
        From `dissect.dissect`.
    scenes : sequence of ConceptScene
        Those that it was dissected on.
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    photo = images.photo_or_own(photo)
    words = {c.words: k for k, c in enumerate(CONCEPTS)}
    known: Recent[tuple[int, float], list[Lit]] = Recent()
    tiles = Picture("lit, in the scenes that move it most", display_width=390)
    own = Picture("in your photo", display_width=200)
    bars = Plot("overlap with concepts (IoU)", display_width=620)

    def compute(state: BrowserState) -> UnitView:
        share = _SHARES[state.share]
        order = units_for(dissection, words.get(state.concept), state.layer, share)
        index = int(order[state.rank - 1])
        unit = unit_at(index)
        chosen = [scenes[k] for k in dissection.best_scenes(index, _SHOWN)]
        if (index, share) not in known:
            threshold = float(dissection.thresholds[index, level_of(share)])
            pictures = [*(s.image for s in chosen), photo]
            known[index, share] = light_up(net, pictures, unit, threshold)
        lit = known[index, share]
        return UnitView(
            unit, dissection.iou(share)[index], lit[:-1], chosen, lit[-1], share, state.least
        )

    def draw(view: UnitView) -> None:
        tiles.show(figures.lit_tiles(view.lit), figures.describe_lit(view.lit, view.scenes))
        own.show(
            figures.spotlight(view.own.image, view.own.pixels),
            f"Your photo: {figures.percent(view.own.share, 1)} of it is above unit {view.unit}'s "
            f"threshold; its strongest answer is {view.own.strongest:.1f}.",
        )
        best = best_concepts(view.iou)
        overlaps = [(CONCEPTS[c].words, round(float(view.iou[c]), 3)) for c in best]
        listed = ", ".join(f"{words} {iou:.3f}" for words, iou in overlaps)
        bars.bars(
            [Bar(words, iou, view.least, strong=iou > view.least) for words, iou in overlaps],
            f"Overlaps of unit {view.unit}: {listed}. A line marks {view.least:g}.",
            high=max(0.2, float(view.iou.max())),
        )

    return Explorer(
        BrowserState(),
        compute,
        draw,
        title="Unit browser",
        purpose="2,624 units. Which of them earn their label?",
        stage=[tiles, own, bars],
        describe=lambda view: figures.describe_unit(view.unit, view.iou, view.share, view.least),
    )


# --- all units, trained and untrained --------------------------------------------------------


@dataclass
class CensusState:
    """What counts as lit and as a detector."""

    share: str = choice("0.5 %", list(_SHARES), label="Lit: the top")
    least: float = slider(PAPER_IOU, low=0.01, high=0.2, step=0.01, label="Detector above IoU")


def census_explorer(trained: Dissection, untrained: Dissection) -> Explorer:
    """Count detectors layer by layer, in the trained network and in one that never learned."""
    plots = {
        name: Plot(f"{name}: units that are detectors", display_width=305)
        for name in ("trained", "untrained")
    }
    layers = np.arange(1, len(LAYERS) + 1)

    def compute(state: CensusState) -> tuple[Census, Census]:
        share = _SHARES[state.share]
        return tuple(count_detectors(d, share, state.least) for d in (trained, untrained))

    def draw(result: tuple[Census, Census]) -> None:
        top = max(0.1, *(float(census.shares.max()) for census in result))
        for (name, plot), census in zip(plots.items(), result, strict=True):
            plot.curves(
                [Series(layers, census.shares[:, k], f"{kind}s") for k, kind in enumerate(KINDS)],
                Axis("layer (1 is conv1, 9 is fire9)", 1, 9, ticks=(1, 3, 5, 7, 9)),
                Axis("", 0, top, percent=True),
                figures.describe_shares(census, name),
                height=280,
            )

    return Explorer(
        CensusState(),
        compute,
        draw,
        title="Detectors, layer by layer",
        purpose="The same measurement on trained weights and on random ones.",
        stage=[plot.boxed() for plot in plots.values()],
        describe=lambda result: figures.describe_census(*result),
    )


# --- ablation --------------------------------------------------------------------------------


@dataclass
class AblationState:
    """Which units are switched off."""

    name: str = choice("birds", CLASSES, label="Class")
    order: str = choice(ORDERS[0], ORDERS, label="Switch off first")
    count: int = slider(20, low=0, high=100, label="How many units")


def ablation_explorer(laboratory: Laboratory) -> Explorer:
    """Switch units of fire9 off and watch every class.

    Parameters
    ----------
    laboratory : Laboratory
        From `ablation.prepare`.
    """
    bars = Plot("named rightly (line: all units on)", display_width=350)
    curves = Plot("as more units go", display_width=262)

    def draw(result: Ablation) -> None:
        before, after = laboratory.before, result.after
        bars.bars(
            [
                Bar(
                    f"{name} {after.right[k]}/{after.count[k]}",
                    float(after.share[k]),
                    float(before.share[k]),
                    strong=name == result.name,
                )
                for k, name in enumerate(CLASSES)
            ],
            figures.describe_accuracy(before, after, result.count),
            high=1.0,
            percent=True,
            row_height=27,
            label_room=140,
        )
        curves.curves(
            [
                Series(result.counts, result.own, result.name),
                Series(result.counts, result.others, "all others"),
            ],
            Axis("units off", 0, float(result.counts[-1]), ticks=(0, 50, 100)),
            Axis("", 0, 1, percent=True),
            f"{result.name}: {figures.percent(result.own[0])} with no unit off, "
            f"{figures.percent(result.own[-1])} with {result.counts[-1]} off; the others: "
            f"{figures.percent(result.others[0])} and {figures.percent(result.others[-1])}.",
            marker=(result.count, float(after.share[CLASSES.index(result.name)])),
            height=320,
        )

    return Explorer(
        AblationState(),
        lambda state: laboratory.ablate(state.name, state.order, state.count),
        draw,
        title="Switch units off",
        purpose="The last fire module has 512 units. Which class needs which?",
        stage=[bars.boxed(), curves.boxed()],
        describe=lambda result: figures.describe_ablation(
            result.name, laboratory.before, result.after, result.count, result.words_on_photo
        ),
    )
