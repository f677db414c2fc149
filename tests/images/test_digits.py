import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.images import centre_digit, mnist


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


def blot(rows, cols, shape=(28, 28)):
    """A drawing whose ink is a rectangle of ones."""
    drawing = np.zeros(shape)
    drawing[rows, cols] = 1
    return drawing


def test_digits_of_mnist_are_centred_already(data):
    """The function is the one MNIST was made with: it leaves MNIST's own digits as they are."""
    for digit in data.test_images[:200]:
        np.testing.assert_allclose(centre_digit(digit), digit / 255, atol=1e-6)


@given(
    top=st.integers(0, 20),
    left=st.integers(0, 20),
    height=st.integers(1, 8),
    width=st.integers(1, 8),
)
def test_the_place_of_the_drawing_does_not_matter(top, left, height, width):
    rng = np.random.default_rng(height)
    ink = 0.2 + 0.8 * rng.random((height, width))
    here, there = np.zeros((28, 28)), np.zeros((28, 28))
    here[top : top + height, left : left + width] = ink
    there[:height, :width] = ink
    np.testing.assert_allclose(centre_digit(here), centre_digit(there), atol=1e-6)


@given(height=st.integers(1, 28), width=st.integers(1, 28))
def test_twenty_pixels_on_the_longer_side_and_mass_in_the_middle(height, width):
    centred = centre_digit(blot(slice(0, height), slice(0, width)))
    rows, cols = centred.nonzero()
    assert max(np.ptp(rows), np.ptp(cols)) + 1 == 20
    for places in (rows, cols):
        assert abs((centred[centred > 0] * places).sum() / centred.sum() - 14) <= 0.51
    assert 0 <= centred.min() and centred.max() <= 1


def test_proportions_stay():
    rows, cols = centre_digit(blot(slice(2, 26), slice(5, 11))).nonzero()
    assert (np.ptp(rows) + 1, np.ptp(cols) + 1) == (20, 5)


def test_large_drawings_of_any_shape_and_uint8():
    large = (255 * blot(slice(100, 300), slice(40, 80), (400, 600))).astype(np.uint8)
    centred = centre_digit(large)
    assert centred.shape == (28, 28) and centred.dtype == np.float64
    assert centred.max() == pytest.approx(1)
    np.testing.assert_allclose(centred, centre_digit(large / 255), atol=0.01)


def test_an_empty_drawing_stays_empty():
    assert not centre_digit(np.zeros((28, 28))).any()


def test_mass_far_to_one_side_stays_inside():
    drawing = blot(slice(4, 24), slice(4, 6))
    drawing[4:6, 4:24] = 1
    centred = centre_digit(drawing)
    assert centred.sum() == pytest.approx(drawing.sum(), rel=1e-6)


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        (np.zeros(784), "grid of pixels"),
        (np.zeros((0, 3)), "grid of pixels"),
        (np.full((28, 28), 2.0), "from 0 to 1"),
        (np.full((28, 28), np.nan), "from 0 to 1"),
        (np.zeros((28, 28), dtype=np.int64), "uint8 or floats"),
    ],
)
def test_what_is_no_drawing_is_refused(drawing, words):
    with pytest.raises(ValueError, match=words):
        centre_digit(drawing)
