"""Take a picture of a thing: exact, with smooth edges, the same on every computer.

Which surface is seen is decided at nine points of each pixel, what colour it has once for each
triangle in the pixel. Only sums, products, quotients and square roots of single numbers are used,
which every processor rounds alike.
"""

from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import as_float, resize
from aml4d_utils.solids.inventory import Thing
from aml4d_utils.solids.lamp import Lamp
from aml4d_utils.solids.mesh import Mesh
from aml4d_utils.solids.rasterising import Fragments, Projected, fragments, nearest
from aml4d_utils.solids.shading import Light, shade
from aml4d_utils.solids.viewpoint import Viewpoint

# Points along each side of a pixel: odd, so that one of them lies in its middle.
POINTS = 3
LARGEST = 2048
_VIEWPOINT = Viewpoint()
_LAMP = Lamp()


@dataclass(frozen=True)
class Rendering:
    """A picture of a thing, and the truth about it.

    Parameters
    ----------
    picture : ndarray (H, W, 3), float32 in [0, 1]
        The thing before its background.
    rgba : ndarray (H, W, 4), float32 in [0, 1]
        The thing alone, as a cut-out: its own colours and, last, the mask. Colours where the mask
        is 0 mean nothing.
    depth : ndarray (H, W), float32
        Distance of the nearest surface along the camera's axis, in radii of the thing, at the
        middle of each pixel; infinite where there is none.
    """

    picture: np.ndarray
    rgba: np.ndarray
    depth: np.ndarray

    @property
    def mask(self) -> np.ndarray:
        """How much of each pixel the thing covers: ndarray (H, W), float32 in [0, 1].

        Glass covers as much as it hides.
        """
        return self.rgba[..., 3]


def render(
    thing: Thing | Mesh,
    viewpoint: Viewpoint = _VIEWPOINT,
    lamp: Lamp = _LAMP,
    background: float | tuple[float, float, float] | np.ndarray = 0.5,
    size: int | tuple[int, int] = 224,
) -> Rendering:
    """Take a picture of a thing.

    Parameters
    ----------
    thing : Thing or Mesh
        From `solids.thing`, or surfaces of your own.
    viewpoint : Viewpoint
        Where the camera stands and how it looks.
    lamp : Lamp
        Where it shines from, and the light from all sides.
    background : float, tuple of 3 float, or ndarray (h, w, 3)
        A grey or a colour in [0, 1], or a picture, which is stretched to the size.
    size : int or tuple of 2 int
        Of the picture in pixels, from 1 to 2048: one side of a square, or (height, width).

    Returns
    -------
    Rendering
        Picture, mask and depth. The same call gives the same numbers on every computer.

    Raises
    ------
    ValueError
        If the size or the background is none.
    AssetError
        If the thing's file is missing or damaged.

    Examples
    --------
    >>> from aml4d_utils import solids
    >>> view = solids.render(solids.thing("forklift"), solids.Viewpoint(yaw=35, pitch=15))
    >>> view.picture.shape, view.depth.shape
    ((224, 224, 3), (224, 224))
    >>> round(float(view.mask.mean()), 1)
    0.2
    """
    mesh = thing.mesh if isinstance(thing, Thing) else thing
    height, width = _sides(size)
    ground = _ground(background, height, width)
    rgba = np.zeros((height, width, 4), np.float32)
    depth = np.full((height, width), np.inf, np.float32)
    window = _Window.around(mesh, viewpoint, lamp, height, width)
    if window is not None:
        rgba[window.part], depth[window.part] = _exposed(mesh, window)
    picture = rgba[..., :3] + (1 - rgba[..., 3:]) * ground
    rgba[..., :3] /= np.maximum(rgba[..., 3:], np.float32(1e-6))
    return Rendering(np.clip(picture, 0, 1), np.clip(rgba, 0, 1), depth)


