"""The integral image against scikit-image, OpenCV and plain sums."""

import cv2
import numpy as np
import pytest
import skimage.transform
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aml4d_utils.topics.viola_jones.integral import box_sum, integral_image

GREY = hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12))


@given(GREY)
def test_it_is_the_table_of_opencv_and_scikit_image(image):
    table = integral_image(image)
    assert table.dtype == np.int64
    np.testing.assert_array_equal(table, cv2.integral(image, sdepth=cv2.CV_32S))
    np.testing.assert_array_equal(table[1:, 1:], skimage.transform.integral_image(image))


def test_real_numbers_stay_real():
    image = np.random.default_rng(0).normal(size=(40, 31))
    table = integral_image(image)
    np.testing.assert_allclose(table[1:, 1:], skimage.transform.integral_image(image))


@given(GREY, st.data())
def test_four_corners_are_the_sum_of_the_rectangle(image, data):
    height, width = (data.draw(st.integers(1, side)) for side in image.shape)
    row = data.draw(st.integers(0, image.shape[0] - height))
    col = data.draw(st.integers(0, image.shape[1] - width))
    found = box_sum(integral_image(image), row, col, height, width)
    assert found.total == image[row : row + height, col : col + width].sum(dtype=int)
    assert found.mean == pytest.approx(image[row : row + height, col : col + width].mean())
    assert found.additions == 3
    assert found.additions_by_pixel == height * width - 1


def test_the_sum_of_a_large_white_photo_does_not_overflow():
    table = integral_image(np.full((5000, 4000), 255, dtype=np.uint8))
    assert table[-1, -1] == 5000 * 4000 * 255


@pytest.mark.parametrize("image", [np.zeros(3), np.zeros((2, 2, 3)), np.array([["a"]]), [[1j]]])
def test_what_is_no_grey_image_is_refused(image):
    with pytest.raises(ValueError, match="An integral image is made of"):
        integral_image(image)


@pytest.mark.parametrize("box", [(0, 0, 0, 1), (-1, 0, 1, 1), (0, 0, 4, 1), (0, 3, 1, 2)])
def test_a_rectangle_outside_is_refused(box):
    with pytest.raises(ValueError, match="inside 3 × 4 pixels"):
        box_sum(integral_image(np.ones((3, 4))), *box)
