"""Pictures of neurons and networks, each with the words that describe it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from aml4d_utils.measuring.wording import percent
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.neurons.activations import ACTIVATIONS
from aml4d_utils.topics.neurons.firing import Firing
from aml4d_utils.topics.neurons.plane import REACH, Points, measure
from aml4d_utils.topics.neurons.reading_digits import Reading, Strangers, patches
from aml4d_utils.topics.neurons.separating_points import Separation
from aml4d_utils.topics.neurons.slopes import Slope
from aml4d_utils.widgets.colours import OKABE_ITO, signed_map, signed_to_rgb

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BOUNDARY = 0.5


def signed(value: float, decimals: int = 2) -> str:
    """Write a number with its sign, a true minus, and no negative zero."""
    text = f"{value:+.{decimals}f}"
    return text[1:] if float(text) == 0 else text.replace("-", "−")


def plain(value: float, decimals: int = 2) -> str:
    """Write a number with a true minus and no negative zero."""
    return signed(value, decimals).removeprefix("+")


# --- one neuron ------------------------------------------------------------------------------


def describe_firing(firing: Firing) -> str:
    """Say what a neuron makes of its inputs, as one calculation."""
    terms = " + ".join(
        f"{plain(a)} × {_bracketed(w)}" for a, w in zip(firing.inputs, firing.weights, strict=True)
    )
    symbol = "σ" if firing.activation == "sigmoid" else firing.activation
    return (
        f"{terms} + {_bracketed(firing.bias)} = {plain(firing.total)}, "
        f"and {symbol}({plain(firing.total)}) = {plain(firing.output)}."
    )


def _bracketed(value: float) -> str:
    text = plain(value)
    return f"({text})" if text.startswith("−") else text


# --- activation functions --------------------------------------------------------------------


def draw_activations() -> Figure:
    """Draw the six activation functions (solid) with their derivatives (dashed)."""
    figure = new_figure(8.6, 4.4)
    x = np.linspace(-5, 5, 401)
    for axes, kind in zip(figure.subplots(2, 3).ravel(), ACTIVATIONS.values(), strict=True):
        axes.axhline(0, color="#d0d7de", linewidth=1)
        axes.axvline(0, color="#d0d7de", linewidth=1)
        axes.plot(x, kind.value(x), color=OKABE_ITO[0], linewidth=2.5)
        axes.plot(x, kind.derivative(x), color=OKABE_ITO[1], linewidth=2, linestyle=(0, (4, 2)))
        axes.set_title(kind.name)
        axes.set(xlim=(-5, 5), ylim=(-1.6, 3.2), xticks=[-4, 0, 4], yticks=[-1, 0, 1, 2, 3])
    axes = figure.axes[0]
    axes.text(-4.7, 1.35, "value", color=OKABE_ITO[0], weight="bold")
    axes.text(-4.7, 2.15, "slope", color=OKABE_ITO[1], weight="bold")
    return figure


def describe_activations() -> str:
    """Say how steep each activation function gets."""
    x = np.linspace(-5, 5, 401)
    steepest = ", ".join(
        f"{kind.name} {np.abs(kind.derivative(x)).max():.2f}" for kind in ACTIVATIONS.values()
    )
    return f"Six curves with their slopes, from −5 to 5. Steepest slope: {steepest}."


def describe_slope(at: Slope) -> str:
    """Say what an activation function does at a place, and whether it saturates there."""
    where = f"At x = {plain(at.x)} {at.name} gives {plain(at.value)} with slope {plain(at.slope)}"
    if at.slope == 0:
        return f"{where}: flat, so nothing is learned here."
    if at.saturated:
        return f"{where}: nearly flat. It saturates, and learning hardly moves on."
    if abs(at.slope) < 0.2:
        return f"{where}: gentle, but not flat. Learning goes on slowly."
    return f"{where}: steep enough to learn well."


# --- a plane of points -----------------------------------------------------------------------

SIDE = 420
"""The plane is drawn in 420 × 420 pixels."""


def plane_picture(found: Separation) -> np.ndarray:
    """Colour the plane by the network's output and lay the points on it.

    Returns
    -------
    ndarray (420, 420, 3), uint8
        Blue where the output is under 0.5, orange above, a dark line between; the first class as
        circles, the second as squares.
    """
    rgb, _ = signed_to_rgb(found.surface - _BOUNDARY, 0.85)
    picture = np.repeat(np.repeat(rgb, SIDE // len(rgb), axis=0), SIDE // len(rgb), axis=1)
    above = ndimage.zoom(found.surface, SIDE / len(rgb), order=1) > _BOUNDARY
    edge = above ^ ndimage.binary_erosion(above, border_value=1)
    picture[ndimage.binary_dilation(edge)] = 40
    points, labels = found.points.points, found.points.labels
    for kind, (fill, stamp) in enumerate(((_BLUE, _DISC), (_ORANGE, _SQUARE))):
        for row, col in plane_places(points[labels == kind]).round().astype(int):
            _stamp(picture, row, col, stamp, fill)
    return picture


def plane_places(points: np.ndarray) -> np.ndarray:
    """Return where points (N, 2) of the plane stand in the picture: (N, 2) as row, column."""
    share = (np.asarray(points) + [REACH, REACH]) / (2 * REACH)
    return np.stack([(1 - share[:, 1]) * (SIDE - 1), share[:, 0] * (SIDE - 1)], axis=1)


def place_in_plane(row: float, col: float) -> tuple[float, float]:
    """Return the place (x, y) of the plane that a pixel of its picture stands for.

    Examples
    --------
    >>> place_in_plane(0, 0), place_in_plane(419, 419)
    ((-3.0, 3.0), (3.0, -3.0))
    """
    return (col / (SIDE - 1) * 2 - 1) * REACH, (1 - row / (SIDE - 1) * 2) * REACH


def describe_point(points: Points, index: int) -> str:
    """Say which digit is behind a point, and what was measured of it."""
    if points.made_up:
        return f"No digit: these {len(points.points)} points are made up."
    ink, middle = measure(points.pictures[index : index + 1])[0]
    return (
        f"The digit behind the ringed point: a {points.digits[index]}, ink in all {ink:.2f}, light "
        f"in the middle {middle:.2f}."
    )


def line_ends(lines: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return where each line w₁x + w₂y + b = 0 (h, 3) enters and leaves the picture, as (row, col).

    A line that never comes into the picture is left out.
    """
    found = []
    for w1, w2, b in lines:
        crossings = []
        for side in (-REACH, REACH):
            if w2 and abs((-b - w1 * side) / w2) <= REACH:
                crossings.append((side, (-b - w1 * side) / w2))
            if w1 and abs((-b - w2 * side) / w1) <= REACH:
                crossings.append(((-b - w2 * side) / w1, side))
        if len(crossings) >= 2:
            places = plane_places(np.array(crossings))
            far = int(np.hypot(*(places - places[0]).T).argmax())
            found.append((places[0], places[far]))
    return found


