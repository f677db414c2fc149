"""Colour maps that survive colour blindness, and how numbers become colours."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.colors import ListedColormap

OKABE_ITO = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
)
"""Colours for categories (Okabe and Ito, 2008); always paired with a second cue."""

MAGNITUDE = "viridis"
SIGNED = "aml4d-signed"
"""Blue below zero, near-white at zero, orange above."""

_SIGNED_STOPS = (
    (18, 60, 115),
    (47, 111, 171),
    (127, 175, 214),
    (247, 247, 245),
    (240, 170, 104),
    (203, 103, 26),
    (122, 54, 4),
)


@cache
def colour_table(name: str) -> np.ndarray:
    """Return a colour map as an array (256, 3) of uint8: ``SIGNED`` or one of matplotlib's."""
    if name == SIGNED:
        stops = np.array(_SIGNED_STOPS, dtype=np.float64)
        at, places = np.linspace(0, len(stops) - 1, 256), np.arange(len(stops))
        table = np.stack([np.interp(at, places, channel) for channel in stops.T], axis=1)
    else:
        from matplotlib import colormaps

        table = colormaps[name](np.linspace(0, 1, 256))[:, :3] * 255
    return np.rint(table).astype(np.uint8)


@cache
def signed_map() -> ListedColormap:
    """Return ``SIGNED`` as a colour map of matplotlib, for still figures."""
    from matplotlib.colors import ListedColormap

    return ListedColormap(colour_table(SIGNED) / 255, name=SIGNED)


def hex_ramp(name: str, stops: int = 17) -> list[str]:
    """Return ``stops`` evenly spaced colours of a map as ``#rrggbb``."""
    rows = colour_table(name)[np.linspace(0, 255, stops).round().astype(int)]
    return [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in rows]


def signed_to_rgb(values: np.ndarray, limit: float | None = None) -> tuple[np.ndarray, float]:
    """Colour signed values on a diverging map centred at 0.

    Parameters
    ----------
    values : ndarray (H, W), any real dtype
    limit : float, optional
        The magnitude at the ends of the map; by default the largest magnitude in ``values``.

    Returns
    -------
    rgb : ndarray (H, W, 3), uint8
    limit : float
        The magnitude that was used (1.0 where every value is 0).

    Raises
    ------
    ValueError
        If a value is NaN or infinite.
    """
    values = _finite(values)
    limit = float(np.abs(values).max(initial=0)) if limit is None else float(limit)
    limit = limit or 1.0
    place = np.clip((values / limit + 1) / 2, 0, 1)
    return colour_table(SIGNED)[np.rint(place * 255).astype(np.uint8)], limit


def magnitude_to_rgb(
    values: np.ndarray, low: float | None = None, high: float | None = None
) -> tuple[np.ndarray, float, float]:
    """Colour magnitudes on viridis from ``low`` to ``high`` (by default the values' own range).

    Returns
    -------
    rgb : ndarray (H, W, 3), uint8
    low, high : float
        The ends that were used.

    Raises
    ------
    ValueError
        If a value is NaN or infinite.
    """
    values = _finite(values)
    low = float(values.min()) if low is None else low
    high = float(values.max()) if high is None else high
    place = (values - low) / ((high - low) or 1.0)
    return colour_table(MAGNITUDE)[np.rint(np.clip(place, 0, 1) * 255).astype(np.uint8)], low, high


def _finite(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, dtype=np.float64)
    if not np.isfinite(values).all():
        raise ValueError("NaN and infinite values have no colour.")
    return values


def mosaic(tiles: np.ndarray, columns: int, gap: int = 1, ground: int = 255) -> np.ndarray:
    """Lay small pictures out in rows.

    Parameters
    ----------
    tiles : ndarray (N, h, w, 3), uint8
    columns : int
        How many stand side by side.
    gap : int
        Pixels between them.
    ground : int
        Grey level of the gaps, 0 to 255.

    Returns
    -------
    ndarray (rows * (h + gap) - gap, columns * (w + gap) - gap, 3), uint8
    """
    count, height, width, _ = tiles.shape
    rows = -(-count // columns)
    sheet = np.full(
        (rows * (height + gap) - gap, columns * (width + gap) - gap, 3), ground, dtype=np.uint8
    )
    for index, tile in enumerate(tiles):
        top = index // columns * (height + gap)
        left = index % columns * (width + gap)
        sheet[top : top + height, left : left + width] = tile
    return sheet
