"""Things in 3-D: how long one picture takes, and how long a thing takes to be read."""

from __future__ import annotations

from collections.abc import Iterator

from aml4d_utils import solids
from aml4d_utils.solids.mesh import Mesh
from benchmarks.measure import Row, repeat, scaled

VIEW_MS = 40


def _views(meshes: list[Mesh]) -> tuple[float, ...]:
    times: list[float] = []
    for mesh in meshes:
        for yaw in (30, 150, 270):
            side = solids.Viewpoint(yaw=yaw, pitch=15)
            times += repeat(lambda mesh=mesh, side=side: solids.render(mesh, side), 1)
    return scaled(times, 1000)


def rows() -> Iterator[Row]:
    """Render every thing from three sides, the solid ones and those with glass apart."""
    reading: list[float] = []
    meshes = []
    for thing in solids.things():
        reading += repeat(lambda thing=thing: meshes.append(thing.mesh), 1, 0)
    yield Row("solids: a thing read from its file", scaled(reading, 1000), "ms")
    solid = [mesh for mesh in meshes if not mesh.see_through.any()]
    glass = [mesh for mesh in meshes if mesh.see_through.any()]
    yield Row("solids: one view at 224 px, solid", _views(solid), "ms", VIEW_MS)
    yield Row("solids: one view at 224 px, with glass", _views(glass), "ms")
    dragged = solids.thing("forklift").mesh
    times = [
        seconds
        for yaw in range(0, 360, 9)
        for seconds in repeat(lambda yaw=yaw: solids.render(dragged, solids.Viewpoint(yaw)), 1, 0)
    ]
    yield Row("solids: the forklift turned", scaled(times, 1000), "ms", VIEW_MS, "p95")
