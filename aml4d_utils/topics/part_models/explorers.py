"""The explorers of part models: controls and wiring, no mathematics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import ipywidgets
import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.part_models import figures
from aml4d_utils.topics.part_models.deforming import (
    AMOUNTS,
    EDGES,
    Deformation,
    DeformedFace,
    score_curve,
    score_deformed,
)
from aml4d_utils.topics.part_models.distance_transform import EnvelopeScan, upper_envelope
from aml4d_utils.topics.part_models.part_model import CELL, PartModel
from aml4d_utils.topics.part_models.part_search import FaceView, view_in_photo, view_of_patch
from aml4d_utils.topics.part_models.part_training import (
    FIRST_PARTS,
    TrainingStep,
    trained_part_model,
)
from aml4d_utils.topics.part_models.placing import Moves, Placed, centre_of, dragged, place_parts
from aml4d_utils.widgets import Axis, Explorer, Picture, Plot, Series, choice, slider, toggle

PART_NAMES = tuple(name for name, _, _ in FIRST_PARTS)
_FACES = 8
_OWN = "your own photo"
FACE_NAMES = (*(f"held-out face {n + 1}" for n in range(_FACES)), "astronaut", _OWN)


# --- drag the parts ----------------------------------------------------------------------------


@dataclass
class PartState:
    """Which face and part are looked at, how stiff the springs are, and where the parts lie."""

    face: str = choice(FACE_NAMES[2], FACE_NAMES, label="Face")
    part: str = choice("mouth", PART_NAMES, label="Part")
    stiffness: float = slider(1, low=0.1, high=5, step=0.1, label="Stiffness of springs", unit="×")
    snapped: bool = toggle(True, label="Snap all parts to their best places")
    moves: Moves = ((0, 0),) * len(PART_NAMES)


def part_explorer(model: PartModel | None = None, photo: np.ndarray | None = None) -> Explorer:
    """Drag the parts of a face and watch match minus spring cost, part by part and together.

    Parameters
    ----------
    model : PartModel, optional
        By default the one that `trained_part_model` trains once in this kernel.
    photo : ndarray (H, W, 3), optional
        By default the student's own photo; the window of it that looks most like a face is shown.

    Notes
    -----
    For a lesson. A prediction that fits: "You drag the mouth one cell away from its best place.
    Does the score always fall?"; answered live by
    ``explorer.set(moves=…, snapped=False)`` and ``explorer.result.scored.total`` against
    ``explorer.result.best.total`` (never more than the best). Another: "Springs five times as
    stiff: does this face still count as one?", from ``place_parts(model, view, "mouth",
    stiffness=5).scored.total``.

    Experiment 1: drag the mouth onto an eye, read match and cost in the table, then tick *Snap*
    and see it jump back; the black ring in *match − cost* shows why. Experiment 2: choose the
    nose, set the stiffness to 0.1 and look at *best per anchor*: soft springs spread every match
    over the whole map, so that parts wander; at 5 the last map looks like the first one. Then
    choose your own photo: what looks most like a face in a photo without one.
    """
    model = trained_part_model().model if model is None else model
    views = _views(model, photo)
    face = Picture("face: drag a part", 290, interactive=True, step=CELL)
    table = ipywidgets.HTML()
    table.add_class("aml4d")
    maps = {
        "match": Picture("match", 146),
        "cost": Picture("spring cost", 146),
        "score": Picture("match − cost", 146),
        "transform": Picture("best per anchor", 146),
    }

    def compute(state: PartState) -> Placed:
        moves = None if state.snapped else state.moves
        return place_parts(model, views[state.face], state.part, moves, state.stiffness)

    def draw(placed: Placed) -> None:
        middle = centre_of(placed.looked_at, placed.places[placed.part])
        face.cursor = [int(at) for at in middle]
        face.show(
            placed.view.picture,
            f"{placed.view.name}. {figures.describe_placed(placed)} The arrow keys move the part.",
            overlays=figures.part_overlays(placed),
        )
        table.value = figures.score_table(placed)
        _draw_maps(maps, placed)

    explorer = Explorer(
        PartState(),
        compute,
        draw,
        title="Parts on springs",
        purpose="Drag a part, or use the arrow keys. A dashed line is a stretched spring.",
        stage=[face, table, *maps.values()],
        describe=figures.describe_placed,
    )

    def move(row: int, col: int) -> None:
        part, moves = dragged(explorer.result, row, col, face.action == "press")
        explorer.set(part=part, moves=moves, snapped=False)

    face.on_cursor(move)
    return explorer


def _views(model: PartModel, photo: np.ndarray | None) -> dict[str, FaceView]:
    own = images.photo_or_own(photo)
    names = dict.fromkeys(FACE_NAMES)
    for name, patch in zip(FACE_NAMES, images.faces().test_faces, strict=False):
        if name not in ("astronaut", _OWN):
            names[name] = view_of_patch(patch, f"A {name}")
    names["astronaut"] = view_in_photo(model, images.photo("astronaut"), "The astronaut's face")
    names[_OWN] = view_in_photo(model, own, "What looks most like a face in your own photo")
    return names


def _draw_maps(maps: dict[str, Picture], placed: Placed) -> None:
    part, number = placed.looked_at, placed.part
    here, anchor = placed.places[number], placed.anchors[number]
    limit = figures.map_limit(placed)
    values: dict[str, tuple[np.ndarray, bool, list[dict[str, Any]]]] = {
        "match": (placed.matches, True, [figures.ring_on_map(part, here, 3, 6)]),
        "cost": (placed.costs, False, [figures.ring_on_map(part, here, 3, 6)]),
        "score": (
            placed.matches - placed.costs,
            True,
            [
                figures.ring_on_map(part, placed.best_places[number], 7, 10),
                figures.ring_on_map(part, here, 3, 6),
            ],
        ),
        "transform": (placed.transformed, True, [figures.ring_on_map(part, anchor, 7, 10)]),
    }
    words = figures.describe_maps(placed)
    for name, (numbers, is_signed, rings) in values.items():
        rgb, bar = figures.map_on_face(numbers, part, placed.view.picture, limit, is_signed)
        maps[name].show(rgb, words[name], overlays=rings, colour_bar=bar)


# --- deform the face ---------------------------------------------------------------------------

_CURVES = {
    "mouth": "moving the mouth",
    "shift": "moving the face",
    "turn": "turning it",
    "cover": "covering it",
}


@dataclass
class DeformState:
    """What is done to which face, and along which of it the scores are drawn."""

    face: str = choice(FACE_NAMES[2], FACE_NAMES[:_FACES], label="Face")
    mouth: int = slider(0, low=-16, high=16, label="Mouth down", unit="%")
    shift: int = slider(0, low=-20, high=20, label="Face right", unit="%")
    turn: int = slider(0, low=-48, high=48, label="Turn", unit="°")
    cover: int = slider(0, low=0, high=70, label="Cover", unit="%")
    curve: str = choice("turning it", tuple(_CURVES.values()), label="Curve of")
    edge: str = choice("below", EDGES, label="Cover from", advanced=True)


@dataclass(frozen=True)
class Bent:
    """A face before and after, and both scores along one kind of deformation."""

    before: DeformedFace
    after: DeformedFace
    kind: str
    curve: np.ndarray


def deform_explorer(trained: TrainingStep | None = None) -> Explorer:
    """Deform a held-out face and compare the root alone with root and parts.

    Parameters
    ----------
    trained : TrainingStep, optional
        By default what `trained_part_model` trains once in this kernel.

    Notes
    -----
    For a lesson. A prediction that fits: "The mouth slides down by 12 % of the face. Which model
    loses more of its score?", answered live by ``score_deformed(trained, face, Deformation(
    mouth=12))`` against ``Deformation()``. For many faces at once there is ``sweep``.

    Experiment 1: move the mouth from −16 to 16 % and watch its box follow; then compare what each
    score loses. On these frontal faces the root alone loses hardly more, which is the honest
    surprise. Experiment 2: turn the face until both curves cross 0. No box turns with the face:
    springs only shift parts, so both give up at nearly the same angle. Then move the whole face
    right by 10 %: here the parts help, and that is why the part model finds more faces in whole
    photos, where no window lies exactly on a face.
    """
    trained = trained_part_model() if trained is None else trained
    patches = dict(zip(FACE_NAMES, images.faces().test_faces[:_FACES], strict=False))
    before, after = Picture(display_width=300), Picture(display_width=300)
    plot = Plot("score; above 0 means: a face", display_width=640)
    drawn: dict[tuple[Any, ...], np.ndarray] = {}

    def compute(state: DeformState) -> Bent:
        kind = next(kind for kind, words in _CURVES.items() if words == state.curve)
        done = Deformation(state.mouth, state.shift, state.turn, state.cover, state.edge)
        face = patches[state.face]
        key = (state.face, kind, replace(done, **{kind: 0.0}))
        if key not in drawn:
            drawn.clear()
            drawn[key] = score_curve(trained, face, done, kind)
        return Bent(
            score_deformed(trained, face, Deformation()),
            score_deformed(trained, face, done),
            kind,
            drawn[key],
        )

    def draw(bent: Bent) -> None:
        pictures = ((before, "before", bent.before), (after, "after", bent.after))
        for picture, word, deformed in pictures:
            picture.heading = f"{word}: {figures.scores_in_short(deformed)}"
            overlays = figures.deformed_overlays(deformed, trained.model)
            words = figures.describe_deformed(deformed)
            picture.show(deformed.picture, f"A held-out face. {words}", overlays=overlays)
        amounts = AMOUNTS[bent.kind]
        here = (bent.after.root_only, bent.after.with_parts)
        low, high = min(-1.0, *here, bent.curve.min()), max(1.0, *here, bent.curve.max())
        plot.curves(
            [
                Series(amounts, bent.curve[:, 1], "with parts"),
                Series(amounts, bent.curve[:, 0], "root only"),
                Series((amounts[0], amounts[-1]), (0, 0), "face above"),
            ],
            Axis(figures.SWEEP_AXES[bent.kind], amounts[0], amounts[-1]),
            Axis("", float(low), float(high)),
            f"{figures.describe_curves(bent.kind, amounts, bent.curve)} "
            f"{figures.describe_deformed(bent.after)}",
            marker=(getattr(bent.after.deformation, bent.kind), bent.after.with_parts),
            height=190,
        )

    return Explorer(
        DeformState(),
        compute,
        draw,
        title="How much can a face bend?",
        purpose="Both models look at the same window. Only one has parts that can follow.",
        stage=[before, after, plot],
        describe=lambda bent: figures.describe_bent(bent.before, bent.after),
    )


# --- one line of the distance transform --------------------------------------------------------


_LINE = 13
"""Places of the widest part, the mouth, in a row of a held-out face."""


@dataclass
class EnvelopeState:
    """Which line is looked at, how stiff the spring is, and how far the pass has come."""

    part: str = choice("nose", PART_NAMES, label="Part")
    stiffness: float = slider(0.6, low=0.1, high=5, step=0.1, label="Stiffness of spring", unit="×")
    seen: int = slider(9, low=1, high=_LINE, label="Places seen")


def envelope_explorer(model: PartModel | None = None) -> Explorer:
    """Follow the distance transform along one line, parabola by parabola.

    Parameters
    ----------
    model : PartModel, optional
        By default the one that `trained_part_model` trains once in this kernel.

    Notes
    -----
    For a lesson. The line is the row of the part's map of matches, in held-out face 3, that goes
    through its best place. A prediction that fits: "13 places put up 13 parabolas. How many of
    them are anywhere the highest?", answered live by
    ``len(upper_envelope(matches, spring).tops)``.

    Experiment 1: begin with one place and add one at a time; say before each step whether the new
    parabola hides an old one. Experiment 2: with all places seen, make the spring stiff (5): each
    place keeps its own parabola; make it soft (0.1): a few high ones hide all others.
    """
    model = trained_part_model().model if model is None else model
    view = view_of_patch(images.faces().test_faces[2], "A held-out face")
    plot = Plot("match − cost, along one row of the map", display_width=650)

    def compute(state: EnvelopeState) -> EnvelopeScan:
        placed = place_parts(model, view, state.part)
        row = placed.best_places[placed.part][0]
        spring = placed.looked_at.across.times(state.stiffness)
        matches = placed.matches[row, :_LINE]
        return EnvelopeScan(matches, spring, state.seen)

    def draw(scan: EnvelopeScan) -> None:
        across, values, newest = figures.scan_curves(scan)
        everything = figures.envelope_curve(
            scan.matches, scan.spring, upper_envelope(scan.matches, scan.spring)
        )[1]
        low, high = figures.envelope_limits(scan.matches, everything)
        shown = newest >= low
        kept = values >= low
        plot.curves(
            [
                *(Series(*line, kind="faint") for line in figures.earlier_parabolas(scan, low)),
                Series(across[kept], values[kept], "envelope"),
                Series(np.arange(len(scan.matches)), scan.matches, "match", kind="points"),
                Series(across[shown], newest[shown], "newest"),
            ],
            Axis("place of the anchor, cells", -0.5, len(scan.matches) - 0.5),
            Axis("", low, high),
            figures.describe_scan(scan),
            marker=(scan.seen - 1, float(scan.matches[scan.seen - 1])),
            height=380,
        )

    return Explorer(
        EnvelopeState(),
        compute,
        draw,
        title="Parabola after parabola",
        purpose="Each place puts up a parabola: its match, minus the spring's cost.",
        stage=[plot],
        describe=figures.describe_scan,
    )
