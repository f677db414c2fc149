"""Pictures of pixels and dimensions, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.intervals import half_width, wilson
from aml4d_utils.measuring.wording import percent, signed
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.pixels.distances import Concentration
from aml4d_utils.topics.pixels.flattening import read_with_width
from aml4d_utils.topics.pixels.moved_tests import FARTHEST, Moved, strongest_other
from aml4d_utils.topics.pixels.neighbours import BASE, Needed
from aml4d_utils.topics.pixels.permuting import IN_ORDER, LEARNERS, PERMUTED, PermutationStep
from aml4d_utils.topics.pixels.permuting import parameters as parameters_of
from aml4d_utils.topics.pixels.raw_linear import Linear, Sweep, parameters
from aml4d_utils.topics.pixels.two_pixels import GRID, TwoPixels
from aml4d_utils.widgets.colours import OKABE_ITO, signed_map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SOFT = "#57606a"
_MARKERS = ("o", "s", "^")
_STYLES = ("-", "--", ":")


# --- flattening ------------------------------------------------------------------------------


def draw_row(numbers: np.ndarray) -> Figure:
    """Draw a row of numbers (N,), 0 to 255, as a bar code."""
    figure = new_figure(9.4, 1.25)
    ax = figure.subplots()
    ax.imshow(numbers[None, :], cmap="gray", vmin=0, vmax=255, aspect="auto")
    ax.set_yticks([])
    ax.set_xlabel("place in the row")
    ax.spines[:].set_visible(False)
    return figure


def describe_row(numbers: np.ndarray) -> str:
    """Say what :func:`draw_row` shows."""
    return (
        f"A row of {len(numbers):,} grey stripes, from black to white: "
        f"{percent((numbers == 0).mean())} are black, the brightest is number "
        f"{int(numbers.argmax())} with {int(numbers.max())} of 255."
    )


def draw_cuts(numbers: np.ndarray, widths: tuple[int, ...]) -> Figure:
    """Draw the same row of numbers cut every so many numbers, once for each of ``widths``."""
    figure = new_figure(9.4, 2.7)
    for ax, width in zip(np.atleast_1d(figure.subplots(1, len(widths))), widths, strict=True):
        ax.imshow(read_with_width(numbers, width), cmap="gray", vmin=0, vmax=255)
        ax.set_title(f"cut every {width}", loc="center")
        _bare(ax)
    return figure


def describe_cuts(numbers: np.ndarray, widths: tuple[int, ...]) -> str:
    """Say what :func:`draw_cuts` shows."""
    cuts = [
        f"every {width} numbers, which gives {-(-len(numbers) // width)} rows" for width in widths
    ]
    return (
        f"The same {len(numbers):,} numbers, {percent((numbers > 0).mean())} of them not black, "
        f"cut {'; '.join(cuts)}."
    )


# --- weights and resolution ------------------------------------------------------------------


def draw_weights(model: Linear, names: tuple[str, ...]) -> Figure:
    """Draw the weights of every class as a signed picture."""
    figure = new_figure(9.4, 4.3)
    side = round(len(model.weights) ** 0.5)
    limit = colour_limit(model.weights)
    axes = figure.subplots(2, -(-len(names) // 2), squeeze=False)
    for ax, name, weights in zip(axes.ravel(), names, model.weights.T, strict=False):
        shown = weights.reshape(side, side)
        picture = ax.imshow(shown, cmap=signed_map(), vmin=-limit, vmax=limit)
        ax.set_title(name, loc="center")
        _bare(ax)
    bar = figure.colorbar(picture, ax=axes, shrink=0.85, ticks=[-limit, 0, limit])
    bar.ax.set_yticklabels(["against", "0", "for"])
    return figure


def describe_weights(model: Linear, names: tuple[str, ...]) -> str:
    """Say what :func:`draw_weights` shows."""
    side = round(len(model.weights) ** 0.5)
    pixel, which = np.unravel_index(model.weights.argmax(), model.weights.shape)
    return (
        f"{len(names)} pictures of {side} by {side} weights, orange where a light pixel speaks for "
        f"the garment, blue where it speaks against it. The largest weight, "
        f"{model.weights.max():+.2f}, stands for {names[which]} in row {pixel // side}, column "
        f"{pixel % side}."
    )


def describe_resolution(sweep: Sweep, side: int, examples: int) -> str:
    """Say how a linear classifier does at one resolution and number of examples."""
    train, test = sweep.at(side, examples)
    off = sweep.uncertainty(side, examples)
    gap = max(0, round(100 * (train - test)))
    return (
        f"{side} × {side} pixels, {parameters(side * side):,} parameters, learned from "
        f"{examples:,} pictures: {percent(train)} of these are right, but {percent(test, 1)} "
        f"(± {100 * off:.1f}) of {sweep.tested:,} new ones. The gap is "
        f"{gap} {'point' if gap == 1 else 'points'}."
    )


def best_side(sweep: Sweep, examples: int) -> int:
    """Return the side with the best held-out accuracy for a number of examples."""
    return sweep.sides[int(sweep.test[:, sweep.examples.index(examples)].argmax())]


# --- two pixels ------------------------------------------------------------------------------

_REGIONS = ((198, 220, 240), (250, 222, 200))
_DOTS = ((0, 90, 145), (190, 70, 0))
_PLANE = 4


def plane_picture(result: TwoPixels, most: int = 400) -> np.ndarray:
    """Return the plane of two brightnesses: coloured regions, and held-out pictures as marks.

    The first class is drawn as squares on blue, the second as crosses on orange. At most ``most``
    pictures are drawn. Brightness grows to the right and upwards.

    Returns
    -------
    ndarray (244, 244, 3), uint8
    """
    colours = np.array(_REGIONS, dtype=np.uint8)[result.regions]
    plane = np.repeat(np.repeat(colours, _PLANE, axis=0), _PLANE, axis=1)
    size = GRID * _PLANE
    marks = (
        [(a, b) for a in (-2, -1, 0, 1) for b in (-2, -1, 0, 1)],
        [(a, s * a) for a in (-3, -2, -1, 0, 1, 2, 3) for s in (-1, 1)],
    )
    at = np.rint(result.points[:most] * (size - 8)).astype(int) + 4
    for label, mark in enumerate(marks):
        corners = at[result.labels[:most] == label]
        # Every mark of a class at once: a row for each of its pixels.
        pixels = (corners[:, None, ::-1] + np.array(mark)).reshape(-1, 2)
        rows, cols = np.clip(pixels, 0, size - 1).T
        plane[rows, cols] = _DOTS[label]
    return plane[::-1]


def describe_two_pixels(result: TwoPixels, all_pixels: float) -> str:
    """Say how far two pixels carry."""
    dark = (result.points == 0).mean(axis=0)
    useless = [place for place, share in zip("AB", dark, strict=True) if share > 0.98]
    verb = "are" if len(useless) > 1 else "is"
    note = f" {' and '.join(useless)} {verb} black in nearly all of them." if useless else ""
    (a_row, a_col), (b_row, b_col) = result.pixels
    return (
        f"{result.names[0].capitalize()} or {result.names[1]}, {result.method}: from A (row "
        f"{a_row}, column {a_col}) and B (row {b_row}, column {b_col}) alone "
        f"{percent(result.accuracy, 1)} of {result.tested:,} new pictures are right (95 % "
        f"interval {percent(result.low)} to {percent(result.high)}); linear from all 784 pixels "
        f"{percent(all_pixels, 1)}.{note}"
    )


# --- permuted pixels -------------------------------------------------------------------------


def draw_permuted(pictures: np.ndarray, permuted: np.ndarray, names: list[str]) -> Figure:
    """Draw pictures (N, 28, 28) above the same pictures with their pixels dealt out."""
    figure = new_figure(9.4, 3.3)
    axes = figure.subplots(2, len(pictures), squeeze=False)
    for row, shown in zip(axes, (pictures, permuted), strict=True):
        for ax, picture in zip(row, shown, strict=True):
            ax.imshow(picture, cmap="gray", vmin=0, vmax=255)
            _bare(ax)
    for ax, name in zip(axes[0], names, strict=True):
        ax.set_title(name, loc="center")
    axes[0, 0].set_ylabel(IN_ORDER)
    axes[1, 0].set_ylabel(PERMUTED)
    return figure


def describe_permuted(pictures: np.ndarray, permuted: np.ndarray, names: list[str]) -> str:
    """Say what :func:`draw_permuted` shows."""
    moved = (pictures != permuted).mean()
    return (
        f"{', '.join(names)}; below, the same numbers dealt out to other places, alike for all: "
        f"{percent(moved)} of the places now hold another number. No garment can be recognised."
    )


def draw_falls(step: PermutationStep) -> Figure:
    """Draw each learner's accuracy in order and permuted, with 95 % intervals."""
    figure = new_figure(8.6, 2.7)
    ax = figure.subplots()
    for y, learner in enumerate(LEARNERS):
        ends = [step.last(learner, kind) for kind in (IN_ORDER, PERMUTED)]
        ax.plot(ends, [y, y], color="#8c959f", linewidth=2, zorder=1)
        for kind, share in zip((IN_ORDER, PERMUTED), ends, strict=True):
            low, high = wilson(share, step.tested)
            colour = OKABE_ITO[0] if kind == IN_ORDER else OKABE_ITO[1]
            ax.errorbar(
                share,
                y,
                xerr=[[share - low], [high - share]],
                fmt="o" if kind == IN_ORDER else "D",
                color=colour,
                markersize=9,
                capsize=4,
                label=kind if y == 0 else None,
            )
    names = [f"{name}: {parameters_of(step.nets[name, IN_ORDER]):,}" for name in LEARNERS]
    ax.set_yticks(range(len(LEARNERS)), names)
    ax.set_ylim(len(LEARNERS) - 0.5, -0.5)
    ax.xaxis.set_major_formatter(lambda value, _: percent(value))
    ax.set_xlabel(f"of {step.tested:,} held-out pictures are right (bars: 95 % interval)")
    ax.set_title("learner: its parameters")
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def describe_falls(step: PermutationStep) -> str:
    """Say what :func:`draw_falls` shows."""
    parts = [
        f"{learner} {percent(step.last(learner, IN_ORDER), 1)} in order and "
        f"{percent(step.last(learner, PERMUTED), 1)} permuted"
        for learner in LEARNERS
    ]
    off = half_width(step.last(LEARNERS[0], IN_ORDER), step.tested)
    return (
        f"Share of {step.tested:,} held-out pictures that are right, give or take "
        f"{100 * off:.1f} points: {'; '.join(parts)}."
    )


