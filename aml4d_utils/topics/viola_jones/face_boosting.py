"""AdaBoost on faces: which of all Haar features tell them from other things?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from aml4d_utils.images import Faces
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.viola_jones.boosting import Round, Stumps, boost, scores
from aml4d_utils.topics.viola_jones.cascade import Cascade
from aml4d_utils.topics.viola_jones.cascade_training import stage_of
from aml4d_utils.topics.viola_jones.faces import held_out_examples, training_examples
from aml4d_utils.topics.viola_jones.haar import HaarFeature, all_features, feature_values

_PREPARING = 0.3
"""Share of the work that is measuring and sorting the features."""


@dataclass(frozen=True)
class Boosted:
    """The state of the training.

    Attributes
    ----------
    measured : int
        How many features have been measured so far.
    features : tuple of HaarFeature
        The feature chosen in each round.
    round : Round or None
        The boosting after the last round; None while features are still being measured.
    pictures : ndarray (N, S, S), float32 in [0, 1]
        The training examples.
    is_face : ndarray (N,), bool
    held_out : int
        How many pictures were held out.
    held_out_wrong : ndarray (rounds,), float64
        Share of the held-out pictures that were wrong, by round.
    fraction : float
        How much of the work is done, 0 to 1.
    """

    measured: int
    features: tuple[HaarFeature, ...]
    round: Round | None
    pictures: np.ndarray
    is_face: np.ndarray
    held_out: int
    held_out_wrong: np.ndarray
    fraction: float

    @property
    def hardest(self) -> np.ndarray:
        """The training examples by weight, the heaviest first: ndarray of int."""
        if self.round is None:
            return np.arange(len(self.pictures))
        return np.argsort(-self.round.weights, kind="stable")

    @property
    def wrong(self) -> int:
        """How many of the held-out pictures are wrong after the last round."""
        return round(float(self.held_out_wrong[-1]) * self.held_out)

    @property
    def right(self) -> float:
        """Share of the held-out pictures that are right after the last round.

        Raises
        ------
        ValueError
            Before the first round.
        """
        self._check_begun()
        return 1 - float(self.held_out_wrong[-1])

    def cascade(self) -> Cascade:
        """Return the boosted classifier as a cascade of a single stage.

        Raises
        ------
        ValueError
            Before the first round.
        """
        self._check_begun()
        chosen = tuple(replace(weak, feature=n) for n, weak in enumerate(self.round.chosen))
        stage = stage_of(replace(self.round, chosen=chosen), self.features, self.pictures.shape[1])
        return Cascade("your boosted classifier", self.pictures.shape[1], (stage,))

    def _check_begun(self) -> None:
        if self.round is None:
            raise ValueError(
                "Boosting was stopped while it measured the features, before it chose one: "
                "run its cell again, and let it come to its first round."
            )


def boost_faces(
    data: Faces, rounds: int = 15, *, step: int = 1, least: int = 2
) -> Iterator[Boosted]:
    """Choose Haar features for faces, one a round.

    Parameters
    ----------
    data : Faces
        The held-out part is only ever tested on.
    rounds : int
    step, least : int
        Which features may be chosen, as in `haar.all_features`: with 1 and 2 there are 142,824.

    Yields
    ------
    Boosted
        First while the features are measured, then after each round.
    """
    pictures, is_face = training_examples(data)
    others, truth = held_out_examples(data)
    bank = all_features(pictures.shape[1], step, least)
    start = Boosted(0, (), None, pictures, is_face, len(others), np.zeros(0), 0.0)
    steps = Stumps.in_steps(bank, pictures, is_face)
    while True:
        try:
            done = next(steps)
        except StopIteration as end:
            stumps = end.value
            break
        yield replace(start, measured=round(done * len(bank)), fraction=_PREPARING * done)
    features: list[HaarFeature] = []
    held_out, wrong = np.empty((0, len(others)), dtype=np.float32), []
    for state in boost(stumps, rounds):
        features.append(bank[state.chosen[-1].feature])
        held_out = np.concatenate([held_out, feature_values(features[-1:], others)])
        own_rows = [replace(weak, feature=n) for n, weak in enumerate(state.chosen)]
        wrong.append(float(((scores(own_rows, held_out) >= 0) != truth).mean()))
        yield replace(
            start,
            measured=len(bank),
            features=tuple(features),
            round=state,
            held_out_wrong=np.array(wrong),
            fraction=_PREPARING + (1 - _PREPARING) * state.fraction,
        )


def intervals(shares: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return between which two values each true share lies with 95 % confidence (Wilson).

    Parameters
    ----------
    shares : ndarray (N,), float in [0, 1]
        Each measured on ``count`` examples.
    count : int

    Examples
    --------
    >>> low, high = intervals(np.array([0.05]), 80)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.02], [0.122])
    """
    low, high = zip(*(wilson(float(share), count) for share in shares), strict=True)
    return np.array(low), np.array(high)


def held_out_scores(state: Boosted, data: Faces) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of the held-out faces and of the other held-out pictures.

    Parameters
    ----------
    state : Boosted
        After at least one round.
    data : Faces

    Returns
    -------
    faces, others : ndarray (N,), float64 in [−1, 1]
        At least 0 where the boosted features call the picture a face.
    """
    pictures, is_face = held_out_examples(data)
    chosen = [replace(weak, feature=n) for n, weak in enumerate(state.round.chosen)]
    result = scores(chosen, feature_values(state.features, pictures))
    return result[is_face], result[~is_face]
