"""Lesson 07: right answers written unusually are accepted, wrong ones told their cause."""

import itertools
import math

import numpy as np
import scipy.ndimage
import scipy.signal
import torch
from answers import ExerciseTests, Table, Wrong
from numpy.lib.stride_tricks import sliding_window_view

from aml4d_utils.lessons.convolution import exercises
from aml4d_utils.topics.convolution.counting import convolution_parameters

# --- 1. convolution ----------------------------------------------------------------------------


def correlate(image, kernel):
    return scipy.signal.correlate2d(image, kernel, mode="valid")


def four_loops_of_lists(image, kernel):
    (height, width), (kh, kw) = image.shape, kernel.shape
    result = []
    for row in range(height - kh + 1):
        line = []
        for col in range(width - kw + 1):
            total = 0
            for i in range(kh):
                for j in range(kw):
                    total += image[row + i][col + j] * kernel[i][j]
            line.append(total)
        result.append(line)
    return result


def shifted_sums(image, kernel):
    height, width = np.subtract(image.shape, kernel.shape) + 1
    result = 0
    for (i, j), weight in np.ndenumerate(kernel):
        result = result + weight * image[i : i + height, j : j + width]
    return result


def in_float32(image, kernel):
    windows = sliding_window_view(image.astype("float32"), kernel.shape)
    return np.einsum("hwij,ij->hw", windows, kernel.astype("float32"))


def with_torch(image, kernel):
    batch, weights = (torch.from_numpy(array).double()[None, None] for array in (image, kernel))
    return torch.nn.functional.conv2d(batch, weights)[0, 0]


def square_image_only(image, kernel):
    side = image.shape[0] - kernel.shape[0] + 1
    windows = [
        image[r : r + kernel.shape[0], c : c + kernel.shape[1]]
        for r in range(side)
        for c in range(side)
    ]
    return np.reshape([(window * kernel).sum() for window in windows], (side, side))


def square_kernel_only(image, kernel):
    side = kernel.shape[0]
    windows = sliding_window_view(image, (side, side))
    return (windows * kernel).sum(axis=(2, 3))


def three_by_three_only(image, kernel):
    result = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for row, col in np.ndindex(result.shape):
        result[row, col] = (image[row : row + 3, col : col + 3] * kernel).sum()
    return result


def exchanged_result(image, kernel):
    return correlate(image, kernel).T


def total_never_reset(image, kernel):
    result = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    total = 0
    for row, col in np.ndindex(result.shape):
        total += (image[row:, col:][: kernel.shape[0], : kernel.shape[1]] * kernel).sum()
        result[row, col] = total
    return result


def last_product_only(image, kernel):
    result = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for (row, col), (i, j) in itertools.product(np.ndindex(result.shape), np.ndindex(kernel.shape)):
        result[row, col] = image[row + i, col + j] * kernel[i, j]
    return result


def whole_numbers(image, kernel):
    result = np.zeros(np.subtract(image.shape, kernel.shape) + 1, dtype=int)
    result[...] = correlate(image, kernel)
    return result


def one_range_too_short(image, kernel):
    result = np.zeros(np.subtract(image.shape, kernel.shape))
    for row, col in np.ndindex(result.shape):
        result[row, col] = (
            image[row : row + kernel.shape[0], col : col + kernel.shape[1]] * kernel
        ).sum()
    return result


def one_range_too_long(image, kernel):
    result = np.zeros(np.subtract(image.shape, kernel.shape) + 2)
    for row, col in np.ndindex(result.shape):
        result[row, col] = (
            image[row : row + kernel.shape[0], col : col + kernel.shape[1]] * kernel
        ).sum()
    return result


def with_dtype(choose):
    def convolve_image(image, kernel):
        result = np.zeros(np.subtract(image.shape, kernel.shape) + 1, dtype=choose(image, kernel))
        result[...] = correlate(image, kernel)
        return result

    return convolve_image


def in_tuples(image, kernel):
    return tuple(map(tuple, correlate(image.astype("float32"), kernel.astype("float32"))))


laplacian = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])

