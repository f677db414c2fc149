"""Generated and photographed faces, made alike in everything that is not the face.

The photographed faces are small, grey and cut close; the generated ones are larger and in colour.
Who is asked which is real would go by that. So both are brought to one crop, one size and grey,
to the same distribution of grey values and the same share of coarse and fine detail (after
Willenbockel et al. [1]_), and through one compression. What is left is how light and dark are
arranged: the face.

References
----------
.. [1] V. Willenbockel et al., "Controlling low-level image properties: the SHINE toolbox",
   Behavior Research Methods 42, 2010.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from torch import nn

from aml4d_utils import images
from aml4d_utils.images.face_pictures import SIDE
from aml4d_utils.topics.face_gan.face_latents import face_latents, faces_from

CROP = (8, 60, 6, 58)
"""First and last row and column of the part of a generated face that fits the photographs."""

QUALITY = 60
"""Of the JPEG compression, 1 to 95."""

_ROUNDS = 20
_FILE_WEIGHT = 2.0
"""How much the file's size counts beside each other feature when alike pictures are sought."""


@dataclass(frozen=True)
class FaceSets:
    """Photographed and generated faces, as they come and made alike.

    Parameters
    ----------
    real, generated : ndarray (100, 25, 25), float32 in [0, 1]
        Made alike. The first 60 are for training a discriminator, the others for tests; of the
        photographs this is the split that all lessons share.
    real_raw : ndarray (100, 25, 25), float32 in [0, 1]
    generated_raw : ndarray (100, 64, 64, 3), float32 in [0, 1]
        As they come.
    training : int
        How many are for training.
    fraction : float
    """

    real: np.ndarray
    generated: np.ndarray
    real_raw: np.ndarray
    generated_raw: np.ndarray
    training: int = 60
    fraction: float = 1.0


def face_sets(generator: nn.Module, *, seed: int = 0, pool: int = 600) -> Iterator[FaceSets]:
    """Make a hundred faces of each sort alike; yield after each part of the work.

    Of ``pool`` generated faces those are chosen whose format is nearest to a photograph's, one for
    each, whatever face is on them.

    Raises
    ------
    ValueError
        If the pool has fewer faces than there are photographs.
    """
    data = images.faces()
    real = np.concatenate([data.train_faces, data.test_faces])
    if pool < len(real):
        raise ValueError(f"Expected at least {len(real)} generated faces to choose from.")
    vectors, raw, small = face_latents(pool, seed), [], []
    for part in vectors.split(50):
        raw.append(faces_from(generator, part))
        small.append(crop(raw[-1]))
        done = 0.7 * sum(map(len, raw)) / pool
        yield FaceSets(real, small[0], real, raw[0], fraction=done)
    raw, small = np.concatenate(raw), np.concatenate(small)
    look = common_look(np.concatenate([real, small[: len(real)]]))
    alike, candidates = match(real, *look), match(small, *look)
    chosen = _alike_in_format(format_features(alike), format_features(candidates))
    yield FaceSets(alike, candidates[chosen], real, raw[chosen])


def _alike_in_format(wanted: np.ndarray, offered: np.ndarray) -> np.ndarray:
    """Return for each row of features a different row of those offered, all as near as can be."""
    spread = np.maximum(wanted.std(0), 1e-9)
    spread[-1] /= _FILE_WEIGHT
    _, chosen = linear_sum_assignment(cdist(wanted / spread, offered / spread))
    return chosen


def crop(faces: np.ndarray) -> np.ndarray:
    """Cut generated faces (N, 64, 64, 3) in [0, 1] as the photographs are: (N, 25, 25), grey."""
    top, bottom, left, right = CROP
    small = [images.resize(face[top:bottom, left:right], SIDE, SIDE) for face in faces]
    return np.stack([images.grey(face) for face in small]).astype(np.float32)


def match(faces: np.ndarray, values: np.ndarray, detail: np.ndarray) -> np.ndarray:
    """Give faces a common distribution of grey values and a common share of detail.

    Parameters
    ----------
    faces : ndarray (N, 25, 25), float in [0, 1]
    values : ndarray (625,), float, rising
        The grey values that each picture gets, whatever it is.
    detail : ndarray (25, 25), float
        Strength of each wave, alike in all directions; see `common_look`.

    Returns
    -------
    ndarray (N, 25, 25), float32 in [0, 1]
    """
    return np.stack([_compressed(face) for face in _matched(faces, values, detail)])


def common_look(faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean grey values (625,) and the mean strength of waves (25, 25) of faces."""
    values = np.sort(faces.reshape(len(faces), -1), axis=1).mean(0)
    return values, _by_ring(np.abs(np.fft.fft2(faces))).mean(0)


def format_features(faces: np.ndarray) -> np.ndarray:
    """Return what can be measured without looking at the arrangement: (N, 27).

    Mean, contrast, skewness and kurtosis, 9 levels of the grey values, the strength of 13 rings of
    waves from coarse to fine, and the size of the compressed file.
    """
    return np.stack([_format_of(face) for face in faces])


@cache
def _rings() -> np.ndarray:
    waves = np.fft.fftfreq(SIDE)
    return np.rint(SIDE * np.hypot(waves[:, None], waves[None])).astype(int)


def _by_ring(strength: np.ndarray) -> np.ndarray:
    """Replace strengths (N, 25, 25) by the means of their rings: alike in any direction."""
    rings = _rings().ravel()
    sizes = np.bincount(rings)
    # Each face has rings of its own, numbered on.
    places = rings + len(sizes) * np.arange(len(strength))[:, None]
    sums = np.bincount(places.ravel(), strength.ravel() ** 2, len(strength) * len(sizes))
    return np.sqrt(sums.reshape(-1, len(sizes)) / sizes)[:, _rings()]


def _matched(faces: np.ndarray, values: np.ndarray, detail: np.ndarray) -> np.ndarray:
    for _ in range(_ROUNDS):
        waves = np.fft.fft2(faces)
        own = _by_ring(np.abs(waves))
        faces = np.fft.ifft2(waves * detail / np.maximum(own, 1e-9)).real
        order = faces.reshape(len(faces), -1).argsort(axis=1, kind="stable")
        ranked = np.empty(order.shape, values.dtype)
        np.put_along_axis(ranked, order, values[None], axis=1)
        faces = ranked.reshape(faces.shape)
    return faces


def _compressed(face: np.ndarray) -> np.ndarray:
    with Image.open(io.BytesIO(_file_of(face))) as picture:
        return np.asarray(picture, np.float32) / 255


def _file_of(face: np.ndarray) -> bytes:
    memory = io.BytesIO()
    pixels = np.rint(255 * np.clip(face, 0, 1)).astype(np.uint8)
    Image.fromarray(pixels).save(memory, "JPEG", quality=QUALITY)
    return memory.getvalue()


def _format_of(face: np.ndarray) -> np.ndarray:
    mean, spread = face.mean(), max(float(face.std()), 1e-6)
    scores = (face - mean) / spread
    levels = np.quantile(face, np.linspace(0.1, 0.9, 9))
    rings = np.sqrt(np.bincount(_rings().ravel(), np.abs(np.fft.fft2(face)).ravel() ** 2)[1:14])
    size = len(_file_of(face)) / 1000
    moments = mean, spread, (scores**3).mean(), (scores**4).mean()
    return np.array([*moments, *levels, *np.log(rings + 1e-6), size])
