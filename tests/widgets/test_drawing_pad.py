"""The drawing pad's Python half: what arrives, what a network gets, what is said."""

import numpy as np
import pytest

from aml4d_utils.images import centre_digit
from aml4d_utils.widgets import DrawingPad
from aml4d_utils.widgets.drawing_pad import describe_drawing

BAR = np.zeros((28, 28), dtype=np.uint8)
BAR[3:13, 5:7] = 255


@pytest.fixture
def pad():
    pad = DrawingPad(sources=("A test digit", "Your photo"))
    pad.answers, pad.heard = [], []
    pad.send = lambda content, buffers=None: pad.answers.append(content)
    pad.on_drawing(pad.heard.append)
    return pad


def arrive(pad, content, *buffers):
    pad._on_message(pad, content, [memoryview(part) for part in buffers])


def test_a_drawing_arrives_prepared_and_is_answered(pad):
    arrive(pad, {"kind": "drawing", "as_is": False}, BAR.tobytes())
    (pixels,) = pad.heard
    np.testing.assert_array_equal(pad.drawing, BAR / 255)
    np.testing.assert_array_equal(pixels, centre_digit(BAR))
    np.testing.assert_array_equal(pad.prepared, pixels)
    shown = np.frombuffer(pad.prepared_frame, np.uint8).reshape(28, 28) / 255
    np.testing.assert_allclose(shown, pixels, atol=0.002)
    assert pad.answers == [{"kind": "done", "sequence": None}]
    assert pad.revision == 0


def test_a_picture_can_be_shown_as_it_is(pad):
    pad.show(BAR, as_is=True)
    np.testing.assert_array_equal(pad.heard[-1], BAR / 255)
    assert pad.as_is and pad.revision == 1
    pad.show(BAR / 255)
    np.testing.assert_array_equal(pad.heard[-1], centre_digit(BAR))
    assert not pad.as_is and pad.revision == 2
    pad.show(BAR, sample=True)
    assert pad.sample
    pad.clear()
    assert not pad.sample
    assert not pad.heard[-1].any() and not pad.drawing.any()


def test_drawing_on_a_photo_keeps_it_as_it_is(pad):
    arrive(pad, {"kind": "drawing", "as_is": True}, BAR.tobytes())
    np.testing.assert_array_equal(pad.heard[-1], BAR / 255)


def test_listeners_cannot_change_what_the_pad_holds(pad):
    pad.on_drawing(lambda pixels: pixels.fill(7))
    pad.show(BAR)
    np.testing.assert_array_equal(pad.prepared, centre_digit(BAR))


def test_sources_are_passed_on_by_name(pad):
    pad.on_source(pad.heard.append)
    arrive(pad, {"kind": "source", "name": "Your photo"})
    arrive(pad, {"kind": "source", "name": "Unknown"})
    assert pad.heard == ["Your photo"]
    assert pad.answers == [{"kind": "done", "sequence": None}] * 2
    with pytest.raises(ValueError, match="at most 4 sources, not 5"):
        DrawingPad(sources="abcde")


def test_an_error_is_said_raised_and_answered(pad):
    def fail(_pixels):
        raise RuntimeError("no\nnetwork")

    pad.on_drawing(fail)
    with pytest.raises(RuntimeError):
        arrive(pad, {"kind": "drawing", "as_is": False}, BAR.tobytes())
    assert pad.status == "RuntimeError: no network"
    assert pad.answers == [{"kind": "done", "sequence": None}]
    pad.on_drawing(pad.heard.append)
    arrive(pad, {"kind": "drawing", "as_is": False}, BAR.tobytes())
    assert pad.status == ""


def test_a_damaged_drawing_changes_nothing(pad):
    pad.show(BAR)
    with pytest.raises(ValueError, match="784 pixels; 10 arrived"):
        arrive(pad, {"kind": "drawing", "as_is": False}, bytes(10))
    np.testing.assert_array_equal(pad.drawing, BAR / 255)


def test_other_messages_are_left_alone(pad):
    arrive(pad, {"kind": "hello"})
    assert pad.answers == []


@pytest.mark.parametrize("picture", [np.zeros((27, 28)), np.full((28, 28), 1.5),
                                     np.full((28, 28), np.nan)])  # fmt: skip
def test_pictures_that_are_no_drawing_are_refused(pad, picture):
    with pytest.raises(ValueError, match="28 × 28|from 0 to 1"):
        pad.show(picture)
    assert not pad.drawing.any()


def test_the_words_measure_the_ink():
    empty = describe_drawing(np.zeros((28, 28)))
    assert "0 %" in empty and "empty" in empty.lower()
    bar = describe_drawing(BAR / 255)
    assert "ink covers 3 % of it, rows 3 to 12, columns 5 to 6" in bar
    assert bar != describe_drawing(np.roll(BAR, 1, axis=0) / 255)


def test_a_pad_of_cells_centres_each_by_itself():
    pad = DrawingPad("Two digits", cells=2)
    pad.send = lambda content, buffers=None: None
    left, right = np.zeros((28, 28)), np.zeros((28, 28))
    left[2:8, 2:6], right[20:26, 20:24] = 1, 1
    pad.show(np.hstack([left, right]))
    assert pad.drawing.shape == (28, 56) and "28 by 56 pixels" in pad.alt
    assert (pad.prepared == np.hstack([centre_digit(left), centre_digit(right)])).all()
    with pytest.raises(ValueError, match="28 × 56"):
        pad.show(left)
    with pytest.raises(ValueError, match="1568 pixels; 784 arrived"):
        pad._hear({"kind": "drawing"}, [bytes(784)])
    pad.clear()
    assert not pad.drawing.any()