@dataclass(frozen=True)
class _Window:
    """The pixels that a thing can touch, and the thing as it is seen in their grid of points."""

    top: int
    left: int
    height: int
    width: int
    projected: Projected
    light: Light

    @classmethod
    def around(
        cls, mesh: Mesh, viewpoint: Viewpoint, lamp: Lamp, height: int, width: int
    ) -> "_Window | None":
        """Return the part of a picture where the thing is; None where it is outside."""
        rotation = viewpoint.rotation()
        x, y, z = (
            mesh.vertices[:, 0] * a + mesh.vertices[:, 1] * b + mesh.vertices[:, 2] * c
            for a, b, c in rotation
        )
        nearness = 1 / (viewpoint.distance - z)
        focal_length = viewpoint.focal_length(min(height, width) * POINTS)
        x = width * POINTS / 2 + x * nearness * focal_length
        y = height * POINTS / 2 - y * nearness * focal_length
        left, top = (max(0, int(np.floor(place.min() / POINTS))) for place in (x, y))
        right, bottom = (
            min(side, int(np.ceil(place.max() / POINTS)))
            for side, place in ((width, x), (height, y))
        )
        if right <= left or bottom <= top:
            return None
        light = Light(
            lamp.direction(viewpoint),
            lamp.strength,
            lamp.ambient,
            rotation,
            focal_length,
            (POINTS * (width / 2 - left), POINTS * (height / 2 - top)),
        )
        projected = Projected(x - POINTS * left, y - POINTS * top, nearness)
        return cls(top, left, bottom - top, right - left, projected, light)

    @property
    def part(self) -> tuple[slice, slice]:
        """Rows and columns of the picture."""
        return (
            slice(self.top, self.top + self.height),
            slice(self.left, self.left + self.width),
        )

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of points."""
        return self.height * POINTS, self.width * POINTS

    @property
    def points(self) -> int:
        """Number of points."""
        return self.grid[0] * self.grid[1]

    def fragments(self, mesh: Mesh, chosen: np.ndarray) -> Fragments:
        """Return the points inside some of the triangles, given as bool (T,)."""
        return fragments(self.projected, mesh.triangles, chosen.nonzero()[0], *self.grid)


def _exposed(mesh: Mesh, window: _Window) -> tuple[np.ndarray, np.ndarray]:
    """Return colour times opacity with the opacity (h, w, 4), and the depth (h, w)."""
    shape = window.height, window.width
    pixels = np.arange(shape[0] * shape[1])
    solid = nearest(window.fragments(mesh, ~mesh.see_through), window.points)
    triangle, near = (_by_place(values, window) for values in solid)
    colours = _coloured(mesh, window, triangle, near, pixels)
    if mesh.see_through.any():
        _lay_over(colours, near, mesh, window)
    np.minimum(colours, colours[3], out=colours)
    total = colours[:, 0].copy()
    for place in range(1, POINTS**2):
        total += colours[:, place]
    total /= np.float32(POINTS**2)
    with np.errstate(divide="ignore"):
        depth = 1 / near[POINTS**2 // 2]
    return np.moveaxis(total.reshape(4, *shape), 0, -1), depth.reshape(shape)


def _lay_over(colours: np.ndarray, near: np.ndarray, mesh: Mesh, window: _Window) -> None:
    """Lay see-through surfaces over the solid ones, in place.

    Layer by layer from the front, as in depth peeling, at the pixels that have any.

    Parameters
    ----------
    colours : ndarray (4, POINTS², pixels), float32
        Colour times opacity and the opacity of what is solid.
    near : ndarray (POINTS², pixels), float32
        Its nearness.
    mesh : Mesh
    window : _Window
    """
    clear = window.fragments(mesh, mesh.see_through)
    row, column = np.divmod(clear.point, window.grid[1])
    place = row % POINTS * POINTS + column % POINTS
    pixel = row // POINTS * window.width + column // POINTS
    front = clear.nearness > near[place, pixel]
    touched = np.zeros(near.shape[1], bool)
    touched[pixel[front]] = True
    pixels = touched.nonzero()[0]
    rank = np.cumsum(touched) - 1
    left = clear.at(place * len(pixels) + rank[pixel]).kept(front)
    shape = POINTS**2, len(pixels)
    veil = np.zeros((4, *shape), np.float32)
    nearest_of_all = near[:, pixels]
    while len(left.point):
        triangle, nearness = nearest(left, shape[0] * shape[1])
        layer = triangle.reshape(shape), nearness.reshape(shape)
        veil += (1 - veil[3]) * _coloured(mesh, window, *layer, pixels)
        np.maximum(nearest_of_all, layer[1], out=nearest_of_all)
        left = left.kept(left.triangle != triangle[left.point])
    colours[:, :, pixels] = veil + (1 - veil[3]) * colours[:, :, pixels]
    near[:, pixels] = nearest_of_all


def _coloured(
    mesh: Mesh, window: _Window, triangle: np.ndarray, near: np.ndarray, pixels: np.ndarray
) -> np.ndarray:
    """Return colours, as `shade` does, at all points of some pixels; zeros for nothing.

    Of the points of a pixel that lie on one triangle only the first is shaded.

    Parameters
    ----------
    mesh : Mesh
    window : _Window
    triangle, near : ndarray (POINTS², P)
        What is seen, and its nearness.
    pixels : ndarray (P,), int64
        Row × width + column of each pixel in the window.

    Returns
    -------
    ndarray (4, POINTS², P), float32
    """
    number = np.arange(triangle.size).reshape(triangle.shape)
    like = _first_alike(triangle.astype(np.int32), number)
    chosen = ((like == number) & (triangle >= 0)).ravel().nonzero()[0]
    place, pixel = np.divmod(chosen, triangle.shape[1])
    row, column = np.divmod(pixels[pixel], window.width)
    colours = shade(
        mesh,
        window.projected,
        window.light,
        triangle.ravel()[chosen],
        (column * POINTS + place % POINTS).astype(np.float32) + np.float32(0.5),
        (row * POINTS + place // POINTS).astype(np.float32) + np.float32(0.5),
        near.ravel()[chosen],
    )
    result = np.zeros((4, triangle.size), np.float32)
    for channel, colour in zip(result, colours, strict=True):
        channel[chosen] = colour
        channel[:] = channel.take(like.ravel())
    return result.reshape(4, *triangle.shape)


def _first_alike(triangle: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Return for each point the number of the first in its pixel on the same triangle.

    Parameters
    ----------
    triangle : ndarray (POINTS², pixels), int32
        What is seen; -1 for nothing.
    number : ndarray (POINTS², pixels), int64
        Of each point.
    """
    like = number.copy()
    for last in range(1, len(triangle)):
        # Backwards, so that the first of several like ones is written last.
        for before in range(last - 1, -1, -1):
            same = triangle[last] == triangle[before]
            np.copyto(like[last], number[before], where=same)
    return like


