import gzip
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from aml4d_utils.images import fashion_mnist
from aml4d_utils.images.idx import read_idx


@pytest.fixture(scope="module")
def data():
    return fashion_mnist()


def test_shapes_types_and_classes(data):
    assert data.train_images.shape == (20_000, 28, 28) and data.train_images.dtype == np.uint8
    assert data.test_images.shape == (10_000, 28, 28) and data.test_images.dtype == np.uint8
    assert data.train_labels.shape == (20_000,) and data.train_labels.dtype == np.int64
    assert data.test_labels.shape == (10_000,) and data.test_labels.dtype == np.int64
    assert len(data.class_names) == 10
    assert np.bincount(data.test_labels).tolist() == [1000] * 10
    assert np.bincount(data.train_labels).min() > 1800


def test_classes_mean_what_they_say(data):
    """Trousers have two legs: a dark gap between them in the lower middle."""
    mean = data.train_images[data.train_labels == data.class_names.index("trouser")].mean(0)
    assert mean[20, 13:15].mean() < 0.6 * mean[20, [10, 17]].mean()
    bags = data.train_images[data.train_labels == data.class_names.index("bag")].mean(0)
    assert bags[18].mean() > mean[18].mean()


def test_it_cannot_be_replaced_by_accident_but_arrays_are_writable(data):
    with pytest.raises(FrozenInstanceError):
        data.train_labels = None
    assert data.train_images.flags.writeable and data.train_labels.flags.writeable


def idx(header, body):
    return gzip.compress(bytes(header) + bytes(body), mtime=0)


def test_read_idx(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(idx([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3], range(6)))
    assert read_idx(path).tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not gzip",
        idx([], []),
        idx([0, 0, 8, 3, 0, 0], []),
        idx([0, 0, 9, 1, 0, 0, 0, 1], [1]),
        idx([0, 0, 8, 1, 0, 0, 0, 2], [1]),
        gzip.compress(b"abcdefgh" * 50, mtime=0)[:-9],
    ],
)
def test_read_idx_refuses_other_files(tmp_path, content):
    path = tmp_path / "a.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="a.gz"):
        read_idx(path)
