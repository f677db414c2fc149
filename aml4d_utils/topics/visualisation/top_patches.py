"""The nine patches of the collection that each unit likes most, at most one per original.

Finding them takes a minute, so they are found once by ``tools/precompute_top_patches.py`` and
stored as numbers: which picture, which cell, how strong. Patches and projections are made live.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heappush, heappushpop

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.assets import verified_path
from aml4d_utils.nets.squeezenet_layers import NAME, feature_maps
from aml4d_utils.topics.visualisation.collection import (
    CollectionPicture,
    collection,
    collection_picture,
)
from aml4d_utils.topics.visualisation.passing import squeezenet_chain
from aml4d_utils.topics.visualisation.projection import (
    LAYERS,
    UNITS,
    Projection,
    box_of,
    cut,
    project,
    spot_at,
    window_of,
)

FILE = "visualisation/top_patches.safetensors"
BEST = 9
TILES = 64
"""As many units of each layer, evenly spaced, stand on the sheet of its units."""
_CANDIDATES = 80


@dataclass(frozen=True)
class TopCells:
    """Where in the collection the units of one layer fire most, strongest first.

    Attributes
    ----------
    pictures, rows, cols : ndarray (units, 9), int16
        Number of the picture, cell in the feature map; -1 where there is none.
    values : ndarray (units, 9), float32
        The cell's answer; 0 where there is none.
    """

    pictures: np.ndarray
    rows: np.ndarray
    cols: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class TopPatches:
    """A unit's favourite patches, and what goes back to them.

    Attributes
    ----------
    layer : str
    unit : int
    names : tuple of str
        What each patch's picture shows.
    patches : tuple of ndarray (S, S, 3), float32 in [0, 1]
    values : ndarray (N,), float32
        The unit's answers, strongest first; at most nine.
    projections : tuple of Projection
        Of the first so many patches: they arrive one after the other.
    rule : str
        The way back, from ``passing.RULES``.
    """

    layer: str
    unit: int
    names: tuple[str, ...]
    patches: tuple[np.ndarray, ...]
    values: np.ndarray
    projections: tuple[Projection, ...]
    rule: str

    @property
    def fraction(self) -> float:
        """Share of the projections that have arrived."""
        return len(self.projections) / max(1, len(self.patches))


Candidate = tuple[float, int, int, int]
"""An answer, the number of the picture, and the cell's row and column."""


def find_top_cells(
    net: nn.Module, layers: Sequence[str] = LAYERS, numbers: Sequence[int] | None = None
) -> Generator[float, None, dict[str, TopCells]]:
    """Look at every picture of the collection; yield the share that is done, return the best.

    Two patches of a unit never show the same original. A patch shows the photograph that its
    middle pixel comes from, and every cut-out that covers a tenth of it or more.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    layers : sequence of str
    numbers : sequence of int, optional
        Which pictures; by default all.
    """
    numbers = range(len(collection())) if numbers is None else numbers
    found: dict[str, list[list[Candidate]]] = {}
    for count, number in enumerate(numbers, start=1):
        picture = collection_picture(number)
        pixels = nets.preprocess(NAME, picture.image, device=next(net.parameters()).device)
        for layer, maps in zip(layers, feature_maps(net, pixels, layers), strict=True):
            units = found.setdefault(layer, [[] for _ in range(maps.shape[1])])
            origins = _origins_of_cells(net, layer, picture.origins, maps.shape[2:])
            for index in range(len(picture.names)):
                _collect(units, maps[0], origins == index, number)
        yield count / len(numbers)
    pictures = {number: collection_picture(number) for number in numbers}
    return {layer: _chosen(net, layer, units, pictures) for layer, units in found.items()}


