"""The quiz of the lesson: its numbers are true."""

from aml4d_utils.lessons.pixels.questions import QUESTIONS
from aml4d_utils.topics.pixels.flattening import place_of
from aml4d_utils.topics.pixels.raw_linear import parameters


def test_the_answers_are_true():
    right = {q.name: next(a.words for a in q.answers if a.right) for q in QUESTIONS}
    assert right["flattening"] == str(place_of(3, 5, width=200)) == "605"
    assert (2 * 7) * (2 * 9) == 4 * 7 * 9 and "four times" in right["dimensions"]
    reasons = " ".join(a.why for q in QUESTIONS for a in q.answers)
    assert f"{parameters(784):,} parameters" in reasons
