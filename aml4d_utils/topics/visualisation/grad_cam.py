"""Grad-CAM: where in the photo do the last feature maps speak for a class?

References
----------
.. [1] R. R. Selvaraju, M. Cogswell, A. Das, R. Vedantam, D. Parikh and D. Batra, "Grad-CAM:
   visual explanations from deep networks via gradient-based localization", ICCV 2017.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from aml4d_utils.nets.squeezenet_layers import SIDE
from aml4d_utils.topics.visualisation.passing import ANSWER, Trace, back_by_gradient, one_cell

LAYER = "fire9"


@dataclass(frozen=True)
class ClassMap:
    """Grad-CAM for one class.

    Attributes
    ----------
    coarse : ndarray (h, w), float32, 0 or more
        One value for each cell of the layer.
    fine : ndarray (227, 227), float32, 0 or more
        The same, enlarged smoothly to the photo.
    weights : ndarray (C,), float32
        How much each map of the layer speaks for the class.
    """

    coarse: np.ndarray
    fine: np.ndarray
    weights: np.ndarray


def class_activation(maps: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """Return the weighted sum of feature maps; what speaks against the class becomes 0.

    Parameters
    ----------
    maps, gradients : ndarray (C, h, w)
        The feature maps, and how the class's score changes with each of their cells. A map's
        weight is the mean of its gradients.

    Returns
    -------
    ndarray (h, w), 0 or more

    Examples
    --------
    >>> maps = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    >>> class_activation(maps, np.array([[[2.0, 2.0]], [[-1.0, -1.0]]])).tolist()
    [[2.0, 0.0]]
    """
    weights = gradients.mean((1, 2))
    return np.maximum(np.tensordot(weights, maps, axes=1), 0)


def gradients_of_class(trace: Trace, index: int, layer: str = LAYER) -> np.ndarray:
    """Return (C, h, w): how a class's score changes with each cell of a layer."""
    start = one_cell(trace.maps(ANSWER), index, 0, 0)
    return trace.back(start, ANSWER, back_by_gradient, until=layer)[0].cpu().numpy()


def grad_cam(trace: Trace, index: int, layer: str = LAYER) -> ClassMap:
    """Return where the maps of a layer speak for a class.

    Parameters
    ----------
    trace : Trace
        The way of one photo through SqueezeNet to its end.
    index : int
        The class, 0 to 999.
    layer : str
        By default the last before the classifier.
    """
    maps = trace.maps(layer)[0].cpu().numpy()
    gradients = gradients_of_class(trace, index, layer)
    coarse = class_activation(maps, gradients)
    enlarged = torch.nn.functional.interpolate(
        torch.from_numpy(coarse)[None, None], (SIDE, SIDE), mode="bilinear", align_corners=False
    )
    return ClassMap(coarse, enlarged[0, 0].numpy(), gradients.mean((1, 2)))
