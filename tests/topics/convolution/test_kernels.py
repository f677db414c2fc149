"""The preset kernels and their formulas, and the inspector's state in Python."""

import itertools

import numpy as np
import pytest
import skimage.color
import skimage.data
import skimage.filters
import torch
import traitlets
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.convolution.kernel_inspector import (
    OWN_NAME,
    checked_kernel,
    kernel_inspector,
)
from aml4d_utils.topics.convolution.kernels import (
    KERNELS,
    SIZES,
    Kernel,
    box,
    designed_share,
    gabor,
    gaussian,
    kernel_named,
    name_of,
)

ODD = st.sampled_from((1, 3, 5, 7, 9))
LENGTH = st.floats(0.3, 20)


def test_presets_cannot_be_changed():
    with pytest.raises(TypeError):
        KERNELS["New"] = KERNELS["Identity"]
    with pytest.raises(ValueError, match="read-only"):
        KERNELS["Identity"].values[0, 0] = 1
    assert all(kernel.name == name for name, kernel in KERNELS.items())
    assert all(len(kernel.values) in SIZES for kernel in KERNELS.values())
    assert all(kernel.what_it_finds.endswith(".") for kernel in KERNELS.values())


def test_the_lecture_s_laplacian():
    expected = [[0, -1, 0], [-1, 4, -1], [0, -1, 0]]
    np.testing.assert_array_equal(KERNELS["Laplacian"].values, expected)


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("Laplacian", 0),
        ("Sobel, vertical edges", 0),
        ("Sobel, horizontal edges", 0),
        ("Box blur", 1),
        ("Gaussian blur", 1),
        ("Sharpen", 1),
        ("Emboss", 1),
        ("Identity", 1),
    ],
)
def test_answer_to_an_even_grey_area(name, total):
    assert KERNELS[name].values.sum() == pytest.approx(total, abs=1e-12)


def test_sobel_agrees_with_scikit_image():
    image = skimage.data.camera()[:40, :50] / 255
    for name, reference in (
        ("Sobel, vertical edges", skimage.filters.sobel_v),
        ("Sobel, horizontal edges", skimage.filters.sobel_h),
    ):
        ours = torch.nn.functional.conv2d(
            torch.tensor(image[None, None]), torch.tensor(KERNELS[name].values[None, None])
        )
        np.testing.assert_allclose(ours[0, 0] / 4, reference(image)[1:-1, 1:-1], atol=1e-12)