CONVOLVE = Table(
    "convolve_image",
    wrong=(
        Wrong(
            "flipped",
            "You flipped the kernel",
            lambda image, kernel: scipy.signal.convolve2d(image, kernel, mode="valid"),
        ),
        Wrong(
            "kernel transposed",
            "Rows and columns of the kernel are exchanged",
            lambda image, kernel: np.einsum(
                "hwij,ji->hw", sliding_window_view(image, kernel.T.shape), kernel
            ),
        ),
        Wrong(
            "mean",
            "You took the mean",
            lambda image, kernel: (sliding_window_view(image, kernel.shape) * kernel).mean((2, 3)),
        ),
        Wrong("absolute", "lost their sign", lambda image, kernel: abs(correlate(image, kernel))),
        Wrong(
            "clipped", "below zero became 0", lambda image, kernel: correlate(image, kernel).clip(0)
        ),
        Wrong("one range too short", "ends one too early", one_range_too_short),
        Wrong("one range too long", "Is a range one too long", one_range_too_long),
        Wrong(
            "full",
            "Your result is too large",
            lambda image, kernel: scipy.signal.correlate2d(image, kernel, mode="full"),
        ),
        Wrong(
            "padded",
            "You padded the image",
            lambda image, kernel: scipy.ndimage.correlate(
                image * 1.0, kernel, mode="constant", origin=[-(1 - s % 2) for s in kernel.shape]
            ),
        ),
        Wrong(
            "image forgotten",
            "do not depend on the image",
            lambda image, kernel: np.full_like(correlate(image, kernel), kernel.sum()),
        ),
        Wrong("whole numbers", "lost their decimals", whole_numbers),
        Wrong(
            "the image's dtype",
            "whole numbers where the image does",
            with_dtype(lambda image, kernel: image.dtype),
        ),
        Wrong(
            "the kernel's dtype",
            "whole numbers where the kernel does",
            with_dtype(lambda image, kernel: kernel.dtype),
        ),
        Wrong("half precision", "differ", with_dtype(lambda image, kernel: np.float16)),
        Wrong(
            "kernel upside down",
            "upside down",
            lambda image, kernel: correlate(image, np.flipud(kernel)),
        ),
        Wrong(
            "kernel left to right",
            "left and right in the kernel",
            lambda image, kernel: correlate(image, np.fliplr(kernel)),
        ),
        Wrong(
            "largest product",
            "the largest product",
            lambda image, kernel: (sliding_window_view(image, kernel.shape) * kernel).max((2, 3)),
        ),
        Wrong(
            "added, not multiplied",
            "added the weights to the pixels",
            lambda image, kernel: (sliding_window_view(image, kernel.shape) + kernel).sum((2, 3)),
        ),
        Wrong(
            "divided by the weights",
            "divided by the sum of the weights",
            lambda image, kernel: correlate(image, kernel) / (kernel.sum() or 1),
        ),
        Wrong("cut at ±1", "expected 6, got 1", lambda i, k: correlate(i, k).clip(-1, 1)),
        Wrong("total never reset", "Set it back to 0", total_never_reset),
        Wrong("last product only", "Only the last product is kept", last_product_only),
        Wrong("square images only", "Your result is square", square_image_only),
        Wrong(
            "square kernels only",
            "ValueError in its line 4. Two arrays of different shapes",
            square_kernel_only,
        ),
        Wrong(
            "3 × 3 kernels only",
            "ValueError in its line 2",
            three_by_three_only,
        ),
        Wrong("result transposed", "Are rows and columns exchanged?", exchanged_result),
        Wrong(
            "kernel of the lesson",
            "expected 6, got 8",
            lambda image, kernel: scipy.signal.correlate2d(image, laplacian, mode="same"),
        ),
        Wrong(
            "one window",
            "You returned one number",
            lambda image, kernel: (image[: kernel.shape[0], : kernel.shape[1]] * kernel).sum(),
        ),
    ),
    right={
        "with SciPy": correlate,
        "lists and four loops": four_loops_of_lists,
        "shifted images": shifted_sums,
        "windows in float32": in_float32,
        "a torch tensor": with_torch,
        "tuples in float32": in_tuples,
        "by Fourier": lambda image, kernel: scipy.signal.fftconvolve(
            image, kernel[::-1, ::-1], mode="valid"
        ),
        "flipped twice": lambda image, kernel: scipy.signal.convolve2d(
            image, kernel[::-1, ::-1], mode="valid"
        ),
    },
)

