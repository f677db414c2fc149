"""Pictures of a dissected network, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, signed
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.dissection.ablation import CLASSES, ClassAccuracy, LabelledOrNeeded
from aml4d_utils.topics.dissection.census import Census
from aml4d_utils.topics.dissection.concepts import CONCEPTS, KINDS, NONE, ConceptScene
from aml4d_utils.topics.dissection.lighting import Lit, intersection_over_union, on_pixels
from aml4d_utils.topics.dissection.units import LAYERS, Unit, unit_index
from aml4d_utils.widgets.colours import OKABE_ITO, mosaic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DIM = 0.42
_EDGE = 2
_INK = "#1f2328"


# --- lit places ------------------------------------------------------------------------------


def spotlight(image: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Dim a picture (H, W, 3) outside a mask (H, W) and draw the mask's outline in white."""
    from scipy.ndimage import binary_dilation

    shown = np.where(pixels[..., None], image, image * _DIM).astype(np.uint8)
    outline = binary_dilation(pixels, iterations=_EDGE) & ~pixels
    shown[outline] = 255
    return shown


def lit_tiles(lit: Sequence[Lit], columns: int = 3) -> np.ndarray:
    """Lay pictures with their lit places out in rows, as uint8 (H, W, 3)."""
    return mosaic(np.stack([spotlight(one.image, one.pixels) for one in lit]), columns, gap=6)


def describe_lit(lit: Sequence[Lit], scenes: Sequence[ConceptScene] = ()) -> str:
    """Say what is lit in pictures; with their scenes, also which things lie there."""
    shares = ", ".join(percent(one.share, 1) for one in lit)
    words = f"{len(lit)} pictures, dim where the unit is below its threshold. Lit are {shares}."
    if not scenes:
        return words
    found: dict[str, int] = {}
    for one, scene in zip(lit, scenes, strict=True):
        things = scene.labels[0][one.places]
        for index in np.unique(things[things != NONE]):
            found[CONCEPTS[index].name] = found.get(CONCEPTS[index].name, 0) + 1
    if not found:
        return f"{words} No thing lies in the lit places."
    order = sorted(found.items(), key=lambda pair: -pair[1])
    return f"{words} In them lie " + ", ".join(f"{name} ({n} times)" for name, n in order) + "."


