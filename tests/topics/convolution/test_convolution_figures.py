"""Every figure draws, also from extreme input, and its words follow the numbers it shows."""

import itertools

import numpy as np
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib.figure import Figure
from topics.convolution.examples import (
    KERNELS,
    LAPLACIAN,
    MAPS,
    RNG,
    effect,
    locality_result,
    shift_result,
    surgery_result,
    training_step,
    turn_result,
)

from aml4d_utils.nets.receptive_fields import Layer
from aml4d_utils.notebook import show
from aml4d_utils.topics.convolution import figures
from aml4d_utils.topics.convolution.counting import LayerComparison, compare_layers
from aml4d_utils.topics.convolution.growing import grow

# The describing function, its arguments, and what the words must hold.
SAID = {
    "products": (
        figures.describe_products,
        (np.full((3, 3), 0.25), LAPLACIAN),
        ["0.25", "+4.00", "−0.25", "+1.00", "+0.00"],
    ),
    "dark products": (figures.describe_products, (np.zeros((3, 3)), LAPLACIAN), ["−1.00", "+0.00"]),
    "response": (
        figures.describe_response,
        (np.zeros((4, 6, 3)), LAPLACIAN, np.array([[-0.5, 0.25], [0.75, 0.5]])),
        ["6 × 4", "0 −1 0 / −1 4 −1", "25 %", "−0.50", "+0.75", "row 1, column 0"],
    ),
    "counts": (
        figures.describe_counts,
        (compare_layers(64, 3, 16, 3),),
        ["64 × 64 × 3", "64 × 64 × 16", "805 million", "448", "1.8 million"],
    ),
    "shift": (
        figures.describe_shift,
        (shift_result(),),
        ["4 px down", "6 px left", "34 %", "feature map 9", "12 %", "61 %", "47 %", "tabby"],
    ),
    "no shift": (
        figures.describe_shift,
        (shift_result(rows=0, cols=0),),
        ["61 %", "37", "feature map 9"],
    ),
    "turning": (
        figures.describe_turning,
        (turn_result([0.9, 0.3, 0.2, 0.5, 0.9]),),
        ["0 degrees with 0.90", "180 degrees with 0.20", "tabby or lynx", "guess is ram"],
    ),
    "locality": (
        figures.describe_locality,
        (locality_result(),),
        ["row 12, column 200", "fire2", "15 × 15", "5 of the 81", "changes"],
    ),
    "training": (figures.describe_training, (training_step(),), ["1,280", "0.87", "71.2 %"]),
    "kernels": (
        figures.describe_kernels,
        (KERNELS,),
        ["8 kernels", "5 by 5", f"{KERNELS.max():+.2f}"],
    ),
    "maps": (
        figures.describe_maps,
        (MAPS,),
        ["8 feature maps", f"{100 * (MAPS > 0).mean((1, 2)).max():.0f} %"],
    ),
    "before and after": (
        figures.describe_kernels_before_after,
        (KERNELS, KERNELS + 0.5 * np.arange(8).reshape(8, 1, 1)),
        ["8 kernels", "Number 7", "3.50", "of a random kernel"],
    ),
    "learned designs": (
        figures.describe_kernels_before_after,
        (np.zeros((2, 3, 3)), np.stack([LAPLACIAN, [[-1, 0, 1]] * 3])),
        ["0 % of a random kernel", "number 1: 100 %"],
    ),
    "growth": (
        figures.describe_growth,
        (grow(Layer(3, 2), Layer(3), (0, 1)),),
        ["3 cells", "each 3 pixels", "2 pixels further", "2 of 3", "see 5 pixels"],
    ),
    "a whole growth": (
        figures.describe_growth,
        (grow(Layer(3, 2), Layer(3), (0, 1, 2)),),
        ["3 + (3 − 1) · 2 = 7"],
    ),
    "surgery": (
        figures.describe_surgery,
        (surgery_result(),),
        ["filter 51", "switch it off", "61.0 %", "47.3 %", "15.6 %", "still tabby"],
    ),
    "surgery on many": (
        figures.describe_surgery,
        (surgery_result(filters=(3, 4, 5), top_after="lynx"),),
        ["3 filters", "from 3 on", "now lynx"],
    ),
    "filter effects": (
        figures.describe_filter_effects,
        (effect([0.1, 0.4, 0.02, 0.3]),),
        ["4 filters", "1 (40 %)", "3 (30 %)", "2, 2.0 %", "falls from 42 % to 2 %"],
    ),
    "filters without which the first guess wins": (
        figures.describe_filter_effects,
        (effect([0.1, 0.4, 0.02, 0.3], [1, 1, -1, -1]),),
        ["tabby rises from 42 % to 82 %", "without 2 of them"],
    ),
}


def test_the_numbers_of_every_description_are_tested():
    every = {name for name in dir(figures) if name.startswith("describe_")}
    assert every == {describe.__name__ for describe, *_ in SAID.values()}


