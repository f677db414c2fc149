"""The mock exam in a notebook: one goes on, hands in, and reads up what was wrong."""

import re

import numpy as np
import pytest

from aml4d_utils.checking import Answer, BankQuestion, Computed, Illustration, QuizQuestion, exam
from aml4d_utils.notebook import exams, mock_exam


def question(name, **facts):
    return BankQuestion(
        "07_convolution",
        "convolution",
        QuizQuestion(
            name,
            f"Is <{name}> {{one}}?",
            (
                Answer("yes", "Yes & {one}", "So it is: {one}.", right=True),
                Answer("no", "No, {two}", "It is not {two}."),
            ),
            topic=name,
            place="Why share one kernel?",
            compute=lambda: Computed({"one": "1", "two": "2"}, facts.get("picture")),
        ),
        asked=False,
    )


GREY = Illustration(np.full((2, 2), 99, np.uint8), "A grey wall of 2 × 2 pixels.")
BANK = (question("first"), question("second", picture=GREY), question("third"))


@pytest.fixture
def made():
    return mock_exam(BANK)


def tell(made, kind, **content):
    made.sheet._on_message(None, {"kind": kind, **content}, [])


def answer(made, place, name):
    option = made.exam.question(place).place_of(name)
    tell(made, "choose", place=place, option=option, used=1.0)


def begun(made, clock=True):
    tell(made, "begin", clock=clock)
    return made


def review(made):
    return made.review.outputs[0]["data"]["text/html"]


def test_it_says_what_is_to_come(made):
    assert made.sheet.stage == "start"
    assert "3 questions" in made.sheet.words and "3 minutes" in made.sheet.words


def test_an_exam_begins_with_its_first_question(made):
    begun(made)
    sheet = made.sheet
    assert (sheet.stage, sheet.place, sheet.chosen) == ("running", 0, -1)
    assert sheet.question == "Is <first> 1?"
    assert sorted(sheet.options) == ["No, 2", "Yes & 1"]
    assert (sheet.answered, sheet.seconds, sheet.clock) == ([0, 0, 0], 180, True)


def test_one_goes_to_and_fro_and_answers_stay(made):
    begun(made)
    answer(made, 0, "no")
    tell(made, "go", place=1, used=2.0)
    assert made.sheet.picture_words == GREY.words and made.sheet.picture.startswith("data:image")
    assert (made.sheet.chosen, made.sheet.answered) == (-1, [1, 0, 0])
    tell(made, "go", place=0, used=3.0)
    assert made.sheet.picture == "" == made.sheet.picture_words
    assert made.sheet.chosen == made.exam.question(0).place_of("no")


def test_an_answer_that_comes_after_turning_over_belongs_to_its_question(made):
    begun(made)
    tell(made, "go", place=1, used=0.0)
    answer(made, 0, "yes")
    assert made.sheet.chosen == -1 and made.sheet.answered == [1, 0, 0]


def test_an_exam_goes_on_after_a_restart(made):
    begun(made)
    answer(made, 0, "yes")
    tell(made, "go", place=1, used=42.0)
    again = mock_exam(BANK).sheet
    assert (again.stage, again.place, again.used) == ("running", 1, 42.0)
    assert (again.question, again.options) == (made.sheet.question, made.sheet.options)
    assert again.answered == [1, 0, 0]


def test_the_clock_may_be_stopped(made):
    begun(made)
    tell(made, "clock", clock=False, used=7.0)
    assert made.sheet.clock is False
    again = mock_exam(BANK).sheet
    assert (again.clock, again.used) == (False, 7.0)
    tell(made, "clock", clock=True, used=7.0)
    assert made.sheet.clock is True


def test_time_does_not_run_backwards(made):
    begun(made)
    tell(made, "time", used=50.0)
    tell(made, "time", used=20.0)
    assert made.sheet.used == 50.0 == made.exam.facts["used"]


def test_what_was_wrong_is_explained_and_leads_to_the_lesson(made):
    begun(made)
    answer(made, 0, "yes")
    answer(made, 1, "no")
    tell(made, "hand_in", used=60.0)
    assert made.sheet.stage == "over"
    assert made.sheet.words.startswith("Exam 1: 1 of 3 right.")
    text = review(made)
    assert "To read up: 2 of 3 questions" in text
    assert "Question 1<" not in text
    assert "Is &lt;second&gt; 1?" in text and "It is not 2." in text and "So it is: 1." in text
    assert "Yes &amp; 1" in text and "You left it open." in text
    assert f'alt="{GREY.words}"' in text
    assert text.count('href="07_convolution.ipynb#Why-share-one-kernel?"') == 2
    assert "07 · Convolution: Why share one kernel?" in text
    plain = made.review.outputs[0]["data"]["text/plain"]
    assert "It is not 2." in plain and "<" not in plain.replace("<second>", "").replace(
        "<third>", ""
    )


def test_a_finished_exam_is_still_there_after_a_restart(made):
    begun(made)
    answer(made, 0, "no")
    tell(made, "hand_in", used=1.0)
    again = mock_exam(BANK)
    assert again.sheet.stage == "over" and review(again) == review(made)


def test_when_all_is_right_nothing_is_left_to_read_up(made):
    begun(made)
    for place in range(3):
        answer(made, place, "yes")
    tell(made, "hand_in", used=9.0)
    assert made.sheet.words.startswith("Exam 1: 3 of 3 right.")
    assert "Nothing is left to read up." in review(made) and "href" not in review(made)


def test_late_answers_are_counted_apart(made):
    begun(made)
    answer(made, 0, "yes")
    tell(made, "time", used=500.0)
    tell(made, "choose", place=1, option=made.exam.question(1).place_of("yes"), used=500.0)
    tell(made, "hand_in", used=501.0)
    assert exams.result_of(made.exam) == "Exam 1: 2 of 3 right, 1 of them after the time."


def test_another_exam_takes_the_review_away(made):
    begun(made)
    tell(made, "hand_in", used=1.0)
    begun(made, clock=False)
    assert made.review.outputs == () and made.exam.number == 2
    assert (made.sheet.stage, made.sheet.used, made.sheet.clock) == ("running", 0.0, False)


@pytest.mark.parametrize("place", [-1, 3, "0", None, 0.5])
def test_there_is_no_such_question(made, place):
    begun(made)
    with pytest.raises(ValueError, match="counted from 0"):
        tell(made, "go", place=place, used=0.0)
    with pytest.raises(ValueError, match="counted from 0"):
        tell(made, "choose", place=place, option=0, used=0.0)
    with pytest.raises(ValueError, match="counted from 0"):
        tell(made, "choose", place=0, option=place if place != 0.5 else 7, used=0.0)
    assert made.sheet.answered == [0, 0, 0]


def test_no_link_of_the_course_needs_numbers_for_its_signs():
    from aml4d_utils.lessons import question_bank

    for each in question_bank.exam_questions():
        link = exams.link_to(each)
        assert re.fullmatch(r"\d\d_\w+\.ipynb(#[!$-;=?-_a-z]+)?", link), link


def test_the_exam_of_the_course_covers_the_lecture_and_the_second_one_differs():
    from aml4d_utils.lessons import question_bank

    bank = question_bank.exam_questions()
    topics = {each.question.topic for each in bank}
    one, other = (exam.begin(bank, clock=True, seed=seed) for seed in (1, 2))
    assert {each.question.topic for each in one.drawn} == topics and "course" not in topics
    assert len(one.drawn) == len(topics) >= 38
    assert not {each.name for each in one.drawn} & {each.name for each in other.drawn}
