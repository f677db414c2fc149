"""Train a cascade: each stage learns from what has fooled all stages before it.

References
----------
.. [1] P. Viola and M. Jones, "Robust real-time face detection", International Journal of Computer
   Vision 57, 2004, doi:10.1023/B:VISI.0000013087.49260.fb (their table 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.viola_jones.boosting import Round, Stumps, boost, scores
from aml4d_utils.topics.viola_jones.cascade import (
    Cascade,
    CascadeStage,
    Sums,
    all_places,
    judge,
    pyramid,
    stump_of,
)
from aml4d_utils.topics.viola_jones.faces import varied
from aml4d_utils.topics.viola_jones.haar import HaarFeature, all_features, feature_values

WITHOUT_FACES = ("coffee", "china", "rocket", "motorcycle", "gravel", "grass", "brick", "text")
"""Bundled photos that show no face: whatever is found there is a false alarm to learn from."""
_COPIES = 4
_DRAWN = 1000
_MOST_WINDOWS = 600_000


@dataclass(frozen=True)
class TrainingStage:
    """The state of the training after one stage.

    Attributes
    ----------
    cascade : Cascade
        All stages so far.
    faces_kept : float
        Share of the training faces that pass all stages.
    alarms_kept : float
        Share of the windows of photos without faces that pass all stages, an estimate.
    examples : ndarray (N, S, S), float32 in [0, 1]
        Windows without a face from which the last stage has learned.
    fraction : float
        How much of the work is done, 0 to 1.
    """

    cascade: Cascade
    faces_kept: float
    alarms_kept: float
    examples: np.ndarray
    fraction: float


def train_cascade(
    faces: np.ndarray,
    photos: Sequence[np.ndarray],
    *,
    rng: np.random.Generator,
    stages: int = 7,
    keep: float = 0.99,
    pass_on: float = 0.3,
    negatives: int = 600,
    features: int = 2500,
    most: int = 40,
) -> Iterator[TrainingStage]:
    """Train stage after stage on faces and on false alarms found in photos without faces.

    Parameters
    ----------
    faces : ndarray (N, S, S), float in [0, 1]
    photos : sequence of ndarray (H, W, 3)
        None of them shows a face.
    rng : numpy.random.Generator
    stages : int
        At most so many; fewer when the photos hold no more false alarms.
    keep : float
        Share of the training faces that each stage lets pass, at least.
    pass_on : float
        Share of the false alarms that each stage lets pass, at most, if ``most`` features
        suffice for it.
    negatives, features, most : int
        False alarms that a stage learns from, features that it may choose from, and how many of
        them it takes at most.

    Yields
    ------
    TrainingStage
    """
    side = faces.shape[1]
    levels = [(level, Sums.of(level)) for level in _levels(photos, side)]
    bank = all_features(side, least=2)
    cascade = Cascade("your cascade", side, ())
    for number in range(1, stages + 1):
        others, share = false_alarms(cascade, levels, negatives, rng)
        if len(others) < negatives // 10:
            return
        chosen = [bank[i] for i in rng.choice(len(bank), min(features, len(bank)), replace=False)]
        examples = np.concatenate([faces, others])
        is_face = np.arange(len(examples)) < len(faces)
        stage = _train_stage(chosen, examples, is_face, keep, pass_on, most)
        cascade = replace(cascade, stages=(*cascade.stages, stage))
        passing = judge_windows(cascade, examples)
        yield TrainingStage(
            cascade,
            float(passing[is_face].mean()),
            float(share * passing[~is_face].mean()),
            others,
            number / stages,
        )


def train_on(
    data: images.Faces, rng: np.random.Generator, stages: int = 7
) -> Iterator[TrainingStage]:
    """Train a cascade on the training faces and on the photos in `WITHOUT_FACES`.

    Parameters
    ----------
    data : Faces
        Its held-out pictures are not looked at.
    rng : numpy.random.Generator
    stages : int

    Yields
    ------
    TrainingStage
    """
    faces = varied(data.train_faces, _COPIES, rng)
    photos = [images.photo(name) for name in WITHOUT_FACES]
    yield from train_cascade(faces, photos, rng=rng, stages=stages)


def _train_stage(
    features: list[HaarFeature],
    examples: np.ndarray,
    is_face: np.ndarray,
    keep: float,
    pass_on: float,
    most: int,
) -> CascadeStage:
    values = feature_values(features, examples)
    for done in boost(Stumps(values, is_face), most):
        votes = scores(done.chosen, values)
        threshold = float(np.quantile(votes[is_face], 1 - keep, method="lower"))
        if (votes[~is_face] >= threshold).mean() <= pass_on:
            break
    return stage_of(done, features, examples.shape[1], threshold)


def stage_of(
    done: Round, features: Sequence[HaarFeature], side: int, threshold: float = 0.0
) -> CascadeStage:
    """Make a stage of boosted weak answers.

    Parameters
    ----------
    done : Round
        Of `boosting.boost`.
    features : sequence of HaarFeature
        The rows of the matrix that was boosted.
    side : int
        Side of the window in pixels.
    threshold : float in [−1, 1]
        Of the score; lower lets more windows pass.
    """
    total = sum(abs(weak.say) for weak in done.chosen)
    stumps = tuple(
        stump_of(
            features[weak.feature],
            side,
            weak.threshold,
            below=(-weak.say if weak.face_above else weak.say) / total,
            above=(weak.say if weak.face_above else -weak.say) / total,
        )
        for weak in done.chosen
    )
    # A face that stands exactly on the threshold must not fall to a rounding error.
    return CascadeStage(stumps, threshold - 1e-5)


def judge_windows(cascade: Cascade, windows: np.ndarray) -> np.ndarray:
    """Return whether each window (N, S, S), float in [0, 1], passes all stages."""
    side = cascade.side
    strip = np.rint(255 * np.asarray(windows)).astype(np.uint8).reshape(-1, side)
    places = np.arange(len(windows)) * side * (side + 1)
    passed, margins = judge(Sums.of(strip), cascade, places)
    return (passed == len(cascade.stages)) & (margins >= 0)


def false_alarms(
    cascade: Cascade,
    levels: Sequence[tuple[np.ndarray, Sums]],
    count: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, float]:
    """Draw windows from photos without faces until enough have passed the cascade.

    Parameters
    ----------
    cascade : Cascade
    levels : sequence of (ndarray (H, W), uint8, and its Sums)
    count : int
    rng : numpy.random.Generator

    Returns
    -------
    windows : ndarray (N, S, S), float32 in [0, 1]
        At most ``count``, fewer where the photos hold no more.
    share : float
        Share of the windows that passed.
    """
    side = cascade.side
    grids = [all_places(level, side, 1) for level, _ in levels]
    sizes = np.array([len(grid) for grid in grids])
    found, seen, passed_in_all = [], 0, 0
    while sum(map(len, found)) < count and seen < _MOST_WINDOWS:
        number = int(rng.choice(len(levels), p=sizes / sizes.sum()))
        (level, sums), grid = levels[number], grids[number]
        drawn = min(len(grid), _DRAWN * 2 ** len(cascade.stages))
        places = np.unique(rng.choice(grid, drawn))
        passed, margins = judge(sums, cascade, places)
        fooled = places[(passed == len(cascade.stages)) & (margins >= 0)]
        seen, passed_in_all = seen + len(places), passed_in_all + len(fooled)
        found.append(_cut(level, side, rng.permutation(fooled)[: max(1, count // 12)]))
    windows = np.concatenate(found)[:count]
    return windows, passed_in_all / seen


def _levels(photos: Sequence[np.ndarray], side: int) -> list[np.ndarray]:
    grey = [images.as_uint8(images.grey(photo))[:, :, 0] for photo in photos]
    return [level for photo in grey for level, _ in pyramid(photo, side, 0, np.inf, 1.4)]


def _cut(pixels: np.ndarray, side: int, places: np.ndarray) -> np.ndarray:
    rows, cols = np.divmod(places, pixels.shape[1] + 1)
    views = np.lib.stride_tricks.sliding_window_view(pixels, (side, side))
    return views[rows, cols].astype(np.float32) / 255
