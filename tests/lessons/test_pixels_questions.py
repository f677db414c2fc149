"""The quiz of the lesson: complete, and its numbers are true."""

from aml4d_utils.checking import progress
from aml4d_utils.lessons.pixels.questions import QUESTIONS
from aml4d_utils.topics.pixels.flattening import place_of
from aml4d_utils.topics.pixels.raw_linear import parameters


def test_names_are_unique_and_counted():
    names = [question.name for question in QUESTIONS]
    assert len(set(names)) == len(names) == 6
    assert progress.totals("04_pixels_and_dimensions")["quiz"] == len(names)


def test_options_differ_and_one_is_right():
    for question in QUESTIONS:
        words = [answer.words for answer in question.answers]
        assert len(set(words)) == len(words) >= 2
        assert sum(answer.right for answer in question.answers) == 1


def test_the_right_answer_is_not_always_at_the_same_place():
    places = [[a.right for a in question.answers].index(True) for question in QUESTIONS]
    assert len(set(places)) == 3


def test_the_answers_are_true():
    right = {q.name: next(a.words for a in q.answers if a.right) for q in QUESTIONS}
    assert right["flattening"] == str(place_of(3, 5, width=200)) == "605"
    assert (2 * 7) * (2 * 9) == 4 * 7 * 9 and "four times" in right["dimensions"]
    reasons = " ".join(a.why for q in QUESTIONS for a in q.answers)
    assert f"{parameters(784):,} parameters" in reasons
