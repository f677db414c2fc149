"""What all exercises share: checks on copies, comparisons, causes in words, hints, solutions."""

import dataclasses
import json
import sys

import numpy as np
import pytest

from aml4d_utils.checking import Case, Exercise, Mistake, WrongAnswer, progress, same_as
from aml4d_utils.checking.exercise import Attempt, Outcome, as_numbers, difference

LESSON = "99_nothing"


def exercise(check_with, name="double"):
    hints = ("Look at the first case.", "Multiply by 2.")
    return Exercise(name, lesson=LESSON, check_with=check_with, hints=hints, solutions="a_room")


double = exercise(
    same_as(
        lambda n: 2 * n,
        [Case("zero", (0,)), Case("two", (2,)), Case("five", (5,))],
        [
            Mistake(lambda n: n**2, "You squared it."),
            Mistake(lambda n: n + 2, "You added 2."),
            Mistake(lambda n: 4 if n == 2 else -n, "You lost the sign."),
        ],
    )
)


# --- Outcomes ----------------------------------------------------------------------------------


def test_progress_keeps_what_was_solved():
    def kept():
        return progress.load(LESSON)["exercises"].get("double")

    double.check(None)
    assert kept() is None
    double.check(lambda n: n)
    assert kept() == {"solved": False}
    double.check(lambda n: n + n)
    double.check(lambda n: n)
    assert kept() == {"solved": True}


def test_hints_come_one_after_the_other():
    task = exercise(double.check_with)
    assert [task.hint().text for _ in range(3)] == [
        "Hint 1 of 2: Look at the first case.",
        "Hint 2 of 2: Multiply by 2.",
        "Hint 2 of 2: Multiply by 2.",
    ]


def test_the_solution_comes_from_the_room(tmp_path, monkeypatch):
    room = tmp_path / "a_room"
    room.mkdir()
    room.joinpath("__init__.py").touch()
    room.joinpath("solutions.json").write_text(json.dumps({"double": "def double(n): …"}), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert "def double(n): …" in double.solution().text
    del sys.modules["a_room"]


def test_a_card_escapes_what_a_student_wrote():
    bundle = Outcome("not yet", "<b> & more", "<script>")._repr_mimebundle_()
    assert "&lt;b&gt; &amp; more" in bundle["text/html"]
    assert "<script>" not in bundle["text/html"]
    assert bundle["text/plain"] == "Not yet: <b> & more\n<script>"


# --- Causes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda n: n * n, "You squared it."),
        (lambda n: n + 2, "You added 2."),
        (lambda n: n * n if n < 5 else 0, "Expected 10, got 0."),
        (lambda n: n * n if n < 5 else [].pop(), "IndexError"),
        (lambda n: n + 2 if n < 5 else None, "You added 2."),
        (lambda n: 2 * n if n < 5 else 9, "Expected 10, got 9."),
    ],
)
def test_a_cause_must_explain_every_answer(answer, message):
    assert message in double.check(answer).message


def test_the_detail_names_the_case_and_the_difference():
    outcome = double.check(lambda n: n + 2)
    assert outcome.detail == "Case: zero\nExpected 0, got 2."


def test_small_arrays_are_shown():
    check = same_as(lambda: np.eye(2), [Case("nothing", ())])
    outcome = exercise(check).check(lambda: np.array([[1, 0], [0.5, 1]]))
    assert outcome.message == "At index (1, 0) expected 0, got 0.5; 1 of 4 values differ."
    assert "expected:\n[[1. 0.]\n [0. 1.]]\ngot:\n[[1.  0. ]\n [0.5 1. ]]" in outcome.detail


def test_a_mistake_may_fail_itself():
    mistakes = [Mistake(lambda n: [][n], "never"), Mistake(lambda n: n, "same")]
    check = same_as(lambda n: 2 * n, [Case("one", (1,))], mistakes)
    assert exercise(check).check(lambda n: n).message == "same"


# --- Comparing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "expected", "words"),
    [
        (3, 3.0000001, None),
        (True, 1, None),
        ((1, 2), [1.0, 2.0], None),
        (np.float32(0.1), 0.1, None),
        ([], [], None),
        (4.0001, 4, "Expected 4, got 4.0001."),
        (47061, 47060, "Expected 47060, got 47061."),
        ([1, 2], 3, "You returned an array of the shape (2,); expected is one number."),
        (3, [1, 2], "You returned one number; expected is an array of the shape (2,)."),
        (np.zeros((2, 3)), np.zeros((3, 2)), "Are rows and columns exchanged?"),
        (np.zeros((2, 3)), np.zeros((3, 3)), "Is a range one too long or one too short?"),
        (np.zeros((2, 3)), np.zeros((3, 5)), "The shape is (2, 3); expected is (3, 5)."),
        ("3", 3, "You returned a str; expected is one number."),
        ([1, "3"], [1, 3], "a list of something other than numbers"),
        ([[1, 2], [3]], np.zeros((2, 2)), "different lengths"),
        ([1, np.nan], [1, 2], "NaN or infinite"),
        (1 + 0j, 1, "complex"),
    ],
)
def test_difference_in_words(actual, expected, words):
    found = difference(actual, expected)
    assert found is None if words is None else words in found


@pytest.mark.parametrize(
    "value", ["3", None, [1, None], object(), {1: 2}, [[1], [2, 3]], np.datetime64("now")]
)
def test_what_is_no_number(value):
    assert as_numbers(value) is None


# --- Calling -----------------------------------------------------------------------------------


@dataclasses.dataclass
class Boxes:
    corners: np.ndarray
    label: str = "cat"


def change_field(boxes):
    boxes.corners[0] = 5
    return 1


@pytest.mark.parametrize(
    ("argument", "spoil"),
    [
        (np.zeros(3), lambda a: a.sort() or a.__setitem__(0, 1)),
        (np.zeros((2, 3)), lambda a: setattr(a, "shape", (3, 2))),
        ([1, [2, 3]], lambda a: a[1].append(4)),
        ([(1, 2)], lambda a: a.__setitem__(0, 3)),
        ([1, 2], lambda a: a.__setitem__(0, np.zeros(2))),
        ({"a": [1]}, lambda a: a["a"].clear()),
        ({"a": 1}, lambda a: a.update(b=2)),
        (Boxes(np.zeros(2)), lambda a: a.corners.__setitem__(0, 1)),
        (Boxes(np.zeros(2)), lambda a: setattr(a, "label", "dog")),
    ],
)
def test_a_change_of_the_input_is_found(argument, spoil):
    def answer(value):
        spoil(value)
        return 1

    with pytest.raises(WrongAnswer, match="changed its input"):
        Attempt(answer)(argument)


@pytest.mark.parametrize(
    "argument",
    [
        np.array([1.0, np.nan]),
        float("nan"),
        [np.nan, "a"],
        {"f": len},
        Boxes(np.ones(2)),
        max,
        None,
    ],
)
def test_reading_changes_nothing(argument):
    assert Attempt(lambda value: 1)(argument) == 1


def test_the_original_stays_as_it_is():
    original = np.zeros(3)
    with pytest.raises(WrongAnswer):
        Attempt(lambda a: a.__iadd__(1))(original)
    assert not original.any()


def test_the_line_is_counted_in_the_answer():
    def deeper(n):
        raise KeyError(n)

    def answer(n):
        value = n + 1
        return [deeper(m) for m in (value,)]

    with pytest.raises(WrongAnswer, match="KeyError in its line 3 .case: one.: 2"):
        Attempt(answer)(1, case="one")


def test_a_function_without_a_signature_is_called_all_the_same():
    assert Attempt(max)(2, 3) == 3
