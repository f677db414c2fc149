"""Which cells of a feature map can one pixel reach? Measured by changing the pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from aml4d_utils import nets
from aml4d_utils.nets.receptive_fields import receptive_field, receptive_interval
from aml4d_utils.nets.squeezenet_layers import NAME, SIDE, STAGES, feature_maps, geometry_up_to

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class LocalityResult:
    """What changing one pixel changed at one stage of the network.

    Attributes
    ----------
    stage : str
    pixel : (int, int)
        Row and column of the changed pixel, 0 to 226.
    photo : ndarray (227, 227, 3), float32 in [0, 1]
        With the changed pixel.
    change : ndarray (h, w), float32
        Largest absolute change over all channels, cell by cell.
    cell : (int, int)
        The watched cell: the middle one.
    box : (x0, y0, x1, y1)
        What the watched cell can see, by arithmetic, in pixels, cut at the photo's edges.
    field : int
        Side of the receptive field in pixels, not cut.
    moved : bool
        Whether the watched cell changed.
    share : float
        Share of all cells that changed.
    """

    stage: str
    pixel: tuple[int, int]
    photo: np.ndarray
    change: np.ndarray
    cell: tuple[int, int]
    box: Box
    field: int
    moved: bool
    share: float

    @property
    def inside(self) -> bool:
        """Whether the pixel lies in the watched cell's receptive field."""
        x0, y0, x1, y1 = self.box
        return y0 <= self.pixel[0] < y1 and x0 <= self.pixel[1] < x1


def change_pixel(view: np.ndarray, row: int, col: int) -> np.ndarray:
    """Return a copy in which one pixel is as different as it can be: dark turns white, light black.

    Raises
    ------
    ValueError
        If there is no such pixel.
    """
    height, width = view.shape[:2]
    if not (0 <= row < height and 0 <= col < width):
        raise ValueError(f"There is no pixel ({row}, {col}) in {height} × {width} pixels.")
    changed = view.copy()
    changed[row, col] = np.where(view[row, col] > 0.5, 0.0, 1.0)
    return changed


def maps_by_stage(net: nn.Module, view: np.ndarray) -> dict[str, torch.Tensor]:
    """Return the feature maps (C, h, w) of a view after every stage, by name, in one pass."""
    names = [stage.name for stage in STAGES]
    pixels = nets.preprocess(NAME, view, device=next(net.parameters()).device)
    return {n: maps[0] for n, maps in zip(names, feature_maps(net, pixels, names), strict=True)}


def locality_experiment(
    net: nn.Module,
    view: np.ndarray,
    pixel: tuple[int, int],
    stage: str,
    unchanged: dict[str, torch.Tensor] | None = None,
) -> LocalityResult:
    """Change one pixel and see which cells after a stage change with it.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    view : ndarray (227, 227, 3)
        From :func:`network_view`.
    pixel : (int, int)
        Row and column.
    stage : str
        A name from ``squeezenet_layers.STAGES``.
    unchanged : dict, optional
        ``maps_by_stage(net, view)``, where it is known already.
    """
    changed = change_pixel(view, *pixel)
    unchanged = maps_by_stage(net, view) if unchanged is None else unchanged
    pixels = nets.preprocess(NAME, changed, device=next(net.parameters()).device)
    (maps,) = feature_maps(net, pixels, [stage])
    change = (maps[0] - unchanged[stage]).abs().amax(0).cpu().numpy()
    cell = (change.shape[0] // 2, change.shape[1] // 2)
    layers = geometry_up_to(net, stage)
    (y0, y1), (x0, x1) = (receptive_interval(layers, place) for place in cell)
    return LocalityResult(
        stage=stage,
        pixel=tuple(pixel),
        photo=changed,
        change=change,
        cell=cell,
        box=tuple(float(np.clip(edge, 0, SIDE)) for edge in (x0, y0, x1, y1)),
        field=receptive_field(layers),
        moved=bool(change[cell] > 0),
        share=float((change > 0).mean()),
    )
