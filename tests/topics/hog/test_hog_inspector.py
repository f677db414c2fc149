"""The HOG inspector without a browser: its settings, its photo, its numbers."""

import numpy as np
import pytest
import traitlets
from skimage.feature import hog as skimage_hog

from aml4d_utils import images
from aml4d_utils.topics.features.gradients import gradients
from aml4d_utils.topics.hog.descriptor import HogSettings, hog
from aml4d_utils.topics.hog.hog_inspector import hog_inspector


@pytest.fixture
def inspector(cat):
    return hog_inspector(cat)


def test_it_sends_the_gradients_of_the_photo_it_shows(inspector):
    found = gradients(inspector.image())
    rows = np.frombuffer(inspector.gradient_rows, "<f4").reshape(inspector.size)
    cols = np.frombuffer(inspector.gradient_cols, "<f4").reshape(inspector.size)
    np.testing.assert_array_equal(rows, found.rows)
    np.testing.assert_array_equal(cols, found.cols)


def test_its_hog_is_that_of_scikit_image(inspector):
    inspector.cell, inspector.bins, inspector.block, inspector.norm = 12, 7, 3, "L1-sqrt"
    expected = skimage_hog(
        images.as_float(inspector.image()),
        orientations=7,
        pixels_per_cell=(12, 12),
        cells_per_block=(3, 3),
        block_norm="L1-sqrt",
        channel_axis=-1,
        feature_vector=False,
    )
    np.testing.assert_allclose(inspector.hog().blocks, expected, atol=1e-5)


def test_it_begins_at_the_liveliest_cell(inspector):
    votes = inspector.hog().cells.sum(axis=2)
    assert votes[inspector.cursor] == votes.max()
    np.testing.assert_array_equal(inspector.histogram(), inspector.hog().cells[inspector.cursor])
    inspector.cursor = (999, 999)
    np.testing.assert_array_equal(inspector.histogram(), inspector.hog().cells[-1, -1])


def test_a_shadow_dims_the_votes_but_not_the_blocks(inspector):
    before, revision = inspector.hog(), inspector.revision
    inspector.light = 20
    after = inspector.hog()
    assert inspector.revision == revision + 1
    left, right = np.s_[:, :20], np.s_[:, 30:]
    assert after.cells[left].sum() == pytest.approx(0.2 * before.cells[left].sum(), rel=0.1)
    np.testing.assert_array_equal(after.cells[right], before.cells[right])
    moved = np.linalg.norm(after.blocks[left] - before.blocks[left])
    assert moved < 0.4 * np.linalg.norm(before.blocks[left])
    # The edge of the shadow is an edge.
    middle = inspector.size[1] // 2 // inspector.cell
    assert after.cells[:, middle, 0].mean() > 2 * before.cells[:, middle, 0].mean()
    inspector.light = 100
    np.testing.assert_array_equal(inspector.hog().cells, before.cells)


def test_settings_are_read_back(inspector):
    inspector.cell, inspector.bins, inspector.block, inspector.norm = 6, 12, 1, "L1"
    assert inspector.settings == HogSettings(12, (6, 6), (1, 1), "L1")
    assert inspector.start == {
        "cell": 8,
        "bins": 9,
        "block": 2,
        "norm": "L2-Hys",
        "drawn": "votes",
        "light": 100,
    }


@pytest.mark.parametrize(
    "change",
    [{"cell": 3}, {"cell": 33}, {"bins": 1}, {"bins": 19}, {"block": 0}, {"norm": "L3"}]
    + [{"light": 5}, {"drawn": "pixels"}, {"cursor": (-1, 0)}, {"cell": 8.5}],
)
def test_settings_out_of_range_are_refused(inspector, change):
    with pytest.raises(traitlets.TraitError):
        for name, value in change.items():
            setattr(inspector, name, value)


@pytest.mark.parametrize(
    "photo",
    [
        np.full((40, 50, 3), 0.5),
        np.zeros((32, 32), dtype=np.uint8),
        np.random.default_rng(0).random((40, 50, 1)),
        np.random.default_rng(0).integers(0, 2**16, (40, 50, 3)).astype(np.uint16),
    ],
)
def test_any_photo(photo):
    inspector = hog_inspector(photo)
    assert np.isfinite(inspector.histogram()).all()
    assert inspector.size == photo.shape[:2]


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (10, 12)])
def test_a_tiny_photo_waits_for_smaller_cells(shape):
    inspector = hog_inspector(np.zeros(shape))
    assert inspector.cursor == (0, 0)
    with pytest.raises(ValueError, match="One block needs at least"):
        inspector.hog()


def test_large_photos_shrink_and_wrong_ones_are_refused(cat):
    inspector = hog_inspector(cat, longest=120)
    assert max(inspector.size) == 120
    np.testing.assert_array_equal(inspector.image(), images.as_uint8(images.fit(cat, 120)))
    for longest in (0, 601):
        with pytest.raises(ValueError, match="between 1 and 600"):
            hog_inspector(cat, longest=longest)
    with pytest.raises(ValueError, match="NaN"):
        hog_inspector(np.full((40, 40), np.nan))


def test_without_a_photo_it_takes_the_students_own(cat):
    images.keep_own_photo(cat[:200, :100])
    assert hog_inspector().size == (200, 100)


def test_it_equals_the_descriptor_of_the_room(inspector):
    np.testing.assert_array_equal(
        inspector.hog().vector, hog(inspector.image(), HogSettings()).vector
    )