def describe_training(step: PermutationStep) -> str:
    """Say how far the six trainings are."""
    parts = [
        f"{learner} {percent(step.last(learner, IN_ORDER))} / "
        f"{percent(step.last(learner, PERMUTED))}"
        for learner in LEARNERS
    ]
    return f"{step.seen:,} pictures seen; in order / permuted: {', '.join(parts)}"


# --- distances -------------------------------------------------------------------------------


def describe_concentration(result: Concentration, side: int) -> str:
    """Say how far distances concentrate for pictures of side × side pixels."""
    k = list(result.sides).index(side)
    here, random = result.points[k], result.uniform[k]
    alike = round(result.alike[k])
    return (
        f"{here.d:,} {'number' if here.d == 1 else 'numbers'} ({side} × {side}), {result.kind}: "
        "the nearest neighbour lies at "
        f"{percent(here.nearest)} of the mean distance; between random points, at "
        f"{percent(random.nearest)}. The distances are spread as if there were only about "
        f"{alike} random {'number' if alike == 1 else 'numbers'}."
    )


def draw_needed(needed: Needed, goal: float) -> Figure:
    """Draw the examples per class that the nearest neighbour needs for ``goal``."""
    figure = new_figure(8.8, 3.7)
    ax = figure.subplots()
    most = int(needed.examples[-1])
    lines = zip(
        needed.needed(goal),
        (needed.d, needed.noisy_d),
        ("more real pixels", f"{BASE} × {BASE} pixels\n+ random numbers"),
        OKABE_ITO,
        _MARKERS,
        strict=False,
    )
    for values, d, name, colour, marker in lines:
        there = ~np.isnan(values)
        ax.plot(d[there], values[there], marker + "-", color=colour, markersize=8)
        never = np.flatnonzero(~there)
        ax.plot(
            d[never], np.full(len(never), most * 1.7), "x", color=colour, markersize=10, mew=2.5
        )
        last = values[-1] if there[-1] else most * 1.7
        ax.annotate(
            name,
            (d[-1], last),
            xytext=(14, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            fontweight="bold",
        )
    ax.axhline(most * 1.25, color="#8c959f", linewidth=1, linestyle=":")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xticks(needed.d, [f"{d}" for d in needed.d])
    ax.minorticks_off()
    ticks = [5, 10, 20, 50, 100, 200, most]
    ax.set_yticks([*ticks, most * 1.7], [*map(str, ticks), f"over {most}"])
    ax.set_xlim(needed.d[0] * 0.85, needed.d[-1] * 1.15)
    ax.set_xlabel("numbers in the row, d")
    ax.set_title(f"examples per class for {percent(goal)} right")
    return figure


def describe_needed(needed: Needed, goal: float) -> str:
    """Say what :func:`draw_needed` shows."""
    real, noisy = needed.needed(goal)
    least = int(np.nanargmin(real)) if not np.isnan(real).all() else None
    fewest = (
        f"fewest with {needed.d[least]} real pixels, {real[least]:.0f}"
        if least is not None
        else "never reached with real pixels"
    )
    failed = int(np.isnan(noisy).sum())
    return (
        f"Examples per class that the nearest neighbour needs for {percent(goal)}: {fewest}. With "
        f"random numbers added to {BASE} by {BASE} pixels, {failed} of {len(noisy)} lengths do not "
        f"get there with {needed.examples[-1]}; at {needed.noisy_d[-1]} numbers "
        f"{percent(needed.noisy_accuracy[-1, -1])} are right."
    )


# --- moved tests -----------------------------------------------------------------------------


def draw_moved(result: Moved) -> Figure:
    """Draw accuracy against how far the test pictures were moved."""
    figure = new_figure(8.2, 3.4)
    ax = figure.subplots()
    pixels = np.arange(FARTHEST + 1)
    curves = result.by_distance()
    heights = _apart(curves[:, -1], 0.075)
    for name, row, height, colour, marker, style in zip(
        result.names, curves, heights, OKABE_ITO, _MARKERS, _STYLES, strict=False
    ):
        bounds = np.array([wilson(share, result.tested) for share in row]).T
        ax.fill_between(pixels, *bounds, color=colour, alpha=0.15, linewidth=0)
        ax.plot(pixels, row, marker + style, color=colour, markersize=8, linewidth=2)
        ax.text(pixels[-1] + 0.1, height, name, color=colour, va="center", fontweight="bold")
    ax.set_xlim(-0.15, FARTHEST + 0.6)
    ax.axhline(0.1, color="#8c959f", linewidth=1, linestyle=":")
    ax.text(0, 0.11, "chance", color=_SOFT, va="bottom")
    ax.set_ylim(0, 1)
    ax.set_xticks(pixels)
    ax.yaxis.set_major_formatter(lambda value, _: percent(value))
    ax.set_xlabel("test pictures moved by, pixels (mean over 8 directions)")
    ax.set_title("test pictures that are right")
    return figure


def describe_moved(result: Moved) -> str:
    """Say what :func:`draw_moved` shows."""
    parts = [
        f"{name} from {percent(row[0])} to {percent(row[2])} at 2 pixels and {percent(row[-1])} "
        f"at {FARTHEST}"
        for name, row in zip(result.names, result.by_distance(), strict=True)
    ]
    return f"Share of {result.tested:,} moved test pictures that are right: {'; '.join(parts)}."


def describe_move(result: Moved, down: int, right: int, answers: list[str]) -> str:
    """Say what one move does to the classifiers, and what they call one garment."""
    shares = [
        f"{name} {percent(share)} (“{answer}”)"
        for name, share, answer in zip(result.names, result.at(down, right), answers, strict=True)
    ]
    moves = [
        f"{abs(pixels)} px {one if pixels > 0 else other}"
        for pixels, one, other in ((down, "down", "up"), (right, "right", "left"))
        if pixels
    ]
    where = f"moved {' and '.join(moves)}" if moves else "not moved"
    return f"Test pictures {where}: right are {', '.join(shares)}; in brackets, this garment."


def describe_sums(sums: np.ndarray, names: Sequence[str], label: int) -> str:
    """Say how the sums (10,) of the linear model for one class and its strongest rival compare."""
    other = strongest_other(sums, label)
    return (
        f"The linear model's sum for {names[label]} is {signed(sums[label], 1)}; the largest of "
        f"the others is {signed(sums[other], 1)}, for {names[other]}."
    )


# --- what all of them use --------------------------------------------------------------------


def _apart(heights: np.ndarray, least: float) -> np.ndarray:
    """Return the heights of labels, moved up where they would lie on each other."""
    moved = np.array(heights, dtype=float)
    order = np.argsort(moved)
    for below, above in zip(order, order[1:], strict=False):
        moved[above] = max(moved[above], moved[below] + least)
    return moved


def points(share: float) -> str:
    """Return a difference of two shares in percentage points, with its sign.

    Examples
    --------
    >>> points(0.0293), points(-0.0004), points(-0.0058)
    ('+2.9 points', '+0.0 points', '−0.6 points')
    """
    # Adding 0 turns −0.0, which would be written with its sign, into 0.0.
    return f"{round(100 * share, 1) + 0.0:+.1f} points".replace("-", "−")


def colour_limit(weights: np.ndarray) -> float:
    """Return the weight (d, classes) that gets the full colour: 99 % of all lie below it."""
    return float(np.percentile(np.abs(weights), 99)) or float(np.abs(weights).max()) or 1.0


def _bare(ax: Axes) -> None:
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
