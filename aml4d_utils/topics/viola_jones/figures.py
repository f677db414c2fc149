"""Pictures of the face detector of Viola and Jones, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, plain, signed
from aml4d_utils.nets.detection import Detections
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.viola_jones.cascade import CELL, Scan
from aml4d_utils.topics.viola_jones.cascade_training import TrainingStage
from aml4d_utils.topics.viola_jones.conditions import Sweep, Sweeps
from aml4d_utils.topics.viola_jones.face_boosting import Boosted, intervals
from aml4d_utils.topics.viola_jones.haar import HaarFeature
from aml4d_utils.topics.viola_jones.integral import BoxSum
from aml4d_utils.topics.viola_jones.separating_faces import Separation
from aml4d_utils.widgets.colours import OKABE_ITO, mosaic

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TILE = 4
"""Screen pixels of a face's pixel in a mosaic."""


# --- integral image --------------------------------------------------------------------------


def describe_box_sum(found: BoxSum) -> str:
    """Say how four corners give the sum of a rectangle."""
    a, b, c, d = (whole(number) for number in found.corners)
    return (
        f"{found.height} × {found.width} pixels from row {found.row}, column {found.col}: "
        f"D − B − C + A = {d} − {b} − {c} + {a} = "
        f"{whole(found.total)}. That takes {found.additions} additions; pixel by pixel it takes "
        f"{found.additions_by_pixel:,}. The mean grey is {found.mean:.0f} of 255."
    )


def whole(number: float) -> str:
    """Return a number without decimals, in groups of three digits.

    Examples
    --------
    >>> whole(12345.2), whole(-3)
    ('12,345', '−3')
    """
    return f"{number:,.0f}".replace("-", "−")


# --- one feature -----------------------------------------------------------------------------


def describe_separation(found: Separation, shown: float, is_face: bool) -> str:
    """Say how well a feature tells faces from other things, and its value in the shown picture."""
    who = "this face" if is_face else "this picture without a face"
    value = f"The value in {who} is {signed(shown)}."
    if found.best is None:
        return f"{value} It is the same in all {len(found.values)} pictures: it separates nothing."
    side = "above" if found.best.face_above else "below"
    rank = (
        f"no other of {found.compared:,} features is better"
        if found.better == 0
        else f"{found.better:,} of {found.compared:,} features make fewer mistakes"
    )
    return (
        f"{value} With faces {side} {signed(found.best.threshold)}, {len(found.mistakes)} of "
        f"{len(found.values)} training pictures are wrong; {rank}."
    )


def describe_mistakes(found: Separation, shown: int) -> str:
    """Say what the mosaic of wrong examples shows."""
    wrong = found.mistakes
    if not len(wrong):
        return (
            f"None of the {len(found.values)} pictures is on the wrong side: an empty grey picture."
        )
    faces = int(found.is_face[wrong].sum())
    return (
        f"{min(shown, len(wrong))} of the {len(wrong)} pictures on the wrong side, "
        f"which are {faces} faces and {len(wrong) - faces} others."
    )


# --- boosting --------------------------------------------------------------------------------


def feature_tiles(
    features: Sequence[HaarFeature], face: np.ndarray, columns: int = 5
) -> np.ndarray:
    """Return features drawn on a face (S, S), side by side, as uint8 RGB."""
    tiles = np.stack([_on_face(feature, face) for feature in features])
    return mosaic(tiles, columns, gap=_TILE)


def _on_face(feature: HaarFeature, face: np.ndarray) -> np.ndarray:
    picture = np.repeat(np.repeat(np.rint(255 * face), _TILE, 0), _TILE, 1)
    for part in feature.rectangles:
        rows = slice(_TILE * part.row, _TILE * (part.row + part.height))
        cols = slice(_TILE * part.col, _TILE * (part.col + part.width))
        ground = 255 if part.weight > 0 else 0
        picture[rows, cols] = 0.25 * picture[rows, cols] + 0.75 * ground
    return np.repeat(picture[:, :, None], 3, axis=2).astype(np.uint8)


