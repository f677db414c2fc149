"""The explorers of lesson 08: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import ipywidgets
import numpy as np
import torch

from aml4d_utils import images, nets
from aml4d_utils.nets.squeezenet_layers import NAME, SIDE
from aml4d_utils.topics.visualisation import figures, maximisation, shaking
from aml4d_utils.topics.visualisation.collection import collection, two_animals
from aml4d_utils.topics.visualisation.grad_cam import ClassMap, grad_cam
from aml4d_utils.topics.visualisation.image_parameters import parameterise
from aml4d_utils.topics.visualisation.maximisation import DrawingStep, unit_objective
from aml4d_utils.topics.visualisation.occlusion import FILLS, Occlusion, fill_colour, occlude
from aml4d_utils.topics.visualisation.passing import ANSWER, RULES
from aml4d_utils.topics.visualisation.projection import (
    LAYERS,
    UNITS,
    Looking,
    Projection,
    as_picture,
)
from aml4d_utils.topics.visualisation.top_patches import (
    BEST,
    TILES,
    TopPatches,
    favourite_patches,
    first_patch,
    unit_of_tile,
)
from aml4d_utils.widgets import Axis, Bar, Explorer, Picture, Plot, Series, choice, slider, toggle
from aml4d_utils.widgets.picture import box, point, text

__all__ = ["drawing_explorer", "evidence_explorer", "projection_explorer", "unit_browser"]

RANKS = 9
"""Units that the browser offers in each layer: every one of 64, every second of 128 and so on."""

_COLUMNS = 16
_TILE, _GAP = 37, 3
_LONGEST_NAME = 24
"""Letters of a student's own name for a unit; more do not fit above the patches."""


# --- projection ------------------------------------------------------------------------------


@dataclass
class ProjectionState:
    """Where in the photo one asks, which unit, and by which rule its answer goes back."""

    rule: str = choice("deconvnet", tuple(RULES), label="Way back through a ReLU")
    layer: str = choice("fire7", LAYERS, label="Layer shown large")
    rank: int = slider(1, low=1, high=RANKS, label="Unit: its rank at this place")
    row: int = slider(78, low=0, high=SIDE - 1, label="Place, row")
    col: int = slider(73, low=0, high=SIDE - 1, label="Place, column")


@dataclass(frozen=True)
class _Columns:
    """One projection for each layer, at one place of the photo."""

    place: tuple[int, int]
    rank: int
    large: Projection
    columns: tuple[Projection, ...]


def projection_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Click a photo: the strongest units there, in five layers, send their answers back.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    net = nets.load(NAME)
    looking = Looking(net, images.photo_or_own(photo))
    picture = Picture("photo: click a place", display_width=250, interactive=True)
    large = Picture("sent back", display_width=250)
    strip = Picture("five layers at this place; below, what each sends back", display_width=540)

    def compute(state: ProjectionState) -> _Columns:
        columns = []
        for layer in LAYERS:
            spots = looking.spots_at_pixel(layer, state.row, state.col, RANKS)
            there = len(spots) >= state.rank
            silent = looking.silent_spot(layer, state.row, state.col)
            spot = spots[state.rank - 1] if there else silent
            columns.append(looking.project(spot, state.rule))
        chosen = columns[LAYERS.index(state.layer)]
        return _Columns((state.row, state.col), state.rank, chosen, tuple(columns))

    def draw(result: _Columns) -> None:
        words = describe(result)
        overlays = [
            box(*np.clip(p.spot.window, 0, SIDE).tolist(), colour=k)
            for k, p in enumerate(result.columns)
        ]
        picture.cursor = list(result.place)
        picture.show(
            looking.view,
            f"The photo with a place at row {result.place[0]}, column {result.place[1]}. Five "
            "boxes around it show where the five layers look. The arrow keys move the place.",
            overlays=[*overlays, point(*result.place, colour=3)],
        )
        shown = result.large
        large.heading = f"{shown.rule}: {shown.spot.layer}, unit {shown.spot.unit}"
        large.show(figures.enlarged(as_picture(shown.signal), 250), words)
        parts = "; ".join(
            f"{p.spot.layer} unit {p.spot.unit} answers {p.spot.value:.0f}" for p in result.columns
        )
        strip.show(
            figures.layer_strip(result.columns),
            f"Five columns: what each layer looks at, and below it what {shown.rule} sends back: "
            f"{parts}.",
            overlays=[
                text(
                    figures.STRIP_SIDE - 6,
                    k * (figures.STRIP_SIDE + figures.STRIP_GAP) + 6,
                    name,
                    k,
                )
                for k, name in enumerate(LAYERS)
            ],
        )

    def describe(result: _Columns) -> str:
        return figures.describe_projection(result.large, result.rank, result.place)

    explorer = Explorer(
        ProjectionState(),
        compute,
        draw,
        title="Send an answer back",
        purpose="The unit that answers most at your place tells what made it answer.",
        stage=[picture, large, strip],
        describe=describe,
    )
    picture.on_cursor(lambda row, col: explorer.set(row=row, col=col))
    return explorer


