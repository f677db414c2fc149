"""Real photographs cut out of their backgrounds: animals, fruit, vehicles, tools and more."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from aml4d_utils.assets import verified_path
from aml4d_utils.images.resizing import resize
from aml4d_utils.images.splitting import split_by_original

_FOLDER = "cutouts"


@dataclass(frozen=True)
class Cutout:
    """One cut-out photograph.

    Parameters
    ----------
    name : str
        What it shows; every cut-out has a name of its own.
    category : str
        The kind of thing: one of `cutout_categories`.
    imagenet : tuple of int
        The ImageNet classes that a careful person would accept for it; empty where none fits.
    coco : int or None
        Its COCO class, where there is one.
    original : str
        The photograph it was made from: mirrored twins share it.
    file : str
        Its file in the data folder.
    """

    name: str
    category: str
    imagenet: tuple[int, ...]
    coco: int | None
    original: str
    file: str

    @property
    def rgba(self) -> np.ndarray:
        """The picture, read anew at each call: ndarray (H, W, 4), float32 in [0, 1].

        The fourth channel is the mask: 1 on the thing, 0 beside it, between on its soft edge.
        Colours where the mask is 0 mean nothing. The longer side has at most 256 pixels.
        """
        return _read(verified_path(self.file))


def cutouts(category: str | None = None) -> tuple[Cutout, ...]:
    """Return the cut-outs of a category, or all of them, by name.

    Parameters
    ----------
    category : str or None
        One of `cutout_categories`; ``None`` for all.

    Returns
    -------
    tuple of Cutout
        The pictures themselves are read when ``.rgba`` is asked for.

    Raises
    ------
    ValueError
        If there is no such category.
    AssetError
        If the index is missing or damaged.

    Examples
    --------
    >>> zebra = next(cutout for cutout in cutouts("mammals") if cutout.name == "zebra")
    >>> zebra.imagenet, zebra.rgba.shape
    ((340,), (150, 200, 4))
    """
    if category is None:
        return _index()
    if category not in cutout_categories():
        raise ValueError(
            f"There is no category {category!r}; choose one of: {', '.join(cutout_categories())}."
        )
    return tuple(cutout for cutout in _index() if cutout.category == category)


def cutout_categories() -> tuple[str, ...]:
    """Return the categories of the cut-outs, in alphabetical order.

    Examples
    --------
    >>> "flowers" in cutout_categories()
    True
    """
    return tuple(sorted({cutout.category for cutout in _index()}))


def split(
    chosen: Sequence[Cutout], test_share: float = 0.25, seed: int = 0
) -> tuple[tuple[Cutout, ...], tuple[Cutout, ...]]:
    """Divide cut-outs into training and test, so that no photograph is in both.

    Twins (a picture and its mirror image) go together. Each category gives its own share. The
    same call always gives the same answer: the originals are ordered by a hash of their name
    and of the seed.

    Parameters
    ----------
    chosen : sequence of Cutout
        From `cutouts`.
    test_share : float in [0, 1]
        Share of the originals of each category that goes to the test part, rounded.
    seed : int
        Another seed gives another division.

    Returns
    -------
    train, test : tuple of Cutout
        Both in the order of `chosen`.

    Raises
    ------
    ValueError
        If `test_share` is out of range.

    Examples
    --------
    >>> train, test = split(cutouts("flowers"))
    >>> len(train), len(test)
    (17, 6)
    """
    return split_by_original(chosen, lambda cutout: cutout.category, test_share, seed)


def mount(
    rgba: np.ndarray, side: int = 224, ground: float = 0.5, margin: float = 0.1
) -> np.ndarray:
    """Return a cut-out, centred on a plain grey square: how a classifier is shown one.

    Parameters
    ----------
    rgba : ndarray (H, W, 4), float in [0, 1]
        From ``Cutout.rgba``.
    side : int
        Of the square, in pixels.
    ground : float in [0, 1]
        Its grey.
    margin : float in [0, 0.5)
        Share of the side that stays free on each side of the longer side.

    Returns
    -------
    ndarray (side, side, 3), float32 in [0, 1]
        A small cut-out is enlarged.

    Raises
    ------
    ValueError
        If a number is out of range, or `rgba` has no four channels.

    Examples
    --------
    >>> mount(cutouts("coins")[0].rgba).shape
    (224, 224, 3)
    """
    if rgba.ndim != 3 or rgba.shape[2] != 4:
        raise ValueError(f"Expected a cut-out of shape (H, W, 4), but got {rgba.shape}.")
    if not (0 <= margin < 0.5 and 0 <= ground <= 1):
        raise ValueError(
            f"Expected `margin` in [0, 0.5) and `ground` in [0, 1], got {margin} and {ground}."
        )
    scale = side * (1 - 2 * margin) / max(rgba.shape[:2])
    height, width = (max(1, round(length * scale)) for length in rgba.shape[:2])
    alpha = rgba[..., 3:]
    colour = resize(rgba[..., :3] * alpha, height, width)
    alpha = resize(rgba[..., 3], height, width)
    square = np.full((side, side, 3), ground, np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    part = square[top : top + height, left : left + width]
    part *= 1 - alpha
    part += colour
    return np.clip(square, 0, 1)


def _index() -> tuple[Cutout, ...]:
    return _read_index(verified_path(f"{_FOLDER}/index.csv"))


@lru_cache(maxsize=2)
def _read_index(path: Path) -> tuple[Cutout, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Cutout(
                name=row["name"],
                category=row["category"],
                imagenet=tuple(int(index) for index in row["imagenet"].split()),
                coco=int(row["coco"]) if row["coco"] else None,
                original=row["original"],
                file=f"{_FOLDER}/{row['file']}",
            )
            for row in csv.DictReader(file)
        )


def _read(path: Path) -> np.ndarray:
    from PIL import Image

    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGBA"), dtype=np.float32) / np.float32(255)
