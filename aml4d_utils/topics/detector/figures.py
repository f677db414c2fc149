"""Pictures of the detector and of its failures, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from aml4d_utils.images import as_uint8
from aml4d_utils.measuring.wording import percent, plain
from aml4d_utils.nets.detection import Detections
from aml4d_utils.notebook import Shown, new_figure, table
from aml4d_utils.topics.detector.condition_sweep import FailureReport, RecallCurve
from aml4d_utils.topics.detector.degrading import Trouble
from aml4d_utils.topics.detector.known_scenes import KnownScene
from aml4d_utils.topics.detector.open_world import OpenWorld
from aml4d_utils.topics.detector.opened import Opened, Round
from aml4d_utils.widgets.colours import OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_NAMED = 4


def in_words(found: Detections) -> str:
    """Name the boxes, surest first.

    Examples
    --------
    >>> cat = Detections(np.zeros((1, 4)), np.array([0.58]), np.array(["cat"]))
    >>> in_words(cat), in_words(cat[:0])
    ('1 box: cat 0.58', 'no box')
    """
    if not len(found):
        return "no box"
    pairs = zip(found.labels[:_MOST_NAMED], found.scores[:_MOST_NAMED], strict=True)
    named = ", ".join(f"{word} {score:.2f}" for word, score in pairs)
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return f"{len(found)} box{'es' * (len(found) > 1)}: {named}{more}"


# --- photos with boxes -----------------------------------------------------------------------


def draw_detected(photos: Sequence[np.ndarray], found: Sequence[Detections]) -> Figure:
    """Draw photos side by side with the boxes and words that a detector found."""
    widths = [photo.shape[1] / photo.shape[0] for photo in photos]
    height = min(3.4, 9.4 / sum(widths))
    figure = new_figure(min(9.4, 1.04 * height * sum(widths)), height + 0.2)
    axes = figure.subplots(1, len(photos), width_ratios=widths, squeeze=False)[0]
    for ax, photo, boxes in zip(axes, photos, found, strict=True):
        _draw_boxes(ax, photo, boxes)
    return figure


def _draw_boxes(ax: Axes, photo: np.ndarray, found: Detections) -> None:
    from matplotlib.patches import Rectangle

    ax.imshow(photo)
    limits = ax.get_xlim(), ax.get_ylim()
    scale = photo.shape[0] / 300
    for number, (corners, word, score) in enumerate(
        zip(found.boxes, found.labels, found.scores, strict=True)
    ):
        x0, y0, x1, y1 = corners
        colour = OKABE_ITO[number % 3]
        for edge, width in (("white", 4), (colour, 2)):
            ax.add_patch(
                Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=edge, linewidth=width)
            )
        ax.text(
            x0 + 4 * scale,
            y0 + 5 * scale,
            f"{word} {score:.2f}",
            va="top",
            color="white",
            size=10,
            bbox={"facecolor": colour, "edgecolor": "none", "pad": 1.5},
        )
    ax.set_xlim(limits[0])
    ax.set_ylim(limits[1])
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)


def describe_detected(names: Sequence[str], found: Sequence[Detections]) -> str:
    """Say what :func:`draw_detected` shows; ``names`` say what is on each photo."""
    parts = [f"{name}: {in_words(boxes)}" for name, boxes in zip(names, found, strict=True)]
    return "; ".join(parts) + "."


# --- the pipeline ----------------------------------------------------------------------------


def thicket(photo: np.ndarray, opened: Opened) -> np.ndarray:
    """Return a photo with the boxes of all cells on it, the surer the brighter.

    Parameters
    ----------
    photo : ndarray (H, W, 3), float in [0, 1]

    Returns
    -------
    ndarray (H, W, 3), uint8
    """
    drawn = np.ascontiguousarray(as_uint8(0.45 * photo))
    limit = np.array([photo.shape[1], photo.shape[0]] * 2) - 1
    edges = np.minimum(np.rint(opened.answers.boxes).astype(int), limit)
    lights = np.minimum(1.0, 0.25 + 1.2 * opened.best.astype(float))
    colours = (lights[:, None] * (255, 196, 60)).astype(int)
    for cell in np.argsort(opened.best, kind="stable"):
        x0, y0, x1, y1 = edges[cell].tolist()
        cv2.rectangle(drawn, (x0, y0), (x1, y1), colours[cell].tolist(), 1)
    return drawn


def describe_opened(opened: Opened, threshold: float) -> str:
    """Say how many cells there are, how many boxes pass, and what is left."""
    return (
        f"{len(opened.best):,} cells, each with 80 scores and a box. {len(opened.above)} boxes "
        f"score above {threshold:.2f}. Suppression leaves {in_words(opened.left)}."
    )


def describe_cell(opened: Opened, cell: int) -> str:
    """Say what one cell answers."""
    answers = opened.answers
    x0, y0, x1, y1 = answers.boxes[cell]
    won = " It won." if cell in opened.winners else ""
    return (
        f"The marked cell of the grid of {answers.strides[cell]} pixels says "
        f"{opened.words[cell]} {opened.best[cell]:.2f}, in a box of {x1 - x0:.0f} × {y1 - y0:.0f} "
        f"pixels.{won}"
    )


def describe_round(result: Round) -> str:
    """Say which box is kept in a round of suppression and which ones go because of it."""
    if result.step is None:
        return "No box scores above the threshold: there are 0 rounds."
    found, step = result.found, result.step
    goes = int(step.goes.sum())
    left = len(step.rivals) - goes
    return (
        f"Round {result.number} of {result.rounds}: kept is {found.labels[step.kept]} "
        f"{found.scores[step.kept]:.2f}, the surest of those that wait. {goes} overlap it by more "
        f"than {result.limit:.2f} and go; {left} wait for the next round."
    )


# --- conditions ------------------------------------------------------------------------------


def draw_scenes(scenes: Sequence[KnownScene], columns: int = 4) -> Figure:
    """Draw known scenes with the boxes of what is in them."""
    rows = -(-len(scenes) // columns)
    height, width = scenes[0].image.shape[:2]
    figure = new_figure(9.4, rows * 9.4 / columns * height / width + 0.1)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax in axes[len(scenes) :]:
        ax.set_axis_off()
    for ax, scene in zip(axes, scenes, strict=False):
        _draw_truth(ax, scene.image, scene.truth)
    return figure


def _draw_truth(ax: Axes, image: np.ndarray, truth: Detections) -> None:
    from matplotlib.patches import Rectangle

    ax.imshow(image)
    for corners, word in zip(truth.boxes, truth.labels, strict=True):
        x0, y0, x1, y1 = corners
        ax.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor="white", lw=2))
        ax.text(x0, y0 - 4, word, color="white", size=10,
                bbox={"facecolor": "#1f2328", "edgecolor": "none", "pad": 1.2})  # fmt: skip
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)


def describe_scenes(scenes: Sequence[KnownScene]) -> str:
    """Say what is in known scenes."""
    parts = [" and ".join(scene.truth.labels.tolist()) for scene in scenes]
    return f"{len(scenes)} scenes with known boxes: {'; '.join(parts)}."


def draw_report(report: FailureReport) -> Figure:
    """Draw recall and precision under one condition after the other, with intervals."""
    curves = list(report.curves.values())
    columns = min(3, len(curves))
    rows = -(-len(curves) // columns)
    figure = new_figure(9.4, 2.7 * rows)
    axes = figure.subplots(rows, columns, squeeze=False, sharey=True).ravel()
    for ax in axes[len(curves) :]:
        ax.set_axis_off()
    for ax, curve in zip(axes, curves, strict=False):
        values = curve.hardship.values
        steps = np.arange(len(values))
        low, high = curve.intervals.T
        ax.fill_between(steps, low, high, color=OKABE_ITO[0], alpha=0.18, linewidth=0)
        ax.plot(steps, curve.recall, "o-", color=OKABE_ITO[0], label="recall")
        ax.plot(steps, curve.precision, "s--", color=OKABE_ITO[1], label="precision")
        ax.set_xticks(steps, [plain(value) for value in values])
        ax.set_xlabel(curve.hardship.axis)
        ax.set_ylim(0, 1.03)
        ax.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes[0].legend(frameon=False, loc="upper right")
    return figure


def describe_report(report: FailureReport) -> str:
    """Say under each condition what the recall falls from and to."""
    return " ".join(f"{describe_curve(curve)}." for curve in report.curves.values())


def describe_curve(curve: RecallCurve) -> str:
    """Say what one curve shows, from the easiest value to the hardest."""
    low, high = curve.intervals[-1]
    easy, hard = curve.hardship.values[0], curve.hardship.values[-1]
    return (
        f"{curve.hardship.axis[0].upper()}{curve.hardship.axis[1:]}: from {plain(easy)} to "
        f"{plain(hard)}, over {curve.shown} things, the recall goes from "
        f"{percent(curve.recall[0])} to {percent(curve.recall[-1])} ({percent(low)} to "
        f"{percent(high)}), the precision from "
        f"{percent(curve.precision[0])} to {percent(curve.precision[-1])}"
    )


def describe_progress(report: FailureReport) -> str:
    """Say how many things were shown so far, for ``run(…, describe=…)``."""
    curve = next(iter(report.curves.values()))
    return f"{curve.shown} things in each of {len(report.curves)} × 5 ways"


def report_table(report: FailureReport) -> Shown:
    """Return the failure report as a table: one row a condition, the worst loss first."""
    curves = sorted(report.curves.values(), key=lambda curve: -curve.lost)
    rows = [
        (
            curve.hardship.name,
            f"{plain(curve.hardship.values[0])} → {plain(curve.hardship.values[-1])} "
            f"({curve.hardship.axis})",
            f"{curve.found[0]} of {curve.shown} → {curve.found[-1]} of {curve.shown}",
            "–".join(percent(limit) for limit in curve.intervals[-1]),
            f"{curve.alarms[0]} → {curve.alarms[-1]}",
        )
        for curve in curves
    ]
    heads = ("condition", "easy → hard", "found", "95 % interval at the hard end", "false alarms")
    worst = curves[0]
    summary = (
        f"Most is lost by {worst.hardship.name}: {worst.found[0]} of {worst.shown} things found at "
        f"first, {worst.found[-1]} at the end."
    )
    return table(summary, heads, rows)


def describe_trouble(trouble: Trouble) -> str:
    """Say what happens to a picture, with its numbers."""
    parts = [
        (trouble.share < 1, f"shrunk to {percent(trouble.share)}"),
        (trouble.turn != 0, f"turned by {plain(trouble.turn)}°"),
        (trouble.blur > 0, f"blurred by {plain(trouble.blur)} pixels"),
        (trouble.smear > 1, f"smeared over {plain(trouble.smear)} pixels"),
        (trouble.light < 1, f"with {percent(trouble.light)} of the light"),
        (trouble.noise > 0, f"with noise of {plain(trouble.noise)}"),
        (trouble.quality < 100, f"as a JPEG of quality {trouble.quality}"),
    ]
    said = [words for happens, words in parts if happens]
    return ", ".join(said) if said else "as it is"


# --- the open world --------------------------------------------------------------------------


def draw_called(world: OpenWorld, most: int = 8, columns: int = 4) -> Figure:
    """Draw the things whose word was surest, each with its word."""
    shown = world.ordered[:most]
    rows = -(-len(shown) // columns)
    figure = new_figure(9.4, rows * 2.3)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax in axes[len(shown) :]:
        ax.set_axis_off()
    for ax, one in zip(axes, shown, strict=False):
        ax.imshow(one.image)
        words = f"“{one.word}” {one.score:.2f}" if one.word else "no word"
        ax.set_title(f"{one.name}\n{words}", size=10.5)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.spines[:].set_visible(False)
    return figure


def describe_called(world: OpenWorld, most: int = 8) -> str:
    """Say how many things got a word, which words, and the surest of them."""
    named = world.named
    share = f"{len(named)} of {len(world.called)} things without a word of their own get one"
    if not named:
        return f"{share}."
    words = ", ".join(f"{word} ({count})" for word, count in world.words[:5])
    surest = ", ".join(f"{one.name} → {one.word} {one.score:.2f}" for one in named[:most])
    return f"{share}, most often {words}. Surest: {surest}."
