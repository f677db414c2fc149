"""The exercises of the convolution lesson."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from aml4d_utils import images
from aml4d_utils.checking import (
    Case,
    Decision,
    DecisionCase,
    Exercise,
    Mistake,
    Rival,
    WrongAnswer,
    same_as,
)
from aml4d_utils.checking.exercise import Attempt, as_numbers
from aml4d_utils.nets import receptive_fields
from aml4d_utils.topics.convolution import counting
from aml4d_utils.topics.convolution.convolve import convolve as fast_convolve
from aml4d_utils.topics.convolution.convolve import convolve_loops

LESSON = "07_convolution"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


# --- 1. convolution with loops ---------------------------------------------------------------


def _convolve_cases() -> list[Case]:
    rng = np.random.default_rng(7)
    return [
        Case("one pixel, one weight", (np.array([[2.0]]), np.array([[3.0]]))),
        Case("a step edge", (np.array([[0.0, 0, 1, 1]] * 3), np.array([[-1.0, 0, 1]] * 3))),
        Case("5 × 6 pixels, 3 × 3 weights", (rng.normal(size=(5, 6)), rng.normal(size=(3, 3)))),
        Case("6 × 5 pixels, 2 × 3 weights", (rng.normal(size=(6, 5)), rng.normal(size=(2, 3)))),
        Case("5 × 4 pixels, 4 × 2 weights", (rng.normal(size=(5, 4)), rng.normal(size=(4, 2)))),
        Case("9 × 7 pixels, 5 × 5 weights", (rng.random((9, 7)), rng.normal(size=(5, 5)))),
        Case("a kernel as large as the image", (rng.random((3, 4)), rng.normal(size=(3, 4)))),
        Case("one row of pixels", (rng.normal(size=(1, 6)), rng.normal(size=(1, 3)))),
        Case("an even wall", (np.full((4, 5), 0.5), np.array([[0.0, -1, 0], [-1, 4, -1]]))),
        Case("pixels of −800 and 800", (800 * rng.choice([-1.0, 1], (4, 6)), rng.random((3, 2)))),
        Case(
            "whole-number pixels, weights that are not whole",
            (rng.integers(-9, 10, (5, 4)), rng.normal(size=(2, 3))),
        ),
        Case(
            "whole-number weights, pixels that are not whole",
            (rng.normal(size=(4, 6)), np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])),
        ),
    ]


def _full(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return convolve_loops(np.pad(image, [(side - 1,) * 2 for side in kernel.shape]), kernel)


def _never_reset(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    result = convolve_loops(image, kernel)
    return result.cumsum().reshape(result.shape)


def _last_product(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    height, width = kernel.shape
    return image[height - 1 :, width - 1 :] * kernel[-1, -1]


def _square(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    result = convolve_loops(image, kernel)
    return result[:, : result.shape[0]]


def _same(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    before = [(side - 1) // 2 for side in kernel.shape]
    widths = [(b, side - 1 - b) for b, side in zip(before, kernel.shape, strict=True)]
    return convolve_loops(np.pad(image, widths), kernel)


convolve_image = _exercise(
    "convolve_image",
    check_with=same_as(
        convolve_loops,
        _convolve_cases(),
        [
            Mistake(
                lambda image, kernel: convolve_loops(image, kernel[::-1, ::-1]),
                "You flipped the kernel. Deep-learning libraries lay it on the image as it is.",
            ),
            Mistake(
                lambda image, kernel: convolve_loops(image, kernel[::-1]),
                "You turned the kernel upside down. It lies on the image as it is.",
            ),
            Mistake(
                lambda image, kernel: convolve_loops(image, kernel[:, ::-1]),
                "You exchanged left and right in the kernel. It lies on the image as it is.",
            ),
            Mistake(
                lambda image, kernel: convolve_loops(image, kernel.T),
                "Rows and columns of the kernel are exchanged.",
            ),
            Mistake(
                lambda image, kernel: convolve_loops(image, kernel) / kernel.size,
                "You took the mean of the products; convolution takes their sum.",
            ),
            Mistake(
                lambda image, kernel: (sliding_window_view(image, kernel.shape) * kernel).max(
                    (2, 3)
                ),
                "You took the largest product; convolution takes the sum of all of them.",
            ),
            Mistake(
                lambda image, kernel: (sliding_window_view(image, kernel.shape) + kernel).sum(
                    (2, 3)
                ),
                "You added the weights to the pixels. Multiply them, then add the products up.",
            ),
            Mistake(
                lambda image, kernel: convolve_loops(image, kernel) / (kernel.sum() or 1),
                "You divided by the sum of the weights; the sum of the products stays as it is.",
            ),
            Mistake(
                lambda image, kernel: np.abs(convolve_loops(image, kernel)),
                "Your values lost their sign. Below zero is an answer too.",
            ),
            Mistake(
                lambda image, kernel: np.maximum(convolve_loops(image, kernel), 0),
                "Values below zero became 0. Below zero is an answer too.",
            ),
            Mistake(
                lambda image, kernel: convolve_loops(image, kernel)[:-1, :-1],
                "The last row and column are missing: a range ends one too early.",
            ),
            Mistake(_full, "Your result is too large: start only where the whole kernel fits."),
            Mistake(_same, "You padded the image. Here the kernel stays inside the image."),
            Mistake(
                lambda image, kernel: np.full_like(convolve_loops(image, kernel), kernel.sum()),
                "Your values do not depend on the image: are the pixels multiplied in?",
            ),
            Mistake(
                lambda image, kernel: np.trunc(convolve_loops(image, kernel)),
                "Your values lost their decimals: the result holds whole numbers only.",
            ),
            Mistake(
                lambda image, kernel: convolve_loops(image, kernel).astype(image.dtype),
                "Your result holds whole numbers where the image does. Make it with np.zeros and "
                "no dtype: whole pixels may give sums that are not whole.",
            ),
            Mistake(
                lambda image, kernel: convolve_loops(image, kernel).astype(kernel.dtype),
                "Your result holds whole numbers where the kernel does. Make it with np.zeros and "
                "no dtype: whole weights may give sums that are not whole.",
            ),
            Mistake(
                _never_reset,
                "Your sum runs on from place to place. Set it back to 0 before each place.",
            ),
            Mistake(
                _last_product,
                "Only the last product is kept: add each one to those before it.",
            ),
            Mistake(
                _square,
                "Your result is square although the image is not: height and width differ.",
            ),
        ],
        tolerance=1e-5,
    ),
    hints=(
        "The result is smaller than the image: there are H − kh + 1 places for the kernel from top "
        "to bottom, and W − kw + 1 from left to right.",
        "Cut the window out with image[row : row + kh, col : col + kw], multiply it by the kernel "
        "and add everything up with .sum().",
    ),
)


# --- 2. output size --------------------------------------------------------------------------


def _output_size(size: int, kernel: int, stride: int, padding: int) -> int:
    return len(range(-padding, size + padding - kernel + 1, stride))


def _other_sizes(count: int) -> list[Case]:
    rng = np.random.default_rng(28)
    cases = []
    for _ in range(count):
        kernel, stride, padding = (int(n) for n in rng.integers([1, 1, 0], [12, 7, 6]))
        size = kernel + int(rng.integers(300))
        name = f"{size} pixels, kernel {kernel}, stride {stride}, padding {padding}"
        cases.append(Case(name, (size, kernel, stride, padding)))
    return cases


def _misread(formula: Callable[[int, int, int, int], float], cause: str) -> list[Mistake]:
    """Return a wrong formula as it stands, and the same with 0 places where it is negative."""

    def no_place_below_zero(*arguments: int) -> float:
        return max(0, formula(*arguments))

    return [Mistake(formula, cause), Mistake(no_place_below_zero, cause)]


output_size = _exercise(
    "output_size",
    check_with=same_as(
        _output_size,
        [
            Case("28 pixels, kernel 5, stride 1, no padding", (28, 5, 1, 0)),
            Case("28 pixels, kernel 5, stride 1, padding 2", (28, 5, 1, 2)),
            Case("224 pixels, kernel 3, stride 2, padding 1", (224, 3, 2, 1)),
            Case("227 pixels, kernel 3, stride 2, no padding", (227, 3, 2, 0)),
            Case("7 pixels, kernel 7, stride 3, no padding", (7, 7, 3, 0)),
            Case("10 pixels, kernel 4, stride 3, padding 2", (10, 4, 3, 2)),
            Case("11 pixels, kernel 4, stride 3, padding 0", (11, 4, 3, 0)),
            *_other_sizes(20),
            Case("3 pixels, kernel 5, which fits thanks to padding 2, stride 2", (3, 5, 2, 2)),
            Case("5 pixels, kernel 9, which does not fit, stride 1", (5, 9, 1, 0)),
            Case("4 pixels, kernel 6, which does not fit, stride 3", (4, 6, 3, 0)),
            Case("4 pixels, padding 1, kernel 11, which does not fit, stride 2", (4, 11, 2, 1)),
        ],
        [
            *_misread(
                lambda size, kernel, stride, padding: (size - kernel) // stride + 1,
                "The padding is missing: it makes the image larger on both sides.",
            ),
            *_misread(
                lambda size, kernel, stride, padding: (size + padding - kernel) // stride + 1,
                "Padding is added on both sides, so it counts twice.",
            ),
            *_misread(
                lambda size, kernel, stride, padding: (size - kernel) // stride + 1 + 2 * padding,
                "Padding makes the image larger: add it before you divide by the stride.",
            ),
            *_misread(
                lambda size, kernel, stride, padding: (size - kernel) // stride + 1 + padding,
                "Padding makes the image larger on both sides: add it twice, before you divide.",
            ),
            *_misread(
                lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // stride,
                "One too few: the first place counts before the kernel has moved at all.",
            ),
            *_misread(
                lambda size, kernel, stride, padding: (size + 2 * padding - kernel + 1) // stride,
                "The first place counts whatever the stride is: add 1 after you divide.",
            ),
            *_misread(
                lambda size, kernel, stride, padding: (size + 2 * padding - kernel) / stride + 1,
                "A part of a step is no place. Round down with //.",
            ),
            *_misread(
                lambda size, kernel, stride, padding: (
                    -(-(size + 2 * padding - kernel) // stride) + 1
                ),
                "You rounded up; a kernel that does not fit at the end is left out.",
            ),
            *_misread(
                lambda size, kernel, stride, padding: (
                    round((size + 2 * padding - kernel) / stride) + 1
                ),
                "You rounded to the nearest number; a part of a step is no place. Round down.",
            ),
            *_misread(
                lambda size, kernel, stride, padding: size + 2 * padding - kernel // stride + 1,
                "Brackets are missing: // comes before +. Divide the whole way of the kernel.",
            ),
            *_misread(
                lambda size, kernel, stride, padding: size + 2 * padding - kernel + 1,
                "The stride is missing: the kernel moves on by more than one pixel.",
            ),
            *_misread(
                lambda size, kernel, stride, padding: (size + 2 * padding) // stride,
                "The kernel's own size is missing: it must fit as a whole.",
            ),
            Mistake(
                lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // stride + 1,
                "A kernel that does not fit finds no place: return 0, never fewer.",
            ),
            Mistake(
                lambda size, kernel, stride, padding: max(
                    0, int((size + 2 * padding - kernel) / stride) + 1
                ),
                "int rounds −0.67 up to 0, so a kernel that does not fit finds a place. Use //.",
            ),
            Mistake(
                lambda size, kernel, stride, padding: (
                    int((size + 2 * padding - kernel) / stride) + 1
                ),
                "A kernel that does not fit finds no place: return 0. And int rounds −0.67 up; "
                "use //.",
            ),
            Mistake(
                lambda size, kernel, stride, padding: max(
                    1, (size + 2 * padding - kernel) // stride + 1
                ),
                "A kernel that does not fit finds no place at all: 0, not 1.",
            ),
            Mistake(
                lambda size, kernel, stride, padding: (
                    0 if kernel > size else (size + 2 * padding - kernel) // stride + 1
                ),
                "A kernel larger than the image may fit all the same: the padding counts too.",
            ),
        ],
    ),
    hints=(
        "How wide is the image with its padding on both sides? How far can the kernel move in it?",
        "The kernel can move by size + 2 · padding − kernel pixels. Divide by the stride, round "
        "down, and count the starting place too. What if the kernel does not fit?",
    ),
)


# --- 3. a kernel that finds a pattern --------------------------------------------------------

_PATTERNS = (
    ("chelsea", (9, 9)),
    ("astronaut", (11, 11)),
    ("coins", (9, 9)),
    ("coffee", (7, 12)),
)
_LAMP = 0.75
"""Share of the light that comes from a lamp on one side."""


@cache
def pattern_case(photo: str, shape: tuple[int, int]) -> tuple[np.ndarray, tuple[int, int]]:
    """Return a small grey photo (H, W) and where in it the most contrasting window starts.

    Parameters
    ----------
    photo : str
        A bundled photo.
    shape : (int, int)
        Height and width of the window in pixels.
    """
    small = images.grey(images.fit(images.photo(photo), 150)).astype(np.float64)
    windows = sliding_window_view(small, shape)
    contrast = windows.std(axis=(2, 3))
    row, col = np.unravel_index(int(contrast.argmax()), contrast.shape)
    return small, (int(row), int(col))


def _lights(grey: np.ndarray) -> dict[str, np.ndarray]:
    """Return a photo (H, W) as it is and with a lamp on each side in turn."""
    height, width = grey.shape
    right = np.linspace(0, 1, width)[None, :]
    below = np.linspace(0, 1, height)[:, None]
    lamps = {
        "with a lamp on the right": right,
        "with a lamp on the left": 1 - right,
        "with a lamp below": below,
        "with a lamp above": 1 - below,
    }
    lit = {name: (1 - _LAMP) * grey + _LAMP * lamp for name, lamp in lamps.items()}
    return {"as it is": grey} | lit


@dataclass(frozen=True)
class _Tried:
    """A window of a photo and the kernel that a student made for it."""

    where: str
    grey: np.ndarray
    place: tuple[int, int]
    pattern: np.ndarray
    kernel: np.ndarray | None

    def missed(self) -> tuple[str, tuple[int, int]] | None:
        """Return the first light in which the kernel finds another place, and that place."""
        for light, seen in _lights(self.grey).items():
            found = _strongest(seen, self.kernel)
            if found != self.place:
                return light, found
        return None


def _strongest(seen: np.ndarray, kernel: np.ndarray) -> tuple[int, int]:
    response = fast_convolve(seen, kernel)
    row, col = np.unravel_index(response.argmax(), response.shape)
    return int(row), int(col)


def _check_pattern_kernel(attempt: Attempt) -> None:
    tried = []
    for photo, shape in _PATTERNS:
        grey, (row, col) = pattern_case(photo, shape)
        pattern = grey[row : row + shape[0], col : col + shape[1]].copy()
        where = f"a {shape[0]} × {shape[1]} window of the photo {photo}"
        kernel = as_numbers(attempt(pattern, case=where))
        tried.append(_Tried(where, grey, (row, col), pattern, kernel))
    for one in tried:
        problem = _kernel_problem(one.kernel, one.pattern)
        if problem:
            raise WrongAnswer(f"{problem}\nCase: {one.where}")
        missed = one.missed()
        if missed:
            light, found = missed
            raise WrongAnswer(
                f"{_pattern_cause(tried, one, light)}\nCase: {one.where}, {light}\n"
                f"the pattern starts at {one.place}; the largest value stands at {found}"
            )


def _kernel_problem(kernel: np.ndarray | None, pattern: np.ndarray) -> str | None:
    if kernel is None or np.iscomplexobj(kernel):
        return "A kernel is a grid of real numbers, with rows of equal length."
    if kernel.shape != pattern.shape:
        return f"The kernel has the shape {kernel.shape}; the pattern has {pattern.shape}."
    if not np.isfinite(kernel).all():
        return "The kernel contains NaN or infinite values."
    if not kernel.any():
        return "All weights of your kernel are 0: it finds nothing. Are they whole numbers?"
    if (kernel == kernel[0, 0]).all():
        return "All weights of your kernel are equal: it blurs, and finds nothing."
    return None


_TURNED: tuple[tuple[Callable[[np.ndarray], np.ndarray], str], ...] = (
    (np.negative, "Your kernel is the pattern's negative: it answers below zero at the pattern."),
    (
        lambda pattern: pattern[::-1, ::-1],
        "Your kernel finds the pattern turned by 180°. Kernels are not flipped here.",
    ),
    (
        np.transpose,
        "Rows and columns are exchanged: your kernel finds the mirrored pattern.",
    ),
    (
        lambda pattern: pattern[:, ::-1],
        "Left and right are exchanged: your kernel finds the mirrored pattern.",
    ),
    (
        lambda pattern: pattern[::-1],
        "Top and bottom are exchanged: your kernel finds the mirrored pattern.",
    ),
)


def _pattern_cause(tried: Sequence[_Tried], one: _Tried, light: str) -> str:
    for turn, cause in _TURNED:
        if all(_likeness(each.kernel, turn(each.pattern)) > 0.97 for each in tried):
            return cause
    total = float(one.kernel.sum())
    balanced = one.kernel - one.kernel.mean()
    if _strongest(_lights(one.grey)[light], balanced) == one.place:
        bias = "bright" if total > 0 else "dark"
        return (
            f"The weights add up to {total:.2f}. Such a kernel likes {bias} places more than the "
            "pattern. What should they add up to?"
        )
    return "Your kernel likes another place more than the pattern."


def _likeness(one: np.ndarray | None, other: np.ndarray) -> float:
    """Return the correlation of two grids, from -1 to 1; 0 for grids that cannot be compared."""
    if one is None or one.shape != other.shape or np.ptp(one) == 0:
        return 0.0
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


pattern_kernel = _exercise(
    "pattern_kernel",
    check_with=_check_pattern_kernel,
    hints=(
        "A sum of products is large where large weights meet large pixels. Which weights would "
        "meet the pattern's bright pixels?",
        "The pattern itself is almost the kernel, but it likes every bright place. Make the "
        "weights add up to zero.",
    ),
)


# --- 4. receptive field ----------------------------------------------------------------------


def _receptive_field(layers: list[tuple[int, int]]) -> int:
    geometry = [receptive_fields.Layer(kernel, stride) for kernel, stride in layers]
    return receptive_fields.receptive_field(geometry)


def _other_layers(count: int) -> list[Case]:
    rng = np.random.default_rng(11)
    cases = []
    for _ in range(count):
        rows = rng.integers(1, [8, 4], (rng.integers(2, 6), 2))
        layers = [(int(kernel), int(stride)) for kernel, stride in rows]
        cases.append(Case(f"the layers {layers}", (layers,)))
    return cases


def _field_with_late_stride(layers: list[tuple[int, int]]) -> int:
    field, jump = 1, 1
    for kernel, stride in layers:
        jump *= stride
        field += (kernel - 1) * jump
    return field


def _field_with_added_strides(layers: list[tuple[int, int]]) -> int:
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump += stride - 1
    return field


def _field_with_last_stride(layers: list[tuple[int, int]]) -> int:
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump = stride
    return field


def _field_without_ones(layers: list[tuple[int, int]]) -> int:
    return _receptive_field([(kernel, stride) for kernel, stride in layers if kernel > 1])


def _field_of_full_kernels(layers: list[tuple[int, int]]) -> int:
    field, jump = 1, 1
    for kernel, stride in layers:
        field += kernel * jump
        jump *= stride
    return field


receptive_field = _exercise(
    "receptive_field",
    check_with=same_as(
        _receptive_field,
        [
            Case("no layer at all", ([],)),
            Case("one 5 × 5 layer", ([(5, 1)],)),
            Case("two 3 × 3 layers", ([(3, 1), (3, 1)],)),
            Case("a stride of 2, then 3 × 3", ([(3, 2), (3, 1)],)),
            Case("3 × 3, then a stride of 2 that nothing follows", ([(3, 1), (3, 2)],)),
            Case("three layers of different sizes", ([(7, 2), (3, 3), (5, 1)],)),
            Case("1 × 1 in between", ([(3, 2), (1, 1), (3, 2), (3, 4), (2, 1)],)),
            Case("1 × 1 with a stride of 2 in between", ([(3, 1), (1, 2), (3, 1)],)),
            Case("four equal layers with strides", ([(3, 2)] * 4,)),
            Case("nine layers", ([(3, 1), (2, 2), (3, 1)] * 3,)),
            Case("five large kernels with large strides", ([(7, 4)] * 5,)),
            *_other_layers(12),
        ],
        [
            Mistake(
                lambda layers: 1 + sum(kernel - 1 for kernel, _ in layers),
                "The strides are missing: after a stride of 2, a step of one cell is two pixels.",
            ),
            Mistake(
                lambda layers: sum(kernel for kernel, _ in layers),
                "Neighbouring layers overlap: each adds kernel − 1, not kernel.",
            ),
            Mistake(
                _field_of_full_kernels,
                "A kernel already sees the cell it stands on: it adds kernel − 1, not kernel.",
            ),
            Mistake(
                lambda layers: int(np.prod([kernel for kernel, _ in layers])),
                "You multiplied the kernel sizes. Each layer adds to the field.",
            ),
            Mistake(
                _field_with_late_stride,
                "A layer's own stride counts only for the layers after it. Change the jump last.",
            ),
            Mistake(
                _field_with_added_strides,
                "Strides multiply: a stride of 2 after a stride of 2 makes steps of 4 pixels.",
            ),
            Mistake(
                _field_with_last_stride,
                "The jump remembers only the last stride; all earlier strides multiply.",
            ),
            Mistake(
                lambda layers: _receptive_field(layers) - 1,
                "One too few: with no layer at all, a cell sees its own pixel.",
            ),
            Mistake(
                lambda layers: _receptive_field(layers[::-1]),
                "Go from the first layer to the last: a stride counts for the layers after it.",
            ),
            Mistake(
                _field_without_ones,
                "A 1 × 1 kernel adds nothing to the field, but its stride still counts.",
            ),
            Mistake(
                lambda layers: 1 + sum((kernel - 1) * stride for kernel, stride in layers),
                "You multiplied each layer by its own stride; the strides of all earlier ones "
                "count.",
            ),
            Mistake(
                lambda layers: int(np.prod([stride for _, stride in layers])),
                "That is the jump, not the field: how far neighbouring cells lie apart.",
            ),
            Mistake(
                lambda layers: _receptive_field([(kernel, stride) for stride, kernel in layers]),
                "Each layer is (kernel, stride), in this order.",
            ),
        ],
    ),
    hints=(
        "Begin with a field of 1 pixel. A 3 × 3 layer adds one cell on the left and one on the "
        "right. How many pixels is one cell?",
        "Keep a second number, the jump: pixels between neighbouring cells. Add (kernel − 1) × "
        "jump to the field, then multiply the jump by the layer's stride.",
    ),
)


# --- 5. a design decision --------------------------------------------------------------------

Stack = list[tuple[int, int, int]]

STACKS: dict[str, Stack] = {
    "one large kernel": [(21, 1, 16)],
    "three small kernels": [(3, 1, 16), (3, 1, 16), (3, 1, 16)],
    "small kernels with strides": [(3, 2, 16), (3, 2, 16), (3, 2, 16)],
    "deep and fine": [(3, 1, 16)] * 10,
}
"""Each stack is a list of layers (kernel side, stride, feature maps); the input is grey."""


def stack_parameters(stack: Stack) -> int:
    """Return the parameters of a stack on a grey image."""
    channels, total = 1, 0
    for kernel, _, maps in stack:
        total += counting.convolution_parameters(channels, maps, kernel)
        channels = maps
    return total


def stack_field(stack: Stack) -> int:
    """Return the receptive field of a stack in pixels."""
    return _receptive_field([(kernel, stride) for kernel, stride, _ in stack])


_NEAR_MISSES: dict[str, tuple[int, dict[str, Stack]]] = {
    "four stacks, and scratches of up to 4 pixels": (
        4,
        {
            "lime": [(4, 1, 7)],
            "plum": [(5, 1, 5), (6, 2, 3)],
            "ash": [(7, 1, 2), (2, 1, 2)],
            "oak": [(3, 1, 2)],
        },
    ),
    "four stacks, and scratches of up to 3 pixels": (
        3,
        {
            "lime": [(3, 1, 8)],
            "plum": [(2, 2, 7)],
            "ash": [(5, 2, 2), (2, 1, 3)],
            "oak": [(6, 1, 8), (5, 2, 4)],
        },
    ),
    "four stacks, and scratches of up to 5 pixels": (
        5,
        {
            "lime": [(6, 1, 10), (2, 2, 4), (5, 1, 3)],
            "plum": [(3, 1, 2), (2, 2, 10), (3, 2, 8)],
            "ash": [(2, 1, 6), (4, 1, 9)],
            "oak": [(4, 2, 3)],
        },
    ),
    "four other stacks, and scratches of up to 4 pixels": (
        4,
        {
            "lime": [(5, 2, 2), (2, 2, 6)],
            "plum": [(4, 2, 11)],
            "ash": [(7, 1, 2)],
            "oak": [(4, 1, 5), (2, 2, 9), (3, 2, 4)],
        },
    ),
    "other stacks, and scratches of exactly the field's size": (
        11,
        {
            "a": [(5, 1, 8)] * 2,
            "b": [(3, 1, 8)] * 5,
            "c": [(11, 1, 8)],
            "d": [(3, 2, 8)] * 2,
            "e": [(13, 1, 8)],
        },
    ),
    "two stacks that cost the same": (
        5,
        {"left": [(6, 1, 3)], "right": [(6, 1, 3)], "small": [(4, 1, 3)], "large": [(7, 1, 3)]},
    ),
}


def _other_stacks(count: int) -> list[tuple[str, int, dict[str, Stack]]]:
    """Return cases with scratches as long as the field of the middle stack."""
    rng = np.random.default_rng(5)
    cases = []
    for number in range(1, count + 1):
        stacks = {}
        for name in ("red", "green", "blue", "grey", "white"):
            rows = rng.integers([1, 1, 2], [8, 4, 20], (rng.integers(1, 5), 3))
            stacks[name] = [(int(kernel), int(stride), int(maps)) for kernel, stride, maps in rows]
        scratch = sorted(map(stack_field, stacks.values()))[2]
        cases.append((f"five other stacks, no. {number}", scratch, stacks))
    return cases


def _stack_cases() -> Iterator[DecisionCase]:
    tables = [
        *((f"scratches of up to {scratch} pixels", scratch, STACKS) for scratch in (6, 14)),
        *((name, *table) for name, table in _NEAR_MISSES.items()),
        ("scratches of up to 20 pixels", 20, STACKS),
        *_other_stacks(8),
    ]
    for name, scratch, stacks in tables:
        truth = {name: (stack_field(s), stack_parameters(s)) for name, s in stacks.items()}
        yield DecisionCase(name, (scratch, stacks), truth, {"scratch": scratch, "stacks": stacks})


def _enough(case: DecisionCase) -> list[str]:
    """Return the stacks that see a whole scratch."""
    return [name for name, (field, _) in case.truth.items() if field >= case.facts["scratch"]]


def _cheapest(case: DecisionCase) -> list[str]:
    """Return every stack that sees a whole scratch and costs least."""
    least = min(case.truth[name][1] for name in _enough(case))
    return [name for name in _enough(case) if case.truth[name][1] == least]


def _explain_stack(choice: str, case: DecisionCase) -> str:
    scratch, (field, cost) = case.facts["scratch"], case.truth[choice]
    if field < scratch:
        return (
            f"By your own measurement “{choice}” sees {field} pixels: too few to see a whole "
            f"scratch of {scratch}."
        )
    best = _cheapest(case)[0]
    return (
        f"“{choice}” sees enough, but by your own measurement “{best}” does too, with "
        f"{case.truth[best][1]:,} instead of {cost:,} parameters."
    )


def _least(key: Callable[[str, DecisionCase], Any]) -> Callable[[DecisionCase], str]:
    """Return the criterion: of the stacks that see enough, the one with the least ``key``."""
    return lambda case: min(_enough(case), key=lambda name: key(name, case))


def _cheapest_above(case: DecisionCase) -> str | None:
    larger = [n for n, (field, _) in case.truth.items() if field > case.facts["scratch"]]
    return min(larger, key=lambda name: case.truth[name][1], default=None)


def _cheaper_than_the_last(case: DecisionCase) -> str | None:
    chosen, last = None, np.inf
    for name in _enough(case):
        if case.truth[name][1] < last:
            chosen = name
        last = case.truth[name][1]
    return chosen


def _weights(name: str, case: DecisionCase) -> int:
    stack = case.facts["stacks"][name]
    return case.truth[name][1] - sum(maps for _, _, maps in stack)


_check_choose_stack = Decision(
    _stack_cases,
    parts=("receptive field", "parameters"),
    choose=_cheapest,
    explain=_explain_stack,
    called="the name of a stack",
    rivals=(
        Rival(
            lambda case: min(case.truth, key=lambda name: case.truth[name][1]),
            "You chose the cheapest of all. First leave out the stacks whose field is too small.",
        ),
        Rival(
            _cheapest_above,
            "A field of exactly as many pixels as the scratch sees the whole scratch: it need not "
            "be larger.",
        ),
        Rival(
            _least(lambda name, case: case.truth[name]),
            "You chose the field closest to the scratch. Any field that is large enough will do: "
            "what counts then is the parameters.",
        ),
        Rival(
            _least(lambda name, case: -case.truth[name][0]),
            "You chose the largest field. Enough is enough: of those, fewer parameters are better.",
        ),
        Rival(
            _least(lambda name, case: len(case.facts["stacks"][name])),
            "You chose the fewest layers. Count the parameters, not the layers.",
        ),
        Rival(
            _least(lambda name, case: 0),
            "You chose the first stack that sees enough; a later one may be cheaper.",
        ),
        Rival(
            lambda case: _enough(case)[-1],
            "You chose the last stack that sees enough; an earlier one may be cheaper.",
        ),
        Rival(
            _cheaper_than_the_last,
            "You compare each stack with the one before it. Compare it with the cheapest so far.",
        ),
        Rival(
            _least(lambda name, case: case.truth[name][0] * case.truth[name][1]),
            "You chose the smallest product of field and parameters. Once the field is large "
            "enough, only the parameters count.",
        ),
        Rival(
            _least(lambda name, case: sum(case.truth[name])),
            "You chose the smallest sum of field and parameters. Once the field is large enough, "
            "only the parameters count.",
        ),
        Rival(
            _least(lambda name, case: case.truth[name][1] / case.truth[name][0]),
            "You chose the fewest parameters per pixel of field. Wanted are the fewest in all.",
        ),
        Rival(
            _least(_weights),
            "You chose by the weights alone; the biases are parameters too.",
        ),
        Rival(
            _least(lambda name, case: round(case.truth[name][1], -2)),
            "You rounded the parameters before comparing. Compare them as they are.",
        ),
    ),
)


choose_stack = _exercise(
    "choose_stack",
    check_with=_check_choose_stack,
    hints=(
        "Measure every stack first: stack_field and stack_parameters. Which ones see the whole "
        "scratch?",
        "Keep only the stacks whose field is at least as large as the scratch; choose the one with "
        "the fewest parameters.",
    ),
)
