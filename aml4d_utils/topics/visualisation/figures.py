"""Pictures of what a network has learned, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils import images
from aml4d_utils.measuring.wording import percent, plain
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.visualisation.collection import collection
from aml4d_utils.topics.visualisation.evolution import Evolution
from aml4d_utils.topics.visualisation.maximisation import DrawingStep, fine_detail
from aml4d_utils.topics.visualisation.occlusion import Occlusion, smooth
from aml4d_utils.topics.visualisation.projection import UNITS, Projection, as_picture
from aml4d_utils.topics.visualisation.reading import ReadingTest
from aml4d_utils.topics.visualisation.sanity import SanityStep
from aml4d_utils.topics.visualisation.top_patches import TopPatches
from aml4d_utils.widgets.colours import (
    MAGNITUDE,
    OKABE_ITO,
    SIGNED,
    hex_ramp,
    magnitude_to_rgb,
    mosaic,
    signed_to_rgb,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GREY = 128
_MAP_SHARE = 0.62
_SHEET_GAP = 6
_STYLES = {"deconvnet": ("-", "o"), "guided": ("--", "s"), "gradient": (":", "^")}


# --- projections -----------------------------------------------------------------------------


def draw_projections(projections: Sequence[Projection]) -> Figure:
    """Draw what a spot sees and, beside it, what goes back to it by each rule.

    Parameters
    ----------
    projections : sequence of Projection
        Of one spot, one for each rule.
    """
    figure = new_figure(2.35 * (len(projections) + 1), 2.7)
    axes = figure.subplots(1, len(projections) + 1)
    first = projections[0]
    _picture(axes[0], first.crop, f"{first.spot.layer}, unit {first.spot.unit} looks here")
    for ax, projection in zip(axes[1:], projections, strict=True):
        _picture(ax, as_picture(projection.signal), projection.rule)
    return figure


def describe_projections(projections: Sequence[Projection]) -> str:
    """Say what :func:`draw_projections` shows."""
    spot = projections[0].spot
    parts = ", ".join(f"{p.rule} {percent(p.focus, 1)}" for p in projections)
    return (
        f"What unit {spot.unit} of {spot.layer} looks at where it answers with {spot.value:.0f}, "
        f"and what goes back to it. Half of the signal lies in this share of the pixels: {parts}."
    )


def describe_projection(
    projection: Projection, rank: int = 1, place: tuple[int, int] | None = None
) -> str:
    """Say in one sentence what a unit does at a place, and what comes back."""
    spot = projection.spot
    where = "" if place is None else f"At row {place[0]}, column {place[1]}, "
    who = f"unit {spot.unit} of {UNITS[spot.layer]} in {spot.layer}"
    if spot.value <= 0:
        return _sentence(f"{where}no unit of {spot.layer} has rank {rank}: nothing goes back.")
    start = f"{where}{who}, number {rank} there, answers with {spot.value:.0f}"
    if projection.silent:
        return _sentence(f"{start}, but nothing gets back through the ReLUs.")
    return _sentence(
        f"{start}. By {projection.rule}, half of what goes back lies in "
        f"{percent(projection.focus, 1)} of the pixels shown."
    )


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


STRIP_SIDE, STRIP_GAP = 120, 9


def layer_strip(
    projections: Sequence[Projection], side: int = STRIP_SIDE, gap: int = STRIP_GAP
) -> np.ndarray:
    """Return crops above what goes back to them, side by side, as uint8 RGB."""
    tiles = [images.as_uint8(enlarged(p.crop, side)) for p in projections]
    tiles += [images.as_uint8(enlarged(as_picture(p.signal), side)) for p in projections]
    return mosaic(np.stack(tiles), len(projections), gap=gap, ground=_GREY)


def patch_sheet(
    pictures: Sequence[np.ndarray], count: int, columns: int, side: int, gap: int = 3
) -> np.ndarray:
    """Return pictures of any size in [0, 1] as equal tiles; missing ones are grey; uint8 RGB."""
    tiles = np.full((count, side, side, 3), _GREY, np.uint8)
    for tile, picture in zip(tiles, pictures, strict=False):
        tile[...] = images.as_uint8(enlarged(picture, side))
    return mosaic(tiles, columns, gap=gap, ground=_GREY)


def enlarged(picture: np.ndarray, side: int) -> np.ndarray:
    """Return a square picture with ``side`` pixels: pixels stay squares where it grows."""
    if len(picture) >= side:
        return images.resize(picture, side, side)
    index = np.arange(side) * len(picture) // side
    return picture[np.ix_(index, index)]


def describe_favourites(result: TopPatches, name: str = "") -> str:
    """Say what a unit's favourite patches are; ``name`` is what the student calls the unit."""
    called = f" You call it “{name}”." if name else ""
    if not len(result.values):
        return (
            f"Unit {result.unit} of {result.layer} answers 0 to every picture: it is dead.{called}"
        )
    names = ", ".join(dict.fromkeys(result.names[:4]))
    return (
        f"Unit {result.unit} of {UNITS[result.layer]} in {result.layer}: its {len(result.values)} "
        f"strongest answers run from {result.values[0]:.0f} down to {result.values[-1]:.0f}; "
        f"first come {names}. {len(result.projections)} sent back by {result.rule}.{called}"
    )


