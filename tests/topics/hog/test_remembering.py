"""What HOG remembers: exact invariances, honest sources, measured losses."""

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.hog import remembering
from aml4d_utils.topics.hog.descriptor import HogSettings, hog
from aml4d_utils.topics.hog.remembering import (
    CHANGES,
    agreement,
    alike,
    changed,
    remember,
    remember_steps,
)


@pytest.fixture(scope="module")
def small():
    return images.fit(images.photo("chelsea"), 160)


def test_a_negative_has_the_same_hog(small):
    memory = remember(small, "negative")
    assert memory.hog_changed < 1e-5
    assert memory.pixels_changed > 0.1
    np.testing.assert_allclose(memory.rebuilt, remember(small).rebuilt, atol=1e-3)


def test_dimming_moves_hog_little_and_noise_much(small):
    moved = {change: remember(small, change).hog_changed for change in CHANGES}
    assert moved["as it is"] == 0
    assert moved["dimmed to a third"] < 0.01
    assert moved["grey"] < 0.2 < moved["noisy"]


def test_pieces_come_from_other_photos(monkeypatch):
    seen = []

    def bank(settings, names):
        seen.append(names)
        return original(settings, names)

    original = remembering._bank
    monkeypatch.setattr(remembering, "_bank", bank)
    for name in ("chelsea", "astronaut"):
        remember(images.fit(images.photo(name), 120))
        assert name not in seen[-1]
        assert len(seen[-1]) == len(remembering.SOURCES) - 1


def test_to_hog_the_rebuilt_photo_is_like_the_photo(small):
    memory = remember(small)
    assert memory.alike > memory.stranger + 0.1
    assert memory.brightness_kept < memory.edges_kept < 1
    fine = remember(small, settings=HogSettings(pixels_per_cell=(4, 4)))
    assert fine.edges_kept > memory.edges_kept
    assert fine.found.vector.size > 3 * memory.found.vector.size


def test_steps_show_the_photo_first(small):
    first, last = remember_steps(small, "blurred")
    assert first.rebuilt is None
    assert first.fraction < last.fraction == 1
    assert last.rebuilt.min() >= 0
    assert last.rebuilt.max() <= 1
    assert (first.hog_changed, first.pixels_changed) == (last.hog_changed, last.pixels_changed)


def test_a_photo_without_gradients(small):
    memory = remember(np.full((40, 50, 3), 0.5))
    assert (memory.rebuilt == 0.5).all()
    numbers = (memory.alike, memory.edges_kept, memory.brightness_kept, memory.hog_changed)
    assert numbers == (0, 0, 0, 0)


@pytest.mark.parametrize("change", CHANGES)
def test_changes_stay_images(change, small):
    before = small.copy()
    found = changed(small, change)
    assert images.as_float(found).shape == small.shape
    np.testing.assert_array_equal(small, before)


def test_wrong_wishes(small):
    with pytest.raises(ValueError, match="no change 'upside down'"):
        changed(small, "upside down")
    with pytest.raises(ValueError, match="One block needs"):
        remember(np.zeros((10, 10)))


def test_alike_is_the_cosine(small):
    found = hog(small)
    other = hog(1 - small[::-1])
    rows = found.blocks.ravel(), other.blocks.ravel()
    expected = rows[0] @ rows[1] / np.linalg.norm(rows[0]) / np.linalg.norm(rows[1])
    assert alike(found, other) == pytest.approx(expected)
    assert alike(found, found) == pytest.approx(1)
    assert agreement(small, -small) == pytest.approx(1)
    assert agreement(small, np.zeros_like(small)) == 0