# --- 2. output size ----------------------------------------------------------------------------


def walk(size, kernel, stride, padding):
    places, start = 0, -padding
    while start + kernel <= size + padding:
        places += 1
        start += stride
    return places


def by_unfolding(size, kernel, stride, padding):
    if kernel > size + 2 * padding:
        return 0
    return len(torch.zeros(size + 2 * padding).unfold(0, kernel, stride))


SIZES = Table(
    "output_size",
    wrong=(
        Wrong(
            "no padding",
            "The padding is missing",
            lambda size, kernel, stride, padding: (size - kernel) // stride + 1,
        ),
        Wrong(
            "padding on one side",
            "Padding is added on both sides",
            lambda size, kernel, stride, padding: (size - kernel + padding) // stride + 1,
        ),
        Wrong(
            "start forgotten",
            "One too few",
            lambda size, kernel, stride, padding: (size - kernel + 2 * padding) // stride,
        ),
        Wrong(
            "true division",
            "A part of a step is no place",
            lambda size, kernel, stride, padding: (size - kernel + 2 * padding) / stride + 1,
        ),
        Wrong(
            "rounded up",
            "You rounded up",
            lambda size, kernel, stride, padding: (
                math.ceil((size - kernel + 2 * padding) / stride) + 1
            ),
        ),
        Wrong(
            "rounded to the nearest",
            "to the nearest number",
            lambda size, kernel, stride, padding: round((size - kernel + 2 * padding) / stride) + 1,
        ),
        Wrong(
            "no stride",
            "The stride is missing",
            lambda size, kernel, stride, padding: len(range(size - kernel + 2 * padding + 1)),
        ),
        Wrong(
            "no kernel",
            "The kernel's own size is missing",
            lambda size, kernel, stride, padding: (size + 2 * padding) // stride,
        ),
        Wrong(
            "brackets forgotten",
            "Brackets are missing",
            lambda size, kernel, stride, padding: size + 2 * padding - kernel // stride + 1,
        ),
        Wrong(
            "padding on one side, walking",
            "Padding is added on both sides",
            lambda size, kernel, stride, padding: len(range(-padding, size - kernel + 1, stride)),
        ),
        Wrong(
            "padding after the stride",
            "add it before you divide",
            lambda size, kernel, stride, padding: (size - kernel) // stride + 1 + 2 * padding,
        ),
        Wrong(
            "one before dividing",
            "add 1 after you divide",
            lambda size, kernel, stride, padding: (size + 2 * padding - kernel + 1) // stride,
        ),
        Wrong(
            "fewer than none",
            "return 0, never fewer",
            lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // stride + 1,
        ),
        Wrong(
            "at least one",
            "0, not 1",
            lambda size, kernel, stride, padding: max(
                1, (size + 2 * padding - kernel) // stride + 1
            ),
        ),
        Wrong(
            "int instead of //",
            "int rounds −0.67 up",
            lambda size, kernel, stride, padding: max(
                0, int((size + 2 * padding - kernel) / stride) + 1
            ),
        ),
        Wrong(
            "no padding where the kernel is larger",
            "the padding counts too",
            lambda size, kernel, stride, padding: (
                0 if kernel > size else (size + 2 * padding - kernel) // stride + 1
            ),
        ),
        Wrong(
            "a list of places",
            "You returned an array of the shape (24,)",
            lambda size, kernel, stride, padding: list(
                range(-padding, size + padding - kernel + 1, stride)
            ),
        ),
        Wrong(
            "as text",
            "You returned a str",
            lambda size, kernel, stride, padding: str(walk(size, kernel, stride, padding)),
        ),
    ),
    right={
        "walking along": walk,
        "length of a range": lambda size, kernel, stride, padding: len(
            range(0, size + 2 * padding - kernel + 1, stride)
        ),
        "floor, as a float": lambda size, kernel, stride, padding: float(
            max(0, math.floor((size + 2 * padding - kernel) / stride + 1))
        ),
        "windows of a torch tensor": by_unfolding,
        "a NumPy integer": lambda size, kernel, stride, padding: np.int32(
            max(0, size + 2 * padding - kernel + stride) // stride
        ),
        "rounded up": lambda size, kernel, stride, padding: max(
            0, math.ceil((size + 2 * padding - kernel + 1) / stride)
        ),
    },
)

