"""Quiz questions: one right answer, a reason for each, and what is kept."""

from dataclasses import replace

import numpy as np
import pytest

from aml4d_utils.checking import Answer, Computed, Illustration, QuizQuestion, progress
from aml4d_utils.checking.shuffling import in_random_order
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


def place(made, number, name):
    """Where an answer of a question stands on the page."""
    return [answer.name for answer in made.questions[number].answers].index(name)


def submit(made, number, name):
    made.cards[number].submit(place(made, number, name))


def test_a_right_answer(made):
    submit(made, 0, "colour")
    assert made.cards[0].verdict == "right"
    assert made.cards[0].feedback == "Right. So it is."
    assert answers() == {"colour": {"answer": "colour", "solved": True}}


def test_a_wrong_answer_says_why(made):
    made.cards[1]._on_message(None, {"kind": "answer", "answer": place(made, 1, "one")}, [])
    assert made.cards[1].verdict == "wrong"
    assert made.cards[1].feedback == "Not this one. One is missing."
    assert answers() == {"sum": {"answer": "one", "solved": False}}
    assert made.cards[0].verdict == ""


def test_answers_are_restored(made):
    submit(made, 1, "one")
    again = quiz(QUESTIONS)
    kept = place(again, 1, "one")
    assert (again.cards[1].answer, again.cards[1].verdict) == (kept, "wrong")
    assert again.cards[1].feedback == made.cards[1].feedback
    assert (again.cards[0].answer, again.cards[0].verdict) == (None, "")


def test_other_words_in_another_order_are_the_same_answers(made):
    submit(made, 1, "two")
    one, two = QUESTIONS[1].answers
    turned = replace(QUESTIONS[1], answers=(replace(two, words="Two"), one), keep_order=True)
    card = quiz([turned]).cards[0]
    assert (card.options, card.answer, card.verdict) == (["Two", "1"], 0, "right")


def test_answers_kept_by_their_words_are_still_understood(lesson):
    progress.record(LESSON, "quiz", "sum", solved=False, answer="1")
    made = quiz(QUESTIONS)
    card = made.cards[1]
    assert (card.answer, card.verdict) == (place(made, 1, "one"), "wrong")
    submit(made, 1, "two")
    assert answers() == {"sum": {"answer": "two", "solved": True}}


def test_words_that_have_been_bettered_since_are_still_understood(lesson):
    progress.record(LESSON, "quiz", "sum", solved=False, answer="1")
    one, two = QUESTIONS[1].answers
    bettered = replace(QUESTIONS[1], answers=(replace(one, words="Just 1", formerly="1"), two))
    made = quiz([bettered])
    assert made.cards[0].answer == place(made, 0, "one")


@pytest.mark.parametrize("kept", ["3", None, 0, ["one"], {"one": 1}])
def test_a_kept_answer_that_no_longer_exists_is_forgotten(lesson, kept):
    progress.record(LESSON, "quiz", "sum", answer=kept)
    assert quiz(QUESTIONS).cards[1].answer is None


def test_one_may_try_again_and_stays_right(made):
    card = made.cards[1]
    for answer in ("one", "two", "one"):
        submit(made, 1, answer)
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
    submit(made, 0, "colour")
    assert made.cards[0].verdict == "right"
    assert not (aml4d_home / "progress").exists()


def test_every_question_is_a_card(made):
    assert list(made.widget.children) == made.cards
    assert [card.question for card in made.cards] == ["What is grey?", "1 + 1?"]
    assert sorted(made.cards[0].options) == ["A colour", "A shape"]
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


# --- shuffled ----------------------------------------------------------------------------------


def with_options(count, name="q", **facts):
    options = (Answer(f"a{n}", f"A{n}", "Why.", right=n == 0) for n in range(count))
    return QuizQuestion(name, "?", tuple(options), **facts)


def places(questions, seed):
    return [question.place_of("a0") for question in in_random_order(questions, seed)]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_no_place_is_worth_a_guess(count):
    questions = [with_options(count, f"q{n}") for n in range(5 * count)]
    for seed in range(20):
        assert np.bincount(places(questions, seed)).tolist() == [5] * count


def test_the_order_is_the_same_for_the_same_seed_and_not_for_another():
    questions = [with_options(4, f"q{n}") for n in range(12)]
    assert in_random_order(questions, "a") == in_random_order(questions, "a")
    assert places(questions, "a") != places(questions, "b")
    wrong = [tuple(a.name for a in q.answers if not a.right) for q in in_random_order(questions, 1)]
    assert len(set(wrong)) > 3


def test_an_order_that_means_something_is_kept():
    questions = [with_options(4, f"q{n}", keep_order=True) for n in range(8)]
    assert in_random_order(questions, 0) == questions


def test_no_option_is_lost():
    (question,) = in_random_order([with_options(4)], 3)
    assert sorted(question.answers, key=lambda a: a.name) == list(with_options(4).answers)


# --- computed when asked -----------------------------------------------------------------------

GREY = Illustration(np.full((2, 3), 128, np.uint8), "An evenly grey wall, 3 × 2 pixels.")
COMPUTED = QuizQuestion(
    "wall",
    "What is the mean of {count} pixels?",
    (
        Answer("mean", "{mean}", "All {count} are alike.", right=True),
        Answer("sum", "{sum}", "That is the sum; {count} pixels share it."),
    ),
    compute=lambda: Computed({"count": "6", "mean": "128", "sum": "768"}, GREY),
)


def test_numbers_and_picture_are_computed_when_asked(lesson):
    card = quiz([COMPUTED]).cards[0]
    assert card.question == "What is the mean of 6 pixels?"
    assert sorted(card.options) == ["128", "768"]
    assert card.picture_words == GREY.words
    assert card.picture.startswith("data:image/png;base64,")
    card.submit(card.options.index("768"))
    assert card.feedback == "Not this one. That is the sum; 6 pixels share it."
    assert answers() == {"wall": {"answer": "sum", "solved": False}}


def test_without_computing_braces_are_only_braces():
    question = replace(COMPUTED, compute=None)
    assert question.asked() is question
    assert question.right.words == "{mean}"


def test_two_options_that_say_the_same_are_refused():
    alike = replace(COMPUTED, compute=lambda: Computed({"count": "1", "mean": "5", "sum": "5"}))
    with pytest.raises(ValueError, match="wall: two options say the same"):
        alike.asked()
