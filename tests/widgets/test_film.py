"""The film: pictures one after another in the browser."""

import numpy as np
import pytest

from aml4d_utils.widgets import Film


def test_pictures_travel_as_they_are():
    frames = np.random.default_rng(0).integers(0, 256, (5, 4, 6, 3), dtype=np.uint8)
    film = Film("A clip", display_width=120, rate=8)
    film.show_frames(frames, "Five pictures of noise.")
    assert (film.count, film.height, film.width, film.rate) == (5, 4, 6, 8)
    assert film.frames == frames.tobytes()
    assert film.alt == "Five pictures of noise."
    before = film.revision
    film.show_frames(frames[:2] / 255, "Two pictures of noise.")
    assert film.count == 2 and film.frames == frames[:2].tobytes()
    assert film.revision == before + 1


@pytest.mark.parametrize(
    ("frames", "alt", "words"),
    [
        (np.zeros((4, 6, 3)), "one", "shape"),
        (np.zeros((0, 4, 6, 3)), "none", "shape"),
        (np.zeros((2, 4, 6, 4)), "four", "shape"),
        (np.full((2, 4, 6, 3), np.nan), "NaN", "NaN"),
        (np.zeros((2, 4, 6, 3)), "  ", "description"),
        (np.zeros((80, 300, 300, 3), np.uint8), "huge", "at most"),
    ],
)
def test_what_is_no_film_changes_nothing(frames, alt, words):
    film = Film()
    film.show_frames(np.zeros((3, 2, 2, 3)), "Three black pictures.")
    with pytest.raises(ValueError, match=words):
        film.show_frames(frames, alt)
    assert film.count == 3 and film.alt == "Three black pictures."
