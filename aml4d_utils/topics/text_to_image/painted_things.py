"""Painted things in 3-D: the pictures from which the text-to-image network learns.

A thing's own colours are taken off; what stays is its light and shade, and a paint of the eight is
laid over it. So every colour can meet every kind, and which pairs do is ours to decide.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from aml4d_utils import solids
from aml4d_utils.topics.text_to_image.captions import COLOURS, KINDS, SIDES, SIZES, Caption

SIDE = 64
"""Height and width of a picture in pixels."""

GROUND = 0.88
"""Grey behind the things, darker than white paint and lighter than every other."""

MODELS = {
    "armchair": (
        "green armchair",
        "white tulip armchair",
        "cream armchair",
        "brown bucket armchair",
        "black club armchair",
        "white tufted armchair",
        "slim blue armchair",
        "blue wing chair",
    ),
    "chair": (
        "blue plastic chair",
        "brown dining chair",
        "pale wooden chair",
        "slat-back chair",
        "grey ladder-back chair",
        "blue dining chair",
        "wooden chair with red seat",
        "white kitchen chair",
    ),
    "stool": ("orange bar stool", "grey bar stool", "green stool", "white diner stool"),
    "sofa": ("beige sofa", "red futon sofa", "white tufted sofa", "cream sofa", "red sofa"),
    "table": (
        "oak table",
        "white kitchen table",
        "round café table",
        "wooden coffee table",
        "trestle table",
        "small wooden table",
    ),
    "lamp": (
        "golden table lamp",
        "blue table lamp",
        "wooden bedside lamp",
        "yellow bedside lamp",
        "stacked-stone lamp",
    ),
    "vase": ("slim vase", "blue vase", "clay jug"),
    "cup": ("cup and saucer", "blue plastic cup", "white mug", "paper coffee cup"),
    "shoe": ("red sneakers", "high heels", "ankle boots", "loafers"),
    "bicycle": ("bicycle",),
    "car": ("red sports car",),
    "horse": ("brown horse",),
}
"""Which models may stand for each kind."""

YAW = {"left": (-75, -35), "front": (-15, 15), "right": (35, 75)}
"""How far the camera goes round, in degrees; the thing's own left is on the picture's right."""

DISTANCE = {"small": (5.9, 6.5), "big": (4.1, 4.5)}
"""How far away the camera stands, in radii of the thing."""


@dataclass(frozen=True)
class View:
    """Light and shade of one thing from one side, without its colours.

    Parameters
    ----------
    kind, size, side : str
        What a caption says of it.
    shade : ndarray (SIDE, SIDE), float32 in [0, 1]
        How light each point is.
    mask : ndarray (SIDE, SIDE), float32 in [0, 1]
        How much of each pixel the thing covers.
    """

    kind: str
    size: str
    side: str
    shade: np.ndarray
    mask: np.ndarray

    def caption(self, colour: str) -> Caption:
        """Return the caption of this view in a colour."""
        return Caption(self.size, colour, self.kind, self.side)


@cache  # a mesh is asked for again and again, in random order; all 50 take 52 MB
def _mesh(name: str) -> solids.Mesh:
    return solids.thing(name).mesh


def view(kind: str, size: str, side: str, rng: np.random.Generator) -> View:
    """Take a picture of some model of a kind from about a side.

    Parameters
    ----------
    kind, size, side : str
        Words of captions.
    rng : numpy.random.Generator
        Chooses the model, the exact viewpoint and the lamp.

    Returns
    -------
    View
    """
    mesh = _mesh(str(rng.choice(MODELS[kind])))
    viewpoint = solids.Viewpoint(
        yaw=rng.uniform(*YAW[side]),
        pitch=rng.uniform(8, 24),
        distance=rng.uniform(*DISTANCE[size]),
    )
    rendering = solids.render(mesh, viewpoint, size=SIDE)
    grey = rendering.rgba[..., :3] @ np.float32((0.299, 0.587, 0.114))
    mask = rendering.mask
    inside = grey[mask > 0.5]
    low, high = np.quantile(inside, (0.02, 0.98)) if inside.size else (0.0, 1.0)
    shade = np.clip((grey - low) / max(high - low, 0.05), 0, 1)
    return View(kind, size, side, shade.astype(np.float32), mask)


def paint(shade: np.ndarray, mask: np.ndarray, colour: str) -> np.ndarray:
    """Lay a paint over light and shade, before the grey ground.

    Parameters
    ----------
    shade, mask : ndarray (..., H, W), float in [0, 1]
    colour : str
        A name of `COLOURS`.

    Returns
    -------
    ndarray (..., H, W, 3), float32 in [0, 1]

    Examples
    --------
    >>> import numpy as np
    >>> paint(np.ones((1, 1)), np.ones((1, 1)), "blue").round(2)
    array([[[0.16, 0.36, 0.84]]], dtype=float32)
    """
    light = (0.45 + 0.55 * shade)[..., None]
    picture = light * np.float32(COLOURS[colour])
    cover = mask[..., None]
    return (cover * picture + (1 - cover) * GROUND).astype(np.float32)


def balanced_views(per_caption: int, rng: np.random.Generator):
    """Yield views of every kind, size and side, equally many of each.

    Parameters
    ----------
    per_caption : int
        Views for each of the 72 triples.
    rng : numpy.random.Generator

    Yields
    ------
    View
    """
    for kind in KINDS:
        for size in SIZES:
            for side in SIDES:
                for _ in range(per_caption):
                    yield view(kind, size, side, rng)
