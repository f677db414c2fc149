"""Put the parts of a face where you want them, and see what each place is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.part_models.part_model import (
    CELL,
    Part,
    PartModel,
    Scored,
    ScoreMaps,
    anchor_of,
    best_places_of,
    score_maps,
    score_placed,
)
from aml4d_utils.topics.part_models.part_search import FaceView

Moves = tuple[tuple[int, int], ...]
"""For each part how many cells of the fine level it lies below and right of its anchor."""


@dataclass(frozen=True)
class Placed:
    """A face with its parts at given places, and all that this is made of.

    Attributes
    ----------
    view : FaceView
    model : PartModel
        With the springs as stiff as they are now.
    maps : ScoreMaps
    places : tuple of tuples of int
        Row and column of each part's first cell, in cells of the fine level.
    scored, best : Scored
        Of the parts where they are, and of the parts at their best places.
    part : int
        The part that is looked at.
    """

    view: FaceView
    model: PartModel
    maps: ScoreMaps
    places: tuple[tuple[int, int], ...]
    scored: Scored
    best: Scored
    part: int

    @property
    def looked_at(self) -> Part:
        """The part that is looked at."""
        return self.model.parts[self.part]

    @property
    def anchors(self) -> tuple[tuple[int, int], ...]:
        """The cell of each part's anchor."""
        return tuple(anchor_of(part, self.view.root) for part in self.model.parts)

    @property
    def moves(self) -> Moves:
        """How far each part lies below and right of its anchor, in cells."""
        return tuple(
            (row - top, col - left)
            for (row, col), (top, left) in zip(self.places, self.anchors, strict=True)
        )

    @property
    def best_places(self) -> tuple[tuple[int, int], ...]:
        """Each part's best place."""
        return best_places_of(self.maps, self.view.root)

    @property
    def matches(self) -> np.ndarray:
        """The answers (r, c) of the looked-at part's filter."""
        return self.maps.parts[self.part].matches

    @property
    def costs(self) -> np.ndarray:
        """What the spring takes for each place (r, c): a bowl around the anchor."""
        rows, cols = np.indices(self.matches.shape)
        top, left = self.anchors[self.part]
        return self.looked_at.cost(rows - top, cols - left)

    @property
    def transformed(self) -> np.ndarray:
        """For each anchor (r, c) the best match minus cost: the distance transform."""
        return self.maps.parts[self.part].best.scores


def place_parts(
    model: PartModel,
    view: FaceView,
    part: str,
    moves: Moves | None = None,
    stiffness: float = 1.0,
) -> Placed:
    """Put the parts at given places, or each at its best.

    Parameters
    ----------
    model : PartModel
        As it was trained.
    view : FaceView
    part : str
        Name of the part to look at.
    moves : tuple of tuples of int, optional
        How far each part is moved down and right from its anchor; a part stays inside the
        picture. Without it all parts lie at their best places.
    stiffness : float above 0
        How many times the trained springs.

    Raises
    ------
    ValueError
        If there is no such part, or not as many moves as parts.
    """
    names = [known.name for known in model.parts]
    if part not in names:
        raise ValueError(f"There is no part {part!r}; the model has {', '.join(names)}.")
    model = model.stiffened(stiffness)
    maps = score_maps(model, view.levels)
    best = best_places_of(maps, view.root)
    places = best if moves is None else _inside(maps, view.root, moves)
    return Placed(
        view,
        model,
        maps,
        places,
        score_placed(maps, view.root, places),
        score_placed(maps, view.root, best),
        names.index(part),
    )


def _inside(maps: ScoreMaps, root: tuple[int, int], moves: Moves) -> tuple[tuple[int, int], ...]:
    places = []
    for found, (down, right) in zip(maps.parts, moves, strict=True):
        top, left = anchor_of(found.part, root)
        rows, cols = found.matches.shape
        places.append((min(max(0, top + down), rows - 1), min(max(0, left + right), cols - 1)))
    return tuple(places)


def centre_of(part: Part, place: tuple[int, int]) -> tuple[float, float]:
    """Return the row and column of a part's centre, in pixels of the fine level."""
    return (place[0] + part.size[0] / 2) * CELL, (place[1] + part.size[1] / 2) * CELL


def dragged(placed: Placed, row: int, col: int, pressed: bool) -> tuple[str, Moves]:
    """Return which part a pointer takes hold of, and the moves after it went to (row, col).

    Parameters
    ----------
    placed : Placed
    row, col : int
        In pixels of the fine level.
    pressed : bool
        Whether the pointer has just been pressed: then it takes the part under it, if there is
        one, else the part that is looked at.
    """
    number = placed.part
    if pressed:
        distances = {}
        for index, (part, place) in enumerate(zip(placed.model.parts, placed.places, strict=True)):
            middle = centre_of(part, place)
            off = abs(row - middle[0]), abs(col - middle[1])
            if off[0] <= part.size[0] * CELL / 2 and off[1] <= part.size[1] * CELL / 2:
                distances[index] = np.hypot(*off)
        number = min(distances, key=distances.get, default=number)
    part, (top, left) = placed.model.parts[number], placed.anchors[number]
    to = tuple(
        int(np.floor(at / CELL - length / 2 + 0.5))
        for at, length in zip((row, col), part.size, strict=True)
    )
    moves = list(placed.moves)
    moves[number] = to[0] - top, to[1] - left
    return part.name, tuple(moves)
