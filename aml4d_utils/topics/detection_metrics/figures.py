"""Pictures of precision and recall, each with the words that describe it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import counted, percent
from aml4d_utils.nets.detection import Detections
from aml4d_utils.notebook import Shown, new_figure, table
from aml4d_utils.topics.detection_metrics.average_precision import (
    EVERY_POINT,
    WAYS,
    average_precision,
    envelope,
    precision_and_recall,
)
from aml4d_utils.topics.detection_metrics.judging_boxes import Judged
from aml4d_utils.topics.detection_metrics.padilla import TIES, WorkedExample, solve
from aml4d_utils.widgets.colours import OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_precision_recall(judged: Judged) -> Figure:
    """Draw precision over recall, box after box, and its envelope with the area below."""
    precision, recall = precision_and_recall(judged.hits, judged.truths)
    figure = new_figure(6.4, 3.6)
    ax = figure.subplots()
    best = envelope(precision)
    area = np.concatenate([best[:1], best])
    steps = np.concatenate([[0.0], recall])[: len(area)]
    ax.fill_between(steps, area, step="pre", color=OKABE_ITO[0], alpha=0.15, linewidth=0)
    ax.plot(recall, precision, ".-", color=OKABE_ITO[1], linewidth=1, label="box after box")
    ax.step(steps, area, where="pre", color=OKABE_ITO[0], linewidth=2, label="envelope")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1.04)
    for axis, name in ((ax.xaxis, "recall"), (ax.yaxis, "precision")):
        axis.set_ticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
        axis.set_label_text(name)
    ax.legend(frameon=False)
    return figure


def describe_precision_recall(judged: Judged) -> str:
    """Say how many boxes there are, where the curve ends, and its average."""
    if not len(judged):
        return f"There is no box at all; {judged.truths} things are missed."
    precision, recall = precision_and_recall(judged.hits, judged.truths)
    average = average_precision(judged.hits, judged.truths)
    return (
        f"{len(judged)} boxes, {judged.truths} things. The curve ends at a recall of "
        f"{percent(recall[-1])} with a precision of {percent(precision[-1])}. The average "
        f"precision is {percent(average.value)}."
    )


def describe_threshold(judged: Judged, threshold: float) -> str:
    """Say what is found, falsely reported and missed at one threshold."""
    found, alarms, missed = judged.counts(threshold)
    boxes = found + alarms
    precise = (
        f"precision {found}/{boxes} = {percent(found / boxes)}"
        if boxes
        else "no box, so no precision"
    )
    recall = f"recall {found}/{judged.truths} = {percent(found / max(1, judged.truths))}"
    return (
        f"From a score of {threshold:.2f} on: {found} found, "
        f"{counted(alarms, 'false alarm')}, {missed} missed; {precise}, {recall}."
    )


def describe_judged_scene(found: Detections, truth: Detections, hits: np.ndarray) -> str:
    """Say what the boxes of one scene find."""
    known = ", ".join(truth.labels.tolist()) or "nothing"
    drawn = ", ".join(
        f"{word} {score:.2f} ({'finds it' if hit else 'false alarm'})"
        for word, score, hit in zip(found.labels, found.scores, hits, strict=True)
    )
    return f"In the scene: {known}. {counted(len(found), 'box')}{': ' + drawn if drawn else ''}."


def describe_example(example: WorkedExample, way: str, count: int) -> str:
    """Say what the first boxes of the worked example give, and its average precision."""
    judged = example.judged
    found = int(judged.hits[:count].sum())
    last = "finds a thing" if judged.hits[count - 1] else "is a false alarm"
    return (
        f"Box {example.letters[count - 1]}, number {count} of {len(judged)}, {last} (overlap "
        f"{judged.overlaps[count - 1]:.3f}). So far {found} of {judged.truths} things: precision "
        f"{percent(found / count, 1)}, recall {percent(found / judged.truths, 1)}. Average "
        f"precision of all boxes, {way}: {percent(example.averaged.value, 2)}."
    )


def answers_table() -> Shown:
    """Return all honest answers to the worked example as a table."""
    rows = []
    for whole in (True, False):
        for tie in TIES:
            solved = [solve(way, whole, tie) for way in WAYS]
            edges = "whole pixels (+1)" if whole else "edges between pixels"
            rows.append(
                (
                    edges,
                    tie,
                    str(int(solved[0].judged.hits.sum())),
                    *(percent(one.averaged.value, 2) for one in solved),
                )
            )
    heads = ("boxes", "the two of 0.95", "found", *WAYS)
    return table(describe_answers(), heads, rows)


def describe_answers() -> str:
    """Say between what the honest answers lie."""
    values = [
        solve(way, whole, tie).averaged.value
        for way in WAYS
        for whole in (True, False)
        for tie in TIES
    ]
    return (
        f"The same 24 boxes, {len(values)} answers from {percent(min(values), 2)} to "
        f"{percent(max(values), 2)}."
    )


def short(way: str) -> str:
    """Return the name of a way to average as it fits into a sentence."""
    return "at every point" if way == EVERY_POINT else f"at {way}"
