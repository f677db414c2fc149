"""Pictures of taught classes, each with the words that describe it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from aml4d_utils.measuring.wording import percent, signed
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.own_classes.background_trap import TrapResult
from aml4d_utils.topics.own_classes.teaching import Taught
from aml4d_utils.widgets.colours import OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAP_SIDE = 340
DOT = 30
TILES = (44, 30, 22)
"""Sides of a photo in the gallery: the largest with which it stays low."""

GALLERY_WIDTH = 616
_GALLERY_HEIGHT = 4 * TILES[0]
_EDGE = 3
_WRONG = (207, 34, 46)


def colour_of(label: int) -> tuple[int, int, int]:
    """Return the colour of a class: red, green, blue."""
    code = OKABE_ITO[label % len(OKABE_ITO)].lstrip("#")
    return tuple(int(code[k : k + 2], 16) for k in (0, 2, 4))


def framed(picture: np.ndarray, side: int, label: int, wrong: bool) -> np.ndarray:
    """Return a photo (side, side, 3), framed in its class's colour; crossed out if it is wrong.

    A second cue for the class is a notch: how many there are at the top is its number.
    """
    inside = side - 2 * _EDGE
    tile = np.empty((side, side, 3), np.uint8)
    tile[:] = colour_of(label)
    tile[_EDGE:-_EDGE, _EDGE:-_EDGE] = cv2.resize(
        picture, (inside, inside), interpolation=cv2.INTER_AREA
    )
    for notch in range(label + 1):
        left = 2 + 4 * notch
        tile[: _EDGE - 1, left : left + 2] = 255
    if wrong:
        last = side - 1 - _EDGE
        for start, end in (((_EDGE, _EDGE), (last, last)), ((_EDGE, last), (last, _EDGE))):
            cv2.line(tile, start, end, (255, 255, 255), 4, cv2.LINE_AA)
            cv2.line(tile, start, end, _WRONG, 2, cv2.LINE_AA)
    return tile


def order_of(taught: Taught, wrong_only: bool = False) -> np.ndarray:
    """Return the places of the photos in the gallery's order: class by class, or wrong ones."""
    if wrong_only:
        return taught.wrong
    return np.argsort(taught.collection.labels, kind="stable")


