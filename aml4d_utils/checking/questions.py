"""Quiz questions as data: options, each with its reason, and what is computed when asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Answer:
    """One option: its words, why it is right or wrong, and which of the two it is.

    Progress keeps the ``name``, which must stay: words may be bettered and put in another order.
    ``formerly`` are the words that progress may have kept before answers had names.
    """

    name: str
    words: str
    why: str
    right: bool = False
    formerly: str = ""


@dataclass(frozen=True)
class Illustration:
    """A picture that belongs to a question: (H, W) or (H, W, 3), uint8, and what it shows."""

    pixels: np.ndarray
    words: str


@dataclass(frozen=True)
class Computed:
    """What a question computes when it is asked.

    Parameters
    ----------
    values : mapping of str to str
        What takes the place of ``{name}`` in question, options and reasons.
    picture : Illustration, optional
    """

    values: Mapping[str, str] = field(default_factory=dict)
    picture: Illustration | None = None


@dataclass(frozen=True)
class QuizQuestion:
    """A question with exactly one right answer.

    Parameters
    ----------
    name : str
        Stays for ever: progress keeps answers under it.
    question : str
    answers : tuple of Answer
    topic : str
        The topic of the lecture that it belongs to (``aml4d_utils.lessons.lecture``).
    place : str
        The heading of the lesson below which the answer can be read up.
    compute : callable, optional
        Called without arguments when the question is asked; gives its numbers and picture.
    keep_order : bool
        Whether the order of the options means something, as that of sizes does.
    picture : Illustration, optional
        Filled in by :meth:`asked`.

    Raises
    ------
    ValueError
        If not exactly one answer is right, two have the same name, or one does not say why.

    Examples
    --------
    >>> question = QuizQuestion(
    ...     "flat",
    ...     "How long is the flat row of {side} × {side} grey pixels?",
    ...     (
    ...         Answer("place", "{d}", "Width times height.", right=True),
    ...         Answer("one_row", "{side}", "That is one row of the picture."),
    ...     ),
    ...     compute=lambda: Computed({"side": "28", "d": str(28 * 28)}),
    ... )
    >>> question.asked().question
    'How long is the flat row of 28 × 28 grey pixels?'
    >>> question.asked().right.words
    '784'
    """

    name: str
    question: str
    answers: tuple[Answer, ...]
    topic: str = ""
    place: str = ""
    compute: Callable[[], Computed] | None = None
    keep_order: bool = False
    picture: Illustration | None = None

    def __post_init__(self) -> None:
        if sum(answer.right for answer in self.answers) != 1:
            raise ValueError(f"{self.name}: exactly one answer must be right.")
        if len({answer.name for answer in self.answers}) < len(self.answers):
            raise ValueError(f"{self.name}: each answer needs a name of its own.")
        if not all(answer.why.strip() for answer in self.answers):
            raise ValueError(f"{self.name}: every answer says why.")

    @property
    def right(self) -> Answer:
        """The one right answer."""
        return next(answer for answer in self.answers if answer.right)

    def asked(self) -> QuizQuestion:
        """Return the question with its numbers and picture computed and filled in.

        Raises
        ------
        ValueError
            If two options then say the same.
        """
        if self.compute is None:
            return self
        computed = self.compute()
        answers = tuple(
            replace(a, words=a.words.format(**computed.values), why=a.why.format(**computed.values))
            for a in self.answers
        )
        if len({answer.words for answer in answers}) < len(answers):
            raise ValueError(f"{self.name}: two options say the same.")
        question = self.question.format(**computed.values)
        return replace(
            self, question=question, answers=answers, compute=None, picture=computed.picture
        )

    def place_of(self, kept: object) -> int | None:
        """Return the place of the answer that progress keeps, None where there is none.

        Progress kept an answer's words before it had a name; they are still understood.
        """
        keys = ("name", "words", "formerly")
        for names in ([getattr(answer, key) for answer in self.answers] for key in keys):
            if kept and kept in names:
                return names.index(kept)
        return None


@dataclass(frozen=True)
class BankQuestion:
    """A question and where it comes from; ``asked`` is whether its lesson's quiz asks it."""

    lesson: str
    room: str
    question: QuizQuestion
    asked: bool

    @property
    def name(self) -> str:
        """A name that no other question of the course has, for example ``convolution.sharing``."""
        return f"{self.room}.{self.question.name}"
