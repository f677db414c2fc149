"""A detector of your own, exported as ONNX, behind the same call as the course's.

ONNX is a file format for trained networks that holds no Python: nothing in it is run as a program.
It needs the package onnxruntime, which the course does not install by itself. YOLOv5 and later
versions of YOLO export it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aml4d_utils.images import as_float, resize
from aml4d_utils.nets import labels
from aml4d_utils.nets.detection import Detections, suppress
from aml4d_utils.nets.preprocessing import letterbox

LARGEST = 500_000_000
"""Bytes; a larger file is refused."""
_FREE_SIZE = 640
_LARGEST_SIDE = 2048
_GROUND = 114 / 255
_BOX = 4


class NoDetectorError(ValueError):
    """A file is no detector that can be used here; the message says why in one sentence."""


@dataclass(frozen=True)
class Opening:
    """What came of opening a file: a detector, or the reason why there is none.

    Attributes
    ----------
    detector : OwnDetector or None
    sentence : str
    """

    detector: OwnDetector | None
    sentence: str


@dataclass(frozen=True)
class OwnDetector:
    """A YOLO export; called with a picture, it answers as `nets.detect` does.

    Attributes
    ----------
    session : onnxruntime.InferenceSession
    size : int
        Side of the square that it sees, in pixels.
    words : tuple of str
        What it can say.
    """

    session: Any
    size: int
    words: tuple[str, ...]

    def __call__(self, image: np.ndarray, threshold: float = 0.3, iou: float = 0.6) -> Detections:
        """Return the things that it finds in a photo, surest first.

        Parameters
        ----------
        image : ndarray (H, W, 3), float in [0, 1]
        threshold, iou : float in [0, 1]
            As in `nets.detect`.

        Raises
        ------
        NoDetectorError
            If what it answers is not what a YOLO answers.
        """
        image = as_float(image)
        place = letterbox(image.shape, self.size)
        square = np.full((self.size, self.size, 3), _GROUND, np.float32)
        inside = resize(image, place.height, place.width)
        square[place.top : place.top + place.height, place.left : place.left + place.width] = inside
        first = self.session.get_inputs()[0]
        pixels = square.transpose(2, 0, 1)[None].astype(_dtype(first))
        try:
            answer = self.session.run(None, {first.name: pixels})[0]
        except Exception as error:
            raise NoDetectorError(f"The network stopped: {_first_line(error)}") from error
        boxes, scores, classes = decode_yolo(answer, len(self.words), threshold)
        corner = np.array([place.left, place.top] * 2)
        limits = np.array([image.shape[1], image.shape[0]] * 2)
        boxes = np.clip((boxes - corner) / place.scale, 0, limits).astype(np.float32)
        found = Detections(boxes, scores, np.array(self.words)[classes])
        return suppress(suppress(found, iou, across_labels=False), iou)


def decode_yolo(
    answer: np.ndarray, words: int, threshold: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Turn the answer of a YOLO into boxes, scores and classes.

    Parameters
    ----------
    answer : ndarray (1, N, 5 + words) or (1, 4 + words, N)
        For each cell the middle, width and height of its box in pixels of the square; then, in
        YOLOv5 only, how sure it is that there is anything; then a score for each word.
    words : int
        How many words there are.
    threshold : float in [0, 1]
        Lowest score that counts.

    Returns
    -------
    boxes : ndarray (M, 4), float64
        ``x0, y0, x1, y1`` in pixels of the square.
    scores : ndarray (M,), float32 in [0, 1]
    classes : ndarray (M,), int64

    Raises
    ------
    NoDetectorError
        If the answer has another shape or holds no numbers.

    Examples
    --------
    >>> cell = np.array([[[50, 40, 20, 10, 0.9, 0.1, 0.8]]])
    >>> boxes, scores, classes = decode_yolo(cell, 2, 0.3)
    >>> boxes.tolist(), round(float(scores[0]), 2), classes.tolist()
    ([[40.0, 35.0, 60.0, 45.0]], 0.72, [1])
    """
    rows = np.asarray(answer, dtype=np.float64)
    if rows.ndim == 3 and len(rows) == 1 and rows.shape[2] == _BOX + 1 + words:
        rows = rows[0]
        scores = rows[:, _BOX : _BOX + 1] * rows[:, _BOX + 1 :]
    elif rows.ndim == 3 and len(rows) == 1 and rows.shape[1] == _BOX + words:
        rows = rows[0].T
        scores = rows[:, _BOX:]
    else:
        raise NoDetectorError(
            f"The network answers with the shape {rows.shape}; a YOLO with {words} words answers "
            f"with (1, N, {_BOX + 1 + words}) or (1, {_BOX + words}, N)."
        )
    if not np.isfinite(rows).all():
        raise NoDetectorError("The network answers with NaN or infinite numbers.")
    cells, classes = (scores > threshold).nonzero()
    middle, half = rows[cells, :2], rows[cells, 2:_BOX] / 2
    sure = np.clip(scores[cells, classes], 0, 1).astype(np.float32)
    return np.concatenate([middle - half, middle + half], axis=1), sure, classes


