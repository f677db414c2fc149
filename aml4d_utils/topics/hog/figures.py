"""Pictures of HOG, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.images import as_uint8, fit
from aml4d_utils.measuring.wording import percent, signed
from aml4d_utils.topics.hog.contest import (
    COPIES,
    AttemptComparison,
    FeatureAttempt,
    Pictures,
    compare,
)
from aml4d_utils.topics.hog.descriptor import Hog
from aml4d_utils.topics.hog.face_windows import FaceTemplate, WindowView, wanted
from aml4d_utils.topics.hog.feature_families import FAMILIES
from aml4d_utils.topics.hog.remembering import Memory
from aml4d_utils.widgets.colours import mosaic

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _SOFT = "#1f2328", "#57606a"
_STROKE_WIDTH = 0.18
_NEVER = 1e-9
MOST_SCORE = 2
"""Where the colours of a map of scores end; the support vector machine aims at ±1."""


# --- strokes ---------------------------------------------------------------------------------


def hog_picture(cells: np.ndarray, side: int = 16, high: float | None = None) -> np.ndarray:
    """Draw every cell's histogram as strokes along the edges: the brighter, the more votes.

    Parameters
    ----------
    cells : ndarray (R, C, orientations), float, not negative
    side : int
        Pixels of the picture for each cell.
    high : float, optional
        Votes that are drawn white; by default what 99 % of the numbers stay below.

    Returns
    -------
    ndarray (R · side, C · side), float64 in [0, 1]

    Examples
    --------
    >>> level = np.zeros((1, 1, 9))
    >>> level[0, 0, 4] = 1
    >>> hog_picture(level, 9).argmax(axis=0).tolist()
    [4, 4, 4, 4, 4, 4, 4, 4, 4]
    """
    high = float(np.percentile(cells, 99)) or float(cells.max()) if high is None else high
    strength = np.clip(cells / high, 0, 1) if high > _NEVER else np.zeros(cells.shape)
    drawn = np.zeros((*cells.shape[:2], side, side))
    for bin_, stroke in enumerate(_strokes(cells.shape[2], side)):
        np.maximum(drawn, strength[:, :, bin_, None, None] * stroke, out=drawn)
    rows, cols = cells.shape[:2]
    return drawn.transpose(0, 2, 1, 3).reshape(rows * side, cols * side)


@lru_cache(maxsize=64)
def _strokes(orientations: int, side: int) -> np.ndarray:
    """One stroke per bin, across its gradient: ndarray (orientations, side, side) in [0, 1]."""
    angle = np.deg2rad((np.arange(orientations) + 0.5) * 180 / orientations)
    place = np.arange(side) - (side - 1) / 2
    down, right = np.meshgrid(place, place, indexing="ij")
    across = right * np.cos(angle)[:, None, None] + down * np.sin(angle)[:, None, None]
    half = max(0.5, _STROKE_WIDTH * side / 2)
    stroke = np.clip(half + 0.5 - np.abs(across), 0, 1)
    return stroke * np.clip(side / 2 + 0.5 - np.hypot(down, right), 0, 1)


def edge_words(orientation: float) -> str:
    """Say how an edge runs whose gradient has this orientation, in degrees.

    Examples
    --------
    >>> edge_words(0), edge_words(90), edge_words(45), edge_words(135)
    ('upright', 'level', 'rising to the right', 'falling to the right')
    """
    names = ("upright", "rising to the right", "level", "falling to the right")
    return names[int(((orientation + 22.5) % 180) // 45)]


# --- a photo and its HOG ---------------------------------------------------------------------


def describe_hog(photo: np.ndarray, found: Hog, what: str = "the photo") -> str:
    """Say what a descriptor holds of a photo; ``what`` describes the photo."""
    rows, cols, bins = found.cells.shape
    start = (
        f"Left, {what}, {photo.shape[1]} × {photo.shape[0]} pixels. Right, its HOG: "
        f"{rows} × {cols} cells with {bins} strokes each"
    )
    votes = found.cells.sum(axis=(0, 1))
    if votes.sum() <= _NEVER:
        return f"{start}, all of them black: the photo has no gradients."
    top = int(votes.argmax())
    return (
        f"{start}. Most votes, {percent(votes[top] / votes.sum())} of them, go to the bin of "
        f"{bin_words(top, bins)}, whose edges run {edge_words((top + 0.5) * 180 / bins)}."
    )


def describe_cell(photo: np.ndarray, found: Hog, row: int, col: int) -> str:
    """Say how the votes of one cell fall."""
    return f"{photo.shape[0]} × {photo.shape[1]} pixels. " + cell_words(found, row, col)


def cell_words(found: Hog, row: int, col: int) -> str:
    """Say in one sentence what a cell has voted for and what the edge there looks like."""
    votes = found.cells[row, col]
    bins = len(votes)
    where = f"Cell in row {row}, column {col}"
    if votes.sum() <= _NEVER:
        return f"{where}: no pixel differs from its neighbours, so every bin has 0 votes."
    top = int(votes.argmax())
    share = float(votes[top] / votes.sum())
    orientation = (top + 0.5) * 180 / bins
    return (
        f"{where}: the strongest bin is {bin_words(top, bins)} with {percent(share)} of the votes "
        f"({votes[top]:.3f}): {edge_kind(share, bins)}, {edge_words(orientation)}."
    )


def edge_kind(share: float, bins: int) -> str:
    """Say how clear an edge is that gets this share of its cell's votes.

    Examples
    --------
    >>> edge_kind(0.7, 9), edge_kind(0.3, 9), edge_kind(0.15, 9)
    ('one clear edge', 'mostly one edge', 'texture or a corner, hardly an edge')
    """
    if share >= 0.5:
        return "one clear edge"
    return "mostly one edge" if share * bins >= 2 else "texture or a corner, hardly an edge"


def bin_words(number: int, bins: int) -> str:
    """Return the range of a bin.

    Examples
    --------
    >>> bin_words(4, 9), bin_words(1, 7)
    ('80–100°', '26–51°')
    """
    return f"{number * 180 / bins:.0f}–{(number + 1) * 180 / bins:.0f}°"


# --- what HOG remembers ----------------------------------------------------------------------


def describe_memory(memory: Memory) -> str:
    """Say what HOG kept of a photo."""
    cell = memory.found.settings.pixels_per_cell[0]
    start = f"{memory.found.vector.size:,} numbers from cells of {cell} px"
    if memory.found.cells.sum() <= _NEVER:
        return f"{start}, all 0: the photo has no gradients, so HOG remembers nothing."
    moved = (
        ""
        if memory.change == "as it is"
        else f"The photo {change_words(memory.change)}: its pixels moved by "
        f"{percent(memory.pixels_changed)}, its HOG by {percent(memory.hog_changed)}. "
    )
    if memory.rebuilt is None:
        return f"{moved}{start}; rebuilding the photo from them."
    return (
        f"{moved}{start}. To HOG, the rebuilt photo is {percent(memory.alike)} like the photo; "
        f"another photo is {percent(memory.stranger)} like it. Yet its edges follow the photo's "
        f"with only {memory.edges_kept:.2f}, its light and dark with {memory.brightness_kept:.2f} "
        "(1 is perfect)."
    )


def change_words(change: str) -> str:
    """Return a change as a verb.

    Examples
    --------
    >>> change_words("negative"), change_words("noisy")
    ('became its negative', 'became noisy')
    """
    return {"negative": "became its negative", "as it is": "stayed as it is"}.get(
        change, f"became {change}" if "dimmed" not in change else "was dimmed to a third"
    )


# --- the window ------------------------------------------------------------------------------


def describe_template(template: FaceTemplate) -> str:
    """Say what a face template weighs."""
    positive, negative = wanted(template)
    row, col = np.unravel_index(positive.sum(axis=2).argmax(), positive.shape[:2])
    return (
        f"A window of {len(positive)} × {len(positive)} cells, trained on {template.examples:,} "
        f"examples, {template.mistakes:,} of them its own mistakes. Strokes that speak for a face, "
        f"most of all in cell row {row}, column {col} ({positive.sum(axis=2).max():.1f}), and "
        f"strokes that speak against it, up to {negative.sum(axis=2).max():.1f}."
    )


def score_ends() -> tuple[str, str]:
    """Return what stands at the ends of the colours of a map of scores."""
    return f"≤ −{MOST_SCORE}", f"≥ +{MOST_SCORE}"


def describe_window(view: WindowView) -> str:
    """Say what the classifier thinks of the window and of the whole photo."""
    gains = float(view.contributions[view.contributions > 0].sum())
    losses = float(view.contributions[view.contributions < 0].sum())
    verdict = "a face" if view.score > 0 else "no face"
    verb = "is" if view.above == 1 else "are"
    best = (
        "it is the best one"
        if view.place == view.best
        else f"the best one scores {signed(float(view.scores[view.best]))}"
    )
    return (
        f"Window of {view.size} px: cells for a face {signed(gains)}, against it {signed(losses)}, "
        f"bias {signed(view.template.bias)}: score {signed(view.score)}, so {verdict}. Of "
        f"{view.scores.size:,} windows, {view.above:,} {verb} called a face; {best}."
    )


# --- the contest -----------------------------------------------------------------------------


def describe_leaderboard(attempts: Sequence[FeatureAttempt]) -> str:
    """Say how several attempts do, best first."""
    ordered = ranked(attempts)
    rows = "; ".join(f"{attempt_words(attempt)}" for attempt in ordered)
    return f"{ordered[0].dataset}, {len(ordered[0].right):,} pictures. {rows}."


def ranked(attempts: Sequence[FeatureAttempt]) -> list[FeatureAttempt]:
    """Return attempts, the most accurate first, of equals the one with fewer numbers."""
    return sorted(attempts, key=lambda attempt: (-attempt.accuracy, attempt.numbers))


def short_name(attempt: FeatureAttempt) -> str:
    """Name an attempt and its number of features so that it fits beside a bar.

    Examples
    --------
    >>> right = np.ones(3, dtype=bool)
    >>> short_name(FeatureAttempt("Fashion-MNIST", ("HOG", "LBP"), 1386, right, np.arange(3)))
    'HOG + LBP · 1,386'
    """
    return f"{family_words(attempt)} · {attempt.numbers:,}"


def label_room(attempts: Sequence[FeatureAttempt]) -> int:
    """Return the room that the longest name needs beside its bar, in pixels."""
    return 12 + max(round(8.3 * len(short_name(attempt))) for attempt in attempts)


def family_words(attempt: FeatureAttempt) -> str:
    """Name the families of an attempt, or those that are missing if that is shorter."""
    missing = [name for name in FAMILIES if name not in attempt.families]
    names = {0: "all five", 1: f"all but {''.join(missing)}"}
    return names.get(len(missing), attempt.name)


def chosen_examples(pictures: Pictures) -> np.ndarray:
    """Return the indices of some pictures, as many of each class: ndarray (N,), int."""
    each = max(1, 12 // len(pictures.class_names))
    return np.concatenate(
        [
            np.flatnonzero(pictures.labels == label)[:: COPIES + 1][:each]
            for label in range(len(pictures.class_names))
        ]
    )


def example_sheet(
    pictures: Pictures, chosen: np.ndarray, right: np.ndarray
) -> tuple[np.ndarray, list[tuple[tuple[float, float], str]]]:
    """Lay chosen pictures side by side, each with the place and kind of its mark.

    Returns
    -------
    sheet : ndarray (h, w, 3), uint8
    marks : list of ((row, col), "✓" or "✗")
    """
    tiles = np.array([as_uint8(fit(pictures.pictures[index], 64)) for index in chosen])
    side, gap = tiles.shape[1], max(1, tiles.shape[1] // 24)
    marks = [
        ((0.94 * side, place * (side + gap) + 0.04 * side), "✓" if right[index] else "✗")
        for place, index in enumerate(chosen)
    ]
    return mosaic(tiles, len(chosen), gap), marks


def describe_examples(pictures: Pictures, chosen: np.ndarray, right: np.ndarray) -> str:
    """Say which of the example pictures are right."""
    words = ", ".join(
        f"{pictures.class_names[pictures.labels[index]]} {'right' if right[index] else 'wrong'}"
        for index in chosen
    )
    return (
        f"{len(chosen)} of the {len(right):,} pictures, {int(right.sum()):,} of all are right: "
        f"{words}."
    )


def attempt_words(attempt: FeatureAttempt) -> str:
    """Say how an attempt did."""
    low, high = attempt.interval
    return (
        f"{attempt.name}: {percent(attempt.accuracy)} right (95 % interval {percent(low)[:-2]} to "
        f"{percent(high)}) with {attempt.numbers:,} numbers a picture"
    )


def describe_attempt(attempt: FeatureAttempt, before: FeatureAttempt | None = None) -> str:
    """Say how an attempt did, beside the one before it on the same pictures."""
    if not attempt.families:
        return (
            f"Without features the classifier always names the most common class: "
            f"{percent(attempt.accuracy)} right. Choose at least one family."
        )
    words = f"{attempt_words(attempt)}."
    if before is None or before.dataset != attempt.dataset or before.families == attempt.families:
        return words
    return f"{words} {compare_words(before, compare(before, attempt))}"


def compare_words(before: FeatureAttempt, comparison: AttemptComparison) -> str:
    """Say whether an attempt really differs from the one before."""
    verdict = (
        "that is more than chance explains" if comparison.chance < 0.05 else "that may be chance"
    )
    return (
        f"Against {before.name} it does better on {comparison.won} originals and worse on "
        f"{comparison.lost}: {verdict}."
    )


# --- numbers in words ------------------------------------------------------------------------


def round_limit(*values: np.ndarray) -> float:
    """Return a round number, at least 0.05, that no value exceeds in size: ends of a colour map.

    Examples
    --------
    >>> round_limit(np.array([-0.21, 0.1]), np.array([0.03]))
    0.25
    """
    largest = max(float(np.abs(part).max()) for part in values)
    return max(1, int(np.ceil(largest * 20 - 1e-9))) / 20


def _bare(ax: Axes) -> None:
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
