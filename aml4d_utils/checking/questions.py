"""Quiz questions as data: options, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One option: its words, why it is right or wrong, and which of the two it is."""

    words: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class QuizQuestion:
    """A question with exactly one right answer.

    Raises
    ------
    ValueError
        If not exactly one answer is right, or an answer does not say why.
    """

    name: str
    question: str
    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        if sum(answer.right for answer in self.answers) != 1:
            raise ValueError(f"{self.name}: exactly one answer must be right.")
        if not all(answer.why.strip() for answer in self.answers):
            raise ValueError(f"{self.name}: every answer says why.")
