"""HOG: with loops, with whole arrays and scikit-image's are the same numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.feature import hog as skimage_hog

from aml4d_utils import images
from aml4d_utils.topics.hog.descriptor import (
    NORMS,
    HogSettings,
    cell_histogram,
    hog,
    hog_steps,
    normalised_block,
    orientation_bin,
)

TOLERANCE = 1e-6


def truth(image, chosen):
    return skimage_hog(
        images.as_float(image)[..., 0] if image.ndim == 2 else images.as_float(image),
        orientations=chosen.orientations,
        pixels_per_cell=chosen.pixels_per_cell,
        cells_per_block=chosen.cells_per_block,
        block_norm=chosen.block_norm,
        transform_sqrt=chosen.transform_sqrt,
        feature_vector=False,
        channel_axis=None if image.ndim == 2 else -1,
    )


@st.composite
def cases(draw):
    chosen = HogSettings(
        orientations=draw(st.integers(1, 36)),
        pixels_per_cell=draw(st.tuples(st.integers(1, 7), st.integers(1, 7))),
        cells_per_block=draw(st.tuples(st.integers(1, 3), st.integers(1, 3))),
        block_norm=draw(st.sampled_from(NORMS)),
        transform_sqrt=draw(st.booleans()),
    )
    least = np.multiply(chosen.pixels_per_cell, chosen.cells_per_block)
    extra = draw(st.tuples(st.integers(0, 9), st.integers(0, 9)))
    shape = tuple(int(n) for n in np.maximum(least + extra, 2))
    shape = draw(st.sampled_from([shape, (*shape, 3)]))
    # Few levels of grey give many exact angles, many give many different ones.
    levels = draw(st.sampled_from([2, 4, 256]))
    steps = np.random.default_rng(draw(st.integers(0, 2**31))).integers(0, levels, shape)
    return (steps * (255 // (levels - 1))).astype(np.uint8), chosen


@settings(max_examples=150, deadline=None)
@given(cases())
def test_three_ways_on_small_images(case):
    image, chosen = case
    expected, fast, slow = truth(image, chosen), hog(image, chosen), hog_steps(image, chosen)
    assert fast.blocks.shape == slow.blocks.shape == expected.shape
    np.testing.assert_allclose(fast.blocks, expected, atol=TOLERANCE)
    np.testing.assert_allclose(slow.blocks, expected, atol=TOLERANCE)
    np.testing.assert_allclose(fast.cells, slow.cells, atol=TOLERANCE)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("name", ["chelsea", "coffee", "camera"])
def test_photos_agree_with_skimage(name, norm):
    image = images.fit(images.photo(name), 450)
    for chosen in (
        HogSettings(block_norm=norm),
        HogSettings(8, (6, 11), (3, 2), norm, transform_sqrt=True),
    ):
        np.testing.assert_allclose(hog(image, chosen).blocks, truth(image, chosen), atol=TOLERANCE)


def test_loops_agree_on_a_photo(cat):
    fast, slow = hog(cat), hog_steps(cat)
    np.testing.assert_allclose(fast.blocks, slow.blocks, atol=TOLERANCE)
    np.testing.assert_allclose(slow.blocks, truth(cat, HogSettings()), atol=TOLERANCE)
    np.testing.assert_array_equal(fast.gradients.magnitude, slow.gradients.magnitude)
    np.testing.assert_array_equal(fast.vector, fast.blocks.ravel())


@settings(deadline=None)
@given(cases())
def test_blocks_are_bounded(case):
    found = hog(*case)
    assert (found.cells >= 0).all()
    assert (found.blocks >= 0).all()
    power = 1 if found.settings.block_norm == "L1" else 2
    assert ((found.blocks**power).sum(axis=(2, 3, 4)) <= 1 + 1e-9).all()


@settings(deadline=None)
@given(cases())
def test_no_vote_is_lost(case):
    found = hog(*case)
    high, wide = found.settings.pixels_per_cell
    rows, cols = found.cells.shape[:2]
    inside = found.gradients.magnitude[: rows * high, : cols * wide]
    assert found.cells.sum() * high * wide == pytest.approx(inside.sum())


def test_darker_and_lower_contrast_change_little(cat):
    # L2-Hys takes light and contrast out, as long as there is some contrast.
    darker = hog(0.5 * cat + 0.1)
    lively = (hog(cat).cells.sum(axis=2) > 0.01)[:-1, :-1]
    change = np.abs(darker.blocks - hog(cat).blocks).max(axis=(2, 3, 4))
    assert lively.mean() > 0.5
    assert np.quantile(change[lively], 0.99) < 0.02


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("level", [0.0, 0.3, 1.0])
def test_a_constant_image_has_only_zeros(norm, level):
    for way in (hog, hog_steps):
        found = way(np.full((32, 40, 3), level), HogSettings(block_norm=norm))
        assert not found.blocks.any()
        assert np.isfinite(found.vector).all()


@pytest.mark.parametrize("way", [hog, hog_steps])
@pytest.mark.parametrize("shape", [(1, 1), (15, 40), (40, 15, 3)])
def test_smaller_than_a_block(way, shape):
    sentence = f"at least 16 × 16 pixels, but the image has {shape[0]} × {shape[1]}"
    with pytest.raises(ValueError, match=sentence):
        way(np.zeros(shape))


@pytest.mark.parametrize("way", [hog, hog_steps])
def test_nan_is_refused(way):
    with pytest.raises(ValueError, match="NaN"):
        way(np.full((32, 32), np.nan))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"orientations": 0}, "whole numbers of at least 1, but got 0"),
        ({"orientations": 2.5}, "but got 2.5"),
        ({"pixels_per_cell": (8, 0)}, "but got 0"),
        ({"cells_per_block": (-1, 2)}, "but got -1"),
        ({"block_norm": "l2"}, "no norm 'l2'; choose one of: L1, L1-sqrt, L2, L2-Hys"),
    ],
)
def test_impossible_settings(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        HogSettings(**wrong)


@settings(deadline=None)
@given(st.floats(0, 180, exclude_max=True), st.integers(1, 36))
def test_a_bin_holds_its_range(angle, count):
    index = orientation_bin(angle, count)
    assert 0 <= index < count
    assert index * 180 / count <= angle + 1e-9
    assert angle <= (index + 1) * 180 / count + 1e-9


@settings(deadline=None)
@given(arrays(np.float64, (4, 4), elements=st.floats(0, 9)), st.integers(1, 9))
def test_the_histogram_is_numpys(magnitude, count):
    angles = np.random.default_rng(0).uniform(0, 180, (4, 4))
    expected, _ = np.histogram(angles, count, (0, 180), weights=magnitude)
    np.testing.assert_allclose(cell_histogram(magnitude, angles, count), expected / 16, atol=1e-12)


def test_hys_cuts_one_loud_bin():
    block = np.array([100.0] + [1.0] * 35)
    loud, cut = normalised_block(block, "L2"), normalised_block(block, "L2-Hys")
    assert loud[0] > 0.99
    assert loud[0] / loud[1] == pytest.approx(100)
    assert cut[0] / cut[1] == pytest.approx(0.2 / loud[1])
