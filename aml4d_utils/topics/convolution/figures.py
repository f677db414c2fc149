"""Pictures of convolution, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, signed
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.convolution.counting import LayerComparison
from aml4d_utils.topics.convolution.growing import Growth
from aml4d_utils.topics.convolution.kernels import designed_share
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
        text = f"{_rounded(value):.2f}" if values.dtype.kind == "f" else str(value)
        text = text.replace("-", "−")
        ax.text(col, row, text, ha="center", va="center", color=_INK if light else "white")
    ax.set_title(title, loc="center")
    _bare(ax)


def _bare(ax: Axes) -> None:
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)


# --- a whole photo ---------------------------------------------------------------------------


def draw_response(photo: np.ndarray, kernel: np.ndarray, response: np.ndarray) -> Figure:
    """Draw a photo (H, W, 3), a kernel's numbers and the feature map (h, w) they make.

    The map is centred at 0 and ends at the magnitude that 99 % of the values stay below; the
    colour bar says so.
    """
    figure = new_figure(9.4, 3.0)
    left, middle, right = figure.subplots(1, 3, width_ratios=[1, 0.5, 1])
    left.imshow(photo)
    left.set_title("photo", loc="center")
    extent = max(1e-9, float(np.abs(kernel).max()))
    _number_grid(middle, kernel, "kernel", signed_map(), (-extent, extent))
    limit = float(np.percentile(np.abs(response), 99)) or float(np.abs(response).max()) or 1.0
    picture = right.imshow(response, cmap=signed_map(), vmin=-limit, vmax=limit)
    right.set_title("feature map", loc="center")
    bar = figure.colorbar(picture, ax=right, shrink=0.9, ticks=[-limit, 0, limit])
    bar.ax.set_yticklabels([f"≤ {signed(-limit)}", "0", f"≥ {signed(limit)}"])
    for ax in (left, right):
        _bare(ax)
    return figure


def describe_response(
    photo: np.ndarray, kernel: np.ndarray, response: np.ndarray, what: str = "the photo"
) -> str:
    """Say what :func:`draw_response` shows; ``what`` describes the photo."""
    row, col = np.unravel_index(np.abs(response).argmax(), response.shape)
    rows = " / ".join(" ".join(_plain(weight) for weight in line) for line in kernel)
    return (
        f"Left, {what}, {photo.shape[1]} × {photo.shape[0]} pixels. In the middle, the kernel "
        f"{rows}. Right, the feature map: "
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


# --- a receptive field grown by hand ---------------------------------------------------------

GROWTH_COLUMNS = 18
"""Pixels in the row of pixels; the widest receptive field of two layers has 17."""
_PITCH, _CELL = 34, 30
_TOPS = (26, 116, 206)
"""Where the second layer, the first layer and the pixels begin, in rows of the picture."""
_NAMES = ("layer 2", "layer 1", "pixels")
_PAPER, _IDLE, _LOOKED, _OPEN = (246, 246, 246), (222, 222, 222), (240, 228, 66), (230, 159, 0)
_LOOKS = (
    (222, 222, 222),
    (158, 202, 235),
    (86, 160, 211),
    (0, 114, 178),
    (0, 74, 117),
    (0, 40, 64),
)


def growth_boxes(result: Growth) -> list[tuple[int, int, int, int]]:
    """Return the place (x0, y0, x1, y1) of each looked-at cell of the first layer."""
    return [_cell_box((first + end - 1) / 2, 1, result) for first, end in result.intervals]


def growth_step(result: Growth) -> int:
    """Return how far apart, in the picture, neighbouring cells of the first layer stand."""
    return result.jump * _PITCH


def growth_words(result: Growth) -> list[tuple[int, int, str]]:
    """Return the words on the picture as (row, column, text).

    They are the names of the three rows, and in each pixel how many open cells see it.
    """
    names = [(top - 8, 2, name) for top, name in zip(_TOPS, _NAMES, strict=True)]
    numbers = []
    for pixel, looks in enumerate(result.looks):
        x0, _, _, bottom = _cell_box(pixel, 2, result)
        if looks:
            numbers.append((bottom - 9, x0 + 10, str(looks)))
    return names + numbers


def growth_picture(result: Growth) -> np.ndarray:
    """Return three rows of squares, uint8 RGB: the second layer, the first layer, the pixels.

    Looked-at cells of the first layer are yellow, open ones orange; a pixel is the darker the
    more open cells see it.
    """
    width = GROWTH_COLUMNS * _PITCH - (_PITCH - _CELL)
    picture = np.full((_TOPS[2] + _CELL + 8, width, 3), _PAPER, np.uint8)
    middles = [(first + end - 1) / 2 for first, end in result.intervals]
    top = sum(middles) / len(middles)
    _fan(picture, _cell_box(top, 0, result), [growth_boxes(result)[n] for n in (0, -1)])
    for cell in result.opened:
        ends = [_cell_box(pixel, 2, result) for pixel in _first_and_last(result.intervals[cell])]
        _fan(picture, growth_boxes(result)[cell], ends)
    _fill(picture, _cell_box(top, 0, result), _OPEN)
    for n, place in enumerate(growth_boxes(result)):
        _fill(picture, place, _OPEN if n in result.opened else _LOOKED)
    before = (GROWTH_COLUMNS - result.field) // 2
    for pixel in range(-before, GROWTH_COLUMNS - before):
        looks = result.looks[pixel] if 0 <= pixel < result.field else 0
        _fill(picture, _cell_box(pixel, 2, result), _LOOKS[looks])
    return picture


def _first_and_last(interval: tuple[int, int]) -> tuple[int, int]:
    return interval[0], interval[1] - 1


def _cell_box(place: float, row: int, result: Growth) -> tuple[int, int, int, int]:
    left = round(((GROWTH_COLUMNS - result.field) // 2 + place) * _PITCH)
    return left, _TOPS[row], left + _CELL, _TOPS[row] + _CELL


def _fill(
    picture: np.ndarray, place: tuple[int, int, int, int], colour: tuple[int, int, int]
) -> None:
    x0, y0, x1, y1 = place
    picture[y0:y1, x0:x1] = colour


def _fan(
    picture: np.ndarray,
    above: tuple[int, int, int, int],
    below: Sequence[tuple[int, int, int, int]],
) -> None:
    """Shade the way from a square to the squares below it, from the first to the last."""
    start, end = above[3], below[0][1]
    for y in range(start, end):
        share = (y - start) / (end - start)
        left = round(above[0] + share * (below[0][0] - above[0]))
        right = round(above[2] + share * (below[-1][2] - above[2]))
        picture[y, left:right] = _IDLE


def describe_growth(result: Growth) -> str:
    """Say how many pixels the open cells see, and how the next one adds to them."""
    first, second = result.kernels
    cells = f"{second} cells" if second > 1 else "1 cell"
    pixels = "1 pixel" if result.jump == 1 else f"{result.jump} pixels"
    start = (
        f"The cell on top looks at {cells} of layer 1, each {first} pixels wide and {pixels} "
        "further than the one before"
    )
    if not result.opened:
        return f"{start}. None is open."
    if result.whole:
        return (
            f"{start}. All are open. They see {result.field} pixels: {first} + ({second} − 1) · "
            f"{result.jump} = {result.field}."
        )
    return (
        f"{start}. Open: {len(result.opened)} of {second}. Together they see {result.seen} pixels."
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
        f"{percent(step.accuracy, 1)} of the test photos right"
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
    """Draw kernels (N, k, k) at the start of training above the same kernels at the end.

    Below each stands how much of it a blur, two edges and a spot explain.
    """
    figure = new_figure(9.0, 2.9)
    limit = float(max(np.abs(before).max(), np.abs(after).max())) or 1.0
    axes = figure.subplots(2, len(before), squeeze=False)
    for row, (kernels, name) in zip(axes, ((before, "random"), (after, "learned")), strict=True):
        for ax, kernel, share in zip(row, kernels, designed_share(kernels), strict=True):
            picture = ax.imshow(kernel, cmap=signed_map(), vmin=-limit, vmax=limit)
            ax.set_xlabel(percent(share), labelpad=3)
            _bare(ax)
        row[0].set_ylabel(name)
    bar = figure.colorbar(picture, ax=axes, shrink=0.9, ticks=[-limit, 0, limit])
    bar.ax.set_yticklabels([signed(-limit), "0", signed(limit)])
    return figure


def describe_kernels_before_after(before: np.ndarray, after: np.ndarray) -> str:
    """Say what :func:`draw_kernels_before_after` shows."""
    change = np.abs(after - before).reshape(len(before), -1).mean(1)
    start, end = designed_share(before), designed_share(after)
    return (
        f"{len(before)} kernels before and after training. Number {int(change.argmax())} changed "
        f"most, by {change.max():.2f} a weight on average; the weights now run from "
        f"{signed(after.min())} to {signed(after.max())}. A blur, two edges and a spot explain "
        f"{percent(start.mean())} of a random kernel and {percent(end.mean())} of a learned one on "
        f"average, most of number {int(end.argmax())}: {percent(end.max())}."
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
    """Draw the filters, each above how much of the answer moves without it, most first.

    A triangle says whether the leading class wins (up) or loses (down) without the filter.

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
        mark = "▲" if effect.after[index] > effect.before else "▼"
        ax.set_xlabel(f"{percent(effect.distances[index])} {mark}", fontsize=10, labelpad=2)
        _bare(ax)
    return figure


def describe_filter_effects(effect: FilterEffect) -> str:
    """Say what :func:`draw_filter_effects` shows."""
    order = np.argsort(-effect.distances)
    first = ", ".join(f"{i} ({percent(effect.distances[i])})" for i in order[:3])
    way = "rises" if effect.after[order[0]] > effect.before else "falls"
    wins = int((effect.after > effect.before).sum())
    return (
        f"{len(order)} filters in the order of how much of the answer moves without them. "
        f"It moves most without {first}; without {order[0]}, {effect.lead} {way} from "
        f"{percent(effect.before)} to {percent(effect.after[order[0]])}. Without the last, "
        f"{order[-1]}, {percent(effect.distances[order[-1]], 1)} moves. {effect.lead} rises "
        f"without {wins} of them and falls without the others."
    )


def bar_names(names: Sequence[str], longest: int = 20) -> list[str]:
    """Shorten class names so that they stand beside bars."""
    return [name if len(name) <= longest else name[: longest - 1] + "…" for name in names]


def _plain(value: float) -> str:
    return f"{_rounded(value):g}".replace("-", "−")


def _rounded(value: float) -> float:
    # Adding 0 turns −0.0, which would be written with its sign, into 0.0.
    return round(float(value), 2) + 0.0
