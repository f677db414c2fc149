import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from skimage.color import rgb2gray

from aml4d_utils.images import as_float, as_uint8, grey

SHAPES = st.one_of(
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3])),
)
FLOATS = st.sampled_from([np.float16, np.float32, np.float64]).flatmap(
    lambda kind: hnp.arrays(kind, SHAPES, elements=st.floats(0, 1, width=np.finfo(kind).bits))
)
WHOLE = st.sampled_from([np.bool_, np.uint8, np.uint16]).flatmap(
    lambda kind: hnp.arrays(kind, SHAPES)
)


@given(st.one_of(FLOATS, WHOLE))
def test_as_float_always_gives_one_form_and_a_new_array(image):
    before = image.copy()
    result = as_float(image)
    assert result.dtype == np.float32
    assert result.shape == (*image.shape[:2], 3)
    assert result.min() >= 0 and result.max() <= 1
    result[:] = 0.25
    assert np.array_equal(image, before)


@given(hnp.arrays(np.uint8, SHAPES))
def test_uint8_comes_back_unchanged(image):
    expected = image if image.ndim == 3 else image[..., None]
    assert np.array_equal(
        as_uint8(as_float(image)), np.broadcast_to(expected, (*image.shape[:2], 3))
    )
    assert np.array_equal(as_uint8(image), as_uint8(as_float(image)))


@given(FLOATS)
def test_as_float_is_idempotent_and_keeps_values(image):
    once = as_float(image)
    assert np.array_equal(as_float(once), once)
    expected = image if image.ndim == 3 else image[..., None]
    assert np.allclose(once, expected, atol=1e-7)


def test_rounding_is_to_the_nearest():
    steps = np.array([[0.49, 0.51, 127.4, 127.6, 254.49]]) / 255
    assert as_uint8(steps)[0, :, 0].tolist() == [0, 1, 127, 128, 254]


def test_whole_ranges():
    assert as_float(np.array([[0, 65535]], np.uint16))[0, :, 0].tolist() == [0, 1]
    assert as_float(np.array([[False, True]]))[0, :, 0].tolist() == [0, 1]


def test_a_hair_outside_is_clipped_more_is_refused():
    assert as_float(np.full((1, 1), 1.00005)).max() == 1
    with pytest.raises(ValueError, match=r"from 0 to 255"):
        as_float(np.array([[0.0, 255.0]]))
    with pytest.raises(ValueError, match=r"from -1 to 1"):
        as_float(np.array([[-1.0, 1.0]]))


@pytest.mark.parametrize("function", [as_float, as_uint8, grey])
@pytest.mark.parametrize(
    ("image", "part"),
    [
        ([[0.0]], "got list"),
        (None, "got NoneType"),
        (np.zeros(3), r"got \(3,\)"),
        (np.zeros((2, 2, 4)), r"got \(2, 2, 4\)"),
        (np.zeros((1, 2, 2, 3)), r"got \(1, 2, 2, 3\)"),
        (np.zeros((0, 2, 3)), r"got \(0, 2, 3\)"),
        (np.zeros((2, 2, 3), np.int64), "got int64"),
        (np.zeros((2, 2, 3), complex), "got complex128"),
        (np.array([["a", "b"]]), "got <U1"),
        (np.array([[0.0, np.nan]]), "1 pixel values are NaN"),
        (np.array([[np.inf, 0.5]]), "1 pixel values are NaN or infinite"),
    ],
)
def test_what_is_not_an_image_is_refused_in_one_sentence(function, image, part):
    with pytest.raises(ValueError, match=part) as caught:
        function(image)
    assert "\n" not in str(caught.value)


@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 8), st.integers(1, 8), st.just(3)),
        elements=st.floats(0, 1, width=32),
    )
)
def test_grey_agrees_with_scikit_image(image):
    assert np.allclose(grey(image), rgb2gray(image), atol=1e-6)
