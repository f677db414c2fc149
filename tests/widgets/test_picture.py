"""Pictures: what may be shown, what reaches the page, and the point that moves."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from aml4d_utils.widgets import Picture
from aml4d_utils.widgets.picture import box, circle, line, point, text


@pytest.fixture
def picture():
    return Picture(heading="Photo", display_width=200, interactive=True)


def frame(picture):
    return np.frombuffer(picture.frame, np.uint8).reshape(picture.height, picture.width, 3)


SHAPES = st.tuples(st.integers(1, 6), st.integers(1, 6), st.just(3))


@given(arrays.arrays(np.uint8, SHAPES))
def test_bytes_arrive_as_they_are(image):
    picture = Picture()
    picture.show(image, "A picture.")
    np.testing.assert_array_equal(frame(picture), image)


@given(arrays.arrays(np.float32, SHAPES, elements=st.floats(0, 1, width=32)))
def test_floats_become_the_nearest_byte(image):
    picture = Picture()
    picture.show(image, "A picture.")
    assert np.abs(frame(picture) - 255.0 * image).max() <= 0.5 + 1e-4


def test_grey_becomes_three_channels(picture):
    picture.show(np.array([[0.0, 1.0]]), "Black and white.")
    np.testing.assert_array_equal(frame(picture), [[[0] * 3, [255] * 3]])


def test_views_are_shown_rightly(picture):
    image = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    for view in (image[::-1], image[:, ::2], image.transpose(1, 0, 2)):
        picture.show(view, "A view.")
        np.testing.assert_array_equal(frame(picture), view)


def test_everything_changes_at_once(picture):
    picture.show(np.zeros((2, 2, 3)), "First.", overlays=[point(0, 0)], colour_bar={"low": "0"})
    seen = picture.revision
    picture.show(np.zeros((3, 4, 3)), "Second.")
    assert picture.revision == seen + 1
    assert (picture.height, picture.width) == (3, 4)
    assert picture.alt == "Second."
    assert picture.overlays == []
    assert picture.colour_bar == {}


@pytest.mark.parametrize("alt", ["", "  ", "\n"])
def test_no_picture_without_words(picture, alt):
    with pytest.raises(ValueError, match="needs a description"):
        picture.show(np.zeros((2, 2, 3)), alt)


@pytest.mark.parametrize("shape", [(4,), (4, 4, 4), (4, 4, 1), (0, 4, 3), (4, 0), (1, 4, 4, 3)])
def test_other_shapes_are_refused(picture, shape):
    with pytest.raises(ValueError, match=r"has the shape \(height, width, 3\)"):
        picture.show(np.zeros(shape), "A picture.")


@pytest.mark.parametrize("shape", [(1025, 1, 3), (1, 1025), (6000, 8000, 3)])
def test_too_large_pictures_are_refused(picture, shape):
    with pytest.raises(ValueError, match="at most 1024 pixels.*images.fit"):
        picture.show(np.zeros(shape, dtype=np.uint8), "A picture.")


def test_the_largest_picture(picture):
    picture.show(np.zeros((1024, 1024), dtype=np.uint8), "A picture.")
    assert len(picture.frame) == 1024 * 1024 * 3


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused(picture, bad):
    image = np.zeros((3, 3, 3))
    image[1, 1, 1] = bad
    with pytest.raises(ValueError, match="NaN or infinite"):
        picture.show(image, "A picture.")
    for show in (picture.show_signed, picture.show_magnitude):
        with pytest.raises(ValueError, match="NaN and infinite"):
            show(image[1], "A map.")


@pytest.mark.parametrize("dtype", [np.int64, np.uint16, bool, complex, object])
def test_other_types_are_refused(picture, dtype):
    with pytest.raises(ValueError, match="uint8 or floats from 0 to 1, not"):
        picture.show(np.zeros((3, 3, 3), dtype=dtype), "A picture.")


@pytest.mark.parametrize("value", [-0.5, 1.5, 255.0])
def test_floats_out_of_range_are_refused(picture, value):
    with pytest.raises(ValueError, match="from 0 to 1, not from"):
        picture.show(np.full((2, 2, 3), value), "A picture.")


def test_rounding_errors_are_forgiven(picture):
    picture.show(np.array([[-1e-6, 1 + 1e-6]]), "Black and white.")
    np.testing.assert_array_equal(frame(picture)[0, :, 0], [0, 255])


def test_a_refused_picture_leaves_the_old_one(picture):
    picture.show(np.ones((2, 2, 3)), "White.")
    with pytest.raises(ValueError):
        picture.show(np.full((3, 3, 3), np.nan), "A picture.")
    assert picture.alt == "White."
    assert frame(picture).shape == (2, 2, 3)


# --- maps ------------------------------------------------------------------------------------


def test_signed_map(picture):
    picture.show_signed(np.array([[-2.0, 0, 1]]), "A signed map.")
    below, zero, above = frame(picture)[0].astype(int)
    assert zero.min() > 240
    assert below[2] > below[0]
    assert above[0] > above[2]
    bar = picture.colour_bar
    assert (bar["low"], bar["high"], bar["signed"]) == ("−2", "+2", True)
    assert len(bar["colours"]) % 2 == 1


def test_signed_map_with_a_limit(picture):
    picture.show_signed(np.array([[4.0]]), "A map.", limit=2)
    high = frame(picture).copy()
    picture.show_signed(np.array([[2.0]]), "A map.", limit=2)
    np.testing.assert_array_equal(frame(picture), high)


def test_magnitude_map(picture):
    picture.show_magnitude(np.array([[0.0, 3, 12345]]), "A map.")
    assert (picture.colour_bar["low"], picture.colour_bar["high"]) == ("0", "1.23e+04")
    picture.show_magnitude(np.array([[0.0, 3]]), "A map.", low=0, high=6)
    assert (picture.colour_bar["low"], picture.colour_bar["high"]) == ("0", "6")


@pytest.mark.parametrize("value", [0.0, -3.0, 7.5])
def test_constant_maps(picture, value):
    picture.show_signed(np.full((2, 2), value), "A map.")
    picture.show_magnitude(np.full((2, 2), value), "A map.")
    assert len(np.unique(frame(picture).reshape(-1, 3), axis=0)) == 1


# --- overlays and the point ------------------------------------------------------------------


def test_overlays_are_plain_numbers():
    assert box(np.float32(1), 2, 3, np.int64(4))["box"] == [1.0, 2.0, 3.0, 4.0]
    assert point(np.int64(5), 6)["at"] == [5.0, 6.0]
    words = text(1, 2, "here")
    assert (words["at"], words["text"]) == ([1.0, 2.0], "here")
    drawn = line((np.int64(1), 2), np.array([3, 4]), dashed=np.bool_(True), width=np.int64(3))
    assert (drawn["start"], drawn["end"], drawn["width"]) == ([1.0, 2.0], [3.0, 4.0], 3.0)
    assert drawn["dashed"] is True and drawn["arrow"] is False
    ring = circle(np.int64(1), 2, np.float32(3), angle=np.float64(90))
    assert (ring["at"], ring["radius"], ring["angle"]) == ([1.0, 2.0], 3.0, 90.0)
    assert circle(0, 0, 1)["angle"] is None
    for overlay in (box(0, 0, 1, 1), point(0, 0), words, drawn, ring):
        json.dumps(overlay)
        numbers = [n for v in overlay.values() if isinstance(v, list) for n in v]
        assert all(type(n) is float for n in numbers)


def test_the_point_moves(picture):
    moves, answers = [], []
    picture.send = lambda content, buffers=None: answers.append(content)
    picture.show(np.zeros((5, 8, 3)), "Black.")
    picture.on_cursor(lambda row, col: moves.append((row, col)))
    for row, col in ((2, 7), (5, 0), (0, 8), (-1, 3)):
        picture._on_message(picture, {"kind": "cursor", "row": row, "col": col}, [])
    picture._on_message(picture, {"kind": "other"}, [])
    assert moves == [(2, 7)]
    assert picture.cursor == [2, 7]
    assert answers == [{"kind": "done", "sequence": None}] * 4


def test_the_listener_can_ask_how_the_point_was_moved(picture):
    seen = []
    picture.show(np.zeros((5, 8, 3)), "Black.")
    picture.on_cursor(lambda row, col: seen.append(picture.action))
    for action in ("press", "drag", "key"):
        picture._on_message(picture, {"kind": "cursor", "row": 1, "col": 1, "action": action}, [])
    assert seen == ["press", "drag", "key"]
    assert Picture(step=5).step == 5 and picture.step == 1


def test_an_error_in_the_listener_is_raised_and_the_page_goes_on(picture):
    answers = []
    picture.send = lambda content, buffers=None: answers.append(content)
    picture.show(np.zeros((5, 8, 3)), "Black.")

    def fails(row, col):
        raise RuntimeError("no")

    picture.on_cursor(fails)
    with pytest.raises(RuntimeError):
        picture._on_message(picture, {"kind": "cursor", "row": 0, "col": 0}, [])
    assert answers == [{"kind": "done", "sequence": None}]
