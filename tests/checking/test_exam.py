"""A mock exam: drawn over all topics, kept at once, other questions the next time."""

import pytest

from aml4d_utils.checking import Answer, BankQuestion, QuizQuestion, exam, progress


def bank(topics=("sharing", "kernels", "locality"), each=3):
    return [
        BankQuestion(
            "07_convolution",
            "convolution",
            QuizQuestion(
                f"{topic}_{n}",
                f"{topic} {n}?",
                (
                    Answer("yes", "Yes", "So it is.", right=True),
                    Answer("no", "No", "It is."),
                    Answer("maybe", "Perhaps", "It is certain."),
                ),
                topic=topic,
            ),
            asked=False,
        )
        for topic in topics
        for n in range(each)
    ]


BANK = bank()


def topics_of(questions):
    return [each.question.topic for each in questions]


def right_place(one, place):
    return one.question(place).place_of("yes")


@pytest.mark.parametrize("seed", range(5))
def test_each_topic_is_asked_once(seed):
    drawn = exam.draw(BANK, seed)
    assert topics_of(drawn) == ["sharing", "kernels", "locality"]
    assert drawn == exam.draw(BANK, seed)


def test_a_question_without_a_topic_counts_by_its_room():
    drawn = exam.draw(bank(topics=("",), each=4), 0)
    assert len(drawn) == 1


def test_other_seeds_draw_other_questions():
    assert len({tuple(each.name for each in exam.draw(BANK, seed)) for seed in range(20)}) > 10


def test_the_next_exams_ask_other_questions_as_long_as_there_are_any():
    names = [
        {each.name for each in exam.begin(BANK, clock=False, seed=seed).drawn} for seed in range(4)
    ]
    assert not names[0] & names[1] and not (names[0] | names[1]) & names[2]
    assert len(names[3]) == 3
    assert exam.past_numbers() == [1, 2, 3, 4]


def test_before_the_first_there_is_none():
    assert exam.latest(BANK) is None and exam.past_numbers() == []


def test_a_restart_loses_nothing():
    one = exam.begin(BANK, clock=True, seed=5)
    one.choose(0, right_place(one, 0))
    one.choose(2, (right_place(one, 2) + 1) % 3)
    one.keep(used=12.5, place=2)
    again = exam.latest(BANK)
    assert [each.name for each in again.drawn] == [each.name for each in one.drawn]
    assert [again.question(n) for n in range(3)] == [one.question(n) for n in range(3)]
    assert [again.is_answered(n) for n in range(3)] == [True, False, True]
    assert [again.is_right(n) for n in range(3)] == [True, False, False]
    assert again.chosen(0) == right_place(one, 0) and again.chosen(1) is None
    assert (again.facts["used"], again.facts["place"], again.facts["finished"]) == (12.5, 2, False)


def test_an_answer_may_be_changed():
    one = exam.begin(BANK, clock=False, seed=5)
    for option in ((right_place(one, 1) + 1) % 3, right_place(one, 1)):
        one.choose(1, option)
    assert one.is_right(1)
    one.choose(1, (right_place(one, 1) + 1) % 3)
    assert not one.is_right(1)


def test_after_the_time_an_answer_is_late_by_a_running_clock_only():
    one = exam.begin(BANK, clock=True, seed=5)
    assert one.seconds == 3 * exam.SECONDS_EACH
    one.choose(0, 0)
    one.keep(used=one.seconds + 1.0)
    one.choose(1, 0)
    one.keep(clock=False)
    one.choose(2, 0)
    assert [one.is_late(n) for n in range(3)] == [False, True, False]


def test_a_question_that_has_left_the_bank_is_left_out():
    one = exam.begin(BANK, clock=False, seed=5)
    left = [each for each in BANK if each.name != one.drawn[1].name]
    assert topics_of(exam.latest(left).drawn) == ["sharing", "locality"]


def test_exams_are_kept_beside_the_answers_and_do_not_count_as_such():
    before = progress.line(exam.LESSON)
    one = exam.begin(BANK, clock=False, seed=5)
    one.choose(0, 0)
    assert progress.line(exam.LESSON) == before
    kept = progress.load(exam.LESSON)["exams"]
    assert set(kept) == {"1", f"1/{one.drawn[0].name}"}


def test_an_exam_goes_on_when_its_file_is_lost(aml4d_home):
    one = exam.begin(BANK, clock=False, seed=5)
    for file in (aml4d_home / "progress").glob("*.json"):
        file.write_text("{", "utf-8")
    one.choose(0, right_place(one, 0))
    assert one.is_right(0) and not one.is_answered(1)
    assert (one.facts["place"], one.facts["finished"]) == (0, False)
