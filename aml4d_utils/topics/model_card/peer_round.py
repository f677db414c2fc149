"""The peer round: ten minutes to find one failure that the card does not know."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aml4d_utils.measuring.wording import percent
from aml4d_utils.topics.model_card.fingerprints import model_fingerprint
from aml4d_utils.topics.model_card.sealed_test import SealedTest
from aml4d_utils.topics.model_card.worst_failures import FailureCase, failure_gallery
from aml4d_utils.topics.own_classes.model_bundle import OwnClassifier
from aml4d_utils.topics.own_classes.photo_collection import as_own

SECONDS = 600
"""How long a peer may search."""

LONGEST = 400
ALIKE = 3.0
"""Pictures whose pixels differ by less than this on average, of 255, are the same picture."""


@dataclass(frozen=True)
class PeerFinding:
    """A failure that a peer found.

    Attributes
    ----------
    words : str
        What the peer did, in their own words.
    truth, answer : str
        The true class, and what the model says.
    chance : float
        The probability of that answer.
    picture : ndarray (SIDE, SIDE, 3), uint8
    seconds : int
        Since the round began.
    date : str
    model : str
        The fingerprint of the model that failed.
    """

    words: str
    truth: str
    answer: str
    chance: float
    picture: np.ndarray
    seconds: int
    date: str
    model: str

    @property
    def in_words(self) -> str:
        """The finding as a sentence of the card."""
        return (
            f"Found by a peer after {self.seconds // 60} min {self.seconds % 60} s: {self.truth} "
            f"called {self.answer}, {percent(self.chance)} sure. {self.words}"
        )

    def as_data(self) -> dict[str, Any]:
        """Return all but the picture, as JSON takes it."""
        return {
            "words": self.words, "truth": self.truth, "answer": self.answer,
            "chance": self.chance, "seconds": self.seconds, "date": self.date,
            "model": self.model,
        }  # fmt: skip


def judge_finding(
    model: OwnClassifier,
    test: SealedTest,
    image: np.ndarray,
    truth: str,
    words: str,
    *,
    seconds: float,
    date: str,
    before: Sequence[PeerFinding] = (),
) -> PeerFinding:
    """Take a failure into the card, if it is one, and new.

    Parameters
    ----------
    model : OwnClassifier
        It is asked again; nobody's word is taken for what it says.
    test : SealedTest
        Its pictures are known, and so are failures on them.
    image : ndarray (H, W, 3)
    truth : str
        The class that it shows.
    words : str
        How it was found.
    seconds : float
        Since the round began.
    date : str
    before : sequence of PeerFinding
        What was found already.

    Raises
    ------
    ValueError
        With a sentence, if the model is right, the picture is known, nothing is said, or the time
        is over.
    """
    picture = as_own(image)
    said = " ".join(words.split())
    if truth not in model.classes:
        raise ValueError(
            f"The model knows {', '.join(model.classes)}. A thing of another class is no failure "
            "of this model: its card has to say what it is not for."
        )
    if not 0 <= seconds <= SECONDS:
        raise ValueError("The ten minutes are over. Start another round.")
    if not said or len(said) > LONGEST:
        raise ValueError(
            f"Say in a few words what you did, in at most {LONGEST} letters: the owner has to be "
            "able to do it again."
        )
    known = [*test.pictures, *(finding.picture for finding in before)]
    if any(_same(picture, other) for other in known):
        raise ValueError("This picture is known already: find a new one.")
    chances = model.chances(picture[None])[0]
    answer = model.classes[int(chances.argmax())]
    if answer == truth:
        raise ValueError(
            f"The model is right: it says {answer}, {percent(chances.max())}. Go on searching."
        )
    return PeerFinding(
        said, truth, answer, float(chances.max()), picture, int(seconds), date,
        model_fingerprint(model),
    )  # fmt: skip


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and bool(
        np.abs(one.astype(float) - other.astype(float)).mean() < ALIKE
    )


class PeerDesk:
    """One round: a model, its sealed test, a clock, and what was found.

    Parameters
    ----------
    model : OwnClassifier
    test : SealedTest
    findings : sequence of PeerFinding
        From earlier rounds.
    """

    def __init__(
        self, model: OwnClassifier, test: SealedTest, findings: Sequence[PeerFinding] = ()
    ):
        self.model = model
        self.test = test
        self.findings = tuple(findings)
        self.began: float | None = None
        self.note = ""

    def known(self, count: int) -> tuple[FailureCase, ...]:
        """Return the worst answers of the sealed test, by the rule of the gallery."""
        return failure_gallery(self.test, self.model.chances(self.test.pictures), count)

    def begin(self, now: float) -> None:
        """Start the clock; ``now`` in seconds."""
        self.began = now
        self.note = "The ten minutes have begun."

    def left(self, now: float) -> int:
        """Return how many seconds are left; all of them before the round has begun."""
        return SECONDS if self.began is None else max(0, SECONDS - int(now - self.began))

    def append(self, image: np.ndarray, truth: str, words: str, now: float, date: str) -> None:
        """Append a failure, if it is one; the note says what became of it.

        Raises
        ------
        ValueError
            With a sentence, if it is none, or known, or the clock stands or has run out.
        """
        if self.began is None:
            raise ValueError("Start the ten minutes first.")
        finding = judge_finding(
            self.model, self.test, image, truth, words,
            seconds=now - self.began, date=date, before=self.findings,
        )  # fmt: skip
        self.findings = (*self.findings, finding)
        self.note = f"Appended to the card: {finding.truth} called {finding.answer}."

    def take_back(self, findings: Sequence[PeerFinding]) -> int:
        """Append what peers found elsewhere on the same model, and return how much of it is new.

        The model is asked again: what it gets right, and what is known, is left out.
        """
        before = len(self.findings)
        for one in findings:
            try:
                again = judge_finding(
                    self.model, self.test, one.picture, one.truth, one.words,
                    seconds=one.seconds, date=one.date, before=self.findings,
                )  # fmt: skip
            except ValueError:
                continue
            self.findings = (*self.findings, again)
        return len(self.findings) - before


def findings_from(data: Any, pictures: np.ndarray) -> tuple[PeerFinding, ...]:
    """Return findings from what JSON gave and their pictures, trusting nothing.

    Raises
    ------
    ValueError
        With a sentence, if something is missing, of another kind, or cannot be.
    """
    if not isinstance(data, list) or len(data) != len(pictures):
        raise ValueError("The findings of this bundle are damaged: pictures and words differ.")
    return tuple(_finding(*pair) for pair in zip(data, pictures, strict=True))


def _finding(data: Any, picture: np.ndarray) -> PeerFinding:
    kinds = {"words": str, "truth": str, "answer": str, "chance": float, "seconds": int,
             "date": str, "model": str}  # fmt: skip
    if not isinstance(data, Mapping) or set(data) != set(kinds):
        raise ValueError("A finding of this bundle is damaged: it has other parts.")
    if not all(isinstance(data[part], kind) for part, kind in kinds.items()) or any(
        len(data[part]) > LONGEST for part, kind in kinds.items() if kind is str
    ):
        raise ValueError("A finding of this bundle is damaged: a part is of another kind.")
    if not 0 <= data["chance"] <= 1 or not 0 <= data["seconds"] <= SECONDS:
        raise ValueError("A finding of this bundle is damaged: a number cannot be.")
    try:
        datetime.date.fromisoformat(data["date"])
    except ValueError:
        raise ValueError("A finding of this bundle bears a date that is none.") from None
    return PeerFinding(**data, picture=picture)