# --- 3. a kernel that finds a pattern ----------------------------------------------------------


def centred(pattern):
    return pattern - np.mean(pattern)


def plain_lists(pattern):
    numbers = [number for row in pattern for number in row]
    mean = sum(numbers) / len(numbers)
    return [[number - mean for number in row] for row in pattern]


def through_a_window(pattern):
    hill = np.outer(*(np.hanning(side + 2)[1:-1] for side in pattern.shape))
    return hill * (pattern - (hill * pattern).sum() / hill.sum())


def black_and_white(pattern):
    bright = pattern > pattern.mean()
    return bright - bright.mean()


PATTERN = Table(
    "pattern_kernel",
    wrong=(
        Wrong("the pattern itself", "likes bright places", lambda pattern: pattern.copy()),
        Wrong(
            "stretched to 0 and 1",
            "likes bright places",
            lambda pattern: (pattern - pattern.min()) / np.ptp(pattern),
        ),
        Wrong(
            "weights that add up to 1", "add up to 1.00", lambda pattern: pattern / pattern.sum()
        ),
        Wrong("minus one half", "add up to -11.54", lambda pattern: pattern - 0.5),
        Wrong(
            "minus almost the mean",
            "likes bright places",
            lambda pattern: pattern - 0.95 * pattern.mean(),
        ),
        Wrong(
            "minus the rounded mean",
            "likes dark places",
            lambda pattern: pattern - pattern.mean().round(1),
        ),
        Wrong("whole numbers", "Are they whole", lambda pattern: centred(pattern).astype(int)),
        Wrong(
            "sorted",
            "another place",
            lambda pattern: centred(np.sort(pattern, axis=None).reshape(pattern.shape)),
        ),
        Wrong(
            "one row only",
            "another place",
            lambda pattern: centred(np.where(np.indices(pattern.shape)[0] == 4, pattern, 0)),
        ),
        Wrong(
            "minus the median", "likes dark places", lambda pattern: pattern - np.median(pattern)
        ),
        Wrong(
            "minus the middle",
            "likes dark places",
            lambda pattern: pattern - (pattern.max() + pattern.min()) / 2,
        ),
        Wrong("minus the largest", "likes dark places", lambda pattern: pattern - pattern.max()),
        Wrong("turned", "turned by 180°", lambda pattern: np.rot90(centred(pattern), 2)),
        Wrong("transposed", "Rows and columns are exchanged", lambda pattern: centred(pattern).T),
        Wrong(
            "left to right",
            "Left and right are exchanged",
            lambda pattern: np.fliplr(centred(pattern)),
        ),
        Wrong(
            "upside down",
            "Top and bottom are exchanged",
            lambda pattern: np.flipud(centred(pattern)),
        ),
        Wrong("negative", "pattern's negative", lambda pattern: -centred(pattern)),
        Wrong("inverted", "pattern's negative", lambda pattern: 1 - pattern),
        Wrong("all equal", "All weights of your kernel are equal", lambda pattern: pattern * 0 + 1),
        Wrong(
            "a box blur, almost",
            "another place",
            lambda pattern: centred(np.indices(pattern.shape).sum(0) * 1.0),
        ),
        Wrong("one pixel off", "another place", lambda pattern: np.roll(centred(pattern), 1, 1)),
        Wrong(
            "each column for itself",
            "another place",
            lambda pattern: pattern - pattern.mean(axis=0),
        ),
        Wrong(
            "edges of the pattern",
            "another place",
            lambda pattern: centred(scipy.ndimage.laplace(pattern)),
        ),
        Wrong(
            "too small",
            "The kernel has the shape (7, 7); the pattern has (9, 9)",
            lambda pattern: centred(pattern)[1:-1, 1:-1],
        ),
        Wrong(
            "always 9 × 9",
            "The kernel has the shape (9, 9); the pattern has (11, 11)",
            lambda pattern: centred(pattern[:9, :9]),
        ),
        Wrong("the mean", "The kernel has the shape ()", lambda pattern: pattern.mean()),
        Wrong(
            "flattened", "The kernel has the shape (81,)", lambda pattern: centred(pattern).ravel()
        ),
        Wrong("divided by zero", "NaN or infinite", lambda pattern: centred(pattern) * np.inf),
    ),
    right={
        "plain lists": plain_lists,
        "length one": lambda pattern: centred(pattern) / np.linalg.norm(centred(pattern)),
        "by its deviation": lambda pattern: scipy.stats.zscore(pattern, axis=None),
        "float32": lambda pattern: centred(pattern).astype(np.float32),
        "whole numbers": lambda pattern: np.rint(255 * centred(pattern)).astype(np.int16),
        "through a soft window": through_a_window,
        "black and white": black_and_white,
        "blurred": lambda pattern: centred(scipy.ndimage.gaussian_filter(pattern, 0.7)),
        "a torch tensor": lambda pattern: torch.from_numpy(centred(pattern)),
    },
)

