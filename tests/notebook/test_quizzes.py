"""Quiz questions: one right answer, a reason for each, and what is kept."""

from dataclasses import replace

import pytest

from aml4d_utils.checking import Answer, QuizQuestion, progress
from aml4d_utils.notebook import quiz, start, starting

LESSON = "07_convolution"
QUESTIONS = (
    QuizQuestion(
        "colour",
        "What is grey?",
        (
            Answer("colour", "A colour", "So it is.", right=True),
            Answer("shape", "A shape", "It has no edge."),
        ),
    ),
    QuizQuestion(
        "sum",
        "1 + 1?",
        (Answer("one", "1", "One is missing."), Answer("two", "2", "One and one.", right=True)),
    ),
)


@pytest.fixture
def lesson():
    start(LESSON)


@pytest.fixture
def made(lesson):
    return quiz(QUESTIONS)


def answers():
    return progress.load(LESSON)["quiz"]


def test_a_right_answer(made):
    made.cards[0].submit(0)
    assert made.cards[0].verdict == "right"
    assert made.cards[0].feedback == "Right. So it is."
    assert answers() == {"colour": {"answer": "colour", "solved": True}}


def test_a_wrong_answer_says_why(made):
    made.cards[1]._on_message(None, {"kind": "answer", "answer": 0}, [])
    assert made.cards[1].verdict == "wrong"
    assert made.cards[1].feedback == "Not this one. One is missing."
    assert answers() == {"sum": {"answer": "one", "solved": False}}
    assert made.cards[0].verdict == ""


def test_answers_are_restored(made):
    made.cards[1].submit(0)
    again = quiz(QUESTIONS)
    assert (again.cards[1].answer, again.cards[1].verdict) == (0, "wrong")
    assert again.cards[1].feedback == made.cards[1].feedback
    assert (again.cards[0].answer, again.cards[0].verdict) == (None, "")


def test_other_words_in_another_order_are_the_same_answers(made):
    made.cards[1].submit(1)
    one, two = QUESTIONS[1].answers
    turned = replace(QUESTIONS[1], answers=(replace(two, words="Two"), one))
    card = quiz([turned]).cards[0]
    assert (card.options, card.answer, card.verdict) == (["Two", "1"], 0, "right")


def test_answers_kept_by_their_words_are_still_understood(lesson):
    progress.record(LESSON, "quiz", "sum", solved=False, answer="1")
    card = quiz(QUESTIONS).cards[1]
    assert (card.answer, card.verdict) == (0, "wrong")
    card.submit(1)
    assert answers() == {"sum": {"answer": "two", "solved": True}}


@pytest.mark.parametrize("kept", ["3", None, 0, ["one"], {"one": 1}])
def test_a_kept_answer_that_no_longer_exists_is_forgotten(lesson, kept):
    progress.record(LESSON, "quiz", "sum", answer=kept)
    assert quiz(QUESTIONS).cards[1].answer is None


def test_one_may_try_again_and_stays_right(made):
    card = made.cards[1]
    for answer in (0, 1, 0):
        card.submit(answer)
    assert card.verdict == "wrong"
    assert answers()["sum"] == {"answer": "one", "solved": True}
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
        QuizQuestion("q", "?", tuple(Answer(str(i), "?", "Why.", r) for i, r in enumerate(right)))


def test_every_answer_says_why():
    with pytest.raises(ValueError, match="every answer says why"):
        QuizQuestion("q", "?", (Answer("a", "A", "Why.", True), Answer("b", "B", " ")))


def test_every_answer_has_a_name_of_its_own():
    with pytest.raises(ValueError, match="a name of its own"):
        QuizQuestion("q", "?", (Answer("a", "A", "Why.", True), Answer("a", "B", "Why.")))