_BLUE, _ORANGE = (18, 60, 115), (150, 66, 8)
_REACH = np.arange(-5, 6)
_FAR = np.hypot(*np.meshgrid(_REACH, _REACH))
_CHESS = np.maximum(*np.abs(np.meshgrid(_REACH, _REACH)))
_DISC = (_FAR <= 5.2, _FAR <= 3.9)
_SQUARE = (_CHESS <= 4, _CHESS <= 3)


def _stamp(picture: np.ndarray, row: int, col: int, stamp: tuple, fill: tuple) -> None:
    """Lay a mark with a white edge over a place; outside the picture nothing happens."""
    height, width = picture.shape[:2]
    if not (5 <= row < height - 5 and 5 <= col < width - 5):
        return
    part = picture[row - 5 : row + 6, col - 5 : col + 6]
    part[stamp[0]] = 255
    part[stamp[1]] = fill


def describe_separation(found: Separation) -> str:
    """Say how many points the network puts on the right side."""
    who = "One neuron" if not found.hidden else f"{found.hidden} hidden neurons"
    if found.hidden == 1:
        who = "One hidden neuron"
    first, second = found.points.classes
    made_up = " The points are made up." if found.points.made_up else ""
    taught = f" Learned with {found.taught}." if found.taught else ""
    state = "" if found.fraction >= 1 else f" so far ({percent(found.fraction)} trained)"
    verb = "puts" if found.hidden < 2 else "put"
    return (
        f"{who} {verb} {percent(found.accuracy)} of {len(found.points.labels)} points on the right "
        f"side{state}, and {percent(found.test_accuracy)} of as many new ones. Circles: {first}; "
        f"squares: {second}.{made_up}{taught}"
    )


