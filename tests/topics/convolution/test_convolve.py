"""Convolution, slow and fast, against torch, SciPy and each other."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d

from aml4d_utils import images
from aml4d_utils.topics.convolution.convolve import convolve, convolve_loops
from aml4d_utils.topics.convolution.counting import output_size

LAPLACIAN = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])


@st.composite
def settings(draw, longest=9):
    """Image shape, kernel shape, stride, padding, dilation of a kernel that fits."""
    image = draw(st.tuples(*[st.integers(1, longest)] * 2))
    kernel = draw(st.tuples(*[st.integers(1, 4)] * 2))
    stride = draw(st.integers(1, 3))
    padding = draw(st.integers(0, 3))
    dilation = draw(st.integers(1, 3))
    for size, window in zip(image, kernel, strict=True):
        assume(dilation * (window - 1) + 1 <= size + 2 * padding)
    return image, kernel, stride, padding, dilation


def with_torch(image, kernel, stride, padding, dilation):
    """torch's answer to (H, W, C) and (kh, kw, C), as an array (H', W')."""
    planes = torch.tensor(np.moveaxis(image, -1, 0))[None]
    weights = torch.tensor(np.moveaxis(kernel, -1, 0))[None]
    return torch.conv2d(planes, weights, stride=stride, padding=padding, dilation=dilation)[0, 0]


@given(settings(), st.integers(0, 2**31))
def test_loops_fast_and_torch_agree(setting, seed):
    image_shape, kernel_shape, stride, padding, dilation = setting
    rng = np.random.default_rng(seed)
    image, kernel = rng.normal(size=image_shape), rng.normal(size=kernel_shape)
    truth = with_torch(image[..., None], kernel[..., None], stride, padding, dilation)
    for ours in (convolve_loops, convolve):
        result = ours(image, kernel, stride, padding, dilation)
        assert result.dtype == np.float64
        assert result.shape == tuple(truth.shape)
        np.testing.assert_allclose(result, truth, atol=1e-12)


@given(settings(), st.integers(2, 4), st.integers(0, 2**31))
def test_channels_are_added_up(setting, channels, seed):
    image_shape, kernel_shape, *geometry = setting
    rng = np.random.default_rng(seed)
    image = rng.normal(size=(*image_shape, channels))
    kernel = rng.normal(size=(*kernel_shape, channels))
    np.testing.assert_allclose(
        convolve(image, kernel, *geometry), with_torch(image, kernel, *geometry), atol=1e-12
    )
    one_by_one = [convolve_loops(image[..., c], kernel[..., c], *geometry) for c in range(channels)]
    np.testing.assert_allclose(convolve(image, kernel, *geometry), sum(one_by_one), atol=1e-12)


@given(settings(), st.integers(0, 2**31))
def test_a_flat_kernel_is_used_for_every_channel(setting, seed):
    image_shape, kernel_shape, *geometry = setting
    rng = np.random.default_rng(seed)
    image, kernel = rng.normal(size=(*image_shape, 3)), rng.normal(size=kernel_shape)
    expected = convolve_loops(image.sum(axis=2), kernel, *geometry)
    for same in (kernel, kernel[..., None]):
        np.testing.assert_allclose(convolve(image, same, *geometry), expected, atol=1e-12)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**31))
def test_agrees_with_scipy(height, width, seed):
    rng = np.random.default_rng(seed)
    kernel = rng.normal(size=(rng.integers(1, height + 1), rng.integers(1, width + 1)))
    image = rng.normal(size=(height, width))
    for ours in (convolve_loops, convolve):
        np.testing.assert_allclose(
            ours(image, kernel), correlate2d(image, kernel, mode="valid"), atol=1e-12
        )


@pytest.mark.parametrize("ours", [convolve_loops, convolve])
def test_the_kernel_is_not_flipped(ours):
    image = np.zeros((5, 5))
    image[2, 2] = 1
    kernel = np.arange(9.0).reshape(3, 3)
    flipped = kernel[::-1, ::-1]
    # An image of one white pixel gives the kernel back, seen from the other side.
    np.testing.assert_array_equal(ours(image, kernel), flipped)
    np.testing.assert_array_equal(ours(image, flipped), convolve2d(image, kernel, mode="valid"))


@given(st.integers(0, 2**31), st.floats(-3, 3), st.floats(-3, 3))
def test_is_linear(seed, a, b):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, 6, 7))
    kernel = rng.normal(size=(3, 3))
    np.testing.assert_allclose(
        convolve(a * first + b * second, kernel),
        a * convolve(first, kernel) + b * convolve(second, kernel),
        atol=1e-10,
    )


def test_the_laplacian_is_blind_to_even_grey():
    np.testing.assert_allclose(convolve(np.full((9, 9), 0.7), LAPLACIAN), 0, atol=1e-12)


@pytest.mark.parametrize("ours", [convolve_loops, convolve])
def test_nothing_is_changed_in_place(ours):
    image, kernel = np.ones((4, 4)), np.ones((2, 2))
    ours(image, kernel, padding=1)
    assert (image == 1).all()
    assert (kernel == 1).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32])
@pytest.mark.parametrize("ours", [convolve_loops, convolve])
def test_whole_numbers_do_not_overflow(ours, dtype):
    image = np.full((3, 3), 200, dtype=dtype)
    assert ours(image, np.full((3, 3), 2, dtype=dtype)).item() == 3600


def test_colour_photo_gives_one_map(photo):
    result = convolve(photo, LAPLACIAN)
    assert result.shape == (298, 449)
    np.testing.assert_allclose(
        result, convolve(photo.sum(axis=2, dtype=float), LAPLACIAN), atol=1e-9
    )


def test_views_and_columns_order_are_fine(photo):
    grey = images.grey(photo)
    turned = grey.T[::-1]
    np.testing.assert_array_equal(
        convolve(turned, LAPLACIAN), convolve(np.ascontiguousarray(turned), LAPLACIAN)
    )


@pytest.mark.parametrize("ours", [convolve_loops, convolve])
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "A kernel that reaches over 5 pixels does not fit into 4"),
        ({"dilation": 2}, "reaches over 9 pixels"),
        ({"stride": 0}, "at least 1"),
        ({"dilation": 0}, "at least 1"),
        ({"padding": -1}, "padding at least 0"),
    ],
)
def test_what_does_not_fit_is_said(ours, settings, words):
    with pytest.raises(ValueError, match=words):
        ours(np.zeros((4, 9)), np.ones((5, 5)), **settings)


def test_channels_must_match():
    with pytest.raises(ValueError, match="The image has 3 channels, the kernel 2"):
        convolve(np.zeros((5, 5, 3)), np.zeros((3, 3, 2)))
    with pytest.raises(ValueError, match="The image has 1 channels, the kernel 3"):
        convolve(np.zeros((5, 5)), np.zeros((3, 3, 3)))


@pytest.mark.parametrize("shape", [(), (5,), (1, 5, 5, 3)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match=r"Expected the shape \(H, W\)"):
        convolve(np.zeros(shape), np.ones((1, 1)))


def test_sizes_are_those_of_the_arithmetic():
    image, kernel = np.zeros((11, 17)), np.zeros((3, 2))
    result = convolve(image, kernel, stride=2, padding=1, dilation=3)
    assert result.shape == (output_size(11, 3, 2, 1, 3), output_size(17, 2, 2, 1, 3))
