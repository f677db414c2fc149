"""Mend torchvision when its compiled part does not fit the installed torch.

With a processor-only torch and the torchvision wheel that was linked against CUDA,
``import torchvision`` stops with ``operator torchvision::nms does not exist``. Only the
operators for non-maximum suppression are needed to get past that point, so they are defined
here in plain torch. An installation whose compiled part loads is left exactly as it is.

The work happens at the first ``import torchvision``, through an import hook, so that
``import aml4d_utils`` alone loads neither torch nor torchvision.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"

# torch forgets operators whose library object is collected.
_kept_libraries: list[Any] = []


def install_hook() -> None:
    """Watch for the first import of torchvision; calling it twice changes nothing."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def nms(dets: Tensor, scores: Tensor, iou_threshold: float) -> Tensor:
    """Non-maximum suppression: keep the best box, drop what overlaps it, go on.

    Parameters
    ----------
    dets : Tensor (N, 4), float
        Boxes ``x0, y0, x1, y1`` in pixels.
    scores : Tensor (N,), float
        One score per box; higher is better. Equal scores keep their order.
    iou_threshold : float in [0, 1]
        A box is dropped when its intersection over union with a kept one is above this.

    Returns
    -------
    Tensor (K,), int64
        Indices of the boxes kept, best first.

    Raises
    ------
    ValueError
        When the shapes are not (N, 4) and (N,).

    Examples
    --------
    >>> import torch
    >>> boxes = torch.tensor([[0., 0., 10., 10.], [1., 0., 11., 10.], [20., 20., 30., 30.]])
    >>> nms(boxes, torch.tensor([0.5, 0.9, 0.7]), 0.5).tolist()
    [1, 2]
    """
    import torch

    _check_shapes(dets, scores)
    order = torch.argsort(scores, descending=True, stable=True)
    boxes = dets[order]
    if not boxes.is_floating_point():
        boxes = boxes.float()
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    alive = torch.ones(len(boxes), dtype=torch.bool, device=boxes.device)
    kept = []
    for i in range(len(boxes)):
        if alive[i]:
            kept.append(i)
            alive[i + 1 :] &= ~(_iou_with_rest(boxes, area, i) > iou_threshold)
    return order[torch.tensor(kept, dtype=torch.long, device=boxes.device)]


def _iou_with_rest(boxes: Tensor, area: Tensor, i: int) -> Tensor:
    """Intersection over union of box i with every later one; 0/0 gives nan, which drops nothing."""
    import torch

    rest = boxes[i + 1 :]
    top_left = torch.maximum(boxes[i, :2], rest[:, :2])
    bottom_right = torch.minimum(boxes[i, 2:], rest[:, 2:])
    sides = (bottom_right - top_left).clamp(min=0)
    overlap = sides[:, 0] * sides[:, 1]
    return overlap / (area[i] + area[i + 1 :] - overlap)


def _check_shapes(dets: Tensor, scores: Tensor) -> None:
    if dets.dim() != 2 or dets.size(1) != 4:
        raise ValueError(f"nms expects boxes of shape (N, 4), but got {tuple(dets.shape)}.")
    if scores.dim() != 1 or scores.size(0) != dets.size(0):
        raise ValueError(
            f"nms expects one score per box, ({dets.size(0)},), but got {tuple(scores.shape)}."
        )


def _define_missing_operators(extension: ModuleType) -> None:
    """Define nms and qnms as soon as it is known that the compiled ones did not load."""
    if extension._has_ops() or _kept_libraries:
        return
    from torch import library as operators

    library = operators.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(name + SCHEMA)
        library.impl(name, nms, "CPU")
    _kept_libraries.append(library)


def _announce_operators(torchvision: ModuleType) -> None:
    # Only now: while torchvision loads, True would make it look for all compiled operators.
    # Modules that took _has_ops by name keep False and with it their fallback in Python.
    if _kept_libraries:
        torchvision.extension._has_ops = lambda: True


class _Finder(importlib.abc.MetaPathFinder):
    """Finds torchvision as usual and adds one step after two of its modules have run."""

    after: dict[str, Callable[[ModuleType], None]] = {
        "torchvision.extension": _define_missing_operators,
        "torchvision": _announce_operators,
    }

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self.after:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self.after[fullname])
        return spec


class _Loader(importlib.abc.Loader):
    """Runs a module with its own loader, then one function on it."""

    def __init__(self, inner: importlib.abc.Loader, after: Callable[[ModuleType], None]) -> None:
        self.inner = inner
        self.after = after

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.inner.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.inner.exec_module(module)
        self.after(module)

    def __getattr__(self, name: str) -> Any:
        # importlib.resources and inspect ask the loader for get_data, get_source and so on.
        return getattr(self.inner, name)
