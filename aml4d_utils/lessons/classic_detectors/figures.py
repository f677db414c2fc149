"""Pictures of the comparison, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.lessons.classic_detectors.comparison import (
    PERSON,
    PUBLISHED,
    ComparisonStep,
    JudgedScene,
    Published,
)
from aml4d_utils.measuring.wording import counted, percent
from aml4d_utils.notebook import new_figure, table
from aml4d_utils.widgets.colours import OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from aml4d_utils.notebook import Shown

_BLUE, _RED, _GREEN = OKABE_ITO[0], OKABE_ITO[1], OKABE_ITO[2]


def describe_progress(step: ComparisonStep) -> str:
    """Say in one line how far the comparison is, for ``run(…, describe=…)``."""
    faces = step.rows[0].faces
    best = max((row for row in step.rows if row.task != PERSON), key=lambda row: row.recall)
    return f"{faces} faces shown; {best.name} leads with {best.found}"


# --- the table -----------------------------------------------------------------------------------


def comparison_table(step: ComparisonStep) -> Shown:
    """Return the comparison as a table; a detector of persons is marked as another task."""
    rows = [
        (
            row.name + (" (another task)" if row.task == PERSON else ""),
            f"{row.found} of {row.faces}",
            f"{percent(row.recall)} ({percent(row.interval[0])} to {percent(row.interval[1])})",
            f"{row.alarms_per_scene:.1f}",
            _milliseconds(row.median),
        )
        for row in step.rows
    ]
    heads = (
        "detector",
        "found",
        "recall (95 % interval)",
        "false alarms per image",
        "ms per image",
    )
    return table(describe_comparison(step), heads, rows)


def draw_comparison(step: ComparisonStep) -> Figure:
    """Draw recall with its interval, false alarms and time of every detector, side by side."""
    rows = step.rows
    figure = new_figure(9.4, 0.5 * len(rows) + 1.0)
    recall, alarms, speed = figure.subplots(1, 3, sharey=True, width_ratios=(1.35, 1, 1))
    places = np.arange(len(rows))
    for place, row in zip(places, rows, strict=True):
        filled = row.task != PERSON
        style = {"color": _BLUE, "markerfacecolor": _BLUE if filled else "white", "markersize": 8}
        low, high = row.interval
        recall.plot([low, high], [place, place], color=_BLUE, linewidth=2.5, alpha=0.45)
        recall.plot(row.recall, place, "o", **style)
        recall.text(high + 0.03, place, f"{row.found} of {row.faces}", va="center")
        most = max(other.alarms_per_scene for other in rows) or 1.0
        alarms.barh(
            place, row.alarms_per_scene, height=0.45, color=_RED, alpha=1 if filled else 0.4
        )
        alarms.text(
            row.alarms_per_scene + 0.03 * most, place, f"{row.alarms_per_scene:.1f}", va="center"
        )
        speed.barh(place, row.median, height=0.45, color=_GREEN, alpha=1 if filled else 0.4)
        longest = max(other.median for other in rows) or 1.0
        speed.text(row.median + 0.03 * longest, place, _milliseconds(row.median), va="center")
    names = [row.name + ("\n(another task)" if row.task == PERSON else "") for row in rows]
    recall.set_yticks(places, names)
    recall.tick_params(axis="y", labelcolor="#1f2328", length=0)
    recall.set_xlim(0, 1.32)
    recall.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    recall.set_title("faces found, with 95 % interval")
    alarms.set_title("false alarms per image")
    alarms.set_xlim(0, 1.25 * (max(row.alarms_per_scene for row in rows) or 1.0))
    speed.set_title("milliseconds per image")
    speed.set_xlim(0, 1.3 * (max(row.median for row in rows) or 1.0))
    for ax in (alarms, speed):
        ax.set_xticks([])
        ax.tick_params(axis="y", length=0)
        ax.spines["bottom"].set_visible(False)
    recall.invert_yaxis()
    return figure


def describe_comparison(step: ComparisonStep) -> str:
    """Say who finds most, who raises most false alarms and who is fastest."""
    rows = [row for row in step.rows if row.task != PERSON and row.scenes]
    if not rows:
        return "No scene has been shown yet."
    best = max(rows, key=lambda row: row.recall)
    worst = min(rows, key=lambda row: row.recall)
    loud = max(rows, key=lambda row: row.alarms_per_scene)
    fast = min(rows, key=lambda row: row.median)
    slow = max(rows, key=lambda row: row.median)
    return (
        f"{counted(best.faces, 'face')} in {counted(best.scenes, 'image')}: {best.name} finds "
        f"{best.found}, {worst.name} {worst.found}. {loud.name} raises most false alarms, "
        f"{loud.alarms_per_scene:.1f} an image. {fast.name} is fastest with "
        f"{_milliseconds(fast.median)} ms an image, {slow.name} slowest with "
        f"{_milliseconds(slow.median)} ms."
    )


# --- one scene -----------------------------------------------------------------------------------


def draw_looks(looks: Sequence[JudgedScene]) -> Figure:
    """Draw one scene once for each detector: known faces, boxes that find one, false alarms.

    Parameters
    ----------
    looks : sequence of JudgedScene
        All of the same scene: ``[look for look in step.looks if look.scene.name == "scene 1"]``.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not looks:
        raise ValueError("Expected at least one look at a scene, but got none.")
    columns = min(3, len(looks))
    rows = -(-len(looks) // columns)
    height, width = looks[0].scene.image.shape[:2]
    figure = new_figure(9.4, rows * (9.4 / columns * height / width + 0.5) + 0.35)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax in axes[len(looks) :]:
        ax.set_axis_off()
    for ax, look in zip(axes, looks, strict=False):
        _draw_look(ax, look)
    figure.supxlabel(
        "white, dotted: the known faces · green: finds a face · orange, dashed: false alarm",
        fontsize=11,
        color="#57606a",
    )
    return figure


def _draw_look(ax: Axes, look: JudgedScene) -> None:
    from matplotlib.patches import Rectangle

    ax.imshow(look.scene.image, cmap="gray", vmin=0, vmax=1)
    limits = ax.get_xlim(), ax.get_ylim()
    boxes = [(box, "white", ":", 1.6) for box in look.scene.boxes]
    for box, hit in zip(look.boxes, look.hits, strict=True):
        boxes.append((box, "#00c48c", "-", 2.2) if hit >= 0 else (box, "#ff7f2a", "--", 2.2))
    for (x0, y0, x1, y1), colour, style, width in boxes:
        corner = (x0 - 0.5, y0 - 0.5)
        shape = (x1 - x0, y1 - y0)
        # A dark line below keeps every box visible on bright ground.
        ax.add_patch(
            Rectangle(corner, *shape, fill=False, color="black", lw=width + 1.6, alpha=0.6)
        )
        ax.add_patch(Rectangle(corner, *shape, fill=False, color=colour, ls=style, lw=width))
    ax.set_xlim(limits[0])
    ax.set_ylim(limits[1])
    hits = int((look.hits >= 0).sum())
    ax.set_title(
        f"{look.detector}\n{hits} of {len(look.scene.boxes)} found, "
        f"{_alarms(len(look.hits) - hits)}",
        fontsize=10.5,
    )
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)


