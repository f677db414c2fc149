"""Faces in a photo: show every window to a cascade, then make one box of many."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from aml4d_utils.images import as_uint8, grey
from aml4d_utils.nets.detection import Detections
from aml4d_utils.topics.viola_jones.cascade import Cascade, scan
from aml4d_utils.topics.viola_jones.opencv_cascade import FRONTAL, cascade_file

_OVERLAP = 0.2
"""How much boxes of one group may differ, as a share of their sides (OpenCV's default)."""


def find_faces(
    photo: np.ndarray,
    cascade: Cascade,
    *,
    neighbours: int = 3,
    smallest: float = 0,
    factor: float = 1.1,
) -> Detections:
    """Find faces with a cascade, evaluated by the course's own code.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3)
        Anything that `images.as_float` accepts.
    cascade : Cascade
        `opencv_cascade.opencv_cascade` or one that you trained.
    neighbours : int
        How many windows must agree on a face besides the first; 0 returns every single window.
    smallest : float
        Smallest face in pixels.
    factor : float
        How much larger each size is than the one before.

    Returns
    -------
    Detections
        Surest first. With n windows behind a box, its score is n / (n + 5): more windows, surer.

    Raises
    ------
    ValueError
        If the photo is no image.
    """
    scanned = scan(photo, cascade, smallest=smallest, factor=factor)
    height, width = scanned.shape
    limits = np.array([width, height] * 2)
    boxes = np.clip(np.rint(scanned.boxes[scanned.found]), 0, limits)
    return grouped(boxes, neighbours)


def find_faces_with_opencv(
    photo: np.ndarray,
    name: str = FRONTAL,
    *,
    neighbours: int = 3,
    smallest: float = 0,
    factor: float = 1.1,
) -> Detections:
    """Find faces with one of OpenCV's trained cascades, evaluated by OpenCV: fast.

    Parameters
    ----------
    photo, neighbours, smallest, factor
        As in `find_faces`.
    name : str
        One of OpenCV's cascades.

    Returns
    -------
    Detections
        As `find_faces` returns them.

    Raises
    ------
    ValueError
        If the photo is no image, or there is no such cascade.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> len(find_faces_with_opencv(images.photo("astronaut"), neighbours=5))
    1
    """
    pixels = as_uint8(grey(photo))[:, :, 0]
    side = round(smallest)
    found = _detector(name).detectMultiScale(
        pixels, scaleFactor=factor, minNeighbors=0, minSize=(side, side)
    )
    boxes = np.asarray(found, dtype=np.float32).reshape(-1, 4)
    boxes[:, 2:] += boxes[:, :2]
    # OpenCV's threads hand the windows over in any order; groups depend on it.
    return grouped(boxes[np.lexsort(boxes.T)], neighbours)


def find_faces_quickly(photo: np.ndarray) -> Detections:
    """Find faces with OpenCV's frontal-face cascade in larger steps of size: twice as fast."""
    return find_faces_with_opencv(photo, factor=1.2)


def grouped(boxes: np.ndarray, neighbours: int = 3) -> Detections:
    """Make one box of the many windows that fire around one face.

    Parameters
    ----------
    boxes : ndarray (N, 4), float
        x0, y0, x1, y1.
    neighbours : int
        A group counts when it has more windows than this; 0 keeps every window.

    Examples
    --------
    >>> around = np.array([[0, 0, 20, 20]] * 4 + [[90, 90, 99, 99]])
    >>> found = grouped(around)
    >>> found.boxes.tolist(), found.labels.tolist()
    ([[0.0, 0.0, 20.0, 20.0]], ['face'])
    """
    import cv2

    counts = np.ones(len(boxes))
    if neighbours > 0 and len(boxes):
        corners = np.asarray(boxes, dtype=np.int64)
        sized = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
        kept, counts = cv2.groupRectangles(sized.tolist(), neighbours, _OVERLAP)
        boxes = np.asarray(kept, dtype=np.float32).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        counts = np.asarray(counts, dtype=np.float64).reshape(-1)
    order = np.argsort(-counts, kind="stable")
    return Detections(
        np.asarray(boxes, dtype=np.float32).reshape(-1, 4)[order],
        (counts / (counts + 5)).astype(np.float32)[order],
        np.full(len(order), "face"),
    )


@lru_cache
def _detector(name: str):
    import cv2

    return cv2.CascadeClassifier(str(cascade_file(name)))
