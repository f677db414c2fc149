"""The sheet of a mock exam in Chromium, without Jupyter: keys, clock, words, handing in."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from aml4d_utils.checking import Illustration
from aml4d_utils.widgets.exam_sheet import ExamSheet

pytestmark = pytest.mark.browser


class Nobody:
    """An invigilator who is told nothing: the page is tested alone."""


def sheet(**traits):
    made = ExamSheet(Nobody())
    made.words = "An exam has 3 questions."
    made.seconds, made.answered = 180, [0, 1, 0]
    picture = Illustration(np.full((4, 6), 120, np.uint8), "A grey wall of 4 × 6 pixels.")
    made.ask(1, "What is this?", ["A wall", "A cat", "A <b>dog</b>"], 1, picture)
    made.stage = "running"
    for name, value in traits.items():
        setattr(made, name, value)
    return made


@pytest.fixture
def running(open_widget):
    return open_widget(sheet(), width=760, height=700)


def last(opened):
    return opened.sent()[-1]["content"] if "content" in opened.sent()[-1] else opened.sent()[-1]


def test_it_begins_with_or_without_a_clock(open_widget):
    opened = open_widget(sheet(stage="start"), width=760)
    expect(opened.page.get_by_role("status")).to_have_text("An exam has 3 questions.")
    opened.page.get_by_label("With a clock").press("Space")
    opened.page.get_by_role("button", name="Begin the exam").press("Enter")
    assert (last(opened)["kind"], last(opened)["clock"]) == ("begin", False)


def test_a_question_is_shown_with_its_picture_and_what_was_chosen(running):
    page = running.page
    expect(page.get_by_role("heading")).to_have_text("Question 2 of 3")
    group = page.get_by_role("group", name="What is this?")
    expect(group.get_by_role("radio")).to_have_count(3)
    expect(group.get_by_role("radio", name="A cat")).to_be_checked()
    expect(group.get_by_text("A <b>dog</b>")).to_be_visible()
    expect(page.get_by_role("img")).to_have_attribute("alt", "A grey wall of 4 × 6 pixels.")


def test_keys_alone_choose_and_turn_over(running):
    page = running.page
    page.get_by_role("radio", name="A cat").focus()
    page.keyboard.press("ArrowDown")
    said = last(running)
    assert (said["kind"], said["place"], said["option"]) == ("choose", 1, 2)
    running.answer()
    page.get_by_role("button", name="Next").press("Enter")
    assert (last(running)["kind"], last(running)["place"]) == ("go", 2)
    page.evaluate("() => { window.page.model.set('place', 2); window.page.answer(); }")
    expect(page.get_by_role("heading")).to_have_text("Question 3 of 3")
    expect(page.get_by_role("heading")).to_be_focused()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()


def test_a_choice_stands_until_python_has_heard_it(running):
    dog = running.page.get_by_role("radio", name="A <b>dog</b>")
    dog.check()
    running.set(words="An exam has 3 questions; this is the second.")
    expect(dog).to_be_checked()
    running.answer()  # Python knows better: the choice before stands
    expect(running.page.get_by_role("radio", name="A cat")).to_be_checked()


def test_every_question_says_whether_it_is_answered(running):
    places = running.page.get_by_role("navigation", name="Questions of this exam")
    names = [b.get_attribute("aria-label") for b in places.get_by_role("button").all()]
    assert names == ["Question 1, open", "Question 2, answered", "Question 3, open"]
    current = places.locator("[aria-current]")
    expect(current).to_have_text("2")
    places.get_by_role("button", name="Question 1").click()
    assert (last(running)["kind"], last(running)["place"]) == ("go", 0)


def test_it_asks_before_handing_in_what_is_not_complete(running):
    page = running.page
    sure = page.get_by_role("button", name="Hand in all the same")
    expect(sure).to_be_hidden()
    page.get_by_role("button", name="Hand in", exact=True).press("Enter")
    expect(page.get_by_text("2 of 3 questions are still open.")).to_be_visible()
    expect(sure).to_be_focused()
    page.get_by_role("button", name="Go on").press("Enter")
    expect(sure).to_be_hidden()
    assert running.sent() == []
    page.get_by_role("button", name="Hand in", exact=True).press("Enter")
    sure.press("Enter")
    assert last(running)["kind"] == "hand_in"


def test_a_complete_one_is_handed_in_at_once(open_widget):
    opened = open_widget(sheet(answered=[1, 1, 1]), width=760)
    opened.page.get_by_role("button", name="Hand in", exact=True).click()
    assert last(opened)["kind"] == "hand_in"


def test_the_clock_runs_and_may_be_stopped(running):
    page = running.page
    time = page.get_by_role("timer")
    expect(time).to_have_text(re.compile(r"2:[0-5]\d left"))
    page.get_by_role("button", name="Stop the clock").press("Enter")
    said = last(running)
    assert (said["kind"], said["clock"]) == ("clock", False) and said["used"] > 0
    page.evaluate("() => { window.page.model.set('clock', false); window.page.answer(); }")
    expect(time).to_have_text("No clock")
    expect(page.get_by_role("button", name="Start the clock")).to_be_visible()


def test_the_end_of_the_time_is_said_and_ends_nothing(open_widget):
    opened = open_widget(sheet(used=200.0), width=760)
    expect(opened.page.get_by_role("timer")).to_contain_text("over time")
    expect(opened.page.get_by_role("status").first).to_contain_text("The time is over.")
    opened.page.get_by_role("radio", name="A wall").check()
    opened.answer()  # to the time that has gone, on a busy machine
    chosen = [message["option"] for message in opened.sent() if message["kind"] == "choose"]
    assert chosen == [0]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [760, 320])
def test_it_is_right_in_dark_and_on_a_narrow_page(open_widget, album, dark, width):
    opened = open_widget(sheet(answered=[1, 0] * 20), width=width, dark=dark)
    wide = opened.page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= width
    album.keep(opened.page, f"exam_{width}_{'dark' if dark else 'light'}.png")


def test_forced_colours_keep_what_is_current_and_answered(open_widget, album):
    opened = open_widget(sheet(), width=760, forced_colors="active")
    current = opened.page.locator(".aml4d-exam-jumps [aria-current]")
    others = opened.page.locator(".aml4d-exam-jumps button:not([aria-current])").first
    grounds = [b.evaluate("b => getComputedStyle(b).backgroundColor") for b in (current, others)]
    assert grounds[0] != grounds[1]
    album.keep(opened.page, "exam_forced.png")
