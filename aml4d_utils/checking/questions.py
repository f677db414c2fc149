"""Quiz questions as data: options, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One option: its words, why it is right or wrong, and which of the two it is.

    Progress keeps the ``name``, which must stay: words may be bettered and put in another order.
    """

    name: str
    words: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class QuizQuestion:
    """A question with exactly one right answer.

    Raises
    ------
    ValueError
        If not exactly one answer is right, two have the same name, or one does not say why.
    """

    name: str
    question: str
    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        if sum(answer.right for answer in self.answers) != 1:
            raise ValueError(f"{self.name}: exactly one answer must be right.")
        if len({answer.name for answer in self.answers}) < len(self.answers):
            raise ValueError(f"{self.name}: each answer needs a name of its own.")
        if not all(answer.why.strip() for answer in self.answers):
            raise ValueError(f"{self.name}: every answer says why.")

    def place_of(self, kept: object) -> int | None:
        """Return the place of the answer that progress keeps, None where there is none.

        Progress kept an answer's words before it had a name; they are still understood.
        """
        for names in ([a.name for a in self.answers], [a.words for a in self.answers]):
            if kept in names:
                return names.index(kept)
        return None
