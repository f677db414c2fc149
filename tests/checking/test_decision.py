"""Decisions: each measurement is repeated, and the choice must follow from the measurements."""

import numpy as np
import pytest

from aml4d_utils.checking.decision import Decision, DecisionCase, Rival
from aml4d_utils.checking.exercise import Attempt, WrongAnswer

NETS = {"small": (0.90, 100), "middle": (0.95, 300), "large": (0.97, 900), "twin": (0.95, 300)}
LATER = {"small": (0.80, 50), "middle": (0.85, 20), "large": (0.91, 70), "twin": (0.93, 75)}


def enough(case):
    least = case.facts["least"]
    return {name: cost for name, (share, cost) in case.truth.items() if share >= least}


def cheapest(case):
    fitting = enough(case)
    return [name for name, cost in fitting.items() if cost == min(fitting.values())] or [None]


def most_accurate(case):
    return max(case.truth, key=lambda name: case.truth[name][0])


def cases():
    for name, truth, least in (("exactly enough", NETS, 0.95), ("another table", LATER, 0.9)):
        yield DecisionCase(name, (truth, least), truth, {"least": least})
    yield DecisionCase("none is enough", (NETS, 0.99), NETS, {"least": 0.99})


DECISION = Decision(
    cases,
    parts=("accuracy", "parameters"),
    choose=cheapest,
    explain=lambda choice, case: f"“{choice}” does not follow.",
    called="the name of a network",
    rivals=[Rival(most_accurate, "You took the most accurate.")],
    misreadings=[
        lambda value, option, case: "Half of it." if value[0] == case.truth[option][0] / 2 else None
    ],
    besides=(None,),
)


def right(nets, least):
    fitting = {name: cost for name, (share, cost) in nets.items() if share >= least}
    return dict(nets), min(fitting, key=fitting.get) if fitting else None


def wrong_words(function):
    with pytest.raises(WrongAnswer) as caught:
        DECISION(Attempt(function))
    return str(caught.value)


def last_of_equals(nets, least):
    measured, choice = right(nets, least)
    return [{k: np.array(v, dtype=object) for k, v in measured.items()}, choice and choice[:]]


def other_twin(nets, least):
    measured, choice = right(nets, least)
    return measured, "twin" if choice == "middle" and nets == NETS else choice


@pytest.mark.parametrize("function", [right, last_of_equals, other_twin])
def test_right_answers_of_any_form(function):
    DECISION(Attempt(function))


def measured_as(change):
    def answer(nets, least):
        measured, choice = right(nets, least)
        return {name: change(*pair) for name, pair in measured.items()}, choice

    return answer


def chosen_as(change):
    def answer(nets, least):
        measured, choice = right(nets, least)
        return measured, change(nets, least, choice)

    return answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda nets, least: 3, "Return two things: a dictionary of measurements, and the name"),
        (lambda nets, least: right(nets, least)[::-1], "First the measurements"),
        (lambda nets, least: ({}, "small"), "There is no measurement of “small”."),
        (measured_as(lambda share, cost: share), "two numbers: accuracy and parameters."),
        (measured_as(lambda share, cost: (cost, share)), "is (accuracy, parameters), in this"),
        (measured_as(lambda share, cost: (share / 2, cost)), "Half of it."),
        (
            measured_as(lambda share, cost: (share, cost + 1)),
            "The parameters of “small” is 101 by your measurement; measured again it is 100.",
        ),
        (
            measured_as(lambda share, cost: (round(share, 1), cost)),
            "of “middle” is 0.9 by your measurement; measured again it is 0.95.",
        ),
        (chosen_as(lambda *_: "huge"), "You chose “huge”; choose the name of a network, or None."),
        (chosen_as(lambda *_: [1]), "You chose a list"),
        (chosen_as(lambda *_: "small"), "“small” does not follow."),
        (chosen_as(lambda nets, least, choice: choice or "large"), "“large” does not follow."),
        (chosen_as(lambda nets, *_: max(nets, key=lambda n: nets[n][0])), "You took the most"),
    ],
)
def test_wrong_answers_get_their_cause(answer, words):
    told = wrong_words(answer)
    assert words in told and "\nCase: " in told


def test_a_rival_is_named_only_when_all_choices_are_its():
    def most_accurate_once(nets, least):
        measured, choice = right(nets, least)
        return measured, "large" if nets == NETS else choice

    assert "You took" not in wrong_words(most_accurate_once)


SIDES = Decision(
    lambda: [DecisionCase("sides", ([8, 16],), {8: 0.5, 16: 0.75})],
    parts=("accuracy",),
    choose=lambda case: [16],
    explain=lambda choice, case: "Too small.",
    called="a side",
    show=lambda side: f"{side} pixels",
)


@pytest.mark.parametrize("choice", [16, 16.0, np.int64(16), np.float32(16)])
def test_a_number_of_any_type_is_the_option(choice):
    SIDES(Attempt(lambda sides: ({8: np.float32(0.5), 16: 3 / 4}, choice)))


@pytest.mark.parametrize("choice", [True, "16", [16], np.array([16, 16]), 15.99])
def test_what_only_looks_like_an_option_is_refused(choice):
    with pytest.raises(WrongAnswer, match="You chose"):
        SIDES(Attempt(lambda sides: ({8: 0.5, 16: 0.75}, choice)))


EACH = Decision(
    lambda: [DecisionCase("two briefs", ({"a": 1, "b": 5},), {"a": 1, "b": 5})],
    parts=("low end",),
    choose=lambda case, option: ["pixels" if case.truth[option] < 3 else "HOG"],
    explain=lambda choice, case, option: f"{choice} is wrong for {option}.",
    called="pixels or HOG",
    each=("pixels", "HOG"),
)


def test_a_choice_for_every_option():
    EACH(Attempt(lambda briefs: (briefs.copy(), {"a": "pixels", "b": "HOG"})))
    for choices, words in (
        ({"a": "HOG", "b": "HOG"}, "HOG is wrong for a."),
        ({"a": "pixels"}, "You chose nothing for “b”."),
        ({"a": "pixels", "b": "SIFT"}, "For “b”: You chose “SIFT”; choose pixels or HOG."),
        ("pixels", "must be a dictionary of your choices"),
    ):
        with pytest.raises(WrongAnswer, match=words):
            EACH(Attempt(lambda briefs, choices=choices: (briefs.copy(), choices)))