def draw_scenes(images: Sequence[np.ndarray], columns: int = 6) -> Figure:
    """Draw pictures (227, 227, 3) side by side."""
    rows = -(-len(images) // columns)
    figure = new_figure(9.0, 1.55 * rows)
    for axes, image in zip(figure.subplots(rows, columns).flat, images, strict=True):
        axes.imshow(image)
        axes.axis("off")
    return figure


def describe_scenes(scenes: Sequence[ConceptScene]) -> str:
    """Say which things each of several scenes shows."""
    words = []
    for number, scene in enumerate(scenes, start=1):
        things = [CONCEPTS[i].name for i in np.unique(scene.labels[0]) if i != NONE]
        words.append(f"{number}: {', '.join(things) or 'no thing'}")
    return f"{len(scenes)} composed scenes. They show " + "; ".join(words) + "."


# --- concepts --------------------------------------------------------------------------------


def draw_concepts(scene: ConceptScene, most: int = 7) -> Figure:
    """Draw a scene and where its largest concepts lie in it, things first."""
    shown = concepts_in(scene)[:most]
    figure = new_figure(9.2, 2.7 if len(shown) < 4 else 4.9)
    grid = figure.subplots(1 if len(shown) < 4 else 2, 4).ravel()
    grid[0].imshow(scene.image)
    grid[0].set_title("the scene")
    for axes, concept in zip(grid[1:], shown, strict=False):
        mask = scene.mask(concept)
        axes.imshow(spotlight(scene.image, on_pixels(mask)))
        axes.set_title(f"{CONCEPTS[concept].words}, {percent(mask.mean())}")
    for axes in grid:
        axes.axis("off")
    return figure


def concepts_in(scene: ConceptScene) -> list[int]:
    """Return the concepts that cover at least 1 % of a scene: things first, larger ones first."""
    sizes = {c: scene.mask(c).mean() for c in np.unique(scene.labels) if c != NONE}
    large = [int(c) for c, size in sizes.items() if size >= 0.01]
    return sorted(large, key=lambda c: (KINDS.index(CONCEPTS[c].kind), -sizes[c]))


def describe_concepts(scene: ConceptScene, most: int = 7) -> str:
    """Say what :func:`draw_concepts` shows."""
    parts = [f"{CONCEPTS[c].words} {percent(scene.mask(c).mean())}" for c in concepts_in(scene)]
    return (
        "A composed scene, and the same scene dimmed except where one concept lies. "
        f"They cover: {', '.join(parts[:most])}."
    )


# --- overlap ---------------------------------------------------------------------------------


def draw_overlap(lit: Lit, scene: ConceptScene, concept: int, unit: Unit) -> Figure:
    """Draw a unit's lit places, a concept's mask, and their intersection over their union."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    mask = scene.mask(concept)
    figure = new_figure(9.2, 3.3)
    axes = figure.subplots(1, 3)
    axes[0].imshow(spotlight(lit.image, lit.pixels))
    axes[0].set_title(f"{unit} lights up")
    axes[1].imshow(spotlight(lit.image, on_pixels(mask)))
    axes[1].set_title(f"here are {CONCEPTS[concept].words}")
    cells = mask.astype(int) + 2 * lit.places
    colours = ["#f3f4f6", OKABE_ITO[5], OKABE_ITO[4], OKABE_ITO[1]]
    axes[2].imshow(cells, cmap=ListedColormap(colours), vmin=0, vmax=3)
    both, either = int((cells == 3).sum()), int((cells > 0).sum())
    axes[2].set_title(f"IoU = {both} / {either} = {both / max(either, 1):.2f}")
    names = {1: f"only {CONCEPTS[concept].name}", 2: "only lit", 3: "both"}
    axes[2].legend(
        handles=[
            Patch(facecolor=colours[k], label=f"{names[k]}: {(cells == k).sum()}") for k in names
        ],
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        ncols=1,
        frameon=False,
    )
    for one in axes:
        one.set_xticks([])
        one.set_yticks([])
    return figure


def describe_overlap(lit: Lit, scene: ConceptScene, concept: int, unit: Unit) -> str:
    """Say what :func:`draw_overlap` shows."""
    mask = scene.mask(concept)
    return (
        f"The scene where {unit} is lit, the scene where {CONCEPTS[concept].words} lie, and both "
        f"on a grid of 56 by 56 places: {int((mask & lit.places).sum())} places are both, "
        f"{int((mask & ~lit.places).sum())} only {CONCEPTS[concept].name}, "
        f"{int((lit.places & ~mask).sum())} only lit; intersection over union is "
        f"{intersection_over_union(lit.places, mask):.2f}."
    )


def describe_unit(unit: Unit, iou: np.ndarray, share: float, least: float) -> str:
    """Say what a unit stands for; ``iou`` (K,) holds its overlap with every concept."""
    best, second = (int(c) for c in np.argsort(-iou)[:2])
    label = CONCEPTS[best].words
    verdict = (
        f"above the limit of {least:g}, so it counts as a detector"
        if iou[best] > least
        else f"not above the limit of {least:g}, too little for a detector"
    )
    return (
        f"Unit {unit}, lit in the top {percent(share, 1)} of all places: IoU {iou[best]:.3f} with "
        f"{label}, {verdict}; next comes {CONCEPTS[second].words} with {iou[second]:.3f}."
    )


# --- census ----------------------------------------------------------------------------------


def describe_census(trained: Census, untrained: Census) -> str:
    """Compare the detectors of a trained and of an untrained network."""
    of_things, without = trained.detectors[:, 0], untrained.detectors[:, 0]
    last = len(LAYERS) - 1
    colours = trained.detectors[0, 1]
    return (
        f"Trained, {list(LAYERS)[last]} has {_detectors(of_things[last])} of things among "
        f"{list(LAYERS.values())[last]} units; untrained it has {without[last]}. conv1 has "
        f"{_detectors(colours)} of colours. In all layers: {_detectors(trained.detectors.sum())} "
        f"trained, {untrained.detectors.sum():,} untrained."
    )


def _detectors(count: int) -> str:
    return f"{count:,} {'detector' if count == 1 else 'detectors'}"


def describe_shares(census: Census, name: str) -> str:
    """Say what one of the two census plots shows."""
    rows = [
        f"{layer} {', '.join(f'{k} {percent(s)}' for k, s in zip(KINDS, row, strict=True))}"
        for layer, row in zip(LAYERS, census.shares, strict=True)
    ]
    return f"Share of detectors among the units of each layer, {name}: {'; '.join(rows)}."


def draw_confused_unit(
    lit: Sequence[Lit], iou: np.ndarray, unit: Unit, weights: np.ndarray, most: int = 5
) -> Figure:
    """Draw a conv1 unit whose label misleads: its kernel, its scenes, its overlaps.

    ``weights`` (3, 3, 3) in RGB, scaled around grey by its own largest magnitude.
    """
    figure = new_figure(9.2, 2.7)
    axes = figure.subplots(1, 3, width_ratios=[0.7, 2.6, 1.7])
    axes[0].imshow(0.5 + 0.5 * weights / (np.abs(weights).max() or 1.0))
    axes[0].set_title("its kernel")
    axes[1].imshow(lit_tiles(lit, columns=len(lit)))
    axes[1].set_title(f"where {unit} lights up")
    best = np.argsort(-iou)[:most][::-1]
    axes[2].barh([CONCEPTS[c].words for c in best], iou[best], color=OKABE_ITO[0])
    for row, concept in enumerate(best):
        axes[2].text(iou[concept], row, f" {iou[concept]:.2f}", va="center", color=_INK)
    axes[2].set_xlim(0, 1.25 * max(0.05, float(iou.max())))
    axes[2].set_xticks([])
    axes[2].spines["bottom"].set_visible(False)
    axes[2].set_title("IoU")
    for one in axes[:2]:
        one.axis("off")
    return figure


def describe_confused_unit(
    lit: Sequence[Lit], iou: np.ndarray, unit: Unit, weights: np.ndarray, most: int = 5
) -> str:
    """Say what :func:`draw_confused_unit` shows."""
    red, green, blue = weights.mean(axis=(0, 1))
    best = ", ".join(f"{CONCEPTS[c].words} {iou[c]:.2f}" for c in np.argsort(-iou)[:most])
    return (
        f"The 3 by 3 kernel of {unit} weighs red {signed(red)}, green {signed(green)}, "
        f"blue {signed(blue)} on average. {describe_lit(lit)} Its overlaps are: {best}."
    )


# --- ablation --------------------------------------------------------------------------------


def draw_accuracy(before: ClassAccuracy) -> Figure:
    """Draw the accuracy of each class with its 95 % interval."""
    return _draw_accuracies([(before, OKABE_ITO[0], "o", "all units on")])


def draw_labelled_or_needed(result: LabelledOrNeeded) -> Figure:
    """Draw each class's accuracy with all units, without its detectors, without what it needs."""
    return _draw_accuracies(
        [
            (result.before, "#57606a", "o", "all units on"),
            (result.labelled, OKABE_ITO[0], "s", f"its {result.count} best detectors off"),
            (result.needed, OKABE_ITO[1], "D", f"the {result.count} it needs most off"),
        ]
    )


def describe_labelled_or_needed(result: LabelledOrNeeded) -> str:
    """Say what :func:`draw_labelled_or_needed` shows."""
    parts = [
        f"{name} {result.before.right[k]}, {result.labelled.right[k]} and "
        f"{result.needed.right[k]} of {result.before.count[k]}"
        for k, name in enumerate(CLASSES)
    ]
    return (
        f"Held-out originals named rightly with all units, without the {result.count} best "
        f"detectors of the class, and without the {result.count} units it needs most: "
        f"{'; '.join(parts)}. The means are {percent(result.before.balanced)}, "
        f"{percent(result.labelled.balanced)} and {percent(result.needed.balanced)}; the two "
        f"groups share {result.common.mean():.1f} units on average."
    )


def _draw_accuracies(shown: Sequence[tuple[ClassAccuracy, str, str, str]]) -> Figure:
    figure = new_figure(8.6, 3.6 + 0.5 * len(shown))
    axes = figure.subplots()
    rows = np.arange(len(CLASSES))
    for number, (accuracy, colour, marker, label) in enumerate(shown):
        place = rows + 0.26 * (number - (len(shown) - 1) / 2)
        low, high = np.array([accuracy.interval(k) for k in rows]).T
        axes.hlines(place, low, high, color=colour, linewidth=2.5, alpha=0.4)
        axes.plot(accuracy.share, place, marker, color=colour, label=label, markersize=6)
    count = shown[0][0].count
    axes.set_yticks(rows, [f"{n} ({c})" for n, c in zip(CLASSES, count, strict=True)])
    axes.invert_yaxis()
    axes.set_xlim(-0.02, 1.02)
    axes.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.set_xlabel("held-out originals named rightly, with 95 % intervals")
    axes.grid(axis="x", color="#e5e7eb")
    if len(shown) > 1:
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, frameon=False)
    return figure


