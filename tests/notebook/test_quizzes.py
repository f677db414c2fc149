"""Quiz questions: one right answer, a reason for each, and what is kept."""

import pytest

from aml4d_utils.checking import Answer, QuizQuestion, progress
from aml4d_utils.notebook import quiz, start, starting

LESSON = "07_convolution"
QUESTIONS = (
    QuizQuestion(
        "colour",
        "What is grey?",
        (Answer("A colour", "So it is.", right=True), Answer("A shape", "It has no edge.")),
    ),
    QuizQuestion(
        "sum",
        "1 + 1?",
        (Answer("1", "One is missing."), Answer("2", "One and one.", right=True)),
    ),
)


@pytest.fixture
def made():
    start(LESSON)
    return quiz(QUESTIONS)


def answers():
    return progress.load(LESSON)["quiz"]


def test_a_right_answer(made):
    made.cards[0].submit(0)
    assert made.cards[0].verdict == "right"
    assert made.cards[0].feedback == "Right. So it is."
    assert answers() == {"colour": {"answer": "A colour", "solved": True}}


def test_a_wrong_answer_says_why(made):
    made.cards[1]._on_message(None, {"kind": "answer", "answer": 0}, [])
    assert made.cards[1].verdict == "wrong"
    assert made.cards[1].feedback == "Not this one. One is missing."
    assert answers() == {"sum": {"answer": "1", "solved": False}}
    assert made.cards[0].verdict == ""


def test_answers_are_restored(made):
    made.cards[1].submit(0)
    again = quiz(QUESTIONS)
    assert (again.cards[1].answer, again.cards[1].verdict) == (0, "wrong")
    assert again.cards[1].feedback == made.cards[1].feedback
    assert (again.cards[0].answer, again.cards[0].verdict) == (None, "")


def test_one_may_try_again_and_stays_right(made):
    card = made.cards[1]
    for answer in (0, 1, 0):
        card.submit(answer)
    assert card.verdict == "wrong"
    assert answers()["sum"] == {"answer": "1", "solved": True}
    assert progress.counts(LESSON)["quiz"] == 1


@pytest.mark.parametrize("answer", [2, -1, 0.5, "0", None, True])
def test_there_is_no_such_answer(made, answer):
    with pytest.raises(ValueError):
        made.cards[0].submit(answer)
    assert (made.cards[0].verdict, answers()) == ("", {})


def test_other_messages_are_ignored(made):
    made.cards[0]._on_message(None, {"kind": "other"}, [])
    assert answers() == {}


def test_without_a_lesson_it_still_answers(monkeypatch, aml4d_home):
    monkeypatch.setattr(starting, "_current", None)
    made = quiz(QUESTIONS)
    made.cards[0].submit(0)
    assert made.cards[0].verdict == "right"
    assert not (aml4d_home / "progress").exists()


def test_every_question_is_a_card(made):
    assert list(made.widget.children) == made.cards
    assert [card.question for card in made.cards] == ["What is grey?", "1 + 1?"]
    assert made.cards[0].options == ["A colour", "A shape"]
    assert "text/plain" in made._repr_mimebundle_()


@pytest.mark.parametrize("right", [(False, False), (True, True)])
def test_exactly_one_answer_is_right(right):
    with pytest.raises(ValueError, match="exactly one answer must be right"):
        QuizQuestion("q", "?", tuple(Answer(str(i), "Why.", r) for i, r in enumerate(right)))


def test_every_answer_says_why():
    with pytest.raises(ValueError, match="every answer says why"):
        QuizQuestion("q", "?", (Answer("a", "Why.", True), Answer("b", " ")))
