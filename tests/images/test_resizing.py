import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.transform import downscale_local_mean

from aml4d_utils.images import as_float, centre_square, fit, photo, resize

SIDES = st.integers(1, 60)


@settings(deadline=None)
@given(SIDES, SIDES, st.integers(1, 80), st.integers(0, 2**32 - 1))
def test_fit_never_enlarges_keeps_the_ratio_and_the_range(height, width, longest, seed):
    image = np.random.default_rng(seed).random((height, width, 3), dtype=np.float32)
    result = fit(image, longest)
    if max(height, width) <= longest:
        assert np.array_equal(result, image)
        return
    assert max(result.shape[:2]) == longest
    scale = longest / max(height, width)
    assert abs(result.shape[0] - max(1, height * scale)) <= 0.5
    assert abs(result.shape[1] - max(1, width * scale)) <= 0.5
    assert result.min() >= image.min() - 1e-5 and result.max() <= image.max() + 1e-5


@settings(deadline=None)
@given(st.integers(1, 8), st.integers(1, 8), st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_shrinking_by_a_whole_factor_is_the_mean_of_each_block(rows, columns, factor, seed):
    image = np.random.default_rng(seed).random((rows * factor, columns * factor, 3))
    expected = downscale_local_mean(image, (factor, factor, 1))
    assert np.allclose(resize(image, rows, columns), expected, atol=1e-5)


@settings(deadline=None)
@given(SIDES, SIDES, st.integers(1, 60), st.floats(0, 1, width=32))
def test_a_uniform_image_stays_uniform(height, width, longest, value):
    result = fit(np.full((height, width), value, np.float32), longest)
    assert np.allclose(result, value, atol=1e-6)


def test_a_fine_checkerboard_turns_grey_instead_of_aliasing():
    board = np.indices((301, 299)).sum(0) % 2
    small = fit(board.astype(np.float32), 40)
    assert np.abs(small - 0.5).max() < 0.02


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_extreme_sizes(kind):
    assert fit(np.zeros((1, 1, 3), kind), 1).shape == (1, 1, 3)
    assert fit(np.zeros((1, 5000, 3), kind), 7).shape == (1, 7, 3)
    assert fit(np.zeros((6000, 8000, 3), kind), 512).shape == (384, 512, 3)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float64, np.float16, np.bool_])
def test_every_accepted_type(kind):
    top = np.iinfo(kind).max if np.issubdtype(kind, np.unsignedinteger) else 1
    result = fit(np.full((9, 6), top, kind), 3)
    assert result.dtype == np.float32 and np.allclose(result, 1)


@pytest.mark.parametrize("longest", [0, -1, 2.5, True, None, "8"])
def test_longest_must_be_a_whole_number(longest):
    with pytest.raises(ValueError, match="at least 1"):
        fit(np.zeros((2, 2)), longest)


def test_resize_refuses_empty_sides_and_enlarges_smoothly():
    with pytest.raises(ValueError, match="0 × 5"):
        resize(np.zeros((2, 2)), 0, 5)
    ramp = resize(np.array([[0.0, 1.0]]), 1, 8)[0, :, 0]
    assert (np.diff(ramp) >= 0).all() and len(np.unique(ramp)) > 2


def test_centre_square_is_the_middle():
    cat = photo("chelsea")
    assert np.array_equal(centre_square(cat), cat[:, 75:375])
    assert np.array_equal(centre_square(as_float(np.eye(3))), as_float(np.eye(3)))


def test_the_input_stays_as_it_was():
    image = np.random.default_rng(0).random((9, 7, 3))
    before = image.copy()
    for result in (fit(image, 9), fit(image, 3), centre_square(image), resize(image, 2, 2)):
        result[:] = 0
    assert np.array_equal(image, before)
