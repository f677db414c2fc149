import numpy as np
import pytest

from aml4d_utils.images import mnist


@pytest.fixture(scope="module")
def data():
    return mnist()


def test_shapes_and_types(data):
    assert data.train_images.shape == (8000, 28, 28) and data.train_images.dtype == np.uint8
    assert data.test_images.shape == (2000, 28, 28) and data.test_images.dtype == np.uint8
    assert data.train_labels.shape == (8000,) and data.train_labels.dtype == np.int64
    assert data.test_labels.shape == (2000,) and data.test_labels.dtype == np.int64


def test_all_ten_digits_are_mixed_in_both_parts(data):
    for labels in (data.train_labels, data.test_labels):
        shares = np.bincount(labels, minlength=10) / len(labels)
        assert shares.min() > 0.07 and shares.max() < 0.13
        assert len(np.unique(labels[:100])) == 10


def test_pixels_use_the_whole_range(data):
    assert data.train_images.min() == 0 and data.train_images.max() == 255
    assert len(np.unique(data.train_images)) > 250
    assert (data.train_images[:, 0] == 0).mean() > 0.99


def test_no_picture_is_in_both_parts(data):
    train = {picture.tobytes() for picture in data.train_images}
    assert not any(picture.tobytes() in train for picture in data.test_images)


def test_labels_mean_what_they_say(data):
    """A nearest-mean classifier, fitted on one part, names most of the other."""
    means = np.stack([data.train_images[data.train_labels == d].mean(0) for d in range(10)])
    distances = ((data.test_images[:, None] - means) ** 2).sum((2, 3))
    assert (distances.argmin(1) == data.test_labels).mean() > 0.75