# --- 4. receptive field ------------------------------------------------------------------------


def backwards(layers):
    side = 1
    for kernel, stride in reversed(layers):
        side = (side - 1) * stride + kernel
    return side


def by_recursion(layers):
    if not layers:
        return 1
    kernel, stride = layers[0]
    return kernel + stride * (by_recursion(layers[1:]) - 1)


def as_one_sum(layers):
    strides = np.array([stride for _, stride in layers], dtype=int)
    kernels = np.array([kernel for kernel, _ in layers], dtype=int)
    return 1 + np.sum((kernels - 1) * np.cumprod(np.append(1, strides))[:-1])


def field_of(layers, *, jump_first=False, add=False, last=False, start=1):
    field, jump = start, 1
    for kernel, stride in layers:
        if jump_first:
            jump *= stride
        field += (kernel - 1) * jump
        if not jump_first:
            jump = jump + stride - 1 if add else stride if last else jump * stride
    return field


def without_empty(layers):
    field, jump = layers[0]
    for kernel, stride in layers[1:]:
        field, jump = field + (kernel - 1) * jump, jump * stride
    return field


FIELDS = Table(
    "receptive_field",
    wrong=(
        Wrong(
            "strides forgotten",
            "The strides are missing",
            lambda layers: 1 + sum(kernel - 1 for kernel, _ in layers),
        ),
        Wrong(
            "kernels added up",
            "Neighbouring layers overlap",
            lambda layers: sum(kernel for kernel, _ in layers),
        ),
        Wrong(
            "kernels multiplied",
            "You multiplied the kernel sizes",
            lambda layers: math.prod(kernel for kernel, _ in layers),
        ),
        Wrong(
            "stride too early",
            "Change the jump last",
            lambda layers: field_of(layers, jump_first=True),
        ),
        Wrong("strides added", "Strides multiply", lambda layers: field_of(layers, add=True)),
        Wrong(
            "last stride only",
            "remembers only the last stride",
            lambda layers: field_of(layers, last=True),
        ),
        Wrong("start at zero", "One too few", lambda layers: field_of(layers, start=0)),
        Wrong(
            "from last to first",
            "from the first layer to the last",
            lambda layers: field_of(layers[::-1]),
        ),
        Wrong(
            "kernel, not kernel − 1",
            "it adds kernel − 1",
            lambda layers: (
                1
                + sum(
                    kernel * math.prod(s for _, s in layers[:n])
                    for n, (kernel, _) in enumerate(layers)
                )
            ),
        ),
        Wrong(
            "the jump",
            "the jump, not the field",
            lambda layers: math.prod(stride for _, stride in layers),
        ),
        Wrong(
            "field and jump",
            "You returned an array of the shape (2,)",
            lambda layers: (field_of(layers), math.prod(stride for _, stride in layers)),
        ),
        Wrong(
            "fails without layers",
            "IndexError in its line 2",
            without_empty,
        ),
        Wrong("at most two layers", "Expected", lambda layers: field_of(layers[:2])),
        Wrong("at most six layers", "Expected 50, got 22", lambda layers: field_of(layers[:6])),
        Wrong("at most 1000 pixels", "got 1000", lambda layers: min(1000, field_of(layers))),
        Wrong(
            "no strides where all layers are alike",
            "Expected 31, got 9",
            lambda layers: (
                field_of(layers)
                if len(set(layers)) != 1
                else 1 + sum(kernel - 1 for kernel, _ in layers)
            ),
        ),
        Wrong(
            "1 × 1 left out",
            "its stride still counts",
            lambda layers: field_of([layer for layer in layers if layer[0] > 1]),
        ),
        Wrong(
            "each layer's own stride",
            "the strides of all earlier ones count",
            lambda layers: 1 + sum((kernel - 1) * stride for kernel, stride in layers),
        ),
        Wrong(
            "pairs exchanged",
            "Each layer is (kernel, stride)",
            lambda layers: field_of([(kernel, stride) for stride, kernel in layers]),
        ),
    ),
    right={
        "backwards": backwards,
        "by recursion": by_recursion,
        "as one sum": as_one_sum,
        "as a float": lambda layers: float(backwards(layers)),
        "accumulated": lambda layers: (
            1
            + sum(
                (kernel - 1) * jump
                for (kernel, _), jump in zip(
                    layers,
                    itertools.accumulate((s for _, s in layers), lambda a, b: a * b, initial=1),
                    strict=False,
                )
            )
        ),
    },
)

