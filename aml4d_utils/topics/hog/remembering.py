"""What HOG keeps of a photo and what it throws away, measured."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.features.gradients import gradients
from aml4d_utils.topics.hog.descriptor import Hog, HogSettings, hog
from aml4d_utils.topics.hog.inverse_hog import PieceBank, collect_pieces, invert_hog

CHANGES = ("as it is", "negative", "dimmed to a third", "grey", "noisy", "blurred")
"""What may happen to the photo before HOG looks at it."""
SOURCES = ("astronaut", "camera", "chelsea", "china", "coffee", "flower", "motorcycle", "rocket")
"""Photos whose pieces a photo is rebuilt from; never from its own."""
PIECES = 6000

_NOISE = 0.1
_BLUR = 2.0


@dataclass(frozen=True)
class Memory:
    """A photo, its HOG, and the photo as HOG remembers it.

    Attributes
    ----------
    change : str
        One of ``CHANGES``.
    photo : ndarray (H, W, 3), float32 in [0, 1]
        After the change.
    found : Hog
        Of ``photo``.
    rebuilt : ndarray (H', W'), float64 in [0, 1], or None
        None while it is still being made.
    pixels_changed : float in [0, 1]
        Mean change of a pixel through ``change``.
    hog_changed : float in [0, 1]
        Part of HOG's length that the change moved: |new − old| over |new| + |old|.
    brightness_kept : float in [0, 1]
        How well light and dark of the rebuilt photo follow the photo's: the correlation, its sign
        left out. 0 while ``rebuilt`` is None.
    edges_kept : float in [0, 1]
        The same for the strength of the gradients.
    alike : float in [0, 1]
        How alike the rebuilt photo is to the photo in HOG's eyes: the cosine of the angle between
        their feature vectors. 0 while ``rebuilt`` is None.
    stranger : float in [0, 1]
        The same for a photo of something else.
    fraction : float in [0, 1]
        How much of the work is done.
    """

    change: str
    photo: np.ndarray
    found: Hog
    rebuilt: np.ndarray | None
    pixels_changed: float
    hog_changed: float
    brightness_kept: float = 0.0
    edges_kept: float = 0.0
    alike: float = 0.0
    stranger: float = 0.0
    fraction: float = 1.0


def changed(photo: np.ndarray, change: str) -> np.ndarray:
    """Do something to a photo.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    change : str
        One of ``CHANGES``.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]

    Raises
    ------
    ValueError
        If there is no such change.

    Examples
    --------
    >>> changed(np.zeros((2, 2)), "negative")[0, 0].tolist()
    [1.0, 1.0, 1.0]
    """
    pixels = images.as_float(photo)
    if change == "as it is":
        return pixels
    if change == "negative":
        return 1 - pixels
    if change == "dimmed to a third":
        return pixels / 3
    if change == "grey":
        return np.repeat(images.grey(pixels)[..., None], 3, axis=2)
    if change == "noisy":
        noise = np.random.default_rng(0).normal(0, _NOISE, pixels.shape).astype(np.float32)
        return np.clip(pixels + noise, 0, 1)
    if change == "blurred":
        from scipy.ndimage import gaussian_filter

        return np.clip(gaussian_filter(pixels, (_BLUR, _BLUR, 0)), 0, 1)
    raise ValueError(f"There is no change {change!r}; choose one of: {', '.join(CHANGES)}.")


def remember(
    photo: np.ndarray,
    change: str = "as it is",
    settings: HogSettings | None = None,
    contrast: bool = True,
) -> Memory:
    """Rebuild a photo from its HOG and measure what was kept.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    change : str
        One of ``CHANGES``.
    settings : HogSettings, optional
    contrast : bool
        As `inverse_hog.invert_hog`.

    Returns
    -------
    Memory

    Raises
    ------
    ValueError
        If it is not an image, or smaller than one block.
    """
    *_, memory = remember_steps(photo, change, settings, contrast)
    return memory


def remember_steps(
    photo: np.ndarray,
    change: str = "as it is",
    settings: HogSettings | None = None,
    contrast: bool = True,
) -> Generator[Memory, None, Memory]:
    """As `remember`, in two records: first photo and HOG, then the rebuilt photo too.

    Yields
    ------
    Memory
    """
    settings = settings or HogSettings()
    before, after = changed(photo, "as it is"), changed(photo, change)
    old, new = hog(before, settings), hog(after, settings)
    lengths = float(np.linalg.norm(old.vector) + np.linalg.norm(new.vector))
    moved = float(np.linalg.norm(new.vector - old.vector))
    pixels_changed = float(np.abs(after - before).mean())
    hog_changed = moved / lengths if lengths else 0.0
    yield Memory(change, after, new, None, pixels_changed, hog_changed, fraction=0.2)
    others = tuple(name for name in SOURCES if not _same(photo, name))
    bank = _bank(settings, others)
    rebuilt = invert_hog(new, bank, contrast)
    covered = after[: rebuilt.shape[0], : rebuilt.shape[1]]
    done = Memory(
        change,
        after,
        new,
        rebuilt,
        pixels_changed,
        hog_changed,
        brightness_kept=agreement(images.grey(covered), rebuilt),
        edges_kept=agreement(gradients(covered).magnitude, gradients(rebuilt).magnitude),
        alike=alike(new, hog(rebuilt, settings)),
        stranger=alike(
            new, hog(images.resize(images.photo(others[0]), *before.shape[:2]), settings)
        ),
    )
    yield done
    return done


def agreement(one: np.ndarray, other: np.ndarray) -> float:
    """Return the correlation of two pictures without its sign; 0 if one of them is constant.

    Examples
    --------
    >>> round(agreement(np.array([0.0, 1, 2]), np.array([2.0, 1, 0])), 6)
    1.0
    """
    one, other = (np.asarray(picture, dtype=np.float64) for picture in (one, other))
    one, other = one - one.mean(), other - other.mean()
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return abs(float((one * other).sum())) / lengths if lengths > 1e-9 else 0.0


def alike(one: Hog, other: Hog) -> float:
    """Return the cosine of the angle between two feature vectors, where both have blocks.

    Returns
    -------
    float in [0, 1]
        1 if they point the same way; 0 if one of them is nothing but zeros.
    """
    rows, cols = (min(pair) for pair in zip(one.blocks.shape[:2], other.blocks.shape, strict=False))
    first, second = (found.blocks[:rows, :cols].ravel() for found in (one, other))
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / lengths if lengths > 1e-9 else 0.0


@lru_cache(maxsize=12)
def _bank(settings: HogSettings, names: tuple[str, ...]) -> PieceBank:
    photos = [images.fit(images.photo(name), 320) for name in names]
    return collect_pieces(photos, np.random.default_rng(0), settings, PIECES)


def _same(photo: np.ndarray, name: str) -> bool:
    one, other = (images.resize(picture, 12, 12) for picture in (photo, images.photo(name)))
    return bool(np.abs(one - other).mean() < 0.02)