def tile_of(count: int) -> int:
    """Return the side of a photo in a gallery of so many.

    Examples
    --------
    >>> tile_of(40), tile_of(80), tile_of(300)
    (44, 30, 22)
    """
    low = (t for t in TILES if -(-count // (GALLERY_WIDTH // t)) * t <= _GALLERY_HEIGHT)
    return next(low, TILES[-1])


def gallery(taught: Taught, wrong_only: bool = False) -> np.ndarray:
    """Lay all photos out in rows, class by class, or those on the wrong side: uint8 (H, W, 3)."""
    order = order_of(taught, wrong_only)
    side = tile_of(len(order))
    columns = GALLERY_WIDTH // side
    rows = max(1, -(-len(order) // columns))
    sheet = np.full((rows * side, GALLERY_WIDTH, 3), 235, np.uint8)
    wrong = set(taught.wrong.tolist())
    for number, place in enumerate(order):
        row, column = divmod(number, columns)
        photo, label = taught.collection.photos[place], taught.collection.labels[place]
        tile = framed(photo.picture, side - 2, label, place in wrong)
        top, left = row * side, column * side
        sheet[top : top + side - 2, left : left + side - 2] = tile
    return sheet


def in_gallery(taught: Taught, row: int, col: int, wrong_only: bool = False) -> int | None:
    """Return the place of the photo at a pixel of the gallery, None where there is none."""
    order = order_of(taught, wrong_only)
    side = tile_of(len(order))
    columns = GALLERY_WIDTH // side
    number = row // side * columns + col // side
    inside = col < columns * side and number < len(order)
    return int(order[number]) if inside else None


def box_in_gallery(
    taught: Taught, place: int, wrong_only: bool = False
) -> tuple[int, int, int, int] | None:
    """Return where a photo lies in the gallery: left, top, right, bottom; None if nowhere."""
    order = order_of(taught, wrong_only)
    found = np.flatnonzero(order == place)
    if not len(found):
        return None
    side = tile_of(len(order))
    row, column = divmod(int(found[0]), GALLERY_WIDTH // side)
    return column * side, row * side, column * side + side - 2, row * side + side - 2


def centres(places: np.ndarray) -> np.ndarray:
    """Return the pixel (row, col) of the map for each place (N, 2) in [0, 1]; second runs up."""
    room = MAP_SIDE - DOT - 4
    return np.rint(np.stack([1 - places[:, 1], places[:, 0]], 1) * room + DOT / 2 + 2).astype(int)


def photo_map(taught: Taught, places: np.ndarray) -> np.ndarray:
    """Draw every photo at its place of a map: uint8 (MAP_SIDE, MAP_SIDE, 3)."""
    sheet = np.full((MAP_SIDE, MAP_SIDE, 3), 250, np.uint8)
    wrong = set(taught.wrong.tolist())
    spots = centres(places)
    # Those on the wrong side lie on top.
    for place in sorted(range(len(spots)), key=lambda k: k in wrong):
        row, col = spots[place] - DOT // 2
        photo, label = taught.collection.photos[place], taught.collection.labels[place]
        sheet[row : row + DOT, col : col + DOT] = framed(photo.picture, DOT, label, place in wrong)
    return sheet


def on_map(places: np.ndarray, row: int, col: int) -> int:
    """Return the photo nearest to a pixel of the map."""
    return int(np.square(centres(places) - (row, col)).sum(1).argmin())


def describe_taught(taught: Taught) -> str:
    """Say how many photos of each class there are, and how good the network is."""
    collection = taught.collection
    photos = ", ".join(
        f"{name} {count}" for name, count in zip(collection.classes, collection.counts, strict=True)
    )
    words = [f"Photos: {photos}."]
    if taught.honest is not None:
        words.append(
            f"Each judged without its burst: {percent(taught.honest)} right"
            + (
                f" (bursts torn apart: {percent(taught.careless)})."
                if taught.careless is not None
                else "."
            )
        )
    wrong = len(taught.wrong)
    words.append(f"{wrong} photo{'s' * (wrong != 1)} on the wrong side.")
    if taught.elsewhere is not None:
        words.append(f"On the other table: {percent(taught.elsewhere)} right.")
    return " ".join(filter(None, [*words, taught.problem]))


def describe_photo_of(taught: Taught, place: int) -> str:
    """Say where a photo is filed and what the others make of it."""
    photo, label = taught.collection.photos[place], taught.collection.labels[place]
    answer = int(taught.answers[place])
    classes = taught.collection.classes
    verdict = "as filed" if answer == label else "on the wrong side"
    return (
        f"{photo.name}, filed under {classes[label]}: the others say {classes[answer]}, "
        f"{percent(taught.chances[place, answer])}, {verdict}."
    )


def describe_weights(weights: np.ndarray, classes: tuple[str, ...]) -> str:
    """Say what the rows and columns of the head's weights are, and the largest of them."""
    row, column = np.unravel_index(np.abs(weights).argmax(), weights.shape)
    return (
        f"The head's weights for the {weights.shape[1]} features that tell the classes apart most, "
        f"a row for each class from the top: {', '.join(classes)}. The largest, "
        f"{signed(weights[row, column], 1)}, is feature {column + 1} of {classes[row]}."
    )


def weight_tiles(weights: np.ndarray) -> np.ndarray:
    """Enlarge the head's weights (K, n) so that each is a tile of 4 × 10: (10 K, 4 n)."""
    return weights.repeat(10, axis=0).repeat(4, axis=1)


def draw_trap(result: TrapResult) -> Figure:
    """Draw right answers on the usual ground and on the other one, with and without the trap."""
    figure = new_figure(8.8, 3.0)
    left, ax = figure.subplots(1, 2, width_ratios=(1, 1.7))
    tiles = np.concatenate(
        [np.concatenate(list(result.examples[k : k + 2]), axis=1) for k in (0, 2)], axis=0
    )
    left.imshow(tiles)
    left.set_yticks([64, 192], ["usual", "swapped"])
    left.set_xticks([64, 192], result.classes)
    left.tick_params(length=0)
    left.spines[:].set_visible(False)
    for k, words in enumerate(("on the usual ground", "on the other ground")):
        shares = result.right[:, k] / result.tested
        places = np.arange(2) + (k - 0.5) * 0.36
        ax.barh(places, shares, height=0.34, color=OKABE_ITO[k], hatch=("", "//")[k], label=words)
        for place, share in zip(places, shares, strict=True):
            ax.text(share + 0.01, place, percent(share), va="center")
    ax.set_yticks(range(2), [way.replace(" on ", "\non ") for way in result.ways])
    ax.invert_yaxis()
    ax.set_xlim(0, 1.15)
    ax.axvline(0.5, color="#57606a", linestyle="--", linewidth=1)
    ax.set_xlabel("right answers; dashed: chance")
    ax.legend(loc="upper center", bbox_to_anchor=(0.4, 1.22), ncols=2, fontsize=9.5, frameon=False)
    return figure


def describe_trap(result: TrapResult) -> str:
    """Say what the background did to the answers."""
    (usual, other), (mixed, mixed_other) = result.right.tolist()
    return (
        f"{result.classes[0]} against {result.classes[1]}, {result.learned} photos of each, "
        f"{result.tested} other things tested. Learned with each class on its own ground: {usual} "
        f"right on the usual ground, {other} on the other one. Learned on both grounds: {mixed} "
        f"and {mixed_other}."
    )
