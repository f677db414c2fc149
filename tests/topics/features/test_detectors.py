"""Four detectors: on shapes whose answer is known, and against scikit-image's own searches."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import draw
from skimage.feature import blob_log, canny, corner_peaks, corner_shi_tomasi, peak_local_max
from skimage.filters import sato

from aml4d_utils import images
from aml4d_utils.topics.features.detectors import (
    DETECTORS,
    SPACING,
    blobs,
    corners,
    detect,
    edges,
    ridges,
    strongest_peaks,
)


@pytest.fixture(scope="module")
def cat():
    return images.grey(images.fit(images.photo("chelsea"), 120)).astype(np.float64)


@pytest.fixture
def square():
    image = np.zeros((60, 70))
    image[20:40, 15:50] = 1
    return image


def test_corners_of_a_rectangle(square):
    found = np.array(sorted(detect(square, "corners").tolist()))
    # The blur draws a corner one pixel inwards.
    assert np.abs(found - [(20, 15), (20, 49), (39, 15), (39, 49)]).max() <= 1


def test_edges_of_a_rectangle_lie_on_its_outline(square):
    found = detect(square, "edges")
    assert len(found) > 10
    rows, cols = found.T
    on_a_side = np.isin(rows, (19, 20, 39, 40)) | np.isin(cols, (14, 15, 49, 50))
    assert on_a_side.all()


@pytest.mark.parametrize("radius", [3, 5, 7])
@pytest.mark.parametrize("light", [0.0, 1.0])
def test_a_blob_is_found_in_its_middle(radius, light):
    image = np.full((60, 70), 0.5)
    image[draw.disk((30, 25), radius + 0.5)] = light
    assert np.abs(detect(image, "blobs", 1)[0] - (30, 25)).max() <= 1
    theirs = blob_log(np.abs(image - 0.5), min_sigma=2, max_sigma=6, num_sigma=9, threshold=0.05)
    assert np.abs(detect(image, "blobs", 1)[0] - theirs[0, :2]).max() <= 1


@pytest.mark.parametrize("light", [0.0, 1.0])
def test_ridges_lie_on_a_line(light):
    image = np.full((60, 70), 0.5)
    image[30:32, 5:65] = light
    found = detect(image, "ridges", 6)
    assert len(found) == 6
    assert np.abs(found[:, 0] - 30.5).max() <= 1


def test_responses_are_scikit_image_s(cat):
    # scikit-image's own function takes what lies outside the image for black.
    inside = np.s_[9:-9, 9:-9]
    np.testing.assert_allclose(
        corners(cat)[inside], corner_shi_tomasi(cat, sigma=1.5)[inside], atol=1e-9
    )
    np.testing.assert_array_equal(edges(cat) > 0, canny(cat, sigma=1.5))
    dark, light = (
        sato(cat, sigmas=(1.5, 2.5), black_ridges=black, mode="nearest") for black in (True, False)
    )
    np.testing.assert_array_equal(ridges(cat), np.maximum(dark, light))
    assert (blobs(cat) >= 0).all()


def test_corner_points_agree_with_scikit_image(cat):
    inside = np.zeros(cat.shape, dtype=bool)
    inside[10:-10, 10:-10] = True
    ours = {tuple(place) for place in detect(cat, "corners", 30, inside)}
    theirs = corner_peaks(
        corner_shi_tomasi(cat, sigma=1.5), min_distance=SPACING, exclude_border=10, num_peaks=30
    )
    assert len(ours & {tuple(place) for place in theirs}) >= 24


@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_peaks_are_high_and_apart(seed, spacing, count):
    response = np.random.default_rng(seed).random((30, 40))
    found = strongest_peaks(response, spacing, count)
    heights = response[tuple(found.T)]
    assert len(found) <= count
    assert (np.diff(heights) <= 0).all()
    for number, (row, col) in enumerate(found):
        near = response[
            max(0, row - spacing) : row + spacing + 1, max(0, col - spacing) : col + spacing + 1
        ]
        assert heights[number] == near.max()
    theirs = peak_local_max(
        response, min_distance=spacing, exclude_border=False, num_peaks=count, p_norm=np.inf
    )
    assert {tuple(place) for place in theirs} == {tuple(place) for place in found}


def test_a_plateau_is_one_peak():
    response = np.zeros((20, 20))
    response[8:11, 8:11] = 1
    assert strongest_peaks(response, 4, 10).tolist() == [[8, 8]]


@pytest.mark.parametrize("name", DETECTORS)
def test_points_stay_where_they_are_allowed(cat, name):
    allowed = np.zeros(cat.shape, dtype=bool)
    allowed[20:60, 30:80] = True
    found = detect(cat, name, 50, allowed)
    assert 0 < len(found) <= 50
    assert allowed[tuple(found.T)].all()


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_where_nothing_changes_nothing_is_found(name, value):
    assert detect(np.full((40, 50), value), name).shape == (0, 2)


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 30), (9, 9)])
def test_tiny_images_do_not_break(name, shape):
    found = detect(np.random.default_rng(0).random(shape), name)
    assert found.ndim == 2 and np.isfinite(found).all()


def test_an_unknown_detector_is_refused(cat):
    with pytest.raises(ValueError, match="corners, edges, blobs, ridges, but got 'faces'"):
        detect(cat, "faces")