# --- 5. a design decision ----------------------------------------------------------------------


def measure(stacks):
    return {
        name: (exercises.stack_field(stack), exercises.stack_parameters(stack))
        for name, stack in stacks.items()
    }


def choosing(choose):
    """Return an answer that measures rightly; ``choose`` picks from (name, field, cost)."""

    def answer(scratch, stacks):
        measured = measure(stacks)
        return measured, choose(scratch, [(name, *pair) for name, pair in measured.items()])

    return answer


def cheapest(scratch, rows):
    return min((cost, name) for name, field, cost in rows if field >= scratch)[1]


def fitting(key, enough=lambda scratch, field: field >= scratch):
    """Return an answer that takes, of the rows that are enough, the first with the least key."""
    return choosing(
        lambda scratch, rows: min((row for row in rows if enough(scratch, row[1])), key=key)[0]
    )


def by_stack(key):
    def answer(scratch, stacks):
        measured = measure(stacks)
        enough = [name for name in stacks if measured[name][0] >= scratch]
        return measured, min(enough, key=lambda name: key(stacks[name]))

    return answer


def weights_of(stack):
    maps = [1, *(layer[2] for layer in stack)]
    return sum(k**2 * a * b for (k, _, _), a, b in zip(stack, maps, maps[1:], strict=False))


def on_the_way(scratch, rows):
    chosen, last = None, math.inf
    for name, field, cost in rows:
        if field >= scratch:
            chosen = name if cost < last else chosen
            last = cost
    return chosen


def by_own_arithmetic(scratch, stacks):
    best, rows = None, {}
    for name in sorted(stacks):
        field, jump, channels, cost = 1, 1, 1, 0
        for kernel, stride, maps in stacks[name]:
            field, jump = field + (kernel - 1) * jump, jump * stride
            cost, channels = cost + (channels * kernel**2 + 1) * maps, maps
        rows[name] = [np.int64(field), np.int64(cost)]
        if field >= scratch and (best is None or cost < rows[best][1]):
            best = name
    return [rows, best]


def with_more_measurements(scratch, stacks):
    measured = measure(stacks)
    choice = cheapest(scratch, [(name, *pair) for name, pair in measured.items()])
    return measured | {"a stack of my own": "not measured yet"}, choice


def as_arrays(scratch, stacks):
    measured = {name: np.array(pair, dtype=np.float32) for name, pair in measure(stacks).items()}
    return measured, np.str_(cheapest(scratch, [(name, *pair) for name, pair in measured.items()]))


def without_biases(scratch, stacks):
    measured = {}
    for name, stack in stacks.items():
        measured[name] = (exercises.stack_field(stack), weights_of(stack))
    return measured, cheapest(scratch, [(name, *pair) for name, pair in measured.items()])


def lesson_stacks_only(scratch, stacks):
    measured = measure(exercises.STACKS)
    return measured, cheapest(scratch, [(name, *pair) for name, pair in measured.items()])


