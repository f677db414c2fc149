"""Make faces without any network: the mean of real ones plus patterns, mixed by chance.

References
----------
.. [1] M. Turk and A. Pentland, "Eigenfaces for recognition", Journal of Cognitive Neuroscience
   3(1), 1991.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from aml4d_utils import images

PATTERNS = 40


@cache
def _patterns() -> tuple[np.ndarray, np.ndarray]:
    """Return the mean of the 60 training faces, and their patterns as strong as they vary."""
    rows = images.faces().train_faces.reshape(60, -1).astype(np.float64)
    mean = rows.mean(0)
    _, strengths, patterns = np.linalg.svd(rows - mean, full_matrices=False)
    scaled = strengths[:PATTERNS, None] / np.sqrt(len(rows) - 1) * patterns[:PATTERNS]
    return mean, scaled


def eigenfaces(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return small grey faces of nobody, which vary as the 60 real training faces do.

    Parameters
    ----------
    count : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray (count, 25, 25), float32 in [0, 1]
        Whole grey levels.

    Examples
    --------
    >>> eigenfaces(3, np.random.default_rng(0)).shape
    (3, 25, 25)
    """
    mean, patterns = _patterns()
    mixed = mean + rng.standard_normal((count, PATTERNS)) @ patterns
    return (np.rint(np.clip(mixed, 0, 1) * 255) / 255).reshape(-1, 25, 25).astype(np.float32)
