"""Pictures of convolution, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, signed
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.convolution.counting import LayerComparison
from aml4d_utils.topics.convolution.locality import LocalityResult
from aml4d_utils.topics.convolution.shifting import ShiftResult, TurnResult
from aml4d_utils.topics.convolution.surgery import FilterEffect, SurgeryResult
from aml4d_utils.topics.convolution.training import TrainingStep
from aml4d_utils.widgets.colours import OKABE_ITO, mosaic, signed_map, signed_to_rgb

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

_LARGE = ((1e15, "quadrillion"), (1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_INK = "#1f2328"
_SOFT = "#57606a"


# --- one place in the image ------------------------------------------------------------------


def draw_products(patch: np.ndarray, kernel: np.ndarray) -> Figure:
    """Draw patch × kernel = products with every number; ``patch`` and ``kernel`` are (k, k)."""
    figure = new_figure(8.4, 2.9)
    products = patch * kernel
    axes = figure.subplots(1, 3)
    _number_grid(axes[0], patch, "pixels", "gray", (0, 1))
    limit = max(1e-9, float(np.abs(kernel).max()))
    _number_grid(axes[1], kernel, "× kernel", signed_map(), (-limit, limit))
    limit = max(1e-9, float(np.abs(products).max()))
    _number_grid(
        axes[2],
        products,
        f"= products, sum {signed(products.sum())}",
        signed_map(),
        (-limit, limit),
    )
    return figure


def describe_products(patch: np.ndarray, kernel: np.ndarray) -> str:
    """Say what :func:`draw_products` shows."""
    products = patch * kernel
    rows, cols = patch.shape
    return (
        f"Three grids of {rows} by {cols} numbers: the pixels (from {patch.min():.2f} to "
        f"{patch.max():.2f}), the kernel (from {signed(kernel.min())} to "
        f"{signed(kernel.max())}), and their products (from {signed(products.min())} to "
        f"{signed(products.max())}). The products add up to {signed(products.sum())}."
    )


def _number_grid(
    ax: Axes, values: np.ndarray, title: str, colours: str | Colormap, limits: tuple[float, float]
) -> None:
    picture = ax.imshow(values, cmap=colours, vmin=limits[0], vmax=limits[1])
    for (row, col), value in np.ndenumerate(values):
        red, green, blue, _ = picture.cmap(picture.norm(value))
        light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.55
        text = f"{_rounded(value):.2f}".replace("-", "−")
        ax.text(col, row, text, ha="center", va="center", color=_INK if light else "white")
    ax.set_title(title, loc="center")
    _bare(ax)


def _bare(ax: Axes) -> None:
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)


# --- a whole photo ---------------------------------------------------------------------------


def draw_response(photo: np.ndarray, response: np.ndarray) -> Figure:
    """Draw a photo (H, W, 3) beside a feature map (h, w) on a map centred at 0.

    The map ends at the magnitude that 99 % of the values stay below; the colour bar says so.
    """
    figure = new_figure(9.4, 3.1)
    left, right = figure.subplots(1, 2)
    left.imshow(photo)
    left.set_title("photo", loc="center")
    limit = float(np.percentile(np.abs(response), 99)) or float(np.abs(response).max()) or 1.0
    picture = right.imshow(response, cmap=signed_map(), vmin=-limit, vmax=limit)
    right.set_title("feature map", loc="center")
    bar = figure.colorbar(picture, ax=right, shrink=0.9, ticks=[-limit, 0, limit])
    bar.ax.set_yticklabels([f"≤ {signed(-limit)}", "0", f"≥ {signed(limit)}"])
    for ax in (left, right):
        _bare(ax)
    return figure


def describe_response(photo: np.ndarray, response: np.ndarray, what: str = "the photo") -> str:
    """Say what :func:`draw_response` shows; ``what`` describes the photo."""
    row, col = np.unravel_index(np.abs(response).argmax(), response.shape)
    return (
        f"Left, {what}, {photo.shape[1]} × {photo.shape[0]} pixels. Right, its feature map: "
        f"{percent((response < 0).mean())} of the values are below zero, they run from "
        f"{signed(response.min())} to {signed(response.max())}, and the strongest stands at row "
        f"{row}, column {col}."
    )


# --- counting --------------------------------------------------------------------------------


def describe_counts(result: LayerComparison) -> str:
    """Say how many parameters the two layers have."""
    side, _, channels = result.input_shape
    out_side, _, maps = result.output_shape
    return (
        f"From {side} × {side} × {channels} to {out_side} × {out_side} × {maps}: a dense layer "
        f"needs {large(result.dense)} parameters, a convolution {large(result.convolution)}, "
        f"{large(round(result.ratio))} times fewer."
    )


def large(number: int) -> str:
    """Return a count in words that can be read: 1,792 or 3.6 million.

    Examples
    --------
    >>> large(1792), large(3_600_000)
    ('1,792', '3.6 million')
    """
    if number < 1e6:
        return f"{number:,}"
    rounded = float(f"{number:.3g}")
    size, word = next(step for step in _LARGE if rounded >= step[0])
    return f"{rounded / size:,.6g} {word}"


# --- shifting and turning --------------------------------------------------------------------


def describe_shift(result: ShiftResult) -> str:
    """Say what the shift did to the feature map and to the answer."""
    first = int(np.argmax(result.before))
    if result.rows == result.cols == 0:
        return (
            f"The photo stands still; feature map {result.unit} reaches "
            f"{result.map_before.max():.0f}; {result.names[first]} has "
            f"{percent(result.before[first])}."
        )
    moved = (
        f"{_direction(result.rows, 'down', 'up')} and {_direction(result.cols, 'right', 'left')}"
    )
    return (
        f"The photo moved {moved}, and its pixels changed by {percent(result.pixels_changed)} on "
        f"average. Moved back, feature map {result.unit} differs by {percent(result.error)}. "
        f"{result.names[first]} goes from {percent(result.before[first])} to "
        f"{percent(result.after[first])}; the first guess is {result.top_after}."
    )


def draw_turning(result: TurnResult) -> Figure:
    """Draw the answers while the photo turns: a few views with their first guess, and the curve."""
    figure = new_figure(9.4, 4.6)
    top, bottom = figure.subfigures(2, 1, height_ratios=(1.15, 1))
    shown = np.unique(np.linspace(0, len(result.degrees) - 1, 7).round().astype(int))
    for ax, index in zip(np.atleast_1d(top.subplots(1, len(shown))), shown, strict=True):
        ax.imshow(result.views[index])
        ax.set_title(f"{result.degrees[index]:.0f}°", loc="center")
        ax.set_xlabel(bar_names([result.tops[index]], 16)[0], fontsize=10.5)
        _bare(ax)
    ax = bottom.subplots()
    ax.plot(result.degrees, result.chances, "o-", color=OKABE_ITO[0], markersize=5)
    ax.set_xlabel("photo turned by, degrees")
    ax.set_ylabel("probability")
    ax.set_ylim(0, 1.05)
    ax.set_xticks(np.arange(0, 361, 45))
    ax.set_title(" or ".join(result.names), loc="left")
    return figure


def describe_turning(result: TurnResult) -> str:
    """Say what :func:`draw_turning` shows."""
    worst, best = int(result.chances.argmin()), int(result.chances.argmax())
    return (
        f"Views of the turned photo above a curve of the probability of "
        f"{' or '.join(result.names)}: highest at {result.degrees[best]:.0f} degrees with "
        f"{result.chances[best]:.2f}, lowest at {result.degrees[worst]:.0f} degrees with "
        f"{result.chances[worst]:.2f}, where the first guess is {result.tops[worst]}."
    )


def _direction(pixels: int, positive: str, negative: str) -> str:
    return f"{abs(pixels)} px {positive if pixels >= 0 else negative}"


# --- locality --------------------------------------------------------------------------------


def describe_locality(result: LocalityResult) -> str:
    """Say which cells the changed pixel reached."""
    height, width = result.change.shape
    verdict = "changes" if result.moved else "does not move"
    reached = int((result.change > 0).sum())
    return (
        f"You changed the pixel in row {result.pixel[0]}, column {result.pixel[1]}. After "
        f"{result.stage} the middle cell, which sees {result.field} × {result.field} pixels, "
        f"{verdict}; {reached:,} of the {height * width:,} cells change."
    )


# --- training --------------------------------------------------------------------------------


def kernel_tiles(kernels: np.ndarray, columns: int = 4) -> np.ndarray:
    """Return kernels (N, k, k) side by side as uint8 RGB, on one signed map for all of them."""
    limit = float(np.abs(kernels).max()) or 1.0
    tiles = np.stack([signed_to_rgb(kernel, limit)[0] for kernel in kernels])
    return mosaic(tiles, columns, gap=1)


def map_tiles(example: np.ndarray, maps: np.ndarray, columns: int = 3) -> np.ndarray:
    """Return a picture (h, w) in [0, 1], then its feature maps (N, h, w), as grey uint8 RGB.

    The maps are 0 or more and share one scale: white is the largest value of all of them.
    """
    scaled = np.clip(maps / (float(maps.max()) or 1.0), 0, 1)
    grey = np.concatenate([example[None], scaled])
    tiles = np.rint(np.repeat(grey[..., None], 3, axis=-1) * 255).astype(np.uint8)
    return mosaic(tiles, columns, gap=2)


def describe_training(step: TrainingStep) -> str:
    """Say how far the training is."""
    return (
        f"{step.examples:,} images seen; loss {step.history[-1, 1]:.2f}; "
        f"{percent(step.accuracy, 1)} of the held-out images right"
    )


def describe_kernels(kernels: np.ndarray) -> str:
    """Say what a mosaic of kernels shows."""
    strongest = int(np.abs(kernels).reshape(len(kernels), -1).sum(1).argmax())
    return (
        f"{len(kernels)} kernels of {kernels.shape[1]} by {kernels.shape[2]} weights, from "
        f"{signed(kernels.min())} to {signed(kernels.max())}; number {strongest} has the largest "
        "weights."
    )


def describe_maps(maps: np.ndarray) -> str:
    """Say what a mosaic of feature maps shows."""
    active = (maps > 0).reshape(len(maps), -1).mean(1)
    return (
        f"First the garment, then its {len(maps)} feature maps; the busiest is number "
        f"{int(active.argmax())}, active in {percent(active.max())} of its cells, the quietest "
        f"number {int(active.argmin())}, in {percent(active.min())}."
    )


def draw_kernels_before_after(before: np.ndarray, after: np.ndarray) -> Figure:
    """Draw kernels (N, k, k) at the start of training above the same kernels at the end."""
    figure = new_figure(9.0, 2.5)
    limit = float(max(np.abs(before).max(), np.abs(after).max())) or 1.0
    axes = figure.subplots(2, len(before), squeeze=False)
    for row, (kernels, name) in zip(axes, ((before, "random"), (after, "learned")), strict=True):
        for ax, kernel in zip(row, kernels, strict=True):
            picture = ax.imshow(kernel, cmap=signed_map(), vmin=-limit, vmax=limit)
            _bare(ax)
        row[0].set_ylabel(name)
    bar = figure.colorbar(picture, ax=axes, shrink=0.9, ticks=[-limit, 0, limit])
    bar.ax.set_yticklabels([signed(-limit), "0", signed(limit)])
    return figure


def describe_kernels_before_after(before: np.ndarray, after: np.ndarray) -> str:
    """Say what :func:`draw_kernels_before_after` shows."""
    change = np.abs(after - before).reshape(len(before), -1).mean(1)
    return (
        f"{len(before)} kernels before and after training. Number {int(change.argmax())} changed "
        f"most, by {change.max():.2f} a weight on average; the weights now run from "
        f"{signed(after.min())} to {signed(after.max())}."
    )


# --- surgery ---------------------------------------------------------------------------------


def kernel_picture(kernel: np.ndarray) -> np.ndarray:
    """Return a colour kernel (k, k, 3) as a picture in [0, 1]: mid-grey is zero."""
    limit = float(np.abs(kernel).max()) or 1.0
    return 0.5 + 0.5 * kernel / limit


def describe_surgery(result: SurgeryResult) -> str:
    """Say what the operation did to the answer."""
    first = int(np.argmax(result.before))
    many = len(result.filters)
    who = f"filter {result.filters[0]}"
    who = who if many == 1 else f"{many} filters, from {result.filters[0]} on"
    same = "still" if result.top_after == result.top_before else "now"
    return (
        f"Operation on {who}: {result.operation}. {result.names[first]} goes from "
        f"{percent(result.before[first], 1)} to {percent(result.after[first], 1)}; "
        f"{percent(result.distance, 1)} of all probability moved, and the first guess is {same} "
        f"{result.top_after}."
    )


def draw_filter_effects(effect: FilterEffect, kernels: np.ndarray) -> Figure:
    """Draw the filters, the most needed first, each above how much the answer needs it.

    Parameters
    ----------
    effect : FilterEffect
        Of all filters, or of those that were done when the work was stopped.
    kernels : ndarray (N, k, k, 3)
    """
    columns = 16
    order = np.argsort(-effect.distances)
    figure = new_figure(9.4, 3.9)
    axes = figure.subplots(-(-len(order) // columns), columns).ravel()
    for ax in axes[len(order) :]:
        ax.set_axis_off()
    for ax, index in zip(axes, order, strict=False):
        ax.imshow(kernel_picture(kernels[index]))
        ax.set_title(f"{index}", loc="center", fontsize=10, pad=2)
        ax.set_xlabel(percent(effect.distances[index]), fontsize=10, labelpad=2)
        _bare(ax)
    return figure


def describe_filter_effects(effect: FilterEffect) -> str:
    """Say what :func:`draw_filter_effects` shows."""
    order = np.argsort(-effect.distances)
    first = ", ".join(f"{i} ({percent(effect.distances[i])})" for i in order[:3])
    return (
        f"{len(order)} filters in the order of how much of the answer changes without them. "
        f"Most needed are {first}; without the least needed, {order[-1]}, "
        f"{percent(effect.distances[order[-1]], 1)} changes."
    )


def bar_names(names: Sequence[str], longest: int = 20) -> list[str]:
    """Shorten class names so that they stand beside bars."""
    return [name if len(name) <= longest else name[: longest - 1] + "…" for name in names]



def _rounded(value: float) -> float:
    # Adding 0 turns −0.0, which would be written with its sign, into 0.0.
    return round(float(value), 2) + 0.0
