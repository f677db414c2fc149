"""Predictions: kept, restored, held against the run."""

import numpy as np
import pytest

from aml4d_utils.checking import progress
from aml4d_utils.notebook import predict, start, starting

LESSON = "07_convolution"
OPTIONS = ["0", "0.5", "2"]


@pytest.fixture
def lesson():
    start(LESSON)
    return LESSON


def kept(name):
    return progress.load(LESSON)["predictions"].get(name)


def test_a_guess_is_kept(lesson):
    wall = predict("wall", "What is the sum?", OPTIONS)
    assert wall.guess is None
    assert wall.widget.action == "Keep my guess"
    wall.widget._on_message(None, {"kind": "answer", "answer": 1}, [])
    assert wall.guess == "0.5"
    assert kept("wall") == {"answer": "0.5"}
    assert "Kept" in wall.widget.feedback
    wall.widget.submit(2)
    assert kept("wall") == {"answer": "2"}


def test_a_guess_is_restored(lesson):
    predict("wall", "What is the sum?", OPTIONS).widget.submit(1)
    again = predict("wall", "What is the sum?", OPTIONS)
    assert again.guess == "0.5"
    assert "from last time" in again.widget.feedback
    assert predict("other", "What else?", OPTIONS).guess is None
    assert predict("wall", "What is the sum?", OPTIONS[::-1]).guess == "0.5"


def test_a_number_is_restored(lesson):
    predict("share", "How many?", unit="parameters").widget.submit(448)
    assert predict("share", "How many?", unit="parameters").guess == 448


@pytest.mark.parametrize("answer", [7, -1, 0.5, "3", None, [1], {"a": 1}])
def test_a_kept_answer_that_no_longer_fits_is_forgotten(lesson, answer):
    progress.record(LESSON, "predictions", "wall", answer=answer)
    assert predict("wall", "What is the sum?", OPTIONS).guess is None


@pytest.mark.parametrize("answer", ["many", None, True, [1]])
def test_a_kept_number_that_is_none_is_forgotten(lesson, answer):
    progress.record(LESSON, "predictions", "share", answer=answer)
    assert predict("share", "How many?").guess is None


def test_without_a_lesson_nothing_is_kept(monkeypatch, aml4d_home):
    monkeypatch.setattr(starting, "_current", None)
    wall = predict("wall", "What is the sum?", OPTIONS)
    wall.widget.submit(0)
    assert wall.guess == "0"
    assert not (aml4d_home / "progress").exists()


# --- answers that are none -------------------------------------------------------------------


@pytest.mark.parametrize("answer", [3, -1, 0.5, None, "0", True, float("nan")])
def test_only_options_can_be_chosen(lesson, answer):
    wall = predict("wall", "What is the sum?", OPTIONS)
    with pytest.raises(ValueError):
        wall.widget.submit(answer)
    assert wall.guess is None
    assert kept("wall") is None


@pytest.mark.parametrize("answer", [float("nan"), float("inf"), "12", None, False])
def test_only_numbers_can_be_typed(lesson, answer):
    share = predict("share", "How many?")
    with pytest.raises(ValueError):
        share.widget.submit(answer)
    assert share.guess is None


def test_one_option_is_no_question():
    with pytest.raises(ValueError, match="at least two options"):
        predict("wall", "What is the sum?", ["0"])


# --- compare ---------------------------------------------------------------------------------


def test_right_wrong_and_none(lesson):
    wall = predict("wall", "What is the sum?", OPTIONS)
    nothing = wall.compare("0", "Equal pixels cancel.")
    assert not nothing.right
    assert nothing.words.startswith("You have not guessed yet.")
    wall.widget.submit(0)
    right = wall.compare("0", "Equal pixels cancel.")
    assert right.right
    assert right.words == "You guessed “0”; the run gave “0”. Equal pixels cancel."
    wall.widget.submit(2)
    wrong = wall.compare("0")
    assert not wrong.right
    assert wrong.words == "You guessed “2”, but the run gave “0”."
    colours = {
        c._repr_mimebundle_()["text/html"].split("solid ")[1][:7] for c in (nothing, right, wrong)
    }
    assert len(colours) == 3


@pytest.mark.parametrize(
    ("guess", "actual", "right"),
    [
        (448, 448, True),
        (493, 448, False),
        (490, 448, True),
        (404, 448, True),
        (403, 448, False),
        (-440, -448, True),
        (440, -448, False),
        (0, 0, True),
        (0.001, 0, False),
        (450, np.int64(448), True),
        (0.5, np.float32(0.52), True),
    ],
)
def test_numbers_within_ten_per_cent_are_right(lesson, guess, actual, right):
    share = predict("share", "How many?", unit="parameters")
    share.widget.submit(guess)
    assert bool(share.compare(actual).right) is right


@pytest.mark.parametrize(
    ("options", "actual"), [(OPTIONS, "0.5"), ((), 448), ((), np.float64(0.123))]
)
def test_without_a_guess_nothing_is_given_away(lesson, options, actual):
    wall = predict("wall", "What is the sum?", options, unit="parameters")
    page = wall.compare(actual, "Because equal pixels cancel.")._repr_mimebundle_()
    for text in page.values():
        assert "Make your guess above" in text
        words = text.split("line-height:1.45")[-1]
        assert str(actual) not in words
        assert "cancel" not in words and "parameters" not in words
    wall.widget.submit(1)
    assert str(actual) in wall.compare(actual).words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (448, "448 parameters"),
        (805306368, "805,306,368 parameters"),
        (0.12345, "0.123 parameters"),
        (12345.6, "12,346 parameters"),
        (np.float64(2.0), "2 parameters"),
    ],
)
def test_numbers_are_readable(lesson, number, words):
    share = predict("share", "How many?", unit="parameters")
    share.widget.submit(1)
    assert words in share.compare(number).words


@pytest.mark.parametrize("actual", ["1", "", 0, None])
def test_a_run_that_gives_none_of_the_options_is_an_error(lesson, actual):
    with pytest.raises(ValueError, match="none of the options"):
        predict("wall", "What is the sum?", OPTIONS).compare(actual)


@pytest.mark.parametrize("actual", ["many", None, float("nan"), float("inf"), True, [3]])
def test_a_run_that_gives_no_number_is_an_error(lesson, actual):
    with pytest.raises(ValueError, match="The guess is a number, but the run gave"):
        predict("share", "How many?").compare(actual)


def test_words_are_escaped(lesson):
    wall = predict("wall", "?", ["<b>", "&"])
    wall.widget.submit(1)
    markup = wall.compare("<b>")._repr_mimebundle_()["text/html"]
    assert "<b>" not in markup
    assert "&lt;b&gt;" in markup