# --- units and their favourites --------------------------------------------------------------


@dataclass
class BrowserState:
    """Which unit is shown."""

    layer: str = choice("fire5", LAYERS, label="Layer")
    tile: int = slider(43, low=1, high=TILES, label="Tile")
    rule: str = choice("guided", tuple(RULES), label="Way back through a ReLU")


@dataclass(frozen=True)
class _Browsed:
    """A unit's favourites, the sheet that it was chosen from, and what the student calls it."""

    tile: int
    found: TopPatches
    sheet: np.ndarray
    name: str

    @property
    def fraction(self) -> float:
        return self.found.fraction


def unit_browser() -> Explorer:
    """Browse units by the patch that they like most, and give them names of your own."""
    net = nets.load(NAME)
    sheets: dict[str, np.ndarray] = {}
    names: dict[tuple[str, int], str] = {}
    naming = ipywidgets.Text(
        description="Your name for it",
        placeholder="type, then Enter",
        continuous_update=False,
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(
            flex_flow="column",
            align_items="flex-start",
            width="auto",
            height="auto",
            margin="0",
        ),
    )
    patches = Picture("nine favourite patches", display_width=300)
    sent = Picture("what goes back to them", display_width=300)
    sheet = Picture(
        "64 units, each by the patch it likes most: click one",
        display_width=616,
        interactive=True,
        step=_TILE + _GAP,
    )

    def compute(state: BrowserState) -> Iterator[_Browsed]:
        if state.layer not in sheets:
            sheets[state.layer] = _sheet(net, state.layer)
        unit = unit_of_tile(state.layer, state.tile)
        for found in favourite_patches(net, state.layer, unit, state.rule):
            yield _Browsed(
                state.tile, found, sheets[state.layer], names.get((state.layer, unit), "")
            )

    def draw(result: _Browsed) -> None:
        found, words = result.found, figures.describe_favourites(result.found, result.name)
        naming.value = result.name
        unit = f"unit {found.unit} of {found.layer}"
        patches.heading = f"“{result.name}”: {unit}" if result.name else "nine favourite patches"
        patches.show(figures.patch_sheet(found.patches, BEST, 3, 102, 2), f"Patches. {words}")
        signals = [as_picture(p.signal) for p in found.projections]
        sent.show(figures.patch_sheet(signals, BEST, 3, 102, 2), f"Sent back. {words}")
        row, col = divmod(result.tile - 1, _COLUMNS)
        top, left = (place * (_TILE + _GAP) for place in (row, col))
        sheet.cursor = [top + _TILE // 2, left + _TILE // 2]
        sheet.show(
            result.sheet,
            f"64 of the {UNITS[found.layer]} units of {found.layer}, each by the patch it likes "
            f"most; tile {result.tile}, unit {found.unit}, is chosen.",
            overlays=[box(left, top, left + _TILE, top + _TILE, colour=3)],
        )

    explorer = Explorer(
        BrowserState(),
        compute,
        draw,
        title="What do units like?",
        purpose=f"Each tile is a unit. Its patches come from {len(collection())} pictures, no "
        "original twice.",
        stage=[patches, sent, sheet],
        describe=lambda result: figures.describe_favourites(result.found, result.name),
        origin="precomputed",
        beside=[naming],
    )

    def call(change: dict[str, str]) -> None:
        state = explorer.state
        unit = (state.layer, unit_of_tile(state.layer, state.tile))
        name = change["new"].strip()[:_LONGEST_NAME]
        if name != names.get(unit, ""):
            names[unit] = name
            explorer.refresh()

    naming.observe(call, "value")

    def choose(row: int, col: int) -> None:
        place = (row // (_TILE + _GAP), col // (_TILE + _GAP))
        explorer.follow(tile=place[0] * _COLUMNS + place[1] + 1)

    sheet.on_cursor(choose)
    return explorer


def _sheet(net: torch.nn.Module, layer: str) -> np.ndarray:
    best = [first_patch(net, layer, unit_of_tile(layer, tile + 1)) for tile in range(TILES)]
    return figures.patch_sheet(best, TILES, _COLUMNS, _TILE, _GAP)


# --- evidence --------------------------------------------------------------------------------

_GUESSES = ("1st guess", "2nd guess", "3rd guess", "4th guess", "5th guess")
_OWN, _SCENE = "your photo", "hen and ferret"


@dataclass
class EvidenceState:
    """Which class in which picture is looked into, and what hides."""

    picture: str = choice(_OWN, (_OWN, "motorcycle", _SCENE), label="Picture")
    guess: str = choice(_GUESSES[0], _GUESSES, label="Class")
    patch: int = slider(47, low=23, high=95, step=12, label="Patch", unit="px")
    fill: str = choice(FILLS[0], FILLS, label="Hide with")
    place: tuple[int, int] | None = None


@dataclass(frozen=True)
class _Evidence:
    """Occlusion and Grad-CAM for one class of one picture."""

    occlusion: Occlusion
    cam: ClassMap
    index: int
    names: tuple[str, ...]
    fill: str
    place: tuple[int, int]

    @property
    def fraction(self) -> float:
        return self.occlusion.fraction


def evidence_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Hide parts of a photo, and see Grad-CAM beside it, for one class.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    net = nets.load(NAME)
    own = images.photo_or_own(photo)
    looks: dict[str, Looking] = {_OWN: Looking(net, own)}
    done: dict[tuple, Occlusion] = {}
    view = Picture("photo: move the patch", display_width=200, interactive=True)
    drops = Picture("points lost if hidden", display_width=200)
    cam = Picture("Grad-CAM", display_width=200)
    bars = Plot("its answer with the patch (line: without)", display_width=616)

    def look(name: str) -> Looking:
        if name not in looks:
            looks[name] = Looking(net, images.photo(name) if name != _SCENE else two_animals())
        return looks[name]

    def compute(state: EvidenceState) -> Iterator[_Evidence]:
        looking = look(state.picture)
        answer = looking.trace.maps(ANSWER).flatten()
        classes = answer.topk(len(_GUESSES)).indices.cpu().numpy()
        names = tuple(nets.labels(NAME)[k] for k in classes)
        index = _GUESSES.index(state.guess)
        fine = grad_cam(looking.trace, int(classes[index]))
        key = (state.picture, state.patch, state.fill)
        if key in done:
            yield _Evidence(
                done[key], fine, index, names, state.fill, _place(done[key], index, state)
            )
            return
        for found in occlude(net, looking.view, classes, state.patch, state.fill):
            if found.fraction == 1:
                done[key] = found
            yield _Evidence(found, fine, index, names, state.fill, _place(found, index, state))

    def draw(result: _Evidence) -> None:
        found, name = result.occlusion, result.names[result.index]
        row, col = result.place
        top, left = found.starts[row], found.starts[col]
        hidden = found.view.copy()
        colour = fill_colour(found.view, result.fill)
        hidden[top : top + found.patch, left : left + found.patch] = colour
        words = describe(result)
        view.cursor = [int(top + found.patch // 2), int(left + found.patch // 2)]
        frame = box(left, top, left + found.patch, top + found.patch, colour=3)
        view.show(
            hidden,
            f"The photo with a patch at row {view.cursor[0]}, column {view.cursor[1]}. "
            "The arrow keys move it.",
            overlays=[frame],
        )
        picture, limit = figures.occlusion_picture(found, result.index)
        drops.show(
            picture,
            f"Occlusion map. {words}",
            overlays=[frame],
            colour_bar=figures.signed_bar(limit),
        )
        cam.show(
            figures.class_map_picture(found.view, result.cam.fine),
            f"Grad-CAM for {name}: from 0 to {result.cam.fine.max():.2f}.",
            overlays=[frame],
            colour_bar=figures.magnitude_bar(float(result.cam.fine.max())),
        )
        _draw_answers(bars, result)

    def describe(result: _Evidence) -> str:
        return figures.describe_occlusion(
            result.occlusion, result.index, result.names[result.index], result.place
        )

    explorer = Explorer(
        EvidenceState(),
        compute,
        draw,
        title="What is the answer based on?",
        purpose="A patch hides one place after the other: 169 answers.",
        stage=[view, drops, cam, bars],
        describe=describe,
        words=lambda result: {"guess": _named(result.names)},
    )

    def move(row: int, col: int) -> None:
        explorer.follow(place=(row, col))

    view.on_cursor(move)
    return explorer


def _named(names: tuple[str, ...]) -> dict[str, str]:
    """Return what each guess is called: its number and its class."""
    pairs = zip(_GUESSES, names, strict=True)
    return {guess: f"{n}. {figures.short(name, 24)}" for n, (guess, name) in enumerate(pairs, 1)}


def _place(found: Occlusion, index: int, state: EvidenceState) -> tuple[int, int]:
    """Return the place of the patch: where it was moved to, else where it hurts most."""
    if state.place is not None:
        return found.place_at(*state.place)
    return found.worst_place(index)


def _draw_answers(plot: Plot, result: _Evidence) -> None:
    row, col = result.place
    now, before = result.occlusion.chances[row, col], result.occlusion.whole
    now = np.where(np.isnan(now), before, now)
    words = "; ".join(
        f"{name} {figures.percent(new, 1)}, without the patch {figures.percent(old, 1)}"
        for name, new, old in zip(result.names, now, before, strict=True)
    )
    found = [
        Bar(figures.short(name), float(new), float(old), strong=k == result.index)
        for k, (name, new, old) in enumerate(zip(result.names, now, before, strict=True))
    ]
    plot.bars(found, f"Bars of probability: {words}.", high=1.0, percent=True)


# --- drawing ---------------------------------------------------------------------------------


@dataclass
class DrawingState:
    """What is to be drawn, and with which of the three parts."""

    layer: str = choice("fire7", LAYERS, label="Layer")
    tile: int = slider(22, low=1, high=TILES, label="Tile")
    waves: bool = toggle(True, label="Waves instead of pixels")
    colours: bool = toggle(True, label="Colours as in photos")
    shake: bool = toggle(True, label="Shake before each look")
    steps: int = slider(96, low=32, high=256, step=32, label="Steps")


@dataclass(frozen=True)
class _Drawn:
    """A drawing so far, and the favourites of the same unit, also as a sheet."""

    state: DrawingState
    unit: int
    step: DrawingStep
    favourites: TopPatches
    sheet: np.ndarray

    @property
    def fraction(self) -> float:
        return self.step.fraction


def drawing_explorer() -> Explorer:
    """Draw what a unit likes, from noise, and take away each of the three parts that it needs."""
    net = nets.load(NAME)
    picture = Picture("drawn from noise", display_width=300)
    patches = Picture("favourite patches (precomputed)", display_width=300)
    plot = Plot("the unit's mean answer", display_width=616)

    def compute(state: DrawingState) -> Iterator[_Drawn]:
        unit = unit_of_tile(state.layer, state.tile)
        favourites = next(favourite_patches(net, state.layer, unit))
        sheet = figures.patch_sheet(favourites.patches, BEST, 3, 102, 2)
        generator = torch.Generator().manual_seed(0)
        numbers = parameterise(
            maximisation.SIDE,
            waves=state.waves,
            natural_colours=state.colours,
            generator=generator,
            device=next(net.parameters()).device,
        )
        steps = maximisation.draw(
            unit_objective(net, state.layer, unit),
            numbers,
            shaking.in_turn(shaking.ROBUST if state.shake else ()),
            generator=generator,
            steps=state.steps,
        )
        for step in steps:
            yield _Drawn(replace(state), unit, step, favourites, sheet)

    def draw(result: _Drawn) -> None:
        words = describe(result)
        picture.show(images.resize(result.step.picture, 310, 310), words)
        patches.show(result.sheet, f"Patches. {figures.describe_favourites(result.favourites)}")
        scores = result.step.scores
        counts = np.arange(1, len(scores) + 1)
        low, high = min(0.0, float(scores.min())), max(1.0, float(scores.max()))
        plot.curves(
            [Series(counts, scores)],
            Axis("steps", 0, result.state.steps),
            Axis("", low, high),
            f"The answer over the steps. {words}",
            height=170,
        )

    def describe(result: _Drawn) -> str:
        return figures.describe_drawing(result.step, f"unit {result.unit} of {result.state.layer}")

    return Explorer(
        DrawingState(),
        compute,
        draw,
        title="Draw what a unit likes",
        purpose="Start with grey noise. Change it so that the unit answers more, step by step.",
        stage=[picture, patches, plot],
        describe=describe,
        remember=True,
    )
