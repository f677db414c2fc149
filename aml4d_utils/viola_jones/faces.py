"""Faces and other things: 200 small pictures, split once for all detectors of the lesson.

The pictures are scikit-image's ``lfw_subset``: 100 faces from Labeled Faces in the Wild (Huang et
al., 2007) and 100 patches of the same photos that show no face.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

SIDE = 25
SEED = 6
TRAINING = 60


@dataclass(frozen=True)
class FaceSet:
    """The 200 pictures, split; no picture is in both parts.

    Attributes
    ----------
    train_faces, train_others : ndarray (60, 25, 25), float32 in [0, 1]
    test_faces, test_others : ndarray (40, 25, 25), float32 in [0, 1]
        Held out: nothing may learn from them.
    """

    train_faces: np.ndarray
    train_others: np.ndarray
    test_faces: np.ndarray
    test_others: np.ndarray

    @property
    def train(self) -> tuple[np.ndarray, np.ndarray]:
        """The 120 training pictures and whether each is a face."""
        return _joined(self.train_faces, self.train_others)

    @property
    def test(self) -> tuple[np.ndarray, np.ndarray]:
        """The 80 held-out pictures and whether each is a face."""
        return _joined(self.test_faces, self.test_others)


def face_set(seed: int = SEED) -> FaceSet:
    """Return the pictures in a split that the seed decides.

    Parameters
    ----------
    seed : int
        The same seed gives the same split on every machine.

    Examples
    --------
    >>> pictures, is_face = face_set().train
    >>> pictures.shape, int(is_face.sum())
    ((120, 25, 25), 60)
    """
    pictures = all_pictures()
    rng = np.random.default_rng(seed)
    faces, others = (rng.permutation(100) + first for first in (0, 100))
    return FaceSet(
        pictures[faces[:TRAINING]],
        pictures[others[:TRAINING]],
        pictures[faces[TRAINING:]],
        pictures[others[TRAINING:]],
    )


@lru_cache
def all_pictures() -> np.ndarray:
    """Return all 200 pictures (200, 25, 25), float32 in [0, 1], faces first; read-only."""
    from skimage.data import lfw_subset

    pictures = lfw_subset().astype(np.float32)
    pictures.flags.writeable = False
    return pictures


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
    >>> varied(face_set().train_faces, 4, np.random.default_rng(0)).shape
    (240, 25, 25)
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