def _by_place(values: np.ndarray, window: _Window) -> np.ndarray:
    """Put values at all points, row by row, in the order (POINTS², pixels)."""
    grid = values.reshape(window.height, POINTS, window.width, POINTS)
    return np.ascontiguousarray(grid.transpose(1, 3, 0, 2)).reshape(POINTS**2, -1)


def _sides(size: int | tuple[int, int]) -> tuple[int, int]:
    sides = tuple(size) if isinstance(size, (tuple, list)) else (size, size)
    if len(sides) == 2 and all(
        isinstance(side, (int, np.integer)) and not isinstance(side, bool) and 1 <= side <= LARGEST
        for side in sides
    ):
        return int(sides[0]), int(sides[1])
    raise ValueError(
        f"Expected `size` as a whole number of pixels from 1 to {LARGEST}, or two of them as "
        f"(height, width), but got {size!r}."
    )


def _ground(
    background: float | tuple[float, float, float] | np.ndarray, height: int, width: int
) -> np.ndarray:
    if isinstance(background, np.ndarray) and background.ndim > 1:
        return resize(as_float(background), height, width)
    colour = np.asarray(background, np.float32)
    if colour.shape not in ((), (3,)) or not ((colour >= 0) & (colour <= 1)).all():
        raise ValueError(
            "Expected `background` as a grey in [0, 1], as three such numbers, or as a picture, "
            f"but got {background!r}."
        )
    return colour
