"""Examples to learn from: the course's small faces and other things, joined and varied."""

from __future__ import annotations

import numpy as np

from aml4d_utils.images import Faces


def training_examples(data: Faces) -> tuple[np.ndarray, np.ndarray]:
    """Return the training pictures and whether each is a face.

    Returns
    -------
    pictures : ndarray (N, 25, 25), float32 in [0, 1]
        Faces first.
    is_face : ndarray (N,), bool
    """
    return _joined(data.train_faces, data.train_others)


def held_out_examples(data: Faces) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures that nothing may learn from, as `training_examples` does."""
    return _joined(data.test_faces, data.test_others)


def _joined(faces: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    is_face = np.arange(len(faces) + len(others)) < len(faces)
    return np.concatenate([faces, others]), is_face


def varied(faces: np.ndarray, copies: int, rng: np.random.Generator) -> np.ndarray:
    """Return faces with mirrored and slightly moved, turned and resized copies of them.

    Only training faces may be varied: a copy belongs to the part of its original.

    Parameters
    ----------
    faces : ndarray (N, S, S), float in [0, 1]
    copies : int
        How many of each face, the face itself among them; every second one is mirrored.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray (N · copies, S, S), float32 in [0, 1]
        The faces themselves first. What a copy shows beyond the edge repeats the edge.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> faces = images.faces().test_faces[:10]
    >>> varied(faces, 4, np.random.default_rng(0)).shape
    (40, 25, 25)
    """
    import cv2

    side = faces.shape[1]
    middle = (side - 1) / 2
    found = [np.asarray(faces, dtype=np.float32)]
    for copy in range(1, copies):
        for face in found[0]:
            turn, grow = rng.uniform(-6, 6), np.exp(rng.uniform(-0.08, 0.08))
            matrix = cv2.getRotationMatrix2D((middle, middle), turn, grow)
            matrix[:, 2] += rng.uniform(-1, 1, 2)
            picture = face[:, ::-1] if copy % 2 else face
            moved = cv2.warpAffine(
                np.ascontiguousarray(picture), matrix, (side, side), borderMode=cv2.BORDER_REPLICATE
            )
            found.append(np.clip(moved, 0, 1)[None])
    return np.concatenate(found)
