"""Pictures of augmentation and attacks, each with the words that describe it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.images.fashion import CLASS_NAMES
from aml4d_utils.measuring.wording import percent, signed
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.augmentation.attacked_photo import AttackedPhoto
from aml4d_utils.topics.augmentation.label_changing import Harm
from aml4d_utils.topics.augmentation.robust_training import UnderAttack
from aml4d_utils.topics.augmentation.small_training_sets import HelpTable, LabelledPictures
from aml4d_utils.topics.augmentation.varied_photo import VariedPhoto
from aml4d_utils.widgets.colours import OKABE_ITO, signed_map

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKS = "osD^vX"


# --- one photo -------------------------------------------------------------------------------


def describe_varied(result: VariedPhoto) -> str:
    """Say what was done to a photo, its label, and what the network says now."""
    done = ", ".join(f"{name} {strength:g}" for name, strength in result.chain) or "nothing"
    label = " and ".join(f"{percent(share)} {name}" for name, share in result.label)
    return (
        f"Draw {result.draw}, varied by {done}. The label says {label}. The network's first guess "
        f"is {result.first_after}; the first guess for the photo as it was still gets "
        f"{percent(result.keeps)}, before it had {percent(result.chances_before.max())}."
    )


def enlarged(result: AttackedPhoto) -> np.ndarray:
    """Return what an attack added, brought to the whole range: (H, W, 3) in [0, 1].

    Mid-grey is no change; nothing is drawn larger than it is when nothing changed.
    """
    largest = float(np.abs(result.change).max())
    return 0.5 + result.change / (2 * largest) if largest else np.full_like(result.change, 0.5)


def describe_attack(result: AttackedPhoto) -> str:
    """Say how much an attack changed, and what the network says before and after."""
    return (
        f"{result.method}: no value changed by more than {result.largest:.1f} of 255 grey levels, "
        f"{result.mean:.1f} in the mean. The network said {result.first_before}, "
        f"{percent(result.chances_before.max())}; now it says {result.first_after}, "
        f"{percent(result.chances_after.max())}."
    )


# --- does it help? ---------------------------------------------------------------------------


def draw_invented(invented: LabelledPictures) -> Figure:
    """Draw invented garments, a column for each label."""
    classes, counts = np.unique(invented.labels, return_counts=True)
    rows = int(counts.min())
    columns = [invented.pictures[invented.labels == k][:rows] for k in classes]
    side = invented.pictures.shape[1]
    sheet = np.stack(columns, 1).reshape(rows, len(classes), side, side)
    figure = new_figure(9.2, 0.6 + 0.86 * rows)
    ax = figure.subplots()
    ax.imshow(sheet.transpose(0, 2, 1, 3).reshape(rows * side, -1), cmap="gray", vmin=0, vmax=255)
    names = [textwrap.fill(CLASS_NAMES[k].partition("/")[0], 8) for k in classes]
    ax.set_xticks((np.arange(len(classes)) + 0.5) * side, names)
    ax.xaxis.tick_top()
    ax.set_yticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return figure


def describe_invented(invented: LabelledPictures, agreed: float) -> str:
    """Say how many garments are invented, and how many labels a better network shares."""
    counts = np.unique(invented.labels, return_counts=True)[1]
    return (
        f"{len(invented.labels)} invented garments, {counts.min()} for each of {len(counts)} "
        f"labels. The network that learned from 20,000 pictures agrees with {percent(agreed)} of "
        "the labels."
    )


def draw_help(table: HelpTable) -> Figure:
    """Draw how many points each way of augmenting adds or costs, test by test.

    With several seeds, differences whose 95 % interval leaves out 0 are in bold.
    """
    figure = new_figure(9.2, 0.5 + 0.42 * len(table.rows))
    ax = figure.subplots()
    gains = 100 * (table.means - table.means[0])
    sure = table.beyond_chance
    shown = ax.imshow(np.nan_to_num(gains), cmap=signed_map(), vmin=-40, vmax=40, aspect="auto")
    for (row, column), mean in np.ndenumerate(table.means):
        if np.isnan(mean):
            continue
        number = percent(mean) if row == 0 else f"{percent(mean)} ({signed(gains[row, column], 0)})"
        red, green, blue, _ = shown.cmap(shown.norm(gains[row, column]))
        light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.55
        ax.text(
            column,
            row,
            number,
            ha="center",
            va="center",
            color="#1f2328" if light else "white",
            weight="bold" if (row, column) in sure else "normal",
        )
    ax.set_yticks(range(len(table.rows)), [f"train: {name}" for name in table.rows])
    ax.set_xticks(
        range(len(table.columns)),
        [f"test:\n{textwrap.fill(name, 11)}" for name in table.columns],
        fontsize=9,
    )
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return figure


def describe_help(table: HelpTable) -> str:
    """Say which ways help and hurt most, and how much is measured."""
    means = table.means
    done = int((~np.isnan(table.shares[:, 0])).sum())
    words = (
        f"A table of {len(table.rows)} ways to train and {len(table.columns)} tests: a small CNN, "
        f"{table.per_class} training pictures of each class, {table.tested} test pictures, "
        f"{done} of {table.shares[:, 0].size} trainings done. "
    )
    if np.isnan(means[:, 0]).any():
        return (
            words + f"The clean test without augmentation: {percent(np.nan_to_num(means[0, 0]))}."
        )
    gains = means - means[0]
    best = np.unravel_index(gains.argmax(), gains.shape)
    worst = np.unravel_index(gains.argmin(), gains.shape)
    return words + (
        f"Most is gained by {table.rows[best[0]]} in the test {table.columns[best[1]]}: "
        f"{percent(means[0, best[1]])} becomes {percent(means[best])}. Most is lost by "
        f"{table.rows[worst[0]]} in the test {table.columns[worst[1]]}: "
        f"{percent(means[0, worst[1]])} becomes {percent(means[worst])}." + _beyond_chance(table)
    )


def _beyond_chance(table: HelpTable) -> str:
    seeds = int((~np.isnan(table.shares[0, 0])).sum())
    if seeds < 2:
        return " One training each: no interval."
    count, compared = len(table.beyond_chance), (len(table.rows) - 1) * len(table.columns)
    return (
        f" Over {seeds} trainings each, {count} of {compared} differences from the first row are "
        "larger than chance explains: their 95 % intervals leave out 0."
    )


def draw_harm(results: Sequence[Harm]) -> Figure:
    """Draw right answers without, with a harmless and with a harmful augmentation."""
    figure = new_figure(8.6, 0.7 + 0.9 * len(results))
    axes = np.atleast_1d(figure.subplots(len(results), 1, sharex=True))
    for ax, result in zip(axes, results, strict=True):
        places = np.arange(len(result.names))[::-1]
        low, high = np.array(result.intervals).T
        shares = np.array(result.shares)
        ax.barh(places, shares, color=OKABE_ITO[0], height=0.6)
        ax.errorbar(
            shares, places, xerr=(shares - low, high - shares), fmt="none", ecolor="#57606a"
        )
        ax.axvline(0.5, color="#57606a", linestyle="--", linewidth=1)
        ax.set_yticks(places, result.names)
        ax.set_xlim(0, 1)
        ax.set_title(result.question, loc="left")
    axes[-1].set_xlabel("share of right answers on clean test pictures; dashed: chance")
    return figure


def describe_harm(results: Sequence[Harm]) -> str:
    """Say what each augmentation did to each question."""
    return " ".join(
        f"{result.question} "
        + ", ".join(
            f"{name}: {percent(share)}"
            for name, share in zip(result.names, result.shares, strict=True)
        )
        + f" of {result.tested} right."
        for result in results
    )


# --- attacks on small networks ---------------------------------------------------------------


def draw_under_attack(results: Sequence[tuple[str, UnderAttack]]) -> Figure:
    """Draw the share of right answers of several networks over epsilon."""
    figure = new_figure(7.4, 3.4)
    ax = figure.subplots()
    ends = _apart([result.shares[-1] for _, result in results], 0.08)
    for k, ((name, result), end) in enumerate(zip(results, ends, strict=True)):
        colour = OKABE_ITO[k % len(OKABE_ITO)]
        ax.plot(result.epsilons, result.shares, color=colour, marker=_MARKS[k % len(_MARKS)])
        ax.annotate(
            name,
            (result.epsilons[-1], end),
            xytext=(8, 0),
            textcoords="offset points",
            color=colour,
            va="center",
        )
    ax.set_xlabel("largest change of a pixel, ε (0 black, 1 white)")
    ax.set_ylabel("right answers")
    ax.set_ylim(0, 1)
    ax.margins(x=0.12)
    return figure


def _apart(heights: Sequence[float], gap: float) -> np.ndarray:
    """Move labels up until none stands on another."""
    order, placed = np.argsort(heights), np.array(heights, float)
    for lower, upper in zip(order, order[1:], strict=False):
        placed[upper] = max(placed[upper], placed[lower] + gap)
    return placed


def describe_under_attack(results: Sequence[tuple[str, UnderAttack]]) -> str:
    """Say how many answers stay right, network by network."""
    return " ".join(
        f"{name}: "
        + ", ".join(
            f"{percent(share)} at ε {epsilon:g}"
            for epsilon, share in zip(result.epsilons, result.shares, strict=True)
        )
        + f", of {result.tested} pictures."
        for name, result in results
    )
