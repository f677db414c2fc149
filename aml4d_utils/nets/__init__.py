"""Real trained networks, loaded from the course's own files, and what they say about photos."""

from aml4d_utils.nets.class_names import labels
from aml4d_utils.nets.classification import (
    Prediction,
    classify,
    most_probable,
    probabilities,
)
from aml4d_utils.nets.detection import (
    CellAnswers,
    Detections,
    SuppressionStep,
    box_iou,
    candidates,
    cell_answers,
    decode,
    detect,
    suppress,
    suppression_steps,
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
    "CellAnswers",
    "Detections",
    "Letterbox",
    "Prediction",
    "SuppressionStep",
    "as_image",
    "as_tensor",
    "box_iou",
    "candidates",
    "cell_answers",
    "choose_device",
    "classify",
    "decode",
    "detect",
    "labels",
    "letterbox",
    "load",
    "most_probable",
    "net_names",
    "normalise",
    "preprocess",
    "probabilities",
    "suppress",
    "suppression_steps",
]