# --- evidence --------------------------------------------------------------------------------


def over_photo(view: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Lay the colours of a map, uint8 (H, W, 3), over a photo in [0, 1], made grey."""
    grey = np.repeat(images.grey(view)[..., None], 3, axis=2)
    return _MAP_SHARE * colours / 255 + (1 - _MAP_SHARE) * grey


def occlusion_picture(result: Occlusion, index: int) -> tuple[np.ndarray, float]:
    """Return the drops of a class over the photo, and the magnitude at the map's ends.

    Places that have not been hidden yet show no change.
    """
    drops = np.nan_to_num(result.drops(index))
    rgb, limit = signed_to_rgb(smooth(drops, result.starts, result.patch))
    return over_photo(result.view, rgb), limit


def class_map_picture(view: np.ndarray, fine: np.ndarray) -> np.ndarray:
    """Return a Grad-CAM map over the photo; its largest value is the brightest colour."""
    return over_photo(view, magnitude_to_rgb(fine, 0.0, float(fine.max()) or 1.0)[0])


def signed_bar(limit: float) -> dict[str, object]:
    """Return the colour bar of a map of drops, in percentage points."""
    ends = f"{100 * limit:.0f}"
    return {"colours": hex_ramp(SIGNED), "low": f"−{ends}", "high": f"+{ends}", "signed": True}


def magnitude_bar(high: float) -> dict[str, object]:
    """Return the colour bar of a map from 0 to ``high``."""
    return {"colours": hex_ramp(MAGNITUDE), "low": "0", "high": f"{high:.3g}"}


def describe_occlusion(
    result: Occlusion, index: int, name: str, place: tuple[int, int] | None = None
) -> str:
    """Say what hiding does to a class: at a place of the patch, and where it hurts most."""
    drops, whole = result.drops(index), float(result.whole[index])
    start = f"{name} has {percent(whole, 1)}"
    if np.isnan(drops).all():
        return f"{start}; nothing has been hidden yet."
    worst = result.worst_place(index)
    here = worst if place is None or np.isnan(drops[place]) else place
    centre = result.starts + result.patch // 2
    words = (
        f"{start}, with the patch at row {centre[here[0]]}, column {centre[here[1]]} "
        f"{percent(whole - drops[here], 1)}"
    )
    if here == worst:
        best = percent(whole - np.nanmin(drops), 1)
        return f"{words}. Nowhere is it lower; elsewhere it rises to up to {best}."
    return (
        f"{words}. It is lowest, {percent(whole - drops[worst], 1)}, with the patch at row "
        f"{centre[worst[0]]}, column {centre[worst[1]]}."
    )


# --- drawing ---------------------------------------------------------------------------------


def describe_drawing(step: DrawingStep, what: str) -> str:
    """Say how far a drawing is and what it is made of."""
    return (
        f"After {step.step} steps {what} answers with {plain(step.scores[-1], 0)} on average, "
        f"{plain(step.scores[0], 0)} at the start; {percent(fine_detail(step.picture))} of the "
        "picture is fine detail."
    )


def draw_two_drawings(
    bare: DrawingStep, full: DrawingStep, answers: Sequence[tuple[float, float]]
) -> Figure:
    """Draw what bare pixels give beside what all three parts give.

    ``answers`` holds, for each, the answer to the drawing as it is and moved by two pixels.
    """
    figure = new_figure(7.0, 3.9)
    axes = figure.subplots(1, 2)
    rows = zip(axes, (bare, full), answers, ("bare pixels", "all parts"), strict=True)
    for ax, step, (here, moved), name in rows:
        _picture(ax, step.picture, name)
        ax.set_xlabel(f"answer {here:.0f}, moved by 2 pixels {moved:.0f}", labelpad=6)
    return figure


def describe_two_drawings(
    bare: DrawingStep, full: DrawingStep, answers: Sequence[tuple[float, float]]
) -> str:
    """Say what :func:`draw_two_drawings` shows."""
    rows = zip(("Bare pixels", "all parts"), (bare, full), answers, strict=True)
    parts = [
        f"{name}: answer {here:.0f}, moved by 2 pixels {moved:.0f}, "
        f"{percent(fine_detail(step.picture))} fine detail"
        for name, step, (here, moved) in rows
    ]
    return f"Two drawings for the same unit. {'; '.join(parts)}."


# --- evolution -------------------------------------------------------------------------------


def draw_evolution(evolution: Evolution, units: int = 8) -> Figure:
    """Draw kernels and projections, one row for each moment of the training.

    Each tile has a scale of its own: what can be compared is the pattern, not its strength.
    """
    snapshots = evolution.snapshots
    figure = new_figure(9.4, 0.56 * len(snapshots) + 0.55)
    axes = figure.subplots(1, 2)
    kernels, projections = [], []
    for snapshot in snapshots:
        kernels += [_signed_tile(kernel) for kernel in snapshot.kernels[:units]]
        projections += [_signed_tile(signal) for signal in snapshot.projections[:units]]
    names = [f"{snapshot.batches} batches" for snapshot in snapshots]
    _sheet(axes[0], kernels, units, "layer 1: kernels", names)
    _sheet(axes[1], projections, units, "layer 2: strongest answers, sent back", [])
    return figure


def describe_evolution(evolution: Evolution) -> str:
    """Say how the features came into being."""
    first, last = evolution.snapshots[0], evolution.snapshots[-1]
    change = float(np.abs(last.kernels - first.kernels).mean())
    pairs = [f"{plain(a, 2)} and {plain(b, 2)}" for a, b in settled(evolution)]
    return (
        f"{len(evolution.snapshots)} moments of a training, from {first.batches} to "
        f"{last.batches} batches. The first layer's weights changed by {change:.2f} on average; "
        f"{percent(last.accuracy, 1)} of the test photos are right at the end. Likeness of "
        f"neighbouring moments: {', '.join(pairs)} (layers 1 and 2)."
    )


def settled(evolution: Evolution) -> list[tuple[float, float]]:
    """Return, for each moment and the one before, how alike the features of both layers are.

    The likeness is a correlation: it asks for the pattern and is blind to its strength.
    """
    pairs = []
    for before, after in zip(evolution.snapshots, evolution.snapshots[1:], strict=False):
        pairs.append(
            (
                _likeness(before.kernels, after.kernels),
                _likeness(before.projections, after.projections),
            )
        )
    return pairs


def _likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Return the mean correlation of pictures in pairs; pairs with an even one are left out."""
    values = []
    for a, b in zip(one, other, strict=True):
        if a.std() and b.std():
            values.append(np.corrcoef(a.ravel(), b.ravel())[0, 1])
    return float(np.mean(values)) if values else 0.0


# --- where it fails --------------------------------------------------------------------------


def draw_sanity(steps: Sequence[SanityStep]) -> Figure:
    """Draw what each rule sends back while the network is destroyed, and how little it changes."""
    moments = [steps[k] for k in (0, 1, 3, 6, len(steps) - 1)]
    rules = list(steps[0].signals)
    figure = new_figure(9.4, 8.4)
    pictures, curve = figure.subfigures(2, 1, height_ratios=[2.55, 1])
    tiles = [images.as_uint8(as_picture(step.signals[rule])) for rule in rules for step in moments]
    ax = pictures.subplots()
    _sheet(ax, tiles, len(moments), "", rules)
    side = len(tiles[0]) + _SHEET_GAP
    counts = [len(step.destroyed) for step in moments]
    ax.set_xticks(
        [(k + 0.5) * side for k in range(len(moments))],
        ["intact", *(f"{n} layer{'s' * (n > 1)} random" for n in counts[1:])],
    )
    ax.xaxis.tick_top()
    _sanity_curves(curve.subplots(), steps[-1])
    return figure


def _sanity_curves(ax: Axes, last: SanityStep) -> None:
    counts = np.arange(len(last.destroyed) + 1)
    for colour, (rule, values) in zip(OKABE_ITO, last.history.items(), strict=False):
        line, mark = _STYLES[rule]
        ax.plot(counts, values, line, marker=mark, color=colour, label=rule, markersize=5)
    ax.set(ylim=(-0.05, 1.08), xlim=(-0.2, len(counts) - 0.8), yticks=[0, 0.5, 1])
    ax.set_xticks(counts, ["none", *last.destroyed], fontsize=10.5)
    ax.set_xlabel("weights made random, from the top down to this layer")
    ax.set_ylabel("likeness")
    ax.legend(frameon=False, loc="lower left", ncols=3)


def describe_sanity(steps: Sequence[SanityStep]) -> str:
    """Say what :func:`draw_sanity` shows."""
    last = steps[-1]
    half = len(last.destroyed) // 2
    parts = ", ".join(f"{rule} {values[half]:.2f}" for rule, values in last.history.items())
    ends = ", ".join(f"{rule} {values[-1]:.2f}" for rule, values in last.history.items())
    return (
        f"With {half} of {len(last.destroyed)} layers random, the likeness with the intact "
        f"network's picture is: {parts}; with all random: {ends}. 1 is the same picture."
    )


def draw_reading(test: ReadingTest) -> Figure:
    """Draw the test pictures above a unit's answers, beside its favourites among photographs."""
    count = len(test.names)
    figure = new_figure(9.4, 3.0)
    drawn, found = figure.subfigures(1, 2, width_ratios=[1.35 * count, 4.6])
    top = 1.2 * max(float(test.answers.max()), float(test.favourites.max()), 1.0)
    middle = slice(len(test.pictures[0]) // 2 - 35, len(test.pictures[0]) // 2 + 35)
    columns = zip(test.names, test.pictures, test.answers, strict=True)
    axes = drawn.subplots(2, count, height_ratios=[1, 1])
    for (above, below), (name, picture, answer) in zip(axes.T, columns, strict=True):
        _picture(above, picture[middle, middle], name)
        above.spines[:].set_visible(True)
        _answer_bars(below, [answer], top, OKABE_ITO[1])
    above, below = found.subplots(2, 1, height_ratios=[1, 1])
    tiles = np.stack([images.as_uint8(enlarged(patch, 60)) for patch in test.patches])
    above.imshow(mosaic(tiles, len(tiles), gap=6), aspect="equal", interpolation="antialiased")
    above.set_axis_off()
    title = f"its {len(tiles)} favourites among {len(collection())} pictures"
    above.set_title(title, fontsize=11.5)
    _answer_bars(below, list(test.favourites), top, OKABE_ITO[0])
    return figure


def draw_claims(
    claims: dict[str, tuple[list[str], list[str]]], picture: Callable[[str], np.ndarray]
) -> Figure:
    """Draw, for each name that people give a unit, pictures that fit and pictures that do not.

    Parameters
    ----------
    claims : dict
        Name → (names of fitting pictures, names of others).
    picture : callable, ``picture(name) -> ndarray (S, S, 3)`` in [0, 1]
    """
    figure = new_figure(9.4, 0.92 * len(claims) + 0.3)
    most = [max(len(pair[side]) for pair in claims.values()) for side in (0, 1)]
    axes = figure.subplots(len(claims), 2, width_ratios=most, squeeze=False)
    for row, (name, pair) in zip(axes, claims.items(), strict=True):
        for ax, names, count in zip(row, pair, most, strict=True):
            tiles = [_framed(images.as_uint8(enlarged(picture(one), 90))) for one in names]
            tiles += [np.full((90, 90, 3), 255, np.uint8)] * (count - len(tiles))
            _sheet(ax, tiles, count, "", [])
        row[0].set_yticks([45], [name], fontsize=11.5)
    axes[0, 0].set_title("pictures that fit", fontsize=11.5)
    axes[0, 1].set_title("pictures that do not", fontsize=11.5)
    return figure


def describe_claims(claims: dict[str, tuple[list[str], list[str]]]) -> str:
    """Say what :func:`draw_claims` shows."""
    parts = [
        f"“{name}” with {len(fitting)} pictures that fit ({', '.join(fitting)}) and "
        f"{len(others)} that do not ({', '.join(others)})"
        for name, (fitting, others) in claims.items()
    ]
    return f"{len(claims)} names for one unit: {'; '.join(parts)}."


def describe_reading(test: ReadingTest) -> str:
    """Say what :func:`draw_reading` shows."""
    parts = ", ".join(
        f"{name} {answer:.0f}" for name, answer in zip(test.names, test.answers, strict=True)
    )
    return (
        f"Unit {test.unit} of {test.layer} answers to drawn pictures: {parts}. Its nine favourites "
        f"among photographs: {test.favourites.max():.0f} down to {test.favourites.min():.0f}."
    )


def _answer_bars(ax: Axes, values: Sequence[float], top: float, colour: str) -> None:
    places = np.arange(len(values))
    ax.bar(places, values, width=0.7, color=colour)
    room = 0.9 if len(values) == 1 else 0.5
    ax.set(ylim=(0, top), xlim=(-room, len(values) - 1 + room), xticks=[], yticks=[])
    for place, value in zip(places, values, strict=True):
        if len(values) == 1 or place in (0, len(values) - 1):
            ax.text(place, value + 0.02 * top, f"{value:.0f}", ha="center", va="bottom")
    ax.spines[["left"]].set_visible(False)


# --- shared ----------------------------------------------------------------------------------


def _picture(ax: Axes, picture: np.ndarray, title: str) -> None:
    ax.imshow(np.clip(picture, 0, 1))
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    if title:
        ax.set_title(title, fontsize=11.5)


def _signed_tile(values: np.ndarray) -> np.ndarray:
    """Return signed values (h, w) as a uint8 RGB tile of 40 pixels on its own scale."""
    rgb = signed_to_rgb(values)[0]
    return images.as_uint8(enlarged(rgb / 255, 40))


def _framed(tile: np.ndarray) -> np.ndarray:
    """Return a tile, uint8, with a thin grey frame: white paper has an edge then."""
    framed = np.full_like(tile, 160)
    framed[2:-2, 2:-2] = tile[2:-2, 2:-2]
    return framed


def _sheet(
    ax: Axes, tiles: Sequence[np.ndarray], columns: int, title: str, rows: Sequence[str]
) -> None:
    """Draw tiles side by side, with a name for each row."""
    ax.imshow(mosaic(np.stack(tiles), columns, gap=_SHEET_GAP))
    side = len(tiles[0]) + _SHEET_GAP
    ax.set_xticks([])
    ax.set_yticks([(k + 0.5) * side for k in range(len(rows))], rows, fontsize=11.5)
    ax.tick_params(length=0, labelcolor="#333333", labelsize=11.5)
    ax.spines[:].set_visible(False)
    if title:
        ax.set_title(title, fontsize=11.5)


def short(name: str, longest: int = 20) -> str:
    """Shorten a class name so that it stands beside a bar."""
    return name if len(name) <= longest else name[: longest - 1] + "…"
