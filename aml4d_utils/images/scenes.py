"""Scenes whose every object is known: cut-out photographs placed on real backgrounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aml4d_utils.images.conversion import as_float
from aml4d_utils.images.cutout import Cutout, cutouts
from aml4d_utils.images.photos import photo
from aml4d_utils.images.resizing import resize

# photo, top, left, bottom, right: parts of the bundled photos with nothing in them to detect
_BACKGROUNDS = {
    "brick": ("brick", 0, 0, 512, 512),
    "concrete": ("motorcycle", 380, 0, 500, 130),
    "dusk": ("rocket", 0, 85, 240, 175),
    "grass": ("grass", 0, 0, 512, 512),
    "gravel": ("gravel", 0, 0, 512, 512),
    "leaves": ("flower", 0, 0, 427, 160),
    "sky": ("china", 0, 330, 100, 640),
    "wood": ("coffee", 0, 480, 300, 600),
}
_TRIES = 200
_SHORTEST = 4


@dataclass(frozen=True)
class Placement:
    """Where and how one cut-out lies in a scene.

    Parameters
    ----------
    cutout : Cutout
        What is placed.
    row, column : float
        Its centre, in pixels of the scene; it may lie outside.
    length : float
        Its longer side in pixels, before it is turned; at least 4.
    angle : float
        In degrees, anticlockwise.
    mirrored : bool
        Whether left and right are swapped before it is turned.
    """

    cutout: Cutout
    row: float
    column: float
    length: float
    angle: float = 0.0
    mirrored: bool = False


@dataclass(frozen=True)
class Layout:
    """What a scene is to be made of.

    Parameters
    ----------
    background : ndarray (H, W, 3), float in [0, 1]
        Any photo; `background` gives some without objects.
    placements : tuple of Placement
        From back to front: a later one hides parts of an earlier one.
    """

    background: np.ndarray
    placements: tuple[Placement, ...]


@dataclass(frozen=True)
class Scene:
    """A composed picture and the truth about it.

    Parameters
    ----------
    image : ndarray (H, W, 3), float32 in [0, 1]
        The picture.
    cutouts : tuple of N Cutout
        What is in it, from back to front.
    masks : ndarray (N, H, W), bool
        The pixels where each one is seen: those it covers by more than half and that nothing
        in front of it covers by more than half. No pixel belongs to two.
    boxes : ndarray (N, 4), float32
        ``x0, y0, x1, y1`` around each mask, in pixels; zeros for one that is not seen at all.
    visible : ndarray (N,), float32 in [0, 1]
        Share of each one's pixels that is seen; the rest is hidden or outside the picture.
    """

    image: np.ndarray
    cutouts: tuple[Cutout, ...]
    masks: np.ndarray
    boxes: np.ndarray
    visible: np.ndarray


def background_names() -> tuple[str, ...]:
    """Return the names that `background` knows.

    Examples
    --------
    >>> "wood" in background_names()
    True
    """
    return tuple(_BACKGROUNDS)


def background(name: str, height: int, width: int) -> np.ndarray:
    """Return a part of a bundled photo without objects, resized to cover a picture.

    Parameters
    ----------
    name : str
        One of `background_names`.
    height, width : int
        In pixels. The ratio of the sides is kept; what is too much is cut off around the centre.

    Returns
    -------
    ndarray (height, width, 3), float32 in [0, 1]
        A new array.

    Raises
    ------
    ValueError
        If there is no background of that name, or a side is less than 1.

    Examples
    --------
    >>> background("grass", 120, 200).shape
    (120, 200, 3)
    """
    if not isinstance(name, str) or name not in _BACKGROUNDS:
        raise ValueError(
            f"There is no background {name!r}; choose one of: {', '.join(_BACKGROUNDS)}."
        )
    if height < 1 or width < 1:
        raise ValueError(f"Expected sides of at least 1 pixel, but got {height} × {width}.")
    return _ground(name, height, width).copy()


@lru_cache(maxsize=2 * len(_BACKGROUNDS))
def _ground(name: str, height: int, width: int) -> np.ndarray:
    source, top, left, bottom, right = _BACKGROUNDS[name]
    part = photo(source)[top:bottom, left:right]
    scale = max(height / part.shape[0], width / part.shape[1])
    rows, columns = min(height / scale, part.shape[0]), min(width / scale, part.shape[1])
    top = round((part.shape[0] - rows) / 2)
    left = round((part.shape[1] - columns) / 2)
    part = part[top : top + max(1, round(rows)), left : left + max(1, round(columns))]
    return resize(part, height, width)


def compose(layout: Layout) -> Scene:
    """Make the picture that a layout describes, with exact masks and boxes.

    Parameters
    ----------
    layout : Layout
        From `random_layout`, or written by hand.

    Returns
    -------
    Scene
        The same layout always gives the same scene.

    Raises
    ------
    ValueError
        If the background is not an image, or a number of a placement is out of range.

    Examples
    --------
    >>> zebra = next(cutout for cutout in cutouts("mammals") if cutout.name == "zebra")
    >>> grass = background("grass", 200, 300)
    >>> scene = compose(Layout(grass, (Placement(zebra, row=100, column=150, length=120),)))
    >>> scene.boxes.round().tolist()
    [[91.0, 55.0, 210.0, 145.0]]
    """
    image = as_float(layout.background)
    covers = np.zeros((len(layout.placements), *image.shape[:2]), dtype=bool)
    areas = np.zeros(len(layout.placements), dtype=np.int64)
    for index, placement in enumerate(layout.placements):
        patch = _patch(placement)
        areas[index] = np.count_nonzero(patch[..., 3] > 0.5)
        within, part = _overlap(image.shape, patch, placement)
        image[within] = part[..., :3] + (1 - part[..., 3:]) * image[within]
        covers[index][within] = part[..., 3] > 0.5
    masks = _in_front(covers)
    seen = np.count_nonzero(masks, axis=(1, 2))
    return Scene(
        image=np.clip(image, 0, 1),
        cutouts=tuple(placement.cutout for placement in layout.placements),
        masks=masks,
        boxes=np.array([_box(mask) for mask in masks], dtype=np.float32).reshape(-1, 4),
        visible=(seen / np.maximum(areas, 1)).astype(np.float32),
    )


def random_layout(
    seed: int | np.random.Generator,
    chosen: Sequence[Cutout] | None = None,
    count: int = 3,
    size: tuple[int, int] = (320, 416),
    lengths: tuple[float, float] = (0.2, 0.5),
    steepest: float = 0.0,
    least_visible: float = 0.7,
) -> Layout:
    """Return a layout drawn at random: different cut-outs, whole inside the picture.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        The same seed gives the same layout.
    chosen : sequence of Cutout or None
        What to draw from; ``None`` takes all cut-outs with a COCO class.
    count : int
        How many, at most as many as there are originals to draw from.
    size : tuple (height, width)
        Of the picture, in pixels.
    lengths : tuple of 2 float in (0, 1]
        Shortest and longest length of a cut-out, as a share of the picture's shorter side.
    steepest : float
        Each is turned by up to so many degrees either way.
    least_visible : float in [0, 1]
        No cut-out is hidden further than this by those in front of it.

    Returns
    -------
    Layout
        For `compose`.

    Raises
    ------
    ValueError
        If a number is out of range, or so many cut-outs find no place.

    Examples
    --------
    >>> scene = compose(random_layout(seed=1, count=2))
    >>> scene.image.shape, scene.masks.shape
    ((320, 416, 3), (2, 320, 416))
    """
    rng = np.random.default_rng(seed)
    pool = _one_per_original(_with_coco() if chosen is None else chosen, rng)
    if not 0 <= count <= len(pool):
        raise ValueError(f"Expected `count` from 0 to {len(pool)}, but got {count}.")
    if not 0 < lengths[0] <= lengths[1] <= 1:
        raise ValueError(f"Expected `lengths` as 0 < shortest <= longest <= 1, but got {lengths}.")
    ground = background(str(rng.choice(background_names())), *size)
    if rng.random() < 0.5:
        ground = np.ascontiguousarray(ground[:, ::-1])
    placements: list[Placement] = []
    covers: list[np.ndarray] = []
    for cutout in pool[:count]:
        for _ in range(_TRIES):
            placement = _random_placement(rng, cutout, size, lengths, steepest)
            tried = [*covers, _cover(placement, size)]
            if _least_share(tried) >= least_visible:
                placements.append(placement)
                covers = tried
                break
        else:
            raise ValueError(
                f"{count} cut-outs find no place in {size[0]} × {size[1]} pixels: ask for fewer, "
                "smaller ones, or a lower `least_visible`."
            )
    return Layout(ground, tuple(placements))


def _patch(placement: Placement) -> np.ndarray:
    """Return the placed cut-out, (h, w, 4), its colours multiplied by its alpha; read-only."""
    numbers = (placement.row, placement.column, placement.length, placement.angle)
    if not np.isfinite(numbers).all() or placement.length < _SHORTEST:
        raise ValueError(
            f"Expected a placement with finite numbers and a length of at least {_SHORTEST} "
            f"pixels, but got {numbers}."
        )
    return _turned(placement.cutout, placement.length, placement.angle, placement.mirrored)


# A layout asks for the size of a patch and for what it covers, and the scene for its colours; the
# same things stand in a scene once more with others before them.
@lru_cache(maxsize=64)
def _turned(cutout: Cutout, length: float, angle: float, mirrored: bool) -> np.ndarray:
    import cv2

    rgba = cutout.rgba
    rgba[..., :3] *= rgba[..., 3:]
    if mirrored:
        rgba = np.ascontiguousarray(rgba[:, ::-1])
    scale = length / max(rgba.shape[:2])
    height, width = (max(1, round(side * scale)) for side in rgba.shape[:2])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    rgba = cv2.resize(rgba, (width, height), interpolation=how)
    if angle % 360:
        turn = np.deg2rad(angle)
        cos, sin = abs(np.cos(turn)), abs(np.sin(turn))
        columns = int(np.ceil(width * cos + height * sin)) + 2
        rows = int(np.ceil(width * sin + height * cos)) + 2
        matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1)
        matrix[:, 2] += [(columns - width) / 2, (rows - height) / 2]
        rgba = cv2.warpAffine(rgba, matrix, (columns, rows), flags=cv2.INTER_LINEAR)
    rgba.flags.writeable = False
    return rgba


def _overlap(
    shape: tuple[int, ...], patch: np.ndarray, placement: Placement
) -> tuple[tuple[slice, slice], np.ndarray]:
    """Return the region of the picture that a patch covers, and the part of it that lies there."""
    top = round(placement.row - patch.shape[0] / 2)
    left = round(placement.column - patch.shape[1] / 2)
    rows = slice(max(top, 0), max(min(top + patch.shape[0], shape[0]), 0))
    columns = slice(max(left, 0), max(min(left + patch.shape[1], shape[1]), 0))
    part = patch[
        rows.start - top : max(rows.stop - top, rows.start - top),
        columns.start - left : max(columns.stop - left, columns.start - left),
    ]
    return (rows, columns), part


def _cover(placement: Placement, size: tuple[int, int]) -> np.ndarray:
    cover = np.zeros(size, dtype=bool)
    within, part = _overlap(size, _patch(placement), placement)
    cover[within] = part[..., 3] > 0.5
    return cover


def _in_front(covers: np.ndarray) -> np.ndarray:
    """Take away from each cover what those after it cover."""
    masks = covers.copy()
    hidden = np.zeros(covers.shape[1:], dtype=bool)
    for index in reversed(range(len(covers))):
        masks[index] &= ~hidden
        hidden |= covers[index]
    return masks


def _least_share(covers: list[np.ndarray]) -> float:
    stacked = np.array(covers)
    seen = np.count_nonzero(_in_front(stacked), axis=(1, 2))
    return float((seen / np.maximum(np.count_nonzero(stacked, axis=(1, 2)), 1)).min())


def _box(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = mask.any(1).nonzero()[0], mask.any(0).nonzero()[0]
    if not len(rows):
        return 0, 0, 0, 0
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def _random_placement(
    rng: np.random.Generator,
    cutout: Cutout,
    size: tuple[int, int],
    lengths: tuple[float, float],
    steepest: float,
) -> Placement:
    length = max(_SHORTEST, rng.uniform(*lengths) * min(size))
    angle = rng.uniform(-steepest, steepest) if steepest else 0.0
    turned = Placement(cutout, 0, 0, length, angle, bool(rng.random() < 0.5))
    height, width = _patch(turned).shape[:2]
    row = rng.uniform(min(height, size[0]) / 2, max(size[0] - height / 2, size[0] / 2))
    column = rng.uniform(min(width, size[1]) / 2, max(size[1] - width / 2, size[1] / 2))
    return Placement(cutout, row, column, length, angle, turned.mirrored)


def _one_per_original(chosen: Sequence[Cutout], rng: np.random.Generator) -> list[Cutout]:
    shuffled = [chosen[index] for index in rng.permutation(len(chosen))]
    return list({cutout.original: cutout for cutout in shuffled}.values())


def _with_coco() -> tuple[Cutout, ...]:
    return tuple(cutout for cutout in cutouts() if cutout.coco is not None)
