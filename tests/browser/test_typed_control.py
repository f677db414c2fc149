"""The line to type of an explorer's controls, in Chromium without Jupyter."""

import dataclasses

import pytest

from aml4d_utils.widgets import typed
from aml4d_utils.widgets.explorer import Controls
from aml4d_utils.widgets.fields import controls_of

pytestmark = pytest.mark.browser


@dataclasses.dataclass
class Line:
    """One line."""

    prompt: str = typed("a red cup", label="Prompt", longest=40)


@pytest.fixture
def opened(open_widget):
    fields = [{"name": n, **c.for_browser()} for n, c in controls_of(Line()).items()]
    controls = Controls(key=1, title="Lines", fields=fields, values={"prompt": "a red cup"})
    return open_widget(controls, width=300, height=400)


@pytest.fixture
def line(opened):
    return opened.page.get_by_label("Prompt")


def prompts(opened):
    return [message["values"]["prompt"] for message in opened.sent()]


def test_enter_sends_the_line_once(opened, line):
    assert line.input_value() == "a red cup"
    line.fill("a blue cup")
    assert prompts(opened) == []
    line.press("Enter")
    assert prompts(opened) == ["a blue cup"]
    assert line.input_value() == "a blue cup"
    opened.answer()
    line.press("Enter")
    line.blur()
    assert prompts(opened) == ["a blue cup"]


def test_leaving_the_line_sends_it(opened, line):
    line.fill("")
    line.blur()
    assert prompts(opened) == [""]


def test_more_lines_become_one_and_no_line_is_too_long(opened, line):
    line.fill("a\n\n big\tlamp")
    line.press("Enter")
    assert prompts(opened) == ["a big lamp"]
    opened.answer()
    line.fill("")
    line.press_sequentially("x" * 45)
    line.press("Enter")
    assert prompts(opened)[1:] == ["x" * 40]


def test_what_is_being_typed_stays_when_the_answer_comes(opened, line):
    line.fill("a blue cup")
    line.press("Enter")
    line.press_sequentially(" and")
    opened.set(values={"prompt": "a blue cup"})
    assert line.input_value() == "a blue cup and"
    opened.answer()
    line.blur()
    assert prompts(opened) == ["a blue cup", "a blue cup and"]


def test_another_value_is_shown_where_nobody_types(opened, line):
    line.blur()
    opened.set(values={"prompt": "a green lamp"})
    assert line.input_value() == "a green lamp"
    line.focus()
    line.blur()
    assert prompts(opened) == []
