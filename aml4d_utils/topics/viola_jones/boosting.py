"""AdaBoost: weak answers, one after the other, each chosen for what the others got wrong.

References
----------
.. [1] Y. Freund and R. E. Schapire, "A decision-theoretic generalization of on-line learning and
   an application to boosting", Journal of Computer and System Sciences 55, 1997,
   doi:10.1006/jcss.1997.1504.
.. [2] P. Viola and M. Jones, "Rapid object detection using a boosted cascade of simple features",
   CVPR 2001, doi:10.1109/CVPR.2001.990517 (their table 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.viola_jones.haar import HaarFeature, feature_values

_CHUNK = 2048
_LEAST_ERROR = 1e-6


@dataclass(frozen=True)
class WeakAnswer:
    """One feature, one threshold: a window is called a face on one side of it.

    Attributes
    ----------
    feature : int
        Row of the matrix of values.
    threshold : float
    face_above : bool
        Whether faces lie above the threshold, or below it.
    error : float
        Weight of the examples that it gets wrong, between 0 and 1.
    say : float
        Its vote counts this much: ``log((1 − error) / error)``.
    """

    feature: int
    threshold: float
    face_above: bool
    error: float
    say: float

    def answers(self, values: np.ndarray) -> np.ndarray:
        """Return for each value of the feature whether it means a face: ndarray of bool."""
        return (values >= self.threshold) == self.face_above


@dataclass(frozen=True)
class Round:
    """The state of the boosting after one round.

    Attributes
    ----------
    chosen : tuple of WeakAnswer
        All weak answers so far, in the order of the rounds.
    weights : ndarray (N,), float64
        How much each training example counts in the next round; they add up to 1.
    train_wrong : ndarray (rounds,), float64
        Share of the training examples that all weak answers together get wrong, by round.
    fraction : float
        How much of the work is done, 0 to 1.
    """

    chosen: tuple[WeakAnswer, ...]
    weights: np.ndarray
    train_wrong: np.ndarray
    fraction: float


class Stumps:
    """All weak answers that one matrix of values allows; finds the best for given weights.

    Parameters
    ----------
    values : ndarray (F, N), float
        Each feature of each example.
    is_face : ndarray (N,), bool

    Raises
    ------
    ValueError
        If there are no examples of both kinds, or the shapes do not fit.
    """

    def __init__(self, values: np.ndarray, is_face: np.ndarray):
        values = np.asarray(values)
        self._prepare(values, is_face)
        for chunk in _chunks(len(values)):
            self._sort(chunk)

    @classmethod
    def in_steps(
        cls, features: Sequence[HaarFeature], pictures: np.ndarray, is_face: np.ndarray
    ) -> Iterator[float]:
        """Measure and sort many features step by step.

        Yields
        ------
        float
            How much is done, 0 to 1.

        Returns
        -------
        Stumps
            What the generator returns at its end.
        """
        stumps = cls.__new__(cls)
        stumps._prepare(np.empty((len(features), len(pictures)), dtype=np.float32), is_face)
        for chunk in _chunks(len(features)):
            stumps.values[chunk] = feature_values(features[chunk], pictures)
            stumps._sort(chunk)
            yield chunk.stop / len(features)
        return stumps

    def best(self, weights: np.ndarray) -> WeakAnswer:
        """Return the weak answer with the smallest weighted error; the first of equal ones.

        Parameters
        ----------
        weights : ndarray (N,), float
            Of the examples; not negative, adding up to 1.
        """
        best = (np.inf, 0, 0, True)
        for chunk in _chunks(len(self.values)):
            for face_above, errors in self._errors(chunk, weights):
                row, place = np.unravel_index(errors.argmin(), errors.shape)
                if errors[row, place] < best[0] - 1e-12:
                    best = (errors[row, place], chunk.start + row, place, face_above)
        error, feature, place, face_above = best
        if not np.isfinite(error):
            raise ValueError("No feature tells any two of the examples apart.")
        order = self._order[feature]
        low, high = self.values[feature, order[place]], self.values[feature, order[place + 1]]
        error = float(np.clip(error, _LEAST_ERROR, 1 - _LEAST_ERROR))
        say = float(np.log((1 - error) / error))
        return WeakAnswer(int(feature), float((low + high) / 2), face_above, error, say)

    def smallest_errors(self, weights: np.ndarray) -> np.ndarray:
        """Return for each feature the weighted error of its best threshold.

        Returns
        -------
        ndarray (F,), float64
            Infinite for a feature that is equal in all examples.
        """
        smallest = np.empty(len(self.values))
        for chunk in _chunks(len(self.values)):
            both = [errors.min(axis=1) for _, errors in self._errors(chunk, weights)]
            smallest[chunk] = np.minimum(*both)
        return smallest

    def _errors(self, chunk: slice, weights: np.ndarray) -> Iterator[tuple[bool, np.ndarray]]:
        """Yield the error of every threshold, for *faces lie above* and for *faces lie below*.

        Walk along a feature from its smallest value to its largest. Each face adds its weight to
        a running sum, anything else subtracts its own. Where the sum is lowest, the threshold
        for *faces lie above* is best; where it is highest, that for *faces lie below*.
        """
        signed = np.where(self.is_face, weights, -weights)
        faces, others = weights[self.is_face].sum(), weights[~self.is_face].sum()
        sums = signed[self._order[chunk]].cumsum(axis=1)
        for face_above, errors in ((True, others + sums), (False, faces - sums)):
            yield face_above, np.where(self._between[chunk], errors, np.inf)

    def _prepare(self, values: np.ndarray, is_face: np.ndarray) -> None:
        is_face = np.asarray(is_face, dtype=bool)
        if values.ndim != 2 or values.shape[1:] != is_face.shape or not len(values):
            raise ValueError(
                f"Expected values (features, examples) for {is_face.shape} answers, but got "
                f"{values.shape}."
            )
        if is_face.all() or not is_face.any():
            raise ValueError("Boosting needs faces and other things to tell apart.")
        self.values = values
        self.is_face = is_face
        self._order = np.empty(values.shape, dtype=np.uint8 if len(is_face) <= 256 else np.int32)
        # Whether a threshold can stand behind each example: not between equal values, nor at the
        # end, where everything would be on one side.
        self._between = np.zeros(values.shape, dtype=bool)

    def _sort(self, chunk: slice) -> None:
        order = np.argsort(self.values[chunk], axis=1, kind="stable")
        ordered = np.take_along_axis(self.values[chunk], order, axis=1)
        self._order[chunk] = order
        self._between[chunk, :-1] = ordered[:, :-1] < ordered[:, 1:]


def _chunks(count: int) -> Iterator[slice]:
    for first in range(0, count, _CHUNK):
        yield slice(first, min(first + _CHUNK, count))


def boost(stumps: Stumps, rounds: int, weights: np.ndarray | None = None) -> Iterator[Round]:
    """Choose weak answers, one a round; after each, what was wrong counts more.

    Parameters
    ----------
    stumps : Stumps
        Made of the training examples.
    rounds : int
        At least 1.
    weights : ndarray (N,), float, optional
        Of the examples at the start. By default faces count as much as everything else together.

    Yields
    ------
    Round
    """
    faces = stumps.is_face
    if weights is None:
        weights = np.where(faces, 0.5 / faces.sum(), 0.5 / (~faces).sum())
    chosen: list[WeakAnswer] = []
    wrong: list[float] = []
    for number in range(1, rounds + 1):
        weights = weights / weights.sum()
        weak = stumps.best(weights)
        right = weak.answers(stumps.values[weak.feature]) == faces
        weights = np.where(right, weights * weak.error / (1 - weak.error), weights)
        chosen.append(weak)
        wrong.append(float(((scores(chosen, stumps.values) >= 0) != faces).mean()))
        yield Round(tuple(chosen), weights / weights.sum(), np.array(wrong), number / rounds)


def scores(chosen: list[WeakAnswer] | tuple[WeakAnswer, ...], values: np.ndarray) -> np.ndarray:
    """Let the weak answers vote: each says yes or no, as loud as it is reliable.

    Parameters
    ----------
    chosen : sequence of WeakAnswer
    values : ndarray (F, N), float
        All features of the examples; the rows that are named in ``chosen`` are used.

    Returns
    -------
    ndarray (N,), float64 in [−1, 1]
        At least 0 means a face.
    """
    total = np.zeros(values.shape[1])
    for weak in chosen:
        total += weak.say * np.where(weak.answers(values[weak.feature]), 1, -1)
    return total / sum(abs(weak.say) for weak in chosen)