def picture_tiles(pictures: np.ndarray, columns: int, count: int = 0) -> np.ndarray:
    """Return small grey pictures (N, S, S) in [0, 1] side by side, as uint8 RGB.

    Places up to ``count`` that no picture fills are grey.
    """
    empty = np.full((max(0, count - len(pictures)), *pictures.shape[1:]), 0.93)
    pictures = np.concatenate([pictures, empty])
    grey = np.rint(255 * np.clip(pictures, 0, 1)).astype(np.uint8)
    return mosaic(np.repeat(grey[..., None], 3, axis=3), columns, gap=1)


def describe_boosted(state: Boosted) -> str:
    """Say how far the boosting is."""
    if state.round is None:
        return f"{state.measured:,} features measured on {len(state.pictures)} pictures"
    (low,), (high,) = intervals(state.held_out_wrong[-1:], state.held_out)
    return (
        f"round {len(state.features)}: {percent(state.round.train_wrong[-1], 1)} of the training "
        f"pictures wrong, {state.wrong} of {state.held_out} held-out pictures wrong "
        f"({percent(state.held_out_wrong[-1], 1)}; with so few, the true share lies between "
        f"{percent(low)} and {percent(high)})"
    )


def describe_chosen(state: Boosted) -> str:
    """Say what the mosaic of chosen features shows."""
    last = state.features[-1]
    return (
        f"{len(state.features)} features on the mean face, white and black parts. The last is "
        f"{last.kind} at row {last.row}, column {last.col}, "
        f"wrong on {percent(state.round.chosen[-1].error)} of the weight."
    )


def describe_hardest(state: Boosted, count: int) -> str:
    """Say what the mosaic of the heaviest examples shows."""
    which = state.hardest[:count]
    share = state.round.weights[which].sum()
    return (
        f"The {count} examples that count most now, {int(state.is_face[which].sum())} of them "
        f"faces. Together they carry {percent(share)} of the weight of all "
        f"{len(state.pictures)} examples."
    )


def describe_cascade_training(step: TrainingStage) -> str:
    """Say what the cascade under training lets pass."""
    return (
        f"stage {len(step.cascade.stages)} has {step.cascade.features[-1]} features; "
        f"{percent(step.faces_kept, 1)} of the training faces pass all stages, and about 1 of "
        f"{whole(1 / max(step.alarms_kept, 1e-7))} windows without a face"
    )


# --- cascade ---------------------------------------------------------------------------------


def describe_scan(scanned: Scan, stage: int) -> str:
    """Say how many windows are left after a stage."""
    if not len(scanned):
        return (
            f"The photo of {scanned.shape[1]} × {scanned.shape[0]} pixels is smaller than the "
            f"window of {scanned.cascade.side} pixels: there is nothing to look at."
        )
    count = round(float(scanned.alive[stage]) * len(scanned))
    stages = len(scanned.cascade.stages)
    left = f"{count:,} of {len(scanned):,} windows ({percent(scanned.alive[stage], 2)})"
    return (
        f"After {stage} of {stages} stages {left} are left. A window costs "
        f"{scanned.features_per_window:.1f} of {int(scanned.cascade.features.sum()):,} features "
        "on average."
    )