def describe_looks(looks: Sequence[JudgedScene]) -> str:
    """Say what each detector makes of one scene."""
    parts = []
    for look in looks:
        hits = int((look.hits >= 0).sum())
        parts.append(f"{look.detector} finds {hits} and raises {_alarms(len(look.hits) - hits)}")
    scene = looks[0].scene
    return f"{scene.name} with {counted(len(scene.boxes), 'face')}: {'; '.join(parts)}."


# --- published -----------------------------------------------------------------------------------


def draw_published(results: Sequence[Published] = PUBLISHED) -> Figure:
    """Draw published results on PASCAL VOC 2007 by year, each with its source."""
    figure = new_figure(8.6, 0.74 * len(results) + 0.9)
    ax = figure.subplots()
    places = np.arange(len(results))
    ax.barh(places, [result.average for result in results], height=0.4, color=_BLUE)
    for place, result in zip(places, results, strict=True):
        ax.text(result.average + 1, place, f"{result.average:.1f} %", va="center", weight="bold")
        ax.text(0.4, place + 0.24, result.source, va="top", color="#57606a", size=10.5)
    ax.set_yticks(places, [f"{result.year}  {result.name}" for result in results])
    ax.tick_params(axis="y", labelcolor="#1f2328", length=0)
    ax.set_xlim(0, 100)
    ax.set_ylim(-0.5, len(results) - 0.3)
    ax.set_xticks([0, 25, 50, 75, 100], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    ax.set_title("published: mean average precision on PASCAL VOC 2007, 20 kinds of things")
    ax.invert_yaxis()
    return figure


def describe_published(results: Sequence[Published] = PUBLISHED) -> str:
    """Say what :func:`draw_published` shows, with the sources."""
    parts = [
        f"{result.name} ({result.year}) {result.average:.1f} per cent, {result.source}"
        for result in results
    ]
    return (
        "Published, not measured here: mean average precision on PASCAL VOC 2007. "
        f"{'; '.join(parts)}."
    )


def _milliseconds(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def _alarms(count: int) -> str:
    return counted(count, "false alarm") if count else "no false alarm"
