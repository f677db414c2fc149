"""Quiz questions with an immediate answer that says why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets

from aml4d_utils.checking import progress
from aml4d_utils.checking.questions import Answer, QuizQuestion
from aml4d_utils.checking.shuffling import in_random_order
from aml4d_utils.notebook.starting import current_lesson
from aml4d_utils.widgets.answering import Question


class Quiz:
    """Several questions, shown one below the other; each lesson has its own order of options."""

    def __init__(self, questions: Sequence[QuizQuestion]):
        self.lesson = current_lesson()
        asked = (question.asked() for question in questions)
        self.questions = tuple(in_random_order(asked, self.lesson or ""))
        self.cards = [self._card(question) for question in self.questions]
        self.widget = ipywidgets.VBox(self.cards)

    def _card(self, question: QuizQuestion) -> Question:
        options = [answer.words for answer in question.answers]
        card = Question(
            question.question,
            options,
            action="Answer",
            picture=question.picture,
            on_answer=lambda index: self._judge(question, card, int(index)),
        )
        kept = progress.load(self.lesson)["quiz"].get(question.name, {}) if self.lesson else {}
        place = question.place_of(kept.get("answer"))
        if place is not None:
            card.answer = place
            _say(card, question.answers[card.answer])
        return card

    def _judge(self, question: QuizQuestion, card: Question, index: int) -> None:
        answer = question.answers[index]
        _say(card, answer)
        if self.lesson:
            facts = {"solved": answer.right, "answer": answer.name}
            progress.record(self.lesson, "quiz", question.name, **facts)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def _say(card: Question, answer: Answer) -> None:
    with card.hold_sync():
        card.verdict = "right" if answer.right else "wrong"
        card.feedback = ("Right. " if answer.right else "Not this one. ") + answer.why


def quiz(questions: Sequence[QuizQuestion]) -> Quiz:
    """Show quiz questions; each answer says at once whether and why."""
    return Quiz(questions)