def describe_accuracy(
    before: ClassAccuracy, after: ClassAccuracy | None = None, count: int = 0
) -> str:
    """Say what :func:`draw_accuracy` shows."""
    parts = []
    for k, name in enumerate(CLASSES):
        low, high = before.interval(k)
        now = "" if after is None else f", with {count} units off {after.right[k]}"
        parts.append(
            f"{name} {before.right[k]} of {before.count[k]} (95 % interval {percent(low)} to "
            f"{percent(high)}){now}"
        )
    return "Held-out originals named rightly: " + "; ".join(parts) + "."


def describe_ablation(
    name: str, before: ClassAccuracy, after: ClassAccuracy, count: int, own: str = ""
) -> str:
    """Say what switching units off did to one class and to the others."""
    k = CLASSES.index(name)
    rest = [i for i in range(len(CLASSES)) if i != k]
    low, high = after.interval(k)
    units = "1 unit" if count == 1 else f"{count} units"
    return (
        f"With {units} of 512 off, {name} are named rightly {after.right[k]} of "
        f"{after.count[k]} times (before: {before.right[k]}; 95 % interval now {percent(low)} to "
        f"{percent(high)}); the other classes go from {percent(before.share[rest].mean())} to "
        f"{percent(after.share[rest].mean())} on average.{own}"
    )


def kernel_of(weight: np.ndarray, unit: Unit) -> np.ndarray:
    """Return a conv1 kernel as (3, 3, 3) in RGB from the network's weights (64, 3, 3, 3) in BGR."""
    if unit.layer != "conv1":
        raise ValueError(f"Only conv1's kernels look at colours; {unit} is deeper.")
    unit_index(unit)
    return weight[unit.number, ::-1].transpose(1, 2, 0)