@pytest.mark.parametrize("case", SAID)
def test_words_hold_the_measured_numbers(case):
    describe, arguments, numbers = SAID[case]
    words = describe(*arguments)
    for number in numbers:
        assert number in words, words


def test_no_negative_zero():
    words = figures.describe_products(np.zeros((3, 3)), LAPLACIAN)
    assert "products (from +0.00 to +0.00)" in words
    figure = figures.draw_products(np.full((3, 3), 0.001), LAPLACIAN)
    assert "−0.00" not in [text.get_text() for ax in figure.axes for text in ax.texts]


# --- drawing ---------------------------------------------------------------------------------

WHOLE = effect(RNG.random(64))
DRAWINGS = {
    "products": (figures.draw_products, (RNG.random((3, 3)), LAPLACIAN)),
    "products of one pixel": (figures.draw_products, (np.ones((1, 1)), np.zeros((1, 1)))),
    "black products": (figures.draw_products, (np.zeros((3, 3)), np.zeros((3, 3)))),
    "response": (
        figures.draw_response,
        (RNG.random((9, 7, 3)), LAPLACIAN, RNG.normal(size=(7, 5))),
    ),
    "response of one pixel": (
        figures.draw_response,
        (np.ones((1, 1, 3)), np.zeros((1, 1)), np.ones((1, 1))),
    ),
    "empty response": (
        figures.draw_response,
        (np.full((5, 5, 3), 0.5), LAPLACIAN, np.zeros((3, 3))),
    ),
    "sparse response": (
        figures.draw_response,
        (np.zeros((50, 50, 3)), LAPLACIAN / 9, np.eye(50) * np.eye(50)[0]),
    ),
    "turning": (figures.draw_turning, (turn_result([0.9, 0.3, 0.2, 0.5, 0.9]),)),
    "one angle": (figures.draw_turning, (turn_result([0.0]),)),
    "before and after": (figures.draw_kernels_before_after, (KERNELS, -KERNELS)),
    "one kernel": (figures.draw_kernels_before_after, (KERNELS[:1], KERNELS[:1])),
    "no weights": (figures.draw_kernels_before_after, (0 * KERNELS, 0 * KERNELS)),
    "all filters": (figures.draw_filter_effects, (WHOLE, RNG.normal(size=(64, 3, 3, 3)))),
    "stopped early": (figures.draw_filter_effects, (effect([0.1] * 21), np.zeros((64, 3, 3, 3)))),
    "stopped at once": (figures.draw_filter_effects, (effect([0]), np.zeros((64, 3, 3, 3)))),
}


def test_every_drawing_is_tested():
    every = {name for name in dir(figures) if name.startswith("draw_")}
    assert every == {draw.__name__ for draw, _ in DRAWINGS.values()}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("case", DRAWINGS)
def test_draws(case):
    draw, arguments = DRAWINGS[case]
    drawn = draw(*arguments)
    assert isinstance(drawn, Figure)
    assert show(drawn, "A picture.").alt == "A picture."
    assert not Gcf.figs  # pyplot keeps no figure that nobody closes


def test_turning_draws_the_measured_curve():
    result = turn_result([0.9, 0.3, 0.2, 0.5, 0.9])
    curve = figures.draw_turning(result).subfigs[1].axes[0].lines[0]
    np.testing.assert_array_equal(curve.get_xdata(), result.degrees)
    np.testing.assert_array_equal(curve.get_ydata(), result.chances)


def test_signed_pictures_are_centred_at_zero():
    response = np.array([[-0.1, 0.0], [0.3, 2.0]])
    for figure in (
        figures.draw_response(np.zeros((2, 2, 3)), LAPLACIAN, response),
        figures.draw_kernels_before_after(KERNELS, 3 * KERNELS),
        figures.draw_products(np.ones((2, 2)), response),
    ):
        signed = [i for ax in figure.axes for i in ax.images if i.cmap.name == "aml4d-signed"]
        assert signed
        for picture in signed:
            low, high = picture.get_clim()
            assert low == -high


def test_filters_stand_in_the_order_of_need():
    figure = figures.draw_filter_effects(WHOLE, RNG.normal(size=(64, 3, 3, 3)))
    titles = [ax.get_title(loc="center") for ax in figure.axes]
    assert titles == [str(i) for i in np.argsort(-WHOLE.distances)]


def test_the_numbers_of_a_kernel_stand_in_the_picture():
    figure = figures.draw_response(np.zeros((5, 5, 3)), LAPLACIAN, np.zeros((3, 3)))
    numbers = [text.get_text() for text in figure.axes[1].texts]
    assert numbers == ["0", "−1", "0", "−1", "4", "−1", "0", "−1", "0"]


def test_a_triangle_says_which_way_the_first_guess_goes():
    drawn = figures.draw_filter_effects(effect([0.3, 0.2], [1, -1]), np.zeros((64, 3, 3, 3)))
    assert [ax.get_xlabel() for ax in drawn.axes[:2]] == ["30 % ▲", "20 % ▼"]


