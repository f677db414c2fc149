"""Pictures of what a trained network brings, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.measuring.wording import counted, percent, signed
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.transfer.frozen_or_not import Moved
from aml4d_utils.topics.transfer.label_curves import FROZEN, PIXELS, SCRATCH, LabelCurves
from aml4d_utils.topics.transfer.task_distance import Crossing, Slope
from aml4d_utils.topics.transfer.tasks import Task
from aml4d_utils.topics.transfer.two_bodies import TwoBodies
from aml4d_utils.widgets.colours import OKABE_ITO, mosaic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKS = "osD^vXP"
_GREY = "#57606a"
MOST_IN_A_ROW = 10
WIDEST = 620
_COLUMNS = 5
_SCALE = 0.9


# --- pictures to learn from ------------------------------------------------------------------


def task_tiles(task: Task, places: np.ndarray, per_class: int) -> np.ndarray:
    """Lay pictures of a task out class by class, half as large: uint8 (H, W, 3).

    A class is a block of up to five columns; as many blocks share a line as leave pictures large.
    """
    small = task.pictures[places][:, ::2, ::2]
    columns = min(per_class, _COLUMNS)
    starts = range(0, len(small), per_class)
    blocks = np.stack([mosaic(small[k : k + per_class], columns, gap=3) for k in starts])
    room = (2 if per_class == columns else 3) * _COLUMNS
    lines = -(-len(blocks) * columns // room)
    return mosaic(blocks, -(-len(blocks) // lines), gap=12)


def width_of_tiles(sheet: np.ndarray) -> int:
    """Return how wide a sheet of `task_tiles` stands on the page, px."""
    return round(min(_SCALE * sheet.shape[1], WIDEST))


def draw_task(task: Task, per_class: int = 5) -> Figure:
    """Draw the first pictures of each class, a row for each class."""
    figure = new_figure(8.4, 0.95 * len(task.classes))
    axes = figure.subplots(len(task.classes), per_class + 1)
    for label, row in enumerate(axes):
        places = np.flatnonzero(task.labels == label)[:per_class]
        row[0].text(1, 0.5, task.classes[label], ha="right", va="center")
        for place, ax in zip(places, row[1:], strict=False):
            ax.imshow(task.pictures[place])
        for ax in row:
            ax.axis("off")
    return figure


def describe_task(task: Task, per_class: int = 5) -> str:
    """Say which classes a task has, and how many originals of each."""
    counts = np.bincount(task.labels, minlength=len(task.classes))
    each = ", ".join(f"{name} ({n})" for name, n in zip(task.classes, counts, strict=True))
    return f"{per_class} pictures of each class of the task {task.name}. Originals: {each}."


# --- curves ----------------------------------------------------------------------------------


def draw_label_curves(curves: LabelCurves) -> Figure:
    """Draw accuracy against labels for each class; bands go from the worst split to the best."""
    figure = new_figure(8.4, 4.0)
    ax = figure.subplots()
    shown = [way for way in curves.ways if curves.measured(way)]
    ends = _apart([curves.mean(way, curves.measured(way)[-1]) for way in shown], 0.065)
    for k, (way, end) in enumerate(zip(shown, ends, strict=True)):
        at = curves.measured(way)
        colour = OKABE_ITO[k % len(OKABE_ITO)]
        low, high = np.array([curves.band(way, n) for n in at]).T
        ax.fill_between(at, low, high, color=colour, alpha=0.15, linewidth=0)
        means = [curves.mean(way, n) for n in at]
        ax.plot(at, means, color=colour, marker=_MARKS[k % len(_MARKS)])
        ax.annotate(
            way, (at[-1], end), xytext=(9, 0), textcoords="offset points", color=colour, va="center"
        )
    chance = 1 / curves.classes
    ax.axhline(chance, color=_GREY, linestyle="--", linewidth=1)
    ax.text(curves.labels[0], chance - 0.012, "chance", color=_GREY, va="top")
    ax.set_xscale("log")
    ax.set_xticks(curves.labels, [str(n) for n in curves.labels])
    ax.minorticks_off()
    ax.set_xlim(curves.labels[0] * 0.9, curves.labels[-1] * 2.4)
    ax.set_ylim(0, 1.02)
    ax.set_xlabel("labels for each class")
    ax.set_ylabel("balanced accuracy")
    return figure


def _apart(heights: Sequence[float], gap: float) -> np.ndarray:
    """Move labels up until none stands on another."""
    order, placed = np.argsort(heights), np.array(heights, float)
    for lower, upper in zip(order, order[1:], strict=False):
        placed[upper] = max(placed[upper], placed[lower] + gap)
    return placed


def describe_label_curves(curves: LabelCurves) -> str:
    """Say what each way reaches with the fewest and with the most labels."""
    words = [
        f"The task {curves.task}, {curves.classes} classes, chance {percent(1 / curves.classes)}, "
        f"{curves.shares.shape[2]} splits."
    ]
    for way in curves.ways:
        at = curves.measured(way)
        if at:
            words.append(
                f"{way}: "
                + ", ".join(f"{percent(curves.mean(way, n))} with {_labels(n)}" for n in at)
                + "."
            )
    return " ".join(words)


def describe_at(curves: LabelCurves, per_class: int) -> str:
    """Say what each way reaches with so many labels, with its worst and best split."""
    words = [f"The task {curves.task}, {_labels(per_class)} for each class:"]
    for way in curves.ways:
        if len(curves.of(way, per_class)):
            low, high = (percent(end) for end in curves.band(way, per_class))
            splits = len(curves.of(way, per_class))
            spread = f"{low} to {high} in {splits} splits" if splits > 1 else "one split"
            words.append(f"{way} {percent(curves.mean(way, per_class))} ({spread});")
    return " ".join(words).rstrip(";") + f". Chance gives {percent(1 / curves.classes)}."


def describe_lead(
    curves: LabelCurves, per_class: int, one: str = FROZEN, other: str = SCRATCH
) -> str:
    """Say by how many points one way leads another, with the interval of the mean."""
    mean, low, high = (100 * value for value in curves.lead(one, other, per_class))
    return (
        f"With {_labels(per_class)} for each class, {one} is {signed(mean, 0)} points beyond "
        f"{other} (95 % interval {signed(low, 0)} to {signed(high, 0)}, "
        f"{curves.shares.shape[2]} splits)."
    )


def _labels(count: int) -> str:
    return "1 label" if count == 1 else f"{count} labels"


# --- task distance ---------------------------------------------------------------------------


def draw_slope(slope: Slope) -> Figure:
    """Draw accuracy at each station, an example above each."""
    figure = new_figure(9.2, 4.6)
    count = len(slope.stations)
    above, ax = figure.subplots(2, 1, height_ratios=(1, 2.4))
    above.axis("off")
    for k, picture in enumerate(slope.examples):
        inset = above.inset_axes(((k + 0.5) / count - 0.07, 0, 0.14, 1))
        inset.imshow(picture)
        inset.axis("off")
    places = np.arange(count)
    for k, way in enumerate((FROZEN, PIXELS)):
        colour = OKABE_ITO[k]
        band = np.array([curve.band(way, slope.per_class) for curve in slope.curves]).T
        shares = slope.shares(way)
        ax.errorbar(
            places, shares, yerr=np.abs(band - shares), color=colour, marker=_MARKS[k], capsize=4
        )
        ax.text(places[0] - 0.12, shares[0], way, color=colour, ha="right", va="center")
    for place, high, gain in zip(places, slope.shares(FROZEN), slope.gains, strict=True):
        ax.annotate(
            signed(gain, 0), (place, high), xytext=(7, 7), textcoords="offset points", color=_GREY
        )
    ax.set_xticks(places, slope.stations)
    ax.set_xlim(-1.3, count - 0.5)
    ax.set_ylim(0, 1.02)
    ax.set_ylabel("balanced accuracy")
    return figure


def describe_slope(slope: Slope) -> str:
    """Say what frozen features and raw pixels reach at each station."""
    frozen, pixels = slope.shares(FROZEN), slope.shares(PIXELS)
    each = "; ".join(
        f"{name}: {percent(a)} against {percent(b)}, {signed(gain, 0)} points"
        for name, a, b, gain in zip(slope.stations, frozen, pixels, slope.gains, strict=True)
    )
    return (
        f"Frozen features against raw pixels, {_labels(slope.per_class)} for each of six classes. "
        f"{each}."
    )


def draw_crossing(results: Sequence[tuple[str, Crossing]]) -> Figure:
    """Draw accuracy on photos against the photos learned from, with and without rendered things."""
    figure = new_figure(8.4, 3.4)
    axes = np.atleast_1d(figure.subplots(1, len(results), sharey=True))
    for ax, (name, result) in zip(axes, results, strict=True):
        at = np.arange(len(result.handfuls))
        rows = (
            ("rendered and photos", result.with_rendered),
            ("photos alone", result.photos_alone),
        )
        for k, (words, shares) in enumerate(rows):
            known = ~np.isnan(shares).any(1)
            ax.plot(
                at[known], shares[known].mean(1), color=OKABE_ITO[k], marker=_MARKS[k], label=words
            )
            ax.fill_between(
                at[known], shares[known].min(1), shares[known].max(1),
                color=OKABE_ITO[k], alpha=0.15, linewidth=0,
            )  # fmt: skip
        mean = result.on_rendered.mean()
        ax.axhline(mean, color=OKABE_ITO[2], linestyle=":", label="tested on rendered things")
        ax.axhline(
            1 / len(result.classes), color=_GREY, linestyle="--", linewidth=1, label="chance"
        )
        ax.set_xticks(at, [str(n) for n in result.handfuls])
        ax.set_xlabel("photos of each class to learn from")
        ax.set_title(name, loc="left")
        ax.set_ylim(0, 1.02)
    axes[0].set_ylabel("balanced accuracy")
    axes[-1].legend(loc="upper right", fontsize=9.5)
    return figure


def describe_crossing(results: Sequence[tuple[str, Crossing]]) -> str:
    """Say what rendered things teach about photos, and what a handful of photos adds."""
    words = []
    for name, result in results:
        steps = [
            f"{percent(row.mean())} with {counted(few, 'photo')} of each class"
            for few, row in zip(result.handfuls, result.with_rendered, strict=True)
        ]
        words.append(
            f"{name}: learned from {result.rendered} rendered pictures of each of "
            f"{len(result.classes)} classes. On rendered things of other models "
            f"{percent(result.on_rendered.mean())}; on photos {', '.join(steps)}. Photos alone, "
            f"{result.handfuls[-1]} of each class: {percent(result.photos_alone[-1].mean())}."
        )
    return " ".join(words)


# --- frozen? ---------------------------------------------------------------------------------


def describe_moved(moved: Moved) -> str:
    """Say what a training did to a body that was called frozen."""
    return (
        f"With the body in {moved.mode} mode, {moved.changed_parameters} of {moved.parameters} "
        f"tensors of weights and {moved.changed_statistics} of {moved.statistics} running "
        f"statistics changed. The features turned by {moved.turned:.1f} degrees, and the old "
        f"network's first guess changed for {moved.first_guesses} of {moved.tested} pictures."
    )


# --- two bodies ------------------------------------------------------------------------------


def draw_two_bodies(result: TwoBodies) -> Figure:
    """Draw right answers on ImageNet's own classes beside the curves of both bodies' features."""
    figure = new_figure(8.8, 3.3)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    for k, count in enumerate(result.right):
        share = count / result.asked
        low, high = wilson(share, result.asked)
        left.bar(
            k, share, 0.6, yerr=[[share - low], [high - share]], color=OKABE_ITO[k],
            hatch=("", "//")[k], capsize=5,
        )  # fmt: skip
    left.set_xticks(range(len(result.names)), result.names)
    left.set_ylim(0, 1)
    left.set_ylabel(f"right first guesses of {result.asked}")
    left.set_title("ImageNet's classes", loc="left")
    curves = result.curves
    for k, (name, way) in enumerate(zip(result.names, curves.ways, strict=True)):
        means = [curves.mean(way, n) for n in curves.labels]
        low, high = np.array([curves.band(way, n) for n in curves.labels]).T
        right.fill_between(curves.labels, low, high, color=OKABE_ITO[k], alpha=0.15, linewidth=0)
        right.plot(curves.labels, means, color=OKABE_ITO[k], marker=_MARKS[k], label=name)
    right.set_xscale("log")
    right.set_xticks(curves.labels, [str(n) for n in curves.labels])
    right.minorticks_off()
    right.set_ylim(0, 1.02)
    right.set_xlabel("labels for each class")
    right.set_title("frozen features, our six classes", loc="left")
    right.legend(loc="lower right")
    return figure


def describe_two_bodies(result: TwoBodies) -> str:
    """Say what both networks reach at ImageNet's classes and with their features."""
    curves, words = result.curves, []
    for name, way, count in zip(result.names, curves.ways, result.right, strict=True):
        words.append(
            f"{name}: {count} of {result.asked} things named rightly; features: "
            + ", ".join(f"{percent(curves.mean(way, n))} with {_labels(n)}" for n in curves.labels)
            + "."
        )
    order = "the same" if result.same_order else "not everywhere the same"
    return " ".join([*words, f"The order is {order}."])
