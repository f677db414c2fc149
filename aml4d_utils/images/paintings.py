"""Whole paintings by Vincent van Gogh (1853–1890), in the public domain."""

from dataclasses import dataclass

import numpy as np

from aml4d_utils.assets import verified_path
from aml4d_utils.images.conversion import as_float


@dataclass(frozen=True)
class _Painting:
    title: str
    year: int
    description: str
    short: str = ""


_PAINTINGS = {
    "cafe_terrace": _Painting(
        "Café Terrace at Night",
        1888,
        "a yellow café terrace at night, cobbles in short strokes, stars in a blue sky",
    ),
    "church_at_auvers": _Painting(
        "The Church at Auvers", 1890, "a church with bent walls under a dark blue, swirling sky"
    ),
    "harvest": _Painting(
        "The Harvest", 1888, "yellow and green fields in bands under a turquoise sky"
    ),
    "langlois_bridge": _Painting(
        "The Langlois Bridge at Arles",
        1888,
        "a drawbridge over still water, pale turquoise",
        short="The Langlois Bridge",
    ),
    "night_cafe": _Painting(
        "The Night Café", 1888, "a billiard room with red walls, green ceiling and glowing lamps"
    ),
    "painter_to_tarascon": _Painting(
        "The Painter on the Road to Tarascon",
        1888,
        "a walking painter and his shadow on a road in yellow and blue dabs",
        short="On the Road to Tarascon",
    ),
    "pere_tanguy": _Painting(
        "Portrait of Père Tanguy",
        1887,
        "a seated man in a dark blue jacket before a wall of bright Japanese prints",
    ),
    "vestibule": _Painting(
        "Vestibule of the Asylum", 1889, "a yellow vaulted hall with a door to a garden"
    ),
}


def painting_names() -> tuple[str, ...]:
    """Return the names that `painting` knows, in alphabetical order.

    Examples
    --------
    >>> painting_names()[0]
    'cafe_terrace'
    """
    return tuple(_PAINTINGS)


def painting(name: str) -> np.ndarray:
    """Return a painting, whole.

    Parameters
    ----------
    name : str
        One of `painting_names`.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]
        A new array each time; at most 668 pixels a side.

    Raises
    ------
    ValueError
        If there is no painting of that name.
    AssetError
        If the file is missing, cut short or altered.

    Examples
    --------
    >>> painting("night_cafe").shape
    (500, 634, 3)
    """
    from PIL import Image

    _known(name)
    with Image.open(verified_path(f"paintings/{name}.webp")) as picture:
        return as_float(np.asarray(picture.convert("RGB")))


def title_of(name: str) -> str:
    """Return title and year of a painting.

    Examples
    --------
    >>> title_of("night_cafe")
    'The Night Café, 1888'
    """
    return f"{_known(name).title}, {_PAINTINGS[name].year}"


def short_title_of(name: str) -> str:
    """Return what a painting is called in a narrow list.

    Examples
    --------
    >>> short_title_of("painter_to_tarascon"), short_title_of("harvest")
    ('On the Road to Tarascon', 'The Harvest')
    """
    return _known(name).short or _PAINTINGS[name].title


def describe_painting(name: str) -> str:
    """Return in one line what can be seen on a painting, for alt texts.

    Examples
    --------
    >>> describe_painting("langlois_bridge")
    'a drawbridge over still water, pale turquoise'
    """
    return _known(name).description


def _known(name: str) -> _Painting:
    if not isinstance(name, str) or name not in _PAINTINGS:
        raise ValueError(f"There is no painting {name!r}; choose one of: {', '.join(_PAINTINGS)}.")
    return _PAINTINGS[name]