STACKS = Table(
    "choose_stack",
    wrong=(
        Wrong(
            "cheapest of all",
            "First leave out the stacks",
            choosing(lambda scratch, rows: min(rows, key=lambda row: row[2])[0]),
        ),
        Wrong(
            "largest field",
            "You chose the largest field",
            choosing(lambda scratch, rows: max(rows, key=lambda row: row[1])[0]),
        ),
        Wrong(
            "first that fits",
            "a later one may be cheaper",
            choosing(lambda scratch, rows: next(row[0] for row in rows if row[1] >= scratch)),
        ),
        Wrong(
            "half a scratch is enough",
            "too few to see a whole",
            fitting(lambda row: row[2], lambda scratch, field: field >= scratch / 2),
        ),
        Wrong("closest field", "the field closest", fitting(lambda row: row[1:])),
        Wrong("most parameters", "does too, with", fitting(lambda row: -row[2])),
        Wrong("product", "smallest product", fitting(lambda row: row[1] * row[2])),
        Wrong("sum", "smallest sum", fitting(lambda row: row[1] + row[2])),
        Wrong("ratio", "per pixel of field", fitting(lambda row: row[2] / row[1])),
        Wrong("whole hundreds", "rounded the parameters", fitting(lambda row: round(row[2], -2))),
        Wrong(
            "last that fits",
            "an earlier one may be cheaper",
            choosing(lambda scratch, rows: [row[0] for row in rows if row[1] >= scratch][-1]),
        ),
        Wrong("cheaper than the one before", "with the cheapest so far", choosing(on_the_way)),
        Wrong("fewest layers", "Count the parameters, not the layers", by_stack(len)),
        Wrong("without the biases", "the biases are parameters too", by_stack(weights_of)),
        Wrong(
            "closest field, first by name",
            "instead of",
            choosing(lambda scratch, rows: min(row for row in rows if row[1] >= scratch)[0]),
        ),
        Wrong(
            "larger, not as large",
            "A field of exactly",
            fitting(lambda row: row[2], lambda scratch, field: field > scratch),
        ),
        Wrong("always the same", "instead of", choosing(lambda scratch, rows: rows[0][0])),
        Wrong(
            "only the name",
            "Return two things",
            lambda scratch, stacks: choosing(cheapest)(scratch, stacks)[1],
        ),
        Wrong(
            "only the measurements", "Return two things", lambda scratch, stacks: measure(stacks)
        ),
        Wrong(
            "name first",
            "First the measurements",
            lambda scratch, stacks: choosing(cheapest)(scratch, stacks)[::-1],
        ),
        Wrong(
            "parameters first",
            "in this order",
            lambda scratch, stacks: (
                {name: pair[::-1] for name, pair in measure(stacks).items()},
                "deep and fine",
            ),
        ),
        Wrong(
            "field only",
            "must be two numbers",
            lambda scratch, stacks: (
                {name: pair[0] for name, pair in measure(stacks).items()},
                "deep and fine",
            ),
        ),
        Wrong(
            "only what fits",
            "There is no measurement of",
            lambda scratch, stacks: (
                {name: pair for name, pair in measure(stacks).items() if pair[0] >= scratch},
                "small kernels with strides",
            ),
        ),
        Wrong("no biases", "measured again it is", without_biases),
        Wrong("the lesson's stacks only", "There is no measurement of “lime”", lesson_stacks_only),
        Wrong("index of the stack", "You chose “0”", choosing(lambda scratch, rows: 0)),
        Wrong(
            "the stack itself",
            "You chose a list",
            lambda scratch, stacks: (measure(stacks), next(iter(stacks.values()))),
        ),
        Wrong("no such stack", "You chose “none”", choosing(lambda scratch, rows: "none")),
        Wrong("no choice", "You chose nothing", choosing(lambda scratch, rows: None)),
    ),
    right={
        "by hand": by_own_arithmetic,
        "more measurements": with_more_measurements,
        "arrays and a NumPy string": as_arrays,
        "the last of equal ones": fitting(lambda row: (row[2], -row[1])),
        "sorted": choosing(
            lambda scratch, rows: sorted(
                (row for row in rows if not row[1] < scratch), key=lambda row: row[2]
            )[0][0]
        ),
    },
)


class TestExercises07(ExerciseTests):
    lesson = "07_convolution"
    tables = (CONVOLVE, SIZES, PATTERN, FIELDS, STACKS)


def test_a_stack_counts_its_biases():
    assert exercises.stack_parameters([(3, 1, 16), (5, 2, 4)]) == (
        convolution_parameters(1, 16, 3) + convolution_parameters(16, 4, 5)
    )
