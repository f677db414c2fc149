"""Everyday things in 3-D, and viewpoint and lamp to take their picture with.

Every picture is computed from the triangles of a real model: exact, without holes, with smooth
edges, and the same on every computer. Nothing here draws on a page, and nothing imports torch.
"""

from aml4d_utils.solids.inventory import Thing, kinds, split_things, thing, things
from aml4d_utils.solids.lamp import Lamp
from aml4d_utils.solids.mesh import Mesh
from aml4d_utils.solids.rendering import Rendering, render
from aml4d_utils.solids.viewpoint import Viewpoint

__all__ = [
    "Lamp",
    "Mesh",
    "Rendering",
    "Thing",
    "Viewpoint",
    "kinds",
    "render",
    "split_things",
    "thing",
    "things",
]