def _origins_of_cells(
    net: nn.Module, layer: str, origins: np.ndarray, shape: Sequence[int]
) -> np.ndarray:
    """Return (h, w): the origin of the pixel that each cell is centred on."""
    middles = [box_of(net, layer, k, k) for k in range(max(shape))]
    middles = np.array([(box[0] + box[2] - 1) // 2 for box in middles])
    rows, cols = (
        np.clip(middles[:cells], 0, pixels - 1)
        for cells, pixels in zip(shape, origins.shape, strict=True)
    )
    return origins[np.ix_(rows, cols)]


def _collect(
    units: list[list[Candidate]], maps: torch.Tensor, where: np.ndarray, number: int
) -> None:
    if not where.any():
        return
    mask = torch.from_numpy(where).to(maps.device)
    values, places = maps.masked_fill(~mask, -1).flatten(1).max(1)
    for unit, (value, place) in enumerate(zip(values.tolist(), places.tolist(), strict=True)):
        candidates = units[unit]
        if value > 0 and (len(candidates) < _CANDIDATES or value > candidates[0][0]):
            candidate = (value, number, *divmod(place, maps.shape[2]))
            push = heappush if len(candidates) < _CANDIDATES else heappushpop
            push(candidates, candidate)


def _chosen(
    net: nn.Module,
    layer: str,
    units: list[list[Candidate]],
    pictures: dict[int, CollectionPicture],
) -> TopCells:
    places = np.full((3, len(units), BEST), -1, np.int16)
    values = np.zeros((len(units), BEST), np.float32)
    for unit, candidates in enumerate(units):
        used: set[str] = set()
        count = 0
        for value, number, row, col in sorted(candidates, reverse=True):
            shown = shown_originals(pictures[number], box_of(net, layer, row, col))
            if count < BEST and not shown & used:
                places[:, unit, count] = number, row, col
                values[unit, count] = value
                used |= shown
                count += 1
    return TopCells(*places, values)


def shown_originals(picture: CollectionPicture, box: tuple[int, int, int, int]) -> set[str]:
    """Return the originals that a patch shows: at its middle, and cut-outs over a tenth of it."""
    x0, y0, x1, y1 = box
    inside = picture.origins[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
    shares = np.bincount(inside.ravel(), minlength=len(picture.names)) / max(1, inside.size)
    large = {name for name, share in zip(picture.names[1:], shares[1:], strict=True) if share > 0.1}
    return large | {picture.original_at((y0 + y1 - 1) // 2, (x0 + x1 - 1) // 2)}


@cache
def stored_top_cells() -> dict[str, TopCells]:
    """Return the precomputed cells of all five layers."""
    from safetensors.numpy import load_file

    stored = load_file(verified_path(FILE))
    return {
        layer: TopCells(
            *(stored[f"{layer}.{name}"] for name in ("pictures", "rows", "cols")),
            stored[f"{layer}.values"].astype(np.float32),
        )
        for layer in LAYERS
    }


def favourite_patches(
    net: nn.Module, layer: str, unit: int, rule: str = "deconvnet"
) -> Iterator[TopPatches]:
    """Cut a unit's nine favourite patches out; then yield again with each projection.

    Raises
    ------
    ValueError
        If there is no such layer, unit or rule.
    """
    cells = stored_top_cells().get(layer)
    if cells is None:
        raise ValueError(f"Favourites are stored for {', '.join(LAYERS)}; not for {layer!r}.")
    if not 0 <= unit < len(cells.values):
        raise ValueError(f"{layer} has the units 0 to {len(cells.values) - 1}; not {unit}.")
    found = [k for k in range(BEST) if cells.pictures[unit, k] >= 0]
    numbers = [int(cells.pictures[unit, k]) for k in found]
    places = [(int(cells.rows[unit, k]), int(cells.cols[unit, k])) for k in found]
    values = cells.values[unit, found]
    patches = tuple(patch(net, layer, n, *place) for n, place in zip(numbers, places, strict=True))
    names = tuple(
        _name(net, layer, number, *place) for number, place in zip(numbers, places, strict=True)
    )
    projections: list[Projection] = []
    yield TopPatches(layer, unit, names, patches, values, (), rule)
    chain, device = squeezenet_chain(net), next(net.parameters()).device
    for number, place in zip(numbers, places, strict=True):
        view = collection_picture(number).image
        trace = chain.forward(nets.preprocess(NAME, view, device=device), layer)
        spot = spot_at(net, trace.maps(layer)[0], layer, unit, *place)
        projections.append(project(trace, view, spot, rule))
        yield TopPatches(layer, unit, names, patches, values, tuple(projections), rule)


def first_patch(net: nn.Module, layer: str, unit: int) -> np.ndarray:
    """Return the patch that a unit likes most; mid-grey for a unit that never fires."""
    cells = stored_top_cells()[layer]
    number, row, col = (int(a[unit, 0]) for a in (cells.pictures, cells.rows, cells.cols))
    if number < 0:
        return np.full((1, 1, 3), 0.5, np.float32)
    return patch(net, layer, number, row, col)


def _name(net: nn.Module, layer: str, number: int, row: int, col: int) -> str:
    """Say what stands in the middle of a patch."""
    x0, y0, x1, y1 = box_of(net, layer, row, col)
    original = collection_picture(number).original_at((y0 + y1 - 1) // 2, (x0 + x1 - 1) // 2)
    return original.replace("_", " ")


def patch(net: nn.Module, layer: str, number: int, row: int, col: int) -> np.ndarray:
    """Return what a cell looks at in a picture of the collection, mid-grey beyond its edge."""
    return cut(collection_picture(number).image, window_of(box_of(net, layer, row, col)), 0.5)


def unit_of_tile(layer: str, tile: int) -> int:
    """Return the number of the unit that a tile (1 to 64) stands for.

    Examples
    --------
    >>> unit_of_tile("conv1", 64), unit_of_tile("fire9", 2)
    (63, 15)
    """
    return tile * (UNITS[layer] // TILES) - 1
