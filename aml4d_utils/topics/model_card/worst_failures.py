"""A gallery of failures that nobody can prettify: a rule chooses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.measuring.wording import percent
from aml4d_utils.topics.model_card.sealed_test import SealedTest

RULE = "the photos whose true class gets the lowest probability; of equal ones the earlier"


def worst_places(chances: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    """Return the places of the worst answers, the worst first.

    Parameters
    ----------
    chances : ndarray (N, K), float
        Probabilities.
    labels : ndarray (N,), int
        The true classes.
    count : int
        How many; all of them where there are fewer.

    Examples
    --------
    >>> chances = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]])
    >>> worst_places(chances, np.array([0, 0, 1]), 2).tolist()
    [1, 2]
    """
    truth = chances[np.arange(len(labels)), labels]
    return np.argsort(truth, kind="stable")[: max(0, count)]


@dataclass(frozen=True)
class FailureCase:
    """One photo of the gallery.

    Attributes
    ----------
    place : int
        In the test.
    picture : ndarray (SIDE, SIDE, 3), uint8
    name, truth, answer : str
        The photo, its class, and what the model says.
    truth_chance, answer_chance : float
        The probabilities of both.
    """

    place: int
    picture: np.ndarray
    name: str
    truth: str
    answer: str
    truth_chance: float
    answer_chance: float

    @property
    def wrong(self) -> bool:
        """Whether the answer is another class than the true one."""
        return self.truth != self.answer

    @property
    def in_words(self) -> str:
        """The answer and what it is worth, as a sentence."""
        verdict = "wrong" if self.wrong else "right, but only just"
        return (
            f"{self.name}: {self.truth}, {percent(self.truth_chance)}; the model says "
            f"{self.answer}, {percent(self.answer_chance)}, {verdict}."
        )


def failure_gallery(test: SealedTest, chances: np.ndarray, count: int) -> tuple[FailureCase, ...]:
    """Return the worst answers of a test, the worst first."""
    cases = []
    for place in worst_places(chances, test.labels, count):
        truth, answer = int(test.labels[place]), int(chances[place].argmax())
        cases.append(
            FailureCase(
                int(place), test.pictures[place], test.names[place], test.classes[truth],
                test.classes[answer], float(chances[place, truth]), float(chances[place, answer]),
            )
        )  # fmt: skip
    return tuple(cases)