def open_own(path: str | Path) -> Opening:
    """Open an ONNX file; whatever is wrong with it is said in one sentence.

    Parameters
    ----------
    path : str or Path

    Examples
    --------
    >>> open_own("no_such_file.onnx").detector is None
    True
    """
    try:
        detector = _opened(Path(path))
    except NoDetectorError as error:
        return Opening(None, str(error))
    return Opening(
        detector,
        f"{Path(path).name} sees {detector.size} × {detector.size} pixels and knows "
        f"{len(detector.words)} words, the first of them “{detector.words[0]}”.",
    )


def _opened(path: Path) -> OwnDetector:
    if not path.is_file():
        raise NoDetectorError(
            f"There is no file {path.name} in this folder. Put your export beside this notebook, "
            "or go on without: the lesson does not need it."
        )
    if path.stat().st_size > LARGEST:
        raise NoDetectorError(
            f"{path.name} has {path.stat().st_size / 1e6:,.0f} megabytes; at most "
            f"{LARGEST / 1e6:,.0f} are read here."
        )
    session = _session(path)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(inputs[0].shape) != 4 or inputs[0].shape[1] not in (3, None):
        shapes = ", ".join(str(one.shape) for one in inputs)
        raise NoDetectorError(
            f"{path.name} wants {shapes or 'nothing'}; a detector wants one picture "
            "(1, 3, height, width)."
        )
    _dtype(inputs[0])
    size = _side(path.name, inputs[0].shape[2:])
    return OwnDetector(session, size, _words(session, path.name, outputs[0].shape))


def _session(path: Path) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise NoDetectorError(
            "The package onnxruntime is not installed: install it once, online, with "
            "`pip install onnxruntime`. The rest of the lesson works without it."
        ) from None
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise NoDetectorError(
            f"{path.name} is no ONNX file, or it is damaged: {_first_line(error)}"
        ) from error


def _side(name: str, sides: list[Any]) -> int:
    fixed = {side for side in sides if isinstance(side, int) and side > 0}
    if len(fixed) > 1:
        raise NoDetectorError(f"{name} wants pictures of {sides}; only squares are made here.")
    size = fixed.pop() if fixed else _FREE_SIZE
    if size > _LARGEST_SIDE:
        raise NoDetectorError(
            f"{name} wants pictures of {size} pixels; at most {_LARGEST_SIDE} are made here."
        )
    return size


def _dtype(first: Any) -> type:
    kinds = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
    if first.type not in kinds:
        raise NoDetectorError(
            f"The network wants {first.type}; a detector wants numbers of 16 or 32 bits with a "
            "point: export it that way."
        )
    return kinds[first.type]


def _words(session: Any, name: str, shape: list[Any]) -> tuple[str, ...]:
    """Return the words from the file's own notes, or COCO's where their number fits."""
    written = session.get_modelmeta().custom_metadata_map.get("names", "")
    try:
        names = ast.literal_eval(written) if written else {}
    except (ValueError, SyntaxError):
        names = {}
    if isinstance(names, dict) and names:
        return tuple(str(names[key]) for key in sorted(names))
    if isinstance(names, (list, tuple)) and names:
        return tuple(map(str, names))
    coco = labels("nanodet_g")
    fitting = {len(coco) + _BOX, len(coco) + _BOX + 1}
    if len(shape) == 3 and fitting & set(shape[1:]):
        return tuple(coco)
    raise NoDetectorError(
        f"{name} answers with {shape} and brings no words: that is no YOLO as it is exported."
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__
