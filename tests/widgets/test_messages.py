"""The one way in which a widget hears the browser, and answers."""

import pytest

from aml4d_utils.widgets.widget import LessonWidget, error_in_words


class Bell(LessonWidget):
    _esm = "export default { render() {} };"

    def __init__(self):
        super().__init__()
        self.rung, self.answers = [], []
        self.hear(ring=lambda content, buffers: self.rung.append((content["times"], buffers)))
        self.hear(break_off=lambda _content, _buffers: 1 / 0)

    def send(self, content, buffers=None):
        self.answers.append((content, len(self.rung)))


def test_a_message_is_acted_on_and_then_answered_with_its_number():
    bell = Bell()
    bell._handle_custom_msg({"kind": "ring", "times": 3, "sequence": "a-7"}, [b"loud"])
    assert bell.rung == [(3, [b"loud"])]
    assert bell.answers == [({"kind": "done", "sequence": "a-7"}, 1)]


def test_an_action_that_fails_is_answered_too_and_raised():
    bell = Bell()
    with pytest.raises(ZeroDivisionError):
        bell._on_message(bell, {"kind": "break_off", "sequence": "a-8"}, [])
    assert bell.answers == [({"kind": "done", "sequence": "a-8"}, 0)]


@pytest.mark.parametrize("content", [{}, {"kind": "other"}, {"kind": None}])
def test_what_nobody_hears_is_not_answered(content):
    bell = Bell()
    bell._on_message(bell, content, [])
    assert bell.rung == bell.answers == []


def test_an_error_is_one_line():
    assert error_in_words(OSError("no\n  canvas")) == "OSError: no canvas"
