"""Brightness, contrast and the histogram, against scikit-image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.color import rgb2gray

from aml4d_utils import images
from aml4d_utils.topics.welcome.light import LEVELS, relight


@given(st.floats(-0.5, 0.5), st.floats(0, 3))
def test_values_stay_between_black_and_white(brightness, contrast):
    photo = np.random.default_rng(0).random((5, 4, 3))
    result = relight(photo, brightness, contrast)
    assert result.image.min() >= 0
    assert result.image.max() <= 1
    assert result.shares.sum() == pytest.approx(1)


def test_nothing_changes_at_first():
    photo = images.photo("chelsea")
    result = relight(photo)
    np.testing.assert_allclose(result.image, photo, atol=1e-6)
    assert result.lost == 0
    assert result.mean == pytest.approx(photo.mean(), abs=1e-6)


def test_the_histogram_is_that_of_the_grey_photo():
    photo = images.photo("coffee")
    counts, _ = np.histogram(rgb2gray(photo), bins=LEVELS, range=(0, 1))
    shares = relight(photo).shares
    assert np.abs(shares - counts / counts.sum()).sum() < 0.15  # other weights for grey
    assert int(shares.argmax()) == int(counts.argmax())


def test_no_contrast_is_one_grey():
    result = relight(images.photo("chelsea"), contrast=0.0)
    assert np.ptp(result.image) == 0
    assert result.shares.max() == 1


def test_lost_detail_is_counted():
    photo = np.full((2, 2, 3), 0.8)
    photo[0, 0] = 1.0
    assert relight(photo, brightness=0.5).lost == 0.75


def test_contrast_below_zero_is_refused():
    with pytest.raises(ValueError, match="at least 0"):
        relight(np.zeros((2, 2, 3)), contrast=-1)
