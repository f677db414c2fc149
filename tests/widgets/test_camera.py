"""The camera's Python half: what is a frame, what is answered, what an error does."""

import io

import numpy as np
import pytest
from PIL import Image

from aml4d_utils.widgets import Camera


def jpeg(image):
    memory = io.BytesIO()
    Image.fromarray(image).save(memory, format="JPEG", quality=95)
    return memory.getvalue()


RED_LEFT = np.zeros((24, 32, 3), np.uint8)
RED_LEFT[:, :16, 0] = 255


@pytest.fixture
def film():
    """A camera that keeps its frames, and a function that plays the browser."""
    return Film(lambda frame: int(frame[:, :8, 0].mean()))


class Film:
    def __init__(self, on_frame, size=32):
        self.frames, self.answers = [], []

        def keep(frame):
            self.frames.append(frame)
            return on_frame(frame)

        self.camera = Camera(size, on_frame=keep)
        self.camera.send = lambda content, buffers=None: self.answers.append(content)

    def arrive(self, *buffers, sequence=1, kind="frame"):
        content = {"kind": kind, "sequence": sequence}
        self.camera._on_message(self.camera, content, [memoryview(part) for part in buffers])


def test_a_frame_arrives_and_is_answered(film):
    film.arrive(jpeg(RED_LEFT), sequence=7)
    (frame,) = film.frames
    assert (frame.shape, frame.dtype) == ((24, 32, 3), np.uint8)
    assert np.abs(frame[:, [4, 28]].astype(int) - RED_LEFT[:, [4, 28]]).max() < 12
    assert film.answers == [{"kind": "done", "sequence": 7}]
    assert film.camera.frames == 1
    assert film.camera.result > 240


def test_each_frame_is_a_new_array_that_may_be_changed(film):
    for sequence in (1, 2):
        film.arrive(jpeg(RED_LEFT), sequence=sequence)
        film.frames[-1][:] = 0
    assert film.frames[0] is not film.frames[1]
    assert film.camera.frames == 2


def test_what_stands_after_the_end_of_a_frame_does_not_matter(film):
    film.arrive(jpeg(RED_LEFT) + b"\x00" * 3000)
    assert film.frames[0].shape == (24, 32, 3)


def test_a_grey_frame_has_three_channels(film):
    film.arrive(jpeg(RED_LEFT[..., 0]))
    assert film.frames[0].shape == (24, 32, 3)


@pytest.mark.parametrize(
    "data",
    [b"", b"not a picture", jpeg(RED_LEFT)[:300], jpeg(RED_LEFT)[:200] + b"\x00" * 4096],
    ids=["empty", "text", "cut short", "overwritten"],
)
def test_a_damaged_frame_is_said(film, data):
    with pytest.raises(ValueError, match="arrived damaged"):
        film.arrive(data)
    assert film.frames == []
    assert film.camera.status.startswith("ValueError: A frame arrived damaged")
    assert film.answers == [{"kind": "done", "sequence": 1}]


def test_other_formats_are_not_decoded(film):
    memory = io.BytesIO()
    Image.fromarray(RED_LEFT).save(memory, format="PNG")
    with pytest.raises(ValueError, match="arrived damaged"):
        film.arrive(memory.getvalue())


def test_a_frame_larger_than_asked_for_is_refused(film):
    with pytest.raises(ValueError, match="at most 32 pixels on each side, not 33 × 20"):
        film.arrive(jpeg(np.zeros((20, 33, 3), np.uint8)))
    assert film.camera.frames == 0


def test_other_messages_are_ignored(film):
    film.arrive(jpeg(RED_LEFT), kind="something")
    assert film.frames == film.answers == []


def test_an_error_stops_the_camera_is_shown_and_raised():
    def fails(frame):
        raise KeyError("no\nsuch thing")

    film = Film(fails)
    with pytest.raises(KeyError):
        film.arrive(jpeg(RED_LEFT), sequence=3)
    assert film.answers == [{"kind": "done", "sequence": 3}]
    assert film.camera.status == "KeyError: 'no\\nsuch thing'"
    assert film.camera.frames == 0
    with pytest.raises(KeyError):
        _ = film.camera.result


def test_after_an_error_it_can_start_again():
    values = iter([0, 2])
    film = Film(lambda frame: 10 // next(values))
    with pytest.raises(ZeroDivisionError):
        film.arrive(jpeg(RED_LEFT), sequence=1)
    film.arrive(jpeg(RED_LEFT), sequence=2)
    assert film.camera.result == 5
    assert film.camera.status == ""
    assert [answer["sequence"] for answer in film.answers] == [1, 2]


def test_python_can_stop_it(film):
    film.camera.stop()
    assert film.answers == [{"kind": "stop"}]


@pytest.mark.parametrize("size", [31, 641, 0, -5, 320.0, True, "large", None])
def test_other_sizes_are_refused(size):
    with pytest.raises(ValueError, match="size"):
        Camera(size, on_frame=print)


@pytest.mark.parametrize("wrong", [None, 3, "look"])
def test_on_frame_is_a_function(wrong):
    with pytest.raises(ValueError, match="takes a frame"):
        Camera(on_frame=wrong)
