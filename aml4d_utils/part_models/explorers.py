"""The explorers of part models: controls and wiring, no mathematics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ipywidgets
import numpy as np

from aml4d_utils import images
from aml4d_utils.lesson import Explorer, Picture, choice, slider, toggle
from aml4d_utils.part_models import figures
from aml4d_utils.part_models.part_model import CELL, PartModel
from aml4d_utils.part_models.part_search import FaceView, view_in_photo, view_of_patch
from aml4d_utils.part_models.part_training import FIRST_PARTS, trained_part_model
from aml4d_utils.part_models.placing import Moves, Placed, centre_of, dragged, place_parts

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
    face = Picture("face: drag a part", 320, interactive=True, step=CELL)
    table = ipywidgets.HTML()
    table.add_class("aml4d")
    maps = {
        "match": Picture("match", 150),
        "cost": Picture("spring cost", 150),
        "score": Picture("match − cost", 150),
        "transform": Picture("best per anchor", 150),
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
    names = dict.fromkeys(FACE_NAMES)
    for name, patch in zip(FACE_NAMES, images.faces().test_faces, strict=False):
        if name not in ("astronaut", _OWN):
            names[name] = view_of_patch(patch, f"A {name}")
    names["astronaut"] = view_in_photo(model, images.photo("astronaut"), "The astronaut's face")
    own = images.own_photo() if photo is None else photo
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
