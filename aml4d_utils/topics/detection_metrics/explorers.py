"""The explorers of the detection metrics: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, make_dataclass
from typing import Any

import numpy as np

from aml4d_utils.nets.detection import Detections
from aml4d_utils.topics.detection_metrics import figures, padilla
from aml4d_utils.topics.detection_metrics.average_precision import (
    EVERY_POINT,
    WAYS,
    Averaged,
    average_precision,
    precision_and_recall,
)
from aml4d_utils.topics.detection_metrics.judging_boxes import Judged, judge
from aml4d_utils.widgets import Axis, Explorer, Picture, Plot, Series, choice, slider
from aml4d_utils.widgets.picture import box, text

_BLUE, _GREEN, _RED, _BLACK = 0, 2, 3, 7
_RECALL = Axis("recall", 0, 1, percent=True, ticks=(0, 0.5, 1))
_PRECISION = Axis("", 0, 1, percent=True)


# --- the worked example ----------------------------------------------------------------------

_EDGES = {"edges between pixels": False, "whole pixels (+1)": True}


@dataclass
class ExampleState:
    """The conventions, and how many boxes are counted."""

    count: int = slider(12, low=1, high=24, label="Boxes counted")
    way: str = choice(EVERY_POINT, WAYS, label="Averaged at")
    edges: str = choice("edges between pixels", tuple(_EDGES), label="A box is measured in")
    tie: str = choice(padilla.TIES[0], padilla.TIES, label="Equal scores (0.95)")


@dataclass(frozen=True)
class ExampleView:
    """The worked example under one set of conventions, counted up to one box."""

    solved: padilla.WorkedExample
    way: str
    count: int


def example_explorer() -> Explorer:
    """Work the published example out under every convention."""
    found, truth = padilla.pictures()
    view = Picture("picture of the last box counted", display_width=285)
    curve = Plot("precision over recall", display_width=325)

    def compute(state: ExampleState) -> ExampleView:
        return ExampleView(
            padilla.solve(state.way, _EDGES[state.edges], state.tie), state.way, state.count
        )

    def draw(result: ExampleView) -> None:
        judged, words = result.solved.judged, _describe_example(result)
        number = int(judged.pictures[result.count - 1])
        overlays = [box(*corners, colour=_BLACK) for corners in truth[number].boxes]
        for place, letter in enumerate(result.solved.letters[: result.count]):
            if judged.pictures[place] == number:
                corners = found[number].boxes[judged.boxes[place]]
                colour = _GREEN if judged.hits[place] else _RED
                mark = "✓" if judged.hits[place] else "✗"
                overlays += [box(*corners, colour=colour)]
                overlays += [text(corners[1] + 18, corners[0] + 4, f"{letter} {mark}", colour)]
        ground = np.full((padilla.SIDE, padilla.SIDE, 3), 236, np.uint8)
        view.show(
            ground,
            f"Picture {number + 1} of 7: {len(truth[number])} known boxes in black. {words}",
            overlays=overlays,
        )
        _draw_curve(curve, judged, result.solved.averaged, result.count, words)

    return Explorer(
        ExampleState(),
        compute,
        draw,
        title="One example, several answers",
        purpose="Black: the known things. ✓ green: finds one. ✗ red: false alarm.",
        stage=[view, curve.boxed()],
        describe=_describe_example,
    )


def _describe_example(result: ExampleView) -> str:
    return figures.describe_example(result.solved, figures.short(result.way), result.count)


def _draw_curve(
    plot: Plot, judged: Judged, averaged: Averaged, count: int, words: str, height: int = 290
) -> None:
    precision, recall = precision_and_recall(judged.hits, judged.truths)
    series = [Series(recall, precision, "each box")]
    series.append(Series(averaged.recall, averaged.precision, "read here", "points"))
    at = (float(recall[count - 1]), float(precision[count - 1])) if count else (0.0, None)
    plot.curves(
        series,
        _RECALL,
        _PRECISION,
        f"Precision over recall, {len(judged)} boxes. {words}",
        marker=at,
        height=height,
    )


# --- thresholds on known scenes --------------------------------------------------------------


@dataclass(frozen=True)
class ThresholdView:
    """One scene, all judged boxes, and a threshold."""

    judged: Judged
    averaged: Averaged
    threshold: float
    scene: int
    found: Detections
    hits: np.ndarray

    @property
    def count(self) -> int:
        """How many boxes reach the threshold."""
        return int((self.judged.scores >= self.threshold).sum())


def threshold_explorer(
    scenes: Sequence[np.ndarray], found: Sequence[Detections], truth: Sequence[Detections]
) -> Explorer:
    """Move the threshold and see in one scene, and in numbers over all, what it does.

    Parameters
    ----------
    scenes : sequence of ndarray (H, W, 3), float in [0, 1]
    found : sequence of Detections
        What a detector drew in each, with a low threshold.
    truth : sequence of Detections
        What is in each.
    """
    state_class = make_dataclass(
        "ThresholdState",
        [
            ("threshold", float, slider(0.3, low=0.05, high=0.95, step=0.05, label="Threshold")),
            ("least", float, slider(0.5, low=0.1, high=0.95, step=0.05, label="IoU that counts")),
            ("scene", int, slider(1, low=1, high=len(scenes), label="Scene")),
            ("way", str, choice(EVERY_POINT, WAYS, label="Averaged at")),
        ],
    )
    view = Picture("one scene", display_width=300)
    curve = Plot("precision over recall, all scenes", display_width=305)

    def compute(state: Any) -> ThresholdView:
        judged = judge(found, truth, state.least)
        number = state.scene - 1
        mine = (judged.pictures == number) & (judged.scores >= state.threshold)
        return ThresholdView(
            judged,
            average_precision(judged.hits, judged.truths, state.way),
            state.threshold,
            number,
            found[number][judged.boxes[mine]],
            judged.hits[mine],
        )

    def draw(result: ThresholdView) -> None:
        known = truth[result.scene]
        overlays = [box(*corners, colour=_BLACK) for corners in known.boxes]
        for corners, word, hit in zip(
            result.found.boxes, result.found.labels, result.hits, strict=True
        ):
            colour = _GREEN if hit else _RED
            overlays += [box(*corners, colour=colour)]
            overlays += [
                text(corners[1] + 20, corners[0] + 4, f"{'✓' if hit else '✗'} {word}", colour)
            ]
        view.show(
            scenes[result.scene],
            figures.describe_judged_scene(result.found, known, result.hits),
            overlays=overlays,
        )
        _draw_curve(curve, result.judged, result.averaged, result.count, _words(result), 240)

    return Explorer(
        state_class(),
        compute,
        draw,
        title="Where to draw the line",
        purpose="Black: what is there. ✓ green: found. ✗ red: false alarm.",
        stage=[view, curve.boxed()],
        describe=_words,
    )


def _words(result: ThresholdView) -> str:
    said = figures.describe_threshold(result.judged, result.threshold)
    return (
        f"{said} Average precision: {figures.percent(result.averaged.value, 1)}. Scene "
        f"{result.scene + 1} has {len(result.found)} boxes, {int(result.hits.sum())} of them find "
        "something."
    )
