"""The feature families: against scikit-image and against what is obvious."""

import numpy as np
import pytest
from skimage.feature import hog as skimage_hog
from skimage.feature import local_binary_pattern

from aml4d_utils import images
from aml4d_utils.topics.hog.feature_families import (
    FAMILIES,
    colour_features,
    edge_density_features,
    hog_features,
    lbp_features,
    pixel_features,
)


@pytest.fixture(scope="module")
def picture():
    return images.resize(images.photo("coffee"), 96, 96)


def test_hog_is_that_of_scikit_image(picture):
    expected = skimage_hog(
        picture, pixels_per_cell=(12, 12), cells_per_block=(2, 2), channel_axis=-1
    )
    np.testing.assert_allclose(hog_features(picture), expected, atol=1e-6)


def test_lbp_counts_scikit_images_patterns(picture):
    whole = np.rint(images.grey(picture) * 255).astype(np.uint8)
    patterns = local_binary_pattern(whole, 8, 1, "uniform")
    found = lbp_features(picture).reshape(3, 3, 10)
    middle = patterns[32:64, 32:64]
    expected = [(middle == pattern).mean() for pattern in range(10)]
    np.testing.assert_allclose(found[1, 1], expected)
    np.testing.assert_allclose(found.sum(axis=2), 1)


def test_colours_know_no_place(picture):
    shuffled = np.random.default_rng(0).permutation(picture.reshape(-1, 3)).reshape(picture.shape)
    np.testing.assert_allclose(colour_features(picture), colour_features(shuffled))
    assert colour_features(np.ones((2, 2, 3)))[63] == 1
    assert colour_features(np.zeros((2, 2), dtype=np.uint8))[0] == 1


def test_edges_are_counted_where_they_are():
    picture = np.zeros((40, 40))
    picture[:, 35:] = 1
    found = edge_density_features(picture).reshape(4, 4)
    np.testing.assert_allclose(found[:, 3], 0.2)
    assert (found[:, :3] == 0).all()


def test_pixels_are_the_small_picture(picture):
    np.testing.assert_array_equal(pixel_features(picture), images.resize(picture, 24, 24).ravel())
    assert pixel_features(np.zeros((28, 28), dtype=np.uint8)).shape == (576,)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("kind", ["constant", "garment", "odd sides"])
def test_any_picture_gives_finite_numbers(name, kind):
    picture = {
        "constant": np.full((96, 96, 3), 0.5, dtype=np.float32),
        "garment": images.fashion_mnist().train_images[0],
        "odd sides": np.random.default_rng(0).random((37, 61, 3)),
    }[kind]
    found = FAMILIES[name].compute(picture)
    assert found.ndim == 1
    assert np.isfinite(found).all()
    assert FAMILIES[name].what