def still_alive(photo: np.ndarray, stages: np.ndarray, stage: int, cell: int = CELL) -> np.ndarray:
    """Return the photo (H, W, 3), dark where no window is left after a stage.

    ``stages`` is `Scan.map_of_stages` in squares of ``cell`` pixels.
    """
    rows, cols = (np.arange(length) // cell for length in photo.shape[:2])
    left = (stages >= stage)[rows[:, None], cols]
    return np.where(left[..., None], photo, 0.2 * photo)


# --- detections ------------------------------------------------------------------------------


def draw_detections(
    photos: Sequence[np.ndarray], found: Sequence[Detections], names: Sequence[str] = ()
) -> Figure:
    """Draw photos side by side with the boxes that were found in each.

    ``names`` may say above each photo what has looked at it.
    """
    widths = [photo.shape[1] / photo.shape[0] for photo in photos]
    height = min(3.4, 9.4 / sum(widths))
    figure = new_figure(min(9.4, 1.04 * height * sum(widths)), height + (0.6 if names else 0.35))
    axes = figure.subplots(1, len(photos), width_ratios=widths, squeeze=False)[0]
    above = [f"{name}\n" for name in names] or [""] * len(photos)
    for ax, photo, boxes, name in zip(axes, photos, found, above, strict=True):
        ax.imshow(photo)
        for box in boxes.boxes:
            _box(ax, box)
        ax.set_title(f"{name}{in_words(boxes)}", loc="center")
        _bare(ax)
    return figure


def describe_detections(names: Sequence[str], found: Sequence[Detections]) -> str:
    """Say what :func:`draw_detections` shows; ``names`` say what is on each photo."""
    parts = [
        f"{name}: {in_words(boxes)}{_where(boxes)}"
        for name, boxes in zip(names, found, strict=True)
    ]
    return "; ".join(parts) + "."


def in_words(found: Detections) -> str:
    """Return in words what was found.

    Examples
    --------
    >>> boxes, scores = np.zeros((3, 4)), np.ones(3)
    >>> in_words(Detections(boxes, scores, np.array(["face", "cat", "face"])))
    '1 cat, 2 faces found'
    >>> in_words(Detections(boxes[:0], scores[:0], np.array([])))
    'no face found'
    """
    if not len(found):
        return "no face found"
    names, counts = np.unique(found.labels, return_counts=True)
    parts = (f"{n} {name}{'s' if n > 1 else ''}" for name, n in zip(names, counts, strict=True))
    return ", ".join(parts) + " found"


def describe_found(found: Detections, what: str) -> str:
    """Say what a detector found in one photo; ``what`` names the photo and its condition."""
    return f"{what}: {in_words(found)}{_where(found)}."


def _where(found: Detections) -> str:
    if not len(found):
        return ""
    x0, y0, x1, _ = found.boxes[0]
    many = "the surest " if len(found) > 1 else ""
    return f", {many}{x1 - x0:.0f} pixels wide at row {y0:.0f}, column {x0:.0f}"


def _box(ax: Axes, box: np.ndarray) -> None:
    from matplotlib.patches import Rectangle

    x0, y0, x1, y1 = box
    for colour, width in (("white", 4), (OKABE_ITO[1], 2)):
        ax.add_patch(
            Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=colour, linewidth=width)
        )


def _bare(ax: Axes) -> None:
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)


# --- conditions ------------------------------------------------------------------------------


def draw_sweeps(sweeps: Sweeps) -> Figure:
    """Draw the share of faces that were found under one condition after the other."""
    results = list(sweeps.done.values())
    rows = -(-len(results) // 2)
    figure = new_figure(9.4, 2.7 * rows)
    axes = figure.subplots(rows, 2, squeeze=False).ravel()
    for ax in axes[len(results) :]:
        ax.set_axis_off()
    for ax, result in zip(axes, results, strict=False):
        low, high = intervals(result.shares, result.count)
        ax.fill_between(result.values, low, high, color=OKABE_ITO[0], alpha=0.18, linewidth=0)
        ax.plot(result.values, result.shares, "o-", color=OKABE_ITO[0], markersize=4.5)
        ax.set_xlabel(result.condition.axis)
        ax.set_ylim(0, 1.03)
        ax.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
        ax.set_title("faces found")
        if result.condition.name == "tilt":
            ax.set_xticks(np.arange(-90, 91, 30))
        if result.condition.name in ("darkness", "mask"):
            ax.xaxis.set_major_formatter(lambda share, _: percent(share))
    return figure


def describe_sweep(result: Sweep) -> str:
    """Say what the curve of one condition shows."""
    best = int(result.found.argmax())
    low, high = result.limit()
    half = (
        f"at least half are found from {plain(low)} to {plain(high)}"
        if np.isfinite(low)
        else "half are found nowhere"
    )
    return (
        f"{result.condition.axis}: most, {result.found[best]} of {result.count} faces, at "
        f"{plain(result.values[best])}; {half}"
    )


def describe_sweeps(sweeps: Sweeps) -> str:
    """Say what :func:`draw_sweeps` shows."""
    parts = (describe_sweep(one) for one in sweeps.done.values())
    return "Share of faces found. " + ". ".join(part[0].upper() + part[1:] for part in parts) + "."


def describe_last_sweep(sweeps: Sweeps) -> str:
    """Say which condition is being tried, and what it gave last."""
    last = list(sweeps.done.values())[-1]
    return (
        f"{last.condition.axis} {plain(last.values[-1])}: {last.found[-1]} of {last.count} faces "
        "found"
    )
