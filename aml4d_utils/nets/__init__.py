"""Real trained networks, loaded from the course's own files, and what they say about photos."""

from aml4d_utils.nets.class_names import labels
from aml4d_utils.nets.classification import Prediction, classify
from aml4d_utils.nets.detection import (
    Detections,
    box_iou,
    candidates,
    decode,
    detect,
    suppress,
)
from aml4d_utils.nets.devices import choose_device
from aml4d_utils.nets.loading import load, net_names
from aml4d_utils.nets.preprocessing import (
    Letterbox,
    as_image,
    as_tensor,
    letterbox,
    normalise,
    preprocess,
)

__all__ = [
    "Detections",
    "Letterbox",
    "Prediction",
    "as_image",
    "as_tensor",
    "box_iou",
    "candidates",
    "choose_device",
    "classify",
    "decode",
    "detect",
    "labels",
    "letterbox",
    "load",
    "net_names",
    "normalise",
    "preprocess",
    "suppress",
]