@given(ODD, LENGTH)
def test_gaussian_is_a_normalised_even_bell(size, sigma):
    weights = gaussian(size, sigma)
    assert weights.sum() == pytest.approx(1)
    assert weights.max() == weights[size // 2, size // 2]
    np.testing.assert_allclose(weights, weights[::-1, ::-1])
    np.testing.assert_allclose(weights, weights.T)


def test_gaussian_agrees_with_scikit_image():
    spot = np.zeros((5, 5))
    spot[2, 2] = 1
    reference = skimage.filters.gaussian(spot, sigma=1, mode="constant", truncate=2)
    np.testing.assert_allclose(gaussian(5, 1.0), reference / reference.sum(), atol=1e-12)


@given(ODD)
def test_box_is_the_mean(size):
    assert box(size).sum() == pytest.approx(1)
    assert np.ptp(box(size)) == 0


@given(ODD, LENGTH, st.floats(-360, 360), LENGTH, st.floats(-360, 360), st.floats(0.3, 3))
def test_gabor_invariants(size, wavelength, angle, sigma, phase, aspect):
    weights = gabor(size, wavelength, angle, sigma, phase=phase, aspect=aspect)
    centre = weights[size // 2, size // 2]
    assert np.abs(weights).max() <= 1 + 1e-12
    assert centre == pytest.approx(np.cos(np.deg2rad(phase)))
    turned = gabor(size, wavelength, angle + 180, sigma, phase=-phase, aspect=aspect)
    np.testing.assert_allclose(weights, turned, atol=1e-9)


def test_gabor_agrees_with_scikit_image():
    reference = skimage.filters.gabor_kernel(
        frequency=1 / 4, theta=np.deg2rad(30), sigma_x=1.5, sigma_y=1.5, n_stds=2
    ).real
    ours = gabor(7, wavelength=4, angle=30, sigma=1.5)
    np.testing.assert_allclose(ours / ours[3, 3], reference / reference[3, 3], atol=1e-12)


def test_gabor_angle_turns_clockwise():
    upright = gabor(7, wavelength=4, angle=0, sigma=2)
    assert np.ptp(upright / upright[:, 3:4], axis=1).max() > 0.5
    np.testing.assert_allclose(gabor(7, wavelength=4, angle=90, sigma=2), upright.T, atol=1e-12)
    slanted = gabor(7, wavelength=4, angle=45, sigma=2)
    assert slanted[2, 4] > 0.5 > slanted[2, 2]  # stripes rise to the right


@pytest.mark.parametrize("size", [0, -3, 2, 4.5])
def test_even_sizes_are_refused(size):
    for make in (box, lambda k: gaussian(k, 1), lambda k: gabor(k, 4, 0, 1)):
        with pytest.raises(ValueError, match="odd number"):
            make(size)


def test_lengths_above_zero():
    with pytest.raises(ValueError, match="sigma is a number above 0, but got 0"):
        gaussian(3, 0)
    with pytest.raises(ValueError, match="wavelength is a number above 0, but got nan"):
        gabor(3, np.nan, 0, 1)


def test_kernel_is_square():
    with pytest.raises(ValueError, match="square grid"):
        Kernel("wide", np.zeros((3, 5)), "Nothing.")
    with pytest.raises(ValueError, match="odd number"):
        Kernel("flat", np.zeros(3), "Nothing.")


def test_names():
    assert name_of(KERNELS["Gabor"].values) == "Gabor"
    assert name_of(np.ones((3, 3))) is None
    with pytest.raises(ValueError, match="no kernel called 'Lapacian'; the presets are 'Lapl"):
        kernel_named("Lapacian")


# --- the inspector's Python half ---------------------------------------------------


@pytest.fixture
def inspector():
    return kernel_inspector(skimage.data.chelsea(), longest=32)


def test_output_is_conv2d_for_every_preset_and_setting(inspector):
    planes = np.moveaxis(inspector.image(), -1, 0)
    grey = skimage.color.rgb2gray(inspector.image())[None]
    for name, mode, stride, padding, dilation in itertools.product(
        KERNELS, ("grey", "rgb"), (1, 2, 4), (0, 1, 3), (1, 3)
    ):
        inspector.set_trait("kernel_name", name)
        inspector.mode, inspector.stride = mode, stride
        inspector.padding, inspector.dilation = padding, dilation
        image = grey if mode == "grey" else planes
        weights = np.broadcast_to(KERNELS[name].values, (len(image), *KERNELS[name].values.shape))
        expected = torch.nn.functional.conv2d(
            torch.tensor(image[None]),
            torch.tensor(weights[None].copy()),
            stride=stride,
            padding=padding,
            dilation=dilation,
        )
        np.testing.assert_allclose(inspector.output(), expected[0, 0], atol=1e-9)


def test_kernel_and_name_follow_each_other(inspector):
    inspector.kernel_name = "Gabor"
    np.testing.assert_array_equal(inspector.kernel[2], KERNELS["Gabor"].values)
    inspector.kernel = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert inspector.kernel_name == OWN_NAME
    assert inspector.linked
    inspector.kernel = KERNELS["Sharpen"].values
    assert inspector.kernel_name == "Sharpen"


def test_unlinked_channels(inspector):
    inspector.kernel = [[[1.0]], [[2.0]], [[3.0]]]
    assert not inspector.linked
    inspector.linked = True
    assert inspector.kernel == [[[1.0]]] * 3


def test_names_of_settings_that_do_not_exist(inspector):
    with pytest.raises(ValueError, match="no kernel called 'Blur'"):
        inspector.kernel_name = "Blur"
    for name, value in (("stride", 0), ("stride", 5), ("padding", 4), ("dilation", 0)):
        with pytest.raises(traitlets.TraitError):
            setattr(inspector, name, value)
    assert inspector.kernel_name == "Laplacian"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((2, 2)), "shape \\(2, 2\\)"),
        (np.zeros((2, 3, 3)), "shape \\(2, 3, 3\\)"),
        ([[np.nan]], "from nan to nan"),
        ([[np.inf]], "from inf to inf"),
        ([[100]], "between -99 and 99"),
        ([["a"]], "grid of numbers"),
        ([[1, 2], [3]], "grid of numbers"),
        (None, "grid of numbers|shape"),
    ],
)
def test_odd_kernels_are_refused(inspector, values, message):
    with pytest.raises(ValueError, match=message):
        checked_kernel(values)
    with pytest.raises(ValueError, match=message):
        inspector.kernel = values
    assert inspector.kernel_name == "Laplacian"


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 3), (1, 500, 3), (7, 3), (2, 2, 1)])
def test_small_and_grey_images(shape):
    inspector = kernel_inspector(np.full(shape, 0.5))
    assert inspector.output().shape == tuple(inspector.size)
    assert max(inspector.size) <= 96


def test_large_image():
    inspector = kernel_inspector(np.zeros((6000, 8000, 3), np.uint8))
    assert inspector.size == (72, 96)


def test_window_that_does_not_fit():
    inspector = kernel_inspector(np.ones((3, 9)), kernel="Gabor")
    inspector.padding = 0
    assert inspector.output().shape == (0, 3)


def test_own_photo_is_the_default():
    assert kernel_inspector().size == (64, 96)


def test_longest_is_checked():
    for longest in (0, 257):
        with pytest.raises(ValueError, match="between 1 and 256"):
            kernel_inspector(np.ones((2, 2)), longest=longest)


# --- what designs explain --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "share"),
    [("Box blur", 1), ("Sobel, vertical edges", 8 / 9), ("Sobel, horizontal edges", 8 / 9)],
)
def test_designs_explain_themselves(name, share):
    assert designed_share(KERNELS[name].values[None]) == pytest.approx([share])


def test_stripes_are_no_design():
    assert designed_share(KERNELS["Gabor"].values[None]) < 0.05


def test_random_kernels_are_explained_by_chance():
    kernels = np.random.default_rng(0).normal(size=(4000, 5, 5))
    share = designed_share(kernels)
    assert ((share >= 0) & (share <= 1)).all()
    assert share.mean() == pytest.approx(4 / 25, abs=0.005)


def test_the_share_asks_neither_for_sign_nor_for_size():
    kernels = np.random.default_rng(1).normal(size=(3, 3, 3))
    np.testing.assert_allclose(designed_share(kernels), designed_share(-7 * kernels))
    assert designed_share(np.zeros((1, 5, 5))) == [0]