def test_each_kernel_stands_above_what_designs_explain():
    kernels = np.stack([[[-1, 0, 1]] * 3, [[1, 0, 1], [0, 0, 0], [-1, 0, -1]]])
    drawn = figures.draw_kernels_before_after(0 * kernels, kernels)
    assert [ax.get_xlabel() for ax in drawn.axes[:4]] == ["0 %", "0 %", "100 %", "67 %"]


# --- a receptive field grown by hand ---------------------------------------------------------


def test_a_growing_field_shows_who_sees_what():
    result = grow(Layer(3, 2), Layer(3), (0, 1))
    picture = figures.growth_picture(result)
    boxes = figures.growth_boxes(result)
    colours = [picture[y0, x0].tolist() for x0, y0, _, _ in boxes]
    assert colours[0] == colours[1] != colours[2]
    assert {b[0] - a[0] for a, b in itertools.pairwise(boxes)} == {figures.growth_step(result)}
    words = figures.growth_words(result)
    assert [word for *_, word in words] == ["layer 2", "layer 1", "pixels", *"11211"]
    pixels = {picture[row, col - 5].tolist()[0] for row, col, _ in words[3:]}
    assert len(pixels) == 2


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("above", [1, 3, 5])
@pytest.mark.parametrize("kernel", [3, 5])
def test_every_field_fits_the_picture(kernel, stride, above):
    result = grow(Layer(kernel, stride), Layer(above), range(above))
    assert result.field <= figures.GROWTH_COLUMNS
    height, width, _ = figures.growth_picture(result).shape
    for x0, y0, x1, y1 in figures.growth_boxes(result):
        assert 0 <= x0 < x1 <= width
        assert 0 <= y0 < y1 <= height


def test_an_early_stop_hides_the_empty_places():
    figure = figures.draw_filter_effects(effect(np.arange(18)), np.zeros((64, 3, 3, 3)))
    assert [ax.axison for ax in figure.axes] == [True] * 18 + [False] * 14


# --- mosaics and words -----------------------------------------------------------------------


def test_kernel_tiles_share_one_scale():
    kernels = np.zeros((3, 2, 2))
    kernels[0] = 1
    kernels[1] = -0.5
    sheet = figures.kernel_tiles(kernels, columns=3)
    assert sheet.shape == (2, 3 * 3 - 1, 3)
    assert sheet.dtype == np.uint8
    orange, blue, zero = sheet[0, 0].astype(int), sheet[0, 3].astype(int), sheet[0, 6]
    assert orange[0] > orange[2]
    assert blue[2] > blue[0]
    assert zero.min() > 240


def test_map_tiles_share_one_scale():
    maps = np.stack([np.full((2, 2), 4.0), np.full((2, 2), 1.0), np.zeros((2, 2))])
    sheet = figures.map_tiles(np.full((2, 2), 0.2), maps, columns=4)
    assert sheet.shape == (2, 4 * 4 - 2, 3)
    assert [sheet[0, col, 0] for col in (0, 4, 8, 12)] == [51, 255, 64, 0]


def test_tiles_of_zeros():
    nothing = np.zeros((1, 1, 1))
    assert (figures.kernel_tiles(nothing) > 240).all()
    assert (figures.map_tiles(nothing[0], nothing)[0, 0] == 0).all()


def test_a_kernel_picture_has_zero_in_the_middle():
    kernel = np.zeros((3, 3, 3))
    assert (figures.kernel_picture(kernel) == 0.5).all()
    kernel[0, 0] = [2, -2, 1]
    picture = figures.kernel_picture(kernel)
    np.testing.assert_allclose(picture[0, 0], [1, 0, 0.75])
    assert (picture[1:] == 0.5).all()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (999_999, "999,999"),
        (1_000_000, "1 million"),
        (805_371_904, "805 million"),
        (3_220_000_000, "3.22 billion"),
        (4.5e12, "4.5 trillion"),
        (18_014_398_509_481_984, "18 quadrillion"),
        (2 * 10**19, "20,000 quadrillion"),
    ],
)
def test_large(number, words):
    assert figures.large(number) == words


def test_large_never_uses_powers_of_ten():
    largest = compare_layers(1024, 64, 256, 1)
    assert "e+" not in figures.describe_counts(largest)
    assert figures.large(999_700_000) == "1 billion"


def test_bar_names_are_short():
    names = ["tabby", "a" * 20, "Egyptian cat of the very long name"]
    assert figures.bar_names(names) == ["tabby", "a" * 20, "Egyptian cat of the…"]


def test_a_ratio_is_rounded_in_words():
    result = LayerComparison((8, 8, 1), (8, 8, 1), dense=1000, convolution=10)
    assert "100 times fewer" in figures.describe_counts(result)
