"""PSNR, sharpness and invented detail against scikit-image and against what must be so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.metrics import peak_signal_noise_ratio

from aml4d_utils.topics.super_resolution.measures import detail, psnr, sharpness
from aml4d_utils.topics.super_resolution.shrinking import enlarge_bicubic, shrink


@given(st.integers(0, 10_000), st.integers(1, 20), st.integers(1, 20))
def test_psnr_is_scikit_images(seed, height, width):
    true, other = np.random.default_rng(seed).random((2, height, width, 3))
    assert psnr(true, other) == pytest.approx(peak_signal_noise_ratio(true, other, data_range=1))


def test_equal_pictures_have_no_error():
    picture = np.random.default_rng(0).random((4, 4, 3))
    assert psnr(picture, picture) == float("inf")
    with pytest.raises(ValueError, match="same shape"):
        psnr(picture, picture[:2])


def test_sharpness_of_blurred_and_contrasted_pictures(photo):
    grey = np.clip(photo * 0.5 + 0.2, 0, 1)
    assert sharpness(photo, photo) == 1
    assert sharpness(photo, grey) == pytest.approx(0.5, abs=0.01)
    blurred = enlarge_bicubic(shrink(photo))
    assert sharpness(photo[:300, :448], blurred) < 0.7


def test_sharpness_of_even_pictures():
    even = np.full((4, 4, 3), 0.4)
    assert sharpness(even, even) == 1
    assert sharpness(even, np.random.default_rng(0).random((4, 4, 3))) == float("inf")


def test_detail_adds_up(photo):
    true = photo[:96, :96]
    other = np.random.default_rng(0).permutation(true.ravel()).reshape(true.shape)
    there, back = detail(true, other), detail(other, true)
    for one, two in ((there.invented, back.missed), (there.kept, back.kept)):
        assert np.allclose(one, two, atol=1e-6)
        assert one.min() >= 0


def test_what_bicubic_enlargement_paints_is_nearly_nothing(photo):
    true = photo[:96, :96]
    found = detail(true, enlarge_bicubic(shrink(true)))
    assert found.kept.sum() + found.invented.sum() < 0.3 * (found.kept.sum() + found.missed.sum())


def test_detail_that_stands_elsewhere_is_invented(photo):
    true = photo[:96, :96]
    assert detail(true, 1 - true).invented_share > 0.99
    assert detail(true, true).invented_share == 0
    even = np.full_like(true, 0.5)
    assert detail(even, true).invented_share == pytest.approx(1)
    assert detail(true, even).found_share < 0.01