# --- reading digits --------------------------------------------------------------------------


def describe_reading(reading: Reading) -> str:
    """Say which digit the network reads, and how strong the outputs are."""
    first, second = reading.ranking[:2]
    best, next_best = reading.outputs[[first, second]]
    if not reading.pixels.any():
        return (
            f"The pad is empty, and the network answers all the same: {first} with "
            f"{plain(best)}, then {second} with {plain(next_best)}."
        )
    if best < 0.5:
        return (
            f"No output is strong: the network would say {first} with {plain(best)}, then {second} "
            f"with {plain(next_best)}."
        )
    return (
        f"The network reads {first} with {plain(best)}; next is {second} with {plain(next_best)}."
    )


def describe_row(readings: tuple[Reading, ...]) -> str:
    """Say which digits the network reads side by side, and of which it is least sure."""
    drawn = [reading for reading in readings if reading.pixels.any()]
    if not drawn:
        return f"Nothing is written yet: {len(readings)} empty cells."
    text = " ".join(str(r.answer) if r.pixels.any() else "–" for r in readings)
    weakest = min(drawn, key=lambda reading: reading.outputs.max())
    return (
        f"The network reads {text}. Its weakest answer is the {weakest.answer}, with "
        f"{plain(weakest.outputs.max())}; next to it comes {weakest.ranking[1]} with "
        f"{plain(weakest.outputs[weakest.ranking[1]])}."
    )


def describe_neuron(reading: Reading, layer: int, index: int) -> str:
    """Say what one neuron adds up, and what comes out."""
    neuron = reading.neuron(layer, index)
    last = layer == reading.network.layers
    name = f"Output {index}" if last else f"Neuron {index} of hidden layer {layer}"
    return (
        f"{name}: {len(neuron.products)} products add up to {signed(neuron.products.sum())}, with "
        f"the bias {signed(neuron.bias)} that is {signed(neuron.total)}, and "
        f"σ({plain(neuron.total)}) = {plain(neuron.output)}."
    )


def answers(read: np.ndarray, meant: np.ndarray) -> tuple[str, ...]:
    """Write each answer, and after a wrong one what was meant; ``meant`` may be longer.

    Examples
    --------
    >>> answers(np.array([3, 5]), np.array([3, 6, 0]))
    ('“3”', '“5” for 6')
    """
    return tuple(
        f"“{one}”" if one == other else f"“{one}” for {other}"
        for one, other in zip(read, meant, strict=False)
    )


def draw_digits(pictures: np.ndarray, words: tuple[str, ...]) -> Figure:
    """Draw a row of small pictures (N, 28, 28) with a word below each."""
    figure = new_figure(8.6, 1.55)
    for axes, picture, word in zip(
        np.atleast_1d(figure.subplots(1, len(pictures))), pictures, words, strict=True
    ):
        axes.imshow(picture, cmap="gray", vmin=0, vmax=picture.max() or 1)
        axes.set_xlabel(word)
        axes.set(xticks=[], yticks=[])
    return figure


def describe_digits(pictures: np.ndarray, words: tuple[str, ...]) -> str:
    """Say what :func:`draw_digits` shows."""
    ink = np.asarray(pictures, dtype=np.float64)
    ink = ink / (255 if ink.max() > 1 else 1)
    return (
        f"{len(words)} small pictures: {', '.join(words)}. Their mean brightness is "
        f"{ink.mean():.2f}."
    )


def draw_weights(weights: np.ndarray) -> Figure:
    """Draw the weights (16, 784) of the first hidden layer as pictures.

    The colours end where 99.5 % of all weights have ended; the few beyond get the last colour.
    """
    figure = new_figure(8.6, 2.7)
    limit = float(np.percentile(np.abs(weights), 99.5)) or 1.0
    grid = figure.subplots(2, 8)
    for index, (axes, row) in enumerate(zip(grid.ravel(), weights, strict=True)):
        shown = axes.imshow(row.reshape(28, 28), cmap=signed_map(), vmin=-limit, vmax=limit)
        axes.set_title(str(index), fontsize=11, pad=2)
        axes.set(xticks=[], yticks=[])
    bar = figure.colorbar(shown, ax=grid, fraction=0.02, ticks=[-limit, 0, limit], extend="both")
    bar.ax.set_yticklabels([signed(-limit, 1), "0", signed(limit, 1)])
    return figure


def describe_weights(weights: np.ndarray) -> str:
    """Say how patchy the pictures of weights are."""
    count = patches(weights)
    return (
        f"{len(weights)} pictures of 784 weights, from {plain(weights.min(), 1)} to "
        f"{signed(weights.max(), 1)}. They are blotchy: on average {count.mean():.0f} separate "
        f"patches each, where a stroke or a loop would be one."
    )


def draw_strangers(found: Strangers, count: int = 10) -> Figure:
    """Draw some pictures that are no digits, surest answers first, over all answers' strengths."""
    figure = new_figure(8.6, 4.1)
    top, bottom = figure.subfigures(2, 1, height_ratios=(1, 1.5))
    surest = np.argsort(-found.strongest, kind="stable")[:count]
    for axes, index in zip(top.subplots(1, count), surest, strict=True):
        axes.imshow(found.pictures[index], cmap="gray", vmin=0, vmax=1)
        axes.set_xlabel(f"“{found.answers[index]}”\n{found.strongest[index]:.2f}")
        axes.set(xticks=[], yticks=[])
    axes = bottom.subplots()
    bins = np.linspace(0, 1, 21)
    for values, colour, hatch, label in (
        (found.digits_strongest, OKABE_ITO[0], "", f"{len(found.digits_strongest):,} digits"),
        (found.strongest, OKABE_ITO[1], "///", f"{len(found.strongest):,} photos of other things"),
    ):
        axes.hist(
            values,
            bins,
            weights=np.full(len(values), 1 / len(values)),
            color=colour,
            alpha=0.6,
            hatch=hatch,
            edgecolor=colour,
            label=label,
        )
    axes.legend(frameon=False, loc="upper left")
    axes.set(xlabel="strongest output", ylabel="share", xlim=(0, 1), yticks=[0, 0.5, 1])
    axes.set_yticklabels(["0 %", "50 %", "100 %"])
    return figure


def describe_strangers(found: Strangers) -> str:
    """Say how often the network is sure about a picture that is no digit."""
    surest = int(found.strongest.argmax())
    return (
        f"Of {len(found.strongest)} photos that show no digit, {percent(found.share_sure(0.5))} "
        f"get an output over 0.5 and {percent(found.share_sure(0.9))} one over 0.9; of the digits "
        f"{percent(float((found.digits_strongest >= 0.9).mean()))} do. Surest: "
        f"{found.names[surest].replace('_', ' ')} as {found.answers[surest]} with "
        f"{found.strongest[surest]:.2f}."
    )
